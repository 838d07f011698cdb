"""The facts of an accessibility statement as its page shows them."""

from __future__ import annotations

from digest.model import Page
from digest.planning.catalogue import Carried
from digest.planning.parts import AdviceLine, Link, StatementFacts
from digest.planning.states import review_due
from digest.planning.words import day_text


def statement_facts(page: Page, item: Carried) -> StatementFacts | None:
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
        overdue=item.state == "review due",
    )
