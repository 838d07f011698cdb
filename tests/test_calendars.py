"""Calendars of closing dates, read back by two programs of different makers: right instants, one id for good."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.calendars import LONGEST, escaped, folded
from tests import samples
from tests.samples import Built

JOB: Final = "content/jobs/engineer.md"
MOVED: Final = {"date": "2026-05-25", "note": "Moved by a week.", "closes": "30 June 2026"}
ALL: Final = "jobs/closing.ics"
READ: Final = """
import { readFileSync } from "node:fs";
const { default: ICAL } = await import(process.argv[1]);
const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = root.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  const [start, end] = [event.startDate, event.endDate];
  const told = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());
  return {
    uid: event.uid, summary: event.summary, description: event.description, location: event.location,
    sequence: event.sequence, start: told(start), end: told(end), day: start.isDate,
    status: part.getFirstPropertyValue("status"), stamp: told(part.getFirstPropertyValue("dtstamp")),
    categories: part.getFirstProperty("categories")?.getValues() ?? [], url: part.getFirstPropertyValue("url"),
  };
});
console.log(JSON.stringify({ name: root.getFirstPropertyValue("name"), events }));
"""


def _calendars(site: samples.Files) -> dict[str, bytes]:
    found = {path: data for path, data in site.items() if path.endswith(".ics")}
    assert found, "the site has no calendars"
    return found


def _read(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def _site(files: samples.Files | None = None, now: str = samples.NOW, /, **fields: Any) -> dict[str, bytes]:
    """Build the smallest site with a job of these fields and more files."""
    return samples.build_site({**samples.base(), JOB: samples.job(**fields), **(files or {})}, now)


def _event(site: samples.Files, id_: str = "engineer", path: str = ALL) -> Any:
    """Return the event of a job."""
    return next(event for event in _read(site[path]) if str(event["URL"]).endswith(f"/jobs/{id_}/"))


def _in_javascript(ical_js: tuple[Path, Path], data: bytes) -> Any:
    node, module = ical_js
    command = [str(node), "--input-type=module", "--eval", READ, module.as_uri()]
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


# --- form ----------------------------------------------------------------------------------------------------


def test_lines_of_each_calendar(built: Built) -> None:
    """Every line ends with CRLF, holds at most 75 octets and whole characters, and no property stands twice."""
    for path, data in _calendars(built.files).items():
        assert data.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in data.replace(b"\r\n", b""), path
        assert [line for line in data.split(b"\r\n") if len(line) > LONGEST] == []
        for line in data.split(b"\r\n"):
            line.decode()
        for event in _read(data):
            assert [name for name, value in event.items() if isinstance(value, list) and name != "CATEGORIES"] == []


def test_what_each_calendar_says(built: Built) -> None:
    """A calendar names its maker, itself and its page, asks to be read again, and invites nobody."""
    for path, data in _calendars(built.files).items():
        calendar: Any = icalendar.Calendar.from_ical(data)
        assert calendar.errors == []
        assert calendar.subcomponents, "RFC 5545 §3.6 asks for at least one component"
        assert (calendar["VERSION"], "METHOD" in calendar) == ("2.0", False)
        assert calendar["PRODID"]
        assert calendar.walk("VALARM") == []
        shared = not re.fullmatch(r"jobs/(?!closing\.ics)[^/]+/closing\.ics", path)
        assert ("NAME" in calendar) is shared, path
        if shared:
            assert calendar["NAME"] == calendar["X-WR-CALNAME"]
            assert calendar["SOURCE"] == built.base_url + path
            assert calendar["URL"] == built.base_url + path.removesuffix("closing.ics")
            assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT12H"


def test_each_event_leads_to_its_page(built: Built) -> None:
    """An event has the address of a job's page; its id stands once in a calendar and is the same in all."""
    by_page: dict[str, str] = {}
    for path, data in _calendars(built.files).items():
        events = _read(data)
        ids = [str(event["UID"]) for event in events]
        assert len(set(ids)) == len(ids), path
        for event in events:
            page = str(event["URL"])
            assert f"{page.removeprefix(built.base_url)}index.html" in built.files
            assert by_page.setdefault(page, str(event["UID"])) == str(event["UID"])
            assert str(event["DESCRIPTION"]).endswith(page)
    assert len(set(by_page.values())) == len(by_page)


def test_two_programs_read_the_same(built: Built, ical_js: tuple[Path, Path]) -> None:
    """What icalendar finds in the calendar of all jobs, ical.js finds too: every fact of every event."""
    data = built.files[ALL]
    events = _read(data)
    found = _in_javascript(ical_js, data)
    assert found["name"] == icalendar.Calendar.from_ical(data)["NAME"]
    assert len(found["events"]) == len(events) > 0
    for event, other in zip(events, found["events"], strict=True):
        assert other["uid"] == str(event["UID"])
        assert other["summary"] == str(event["SUMMARY"])
        assert other["description"] == str(event["DESCRIPTION"])
        assert (other["location"] or "") == str(event.get("LOCATION", ""))
        assert other["sequence"] == event["SEQUENCE"]
        assert other["status"] == event["STATUS"]
        assert other["categories"] == (list(map(str, event["CATEGORIES"].cats)) if "CATEGORIES" in event else [])
        for name, key in (("DTSTART", "start"), ("DTEND", "end"), ("DTSTAMP", "stamp")):
            assert other[key] == _told(event[name].dt)


def _told(moment: date) -> str:
    """Write a day or an instant as the script above does."""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    return moment.isoformat()


TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(TEXTS)
def test_folding_loses_nothing(text: str) -> None:
    """A folded line unfolds to what it was, in lines of at most 75 octets that each hold whole characters."""
    line = f"SUMMARY:{escaped(text)}"
    data = folded(line)
    assert data.endswith(b"\r\n")
    pieces = data.removesuffix(b"\r\n").split(b"\r\n ")
    assert b"".join(pieces).decode() == line
    assert all(piece.decode() for piece in pieces)
    assert [piece for piece in data.split(b"\r\n") if len(piece) > LONGEST] == []


@given(TEXTS)
def test_escaped_text_is_read_back(text: str) -> None:
    """A reader finds the text that was written, whatever it holds, but for control characters, which none may hold."""
    data = b"".join(map(folded, ["BEGIN:VEVENT", f"SUMMARY:{escaped(text)}", "END:VEVENT"]))
    allowed = "".join(char for char in text if char in "\t\n" or not (ord(char) < 0x20 or ord(char) == 0x7F))
    assert str(icalendar.Event.from_ical(data)["SUMMARY"]) == allowed


@pytest.mark.parametrize("text", ["a, b; c", "back\\slash", "two\nlines", "a\\n", "=SUM(1)", "é" * 80, "👩‍💻" * 30])
def test_two_programs_read_odd_texts(text: str, ical_js: tuple[Path, Path]) -> None:
    """Commas, semicolons, backslashes, line ends and long words of many octets come out as they went in, in both."""
    body = [f"SUMMARY:{escaped(text)}", "UID:1", "DTSTAMP:20260101T000000Z", "DTSTART:20260101T000000Z"]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", *body, "END:VEVENT", "END:VCALENDAR"]
    data = b"".join(map(folded, lines))
    assert str(_read(data)[0]["SUMMARY"]) == text
    assert _in_javascript(ical_js, data)["events"][0]["summary"] == text


# --- when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes", "start"),
    [
        ("11:55pm on 28 March 2026", "2026-03-28T23:55:00.000Z"),
        ("11:55pm on 29 March 2026", "2026-03-29T22:55:00.000Z"),
        ("12:30am on 25 October 2026", "2026-10-24T23:30:00.000Z"),
        ("11:55pm on 25 October 2026", "2026-10-25T23:55:00.000Z"),
        ("midday on 12 June 2026", "2026-06-12T11:00:00.000Z"),
        ("{when: 6pm on 23 June 2026, timezone: Australia/Sydney}", "2026-06-23T08:00:00.000Z"),
    ],
)
def test_a_deadline_with_a_time_is_an_instant(closes: str, start: str, ical_js: tuple[Path, Path]) -> None:
    """On either side of both changes of the clocks, and in another zone, both programs find the instant in UTC."""
    text = samples.job(published="2026-03-01", closes=None).decode().replace("tags:", f"closes: {closes}\ntags:", 1)
    site = samples.build_site({**samples.base(), JOB: text.encode()}, "2026-03-02")
    event = _event(site)
    assert _told(event["DTSTART"].dt) == start
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 60
    other = next(one for one in _in_javascript(ical_js, site[ALL])["events"] if one["uid"] == str(event["UID"]))
    assert (other["start"], other["day"]) == (start, False)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)])
def test_a_deadline_without_a_time_is_a_day(day: date, ical_js: tuple[Path, Path]) -> None:
    """A day is that day wherever one is, also the day on which clocks change; it ends before the next."""
    site = _site(None, "2026-03-02", published="2026-03-01", closes=day.isoformat())
    event = _event(site)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day, date.fromordinal(day.toordinal() + 1))
    other = next(one for one in _in_javascript(ical_js, site[ALL])["events"] if one["uid"] == str(event["UID"]))
    assert (other["start"], other["day"]) == (day.isoformat(), True)


def test_an_event_tells_the_facts() -> None:
    """An event says what closes, who pays what and where, and keeps the subscriber's time free."""
    event = _event(_site(location=["London", "Leeds"], title="Tester; second, third"))
    assert str(event["SUMMARY"]) == "Closes: Tester; second, third, Home Office"
    assert str(event["LOCATION"]) == "London, Leeds"
    lines = str(event["DESCRIPTION"]).split("\n")
    assert lines[:4] == [
        "Organisation: Home Office",
        "Pay: £45,000 to £55,000",
        "Place: London, Leeds",
        "Closes: 30 June 2026",
    ]
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


# --- permanence ----------------------------------------------------------------------------------------------


def test_a_moved_deadline_raises_the_sequence() -> None:
    """`SEQUENCE` counts the deadlines that were set anew; another noted change, or a mended word, leaves it."""
    first = _event(_site(closes="23 June 2026"))
    mended = _event(_site(closes="23 June 2026", body="Other words."))
    noted = _event(_site(closes="23 June 2026", changes=[{"date": "2026-05-25", "note": "A word."}]))
    moved = _event(_site(changes=[MOVED]))
    again = {"date": "2026-05-28", "note": "Moved again.", "closes": "7 July 2026"}
    twice = _event(_site(closes="7 July 2026", changes=[MOVED, again]))
    assert [event["SEQUENCE"] for event in (first, mended, noted, moved, twice)] == [0, 0, 0, 1, 2]
    assert mended == first
    assert {str(event["UID"]) for event in (first, noted, moved, twice)} == {str(first["UID"])}
    assert "Deadline changed on 25 May 2026: Moved by a week." in str(moved["DESCRIPTION"])
    stamps = [event["DTSTAMP"].dt for event in (first, noted, twice)]
    assert stamps == sorted(set(stamps))
    assert [event["LAST-MODIFIED"].dt for event in (first, noted, twice)] == stamps
    assert {event["CREATED"].dt for event in (first, noted, twice)} == {first["DTSTAMP"].dt}


def test_a_rename_and_a_move_keep_the_id() -> None:
    """The id follows from `authority` and the first id, so that neither a new name nor a new address doubles events."""
    before = str(_event(_site())["UID"])
    assert before == "job-engineer-2026@digest.example"
    renamed = samples.build_site({**samples.base(), "content/jobs/plumber.md": samples.job(aliases=["engineer"])})
    assert str(_event(renamed, "plumber")["UID"]) == before
    moved = samples.build_site({**samples.base(), JOB: samples.job()}, base_url="https://new.example/there/")
    event = _event(moved)
    assert str(event["UID"]) == before
    assert str(event["URL"]) == "https://new.example/there/jobs/engineer/"


def test_a_withdrawn_job_is_cancelled() -> None:
    """A withdrawn job stays in the list's calendar as cancelled, raised by one, with the notice and without facts."""
    before = _event(_site(changes=[MOVED], location=["London"]))
    taken = {"date": "2026-05-31", "reason": "The employer asked for it."}
    site = _site(changes=[MOVED], location=["London"], withdrawn=taken)
    event = _event(site)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", before["SEQUENCE"] + 1)
    assert (event["UID"], event["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
    assert event["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert str(event["SUMMARY"]) == "Withdrawn: Data engineer"
    assert str(event["DESCRIPTION"]).startswith("Withdrawn on 31 May 2026.\nThe employer asked for it.")
    assert "LOCATION" not in event
    assert b"Home Office" not in event.to_ical()
    assert "jobs/engineer/closing.ics" not in site


def test_a_job_to_be_withdrawn_is_carried_until_then() -> None:
    """Until the day of its withdrawal a job is in the calendar as it was."""
    taken = {"date": "2026-06-10", "reason": "The employer asks for it."}
    assert _event(_site(withdrawn=taken))["STATUS"] == "CONFIRMED"
    assert _event(_site(None, "2026-06-10", withdrawn=taken))["STATUS"] == "CANCELLED"


def test_a_job_that_ends_early_is_cancelled() -> None:
    """The deadline of a job that was filled before it is called off; one that was filled after it stands."""
    early = _event(_site(outcome={"result": "filled", "date": "2026-05-30"}))
    assert (early["STATUS"], early["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(early["SUMMARY"]) == "Filled: Data engineer, Home Office"
    late = _event(_site(None, "2026-08-01", outcome={"result": "filled", "date": "2026-07-20"}))
    assert (late["STATUS"], late["SEQUENCE"]) == ("CONFIRMED", 0)


# --- which ---------------------------------------------------------------------------------------------------


def test_where_calendars_are(golden_site: dict[str, bytes]) -> None:
    """There is a calendar of all jobs, one beside the feed of each tag and salary band, and one of each dated job."""
    found = set(_calendars(golden_site))
    terms = {path for path in golden_site if re.fullmatch(r"(tags|salary)/[^/]+/index\.html", path)}
    assert {path.replace("index.html", "closing.ics") for path in terms} <= found
    others = found - {ALL} - {path.replace("index.html", "closing.ics") for path in terms}
    assert others
    for path in others:
        page = samples.page(golden_site, samples.address_of(path.replace("closing.ics", "index.html")))
        assert page.all("//a[contains(@href, 'closing.ics')]/@href") == [f"/careers/{path}"]


def test_a_job_has_a_calendar_while_it_is_open() -> None:
    """A job's own calendar holds its one event; without a date, or once it is closed, there is none and no link."""
    own = "jobs/engineer/closing.ics"
    site = _site()
    assert _read(site[own]) == [_event(site)]
    link = "//a[contains(@href, '.ics')]"
    assert samples.page(site, "/jobs/engineer/").text(link) == "Add to your calendar"
    for other in (_site(closes="open until filled"), _site(None, "2026-07-01"), _site(draft=True)):
        assert own not in other
        assert samples.page(other, "/jobs/engineer/").all(link) == [] if "jobs/engineer/index.html" in other else True


def test_the_clock_changes_no_calendar_of_jobs(busy_site: dict[str, bytes]) -> None:
    """While nothing is published the calendars of lists keep their bytes, though jobs close."""
    later = samples.build_site(samples.real(), "2021-03-26")
    shared = {path for path in _calendars(busy_site) if path == ALL or not path.startswith("jobs/")}
    assert shared
    assert {path: later[path] for path in shared} == {path: busy_site[path] for path in shared}
    assert _calendars(busy_site).keys() - later.keys(), "no job has closed"


def _many(most: int) -> dict[str, bytes]:
    config = samples.base()["config.yaml"] + f"\nlists: {{calendar_events: {most}}}\n".encode()
    closes = {"a": "2026-05-26", "b": "2026-05-27", "c": "2026-06-20", "d": "2026-06-21", "e": "2026-06-22"}
    jobs = {f"content/jobs/{id_}.md": samples.job(title=f"Job {id_}", closes=day) for id_, day in closes.items()}
    others = {path: data for path, data in samples.base().items() if not path.startswith("content/jobs/")}
    return {**others, **jobs, "config.yaml": config}


@pytest.mark.parametrize(("most", "kept"), [(2, "cde"), (4, "bcde"), (100, "abcde")])
def test_a_calendar_is_bounded(most: int, kept: str) -> None:
    """A calendar holds the jobs that close last, as many as the configuration says, and every open one."""
    found = {str(event["SUMMARY"])[len("Closes: Job ")] for event in _read(samples.build_site(_many(most))[ALL])}
    assert found == set(kept)


def test_calendars_can_be_switched_off() -> None:
    """Without calendars there is no such file, and no page that leads to one."""
    config = samples.base()["config.yaml"] + b"\noutputs: {calendars: false}\n"
    site = _site({"config.yaml": config})
    assert [path for path, data in site.items() if path.endswith(".ics") or b"closing.ics" in data] == []


def test_drafts_stay_out_of_calendars() -> None:
    """A preview with drafts shows them on pages, and still puts none in a calendar."""
    site = samples.build_site(samples.golden(), drafts=True)
    assert "jobs/night-watch/index.html" in site
    assert [path for path, data in _calendars(site).items() if b"night-watch" in data] == []
