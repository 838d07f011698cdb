"""States: one pure function of entry and clock, exact to the second at every boundary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from digest.dates.reading import read_moment
from digest.documents.config import Times
from digest.model import Change, Closing, Entry, Job, Moment, Opening, Outcome, Withdrawal
from digest.planning.states import HIDDEN, OPEN, State, closing_instant, last_day, next_change, state_at, timeline
from tests.builders import LONDON, built, catalogue, config, entry, job, news, small_site, text_of, utc

UNTIMED: Final = settings(deadline=None)
"""A busy machine is slow and not wrong."""
HOME: Final = "Europe/London"
TIMES: Final = Times()
SECOND: Final = timedelta(seconds=1)
TICK: Final = timedelta(microseconds=1)
RANK: Final[Mapping[State, int]] = {
    "draft": 0,
    "scheduled": 1,
    "published": 2,
    "opening soon": 2,
    "open": 3,
    "open until filled": 3,
    "closing soon": 4,
    "last day": 5,
    "closed": 6,
    "withdrawn": 7,
}
"""The one direction in which states go."""

CASES: Final[Mapping[str, tuple[dict[str, str | None], list[tuple[str, State]]]]] = {
    "a time on the last day": (
        {"published": "2014-09-01", "closes": "11:55pm on 6 October 2014"},
        [
            ("2014-09-01T00:00", "open"),
            ("2014-09-29T00:00", "closing soon"),
            ("2014-10-06T00:00", "last day"),
            ("2014-10-06T23:55", "closed"),
        ],
    ),
    "a day lasts to its end": (
        {"published": "2014-09-01", "closes": "6 October 2014"},
        [
            ("2014-09-01T00:00", "open"),
            ("2014-09-29T00:00", "closing soon"),
            ("2014-10-06T00:00", "last day"),
            ("2014-10-07T00:00", "closed"),
        ],
    ),
    "published at a time": (
        {"published": "2026-06-01 09:30", "closes": "midday on 30 June 2026"},
        [
            ("2026-06-01T09:30", "open"),
            ("2026-06-23T00:00", "closing soon"),
            ("2026-06-30T00:00", "last day"),
            ("2026-06-30T12:00", "closed"),
        ],
    ),
    "another time zone": (
        {"published": "2018-01-02", "closes": "{when: 6pm on 23 January 2018, timezone: Australia/Sydney}"},
        [
            ("2018-01-02T00:00", "open"),
            ("2018-01-16T00:00", "closing soon"),
            ("2018-01-23T00:00", "last day"),
            ("2018-01-23T18:00+11:00", "closed"),
        ],
    ),
    "a day that ends here while it is still that day there": (
        {"published": "2018-01-02", "closes": "{when: 23 January 2018, timezone: America/Los_Angeles}"},
        [
            ("2018-01-02T00:00", "open"),
            ("2018-01-17T00:00", "closing soon"),
            ("2018-01-24T00:00", "last day"),
            ("2018-01-24T00:00-08:00", "closed"),
        ],
    ),
    "the 23 hours of the day on which clocks go forward": (
        {"published": "2026-03-02", "closes": "29 March 2026"},
        [
            ("2026-03-02T00:00", "open"),
            ("2026-03-22T00:00+00:00", "closing soon"),
            ("2026-03-29T00:00+00:00", "last day"),
            ("2026-03-30T00:00+01:00", "closed"),
        ],
    ),
    "the 25 hours of the day on which clocks go back": (
        {"published": "2026-10-01", "closes": "25 October 2026"},
        [
            ("2026-10-01T00:00", "open"),
            ("2026-10-18T00:00+01:00", "closing soon"),
            ("2026-10-25T00:00+01:00", "last day"),
            ("2026-10-26T00:00+00:00", "closed"),
        ],
    ),
    "seven days over a change of clocks": (
        {"published": "2026-10-01", "closes": "6pm on 30 October 2026"},
        [
            ("2026-10-01T00:00", "open"),
            ("2026-10-23T00:00+01:00", "closing soon"),
            ("2026-10-30T00:00+00:00", "last day"),
            ("2026-10-30T18:00+00:00", "closed"),
        ],
    ),
    "opens later": (
        {"published": "2026-05-18", "opens": "midday on 1 June 2026"},
        [
            ("2026-05-18T00:00", "opening soon"),
            ("2026-06-01T12:00", "open"),
            ("2026-06-23T00:00", "closing soon"),
            ("2026-06-30T00:00", "last day"),
            ("2026-07-01T00:00", "closed"),
        ],
    ),
    "opens within its last week": (
        {"published": "2026-05-18", "opens": "26 June 2026"},
        [
            ("2026-05-18T00:00", "opening soon"),
            ("2026-06-26T00:00", "closing soon"),
            ("2026-06-30T00:00", "last day"),
            ("2026-07-01T00:00", "closed"),
        ],
    ),
    "opens on its last day": (
        {"published": "2026-05-18", "opens": "9am on 30 June 2026", "closes": "5pm on 30 June 2026"},
        [
            ("2026-05-18T00:00", "opening soon"),
            ("2026-06-30T09:00", "last day"),
            ("2026-06-30T17:00", "closed"),
        ],
    ),
    "opens on a day that is not stated": (
        {"published": "2026-05-18", "opens": "not stated"},
        [("2026-05-18T00:00", "opening soon"), ("2026-07-01T00:00", "closed")],
    ),
    "opened before the digest carried it": (
        {"published": "2026-06-26 14:00", "opens": "1 June 2026"},
        [("2026-06-26T14:00", "closing soon"), ("2026-06-30T00:00", "last day"), ("2026-07-01T00:00", "closed")],
    ),
    "carried after it closed that day": (
        {"published": "2026-06-30 18:00", "closes": "5pm on 30 June 2026", "opens": "1 June 2026"},
        [("2026-06-30T18:00", "closed")],
    ),
    "open until filled for 180 days": (
        {"published": "2026-01-10", "closes": "open until filled"},
        [("2026-01-10T00:00", "open until filled"), ("2026-07-09T00:00", "closed")],
    ),
    "open until filled for 180 days from its newest change": (
        {
            "published": "2026-01-10",
            "closes": "open until filled",
            "changes": "[{date: 2026-02-01, note: More.}, {date: 2026-03-01, note: Yet more.}]",
        },
        [("2026-01-10T00:00", "open until filled"), ("2026-08-28T00:00", "closed")],
    ),
    "filled": (
        {
            "published": "2026-01-10",
            "closes": "open until filled",
            "outcome": "{result: filled, date: 2026-02-02}",
        },
        [("2026-01-10T00:00", "open until filled"), ("2026-02-02T00:00", "closed")],
    ),
    "cancelled before its deadline": (
        {"published": "2026-05-18", "outcome": "{result: cancelled, date: 2026-06-10}"},
        [("2026-05-18T00:00", "open"), ("2026-06-10T00:00", "closed")],
    ),
    "filled on a day nobody gives": (
        {"published": "2026-05-18", "outcome": "filled"},
        [
            ("2026-05-18T00:00", "open"),
            ("2026-06-23T00:00", "closing soon"),
            ("2026-06-30T00:00", "last day"),
            ("2026-07-01T00:00", "closed"),
        ],
    ),
    "filled after its deadline": (
        {
            "published": "2026-05-18",
            "outcome": "{result: filled, date: 2026-09-01}",
            "closes": "midday on 30 June 2026",
        },
        [
            ("2026-05-18T00:00", "open"),
            ("2026-06-23T00:00", "closing soon"),
            ("2026-06-30T00:00", "last day"),
            ("2026-06-30T12:00", "closed"),
        ],
    ),
    "a deadline not stated is taken as 60 days": (
        {"published": "2026-02-01 15:00", "closes": "not stated"},
        [("2026-02-01T15:00", "open"), ("2026-04-02T00:00", "closed")],
    ),
    "withdrawn while open": (
        {"published": "2026-05-18", "withdrawn": "{date: 2026-06-25, reason: A mistake.}"},
        [("2026-05-18T00:00", "open"), ("2026-06-23T00:00", "closing soon"), ("2026-06-25T00:00", "withdrawn")],
    ),
    "withdrawn after it closed": (
        {"published": "2014-09-01", "closes": "3 September 2014", "withdrawn": "{date: 2026-06-25, reason: Asked.}"},
        [
            ("2014-09-01T00:00", "closing soon"),
            ("2014-09-03T00:00", "last day"),
            ("2014-09-04T00:00", "closed"),
            ("2026-06-25T00:00", "withdrawn"),
        ],
    ),
    "withdrawn on the day it was published": (
        {"published": "2026-05-18 09:00", "withdrawn": "{date: 2026-05-18, reason: A mistake.}"},
        [("2026-05-18T09:00", "withdrawn")],
    ),
}
"""Fields of a job, and its states, each with the local time in London, or another where it says so, from which it
holds; before the first it is scheduled."""


def _timeline(subject: Entry) -> tuple[tuple[datetime, State], ...]:
    return timeline(subject, TIMES, HOME)


@pytest.mark.parametrize(("fields", "expected"), CASES.values(), ids=CASES.keys())
def test_boundaries(fields: dict[str, str | None], expected: list[tuple[str, State]]) -> None:
    """A job's state is the one before until the last second, and the next from exactly the second it begins."""
    states = _timeline(job(**fields))
    before: State = "scheduled"
    for text, state in expected:
        begins = utc(text)
        assert [state_at(states, begins - step) for step in (SECOND, TICK)] == [before, before]
        assert [state_at(states, begins + step) for step in (TICK * 0, TICK, SECOND)] == [state] * 3
        before = state
    assert state_at(states, utc("2999-12-31")) == before
    assert len(states) == len(expected) + 1


@pytest.mark.parametrize(("fields", "expected"), CASES.values(), ids=CASES.keys())
def test_next_change_is_the_next_boundary(fields: dict[str, str | None], expected: list[tuple[str, State]]) -> None:
    """The next change is the boundary after the clock, never the one it stands on, and after the last there is none."""
    states = _timeline(job(**fields))
    instants = [utc(text) for text, _ in expected]
    assert next_change(states, utc("1990-01-01")) == instants[0]
    assert [next_change(states, instant - TICK) for instant in instants] == instants
    assert [next_change(states, instant) for instant in instants] == [*instants[1:], None]


def test_spans_come_from_the_configuration() -> None:
    """The three spans of days are the configuration's, not constants of the code."""
    times = Times(closing_soon_days=2, open_until_filled_days=10, not_stated_days=5)
    states = timeline(job(closes="30 June 2026"), times, HOME)
    assert next_change(states, utc("2026-06-01")) == utc("2026-06-28T00:00")
    states = timeline(job(closes="open until filled"), times, HOME)
    assert next_change(states, utc("2026-05-18T12:00")) == utc("2026-05-28T00:00")
    states = timeline(job(closes="not stated"), times, HOME)
    assert next_change(states, utc("2026-05-18T12:00")) == utc("2026-05-23T00:00")


def test_days_are_those_of_the_site() -> None:
    """`closing soon` and `last day` begin at midnight in the site's time zone, wherever the deadline was written."""
    states = timeline(job(closes="11:55pm on 30 June 2026"), TIMES, "Australia/Sydney")
    assert state_at(states, utc("2026-07-01T00:00+10:00") - SECOND) == "closing soon"
    assert state_at(states, utc("2026-07-01T00:00+10:00")) == "last day"


def test_drafts_never_change() -> None:
    """A draft is a draft at any time, whatever its dates say, so that it is not published by the calendar."""
    subject = job(draft="true", withdrawn="{date: 2026-06-25, reason: A mistake.}")
    assert _timeline(subject) == ((datetime.min.replace(tzinfo=utc("2026-01-01").tzinfo), "draft"),)


@pytest.mark.parametrize("kind", ["news", "page"])
def test_news_and_pages_are_published_and_withdrawn(kind: str) -> None:
    """News and pages are scheduled, then published at their time, then withdrawn from the start of the day."""
    subject = entry(kind, "one", published="2026-06-01 09:00", withdrawn="{date: 2026-06-03, reason: A mistake.}")
    states = _timeline(subject)
    assert [state for _, state in states] == ["scheduled", "published", "withdrawn"]
    assert [instant for instant, _ in states[1:]] == [utc("2026-06-01T09:00"), utc("2026-06-03T00:00")]


def test_last_day_needs_a_deadline() -> None:
    """Asking for the last day of a job without a deadline is a mistake of the caller's, and raises."""
    with pytest.raises(ValueError, match="no last day"):
        last_day(job(closes="not stated"), HOME)


# --- properties --------------------------------------------------------------------------------------------

ZONES: Final = (HOME, "Australia/Sydney", "America/Los_Angeles", "Pacific/Apia", "Asia/Kathmandu")
DAYS: Final = st.dates(date(2009, 1, 1), date(2031, 12, 31))


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """Draw a day or a time on a day, in a zone."""
    hour = draw(st.none() | st.integers(1, 23))
    text = draw(DAYS).isoformat() + ("" if hour is None else f" {hour:02}:{draw(st.integers(0, 59)):02}")
    read = read_moment(text, draw(st.sampled_from(ZONES)))
    if read.value is None:  # a time that does not exist there
        return draw(moments())
    return read.value


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """Draw a job whose dates are in any order, also one that no editor could publish."""
    dated = st.builds(Closing, st.just("dated"), moments())
    kinds = st.sampled_from([Closing("open until filled"), Closing("not stated")])
    return replace(
        BASE,
        published=draw(moments()),
        opens=Opening(draw(st.none() | moments())),
        closes=draw(dated | kinds),
        changes=tuple(Change(day, "note") for day in draw(st.lists(DAYS, max_size=2))),
        outcome=draw(st.none() | st.builds(Outcome, st.just("filled"), st.none() | DAYS)),
        withdrawn=draw(st.none() | st.builds(Withdrawal, DAYS, st.just("reason"))),
        draft=draw(st.integers(0, 9)) == 0,
    )


BASE: Final = job()
NOWS: Final = st.datetimes(datetime(2008, 1, 1), datetime(2033, 1, 1)).map(  # noqa: DTZ001 - the site's local time
    lambda moment: utc(moment.isoformat())
)


@UNTIMED
@given(jobs(), st.sampled_from(ZONES))
def test_states_only_move_forward(subject: Job, zone: str) -> None:
    """Whatever its dates, a job's states come in one order, none twice, at instants that rise."""
    states = timeline(subject, TIMES, zone)
    ranks = [RANK[state] for _, state in states]
    instants = [instant for instant, _ in states]
    assert ranks == sorted(set(ranks))
    assert instants == sorted(set(instants))


@UNTIMED
@given(jobs(), NOWS)
def test_state_differs_at_the_next_change_and_not_before(subject: Job, now: datetime) -> None:
    """The state is the same up to the next change, and another from it on; without one it stays for good."""
    states = _timeline(subject)
    following = next_change(states, now)
    state = state_at(states, now)
    if following is None:
        assert state_at(states, utc("2999-12-31")) == state
    else:
        assert following > now
        assert state_at(states, following - TICK) == state
        assert state_at(states, following) != state


@UNTIMED
@given(jobs(), NOWS)
def test_states_are_pure(subject: Job, now: datetime) -> None:
    """An equal job and clock give an equal state, and nothing of the job is changed by asking."""
    twin = replace(subject)
    first = state_at(_timeline(subject), now)
    assert subject == twin
    assert state_at(_timeline(twin), now) == first


@UNTIMED
@given(jobs(), NOWS)
def test_no_job_is_open_from_its_deadline_on(subject: Job, now: datetime) -> None:
    """A job is never among the open ones once its deadline has passed, nor before it is published."""
    state = state_at(_timeline(subject), now)
    if state in OPEN:
        assert subject.published.starts <= now < closing_instant(subject, TIMES, HOME)
        assert not subject.draft
    if state not in HIDDEN:
        assert subject.published.starts <= now


# --- the whole site ----------------------------------------------------------------------------------------


@UNTIMED
@given(st.lists(jobs(), max_size=5), NOWS)
def test_next_change_of_a_site_is_the_earliest(subjects: list[Job], now: datetime) -> None:
    """The site changes next when the first of its entries does, or at a new year, when pay becomes last year's."""
    named = [replace(subject, id=f"job-{number}", changes=()) for number, subject in enumerate(subjects)]
    found = catalogue(named, now.isoformat())
    changes = [next_change(_timeline(subject), now) for subject in named]
    new_year = utc(f"{now.astimezone(LONDON).year + 1}-01-01T00:00")
    assert found.next_change in {min([change for change in changes if change is not None], default=None), new_year}
    if found.next_change == new_year:
        assert all(change is None or change >= new_year for change in changes)
        assert any(state_at(_timeline(subject), new_year) in OPEN for subject in named) or new_year in changes


def test_a_noted_change_is_a_change_of_the_site() -> None:
    """A change that is dated in the future is noted on its day, not before, and the build says when that is."""
    noted = "[{date: 2026-06-15, note: The deadline moved.}]"
    files = small_site() | {"content/jobs/noted.md": text_of("job", title="Noted", changes=noted).encode()}
    found = catalogue([job(changes=noted)])
    assert found.next_change == utc("2026-06-15T00:00")
    assert b"The deadline moved." not in built(files, "2026-06-14T23:59:59")["jobs/noted/index.html"]
    assert b"The deadline moved." in built(files, "2026-06-15T00:00")["jobs/noted/index.html"]


def test_a_draft_does_not_change_the_site() -> None:
    """A draft is no reason to build again."""
    assert catalogue([job(draft="true")]).next_change is None


MIXED: Final = {
    "content/jobs/later.md": text_of("job", published="2026-06-10 09:00"),
    "content/news/later-news.md": text_of("news", published="2026-06-11 09:00"),
    "content/jobs/gone.md": text_of("job", withdrawn="{date: 2026-06-05, reason: A mistake.}"),
    "content/jobs/opens.md": text_of("job", opens="9am on 8 June 2026"),
    "content/jobs/filled.md": text_of("job", closes="open until filled"),
    "content/jobs/vague.md": text_of("job", closes="not stated"),
    "content/jobs/noted.md": text_of("job", changes="[{date: 2026-06-15, note: More posts.}]"),
    "content/jobs/abroad.md": text_of("job", closes="{when: 6pm on 23 June 2026, timezone: Australia/Sydney}"),
}
OVER_THE_YEAR: Final = {
    "content/jobs/winter.md": text_of("job", published="2026-12-01", closes="15 January 2027"),
}
"""A job that is open when the year changes, from when on its pay carries the year it is from."""


@pytest.mark.parametrize("added", [MIXED, OVER_THE_YEAR], ids=["mixed", "over-the-year"])
def test_the_site_changes_when_it_says_and_not_before(added: dict[str, str]) -> None:
    """From now to the moment that a build announces, not one byte of the site changes; at that moment some do."""
    files = small_site() | {path: text.encode() for path, text in added.items()}
    site = built(files, "2026-06-01T12:00")
    steps = 0
    while (announced := _announced(site)) is not None:
        eve = (datetime.fromisoformat(announced) - SECOND).isoformat()
        assert _unlike(site, built(files, eve)) == set()
        after = built(files, announced)
        assert _unlike(site, after)
        site = after
        steps += 1
    assert steps >= len(added) + 3
    assert _unlike(site, built(files, "2039-12-31T12:00")) == set()


def _announced(site: Mapping[str, bytes]) -> str | None:
    announced: str | None = json.loads(site["build.json"])["next_change"]
    return announced


def _unlike(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def test_the_config_has_the_zone_the_site_is_read_in() -> None:
    """The tests above speak of London because the small configuration does."""
    assert config().timezone == HOME
    assert news().published.zone == HOME
