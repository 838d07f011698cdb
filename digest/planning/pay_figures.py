"""What jobs pay, in figures: how many there are in each salary band, and how far the pay of some jobs spreads.

Figures are made of cards.  A spread takes in jobs whose pay is given for a year, in the currency of the bands and as a
plain salary, as it was published: nothing is converted, estimated or raised for inflation.  "From" and "up to" count
by the end that is known, and "about" at face value.  Amounts are in hundredths of the currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from digest.documents.config import Config
from digest.pay.bands import Annual
from digest.pay.money import format_money
from digest.planning.cards import Card, JobCard
from digest.planning.catalogue import Carried, Catalogue, TermList
from digest.planning.facets import FACETS, SALARY
from digest.planning.states import OPEN

Key = TypeVar("Key", bound=Hashable)
FEWEST: Final = 3
"""Jobs from which on a middle is told, and a line about all of them: fewer are read sooner one by one."""
FEWEST_FOR_HALF: Final = 4
"""Jobs from which on the middle half is told: of fewer it would be one job."""
WHOLE: Final = 100
"""Hundredths in one."""
_CURRENCIES: Final = {"GBP": "pounds", "EUR": "euros"}


class Spread(Struct, frozen=True):
    """How far the pay of some jobs spreads."""

    jobs: int
    """How many jobs these are: those of the ones asked about that give plain pay for a year; at least one."""
    years: tuple[int, int]
    """The first and the last year in which they were published."""
    least: int
    """The lowest figure that any of them names."""
    least_about: bool
    """That figure is an approximate one."""
    most: int
    """The highest figure that any of them names."""
    most_about: bool
    middle: int | None
    """Half of the jobs are at or below it and half at or above, each counted by the middle of its own range; to one
    whole unit.  None for fewer than `FEWEST` jobs."""
    half: tuple[int, int] | None
    """Without a quarter of the jobs, rounded down, at either end, the middle of the range of the first job left and of
    the last; so at least half of them lie between.  To one whole unit; None for fewer than `FEWEST_FOR_HALF` jobs."""


class BandCount(Struct, frozen=True):
    """How many jobs a salary band has; a job that touches several bands is in each of them."""

    terms: TermList
    jobs: int
    open: int


def spread(items: Iterable[Carried]) -> Spread | None:
    """Return the spread of the pay of entries; None where none of them gives plain pay for a year."""
    return _spread([(item.card, item.card.job.annual) for item in items if item.card.job and item.card.job.annual])


def _spread(found: Sequence[tuple[Card, Annual]]) -> Spread | None:
    if not found:
        return None
    paid = [annual for _, annual in found]
    years = [card.day.year for card, _ in found]
    least, most = min(annual.least for annual in paid), max(annual.most for annual in paid)
    middles = sorted(annual.least + annual.most for annual in paid)  # twice the middle of each
    count = len(middles)
    cut = count // 4
    return Spread(
        jobs=count,
        years=(min(years), max(years)),
        least=least,
        least_about=all(annual.about for annual in paid if annual.least == least),
        most=most,
        most_about=all(annual.about for annual in paid if annual.most == most),
        middle=_whole(middles[(count - 1) // 2] + middles[count // 2], 4) if count >= FEWEST else None,
        half=(_whole(middles[cut], 2), _whole(middles[-1 - cut], 2)) if count >= FEWEST_FOR_HALF else None,
    )


def _whole(value: int, parts: int) -> int:
    """Return the `parts`-th part of a value, rounded to a whole unit, a half upwards."""
    unit = parts * WHOLE
    return (2 * value + unit) // (2 * unit) * WHOLE


def by_grade(catalogue: Catalogue) -> list[tuple[str, Spread]]:
    """Return the spread for each grade of the configuration whose jobs give one, in the order of the grades."""
    found = _grouped((grade, item) for item in catalogue.carried if item.card.job and (grade := _grade(item.card.job)))
    known = catalogue.config.vocabularies["grades"].choices
    return [(grade.id, found[grade.id]) for grade in known if grade.id in found]


def by_year(catalogue: Catalogue) -> list[tuple[int, Spread]]:
    """Return the spread for each year of publication whose jobs give one, the newest first."""
    return sorted(_grouped((item.card.day.year, item) for item in catalogue.carried).items(), reverse=True)


def _grouped(items: Iterable[tuple[Key, Carried]]) -> dict[Key, Spread]:
    groups: dict[Key, list[Carried]] = defaultdict(list)
    for key, item in items:
        groups[key].append(item)
    return {key: made for key, group in groups.items() if (made := spread(group))}


def _grade(job: JobCard) -> str | None:
    """Return the grade of a job, where it has one."""
    grade = job.details.grade
    return grade.id if grade else None


def band_counts(catalogue: Catalogue) -> tuple[BandCount, ...]:
    """Return how many jobs each salary band has, the lowest band first; nothing where that facet is off."""
    return tuple(
        BandCount(terms, len(terms.members), sum(item.is_open for item in terms.members))
        for terms in catalogue.terms.get("salary", ())
        if terms.term.sectioned
    )


def banded(catalogue: Catalogue) -> int:
    """Return how many jobs are in a salary band, each counted once."""
    return len({item.card.id for found in band_counts(catalogue) for item in found.terms.members})


def mark(catalogue: Catalogue) -> bytes:
    """Return bytes that are equal only where all the figures above are."""
    place = FACETS.index(SALARY)
    return msgspec.msgpack.encode(
        [
            (job.annual, _grade(job), card.day.year, item.state in OPEN, card.terms[place])
            for item in catalogue.carried
            if (job := (card := item.card).job) is not None
        ]
    )


# --- in words ----------------------------------------------------------------------------------------------


def money(amount: int, config: Config, *, about: bool = False) -> str:
    """Return an amount in words, such as `about £110,000`."""
    return f"{'about ' if about else ''}{format_money(Decimal(amount) / WHOLE, config.pay.currency)}"


def currency(config: Config) -> str:
    """Return the currency of the bands in words, such as `in pounds`."""
    code = config.pay.currency
    return f"in {_CURRENCIES.get(code, code)}"


def ends(found: Spread, config: Config) -> tuple[str, str]:
    """Return the lowest and the highest figure in words."""
    return (
        money(found.least, config, about=found.least_about),
        money(found.most, config, about=found.most_about),
    )


def range_words(found: Spread, config: Config) -> str:
    """Return the lowest and the highest figure in words, such as `£71,000 to £85,000`, or the one figure."""
    least, most = ends(found, config)
    return least if least == most else f"{least} to {most}"


def years_words(found: Spread) -> str:
    """Return the years of publication in words, such as `2014 to 2021`."""
    first, last = found.years
    return str(first) if first == last else f"{first} to {last}"


def sentence(items: Sequence[Carried], config: Config) -> str | None:
    """Return what is said of the pay of a list of entries; None for fewer than `FEWEST` jobs that give it."""
    found = spread(items)
    if found is None or found.jobs < FEWEST:
        return None
    jobs = sum(item.card.job is not None for item in items)
    whose = f"{found.jobs:,} of the {jobs:,} jobs" if found.jobs < jobs else f"All {jobs:,} jobs"
    paid = f"state a yearly salary {currency(config)}: {range_words(found, config)}"
    told = f"{whose} here {paid}, published {_when(found)}."
    if found.half is None or found.half[0] == found.half[1]:
        return told
    low, high = (money(end, config) for end in found.half)
    return f"{told} At least half of them lie between {low} and {high}, a range counted by its middle."


def _when(found: Spread) -> str:
    first, last = found.years
    return f"in {first}" if first == last else f"from {first} to {last}"
