"""Cards: what the rest of the site may know of an entry.

An entry's own page and its items in feeds are made of the whole entry.  Everything else, rows of lists, links from
other entries, order, facets, states, checks, is made of its card, which is small and worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from digest.dates.weeks import WEEK, monday_of
from digest.dates.words import format_moment, iso
from digest.decoding import Decoder
from digest.documents.advice_rules import ACROSS
from digest.documents.config import Config
from digest.documents.entries import Written
from digest.fingerprints import fingerprint
from digest.markup import MentionKind
from digest.model import Change, Closing, Entry, Job, Kind, Term
from digest.pay.bands import Annual, stated_annual
from digest.planning.facets import FACETS, SECTIONED
from digest.planning.states import State, changed, closing_instant, local_day, timeline
from digest.planning.words import closing_words, deadlines, pay_line

INTERNAL = frozenset({"entry", "path", "image", "fragment"})
"""Kinds of mentions that are checked against the rest of the site."""
_PLACES = {facet.name: place for place, facet in enumerate(FACETS)}
_AT_HAND: Final = 512
"""Jobs whose details are held: they are asked for several times while one is on a page, and then seldom again."""


class Card(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """What the rest of the site may know of an entry; instants are in seconds since 1970, UTC."""

    hidden: int
    """How many of the newest changes are left out, because they are noted only later."""
    kind: Kind
    path: str
    """The source file, site-root-relative."""
    id: str
    title: str
    lang: str
    published: float
    day: date
    """The local day of publication."""
    week: date
    """The Monday of the week of its edition, which is that of publication; of an introduction, the week it is on."""
    changes: tuple[date, ...]
    """The days of all noted changes, newest first, also of those left out."""
    updated: date
    """The day of the newest noted change, or of publication."""
    states: tuple[tuple[float, State], ...]
    """The states it passes through, in order, each with the instant, inclusive, from which it holds."""
    terms: tuple[str, ...]
    """The terms it falls under, with a space between them, for each facet in the order of `FACETS`: a string of slugs
    takes a third of the memory of a tuple."""
    sections: tuple[str, ...]
    """The sections of those in the facet that has sections, in their order."""
    coined: tuple[tuple[str, str, str], ...]
    """Facet, term and label of those that the configuration does not list."""
    aliases: tuple[str, ...]
    related: tuple[str, ...]
    image: str | None
    mentions: tuple[tuple[MentionKind, str], ...]
    """Kind and target of every link and picture of its body that lies within the site, each once."""
    headings: str
    """Ids of the headings of its body, with a space between them."""
    accepts: tuple[str, ...]
    """Rules of advice across entries that it accepts."""
    job: JobCard | None
    face: bytes = b""
    """Fingerprint of all this: where it is equal, no list and no other entry's page differs."""

    @property
    def draft(self) -> bool:
        """Tell whether it is a draft, which it stays."""
        return self.states[0][1] == "draft"

    def coined_label(self, facet: str, term: str) -> str:
        """Return the label of a term that the configuration does not list."""
        return next(label for where, coined, label in self.coined if (where, coined) == (facet, term))

    def sections_of(self, term: str) -> list[str]:
        """Return the sections in which the page of a term lists it."""
        terms = self.terms_of(SECTIONED.name)
        return [section for found, section in zip(terms, self.sections, strict=True) if found == term]

    def terms_of(self, facet: str) -> list[str]:
        """Return its terms in a facet, named by its key in the configuration."""
        return self.terms[_PLACES[facet]].split()


class Deadline(Struct, frozen=True, array_like=True, gc=False):
    """A deadline of a job, as it stood for a time."""

    noted: date | None
    """The day on which a change set it; None for the one before all changes."""
    text: str
    """In words, such as `6 October 2014` or `Open until filled`."""
    iso: str | None = None
    """ISO 8601; None where there is no date."""
    last: date | None = None
    """The last local day on which one can apply."""


class JobCard(Struct, frozen=True, array_like=True, gc=False):
    """What the rest of the site may know of a job, beyond its card."""

    annual: Annual | None
    """Its plain pay for a year, where it states that."""
    ends: float | None
    """The instant, exclusive, until which a dated job can be applied for."""
    ended: float
    """The instant, exclusive, until which it is taken as open."""
    ended_day: date
    """The local day of that instant."""
    news: str | None
    """Id of the entry that tells its outcome."""
    written: bytes
    """Its details, as they are remembered: most builds ask for those of few jobs."""

    @property
    def details(self) -> JobDetails:
        """What its row and its page say of it."""
        return _details(self.written)


class JobDetails(Struct, frozen=True, array_like=True, gc=False):
    """What is said of a job."""

    pay: str
    """On one line, without the year."""
    paid: bool
    """Its pay is stated, and so carries a year when it is old."""
    closing: Literal["dated", "open until filled", "not stated"]
    deadline: tuple[str, str] | None
    """A dated deadline in words and as ISO 8601."""
    grade: Term | None
    role: str | None
    family: str | None
    applied: bool
    """It says where to apply, or that its source does not."""
    undated: str | None
    """Its outcome, where that has no date."""
    deadlines: tuple[Deadline, ...]
    """All that are known, oldest first; those that are set only later are among them."""


_DETAILS: Final = Decoder(JobDetails)


@lru_cache(_AT_HAND)
def _details(data: bytes) -> JobDetails:
    return _DETAILS.decode(data)


class Labels:
    """The labels of terms."""

    def __init__(self, config: Config) -> None:
        """Take those that the configuration lists."""
        self._declared = {facet.name: {term.id: term.label for term in facet.declared(config)} for facet in FACETS}

    def declares(self, facet: str, term: str) -> bool:
        """Tell whether the configuration lists a term."""
        return term in self._declared[facet]

    def of(self, card: Card, facet: str) -> list[tuple[str, str]]:
        """Return a card's terms in a facet, each with its label."""
        declared = self._declared[facet]
        return [(term, declared.get(term) or card.coined_label(facet, term)) for term in card.terms_of(facet)]


class Keys(NamedTuple):
    """Where the rest of an entry is remembered, by its value."""

    whole: bytes
    """Equal for two entries only if their files are, and the configuration."""
    body: bytes
    """Equal only if the bodies are."""
    records: bytes
    """Equal only if what programs get of them is."""


def card_of(written: Written, config: Config, labels: Labels, hidden: int = 0) -> Card:
    """Return the card of an entry, without its `hidden` newest changes."""
    entry = shortened(written.entry, hidden)
    states = timeline(entry, config.times, config.timezone)
    terms = {facet.name: tuple(facet.memberships(entry, config)) for facet in FACETS}
    mentions = written.body.mentions
    card = Card(
        hidden=hidden,
        kind=entry.kind,
        path=entry.path,
        id=entry.id,
        title=entry.title,
        lang=entry.lang,
        published=entry.published.starts.timestamp(),
        day=entry.published.day,
        week=_week(entry, config.timezone),
        changes=tuple(change.date for change in written.entry.changes),
        updated=changed(entry),
        states=tuple((instant.timestamp(), state) for instant, state in states),
        terms=tuple(" ".join([found.term for found in memberships]) for memberships in terms.values()),
        sections=tuple(found.section for found in terms[SECTIONED.name]),
        coined=tuple(
            (facet, found.term, found.label)
            for facet, memberships in terms.items()
            for found in memberships
            if not labels.declares(facet, found.term)
        ),
        aliases=entry.aliases,
        related=entry.related,
        image=entry.image.src if entry.image else None,
        mentions=tuple(dict.fromkeys((found.kind, found.target) for found in mentions if found.kind in INTERNAL)),
        headings=" ".join(heading.id for heading in written.body.headings),
        accepts=tuple(name for name in entry.accept if name in ACROSS),
        job=_job_card(entry, written.entry.changes, config) if isinstance(entry, Job) else None,
    )
    return replace(card, face=fingerprint(msgspec.msgpack.encode(card)))


def _week(entry: Entry, zone: str) -> date:
    published = monday_of(local_day(entry.published.starts, zone))
    return published - WEEK if entry.kind == "edition" else published


def _job_card(job: Job, changes: Sequence[Change], config: Config) -> JobCard:
    """Return the card of a job; `changes` are all of them, newest first."""
    moment, zone, outcome = job.closes.moment, config.timezone, job.outcome
    ended = closing_instant(job, config.times, zone)
    details = JobDetails(
        pay=pay_line(job, config.pay, None),
        paid=job.salary.kind == "stated",
        closing=job.closes.kind,
        deadline=(format_moment(moment, zone), iso(moment)) if moment else None,
        grade=job.grade,
        role=job.role,
        family=job.family,
        applied=job.apply is not None,
        undated=outcome.result if outcome and outcome.date is None else None,
        deadlines=tuple(_deadlines(job, changes, zone)),
    )
    return JobCard(
        annual=stated_annual(job.salary, config.pay),
        ends=moment.ends.timestamp() if moment else None,
        ended=ended.timestamp(),
        ended_day=local_day(ended, zone),
        news=outcome.news if outcome else None,
        written=msgspec.msgpack.encode(details),
    )


def _deadlines(job: Job, changes: Sequence[Change], zone: str) -> Iterator[Deadline]:
    moved = [(change, was) for change, was in deadlines(changes) if change.closes is not None]
    if not moved:
        yield _deadline(None, job.closes, zone)
    elif moved[-1][1] is not None:
        yield _deadline(None, moved[-1][1], zone)
    for change, _ in reversed(moved):
        yield _deadline(change.date, change.closes or job.closes, zone)


def _deadline(noted: date | None, closing: Closing, zone: str) -> Deadline:
    moment = closing.moment
    return Deadline(
        noted,
        closing_words(closing, zone),
        iso(moment) if moment else None,
        local_day(moment.ends - timedelta(microseconds=1), zone) if moment else None,
    )


def shortened(entry: Entry, hidden: int) -> Entry:
    """Return an entry without its `hidden` newest changes."""
    return replace(entry, changes=entry.changes[hidden:]) if hidden else entry
