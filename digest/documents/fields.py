"""Readers of the other values entries are made of: terms, names, places, sources, changes, images, ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from digest.dates.reading import read_partial
from digest.diagnostics import Finding, rule
from digest.documents.pay_fields import CLOSES, DAY
from digest.model import NOT_STATED, Change, Image, Outcome, Source, Term, Withdrawal
from digest.text.nodes import MapNode, Node
from digest.text.reader_rules import name_form
from digest.text.readers import ID, SECURE_URL, URL, ByShape, Coined, Form, ListOf, OneOf, Text, text_of
from digest.text.schema import Context, Field, JsonSchema, Table, Vocabularies, slug

# --- terms -------------------------------------------------------------------------------------------------


class TermOf(Struct, frozen=True):
    """A value of a vocabulary, or `other` in the source's own words."""

    vocabulary: str

    def read(self, node: Node, context: Context) -> Term | None:
        """Return the term."""
        found = Coined(self.vocabulary).read(node, context)
        return None if found is None else Term(found)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """As the vocabulary's."""
        return Coined(self.vocabulary).schema(vocabularies)


@rule("term-parts")
def term_parts(names: tuple[str, ...]) -> Iterator[Finding]:
    """A contract is one of the vocabulary's (`type`) or in the source's words (`other`), with or without a `length`.

    Wrong: `contract: {length: 24 months}`

    Right: `contract: {type: fixed-term, length: 24 months}`
    """
    if ("type" in names) == ("other" in names):
        problem = "both a type and other words are given" if "type" in names else "no type is given"
        yield Finding(problem, "write  type: fixed-term  or  other: term appointment")


def _contract(values: dict[str, Any], node: MapNode, context: Context) -> Term | None:
    if context.reading.check(term_parts, node, tuple(values)):
        return None
    return Term(values.get("type", "other"), values.get("other"), values.get("length"))


OTHER: Final = Field("other", Text(), "The source's own words.", "GS-14", required=True)


def term_field(vocabulary: str, what: str) -> ByShape:
    """Return the reader of a vocabulary that also takes `{other: …}`."""
    own = Table(what, (OTHER,), lambda values, _node, _context: Term("other", values["other"]))
    return ByShape(TermOf(vocabulary), own)


CONTRACT: Final = ByShape(
    TermOf("contracts"),
    Table(
        "contract",
        (
            Field("type", Coined("contracts"), "The kind of contract.", "fixed-term"),
            Field("other", Text(), "The source's own words.", "Term appointment"),
            Field("length", Text(), "How long.", "24 months, with an option of six more"),
        ),
        _contract,
    ),
)


@rule("location-mixed")
def location_mixed(count: int, texts: tuple[str, ...]) -> Iterator[Finding]:
    """A location is either stated or `not stated`.

    Wrong: `location: [London, not stated]`

    Right: `location: London`
    """
    if count > 1 and NOT_STATED in texts:
        yield Finding('"not stated" stands beside a place', 'delete "not stated"')


class Named(Struct, frozen=True):
    """A name that configuration may list with other spellings; unlisted names are taken as written."""

    vocabulary: str

    def read(self, node: Node, context: Context) -> str | None:
        """Return the name as configuration spells it, or as written."""
        text = text_of(node, context)
        if text is None or context.reading.check(name_form, node, text):
            return None
        found = context.vocabularies[self.vocabulary].find(text)
        return found.label if found else " ".join(text.split())

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Any text, with the listed names as examples."""
        return {
            "type": ["string", "number"],
            "pattern": r"\S",
            "examples": [c.label for c in vocabularies[self.vocabulary].choices],
        }


class Tag(Struct, frozen=True):
    """A tag, listed in the configuration or not."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the id of the listed tag, or the text as an address."""
        text = text_of(node, context)
        if text is None or context.reading.check(name_form, node, text):
            return None
        found = context.vocabularies["tags"].find(text)
        return found.id if found else slug(text)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Any text, with the listed tags as examples."""
        return {
            "type": ["string", "number"],
            "pattern": r"\S",
            "examples": [c.id for c in vocabularies["tags"].choices],
        }


class Places(Struct, frozen=True):
    """Places, `remote`, `hybrid`, or `not stated`."""

    def read(self, node: Node, context: Context) -> tuple[str, ...] | None:
        """Return the places in the order written; empty for `not stated`."""
        names = _PLACES.read(node, context)
        if names is None or context.reading.check(location_mixed, node, len(names), names):
            return None
        return () if names == (NOT_STATED,) else tuple(_WAYS.get(name.casefold(), name) for name in names)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Give a place or an array of them."""
        return _PLACES.schema(vocabularies)


_PLACES: Final = ListOf(Named("places"))
_WAYS: Final = {"remote": "Remote", "hybrid": "Hybrid"}

# --- rights, changes, ends ---------------------------------------------------------------------------------


@rule("licence-vague")
def licence_vague(text: str) -> Iterator[Finding]:
    """A licence is named exactly.

    "Creative Commons 2.0" alone is six licences, some of which forbid what a digest does.

    Wrong: `licence: Creative Commons 2.0`

    Right: `licence: CC-BY-2.0`
    """
    plain = slug(text)
    kinds = {"by", "zero", "cc0", "attribution"}
    if ("creative-commons" in plain or plain.startswith("cc-")) and not kinds & set(plain.split("-")):
        yield Finding(f'"{text}" does not say which Creative Commons licence', "write  CC-BY-2.0  if it is that one")


class Licensed(Struct, frozen=True):
    """The id of a licence in the configuration."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the id."""
        text = text_of(node, context)
        if text is None or context.reading.check(licence_vague, node, text):
            return None
        return Coined("licences").read(node, context)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """As the vocabulary's."""
        return Coined("licences").schema(vocabularies)


class Application(Struct, frozen=True):
    """Where to apply, or `not stated`."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the address, or `NOT_STATED`."""
        text = text_of(node, context)
        return NOT_STATED if text == NOT_STATED else SECURE_URL.read(node, context) if text else None

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Give both forms."""
        return {"anyOf": [{"const": NOT_STATED}, SECURE_URL.schema(vocabularies)]}


PARTIAL: Final = Form(lambda text, _: read_partial(text), "A year, a month or a day: 2014, 2014-09, 2014-09-16.")
SOURCE: Final = Table(
    "source",
    (
        Field("name", Text(), "Who published it.", "Computer Weekly", required=True),
        Field("url", URL, "Where.", "https://www.computerweekly.com/"),
        Field("published", PARTIAL, "When, as far as it is known.", "2014-09"),
        Field("licence", Licensed(), "Its licence, when known.", "OGL-3.0"),
    ),
    lambda v, _node, _context: Source(v["name"], v.get("url"), v.get("published"), v.get("licence")),
)
CHANGE: Final = Table(
    "change",
    (
        Field("date", DAY, "The day it was noted.", "2014-09-16", required=True),
        Field("note", Text(), "What changed, in a sentence.", "The deadline moved by a week.", required=True),
        Field("closes", CLOSES, "The deadline as it was set that day.", "13 October 2014"),
        Field("was", CLOSES, "The deadline before that, unless an older change tells it.", "6 October 2014"),
    ),
    lambda v, _node, _context: Change(v["date"], v["note"], v.get("closes"), v.get("was")),
)


@rule("image-src-form")
def image_src_form(text: str) -> Iterator[Finding]:
    """An image is a file below `content/images/`, named by its path there.

    A picture on another host would tell that host who reads the digest.

    Wrong: `src: https://example.org/photo.jpg`

    Right: `src: photo.jpg`
    """
    if "://" in text or text.startswith("/") or ".." in text.split("/"):
        yield Finding(f'"{text}" is not a file below content/images', "put the file there and write its name alone")


class ImageFile(Struct, frozen=True):
    """The path of a file below `content/images/`."""

    def read(self, node: Node, context: Context) -> str | None:
        """Return the path."""
        text = text_of(node, context)
        return None if text is None or context.reading.check(image_src_form, node, text) else text

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:  # noqa: ARG002 - the shape of every reader
        """Any relative path."""
        return {"type": ["string", "number"], "pattern": r"^(?!/)(?!.*://)(?!(.*/)?\.\.(/|$)).+$"}


IMAGE: Final = Table(
    "image",
    (
        Field("src", ImageFile(), "A file below content/images.", "digital-centre.jpg", required=True),
        Field("alt", Text(), "What it shows, for those who cannot see it.", "People at a table", required=True),
        Field("credit", Text(), "Who made it.", "UK Parliament", required=True),
        Field("licence", Licensed(), "Under which licence.", "OPL-3.0", required=True),
        Field("url", URL, "Where it is from.", "https://www.parliament.uk/"),
    ),
    lambda v, _node, _context: Image(**v),
)
WITHDRAWN: Final = Table(
    "withdrawn",
    (
        Field("date", DAY, "Since when.", "2014-09-20", required=True),
        Field("reason", Text(), "Why, in a sentence.", "The employer asked for it.", required=True),
    ),
    lambda v, _node, _context: Withdrawal(**v),
)
RESULT: Final = OneOf("outcome", ("filled", "readvertised", "cancelled"))


class BareOutcome(Struct, frozen=True):
    """An outcome of which only the result is known."""

    def read(self, node: Node, context: Context) -> Outcome | None:
        """Return the outcome."""
        result: Any = RESULT.read(node, context)
        return None if result is None else Outcome(result)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Give the words."""
        return RESULT.schema(vocabularies)


OUTCOME: Final = ByShape(
    BareOutcome(),
    Table(
        "outcome",
        (
            Field("result", RESULT, "What became of the job.", "filled", required=True),
            Field("date", DAY, "Since when.", "2014-11-20"),
            Field("news", ID, "Id of the entry that tells it.", "parliament-names-director"),
        ),
        lambda v, _node, _context: Outcome(v["result"], v.get("date"), v.get("news")),
    ),
)
