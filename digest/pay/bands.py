"""Salary bands: pay brought to a year, and where it falls.

Bands are half-open intervals made from their lower bounds, so that gaps and overlaps cannot be written.
Nothing is converted between currencies, and day rates are not brought to a year, because nobody knows how many days
will be worked: both have pages of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

import msgspec

from digest.model import Pay, Salary
from digest.pay.money import format_money

MONTHS: Final = 12
_ROUGHLY: Final = Decimal(100)
_SMALL: Final = 1000
"""Yearly pay under this is rounded to 1, not to 100."""


class PaySettings(msgspec.Struct, frozen=True):
    """How the site brings pay to a year."""

    currency: str = "GBP"
    """ISO 4217 code of the bands; other currencies are not banded."""
    weeks: Decimal = Decimal(52)
    """Paid weeks in a year."""
    hours: Decimal = Decimal(37)
    """Paid hours in a week, for a job that does not say."""


class SalaryBand(msgspec.Struct, frozen=True):
    """One half-open interval of yearly pay, with the page that lists it."""

    id: str
    """Slug of its page: `under-30000`, `60000-to-74999`, `100000-and-over`."""
    label: str
    """`Under £30,000`, `£60,000 to £74,999`, `£100,000 and over`."""
    lower: Decimal | None
    """Least yearly pay, inclusive; None for the lowest band."""
    upper: Decimal | None
    """Most yearly pay, exclusive; None for the highest band."""


class Placing(msgspec.Struct, frozen=True):
    """The salary pages that list a job, by the last part of their path."""

    starts: tuple[str, ...]
    """Where it is listed first: at most one band, then any of `day-rates` and `other-currencies`, or one of
    `not-stated` and `unpaid`."""
    reaches: tuple[str, ...] = ()
    """Further bands that its pay overlaps, lowest first."""


class Annual(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Plain pay for a year as a source says it, in hundredths of the bands' currency."""

    least: int
    """The lowest figure that is named."""
    most: int
    """The highest figure that is named; equal to `least` for a single one, and for "from" and "up to"."""
    about: bool
    """The source says "about", "circa" or "in the region of" of one of them."""


def stated_annual(salary: Salary, settings: PaySettings) -> Annual | None:
    """Return the pay for a year that a salary states, all its labelled ranges together.

    The result is None for what cannot be set beside such pay: an estimate from pay by the hour, week or month, day
    rates, other currencies, and a figure that covers something else than plain salary, such as a fee or a package.
    """
    if salary.basis is not None:
        return None
    stated = [pay for pay in salary.pay if pay.period == "year" and pay.currency == settings.currency]
    ends = [_hundredths(end) for pay in stated for end in (pay.minimum, pay.maximum) if end is not None]
    return Annual(min(ends), max(ends), any(pay.approximate for pay in stated)) if ends else None


def annual(pay: Pay, settings: PaySettings, hours: Decimal | None) -> tuple[Decimal | None, Decimal | None] | None:
    """Bring pay to a year: its minimum and maximum, each None where the pay has none.

    `hours` are the job's own hours a week, if it says them.  The result is None for pay per day and for pay in another
    currency than that of `settings`.
    """
    times = _payments(pay, settings, hours)
    if times is None:
        return None
    return (
        None if pay.minimum is None else pay.minimum * times,
        None if pay.maximum is None else pay.maximum * times,
    )


def format_estimate(pay: Pay, settings: PaySettings, hours: Decimal | None) -> str | None:
    """Write pay per hour, week or month as yearly pay: `about £24,000 to £26,000 a year`, to the nearest £100.

    The result is None where there is nothing to estimate: pay per year, per day or in another currency.
    """
    bounds = annual(pay, settings, hours)
    if bounds is None or pay.period == "year":
        return None
    least, most = (None if bound is None else format_money(_rounded(bound), pay.currency) for bound in bounds)
    if most is None:
        return f"from about {least} a year"
    if least is None:
        return f"up to about {most} a year"
    return f"about {least} a year" if least == most else f"about {least} to {most} a year"


def bands_from_bounds(bounds: Sequence[int], currency: str = "GBP") -> tuple[SalaryBand, ...]:
    """Make the bands that the lower bounds divide pay into, lowest first: one more than there are bounds.

    Raises:
        ValueError: there is no bound, or they do not rise from above 0; the configuration is checked before.

    """
    if not bounds or any(low >= high for low, high in pairwise([0, *bounds])):
        message = "the lower bounds of salary bands rise from above 0"
        raise ValueError(message)

    def money(value: int) -> str:
        return format_money(Decimal(value), currency)

    first, last = bounds[0], bounds[-1]
    return (
        SalaryBand(f"under-{first}", f"Under {money(first)}", None, Decimal(first)),
        *(
            SalaryBand(f"{low}-to-{high - 1}", f"{money(low)} to {money(high - 1)}", Decimal(low), Decimal(high))
            for low, high in pairwise(bounds)
        ),
        SalaryBand(f"{last}-and-over", f"{money(last)} and over", Decimal(last), None),
    )


def placing(
    salary: Salary, bands: Sequence[SalaryBand], settings: PaySettings, hours: Decimal | None = None
) -> Placing:
    """Say which salary pages list a job; `bands` are all bands, lowest first.

    Ranges that can be brought to a year are banded together, from their least known end to their greatest: "from" and
    "up to" count by their known end, "about" at face value.  Pay that ends exactly on the bound of a band does not
    reach it, but a single figure there lies in it.  Pay in another currency is listed with the other currencies even
    when it is per day.
    """
    if salary.kind != "stated":
        return Placing(("unpaid" if salary.kind == "unpaid" else "not-stated",))
    ends: list[Decimal] = []
    special: set[str] = set()
    for pay in salary.pay:
        bounds = annual(pay, settings, hours)
        if bounds is not None:
            ends += [bound for bound in bounds if bound is not None]
        else:
            special.add("day-rates" if pay.currency == settings.currency else "other-currencies")
    overlapped = _overlapped(min(ends), max(ends), bands) if ends else []
    return Placing((*overlapped[:1], *sorted(special)), tuple(overlapped[1:]))


def _payments(pay: Pay, settings: PaySettings, hours: Decimal | None) -> Decimal | None:
    """Give the payments in a year; None where they are not known or not comparable."""
    if pay.currency != settings.currency or pay.period == "day":
        return None
    if pay.period == "hour":
        return settings.weeks * (settings.hours if hours is None else hours)
    return {"year": Decimal(1), "month": Decimal(MONTHS), "week": settings.weeks}[pay.period]


def _hundredths(value: Decimal) -> int:
    return int((value * 100).to_integral_value(ROUND_HALF_UP))


def _rounded(value: Decimal) -> Decimal:
    step = _ROUGHLY if value >= _SMALL else Decimal(1)
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _overlapped(least: Decimal, most: Decimal, bands: Sequence[SalaryBand]) -> list[str]:
    """Give the ids of the bands between two yearly figures: first the one that holds the least."""
    return [
        band.id
        for band in bands
        if (band.upper is None or band.upper > least)
        and (band.lower is None or band.lower < most or band.lower == least)
    ]
