"""Read days and times as editors write them.

`parts` finds the parts of a text, `day_rules` and `time_rules` hold the rules, and `zones` turns local times into
instants.

Nothing is guessed: what is left out, ambiguous or impossible is a finding with a mend.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from digest.dates.day_rules import (
    Part,
    date_day,
    date_exists,
    date_form,
    date_order_slash,
    date_range,
    date_relative,
    date_skipped,
    date_time_unwanted,
    date_two_digit_year,
    date_weekday,
    date_year,
)
from digest.dates.parts import Clock, WrittenDay, find_clocks, find_day, find_zone, join, match_day, time_before
from digest.dates.time_rules import time_ambiguous, time_form, time_gap, time_midnight, time_zone, time_zone_name
from digest.dates.words import (
    MONTHS,
    format_day,
)
from digest.dates.zones import day_bounds, instant
from digest.diagnostics import Read
from digest.model import Closing, Moment, Opening, PartialDate
from digest.text.findings import Findings, errors, found
from digest.text.patterns import compiled
from digest.text.plaintext import one_space, plain

_ISO: Final = r"(19[0-9]{2}|2[0-9]{3})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::00)?)?"
_SPELT: Final = (
    r"(?:(?P<clock>(?P<hour>1[01]|[1-9])(?::(?P<minute>[0-5][0-9]))?(?P<half>[ap])m|midday) on )?"
    r"(?P<written>(?P<day>[1-9]|[12][0-9]|3[01]) (?P<month>[A-Z][a-z]+) (?P<year>19[0-9]{2}|2[0-9]{3}))"
)
"""The form that hints offer, with a time of day or without."""
_NUMBERS: Final = {name: number for number, name in enumerate(MONTHS, 1)}
_PARTIAL: Final = r"(?P<year>[0-9]{4})(?:-(?P<number>[0-9]{2}))?|(?P<name>[A-Za-z]+)\.?,? (?P<named>[0-9]{4})"
_OPEN: Final = frozenset({"open until filled", "until filled", "rolling"})
_ALL_DAY: Final = 24
_NOON: Final = 12


class _Taken(Struct, frozen=True, gc=False):
    """A text taken apart."""

    day: date | None
    part: Part
    """The part that gives the day."""
    clock: Clock | None = None
    findings: Findings = ()


def read_moment(text: str, zone: str, published: date | None = None, field: str = "closes") -> Read[Moment]:
    """Read a day, or a time on a day: `2014-10-06 23:55`, `6 October 2014`, `midday on Monday 6 October 2014`.

    `zone` is the IANA name of the time zone in which the text is meant.  A day alone lasts from its first instant
    there to the first of the next day; with a time, both ends of the moment are that instant.  A local time that comes
    twice is the first of the two.  `published` serves to guess a missing year for the hint, and `field` is what hints
    call the place of the text.

    Raises:
        ZoneInfoNotFoundError: `zone` is unknown; `read_zone` tells before.

    """
    taken = _quick(text, field) or _take(text, published, field)
    if taken.day is None or errors(taken.findings):
        return Read(None, taken.findings)
    if taken.clock is not None:
        return _timed(taken.day, taken.clock, zone, field)
    starts, ends = day_bounds(taken.day, zone)
    findings = found(date_skipped, taken.part, starts, ends, zone)
    return Read(None if findings else Moment(taken.day, None, zone, starts, ends), findings)


def read_closing(text: str, zone: str, published: date | None = None, field: str = "closes") -> Read[Closing]:
    """Read when applications end: `open until filled` (or `rolling`), `not stated`, or as `read_moment`."""
    words = one_space(text).lower()
    if words in _OPEN:
        return Read(Closing("open until filled"))
    if words == "not stated":
        return Read(Closing("not stated"))
    read = read_moment(text, zone, published, field)
    return Read(None if read.value is None else Closing("dated", read.value), read.findings)


def read_opening(text: str, zone: str, published: date | None = None, field: str = "opens") -> Read[Opening]:
    """Read when applications begin: `not stated`, or as `read_moment`."""
    if one_space(text).lower() == "not stated":
        return Read(Opening(None))
    read = read_moment(text, zone, published, field)
    return Read(None if read.value is None else Opening(read.value), read.findings)


def read_day(text: str, field: str = "date", published: date | None = None) -> Read[date]:
    """Read a day without a time, in any form of `read_moment`."""
    taken = _quick(text, field) or _take(text, published, field)
    findings = taken.findings
    if taken.clock is not None:
        clock = taken.clock
        findings = tuple(one for one in findings if not one[0].id.startswith("time-"))
        findings += found(date_time_unwanted, Part(clock.words, clock.start, clock.end, field), taken.day)
    return Read(None if errors(findings) else taken.day, findings)


def read_partial(text: str, field: str = "published") -> Read[PartialDate]:
    """Read a date as precisely as it is known: `2014`, `2014-09`, `September 2014`, or a day as `read_day`."""
    match = compiled(_PARTIAL).fullmatch(one_space(text))
    month = _month_number(match) if match else None
    if match is None or (match["name"] and month is None):
        read = read_day(text, field)
        day = read.value
        return Read(PartialDate(day.year, day.month, day.day) if day else None, read.findings)
    year = int(match["year"] or match["named"])
    part = Part(match.group(), 0, len(text), field)
    findings = found(date_range, part, year) + (found(date_exists, part, 1, month, year) if month is not None else ())
    return Read(None if findings else PartialDate(year, month), findings)


def read_zone(text: str) -> Read[str]:
    """Read the IANA name of a time zone, such as `Australia/Sydney`."""
    findings = found(time_zone_name, text)
    return Read(None if findings else text, findings)


def _month_number(match: re.Match[str]) -> int | None:
    if match["number"]:
        return int(match["number"])
    name = (match["name"] or "").lower()
    starts = [number for number, month in enumerate(MONTHS, 1) if month.lower().startswith(name)]
    return starts[0] if len(name) >= len("Jan") and starts else None


@lru_cache(maxsize=1024)
def _quick(text: str, field: str) -> _Taken | None:
    """Take apart the forms that most entries use; None for any other, or where something may be wrong."""
    match = compiled(_ISO).fullmatch(text)
    if match is None:
        match = compiled(_SPELT).fullmatch(text)
        return None if match is None else _spelt(match, field)
    year, month, day_, hour_, minute_ = match.groups()
    try:
        day = date(int(year), int(month), int(day_))
    except ValueError:
        return None
    part = Part(text, 0, len(text), field)
    if hour_ is None:
        return _Taken(day, part)
    hour, minute = int(hour_), int(minute_)
    if hour >= _ALL_DAY or minute >= 60 or hour == minute == 0:  # noqa: PLR2004 - minutes of an hour
        return None
    return _Taken(day, part, Clock(text, 0, len(text), hour, minute))


def _spelt(match: re.Match[str], field: str) -> _Taken | None:
    """Take apart a day that is written out, as `_take` does."""
    words, hour_, minute, half, written, day_, month, year = match.groups()
    try:
        day = date(int(year), _NUMBERS[month], int(day_))
    except (KeyError, ValueError):
        return None
    part = Part(written, match.start("written"), match.end(), field)
    if words is None:
        return _Taken(day, part)
    hour = int(hour_ or _NOON) + (_NOON if half == "p" else 0)
    return _Taken(day, part, Clock(words, 0, len(words), hour, int(minute or 0)))


def _timed(day: date, clock: Clock, zone: str, field: str) -> Read[Moment]:
    """Make the moment of a time on a day."""
    part = Part(clock.words, clock.start, clock.end, field)
    at = instant(day, clock.hour, clock.minute, zone)
    findings = found(time_gap, part, day, at.skipped_to, zone)
    if findings:
        return Read(None, findings)
    findings = found(time_ambiguous, part, day, zone, twice=at.twice)
    return Read(Moment(day, f"{clock.hour:02}:{clock.minute:02}", zone, at.utc, at.utc), findings)


def _take(text: str, published: date | None, field: str) -> _Taken:
    """Take any text apart, and find what is wrong with its parts."""
    line = plain(text)
    zone = find_zone(line)
    if zone is not None:
        return _zoned(line, zone, published, field)
    clocks = find_clocks(line)
    if len(clocks) > 1:
        part = _whole(line, field)
        return _Taken(None, part, None, found(date_form, part))
    clock = clocks[0] if clocks else None
    span = join(line, clock)
    if span is None:
        part = _whole(line, field)
        return _Taken(None, part, clock, found(date_relative, part) or found(date_form, part, _inside(line, clock)))
    before = time_before(clock)
    part = Part(line[span[0] : span[1]], span[0], span[1], field, before)
    day, findings = _day(line, part, published, clock)
    if clock is not None:
        findings += _clock_findings(clock, day, field)
    return _Taken(day, part, clock, findings)


def _whole(line: str, field: str) -> Part:
    start = len(line) - len(line.lstrip())
    return Part(line.strip(), start, start + len(line.strip()), field)


def _zoned(line: str, zone: tuple[int, int], published: date | None, field: str) -> _Taken:
    """Take apart a text that names a time zone, and offer the rest of it in the right key."""
    start, end = zone
    # Spaces stand for the zone, so that the findings of the rest keep their places.
    rest = _take(line[:start] + " " * (end - start) + line[end:], published, field)
    mended = None
    if rest.day is not None and not errors(rest.findings):
        mended = time_before(rest.clock) + format_day(rest.day)
    words = line[start:end].lstrip()
    part = Part(words, end - len(words), end, field)
    return _Taken(rest.day, rest.part, rest.clock, (*found(time_zone, part, mended), *rest.findings))


def _clock_findings(clock: Clock, day: date | None, field: str) -> Findings:
    part = Part(clock.words, clock.start, clock.end, field)
    findings = found(time_form, part, clock.hour, clock.minute, clock.second, clock.half)
    if not findings and clock.midnight:
        findings = found(time_midnight, part, day, clock.hour)
    return findings


def _day(line: str, part: Part, published: date | None, clock: Clock | None) -> tuple[date | None, Findings]:
    """Read the part of a text that gives the day."""
    written = match_day(part.words)
    if not part.words:
        part = _whole(line, part.field)
    partial = compiled(_PARTIAL).fullmatch(part.words)
    if partial and (partial["year"] or _month_number(partial)):
        return None, found(date_day, part)
    if written is None:
        return None, found(date_relative, part) or found(date_form, part, _inside(line, clock))
    bare = replace(part, words=written.words, start=part.end - len(written.words))
    day, month, year = written.day, written.month, written.year
    if written.slashed:
        return None, found(date_order_slash, bare, day, month, year or 0)
    if year is not None and written.short_year:
        return None, found(date_two_digit_year, bare, day, month, year)
    findings = found(date_range, bare, year) if year is not None else ()
    findings = findings or found(date_exists, bare, day, month, year)
    if findings or year is None:
        return None, findings or found(date_year, bare, day, month, published)
    made = date(year, month, day)
    return made, _weekday_findings(part, written, made)


def _weekday_findings(part: Part, written: WrittenDay, day: date) -> Findings:
    if written.weekday is None:
        return ()
    name = replace(part, words=written.weekday_words, end=part.start + len(written.weekday_words))
    return found(date_weekday, name, day, written.weekday)


def _inside(line: str, clock: Clock | None) -> str | None:
    """Offer the one whole date inside a text that is not understood."""
    written = find_day(line, clock)
    if written is None or written.year is None or written.short_year or written.slashed:
        return None
    try:
        day = date(written.year, written.month, written.day)
    except ValueError:
        return None
    return time_before(clock) + format_day(day)
