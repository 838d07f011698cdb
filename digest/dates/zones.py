"""Local days and times as instants.

Everything is worked out from the IANA time zone database; no clock and no setting of the machine is read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Instant(Struct, frozen=True, gc=False):
    """A local time, with the instant it stands for."""

    utc: datetime
    """In UTC.  The first of the two where the local time comes twice."""
    skipped_to: datetime | None
    """Set where the local time does not exist: the local time that far after the gap, without its zone."""
    twice: bool
    """The local time comes twice, because clocks go back."""


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """Give a time zone by its IANA name.

    Raises:
        ZoneInfoNotFoundError: there is none of that name; `dates.read_zone` tells.

    """
    return ZoneInfo(zone)


@lru_cache(maxsize=8192)
def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Give the first instant of a local day, inclusive, and that of the next, exclusive, in UTC.

    They are equal for a day that the zone skipped, as Pacific/Apia did 30 December 2011.
    """
    return _first_instant(day, zone), _first_instant(day + _DAY, zone)


@lru_cache(maxsize=8192)
def instant(day: date, hour: int, minute: int, zone: str) -> Instant:
    """Give the instant of a local time; a time that comes twice is the first of the two."""
    info = zone_info(zone)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=info)
    utc = local.astimezone(UTC)
    back = utc.astimezone(info)
    if back != local:  # in the same zone, which compares what the clocks show
        return Instant(utc, back.replace(tzinfo=None, fold=0), twice=False)
    return Instant(utc, None, twice=local.utcoffset() != local.replace(fold=1).utcoffset())


@lru_cache(maxsize=8192)
def _first_instant(day: date, zone: str) -> datetime:
    """Give the earliest instant whose local day is `day` or later: midnight, or the end of a gap over it."""
    info = zone_info(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=info)
    late = midnight.astimezone(UTC)
    if late.astimezone(info) == midnight:  # in the same zone, which compares what the clocks show
        return late
    early = midnight.replace(fold=1).astimezone(UTC) - _SECOND
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(info).date() < day:
            early = middle
        else:
            late = middle
    return late
