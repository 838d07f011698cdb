"""The facts of an accessibility statement as its page shows them."""

from __future__ import annotations

from msgspec import Struct

from digest.model import Page
from digest.planning.parts import DateText, Link
from digest.planning.states import State, review_due
from digest.planning.words import day_text


class AdviceLine(Struct, frozen=True):
    """Whom somebody may turn to who is not happy with a reply."""

    where: str | None
    """For which part of the world; None for all."""
    link: Link


class StatementFacts(Struct, frozen=True):
    """The facts of an accessibility statement."""

    status: str
    """fully compliant, partially compliant or not compliant."""
    checks: tuple[str, ...]
    unchecked: tuple[str, ...]
    limits: tuple[str, ...]
    burden: tuple[str, ...]
    outside: tuple[str, ...]
    plans: tuple[str, ...]
    reply_days: int | None
    public_body: bool
    """The accessibility regulations apply to the publisher."""
    advice: tuple[AdviceLine, ...]
    prepared: DateText
    tested: DateText | None
    reviewed: DateText
    due: DateText
    """The day by which it is to be reviewed again."""
    overdue: bool


def statement_facts(page: Page, state: State) -> StatementFacts | None:
    """Return the facts of a page's statement, or None for a page that is none."""
    said = page.statement
    if said is None:
        return None
    return StatementFacts(
        status=said.status,
        checks=said.checks,
        unchecked=said.unchecked,
        limits=said.limits,
        burden=said.burden,
        outside=said.outside,
        plans=said.plans,
        reply_days=said.reply_days,
        public_body=said.public_body,
        advice=tuple(AdviceLine(adviser.where, Link(adviser.name, adviser.url)) for adviser in said.advice),
        prepared=day_text(page.published.day),
        tested=day_text(said.tested) if said.tested else None,
        reviewed=day_text(said.reviewed),
        due=day_text(review_due(said)),
        overdue=state == "review due",
    )
