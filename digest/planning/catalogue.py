"""All valid entries at one instant: their states, their order, their facets, and where each is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, TypeVar, get_args

from msgspec import Struct

from digest.contract import Counts
from digest.documents.config import Config
from digest.planning.cards import Card
from digest.planning.editions import Editions, editions_of
from digest.planning.facets import FACETS, Facet, TermInfo, enabled
from digest.planning.states import HIDDEN, OPEN, State, day_start, local_day, next_change, state_at
from digest.planning.words import path_of

T = TypeVar("T")
_UNPUBLISHED: Final[tuple[State, ...]] = ("draft", "scheduled", "withdrawn")
_MARKS: Final = {state: b"%x" % place for place, state in enumerate(get_args(State))}


class Carried(Struct, frozen=True, gc=False, eq=False):
    """An entry that the digest carries now, with what follows from the clock."""

    card: Card
    state: State
    filed: date
    """The day under which it is filed once it is past: that of a closed job's end, of publication for the rest."""
    mark: bytes
    """Equal for two only if no list and no other entry's page shows them differently."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is a job among the open ones."""
        return self.state in OPEN


class TermList(Struct, frozen=True):
    """A term of a facet with its entries."""

    facet: Facet
    term: TermInfo
    members: tuple[Carried, ...]
    """In catalogue order."""

    @property
    def path(self) -> str:
        """Its page."""
        return f"/{self.facet.name}/{self.term.id}/"

    @property
    def title(self) -> str:
        """Its name, told apart from those of other facets."""
        return f"{self.term.label} ({self.facet.term_word})"

    @property
    def about(self) -> str:
        """A sentence on it."""
        return self.term.explanation or self.term.about or self.facet.about.format(label=self.term.label)


LARGE: Final = 50_000
"""Entries from which on their memory matters more than the time that it takes to give it back."""


class Catalogue(Struct, frozen=True, dict=True):
    """Everything the pages are planned from."""

    config: Config
    now: datetime
    """UTC."""
    carried: tuple[Carried, ...]
    """Published entries, newest first; withdrawn ones are apart."""
    withdrawn: tuple[Card, ...]
    introductions: tuple[Card, ...]
    """Those of editions, whatever their week; they are no entries of lists."""
    editions: Editions
    by_id: dict[str, Carried]
    """Published entries by id."""
    cards: dict[str, Card]
    """All entries by id, whatever their state."""
    terms: dict[str, tuple[TermList, ...]]
    """The term lists of each facet that is switched on, in the order of its index."""
    counts: Counts
    next_change: datetime | None
    """When the site will next change by itself (UTC), or None."""

    def holds(self, now: datetime) -> bool:
        """Tell whether the catalogue of another instant (UTC) would be this one, but for `now`; not beyond its day."""
        if now < self.now or (self.next_change is not None and now >= self.next_change):
            return False
        return local_day(now, self.config.timezone) == local_day(self.now, self.config.timezone)

    def derived(self, make: Callable[[Catalogue], T]) -> T:
        """Return what a function makes of this catalogue alone, made once."""
        made: dict[Any, Any] = self._made
        if make not in made:
            made[make] = make(self)
        found: T = made[make]
        return found

    def forget(self) -> None:
        """Let go of what was derived of many entries: it holds this catalogue, so neither would go by itself."""
        if len(self.cards) > LARGE:
            self._made.clear()

    @cached_property
    def marks(self) -> bytes:
        """The marks of all published entries, in their order."""
        return b"".join([item.mark for item in self.carried])

    @cached_property
    def waiting_paths(self) -> frozenset[str]:
        """The paths that entries without a page now will have."""
        return frozenset(map(path_of, self.waiting()))

    @cached_property
    def _made(self) -> dict[Any, Any]:
        return {}

    def waiting(self) -> list[Card]:
        """Return the entries that have no page now: drafts and scheduled ones, unless they are shown."""
        gone = {card.id for card in (*self.withdrawn, *self.introductions)}
        return [card for id_, card in self.cards.items() if id_ not in self.by_id and id_ not in gone]

    def jobs(self) -> list[Carried]:
        """Return the published jobs, newest first."""
        return [item for item in self.carried if item.card.kind == "job"]

    def open_jobs(self) -> list[Carried]:
        """Return the open jobs, the next to close first; jobs without a deadline last."""
        return in_closing_order(item for item in self.carried if item.is_open)

    def news(self) -> list[Carried]:
        """Return the published news, newest first."""
        return [item for item in self.carried if item.card.kind == "news"]

    def pages(self) -> list[Carried]:
        """Return the static pages in order of id."""
        return sorted((item for item in self.carried if item.card.kind == "page"), key=lambda item: item.card.id)


def in_closing_order(items: Iterable[Carried]) -> list[Carried]:
    """Sort jobs by deadline, then title and id; those without one come last, the newest first."""

    def key(item: Carried) -> tuple[bool, float, str, str]:
        card = item.card
        ends = card.job.ends if card.job else None
        return (ends is None, -card.published if ends is None else ends, card.title, card.id)

    return sorted(items, key=key)


def newest_first(card: Card) -> tuple[float, str]:
    """Sort key: newest first, then by id."""
    return (-card.published, card.id)


class _Clock:
    """What an instant makes of entries, and when that will be something else."""

    def __init__(self, now: datetime, zone: str, *, drafts: bool) -> None:
        self.day = local_day(now, zone)
        self.changes: list[float] = []
        """When something changes by itself, in seconds since 1970, in no order."""
        self._now = now.timestamp()
        self._zone = zone
        self._drafts = drafts
        self._unseen = {"withdrawn"} if drafts else {"draft", "withdrawn"}
        self._new_year = day_start(date(self.day.year + 1, 1, 1), zone).timestamp()

    def later(self, card: Card) -> int:
        """Return how many of an entry's changes are dated after today."""
        if not card.changes or card.changes[0] <= self.day:
            return 0
        later = [day for day in card.changes if day > self.day]
        noted = day_start(later[-1], self._zone).timestamp()
        if state_at(card.states, noted) not in self._unseen:
            self.changes.append(noted)
        return len(later)

    def state_of(self, card: Card) -> State:
        """Return the state of an entry now."""
        since, state = card.states[-1]
        if since > self._now:
            state = state_at(card.states, self._now)
            self.changes.append(next_change(card.states, self._now) or since)
        this_year = card.day.year == self.day.year
        if this_year and (state_at(card.states, self._new_year) in OPEN or (self._drafts and card.draft)):
            self.changes.append(self._new_year)  # from then on its pay carries its year
        return state


def build_catalogue(
    cards: Sequence[Card], config: Config, now: datetime, shortened: Callable[[Card, int], Card], *, drafts: bool
) -> Catalogue:
    """Order and index entries as they stand at `now` (UTC); with `drafts`, drafts and scheduled ones are shown.

    `shortened` gives the card of an entry without so many of its newest changes: a change that is dated in the future
    is noted on its day.
    """
    carried: list[Carried] = []
    withdrawn: list[Card] = []
    states: list[State] = []
    clock = _Clock(now, config.timezone, drafts=drafts)
    by_id = sorted(cards, key=attrgetter("id"))
    for written in sorted(by_id, key=attrgetter("published"), reverse=True):  # as `newest_first` says, but quicker
        later = clock.later(written)
        card = shortened(written, later) if later else written
        state = clock.state_of(card)
        states.append(state)
        if state == "withdrawn":
            withdrawn.append(card)
        elif card.kind != "edition" and (drafts or state not in HIDDEN):
            filed = card.job.ended_day if state == "closed" and card.job else card.day
            carried.append(Carried(card, state, filed, card.face + _MARKS[state]))
    introductions = tuple(card for card in cards if card.kind == "edition")
    editions = _editions(carried, withdrawn, introductions, config, clock.day)
    if editions.coming is not None:
        clock.changes.append(day_start(editions.coming.ends, config.timezone).timestamp())
    tally = Counter(states)
    unpublished = [tally[state] for state in _UNPUBLISHED]
    return Catalogue(
        config=config,
        now=now,
        carried=tuple(carried),
        withdrawn=tuple(withdrawn),
        introductions=introductions,
        editions=editions,
        by_id={item.card.id: item for item in carried},
        cards={card.id: card for card in cards},
        terms={facet.name: _term_lists(facet, carried, config) for facet in enabled(config)},
        counts=Counts(len(cards), len(cards) - sum(unpublished), *unpublished),
        next_change=datetime.fromtimestamp(min(clock.changes), UTC) if clock.changes else None,
    )


def _editions(
    carried: Sequence[Carried], withdrawn: Sequence[Card], introductions: Sequence[Card], config: Config, today: date
) -> Editions:
    if not config.outputs.editions:
        return Editions((), None)
    return editions_of([item.card for item in carried], withdrawn, introductions, today)


def _term_lists(facet: Facet, carried: Iterable[Carried], config: Config) -> tuple[TermList, ...]:
    members: dict[str, list[Carried]] = defaultdict(list)
    place = FACETS.index(facet)
    lists: dict[str, list[list[Carried]]] = {}
    for item in carried:
        terms = item.card.terms[place]
        found = lists.get(terms)
        if found is None:
            found = lists[terms] = [members[term] for term in terms.split()]
        for listed in found:
            listed.append(item)
    declared = {term.id: term for term in facet.declared(config)}
    coined = _coined(facet.name, members, declared)
    ordered = [*declared.values(), *sorted(coined, key=lambda term: (term.label.casefold(), term.id))]
    if not facet.always and facet.name not in {"grades", "roles"}:
        ordered.sort(key=lambda term: (term.label.casefold(), term.id))
    return tuple(
        TermList(facet, term, tuple(members.get(term.id, ()))) for term in ordered if term.id in members or facet.always
    )


def _coined(facet: str, members: Mapping[str, Sequence[Carried]], declared: Mapping[str, TermInfo]) -> list[TermInfo]:
    """Return the terms that entries use and configuration does not list."""
    unlisted = ((term, found[0].card) for term, found in members.items() if term not in declared)
    return [TermInfo(term, card.coined_label(facet, term)) for term, card in unlisted]
