"""The rules that one entry is checked by after its fields have been read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from digest.dates.weeks import read_week
from digest.dates.words import format_day, format_moment
from digest.diagnostics import Finding, rule
from digest.model import Closing, Entry, Job
from digest.text.reader_rules import id_form

TITLE_LENGTH: Final = 65
SUMMARY_LENGTH: Final = 160
FIRST_YEAR: Final = 1990
LONGEST_WINDOW: Final = timedelta(days=366)


@rule("file-name")
def file_name(stem: str) -> Iterator[Finding]:
    """A file's name is lower-case letters, digits and single hyphens, then `.md`.

    It becomes the page's address for ever, so it is kept easy to read out and to type.

    Wrong: `Chief_Digital_Officer.md`

    Right: `chief-digital-officer.md`
    """
    for finding in id_form(stem):
        mended = (finding.hint or "").removeprefix("write  ")
        yield Finding(f'the file\'s name, "{stem}.md", cannot be an address', f"rename the file to  {mended}.md")


@rule("edition-week")
def edition_week(stem: str) -> Iterator[Finding]:
    """The introduction of an edition is named after its week, as ISO 8601 counts them, then `.md`.

    The name says which edition it opens. Weeks begin on Monday; most years have 52, some 53, and the first days of
    January may belong to the last week of the year before.

    Wrong: `content/editions/week-41.md`

    Right: `content/editions/2026-W41.md`
    """
    if read_week(stem) is not None:
        return
    found = re.search(r"(\d{4})\D*(\d{1,2})$", stem)
    meant = f"{found[1]}-W{int(found[2]):02}" if found else ""
    if read_week(meant) is not None:
        hint = f"rename the file to  {meant}.md"
    elif found and meant == stem and read_week(f"{found[1]}-W01") is not None:
        last = 53 if read_week(f"{found[1]}-W53") else 52
        hint = f"the weeks of {found[1]} are W01 to W{last}"
    else:
        hint = "name the file after the year and the week, such as  2026-W41.md"
    yield Finding(f'the file\'s name, "{stem}.md", is not a week', hint)


@rule("title-length", "warning")
def title_length(entry: Entry) -> Iterator[Finding]:
    """A title has at most 65 characters.

    Longer ones are cut in search results, calendars and email subjects.

    Mend: drop the organisation's name, which stands beside the title everywhere.
    """
    if len(entry.title) > TITLE_LENGTH:
        yield Finding(f"the title has {len(entry.title)} characters", f"keep it to {TITLE_LENGTH}")


@rule("summary-length", "warning")
def summary_length(entry: Entry) -> Iterator[Finding]:
    """A summary has at most 160 characters.

    It stands in lists, feeds and search results, where more is cut.

    Mend: keep what a reader needs to decide whether to open the page.
    """
    if len(entry.summary) > SUMMARY_LENGTH:
        yield Finding(f"the summary has {len(entry.summary)} characters", f"keep it to {SUMMARY_LENGTH}")


@rule("published-implausible")
def published_implausible(entry: Entry) -> Iterator[Finding]:
    """An entry is published in 1990 or later.

    An earlier year is a slip of the finger, and would sort the entry behind everything.

    Wrong: `published: 1914-09-01`

    Right: `published: 2014-09-01`
    """
    if entry.published.day.year < FIRST_YEAR:
        yield Finding(f"the year {entry.published.day.year} is before {FIRST_YEAR}", "check the year")


@rule("withdrawn-early")
def withdrawn_early(entry: Entry) -> Iterator[Finding]:
    """An entry is withdrawn after it was published.

    Mend: check both dates; an entry that never was published is a `draft`.
    """
    if entry.withdrawn is not None and entry.withdrawn.date < entry.published.day:
        published = format_day(entry.published.day)
        yield Finding(
            f"withdrawn on {format_day(entry.withdrawn.date)}, before it was published on {published}",
            "check both dates",
        )


@rule("change-early")
def change_early(entry: Entry) -> Iterator[Finding]:
    """A change is noted on or after the day of publication.

    Mend: check the year of the change.
    """
    for change in entry.changes:
        if change.date < entry.published.day:
            published = format_day(entry.published.day)
            message = f"the change of {format_day(change.date)} is before publication on {published}"
            yield Finding(message, "check the year of the change")


@rule("alias-self")
def alias_self(entry: Entry) -> Iterator[Finding]:
    """An alias is another id than the entry's own.

    A page that leads to itself would never arrive.

    Mend: delete the alias.
    """
    if entry.id in entry.aliases:
        place = entry.aliases.index(entry.id)
        yield Finding(f'"{entry.id}" is the entry\'s own id', "delete the alias", item=place)


@rule("alias-form")
def alias_form(entry: Entry) -> Iterator[Finding]:
    """An alias is an old id, or an old path of this site with a slash at both ends.

    Wrong: `aliases: [https://digest.example/jobs/old/]`

    Right: `aliases: [/jobs/old/]`
    """
    for place, alias in enumerate(entry.aliases):
        if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|/(?:(?!\.\.?/)[\w.-]+/)+", alias) is None:
            message = f'"{alias}" is neither an id nor a path of this site'
            yield Finding(message, "write  old-id  or  /jobs/old-id/", item=place)


@rule("related-self")
def related_self(entry: Entry) -> Iterator[Finding]:
    """A related entry is another entry.

    Mend: delete the id.
    """
    if entry.id in entry.related:
        place = entry.related.index(entry.id)
        yield Finding(f'"{entry.id}" is the entry itself', "delete it from the list", item=place)


@rule("closes-early")
def closes_early(job: Job) -> Iterator[Finding]:
    """A job closes on or after the day it opens or is published.

    The usual cause is last year's date.

    Wrong: `closes: 6 October 2013` under `published: 2014-09-01`

    Right: `closes: 6 October 2014`
    """
    moment = job.closes.moment
    if moment is None:
        return
    if moment.day < job.published.day:
        year = job.published.day.year
        later = (
            year if (moment.day.month, moment.day.day) >= (job.published.day.month, job.published.day.day) else year + 1
        )
        hint = f"check the year; perhaps it is {later}"
        yield Finding(f"the job closes before it is published on {format_day(job.published.day)}", hint)
    elif job.opens.moment is not None and moment.ends <= job.opens.moment.starts:
        yield Finding("the job closes before it opens", "check both dates")


@rule("closes-late", "warning")
def closes_late(job: Job) -> Iterator[Finding]:
    """A job closes within a year of its publication.

    A later date is usually a slip in the year, and would keep the job open for all that time.

    Mend: check the year; a standing offer is `open until filled`.
    """
    moment = job.closes.moment
    plausible = job.published.day.year >= FIRST_YEAR  # else that rule has said enough
    if moment is not None and plausible and moment.day - job.published.day > LONGEST_WINDOW:
        yield Finding(f"the job closes more than a year after {format_day(job.published.day)}", "check the year")


@rule("closes-unlike-change")
def closes_unlike_change(job: Job) -> Iterator[Finding]:
    """The deadline is the one that the newest change set.

    The page shows both, and subscribers were told the one in the change.

    Mend: write the newest deadline into `closes`, or note the change that set it.
    """
    moved = [change for change in job.changes if change.closes is not None]
    last = [change for change in moved if change.date == moved[0].date]
    if not moved or any(change.closes and _instant(change.closes) == _instant(job.closes) for change in last):
        return
    newest = moved[0]
    if newest.closes is None:
        return
    moment = newest.closes.moment
    told = format_moment(moment, moment.zone) if moment else newest.closes.kind
    yield Finding(
        f"the change of {format_day(newest.date)} set another deadline, {told}",
        f"write  closes: {told}  or note the change that moved it since",
    )


def _instant(closing: Closing) -> object:
    return closing.moment.ends if closing.moment else closing.kind


@rule("opens-late", "warning")
def opens_late(job: Job) -> Iterator[Finding]:
    """A job opens within a year of its publication.

    Mend: check the year.
    """
    moment = job.opens.moment
    if moment is not None and moment.day - job.published.day > LONGEST_WINDOW:
        yield Finding(f"the job opens more than a year after {format_day(job.published.day)}", "check the year")


@rule("hours-unused", "warning")
def hours_unused(job: Job) -> Iterator[Finding]:
    """Hours a week are more than zero when pay is by the hour; with other pay they are shown and nothing else.

    They annualise hourly pay, so a part-time week makes the estimate smaller: 18.5 hours are half of 37.

    Mend: none is needed if the hours are right.
    """
    hourly = any(pay.period == "hour" for pay in job.salary.pay)
    if hourly and job.hours is not None and job.hours < 5:  # noqa: PLR2004 - shorter weeks are hours a day by mistake
        yield Finding(f"{job.hours} hours a week look like hours a day", "write the hours of a whole week")


@rule("family-unlike-role")
def family_unlike_role(label: str) -> Iterator[Finding]:
    """A role belongs to its family.

    Wrong: `role: data engineer` with `family: architecture`

    Right: `role: data engineer` alone, from which the family follows
    """
    yield Finding(
        f"the role belongs to another family, {label}", 'delete the line "family", which follows from the role'
    )


@rule("image-licence")
def image_licence(label: str, allowed: bool) -> Iterator[Finding]:  # noqa: FBT001 - a fact of the licence
    """An image is shown only under a licence that allows it.

    Mend: take another picture, or ask the owner and write the licence they give.
    """
    if not allowed:
        yield Finding(f"{label}: an image under it may not be shown", "delete the image")


@rule("body-empty")
def body_empty(what: str) -> Iterator[Finding]:
    """An entry has a text below its front matter.

    A page with facts alone says nothing that the list did not say.

    Mend: write what the job or the news is, in your own words.
    """
    yield Finding(f"the {what} has no text", "write it below the second  ---")
