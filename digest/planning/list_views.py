"""Views of the lists that are not a facet's: home, jobs, closing, archives by year, news; and of the 404 page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from digest.planning.catalogue import Carried, newest_first
from digest.planning.facets import enabled
from digest.planning.feed_formats import FORMATS, RSS
from digest.planning.filters import filtered_rows, filters_of
from digest.planning.lists import ListMaker, PlannedList, paged
from digest.planning.parts import FeedLink, Group, Link, Section, TermLine
from digest.planning.views import HomePage, ListPage, NotFoundPage
from digest.planning.words import count

CLOSING: Final = "/jobs/closing/"
CLOSING_DATES: Final = ("/jobs/", "Closing dates")
"""The calendar of all jobs."""


class Archive(Struct, frozen=True):
    """The past entries of one year."""

    folder: str
    """Site-relative path of the list that leads to it."""
    year: int
    items: list[Carried]
    """In catalogue order."""

    @property
    def path(self) -> str:
        """Its site-relative path."""
        return f"{self.folder}{self.year}/"


class ListViews(ListMaker):
    """Makes the views of lists."""

    @cached_property
    def open(self) -> list[Carried]:
        """The open jobs, the next to close first."""
        return self.catalogue.open_jobs()

    @cached_property
    def closed(self) -> list[Carried]:
        """The closed jobs, the last to close first."""
        return sorted((item for item in self.catalogue.jobs() if item.state == "closed"), key=self._recently_closed)

    @cached_property
    def news(self) -> list[Carried]:
        """The news, newest first."""
        return self.catalogue.news()

    @cached_property
    def archives(self) -> tuple[Archive, ...]:
        """The archives, of closed jobs and then of news, the newest year first."""
        closed, news = defaultdict(list), defaultdict(list)
        for item in self.catalogue.carried:
            if item.state == "closed":
                closed[item.filed.year].append(item)
            elif item.card.kind == "news":
                news[item.filed.year].append(item)
        return (
            *(Archive("/jobs/closed/", year, closed[year]) for year in sorted(closed, reverse=True)),
            *(Archive("/news/", year, news[year]) for year in sorted(news, reverse=True)),
        )

    # --- home ----------------------------------------------------------------------------------------------

    def home(self, edition: Section | None) -> HomePage:
        """Return the view of the home page; `edition` is its part with the latest edition."""
        context = self.context
        return HomePage(
            site=context.site,
            head=context.head(
                "/",
                self.config.title,
                self.config.description,
                feeds=[*self._everything(), *self._feeds(("/jobs/", "Jobs"), ("/news/", "News"))],
                calendars=self._calendars(CLOSING_DATES),
                updated=context.newest(self.catalogue.carried),
            ),
            intro=self.config.description,
            search=context.search,
            sections=(*self._home_sections(), *([edition] if edition else [])),
            quiet=None if self.open else "Closed jobs keep their pages, with what they paid.",
            bars=context.bars(),
            tags=self._largest("tags", 12),
            organisations=self._largest("organisations", 8),
            browse=self._browse(),
        )

    def _everything(self) -> Iterator[FeedLink]:
        """Yield the feed of everything in each of its forms."""
        for form in FORMATS if self.config.outputs.feeds else ():
            label = "Everything" if form is RSS else f"Everything ({form.name})"
            yield FeedLink(label, self.context.href(f"/{form.file}"), form.media)

    def _browse(self) -> tuple[Link, ...]:
        return tuple(self.context.link(facet.title, f"/{facet.name}/") for facet in enabled(self.config))

    def _home_sections(self) -> Iterator[Section]:
        """Yield what closes soon, the latest of the other jobs, and the latest news."""
        lists, link = self.config.lists, self.context.link
        closing = self._closing()[: lists.home_jobs]
        if self.open:
            empty = f"No job closes in the next {self.config.times.closing_soon_days} days."
            more = link("All jobs closing soon", CLOSING)
            yield self._section("closing", "Closing soon", closing, empty=empty, more=more if closing else None)
        shown = {item.card.id for item in closing}
        latest = [item for item in self.open or self.closed if item.card.id not in shown]
        latest.sort(key=lambda item: newest_first(item.card))
        if latest:
            heading = "Latest jobs" if self.open else "Latest jobs in the archive"
            more = link("All open jobs", "/jobs/") if self.open else link("All closed jobs", "/jobs/closed/")
            yield self._section("jobs", heading, latest[: lists.home_jobs], more=more)
        yield self._section("news", "Latest news", self.news[: lists.home_news], more=link("All news", "/news/"))

    def _closing(self) -> list[Carried]:
        return [item for item in self.open if item.state in {"closing soon", "last day"}]

    def _largest(self, facet: str, count: int) -> tuple[TermLine, ...]:
        """Return the terms with most entries, in the order of the index."""
        terms = self.catalogue.terms.get(facet, ())
        largest = sorted(terms, key=lambda term: -len(term.members))[:count]
        return tuple(self.context.term_line(term) for term in terms if any(term is one for one in largest))

    # --- jobs and news -------------------------------------------------------------------------------------

    def current(self) -> Iterator[PlannedList]:
        """Yield the lists that always stand at the same address."""
        yield "/jobs/", self._jobs()
        yield CLOSING, self._closing_page()
        yield "/jobs/closed/", self._closed_index()
        yield "/news/", self._news()

    def _jobs(self) -> ListPage:
        recent = self.closed[: self.config.lists.page_size] if not self.open else []
        filters = filters_of(self.context, self.open)
        section = self._section(
            "open",
            "Open jobs",
            self.open,
            empty="No job is open at the moment. Follow the feed to hear of the next one.",
            more=self.context.link("Jobs closing soon", CLOSING),
        )
        if filters:
            section = replace(section, groups=(Group(None, filtered_rows(self.context, self.open)),))
        sections = [section]
        if recent:
            sections.append(self._section("closed", "Closed most recently", recent))
        return self._list(
            "/jobs/",
            "Jobs",
            "Public-sector digital jobs that are open, the next to close first.",
            count=count(len(self.open), "open job"),
            sections=sections,
            filters=filters,
            browse=self._browse(),
            years=(
                self.context.link("All closed jobs", "/jobs/closed/"),
                *self._years("/jobs/closed/"),
            ),
            feeds=self._feeds(("/jobs/", "Jobs"), ("/", "Everything")),
            calendars=self._calendars(CLOSING_DATES),
            updated=self.context.newest([*self.open, *recent]),
        )

    def _closing_page(self) -> ListPage:
        closing = self._closing()
        days = self.config.times.closing_soon_days
        section = self._section("closing", "Closing soon", closing, empty="No job closes in that time.")
        return self._list(
            CLOSING,
            "Closing soon",
            f"Open jobs that close in the next {days} days.",
            crumbs=[("Jobs", "/jobs/")],
            count=count(len(closing), "job"),
            sections=[section],
            feeds=self._feeds(("/jobs/", "Jobs")),
            calendars=self._calendars(CLOSING_DATES),
            updated=self.context.newest(closing),
        )

    def _closed_index(self) -> ListPage:
        recent = self.closed[: self.config.lists.page_size]
        return self._list(
            "/jobs/closed/",
            "Closed jobs",
            "Closed jobs keep their pages for good, with what they paid at the time.",
            crumbs=[("Jobs", "/jobs/")],
            count=count(len(self.closed), "closed job"),
            sections=[self._section("recent", "Closed most recently", recent, empty="No job has closed yet.")],
            years=self._years("/jobs/closed/"),
            feeds=self._feeds(("/jobs/", "Jobs")),
            updated=self.context.newest(recent),
        )

    def _news(self) -> ListPage:
        recent = self.news[: self.config.lists.page_size]
        return self._list(
            "/news/",
            "News",
            "News of public-sector digital work and the teams that do it, newest first.",
            count=count(len(self.news), "news item"),
            sections=[self._section("news", "Latest news", recent, empty="There is no news yet.")],
            years=self._years("/news/"),
            feeds=self._feeds(("/news/", "News"), ("/", "Everything")),
            updated=self.context.newest(recent),
        )

    def _years(self, folder: str) -> tuple[Link, ...]:
        return tuple(
            self.context.link(str(found.year), found.path) for found in self.archives if found.folder == folder
        )

    def archive(self, archive: Archive) -> Iterator[PlannedList]:
        """Yield the pages of a list that only grows at its newest end."""
        path, year = archive.path, archive.year
        items: Sequence[Carried] = archive.items
        if archive.folder == "/news/":
            title, crumbs = f"News from {year}", [("News", "/news/")]
            intro = f"News of public-sector digital work from {year}, newest first."
        else:
            items = sorted(items, key=self._recently_closed)
            title, crumbs = f"Jobs closed in {year}", [("Jobs", "/jobs/"), ("Closed jobs", "/jobs/closed/")]
            intro = f"Jobs that closed in {year}, the last to close first, with their pay as it was."
        slices = paged(len(items), self.config.lists.page_size)
        for place, (start, stop, number) in enumerate(slices):
            rows = items[start:stop]
            newer, older = self._neighbours(path, slices, place)
            here = path if number is None else f"{path}page/{number}/"
            name = title if number is None else f"{title}, page {number}"
            above = crumbs if number is None else [*crumbs, (title, path)]
            yield (
                here,
                self._list(
                    here,
                    name,
                    intro,
                    crumbs=above,
                    count=count(len(items), "entry", "entries") if number is None else "",
                    sections=[self._section("entries", "Entries", rows)],
                    newer=newer,
                    older=older,
                    updated=self.context.newest(rows),
                ),
            )

    def not_found(self) -> NotFoundPage:
        """Return the view of the page for addresses where nothing is."""
        context = self.context
        title = "Page not found"
        head = context.head("/404.html", title, "There is nothing at this address.", indexed=False)
        links = [
            context.link("Home page", "/"),
            context.link("Open jobs", "/jobs/"),
            context.link("Closed jobs", "/jobs/closed/"),
            context.link("News", "/news/"),
        ]
        return NotFoundPage(site=context.site, head=head, search=context.search, links=(*links, *self._browse()))
