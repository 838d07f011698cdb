"""What is written of one body: HTML in parts, plain words, links, headings, findings.

`quick` writes into it as it goes through a plain body; `blocks` and `inline`, token by token.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from digest.diagnostics import Finding, Rule
from digest.markup import RESERVED_IDS, Body, BodyRead, Heading, Mention, MentionKind, Part, Placed, rules
from digest.markup.places import Places

if TYPE_CHECKING:  # most bodies are read without the library
    from markdown_it.token import Token

_WORD: Final = re.compile(r"[a-z0-9]+")
_UNREAD: Final = re.compile(r"\[[^\[\]]*\](?: ?\((?:https?:|mailto:|tel:|/|www\.)[^()]*\)|\[[^\[\]]*\])")


EXTERNAL_REL: Final = "external noopener"
"""Said of every link that leaves the site.  We open no windows; `noopener` is for feed readers, which do."""
BREAK: Final = "\n"
HARD_BREAK: Final = "<br>\n"
TABLE_END: Final = "</table></div>\n"
_ALIGNED: Final = {
    (True, False): ' class="app-align-left"',
    (True, True): ' class="app-align-centre"',
    (False, True): ' class="app-align-right"',
}
"""Classes in place of style attributes, which a strict content security policy forbids."""


def escaped(words: str) -> str:
    """Escape the words of an element; few have anything to escape."""
    return escape(words, quote=False) if "&" in words or "<" in words or ">" in words else words


def aligned(column: str) -> str:
    """Give the attribute of a column's cells: colons stand at the ends of its hyphens where its words go."""
    return _ALIGNED.get((column.startswith(":"), column.endswith(":")), "")


def cell_tags(tag: str, attributes: str, words: str) -> tuple[str, str]:
    """Give what stands before and after a cell (`th` or `td`); a header cell without words is a plain one."""
    if tag == "th" and words:
        return f'<th scope="col"{attributes}>', "</th>\n"
    return f"<td{attributes}>", "</td>\n"


class Words(Struct, frozen=True):
    """The words that HTML adds for assistive technology, in one language."""

    table: str
    footnote: str
    footnotes: str
    back: str


WORDS: Final = {
    "en": Words("Table", "Footnote", "Footnotes", "Back to text"),
    "cy": Words("Tabl", "Troednodyn", "Troednodiadau", "Yn \u00f4l i\u2019r testun"),
}


def _shown(part: Part) -> Part:
    """Return HTML without form feeds, which `&#12;` stands for and XML does not allow, as CommonMark does with NUL."""
    return part.replace("\f", "\N{REPLACEMENT CHARACTER}") if isinstance(part, str) and "\f" in part else part


@functools.lru_cache(maxsize=1024)
def _slug(text: str) -> str:
    """Make an id of some words, without looking at other ids; many bodies have headings of the same words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = "-".join(_WORD.findall(text.lower())) or "section"
    return f"section-{slug}" if slug in RESERVED_IDS or f"{slug}-".startswith(("app-", "fn-", "fnref-")) else slug


class Writer:
    """What has been written so far of one body."""

    def __init__(self, source: str, lang: str) -> None:
        """Begin with nothing written."""
        self.places = Places(source)
        self.words = WORDS.get(lang, WORDS["en"])
        self.parts: list[Part] = []
        self.html: list[str] = []
        self.text: list[str] = []
        self.mentions: list[Mention] = []
        self.headings: list[Heading] = []
        self.problems: list[Placed] = []
        self.ids: set[str] = set()
        self.slugs: dict[str, int] = {}
        """The last number given to an id of the same words, so that a thousand alike take no longer each."""
        self.table_labels: dict[str, int] = {}
        self.links: list[tuple[Token, str, int]] = []
        """Open links: the token, what closes the link in HTML, how much text there was before it."""
        self.level = 1

    def result(self) -> BodyRead:
        """Give what was read."""
        text = "".join(self.text).strip()
        if "  " in text or not text.isprintable():  # of all white space only the plain space is printable
            text = " ".join(text.split())
        self.problems.sort(key=lambda p: (p.line, p.column, p.rule.id))
        body = Body(
            parts=tuple(map(_shown, (*self.parts, "".join(self.html)))),
            text=text,
            words=text.count(" ") + 1 if text else 0,
            mentions=tuple(self.mentions),
            headings=tuple(self.headings),
        )
        return BodyRead(body, tuple(self.problems))

    def cut(self, part: Part) -> None:
        """End the text written so far, and put a part after it."""
        self.parts += ("".join(self.html), part)
        self.html.clear()

    def find(self, token: Token, rule: Rule[...], *args: Any, **kwargs: Any) -> bool:
        """Apply a rule to what a token stands for; tell whether it found anything."""
        findings = list(rule(*args, **kwargs))
        for finding in findings:
            self.report(rule, finding, self.places.of(token))
        return bool(findings)

    def report(self, rule: Rule[...], finding: Finding, place: tuple[int, int, int]) -> None:
        """Place a finding."""
        self.problems.append(Placed(rule, finding, *place))

    def mention(self, kind: MentionKind, target: str, token: Token) -> None:
        """Note a link or picture."""
        self.mentions.append(Mention(kind, target, *self.places.of(token)))

    def external_link(self, href: str, attributes: str = "") -> None:
        """Begin a link to another site, or of another kind."""
        rel = f' rel="{EXTERNAL_REL}"' if href[:4].lower() == "http" else ""
        self.html.append(f'<a href="{escape(href)}"{rel}{attributes}>')

    def begin_table(self) -> None:
        """Begin a table, in a region that scrolls, named after the heading above it."""
        label = f"{self.words.table}: {self.headings[-1].text}" if self.headings else self.words.table
        number = self.table_labels[label] = self.table_labels.get(label, 0) + 1
        if number > 1:
            label = f"{label} ({number})"
        self.html.append(f'<div class="app-table" role="region" tabindex="0" aria-label="{escape(label)}"><table>\n')

    def new_id(self, text: str) -> str:
        """Make an id of some words: lower-case ASCII, unique in the body, none the page or a footnote may have."""
        slug = made = _slug(text)
        number = self.slugs.get(slug, 1)
        while made in self.ids:
            number += 1
            made = f"{slug}-{number}"
        self.slugs[slug] = number
        self.ids.add(made)
        return made

    def unread_links(self, text: str) -> None:
        """Report what looks like a link in running text, unless its brackets are escaped."""
        for found in _UNREAD.finditer(text):
            place = self.places.snippet(found[0])
            if place:
                for finding in rules.link_unread(found[0]):
                    self.report(rules.link_unread, finding, place)

    def unused_footnotes(self, faults: Sequence[tuple[str, int, rules.FootnoteFault]]) -> None:
        """Report footnotes that are not shown: label, line counted from 0, fault."""
        for label, line, fault in faults:
            for finding in rules.footnote_unused(label, fault):
                self.report(rules.footnote_unused, finding, self.places.find_line(line, f"[^{label}]"))
