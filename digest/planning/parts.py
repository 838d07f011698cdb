"""Parts of views: links, dates, badges, rows, facts, the frame of a page.

All `href` fields are ready for an attribute: they carry the site's base path, or are absolute.  Dates and pay are
already in words.  A field that is None or empty has nothing to show, and its label is left out.
"""

from __future__ import annotations

from msgspec import Struct


class Link(Struct, frozen=True):
    """Words that lead somewhere."""

    label: str
    href: str


class DateText(Struct, frozen=True):
    """A day or moment in words and for machines."""

    text: str
    iso: str
    """Value of `<time datetime>`."""


class Badge(Struct, frozen=True):
    """A state: always a word, and a name for its style."""

    word: str
    kind: str
    """One of open, soon, last, closed, future, draft, notice."""


class Site(Struct, frozen=True):
    """What every page of the site shows."""

    title: str
    strapline: str
    language: str
    home: str
    navigation: tuple[Link, ...]
    footer: tuple[Link, ...]
    licence: Link | None
    contact: Link | None
    stylesheet: str
    icon: str
    drafts: bool
    """This is a preview that shows drafts."""


class Head(Struct, frozen=True):
    """What the head and the frame of one page show."""

    title: str
    """The page's own title, without the site's."""
    description: str
    canonical: str
    """Absolute address of this page."""
    path: str
    """Path with the site's base path, as links carry it, for marking the navigation."""
    lang: str
    crumbs: tuple[Link, ...] = ()
    """From the home page to the page above this one."""
    feeds: tuple[Link, ...] = ()
    """Feeds of what is on this page, the closest first."""
    indexed: bool = True
    kind: str = "website"
    """Open Graph type: website or article."""
    published: str | None = None
    """ISO date for articles."""
    updated: DateText | None = None
    """Newest change of the content shown, never the time of the build."""


class Row(Struct, frozen=True):
    """One entry in any list: title, organisation, place, pay, date, state, in that order."""

    kind: str
    """job or news."""
    id: str
    title: str
    href: str
    lang: str
    organisation: str
    place: str
    pay: str
    """In words; carries its year where it is old."""
    date_label: str
    """Closes, Closed, Opens, Published or another word before the date."""
    date: DateText | None
    badge: Badge | None


class Group(Struct, frozen=True):
    """Rows under a small heading, such as a year."""

    heading: str | None
    rows: tuple[Row, ...]


class Section(Struct, frozen=True):
    """A part of a list page."""

    id: str
    heading: str
    groups: tuple[Group, ...]
    empty: str | None = None
    """What is said when there is no row."""
    more: Link | None = None


class Bar(Struct, frozen=True):
    """One bar of a small chart, with its number."""

    label: str
    href: str
    count: int
    share: int
    """Length in per cent of the longest bar, 0 to 100."""
    current: bool = False


class FactItem(Struct, frozen=True):
    """One value of a fact."""

    text: str
    href: str | None = None
    iso: str | None = None
    label: str | None = None
    """What this value is for, where there are several."""
    note: str | None = None
    """A smaller line below it."""


class Fact(Struct, frozen=True):
    """A label and its values."""

    label: str
    items: tuple[FactItem, ...]


class SourceLine(Struct, frozen=True):
    """A source with its rights."""

    name: str
    href: str | None
    published: str | None
    licence: Link | None
    statement: str | None


class ChangeLine(Struct, frozen=True):
    """A noted change."""

    date: DateText
    note: str
    closes: str | None
    """The deadline as set then, in words."""


class RelatedLine(Struct, frozen=True):
    """Another entry, and why it stands here."""

    row: Row
    reason: str


class Picture(Struct, frozen=True):
    """An image with its words and rights."""

    src: str
    alt: str
    credit: str
    licence: Link | None
    href: str | None


class SearchRow(Struct, frozen=True):
    """One entry in the results of a search."""

    row: Row
    summary: str


class Option(Struct, frozen=True):
    """A value of a filter."""

    id: str
    """Its part of the address."""
    label: str
    states: str = ""
    """Where the filter is of states: the letters that the index has for them."""


class Filter(Struct, frozen=True):
    """A choice among the terms of a facet."""

    name: str
    """The facet, as the address names it."""
    label: str
    options: tuple[Option, ...]


class TermLine(Struct, frozen=True):
    """A term in an index."""

    label: str
    href: str
    explanation: str
    open: int
    total: int
