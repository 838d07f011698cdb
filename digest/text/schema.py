"""Field tables: from one definition come the reading, its problems, the JSON Schema and the reference page.

A *reader* turns a located node into a typed value or nothing, and reports what is wrong in the `Context`.
A *table* is the fields of one kind of mapping, in the order in which they are documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final, Protocol

from msgspec import Struct

from digest.diagnostics import Finding, rule
from digest.text.guesses import closest
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.patterns import compiled

JsonSchema = dict[str, Any]
_PLAIN: Final = "[A-Za-z0-9 -]*"
"""A name whose slug is plain to see."""


class Choice(Struct, frozen=True):
    """One value of a vocabulary."""

    id: str
    label: str
    short: str | None = None
    """The abbreviation, where there is one."""
    synonyms: tuple[str, ...] = ()
    explanation: str = ""
    """One plain-English line for an outsider."""
    url: str | None = None
    """A page about it elsewhere."""
    country: str | None = None
    """ISO 3166-1 code of the country of a place, where that is not the one of the configuration."""


@lru_cache(maxsize=65536)
def spelling(text: str) -> str:
    """Return what two spellings of one thing have in common: letters and digits, without case."""
    return "".join(filter(str.isalnum, text.casefold()))


@lru_cache(maxsize=65536)
def slug(text: str) -> str:
    """Return `text` as a part of an address: ASCII lower case, digits and hyphens; `&` is "and"."""
    if compiled(_PLAIN).fullmatch(text):
        return "-".join(text.lower().replace("-", " ").split())
    from slugify import slugify  # noqa: PLC0415 - most names need no more than the above

    return slugify(text.replace("&", " and "), backend="text-unidecode")


class Vocabulary(Struct, frozen=True, dict=True):
    """The values a field takes, in order, each found by id, label, abbreviation or synonym."""

    what: str
    """What one value is called, such as "grade"."""
    choices: tuple[Choice, ...]

    @cached_property
    def by_id(self) -> dict[str, Choice]:
        """The choices by id."""
        return {choice.id: choice for choice in self.choices}

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each choice by id, counted from 0."""
        return {choice.id: place for place, choice in enumerate(self.choices)}

    @cached_property
    def _spellings(self) -> dict[str, Choice]:
        return {spelling(name): choice for choice in reversed(self.choices) for name in spellings(choice) if name}

    def find(self, text: str) -> Choice | None:
        """Return the choice that `text` spells, without regard to case, spaces or hyphens."""
        return self._spellings.get(spelling(text))


def spellings(choice: Choice) -> tuple[str, ...]:
    """Return every way a choice may be written, its label first."""
    return (choice.label, choice.short or "", choice.id, *choice.synonyms)


Vocabularies = Mapping[str, Vocabulary]


class Context(Struct, frozen=True):
    """What a reader may know besides the node."""

    reading: Reading
    vocabularies: Vocabularies = MappingProxyType({})
    """The vocabularies of the configuration; none while the configuration itself is read."""
    zone: str = "Europe/London"
    """IANA time zone in which times without one are meant."""
    published: date | None = None
    """The entry's publication day, from which a missing year is guessed in hints."""


class Reader(Protocol):
    """Reads one node."""

    def read(self, node: Node, context: Context) -> Any:
        """Return the typed value, or None after reporting why there is none."""

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Return the JSON Schema (2020-12) of what is accepted."""


class Field(Struct, frozen=True):
    """One field of a table."""

    name: str
    reader: Reader
    doc: str
    """What it means, in a sentence for editors."""
    example: str
    """A value as an editor would write it."""
    required: bool = False
    also: tuple[str, ...] = ()
    """Names people write by mistake."""


def with_article(what: str) -> str:
    """Return a noun with "a" or "an"."""
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def guess(name: str, fields: Sequence[Field]) -> str | None:
    """Return the field that was meant by `name`, or None."""
    written = name.lower().replace("-", "_")
    for field in fields:
        if written in (field.name, *field.also):
            return field.name
    return closest(written, [field.name for field in fields])


@rule("unknown-field")
def unknown_field(name: str, what: str, fields: Sequence[Field]) -> Iterator[Finding]:
    """Only the documented fields are written.

    A misspelt field would be dropped without a word, and the fact with it.

    Wrong: `closing_date: 6 October 2014`

    Right: `closes: 6 October 2014`
    """
    meant = guess(name, fields)
    said = f'; did you mean "{meant}"?' if meant else ""
    hint = None if meant else f"the fields are {', '.join(field.name for field in fields)}"
    yield Finding(f'"{name}" is not {with_article(what)} field{said}', hint)


@rule("required-field")
def required_field(what: str, field: Field) -> Iterator[Finding]:
    """Every entry has the fields its readers count on.

    A job without pay, a closing date or an organisation helps nobody; where the source does not say, say so:
    `not stated`.

    Right: `salary: not stated`
    """
    yield Finding(f'{with_article(what)} needs "{field.name}"', f"add a line such as  {field.name}: {field.example}")


@rule("field-shape")
def field_shape(node: Node, expected: str) -> Iterator[Finding]:
    """A field holds what its table says: a text, a list, or fields of its own.

    Wrong: `title: [Content designer]`

    Right: `title: Content designer`
    """
    found = "a text" if isinstance(node, Scalar) else "a list" if isinstance(node, ListNode) else "fields of its own"
    yield Finding(f"expected {expected}, found {found}")


Make = Callable[[dict[str, Any], MapNode, Context], Any]


class Table:
    """The fields of one kind of mapping, and what to make of their values."""

    def __init__(
        self, what: str, fields: tuple[Field, ...], make: Make = lambda values, _node, _context: values
    ) -> None:
        """Name the kind in words, such as "job".

        `make` gets the values read, by field name, without those left out; it may report more and return None.
        """
        self.what: Final = what
        self.fields: Final = fields
        self.make: Final = make
        self._readers: Final = {field.name: field.reader.read for field in fields}
        self._required: Final = {field.name: field for field in fields if field.required}

    def read(self, node: Node, context: Context) -> Any:
        """Return what `make` makes, or None if a field is missing or could not be read."""
        reading = context.reading
        if not isinstance(node, MapNode):
            if not (isinstance(node, Scalar) and node.broken):
                reading.check(field_shape, node, node, "fields with values")
            return None
        if node.broken:
            return None
        guessed = self._unknown(node, context)
        values: dict[str, Any] = {}
        whole = guessed is None
        written = node.values
        for name, read in self._readers.items():
            if name in written:
                value = values[name] = read(written[name], context)
                whole = whole and value is not None
            elif name in self._required:
                whole = False
                if name not in (guessed or ()):
                    reading.check(required_field, self._anchor(node), self.what, self._required[name])
        return self.make(values, node, context) if whole else None

    def _unknown(self, node: MapNode, context: Context) -> set[str] | None:
        """Report unknown fields; return the known ones they were guessed to be, or None if all are known."""
        if node.keys.keys() <= self._readers.keys():
            return None
        unknown = [key for name, key in node.keys.items() if name not in self._readers]
        for key in unknown:
            context.reading.check(unknown_field, key, key.value, self.what, self.fields)
        return {meant for key in unknown if (meant := guess(key.value, self.fields)) is not None}

    @staticmethod
    def _anchor(node: MapNode) -> Scalar | None:
        """Return where a missing field is reported: at the mapping's first field."""
        return next(iter(node.keys.values()), None)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Describe an object with these properties and no others."""
        properties = {
            field.name: {"title": field.name, "description": field.doc} | field.reader.schema(vocabularies)
            for field in self.fields
        }
        required = [field.name for field in self.fields if field.required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
