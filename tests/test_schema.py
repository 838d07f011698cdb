"""One definition, two readings: what our reader takes, the JSON Schema made from the same tables takes too.

An editor's program checks front matter against `schema/*.json` while it is typed.  It reads YAML with types (YAML 1.2
core schema, §10.3), where our reader keeps every scalar as text, so each value is compared in both forms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from slugify import slugify

from digest.diagnostics import report
from digest.documents.config import Config
from digest.documents.config_file import read_config
from digest.documents.config_tables import LICENCE, LINK
from digest.documents.config_tables import TABLE as CONFIG_TABLE
from digest.documents.entries import read_entry
from digest.documents.tables import FOLDERS, TABLES
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.readers import ID, SECURE_URL, URL
from digest.text.schema import Context, Field, Reader, Table, Vocabularies, slug
from digest.text.source import PURE, read_yaml
from tests.builders import ROOT, config, text_of

UNTIMED: Final = settings(deadline=None, max_examples=1000)
"""A busy machine is slow and not wrong; and there are many fields."""


class Core(yaml.SafeLoader):
    """YAML as the programs read it that apply JSON Schemas: YAML 1.2, core schema."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own way


Core.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def real_config() -> Config:
    """Return the project's own configuration."""
    read = read_config((ROOT / "config.yaml").read_text("utf-8")).value
    assert read is not None
    return read


REAL: Final = real_config()
SMALL: Final = config()
VALIDATOR: Final = jsonschema.Draft202012Validator
CONTENT: Final = sorted((ROOT / "content").glob("*/*.md"))


def validator(reader: Reader, vocabularies: Vocabularies = SMALL.vocabularies) -> jsonschema.protocols.Validator:
    """Return a validator of a table or reader; its schema must be a right one (JSON Schema 2020-12)."""
    schema = reader.schema(vocabularies)
    VALIDATOR.check_schema(schema)
    return VALIDATOR(schema)


def core(text: str) -> Any:
    """Return YAML as values with types."""
    return yaml.load(text, Loader=Core)  # noqa: S506 - a safe loader with fewer types


def faults(reader: Reader, text: str, vocabularies: Vocabularies) -> list[str]:
    """Return the problems, warnings among them, that our reader has with a value written in YAML."""
    reading = Reading("content/jobs/x.md", f"value: {text}\n")
    node = read_yaml(reading, reading.text, 1, PURE)
    if node is not None:
        reader.read(node.values["value"], Context(reading, vocabularies))
    return report(reading.problems, "text").splitlines()


def front_of(path: Any) -> str:
    """Return the front matter of a file."""
    return str(path.read_text("utf-8").split("---\n")[1])


def tables() -> Iterator[tuple[str, Table]]:
    """Yield every table that a reader of entries or of the configuration uses, with where it is used."""
    waiting: list[tuple[str, Any]] = [*TABLES.items(), ("config", CONFIG_TABLE)]
    while waiting:
        where, reader = waiting.pop()
        if isinstance(reader, Table):
            yield where, reader
            waiting += [(f"{where}.{field.name}", field.reader) for field in reader.fields]
        elif not isinstance(reader, type):
            parts = [getattr(reader, name) for name in getattr(reader, "__struct_fields__", ())]
            waiting += [(where, part) for part in parts if hasattr(part, "read")]


ALL: Final = dict(tables())
FIELDS: Final = {f"{where}.{field.name}": field for where, table in ALL.items() for field in table.fields}


# --- the tables --------------------------------------------------------------------------------------------


def test_tables_are_found() -> None:
    """The tests below look at the tables of entries, of the configuration, and at those within them."""
    assert {"job", "news", "page", "config", "job.source", "job.image", "job.salary", "config.roles"} <= ALL.keys()
    assert len(FIELDS) >= 100


@pytest.mark.parametrize(("where", "table"), ALL.items(), ids=ALL.keys())
def test_field_names_are_unique(where: str, table: Table) -> None:
    """No two fields of a table share a name, and no name that people write by mistake is another field's."""
    names = [field.name for field in table.fields]
    mistaken = [name for field in table.fields for name in field.also]
    assert len(names) == len(set(names)), where
    assert set(mistaken) & set(names) == set()
    assert len(mistaken) == len(set(mistaken))


@pytest.mark.parametrize(("where", "field"), FIELDS.items(), ids=FIELDS.keys())
def test_field_is_documented(where: str, field: Field) -> None:
    """Each field has a name an editor can type, a whole sentence on what it means, and an example."""
    assert re.fullmatch(r"[a-z][a-z_]*", field.name), where
    assert re.fullmatch(r"[A-Z`].*\.", field.doc, re.DOTALL), field.doc
    assert field.example.strip()
    assert "TODO" not in field.doc


@pytest.mark.parametrize(("where", "field"), FIELDS.items(), ids=FIELDS.keys())
def test_example_is_right(where: str, field: Field) -> None:
    """The example of a field, copied as it stands, is taken by our reader and by the schema."""
    assert faults(field.reader, field.example, REAL.vocabularies) == [], where
    validator(field.reader, REAL.vocabularies).validate(core(field.example))


@UNTIMED
@given(st.text("abzABZ0189  --", max_size=16))
def test_a_plain_name_has_the_slug_that_the_library_gives(text: str) -> None:
    """Letters without accents, digits, spaces and hyphens, which need no library, give what the library gives."""
    assert slug(text) == slugify(text, backend="text-unidecode")


# --- the real content --------------------------------------------------------------------------------------


def test_content_is_found() -> None:
    """The entries below are the project's own."""
    assert len(CONTENT) >= 75


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_schema_takes_every_entry(path: Any) -> None:
    """What an editor has committed, and our reader takes, is not underlined by a program that knows the schema."""
    kind = FOLDERS[path.parent.name]
    checked = validator(TABLES[kind], REAL.vocabularies)
    assert [error.message for error in checked.iter_errors(core(front_of(path)))] == []


def test_schema_takes_the_configuration() -> None:
    """The project's own configuration is right by its schema, too."""
    checked = validator(CONFIG_TABLE, REAL.vocabularies)
    assert [error.message for error in checked.iter_errors(core((ROOT / "config.yaml").read_text("utf-8")))] == []


@pytest.mark.parametrize("name", ["job", "news", "page", "config"])
def test_committed_schema_is_that_of_the_table(name: str) -> None:
    """The file that editors' programs read is made from the table as it is now."""
    committed = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8"))
    table = CONFIG_TABLE if name == "config" else TABLES[name]
    made = table.schema(REAL.vocabularies)
    assert committed["$schema"] == VALIDATOR.META_SCHEMA["$id"]
    assert {key: committed[key] for key in made} == made


# --- both refuse the same ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TABLES)
def test_both_take_the_smallest_entry(kind: str) -> None:
    """An entry with the needed fields alone is taken by both, so that what the tests below change is what is wrong."""
    assert _errors(kind, text_of(kind)) == []
    assert _invalid(kind, text_of(kind)) == []


REQUIRED: Final = [(kind, field.name) for kind, table in TABLES.items() for field in table.fields if field.required]


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_both_refuse_a_missing_field(kind: str, name: str) -> None:
    """A required field that is left out is one error for our reader, and one of the schema's."""
    text = text_of(kind, **{name: None})
    assert _errors(kind, text) == ["required-field"]
    assert _invalid(kind, text) == ["required"]


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("name", ["closing_date", "Title", "x", "layout"])
def test_both_refuse_an_unknown_field(kind: str, name: str) -> None:
    """A field that no table has is refused, and its fact not dropped in silence."""
    text = text_of(kind, **{name: "6 October 2014"})
    assert _errors(kind, text) == ["unknown-field"]
    assert _invalid(kind, text) == ["additionalProperties"]


@pytest.mark.parametrize(
    "value",
    [
        "{name: A, link: https://a.example/}",
        "{url: https://a.example/}",
        "[{name: A}, {nam: B}]",
        "[]",
        "A",
    ],
)
def test_both_refuse_a_wrong_source(value: str) -> None:
    """Fields within a field are held to their table as well, in a list as alone."""
    text = text_of("news", source=value)
    assert _errors("news", text)
    assert _invalid("news", text)


WRONG: Final = [
    ("job", "draft", "yes"),
    ("job", "draft", "[true]"),
    ("job", "tags", "[]"),
    ("job", "tags", "[a, b, c, d, e, f, g, h, i]"),
    ("job", "tags", "{data: true}"),
    ("job", "title", "[Content designer]"),
    ("job", "title", '" "'),
    ("job", "apply", "http://jobs.example.org/1"),
    ("job", "apply", "www.example.org"),
    ("job", "lang", "fr"),
    ("job", "id", "Chief_Digital_Officer"),
    ("job", "hours", "thirty-seven"),
    ("job", "hours", "61"),
    ("job", "max_applications", "0"),
    ("job", "max_applications", "1.5"),
    ("job", "outcome", "hired"),
    ("job", "outcome", "{date: 2026-07-01}"),
    ("job", "image", "{src: a.png, alt: A}"),
    ("job", "image", "{src: ../a.png, alt: A, credit: B, licence: OGL-3.0}"),
    ("job", "withdrawn", "true"),
    ("job", "changes", "[{note: More.}]"),
    ("job", "salary", "[{label: London}]"),
    ("news", "source", "{name: A, url: a.example}"),
    ("page", "tags", "[data]"),
]
"""Values of a wrong shape: the kind, the field, the value as YAML."""


@pytest.mark.parametrize(("kind", "name", "value"), WRONG)
def test_both_refuse_a_wrong_value(kind: str, name: str, value: str) -> None:
    """A value that our reader refuses for its shape is refused by the schema, while it is typed."""
    text = text_of(kind, **{name: value})
    assert _errors(kind, text)
    assert _invalid(kind, text)


RIGHT: Final = [
    ("job", "reference", "2018"),
    ("job", "posts", "14"),
    ("job", "title", "2026"),
    ("job", "team_size", "300"),
    ("job", "hours", "18.5"),
    ("job", "tags", "data"),
    ("job", "tags", "[2026]"),
    ("job", "organisation", "[Home Office, Cabinet Office]"),
    ("job", "draft", "true"),
    ("job", "grade", "grade seven"),
    ("job", "grade", "{other: 7}"),
    ("job", "location", "not stated"),
    ("job", "apply", "not stated"),
    ("job", "salary", "{min: 71000, max: 85000, currency: GBP}"),
    ("job", "outcome", "{result: filled, date: 2026-07-01}"),
    ("job", "contract", "{type: fixed-term, length: 24 months}"),
    ("job", "changes", "{date: 2026-05-20, note: 12 posts now.}"),
    ("news", "source", "{name: 18F, url: HTTPS://18f.example/, published: 2014}"),
]
"""Values that our reader takes, some of which other programs read as numbers.  Words in capitals are not among them:
our reader takes `FILLED`, and the schema, which offers the words to choose from, asks for `filled`."""


@pytest.mark.parametrize(("kind", "name", "value"), RIGHT)
def test_both_take_a_right_value(kind: str, name: str, value: str) -> None:
    """A value that our reader takes is not underlined, also where YAML's guess makes it a number."""
    text = text_of(kind, **{name: value})
    assert _errors(kind, text) == []
    assert _invalid(kind, text) == []


def _errors(kind: str, text: str) -> list[str]:
    """Return the rules that an entry breaks for our reader."""
    folder = next(name for name, of in FOLDERS.items() if of == kind)
    stem = "2026-W41" if kind == "edition" else "x"
    problems = read_entry(f"content/{folder}/{stem}.md", text, SMALL).problems
    return [problem.rule for problem in problems if problem.severity == "error"]


def _invalid(kind: str, text: str) -> list[str]:
    """Return the keywords of the schema that an entry breaks."""
    errors = validator(TABLES[kind]).iter_errors(core(text.split("---\n")[1]))
    return [str(error.validator) for error in errors]


# --- properties --------------------------------------------------------------------------------------------

PIECES: Final = st.lists(
    st.sampled_from(
        ["http", "https", "HTTPS", "://", ":", "/", ".", "-", "a", "example", "org", "#x", "?q=1", "@", " "]
    ),
    max_size=9,
).map("".join)
"""Texts near enough to addresses that many are right."""
PATTERNS: Final[Mapping[str, tuple[Reader, st.SearchStrategy[str]]]] = {
    "url": (URL, PIECES),
    "secure-url": (SECURE_URL, PIECES),
    "id": (ID, st.text("ab1-_A ", max_size=8)),
    "path": (next(field.reader for field in LINK.fields if field.name == "path"), st.text("/a1.-_ ", max_size=8)),
    "licence-url": (next(field.reader for field in LICENCE.fields if field.name == "url"), PIECES),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_agree(name: str) -> None:
    """For texts of every kind, the schema's pattern takes exactly those that our reader takes."""
    reader, texts = PATTERNS[name]
    checked = validator(reader)

    @UNTIMED
    @given(texts)
    def agree(text: str) -> None:
        reading = Reading("content/jobs/x.md", "")
        value = reader.read(Scalar(text, 1, 1, max(len(text), 1), 0), Context(reading))
        assert (value is not None) == checked.is_valid(text)

    agree()


TEXTS: Final = st.sampled_from(
    ["data", "Data", "2026", "18.5", "not stated", "£550 a day", "https://a.example/", "", "filled", "G7", "x.png"]
)
"""Texts that are right in one field or another.  `true` is not among them: our reader takes it for a title, and the
schema underlines it, for it is more likely to be a slip."""


def _nodes(depth: int = 2) -> st.SearchStrategy[Node]:
    scalars = TEXTS.map(lambda text: Scalar(text, 1, 1, max(len(text), 1), 0))
    if depth == 0:
        return scalars
    inner = _nodes(depth - 1)
    names = st.sampled_from(["name", "url", "date", "note", "result", "min", "currency", "pay", "label", "salary", "x"])
    maps = st.dictionaries(names, inner, max_size=3).map(
        lambda values: MapNode(values, {name: Scalar(name, 1, 1, len(name), 0) for name in values}, 1, 1, 1)
    )
    return scalars | maps | st.lists(inner, max_size=3).map(lambda items: ListNode(items, 1, 1, 1))


def _plain(node: Node) -> Any:
    """Return a node as a program reads it that guesses types."""
    if isinstance(node, MapNode):
        return {name: _plain(value) for name, value in node.values.items()}
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return core(node.value) if node.value else ""


@UNTIMED
@given(st.sampled_from(sorted(name for name in FIELDS if name.startswith("job."))), _nodes())
def test_the_schema_takes_all_that_our_reader_takes(name: str, node: Node) -> None:
    """Whatever is written in a field, if our reader has no error to report, the schema has none either."""
    field = FIELDS[name]
    reading = Reading("content/jobs/x.md", "")
    value = field.reader.read(node, Context(reading, SMALL.vocabularies))
    wrong = any(problem.severity == "error" for problem in reading.problems)
    assert (value is None) == wrong, report(reading.problems, "text")
    if not wrong:
        validator(field.reader).validate(_plain(node))


# --- the wrong cases ---------------------------------------------------------------------------------------

BEYOND: Final[Mapping[str, str]] = {
    "a schema sees one file, and no other entry, picture or line of content/urls.lock": (
        "alias-taken edition-week file-name file-stray guid-changed id-duplicate image-missing image-src link-entry "
        "link-unknown path-collision reference-draft reference-unknown statement-contact url-hidden url-redated"
    ),
    "a schema does not read the text below the front matter": (
        "body-empty body-heading-1 footnote-unknown footnote-unused heading-empty image-alt link-empty link-fragment "
        "link-relative link-scheme link-text-empty"
    ),
    "a schema does not know the clock, the calendar or the changes of the clocks": (
        "apply-missing date-exists date-range date-skipped date-weekday published-implausible time-gap time-zone-name"
    ),
    "a schema does not hold the value of one field against that of another": (
        "alias-self change-early closes-early closes-unlike-change family-unlike-role image-licence outcome-undated "
        "related-self salary-labelled salary-parts statement-early statement-status term-parts withdrawn-early"
    ),
    "the forms of dates, times and pay are too many for a pattern": (
        "date-day date-form date-order-slash date-relative date-time-unwanted date-two-digit-year date-year "
        "salary-currency salary-dollar salary-form salary-order salary-period salary-separator salary-shorthand "
        "salary-sign salary-two-currencies salary-unknown-currency salary-zero time-form time-midnight time-zone"
    ),
    "case, spaces, hyphens and synonyms are free, so the words of the lists cannot be an enumeration": (
        "choice licence-vague location-mixed name-form"
    ),
    "an alias may be an id or a path, also one with letters that are no ASCII": "alias-form",
    "it is about how the YAML is written; its value is right": (
        "control-character flag front-matter-missing yaml-anchor yaml-comment yaml-duplicate-key yaml-escape "
        "yaml-list-folded yaml-tag"
    ),
}
"""Rules that a schema cannot express, at least in some of their cases, by the reason why."""
WHY: Final = {rule: reason for reason, rules in BEYOND.items() for rule in rules.split()}
PLACED: Final = re.compile(r"^content/(\w+)/([^:/]+):\d+:\d+: error\[([\w-]+)\]", re.MULTILINE)


def wrong_entries() -> Iterator[tuple[str, str, bool]]:
    """Yield each wrong entry of tests/invalid: its case, the rule that it breaks, and whether the schema refuses it.

    A file whose front matter other programs cannot read at all counts as refused.
    """
    for case in sorted((ROOT / "tests" / "invalid").iterdir()):
        told = (case / "expected.txt").read_text("utf-8") if case.is_dir() else ""
        for folder, name, rule in sorted(set(PLACED.findall(told))):
            path = case / "content" / folder / name
            if folder not in FOLDERS or not path.is_file():
                continue
            try:
                front = core(path.read_text("utf-8").split("---\n")[1])
            except (IndexError, UnicodeDecodeError, ValueError, yaml.YAMLError):
                yield case.name, rule, True
                continue
            yield case.name, rule, not validator(TABLES[FOLDERS[folder]]).is_valid(front)


def test_the_schema_refuses_what_it_can() -> None:
    """Every wrong entry is refused by the schema, unless its rule is among those that no schema can express."""
    found = list(wrong_entries())
    assert len(found) >= 200
    assert [(case, rule) for case, rule, refused in found if not refused and rule not in WHY] == []
    assert sorted(WHY.keys() - {rule for _, rule, refused in found if not refused}) == [], "the schema can, after all"
