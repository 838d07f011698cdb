"""Views of lists: home, jobs, closing, archives by year, news, and the pages and indexes of facets.

Lists that grow are split so that a new entry does not rewrite old pages: full pages are numbered from the oldest, and
the newest rows stand on the list's own address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from digest.site.catalogue import Carried, TermList, newest_first, past_day
from digest.site.facets import Facet, enabled
from digest.model import Job
from digest.site.context import ViewContext, facet_crumb
from digest.site.views import Group, HomePage, Link, ListPage, NotFoundPage, Section, TermLine, TermsPage

PlannedList = tuple[str, ListPage]
"""A site-relative path and the list page that stands there."""


def paged(count: int, size: int) -> list[tuple[int, int, int | None]]:
    """Split `count` rows, newest first, into pages that never renumber.

    Return (start, stop, number) half-open slices.  The first, with number None, stands on the list's own address and
    holds fewer than two full pages; the others are full, numbered from 1, the oldest, and come newest first.

    >>> paged(25, 10)
    [(0, 15, None), (15, 25, 1)]
    """
    full = max(count // size - 1, 0)
    newest = count - full * size
    slices: list[tuple[int, int, int | None]] = [(0, newest, None)]
    for number in range(full, 0, -1):
        start = count - number * size
        slices.append((start, start + size, number))
    return slices


class ListViews:
    """Makes the views of lists."""

    def __init__(self, context: ViewContext) -> None:
        """Order the entries once."""
        self.context = context
        self.catalogue = context.catalogue
        self.config = context.config
        self.open = self.catalogue.open_jobs()
        closed = [item for item in self.catalogue.jobs() if item.state == "closed"]
        self.closed = sorted(closed, key=self._recently_closed)
        self.news = self.catalogue.news()
        self.closed_years = self._by_year(self.closed)
        self.news_years = self._by_year(self.news)

    # --- home ----------------------------------------------------------------------------------------------

    def home(self) -> HomePage:
        """Return the view of the home page."""
        context, lists = self.context, self.config.lists
        closing = self._closing()
        latest = [*self.open, *self.closed]
        latest.sort(key=lambda item: newest_first(item.entry))
        quiet = (
            None if self.open else "No job is open at the moment. Closed jobs keep their pages, with what they paid."
        )
        sections = []
        if self.open:
            heading, empty = "Closing this week", "No job closes in the next seven days."
            sections.append(self._section("closing", heading, closing[: lists.home_jobs], empty=empty))
        title = "Latest jobs" if self.open else "Latest jobs in the archive"
        more = context.link("All open jobs", "/jobs/") if self.open else context.link("Closed jobs", "/jobs/closed/")
        sections.append(self._section("jobs", title, latest[: lists.home_jobs], more=more))
        more = context.link("All news", "/news/")
        sections.append(self._section("news", "Latest news", self.news[: lists.home_news], more=more))
        browse = tuple(context.link(facet.title, f"/{facet.name}/") for facet in self._facets())
        return HomePage(
            site=context.site,
            head=context.head(
                "/",
                self.config.title,
                self.config.description,
                feeds=self._feeds(("/", "Everything"), ("/jobs/", "Jobs"), ("/news/", "News")),
                updated=context.newest(self.catalogue.carried),
            ),
            intro=self.config.description,
            sections=tuple(sections),
            quiet=quiet,
            bars=context.bars(),
            tags=self._largest("tags", 12),
            organisations=self._largest("organisations", 8),
            browse=browse,
        )

    def _closing(self) -> list[Carried]:
        return [item for item in self.open if item.state in {"closing soon", "last day"}]

    def _largest(self, facet: str, count: int) -> tuple[TermLine, ...]:
        """Return the terms with most entries, in the order of the index."""
        terms = self.catalogue.terms.get(facet, ())
        largest = sorted(terms, key=lambda term: -len(term.members))[:count]
        return tuple(self.context.term_line(term) for term in terms if term in largest)

    def _facets(self) -> list[Facet]:
        return list(enabled(self.config))

    # --- jobs and news -------------------------------------------------------------------------------------

    def all(self) -> Iterator[PlannedList]:
        """Yield every list that is not a facet's."""
        yield "/jobs/", self._jobs()
        yield "/jobs/closing/", self._closing_page()
        yield "/jobs/closed/", self._closed_index()
        for year, items in self.closed_years.items():
            path = f"/jobs/closed/{year}/"
            crumbs = [("Jobs", "/jobs/"), ("Closed jobs", "/jobs/closed/")]
            intro = f"Jobs that closed in {year}, the last to close first, with their pay as it was."
            yield from self._archive(path, f"Jobs closed in {year}", intro, crumbs, items)
        yield "/news/", self._news()
        for year, items in self.news_years.items():
            intro = f"News of public-sector digital work from {year}, newest first."
            yield from self._archive(f"/news/{year}/", f"News from {year}", intro, [("News", "/news/")], items)

    def _jobs(self) -> ListPage:
        recent = self.closed[: self.config.lists.page_size] if not self.open else []
        sections = [
            self._section(
                "open",
                "Open jobs",
                self.open,
                empty="No job is open at the moment. Follow the feed to hear of the next one.",
            )
        ]
        if recent:
            sections.append(self._section("closed", "Closed most recently", recent))
        return self._list(
            "/jobs/",
            "Jobs",
            "Public-sector digital jobs that are open, the next to close first.",
            count=_count(len(self.open), "open job"),
            sections=sections,
            years=[
                self.context.link("All closed jobs", "/jobs/closed/"),
                *self._years("/jobs/closed/", self.closed_years),
            ],
            feeds=self._feeds(("/jobs/", "Jobs"), ("/", "Everything")),
            updated=self.context.newest([*self.open, *recent]),
        )

    def _closing_page(self) -> ListPage:
        closing = self._closing()
        days = self.config.times.closing_soon_days
        section = self._section("closing", "Closing soon", closing, empty="No job closes in that time.")
        return self._list(
            "/jobs/closing/",
            "Closing soon",
            f"Open jobs that close in the next {days} days.",
            crumbs=[("Jobs", "/jobs/")],
            count=_count(len(closing), "job"),
            sections=[section],
            feeds=self._feeds(("/jobs/", "Jobs")),
            updated=self.context.newest(closing),
        )

    def _closed_index(self) -> ListPage:
        recent = self.closed[: self.config.lists.page_size]
        return self._list(
            "/jobs/closed/",
            "Closed jobs",
            "Closed jobs keep their pages for good, with what they paid at the time.",
            crumbs=[("Jobs", "/jobs/")],
            count=_count(len(self.closed), "closed job"),
            sections=[self._section("recent", "Closed most recently", recent, empty="No job has closed yet.")],
            years=self._years("/jobs/closed/", self.closed_years),
            feeds=self._feeds(("/jobs/", "Jobs")),
            updated=self.context.newest(recent),
        )

    def _news(self) -> ListPage:
        recent = self.news[: self.config.lists.page_size]
        return self._list(
            "/news/",
            "News",
            "News of public-sector digital work and the teams that do it, newest first.",
            count=_count(len(self.news), "news item"),
            sections=[self._section("news", "Latest news", recent, empty="There is no news yet.")],
            years=self._years("/news/", self.news_years),
            feeds=self._feeds(("/news/", "News"), ("/", "Everything")),
            updated=self.context.newest(recent),
        )

    def _archive(
        self, path: str, title: str, intro: str, crumbs: list[tuple[str, str]], items: Sequence[Carried]
    ) -> Iterator[PlannedList]:
        """Yield the pages of a list that only grows at its newest end."""
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
                    count=_count(len(items), "entry", "entries"),
                    sections=[self._section("entries", "Entries", rows)],
                    newer=newer,
                    older=older,
                    updated=self.context.newest(rows),
                ),
            )

    def _neighbours(
        self, path: str, slices: Sequence[tuple[int, int, int | None]], place: int
    ) -> tuple[Link | None, Link | None]:
        def link(label: str, index: int) -> Link | None:
            if not 0 <= index < len(slices):
                return None
            number = slices[index][2]
            return self.context.link(label, path if number is None else f"{path}page/{number}/")

        return link("Newer entries", place - 1), link("Older entries", place + 1)

    # --- facets --------------------------------------------------------------------------------------------

    def index(self, facet: Facet, terms: Sequence[TermList]) -> TermsPage:
        """Return the view of a facet's index."""
        context = self.context
        path = f"/{facet.name}/"
        items = [item for term in terms for item, _ in term.members]
        return TermsPage(
            site=context.site,
            head=context.head(path, facet.title, facet.intro, updated=context.newest(items)),
            heading=facet.title,
            intro=facet.intro,
            bars=context.bars() if facet.name == "salary" else (),
            terms=tuple(map(context.term_line, terms)),
        )

    def term(self, terms: TermList, before: TermList | None, after: TermList | None) -> Iterator[PlannedList]:
        """Yield the pages of a term: open entries and the newest past ones on its own, older ones numbered."""
        path = terms.path
        current = [item for item, _ in terms.members if item.is_open]
        past = sorted((item for item, _ in terms.members if not item.is_open), key=self._past_first)
        slices = paged(len(past), self.config.lists.page_size)
        for place, (start, stop, number) in enumerate(slices):
            rows = past[start:stop]
            newer, older = self._neighbours(path, slices, place)
            if number is None:
                sections = [*self._open_sections(terms), *self._past_sections(terms, rows)]
                yield path, self._term_page(terms, sections, [*current, *rows], (before, after), older)
            else:
                here = f"{path}page/{number}/"
                heading = f"{terms.term.label}, page {number}"
                yield (
                    here,
                    self._list(
                        here,
                        heading,
                        f"Older entries, {terms.facet.term_word} {terms.term.label}.",
                        crumbs=[facet_crumb(terms.facet), (terms.term.label, path)],
                        sections=self._past_sections(terms, rows),
                        newer=newer,
                        older=older,
                        updated=self.context.newest(rows),
                    ),
                )

    def _term_page(
        self,
        terms: TermList,
        sections: list[Section],
        shown: Sequence[Carried],
        neighbours: tuple[TermList | None, TermList | None],
        older: Link | None,
    ) -> ListPage:
        term, facet = terms.term, terms.facet
        before, after = (self.context.link(near.term.label, near.path) if near else None for near in neighbours)
        feeds = []
        if self.config.outputs.term_feeds:
            feeds.append(self.context.feed_link(terms.path, f"{facet.title}: {term.label}"))
        number = len(terms.members)
        is_open = sum(item.is_open for item, _ in terms.members)
        return self._list(
            terms.path,
            term.label if not term.short or term.short == term.label else f"{term.label} ({term.short})",
            term.explanation or f"Entries by {facet.term_word}: {term.label}.",
            crumbs=[facet_crumb(facet)],
            explanation=term.explanation,
            about=Link(f"{term.label}: its own page", term.url) if term.url else None,
            count=f"{_count(number, 'entry', 'entries')}, {is_open} open" if number else "No entries",
            sections=sections,
            bars=self.context.bars(term.id) if facet.name == "salary" else (),
            before=before,
            after=after,
            feeds=[*feeds, *self._feeds(("/", "Everything"))],
            older=older,
            updated=self.context.newest(shown),
        )

    def _open_sections(self, terms: TermList) -> Iterator[Section]:
        """Yield the open jobs, in the sections of the facet or in one."""
        declared = terms.facet.sections or (("", "Open jobs"),)
        for id_, heading in declared:
            placed = [item for item in self.open if item.entry.id in self._placed(terms, id_)]
            past = [item for item, found in terms.members if found.section == id_ and not item.is_open]
            if placed or not past and terms.facet.sections:
                yield self._section(id_ or "open", heading, placed, empty="No job is open here at the moment.")

    @staticmethod
    def _placed(terms: TermList, section: str) -> set[str]:
        return {item.entry.id for item, found in terms.members if found.section == section}

    def _past_sections(self, terms: TermList, items: Sequence[Carried]) -> Iterator[Section]:
        """Yield past entries by year, closed jobs apart from news, and in the sections of the facet."""
        jobs = [item for item in items if isinstance(item.entry, Job)]
        news = [item for item in items if not isinstance(item.entry, Job)]
        for id_, heading in terms.facet.sections or (("", "Closed jobs"),):
            placed = self._placed(terms, id_)
            found = [item for item in jobs if item.entry.id in placed]
            if found:
                name = f"{heading}: closed jobs" if id_ else heading
                yield Section(f"{id_}-closed" if id_ else "closed", name, self._groups(found))
        if news:
            yield Section("news", "News", self._groups(news))

    # --- parts ---------------------------------------------------------------------------------------------

    def _groups(self, items: Sequence[Carried]) -> tuple[Group, ...]:
        years = groupby(items, key=lambda item: past_day(item, self.context.zone).year)
        return tuple(Group(str(year), self.context.rows(found)) for year, found in years)

    def _section(
        self, id_: str, heading: str, items: Sequence[Carried], *, empty: str | None = None, more: Link | None = None
    ) -> Section:
        groups = (Group(None, self.context.rows(items)),) if items else ()
        return Section(id_, heading, groups, empty, more)

    def _list(
        self,
        path: str,
        heading: str,
        intro: str,
        *,
        sections: Iterable[Section],
        crumbs: Sequence[tuple[str, str]] = (),
        feeds: Sequence[Link] = (),
        years: Sequence[Link] = (),
        updated: object = None,
        **more: object,
    ) -> ListPage:
        head = self.context.head(path, heading, intro, crumbs=crumbs, feeds=feeds, updated=updated)  # type: ignore[arg-type]
        return ListPage(
            site=self.context.site,
            head=head,
            heading=heading,
            intro=intro,
            sections=tuple(sections),
            years=tuple(years),
            **more,  # type: ignore[arg-type]
        )

    def _feeds(self, *paths: tuple[str, str]) -> list[Link]:
        if not self.config.outputs.feeds:
            return []
        return [self.context.feed_link(path, title) for path, title in paths]

    def _years(self, path: str, years: dict[int, list[Carried]]) -> list[Link]:
        return [self.context.link(str(year), f"{path}{year}/") for year in years]

    def _by_year(self, items: Iterable[Carried]) -> dict[int, list[Carried]]:
        years: dict[int, list[Carried]] = defaultdict(list)
        for item in items:
            years[past_day(item, self.context.zone).year].append(item)
        return dict(sorted(years.items(), reverse=True))

    def _past_first(self, item: Carried) -> tuple[int, tuple[float, str]]:
        return (-past_day(item, self.context.zone).toordinal(), newest_first(item.entry))

    @staticmethod
    def _recently_closed(item: Carried) -> tuple[float, tuple[float, str]]:
        return (-(item.ended.timestamp() if item.ended else 0.0), newest_first(item.entry))

    def not_found(self) -> NotFoundPage:
        """Return the view of the page for addresses where nothing is."""
        context = self.context
        title = "Page not found"
        head = context.head("/404.html", title, "There is nothing at this address.", indexed=False)
        links = [context.link("Open jobs", "/jobs/"), context.link("News", "/news/")]
        links += [context.link(facet.title, f"/{facet.name}/") for facet in self._facets()]
        return NotFoundPage(site=context.site, head=head, links=tuple(links))


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
