"""Values of fields of the open data that take more than a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from digest.dates.words import utc
from digest.model import NOT_STATED, Job, Moment, Pay, Term
from digest.pay.bands import annual
from digest.planning.data_fields import number
from digest.planning.records import Subject
from digest.planning.words import term_text


def day(moment: Moment | None) -> str | None:
    """Write the local day of a moment: `2014-10-06`."""
    return moment.day.isoformat() if moment else None


def open_until(subject: Subject) -> str:
    """Return the instant, exclusive, until which a job is taken as open."""
    job: Any = subject.card.job
    return utc(datetime.fromtimestamp(job.ended, UTC))


def opens_at(subject: Subject) -> str | None:
    """Return the instant from which one can apply, or None where the source gives none."""
    job: Any = subject.entry
    return utc(max(job.opens.moment.starts, job.published.starts)) if job.opens.moment else None


def apply(job: Job) -> str | None:
    """Return where to apply, if that is known."""
    return None if job.apply == NOT_STATED else job.apply


# --- vocabularies --------------------------------------------------------------------------------------------


def term_id(name: str) -> Callable[[Subject], str | None]:
    """Return what gives the id of a term."""

    def id_(subject: Subject) -> str | None:
        term: Term | None = getattr(subject.entry, name)
        return term.id if term else None

    return id_


def term_words(name: str, vocabulary: str) -> Callable[[Subject], str | None]:
    """Return what gives a term in words."""

    def words(subject: Subject) -> str | None:
        term: Term | None = getattr(subject.entry, name)
        return term_text(term, vocabulary, subject.config) if term else None

    return words


def label(name: str, vocabulary: str) -> Callable[[Subject], str | None]:
    """Return what gives the label of a field that holds an id of a vocabulary."""

    def words(subject: Subject) -> str | None:
        id_: str | None = getattr(subject.entry, name)
        return subject.config.vocabularies[vocabulary].by_id[id_].label if id_ else None

    return words


def patterns(subject: Subject) -> tuple[str, ...]:
    """Return the working patterns in words."""
    job: Any = subject.entry
    return tuple(term_text(term, "patterns", subject.config) for term in job.pattern)


def tag_labels(subject: Subject) -> tuple[str, ...]:
    """Return the labels of an entry's tags."""
    return tuple(text for _, text in subject.labels.of(subject.card, "tags"))


# --- pay -----------------------------------------------------------------------------------------------------


class Range(Struct, frozen=True):
    """A range of pay, brought to a year."""

    pay: Pay
    least: Decimal | None
    """None where it is not brought to a year, or has no such end."""
    most: Decimal | None

    @property
    def ends(self) -> list[Decimal]:
        """The ends for a year that are known."""
        return [end for end in (self.least, self.most) if end is not None]


def ranges(subject: Subject) -> tuple[Range, ...]:
    """Return all ranges of a job's pay."""
    job: Any = subject.entry
    bounds = [annual(pay, subject.config.pay, job.hours) or (None, None) for pay in job.salary.pay]
    return tuple(Range(pay, *ends) for pay, ends in zip(job.salary.pay, bounds, strict=True))


def several(subject: Subject) -> tuple[Range, ...]:
    """Return the ranges of a job's pay, where there are several."""
    job: Any = subject.entry
    return ranges(subject) if len(job.salary.pay) > 1 else ()


def shared(name: str) -> Callable[[Subject], Any]:
    """Return what gives a fact of pay in which all ranges agree."""

    def value(subject: Subject) -> Any:
        job: Any = subject.entry
        found = {getattr(pay, name) for pay in job.salary.pay}
        return found.pop() if len(found) == 1 else None

    return value


_currency, _period = shared("currency"), shared("period")


def approximate(subject: Subject) -> bool | None:
    """Tell whether any of the pay is approximate; None where none is stated."""
    job: Any = subject.entry
    return any(pay.approximate for pay in job.salary.pay) if job.salary.pay else None


def printed(end: Callable[[Pay], Decimal | None], best: Callable[..., Decimal]) -> Callable[[Subject], Any]:
    """Return what gives one end of all ranges as printed, where all are in one currency and for one period."""

    def value(subject: Subject) -> Any:
        job: Any = subject.entry
        if _currency(subject) is None or _period(subject) is None:
            return None
        return _end([end(pay) for pay in job.salary.pay], best)

    return value


def for_a_year(end: Callable[[Range], Decimal | None], best: Callable[..., Decimal]) -> Callable[[Subject], Any]:
    """Return what gives one end, for a year, of all ranges that can be brought to one."""

    def value(subject: Subject) -> Any:
        return _end([end(found) for found in ranges(subject) if found.ends], best)

    return value


def _end(ends: list[Decimal | None], best: Callable[..., Decimal]) -> Any:
    """Return the outermost of ends; None where one is not known, for that may lie further out."""
    sure = [end for end in ends if end is not None]
    return number(best(sure)) if sure and len(sure) == len(ends) else None


def estimated(subject: Subject) -> bool | None:
    """Tell whether the pay for a year is an estimate; None where there is none."""
    found = [one.pay for one in ranges(subject) if one.ends]
    return any(pay.period != "year" for pay in found) if found else None
