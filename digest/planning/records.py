"""An entry as records for programs: what calendars and open data carry of it.

They are made when an entry is read, and remembered by their value, so that a file of ten thousand of them is put
together and not made.  They are made of the entry, its card and the configuration alone: no state, and no address of
the site, which `--base-url` may change.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from digest.documents.config import Config
from digest.model import Entry
from digest.planning.cards import Card, Labels

RecordForm = Literal["json", "csv"]


class Subject(NamedTuple):
    """What a record is made of."""

    entry: Entry
    card: Card
    config: Config
    labels: Labels


class EventRecord(Struct, frozen=True, array_like=True):
    """A closing date as a calendar carries it, but for its address."""

    lines: bytes
    """Lines of a VEVENT (RFC 5545 §3.6.1), folded, each with its CRLF."""
    description: str
    """The text of its DESCRIPTION (RFC 5545 §3.8.1.5), escaped."""


class Records(Struct, frozen=True, array_like=True):
    """An entry as records; what an entry of its kind does not have is empty."""

    json: bytes = b""
    """A JSON object without `url`, its first member."""
    csv: bytes = b""
    """A row of the table without `url`, its first cell, and without its end."""
    event: EventRecord | None = None
    """Only of a job with a date."""
    notice: Records | None = None
    """What takes the place of all this once the entry is withdrawn; None for one that never will be."""

    def at(self, *, withdrawn: bool) -> Records:
        """Return the records to be shown."""
        return self.notice or self if withdrawn else self


class Shown(Struct, frozen=True):
    """An entry whose record is in a file."""

    card: Card
    key: bytes
    """Of its records."""
    withdrawn: bool

    def mark(self) -> bytes:
        """Return bytes that are equal only where the record is."""
        return (b"-" if self.withdrawn else b"+") + self.key
