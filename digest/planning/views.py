"""Views: frozen values, each holding exactly what one template may see; their parts are in `parts`."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from msgspec import Struct

from digest.contract import Counts
from digest.planning.chart_parts import Chart, ChartRow, PayTable
from digest.planning.parts import (
    Badge,
    ChangeLine,
    DateText,
    Fact,
    FactItem,
    Filter,
    Filters,
    Head,
    HeaderRule,
    Link,
    Notice,
    Option,
    Picture,
    RelatedLine,
    Row,
    SearchRow,
    Section,
    Site,
    SourceLine,
    Stamp,
    TermLine,
    WordLine,
)
from digest.planning.statement_facts import StatementFacts


class EntryPage(Struct, frozen=True, kw_only=True):
    """What the pages of jobs and news share."""

    site: Site
    head: Head
    title: str
    summary: str
    badge: Badge | None
    organisations: tuple[Link, ...]
    notice: str | None
    """A sentence on the state of a job that a reader must not miss."""
    then: str = ""
    """What becomes of an open job by itself, as in `Row`."""
    notices: tuple[Notice, ...] = ()
    """What is said then."""
    facts: tuple[Fact, ...]
    body: Markup
    picture: Picture | None
    words: tuple[WordLine, ...]
    """Abbreviations that it uses and that its key facts do not spell out."""
    data: dict[str, Any] | None
    """What search engines are told, as JSON-LD (schema.org)."""
    changes: tuple[ChangeLine, ...]
    sources: tuple[SourceLine, ...]
    related: tuple[RelatedLine, ...]
    tags: tuple[Link, ...]
    guid: str


class JobPage(EntryPage, frozen=True, kw_only=True):
    """A job: `pages/job.html`."""

    pay: tuple[FactItem, ...]
    closes: FactItem
    apply: str | None
    """Where to apply, while that is possible."""
    similar: tuple[Row, ...]
    """Open jobs like this one, when this one is closed."""
    calendar: str | None
    """The calendar with its closing date, while it is open and has one."""


class NewsPage(EntryPage, frozen=True, kw_only=True):
    """A news item: `pages/news.html`."""

    published: DateText


class StaticPage(Struct, frozen=True, kw_only=True):
    """A page such as the accessibility statement: `pages/page.html`."""

    site: Site
    head: Head
    title: str
    summary: str
    body: Markup
    statement: StatementFacts | None
    """The facts of an accessibility statement, which follow the body."""
    changes: tuple[ChangeLine, ...]


class WithdrawnPage(Struct, frozen=True, kw_only=True):
    """The notice that a withdrawn entry leaves: `pages/withdrawn.html`."""

    site: Site
    head: Head
    title: str
    date: DateText
    reason: str


class ListPage(Struct, frozen=True, kw_only=True):
    """A list of entries: `pages/list.html`."""

    site: Site
    head: Head
    heading: str
    intro: str
    explanation: str = ""
    about: Link | None = None
    """A page about the term elsewhere."""
    count: str = ""
    """How many entries there are, in words."""
    notes: tuple[str, ...] = ()
    """What else is to be known of the list, a paragraph each."""
    sections: tuple[Section, ...] = ()
    filters: Filters | None = None
    browse: tuple[Link, ...] = ()
    """Other ways into the list."""
    bars: tuple[ChartRow, ...] = ()
    """The salary bands, where the list is one of theirs."""
    before: Link | None = None
    """The neighbouring term before this one, such as the next lower band."""
    after: Link | None = None
    years: tuple[Link, ...] = ()
    """Archives by year, newest first."""
    newer: Link | None = None
    older: Link | None = None


class TermsPage(Struct, frozen=True, kw_only=True):
    """The index of a facet: `pages/terms.html`."""

    site: Site
    head: Head
    heading: str
    intro: str
    terms: tuple[TermLine, ...]


class SalaryPage(Struct, frozen=True, kw_only=True):
    """The index of salary bands: `pages/salary.html`."""

    site: Site
    head: Head
    heading: str
    intro: str
    count: str
    """How many jobs there are, and how many of them are in a band, in words."""
    bands: Chart | None
    """None while there is no job in a band."""
    terms: tuple[TermLine, ...]
    """The bands, lowest first, then the pages of other pay."""
    tables: tuple[PayTable, ...]
    """Pay by grade and by year, as far as there is any."""
    method: tuple[str, ...]
    """How the figures of the tables are made, a sentence or two each; none where there is no table."""


class HomePage(Struct, frozen=True, kw_only=True):
    """The home page: `pages/home.html`."""

    site: Site
    head: Head
    intro: str
    search: str | None
    """Address of the search page, where there is one."""
    sections: tuple[Section, ...]
    """Closing soon, latest jobs, latest news."""
    quiet: str | None
    """What is said when no job is open."""
    bars: tuple[ChartRow, ...]
    tags: tuple[TermLine, ...]
    organisations: tuple[TermLine, ...]
    browse: tuple[Link, ...]


class NotFoundPage(Struct, frozen=True, kw_only=True):
    """What stands where nothing is: `pages/404.html`."""

    site: Site
    head: Head
    search: str | None
    """Address of the search page, where there is one."""
    links: tuple[Link, ...]


class RedirectPage(Struct, frozen=True, kw_only=True):
    """The page at an old address: `pages/redirect.html`."""

    site: Site
    head: Head
    target: Link


class SearchPage(Struct, frozen=True, kw_only=True):
    """The search: `pages/search.html`."""

    site: Site
    head: Head
    script: str
    """Address of its script."""
    index: str
    """Address of the index that the script reads."""
    shown: tuple[Option, ...]
    """What may be searched instead of everything, such as open jobs."""
    filters: tuple[Filter, ...]
    orders: tuple[Option, ...]
    """The orders of results beside the usual one."""
    browse: tuple[Link, ...]


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


class SubscribePage(Struct, frozen=True, kw_only=True):
    """All feeds, for people: `pages/subscribe.html`."""

    site: Site
    head: Head
    formats: tuple[FeedLine, ...]
    """The feed of everything, in each format."""
    groups: tuple[FeedGroup, ...]
    """The rest."""
    opml: str
    """Absolute address of the list for programs."""
    calendars: tuple[FeedLine, ...]
    """Calendars of closing dates, that of all jobs first."""


class Redirects(Struct, frozen=True):
    """Old addresses, for hosts that read `_redirects`: `feeds/redirects.txt`."""

    lines: tuple[tuple[str, str], ...]
    """Old and new path, both with the site's base path."""


class SitemapLine(Struct, frozen=True):
    """An address with the day its content last changed."""

    href: str
    updated: str | None


class Sitemap(Struct, frozen=True):
    """`feeds/sitemap.xml`."""

    lines: tuple[SitemapLine, ...]


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
