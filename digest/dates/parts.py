"""The parts of a written date: time of day, time zone, day, month, year and day of the week.

Finding parts judges nothing: 25:00 on 31 June is found as it is written, and the rules say what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from digest.dates.words import MONTHS, WEEKDAYS, format_time
from digest.text.patterns import compiled

_NOON: Final = 12
_MINUTES: Final = 60
_HOURS: Final = 24
_CLOCK: Final = r"""(?aix)
    (?P<word>(?:\b12\s+)?\b(?:midday|noon|midnight))\b
    | (?<![0-9./:-])(?P<hour>[0-9]{1,2})
      (?:
        (?:[:.](?P<minute>[0-9]{2}))?(?:[:.](?P<second>[0-9]{2}))?\s*(?P<half>[ap])\.?\s?m\b\.?
        | (?: :(?P<minute24>[0-9]{2})(?::(?P<second24>[0-9]{2})(?:\.0+)?)? | \.(?P<dotted>[0-9]{2})(?![./-]) )
          (?![0-9:])(?:\s*(?:hours|hrs|h)\b)?
      )
    """
_ZONE: Final = r"""(?ax)
    \(?\b(?:GMT|BST|UTC|WES?T|CES?T|EES?T|IST|[ECMP][SD]T|A[CEW][SD]T|NZ[SD]T)\b(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?\)?
    | (?<=:[0-9]{2})(?:Z\b|\s*[+-][0-9]{2}:?[0-9]{2}\b)
    | \(?\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)
      (?:/[A-Z][A-Za-z_]+)+(?:\s+time\b)?\)?
    | \(?\b(?:UK|London|British(?:\s+[Ss]ummer)?|Paris|Brussels|Washington|New\s+York|Eastern|Central|Mountain|Pacific
      |Sydney|Canberra|local)\s+[Tt]ime\b\)?
    | \(in\s+[A-Z][A-Za-z ]+\)
    """
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
_BODIES: Final = (
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
    rf"(?:the\s+)?{_DAY}[\s-]*(?:of\s+)?{_MONTH}(?:,?[\s-]*{_YEAR})?",
    rf"{_MONTH}\s*(?:the\s+)?{_DAY}(?![0-9])(?:(?:,\s*|\s+){_YEAR})?",
    r"(?P<day>[0-9]{1,2})(?P<slash>[/.-])(?P<month>[0-9]{1,2})(?P=slash)(?P<year>[0-9]{4}|[0-9]{2})",
)
_YEAR_FIRST: Final = r"(?P<year>[0-9]{4})(?P<mark>[/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
_WEEKDAY: Final = (
    r"(?:on\s+)?(?:(?P<weekday>mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\b[.,]*\s*)?"
)
_WHOLE: Final = tuple(rf"(?ai){_WEEKDAY}(?P<body>{body})" for body in _BODIES)
_WITHIN: Final = tuple(rf"(?ai)(?<![0-9/.-])(?P<body>{body})(?![0-9/-])" for body in (*_BODIES[:3], _YEAR_FIRST))
_LEAD: Final = r"(?ai)\s*(?:at|by|before|until)?\s*"
_AFTER_TIME: Final = r"(?ai)\s*,?\s*(?:on\b|of\b)?\s*"
_BEFORE_TIME: Final = r"(?ai)(?:,?\s*(?:\bat|\bby|\bbefore|\buntil|@|-)|(?<=[0-9])T|,)?\s*$"


class Clock(Struct, frozen=True, gc=False):
    """A time of day as written."""

    words: str
    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    hour: int
    """On the 24-hour clock, unless `half` could not be applied: then as written."""
    minute: int
    second: int = 0
    half: str = ""
    """`am` or `pm` where `hour` is as written because no clock shows it, else empty."""
    midnight: bool = False
    """Midnight, by whatever name."""


class WrittenDay(Struct, frozen=True, gc=False):
    """A day as written, which may not exist."""

    words: str
    """The text without the day of the week."""
    day: int
    month: int
    """Counted from 1; by position, where the date is `slashed`."""
    year: int | None
    short_year: bool
    """The year has two digits and is no slashed one."""
    slashed: bool
    """Written in figures, not in the ISO form."""
    weekday: int | None
    """0 for Monday."""
    weekday_words: str


def find_clocks(line: str) -> list[Clock]:
    """Find the times of day in a plain text, in order."""
    return [_clock(match) for match in compiled(_CLOCK).finditer(line)]


def find_zone(line: str) -> tuple[int, int] | None:
    """Find the first name or offset of a time zone in a plain text: its start, and one past its end."""
    match = compiled(_ZONE).search(line)
    return match.span() if match else None


def join(line: str, clock: Clock | None) -> tuple[int, int] | None:
    """Find where the day stands beside the time: its start, and one past its end.

    The result is None where there is text on both sides of the time.
    """
    start, end = 0, len(line)
    if clock is not None:
        if compiled(_LEAD).fullmatch(line, 0, clock.start):
            after = compiled(_AFTER_TIME).match(line, clock.end)
            start = after.end() if after else clock.end
        elif not line[clock.end :].strip():
            before = compiled(_BEFORE_TIME).search(line, 0, clock.start)
            end = before.start() if before else clock.start
        else:
            return None
    words = line[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def match_day(words: str) -> WrittenDay | None:
    """Read words that are a day and nothing else."""
    return next((_written(match) for pattern in _WHOLE if (match := compiled(pattern).fullmatch(words))), None)


def find_day(line: str, clock: Clock | None) -> WrittenDay | None:
    """Find the only day in a text; None where there is none, or where there are figures beside it and the time."""
    if clock is not None:
        line = line[: clock.start] + " " * (clock.end - clock.start) + line[clock.end :]
    for pattern in _WITHIN:
        match = compiled(pattern).search(line)
        if match:
            beside = line[: match.start()] + line[match.end() :]
            return None if re.search("[0-9]", beside) else _written(match)
    return None


def time_before(clock: Clock | None) -> str:
    """Write a time as it stands before a day: `11:55pm on `; empty where there is none that may be used."""
    if clock is None or clock.midnight or clock.half or clock.minute >= _MINUTES or clock.hour >= _HOURS:
        return ""
    return f"{format_time(f'{clock.hour:02}:{clock.minute:02}')} on "


def _clock(match: re.Match[str]) -> Clock:
    words, start, end = match.group(), match.start(), match.end()
    if match["word"]:
        midnight = words.lower().endswith("midnight")
        return Clock(words, start, end, 0 if midnight else _NOON, 0, midnight=midnight)
    hour = int(match["hour"])
    minute = int(match["minute"] or match["minute24"] or match["dotted"] or 0)
    second = int(match["second"] or match["second24"] or 0)
    half = f"{match['half']}m".lower() if match["half"] else ""
    if half and 1 <= hour <= _NOON:
        hour, half = hour % _NOON + (_NOON if half == "pm" else 0), ""
    midnight = not half and not minute and hour in {0, _HOURS}
    return Clock(words, start, end, hour, minute, second, half, midnight)


def _written(match: re.Match[str]) -> WrittenDay:
    groups = match.groupdict()
    slashed = bool(groups.get("slash"))
    month = groups["month"]
    year = (groups["year"] or "").lstrip("'")
    short = len(year) == len("14")
    weekday = groups.get("weekday")
    return WrittenDay(
        words=groups["body"],
        day=int(groups["day"]),
        month=int(month) if month.isdigit() else _place(MONTHS, month),
        year=int(year) + (2000 if slashed and short else 0) if year else None,
        short_year=short and not slashed,
        slashed=slashed,
        weekday=_place(WEEKDAYS, weekday) - 1 if weekday else None,
        weekday_words=weekday or "",
    )


def _place(names: tuple[str, ...], start: str) -> int:
    """Give the place, counted from 1, of the name that begins with the first three letters of `start`."""
    return next(place for place, name in enumerate(names, 1) if name[:3].lower() == start[:3].lower())
