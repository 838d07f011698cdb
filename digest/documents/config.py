"""What the site is called, which pages it has, and its vocabularies: the value of `config.yaml`."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

from digest.pay.bands import PaySettings, SalaryBand
from digest.text.schema import Vocabulary


class Facets(Struct, frozen=True):
    """Which families of pages exist."""

    tags: bool = True
    salary: bool = True
    organisations: bool = True
    locations: bool = True
    grades: bool = True
    roles: bool = True


class Outputs(Struct, frozen=True):
    """Which optional files exist."""

    feeds: bool = True
    term_feeds: bool = True
    """A feed under every tag, band, organisation, place, grade and role page."""
    editions: bool = True
    """A page, an email and a feed item for each week."""
    search: bool = True
    """The page that searches, and the files it looks things up in."""
    calendars: bool = True
    """Calendars of closing dates: of all jobs, under every tag and salary band, and of each open job."""
    data: bool = True
    """Jobs and news as open data, with the page that describes it."""
    sitemap: bool = True
    redirects: bool = True
    """`_redirects`, for hosts that read it."""
    robots: bool = True
    headers: bool = True


class Lists(Struct, frozen=True):
    """How many rows a list shows."""

    page_size: int = 50
    """Rows of a full page of an archive; the newest page holds up to twice as many."""
    home_jobs: int = 8
    home_news: int = 5
    feed_items: int = 30
    calendar_events: int = 300
    """Events of a calendar, unless more jobs are open: those that close last."""


class Times(Struct, frozen=True):
    """Spans of days that decide a job's state."""

    closing_soon_days: int = 7
    open_until_filled_days: int = 180
    """How long such a job is taken as open after its newest change."""
    not_stated_days: int = 60
    """How long a job without a closing date is taken as open after it is published."""


class Advice(Struct, frozen=True):
    """How strict the house style is."""

    off: tuple[str, ...] = ()
    """Ids of rules of advice that are not told."""
    sentence_words: int = 35
    """Words that a sentence has at most."""


class Link(Struct, frozen=True):
    """An entry of the navigation."""

    label: str
    path: str


class Licence(Struct, frozen=True):
    """A licence of a source or an image."""

    id: str
    label: str
    url: str | None = None
    statement: str | None = None
    """Words that must stand beside what is used."""
    images: bool = True
    """Whether an image under it may be shown."""


class Config(Struct, frozen=True, kw_only=True):
    """The whole configuration, with defaults for all that may be left out."""

    title: str
    base_url: str
    """Absolute, with a slash at the end."""
    authority: str
    strapline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "Europe/London"
    country: str = "GB"
    """ISO 3166-1 code of the country in which the places lie."""
    contact: str | None = None
    licence: str | None = None
    facets: Facets = Facets()
    outputs: Outputs = Outputs()
    lists: Lists = Lists()
    times: Times = Times()
    advice: Advice = Advice()
    pay: PaySettings = PaySettings()
    bands: tuple[SalaryBand, ...]
    navigation: tuple[Link, ...] = ()
    vocabularies: dict[str, Vocabulary]
    """`grades`, `contracts`, `patterns`, `clearances`, `families`, `roles`, `tags`, `organisations`, `places`,
    `abbreviations`."""
    role_family: dict[str, str]
    """The family of each role."""
    licences: dict[str, Licence]

    @property
    def base_path(self) -> str:
        """The path of `base_url`, with a slash at both ends."""
        return urlsplit(self.base_url).path
