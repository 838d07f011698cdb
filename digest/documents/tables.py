"""The field tables of jobs, news and pages: every field an entry may have, in the order of the reference."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from digest.documents.advice_rules import ADVICE
from digest.documents.fields import (
    CHANGE,
    CONTRACT,
    IMAGE,
    OUTCOME,
    SOURCE,
    WITHDRAWN,
    Application,
    Named,
    Places,
    Tag,
    TermOf,
    term_field,
)
from digest.documents.pay_fields import CLOSES, MOMENT, OPENING, SALARY
from digest.documents.statement_fields import STATEMENT
from digest.text.readers import ID, Coined, Flag, ListOf, Number, OneOf, Text
from digest.text.schema import Field, Table

TITLE: Final = Field("title", Text(), "What the page is called; at most 65 characters.", "Director of X", required=True)
PUBLISHED: Final = Field(
    "published",
    MOMENT,
    "When the digest carries it; in the future, it waits until then.",
    "2014-09-01",
    required=True,
    also=("date", "posted", "pubdate"),
)
SUMMARY: Final = Field(
    "summary",
    Text(),
    "What a reader needs first, in plain text; at most 160 characters.",
    "One director for both Houses.",
    required=True,
    also=("description", "abstract", "excerpt"),
)
ID_FIELD: Final = Field("id", ID, "Its part of the address; the file's name if left out.", "parliament-director")


def _organisation(*, required: bool) -> Field:
    return Field(
        "organisation",
        ListOf(Named("organisations")),
        "Who employs, or whom the news is about; a list for joint posts.",
        "Home Office",
        required=required,
        also=("organisations", "org", "employer", "department", "organization"),
    )


def _source(*, required: bool) -> Field:
    return Field(
        "source",
        ListOf(SOURCE),
        "Where the facts come from; a list when several were read, the main one first.",
        "{name: Computer Weekly, url: https://www.computerweekly.com/}",
        required=required,
        also=("sources",),
    )


TAGS: Final = Field(
    "tags", ListOf(Tag(), 1, 8), "What it is about.", "[leadership]", required=True, also=("tag", "topics")
)
CHANGES: Final = Field(
    "changes",
    ListOf(CHANGE),
    "Noted changes; these, and nothing else, update feed items.",
    "[{date: 2014-09-16, note: The deadline moved., closes: 13 October 2014}]",
    also=("updates", "changelog"),
)
WITHDRAWN_FIELD: Final = Field(
    "withdrawn", WITHDRAWN, "Taken back: leaves a short notice.", "{date: 2014-09-20, reason: Sent in error.}"
)
ACCEPT: Final = Field(
    "accept",
    ListOf(OneOf("rule of advice", ADVICE)),
    "Rules of advice that are right here, and say nothing.",
    "[advice-closing-day]",
)
SHARED: Final = (
    Field("aliases", ListOf(Text()), "Old ids or site paths, which lead here.", "[parliament-digital-director]"),
    Field("related", ListOf(ID), "Ids of other entries worth reading with it.", "[cabinet-office-cdo]"),
    Field("image", IMAGE, "A picture.", "{src: centre.jpg, alt: …, credit: …, licence: OGL-3.0}"),
    Field("draft", Flag(), "Not to be published yet.", "true"),
    WITHDRAWN_FIELD,
    Field("lang", OneOf("language", ("en", "cy")), "Its language: English or Welsh.", "cy"),
    ACCEPT,
    ID_FIELD,
)

_FACTS: Final = (
    Field(
        "location",
        Places(),
        "Places, `remote`, `hybrid`, or `not stated`.",
        "[London, hybrid]",
        also=("locations", "place", "places"),
    ),
    Field(
        "apply",
        Application(),
        "Where to apply, or `not stated` where the source gives no link; required while the job is open.",
        "https://www.example.gov.uk/vacancy/1",
        also=("apply_url", "link"),
    ),
    Field("grade", term_field("grades", "grade"), "From the vocabulary, or `{other: GS-14}`.", "Grade 7"),
    Field(
        "contract",
        CONTRACT,
        "From the vocabulary, or `{type: fixed-term, length: 24 months}`.",
        "permanent",
        also=("contract_type",),
    ),
    Field("pattern", ListOf(TermOf("patterns")), "Working patterns.", "[full-time]", also=("working_pattern",)),
    Field("clearance", term_field("clearances", "clearance"), "The security check that is needed.", "SC"),
    Field("family", Coined("families"), "The role family, when the role is not known.", "Data"),
    Field("role", Coined("roles"), "The role in the profession's framework.", "Service designer"),
    Field("reference", Text(), "The employer's own reference.", "GSA/2015/700", also=("ref",)),
    Field("posts", Text(), "How many posts there are.", "14"),
    Field("max_applications", Number(Decimal(1)), "The number of applications at which it closes.", "400"),
    Field("hours", Number(Decimal(1), Decimal(60), whole=False), "Hours a week.", "37"),
    Field("interviews", Text(), "When interviews are.", "mid-November 2014", also=("interview",)),
    Field("reports_to", Text(), "Whom the post reports to.", "Permanent Secretary", also=("reporting_line",)),
    Field("team_size", Text(), "How many people it leads.", "about 300", also=("team",)),
    Field("budget", Text(), "What it answers for.", "£30m a year"),
    Field("eligibility", Text(), "Who may apply, when not everybody.", "Civil servants only"),
    Field("outcome", OUTCOME, "What became of the job.", "{result: filled, date: 2014-11-20}"),
    Field("structured_data", Flag(), "Give the full vacancy to search engines.", "true"),
)

JOB: Final = Table(
    "job",
    (
        TITLE,
        PUBLISHED,
        SUMMARY,
        _organisation(required=True),
        TAGS,
        Field("salary", SALARY, "What it pays, as the source says it.", "not stated", required=True, also=("pay",)),
        Field(
            "closes",
            CLOSES,
            "When applications end.",
            "not stated",
            required=True,
            also=("closing_date", "deadline", "closing", "closes_at", "close", "closed"),
        ),
        Field("opens", OPENING, "When applications begin; `published` if left out.", "midday on 10 October 2024"),
        *_FACTS,
        _source(required=False),
        CHANGES,
        *SHARED,
    ),
)
NEWS: Final = Table(
    "news item",
    (TITLE, PUBLISHED, SUMMARY, _organisation(required=False), TAGS, _source(required=True), CHANGES, *SHARED),
)
STATEMENT_FIELD: Final = Field(
    "statement",
    STATEMENT,
    "The facts of an accessibility statement, which follow the page's text.",
    "{status: partially compliant, reviewed: 21 November 2026, checks: [By tests.], limits: [Wide tables scroll.]}",
)
PAGE: Final = Table(
    "page",
    (
        TITLE,
        PUBLISHED,
        SUMMARY,
        STATEMENT_FIELD,
        CHANGES,
        WITHDRAWN_FIELD,
        SHARED[0],
        SHARED[3],
        SHARED[5],
        ACCEPT,
        ID_FIELD,
    ),
)
EDITION: Final = Table(
    "edition",
    (
        Field("title", Text(), "What the edition is called; the days of its week if left out.", "A quiet week"),
        Field("summary", Text(), "Its line in lists and inboxes; what is in it if left out.", "Two posts that lead."),
        SHARED[5],
        ACCEPT,
    ),
)
TABLES: Final = {"job": JOB, "news": NEWS, "page": PAGE, "edition": EDITION}
FOLDERS: Final = {"jobs": "job", "news": "news", "pages": "page", "editions": "edition"}
"""The kind of the entries in each folder of `content/`."""
