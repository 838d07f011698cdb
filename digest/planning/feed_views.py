"""Feeds from one item model: what subscribers get of an entry, whatever the format.

Nothing here depends on the clock beyond which entries are published, so an unchanged entry gives unchanged bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Final

from msgspec import Struct

from digest.dates.words import format_day
from digest.fingerprints import fingerprint
from digest.markup import resolve
from digest.model import Entry, Image, Job
from digest.planning.around import Around, Surroundings
from digest.planning.cards import Card
from digest.planning.catalogue import Carried, Catalogue
from digest.planning.context import ViewContext
from digest.planning.edition_views import EDITIONS, EditionViews, for_subscribers
from digest.planning.editions import WeekEdition
from digest.planning.entry_views import guid, inner_path
from digest.planning.feed_formats import FORMATS, RSS, Format
from digest.planning.feed_items import stamp, without_aids
from digest.planning.parts import Link, Stamp
from digest.planning.program_views import Feed, FeedImage, FeedItem
from digest.planning.states import EPOCH, HIDDEN, day_start
from digest.planning.words import closing_words, first_id, path_of, pay_line, place_line

MAIN: Final = "all"
"""Id of the group of feeds that belong to no term."""
SINCE: Final = 2026
"""The year in the permanent ids of feeds (RFC 4151 §2.1); never to be changed."""


Items = Callable[[bytes, Callable[[], FeedItem]], FeedItem]
"""Gives the item with a mark, which is made only where it is not known."""


class PlannedFeed(Struct, frozen=True):
    """A feed that is to be made."""

    path: str
    """Site-relative path of the page that it belongs to."""
    group: tuple[str, str]
    """Id and title of the feeds that it belongs to."""
    label: str
    """What it carries, within its group."""
    title: str
    about: str
    cards: tuple[Card, ...]
    """Its items, newest first."""
    editions: tuple[WeekEdition, ...] = ()
    """Its items where it is the feed of editions, newest first."""


def _planned(catalogue: Catalogue) -> tuple[PlannedFeed, ...]:
    """Plan every feed that is switched on, group by group."""
    return tuple(_feeds(catalogue))


def _feeds(catalogue: Catalogue) -> Iterator[PlannedFeed]:
    config = catalogue.config
    title, outputs, most = config.title, config.outputs, config.lists.feed_items
    if outputs.feeds:
        entries = (item for item in catalogue.carried if item.card.kind != "page")
        main = (MAIN, title)
        yield PlannedFeed("/", main, "Everything", title, config.description or title, _first(entries, most))
        about = "Public-sector digital jobs."
        yield PlannedFeed("/jobs/", main, "Jobs", f"{title}: jobs", about, _first(catalogue.jobs(), most))
        about = "News of public-sector digital work."
        yield PlannedFeed("/news/", main, "News", f"{title}: news", about, _first(catalogue.news(), most))
    if outputs.feeds and outputs.editions:
        yield PlannedFeed(
            EDITIONS,
            ("editions", "Editions"),
            "Weekly editions",
            f"{title}: editions",
            "A letter for each week: new jobs, what closes next, changed deadlines and news.",
            (),
            tuple(islice(for_subscribers(catalogue), most)),
        )
    if outputs.term_feeds:
        for found in chain.from_iterable(catalogue.terms.values()):
            group, name = (found.facet.name, found.facet.title), f"{title}: {found.title}"
            yield PlannedFeed(found.path, group, found.term.label, name, found.about, _first(found.members, most))


def _first(items: Iterable[Carried], most: int) -> tuple[Card, ...]:
    """Return the first of entries, which are in catalogue order, that are published."""
    return tuple(islice((item.card for item in items if item.state not in HIDDEN), most))


class FeedViews:
    """Makes feeds; each item is made once and shared by all."""

    def __init__(self, context: ViewContext, surroundings: Surroundings, editions: EditionViews, items: Items) -> None:
        """Take the site's frame, what finds where links lead, what makes items of editions, and what keeps items."""
        self.context = context
        self.config = context.config
        self._surroundings = surroundings
        self._editions = editions
        self._items = items

    @property
    def feeds(self) -> tuple[PlannedFeed, ...]:
        """Every feed that is switched on, group by group."""
        return self.context.catalogue.derived(_planned)

    @staticmethod
    def formats(feed: PlannedFeed) -> tuple[Format, ...]:
        """Return the forms in which a feed is published."""
        return FORMATS if feed.path == "/" else (RSS,)

    def mark(self, feed: PlannedFeed) -> bytes:
        """Return bytes that are equal only for feeds that show the same."""
        named = (feed.path, feed.title, feed.about, self._style)
        return b"\0".join(
            [*map(str.encode, named), *map(self._mark, feed.cards), *map(self._editions.mark, feed.editions)]
        )

    @property
    def _style(self) -> str:
        return self.context.assets["feed.css"]

    def _mark(self, card: Card) -> bytes:
        return self.context.keys(card).whole + self._surroundings.links_mark(card)

    def _around(self, card: Card) -> Around:
        return Around(self._surroundings.targets(card))

    def views(self, feed: PlannedFeed) -> Iterator[tuple[str, Feed]]:
        """Yield a feed's view in each of its forms, with its path."""
        config, permalink = self.config, self.context.permalink
        licence = config.licences.get(config.licence or "")
        for form in self.formats(feed):
            path = feed.path + form.file
            yield (
                path,
                form.view(
                    id=f"tag:{config.authority},{SINCE}:feed{feed.path}",
                    title=feed.title,
                    description=feed.about,
                    link=permalink(feed.path),
                    self_link=permalink(path),
                    language=config.language,
                    author=config.title,
                    rights=licence.label if licence else None,
                    style=self.context.href(self._style),
                    updated=self._stamp(max(self._all_updated(feed), default=EPOCH)),
                    items=(*map(self.item, feed.cards), *map(self._editions.item, feed.editions)),
                ),
            )

    def _all_updated(self, feed: PlannedFeed) -> Iterator[datetime]:
        yield from map(self._updated, feed.cards)
        yield from (day_start(edition.ends, self.context.zone) for edition in feed.editions)

    def _updated(self, card: Card) -> datetime:
        """Return the instant of an entry's newest noted change, or of its publication.

        Changes have a day alone: the seconds tell those of one day apart, so that each moves the instant.  The
        fraction of the second tells entries apart: feed checkers warn of two with one instant.
        """
        updated, noted = datetime.fromtimestamp(card.published, UTC), _noted(card)
        if noted:
            updated = max(updated, day_start(noted[0], self.context.zone)) + timedelta(seconds=noted.count(noted[0]))
        own = int.from_bytes(fingerprint(card.kind, first_id(card)), "big")
        return updated + timedelta(microseconds=own % 1_000_000)

    def _stamp(self, instant: datetime) -> Stamp:
        return stamp(instant, self.context.zone)

    def item(self, card: Card) -> FeedItem:
        """Return an entry as a feed item."""
        return self._items(self._mark(card), partial(self._item, card))

    def _item(self, card: Card) -> FeedItem:
        entry, body, _ = self.context.whole(card)
        around, here = self._around(card), path_of(card)

        def href(target: str) -> str | None:
            path = inner_path(target, around)
            return None if path is None else self.context.permalink(here + path if path.startswith("#") else path)

        return FeedItem(
            guid=guid(entry, self.config.authority),
            title=entry.title,
            link=self.context.permalink(here),
            summary=entry.summary,
            facts=tuple(self._facts(entry)),
            image=self._image(entry.image) if entry.image else None,
            body=without_aids(resolve(body, href, around.title)),
            changes=tuple(self._changes(entry)),
            categories=tuple(label for _, label in self.context.labels.of(card, "tags")),
            published=self._stamp(entry.published.starts),
            updated=self._stamp(self._updated(card)),
            changed=bool(_noted(card)),
            lang=entry.lang,
        )

    def _image(self, image: Image) -> FeedImage:
        licence, src = self.config.licences[image.licence], self.context.permalink(f"/images/{image.src}")
        return FeedImage(src, image.alt, image.credit, Link(licence.label, licence.url or ""))

    def _changes(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield each noted change; one that moved the deadline tells the new one, and the old where that was noted."""
        zone = self.context.zone
        for place, change in enumerate(entry.changes):
            words = change.note
            if change.closes is not None:
                older = next((found.closes for found in entry.changes[place + 1 :] if found.closes), None)
                before = f" Before: {closing_words(older, zone)}." if older else ""
                words = f"{words} Closing date: {closing_words(change.closes, zone)}.{before}"
            yield format_day(change.date), words

    def _facts(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if entry.organisations:
            yield "Organisation", ", ".join(entry.organisations)
        if isinstance(entry, Job):
            yield "Pay", pay_line(entry, self.config.pay, None)
            yield "Place", place_line(entry)
            yield "Closes", closing_words(entry.closes, self.context.zone)


def _noted(card: Card) -> tuple[date, ...]:
    """Return the days of the changes that were noted since an entry was published, newest first."""
    return tuple(day for day in card.changes[card.hidden :] if day >= card.day)
