"""What all views are made with: the site's frame, links, and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import quote

from digest.documents.entries import Written
from digest.fingerprints import Piece
from digest.planning.ahead import LATER, ahead, in_attribute
from digest.planning.cards import Card, JobCard, Keys, Labels
from digest.planning.catalogue import Carried, Catalogue, TermList
from digest.planning.chart_parts import ChartRow
from digest.planning.charts import Counted, count_rows
from digest.planning.facets import Facet
from digest.planning.frames import Frames
from digest.planning.parts import DateText, FeedLink, Head, Link, Preview, Row, Site, TermLine
from digest.planning.pay_figures import band_counts
from digest.planning.policy import CONTENT_POLICY, REFERRER
from digest.planning.records import RecordForm, Records, Shown
from digest.planning.states import local_day
from digest.planning.words import BADGES, count, date_text, day_text, path_of


class Entries(Protocol):
    """What gives the rest of entries that only their cards are known of."""

    def whole(self, card: Card, /) -> Written:
        """Return an entry with its body."""

    def keys(self, card: Card, /) -> Keys:
        """Return the keys of an entry, without the changes that its card leaves out."""

    def records(self, card: Card, /) -> Records:
        """Return what programs get of an entry."""

    def piece(self, form: RecordForm, shown: Sequence[Shown], permalink: Callable[[str], str], /) -> Piece:
        """Return records in their order as a part of a file; `permalink` gives the absolute address of a path."""


SUBSCRIBE = "/subscribe/"
DATA = "/data/"
FOOTER = ((SUBSCRIBE, "Subscribe"), (DATA, "Data"), ("/about/", "About"), ("/accessibility/", "Accessibility"))
HOME = "Home"
SEARCH: Final = "/search/"
CALENDAR = "closing.ics"
"""The name of a calendar, below the page that it belongs to."""


class ViewContext:
    """Makes the parts that views share; holds the catalogue, the names of the assets, and the way to whole entries."""

    def __init__(  # noqa: PLR0913 - all that is the same for every page
        self,
        catalogue: Catalogue,
        entries: Entries,
        assets: Mapping[str, str],
        frames: Frames,
        *,
        drawn_icon: str = "",
        drafts: bool = False,
    ) -> None:
        """Take what gives a card's entry, the path in the site of each asset by its name in the theme, the pictures.

        `drawn_icon` is the icon as an address that holds it.
        """
        self.catalogue = catalogue
        self.entries = entries
        self.whole = entries.whole
        self.keys = entries.keys
        self.assets = assets
        self.frames = frames
        self.drawn_icon = drawn_icon
        self.config = catalogue.config
        self.zone = catalogue.config.timezone
        self.this_year = _year(catalogue)
        self.labels = Labels(catalogue.config)
        self._base = catalogue.config.base_path
        self._root = catalogue.config.base_url
        self._rows: dict[str, Row] = {}
        self._waiting = catalogue.waiting_paths
        self.site = self._site(drafts=drafts)

    def href(self, path: str) -> str:
        """Return a site-relative path as an address for a page of this site."""
        return self._base + _quoted(path)

    def permalink(self, path: str) -> str:
        """Return a site-relative path as an absolute address."""
        return self._root + _quoted(path)

    def link(self, label: str, path: str) -> Link:
        """Return a link to a page of this site."""
        return Link(label, self.href(path))

    def _site(self, *, drafts: bool) -> Site:
        config = self.config
        pages = {path_of(item.card) for item in self.catalogue.pages()}
        if config.outputs.feeds or config.outputs.term_feeds:
            pages.add(SUBSCRIBE)
        if config.outputs.data:
            pages.add(DATA)
        licence = config.licences.get(config.licence or "")
        contact = config.contact
        address = f"mailto:{contact}" if contact and "@" in contact and ":" not in contact else contact
        return Site(
            title=config.title,
            strapline=config.strapline,
            language=config.language,
            home=self._base,
            navigation=tuple(
                self.link(link.label, link.path)
                for link in config.navigation
                if link.path not in self._waiting and (config.outputs.search or link.path != SEARCH)
            ),
            footer=tuple(self.link(label, path) for path, label in FOOTER if path in pages),
            licence=Link(licence.label, licence.url) if licence and licence.url else None,
            contact=Link(contact.removeprefix("mailto:"), address) if contact and address else None,
            subscribe=self.href(SUBSCRIBE) if SUBSCRIBE in pages else None,
            stylesheet=self.href(self.assets["site.css"]),
            script=self.href(self.assets["site.js"]),
            icon=self.href(self.assets["icon.svg"]),
            drawn_icon=self.drawn_icon,
            policy=CONTENT_POLICY,
            referrer=REFERRER,
            later=LATER,
            drafts=drafts,
        )

    def head(  # noqa: PLR0913 - one keyword per line of a page's head
        self,
        path: str,
        title: str,
        description: str,
        *,
        crumbs: Sequence[tuple[str, str]] = (),
        feeds: Sequence[FeedLink] = (),
        calendars: Sequence[Link] = (),
        lang: str | None = None,
        indexed: bool = True,
        article: date | None = None,
        updated: date | None = None,
        preview: Preview | None = None,
    ) -> Head:
        """Return the frame of the page at `path`; `crumbs` are (label, path) below the home page."""
        trail = [(HOME, "/"), *crumbs] if path != "/" else []
        return Head(
            title=title,
            description=description or title,
            canonical=self.permalink(path),
            path=self.href(path),
            lang=lang or self.config.language,
            crumbs=tuple(self.link(label, where) for label, where in trail),
            feeds=tuple(feeds),
            calendars=tuple(calendars),
            indexed=indexed,
            kind="article" if article else "website",
            published=article.isoformat() if article else None,
            updated=day_text(updated) if updated else None,
            preview=preview,
        )

    @property
    def search(self) -> str | None:
        """The address of the search page, where there is one."""
        return self.href(SEARCH) if self.config.outputs.search else None

    def feed_link(self, path: str, title: str) -> FeedLink:
        """Return the link to the feed under the page at `path`."""
        return FeedLink(title, self.href(f"{path}feed.xml"))

    def calendar_link(self, path: str, title: str) -> Link:
        """Return the link to the calendar under the page at `path`."""
        return Link(title, self.href(f"{path}{CALENDAR}"))

    def in_calendar(self, item: Carried) -> bool:
        """Tell whether a job has a calendar of its own: while it is open, if it has a date."""
        job = item.card.job
        return self.config.outputs.calendars and item.is_open and job is not None and job.ends is not None

    def shown(self, card: Card, *, withdrawn: bool = False) -> Shown:
        """Return an entry as its record is shown."""
        return Shown(card, self.keys(card).records, withdrawn)

    def row(self, item: Carried) -> Row:
        """Return the row of an entry, made once."""
        row = self._rows.get(item.card.id)
        if row is None:
            row = self._rows[item.card.id] = self._row(item)
        return row

    def rows(self, items: Iterable[Carried]) -> tuple[Row, ...]:
        """Return the rows of entries, in their order."""
        return tuple(map(self.row, items))

    def _row(self, item: Carried) -> Row:
        card, job = item.card, item.card.job
        label, day = _row_date(item)
        return Row(
            kind=card.kind,
            id=card.id,
            title=card.title,
            href=self.href(path_of(card)),
            lang=card.lang,
            organisation=self._said(card, "organisations"),
            place=(self._said(card, "locations") or "Place not stated") if job else "",
            pay=self._pay(item, job) if job else "",
            date_label=label,
            date=day,
            badge=BADGES.get(item.state),
            then=in_attribute(ahead(card.states, item.state)) if job and item.is_open else "",
            past=_past_label(job) if job and item.is_open else "",
        )

    def _said(self, card: Card, facet: str) -> str:
        return ", ".join(label for _, label in self.labels.of(card, facet))

    def _pay(self, item: Carried, job: JobCard) -> str:
        """Return a job's pay as a fact that stands without its label."""
        details = job.details
        if not details.paid:
            return "Pay not stated" if details.pay == "Not stated" else details.pay
        year = self.pay_year(item)
        return f"{details.pay}, {year}" if year else details.pay

    def pay_year(self, item: Carried) -> int | None:
        """Return the year that an entry's pay carries: that of its publication, once it is closed or old."""
        year = item.card.day.year
        return year if item.state == "closed" or year < self.this_year else None

    def term_line(self, terms: TermList) -> TermLine:
        """Return a term as a line of an index."""
        return TermLine(
            label=terms.term.label,
            href=self.href(terms.path),
            explanation=terms.term.explanation,
            open=sum(item.is_open for item in terms.members),
            total=len(terms.members),
        )

    def bars(self, current: str | None = None) -> tuple[ChartRow, ...]:
        """Return a bar for each salary band with the number of its jobs, or nothing where the facet is off."""
        return count_rows(
            [
                Counted(
                    found.terms.term.label,
                    count(found.jobs, "job"),
                    found.jobs,
                    href=self.href(found.terms.path),
                    current=found.terms.term.id == current,
                )
                for found in band_counts(self.catalogue)
            ]
        )

    def term_links(self, card: Card, facet: str) -> tuple[Link, ...]:
        """Return an entry's terms in a facet as links; the address is empty where the facet is off."""
        on = getattr(self.config.facets, facet)
        return tuple(
            Link(label, self.href(f"/{facet}/{term}/") if on else "") for term, label in self.labels.of(card, facet)
        )

    @staticmethod
    def newest(items: Iterable[Carried]) -> date | None:
        """Return the day of the newest change among entries."""
        return max([item.card.updated for item in items], default=None)


@lru_cache(8192)
def _quoted(path: str) -> str:
    """Return a site-relative path, without its first slash, for an address: most lead to lists, and are asked again."""
    return quote(path[1:], safe="/#?=&-._~%")


def _past_label(job: JobCard) -> str:
    """Return the words before the date of a job once it is closed; none where they are the same."""
    if job.details.deadline is not None:
        return "Closed"
    return "No longer taken as open" if job.details.closing == "open until filled" else ""


def _row_date(item: Carried) -> tuple[str, DateText | None]:
    """Return the date of a row, and the words before it."""
    job, closed = item.card.job, item.state == "closed"
    if job is None:
        return "Published", day_text(item.card.day)
    if closed and job.ends is not None and job.ended < job.ends:
        return "Closed", day_text(job.ended_day)  # ended by its outcome, before its deadline
    details = job.details
    if details.deadline is not None:
        return _past_label(job) if closed else "Closes", date_text(*details.deadline)
    if details.closing == "open until filled":
        return _past_label(job) if closed else "Open until filled", None
    return "Closing date not stated", None


def _year(catalogue: Catalogue) -> int:
    return local_day(catalogue.now, catalogue.config.timezone).year


def facet_crumb(facet: Facet) -> tuple[str, str]:
    """Return the breadcrumb of a facet's index."""
    return facet.title, f"/{facet.name}/"
