"""Views: frozen values, each holding exactly what one template may see; their parts are in `parts`."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from digest.contract import Counts
from digest.planning.parts import (
    Badge,
    ChangeLine,
    Chart,
    ChartRow,
    DateText,
    Fact,
    FactItem,
    Head,
    Link,
    PayTable,
    Picture,
    RelatedLine,
    Row,
    Section,
    Site,
    SourceLine,
    StatementFacts,
    TermLine,
)


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
    facts: tuple[Fact, ...]
    body: Markup
    picture: Picture | None
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
    links: tuple[Link, ...]


class RedirectPage(Struct, frozen=True, kw_only=True):
    """The page at an old address: `pages/redirect.html`."""

    site: Site
    head: Head
    target: Link


class FeedItem(Struct, frozen=True):
    """An entry as subscribers get it, in any format; holds nothing that depends on the clock."""

    guid: str
    """Permanent id (a `tag:` URI, RFC 4151)."""
    title: str
    link: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    """Organisation, pay, place, closing: label and words."""
    body: Markup
    """Full body with absolute links."""
    categories: tuple[str, ...]
    published: str
    """RFC 822 date."""
    updated: str | None
    """RFC 3339 date of the newest noted change, or None."""
    lang: str


class Feed(Struct, frozen=True):
    """A feed: `feeds/rss.xml`."""

    title: str
    description: str
    link: str
    """Absolute address of the page it belongs to."""
    self_link: str
    language: str
    updated: str
    """RFC 822 date of the newest change among its items."""
    items: tuple[FeedItem, ...]


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
