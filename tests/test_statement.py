"""The accessibility statement: what its page says, and when its review is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from digest.diagnostics import report
from tests import samples
from tests.builders import LONDON
from tests.samples import Page

FACTS: Final[dict[str, Any]] = {
    "status": "partially compliant",
    "reviewed": "2026-05-01",
    "checks": ["Pages are opened by tests."],
    "limits": ["Wide tables scroll <sideways>."],
}
PAGE: Final = {"title": "Accessibility statement", "published": "2026-05-01", "summary": "How accessible it is."}
PATH: Final = "content/pages/accessibility.md"


def inputs(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the inputs of a small site with a statement of these facts; a fact that is None is left out."""
    files = samples.base()
    given = {name: value for name, value in {**FACTS, **facts}.items() if value is not None}
    files[PATH] = samples.entry({**PAGE, "statement": given}, "What you should be able to do.")
    files["config.yaml"] += b"\ncontact: mailto:small@small.example\n"
    return files


def shown(now: str = samples.NOW, **facts: Any) -> Page:
    """Return the page of a statement."""
    return samples.page(samples.build_site(inputs(facts), now), "/accessibility/")


def test_statement_has_the_parts_of_the_model() -> None:
    """The page has the body's words first, then all parts that the model statement asks for, in its order."""
    page = shown(
        burden=["Maps of before 2019."],
        outside=["Adverts elsewhere."],
        plans=["An audit."],
        unchecked=["No screen reader."],
        tested="2026-04-30",
        reply_days="5",
        advice=[{"name": "Service", "url": "https://service.example/", "where": "Great Britain"}],
    )
    assert page.all("//main//*[self::h2 or self::h3]/text()") == [
        "How accessible these pages are",
        "Known limits",
        "Disproportionate burden",
        "What this statement does not cover",
        "What we are doing",
        "How the pages are tested",
        "What is not tested",
        "Report a problem or ask for another format",
        "If you are not happy with the reply",
        "Preparation of this statement",
    ]
    words = page.text("//main")
    assert words.index("What you should be able to do.") < words.index("How accessible these pages are")
    for said in (
        "These pages are partially compliant with the Web Content Accessibility Guidelines",
        "at level AA, for the reasons listed below.",
        "Wide tables scroll <sideways>.",
        "They were last tested on 30 April 2026.",
        "such as large print or plain text: small@small.example.",
        "You will have a reply within 5 working days.",
        "in Great Britain, the Service",
        "prepared on 1 May 2026, and last reviewed on 1 May 2026. It is due to be reviewed again by 1 May 2027.",
    ):
        assert said in words
    assert "mailto:small@small.example" in page.all("//main//a/@href")


def test_nothing_is_said_that_no_fact_says() -> None:
    """Optional facts that are left out leave neither a heading nor a promise, and full compliance has no reasons."""
    page = shown(status="fully compliant", limits=None)
    assert page.all("//main//h3") == []
    words = page.text("//main")
    assert "at level AA. How the pages" in words
    for missing in ("reasons", "working day", "last tested", "advice"):
        assert missing not in words


@pytest.mark.parametrize("public_body", ["true", "false"])
def test_only_a_public_body_names_the_enforcer(public_body: str) -> None:
    """The regulations are enforced where they apply; a publisher that is no public body claims nothing of the kind."""
    words = shown(public_body=public_body).text("//main")
    assert ("Equality and Human Rights Commission" in words) == (public_body == "true")
    assert ("The publisher of this site is not one." in words) == (public_body == "false")


@pytest.mark.parametrize(
    ("reviewed", "last", "late"),
    [("2026-05-01", "2027-05-01T23:59:59", "2027-05-02"), ("2028-02-29", "2029-02-28T23:59:59", "2029-03-01")],
)
def test_review_is_due_after_twelve_months(reviewed: str, last: str, late: str) -> None:
    """A warning comes with the first instant after the twelfth month, which is the site's next change, and not before.

    From then on the page itself says that it is overdue.
    """
    files = inputs({"reviewed": reviewed})
    before, after = (samples.build_result(files, now) for now in (last, late))
    assert before.problems == ()
    assert before.next_change is not None
    assert before.next_change.astimezone(LONDON).isoformat().startswith(late)
    assert "error" not in report(after.problems, "text")
    assert [problem.rule for problem in after.problems] == ["statement-review"]
    assert after.next_change is None
    pages = (samples.page(result.site or {}, "/accessibility/").text("//main") for result in (before, after))
    assert ["It was due to be reviewed again by" in words for words in pages] == [False, True]


def test_the_real_statement_says_what_is_true(real_site: dict[str, bytes]) -> None:
    """The site's own statement claims no audit, no test with people, no enforcement and no full compliance."""
    words = samples.page(real_site, "/accessibility/").text("//main")
    assert "partially compliant" in words
    assert "No disabled people have yet been asked" in words
    assert "Nobody outside the project has audited" in words
    assert "The publisher of this site is not one." in words
