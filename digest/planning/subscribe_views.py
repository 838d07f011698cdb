"""Views of the lists of all feeds: for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from digest.planning.calendar_views import PlannedCalendar
from digest.planning.context import CALENDAR, SUBSCRIBE, ViewContext
from digest.planning.feed_formats import RSS, Format
from digest.planning.feed_views import MAIN, FeedViews, PlannedFeed
from digest.planning.program_views import FeedGroup, FeedLine, FeedList
from digest.planning.views import SubscribePage

OPML: Final = "/feeds.opml"


class SubscribeViews:
    """Makes the lists of all feeds that are switched on."""

    def __init__(
        self, context: ViewContext, feeds: Sequence[PlannedFeed], calendars: Sequence[PlannedCalendar]
    ) -> None:
        """Take the site's frame, the feeds, group by group, and the calendars, that of all jobs first."""
        self.context = context
        self.feeds = feeds
        self.calendars = calendars

    def reads(self) -> bytes:
        """Return bytes that are equal only where there are the same feeds and calendars with the same names."""
        feeds = [part for feed in self.feeds for part in (feed.path, feed.label, feed.title)]
        return "\0".join([*feeds, *(part for one in self.calendars for part in one[:3])]).encode()

    def views(self) -> Iterator[tuple[str, FeedList | SubscribePage]]:
        """Yield the lists with their paths."""
        context = self.context
        yield OPML, FeedList(context.config.title, tuple(self._groups(self.feeds)))
        summary = f"Every way to follow {context.config.title}, with the addresses of its feeds."
        links = [context.feed_link(feed.path, feed.label) for feed in self.feeds if feed.group[0] == MAIN]
        whole = [feed for feed in self.feeds if feed.path == "/"]
        yield (
            SUBSCRIBE,
            SubscribePage(
                site=context.site,
                head=context.head(SUBSCRIBE, "Subscribe", summary, feeds=links),
                formats=tuple(self._line(feed, form, form.name) for feed in whole for form in FeedViews.formats(feed)),
                groups=tuple(self._groups([feed for feed in self.feeds if feed not in whole])),
                opml=context.permalink(OPML),
                calendars=tuple(map(self._calendar, self.calendars)),
            ),
        )

    def _groups(self, feeds: Iterable[PlannedFeed]) -> Iterator[FeedGroup]:
        for (id_, title), found in groupby(feeds, key=lambda feed: feed.group):
            yield FeedGroup(id_, title, tuple(self._line(feed, RSS, feed.label) for feed in found))

    def _calendar(self, calendar: PlannedCalendar) -> FeedLine:
        page = self.context.permalink(calendar.path)
        return FeedLine(calendar.label, calendar.title, page + CALENDAR, page)

    def _line(self, feed: PlannedFeed, form: Format, label: str) -> FeedLine:
        permalink = self.context.permalink
        return FeedLine(label, feed.title, permalink(feed.path + form.file), permalink(feed.path))
