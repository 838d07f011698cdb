"""Facts in words, the same in rows, pages and feeds (GOV.UK style)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Protocol

from digest.dates.words import format_day, format_moment, iso
from digest.documents.config import Config
from digest.model import Change, Closing, Job, Kind, Pay, Term
from digest.pay.bands import PaySettings, format_estimate
from digest.pay.reading import format_pay
from digest.planning.parts import Badge, DateText, FactItem
from digest.planning.states import State

BADGES: Final[dict[State, Badge]] = {
    "draft": Badge("Draft", "draft"),
    "scheduled": Badge("Scheduled", "draft"),
    "opening soon": Badge("Opening soon", "future"),
    "open": Badge("Open", "open"),
    "open until filled": Badge("Open", "open"),
    "closing soon": Badge("Closing soon", "soon"),
    "last day": Badge("Last day", "last"),
    "closed": Badge("Closed", "closed"),
    "withdrawn": Badge("Withdrawn", "closed"),
}
"""The badge of each state that has one."""
_DATES: Final = 4096
"""Dates in words that are held: ten years of them, each asked for by many rows."""


class Named(Protocol):
    """What has an address: an entry, or its card."""

    @property
    def kind(self) -> Kind:
        """Whether it is a job, news or a page."""

    @property
    def id(self) -> str:
        """Its name in addresses."""


class Renamed(Named, Protocol):
    """What may have had other names."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its old ids and paths."""


KIND_PATHS: Final = {"job": "/jobs/", "news": "/news/", "page": "/", "edition": "/editions/"}


def path_of(entry: Named) -> str:
    """Return the site-relative path of an entry's page."""
    return f"{KIND_PATHS[entry.kind]}{entry.id}/"


def old_path(entry: Named, alias: str) -> str:
    """Return the site-relative path that an alias, an old id or an old path, stands for."""
    return alias if alias.startswith("/") else f"{KIND_PATHS[entry.kind]}{alias}/"


def first_id(entry: Renamed) -> str:
    """Return the id that an entry had first, which is in its permanent id; old paths do not count."""
    return next((alias for alias in entry.aliases if not alias.startswith("/")), entry.id)


@lru_cache(_DATES)
def day_text(day: date) -> DateText:
    """Return a day in words and as ISO 8601."""
    return date_text(format_day(day), day.isoformat())


@lru_cache(_DATES)
def date_text(text: str, iso: str) -> DateText:
    """Return a date in words and as ISO 8601; of one that many rows show there is one."""
    return DateText(text, iso)


def pay_items(job: Job, settings: PaySettings, year: int | None) -> tuple[FactItem, ...]:
    """Return every range of a job's pay; `year` is added where the pay is old.

    An estimate for the year stands in brackets after pay by the hour, week or month.
    """
    salary = job.salary
    if salary.kind != "stated":
        return (FactItem(salary.kind.capitalize(), note=_sentences(salary.basis, salary.note)),)
    last = len(salary.pay) - 1
    return tuple(
        FactItem(
            _pay_text(pay, job, settings, year),
            label=pay.label,
            note=_sentences(salary.basis if place == last else None, pay.note, salary.note if place == last else None),
        )
        for place, pay in enumerate(salary.pay)
    )


def _pay_text(pay: Pay, job: Job, settings: PaySettings, year: int | None) -> str:
    estimate = format_estimate(pay, settings, job.hours)
    text = format_pay(pay) + (f" ({estimate})" if estimate else "")
    return f"{text}, {year}" if year else text


def _sentences(*parts: str | None) -> str | None:
    """Join notes into sentences, each with a capital and a full stop."""
    said = [part[0].upper() + part[1:] for part in parts if part]
    return " ".join(part if part.endswith((".", "!", "?")) else part + "." for part in said) or None


def pay_line(job: Job, settings: PaySettings, year: int | None) -> str:
    """Return a job's pay on one line, for where a label stands before it.

    Such as `London: £49,325 to £53,081; National: £42,914 to £46,182, 2026`.
    """
    if job.salary.kind != "stated":
        return job.salary.kind.capitalize()
    pays = [(pay, _pay_text(pay, job, settings, None)) for pay in job.salary.pay]
    text = "; ".join(f"{pay.label}: {words}" if pay.label else words for pay, words in pays)
    if job.salary.basis:
        text = f"{text} ({job.salary.basis})"
    return f"{text}, {year}" if year else text


def place_line(job: Job) -> str:
    """Return a job's places on one line."""
    return ", ".join(job.location) or "Not stated"


def closing_words(closing: Closing, zone: str) -> str:
    """Return a deadline in words."""
    if closing.moment is not None:
        return format_moment(closing.moment, zone)
    return "Open until filled" if closing.kind == "open until filled" else "Not stated"


def closing_item(closing: Closing, zone: str) -> FactItem:
    """Return a deadline as a fact."""
    moment = closing.moment
    return FactItem(closing_words(closing, zone), iso=iso(moment) if moment else None, note=_sentences(closing.note))


def deadlines(changes: Sequence[Change]) -> Iterator[tuple[Change, Closing | None]]:
    """Yield changes, newest first, each with the deadline that stood before it, where it or an older one tells it."""
    for place, change in enumerate(changes):
        older = (past.closes for past in changes[place + 1 :] if past.closes is not None)
        yield change, (change.was or next(older, None)) if change.closes else None


def term_text(term: Term, vocabulary: str, config: Config) -> str:
    """Return a term in words: its label, or the source's own words, and the length of a contract."""
    choice = config.vocabularies[vocabulary].by_id.get(term.id)
    text = term.text or (choice.label if choice else term.id)
    return f"{text}, {term.length}" if term.length else text


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
