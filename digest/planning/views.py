"""Views: frozen values, each holding exactly what one template may see; their parts are in `parts`."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from msgspec import Struct

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
    Link,
    Notice,
    Option,
    Picture,
    RelatedLine,
    Row,
    Section,
    Site,
    SourceLine,
    TermLine,
    WordLine,
)
from digest.planning.program_views import FeedGroup, FeedLine
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
    """Closing soon, latest jobs, latest news, latest edition."""
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
