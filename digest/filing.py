"""Filing: what is remembered of entries, and in which form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from digest.decoding import Decoder
from digest.diagnostics import RULES, Diagnostic, Finding
from digest.markup import Body, BodyRead, Placed
from digest.model import Edition, Job, News, Page
from digest.planning.cards import Card, Keys
from digest.planning.records import Records
from digest.planning.search_entries import Searched


class Record(Struct, frozen=True, array_like=True, gc=False):
    """What is remembered of a file: its card and the keys of the rest, unless it could not be read; its problems."""

    digest: bytes
    """Fingerprint of the file."""
    card: Card | None
    keys: Keys
    problems: tuple[Diagnostic, ...]


class Shortened(Struct, frozen=True, array_like=True):
    """What is remembered of an entry without its newest changes."""

    card: Card
    keys: Keys


class Whole(Struct, frozen=True, array_like=True):
    """What is remembered of an entry, beside its body."""

    entry: Job | News | Page | Edition
    body_line: int
    searched: Searched | None
    """What a search needs of it; None where search is off."""


class OnlySearched(Struct, frozen=True, array_like=True):
    """That of a whole entry, without reading the rest."""

    entry: msgspec.Raw
    body_line: int
    searched: Searched | None


class _Found(Struct, frozen=True, array_like=True):
    """A finding in a body, with its place."""

    rule: str
    message: str
    hint: str | None
    line: int
    column: int
    width: int


class BodyRecord(Struct, frozen=True, array_like=True):
    """What reading a body gave."""

    body: Body
    found: tuple[_Found, ...]

    @classmethod
    def of(cls, read: BodyRead) -> BodyRecord:
        """Return what is to be remembered."""
        return cls(read.body, tuple(map(_found, read.problems)))

    def read(self) -> BodyRead | None:
        """Return what was remembered; None where a rule is not known any more."""
        if all(found.rule in RULES for found in self.found):
            return BodyRead(self.body, tuple(map(_placed, self.found)))
        return None


class Work(Struct, frozen=True, array_like=True):
    """What a worker hands back: the record of a file, and what it read on the way, by key."""

    record: Record
    whole: dict[bytes, bytes]


UNREAD: Final = Record(b"", None, Keys(b"", b"", b""), ())
DRAWERS: Final = 256
"""Records of files are remembered in so many lots: what is read as a whole is quicker to read, and an edit changes
one."""
FULL: Final = 100
"""Records of a lot from which on their memory matters more than the time that it takes to share what is equal."""
DRAWER: Final = Decoder(dict[str, Record])
WHOLE: Final = Decoder(Whole)
SEARCHED: Final = Decoder(OnlySearched)
BODY: Final = Decoder(BodyRecord)
SHORTENED: Final = Decoder(Shortened)
RECORDS: Final = Decoder(Records)
BYTES: Final = Decoder(bytes)
WORK: Final = Decoder(Work)


def drawer_of(path: str) -> int:
    """Return the number of the drawer for the record of a file."""
    return crc32(path.encode()) % DRAWERS


class Sharing:
    """Lets records hold one copy of values that are equal: paths and fingerprints of files, days, terms and headings.

    That is a third of the memory of all records.
    """

    def __init__(self, digests: Mapping[str, bytes]) -> None:
        """Begin with the paths of files, and their fingerprints, as they are held anyway."""
        self._digests = digests
        self._one = dict[Any, Any]().setdefault

    def take(self, path: str, record: Record) -> None:
        """Put values that were met before in the place of those of a record, which nobody else holds yet."""
        card, one = record.card, self._one
        digest = self._digests.get(path)
        if digest == record.digest:
            force_setattr(record, "digest", digest)
        if card is None:
            return
        force_setattr(card, "path", self._paths.get(path, path))
        for name in ("lang", "headings", "sections", "day", "week", "updated"):
            value = getattr(card, name)
            force_setattr(card, name, one(value, value))
        force_setattr(card, "terms", tuple([one(terms, terms) for terms in card.terms]))
        force_setattr(card, "states", tuple([one(state, state) for state in card.states]))
        if card.job is not None:
            force_setattr(card.job, "ended_day", one(card.job.ended_day, card.job.ended_day))

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {path: path for path in self._digests}


def _found(placed: Placed) -> _Found:
    finding = placed.finding
    return _Found(placed.rule.id, finding.message, finding.hint, placed.line, placed.column, placed.width)


def _placed(found: _Found) -> Placed:
    return Placed(RULES[found.rule], Finding(found.message, found.hint), found.line, found.column, found.width)
