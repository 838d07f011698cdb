"""YAML as most editors write it, read at a glance: the same located values as of the library's parsers.

Each value stands on one line.  A text that holds anything else (comments behind values, escapes, anchors, texts over
several lines), or has a fault, is left as a whole to `composer`; the library is not even imported where no text is.
Tests read the same texts all three ways.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from digest.text.nodes import TO_LINE_END, ListNode, MapNode, Node, Scalar

_KEY: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|$)")
_ITEM: Final = re.compile(r"- +")
_PLAIN: Final = re.compile(r"""[^\s?:,\[\]{}#&*!|>'"%@`-] (?: [^:\#]++ | :(?![ ]|$) | (?<! [ ] ) \# )*""", re.VERBOSE)
"""A text without quotes, to the end of its line."""
_QUOTED: Final = re.compile(r""" "([^"\\]*)" | '([^']*)' """, re.VERBOSE)
_PLAIN_WITHIN: Final = re.compile(r"""[^\s?:,\[\]{}#&*!|>'"%@`-] (?: [^?,:\#\[\]{}]* [^\s?,:\#\[\]{}] )?""", re.VERBOSE)
"""A text without quotes within brackets, where parsers differ about question marks."""
_KEY_WITHIN: Final = re.compile(r"""(?: ([A-Za-z_][A-Za-z0-9_-]{0,99}) | "([^"\\]{1,100})" ) :[ ]+""", re.VERBOSE)
_AFTER: Final = re.compile(r" *(?:(,) *|([\]}]))")
"""What stands after a value within brackets."""
_DEEPEST: Final = 10
"""Brackets within brackets that are read here."""
_WIDEST: Final = 100
"""Columns before a key that is read here."""


class _NotPlainError(Exception):
    """The text holds what only the library can read, or what has to be reported."""


class _Line(Struct, frozen=True):
    number: int
    indent: int
    text: str
    """Without its indent and the spaces at its end."""


_END: Final = _Line(0, -1, "")


def read_plain(text: str, first_line: int) -> MapNode | None:
    """Read `text`, which begins on line `first_line` of the file, as one mapping; None where it is not plain."""
    lines = text.split("\n")
    if lines.pop() or not "".join(lines).isprintable():
        return None
    reader = _Reader(lines, first_line)
    try:
        return reader.whole()
    except _NotPlainError:
        return None


class _Reader:
    """Goes through the lines that hold anything."""

    def __init__(self, lines: list[str], first_line: int) -> None:
        self._lines = [
            _Line(number, len(line) - len(text), text.rstrip(" "))
            for number, line in enumerate(lines, first_line)
            if (text := line.lstrip(" ")) and text[0] != "#"
        ]
        self._lines.append(_END)
        self._at = 0

    def whole(self) -> MapNode:
        """Read all lines as one mapping."""
        found = self._map(0)
        if self._lines[self._at] is not _END:
            raise _NotPlainError
        return found

    def _map(self, indent: int) -> MapNode:
        """Read a mapping whose keys stand after so many columns."""
        if indent > _WIDEST:
            raise _NotPlainError
        begin = self._lines[self._at].number
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while (line := self._lines[self._at]).indent == indent and (found := _KEY.match(line.text)):
            name = found[1]
            if name in keys:
                raise _NotPlainError
            keys[name] = Scalar(name, line.number, indent + 1, len(name), 0)
            self._at += 1
            end = found.end()
            values[name] = self._value(line, end) if end < len(line.text) else self._below(indent)
        if not keys or line.indent > indent:
            raise _NotPlainError
        return MapNode(values, keys, begin, indent + 1, TO_LINE_END)

    def _below(self, indent: int) -> Node:
        """Read the list or mapping below a key that stands after so many columns."""
        line = self._lines[self._at]
        if line.indent < indent:
            raise _NotPlainError
        if _ITEM.match(line.text):
            return self._list(line.indent)
        if line.indent == indent:
            raise _NotPlainError
        return self._map(line.indent)

    def _list(self, indent: int) -> ListNode:
        """Read a list whose hyphens stand after so many columns."""
        begin = self._lines[self._at].number
        items: list[Node] = []
        while (line := self._lines[self._at]).indent == indent and (found := _ITEM.match(line.text)):
            end = found.end()
            if _KEY.match(line.text, end):
                self._lines[self._at] = _Line(line.number, indent + end, line.text[end:])
                items.append(self._map(indent + end))
            else:
                self._at += 1
                items.append(self._value(line, end))
        if line.indent > indent:
            raise _NotPlainError
        return ListNode(items, begin, indent + 1, TO_LINE_END)

    def _value(self, line: _Line, at: int) -> Node:
        """Read what stands from a character of a line to its end."""
        text = line.text
        if text[at] in "[{":
            node, end = self._within(line, at, 0)
            if end != len(text):
                raise _NotPlainError
            return node
        column = line.indent + at + 1
        found = _PLAIN.fullmatch(text, at)
        if found is not None:
            return Scalar(found[0], line.number, column, len(found[0]), 0)
        found = _QUOTED.fullmatch(text, at)
        if found is None:
            raise _NotPlainError
        return Scalar(found[1] or found[2] or "", line.number, column, len(found[0]), 1)

    # --- within brackets ---------------------------------------------------------------------------------------

    def _within(self, line: _Line, at: int, depth: int) -> tuple[Node, int]:
        """Read a value at a character of a line; return it with the character after it."""
        text, column = line.text, line.indent + at + 1
        if text.startswith("[", at):
            return self._list_within(line, at, depth + 1)
        if text.startswith("{", at):
            return self._map_within(line, at, depth + 1)
        found = _QUOTED.match(text, at)
        if found is not None:
            return Scalar(found[1] or found[2] or "", line.number, column, len(found[0]), 1), found.end()
        found = _PLAIN_WITHIN.match(text, at)
        if found is None:
            raise _NotPlainError
        return Scalar(found[0], line.number, column, len(found[0]), 0), found.end()

    def _list_within(self, line: _Line, at: int, depth: int) -> tuple[ListNode, int]:
        items: list[Node] = []
        begin: int | None = _after_bracket(line.text, at, depth)
        end = at
        while begin is not None:
            node, end = self._within(line, begin, depth)
            items.append(node)
            begin, end = _after_value(line.text, end, "]")
        return ListNode(items, line.number, line.indent + at + 1, end - at), end

    def _map_within(self, line: _Line, at: int, depth: int) -> tuple[MapNode, int]:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        begin: int | None = _after_bracket(line.text, at, depth)
        end = at
        while begin is not None:
            found = _KEY_WITHIN.match(line.text, begin)
            name = found and (found[1] or found[2])
            if not found or not name or name in keys:
                raise _NotPlainError
            quoted = found[1] is None
            keys[name] = Scalar(name, line.number, line.indent + begin + 1, len(name) + 2 * quoted, int(quoted))
            values[name], end = self._within(line, found.end(), depth)
            begin, end = _after_value(line.text, end, "}")
        return MapNode(values, keys, line.number, line.indent + at + 1, end - at), end


def _after_bracket(text: str, at: int, depth: int) -> int:
    """Return where the first value after the bracket at `at` begins."""
    if depth > _DEEPEST:
        raise _NotPlainError
    while text[at + 1 : at + 2] == " ":
        at += 1
    return at + 1


def _after_value(text: str, at: int, close: str) -> tuple[int | None, int]:
    """Return where the value after one that ends at `at` begins, or None; and where that, or the bracket, ends."""
    found = _AFTER.match(text, at)
    if found is None or (found[1] is None and found[2] != close):
        raise _NotPlainError
    return (found.end() if found[1] else None), found.end()
