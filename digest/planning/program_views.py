"""Views of what programs read: feeds, calendars, open data, search, and files for hosts and search engines."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from msgspec import Struct

from digest.contract import Counts
from digest.fingerprints import Piece
from digest.planning.letters import Letter
from digest.planning.parts import Head, HeaderRule, Link, SearchRow, Site, Stamp


class CalendarEvent(Struct, frozen=True, array_like=True):
    """A closing date in a calendar; its lines are made when its entry is read, by `digest/calendars.py`."""

    address: str
    """Absolute address of the job."""
    description: str
    """Escaped as RFC 5545 §3.3.11 says."""
    lines: bytes
    """All its other lines."""


class Calendar(Struct, frozen=True):
    """Closing dates: written by `digest/calendars.py`."""

    producer: str
    """Who makes it."""
    events: tuple[CalendarEvent, ...]
    name: str | None = None
    """None for the one event of a job, which is added to a calendar and not subscribed to; so are the next three."""
    about: str | None = None
    page: str | None = None
    """Absolute address of the page it belongs to."""
    address: str | None = None
    """Absolute address of itself."""


class DataAbout(Struct, frozen=True):
    """What a file of open data says of itself; addresses are absolute."""

    name: Literal["jobs", "news"]
    title: str
    language: str
    page: str
    """Where it is described."""
    schema: str
    """The JSON Schema of the JSON file."""
    publisher: str
    licence: tuple[str, str, str | None] | None
    """Id, name, and address of its text; None where the configuration names none."""


class DataRecords(Struct, frozen=True):
    """Entries as open data: written by `digest/opendata.py`."""

    about: DataAbout
    updated: str | None
    """The day of the newest change among them."""
    pieces: tuple[Piece, ...]
    """The records, newest first, in lines or rows that only want to be joined."""


class DataFile(DataRecords, frozen=True):
    """`data/jobs.json` or `data/news.json`."""


class DataTable(DataRecords, frozen=True):
    """`data/jobs.csv`."""


class DataSchema(Struct, frozen=True):
    """The JSON Schema of a JSON file."""

    about: DataAbout


class TableDescription(Struct, frozen=True):
    """The description of a table (CSV on the Web)."""

    about: DataAbout
    table: str
    """Absolute address of the table."""


class DataLine(Struct, frozen=True):
    """A file of open data."""

    link: Link
    about: str


class FieldLine(Struct, frozen=True):
    """A field of open data."""

    name: str
    form: str
    """What kind of value it has, in words."""
    about: str
    always: bool
    """It is known of every entry."""
    within: bool
    """It is a field of an object, that of the last field that is not."""


class FieldTable(Struct, frozen=True):
    """The fields of a file of open data."""

    id: str
    heading: str
    fields: tuple[FieldLine, ...]


class DataPage(Struct, frozen=True, kw_only=True):
    """What the open data is: `pages/data.html`."""

    site: Site
    head: Head
    heading: str
    intro: str
    files: tuple[DataLine, ...]
    licence: Link | None
    version: int
    tables: tuple[FieldTable, ...]
    example: str
    """A record of a job, as JSON."""


class SearchWords(Struct, frozen=True):
    """`search/words/`: where words are said."""

    words: dict[str, str]
    """For each word its places, as `search_blocks.merged` writes them."""


class SearchRows(Struct, frozen=True):
    """`search/rows/`: what results show of the entries of a block, in their order."""

    rows: tuple[SearchRow, ...]


class SearchIndex(Struct, frozen=True):
    """`search/index.json`: all that a search begins with."""

    width: int
    """Letters of the number of a block."""
    words: tuple[str, ...]
    """The marks of the files of words, in the order of their numbers."""
    rows: tuple[str, ...]
    """The mark of the file of rows of each block."""
    states: tuple[str, ...]
    """For each block a letter for each entry: o open, s closing soon, c closed, d draft, n news, p page."""
    closing: tuple[tuple[int, int], ...]
    """The open jobs, the next to close first: number (that of its block times `MOST`, and its place there), and the
    instant until which it is taken as open, in seconds since 1970."""


class FeedItem(Struct, frozen=True):
    """An entry as subscribers get it, in any format; holds nothing that depends on the clock."""

    guid: str
    """Permanent id (a `tag:` URI, RFC 4151)."""
    title: str
    link: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    """Organisation, pay, place, closing: label and words."""
    image: FeedImage | None
    body: Markup
    """Full body with absolute links."""
    changes: tuple[tuple[str, str], ...]
    """Noted changes, newest first: day and words, those of a deadline that moved among them."""
    categories: tuple[str, ...]
    published: Stamp
    """Never moved."""
    updated: Stamp
    """Moved by each noted change, and by nothing else; in no two items of a feed the same."""
    changed: bool
    """A change was noted since it was published."""
    lang: str
    letter: Letter | None = None
    """What is in an edition, where the item is one."""


class FeedImage(Struct, frozen=True):
    """The picture of an entry, with the words and rights that go with it wherever it is shown."""

    src: str
    """Absolute."""
    alt: str
    credit: str
    licence: Link


class Feed(Struct, frozen=True, kw_only=True):
    """A feed as RSS 2.0: `feeds/rss.xml`."""

    id: str
    """Permanent id (a `tag:` URI, RFC 4151)."""
    title: str
    description: str
    link: str
    """Absolute address of the page it belongs to."""
    self_link: str
    language: str
    author: str
    """Who speaks in it: the digest."""
    rights: str | None
    """Licence of the digest's own words."""
    style: str
    """The stylesheet for browsers."""
    updated: Stamp
    """The newest change among its items; the year 1970 where there is none."""
    items: tuple[FeedItem, ...]


class AtomFeed(Feed, frozen=True, kw_only=True):
    """The same as Atom (RFC 4287): `feeds/atom.xml`."""


class JsonFeed(Feed, frozen=True, kw_only=True):
    """The same as JSON Feed 1.1: `feeds/feed.json`."""


class FeedLine(Struct, frozen=True):
    """A feed in a list of feeds."""

    label: str
    """What it carries, where its group says the rest."""
    title: str
    """Its own."""
    address: str
    """Absolute."""
    page: str
    """Absolute address of the page that it belongs to."""


class FeedGroup(Struct, frozen=True):
    """Feeds of one kind."""

    id: str
    title: str
    feeds: tuple[FeedLine, ...]


class FeedList(Struct, frozen=True):
    """All feeds, for programs: `feeds/opml.xml`."""

    title: str
    groups: tuple[FeedGroup, ...]


class Redirects(Struct, frozen=True):
    """Old addresses, for hosts that read `_redirects`: `feeds/redirects.txt`."""

    lines: tuple[tuple[str, str, str], ...]
    """Old path, the path that answers, both with the site's base path, and the status.

    A `!` after the status says that the rule holds although there is a file at the old path.
    """


class SitemapLine(Struct, frozen=True, gc=False):
    """An address with the day its content last changed."""

    href: str
    updated: str | None


class Sitemap(Struct, frozen=True):
    """`feeds/sitemap.xml`."""

    lines: tuple[SitemapLine, ...]


class SitemapIndex(Struct, frozen=True):
    """`feeds/sitemap_index.xml`, in the place of a sitemap that would be too large."""

    parts: tuple[str, ...]
    """The addresses of its parts."""


class Robots(Struct, frozen=True):
    """`feeds/robots.txt`."""

    sitemap: str | None


class BuildRecord(Struct, frozen=True):
    """`build.json`: what was published, and when the site next changes by itself."""

    generator: str
    updated: str | None
    """ISO date of the newest change among the entries."""
    next_change: str | None
    """ISO instant, UTC."""
    entries: Counts


class Headers(Struct, frozen=True):
    """`_headers`: what a host is to send with each file."""

    rules: tuple[HeaderRule, ...]
