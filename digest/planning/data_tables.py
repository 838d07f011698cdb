"""The fields of the open data that jobs and news share, and those of news."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from digest.dates.words import iso_partial, utc
from digest.planning.data_fields import DataField
from digest.planning.data_values import day, tag_labels
from digest.planning.entry_views import guid
from digest.planning.records import Subject
from digest.planning.states import changed

Fields = tuple[DataField, ...]
KINDS: Final = ("dated", "open until filled", "not stated")

URL: Final = DataField(
    "url", "address", "Its page.", "https://digest.example/jobs/director-of-x/", lambda _: None, always=True
)
"""The first field of every record; its value is put before the others, for it depends on where the site is."""
IDS: Final = (
    DataField("id", "text", "Its name in addresses.", "director-of-x", lambda s: s.entry.id, always=True),
    DataField(
        "guid",
        "text",
        "Its id for good, which a rename or a move of the site does not change: a tag URI (RFC 4151), as in the feeds.",
        "tag:digest.example,2014:job/director-of-x",
        lambda s: guid(s.entry, s.config.authority),
        always=True,
    ),
    DataField(
        "published",
        "day",
        "The day on which it was published here.",
        "2014-09-12",
        lambda s: day(s.entry.published),
        always=True,
    ),
)
WITHDRAWN: Final = DataField(
    "withdrawn",
    "day",
    "The day from which it is withdrawn. Such a record has no facts any more: take them out of your copy too.",
    "2014-09-20",
    lambda s: s.entry.withdrawn.date.isoformat() if s.entry.withdrawn else None,
    always=True,
)
TITLES: Final = (
    DataField(
        "published_at",
        "instant",
        "The instant at which it was published; the first of the day where no time was given.",
        "2014-09-11T23:00:00Z",
        lambda s: utc(s.entry.published.starts),
        always=True,
    ),
    DataField(
        "updated",
        "day",
        "The day of its newest noted change, or of publication.",
        "2014-09-16",
        lambda s: changed(s.entry).isoformat(),
        always=True,
    ),
    DataField("language", "text", "BCP 47 tag.", "en", lambda s: s.entry.lang, always=True, words=("en", "cy")),
    DataField("title", "text", "Its title.", "Director of X", lambda s: s.entry.title, always=True),
    DataField(
        "summary",
        "text",
        "What it is about, in a sentence or two.",
        "One director for both Houses.",
        lambda s: s.entry.summary,
        always=True,
    ),
    DataField(
        "organisations",
        "texts",
        "Who employs, or whom the news is about.",
        ["Home Office"],
        lambda s: s.entry.organisations,
    ),
    DataField(
        "organisation_ids",
        "texts",
        "The same, as in the addresses of this site.",
        ["home-office"],
        lambda s: s.card.terms_of("organisations"),
    ),
)
TAGS: Final = (
    DataField(
        "tags",
        "texts",
        "Its tags, as in the addresses of this site.",
        ["leadership"],
        lambda s: s.card.terms_of("tags"),
        always=True,
    ),
    DataField("tag_labels", "texts", "The same in words.", ["Leadership"], tag_labels, always=True),
)
SOURCE: Final = (
    DataField("name", "text", "Who published it.", "Computer Weekly", lambda s: s.name, always=True),
    DataField("url", "address", "Where.", "https://www.computerweekly.com/", lambda s: s.url),
    DataField(
        "published",
        "text",
        "When, as far as that is known: a year, a month or a day.",
        "2014-09",
        lambda s: iso_partial(s.published) if s.published else None,
    ),
    DataField(
        "licence", "text", "The licence of its words, an SPDX id where there is one.", "OGL-3.0", lambda s: s.licence
    ),
)


def _first_source(name: str) -> DataField:
    field = next(field for field in SOURCE if field.name == name)

    def value(subject: Subject) -> Any:
        return field.value(subject.entry.sources[0]) if subject.entry.sources else None

    about = {"name": "Where the facts come from: the first source.", "url": "The address of the first source."}
    return replace(
        field,
        name=f"source_{name}",
        about=about.get(name, f"Of the first source. {field.about}"),
        value=value,
        always=False,
    )


def _set_then(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda change: value(change.closes) if change.closes else None


CHANGE: Final = (
    DataField("date", "day", "When it was noted.", "2014-09-16", lambda c: c.date.isoformat(), always=True),
    DataField("note", "text", "What changed.", "The deadline moved by a week.", lambda c: c.note, always=True),
    DataField(
        "closes_kind",
        "text",
        "The deadline as it was set then, as in the field of this name of a job. Left out where it was not moved.",
        "dated",
        _set_then(lambda closes: closes.kind),
        words=KINDS,
    ),
    DataField("closes_date", "day", "The day of that deadline.", "2014-10-13", _set_then(lambda c: day(c.moment))),
    DataField(
        "closes_time", "time", "Its local time.", "23:55", _set_then(lambda c: c.moment.time if c.moment else None)
    ),
)
SOURCES: Final = (
    *map(_first_source, ("name", "url", "published", "licence")),
    DataField("other_sources", "objects", "Further sources.", None, lambda s: s.entry.sources[1:], fields=SOURCE),
    DataField("changes", "objects", "Noted changes, newest first.", None, lambda s: s.entry.changes, fields=CHANGE),
)
NEWS: Final[Fields] = (*IDS, *TITLES, *TAGS, *SOURCES)
GONE: Final[Fields] = (*IDS, WITHDRAWN)
"""The fields of a withdrawn entry."""
