"""Feeds from one item model: what subscribers get of an entry, whatever the format.

Nothing here depends on the clock beyond which entries are published, so an unchanged entry gives unchanged bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from digest.dates.words import rfc822
from digest.dates.zones import zone_info
from digest.markup import resolve
from digest.model import Entry, Job
from digest.planning.around import Around, Surroundings
from digest.planning.cards import Card
from digest.planning.catalogue import Carried
from digest.planning.context import ViewContext
from digest.planning.entry_views import guid, inner_path
from digest.planning.states import HIDDEN, day_start
from digest.planning.views import Feed, FeedItem
from digest.planning.words import closing_words, path_of, pay_line, place_line


class PlannedFeed(NamedTuple):
    """A feed that is to be made."""

    path: str
    """Site-relative path of the page that it belongs to."""
    title: str
    about: str
    cards: tuple[Card, ...]
    """Its items, newest first."""


class FeedViews:
    """Makes feeds; each item is made once and shared by all."""

    def __init__(self, context: ViewContext, surroundings: Surroundings) -> None:
        """Take the site's frame, and what finds where links lead."""
        self.context = context
        self.config = context.config
        self._surroundings = surroundings
        self._items: dict[str, FeedItem] = {}
        self._marks: dict[str, bytes] = {}

    def all(self) -> Iterator[PlannedFeed]:
        """Yield every feed that is switched on."""
        catalogue, title = self.context.catalogue, self.config.title
        if self.config.outputs.feeds:
            entries = (item for item in catalogue.carried if item.card.kind != "page")
            yield self._feed("/", title, self.config.description or title, entries)
            yield self._feed("/jobs/", f"{title}: jobs", "Public-sector digital jobs.", catalogue.jobs())
            yield self._feed("/news/", f"{title}: news", "News of public-sector digital work.", catalogue.news())
        if self.config.outputs.term_feeds:
            for terms in catalogue.terms.values():
                for found in terms:
                    yield self._feed(found.path, f"{title}: {found.title}", found.about, found.members)

    def _feed(self, path: str, title: str, about: str, items: Iterable[Carried]) -> PlannedFeed:
        """Plan a feed of the first of `items`, which are in catalogue order, that are published."""
        shown = (item.card for item in items if item.state not in HIDDEN)
        return PlannedFeed(path, title, about, tuple(islice(shown, self.config.lists.feed_items)))

    def mark(self, feed: PlannedFeed) -> bytes:
        """Return bytes that are equal only for feeds that show the same items."""
        return b"".join(map(self._mark, feed.cards))

    def _mark(self, card: Card) -> bytes:
        mark = self._marks.get(card.id)
        if mark is None:
            mark = self._marks[card.id] = card.whole + b"%d" % card.hidden + self._around(card).mark()
        return mark

    def _around(self, card: Card) -> Around:
        return Around(self._surroundings.targets(card))

    def view(self, feed: PlannedFeed) -> Feed:
        """Return a feed's view."""
        updated = max(map(self._updated, feed.cards), default=None)
        return Feed(
            title=feed.title,
            description=feed.about,
            link=self.context.permalink(feed.path),
            self_link=self.context.permalink(f"{feed.path}feed.xml"),
            language=self.config.language,
            updated=self._rfc822(updated) if updated else "",
            items=tuple(map(self.item, feed.cards)),
        )

    def _updated(self, card: Card) -> datetime:
        """Return the instant of an entry's newest noted change, or of its publication."""
        published = datetime.fromtimestamp(card.published, UTC)
        return max(published, day_start(card.updated, self.context.zone)) if card.updated > card.day else published

    def _rfc822(self, instant: datetime) -> str:
        """Return an instant in the site's time zone, so that its day is the one on the page."""
        return rfc822(instant.astimezone(zone_info(self.context.zone)))

    def item(self, card: Card) -> FeedItem:
        """Return an entry as a feed item."""
        made = self._items.get(card.id)
        if made is None:
            made = self._items[card.id] = self._item(card)
        return made

    def _item(self, card: Card) -> FeedItem:
        entry, body, _ = self.context.whole(card)
        around, here = self._around(card), path_of(card)

        def href(target: str) -> str | None:
            path = inner_path(target, around)
            return None if path is None else self.context.permalink(here + path if path.startswith("#") else path)

        updated = self._updated(card)
        return FeedItem(
            guid=guid(entry, self.config.authority),
            title=entry.title,
            link=self.context.permalink(here),
            summary=entry.summary,
            facts=tuple(self._facts(entry)),
            body=resolve(body, href, around.title),
            categories=tuple(label for _, label in self.context.labels.of(card, "tags")),
            published=self._rfc822(entry.published.starts),
            updated=updated.isoformat() if updated > entry.published.starts else None,
            lang=entry.lang,
        )

    def _facts(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if entry.organisations:
            yield "Organisation", ", ".join(entry.organisations)
        if isinstance(entry, Job):
            yield "Pay", pay_line(entry, self.config.pay, None)
            yield "Place", place_line(entry)
            yield "Closes", closing_words(entry.closes, self.context.zone)
