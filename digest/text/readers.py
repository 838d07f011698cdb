"""Readers: one small frozen value per kind of field value, each with its rules and its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from digest.diagnostics import Read, Rule
from digest.text.nodes import ListNode, MapNode, Node, Scalar
from digest.text.reader_rules import (
    choice_unknown,
    field_empty,
    flag,
    id_form,
    list_length,
    list_repeat,
    number,
    url_form,
    url_insecure,
)
from digest.text.schema import Context, JsonSchema, Reader, Vocabularies, field_shape

NOTHING: Final = frozenset({"", "~", "null"})
"""What people write for nothing."""


def text_of(node: Node, context: Context) -> str | None:
    """Return the text of a scalar, or None after reporting another shape or no value."""
    if not isinstance(node, Scalar):
        context.reading.check(field_shape, node, node, "a text")
        return None
    if node.broken:
        return None
    if node.value.strip() in NOTHING:
        context.reading.check(field_empty, node)
        return None
    return node.value


class Text(Struct, frozen=True):
    """Any text on one line; runs of white space are one space."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the text."""
        text = text_of(node, context)
        return None if text is None else " ".join(text.split())

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Any text with a visible character; other YAML readers hand on a number as a number."""
        return {"type": ["string", "number"], "pattern": r"\S"}


class Flag(Struct, frozen=True):
    """`true` or `false`."""

    def read(self, node: Node, context: Context) -> bool | None:
        """Return the flag."""
        text = text_of(node, context)
        if text in {"true", "false"}:
            return text == "true"
        if text is not None:
            context.reading.check(flag, node, text)
        return None

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Either word, which other YAML readers hand on as a boolean."""
        return {"type": "boolean"}


class Number(Struct, frozen=True):
    """A number in digits, with inclusive bounds."""

    least: Decimal | None = None
    most: Decimal | None = None
    whole: bool = True

    def read(self, node: Node, context: Context) -> Any:
        """Return an `int` when whole, else a `Decimal`."""
        text = text_of(node, context)
        if text is None:
            return None
        for finding in number(text, self.least, self.most, whole=self.whole):
            context.reading.place(number, finding, node)
            return None
        return int(text) if self.whole else Decimal(text)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Give the bounds."""
        bounds = {"minimum": self.least, "maximum": self.most}
        limits = {key: int(value) if value == int(value) else float(value) for key, value in bounds.items() if value}
        return {"type": "integer" if self.whole else "number", **limits}


class Checked(Struct, frozen=True):
    """A text that passes some rules, each called with the text."""

    rules: tuple[Rule[...], ...]
    pattern: str
    """The same as a JSON Schema pattern."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the text."""
        text = text_of(node, context)
        if text is None:
            return None
        wrong = [check for check in self.rules if context.reading.check(check, node, text)]
        return None if wrong else text

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Give the pattern."""
        return {"type": ["string", "number"], "pattern": self.pattern}


URL: Final = Checked((url_form,), r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?$")
SECURE_URL: Final = Checked((url_form, url_insecure), r"^[Hh][Tt][Tt][Pp][Ss]://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?$")
ID: Final = Checked((id_form,), r"^[a-z0-9]+(-[a-z0-9]+)*$")


class Form(Struct, frozen=True):
    """A text in one of the written forms of `pay` or `dates`."""

    parse: Callable[[str, Context], Read[Any]]
    words: str
    """The forms in words, for the JSON Schema."""

    def read(self, node: Node, context: Context) -> Any:
        """Return what `parse` makes of the text, after placing its findings."""
        text = text_of(node, context)
        if text is None:
            return None
        read = self.parse(text, context)
        for rule_, finding in read.findings:
            context.reading.place(rule_, finding, node)
        return read.value

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Any text or bare number; the forms are too many for a pattern, so they are described."""
        return {"type": ["string", "number"], "description": self.words}


class OneOf(Struct, frozen=True):
    """One of a few fixed words."""

    what: str
    words: tuple[str, ...]

    def read(self, node: Node, context: Context) -> str | None:
        """Return the word as the table spells it; case does not matter."""
        text = text_of(node, context)
        if text is None:
            return None
        for word in self.words:
            if text.casefold() == word.casefold():
                return word
        context.reading.check(choice_unknown, node, text, self.what, self.words)
        return None

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Give the words."""
        return {"enum": list(self.words)}


class Coined(Struct, frozen=True):
    """A value of a vocabulary."""

    vocabulary: str
    """Its name in the configuration, such as "grades"."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the choice's id."""
        text = text_of(node, context)
        if text is None:
            return None
        vocabulary = context.vocabularies[self.vocabulary]
        found = vocabulary.find(text)
        if found is None:
            labels = [choice.id if self.vocabulary == "licences" else choice.label for choice in vocabulary.choices]
            context.reading.check(choice_unknown, node, text, vocabulary.what, labels)
            return None
        return found.id

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Any text, with the labels as examples: case, spaces and hyphens are free, which no enum can say."""
        vocabulary = vocabularies[self.vocabulary]
        labels = [choice.short or choice.label for choice in vocabulary.choices]
        return {"type": ["string", "number"], "pattern": r"\S", "examples": labels}


class ListOf(Struct, frozen=True):
    """A list; a single item may stand alone, without the brackets."""

    item: Reader
    least: int = 1
    most: int | None = None

    def read(self, node: Node, context: Context) -> tuple[Any, ...] | None:
        """Return the items in the order written; None if any of them could not be read."""
        if isinstance(node, Scalar) and text_of(node, context) is None:
            return None
        nodes = node.items if isinstance(node, ListNode) else [node]
        if context.reading.check(list_length, node, len(nodes), self.least, self.most):
            return None
        read = self.item.read
        values = [read(item, context) for item in nodes]
        repeated = len(nodes) > 1 and self._report_repeats(nodes, context)
        return None if repeated or None in values else tuple(values)

    @staticmethod
    def _report_repeats(nodes: Sequence[Node], context: Context) -> bool:
        """Report texts that stand in the list before, and tell whether there are any."""
        seen: set[str] = set()
        repeated = False
        for item in nodes:
            if not isinstance(item, Scalar):
                continue
            folded = item.value.casefold()
            if folded in seen:
                repeated = context.reading.check(list_repeat, item, item.value)
            seen.add(folded)
        return repeated

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Allow an item or an array of them."""
        item = self.item.schema(vocabularies)
        many: JsonSchema = {"type": "array", "items": item, "minItems": self.least, "uniqueItems": True}
        if self.most is not None:
            many["maxItems"] = self.most
        return {"anyOf": [item, many]}


class ByShape(Struct, frozen=True):
    """A field that may be written as a text, as fields of its own, or as a list."""

    scalar: Reader | None
    mapping: Reader | None
    sequence: Reader | None = None

    def read(self, node: Node, context: Context) -> Any:
        """Read with the reader for the node's shape."""
        reader = self._reader(node)
        if reader is None:
            shapes = {"a text": self.scalar, "fields of its own": self.mapping, "a list": self.sequence}
            context.reading.check(field_shape, node, node, " or ".join(name for name, has in shapes.items() if has))
            return None
        return reader.read(node, context)

    def _reader(self, node: Node) -> Reader | None:
        if isinstance(node, Scalar):
            return self.scalar
        return self.mapping if isinstance(node, MapNode) else self.sequence

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Allow each shape."""
        return {"anyOf": [part.schema(vocabularies) for part in (self.scalar, self.mapping, self.sequence) if part]}
