"""The state of an entry as one pure function of (entry, now), and the instants at which it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, TypeVar

from digest.dates.zones import day_bounds, zone_info
from digest.documents.config import Times
from digest.model import Entry, Job, Page, Statement

State = Literal[
    "draft",
    "scheduled",
    "published",
    "opening soon",
    "open",
    "open until filled",
    "closing soon",
    "last day",
    "closed",
    "withdrawn",
    "review due",
]
OPEN: Final[frozenset[State]] = frozenset({"opening soon", "open", "open until filled", "closing soon", "last day"})
"""States in which a job is listed among the open ones."""
HIDDEN: Final[frozenset[State]] = frozenset({"draft", "scheduled"})
"""States in which an entry is not published."""
EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
EPOCH: Final = datetime.fromtimestamp(0, UTC)

Instant = TypeVar("Instant", datetime, float)
Timeline = tuple[tuple[datetime, State], ...]
"""The states of an entry in order, each with the UTC instant, inclusive, from which it holds; the first is
`EARLIEST`."""


def day_start(day: date, zone: str) -> datetime:
    """Return the first instant (UTC) of a local day."""
    return day_bounds(day, zone)[0]


def timeline(entry: Entry, times: Times, zone: str) -> Timeline:
    """Return all states that `entry` passes through by itself.

    Days begin at local midnight in `zone`, and so do "closing soon", "last day", an outcome and a withdrawal.
    A draft stays one.
    """
    if entry.draft:
        return ((EARLIEST, "draft"),)
    marks: list[tuple[datetime, State]] = [(entry.published.starts, "published")]
    if isinstance(entry, Job):
        marks = _job_marks(entry, times, zone)
    if isinstance(entry, Page) and entry.statement is not None:
        late = day_start(review_due(entry.statement) + timedelta(days=1), zone)
        marks.append((max(late, entry.published.starts), "review due"))
    if entry.withdrawn is not None:
        marks.append((max(day_start(entry.withdrawn.date, zone), entry.published.starts), "withdrawn"))
    points: list[tuple[datetime, State]] = [(EARLIEST, "scheduled")]
    for instant in sorted({instant for instant, _ in marks}):
        state = [state for start, state in marks if start <= instant][-1]
        if state != points[-1][1]:
            points.append((instant, state))
    return tuple(points)


def state_at(states: Sequence[tuple[Instant, State]], now: Instant) -> State:
    """Return the state at `now`; instants may be numbers instead, such as seconds since 1970."""
    for instant, state in reversed(states):
        if instant <= now:
            return state
    message = "states begin at the earliest instant"
    raise ValueError(message)


def next_change(states: Sequence[tuple[Instant, State]], now: Instant) -> Instant | None:
    """Return the first instant after `now` at which the state changes, or None if it never does."""
    for instant, _ in states:
        if instant > now:
            return instant
    return None


def closing_instant(job: Job, times: Times, zone: str) -> datetime:
    """Return the UTC instant, exclusive, until which a job is taken as open.

    A job that is open until filled ends with its outcome, or `open_until_filled_days` after its newest change; one
    whose deadline is not stated ends `not_stated_days` after it was published.  Both are assumptions that the page
    states.
    """
    if job.closes.moment is not None:
        ends = job.closes.moment.ends
    elif job.closes.kind == "open until filled":
        newest = max([job.published.day, *(change.date for change in job.changes)])
        ends = day_start(newest + timedelta(days=times.open_until_filled_days), zone)
    else:
        ends = day_start(job.published.day + timedelta(days=times.not_stated_days), zone)
    if job.outcome is not None and job.outcome.date is not None:
        return min(ends, day_start(job.outcome.date, zone))
    return ends


def review_due(statement: Statement) -> date:
    """Return the last day, inclusive, on which an accessibility statement's review is not older than 12 months."""
    reviewed = statement.reviewed
    leap = (reviewed.month, reviewed.day) == (2, 29)
    return date(reviewed.year + 1, 2, 28) if leap else reviewed.replace(year=reviewed.year + 1)


def _job_marks(job: Job, times: Times, zone: str) -> list[tuple[datetime, State]]:
    """Return when each state may begin, in order of strength: where several have begun, the last one holds."""
    published = job.published.starts
    closes = closing_instant(job, times, zone)
    marks: list[tuple[datetime, State]] = [(published, "opening soon")]
    if job.opens.moment is not None:
        opens = max(published, job.opens.moment.starts)
        plain: State = "open until filled" if job.closes.kind == "open until filled" else "open"
        marks.append((opens, plain))
        if job.closes.moment is not None:
            last = last_day(job, zone)
            soon = day_start(last - timedelta(days=times.closing_soon_days), zone)
            marks += [(max(soon, opens), "closing soon"), (max(day_start(last, zone), opens), "last day")]
    marks.append((max(closes, published), "closed"))
    return marks


def last_day(job: Job, zone: str) -> date:
    """Return the last local day, in the site's `zone`, on which a dated job can be applied for."""
    moment = job.closes.moment
    if moment is None:
        message = "a job without a deadline has no last day"
        raise ValueError(message)
    if moment.zone == zone:
        return moment.day
    return local_day(moment.ends - timedelta(microseconds=1), zone)


def local_day(instant: datetime, zone: str) -> date:
    """Return the local day of a UTC instant in `zone`."""
    return instant.astimezone(zone_info(zone)).date()


def changed(entry: Entry) -> date:
    """Return the day of an entry's newest noted change, or of its publication."""
    return (
        max([entry.published.day, *(change.date for change in entry.changes)]) if entry.changes else entry.published.day
    )
