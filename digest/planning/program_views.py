"""Views of what programs read, calendars and open data, and of the page that describes the data."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from digest.planning.parts import Head, Link, Site
from digest.planning.records import Piece


class CalendarEvent(Struct, frozen=True, array_like=True):
    """A closing date in a calendar; its lines are made when its entry is read, by `digest/calendars.py`."""

    address: str
    """Absolute address of the job."""
    description: str
    """Escaped as RFC 5545 §3.3.11 says."""
    lines: bytes
    """All its other lines."""


class Calendar(Struct, frozen=True):
    """Closing dates: written by `digest/calendars.py`."""

    producer: str
    """Who makes it."""
    events: tuple[CalendarEvent, ...]
    name: str | None = None
    """None for the one event of a job, which is added to a calendar and not subscribed to; so are the next three."""
    about: str | None = None
    page: str | None = None
    """Absolute address of the page it belongs to."""
    address: str | None = None
    """Absolute address of itself."""


class DataAbout(Struct, frozen=True):
    """What a file of open data says of itself; addresses are absolute."""

    name: Literal["jobs", "news"]
    title: str
    language: str
    page: str
    """Where it is described."""
    schema: str
    """The JSON Schema of the JSON file."""
    publisher: str
    licence: tuple[str, str, str | None] | None
    """Id, name, and address of its text; None where the configuration names none."""


class DataRecords(Struct, frozen=True):
    """Entries as open data: written by `digest/opendata.py`."""

    about: DataAbout
    updated: str | None
    """The day of the newest change among them."""
    pieces: tuple[Piece, ...]
    """The records, newest first, in lines or rows that only want to be joined."""


class DataFile(DataRecords, frozen=True):
    """`data/jobs.json` or `data/news.json`."""


class DataTable(DataRecords, frozen=True):
    """`data/jobs.csv`."""


class DataSchema(Struct, frozen=True):
    """The JSON Schema of a JSON file."""

    about: DataAbout


class TableDescription(Struct, frozen=True):
    """The description of a table (CSV on the Web)."""

    about: DataAbout
    table: str
    """Absolute address of the table."""


class DataLine(Struct, frozen=True):
    """A file of open data."""

    link: Link
    about: str


class FieldLine(Struct, frozen=True):
    """A field of open data."""

    name: str
    form: str
    """What kind of value it has, in words."""
    about: str
    always: bool
    """It is known of every entry."""
    within: bool
    """It is a field of an object, that of the last field that is not."""


class FieldTable(Struct, frozen=True):
    """The fields of a file of open data."""

    id: str
    heading: str
    fields: tuple[FieldLine, ...]


class DataPage(Struct, frozen=True, kw_only=True):
    """What the open data is: `pages/data.html`."""

    site: Site
    head: Head
    heading: str
    intro: str
    files: tuple[DataLine, ...]
    licence: Link | None
    version: int
    tables: tuple[FieldTable, ...]
    example: str
    """A record of a job, as JSON."""
