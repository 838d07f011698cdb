"""SVG drawings: their size, and whether they are safe to publish.

They are read with a parser that resolves nothing: a drawing that defines entities is refused before they can grow.
"""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn
from xml.parsers import expat

from digest.diagnostics import Rule
from digest.pictures import COLUMN_WIDTH, Findings, PictureFacts
from digest.pictures.rules import picture_broken, picture_drawing, picture_form

_LENGTH: Final = re.compile(r"\s*\+?(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS: Final = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""Pixels of CSS in each unit (CSS Values 4 §6.2)."""
_ACTIVE: Final = frozenset({"script", "foreignObject", "handler", "listener", "iframe", "embed", "object"})
_ADDRESSES: Final = frozenset({"href", "xlink:href", "src"})


class _RefusedError(Exception):
    """The drawing holds something it must not: what, and what to do."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem, hint)


def _refuse(problem: str, hint: str) -> NoReturn:
    raise _RefusedError(problem, hint)


class _Reader:
    """What is found on the way through a drawing."""

    def __init__(self) -> None:
        self.root: dict[str, str] | None = None

    def element(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if self.root is None:
            if plain != "svg":
                _refuse(f"it begins with <{name}>, not with <svg>", "save it as SVG")
            self.root = attributes
        if plain in _ACTIVE:
            _refuse(f"it holds <{name}>", "delete that element, or save the drawing as plain SVG")
        for key, value in attributes.items():
            if key.lower().startswith("on"):
                _refuse(f"it runs something: {key}", "delete that attribute")
            if key in _ADDRESSES and not value.strip().startswith(("#", "data:image/")) and plain != "a":
                _refuse(f"it asks for another file: {key}", "put what it shows into the drawing itself")
            if "javascript:" in "".join(value.split()).lower():
                _refuse(f"it runs something: {key}", "delete that attribute")

    def entity(self, *_: Any) -> None:
        _refuse("it defines entities", "save the drawing as plain SVG")

    def instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            _refuse("it asks for a style sheet", "put the styles into the drawing itself")


def look_at_drawing(name: str, data: bytes) -> tuple[PictureFacts | None, Findings]:
    """Return the size of an SVG drawing, or why it may not be published; `name` is that of its file."""
    reader = _Reader()
    parser: Any = expat.ParserCreate()
    parser.StartElementHandler = reader.element
    parser.EntityDeclHandler = reader.entity
    parser.ProcessingInstructionHandler = reader.instruction
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser takes no names
    except _RefusedError as refused:
        return None, _found(picture_drawing, *refused.args, line=parser.CurrentLineNumber)
    except expat.ExpatError as error:
        return None, _found(picture_broken, expat.ErrorString(error.code), line=error.lineno)
    size = _size(reader.root or {})
    if size is None:
        return None, _found(picture_drawing, "it does not say how large it is", 'add a  viewBox="0 0 WIDTH HEIGHT"')
    return PictureFacts(*size), _found(picture_form, name, "SVG")


def _found(check: Rule[...], *subject: str, line: int = 1) -> Findings:
    return tuple((check, finding, line) for finding in check(*subject))


def _size(root: dict[str, str]) -> tuple[int, int] | None:
    """Return width and height in pixels: as they are given, else by the proportions of the `viewBox`.

    A drawing that gives neither is as wide as the column.
    """
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = [_pixels(side) for side in box[2:]] if len(box) == len(("x", "y", "width", "height")) else [None, None]
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    across, down = sides
    if across and down:
        width = width or (height * across / down if height else COLUMN_WIDTH)
        height = height or width * down / across
    if not width or not height:
        return None
    return max(round(width), 1), max(round(height), 1)


def _pixels(text: str) -> float | None:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _PIXELS[found[2]] if found else None
