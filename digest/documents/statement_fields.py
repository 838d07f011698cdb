"""The fields of an accessibility statement, and its rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from digest.dates.words import format_day
from digest.diagnostics import Finding, rule
from digest.documents.pay_fields import DAY
from digest.model import Adviser, Statement
from digest.text.readers import SECURE_URL, Flag, ListOf, Number, OneOf, Text
from digest.text.schema import Field, Table

_SENTENCES: Final = ListOf(Text())
_ADVISER: Final = Table(
    "adviser",
    (
        Field("name", Text(), "What it is called.", "Equality Advisory and Support Service", required=True),
        Field("url", SECURE_URL, "Its address.", "https://www.equalityadvisoryservice.com/", required=True),
        Field("where", Text(), "For whom it is, if not for all.", "Great Britain"),
    ),
    lambda values, _node, _context: Adviser(**values),
)
STATEMENT: Final = Table(
    "statement",
    (
        Field(
            "status",
            OneOf("status", ("fully compliant", "partially compliant", "not compliant")),
            "How far the pages meet WCAG 2.2 at level AA: `fully compliant`, `partially compliant`, `not compliant`.",
            "partially compliant",
            required=True,
        ),
        Field("reviewed", DAY, "When it was last held against the pages.", "21 November 2026", required=True),
        Field("checks", _SENTENCES, "How the pages are tested.", "[Each page kind is opened by tests.]", required=True),
        Field("tested", DAY, "When they last were, if not at every change.", "21 November 2026"),
        Field("unchecked", _SENTENCES, "What has not been tested.", "[No screen reader has been tried.]"),
        Field("limits", _SENTENCES, "Where the pages fall short.", "[Wide tables scroll sideways.]"),
        Field("burden", _SENTENCES, "What would be a disproportionate burden to mend.", "[Maps of before 2019.]"),
        Field("outside", _SENTENCES, "What the statement cannot answer for.", "[Adverts on other sites.]"),
        Field("plans", _SENTENCES, "What is being done about it.", "[An audit in spring 2027.]"),
        Field("reply_days", Number(Decimal(1), Decimal(60)), "Working days until a reply, if that is promised.", "5"),
        Field("public_body", Flag(), "Whether the accessibility regulations apply to the publisher.", "true"),
        Field(
            "advice",
            ListOf(_ADVISER),
            "Who helps if a reply does not.",
            "[{name: Equality Commission, url: https://www.equalityni.org/}]",
        ),
    ),
    lambda values, _node, _context: Statement(**values),
)


@rule("statement-status")
def statement_status(statement: Statement) -> Iterator[Finding]:
    """The status of an accessibility statement agrees with what the statement lists.

    Pages that are fully compliant have no limits, and pages that are not have some: readers go by the list.

    Wrong: `status: partially compliant` without `limits` and `burden`

    Right: `status: partially compliant` with `limits: [Wide tables scroll sideways.]`
    """
    listed = [name for name in ("limits", "burden") if getattr(statement, name)]
    if statement.status == "fully compliant" and listed:
        yield Finding(f'the pages are fully compliant, and "{listed[0]}" says where not', "write  partially compliant")
    elif statement.status != "fully compliant" and not listed:
        yield Finding(f"the pages are {statement.status}, and nothing says where", 'list it under "limits"')


@rule("statement-early")
def statement_early(reviewed: date, prepared: date) -> Iterator[Finding]:
    """An accessibility statement is reviewed on or after the day of its publication, which is that of its preparation.

    Mend: check the year of both days.
    """
    if reviewed < prepared:
        message = f"reviewed on {format_day(reviewed)}, before it was prepared on {format_day(prepared)}"
        yield Finding(message, "check the year of both days")


@rule("statement-contact")
def statement_contact(contact: str | None) -> Iterator[Finding]:
    """A site with an accessibility statement has a `contact` in `config.yaml`, which the statement names.

    The statement asks readers to report what they cannot use.

    Right, in `config.yaml`: `contact: digest@example.gov.uk`
    """
    if contact is None:
        yield Finding("the statement has no address to name", "write  contact: digest@example.gov.uk  in config.yaml")
