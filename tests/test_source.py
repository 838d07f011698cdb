"""YAML with places: two parsers that agree, places that are worked out late, and a library that is imported late."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digest.documents.entries import read_entry
from digest.text.nodes import TO_LINE_END, ListNode, MapNode, Node, Reading, Scalar
from digest.text.reader_rules import field_empty
from digest.text.source import _APART, FAST, PURE, Parser, read_alike, split
from tests.builders import ROOT, config, text_of

UNTIMED: Final = settings(deadline=None, max_examples=1500)
"""A busy machine is slow and not wrong; and YAML is large."""


def read(text: str, parser: Parser) -> tuple[Any, list[str], int]:
    """Return the tree of an entry's front matter, the rules it breaks, and the line where its body begins."""
    reading = Reading("content/jobs/x.md", text)
    document = split(reading, parser)
    rules = [problem.rule for problem in reading.problems]
    return (plain(document.front), rules, document.body_line) if document else (None, rules, 0)


def plain(node: Node) -> Any:
    """Return a node with all its places as values that can be compared."""
    place = (node.line, node.column, node.width)
    if isinstance(node, Scalar):
        return (node.value, *place, node.inset, node.broken)
    if isinstance(node, ListNode):
        return ([plain(item) for item in node.items], *place)
    fields = [(name, plain(node.keys[name]), plain(value)) for name, value in node.values.items()]
    return (fields, *place, node.broken)


# --- two parsers -------------------------------------------------------------------------------------------

SIGNS: Final = [*"[]{}\"'-%@`~=,#:?|>", "<<", "...", "---", "\\n", '\\"', "''", "&a", "*a", "!t"]
WORDS: Final = ["word", "two words", "£5", "é", "\N{GRINNING FACE}", "\u2028", "\x85", "\u00a0", "a:b", "it's", "12"]
GAPS: Final = [" ", "  ", ": ", ", ", " #", "- ", "? ", "\n    ", "\n\n    ", "\n  - ", "\n  b: ", "\t", "\ufeff"]
PIECES: Final = st.lists(st.sampled_from(SIGNS + WORDS * 2 + GAPS), max_size=6).map("".join)
"""Pieces of YAML in any order; texts of several lines, lists and mappings are among what they make."""
VALUES: Final = st.one_of(
    PIECES,
    PIECES.map(lambda text: '"' + text.replace('"', "") + '"'),
    PIECES.map(lambda text: "'" + text.replace("'", "") + "'"),
    st.lists(PIECES.map(lambda text: text.replace("\n", " ")), max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    PIECES.map(lambda text: f"{{name: {text}, url: x}}"),
    st.lists(PIECES, max_size=3).map(lambda items: "".join(f"\n  - {item}" for item in items)),
)
FRONTS: Final = st.lists(st.tuples(st.sampled_from("abcde"), VALUES), min_size=1, max_size=4).map(
    lambda fields: "---\n" + "".join(f"{name}: {value}\n" for name, value in fields) + "---\n\nText.\n"
)


@UNTIMED
@given(FRONTS)
def test_both_parsers_put_everything_in_the_same_place(text: str) -> None:
    """Where libyaml has no problem and the text none of the known differences, Python's parser gives the same tree."""
    tree, rules, body_line = read(text, FAST)
    assume(tree is not None and not rules and read_alike(text, body_line))
    assert read(text, PURE) == (tree, rules, body_line)


@pytest.mark.parametrize("mark", _APART)
def test_a_known_difference_is_seen_in_the_front_matter_alone(mark: str) -> None:
    """A mark that the parsers may differ about counts in the front matter, and not in the body below it."""
    assert not read_alike(f"---\ntitle: a{mark}b\n---\nBody.\n", 4)
    assert read_alike(f"---\ntitle: ab\n---\nBody{mark}.\n", 4)


LONG: Final = "A title that is much longer than any list, calendar or subject of an email can show"


@pytest.mark.parametrize(
    "title",
    [LONG, f'"{LONG}"', f"'{LONG}'", f"{LONG}\n  and more", f">-\n  {LONG}", f"{LONG}?", f'"\\u0041{LONG}"'],
    ids=["plain", "double", "single", "folded", "block", "question", "escaped"],
)
def test_a_warning_is_the_same_from_either_parser(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning stands at the same place, in the same words, whichever parser the machine has."""
    text = text_of("job", title=title)
    fast = read_entry("content/jobs/x.md", text, config())
    monkeypatch.setattr("digest.documents.entries.FAST", PURE)
    assert read_entry("content/jobs/x.md", text, config()) == fast
    assert [problem.rule for problem in fast.problems] == ["title-length"]


def test_a_warning_does_not_read_the_file_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry with a warning is read once, by the fast parser; one with an error is read again by the other."""
    parsers: list[Parser] = []

    def noted(reading: Reading, parser: Parser) -> Any:
        parsers.append(parser)
        return split(reading, parser)

    monkeypatch.setattr("digest.documents.entries.split", noted)
    read_entry("content/jobs/x.md", text_of("job", title=LONG), config())
    assert parsers == [FAST]
    read_entry("content/jobs/x.md", text_of("job", title="[a]"), config())
    assert parsers == [FAST, FAST, PURE]


# --- places ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "width"),
    [
        ("one two\n  three", len("one two")),
        ('"one\n  two"', len('"one')),
        ("[a,\n  b]", len("[a,")),
        ("{a: b,\n  c: d}", len("{a: b,")),
        ("[a, b]", len("[a, b]")),
        ("\n  - a\n  - bb", len("- a")),
        ("\n  a: b\n  c: d", len("a: b")),
    ],
)
def test_a_value_over_several_lines_is_marked_to_the_end_of_its_first(value: str, width: int) -> None:
    """What goes on after its first line has no width of its own, and is marked on that line where it is reported."""
    reading = Reading("content/jobs/x.md", f"---\na: {value}\n---\n")
    document = split(reading, FAST)
    assert document is not None
    node = document.front.values["a"]
    assert (node.width == TO_LINE_END) == ("\n" in value)
    reading.check(field_empty, node)
    assert reading.problems[0].span.width == width


def test_the_whole_front_matter_is_marked_on_its_first_line() -> None:
    """A mapping is marked from its first field to the end of that line."""
    reading = Reading("content/jobs/x.md", "---\ntitle: A\nb: c\n---\n")
    document = split(reading, PURE)
    assert document is not None
    assert isinstance(document.front, MapNode)
    reading.check(field_empty, document.front)
    span = reading.problems[0].span
    assert (span.line, span.column, span.width) == (2, 1, len("title: A"))


# --- what is imported --------------------------------------------------------------------------------------


def test_nothing_heavy_is_imported_before_a_source_is_read() -> None:
    """The readers of entries and configuration import neither YAML nor slugs until there is something to read."""
    code = (
        "import sys, digest.documents.entries, digest.documents.config_file;"
        "print(sorted({'yaml', 'slugify', 'difflib', 'json', 'calendar'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8", timeout=120
    )
    assert done.stdout == "[]\n"
