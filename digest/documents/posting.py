"""What search engines need to know of a job before they show it, and whether an entry says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from digest.diagnostics import Finding, rule
from digest.model import NOT_STATED, Job

_TYPES: Final = {
    "full-time": "FULL_TIME",
    "part-time": "PART_TIME",
    "job-share": "PART_TIME",
    "term-time": "PART_TIME",
    "contractor": "CONTRACTOR",
    "fixed-term": "TEMPORARY",
    "temporary": "TEMPORARY",
    "loan": "TEMPORARY",
    "secondment": "TEMPORARY",
    "apprenticeship": "INTERN",
}
"""The types of employment that Google knows, by the ids of working patterns and contracts."""
_WAYS: Final = {"Hybrid"}
"""What may be said of a place, and is none."""


def employment_types(job: Job) -> list[str]:
    """Return the types of employment of a job, in the order of its working patterns, then of its contract."""
    terms = [*job.pattern, *([job.contract] if job.contract else [])]
    return list(dict.fromkeys(_TYPES[term.id] for term in terms if term.id in _TYPES))


def missing_for_search(job: Job) -> list[str]:
    """Return the fields that a job lacks for its full vacancy to be given to search engines."""
    lacking = {
        "closes": job.closes.moment is None,
        "salary": job.salary.kind != "stated",
        "location": not set(job.location) - _WAYS,
        "pattern": not employment_types(job),
        "apply": job.apply in {None, NOT_STATED},
    }
    return [field for field, lacks in lacking.items() if lacks]


_WORDS: Final = {
    "closes": "say when applications end",
    "salary": "say what it pays",
    "location": "name a place, or write  remote",
    "pattern": "say whether it is full-time or part-time",
    "apply": "give the address where to apply",
}


@rule("structured-data", "warning")
def structured_data(job: Job) -> Iterator[Finding]:
    """A job with `structured_data: true` says all that search engines ask of a vacancy.

    They show a job by itself only where they are told its text, dates, employer, place, pay and type of employment,
    and they punish pages that tell half of it. While a field is missing, they are told nothing.

    Mend: add the fields that are named, or delete `structured_data`.
    """
    if job.structured_data:
        for field in missing_for_search(job):
            yield Finding(f'search engines are told nothing of this job, for it lacks "{field}"', _WORDS[field])
