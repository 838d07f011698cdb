"""An authored file to located values: text, front matter and body, YAML tree with places.

Every scalar is kept as the text the editor wrote (YAML 1.2 failsafe schema, §10.1); the field tables
of `schema` give it its type.  Anchors, aliases, tags, duplicate keys and several documents are problems.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from msgspec import Struct

from digest.text.nodes import MapNode, Reading
from digest.text.plain_yaml import read_plain
from digest.text.yaml_rules import FENCE, front_matter_missing, front_matter_unclosed

Parser = Literal["libyaml", "python"]
FAST: Final = "libyaml"
"""libyaml's parser where there is one: about twelve times faster, but its errors are worded differently."""
PURE: Final = "python"
"""The parser all errors are reported from, so that messages are the same on every machine."""
_APART: Final = "\t?|>\ufeff"
"""What the two parsers are known to differ about, or may: tabs, `?` before a key, the heads of block scalars, and a
byte order mark inside a text."""


class Document(NamedTuple):
    """The two parts of an entry's file."""

    front: MapNode
    body: str
    body_line: int
    """The file's line, counted from 1, on which the body's first line stands."""


def read_yaml(reading: Reading, text: str, first_line: int, parser: Parser) -> MapNode | None:
    """Read `text`, which begins on line `first_line` of the file, as one mapping; None where it is not one.

    In front matter, which begins after the first line, a comment behind a value is a problem.
    """
    found = read_plain(text, first_line) if parser == FAST else None
    if found is None:
        # A build in which no source changed reads no YAML, and takes less time than the library to import.
        from digest.text.composer import compose  # noqa: PLC0415

        found = compose(reading, text, first_line, parser)
    return found


def read_alike(text: str, body_line: int) -> bool:
    """Tell whether both parsers, where neither has a problem, put all values of the front matter in the same places.

    `text` is an entry's file, whose front matter ends before the line `body_line`, counted from 1.
    """
    front = "\n".join(text.split("\n", body_line - 1)[: body_line - 1])
    return not any(mark in front for mark in _APART)


class Halves(Struct, frozen=True):
    """The two parts of an entry's file, as they are written."""

    front: str
    body: str
    body_line: int
    """The file's line, counted from 1, on which the body's first line stands."""


def halve(text: str) -> Halves | None:
    """Part an entry's file at the line that ends its front matter; None where there is none."""
    end = text.find("\n---", len(FENCE))
    while end != -1 and text[end + 4 : (text + "\n").find("\n", end + 4)].strip():
        end = text.find("\n---", end + 4)
    if end == -1:
        return None
    body_start = (text + "\n").find("\n", end + 1) + 1
    front = text[text.index("\n") + 1 : end + 1]
    return Halves(front, text[body_start:], text.count("\n", 0, body_start) + 1)


def split(reading: Reading, parser: Parser) -> Document | None:
    """Split an entry's file into located front matter and body text; None where there is no front matter."""
    text = reading.text
    if reading.check(front_matter_missing, None, text):
        return None
    halves = halve(text)
    if halves is None:
        reading.check(front_matter_unclosed, None, text.split("\n"))
        return None
    front = read_yaml(reading, halves.front, 2, parser)
    return None if front is None else Document(front, halves.body, halves.body_line)
