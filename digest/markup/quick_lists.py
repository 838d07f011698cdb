"""Lists as most editors write them: items of one line each, without empty lines between, and such lists within.

The tokens are those of markdown-it's own rule, to which any other list is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from markdown_it.rules_block import StateBlock, list_block
from markdown_it.token import Token

from digest.markup.grammar import DEEPEST
from digest.markup.tokens import closing, new_token, words_of_block

_ITEM: Final = re.compile(
    r"""(?: ([-+*]) | ([0-9]{1,9}) ([.)]) ) [ ]
    (
        (?: [^\s>`~\#*+\-_0-9\[|:=]     # what no block but a paragraph begins with,
        | [*_`]{1,2} [^\s*_`]           # or a mark within words, which is none of a list, a line or code,
        | [0-9] (?! [0-9]* [.)] (?: [ ] | $ ) )  # or a number that is none of a list,
        | \[ [^\[\]\\^\n]+ \] \(        # or a link, which is no footnote and no reference
        | \[\[                          # or a link to an entry
        )
        .*
    )""",
    re.VERBOSE,
)
"""An item whose words begin a paragraph: its bullet; or its number, and what ends that; the words."""
_MARKER: Final = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?![^ \t\n])")
"""What every item begins with."""


def quick_list(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's form of a rule)
    """Read a list."""
    if not _MARKER.match(state.src, state.bMarks[line] + state.tShift[line]):
        return False
    if not silent and state.sCount[line] == state.blkIndent:
        lists = _Lists(state.level)
        below = _read_items(lists, state, line, end)
        if below is not None:
            lists.end(below)
            state.tokens += lists.tokens
            state.line = below
            return True
    return list_block(state, line, end, silent)


def _read_items(lists: _Lists, state: StateBlock, line: int, end: int) -> int | None:
    """Read all items; give the line where the next block begins, or None where the list is not plain."""
    while True:
        item = _item_at(state, line)
        if item is None or not lists.add(item, state.sCount[line], line):
            return None
        line += 1
        if line >= end:
            return line
        if state.isEmpty(line):
            break
        if state.sCount[line] < state.blkIndent:
            # An item of a list around this one ends it; other words would go on with those of the last item.
            return line if state.sCount[line] >= 0 and _item_at(state, line) else None
    line += 1
    if line < end:
        line = state.skipEmptyLines(line)
    return None if line < end and _may_go_on(state, line) else line


def _item_at(state: StateBlock, line: int) -> re.Match[str] | None:
    return _ITEM.fullmatch(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _may_go_on(state: StateBlock, line: int) -> bool:
    """Tell whether a line after an empty one may belong to the list above."""
    beyond = state.sCount[line] - state.blkIndent
    return beyond > 0 or (beyond == 0 and bool(_MARKER.match(state.src, state.bMarks[line] + state.tShift[line])))


@dataclass(slots=True)
class _List:
    """A list that is being read."""

    marker: str
    """The bullet, or what ends a number."""
    indent: int
    """Columns before the marker."""
    kind: str
    tag: str
    level: int
    lines: list[int]
    """The first line, and the one after the last, which is filled in at the end."""
    item_lines: list[int]
    """Those of the newest item."""
    words_indent: int = 0
    """Columns before the words of the newest item."""


class _Lists:
    """The tokens of a list and the lists within."""

    def __init__(self, level: int) -> None:
        self.tokens: list[Token] = []
        self._level = level
        self._open: list[_List] = []
        """From the outermost inwards."""

    def add(self, found: re.Match[str], indent: int, line: int) -> bool:
        """Add an item; tell whether it may stand there, in a list that is open or as the first of one."""
        bullet, number, stop, words = found.groups()
        marker = bullet or stop
        lists = self._open
        if not lists or indent == lists[-1].words_indent:
            # A number other than 1 goes on with the words above; a list that is too deep is not read.
            if (lists and number and int(number) != 1) or self._level + 2 * len(lists) + 2 >= DEEPEST:
                return False
            newest = self._begin(marker, number, indent, line)
        else:
            while lists[-1].indent > indent:
                self._end_list(line)
            newest = lists[-1]
            if newest.indent != indent or newest.marker != marker:
                return False
            self._end_item(line)
        level, lines = newest.level + 1, [line, line + 1]
        newest.item_lines = [line, 0]
        newest.words_indent = indent + len(number or "") + len("- ")
        item = new_token("list_item_open", "li", 1, level, newest.item_lines)
        item.markup = marker
        item.info = number or ""
        paragraph = new_token("paragraph_open", "p", 1, level + 1, lines)
        paragraph.hidden = True
        end = closing("paragraph_close", "p", level + 1, hidden=True)
        self.tokens += (item, paragraph, words_of_block(words, level + 2, lines), end)
        return True

    def end(self, line: int) -> None:
        """End all lists before a line."""
        while self._open:
            self._end_list(line)

    def _begin(self, marker: str, number: str | None, indent: int, line: int) -> _List:
        kind, tag = ("ordered_list", "ol") if number else ("bullet_list", "ul")
        begun = _List(marker, indent, kind, tag, self._level + 2 * len(self._open), [line, 0], [])
        opening = new_token(f"{kind}_open", tag, 1, begun.level, begun.lines)
        opening.markup = marker
        if number and int(number) != 1:
            opening.attrs["start"] = int(number)
        self.tokens.append(opening)
        self._open.append(begun)
        return begun

    def _end_item(self, line: int) -> None:
        newest = self._open[-1]
        newest.item_lines[1] = line
        self.tokens.append(closing("list_item_close", "li", newest.level + 1, newest.marker))

    def _end_list(self, line: int) -> None:
        self._end_item(line)
        ended = self._open.pop()
        ended.lines[1] = line
        self.tokens.append(closing(f"{ended.kind}_close", ended.tag, ended.level, ended.marker))
