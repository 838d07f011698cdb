"""All valid entries at one instant: their states, their order, their facets, and where each is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from digest.documents.config import Config
from digest.model import Entry, Job, News, Page
from digest.planning.facets import Facet, Membership, TermInfo, enabled
from digest.planning.states import (
    HIDDEN,
    OPEN,
    State,
    changed,
    closing_instant,
    day_start,
    local_day,
    next_change,
    state_at,
    timeline,
)


class Carried(Struct, frozen=True, gc=False):
    """An entry that the digest carries now, with what follows from the clock."""

    entry: Entry
    state: State
    updated: date
    """The day of its newest noted change, or of its publication."""
    ended: datetime | None = None
    """When a closed job closed (UTC); None for the rest."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is a job among the open ones."""
        return self.state in OPEN


class TermList(Struct, frozen=True):
    """A term of a facet with its entries."""

    facet: Facet
    term: TermInfo
    members: tuple[tuple[Carried, Membership], ...]
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
        return self.term.explanation or self.facet.about.format(label=self.term.label)


class Counts(Struct, frozen=True):
    """What became of every entry that was read; the four add up to `read`."""

    read: int
    published: int
    drafts: int
    scheduled: int
    withdrawn: int


class Catalogue(Struct, frozen=True):
    """Everything the pages are planned from."""

    config: Config
    now: datetime
    """UTC."""
    carried: tuple[Carried, ...]
    """Published entries, newest first; withdrawn ones are apart."""
    withdrawn: tuple[Entry, ...]
    by_id: dict[str, Carried]
    """Published entries by id."""
    entries: dict[str, Entry]
    """All entries by id, whatever their state."""
    memberships: dict[str, dict[str, tuple[Membership, ...]]]
    """The terms of each published entry, by facet and id."""
    terms: dict[str, tuple[TermList, ...]]
    """The term lists of each facet that is switched on, in the order of its index."""
    counts: Counts
    next_change: datetime | None
    """When the site will next change by itself (UTC), or None."""

    def memberships_of(self, facet: Facet, entry: Entry) -> tuple[Membership, ...]:
        """Return the terms of a published entry in a facet, also in one that is switched off."""
        known = self.memberships.get(facet.name)
        return tuple(facet.memberships(entry, self.config)) if known is None else known[entry.id]

    def waiting(self) -> list[Entry]:
        """Return the entries that have no page now: drafts and scheduled ones, unless they are shown."""
        gone = {entry.id for entry in self.withdrawn}
        return [entry for id_, entry in self.entries.items() if id_ not in self.by_id and id_ not in gone]

    def jobs(self) -> list[Carried]:
        """Return the published jobs, newest first."""
        return [item for item in self.carried if isinstance(item.entry, Job)]

    def open_jobs(self) -> list[Carried]:
        """Return the open jobs, the next to close first; jobs without a deadline last."""
        return in_closing_order(item for item in self.carried if item.is_open)

    def news(self) -> list[Carried]:
        """Return the published news, newest first."""
        return [item for item in self.carried if isinstance(item.entry, News)]

    def pages(self) -> list[Carried]:
        """Return the static pages in order of id."""
        return sorted((c for c in self.carried if isinstance(c.entry, Page)), key=lambda item: item.entry.id)


def in_closing_order(items: Iterable[Carried]) -> list[Carried]:
    """Sort jobs by deadline, then title and id; those without one come last, the newest first."""

    def key(item: Carried) -> tuple[bool, float, str, str]:
        entry = item.entry
        moment = entry.closes.moment if isinstance(entry, Job) else None
        instant = moment.ends.timestamp() if moment else -entry.published.starts.timestamp()
        return (moment is None, instant, entry.title, entry.id)

    return sorted(items, key=key)


def newest_first(entry: Entry) -> tuple[float, str]:
    """Sort key: newest first, then by id."""
    return (-entry.published.starts.timestamp(), entry.id)


def past_day(item: Carried, zone: str) -> date:
    """Return the day under which a closed job or a news item is filed."""
    return local_day(item.ended, zone) if item.ended else item.entry.published.day


def build_catalogue(entries: Sequence[Entry], config: Config, now: datetime, *, drafts: bool) -> Catalogue:
    """Order and index `entries` as they stand at `now` (UTC); with `drafts`, drafts and scheduled ones are shown."""
    carried: list[Carried] = []
    withdrawn: list[Entry] = []
    changes: list[datetime] = []
    tally: dict[str, int] = defaultdict(int)
    today = local_day(now, config.timezone)
    new_year_starts = day_start(date(today.year + 1, 1, 1), config.timezone)
    for written in sorted(entries, key=newest_first):
        entry = _without_future(written, today)
        states = timeline(entry, config.times, config.timezone)
        state = state_at(states, now)
        if entry is not written:
            noted = day_start(min(change.date for change in written.changes if change.date > today), config.timezone)
            if state_at(states, noted) not in {"draft", "withdrawn"}:
                changes.append(noted)
        following = next_change(states, now)
        if following is not None:
            changes.append(following)
        if entry.published.day.year == today.year and state_at(states, new_year_starts) in OPEN:
            changes.append(new_year_starts)  # from then on its pay carries its year
        tally[state if state in {"draft", "scheduled", "withdrawn"} else "published"] += 1
        if state == "withdrawn":
            withdrawn.append(entry)
        elif drafts or state not in HIDDEN:
            carried.append(_carry(entry, state, config))
    memberships = {
        facet.name: {item.entry.id: tuple(facet.memberships(item.entry, config)) for item in carried}
        for facet in enabled(config)
    }
    counts = Counts(len(entries), tally["published"], tally["draft"], tally["scheduled"], tally["withdrawn"])
    return Catalogue(
        config=config,
        now=now,
        carried=tuple(carried),
        withdrawn=tuple(withdrawn),
        by_id={item.entry.id: item for item in carried},
        entries={entry.id: entry for entry in entries},
        memberships=memberships,
        terms={facet.name: _term_lists(facet, carried, memberships[facet.name], config) for facet in enabled(config)},
        counts=counts,
        next_change=min(changes, default=None),
    )


def _without_future(entry: Entry, today: date) -> Entry:
    """Return an entry without the changes that are dated after today: they are noted on their day."""
    if all(change.date <= today for change in entry.changes):
        return entry
    return replace(entry, changes=tuple(change for change in entry.changes if change.date <= today))


def _carry(entry: Entry, state: State, config: Config) -> Carried:
    if state == "closed" and isinstance(entry, Job):
        return Carried(entry, state, changed(entry), closing_instant(entry, config.times, config.timezone))
    return Carried(entry, state, changed(entry))


def _term_lists(
    facet: Facet, carried: Iterable[Carried], memberships: Mapping[str, Iterable[Membership]], config: Config
) -> tuple[TermList, ...]:
    members: dict[str, list[tuple[Carried, Membership]]] = defaultdict(list)
    for item in carried:
        for membership in memberships[item.entry.id]:
            members[membership.term].append((item, membership))
    declared = {term.id: term for term in facet.declared(config)}
    coined = _coined(members, declared)
    ordered = [*declared.values(), *sorted(coined, key=lambda term: (term.label.casefold(), term.id))]
    if not facet.always and facet.name not in {"grades", "roles"}:
        ordered.sort(key=lambda term: (term.label.casefold(), term.id))
    return tuple(
        TermList(facet, term, tuple(members.get(term.id, ()))) for term in ordered if term.id in members or facet.always
    )


def _coined(
    members: Mapping[str, Sequence[tuple[Carried, Membership]]], declared: Mapping[str, TermInfo]
) -> list[TermInfo]:
    """Return the terms that entries use and configuration does not list."""
    return [TermInfo(term, found[0][1].label) for term, found in members.items() if term not in declared]
