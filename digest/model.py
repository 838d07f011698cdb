"""The frozen values the digest is made of.

Entries are facts only: what an editor wrote, read and typed.  They hold no HTML, no state and no
clock, so that they are small, comparable and safe to keep between builds.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

import msgspec

Kind = Literal["job", "news", "page", "edition"]
Period = Literal["year", "month", "week", "day", "hour"]
NOT_STATED: Final = "not stated"
"""What is written where a source does not say."""
PayKind = Literal["stated", "not stated", "unpaid"]


class Pay(msgspec.Struct, frozen=True):
    """One amount or range of pay."""

    minimum: Decimal | None
    """Least pay, in units of `currency` per `period`; None for "up to"."""
    maximum: Decimal | None
    """Most pay, inclusive; None for "from"; equal to `minimum` for a single figure."""
    currency: str
    """ISO 4217 code, such as GBP."""
    period: Period
    approximate: bool = False
    """The source says "about", "circa" or "in the region of"."""
    label: str | None = None
    """What this range is for when there are several, such as London."""
    note: str | None = None


class Salary(msgspec.Struct, frozen=True):
    """What a job pays, as its source says it."""

    kind: PayKind
    pay: tuple[Pay, ...] = ()
    """One or more ranges in the editor's order when `kind` is "stated", else empty."""
    basis: str | None = None
    """What the figure covers when it is not plain salary, such as "total package"."""
    note: str | None = None


class Moment(msgspec.Struct, frozen=True):
    """A day, or a time on a day, as written, with the instants it stands for."""

    day: date
    """The local day in `zone`."""
    time: str | None
    """Local 24-hour time `HH:MM`, or None where only the day is given."""
    zone: str
    """IANA time zone in which `day` and `time` were written."""
    starts: datetime
    """UTC instant at which the moment begins: the time itself, or the first instant of the day."""
    ends: datetime
    """UTC instant, exclusive, at which a deadline set for this moment has passed: the time itself, or
    the first instant of the next day."""


class Closing(msgspec.Struct, frozen=True):
    """When applications end."""

    kind: Literal["dated", "open until filled", "not stated"]
    moment: Moment | None = None
    """Set exactly when `kind` is "dated"."""
    note: str | None = None


class Opening(msgspec.Struct, frozen=True):
    """When applications begin."""

    moment: Moment | None
    """None: the source gives no day yet."""


class Term(msgspec.Struct, frozen=True):
    """A value of a vocabulary, or an unlisted one in the source's own words."""

    id: str
    """The vocabulary's id, or `other`."""
    text: str | None = None
    """The source's own words when `id` is `other`, such as "GS-14"."""
    length: str | None = None
    """How long, for a contract; None elsewhere."""


class PartialDate(msgspec.Struct, frozen=True):
    """A date known to the year, the month or the day."""

    year: int
    month: int | None = None
    day: int | None = None


class Source(msgspec.Struct, frozen=True):
    """Where the facts come from."""

    name: str
    url: str | None
    published: PartialDate | None
    licence: str | None
    """Id of a licence in config."""


class Change(msgspec.Struct, frozen=True):
    """A noted change, which is what updates a feed item."""

    date: date
    note: str
    closes: Closing | None = None
    """The deadline as it was set that day, when the change moved it."""
    was: Closing | None = None
    """The deadline before that, where no older change tells it."""


class Image(msgspec.Struct, frozen=True):
    """A picture with its words and its rights."""

    src: str
    """Path below `content/images/`."""
    alt: str
    credit: str
    licence: str
    url: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a job."""

    result: Literal["filled", "readvertised", "cancelled"]
    date: date | None = None
    news: str | None = None
    """Id of the entry that tells it."""


class Withdrawal(msgspec.Struct, frozen=True):
    """Why and since when an entry is no longer carried."""

    date: date
    reason: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What jobs, news and static pages share."""

    kind: Kind
    path: str
    """The source file, site-root-relative."""
    id: str
    title: str
    published: Moment
    summary: str
    organisations: tuple[str, ...] = ()
    """Names as config spells them, or as written where config lists none; joint posts have several."""
    tags: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    """The source first, then any others that were read."""
    changes: tuple[Change, ...] = ()
    """Newest first."""
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    image: Image | None = None
    draft: bool = False
    withdrawn: Withdrawal | None = None
    lang: str = "en"
    accept: tuple[str, ...] = ()
    """Rules of advice that are right about it, and are not told."""


class Job(Entry, frozen=True, kw_only=True, tag=True):
    """A vacancy."""

    salary: Salary
    closes: Closing
    opens: Opening
    location: tuple[str, ...] = ()
    apply: str | None = None
    """Where to apply; `NOT_STATED` where the source gives no link."""
    grade: Term | None = None
    contract: Term | None = None
    pattern: tuple[Term, ...] = ()
    clearance: Term | None = None
    family: str | None = None
    """Id of a role family; that of `role` when only the role is given."""
    role: str | None = None
    reference: str | None = None
    posts: str | None = None
    max_applications: int | None = None
    hours: Decimal | None = None
    """Hours a week, used to annualise hourly pay."""
    interviews: str | None = None
    reports_to: str | None = None
    team_size: str | None = None
    budget: str | None = None
    eligibility: str | None = None
    """Who may apply, when not everybody."""
    outcome: Outcome | None = None
    structured_data: bool = False


class News(Entry, frozen=True, kw_only=True, tag=True):
    """A news item."""


Compliance = Literal["fully compliant", "partially compliant", "not compliant"]


class Adviser(msgspec.Struct, frozen=True):
    """Whom somebody may turn to who is not happy with a reply."""

    name: str
    url: str
    where: str | None = None
    """The part of the world that they are for, such as Northern Ireland; None where they are for all."""


class Statement(msgspec.Struct, frozen=True):
    """The facts of an accessibility statement, in the order of the model statement for public bodies."""

    status: Compliance
    """As against the Web Content Accessibility Guidelines, version 2.2, level AA."""
    reviewed: date
    """When it was last held against the pages."""
    checks: tuple[str, ...]
    """How the pages are tested."""
    tested: date | None = None
    """When they last were; None where that is done at every change."""
    unchecked: tuple[str, ...] = ()
    """What has not been tested."""
    limits: tuple[str, ...] = ()
    """Where the pages fall short."""
    burden: tuple[str, ...] = ()
    """What is not mended because that would be a disproportionate burden."""
    outside: tuple[str, ...] = ()
    """What the law or the publisher's reach does not cover."""
    plans: tuple[str, ...] = ()
    """What is being done."""
    reply_days: int | None = None
    """Working days within which a report is answered; None where nothing is promised."""
    public_body: bool = False
    """The publisher is a public body, to which the accessibility regulations apply."""
    advice: tuple[Adviser, ...] = ()


class Page(Entry, frozen=True, kw_only=True, tag=True):
    """A static page, such as the accessibility statement."""

    statement: Statement | None = None


class Edition(Entry, frozen=True, kw_only=True, tag=True):
    """What an editor writes of a week: the introduction of its edition.

    Its id is the week, such as `2026-W41`; `published` is the moment at which the week is over.
    """
