"""Blocks as most editors write them, read at a glance: the tokens are those of markdown-it's own rules.

Each rule here stands in the place of one of markdown-it's, and leaves to it whatever is not plain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, chain, repeat
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.rules_block import StateBlock, heading, table
from markdown_it.rules_block.table import MAX_AUTOCOMPLETED_CELLS
from markdown_it.token import Token
from markdown_it.utils import EnvType

from digest.markup.tokens import Nesting, cell_opening, closing, new_token, words_of_block

_HEADING: Final = re.compile(r"(#{1,6}) ([^#\n]*)")
_COLUMNS: Final = re.compile(r"\| *:?-+:? *(?:\| *:?-+:? *)*\|? *")
"""The line below the head of a table."""
_MAY_BE_COLUMNS: Final = re.compile(r"[-|:][-|: \t]+")
"""What at least stands below the head of a table."""
_ALIGN: Final = {
    (False, False): "",
    (True, False): "text-align:left",
    (False, True): "text-align:right",
    (True, True): "text-align:center",
}
"""The style of a column by the colons before and after its hyphens."""


class BlockState(StateBlock):
    """The state of the parser of blocks, with faster ways to find lines and to make tokens."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        """Find the lines of a text; a tab would count for several columns, which is left to the library."""
        tabs = "\t" in src
        super().__init__(src if tabs else "", md, env, tokens)
        if not tabs:
            self._find_lines(src)

    def _find_lines(self, src: str) -> None:
        lines = src.split("\n")
        if not lines[-1].strip(" "):
            lines.pop()  # nothing after the last line end, or spaces alone
        self.src = src
        self.lineMax = len(lines)
        self.bMarks = [0, *accumulate([len(line) + 1 for line in lines])]
        self.eMarks = [begin - 1 for begin in self.bMarks[1:]]
        self.bMarks[-1] = len(src)
        self.eMarks.append(len(src))
        self.tShift = [len(line) - len(line.lstrip(" ")) if line[:1] == " " else 0 for line in lines]
        self.tShift.append(0)
        self.sCount = self.tShift.copy()
        self.bsCount = [0] * len(self.bMarks)

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Add a token, as the library does."""
        if nesting < 0:
            self.level -= 1
        token = new_token(ttype, tag, nesting, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


def quick_paragraph(state: StateBlock, line: int, _end: int, _silent: bool) -> bool:  # noqa: FBT001 (markdown-it's form of a rule, here and below)
    """Read a paragraph, of any form."""
    level, below = state.level, _end_of_paragraph(state, line)
    lines = [line, below]
    if below == line + 1:
        words = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    else:
        words = state.getLines(line, below, state.blkIndent, False)  # noqa: FBT003
    state.line = below
    state.tokens += (
        new_token("paragraph_open", "p", 1, level, lines),
        words_of_block(words, level + 1, lines),
        new_token("paragraph_close", "p", -1, level),  # one of its own: a list around may hide it
    )
    return True


def _end_of_paragraph(state: StateBlock, line: int) -> int:
    line += 1
    if line >= state.lineMax or state.isEmpty(line):
        return line
    (ends,) = state.md.block.ruler.getRules("paragraph")
    around, state.parentType = state.parentType, "paragraph"
    while line < state.lineMax and not state.isEmpty(line):
        # A line with less than no indent was found to go on by the quotation around.
        if state.sCount[line] >= 0 and ends(state, line, state.lineMax, True):  # noqa: FBT003
            break
        line += 1
    state.parentType = around
    return line


def quick_heading(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a heading whose words hold no `#`."""
    found = _HEADING.fullmatch(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])
    if silent or found is None:
        return heading(state, line, end, silent)
    state.line = line + 1
    level, lines = state.level, [line, line + 1]
    tag = f"h{len(found[1])}"
    opening = new_token("heading_open", tag, 1, level, lines)
    opening.markup = found[1]
    state.tokens += (
        opening,
        words_of_block(found[2], level + 1, lines),
        closing("heading_close", tag, level, found[1]),
    )
    return True


# --- tables ----------------------------------------------------------------------------------------------------


def quick_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a table all of whose lines begin with a bar, and in which no backslash stands."""
    below = line + 1
    if below >= end or not _MAY_BE_COLUMNS.fullmatch(
        state.src, state.bMarks[below] + state.tShift[below], state.eMarks[below]
    ):
        return False
    return (not silent and _read_table(state, line, end)) or table(state, line, end, silent)


def _read_table(state: StateBlock, line: int, end: int) -> bool:
    """Add the tokens of a plain table; tell whether it is one."""
    rows = _rows(state, line, end)
    if not rows or not _COLUMNS.fullmatch(rows[1]):
        return False
    styles = [_ALIGN[column[0] == ":", column[-1] == ":"] for column in map(str.strip, rows[1].split("|")) if column]
    if len(_cells(rows[0])) != len(styles) or len(rows) * len(styles) > MAX_AUTOCOMPLETED_CELLS:
        return False
    state.line = line + len(rows)
    level, tokens = state.level, state.tokens
    tokens += (
        new_token("table_open", "table", 1, level, [line, state.line]),
        new_token("thead_open", "thead", 1, level + 1, [line, line + 1]),
        *_row("th", rows[0], styles, level + 2, line),
        closing("thead_close", "thead", level + 1),
    )
    if len(rows) > 2:  # noqa: PLR2004 - the head, and the line below it
        tokens.append(new_token("tbody_open", "tbody", 1, level + 1, [line + 2, state.line]))
        for number, row in enumerate(rows[2:], line + 2):
            tokens += _row("td", row, styles, level + 2, number)
        tokens.append(closing("tbody_close", "tbody", level + 1))
    tokens.append(closing("table_close", "table", level))
    return True


def _rows(state: StateBlock, line: int, end: int) -> list[str]:
    """Return the lines of a table, or none where one of them is not plain."""
    rows = []
    while line < end and not state.isEmpty(line):
        row = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if row[0] != "|" or "\\" in row or state.sCount[line] < state.blkIndent or state.is_code_block(line):
            return []
        rows.append(row)
        line += 1
    return rows


def _cells(row: str) -> list[str]:
    cells = row.strip(MD_TRIM_CHARS).split("|")[1:]
    return cells if cells and cells[-1] else cells[:-1]


def _row(tag: str, row: str, styles: Sequence[str], level: int, line: int) -> list[Token]:
    """Return the tokens of a row, which has as many cells as there are columns."""
    lines = [line, line + 1]
    tokens = [new_token("tr_open", "tr", 1, level, lines)]
    end = closing(f"{tag}_close", tag, level + 1)
    for style, cell in zip(styles, chain(_cells(row), repeat(""))):  # noqa: B905 - `repeat` has no end
        tokens += (cell_opening(tag, level + 1, style), words_of_block(cell, level + 2, lines), end)
    tokens.append(closing("tr_close", "tr", level))
    return tokens
