"""Open data as bytes: JSON, its schemas, a table (RFC 4180) and its description (CSV on the Web).

Everything is made of the fields of `digest/planning/data_jobs.py` and `data_tables.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from digest.calendars import event_record
from digest.planning.calendar_views import event_of
from digest.planning.data_fields import VERSION, DataField, known
from digest.planning.data_jobs import JOBS
from digest.planning.data_tables import GONE, IDS, NEWS, URL, WITHDRAWN
from digest.planning.data_views import TABLES
from digest.planning.program_views import DataAbout, DataFile, DataSchema, DataTable, TableDescription
from digest.planning.records import RecordForm, Records, Subject

COLUMNS: Final = tuple(field for field in (*JOBS, WITHDRAWN) if field.form != "objects")
"""The columns of the table of jobs behind its first, which is `url`."""
SEPARATOR: Final = "|"
"""Stands between the texts of a list in one cell."""
FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - as wide as they are
"""What a spreadsheet program may take for the beginning of a formula, where a cell begins with it."""
LINE: Final = b",\n"
ROW: Final = b"\r\n"
"""What stands between records in each of the files."""
_PLACES: Final = {field.name: place for place, field in enumerate(COLUMNS)}
_QUOTED: Final = re.compile('[,"\r\n]')
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode

# --- records -------------------------------------------------------------------------------------------------


def records_of(subject: Subject) -> Records:
    """Return an entry as records."""
    records = _records(subject, withdrawn=False)
    return replace(records, notice=_records(subject, withdrawn=True)) if subject.entry.withdrawn else records


def _records(subject: Subject, *, withdrawn: bool) -> Records:
    """Return an entry as records; with `withdrawn`, as it is carried once it is withdrawn, without facts."""
    kind, outputs = subject.entry.kind, subject.config.outputs
    event = event_of(subject, withdrawn=withdrawn) if outputs.calendars else None
    record = event_record(event) if event else None
    if not outputs.data or kind in {"page", "edition"}:
        return Records(event=record)
    values = known(GONE if withdrawn else JOBS if kind == "job" else NEWS, subject)
    return Records(_encode(values), _row(values) if kind == "job" else b"", record)


def piece(form: RecordForm, records: Iterable[tuple[str, Records]]) -> bytes:
    """Return records, each with the absolute address of its page, as lines or rows of a file."""
    if form == "json":
        return LINE.join([b'{"url":%s,%s' % (_encode(address), record.json[1:]) for address, record in records])
    return ROW.join([b"%s,%s" % (cell(URL, address).encode(), record.csv) for address, record in records])


def _row(values: Mapping[str, Any]) -> bytes:
    cells = [""] * len(COLUMNS)
    for name, value in values.items():
        place = _PLACES.get(name)
        if place is not None:
            cells[place] = cell(COLUMNS[place], value)
    return ",".join(cells).encode()


def cell(field: DataField, value: Any) -> str:
    """Return a cell of the table (RFC 4180 §2); what would begin a formula begins with an apostrophe."""
    if field.form == "texts":
        text = SEPARATOR.join([one.replace(SEPARATOR, "/") for one in value])
    elif field.form == "yes or no":
        text = "true" if value else "false"
    else:
        text = str(value)
    if text[:1] in FORMULA:
        text = f"'{text}"
    if _QUOTED.search(text):
        text = '"{}"'.format(text.replace('"', '""'))
    return text


# --- files ---------------------------------------------------------------------------------------------------


def data_file(view: DataFile) -> bytes:
    """Write a JSON file: what it says of itself, and then one record on each line."""
    head = {"schema": view.about.schema, "version": VERSION, "title": view.about.title, "page": view.about.page}
    head |= {"licence": _licence(view.about)} if view.about.licence else {}
    head |= {"updated": view.updated} if view.updated else {}
    begin = b'%s,"%s":[\n' % (_encode(head)[:-1], view.about.name.encode())
    lines = [piece.data() for piece in view.pieces] or [b""]
    lines[0] = begin + lines[0]
    lines[-1] += b"\n]}\n"  # added to all of them, it would copy all
    return LINE.join(lines)


def _licence(about: DataAbout) -> dict[str, str]:
    names = ("id", "label", "url")
    return {name: text for name, text in zip(names, about.licence or (), strict=True) if text}


def data_table(view: DataTable) -> bytes:
    """Write the table: names of columns, and then a row for each job."""
    names = ",".join(field.name for field in (URL, *COLUMNS))
    return ROW.join([names.encode(), *(piece.data() for piece in view.pieces), b""])


# --- descriptions --------------------------------------------------------------------------------------------

_TEXT: Final = {"type": "string"}
_SCHEMAS: Final[Mapping[str, dict[str, Any]]] = {
    "text": _TEXT,
    "address": {"type": "string", "format": "uri"},
    "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    "instant": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "count": {"type": "integer"},
    "yes or no": {"type": "boolean"},
    "texts": {"type": "array", "items": _TEXT, "minItems": 1},
}
_DATATYPES: Final[Mapping[str, Any]] = {
    "text": "string",
    "address": "anyURI",
    "day": "date",
    "time": {"base": "time", "format": "HH:mm"},
    "instant": "dateTimeStamp",
    "number": "decimal",
    "count": "integer",
    "yes or no": "boolean",
    "texts": "string",
}
"""Of CSV on the Web (Metadata Vocabulary for Tabular Data §5.11.1)."""


def data_schema(view: DataSchema) -> bytes:
    """Write the JSON Schema of a JSON file."""
    name = view.about.name
    full = _object((URL, *TABLES[name])) | {"not": {"required": [WITHDRAWN.name]}}
    gone = _object((URL, *GONE)) | {"additionalProperties": False}
    head = {
        "schema": {"const": view.about.schema, "description": "The address of this schema."},
        "version": {"const": VERSION, "description": "Raised by a change that would break a program."},
        "title": _TEXT,
        "page": {"type": "string", "format": "uri", "description": "What describes the file to people."},
        "licence": {
            "type": "object",
            "properties": {"id": _TEXT, "label": _TEXT, "url": {"type": "string", "format": "uri"}},
            "required": ["id", "label"],
        },
        "updated": {"type": "string", "format": "date", "description": "The day of the newest change of a record."},
        name: {
            "type": "array",
            "description": "Newest first.",
            "items": {"anyOf": [{"$ref": "#/$defs/record"}, {"$ref": "#/$defs/withdrawn"}]},
        },
    }
    return _pretty(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": view.about.schema,
            "title": view.about.title,
            "type": "object",
            "properties": head,
            "required": ["schema", "version", "title", "page", name],
            "$defs": {"record": full, "withdrawn": gone},
        }
    )


def _object(fields: Iterable[DataField]) -> dict[str, Any]:
    found = tuple(fields)
    return {
        "type": "object",
        "properties": {field.name: {**_schema(field), "description": field.about} for field in found},
        "required": [field.name for field in found if field.always],
    }


def _schema(field: DataField) -> dict[str, Any]:
    if field.fields:
        return {"type": "array", "items": _object(field.fields), "minItems": 1}
    return _SCHEMAS[field.form] | ({"enum": list(field.words)} if field.words else {})


def table_description(view: TableDescription) -> bytes:
    """Write the description of the table of jobs (Metadata Vocabulary for Tabular Data §5.3)."""
    licence = view.about.licence[2] if view.about.licence else None
    return _pretty(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": view.about.language}],
            "@id": view.table,
            "url": view.table.rpartition("/")[2],
            "dc:title": view.about.title,
            "dc:publisher": view.about.publisher,
            "dc:source": {"@id": view.about.page},
            **({"dc:license": {"@id": licence}} if licence else {}),
            "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": [ROW.decode()]},
            "tableSchema": {"columns": [*map(_column, (URL, *COLUMNS))], "primaryKey": "url"},
        }
    )


_REQUIRED: Final = frozenset(field.name for field in (URL, *IDS))
"""Known also of withdrawn entries."""


def _column(field: DataField) -> dict[str, Any]:
    column: dict[str, Any] = {"name": field.name, "titles": field.name, "dc:description": field.about}
    column["datatype"] = _DATATYPES[field.form]
    column["required"] = field.name in _REQUIRED
    return column | ({"separator": SEPARATOR} if field.form == "texts" else {})


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
