"""Readers: one small frozen value per kind of field value, each with its rules and its JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from digest.diagnostics import Finding, Read, Rule, rule
from digest.text.nodes import ListNode, MapNode, Node, Scalar
from digest.text.schema import Context, JsonSchema, Reader, Vocabularies, field_shape


@rule("field-empty")
def field_empty() -> Iterator[Finding]:
    """A field that is written has a value.

    An empty one may be a fact that got lost. Leave out what is not known, or say `not stated` where the field is
    required.

    Wrong: `location:`

    Right: `location: not stated`
    """
    yield Finding("the field has no value", "write its value, or delete the line")


@rule("choice")
def choice_unknown(text: str, what: str, known: Sequence[str]) -> Iterator[Finding]:
    """Some fields take one of a few values, or of a vocabulary in `config.yaml`.

    One spelling for one thing is what makes the pages of a grade or a contract complete; synonyms are read too.

    Wrong: `contract: perm.`

    Right: `contract: permanent`
    """
    close = difflib.get_close_matches(text.lower(), [name.lower() for name in known], 1, 0.6)
    meant = next((name for name in known if close and name.lower() == close[0]), None)
    guess = f"; did you mean {meant}?" if meant else ""
    yield Finding(f'"{text}" is not a {what}{guess}', f"write one of: {', '.join(known)}")


@rule("flag")
def flag(text: str) -> Iterator[Finding]:
    """A yes-or-no field is `true` or `false`.

    Wrong: `draft: yes`

    Right: `draft: true`
    """
    meant = {"yes": "true", "y": "true", "on": "true", "1": "true"}.get(text.lower(), "false")
    yield Finding(f'"{text}" is neither true nor false', f"write  {meant}")


@rule("number")
def number(text: str, least: Decimal | None, most: Decimal | None, *, whole: bool) -> Iterator[Finding]:
    """A number is written in digits, within its bounds.

    Wrong: `hours: thirty-seven`

    Right: `hours: 37`
    """
    if re.fullmatch(r"\d+" if whole else r"\d+(\.\d+)?", text) is None:
        yield Finding(f'"{text}" is not a {"whole " if whole else ""}number', "write digits alone, such as  37")
        return
    value = Decimal(text)
    if least is not None and value < least:
        yield Finding(f"{text} is less than {least}", f"write {least} or more")
    if most is not None and value > most:
        yield Finding(f"{text} is more than {most}", f"write {most} or less")


@rule("url-form")
def url_form(text: str) -> Iterator[Finding]:
    """A web address is complete, from `https://` on.

    Wrong: `url: www.example.org/jobs`

    Right: `url: https://www.example.org/jobs`
    """
    if re.fullmatch(r"https?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?", text, re.IGNORECASE) is None:
        bare = text.removeprefix("//")
        hint = f"write  https://{bare}" if re.match(r"[\w-]+(\.[\w-]+)+", bare) else "copy it from the address bar"
        yield Finding(f'"{text}" is not a web address', hint)


@rule("url-insecure")
def url_insecure(text: str) -> Iterator[Finding]:
    """A link people apply through is `https`.

    Applicants type personal data there; an open connection would show it to anybody on the way.

    Wrong: `apply: http://jobs.example.org/1`

    Right: `apply: https://jobs.example.org/1`
    """
    if text.lower().startswith("http:"):
        yield Finding("the address is not secure", f"write  https:{text[5:]}  if the site answers there")


@rule("id-form")
def id_form(text: str) -> Iterator[Finding]:
    """An id, and so a file's name, is lower-case letters, digits and single hyphens.

    It becomes the page's address for ever, so it is kept easy to read out and to type.

    Wrong: `Chief_Digital_Officer.md`

    Right: `chief-digital-officer.md`
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is None:
        mended = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "chief-digital-officer"
        yield Finding(f'"{text}" cannot be an address', f"call it  {mended}")


@rule("list-repeat")
def list_repeat(text: str) -> Iterator[Finding]:
    """A list names each thing once.

    Wrong: `tags: [data, data]`

    Right: `tags: [data]`
    """
    yield Finding(f'"{text}" is listed twice', "delete one of the two")


@rule("list-length")
def list_length(count: int, least: int, most: int | None) -> Iterator[Finding]:
    """A list has as many items as its field allows.

    An entry with a dozen tags is found under all of them and belongs to none.

    Wrong: `tags: []`

    Right: `tags: [data]`
    """
    if count < least:
        yield Finding("the list is empty", "add an item, or delete the field if it may be left out")
    elif most is not None and count > most:
        yield Finding(f"{count} items are more than the {most} allowed", "keep those that matter most")


def text_of(node: Node, context: Context) -> str | None:
    """Return the text of a scalar, or None after reporting another shape or no value."""
    if not isinstance(node, Scalar):
        context.reading.check(field_shape, node, node, "a text")
        return None
    if not node.value.strip():
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
        """Any text with a visible character."""
        return {"type": "string", "pattern": r"\S"}


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
        return {"type": "string", "pattern": self.pattern}


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
        value, findings = self.parse(text, context)
        for rule_, finding in findings:
            context.reading.place(rule_, finding, node)
        return value

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
            labels = [choice.short or choice.label for choice in vocabulary.choices]
            context.reading.check(choice_unknown, node, text, vocabulary.what, labels)
            return None
        return found.id

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Any text, with the labels as examples: case, spaces and hyphens are free, which no enum can say."""
        vocabulary = vocabularies[self.vocabulary]
        labels = [choice.short or choice.label for choice in vocabulary.choices]
        return {"type": "string", "pattern": r"\S", "examples": labels}


class ListOf(Struct, frozen=True):
    """A list; a single item may stand alone, without the brackets."""

    item: Reader
    least: int = 1
    most: int | None = None

    def read(self, node: Node, context: Context) -> tuple[Any, ...] | None:
        """Return the items in the order written; None if any of them could not be read."""
        if isinstance(node, Scalar) and not node.value.strip():
            context.reading.check(field_empty, node)
            return None
        nodes = node.items if isinstance(node, ListNode) else [node]
        if context.reading.check(list_length, node, len(nodes), self.least, self.most):
            return None
        values = [self.item.read(item, context) for item in nodes]
        seen: set[str] = set()
        for item in nodes:
            if isinstance(item, Scalar) and item.value.casefold() in seen:
                context.reading.check(list_repeat, item, item.value)
            elif isinstance(item, Scalar):
                seen.add(item.value.casefold())
        return None if any(value is None for value in values) else tuple(values)

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
