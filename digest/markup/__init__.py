r"""An entry's Markdown body: its HTML in parts, its plain words, its links.

A body is read without config and without knowledge of other entries, so that it can be kept for as
long as its bytes stay the same.  Where a link needs the site (the path of another entry, the title of
another entry, the place of a picture) the HTML is cut, and a part stands for what is to be filled in.
`resolve` fills it in: once with paths for a page, once with absolute addresses for a feed.

The language is CommonMark 0.31 with tables, footnotes and definition lists; raw HTML is shown as text.
`[[some-id]]` and `[[some-id|words]]` link to an entry; in a table the bar is written `\|`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple

import msgspec
from markupsafe import Markup, escape

from digest.diagnostics import Finding, Rule
from digest.markup import rules as markup_rules

BODY_RULES: Final = markup_rules.ALL
"""The rules of a body, in the order of their documentation."""

RESERVED_IDS: Final = frozenset({"content", "facts", "footer", "header", "main", "menu", "search", "skip", "top"})
"""Ids that no heading of a body takes, so that the page around it may.

Nor does a heading take an id that begins with `app-` (for the page), `fn-` or `fnref-` (for footnotes), nor the
words `app`, `fn` and `fnref` alone, which a number would turn into one.
"""


class Href(msgspec.Struct, frozen=True, tag=True):
    """An attribute that holds an address, to be filled in and escaped.

    Where there is nothing to link to yet the attribute is left out, and the element stays as a placeholder
    (HTML §4.5.1).
    """

    target: str
    """One of `entry:<id>`; a site path `/path/#fragment`; `#fragment`; `image:<src>`.

    A path and a fragment are percent-encoded as in HTML.  The `<src>` of a picture is its file's
    path below `content/images/`, not encoded.
    """
    attribute: Literal["href", "src"] = "href"


class Title(msgspec.Struct, frozen=True, tag=True):
    """The title of an entry, as the words of a link, to be filled in and escaped."""

    target: str
    """Id of the entry."""


Part = str | Href | Title
MentionKind = Literal["entry", "path", "image", "fragment", "external"]


class Mention(msgspec.Struct, frozen=True):
    """A link or picture of the body, with its place."""

    kind: MentionKind
    target: str
    """The id, the path, the picture's path, the fragment with its `#`, or the address."""
    line: int
    """Counted from 1 in the body; a line ends at CR LF, LF or CR and nowhere else."""
    column: int
    """Counted from 1, in characters."""
    width: int
    """Characters from the first bracket to the last, or to the end of the line."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the body."""

    level: int
    """2 to 6."""
    id: str
    """Lower-case ASCII, unique in the body."""
    text: str


class Body(msgspec.Struct, frozen=True):
    """A body, read once."""

    parts: tuple[Part, ...]
    """HTML, cut where a part is to be filled in.  Begins and ends with text, and holds no two texts in
    a row; a body without an internal link or picture has one part."""
    text: str
    """Plain words for search, single-spaced: no markup, no footnote marks.  The words of a footnote
    come last; a link without words of its own gives the words of its id."""
    words: int
    """How many words `text` has."""
    mentions: tuple[Mention, ...] = ()
    """In reading order, which puts footnotes last."""
    headings: tuple[Heading, ...] = ()
    """In reading order."""


class Placed(NamedTuple):
    """A finding with its place in the body, counted as in `Mention`."""

    rule: Rule[...]
    finding: Finding
    line: int
    column: int
    width: int


class BodyRead(NamedTuple):
    """What reading a body gave."""

    body: Body
    problems: tuple[Placed, ...]
    """In order of line, column and rule."""


def read_body(text: str, lang: str = "en") -> BodyRead:
    """Read Markdown; never fails.

    `lang` (`en`, `cy`; any other is read as `en`) chooses the words the HTML adds for assistive technology,
    such as "Footnotes".  The body of a text with an error can be shown: what was refused is left as words.
    """
    from digest.markup.quick import read_plain  # noqa: PLC0415 - most builds read no body

    read = read_plain(text, lang)
    if read is None:
        # The library takes as long to import as a build in which no body changed takes to run.
        from digest.markup.blocks import write_body  # noqa: PLC0415

        read = write_body(text, lang)
    return read


Attributes = Iterable[tuple[str, str]]
"""Names and values of attributes, as plain text."""


def _unsized(_target: str) -> Attributes:
    return ()


def resolve(
    body: Body,
    href: Callable[[str], str | None],
    title: Callable[[str], str],
    sizing: Callable[[str], Attributes] = _unsized,
) -> Markup:
    """Join a body's parts; the only place where the HTML of an entry becomes `Markup`.

    `href` turns the target of an `Href` into an address, or None where nothing is there yet; `title` turns the id
    of an entry into its title; `sizing` turns the target of a picture into more of its attributes.  All give plain
    text, which is escaped here.
    """
    pieces = [part if isinstance(part, str) else _filled(part, href, title, sizing) for part in body.parts]
    return Markup("".join(pieces))  # noqa: S704 (every piece is our own HTML or escaped)


def _filled(
    part: Href | Title,
    href: Callable[[str], str | None],
    title: Callable[[str], str],
    sizing: Callable[[str], Attributes],
) -> str:
    # `str` takes away the mark of safe HTML: a title that carries it by mistake is escaped all the same.
    if isinstance(part, Title):
        return str(escape(str(title(part.target))))
    address = href(part.target)
    if address is None:
        return ""
    more = sizing(part.target) if part.attribute == "src" else ()
    attributes = ((part.attribute, address), *more)
    return "".join(f' {name}="{escape(str(value))}"' for name, value in attributes)
