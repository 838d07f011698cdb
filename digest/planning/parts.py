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


class FeedLink(Struct, frozen=True):
    """A feed that a page tells of."""

    label: str
    href: str
    type: str = "application/rss+xml"
    """Media type."""


class Stamp(Struct, frozen=True):
    """An instant in the forms of feeds, in the site's time zone."""

    rfc822: str
    """To the second (RFC 822 §5, with the year in four figures)."""
    iso: str
    """RFC 3339."""


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
    subscribe: str | None
    """The page on all feeds, if there are any."""
    stylesheet: str
    script: str
    icon: str
    drawn_icon: str
    """The same as a `data:` address (RFC 2397), which spares a page a request."""
    policy: str
    """The content security policy of every page."""
    referrer: str
    """The referrer policy of every page."""
    later: tuple[Badge, ...]
    """The states that the script may move a job to, in their order."""
    drafts: bool
    """This is a preview that shows drafts."""


class Preview(Struct, frozen=True):
    """The picture that is shown where a page is shared; its address is absolute."""

    href: str
    alt: str
    width: int
    height: int


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
    feeds: tuple[FeedLink, ...] = ()
    """Feeds of what is on this page, the closest first."""
    calendars: tuple[Link, ...] = ()
    """Calendars of what is on this page, the closest first."""
    indexed: bool = True
    kind: str = "website"
    """Open Graph type: website or article."""
    published: str | None = None
    """ISO date for articles."""
    updated: DateText | None = None
    """Newest change of the content shown, never the time of the build."""
    preview: Preview | None = None


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
    then: str = ""
    """What becomes of an open job by itself: kinds of states, each with the seconds since 1970 from which it holds."""
    past: str = ""
    """The words in place of `date_label` once it is closed; empty where they stay."""
    terms: str = ""
    """What the filters of its list find it by, such as `grades/g7 tags/data`; empty on other lists."""


class Option(Struct, frozen=True):
    """A value of a filter."""

    id: str
    """Its part of the address."""
    label: str
    states: str = ""
    """Where the filter is of states: the letters that the index has for them."""
    count: int | None = None
    """How many rows have it, where that is shown."""


class Filter(Struct, frozen=True):
    """A choice among the terms of a facet."""

    name: str
    """The facet, as the address names it."""
    label: str
    options: tuple[Option, ...]


class Filters(Struct, frozen=True):
    """The filters of a list."""

    filters: tuple[Filter, ...]
    total: int
    """Rows of the list."""


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
    closes: FactItem | None
    """The deadline as set then."""
    was: FactItem | None = None
    """The deadline before it, where that is known."""


class Notice(Struct, frozen=True):
    """A sentence on the state of a job that it comes to by itself."""

    kind: str
    """The state, as `Badge.kind`."""
    text: str


class WordLine(Struct, frozen=True):
    """An abbreviation that an entry uses."""

    short: str
    label: str
    explanation: str


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
    sizing: tuple[tuple[str, str], ...] = ()
    """The attributes that say its size, and where its smaller copies are."""


class SearchRow(Struct, frozen=True):
    """One entry in the results of a search."""

    row: Row
    summary: str


class TermLine(Struct, frozen=True):
    """A term in an index."""

    label: str
    href: str
    explanation: str
    open: int
    total: int


class HeaderRule(Struct, frozen=True):
    """Headers of HTTP for the addresses that a path stands for."""

    path: str
    """With the site's base path; `*` stands for anything."""
    headers: tuple[tuple[str, str], ...]
