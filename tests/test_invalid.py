"""Every rule of builds has a case: a folder of wrong files, and the exact words an editor gets for them.

Each folder of `tests/invalid/` holds only what differs from the smallest valid site, `tests/base/`, at the paths it
would have there, and `expected.txt`, the problems as text.  An `options.json` changes how the case is built:

- `now`, `drafts` and `base_url` are those of `digest.build.Options`; without `now` the clock is that of `NOW`;
- `without` lists files of the base or of the templates that the case leaves out.

With the environment variable `UPDATE_EXPECTED=1` each case rewrites its `expected.txt`; read what changed before you
keep it.
"""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from digest.build import Options, Result, Snapshot, build
from digest.diagnostics import RULES, Rule, failed, report
from digest.disk import read_snapshot
from digest.documents.link_rules import RULE_OF

HERE: Final = Path(__file__).parent
CASES: Final = sorted(path for path in (HERE / "invalid").iterdir() if path.is_dir())
FEWEST: Final = 60
"""Cases there are at least, so that a folder that is not found does not pass for one without faults."""
NOW: Final = "2026-06-01T12:00"
BASE: Final = read_snapshot(HERE / "base").files
THEME: Final = {path: data for path, data in read_snapshot(HERE.parent).files.items() if path.startswith("templates/")}
HEADLINE: Final = re.compile(r"^\S.*?:\d+:\d+: (?:error|warning)\[([\w-]+)\]: ", re.MULTILINE)
"""The first line of a problem as text, with its rule."""
HEARD: Final = {rule.id for rule in RULE_OF.values()}
"""Rules that no build can break, for they are about what servers answer; `tests/test_links.py` has their words."""
UPDATE: Final = os.environ.get("UPDATE_EXPECTED") == "1"


@cache
def _build(case: Path | None) -> Result:
    """Build the base with the files of `case` laid over it; None is the base alone."""
    files = {**THEME, **BASE}
    asked: dict[str, Any] = {}
    if case is not None:
        files |= read_snapshot(case).files
        if (case / "options.json").exists():
            asked = json.loads((case / "options.json").read_text("utf-8"))
    for path in asked.pop("without", ()):
        del files[path]
    now = datetime.fromisoformat(asked.pop("now", NOW))
    return build(Snapshot(files), Options(now, **asked))


def _expected(case: Path) -> str:
    return (case / "expected.txt").read_bytes().decode().removesuffix("\n")


def test_there_are_cases() -> None:
    """The folder of cases is found, and nothing has emptied it."""
    assert len(CASES) >= FEWEST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_words(case: Path) -> None:
    """An editor is told of each fault in exactly the words, and at the place, that the case expects."""
    said = report(_build(case).problems, "text")
    if UPDATE:
        (case / "expected.txt").write_bytes(f"{said}\n".encode())
    assert said == _expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_errors_publish_nothing(case: Path) -> None:
    """An error leaves no site, and warnings alone leave one."""
    result = _build(case)
    assert (result.site is None) == failed(result.problems)


def test_the_base_has_no_problem() -> None:
    """What a case reports comes from the case: the site it is laid over builds without a word."""
    result = _build(None)
    assert report(result.problems, "text") == ""
    assert result.site


def test_every_rule_has_a_case() -> None:
    """No rule that a build can break is without a case that shows its words, and no case expects silence."""
    texts = {case.name: _expected(case) for case in CASES}
    assert [name for name, text in texts.items() if not text.strip()] == []
    shown = {rule for text in texts.values() for rule in HEADLINE.findall(text)}
    assert sorted(RULES.keys() - shown - HEARD) == []
    assert sorted(shown - RULES.keys()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_named_after_what_it_shows(case: Path) -> None:
    """A case that begins with the name of a rule shows that rule, so that a reader finds a rule's cases by name."""
    named = [rule for rule in RULES if case.name == rule or case.name.startswith(f"{rule}-")]
    longest = max(named, key=len, default=None)
    assert longest is None or f"[{longest}]" in _expected(case)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_rule_is_documented(rule: Rule[...]) -> None:
    """The docstring of a rule is its page in the documentation: at least one sentence, and nothing left to do."""
    first = rule.doc.split("\n\n")[0]
    assert re.search(r"\w.*[.:](?:\s|$)", first)
    assert "TODO" not in rule.doc
