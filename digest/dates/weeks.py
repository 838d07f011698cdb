"""ISO 8601 weeks: Monday to Sunday, named by the year that holds their Thursday."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from digest.dates.words import MONTHS, format_day

WEEK: Final = timedelta(days=7)
_NAME: Final = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_YEARS: Final = range(1990, 2200)
"""Years of which there may be editions."""


def monday_of(day: date) -> date:
    """Return the first day of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    """Return the name of the week that begins on a Monday: `2026-W41` (ISO 8601 §4.1.4)."""
    year, week, _ = monday.isocalendar()
    return f"{year:04}-W{week:02}"


def read_week(name: str) -> date | None:
    """Return the Monday of a named week, or None where there is no such week from 1990 to 2199."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[1]) not in _YEARS:
        return None
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None


def week_words(monday: date) -> str:
    """Write the days of a week, both inclusive: `5 to 11 October 2026`, `28 December 2026 to 3 January 2027`."""
    sunday = monday + timedelta(days=6)
    first = format_day(monday)
    if (monday.year, monday.month) == (sunday.year, sunday.month):
        first = str(monday.day)
    elif monday.year == sunday.year:
        first = f"{monday.day} {MONTHS[monday.month - 1]}"
    return f"{first} to {format_day(sunday)}"
