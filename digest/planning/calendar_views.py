"""Calendars of closing dates: which jobs are in each, and what an event says.

An event is made of its entry alone, and which events a calendar holds does not follow from the clock, so that a
subscriber's copy keeps what has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from digest.dates.words import format_day
from digest.model import Job, Moment
from digest.planning.catalogue import Carried
from digest.planning.context import CALENDAR, ViewContext
from digest.planning.program_views import Calendar, CalendarEvent
from digest.planning.records import Shown, Subject
from digest.planning.states import HIDDEN, changed, day_start
from digest.planning.words import closing_words, first_id, path_of, place_line


class Event(Struct, frozen=True):
    """A closing date, as a value; texts are plain."""

    uid: str
    """Its id for good: it follows from `authority` and the entry's first id, and not from any address."""
    created: datetime
    """UTC, as all instants here."""
    stamp: datetime
    """The instant of its newest change, or of its publication."""
    sequence: int
    """How often its deadline was changed; once more when it was called off."""
    moment: Moment
    summary: str
    description: str
    location: str
    """Empty where no place is stated."""
    categories: tuple[str, ...]
    cancelled: bool


def event_of(subject: Subject, *, withdrawn: bool) -> Event | None:
    """Return the closing date of an entry, or None where it has none; `withdrawn` says that it is no longer carried."""
    job, card, config, labels = subject
    if not isinstance(job, Job) or job.closes.moment is None:
        return None
    zone, outcome = config.timezone, job.outcome
    ended = outcome if outcome and outcome.date and outcome.date < job.closes.moment.day else None
    called_off = job.withdrawn.date if withdrawn and job.withdrawn else ended.date if ended else None
    word = "Withdrawn" if withdrawn else ended.result.capitalize() if ended else "Closes"
    days = [day for day in (changed(job), called_off) if day and day > job.published.day]
    names = [job.title] if withdrawn else [job.title, *job.organisations]
    return Event(
        uid=f"job-{first_id(job)}-{job.published.day.year}@{config.authority}",
        created=job.published.starts,
        stamp=max([job.published.starts, *(day_start(day, zone) for day in days)]),
        sequence=len([change for change in job.changes if change.closes]) + (called_off is not None),
        moment=job.closes.moment,
        summary=f"{word}: {', '.join(names)}",
        description="\n".join(_notice(job) if withdrawn else _facts(subject, job, ended.date if ended else None)),
        location=place_line(job) if job.location and not withdrawn else "",
        categories=() if withdrawn else tuple(label for _, label in labels.of(card, "tags")),
        cancelled=called_off is not None,
    )


def _notice(job: Job) -> Iterator[str]:
    if job.withdrawn:
        yield f"Withdrawn on {format_day(job.withdrawn.date)}."
        yield job.withdrawn.reason


def _facts(subject: Subject, job: Job, ended: date | None) -> Iterator[str]:
    zone = subject.config.timezone
    yield f"Organisation: {', '.join(job.organisations)}"
    yield f"Pay: {subject.card.job.details.pay if subject.card.job else ''}"
    yield f"Place: {place_line(job)}"
    yield f"Closes: {closing_words(job.closes, zone)}"
    if job.closes.note:
        yield job.closes.note
    moved = next((change for change in job.changes if change.closes), None)
    if moved:
        yield f"Deadline changed on {format_day(moved.date)}: {moved.note}"
    if ended and job.outcome:
        yield f"{job.outcome.result.capitalize()} on {format_day(ended)}."


# --- files ---------------------------------------------------------------------------------------------------


class PlannedCalendar(NamedTuple):
    """A calendar that is to be made."""

    path: str
    """Site-relative path of the page that it belongs to."""
    title: str
    label: str
    """What it is of, where that of all jobs stands beside it."""
    about: str
    shown: tuple[Shown, ...]
    """Its jobs."""

    def mark(self) -> bytes:
        """Return bytes that are equal only for calendars with the same events."""
        return b"".join(shown.mark() for shown in self.shown)


class _Dated(NamedTuple):
    """A job with a date, as calendars choose among them."""

    ends: float
    """Seconds since 1970: when its deadline has passed."""
    shown: Shown
    is_open: bool


class CalendarViews:
    """Makes calendars."""

    def __init__(self, context: ViewContext) -> None:
        """Take the site's frame and its catalogue."""
        self.context = context
        self.catalogue = context.catalogue

    @cached_property
    def planned(self) -> tuple[PlannedCalendar, ...]:
        """Every calendar of more than one job, if they are switched on: first that of all."""
        return tuple(self._all())

    def _all(self) -> Iterator[PlannedCalendar]:
        config, catalogue = self.context.config, self.catalogue
        if not config.outputs.calendars:
            return
        carried = {
            item.card.id: _Dated(item.card.job.ends, self.context.shown(item.card), item.is_open)
            for item in catalogue.carried
            if item.card.job and item.card.job.ends is not None and item.state not in HIDDEN
        }
        withdrawn = [
            _Dated(card.job.ends, self.context.shown(card, withdrawn=True), is_open=False)
            for card in catalogue.withdrawn
            if card.job and card.job.ends is not None
        ]
        name = f"{config.title}: closing dates"
        about = "Closing dates of public-sector digital jobs."
        yield self._calendar(("/jobs/", name, "All jobs", about), [*carried.values(), *withdrawn])
        for terms in catalogue.terms.values():
            for found in terms if terms and terms[0].facet.calendars else ():
                members = [carried[item.card.id] for item in found.members if item.card.id in carried]
                members += [job for job in withdrawn if found.term.id in job.shown.card.terms_of(found.facet.name)]
                about = f"Closing dates. {found.about}"
                yield self._calendar((found.path, f"{name}, {found.title}", found.title, about), members)

    def _calendar(self, named: tuple[str, str, str, str], dated: list[_Dated]) -> PlannedCalendar:
        """Plan a calendar of those of `dated` that close last, and of all that are open however many they are."""
        most = self.context.config.lists.calendar_events
        if len(dated) > most:
            last_first = sorted(dated, key=itemgetter(0), reverse=True)
            dated = [job for place, job in enumerate(last_first) if place < most or job.is_open]
        return PlannedCalendar(*named, tuple(job.shown for job in dated))

    def view(self, planned: PlannedCalendar) -> Calendar:
        """Return a calendar's view."""
        return Calendar(
            producer=self.context.config.authority,
            events=tuple(self._events(planned.shown)),
            name=planned.title,
            about=planned.about,
            page=self.context.permalink(planned.path),
            address=self.context.permalink(planned.path + CALENDAR),
        )

    def of_job(self, item: Carried) -> Calendar | None:
        """Return the calendar with the one event of a job, while it is open and has a date."""
        if not self.context.in_calendar(item):
            return None
        return Calendar(self.context.config.authority, tuple(self._events([self.context.shown(item.card)])))

    def _events(self, shown: Iterable[Shown]) -> Iterator[CalendarEvent]:
        for one in shown:
            event = self.context.entries.records(one.card).at(withdrawn=one.withdrawn).event
            if event is not None:
                yield CalendarEvent(self.context.permalink(path_of(one.card)), event.description, event.lines)
