"""What all views are made with: the site's frame, links, and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import quote

from digest.markup import Body
from digest.model import Entry, Job
from digest.planning.catalogue import Carried, Catalogue, TermList
from digest.planning.facets import Facet
from digest.planning.parts import Bar, DateText, Head, Link, Row, Site, TermLine
from digest.planning.states import local_day
from digest.planning.words import BADGES, day_text, moment_text, path_of, pay_line, place_line

T = TypeVar("T")

FOOTER = (("/subscribe/", "Subscribe"), ("/about/", "About"), ("/accessibility/", "Accessibility"))
HOME = "Home"


class ViewContext:
    """Makes the parts that views share; holds the catalogue, the bodies and the names of the assets."""

    def __init__(
        self, catalogue: Catalogue, bodies: Mapping[str, Body], assets: Mapping[str, str], *, drafts: bool = False
    ) -> None:
        """Take bodies by entry id, and the path in the site of each asset of the theme by its name there."""
        self.catalogue = catalogue
        self.bodies = bodies
        self.assets = assets
        self.config = catalogue.config
        self.zone = catalogue.config.timezone
        self.this_year = _year(catalogue)
        self._base = catalogue.config.base_path
        self._root = catalogue.config.base_url
        self._rows: dict[str, Row] = {}
        self._hrefs: dict[str, str] = {}
        self._waiting = {path_of(entry) for entry in catalogue.waiting()}
        self.site = self._site(drafts=drafts)

    def href(self, path: str) -> str:
        """Return a site-relative path as an address for a page of this site."""
        made = self._hrefs.get(path)
        if made is None:
            made = self._hrefs[path] = self._base + quote(path[1:], safe="/#?=&-._~%")
        return made

    def permalink(self, path: str) -> str:
        """Return a site-relative path as an absolute address."""
        return self._root + quote(path[1:], safe="/#?=&-._~%")

    def path_for(self, target: str) -> str | None:
        """Return the site-relative path that a body's link target stands for; None where nothing is there yet."""
        scheme, _, rest = target.partition(":")
        if scheme == "image":
            return f"/images/{rest}"
        path = path_of(self.catalogue.entries[rest]) if scheme == "entry" else target
        return None if path.partition("#")[0] in self._waiting else path

    def title_of(self, id_: str) -> str:
        """Return the title of an entry, or the words of its id while it is not published."""
        entry = self.catalogue.entries[id_]
        return id_.replace("-", " ") if path_of(entry) in self._waiting else entry.title

    def link(self, label: str, path: str) -> Link:
        """Return a link to a page of this site."""
        return Link(label, self.href(path))

    def _site(self, *, drafts: bool) -> Site:
        config = self.config
        pages = {path_of(item.entry) for item in self.catalogue.pages()}
        licence = config.licences.get(config.licence or "")
        contact = config.contact
        address = f"mailto:{contact}" if contact and "@" in contact and ":" not in contact else contact
        return Site(
            title=config.title,
            strapline=config.strapline,
            language=config.language,
            home=self._base,
            navigation=tuple(
                self.link(link.label, link.path) for link in config.navigation if link.path not in self._waiting
            ),
            footer=tuple(self.link(label, path) for path, label in FOOTER if path in pages),
            licence=Link(licence.label, licence.url) if licence and licence.url else None,
            contact=Link(contact.removeprefix("mailto:"), address) if contact and address else None,
            stylesheet=self.href(self.assets["site.css"]),
            icon=self.href(self.assets["icon.svg"]),
            drafts=drafts,
        )

    def head(  # noqa: PLR0913 - one keyword per line of a page's head
        self,
        path: str,
        title: str,
        description: str,
        *,
        crumbs: Sequence[tuple[str, str]] = (),
        feeds: Sequence[Link] = (),
        lang: str | None = None,
        indexed: bool = True,
        article: date | None = None,
        updated: date | None = None,
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
            indexed=indexed,
            kind="article" if article else "website",
            published=article.isoformat() if article else None,
            updated=day_text(updated) if updated else None,
        )

    def feed_link(self, path: str, title: str) -> Link:
        """Return the link to the feed under the page at `path`."""
        return Link(title, self.href(f"{path}feed.xml"))

    def row(self, item: Carried) -> Row:
        """Return the row of an entry, made once."""
        row = self._rows.get(item.entry.id)
        if row is None:
            row = self._rows[item.entry.id] = self._row(item)
        return row

    def rows(self, items: Iterable[Carried]) -> tuple[Row, ...]:
        """Return the rows of entries, in their order."""
        return tuple(map(self.row, items))

    def _row(self, item: Carried) -> Row:
        entry = item.entry
        job = entry if isinstance(entry, Job) else None
        label, day = self._row_date(item)
        return Row(
            kind=entry.kind,
            id=entry.id,
            title=entry.title,
            href=self.href(path_of(entry)),
            lang=entry.lang,
            organisation=", ".join(entry.organisations),
            place=_said("Place", place_line(job)) if job else "",
            pay=_said("Pay", pay_line(job, self.config.pay, self.pay_year(item))) if job else "",
            date_label=label,
            date=day,
            badge=BADGES.get(item.state),
        )

    def _row_date(self, item: Carried) -> tuple[str, DateText | None]:
        entry = item.entry
        if not isinstance(entry, Job):
            return "Published", day_text(entry.published.day)
        if entry.closes.moment is not None:
            return "Closed" if item.state == "closed" else "Closes", moment_text(entry.closes.moment, self.zone)
        if entry.closes.kind == "open until filled":
            return ("No longer taken as open" if item.state == "closed" else "Open until filled"), None
        return "Closing date not stated", None

    def pay_year(self, item: Carried) -> int | None:
        """Return the year that an entry's pay carries: that of its publication, once it is closed or old."""
        year = item.entry.published.day.year
        return year if item.state == "closed" or year < self.this_year else None

    def term_line(self, terms: TermList) -> TermLine:
        """Return a term as a line of an index."""
        return TermLine(
            label=terms.term.label,
            href=self.href(terms.path),
            explanation=terms.term.explanation,
            open=sum(item.is_open for item, _ in terms.members),
            total=len(terms.members),
        )

    def bars(self, current: str | None = None) -> tuple[Bar, ...]:
        """Return a bar for each salary band with the number of its jobs, or nothing where the facet is off."""
        terms = self.catalogue.terms.get("salary", ())
        bands = {band.id for band in self.config.bands}
        counted = [(term, len(term.members)) for term in terms if term.term.id in bands]
        most = max((count for _, count in counted), default=0) or 1
        return tuple(
            Bar(term.term.label, self.href(term.path), count, round(100 * count / most), term.term.id == current)
            for term, count in counted
        )

    def term_links(self, entry: Entry, facet: Facet) -> tuple[Link, ...]:
        """Return the terms of an entry in a facet as links; the address is empty where the facet is off."""
        on = facet.name in self.catalogue.terms
        return tuple(
            Link(found.label, self.href(f"/{facet.name}/{found.term}/") if on else "")
            for found in self.catalogue.memberships_of(facet, entry)
        )

    def newest(self, items: Iterable[Carried]) -> date | None:
        """Return the day of the newest change among entries."""
        return max((item.updated for item in items), default=None)


def _year(catalogue: Catalogue) -> int:
    return local_day(catalogue.now, catalogue.config.timezone).year


def _said(what: str, text: str) -> str:
    """Return a fact that stands without its label."""
    return f"{what} not stated" if text == "Not stated" else text


def facet_crumb(facet: Facet) -> tuple[str, str]:
    """Return the breadcrumb of a facet's index."""
    return facet.title, f"/{facet.name}/"
