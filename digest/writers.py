"""Views that are data for programs: written by code, where a template would only get in the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from digest.planning.parts import Row
from digest.planning.program_views import (
    BuildRecord,
    Calendar,
    DataFile,
    DataSchema,
    DataTable,
    Headers,
    SearchIndex,
    SearchRows,
    SearchWords,
    TableDescription,
)


def build_record(view: BuildRecord) -> bytes:
    """Write `build.json`."""
    return (json.dumps(msgspec.to_builtins(view), indent=2, ensure_ascii=False) + "\n").encode()


def headers(view: Headers) -> bytes:
    """Write `_headers` in the form of Netlify and Cloudflare Pages: a path, and below it, set in, its headers."""
    blocks = ("\n".join([rule.path, *(f"  {name}: {value}" for name, value in rule.headers)]) for rule in view.rules)
    return ("\n\n".join(blocks) + "\n").encode()


def search_index(view: SearchIndex) -> bytes:
    """Write `search/index.json`."""
    return msgspec.json.encode(view)


def search_words(view: SearchWords) -> bytes:
    """Write a file of words for search: the places of each."""
    return msgspec.json.encode(view.words)


def search_rows(view: SearchRows) -> bytes:
    """Write a file of rows for search, each a list in the order in which `templates/assets/search.js` reads it."""
    return msgspec.json.encode([list(_row(found.row, found.summary)) for found in view.rows])


def _row(row: Row, summary: str) -> Iterator[str]:
    yield from (row.kind, row.href, row.lang, row.title, row.organisation, row.place, row.pay, row.date_label)
    yield from (row.date.text, row.date.iso) if row.date else ("", "")
    yield from (row.badge.word, row.badge.kind) if row.badge else ("", "")
    yield summary


def calendar(view: Calendar) -> bytes:
    """Write a calendar."""
    from digest import calendars  # noqa: PLC0415 - many sites have none

    return calendars.calendar(view)


def data_file(view: DataFile) -> bytes:
    """Write a JSON file of the open data."""
    from digest import opendata  # noqa: PLC0415 - many sites have none

    return opendata.data_file(view)


def data_table(view: DataTable) -> bytes:
    """Write the table of the open data."""
    from digest import opendata  # noqa: PLC0415 - many sites have none

    return opendata.data_table(view)


def data_schema(view: DataSchema) -> bytes:
    """Write the JSON Schema of a JSON file."""
    from digest import opendata  # noqa: PLC0415 - many sites have none

    return opendata.data_schema(view)


def table_description(view: TableDescription) -> bytes:
    """Write the description of the table."""
    from digest import opendata  # noqa: PLC0415 - many sites have none

    return opendata.table_description(view)


WRITERS: Final[dict[type[Any], Callable[[Any], bytes]]] = {
    BuildRecord: build_record,
    Headers: headers,
    SearchIndex: search_index,
    SearchWords: search_words,
    SearchRows: search_rows,
    Calendar: calendar,
    DataFile: data_file,
    DataTable: data_table,
    DataSchema: data_schema,
    TableDescription: table_description,
}
"""The function that writes each view that has no template; a library that it needs is imported when it is called."""
