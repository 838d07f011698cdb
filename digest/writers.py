"""Views that are data for programs: written by code, where a template would only get in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import msgspec

from digest.calendars import calendar
from digest.opendata import data_file, data_schema, data_table, table_description
from digest.planning.program_views import Calendar, DataFile, DataSchema, DataTable, TableDescription
from digest.planning.views import BuildRecord, Headers


def build_record(view: BuildRecord) -> bytes:
    """Write `build.json`."""
    return (json.dumps(msgspec.to_builtins(view), indent=2, ensure_ascii=False) + "\n").encode()


def headers(view: Headers) -> bytes:
    """Write `_headers` in the form of Netlify and Cloudflare Pages: a path, and below it, set in, its headers."""
    blocks = ("\n".join([rule.path, *(f"  {name}: {value}" for name, value in rule.headers)]) for rule in view.rules)
    return ("\n\n".join(blocks) + "\n").encode()


WRITERS: Final[dict[type[Any], Callable[[Any], bytes]]] = {
    BuildRecord: build_record,
    Headers: headers,
    Calendar: calendar,
    DataFile: data_file,
    DataTable: data_table,
    DataSchema: data_schema,
    TableDescription: table_description,
}
"""The function that writes each view that has no template; a library that it needs is imported when it is called."""
