"""Advice: told at its place, rare where it should be, accepted once and by name, and never in the way of a build."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.build import Options, Result, Snapshot, build
from digest.diagnostics import RULES
from digest.documents.advice_rules import ADVICE
from digest.documents.config_file import read_config
from digest.documents.entries import read_entry
from digest.documents.link_rules import LINKS
from tests.builders import CONFIG, config, small_site, text_of, utc
from tests.samples import REAL_NOW, real

WORDS: Final = st.sampled_from(["the", "team", "will", "build", "what", "people", "need", "and", "tell", "them"])


def advice(kind: str = "job", /, **fields: str | None) -> list[tuple[str, int, int]]:
    """Return the rules that an entry breaks, each with line and column."""
    found = read_entry(f"content/{'jobs' if kind == 'job' else kind}/x.md", text_of(kind, **fields), config())
    assert found.value is not None
    return [(problem.rule, problem.span.line, problem.span.column) for problem in found.problems]


def site_of(files: dict[str, str], settings: str = CONFIG) -> Result:
    """Build the small site with other files laid over it."""
    laid = small_site() | {path: text.encode() for path, text in files.items()} | {"config.yaml": settings.encode()}
    return build(Snapshot(laid), Options(utc("2026-06-01T12:00")))


def told(result: Result) -> list[tuple[str, str]]:
    """Return path and rule of each problem."""
    return [(problem.span.path, problem.rule) for problem in result.problems]


def test_the_real_content_has_none() -> None:
    """Our own entries follow the house style, or say where they do not."""
    result = build(Snapshot(real()), Options(utc(REAL_NOW)))
    assert [problem for problem in result.problems if problem.rule.startswith(("advice-", "accept-"))] == []


def test_every_rule_of_advice_can_be_accepted() -> None:
    """The list of what can be accepted is that of all rules of advice, and all of them are warnings."""
    assert set(ADVICE) == {name for name in RULES if name.startswith("advice-")} | set(LINKS)
    assert {RULES[name].severity for name in ADVICE} == {"warning"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Pay is about £90,000.", []),
        ("The circus came.", []),
        ("See section c. It is long.", []),
        ("```\ncirca £90k midnight\n```", []),
        ("It ends at five minutes to midnight.", []),
        ("[![A pier](entry.jpg)](https://www.example.gov.uk/)", []),
        ("The sidebar: https://www.example.gov.uk/?side=1&consid=2", []),
        ("Vitamin K costs £90 k.", []),
    ],
)
def test_what_only_looks_like_a_slip(body: str, found: list[str]) -> None:
    """Words that merely resemble what advice is about are left alone."""
    assert [rule for rule, _, _ in advice(body=body) if rule.startswith("advice-")] == found


@pytest.mark.parametrize(
    ("body", "rule", "column"),
    [
        ("See [here.](https://www.example.gov.uk/)", "advice-link-words", 6),
        ("See [**Click  here**](https://www.example.gov.uk/)", "advice-link-words", 6),
        ("To the form: https://www.example.gov.uk/?a=1&fbclid", "advice-tracker", 14),
        ("Pay is c.\N{NO-BREAK SPACE}£90,000.", "advice-circa", 8),
        ("Pay is €9.5K.", "advice-thousands", 8),
    ],
)
def test_a_slip_in_other_clothes(body: str, rule: str, column: int) -> None:
    """What a rule is about is found with marks around it, with other spaces, and in capitals."""
    ((found, _, at),) = advice(body=body)
    assert (found, at) == (rule, column)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=60), min_size=1, max_size=6), st.booleans())
def test_sentences_are_counted(sentences: list[list[str]], folded: bool) -> None:  # noqa: FBT001 - given by hypothesis
    """Each sentence with more words than the house style has is told once, at the line on which it begins."""
    between = "\n" if folded else " "
    body = between.join(f"{' '.join(words).capitalize()}." for words in sentences)
    lines = text_of("job", body=body).split("\n")
    first = lines.index("---", 1) + 3  # the first line of the text, counted from 1
    long = [place for place, words in enumerate(sentences) if len(words) > 35]
    found = [line for rule, line, _ in advice(body=body) if rule == "advice-long-sentence"]
    assert found == [first + place if folded else first for place in long]


def test_items_of_a_list_are_sentences_of_their_own() -> None:
    """A list with many words is no long sentence, and a long item is told where its words begin."""
    short = "\n".join(["You will:", "", *["- tell the team what people need from it"] * 12])
    assert advice(body=short) == []
    long = f"You will:\n\n- {'tell ' * 36}them"
    ((rule, _, column),) = advice(body=long)
    assert (rule, column) == ("advice-long-sentence", 3)


def test_the_length_of_sentences_is_the_owners() -> None:
    """The configuration says how many words a sentence may have."""
    strict = f"{CONFIG}advice: {{sentence_words: 5}}\n"
    result = site_of({"content/jobs/designer.md": text_of("job", body="One two three four five six.")}, strict)
    assert ("content/jobs/designer.md", "advice-long-sentence") in told(result)
    assert result.site is not None


def test_a_rule_is_accepted_in_one_entry() -> None:
    """An accepted rule is silent in its entry, and in no other."""
    lines = {"body": "Apply by midnight."}
    result = site_of(
        {
            "content/jobs/designer.md": text_of("job", accept="[advice-midnight]", **lines),
            "content/jobs/other.md": text_of("job", title="Other", **lines),
        }
    )
    assert told(result) == [("content/jobs/other.md", "advice-midnight")]


def test_a_rule_is_switched_off_for_the_site() -> None:
    """The owner may do without a rule altogether; naming it in an entry is then no mistake."""
    off = f"{CONFIG}advice: {{off: [advice-midnight]}}\n"
    result = site_of({"content/jobs/designer.md": text_of("job", body="Apply by midnight.")}, off)
    assert told(result) == []
    wrong = read_config(f"{CONFIG}advice: {{off: [midnight]}}\n")
    assert [problem.rule for problem in wrong.problems] == ["choice"]


def test_two_of_a_kind() -> None:
    """The same job twice is told, unless the two name each other, are open at other times, or are in other places."""
    first = {"content/jobs/designer.md": text_of("job")}

    def found(**fields: Any) -> list[tuple[str, str]]:
        return told(site_of(first | {"content/jobs/second.md": text_of("job", **fields)}))

    assert found() == [("content/jobs/second.md", "advice-duplicate")]
    assert found(related="[designer]") == []
    assert found(published="2025-05-18", closes="30 June 2025") == []
    assert found(organisation="Cabinet Office") == []
    assert found(location="Leeds") == []
    assert found(draft="true") == []
    assert found(accept="[advice-duplicate]") == []


def test_strict_makes_it_an_error() -> None:
    """With `--strict` advice stops a build like any other warning."""
    files = small_site() | {"content/jobs/designer.md": text_of("job", body="Apply by midnight.").encode()}
    assert build(Snapshot(files), Options(utc("2026-06-01T12:00"), strict=True)).site is None
    assert build(Snapshot(files), Options(utc("2026-06-01T12:00"))).site is not None
