"""The outlook: how things stand at one instant, and what comes next, for whoever keeps the digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from digest.contract import Counts
from digest.dates.words import format_day
from digest.dates.zones import zone_info
from digest.planning.cards import Card, Labels
from digest.planning.catalogue import Carried, Catalogue
from digest.planning.states import State, local_day, next_change

STALE_DAYS: Final = 60
"""Days without a noted change after which an open job without a deadline is worth a look."""
_COMING: Final[dict[State, str]] = {
    "published": "is published",
    "opening soon": "is published",
    "open": "opens",
    "open until filled": "opens",
    "closing soon": "is shown as closing soon",
    "last day": "has its last day",
    "closed": "closes",
    "withdrawn": "is withdrawn",
    "review due": "is overdue for review",
}
"""What happens to an entry at the moment from which a state holds."""


class Standing(Struct, frozen=True):
    """An entry, with what is to be known of it."""

    path: str
    """Its file, site-root-relative."""
    title: str
    organisation: str
    said: str
    """When, or why it is listed, in words."""
    at: datetime | None = None
    """The instant (UTC) that this is about, where there is one."""


class Outlook(Struct, frozen=True):
    """How things stand."""

    now: datetime
    """UTC."""
    zone: str
    counts: Counts
    open: int
    """Jobs that are listed as open."""
    closing: tuple[Standing, ...]
    """Open jobs whose deadline is near, the next to close first."""
    undated: tuple[Standing, ...]
    """Open jobs without a deadline, with the day from which they are taken as closed, the next first."""
    stale: tuple[Standing, ...]
    """Those of them of which nothing was noted for long, the longest first."""
    scheduled: tuple[Standing, ...]
    """Entries that wait for their day, the next first."""
    drafts: tuple[Standing, ...]
    """In order of file."""
    next_change: datetime | None
    """When the site next changes by itself (UTC)."""
    coming: tuple[Standing, ...]
    """What happens then; empty where nothing but words of dates change."""


def outlook(catalogue: Catalogue) -> Outlook:
    """Return how a catalogue stands at its instant."""
    clock = _Clock(catalogue)
    undated = [item for item in catalogue.open_jobs() if item.card.job and item.card.job.ends is None]
    waiting = sorted(catalogue.waiting(), key=lambda card: (card.published, card.path))
    return Outlook(
        now=catalogue.now,
        zone=catalogue.config.timezone,
        counts=catalogue.counts,
        open=len(catalogue.open_jobs()),
        closing=tuple(clock.closing(item.card) for item in catalogue.open_jobs() if _is_near(item)),
        undated=tuple(sorted((clock.undated(item.card) for item in undated), key=_instant)),
        stale=tuple(clock.stale(item.card for item in undated)),
        scheduled=tuple(clock.scheduled(card) for card in waiting if not card.draft),
        drafts=tuple(clock.standing(card, "") for card in sorted(waiting, key=_file) if card.draft),
        next_change=catalogue.next_change,
        coming=tuple(clock.coming(catalogue.cards.values())),
    )


def _is_near(item: Carried) -> bool:
    return item.state in {"closing soon", "last day"}


def _instant(standing: Standing) -> tuple[datetime, str]:
    return (standing.at or datetime.max.replace(tzinfo=UTC), standing.path)


def _file(card: Card) -> str:
    return card.path


class _Clock:
    """Says of entries when things happen to them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._zone = catalogue.config.timezone
        self._labels = Labels(catalogue.config)

    def standing(self, card: Card, said: str, at: float | None = None) -> Standing:
        """Return a line on an entry; `at` is in seconds since 1970, UTC."""
        names = ", ".join(label for _, label in self._labels.of(card, "organisations"))
        return Standing(card.path, card.title, names, said, None if at is None else datetime.fromtimestamp(at, UTC))

    def closing(self, card: Card) -> Standing:
        """Say when a job with a deadline closes."""
        deadline = card.job.details.deadline if card.job else None
        return self.standing(card, f"closes {deadline[0]}" if deadline else "", card.job.ends if card.job else None)

    def undated(self, card: Card) -> Standing:
        """Say why a job without a deadline is open, and until when."""
        if card.job is None:
            return self.standing(card, "")
        day = format_day(card.job.ended_day)
        if card.job.details.closing == "open until filled":
            said = f"open until filled; taken as closed from {day}, unless a change is noted or an outcome written"
        else:
            said = f"closing date not stated; taken as closed from {day}, unless its date is written"
        return self.standing(card, said, card.job.ended)

    def stale(self, cards: Iterable[Card]) -> Iterator[Standing]:
        """Yield the jobs of which nothing was noted for long."""
        today = local_day(self._catalogue.now, self._zone)
        for card in sorted(cards, key=lambda card: (card.updated, card.path)):
            if today - card.updated > timedelta(days=STALE_DAYS):
                yield self.standing(card, f"nothing noted since {format_day(card.updated)}; is it still open?")

    def scheduled(self, card: Card) -> Standing:
        """Say when an entry is published."""
        return self.standing(card, f"is published {self._moment(card.published)}", card.published)

    def coming(self, cards: Iterable[Card]) -> Iterator[Standing]:
        """Yield what happens at the next change of the site."""
        after = self._catalogue.next_change
        if after is None:
            return
        for card in sorted(cards, key=_file):
            at = next_change(card.states, self._catalogue.now.timestamp())
            if at == after.timestamp():
                state = next(state for instant, state in card.states if instant == at)
                yield self.standing(card, _COMING.get(state, state), at)

    def _moment(self, at: float) -> str:
        local = datetime.fromtimestamp(at, UTC).astimezone(zone_info(self._zone))
        return f"{format_day(local.date())}" + (f" at {local:%H:%M}" if (local.hour, local.minute) != (0, 0) else "")
