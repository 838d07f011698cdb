"""The rules of days: each looks at one thing and, where it is wrong, yields the words and the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from digest.dates.words import MONTHS, WEEKDAYS, format_day
from digest.diagnostics import Finding, rule
from digest.text.guesses import closest

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
NOT_STATED: Final = frozenset({"closes", "opens", "when"})
"""Fields that may say `not stated`."""
_FEBRUARY: Final = 2
_SHORT: Final = frozenset({4, 6, 9, 11})
_YEAR_WAIT: Final = 8
"""29 February may be eight years away, as in 1896 to 1904."""
_FORMS: Final = "6 October 2014,  2014-10-06  or  11:55pm on 6 October 2014"


class Part(Struct, frozen=True, gc=False):
    """A part of a text that a rule looks at, and what its hints need to know of the rest."""

    words: str
    start: int
    """First character in the whole text, counted from 0."""
    end: int
    """One past the last."""
    field: str
    """What hints call the place of the text."""
    before: str = ""
    """The time of day as hints repeat it, such as `midday on `."""

    def mend(self, words: str) -> str:
        """Write a value of the field as hints do."""
        return f"{self.field}: {self.before}{words}"

    def finding(self, message: str, hint: str | None = None) -> Finding:
        """Mark this part."""
        return Finding(message, hint, self.start, self.end)


@rule("date-form")
def date_form(part: Part, mended: str | None = None) -> Iterator[Finding]:
    """A day is written out or in the ISO form, and a time stands before it with `on`, or after it.

    A date that is guessed wrong shows a closed job as open, so nothing is guessed.

    Wrong: `closes: the first week of October`

    Right: `closes: 6 October 2014`
    """
    if mended is None:
        word = next((word for word in re.findall(r"[A-Za-z]{3,}", part.words) if _month_like(word)), None)
        mended = part.words.replace(word, _month_like(word) or "") if word else None
    hint = f"write  {part.field}: {mended}" if mended else f"write for example  {_FORMS}"
    yield part.finding(f'"{part.words}" is not understood as a date', hint)


@rule("date-day")
def date_day(part: Part) -> Iterator[Finding]:
    """A date has its day.

    Wrong: `closes: October 2014`

    Right: `closes: 6 October 2014`
    """
    unknown = f", or write  {part.field}: not stated" if part.field in NOT_STATED else ""
    yield part.finding(f'"{part.words}" has no day', f"add the day{unknown}")


@rule("date-relative")
def date_relative(part: Part) -> Iterator[Finding]:
    """A date is a day of the calendar, not counted from a day that readers cannot know.

    An entry is read for years; `tonight` is wrong from tomorrow on.

    Wrong: `closes: in six weeks`

    Right: `closes: 23 October 2013`
    """
    words = part.words.lower()
    if re.search(r"\b(?:tb[acd]|to be (?:announced|confirmed|decided)|unknown|n/a|not known)\b", words):
        hint = f"write  {part.field}: not stated" if part.field in NOT_STATED else "leave the field out"
    elif re.search(r"\b(?:ongoing|continuous|open[- ]ended|always open|until filled)\b", words):
        hint = f"write  {part.field}: open until filled"
    elif re.search(
        r"\b(?:today|tonight|tomorrow|yesterday|now|immediately|asap|soon|next|this|last|week|fortnight"
        r"|(?:days?|weeks?|months?))\b",
        words,
    ):
        hint = f"write the day itself, such as  {part.field}: 6 October 2014"
    else:
        return
    yield part.finding(f'"{part.words}" is not a day of the calendar', hint)


@rule("date-year")
def date_year(part: Part, day: int, month: int, published: date | None) -> Iterator[Finding]:
    """A day has its year.

    The sources leave it out, and a guess from the wrong side of the new year opens a closed job again for a year.

    Wrong: `closes: 24 March`

    Right: `closes: 24 March 2021`
    """
    hint = "add the year, in four digits"
    if published is not None:
        years = range(published.year, published.year + _YEAR_WAIT + 1)
        days = (date(year, month, day) for year in years if _has(year, month, day))
        next_one = next((one for one in days if one >= published), None)
        if next_one is not None:
            hint = f"the entry is published {format_day(published)}, so perhaps  {part.mend(format_day(next_one))}"
    yield part.finding(f'"{part.words}" has no year', hint)


@rule("date-two-digit-year")
def date_two_digit_year(part: Part, day: int, month: int, year: int) -> Iterator[Finding]:
    """A year has four digits.

    With two, `10-11-12` has six readings.

    Wrong: `closes: 6 Oct 14`

    Right: `closes: 6 October 2014`
    """
    full = 2000 + year
    hint = f"write  {part.mend(format_day(date(full, month, day)))}" if _has(full, month, day) else None
    yield part.finding(f'"{part.words}" has a two-digit year', hint)


@rule("date-order-slash")
def date_order_slash(part: Part, first: int, second: int, year: int) -> Iterator[Finding]:
    """A month has its name, unless the date is in the ISO form.

    `10/05/2023` is in May in London and in October in Washington, and the digest carries jobs of both.

    Wrong: `closes: 10/05/2023`

    Right: `closes: 10 May 2023`
    """
    readings = [
        part.mend(format_day(date(year, month, day)))
        for day, month in dict.fromkeys(((first, second), (second, first)))
        if _has(year, month, day)
    ]
    hint = f"write  {',  or  '.join(readings)}" if readings else f"write for example  {_FORMS}"
    fault = "does not say which is the day and which the month" if len(readings) > 1 else "has its month in figures"
    yield part.finding(f'"{part.words}" {fault}', hint)


@rule("date-range")
def date_range(part: Part, year: int) -> Iterator[Finding]:
    """A year is between 1900 and 2999.

    Any other is a slip of the keys.

    Wrong: `closes: 6 October 0214`

    Right: `closes: 6 October 2014`
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield part.finding(f"the year {year:04} is not between {FIRST_YEAR} and {LAST_YEAR}")


@rule("date-exists")
def date_exists(part: Part, day: int, month: int, year: int | None) -> Iterator[Finding]:
    """A day exists in the calendar.

    Some readers of dates take 31 June for 1 July; nobody can know that it is meant.

    Wrong: `closes: 31 June 2021`

    Right: `closes: 30 June 2021`
    """
    if not 1 <= month <= len(MONTHS):
        yield part.finding(f'"{part.words}" does not exist: there is no month {month}')
        return
    # 2000 had a 29 February: without a year it may be meant.
    last = _days(2000 if year is None else year, month)
    if 1 <= day <= last:
        return
    name = MONTHS[month - 1]
    hint = "check the day, and add the year"
    if year is not None:
        name = f"{name} {year}"
        hint = f"write  {part.mend(f'{last} {name}')}  if the last day is meant"
    yield part.finding(f'"{part.words}" does not exist: {name} has {last} days', hint)


@rule("date-skipped")
def date_skipped(part: Part, starts: datetime, ends: datetime, zone: str) -> Iterator[Finding]:
    """A day exists in its time zone.

    A zone that moves across the date line loses one, as Samoa lost 30 December 2011.

    Wrong: `closes: {when: 30 December 2011, timezone: Pacific/Apia}`

    Right: `closes: {when: 29 December 2011, timezone: Pacific/Apia}`
    """
    if starts >= ends:
        yield part.finding(f'"{part.words}" does not exist in {zone}: the zone went across the date line')


@rule("date-weekday")
def date_weekday(part: Part, day: date, weekday: int) -> Iterator[Finding]:
    """The name of the day agrees with the date.

    One of the two is wrong, and it may be the one that readers go by.

    Wrong: `closes: Friday 25 March 2021`

    Right: `closes: Thursday 25 March 2021`
    """
    if day.weekday() != weekday:
        yield part.finding(f"{format_day(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[weekday]}")


@rule("date-time-unwanted")
def date_time_unwanted(part: Part, day: date | None) -> Iterator[Finding]:
    """A field for a day has no time of day.

    Wrong: `date: 16 September 2014 at 9am`

    Right: `date: 16 September 2014`
    """
    yield part.finding(
        f'"{part.words}" is a time; only the day is wanted here',
        f"write  {part.field}: {format_day(day)}" if day else "leave the time out",
    )


def _has(year: int, month: int, day: int) -> bool:
    """Tell whether a day exists in a year that the digest knows."""
    months = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= len(MONTHS)
    return months and 1 <= day <= _days(year, month)


def _days(year: int, month: int) -> int:
    """Return how many days a month of the Gregorian calendar has."""
    if month == _FEBRUARY:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in _SHORT else 31


def _month_like(word: str) -> str | None:
    """Give the month whose name is misspelt in a word; None where the word is none, or is right."""
    if len(word) <= len("Sept"):
        return None
    close = closest(word.capitalize(), MONTHS, 0.75)
    return close if close and close.lower() != word.lower() else None
