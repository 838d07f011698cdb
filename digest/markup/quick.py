"""Bodies as most editors write them, read at a glance.

markdown-it asks each of its rules about each block, each line that may end a paragraph, and each character that may
mean something, and makes a hundred and fifty tokens to a page.  Nearly all of the rules say no at the first character
they look at.  Here what a line begins with says what it is, and its HTML is written at once: the same as `blocks`
writes of the tokens.

A body that holds anything else, or has a fault, is left as a whole to the grammar; the library is not even imported
where no body is.  Tests read the same texts both ways.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from msgspec import Struct

from digest.markup import BodyRead, Heading
from digest.markup.quick_words import NotPlain, write_words
from digest.markup.writer import TABLE_END, Writer, aligned, cell_tags

_LINE: Final = re.compile(
    r"""
    (?P<words>
        [^\s\\`*_[\]!<&>~#+\-0-9|:=]    # what no block but a paragraph begins with,
      | [*_`]{1,2} [^\s*_`]             # or a mark within words, which is none of a list, a line or code,
      | [0-9]+ (?! [0-9.)] )            # or a number that is none of a list,
      | [0-9]+ [.)] (?! [ ] | $ )
      | \[ [^\[\]\\^]+ \] \(            # or a link, which is no footnote and no reference
      | \[\[                            # or a link to an entry
    )
    | (?P<heading> \#{2,6} [ ] )
    | (?P<bullet> [-+*] [ ] )
    | (?P<number> [0-9]{1,9} [.)] [ ] )
    | (?P<quote> > [ ] )
    | (?P<row> \| )
    """,
    re.VERBOSE,
)
"""What a line begins with, and so what it is, as far as that is plain."""

_ITEM: Final = re.compile(r"([ ]*)(?:([-+*])|([0-9]{1,9})([.)]))[ ]")
"""What an item begins with: its indent; its bullet; or its number, and what ends that."""
_GOES_ON: Final = re.compile(r"[ ]|(?:[-+*]|[0-9]{1,9}[.)])(?:[ ]|$)")
"""What a line begins with that may belong to the list above an empty line."""
_DEEPEST: Final = 20
"""Lists within lists that are read here; markdown-it leaves out what is deeper than three times that."""

_COLUMNS: Final = re.compile(r"\| *:?-+:? *(?:\| *:?-+:? *)*\|? *")
"""The line below the head of a table."""
_MOST_CELLS: Final = 10_000
"""Cells of a table that is read here; of some times that markdown-it adds no more that are lacking."""


def read_plain(text: str, lang: str) -> BodyRead | None:
    """Read a body as `blocks.write_body` does; None where it is not plain."""
    if "\t" in text or "\r" in text or "\f" in text or "\v" in text or "\0" in text:
        return None
    reader = _Reader(text, lang)
    try:
        reader.read()
    except NotPlain:
        return None
    return reader.writer.result()


class _List(Struct, frozen=True):
    """A list that is open."""

    marker: str
    """The bullet, or what ends a number."""
    indent: int
    """Columns before the marker."""
    tag: str


class _Reader:
    """Goes through the lines of a body, and writes what they hold."""

    def __init__(self, text: str, lang: str) -> None:
        self.writer = Writer(text, lang)
        # An empty line, so that each block ends with one at the latest.
        self._lines = [*text.split("\n"), ""]
        self._at = 0
        """The line that is to be read next, counted from 0."""

    def read(self) -> None:
        """Read all blocks, or raise `NotPlain`."""
        write = {
            "words": self._paragraph,
            "heading": self._heading,
            "bullet": self._lists,
            "number": self._lists,
            "quote": self._quotation,
            "row": self._table,
        }
        lines = self._lines
        while self._at < len(lines):
            kind = _kind_of(lines[self._at])
            if kind is None:
                self._at += 1
            else:
                write[kind]()

    def _words(self, content: str, line: int, indent: int = 0) -> None:
        """Write the text of a block, and what parts its words from those of the next."""
        write_words(self.writer, content, line, indent)
        self.writer.text.append(" ")

    def _paragraph(self) -> None:
        lines, first = self._lines, self._at
        at = first + 1
        while (kind := _kind_of(lines[at])) == "words":
            at += 1
        if kind in {"number", "row"}:  # which may go on with the words, or make a table of them
            raise NotPlain
        self._at = at
        html = self.writer.html
        html.append("<p>")
        self._words(_trimmed("\n".join(lines[first:at])), first)
        html.append("</p>\n")

    def _heading(self) -> None:
        line = self._lines[self._at]
        marks, _, words = line.partition(" ")
        level = len(marks)
        words = _trimmed(words)
        if "#" in words or "[" in words or not words or level > self.writer.level + 1:
            raise NotPlain
        writer = self.writer
        opening, before = len(writer.html), len(writer.text)
        writer.html.append("")
        self._words(words, self._at)
        text = " ".join("".join(writer.text[before:]).split())
        heading = Heading(level, writer.new_id(text), text)
        writer.headings.append(heading)
        writer.level = level
        writer.html[opening] = f'<h{level} id="{heading.id}">'
        writer.html.append(f"</h{level}>\n")
        self._at += 1

    def _quotation(self) -> None:
        """Read a quotation of one paragraph."""
        lines, first = self._lines, self._at
        at = first
        while (kind := _kind_of(lines[at])) == "quote":
            if _kind_of(lines[at][2:]) != "words":
                raise NotPlain
            at += 1
        if kind is not None:
            raise NotPlain
        self._at = at
        html = self.writer.html
        html.append("<blockquote>\n<p>")
        self._words(_trimmed("\n".join([line[2:] for line in lines[first:at]])), first, len("> "))
        html.append("</p>\n</blockquote>\n")

    # --- lists -------------------------------------------------------------------------------------------------

    def _lists(self) -> None:
        """Read a list whose items have no empty line between them, and the lists within."""
        lines, html = self._lines, self.writer.html
        lists: list[_List] = []
        inner = 0  # columns before the words of the newest item
        while line := lines[self._at].rstrip(" "):
            item = _ITEM.match(line)
            if item is None:
                if _kind_of(line) in {"heading", "quote"}:
                    break
                raise NotPlain  # it may go on with the words of an item
            spaces, bullet, number, stop = item.groups()
            indent, marker = len(spaces), bullet or stop
            if not lists or indent == inner:
                if lists and number and int(number) != 1:
                    raise NotPlain  # which goes on with the words above
                if len(lists) == _DEEPEST:
                    raise NotPlain
                html.append(_opening(number))
                lists.append(_List(marker, indent, "ol" if number else "ul"))
            else:
                html.append("</li>\n")
                while lists[-1].indent > indent:
                    html.append(f"</{lists.pop().tag}>\n</li>\n")
                if lists[-1].indent != indent or lists[-1].marker != marker:
                    raise NotPlain
            inner = item.end()
            html.append("<li>")
            self._item(inner)
        html += [f"</li>\n</{opened.tag}>\n" for opened in reversed(lists)]
        self._end_lists()

    def _item(self, inner: int) -> None:
        """Read the words of an item, which begin after `inner` columns, and those of the lines they go on in."""
        lines, first = self._lines, self._at
        words, indent = [lines[first][inner:]], " " * inner
        if _kind_of(words[0]) != "words":
            raise NotPlain
        at = first + 1
        while (line := lines[at]).startswith(indent) and line[inner:] and _kind_of(line[inner:]) == "words":
            words.append(line[inner:])
            at += 1
        self._at = at
        self._words(_trimmed("\n".join(words)), first, inner)

    def _end_lists(self) -> None:
        """See to it that what follows the empty lines after a list does not belong to the list."""
        lines = self._lines
        while self._at < len(lines) and not lines[self._at].strip(" "):
            self._at += 1
        if self._at < len(lines) and _GOES_ON.match(lines[self._at]):
            raise NotPlain

    # --- tables ------------------------------------------------------------------------------------------------

    def _table(self) -> None:
        """Read a table all of whose lines begin with a bar, and in which no backslash stands."""
        lines, first = self._lines, self._at
        while lines[self._at][:1] == "|":
            self._at += 1
        rows = lines[first : self._at]
        if len(rows) < 2 or lines[self._at].strip(" ") or not _COLUMNS.fullmatch(rows[1]):  # noqa: PLR2004 - its head, and the line below
            raise NotPlain
        classes = [aligned(column.strip(" ")) for column in rows[1].split("|") if column.strip(" ")]
        if len(_cells(rows[0])) != len(classes) or len(rows) * len(classes) > _MOST_CELLS:
            raise NotPlain
        writer, html = self.writer, self.writer.html
        writer.begin_table()
        html.append("<thead>\n")
        self._row("th", rows[0], classes, first)
        html.append("</thead>\n")
        if len(rows) > 2:  # noqa: PLR2004
            html.append("<tbody>\n")
            for number, row in enumerate(rows[2:], first + 2):
                self._row("td", row, classes, number)
            html.append("</tbody>\n")
        html.append(TABLE_END)

    def _row(self, tag: str, row: str, classes: Sequence[str], line: int) -> None:
        """Write a row, which has as many cells as there are columns."""
        html = self.writer.html
        html.append("<tr>\n")
        bar = 0
        for class_, cell in zip_longest(classes, _cells(row)[: len(classes)], fillvalue=""):
            words = _trimmed(cell)
            begin, end = cell_tags(tag, class_, words)
            html.append(begin)
            self._words(words, line, bar + 1 + len(cell) - len(cell.lstrip(" ")))
            html.append(end)
            bar += 1 + len(cell)
        html.append("</tr>\n")


def _kind_of(line: str) -> str | None:
    """Tell what a line is, as far as that is plain; None for one with nothing but spaces."""
    found = _LINE.match(line)
    if found is not None:
        return found.lastgroup
    if line.strip(" "):
        raise NotPlain
    return None


def _trimmed(words: str) -> str:
    """Take away the spaces around the text of a block; other white space has to be trimmed by the library."""
    words = words.strip(" ")
    if words and (words[0].isspace() or words[-1].isspace()):
        raise NotPlain
    return words


def _cells(row: str) -> list[str]:
    if "\\" in row:
        raise NotPlain
    cells = _trimmed(row).split("|")[1:]
    return cells if cells and cells[-1] else cells[:-1]


def _opening(number: str | None) -> str:
    if number is None:
        return "<ul>\n"
    return "<ol>\n" if int(number) == 1 else f'<ol start="{int(number)}">\n'
