"""Advice across entries: one vacancy that stands in the digest twice, and pay far from that of its grade.

Both are made to be rare: a job is far from its grade only where it is far from every other job of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from digest.diagnostics import Rule
from digest.documents.advice_rules import advice_duplicate, advice_pay_unusual
from digest.documents.config import Config
from digest.planning.cards import Card
from digest.planning.pay_figures import money
from digest.text.schema import spelling

FEWEST: Final = 8
"""Other jobs of a grade from which on its usual pay can be told."""
FAR: Final = 2
"""How many times as much, or as little, is far."""


class Advised(NamedTuple):
    """What advice was found about."""

    card: Card
    field: str
    """The field that it is placed at."""
    subject: tuple[Any, ...]
    """What the rule is told."""


def advice_across(cards: Sequence[Card], config: Config) -> Iterator[tuple[Rule[...], list[Advised]]]:
    """Yield each rule with what it finds among all entries, which are in order of path."""
    yield advice_duplicate, list(_duplicates(cards))
    yield advice_pay_unusual, list(_unusual_pay(cards, config))


def _duplicates(cards: Sequence[Card]) -> Iterator[Advised]:
    """Yield jobs that have a twin before them: the same title and organisation, at a time when both are open."""
    known: dict[tuple[Any, ...], list[Card]] = defaultdict(list)
    for card in cards:
        if card.job is None or card.draft:
            continue
        places = (*card.terms_of("organisations"), "", *card.terms_of("locations"))
        twins = known[places, spelling(card.title)]
        for other in twins:
            overlap = other.job and card.published < other.job.ended and other.published < card.job.ended
            if overlap and card.id not in other.related and other.id not in card.related:
                yield Advised(card, "title", (card.title, other.path))
                break
        twins.append(card)


def _unusual_pay(cards: Sequence[Card], config: Config) -> Iterator[Advised]:
    """Yield jobs whose pay is far from that of all others of their grade in the archive."""
    graded: dict[str, list[tuple[int, Card]]] = defaultdict(list)
    for card in cards:
        job = card.job
        if job is None or job.annual is None:
            continue
        term = job.details.grade
        if term and term.id != "other":
            graded[term.id].append((job.annual.least + job.annual.most, card))  # twice the middle of its range
    for grade, found in graded.items():
        if len(found) <= FEWEST:
            continue
        ordered = sorted(pay for pay, _ in found)
        for pay, card in found:
            low = ordered[1] if pay == ordered[0] else ordered[0]
            high = ordered[-2] if pay == ordered[-1] else ordered[-1]
            if pay * FAR < low or pay > high * FAR:
                label = config.vocabularies["grades"].by_id[grade].label
                usual = f"{money(low // 2, config)} to {money(high // 2, config)}"
                yield Advised(card, "salary", (money(pay // 2, config), label, usual))
