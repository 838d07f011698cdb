"""Days and times as the digest writes them, in words and in the forms of standards.

Names of months and days are ours, not the machine's, so that the words are the same everywhere.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from digest.dates.zones import zone_info
from digest.model import Moment, PartialDate

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOON: Final = 12


def format_day(day: date) -> str:
    """Write a day: `6 October 2014`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_time(time: str) -> str:
    """Write a 24-hour time `HH:MM` in words: `11:55pm`, `6pm`, `midday`, `midnight`."""
    hour, minute = int(time[:2]), int(time[3:])
    if not minute and hour % _NOON == 0:
        return "midday" if hour else "midnight"
    minutes = f":{minute:02}" if minute else ""
    return f"{hour % _NOON or _NOON}{minutes}{'am' if hour < _NOON else 'pm'}"


def format_moment(moment: Moment, home_zone: str) -> str:
    """Write a moment: `6 October 2014`, `11:55pm on 6 October 2014`.

    A moment written in another zone than `home_zone`, an IANA name, says so:
    `6pm on 23 January 2018 (Australia/Sydney time)`.
    """
    words = format_day(moment.day)
    if moment.time is not None:
        words = f"{format_time(moment.time)} on {words}"
    return words if moment.zone == home_zone else f"{words} ({moment.zone} time)"


def format_partial(partial: PartialDate) -> str:
    """Write a date as precisely as it is known: `2014`, `September 2014`, `1 September 2014`."""
    words = str(partial.year)
    if partial.month is not None:
        words = f"{MONTHS[partial.month - 1]} {words}"
    return words if partial.day is None else f"{partial.day} {words}"


def iso(moment: Moment) -> str:
    """Write a moment for `<time datetime>`: `2014-10-06`, or with a time and offset `2014-10-06T23:55:00+01:00`.

    The second form is that of RFC 3339 §5.6, whose offsets have no seconds: such an instant is given in UTC.
    """
    if moment.time is None:
        return moment.day.isoformat()
    local = moment.starts.astimezone(zone_info(moment.zone))
    offset = local.utcoffset()
    whole_minutes = offset is not None and offset.seconds % 60 == 0
    return (local if whole_minutes else moment.starts).isoformat()


@lru_cache(maxsize=8192)
def utc(instant: datetime) -> str:
    """Write an instant in UTC, to the second, as RFC 3339 §5.6 does: `2014-10-06T22:55:00Z`."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def iso_partial(partial: PartialDate) -> str:
    """Write a partial date for `<time datetime>`: `2014`, `2014-09`, `2014-09-01`."""
    parts = [f"{partial.year:04}"]
    if partial.month is not None:
        parts.append(f"{partial.month:02}")
        if partial.day is not None:
            parts.append(f"{partial.day:02}")
    return "-".join(parts)


def rfc822(instant: datetime) -> str:
    """Write an instant for RSS: `Mon, 06 Oct 2014 22:55:00 +0000` (RFC 822 §5.1 with the year of RFC 2822 §3.3).

    Raises:
        ValueError: the instant has no offset.

    """
    if instant.utcoffset() is None:
        message = "an instant has an offset"
        raise ValueError(message)
    return (
        f"{WEEKDAYS[instant.weekday()][:3]}, {instant.day:02} {MONTHS[instant.month - 1][:3]} {instant.year:04} "
        f"{instant:%H:%M:%S %z}"
    )
