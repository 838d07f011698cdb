"""What the edits and clocks of `blast_cases` move of the files for programs: calendars of closing dates and open data.

A case that is not named here moves none of them: words of a body, rows and feeds are in no such file.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CALENDARS: Final = """
/jobs/{,designer/,engineer/,registrar/}closing.ics /tags/{data,design,leadership}/closing.ics
/salary/{under-40000,40000-to-59999,60000-and-over,day-rates,not-stated,other-currencies,unpaid}/closing.ics
"""
"""Those of lists, and of the open jobs that have a date."""
JOBS: Final = "/data/{jobs.json,jobs.csv}"
OTHERS: Final = "/data/{news.json,jobs.schema.json,news.schema.json,jobs.csv-metadata.json}"
PROGRAMS: Final = f"{CALENDARS} {JOBS} {OTHERS}"
"""All of them; the page that describes the data is among the pages."""
DESIGN: Final = f"/{{jobs,salary/40000-to-59999,tags/design}}/closing.ics {JOBS}"
"""Those with the designer, but for its own calendar."""
DESIGNER: Final = f"{DESIGN} /jobs/designer/closing.ics"


class Moved(NamedTuple):
    """What a case moves."""

    changed: str = ""
    new: str = ""
    gone: str = ""


EDITS: Final = {
    "title": Moved(f"/{{jobs,jobs/engineer,salary/60000-and-over,tags/data}}/closing.ics {JOBS}"),
    "summary": Moved(JOBS),
    "tag": Moved(f"{DESIGNER} /tags/leadership/closing.ics"),
    "salary": Moved(f"{DESIGNER} /salary/60000-and-over/closing.ics"),
    "pay": Moved(f"/{{jobs,salary/60000-and-over,tags/data}}/closing.ics {JOBS}"),
    "day-rate": Moved(JOBS),
    "grade": Moved(JOBS),
    "deadline": Moved(DESIGNER),
    "published": Moved(DESIGNER),
    "rename": Moved(f"/{{jobs,salary/60000-and-over,tags/data}}/closing.ics {JOBS}"),
    "deletion": Moved(f"/{{jobs,salary/under-40000,tags/data}}/closing.ics {JOBS}"),
    "new-entry": Moved(DESIGN, new="/jobs/writer/closing.ics"),
    "organisation": Moved(DESIGNER),
    "published-draft": Moved(DESIGN, new="/jobs/surveyor/closing.ics"),
    "withdrawn": Moved(f"{DESIGN} /_redirects", gone="/jobs/designer/closing.ics"),
    "tag-label": Moved(
        f"/{{jobs,jobs/registrar,salary/under-40000,salary/60000-and-over,tags/leadership}}/closing.ics {JOBS}"
    ),
    "band": Moved(
        JOBS,
        new="/salary/{40000-to-62999,63000-and-over}/closing.ics",
        gone="/salary/{40000-to-59999,60000-and-over}/closing.ics",
    ),
    "address": Moved(PROGRAMS),
}
"""By the name of the edit."""
CLOCKS: Final = {
    "deadline": Moved(gone="/jobs/engineer/closing.ics"),
    "scheduled": Moved(DESIGN, new="/jobs/tester/closing.ics"),
}
"""By the name of the clock: when a job closes its own calendar goes, and no other file knows."""
