"""How lists are made: sections of rows, and pages that never renumber.

Lists that grow are split so that a new entry does not rewrite old pages: full pages are numbered from the oldest, and
the newest rows stand on the list's own address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from digest.planning.catalogue import Carried, newest_first
from digest.planning.context import ViewContext
from digest.planning.parts import FeedLink, Group, Link, Section
from digest.planning.views import ListPage

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


class ListMaker:
    """Makes the parts that all lists share."""

    def __init__(self, context: ViewContext) -> None:
        """Take the site's frame and its catalogue."""
        self.context = context
        self.catalogue = context.catalogue
        self.config = context.config

    def _neighbours(
        self, path: str, slices: Sequence[tuple[int, int, int | None]], place: int
    ) -> tuple[Link | None, Link | None]:
        def link(label: str, index: int) -> Link | None:
            if not 0 <= index < len(slices):
                return None
            number = slices[index][2]
            return self.context.link(label, path if number is None else f"{path}page/{number}/")

        return link("Newer entries", place - 1), link("Older entries", place + 1)

    def _groups(self, items: Sequence[Carried], heading: str = "{}") -> tuple[Group, ...]:
        """Return past entries, newest first, in groups by year; `{}` in the heading stands for the year."""
        years = groupby(items, key=lambda item: item.filed.year)
        return tuple(Group(heading.format(year), self.context.rows(found)) for year, found in years)

    def _section(
        self, id_: str, heading: str, items: Sequence[Carried], *, empty: str | None = None, more: Link | None = None
    ) -> Section:
        groups = (Group(None, self.context.rows(items)),) if items else ()
        return Section(id_, heading, groups, empty, more)

    def _list(  # noqa: PLR0913 - one keyword for each part of a page
        self,
        path: str,
        heading: str,
        intro: str,
        *,
        sections: Iterable[Section],
        crumbs: Sequence[tuple[str, str]] = (),
        feeds: Sequence[FeedLink] = (),
        calendars: Sequence[Link] = (),
        updated: date | None = None,
        title: str | None = None,
        **more: Any,
    ) -> ListPage:
        """Return the view of the list at `path`; `title` is the heading if left out; `more` are further fields."""
        head = self.context.head(
            path, title or heading, intro, crumbs=crumbs, feeds=feeds, calendars=calendars, updated=updated
        )
        return ListPage(
            site=self.context.site,
            head=head,
            heading=heading,
            intro=intro,
            sections=tuple(sections),
            **more,
        )

    def _feeds(self, *paths: tuple[str, str]) -> list[FeedLink]:
        if not self.config.outputs.feeds:
            return []
        return [self.context.feed_link(path, title) for path, title in paths]

    def _calendars(self, *paths: tuple[str, str]) -> list[Link]:
        if not self.config.outputs.calendars:
            return []
        return [self.context.calendar_link(path, title) for path, title in paths]

    def _past_first(self, item: Carried) -> tuple[int, tuple[float, str]]:
        return (-item.filed.toordinal(), newest_first(item.card))

    @staticmethod
    def _recently_closed(item: Carried) -> tuple[float, tuple[float, str]]:
        return (-(item.card.job.ended if item.card.job else 0.0), newest_first(item.card))
