"""Days and times: every written form, every rule with its exact words, and the instants they stand for."""

from __future__ import annotations

import calendar
import email.utils
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.dates import day_rules, reading
from digest.dates.reading import read_closing, read_day, read_moment, read_opening, read_partial, read_zone
from digest.dates.words import MONTHS, format_day, format_moment, format_partial, format_time, iso, iso_partial, rfc822
from digest.diagnostics import RULES, Read
from digest.model import Moment, PartialDate

LONDON = "Europe/London"
PUBLISHED = date(2021, 3, 2)
# Clocks that change at night, by half an hour, at midnight, and before midnight; and one that skipped a day.
ZONES = [
    LONDON,
    "Australia/Sydney",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Toronto",
    "Africa/Cairo",
    "Pacific/Apia",
    "Asia/Kathmandu",
]

WORDS = "6 31 32 2014 14 0 October Feb Monday at on , midnight noon 25:00 1:30 am pm GMT / -"
QUICK = ("", "midday on ", "11:55pm on ", "1am on ", "9:05am on ", "11pm on ")
"""Times of day, before a day, that are read quickly."""
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
times = st.times().filter(lambda time: (time.hour, time.minute) != (0, 0)).map("{:%H:%M}".format)


def moment(text: str, zone: str = LONDON) -> Moment:
    """Give the moment of a text that is read without a finding."""
    read = read_moment(text, zone, PUBLISHED)
    assert read.findings == ()
    assert read.value is not None
    return read.value


def problems(read: Read[Any], text: str = "") -> list[tuple[str, str, str | None, str]]:
    """Give each finding's rule, words, hint and marked part."""
    return [(check.id, found.message, found.hint, text[found.start : found.end]) for check, found in read.findings]


@pytest.mark.parametrize(
    "text",
    [
        "2014-10-06",
        "6 October 2014",
        "6th Oct 2014",
        "06 Oct. 2014",
        "6-Oct-2014",
        "the 6th of October, 2014",
        "October 6, 2014",
        "Monday 6 October 2014",
        "Mon, 6 Oct 2014",
        "on Monday 2014-10-06",
        "6\u00a0October 2014",
    ],
)
def test_a_day_may_be_written_in_many_ways(text: str) -> None:
    """Each form without a time gives the whole day in the zone, from its first instant to that of the next."""
    assert moment(text) == Moment(
        day=date(2014, 10, 6),
        time=None,
        zone=LONDON,
        starts=datetime(2014, 10, 5, 23, tzinfo=UTC),
        ends=datetime(2014, 10, 6, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        "2014-10-06 23:55",
        "2014-10-06T23:55",
        "2014-10-06T23:55:00",
        "11:55pm on 6 October 2014",
        "11.55pm on 6 October 2014",
        "11:55 p.m. on Monday 6 October 2014",
        "6 October 2014 at 11:55pm",
        "6 October 2014, 23:55",
        "6 October 2014 - 23.55",
        "Monday 6 October 2014 at 11:55PM",
        "23:55 6th October 2014",
        "23:55 hours, 6 October 2014",
    ],
)
def test_a_time_may_stand_before_or_after_the_day(text: str) -> None:
    """Each form with a time gives that instant."""
    at = datetime(2014, 10, 6, 22, 55, tzinfo=UTC)
    assert moment(text) == Moment(date(2014, 10, 6), "23:55", LONDON, at, at)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("midday on 6 October 2014", "12:00"),
        ("12 noon, 6 October 2014", "12:00"),
        ("12pm on 6 October 2014", "12:00"),
        ("12:30am on 6 October 2014", "00:30"),
        ("6PM on 6 October 2014", "18:00"),
        ("9:00 on 6 October 2014", "09:00"),
    ],
)
def test_a_time_is_kept_on_the_24_hour_clock(text: str, time: str) -> None:
    """Words and halves of the day become hours and minutes."""
    assert moment(text).time == time


FORMS = "write for example  6 October 2014,  2014-10-06  or  11:55pm on 6 October 2014"
GUESS = "the entry is published 2 March 2021, so perhaps  closes: "
RELATIVE = "write the day itself, such as  closes: 6 October 2014"
ZONED = "write  closes: {when: 11:55pm on 6 October 2014, timezone: Europe/London}"
EITHER = "write  closes: 5 October 2014  (all of that day), or  closes: 11:59pm on 5 October 2014"


@pytest.mark.parametrize(
    ("text", "rule", "message", "hint", "marked"),
    [
        ("24 March", "date-year", '"24 March" has no year', GUESS + "24 March 2021", "24 March"),
        ("1 March", "date-year", '"1 March" has no year', GUESS + "1 March 2022", "1 March"),
        ("2 March", "date-year", '"2 March" has no year', GUESS + "2 March 2021", "2 March"),
        ("29 February", "date-year", '"29 February" has no year', GUESS + "29 February 2024", "29 February"),
        ("noon on 24 March", "date-year", '"24 March" has no year', GUESS + "midday on 24 March 2021", "24 March"),
        ("Friday 25 March 2021", "date-weekday", "25 March 2021 is a Thursday, not a Friday", None, "Friday"),
        (
            "10/05/2023",
            "date-order-slash",
            '"10/05/2023" does not say which is the day and which the month',
            "write  closes: 10 May 2023,  or  closes: 5 October 2023",
            "10/05/2023",
        ),
        (
            "16/09/2025 12:00",
            "date-order-slash",
            '"16/09/2025" has its month in figures',
            "write  closes: midday on 16 September 2025",
            "16/09/2025",
        ),
        (
            "31 June 2021",
            "date-exists",
            '"31 June 2021" does not exist: June 2021 has 30 days',
            "write  closes: 30 June 2021  if the last day is meant",
            "31 June 2021",
        ),
        ("2021-13-01", "date-exists", '"2021-13-01" does not exist: there is no month 13', None, "2021-13-01"),
        ("0214-10-06", "date-range", "the year 0214 is not between 1900 and 2999", None, "0214-10-06"),
        (
            "6 Oct 14",
            "date-two-digit-year",
            '"6 Oct 14" has a two-digit year',
            "write  closes: 6 October 2014",
            "6 Oct 14",
        ),
        (
            "October 2014",
            "date-day",
            '"October 2014" has no day',
            "add the day, or write  closes: not stated",
            "October 2014",
        ),
        ("tonight at 11.55pm", "date-relative", '"tonight" is not a day of the calendar', RELATIVE, "tonight"),
        ("in six weeks", "date-relative", '"in six weeks" is not a day of the calendar', RELATIVE, "in six weeks"),
        ("ASAP", "date-relative", '"ASAP" is not a day of the calendar', RELATIVE, "ASAP"),
        ("TBC", "date-relative", '"TBC" is not a day of the calendar', "write  closes: not stated", "TBC"),
        (
            "ongoing",
            "date-relative",
            '"ongoing" is not a day of the calendar',
            "write  closes: open until filled",
            "ongoing",
        ),
        ("soonish", "date-form", '"soonish" is not understood as a date', FORMS, "soonish"),
        ("", "date-form", '"" is not understood as a date', FORMS, ""),
        ("5pm", "date-form", '"5pm" is not understood as a date', FORMS, "5pm"),
        (
            "6 Octobr 2014",
            "date-form",
            '"6 Octobr 2014" is not understood as a date',
            "write  closes: 6 October 2014",
            "6 Octobr 2014",
        ),
        (
            "W/C 16th March 2026",
            "date-form",
            '"W/C 16th March 2026" is not understood as a date',
            "write  closes: 16 March 2026",
            "W/C 16th March 2026",
        ),
        (
            "2014-10-06 00:00",
            "time-midnight",
            '"00:00" may be the start or the end of the day',
            EITHER,
            "00:00",
        ),
        (
            "midnight on 6 October 2014",
            "time-midnight",
            '"midnight" may be the start or the end of the day',
            EITHER + ";  or  closes: 6 October 2014  if the end of that day is meant",
            "midnight",
        ),
        (
            "2014-10-05T24:00",
            "time-midnight",
            '"24:00" may be the start or the end of the day',
            EITHER,
            "24:00",
        ),
        (
            "1:30am on 30 March 2014",
            "time-gap",
            '"1:30am" does not exist on 30 March 2014: clocks go forward in Europe/London',
            "write  closes: 2:30am on 30 March 2014",
            "1:30am",
        ),
        (
            "25:00 on 6 October 2014",
            "time-form",
            '"25:00" is not a time of day',
            "write a time such as  11:55pm,  23:55  or  midday",
            "25:00",
        ),
        ("13:00pm on 6 October 2014", "time-form", '"13:00pm" is not a time of day', "write  1pm", "13:00pm"),
        (
            "23:59:59 on 6 October 2014",
            "time-form",
            '"23:59:59" has seconds',
            "write the time to the minute:  11:59pm",
            "23:59:59",
        ),
        (
            "Friday 2 February 2018 at 11:59pm GMT",
            "time-zone",
            '"GMT" names a time zone beside the time',
            "write  closes: {when: 11:59pm on 2 February 2018, timezone: Europe/London}",
            "GMT",
        ),
        (
            "Tuesday 23 January 2018 at 6PM (in Canberra)",
            "time-zone",
            '"(in Canberra)" names a time zone beside the time',
            "write  closes: {when: 6pm on 23 January 2018, timezone: Australia/Sydney}",
            "(in Canberra)",
        ),
        (
            "2014-10-06T23:55Z",
            "time-zone",
            '"Z" names a time zone beside the time',
            "write  closes: {when: 11:55pm on 6 October 2014, timezone: Etc/UTC}",
            "Z",
        ),
        (
            "2014-10-06T23:55+01:00",
            "time-zone",
            '"+01:00" names a time zone beside the time',
            f"{ZONED}  with the IANA name that is meant",
            "+01:00",
        ),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_its_mend(
    text: str, rule: str, message: str, hint: str | None, marked: str
) -> None:
    """Each mistake gives no value, and exactly these words, hint and marked part."""
    read = read_moment(text, LONDON, PUBLISHED)
    assert read.value is None
    assert problems(read, text) == [(rule, message, hint, marked)]


def test_all_mistakes_of_a_text_are_told_at_once() -> None:
    """One mistake does not hide another."""
    read = read_moment("22/10/2015 23:59 hours (CET)", LONDON)
    assert [problem[0] for problem in problems(read)] == ["time-zone", "date-order-slash"]
    read = read_moment("Friday 25 March 2021 at 25:00", LONDON)
    assert [problem[0] for problem in problems(read)] == ["date-weekday", "time-form"]


def test_hints_name_the_field() -> None:
    """Hints fit the field; a beginning is the start of a day, an end its end."""
    (problem,) = problems(read_moment("2014-10-06 00:00", LONDON, None, "opens"))
    assert problem[2] == "write  opens: 6 October 2014  (from its start)"
    (problem,) = problems(read_moment("5pm on 6 October 2014 GMT", LONDON, None, "when"))
    assert problem[2] == "write  when: 5pm on 6 October 2014  and  timezone: Europe/London"
    (problem,) = problems(read_moment("24 March", LONDON))
    assert problem[2] == "add the year, in four digits"


def test_a_time_that_comes_twice_is_the_first_with_a_warning() -> None:
    """When clocks go back, the earlier instant is taken, and the page says nothing false."""
    text = "1:30am on 26 October 2014"
    read = read_moment(text, LONDON)
    assert read.value is not None
    assert read.value.starts == datetime(2014, 10, 26, 0, 30, tzinfo=UTC)
    assert problems(read, text) == [
        (
            "time-ambiguous",
            '"1:30am" comes twice on 26 October 2014, because clocks go back in Europe/London',
            "the first of the two is taken; write an earlier or a later time if you can",
            "1:30am",
        )
    ]
    assert RULES["time-ambiguous"].severity == "warning"


def test_a_day_that_its_zone_skipped_does_not_exist() -> None:
    """Samoa went from 29 to 31 December 2011."""
    assert problems(read_moment("30 December 2011", "Pacific/Apia"))[0][0] == "date-skipped"
    assert problems(read_moment("2011-12-30 12:00", "Pacific/Apia"))[0][0] == "time-gap"


def last_sunday(year: int, month: int) -> date:
    """Give the last Sunday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.parametrize("year", range(2014, 2031))
def test_clock_changes_are_exact(year: int) -> None:
    """In London the day clocks change has 23 or 25 hours, and the hour that goes or comes twice is known."""
    spring, autumn = last_sunday(year, 3), last_sunday(year, 10)
    for day, hours in ((spring, 23), (autumn, 25), (spring - timedelta(1), 24), (autumn + timedelta(1), 24)):
        whole = moment(day.isoformat())
        assert whole.ends - whole.starts == timedelta(hours=hours)
    for time in ("01:00", "01:59"):
        assert problems(read_moment(f"{spring} {time}", LONDON))[0][0] == "time-gap"
        assert problems(read_moment(f"{autumn} {time}", LONDON))[0][0] == "time-ambiguous"
    assert moment(f"{spring} 00:59").starts == datetime(year, 3, spring.day, 0, 59, tzinfo=UTC)
    assert moment(f"{spring} 02:00").starts == datetime(year, 3, spring.day, 1, 0, tzinfo=UTC)
    assert moment(f"{autumn} 00:59").starts == datetime(year, 10, autumn.day - 1, 23, 59, tzinfo=UTC)
    assert moment(f"{autumn} 02:00").starts == datetime(year, 10, autumn.day, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        # The gap begins at midnight, so the day begins at 1am.
        ("2017-10-15", "America/Sao_Paulo", 23),
        # The gap lies over midnight, from 11:30pm to 12:30am.
        ("1919-03-31", "America/Toronto", 23.5),
        # Clocks go back at midnight, so the day before has an hour more.
        ("2018-02-17", "America/Sao_Paulo", 25),
        ("2021-04-04", "Australia/Lord_Howe", 24.5),
    ],
)
def test_a_day_begins_with_its_first_instant_wherever_clocks_change(day: str, zone: str, hours: float) -> None:
    """Midnight that does not exist, or comes twice, neither loses nor doubles a minute."""
    whole = moment(day, zone)
    assert whole.ends - whole.starts == timedelta(hours=hours)
    local = ZoneInfo(zone)
    assert whole.starts.astimezone(local).date().isoformat() == day
    assert (whole.starts - timedelta(seconds=1)).astimezone(local).date().isoformat() < day


@given(days, st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    """A day begins before it ends, at an instant of its own, and where it ends the next begins."""
    assume((day.isoformat(), zone) != ("2011-12-30", "Pacific/Apia"))
    assume(day.isoformat() != "2999-12-31")
    whole = moment(day.isoformat(), zone)
    assert timedelta(0) < whole.ends - whole.starts < timedelta(hours=49)
    assert whole.starts.astimezone(ZoneInfo(zone)).date() == day
    if zone == LONDON:
        assert whole.ends - whole.starts in {timedelta(hours=hours) for hours in (23, 24, 25)}


@given(days, st.none() | times, st.sampled_from(ZONES))
def test_what_is_written_is_read_back(day: date, time: str | None, zone: str) -> None:
    """Writing a moment in words and reading it gives the same moment."""
    read = read_moment(day.isoformat() if time is None else f"{day} {time}", zone)
    assume(read.value is not None)
    assert read.value is not None
    assert read_moment(format_moment(read.value, zone), zone).value == read.value


@given(
    st.sampled_from([*QUICK, "12pm on ", "12am on ", "noon on ", "0am on ", "13pm on "]),
    st.integers(0, 32),
    st.sampled_from([*MONTHS, "Oct", "may", "Foo"]),
    st.sampled_from(["1899", "1900", "1996", "2014", "2100", "2999", "3000"]),
)
def test_the_forms_that_are_read_quickly_are_read_alike(clock: str, day: int, month: str, year: str) -> None:
    """The shorter way for the form that hints offer finds what the way for all forms finds, or leaves it to that."""
    text = f"{clock}{day} {month} {year}"
    quick = reading._quick(text, "closes")
    if quick is None:
        assert day not in range(1, 29) or month not in MONTHS or year in {"1899", "3000"} or clock not in QUICK
        return
    slow = reading._take(text, None, "closes")
    assert slow.findings == quick.findings == ()
    assert (slow.day, slow.clock, slow.part.words) == (quick.day, quick.clock, quick.part.words)
    assert (slow.part.start, slow.part.end, slow.part.field) == (quick.part.start, quick.part.end, quick.part.field)


@pytest.mark.parametrize("year", [1900, 1996, 2000, 2014, 2100, 2400])
def test_months_have_their_days(year: int) -> None:
    """Months are as long as the Gregorian calendar makes them, February also in years that end in 00."""
    assert [day_rules._days(year, month) for month in range(1, 13)] == [
        calendar.monthrange(year, month)[1] for month in range(1, 13)
    ]


@given(
    st.one_of(
        st.text(),
        st.text("0123456789 -:/.TZapm", max_size=20),
        st.lists(
            st.sampled_from(WORDS.split()),
            max_size=7,
        ).map(" ".join),
    )
)
def test_reading_never_fails(text: str) -> None:
    """Any text at all gives a value or findings that mark a part of it, never an exception."""
    for read in (
        read_moment(text, LONDON, PUBLISHED),
        read_closing(text, LONDON, PUBLISHED),
        read_opening(text, LONDON),
        read_day(text),
        read_partial(text),
        read_zone(text),
    ):
        assert (read.value is None) == any(check.severity == "error" for check, _ in read.findings)
        for check, finding in read.findings:
            assert check.doc
            assert 0 <= finding.start <= len(text)
            assert finding.end is None or finding.start <= finding.end <= len(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("open until filled", "open until filled"),
        ("Rolling", "open until filled"),
        ("not stated", "not stated"),
        ("6 October 2014", "dated"),
    ],
)
def test_a_closing_is_a_moment_or_one_of_two_words(text: str, kind: str) -> None:
    """A closing has a moment exactly when it is dated."""
    closing = read_closing(text, LONDON).value
    assert closing is not None
    assert closing.kind == kind
    assert (closing.moment is not None) == (kind == "dated")


def test_an_opening_may_not_be_fixed_yet() -> None:
    """The opening day may be unknown."""
    unknown, known = read_opening("not stated", LONDON).value, read_opening("2014-09-01", LONDON).value
    assert unknown is not None
    assert unknown.moment is None
    assert known is not None
    assert known.moment == moment("2014-09-01")


def test_a_day_has_no_time() -> None:
    """A time where only the day counts is an error that keeps the day."""
    assert read_day("6 October 2014") == Read(date(2014, 10, 6))
    text = "6 October 2014 at midnight"
    assert problems(read_day(text), text) == [
        (
            "date-time-unwanted",
            '"midnight" is a time; only the day is wanted here',
            "write  date: 6 October 2014",
            "midnight",
        )
    ]


@pytest.mark.parametrize(
    ("text", "partial", "words", "machine"),
    [
        ("2014", PartialDate(2014), "2014", "2014"),
        ("2014-09", PartialDate(2014, 9), "September 2014", "2014-09"),
        ("September 2014", PartialDate(2014, 9), "September 2014", "2014-09"),
        ("Sept. 2014", PartialDate(2014, 9), "September 2014", "2014-09"),
        ("2014-09-01", PartialDate(2014, 9, 1), "1 September 2014", "2014-09-01"),
        ("1 September 2014", PartialDate(2014, 9, 1), "1 September 2014", "2014-09-01"),
    ],
)
def test_a_date_may_be_known_in_part(text: str, partial: PartialDate, words: str, machine: str) -> None:
    """A year or a month alone is kept as precise as it is."""
    assert read_partial(text) == Read(partial)
    assert format_partial(partial) == words
    assert iso_partial(partial) == machine


@pytest.mark.parametrize(
    ("text", "rule"),
    [("2014-13", "date-exists"), ("1066", "date-range"), ("6 October", "date-year"), ("x", "date-form")],
)
def test_a_partial_date_exists(text: str, rule: str) -> None:
    """What is given of a date is right."""
    assert [problem[0] for problem in problems(read_partial(text))] == [rule]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("CET", "write  timezone: Europe/Paris"),
        ("Europe", "write an IANA name, such as  timezone: Europe/London"),
        ("../../etc/passwd", "write an IANA name, such as  timezone: Europe/London"),
    ],
)
def test_a_zone_has_its_iana_name(text: str, hint: str) -> None:
    """A word, a folder of zones or a path is no time zone."""
    assert read_zone("Australia/Sydney") == Read("Australia/Sydney")
    assert [problem[2] for problem in problems(read_zone(text))] == [hint]


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("23:55", "11:55pm"),
        ("18:00", "6pm"),
        ("12:00", "midday"),
        ("12:01", "12:01pm"),
        ("00:30", "12:30am"),
        ("00:00", "midnight"),
        ("09:05", "9:05am"),
    ],
)
def test_a_time_is_written_in_words(time: str, words: str) -> None:
    """Times are written in the style of GOV.UK."""
    assert format_time(time) == words


def test_a_moment_elsewhere_says_so() -> None:
    """A time of another zone is shown with it, and never converted."""
    sydney = moment("2018-01-23 18:00", "Australia/Sydney")
    assert format_moment(sydney, LONDON) == "6pm on 23 January 2018 (Australia/Sydney time)"
    assert format_moment(sydney, "Australia/Sydney") == "6pm on 23 January 2018"
    assert iso(sydney) == "2018-01-23T18:00:00+11:00"


def test_a_moment_is_written_for_machines() -> None:
    """A day alone has no time, and a time has its offset."""
    assert format_day(date(2014, 10, 6)) == "6 October 2014"
    assert iso(moment("6 October 2014")) == "2014-10-06"
    assert iso(moment("2014-10-06 23:55")) == "2014-10-06T23:55:00+01:00"
    # Liberia was 44 minutes and 30 seconds behind, which RFC 3339 cannot write.
    assert iso(moment("1960-01-01 12:00", "Africa/Monrovia")) == "1960-01-01T12:44:30+00:00"


def test_feeds_get_the_instant_in_english() -> None:
    """The date of a feed item is in the form of RFC 822, in UTC, whatever the machine speaks."""
    assert rfc822(datetime(2014, 10, 6, 23, 55, tzinfo=UTC)) == "Mon, 06 Oct 2014 23:55:00 +0000"
    assert rfc822(datetime(2014, 10, 6, 0, 5, tzinfo=timezone(timedelta(hours=1)))) == "Mon, 06 Oct 2014 00:05:00 +0100"
    with pytest.raises(ValueError, match="offset"):
        rfc822(datetime(2014, 10, 6))  # noqa: DTZ001 - the fault under test


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_feed_dates_are_understood_by_others(instant: datetime) -> None:
    """The standard library reads the instant back, to the second."""
    assert email.utils.parsedate_to_datetime(rfc822(instant)) == instant.replace(microsecond=0)
