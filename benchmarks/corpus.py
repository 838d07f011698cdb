"""The corpus: jobs and news like those of a real digest, each decided by a seed and its number alone.

So a corpus of 1,000 entries is the beginning of one of 10,000, on every machine.  Seven entries in ten are jobs.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from benchmarks import words
from benchmarks.prose import body, fill

ZONE: Final = ZoneInfo("Europe/London")
NOW: Final = datetime(2026, 7, 1, 9, tzinfo=ZONE)
"""The clock at which the corpus is built: its newest jobs are open."""
NEWEST: Final = date(2026, 6, 30)
JOBS_IN_TEN: Final = 7
DAYS: Final = 5 * 365
"""Entries are spread over this many days up to `NEWEST`, inclusive."""
MANY: Final = 10_000
"""Entries whose titles tell them apart; titles of more carry a number, or some would be taken for one vacancy."""
BOUNDS: Final = (30_000, 40_000, 50_000, 60_000, 75_000, 100_000)
"""Lower bounds of the salary bands, in pounds a year; below the first is a band too."""
HOURS_A_YEAR: Final = 37 * 52
_SATURDAY: Final = 5
_HOLIDAYS: Final = {(12, 25), (12, 26), (1, 1)}
OPEN_UNTIL_FILLED: Final = timedelta(days=180)
"""How long after its publication such a job is taken as open; what the digest assumes by default."""
NOT_STATED: Final = timedelta(days=60)
"""The same of a job whose closing date is not stated."""


class Pay(NamedTuple):
    """What a job pays."""

    text: str
    """As an editor writes it."""
    terms: tuple[str, ...]
    """The ids of the salary pages that it is listed on, the lowest first."""


class Closing(NamedTuple):
    """When a job closes."""

    text: str
    """As an editor writes it."""
    ends: datetime
    """The first instant at which it is closed, by deadline or by assumption."""
    stated: bool = True
    """False where only an assumption closes it."""


class Job(NamedTuple):
    """The facts that only jobs have."""

    role: str
    grade: str
    contract: str
    location: tuple[str, ...]
    pay: Pay
    closes: Closing
    apply: str


class Entry(NamedTuple):
    """One entry, before it takes the form that a tool reads."""

    id: str
    title: str
    published: date
    summary: str
    organisation: str
    tags: tuple[str, ...]
    source: tuple[str, str]
    """Name and address."""
    body: str
    """Markdown of about 2.2 kB, without HTML."""
    job: Job | None

    @property
    def folder(self) -> str:
        """Where its file lies below the content, and its page below the site."""
        return "jobs" if self.job else "news"


def entries(count: int, seed: int = 1) -> Iterator[Entry]:
    """Yield the first `count` entries of the corpus with this seed, one at a time."""
    for number in range(count):
        yield entry(seed, number)


def entry(seed: int, number: int) -> Entry:
    """Return one entry.

    Number 0 is a job published two days before the corpus ends, so that the smallest corpus too has an open job.
    """
    random = Random(f"{seed}:{number}")  # noqa: S311 - it decides which words are used, and guards nothing
    published = NEWEST - timedelta(days=random.randrange(DAYS) if number else 2)
    name, address = random.choice(words.SOURCES)
    source = (name, f"{address}{random.randrange(10**6, 10**7)}")
    is_job = number % 10 < JOBS_IN_TEN
    job = _job(random, published, f"{source[1]}/apply", certain=not number) if is_job else None
    title = _job_title(random, job.role) if job else _news_title(random)
    return Entry(
        id=f"{slug(title)}-{number:06d}",
        title=f"{title} {number}" if number >= MANY else title,
        published=published,
        summary=fill(random, random.choice(words.SUMMARIES)),
        organisation=words.ORGANISATIONS[int(random.random() ** 1.6 * len(words.ORGANISATIONS))],
        tags=_tags(random),
        source=source,
        body=body(random, words.JOB_HEADINGS if job else words.NEWS_HEADINGS),
        job=job,
    )


def slug(text: str) -> str:
    """Return a text as part of an address: lower-case letters and digits, with single hyphens between words.

    >>> slug("£40 million for open registers")
    '40-million-for-open-registers'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def deadline(found: Entry) -> datetime | None:
    """Return when a job closes; None for news, jobs closed by `NOW`, and those that only an assumption closes."""
    closes = found.job.closes if found.job else None
    return closes.ends if closes and closes.stated and closes.ends > NOW else None


# --- the parts of an entry -----------------------------------------------------------------------------------


def _job_title(random: Random, role: str) -> str:
    level = random.choice(words.LEVELS)
    title = f"{level}{role.lower() if level and not role.startswith('DevOps') else role}"
    return f"{title}, {fill(random, '{adjective} {noun}s')}" if random.random() < 0.25 else title  # noqa: PLR2004 - a quarter


def _news_title(random: Random) -> str:
    title = fill(random, random.choice(words.NEWS_TITLES))
    return title[0].upper() + title[1:]


def _job(random: Random, published: date, apply: str, *, certain: bool) -> Job:
    """Return a job's facts; with `certain`, one that has a deadline in July 2026 at the latest."""
    _, grade, least, most, _ = random.choices(words.GRADES, [row[-1] for row in words.GRADES])[0]
    low = random.randrange(least, most - 3_000, 250) + random.choice((0, 0, 0, 137))
    return Job(
        role=random.choice(words.ROLES),
        grade=grade,
        contract=random.choice(words.CONTRACTS),
        location=tuple(random.sample(words.PLACES, random.choice((1, 1, 1, 2, 2, 3)))),
        pay=_pay(random, low, low + random.randint(4, 24) * 500),
        closes=_closing(random, published, random.randint(10, 33), 0.5 if certain else random.random()),
        apply=apply,
    )


def _pay(random: Random, low: int, high: int) -> Pay:
    """Return a range for four jobs in five, and for the rest one of the other ways to state pay."""
    hourly = low / HOURS_A_YEAR
    rarer = (
        (f"about £{low:,}", bands(low, low)),
        (f"from £{low:,}", bands(low, low)),
        (f"up to £{high:,}", bands(high, high)),
        (f"£{hourly:.2f} an hour", bands(*[round(hourly, 2) * HOURS_A_YEAR] * 2)),
        (f"£{low // 100} a day", ("day-rates",)),
        ("not stated", ("not-stated",)),
    )
    return Pay(*random.choice(rarer)) if random.random() < 0.2 else Pay(f"£{low:,} to £{high:,}", bands(low, high))  # noqa: PLR2004 - one in five


def bands(low: float, high: float) -> tuple[str, ...]:
    """Return the ids of the salary bands that pay from `low` to `high` pounds a year, both inclusive, falls in.

    The maximum does not reach a band that begins just there, unless it is the minimum too.

    >>> bands(45_000, 60_000)
    ('40000-to-49999', '50000-to-59999')
    """
    first = bisect(BOUNDS, low)
    last = max(first, bisect(BOUNDS, high - 0.001))
    return BAND_IDS[first : last + 1]


BAND_IDS: Final = (
    f"under-{BOUNDS[0]}",
    *(f"{low}-to-{high - 1}" for low, high in pairwise(BOUNDS)),
    f"{BOUNDS[-1]}-and-over",
)
OTHER_PAY: Final = ("day-rates", "other-currencies", "not-stated", "unpaid")
"""Salary pages that are not bands."""


def _closing(random: Random, published: date, days: int, kind: float) -> Closing:
    """Return a deadline `days` after publication, in one of the forms that editors use; `kind` is from 0 up to 1.

    None is on a day of which the house style would warn.
    """
    day = published + timedelta(days=days)
    while day.weekday() == _SATURDAY or (day.month, day.day) in _HOLIDAYS:
        day += timedelta(days=1)
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    if kind < 0.03:  # noqa: PLR2004 - three in a hundred
        return Closing("open until filled", _midnight(published) + OPEN_UNTIL_FILLED, stated=False)
    if kind < 0.06:  # noqa: PLR2004 - three in a hundred
        return Closing("not stated", _midnight(published) + NOT_STATED, stated=False)
    written = f"{day.day} {day:%B %Y}"
    late = start.replace(hour=23, minute=55)
    tomorrow = _midnight(day + timedelta(days=1))
    return random.choice(
        (
            Closing(day.isoformat(), tomorrow),
            Closing(written, tomorrow),
            Closing(f"{day} 23:55", late),
            Closing(f"11:55pm on {written}", late),
            Closing(f"midday on {written}", start.replace(hour=12)),
        )
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


_POPULAR: Final = tuple(Random("popular tags").sample(words.TAGS, len(words.TAGS)))  # noqa: S311 - as above
"""The tags, the most used first: the n-th is used an n-th as often as the first."""
_WEIGHTS: Final = tuple(accumulate(1 / place for place in range(1, len(_POPULAR) + 1)))


def _tags(random: Random) -> tuple[str, ...]:
    """Return three to five tags."""
    want = random.randint(3, 5)
    found: dict[str, None] = {}
    while len(found) < want:
        found[random.choices(_POPULAR, cum_weights=_WEIGHTS)[0]] = None
    return tuple(found)
