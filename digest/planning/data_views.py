"""Open data: which entries each file holds, and the page that describes them.

Facts, and no state: what follows from the clock a reader works out from the dates, so that a later clock leaves the
files as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from typing import Any, Final, Literal

from msgspec import Struct

from digest.model import Kind
from digest.planning.catalogue import newest_first
from digest.planning.context import DATA, ViewContext
from digest.planning.data_fields import VERSION, DataField, example
from digest.planning.data_jobs import JOBS
from digest.planning.data_tables import NEWS, URL, WITHDRAWN, Fields
from digest.planning.parts import Link
from digest.planning.program_views import (
    DataAbout,
    DataFile,
    DataLine,
    DataPage,
    DataSchema,
    DataTable,
    FieldLine,
    FieldTable,
    TableDescription,
)
from digest.planning.records import RecordForm, Shown
from digest.planning.states import HIDDEN

Name = Literal["jobs", "news"]
TABLES: Final[dict[Name, Fields]] = {"jobs": JOBS, "news": NEWS}
_FORMS: Final = {
    "address": "web address",
    "day": "date",
    "time": "local time",
    "instant": "instant, UTC",
    "count": "whole number",
    "texts": "list of texts",
    "objects": "list of objects, only in JSON",
}
"""What a form is called on the page, where that is another word."""


class PlannedData(Struct, frozen=True):
    """A file with records that is to be made."""

    path: str
    name: Name
    form: RecordForm
    months: tuple[tuple[Shown, ...], ...]
    """Its entries, newest first, in months of their publication."""

    def mark(self) -> bytes:
        """Return bytes that are equal only where all records are."""
        return b"".join(shown.mark() for month in self.months for shown in month)


class DataViews:
    """Makes the files of open data and the page that describes them."""

    def __init__(self, context: ViewContext) -> None:
        """Take the site's frame and its catalogue."""
        self.context = context
        self.config = context.config

    def all(self) -> Iterator[PlannedData]:
        """Yield the files with records, if they are switched on."""
        if self.config.outputs.data:
            jobs, news = self._months("job"), self._months("news")
            yield PlannedData(f"{DATA}jobs.json", "jobs", "json", jobs)
            yield PlannedData(f"{DATA}jobs.csv", "jobs", "csv", jobs)
            yield PlannedData(f"{DATA}news.json", "news", "json", news)

    def _months(self, kind: Kind) -> tuple[tuple[Shown, ...], ...]:
        catalogue, shown_as = self.context.catalogue, self.context.shown
        carried = (shown_as(item.card) for item in catalogue.carried if item.state not in HIDDEN)
        gone = (shown_as(card, withdrawn=True) for card in catalogue.withdrawn)
        ordered = merge(carried, gone, key=lambda shown: newest_first(shown.card))
        found = (shown for shown in ordered if shown.card.kind == kind)
        return tuple(tuple(month) for _, month in groupby(found, lambda shown: shown.card.day.replace(day=1)))

    def file(self, planned: PlannedData) -> DataFile | DataTable:
        """Return the view of a file with records.

        Its pieces are the records of a month, so that an edit makes one of them and finds the others remembered.
        """
        kind = DataFile if planned.form == "json" else DataTable
        days = [shown.card.updated for month in planned.months for shown in month]
        return kind(
            about=self._about(planned.name),
            updated=max(days).isoformat() if days else None,
            pieces=tuple(
                self.context.entries.piece(planned.form, month, self.context.permalink) for month in planned.months
            ),
        )

    def fixed(self) -> Iterator[tuple[str, Any]]:
        """Yield the page, and what describes the files to programs; none of it depends on any entry."""
        yield DATA, self._page()
        for name in TABLES:
            yield f"{DATA}{name}.schema.json", DataSchema(self._about(name))
        table = TableDescription(self._about("jobs"), self.context.permalink(f"{DATA}jobs.csv"))
        yield f"{DATA}jobs.csv-metadata.json", table

    def _about(self, name: Name) -> DataAbout:
        licence = self.config.licences.get(self.config.licence or "")
        return DataAbout(
            name=name,
            title=f"{self.config.title}: {name}",
            language=self.config.language,
            page=self.context.permalink(DATA),
            schema=self.context.permalink(f"{DATA}{name}.schema.json"),
            publisher=self.config.title,
            licence=(licence.id, licence.label, licence.url) if licence else None,
        )

    def _page(self) -> DataPage:
        title, intro = "Data", "All jobs and news of this digest as files, for spreadsheets and programs."
        shown = {URL.name: URL.example, **example(JOBS)}
        return DataPage(
            site=self.context.site,
            head=self.context.head(DATA, title, intro),
            heading=title,
            intro=intro,
            files=tuple(
                DataLine(self.context.link(f"{name}", f"{DATA}{name}"), about)
                for name, about in (
                    ("jobs.json", "All jobs, as JSON."),
                    ("jobs.csv", "All jobs, as a table: one row for each."),
                    ("news.json", "All news, as JSON."),
                    ("jobs.schema.json", "The JSON Schema of the file of jobs."),
                    ("news.schema.json", "The JSON Schema of the file of news."),
                    ("jobs.csv-metadata.json", "The description of the table (CSV on the Web)."),
                )
            ),
            licence=self._licence(),
            version=VERSION,
            tables=tuple(FieldTable(name, f"Fields of {name}", tuple(lines(name))) for name in TABLES),
            example=json.dumps(shown, indent=2, ensure_ascii=False),
        )

    def _licence(self) -> Link | None:
        licence = self.config.licences.get(self.config.licence or "")
        return Link(licence.label, licence.url or "") if licence else None


def lines(name: Name) -> Iterator[FieldLine]:
    """Yield the fields of a file in words, those of objects behind the field that holds them."""
    for field in (URL, *TABLES[name], WITHDRAWN):
        yield _line(field)
        for inner in field.fields:
            yield _line(inner, f"{field.name}.")


def _line(field: DataField, within: str = "") -> FieldLine:
    about = f"{field.about} One of: {', '.join(field.words)}." if field.words else field.about
    always = field.always and field is not WITHDRAWN
    return FieldLine(within + field.name, _FORMS.get(field.form, field.form), about, always, bool(within))
