"""The HTML of a body as plain text for an email: every word and every address, in lines of a readable length."""

from __future__ import annotations

import textwrap
from html.parser import HTMLParser
from typing import Final

from markupsafe import Markup

WIDTH: Final = 72
"""Characters of a line; an address that is longer is not broken."""
_BLOCKS: Final = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd", "tr", "figcaption", "ul", "ol", "dl", "table", "section"}
)
_CELLS: Final = frozenset({"td", "th"})


def plain_text(html: Markup) -> str:
    """Return the words of a body in paragraphs, with the addresses of its links and pictures in brackets."""
    writer = _Writer()
    writer.feed(str(html))
    writer.close()
    writer.end()
    return "\n\n".join(writer.blocks)


class _Writer(HTMLParser):
    """Collects blocks of words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._lists: list[int | None] = []
        """The number of the next item of each list around; None where it has none."""
        self._marks: list[str] = []
        """What stands before the next block in each list around; spaces once it was said."""
        self._quoted = 0
        self._kept = False
        self._links: list[str | None] = []

    def end(self) -> None:
        """End the block that is being written."""
        text = "".join(self._words)
        self._words.clear()
        text = text.strip("\n") if self._kept else " ".join(text.split(" ")).strip()
        if not text.strip():
            return
        first = "> " * self._quoted + "".join(self._marks)
        rest = "> " * self._quoted + "".join(" " * len(mark) for mark in self._marks)
        lines = [line for part in text.split("\n") for line in self._wrapped(part, WIDTH - len(first))]
        self.blocks.append("\n".join((rest if place else first) + line for place, line in enumerate(lines)))
        self._marks = [" " * len(mark) for mark in self._marks]

    def _wrapped(self, line: str, width: int) -> list[str]:
        if self._kept:
            return [line]
        return textwrap.wrap(line.strip(), max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        given = dict(attrs)
        if tag in _BLOCKS or tag in {"li", "blockquote"}:
            self.end()
        if tag in {"ul", "ol"}:
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "a":
            self._links.append(given.get("href"))
        else:
            self._kept = self._kept or tag == "pre"
            self._words.append(self._said(tag, given))

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        self._marks.append("- " if number is None else f"{number}. ")
        if number is not None:
            self._lists[-1] = number + 1

    def _said(self, tag: str, given: dict[str, str | None]) -> str:
        """Return what an element says by itself."""
        if tag == "br":
            return "\n"
        if tag == "img":
            return f"{given.get('alt') or ''} ({given.get('src') or ''})"
        return " | " if tag in _CELLS and "".join(self._words).strip() else ""

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag == "a" and self._links:
            address = self._links.pop()
            if address and not address.startswith("#") and not "".join(self._words).endswith(address):
                self._words.append(f" ({address})")
        if tag in _BLOCKS or tag in {"li", "blockquote"}:
            self.end()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "li" and self._marks:
            self._marks.pop()
        elif tag == "blockquote":
            self._quoted -= 1
        elif tag == "pre":
            self._kept = False

    def handle_data(self, data: str) -> None:
        """Take words."""
        self._words.append(data if self._kept else data.replace("\n", " "))
