"""The rules of times of day and of time zones: each looks at one thing and yields the words and the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from digest.dates.day_rules import Part
from digest.dates.words import format_day, format_time
from digest.diagnostics import Finding, rule

STARTS: Final = frozenset({"opens", "published"})
"""Fields that say when something begins."""
_HALF_DAY: Final = 12
_MINUTES: Final = 60
_ZONES: Final = {
    **dict.fromkeys(("GMT", "BST", "UK", "LONDON", "WET", "WEST"), "Europe/London"),
    **dict.fromkeys(("CET", "CEST", "PARIS", "BRUSSELS"), "Europe/Paris"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Helsinki"),
    **dict.fromkeys(("EST", "EDT", "ET"), "America/New_York"),
    **dict.fromkeys(("CST", "CDT", "CT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT", "MT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT", "PT"), "America/Los_Angeles"),
    **dict.fromkeys(("AEST", "AEDT", "SYDNEY", "CANBERRA"), "Australia/Sydney"),
    **dict.fromkeys(("ACST", "ACDT"), "Australia/Adelaide"),
    "AWST": "Australia/Perth",
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    **dict.fromkeys(("UTC", "Z"), "Etc/UTC"),
}
"""What a word for a zone most likely means, for hints alone."""


@rule("time-form")
def time_form(part: Part, hour: int, minute: int, second: int, half: str) -> Iterator[Finding]:
    """A time of day is one that a clock shows, on the 24-hour clock or with `am` or `pm`, to the minute.

    Wrong: `closes: 13:00pm on 6 October 2014`

    Right: `closes: 1pm on 6 October 2014`
    """
    fits = 1 <= hour <= _HALF_DAY if half else hour < 2 * _HALF_DAY or (hour == 2 * _HALF_DAY and not minute)
    if fits and minute < _MINUTES:
        if second:
            words = f"{hour}:{minute:02}{half}" if half else format_time(f"{hour % 24:02}:{minute:02}")
            yield part.finding(f'"{part.words}" has seconds', f"write the time to the minute:  {words}")
        return
    hint = "write a time such as  11:55pm,  23:55  or  midday"
    if half and minute < _MINUTES and hour < 2 * _HALF_DAY:
        hint = f"write  {format_time(f'{hour:02}:{minute:02}')}"
    yield part.finding(f'"{part.words}" is not a time of day', hint)


@rule("time-midnight")
def time_midnight(part: Part, day: date | None, hour: int) -> Iterator[Finding]:
    """Midnight is not used: a day begins and ends with one, and readers miss deadlines by a day.

    A day without a time lasts to its end.

    Wrong: `closes: midnight on 6 October 2014`

    Right: `closes: 11:59pm on 5 October 2014`
    """
    # 24 is the end of the day, 0 its start, and the word may be either.
    word = part.words.lower().endswith("midnight")
    message = f'"{part.words}" may be the start or the end of the day'
    if day is None:
        yield part.finding(message, "write the day alone for all of that day, or  11:59pm")
        return
    here, eve = format_day(day), format_day(day - timedelta(days=1))
    if part.field in STARTS:
        start = here if hour == 0 else format_day(day + timedelta(days=1))
        yield part.finding(message, f"write  {part.field}: {start}  (from its start)")
        return
    last = here if hour and not word else eve
    hint = f"write  {part.field}: {last}  (all of that day), or  {part.field}: 11:59pm on {last}"
    if word:
        hint += f";  or  {part.field}: {here}  if the end of that day is meant"
    yield part.finding(message, hint)


@rule("time-gap")
def time_gap(part: Part, day: date, skipped_to: datetime | None, zone: str) -> Iterator[Finding]:
    """A local time exists: when clocks go forward, an hour is left out.

    Wrong: `closes: 1:30am on 30 March 2014`

    Right: `closes: 2:30am on 30 March 2014`
    """
    if skipped_to is not None:
        hint = f"write  {part.field}: {format_time(f'{skipped_to:%H:%M}')} on {format_day(skipped_to.date())}"
        yield part.finding(f'"{part.words}" does not exist on {format_day(day)}: clocks go forward in {zone}', hint)


@rule("time-ambiguous", "warning")
def time_ambiguous(part: Part, day: date, zone: str, *, twice: bool) -> Iterator[Finding]:
    """A local time comes once: when clocks go back, an hour comes twice, and the first of the two is taken.

    Wrong: `closes: 1:30am on 26 October 2014`

    Right: `closes: 11:59pm on 25 October 2014`
    """
    if twice:
        words = f'"{part.words}" comes twice on {format_day(day)}, because clocks go back in {zone}'
        yield part.finding(words, "the first of the two is taken; write an earlier or a later time if you can")


@rule("time-zone")
def time_zone(part: Part, mended: str | None) -> Iterator[Finding]:
    """A time zone stands in its own key, by its IANA name, and not beside the time.

    Words and offsets are used loosely: `GMT` is printed in July, `CET` in summer, and `IST` is three zones. Without
    the key, a time is in the time zone of the site.

    Wrong: `closes: 11:59pm on 2 February 2018 GMT`

    Right: `closes: {when: 11:59pm on 2 February 2018, timezone: Europe/London}`
    """
    name = re.sub(r"^[\s(]*(?:in\s+)?|(?:\s+time)?[\s)]*$", "", part.words)
    zone = name if "/" in name else _ZONES.get(name.upper(), "")
    if mended is None:
        hint = f"leave it out, and name the zone in the key  timezone: {zone or 'Europe/London'}"
    elif part.field == "when":
        hint = f"write  when: {mended}  and  timezone: {zone or 'its IANA name, such as Europe/London'}"
    else:
        hint = f"write  {part.field}: {{when: {mended}, timezone: {zone or 'Europe/London'}}}"
        hint += "" if zone else "  with the IANA name that is meant"
    yield part.finding(f'"{part.words}" names a time zone beside the time', hint)


@rule("time-zone-name")
def time_zone_name(text: str) -> Iterator[Finding]:
    """A time zone is named as in the IANA database.

    It knows when clocks change there; a word such as `EST` or an offset does not.

    Wrong: `timezone: CET`

    Right: `timezone: Europe/Paris`
    """
    try:
        ZoneInfo(text)
        known = "/" in text or text == "UTC"
    except (KeyError, ValueError, OSError):
        known = False
    if not known:
        name = _ZONES.get(text.strip().upper())
        hint = f"write  timezone: {name}" if name else "write an IANA name, such as  timezone: Europe/London"
        yield Finding(f'"{text}" is not the name of a time zone', hint)
