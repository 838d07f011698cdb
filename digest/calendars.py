"""Calendars as bytes: iCalendar (RFC 5545) with the properties of calendars of RFC 7986.

No `METHOD` is given, for nobody is invited, and no alarm, for that is for the subscriber to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from digest.dates.words import utc
from digest.planning.calendar_views import Event
from digest.planning.program_views import Calendar
from digest.planning.records import EventRecord

LONGEST: Final = 75
"""Most octets of a line, without its end (RFC 5545 §3.1)."""
LENGTH: Final = timedelta(minutes=1)
"""How long an event with a time lasts.  A deadline is a point; but programs that find no end give an event an hour, or
the whole day, or do not show it, and an end that is no later than the start is not allowed (RFC 5545 §3.8.2.2)."""
REFRESH: Final = "PT12H"
"""How often a subscriber should look again."""
_WITHIN: Final = range(0x80, 0xC0)
"""Octets of UTF-8 that continue a character."""
_DAY: Final = timedelta(days=1)
_NOT_ALLOWED: Final = {code: None for code in (*range(0x20), 0x7F) if chr(code) != "\t"}
_ESCAPES: Final = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))
"""In the order in which they are written."""


def escaped(text: str) -> str:
    """Return a value of the type TEXT (RFC 5545 §3.3.11); control characters, which none may hold, are left out."""
    for char, written in _ESCAPES:
        text = text.replace(char, written)
    return text if text.isprintable() else text.translate(_NOT_ALLOWED)


def folded(line: str) -> bytes:
    """Return a content line with its CRLF, folded (RFC 5545 §3.1) between characters and not within one."""
    data = line.encode()
    if len(data) <= LONGEST:
        return data + b"\r\n"
    pieces: list[bytes] = []
    start, room = 0, LONGEST
    while start < len(data):
        end = start + room
        while end < len(data) and data[end] in _WITHIN:
            end -= 1
        pieces.append(data[start:end])
        start, room = end, LONGEST - 1  # the space in front of a further line counts
    return b"\r\n ".join(pieces) + b"\r\n"


def event_record(event: Event) -> EventRecord:
    """Return an event's record."""
    return EventRecord(b"".join(map(folded, _lines(event))), escaped(event.description))


def _lines(event: Event) -> Iterator[str]:
    stamp = _instant(event.stamp)
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"CREATED:{_instant(event.created)}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"SEQUENCE:{event.sequence}"
    if event.moment.time is None:
        yield f"DTSTART;VALUE=DATE:{_date(event.moment.day)}"
        yield f"DTEND;VALUE=DATE:{_date(event.moment.day + _DAY)}"
    else:
        yield f"DTSTART:{_instant(event.moment.ends)}"
        yield f"DTEND:{_instant(event.moment.ends + LENGTH)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escaped, event.categories))}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _instant(moment: datetime) -> str:
    return utc(moment).replace("-", "").replace(":", "")


def calendar(view: Calendar) -> bytes:
    """Write a calendar."""
    pieces = [*map(folded, _head(view))]
    if not view.events:
        pieces += map(folded, _NOTHING)
    for event in view.events:
        description = folded(f"DESCRIPTION:{event.description}\\n\\n{escaped(event.address)}")
        pieces += [b"BEGIN:VEVENT\r\n", event.lines, description, folded(f"URL:{event.address}"), b"END:VEVENT\r\n"]
    return b"".join([*pieces, b"END:VCALENDAR\r\n"])


_NOTHING: Final = (
    *("BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000"),
    *("TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
"""What stands in a calendar without events: it must have a component (RFC 5545 §3.6), and this one shows nothing."""


def _head(view: Calendar) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{escaped(view.producer)}//careers-digest//EN"
    yield "CALSCALE:GREGORIAN"
    if view.name is None:
        return
    for new, old, text in (("NAME", "X-WR-CALNAME", view.name), ("DESCRIPTION", "X-WR-CALDESC", view.about or "")):
        yield f"{new}:{escaped(text)}"
        yield f"{old}:{escaped(text)}"
    yield f"URL:{view.page}"
    yield f"SOURCE;VALUE=URI:{view.address}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
