"""What an entry's page and its items in feeds show of other entries: no more than this may they see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from msgspec import Struct

from digest.planning.cards import Card
from digest.planning.catalogue import Carried, Catalogue
from digest.planning.facets import FACETS
from digest.planning.words import path_of

SIMILAR: Final = 3
"""Open jobs shown on the page of a closed one."""
_ORGANISATIONS: Final = next(place for place, facet in enumerate(FACETS) if facet.name == "organisations")
_SEPARATOR: Final = b"\0"


class Target(Struct, frozen=True):
    """Where a link of a body leads."""

    path: str | None
    """Site-relative; None where nothing is there yet."""
    title: str
    """The other entry's title, or the words of its id while it is not published; empty for other links."""


class Around(Struct, frozen=True):
    """What an entry's page shows of others."""

    targets: Mapping[str, Target]
    """Where the links of its body lead, by what is written there, such as `entry:some-id` or `/about/#top`."""
    related: tuple[Carried, ...] = ()
    """The entries that the editor named, then those that name this one."""
    similar: tuple[Carried, ...] = ()
    """Open jobs like a closed one, the next to close first."""
    outcome: Carried | None = None
    """The entry that tells what became of the job."""

    def title(self, id_: str) -> str:
        """Return the words of a link to an entry that has none of its own."""
        return self.targets[f"entry:{id_}"].title

    def mark(self) -> bytes:
        """Return bytes that are equal only where all this shows the same."""
        parts = [b"%d" % len(self.related), *(item.mark for item in (*self.related, *self.similar))]
        parts.append(self.outcome.mark if self.outcome else b"")
        for written, target in self.targets.items():
            path = "" if target.path is None else target.path
            parts += [part.encode() for part in (written, path, target.title)]
        return _SEPARATOR.join(parts)


class Surroundings:
    """Finds what is around each entry."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the catalogue."""
        self._catalogue = catalogue
        self._waiting = catalogue.waiting_paths
        self._links: dict[Any, bytes] = {}
        """The marks of where the links of bodies lead, by what these mention."""
        self._marks: dict[tuple[str | None, str] | None, bytes] = {}
        """Of entries with nothing but jobs that are alike around them, by the family and organisations of these."""

    @cached_property
    def _pointing(self) -> Mapping[str, Sequence[str]]:
        """The entries that point at an entry, by its id."""
        found: dict[str, list[str]] = defaultdict(list)
        for item in self._catalogue.carried:
            for target in item.card.related:
                found[target].append(item.card.id)
        return found

    @cached_property
    def _alike(self) -> Mapping[str, Sequence[tuple[int, Carried]]]:
        """The first open jobs of each role family and organisation."""
        alike: dict[str, list[tuple[int, Carried]]] = defaultdict(list)
        for rank, item in enumerate(self._catalogue.open_jobs()):
            for way in _alike(item.card):
                found = alike[way]
                if len(found) < SIMILAR:
                    found.append((rank, item))
        return alike

    def mark(self, item: Carried) -> bytes:
        """Return the mark of what is around an entry; around most there are only jobs that are alike."""
        card, job = item.card, item.card.job
        if card.mentions or card.related or card.id in self._pointing or (job is not None and job.news):
            return self.of(item).mark()
        ways = None if job is None or item.state != "closed" else (job.details.family, card.terms[_ORGANISATIONS])
        mark = self._marks.get(ways)
        if mark is None:
            mark = self._marks[ways] = self.of(item).mark()
        return mark

    def of(self, item: Carried) -> Around:
        """Return what is around an entry."""
        card, by_id = item.card, self._catalogue.by_id
        named = dict.fromkeys([*card.related, *self._pointing.get(card.id, ())])
        return Around(
            self.targets(card) if card.mentions else {},
            tuple(by_id[target] for target in named if target in by_id) if named else (),
            self._similar(_alike(card)) if item.state == "closed" else (),
            by_id.get(card.job.news) if card.job and card.job.news else None,
        )

    def links_mark(self, card: Card) -> bytes:
        """Return the mark of where the links of an entry's body lead."""
        mark = self._links.get(card.mentions)
        if mark is None:
            mark = self._links[card.mentions] = Around(self.targets(card)).mark()
        return mark

    def targets(self, card: Card) -> dict[str, Target]:
        """Return where the links and pictures of an entry's body lead."""
        found: dict[str, Target] = {}
        for kind, target in card.mentions:
            if kind == "entry":
                other = self._catalogue.cards[target]
                path = path_of(other)
                waits = path in self._waiting
                title = target.replace("-", " ") if waits else other.title
                found[f"entry:{target}"] = Target(None if waits else path, title)
            elif kind == "path":
                found[target] = Target(None if target.partition("#")[0] in self._waiting else target, "")
        return found

    def _similar(self, alike: tuple[str, ...]) -> tuple[Carried, ...]:
        # Among those alike in one way, only the first few can be among the first few of all.
        found = {rank: item for way in alike for rank, item in self._alike.get(way, ())}
        return tuple(found[rank] for rank in sorted(found)[:SIMILAR])


def _alike(card: Card) -> tuple[str, ...]:
    """Return the ways in which other jobs are like a job: its role family, and its organisations."""
    if card.job is None:
        return ()
    family = card.job.details.family
    return (*((f"family {family}",) if family else ()), *card.terms_of("organisations"))
