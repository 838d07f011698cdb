"""Feeds from one item model: what subscribers get of an entry, whatever the format.

Nothing here depends on the clock beyond which entries are published, so an unchanged entry gives unchanged bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from digest.dates.words import rfc822
from digest.dates.zones import zone_info
from digest.markup import resolve
from digest.model import Entry, Job, Page
from digest.planning.catalogue import Carried, newest_first
from digest.planning.context import ViewContext
from digest.planning.entry_views import guid
from digest.planning.facets import BY_NAME
from digest.planning.states import HIDDEN, day_start
from digest.planning.views import Feed, FeedItem
from digest.planning.words import closing_words, path_of, pay_line, place_line


class FeedViews:
    """Makes feeds; each item is made once and shared by all."""

    def __init__(self, context: ViewContext) -> None:
        """Take the shared parts."""
        self.context = context
        self.config = context.config
        self._items: dict[str, FeedItem] = {}

    def all(self) -> Iterator[tuple[str, Feed]]:
        """Yield every feed that is switched on with its path."""
        catalogue, title = self.context.catalogue, self.config.title
        entries = [item for item in catalogue.carried if not isinstance(item.entry, Page)]
        if self.config.outputs.feeds:
            yield self._feed("/", title, self.config.description or title, entries)
            yield self._feed("/jobs/", f"{title}: jobs", "Public-sector digital jobs.", catalogue.jobs())
            yield self._feed("/news/", f"{title}: news", "News of public-sector digital work.", catalogue.news())
        if self.config.outputs.term_feeds:
            for terms in catalogue.terms.values():
                for found in terms:
                    name = f"{title}: {found.title}"
                    yield self._feed(found.path, name, found.about, [item for item, _ in found.members])

    def _feed(self, path: str, title: str, about: str, items: Iterable[Carried]) -> tuple[str, Feed]:
        shown = [item.entry for item in items if item.state not in HIDDEN]
        newest = sorted(shown, key=newest_first)[: self.config.lists.feed_items]
        updated = max(map(self._updated, newest), default=None)
        address = f"{path}feed.xml"
        return address, Feed(
            title=title,
            description=about,
            link=self.context.permalink(path),
            self_link=self.context.permalink(address),
            language=self.config.language,
            updated=self._rfc822(updated) if updated else "",
            items=tuple(map(self.item, newest)),
        )

    def _updated(self, entry: Entry) -> datetime:
        """Return the instant of an entry's newest noted change, or of its publication."""
        days = [day_start(change.date, self.context.zone) for change in entry.changes]
        return max([entry.published.starts, *days])

    def _rfc822(self, instant: datetime) -> str:
        """Return an instant in the site's time zone, so that its day is the one on the page."""
        return rfc822(instant.astimezone(zone_info(self.context.zone)))

    def item(self, entry: Entry) -> FeedItem:
        """Return an entry as a feed item."""
        made = self._items.get(entry.id)
        if made is None:
            made = self._items[entry.id] = self._item(entry)
        return made

    def _item(self, entry: Entry) -> FeedItem:
        permalink = self.context.permalink(path_of(entry))

        def href(target: str) -> str | None:
            path = path_of(entry) + target if target.startswith("#") else self.context.path_for(target)
            return None if path is None else self.context.permalink(path)

        updated = self._updated(entry)
        noted = entry.changes and updated > entry.published.starts
        return FeedItem(
            guid=guid(entry, self.config.authority),
            title=entry.title,
            link=permalink,
            summary=entry.summary,
            facts=tuple(self._facts(entry)),
            body=resolve(self.context.bodies[entry.id], href, self.context.title_of),
            categories=tuple(found.label for found in self.context.catalogue.memberships_of(BY_NAME["tags"], entry)),
            published=self._rfc822(entry.published.starts),
            updated=updated.isoformat() if noted else None,
            lang=entry.lang,
        )

    def _facts(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if entry.organisations:
            yield "Organisation", ", ".join(entry.organisations)
        if isinstance(entry, Job):
            yield "Pay", pay_line(entry, self.config.pay, None)
            yield "Place", place_line(entry)
            yield "Closes", closing_words(entry.closes, self.context.zone)
