"""Plain YAML, read at a glance: every text is read as by the library's parsers."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.text.composer import compose
from digest.text.nodes import MapNode, Reading
from digest.text.plain_yaml import read_plain
from digest.text.source import halve
from tests.builders import ROOT, loaded_after

FILES: Final = sorted(path for folder in ("content", "tests") for path in (ROOT / folder).rglob("*.md"))
CONFIGS: Final = sorted([ROOT / "config.yaml", *(ROOT / "tests").rglob("config.yaml")])
FEWEST: Final = 30
"""Files there are at least, so that a folder that is not found does not pass for one without a difference."""

WHOLE: Final = """\
# A comment of its own line.
title: Head of digital workplace
summary: "Words, with: marks # of all kinds."
note: 'Words "within" others'

apply: https://www.example.org/jobs/1?a=b#c
closes: 11:55pm on 6 October 2014
tags: [identity, "a, b", 'c', some words]
salary: {min: 71000, max: 85000, "currency": GBP, terms: [a, {b: c}]}
location:
  - Leeds
  - "York"
roles:
- id: data
  roles:
    - {id: data-engineer, label: Data engineer}
-   id: other
    label: Other
source:
  name: Health Careers
  # Within a mapping.
  url: https://health.example.org/
"""
"""A text all of which is plain."""

LINES: Final = [
    "a: b", 'c: "d e"', "e: [f, g]", "h:", "  - i", "  - j: k", "    l: m", "  n: o", "- p",
    "q: {r: s, \"t\": [u, 'v']}", "w: x # y", "  z: ''", "# c", "", "  ", "aa:", "bb: it's", "cc: 'a''b'", "dd: -5",
    "ee: [a, ]", "ff: []", "gg: a: b", "hh: http://x#y", "ii: [http://a.b]", "jj: [[a, b], {c: d}]", "kk: a ",
    "ll: |", "mm: >-", "nn: &a b", "oo: *a", "pp: !!str a", "qq: @a", "rr: `a", "ss: %a", "tt: \\u00a0a", "uu: [a",
    "vv: a]", "ww: {a: b, a: c}", "xx: {a}", "...", "---", "  continued", "yy: [a?b]", "zz: ~", "? a", ": b",
    "a b: c", "- - a", "- a: b", '"a": b', "  a: b",
]  # fmt: skip
PIECES: Final = [
    "a", "b", "title", "a_b-c", ":", ": ", " ", "  ", "- ", "-", "[", "]", "{", "}", ", ", ",", '"', "'", '"x y"',
    "'z'", "\u00a31,000", "11:55pm on 3 May", "https://a.b/c?d#e", "#", " #", "\n", "\n  ", "\n- ", "\n  - ", "?",
    "!", "&", "*", "|", ">", "%", "@", "`", "~", "=", "<<", "a: b", "k:", "\n# c\n", "\u00e9", "\u2013", "\t",
    "\ufeff", "\u2028", "\\",
]  # fmt: skip
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=7).map(lambda lines: "\n".join([*lines, ""])),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map(lambda pieces: "".join([*pieces, "\n"])),
    st.text(),
)


def check(text: str, first_line: int = 2) -> MapNode | None:
    """Read a text by all three; what is plain has no problem, and has the same values in the same places."""
    found = read_plain(text, first_line)
    for parser in ("libyaml", "python") if found else ():
        reading = Reading("a.md", "\n" * (first_line - 1) + text)
        assert compose(reading, text, first_line, parser) == found, (parser, text)
        assert not reading.problems, (parser, text)
    return found


def test_real_front_matter_and_configurations() -> None:
    """All files of the site and of the tests are read as by the library; most of the site's are plain."""
    assert min(len(FILES), len(CONFIGS)) >= FEWEST
    for path in CONFIGS:
        check(path.read_bytes().decode(errors="replace"), 1)
    halves = {path: halve(path.read_bytes().decode(errors="replace")) for path in FILES}
    found = {path: check(parts.front) for path, parts in halves.items() if parts}
    plain = [found[path] is not None for path in found if path.is_relative_to(ROOT / "content")]
    assert sum(plain) >= 0.9 * len(plain) > 0
    assert check((ROOT / "config.yaml").read_text(encoding="utf-8"), 1)


def test_what_is_plain_is_read_at_a_glance() -> None:
    """YAML as most editors write it does not need the library, and all of its values are found."""
    found = check(WHOLE)
    assert found is not None
    assert list(found.values) == [
        *("title", "summary", "note", "apply", "closes", "tags", "salary", "location", "roles", "source"),
    ]


@pytest.mark.parametrize("line", LINES)
def test_lines_beside_others(line: str) -> None:
    """A line of any kind, beside others and within them, is read as by the library."""
    for text in (line, f"{line}\n", f"x: y\n{line}\n", f"{line}\nx: y\n", f"x:\n  {line}\n", f"x:\n{line}\ny: z\n"):
        check(text)


@settings(max_examples=500)
@given(TEXTS)
@example("a: [b?c]\n")
@example("a: b\n\n  c\n")
@example("a:\n- b\n  c: d\n")
@example("title: it's \u00a371,000\u2013\u00a385,000 # not\n")
def test_any_text(text: str) -> None:
    """Any text that is called plain gives the very tree of both parsers."""
    check(text)


def test_a_long_line_takes_no_longer_than_its_length() -> None:
    """A long value that turns out not to be plain at its end is left at once."""
    assert check(f"a: {'b c:d ' * 5_000}: e\n") is None
    assert check(f"a: [{'b ' * 5_000}\n") is None
    assert check(f"a: {'[' * 5_000}\n") is None
    assert read_plain("".join(f"{' ' * depth}a:\n" for depth in range(5_000)), 2) is None


def test_plain_yaml_does_without_the_library() -> None:
    """Reading plain front matter imports nothing of the library."""
    imports = "from digest.text.source import FAST, read_yaml; from digest.text.nodes import Reading"
    read = "read_yaml(Reading('a', sys.argv[{0}]), sys.argv[{0}], 1, FAST)"
    steps = f"{imports}; {read.format(1)}", read.format(2)
    assert loaded_after("yaml", steps, WHOLE, "a: |\n b\n") == [False, True]
