r"""Where a piece of a body's text stands in its source.

markdown-it says which lines a block came from, and the inline rules of `grammar` at which character of the
block's text a piece begins.  The text of a block is its source lines without what stands before (indent, `>`, list
marker) and after (spaces, closing `#`), so a line of one is found as the last occurrence in the line of the other.
Cells of a table share one line: the cells before are passed over, and each `|` of a cell is `\|` in the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINE_END: Final = re.compile(r"\r\n?|\n")


class Places:
    """The lines of one body, and the block being read."""

    def __init__(self, source: str) -> None:
        """Hold `source`, which is split into lines only when the first place is asked for."""
        self._source = source
        self._lines: list[str] = []
        self._content = ""
        self._map: list[int] = [0, 1]
        self._row: list[str] | None = None

    def enter(self, block: Token) -> None:
        """Begin an inline token, to whose content the places that follow refer."""
        self._content = block.content
        self._map = block.map or [0, 0]
        if self._row is not None:
            self._row.append(block.content)

    def enter_row(self) -> None:
        """Begin a row of a table."""
        self._row = []

    def leave_table(self) -> None:
        """End a table."""
        self._row = None

    def of(self, token: Token) -> tuple[int, int, int]:
        """Give line and column, counted from 1, and width, of a token that carries its place."""
        return self.within(token.meta["at"], token.meta["width"])

    def block(self) -> tuple[int, int, int]:
        """Give the place of the block's text, or of its whole first line if it has none."""
        if self._content:
            return self.within(0, len(self._content))
        return self.line(self._first_line())

    def snippet(self, text: str) -> tuple[int, int, int] | None:
        """Give the place of `text` in the block; None where the source spells it differently."""
        at = self._content.find(text)
        return None if at < 0 else self.within(at, len(text))

    def within(self, at: int, width: int) -> tuple[int, int, int]:
        """Give the place of some characters of the block's text; the width ends with the line."""
        content = self._content
        begin = content.rfind("\n", 0, at) + 1
        end = content.find("\n", at)
        shown = content[begin : end if end >= 0 else len(content)]
        at -= begin
        width = max(1, min(width, len(shown.rstrip()) - at))
        number = self._first_line() + content.count("\n", 0, begin)
        source = self._line(number)
        if self._row is not None:
            bars_before, bars_within = shown.count("|", 0, at), shown.count("|", at, at + width)
            start = self._cell_start(source)
            return number + 1, start + at + bars_before + 1, width + bars_within
        indent = len(shown) - len(shown.lstrip())
        # Lines of nothing but rare white space are trimmed off the top of a block: look further down.
        for below in range(number, max(number + 1, self._last_line())):
            start = self._line(below).rfind(shown.strip())
            if start >= 0:
                return below + 1, max(0, start + at - indent) + 1, width
        return self.line(number)

    def line(self, number: int) -> tuple[int, int, int]:
        """Give the place of a whole line, counted from 0, without its indent."""
        source = self._line(number)
        indent = len(source) - len(source.lstrip()) if source.strip() else 0
        return number + 1, indent + 1, max(1, len(source.strip()))

    def find_line(self, number: int, text: str) -> tuple[int, int, int]:
        """Give the first place of `text` in a line counted from 0, or that of the line."""
        at = self._line(number).find(text)
        return self.line(number) if at < 0 else (number + 1, at + 1, len(text))

    def _first_line(self) -> int:
        return self._map[0]

    def _last_line(self) -> int:
        return self._map[1]

    def _line(self, number: int) -> str:
        if not self._lines:
            self._lines = _LINE_END.split(self._source) if "\r" in self._source else self._source.split("\n")
        return self._lines[number] if number < len(self._lines) else ""

    def _cell_start(self, source: str) -> int:
        """Give the first character of the newest cell of the row."""
        start = 0
        for index, cell in enumerate(self._row or ()):
            if index:
                start = source.find("|", start) + 1
            found = source.find(cell.replace("|", r"\|"), start)
            start = max(found, start)
            if index < len(self._row or ()) - 1:
                start += len(cell) + cell.count("|")
        return start
