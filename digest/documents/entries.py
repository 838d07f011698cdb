"""A source to a `Job`, `News` or `Page`, with its body, and the rules of one entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from digest.dates.reading import read_moment
from digest.dates.weeks import WEEK, read_week, week_words
from digest.dates.zones import day_bounds
from digest.diagnostics import Parsed, Rule
from digest.documents import entry_rules as rules
from digest.documents.advice import advise
from digest.documents.config import Config
from digest.documents.posting import structured_data
from digest.documents.statement_fields import statement_contact, statement_early, statement_status
from digest.documents.tables import FOLDERS, TABLES
from digest.markup import Body, BodyRead, read_body
from digest.model import Change, Edition, Entry, Job, Kind, Moment, News, Opening, Page
from digest.text.nodes import MapNode, Node, Reading, Scalar
from digest.text.schema import Context
from digest.text.source import FAST, PURE, Document, Parser, read_alike, split


class Written(NamedTuple):
    """An entry's two halves: its facts, and its text."""

    entry: Entry
    body: Body
    body_line: int
    """The file's line, counted from 1, on which the body begins."""


_CLASSES: Final[dict[str, type[Entry]]] = {"job": Job, "news": News, "page": Page, "edition": Edition}
_NAMES: Final = {"organisation": "organisations", "source": "sources"}
_RULES: Final[tuple[tuple[Rule[[Any]], str, tuple[str, ...]], ...]] = (
    (rules.title_length, "title", ("job", "news", "page", "edition")),
    (rules.summary_length, "summary", ("job", "news", "page", "edition")),
    (rules.published_implausible, "published", ("job", "news", "page")),
    (rules.withdrawn_early, "withdrawn", ("job", "news", "page")),
    (rules.change_early, "changes", ("job", "news", "page")),
    (rules.alias_self, "aliases", ("job", "news", "page")),
    (rules.alias_form, "aliases", ("job", "news", "page")),
    (rules.related_self, "related", ("job", "news")),
    (rules.closes_early, "closes", ("job",)),
    (rules.closes_late, "closes", ("job",)),
    (rules.closes_unlike_change, "closes", ("job",)),
    (rules.opens_late, "opens", ("job",)),
    (rules.hours_unused, "hours", ("job",)),
    (structured_data, "structured_data", ("job",)),
)
"""The rules of one entry: the rule, the field its findings are placed at, and the kinds it is for."""
_RULES_OF: Final = {kind: [(rule_, field) for rule_, field, kinds in _RULES if kind in kinds] for kind in _CLASSES}


def kind_of(path: str) -> Kind | None:
    """Return the kind of the entry at `path`, or None where no entry belongs."""
    parts = path.split("/")
    known: Any = FOLDERS.get(parts[1]) if len(parts) == len(("content", "jobs", "x.md")) else None
    return known if path.endswith(".md") else None


def read_entry(path: str, text: str, config: Config, read: Callable[[str], BodyRead] = read_body) -> Parsed[Written]:
    """Read one entry.

    `path` is site-root-relative and lies in a folder of `tables.FOLDERS`; `text` has LF line ends; `read` reads the
    body, or remembers it.
    The value is None when any error was found; warnings leave it.
    """
    parsed = _read(path, text, config, FAST, read)
    if not parsed.problems or (parsed.value is not None and read_alike(text, parsed.value.body_line)):
        return parsed
    return _read(path, text, config, PURE, read)


def _read(path: str, text: str, config: Config, parser: Parser, read: Callable[[str], BodyRead]) -> Parsed[Written]:
    reading = Reading(path, text)
    kind = kind_of(path)
    document = split(reading, parser)
    name = path.rpartition("/")[2]
    stem = name.removesuffix(".md") or name
    unnamed = reading.check(rules.edition_week if kind == "edition" else rules.file_name, None, stem)
    if document is None or kind is None or (unnamed and kind == "edition"):
        return Parsed(None, tuple(reading.problems))
    published = _published(document.front, config.timezone)
    context = Context(reading, config.vocabularies, config.timezone, published)
    values = TABLES[kind].read(document.front, context)
    body, placed = read(document.body)
    for rule_, finding, line, column, width in placed:
        reading.add(rule_, finding, line + document.body_line - 1, column, width)
    _check_body(reading, document, kind)
    if values is None:
        return Parsed(None, tuple(reading.problems))
    _complete(values, document.front, config, reading)
    entry = _entry(path, kind, stem, values, config.timezone)
    _check(entry, document.front, config, reading)
    advise(reading, entry, document, config.advice)
    whole = all(problem.severity == "warning" for problem in reading.problems)
    return Parsed(Written(entry, body, document.body_line) if whole else None, tuple(reading.problems))


def _published(front: MapNode, zone: str) -> date | None:
    """Peek at the publication day, which dates without a year are guessed from; None if it cannot be read."""
    node = front.values.get("published")
    if not isinstance(node, Scalar):
        return None
    moment = read_moment(node.value, zone, None, "published").value
    return moment.day if moment else None


def _entry(path: str, kind: Kind, stem: str, values: dict[str, Any], zone: str) -> Entry:
    named = {new: values.pop(old) for old, new in _NAMES.items() if old in values}
    values.setdefault("id", stem)
    if "changes" in values:
        newest: Callable[[Change], Any] = lambda change: change.date  # noqa: E731 - named for its type
        values["changes"] = tuple(sorted(values["changes"], key=newest, reverse=True))
    if kind == "job":
        values.setdefault("opens", Opening(values["published"]))
    if kind == "edition":
        values = {**_of_week(stem, zone), **values}
    return _CLASSES[kind](kind=kind, path=path, **values, **named)


def _of_week(name: str, zone: str) -> dict[str, Any]:
    """Return what follows from the week of an edition: its title, and that it is published when the week is over."""
    monday = read_week(name)
    if monday is None:
        message = f"{name} was checked to be a week"
        raise ValueError(message)
    day = monday + WEEK
    published = Moment(day, None, zone, *day_bounds(day, zone))
    return {"title": f"Week of {week_words(monday)}", "summary": "", "published": published}


def _complete(values: dict[str, Any], front: MapNode, config: Config, reading: Reading) -> None:
    """Add a job's family, which follows from its role."""
    family = config.role_family.get(values.get("role", ""))
    if family is None or values.setdefault("family", family) == family:
        return
    label = config.vocabularies["families"].by_id[family].label
    reading.check(rules.family_unlike_role, front.values.get("family"), label)


def _check(entry: Entry, front: MapNode, config: Config, reading: Reading) -> None:
    for rule_, field in _RULES_OF[entry.kind]:
        for finding in rule_.find(entry):
            reading.place(rule_, finding, front.values.get(field))
    licence = config.licences.get(entry.image.licence) if entry.image else None
    if licence is not None:
        reading.check(rules.image_licence, _inner(front, "image", "licence"), licence.label, licence.images)
    statement = entry.statement if isinstance(entry, Page) else None
    if statement is not None:
        reading.check(statement_status, _inner(front, "statement", "status"), statement)
        reading.check(statement_early, _inner(front, "statement", "reviewed"), statement.reviewed, entry.published.day)
        reading.check(statement_contact, front.values.get("statement"), config.contact)


def _inner(front: MapNode, *path: str) -> Node | None:
    node: Node | None = front
    for name in path:
        node = node.values.get(name) if isinstance(node, MapNode) else None
    return node


def _check_body(reading: Reading, document: Document, kind: Kind) -> None:
    if re.search(r"\S", document.body) is None:
        for finding in rules.body_empty(kind):
            reading.add(rules.body_empty, finding, max(document.body_line - 1, 1))
