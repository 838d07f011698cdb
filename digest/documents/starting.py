"""A new entry: what an editor is asked for, the file's name, and the text to begin with.

Questions, comments and examples are those of the field tables; answers are read by the same readers as files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

from digest.dates.words import format_day
from digest.documents.config import Config
from digest.documents.fields import SOURCE
from digest.documents.tables import TABLES
from digest.text.nodes import ListNode, Node, Reading, Scalar
from digest.text.schema import Context, Field, Table, Vocabulary, slug

Starter = Literal["job", "news"]
FOLDERS: Final[Mapping[Starter, str]] = {"job": "content/jobs/", "news": "content/news/"}
LONGEST_ID: Final = 70
"""Characters of an id that is made of a title; a longer one is cut after a word."""
_ASKED: Final[Mapping[Starter, tuple[str, ...]]] = {
    "job": ("organisation", "salary", "closes", "location", "apply", "tags", "summary"),
    "news": ("source.name", "source.url", "tags", "summary"),
}
_SEPARATORS: Final = {"organisation": ";", "location": ";", "tags": ","}
"""What stands between the items of an answer; names of organisations and places may hold a comma."""
_EXAMPLES: Final = {"salary": "£71,000 to £85,000", "location": "London; hybrid", "tags": "leadership, pay"}
_GIVEN: Final = ("title", "published")
_LEFT_OUT: Final = frozenset({"id", "aliases", "withdrawn", "outcome", "structured_data"})
"""Fields that a new entry has no use for."""
_PLAIN: Final = re.compile(r"(?:[^\W_]|[£€])[\w £€%&+/().'’–=?~@,-]*(?::(?! )[\w £€%&+/().'’–=?~@,-]+)*")  # noqa: RUF001 - as people write
"""A text that YAML reads as itself: no mark at its start, no colon before a space or at its end, no `#`."""


class Question(NamedTuple):
    """A fact that is asked for."""

    name: str
    """The field, or `field.part` of one that has fields of its own."""
    field: Field
    separator: str | None
    """What stands between several answers; None where there is one."""
    example: str


def questions(kind: Starter, published: date) -> tuple[Question, ...]:
    """Return the facts to ask for, in order; whatever is not answered becomes a marked blank."""
    examples = {**_EXAMPLES, "closes": format_day(published + timedelta(weeks=2))}
    fields = [(name, _field(kind, name)) for name in _ASKED[kind]]
    return tuple(
        Question(name, field, _SEPARATORS.get(name), examples.get(name, field.example)) for name, field in fields
    )


def _field(kind: Starter, name: str) -> Field:
    outer, _, inner = name.partition(".")
    fields = SOURCE.fields if inner else TABLES[kind].fields
    return next(field for field in fields if field.name == (inner or outer))


def split_answer(question: Question, text: str) -> tuple[str, ...]:
    """Return the values of an answer, without what surrounds them; none for an empty one."""
    parts = text.split(question.separator) if question.separator else [text]
    return tuple(word for part in parts if (word := " ".join(part.split())))


def read_answer(question: Question, values: tuple[str, ...], config: Config, published: date) -> Reading:
    """Read an answer as the file's field would be read; the result has the problems, in words for editors."""
    reading = Reading("answer", " ".join(values))
    nodes: list[Node] = [Scalar(value, 1, 1, len(value), 0) for value in values]
    node = nodes[0] if len(nodes) == 1 else ListNode(nodes, 1, 1, 1)
    question.field.reader.read(node, Context(reading, config.vocabularies, config.timezone, published))
    return reading


def choices(question: Question, config: Config) -> tuple[str, ...]:
    """Return the values that the configuration lists for a question, none where it takes any text."""
    found = list(_examples(question.field.reader.schema(config.vocabularies)))
    return tuple(found)


def _examples(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("examples", ())
        for key in ("items", "anyOf", "oneOf"):
            if key in schema:
                inner = schema[key]
                return (yield from _examples(inner[0] if isinstance(inner, list) else inner))
    return None


# --- its name ----------------------------------------------------------------------------------------------


def free_id(title: str, organisations: tuple[str, ...], published: date, config: Config, taken: Collection[str]) -> str:
    """Return an id that no other entry has: year and month, organisation where there is one, title.

    It is empty where the title has no letter or digit to make it of.
    """
    words = slug(title)
    if not words:
        return ""
    names = [_short(name, config.vocabularies["organisations"]) for name in organisations[:1]]
    parts = [f"{published:%Y-%m}", *(name for name in names if name and name not in words), words]
    whole = _cut("-".join(parts), LONGEST_ID)
    number, found = 2, whole
    while found in taken:
        found, number = f"{whole}-{number}", number + 1
    return found


def _short(name: str, vocabulary: Vocabulary) -> str:
    """Return an organisation as a part of an id: its abbreviation, where the configuration has one."""
    known = vocabulary.find(name)
    spelt = (known.short or "", *known.synonyms) if known else ()
    return slug(next((word for word in spelt if word.isupper()), known.label if known else name))


def _cut(words: str, longest: int) -> str:
    if len(words) <= longest:
        return words
    return words[: longest + 1].rpartition("-")[0].rstrip("-") or words[:longest]


# --- its text ----------------------------------------------------------------------------------------------


class Started(NamedTuple):
    """A file to begin with."""

    text: str
    blanks: tuple[str, ...]
    """The fields that have to be filled in before it passes `check`; the text below the facts is always one."""


def starter(kind: Starter, title: str, published: date, answers: Mapping[str, tuple[str, ...]]) -> Started:
    """Write a new entry with the answers, by the names of their questions.

    Facts that were asked for and not answered are marked blanks; all others stand in comments.
    """
    table: Table = TABLES[kind]
    asked = {question.name.partition(".")[0]: question for question in questions(kind, published)}
    blanks: list[str] = []
    lines = ["---", f"title: {scalar(title)}", f"published: {published.isoformat()}"]
    for field in table.fields:
        if field.name in asked:
            lines += _asked_lines(asked[field.name], field, answers, blanks)
    lines += ["", "# Other facts. Where one is known, delete the # before its name, and write it."]
    for field in table.fields:
        if field.name not in asked and field.name not in _GIVEN and field.name not in _LEFT_OUT:
            lines += [f"#   {field.doc}", f"# {field.name}: {field.example}"]
    lines += ["", "# The text of the page is FILLED IN below the next line, in your own words.", "---", "", ""]
    return Started("\n".join(lines), (*blanks, "the text"))


def _asked_lines(
    question: Question, field: Field, answers: Mapping[str, tuple[str, ...]], blanks: list[str]
) -> Iterator[str]:
    """Yield the lines of a fact that is asked for, and note what stays blank."""
    if "." not in question.name:
        values = answers.get(field.name, ())
        if values:
            yield f"{field.name}: {_written(values)}"
        else:
            blanks.append(field.name)
            yield f"# FILL IN: {field.doc} Such as: {_written(split_answer(question, question.example))}"
            yield f"{field.name}:"
        return
    yield f"{field.name}:"
    for inner in SOURCE.fields:
        values = answers.get(f"{field.name}.{inner.name}", ())
        if values:
            yield f"  {inner.name}: {_written(values)}"
        elif inner.required or inner.name == "url":
            blanks.append(f"{field.name}.{inner.name}")
            yield f"  # FILL IN: {inner.doc} Such as: {inner.example}"
            yield f"  {inner.name}:"
        else:
            yield f"  #   {inner.doc}"
            yield f"  # {inner.name}: {inner.example}"


def _written(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return scalar(values[0])
    return f"[{', '.join(scalar(value, listed=True) for value in values)}]"


def scalar(text: str, *, listed: bool = False) -> str:
    """Write a text on one line so that YAML reads it back as it is (YAML 1.2.2 §7.3); `listed`, between brackets."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and not (listed and "," in text):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08X}"
