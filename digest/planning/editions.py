"""Editions: what came in each week, as it was known when the week was over.

An edition is made of the entries that were published in its week, Monday to Sunday in the site's time zone, and of the
deadlines that were changed in it.  A week that has neither has no edition.  It is published when the week is over.
What is noted later is in later editions and moves none of the earlier ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise

from msgspec import Struct

from digest.dates.weeks import WEEK, monday_of, week_name
from digest.planning.cards import Card, Deadline


class Move(Struct, frozen=True):
    """A deadline that was set anew in a week."""

    card: Card
    before: Deadline | None
    """The one that stood when the week began; None where nothing tells it."""
    now: Deadline
    """The one that stood when it was over."""


class WeekEdition(Struct, frozen=True):
    """The edition of one week."""

    monday: date
    """The first day of its week."""
    until: date
    """The first day of which it knows nothing: that on which it is published; before that, tomorrow."""
    jobs: tuple[Card, ...]
    """Those published in the week, oldest first, so that an entry of the next day renumbers none."""
    news: tuple[Card, ...]
    """Oldest first."""
    moves: tuple[Move, ...]
    """In order of what is the deadline now; those that have none come last."""
    closing: tuple[tuple[Card, Deadline], ...]
    """Jobs that close in the seven days after the week, the next first."""
    withdrawn: int
    """How many entries of the week are withdrawn."""
    introduction: Card | None

    @property
    def name(self) -> str:
        """Its name, such as `2026-W41`."""
        return week_name(self.monday)

    @property
    def year(self) -> int:
        """The year of its week (ISO 8601)."""
        return self.monday.isocalendar().year

    @property
    def ends(self) -> date:
        """The Monday on which it is published."""
        return self.monday + WEEK

    @property
    def path(self) -> str:
        """Its site-relative path, for good."""
        return f"/editions/{self.name}/"

    def ids(self) -> Iterator[str]:
        """Yield the ids of the entries in it."""
        cards = chain(self.jobs, self.news, (move.card for move in self.moves), (card for card, _ in self.closing))
        return (card.id for card in cards)

    def mark(self) -> bytes:
        """Return bytes that are equal only where an edition shows the same, but for the words of its introduction."""
        cards = [*self.jobs, *self.news, *(move.card for move in self.moves), *(card for card, _ in self.closing)]
        counts = [len(self.jobs), len(self.news), len(self.moves), len(self.closing), self.withdrawn]
        introduced = self.introduction.face if self.introduction else b""
        said = f"{self.monday} {self.until} {counts}".encode()
        return b"".join([said, introduced, *(card.face for card in cards)])


class Editions(Struct, frozen=True):
    """All editions there are."""

    published: tuple[WeekEdition, ...]
    """Newest first.  A preview has those of weeks to come among them."""
    coming: WeekEdition | None
    """That of the week in progress, once there is something in it."""


def editions_of(
    carried: Sequence[Card], withdrawn: Iterable[Card], introductions: Iterable[Card], today: date
) -> Editions:
    """Return the editions of these entries; `carried` are those that are shown, `today` is the local day."""
    entries = [card for card in carried if card.kind != "page"]
    new: dict[date, list[Card]] = defaultdict(list)
    for card in sorted(entries, key=lambda card: (card.published, card.id)):
        new[card.week].append(card)
    gone = Counter(card.week for card in withdrawn if card.kind != "page")
    jobs = [card for card in entries if card.job is not None]
    moves = _moves(jobs, today)
    closing = _closing(jobs, today)
    opened = {card.week: card for card in introductions}
    made = []
    for monday in sorted(new.keys() | gone.keys() | moves.keys(), reverse=True):
        edition = WeekEdition(
            monday=monday,
            until=_until(monday, today),
            jobs=tuple(card for card in new[monday] if card.kind == "job"),
            news=tuple(card for card in new[monday] if card.kind == "news"),
            moves=tuple(sorted(moves.get(monday, {}).values(), key=_by_deadline)),
            closing=tuple(sorted(closing.get(monday, ()), key=_next_first)),
            withdrawn=gone[monday],
            introduction=opened.get(monday),
        )
        made.append(edition)
    this_week = monday_of(today)
    return Editions(
        tuple(edition for edition in made if edition.monday != this_week),
        next((edition for edition in made if edition.monday == this_week), None),
    )


def _until(monday: date, today: date) -> date:
    return min(monday + WEEK, today + timedelta(days=1))


def deadline_of(card: Card, until: date) -> Deadline | None:
    """Return the deadline of a job as it was known before a day.

    The first one that is known stands for those before it.  None for what is no job.
    """
    known = card.job.details.deadlines if card.job else ()
    noted = [deadline for deadline in known if deadline.noted is None or deadline.noted < until]
    return noted[-1] if noted else next(iter(known), None)


def _moves(jobs: Iterable[Card], today: date) -> dict[date, dict[str, Move]]:
    """Return by week the deadlines that were set anew in it, until `today`, by the id of their job."""
    found: dict[date, dict[str, Move]] = defaultdict(dict)
    for card in jobs:
        known: tuple[Deadline | None, ...] = (None, *(card.job.details.deadlines if card.job else ()))
        for before, now in pairwise(known):
            if now is None or now.noted is None or not card.day <= now.noted <= today:
                continue
            moves = found[monday_of(now.noted)]
            earlier = moves[card.id].before if card.id in moves else before
            moves[card.id] = Move(card, earlier, now)
    for monday, moves in list(found.items()):
        real = {id_: move for id_, move in moves.items() if move.before is None or move.before.text != move.now.text}
        found[monday] = real
        if not real:
            del found[monday]
    return found


def _closing(jobs: Iterable[Card], today: date) -> dict[date, list[tuple[Card, Deadline]]]:
    """Return by week the jobs that close in the seven days after it, as was known when it was over."""
    found: dict[date, list[tuple[Card, Deadline]]] = defaultdict(list)
    for card in jobs:
        for deadline in _dated(card):
            ends = monday_of(deadline.last) if deadline.last else card.week
            until = _until(ends - WEEK, today)
            known = deadline.noted is None or deadline.noted < until
            if known and card.week < ends and deadline_of(card, until) is deadline and not _settled(card, ends):
                found[ends - WEEK].append((card, deadline))
    return found


def _dated(card: Card) -> Iterator[Deadline]:
    return (deadline for deadline in (card.job.details.deadlines if card.job else ()) if deadline.last is not None)


def _settled(card: Card, day: date) -> bool:
    """Tell whether a job had its outcome before a day began."""
    job = card.job
    return job is not None and job.ends is not None and job.ended < job.ends and job.ended_day <= day


def _next_first(closing: tuple[Card, Deadline]) -> tuple[date, bool, str, str]:
    """Sort key: by day; those with a time before those that last to the end of the day; then by id."""
    card, deadline = closing
    said = deadline.iso or ""
    return (deadline.last or date.max, "T" not in said, said, card.id)


def _by_deadline(move: Move) -> tuple[date, bool, str, str]:
    return _next_first((move.card, move.now))
