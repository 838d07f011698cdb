"""The plan: every file of the site, in parts that are each made of few values, and in bundles of such parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, Final

import msgspec

from digest import __version__
from digest.fingerprints import fingerprint
from digest.planning.around import Surroundings
from digest.planning.calendar_views import CalendarViews
from digest.planning.cards import Card
from digest.planning.catalogue import Carried, Catalogue
from digest.planning.context import CALENDAR, SEARCH, ViewContext
from digest.planning.data_views import DataViews
from digest.planning.edition_views import EditionViews
from digest.planning.entry_views import EntryViews
from digest.planning.facets import SALARY, Facet, enabled
from digest.planning.feed_views import FeedViews, Items
from digest.planning.list_views import ListViews
from digest.planning.outputs import Views
from digest.planning.pay_figures import band_counts, banded
from digest.planning.pieces import Bundle, Part
from digest.planning.policy import header_rules
from digest.planning.program_views import (
    BuildRecord,
    Headers,
    Redirects,
    Robots,
    Sitemap,
    SitemapIndex,
    SitemapLine,
)
from digest.planning.salary_views import PATH as SALARY_INDEX
from digest.planning.salary_views import SalaryViews
from digest.planning.search_views import INDEX, SCRIPT, Blocks, SearchViews
from digest.planning.states import local_day
from digest.planning.subscribe_views import SubscribeViews
from digest.planning.term_views import TermViews
from digest.planning.words import old_path, path_of

SITEMAP_LINES: Final = 50_000
"""Addresses of a sitemap, at most (sitemaps.org, § "Using Sitemap index files")."""


class Lines:
    """What search engines are told of the files of a site."""

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        """Take the paths of files, each with the day of its newest change, in the order of the plan."""
        self._files = files
        self.reads: Final = b"last" + fingerprint("\0".join([part for line in files for part in line]))

    def ordered(self) -> list[tuple[str, str]]:
        """Return the addresses of the files, each with that day, in order."""
        return sorted((f"/{path.removesuffix('index.html')}", updated) for path, updated in self._files)


class Plan:
    """The parts of a site."""

    def __init__(self, context: ViewContext, blocks: Blocks, items: Items) -> None:
        """Take the site's frame and its catalogue, what gives the words of entries, and what keeps feed items."""
        self.context = context
        self._blocks = blocks
        self._items = items
        self.catalogue = context.catalogue
        self.config = context.config
        self._around = context.catalogue.derived(Surroundings)
        self._entry_views = EntryViews(context)
        self._page = self._entry_page  # one for all parts: each time it is named there is another
        self._calendar_views = CalendarViews(context)
        self._all = context.catalogue.marks
        self._facts = fingerprint(context.catalogue.derived(_facts), msgspec.msgpack.encode(context.frames.facts))
        """Equal only where all is that other entries may show of each, and all that is known of pictures."""

    def bundles(self) -> Iterator[Bundle]:
        """Yield all parts but the last ones, in bundles; lists and feeds, which take longest, at the two ends."""
        yield Bundle("lists", self._lists, self._facts)
        keys = self.context.keys
        for (year, month), items in self.catalogue.derived(_months).items():
            reads = b"".join([self._facts, *[keys(item.card).whole for item in items]])
            yield Bundle(f"entries {year}-{month}", partial(map, self._entry, items), reads)
        yield Bundle("withdrawn", partial(map, self._withdrawn_entry, self.catalogue.withdrawn))
        if self.config.outputs.editions:
            reads = b"".join([self._facts, *[keys(card).whole for card in self.catalogue.introductions]])
            yield Bundle("editions", self._editions, reads)
        yield Bundle("programs", self._for_programs)
        if self.config.outputs.search:
            yield Bundle("search", self._search)
        yield Bundle("feeds", self._feeds)

    def last(self, lines: Lines, paths: Sequence[str]) -> Iterator[Bundle]:
        """Yield the parts that know of all others; `paths` are those of their files, in the order of the parts."""
        if self.config.outputs.search:
            view = self._search_views.index(paths)
            reads = b"index" + self._all + msgspec.json.encode(view)
            yield Bundle("index", partial(iter, [Part(reads, partial(_one, INDEX, lambda: view))]))
        yield Bundle("last", partial(iter, [Part(lines.reads, partial(self._for_robots, lines))]))

    def _lists(self) -> Iterator[Part]:
        latest = self._edition_views.editions[:1]
        yield Part(b"front" + self._all + self._edition_views.list_reads(latest), self._front)
        for archive in self._list_views.archives:
            reads = b"".join([b"archive", archive.path.encode(), *(item.mark for item in archive.items)])
            yield Part(reads, partial(self._list_views.archive, archive))
        for facet in enabled(self.config):
            yield from self._facet(facet)

    def _record(self) -> BuildRecord:
        catalogue = self.catalogue
        newest = catalogue.derived(_newest)
        return BuildRecord(
            generator=f"careers-digest {__version__}",
            updated=newest.isoformat() if newest else None,
            next_change=catalogue.next_change.isoformat() if catalogue.next_change else None,
            entries=catalogue.counts,
        )

    def _headers(self) -> Headers:
        return Headers(tuple(header_rules(self.config.base_path, search=self.config.outputs.search)))

    # --- entries -------------------------------------------------------------------------------------------

    def _entry(self, item: Carried) -> Part:
        card = item.card
        marks = self.context.keys(card).whole, item.mark, self._around.mark(item), self.context.frames.mark(card)
        reads = b"\0".join([b"entry", *marks])
        return Part(reads, partial(self._page, item), card.path)

    def _entry_page(self, item: Carried) -> Views:
        path = path_of(item.card)
        yield path, self._entry_views.page_of(item, self._around.of(item))
        calendar = self._calendar_views.of_job(item)
        if calendar:
            yield f"{path}{CALENDAR}", calendar
        yield from self._redirects(item.card)

    def _withdrawn_entry(self, card: Card) -> Part:
        return Part(b"withdrawn" + self.context.keys(card).whole, partial(self._withdrawn, card), card.path)

    def _withdrawn(self, card: Card) -> Views:
        yield path_of(card), self._entry_views.withdrawn(card)
        yield from self._redirects(card)

    def _redirects(self, card: Card) -> Views:
        for alias in card.aliases:
            yield old_path(card, alias), self._entry_views.redirect(card)

    # --- lists ---------------------------------------------------------------------------------------------

    @cached_property
    def _list_views(self) -> ListViews:
        return ListViews(self.context)

    @cached_property
    def _term_views(self) -> TermViews:
        return TermViews(self.context)

    def _front(self) -> Views:
        views = self._list_views
        yield "/", views.home(self._edition_views.latest())
        yield from views.current()
        yield "/404.html", views.not_found()

    def _facet(self, facet: Facet) -> Iterator[Part]:
        terms = self.catalogue.terms[facet.name]
        counts = b""
        if facet is SALARY:
            salary = SalaryViews(self.context)
            yield Part(b"salary" + salary.reads(), partial(_one, SALARY_INDEX, partial(salary.index, terms)))
            numbers = [banded(self.catalogue), *(found.jobs for found in band_counts(self.catalogue))]
            counts = b"".join(b"%d," % number for number in numbers)
        else:
            yield Part(b"facet" + facet.name.encode() + self._all, partial(self._index, facet))
        for found in terms:
            marks = [item.mark for item in found.members]
            reads = b"".join([b"term", found.path.encode(), counts, *marks])
            yield Part(reads, partial(self._term_views.term, found))

    def _index(self, facet: Facet) -> Views:
        return _one(f"/{facet.name}/", partial(self._term_views.index, facet, self.catalogue.terms[facet.name]))

    # --- editions ------------------------------------------------------------------------------------------

    @cached_property
    def _edition_views(self) -> EditionViews:
        return EditionViews(self.context, self._around)

    def _editions(self) -> Iterator[Part]:
        views = self._edition_views
        for place, edition in enumerate(views.editions):
            source = edition.introduction.path if edition.introduction else None
            yield Part(b"edition" + views.reads(place), partial(views.edition, place), source)
        yield Part(b"coming" + views.coming_reads(), views.next)
        yield Part(b"editions" + views.list_reads(views.editions), views.index)
        for year, editions in views.years:
            yield Part(b"year" + views.list_reads(editions), partial(views.year, year, editions))

    # --- feeds ---------------------------------------------------------------------------------------------

    def _feeds(self) -> Iterator[Part]:
        views = FeedViews(self.context, self._around, self._edition_views, self._items)
        for feed in views.feeds:
            yield Part(b"feed" + views.mark(feed), partial(views.views, feed))
        if views.feeds:
            lists = SubscribeViews(self.context, views.feeds, self._calendar_views.planned)
            yield Part(b"subscribe" + lists.reads(), lists.views)

    # --- for hosts -----------------------------------------------------------------------------------------

    def _moved(self) -> Iterator[tuple[str, str, str]]:
        """Yield what `Redirects` says of each old address, where the site is to have the list of them.

        An entry that was withdrawn is gone (RFC 9110 §15.5.11), and its notice answers in its place.
        """
        if self.config.outputs.redirects:
            href = self.context.href
            for card in (*(item.card for item in self.catalogue.carried), *self.catalogue.withdrawn):
                for alias in card.aliases:
                    yield href(old_path(card, alias)), href(path_of(card)), "301"
            for card in self.catalogue.withdrawn:
                yield href(path_of(card)), href(f"{path_of(card)}index.html"), "410!"

    # --- search --------------------------------------------------------------------------------------------

    @cached_property
    def _search_views(self) -> SearchViews:
        return SearchViews(self.context, self._blocks)

    def _search(self) -> Iterator[Part]:
        views = self._search_views
        script = self.context.assets[SCRIPT]
        yield Part(b"search" + script.encode() + msgspec.json.encode(views.filters), partial(_one, SEARCH, views.page))
        for number in range(views.files):
            reads = b"words%d/%d" % (number, len(views.blocks)) + views.words_read(number)
            yield Part(reads, partial(views.words, number), of=partial(views.says, number))
        for block in views.blocks:
            yield Part(b"rows" + views.rows_read(block), partial(views.rows, block))

    # --- for programs --------------------------------------------------------------------------------------

    def _for_programs(self) -> Iterator[Part]:
        record = self._record()
        yield Part(b"record" + msgspec.json.encode(record), partial(_one, "/build.json", lambda: record))
        if self.config.outputs.headers:
            yield Part(b"headers", partial(_one, "/_headers", self._headers))
        moved = tuple(self._moved())
        if moved:
            paths = "\0".join(part for line in moved for part in line)
            yield Part(b"redirects" + paths.encode(), partial(_one, "/_redirects", lambda: Redirects(moved)))
        calendars, data = self._calendar_views, DataViews(self.context)
        for calendar in calendars.planned:
            address = f"{calendar.path}{CALENDAR}"
            reads = b"\0".join([b"calendar", address.encode(), calendar.title.encode(), calendar.mark()])
            yield Part(reads, partial(_one, address, partial(calendars.view, calendar)))
        for file in data.all():
            reads = b"\0".join([b"data", file.path.encode(), file.mark()])
            yield Part(reads, partial(_one, file.path, partial(data.file, file)), here=True)
        if self.config.outputs.data:
            yield Part(b"data", data.fixed)

    # --- for search engines --------------------------------------------------------------------------------

    def _for_robots(self, found: Lines) -> Views:
        outputs, permalink = self.config.outputs, self.context.permalink
        if outputs.sitemap:
            lines = found.ordered()
            parts = [lines[at : at + SITEMAP_LINES] for at in range(0, len(lines), SITEMAP_LINES)]
            names = [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
            if len(parts) > 1:
                yield "/sitemap.xml", SitemapIndex(tuple(map(permalink, names)))
            else:
                names, parts = ["/sitemap.xml"], [lines]
            for name, some in zip(names, parts, strict=True):
                yield name, Sitemap(tuple(SitemapLine(permalink(path), day or None) for path, day in some))
        if outputs.robots:
            yield "/robots.txt", Robots(permalink("/sitemap.xml") if outputs.sitemap else None)


def _facts(catalogue: Catalogue) -> bytes:
    """Return a fingerprint of all that other entries may show of each."""
    cards = [*catalogue.cards.values(), *catalogue.withdrawn, *catalogue.introductions]
    today = local_day(catalogue.now, catalogue.config.timezone)
    return fingerprint(catalogue.marks, b"".join([card.face for card in cards]), str(today))


def _months(catalogue: Catalogue) -> Mapping[tuple[int, int], list[Carried]]:
    """Return the published entries by the year and month of their publication."""
    months: dict[tuple[int, int], list[Carried]] = defaultdict(list)
    for item in catalogue.carried:
        day = item.card.day
        months[day.year, day.month].append(item)
    return months


def _newest(catalogue: Catalogue) -> date | None:
    return ViewContext.newest(catalogue.carried)


def _one(path: str, view: Callable[[], Any]) -> Views:
    yield path, view()
