"""Editions: which week has which entries, what was known when it was over, and how it is sent."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from digest.dates.weeks import monday_of, read_week, week_name, week_words
from digest.emails import MOST
from digest.markup import read_body, resolve
from digest.markup.plain import plain_text
from digest.render import Renderer
from tests import samples
from tests.builders import write_tree
from tests.publishing import shown
from tests.samples import base, build_result, build_site, entry, job, news, page
from tests.tools.gazette import run

FIRST, LAST = datetime.fromisoformat("2025-12-01"), datetime.fromisoformat("2026-05-01")
LATER = "2027-06-01T12:00"
"""A clock at which all weeks of these tests are over."""


def _site(files: dict[str, bytes], now: str = LATER, **options: Any) -> dict[str, bytes]:
    """Build these entries, given by their paths below `content/`, without those of the smallest site."""
    inputs = {path: data for path, data in base().items() if not path.startswith(("content/jobs/", "content/news/"))}
    return build_site({**inputs, **{f"content/{path}": data for path, data in files.items()}}, now, **options)


def _names(site: dict[str, bytes]) -> list[str]:
    """Return the names of the editions of a site, in order."""
    return sorted(found[1] for path in site if (found := re.fullmatch(r"editions/(\d{4}-W\d\d)/index\.html", path)))


def _lines(site: dict[str, bytes], name: str, heading: str) -> list[list[str]]:
    """Return the lines of each item below a heading of an edition; none where there is no such heading."""
    address = f"/editions/{name}/"
    items = page(site, address).all(f"//h2[.='{heading}']/following-sibling::*[1]/li")
    return [[" ".join(line.split()) for line in item.text_content().split("\n")] for item in items]


# --- weeks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name", "words"),
    [
        (date(2020, 12, 31), "2020-W53", "28 December 2020 to 3 January 2021"),
        (date(2021, 1, 3), "2020-W53", "28 December 2020 to 3 January 2021"),
        (date(2021, 1, 4), "2021-W01", "4 to 10 January 2021"),
        (date(2018, 12, 31), "2019-W01", "31 December 2018 to 6 January 2019"),
        (date(2026, 10, 4), "2026-W40", "28 September to 4 October 2026"),
    ],
)
def test_weeks_are_those_of_iso_8601(day: date, name: str, words: str) -> None:
    """Days around a new year belong to the week that ISO 8601 says, and its days are told in words."""
    assert (week_name(monday_of(day)), week_words(monday_of(day))) == (name, words)
    assert read_week(name) == monday_of(day)


@given(st.dates(date(1990, 1, 8), date(2199, 12, 1)))
def test_every_day_is_in_the_week_that_is_named_after_it(day: date) -> None:
    """A week's name is read back as the Monday on or before the day."""
    monday = read_week(week_name(monday_of(day)))
    assert monday is not None
    assert monday.weekday() == 0
    assert timedelta() <= day - monday < timedelta(days=7)


@pytest.mark.parametrize("name", ["2021-W53", "2026-W00", "2026-W54", "2026-w41", "2026-W1", "26-W41", "1989-W40", ""])
def test_what_is_no_week(name: str) -> None:
    """Weeks that do not exist, and other ways of writing them, are not read."""
    assert read_week(name) is None


# --- what is in an edition -----------------------------------------------------------------------------------


@pytest.mark.parametrize("monday", ["2026-03-30", "2026-10-26", "2026-06-08"])
def test_a_week_is_half_open(monday: str) -> None:
    """By London's clocks Sunday's last minute is in one week, Monday's first in the next, also where they change."""
    start = date.fromisoformat(monday)
    before = f"{start - timedelta(days=1)} 23:59"
    site = _site(
        {"news/last.md": news(title="Last", published=before), "news/first.md": news(title="First", published=monday)}
    )
    assert _names(site) == [week_name(start - timedelta(days=7)), week_name(start)]
    assert _lines(site, week_name(start), "News") == [["First"]]


@settings(max_examples=12)
@given(st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=8))
def test_every_entry_is_in_exactly_one_edition(moments: list[datetime]) -> None:
    """Whenever entries are published, each is new in one edition, and weeks without entries have none."""
    times = [moment.replace(hour=max(moment.hour, 3)) for moment in moments]  # no clock changes then
    files = {
        f"jobs/job-{number}.md": job(title=f"Job {number}", published=f"{time:%Y-%m-%d %H:%M}", closes="not stated")
        for number, time in enumerate(times)
    }
    site = _site(files)
    found = {name: [line[0] for line in _lines(site, name, "New jobs")] for name in _names(site)}
    assert sorted(title for titles in found.values() for title in titles) == sorted(
        f"Job {n}" for n in range(len(times))
    )
    assert all(f"Job {n}" in found[week_name(monday_of(time.date()))] for n, time in enumerate(times))


def test_jobs_are_numbered_in_the_fixed_order() -> None:
    """New jobs are numbered by publication; each says title, organisation, place, pay, closing date, in that order."""
    site = _site(
        {
            "jobs/b.md": job(title="Second", published="2026-05-20", salary="not stated", location=["Leeds"]),
            "jobs/a.md": job(title="Third", published="2026-05-21", closes="not stated"),
            "jobs/c.md": job(
                title="First", published="2026-05-18", closes="open until filled", organisation=["A", "B"]
            ),
        }
    )
    assert _lines(site, "2026-W21", "New jobs") == [
        ["First", "A, B", "Place not stated", "£45,000 to £55,000", "Open until filled"],
        ["Second", "Home Office", "Leeds", "No salary information", "Closes 30 June 2026"],
        ["Third", "Home Office", "Place not stated", "£45,000 to £55,000", "Closing date not stated"],
    ]
    assert page(site, "/editions/2026-W21/").all("//h2[.='New jobs']/following-sibling::ol")
    assert "\n2. Second\n   Home Office\n" in site["editions/2026-W21/email.txt"].decode()


def test_closing_in_the_next_seven_days() -> None:
    """Jobs that close in the seven days after the week are told, the next first; none that is over, or comes later."""
    old = {"published": "2026-05-05"}
    site = _site(
        {
            "news/n.md": news(published="2026-05-20"),
            "jobs/sunday.md": job(title="Sunday", **old, closes="24 May 2026"),
            "jobs/monday.md": job(title="Monday", **old, closes="25 May 2026"),
            "jobs/noon.md": job(title="Noon", **old, closes="midday on 25 May 2026"),
            "jobs/end.md": job(title="End", **old, closes="31 May 2026"),
            "jobs/after.md": job(title="After", **old, closes="9am on 1 June 2026"),
            "jobs/filled.md": job(
                title="F", **old, closes="29 May 2026", outcome={"result": "filled", "date": "2026-05-23"}
            ),
            "jobs/new.md": job(title="New", published="2026-05-26", closes="29 May 2026"),
        }
    )
    told = [line[0] for line in _lines(site, "2026-W21", "Closing in the next seven days")]
    assert told == ["Noon", "Monday", "End"]


def _moved(*changes: dict[str, str], closes: str) -> bytes:
    return job(title="Moving", published="2026-05-18", closes=closes, changes=list(changes))


def test_a_deadline_is_told_as_it_was_known() -> None:
    """An edition tells the deadlines known when its week was over; a change noted later leaves it as it was."""
    once = {"date": "2026-05-27", "note": "Moved.", "closes": "12 June 2026", "was": "29 May 2026"}
    twice = {"date": "2026-06-10", "note": "Moved again.", "closes": "19 June 2026"}
    before = _site({"jobs/m.md": job(title="Moving", published="2026-05-18", closes="29 May 2026")})
    after = _site({"jobs/m.md": _moved(once, closes="12 June 2026")})
    last = _site({"jobs/m.md": _moved(twice, once, closes="19 June 2026")})
    assert [_names(site) for site in (before, after, last)] == [
        ["2026-W21"],
        ["2026-W21", "2026-W22"],
        ["2026-W21", "2026-W22", "2026-W24"],
    ]
    for site in (before, after, last):
        assert _lines(site, "2026-W21", "New jobs")[0][-1] == "Closes 29 May 2026"
        assert [line[-1] for line in _lines(site, "2026-W21", "Closing in the next seven days")] == [
            "Closes 29 May 2026"
        ]
    for site in (after, last):
        moved = [["Moving", "Home Office", "Closes 12 June 2026", "Before: 29 May 2026"]]
        assert _lines(site, "2026-W22", "Deadlines changed") == moved
    assert _lines(last, "2026-W24", "Deadlines changed")[0][2:] == ["Closes 19 June 2026", "Before: 12 June 2026"]
    for path in ("email.txt", "email.html"):
        assert (
            before[f"editions/2026-W21/{path}"]
            == after[f"editions/2026-W21/{path}"]
            == last[f"editions/2026-W21/{path}"]
        )
        assert after[f"editions/2026-W22/{path}"] == last[f"editions/2026-W22/{path}"]


def test_a_deadline_that_nobody_wrote_down() -> None:
    """Where no change says what stood before, the edition of before says that the date was set later."""
    change = {"date": "2026-05-27", "note": "Moved.", "closes": "31 May 2026"}
    site = _site({"jobs/m.md": _moved(change, closes="31 May 2026")})
    assert _lines(site, "2026-W21", "New jobs")[0][-1] == "Closes 31 May 2026 (as set on 27 May 2026)"
    assert _lines(site, "2026-W21", "Closing in the next seven days") == []
    assert _lines(site, "2026-W22", "Deadlines changed") == [["Moving", "Home Office", "Closes 31 May 2026"]]


def test_two_changes_of_a_week_are_one() -> None:
    """A deadline that moved twice in a week is told once, and one that moved back not at all."""
    first = {"date": "2026-05-26", "note": "Moved.", "closes": "12 June 2026", "was": "5 June 2026"}
    there = {"date": "2026-05-28", "note": "Moved.", "closes": "19 June 2026"}
    back = {"date": "2026-05-28", "note": "Moved back.", "closes": "5 June 2026"}
    site = _site({"jobs/m.md": _moved(there, first, closes="19 June 2026")})
    assert _lines(site, "2026-W22", "Deadlines changed")[0][2:] == ["Closes 19 June 2026", "Before: 5 June 2026"]
    assert _names(_site({"jobs/m.md": _moved(back, first, closes="5 June 2026")})) == ["2026-W21"]


def test_withdrawn_entries_are_counted() -> None:
    """A week keeps its edition when its only entry is withdrawn; it says so, and nothing of the entry."""
    taken = {"date": "2026-06-02", "reason": "Sent in error."}
    site = _site({"jobs/m.md": job(title="Secret post", published="2026-05-20", withdrawn=taken)})
    assert _names(site) == ["2026-W21"]
    for path in ("index.html", "email.html", "email.txt"):
        said = site[f"editions/2026-W21/{path}"]
        assert b"1 entry of this week has been withdrawn." in said
        assert b"Secret" not in said


# --- the clock -----------------------------------------------------------------------------------------------


def test_an_edition_is_published_when_its_week_is_over() -> None:
    """Until Monday, 00:00 in London a week is at /editions/next/; then it has its page, feed item and place at home."""
    files = {"jobs/m.md": job(published="2026-05-20", closes="not stated")}
    inputs = {path: data for path, data in base().items() if not path.startswith(("content/jobs/", "content/news/"))}
    inputs |= {f"content/{path}": data for path, data in files.items()}
    result = build_result(inputs, "2026-05-24T23:59")
    before, after = result.site or {}, build_site(inputs, "2026-05-25T00:00")
    assert result.next_change == datetime.fromisoformat("2026-05-25T00:00+01:00")
    assert _names(before) == []
    assert page(before, "/editions/next/").one("//meta[@name='robots']/@content") == "noindex"
    assert page(before, "/editions/next/").text("//ol[@class='app-letter']/li/a") == "Data engineer"
    assert b"editions/next" not in before["sitemap.xml"]
    assert _names(after) == ["2026-W21"]
    assert b"/editions/2026-W21/" in after["sitemap.xml"]
    assert page(after, "/").text("//section[@aria-labelledby='edition']//li/div[1]/a") == "Week of 18 to 24 May 2026"
    assert page(after, "/editions/next/").all("//ol[@class='app-letter']") == []
    (item,) = feedparser.parse(after["editions/feed.xml"]).entries
    assert item.id == "tag:digest.example,2026:edition/2026-W21"
    assert item.published == "Mon, 25 May 2026 00:00:00 +0100"
    assert feedparser.parse(before["editions/feed.xml"]).entries == []


def test_a_later_clock_leaves_editions_as_they_are() -> None:
    """Jobs close, years pass; past editions, their feed and their emails keep every byte while nothing is edited."""
    files = samples.golden()
    one, other = build_site(files, "2026-06-01T12:00"), build_site(files, "2031-02-03T12:00")
    kept = [path for path in one if re.match(r"editions/(\d{4}-W|feed)", path)]
    newest = "editions/2026-W22/index.html"  # which leads to the one after it, of an entry that was scheduled
    assert len(kept) > 3 * 6
    assert [path for path in kept if one[path] != other[path]] in (
        [newest, "editions/feed.xml"],
        ["editions/feed.xml", newest],
    )
    emails = [path for path in kept if "email" in path]
    assert [path for path in emails if one[path] != other[path]] == []


def test_editions_can_be_switched_off() -> None:
    """Without editions there is no page, feed or address of them anywhere."""
    files = base()
    files["config.yaml"] += b"\noutputs: {editions: false}\n"
    site = build_site(files)
    assert [path for path in site if "edition" in path] == []
    assert [path for path, data in site.items() if path.endswith((".html", ".opml")) and b"editions/" in data] == []


def test_a_preview_shows_editions_to_come() -> None:
    """With drafts, the edition of a week to come can be read, with its introduction."""
    files = {
        "jobs/m.md": job(title="Later", published="2026-07-08", closes="1 August 2026"),
        "editions/2026-W28.md": entry({"title": "What is to come"}, "Words to come."),
    }
    site = _site(files, "2026-06-01", drafts=True)
    assert page(site, "/editions/2026-W28/").text("//h1") == "What is to come"
    assert _names(_site(files, "2026-06-01")) == []


# --- introductions -------------------------------------------------------------------------------------------


def test_an_introduction_opens_its_edition() -> None:
    """Its title names the edition, its summary stands for it in inboxes, its words come first, in its language."""
    site = _site(
        {
            "jobs/m.md": job(title="Moving", published="2026-05-20"),
            "jobs/late.md": job(title="Late", published="2026-06-20"),
            "editions/2026-W21.md": entry(
                {"title": "Wythnos", "summary": "Un swydd.", "lang": "cy"}, "Geiriau: [[m]], [[late]], [yma](/about/)."
            ),
        }
    )
    shown_page = page(site, "/editions/2026-W21/")
    assert shown_page.text("//h1") == "Wythnos"
    assert shown_page.one("//meta[@name='description']/@content") == "Un swydd."
    words = shown_page.one("//div[@class='app-prose']")
    assert words.get("lang") == "cy"
    assert words.xpath(".//@href") == ["/jobs/m/", "/about/"]  # what came after the week is not linked ever
    mail = html.document_fromstring(site["editions/2026-W21/email.html"])
    assert mail.xpath("//div[@lang='cy']//@href") == ["https://digest.example/jobs/m/", "https://digest.example/about/"]
    assert "Geiriau: Moving (https://digest.example/jobs/m/)" in site["editions/2026-W21/email.txt"].decode()


@given(
    st.lists(st.sampled_from(["# ", "- ", "1. ", "> ", "`", "*", "a", " ", "\n", "|", "[x](/y/)", "&", "<b>", "\n\n"]))
)
def test_plain_text_has_every_word(pieces: list[str]) -> None:
    """Whatever an introduction is made of, its plain text has the words of its HTML, in their order."""
    body = read_body("".join(pieces)).body
    markup = resolve(body, lambda target: f"https://x.example{target}", str)
    said = html.fragment_fromstring(str(markup), create_parent="div").text_content()
    plain = re.sub(
        r" \(https://x\.example/y/\)|\(https://x\.example/y/\)|^[> ]*(?:- |\d+\. )*",
        "",
        plain_text(markup),
        flags=re.MULTILINE,
    )
    letters = [char for char in plain if char.isalnum()]
    assert [char for char in said if char in "ax"] == [char for char in letters if char in "ax"]


# --- emails --------------------------------------------------------------------------------------------------


def _mails(site: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """Return the email and the plain text of each edition by its name."""
    found = {
        name: (site[f"editions/{name}/email.html"].decode(), site[f"editions/{name}/email.txt"].decode())
        for name in _names(site)
    }
    assert found
    return found


def test_emails_stand_alone(built: samples.Built) -> None:
    """No email has a script, a picture that counts readers, a style sheet or a relative link; all are short enough."""
    for mail, _ in _mails(dict(built.files)).values():
        root = html.document_fromstring(mail)
        assert root.xpath("//script | //style | //link | //iframe | //form | //img") == []
        assert root.xpath("//p[not(@style)] | //ol[not(@style)] | //h2[not(@style)]") == []
        assert all(re.match(r"https://|mailto:", href) for href in root.xpath("//@href"))
        assert root.get("lang")
        assert all(table.get("role") == "presentation" for table in root.xpath("//table"))
        assert len(mail.encode()) < MOST


def test_the_text_has_every_fact(built: samples.Built) -> None:
    """Every line and every address of an email is in its plain text, and nothing there is escaped."""
    for mail, text in _mails(dict(built.files)).values():
        root = html.document_fromstring(mail)
        said = " ".join(re.sub(r"\s*\((?:https?|mailto):[^\s)]*\)", "", text).split())
        for item in root.xpath("//li[@class] | //h1 | //h2 | //div[not(@class)]/p"):
            for line in item.text_content().split("\n"):
                assert " ".join(line.split()) in said
        for href in root.xpath("//li//a/@href | //div[not(@class)]//a/@href"):
            assert href in text
        assert re.search(r"&(?:amp|lt|gt|#\d+);", text) is None


def test_only_plain_pages_are_not_escaped() -> None:
    """A template of plain text writes values as they are; every other one escapes them."""
    escaped = {}
    for name in ("pages/edition_email.txt", "feeds/robots.txt", "pages/x.html", "components/x.txt", "feeds/rss.xml"):
        renderer = Renderer({name: "{{ word }}"})
        escaped[name] = renderer._environment.get_template(name).render(word="<&>")
    assert escaped.pop("pages/edition_email.txt") == "<&>"
    assert set(escaped.values()) == {"&lt;&amp;&gt;"}


def test_a_mail_that_would_be_cut_off_is_shortened() -> None:
    """A week too full for one email is cut at its end and leads to its page; an introduction too long is left out."""
    jobs = {f"jobs/j{n:03}.md": job(title=f"Job {n}", published="2026-05-20") for n in range(220)}
    site = _site(jobs)
    mail = site["editions/2026-W21/email.html"]
    root = html.document_fromstring(mail.decode())
    told = len(root.xpath("//ol/li"))
    assert 90_000 < len(mail) <= MOST
    (said,) = root.xpath("//p[b]")
    assert f"{220 - told} more lines are left out" in said.text_content()
    assert said.xpath(".//@href") == ["https://digest.example/editions/2026-W21/"]
    assert len(page(site, "/editions/2026-W21/").all("//ol[@class='app-letter']/li")) == 220
    assert site["editions/2026-W21/email.txt"].decode().count("Home Office") == 220
    words = entry({"title": "Long"}, "Many words. " * 10_000)
    long = _site({"jobs/j.md": jobs["jobs/j001.md"], "editions/2026-W21.md": words})
    short = long["editions/2026-W21/email.html"]
    assert len(short) <= MOST
    assert b"The introduction is left out" in short
    assert b"Job 1" in short


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (600, "dark"), (1280, "light")])
def test_no_rule_of_a_style_sheet_matters(
    width: int, scheme: Any, browser: Browser, golden_site: dict[str, bytes]
) -> None:
    """An email looks, to the pixel, as it would with the style sheet that it was written with; and fits its window."""
    mail = golden_site["editions/2026-W22/email.html"].decode()
    template = samples.theme()["templates/pages/edition_email.html"]
    sheet = re.search(r"<style>.*?</style>", template.decode(), re.DOTALL)
    assert sheet
    styled = re.sub(r' style="[^"]*"', "", mail).replace("</head>", f"{sheet[0]}</head>")
    opened = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=scheme)
    shots = []
    for text in (re.sub(r' style="[^"]*"', "", mail), styled, mail):
        opened.set_content(text)
        shots.append(opened.screenshot(full_page=True))
    assert opened.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    opened.close()
    assert shots[2] == shots[1]
    assert shots[2] != shots[0]


# --- incremental ---------------------------------------------------------------------------------------------


def _content() -> dict[str, bytes]:
    return {
        **{path: data for path, data in base().items() if not path.startswith(("content/jobs/", "content/news/"))},
        "content/jobs/a.md": job("Line 0.", title="First", published="2026-05-05", closes="20 May 2026"),
        "content/jobs/b.md": job("Line 0.", title="Second", published="2026-05-19", closes="30 June 2026"),
        "content/news/n.md": news("Line 0.", published="2026-05-12"),
        "content/editions/2026-W20.md": entry({"title": "A week"}, "Line 0, and [[a]]."),
    }


def _swap(path: str, old: bytes, new: bytes) -> Any:
    def edit(files: dict[str, bytes]) -> None:
        assert old in files[path]
        files[path] = files[path].replace(old, new)

    return edit


def _remove(path: str) -> Any:
    return lambda files: files.pop(path)


def _week(*names: str) -> set[str]:
    return {f"editions/{name}/{file}" for name in names for file in ("index.html", "email.html", "email.txt")}


RADIUS = {
    "a body": (_swap("content/jobs/a.md", b"Line 0", b"Line 1"), set()),
    "a title": (
        _swap("content/jobs/a.md", b"First", b"Other"),
        {*_week("2026-W19", "2026-W20"), "editions/feed.xml"},
    ),
    "an introduction": (
        _swap("content/editions/2026-W20.md", b"Line 0", b"Line 1"),
        {*_week("2026-W20"), "editions/feed.xml"},
    ),
    "its title": (
        _swap("content/editions/2026-W20.md", b"A week", b"Our week"),
        {
            *_week("2026-W20"),
            *(f"editions/{path}index.html" for path in ("", "2026/", "2026-W19/", "2026-W21/")),
            "editions/feed.xml",
        },
    ),
    "an introduction less": (
        _remove("content/editions/2026-W20.md"),
        {
            *_week("2026-W20"),
            *(f"editions/{path}index.html" for path in ("", "2026/", "2026-W19/", "2026-W21/")),
            "editions/feed.xml",
        },
    ),
    "a deadline": (
        _swap(
            "content/jobs/b.md",
            b'closes: "30 June 2026"',
            b"closes: 3 July 2026\nchanges: [{date: 2026-05-28, note: Moved., closes: 3 July 2026, was: 30 June 2026}]",
        ),
        {
            *_week("2026-W22"),
            *(f"editions/{path}index.html" for path in ("", "2026/", "2026-W21/", "next/")),
            "editions/feed.xml",
            "index.html",
        },
    ),
}


@pytest.mark.parametrize("name", RADIUS)
def test_an_edit_moves_exactly_the_editions_that_show_it(name: str, tmp_path: Path) -> None:
    """One edit changes exactly these files of editions, and what is made with the memory equals a clean build."""
    edit, moved = RADIUS[name]
    files = _content()
    root, out, clean = tmp_path / "digest", tmp_path / "out" / "site", tmp_path / "clean" / "site"
    write_tree(root, files)
    options = ("build", "--root", root, "--now", "2026-06-01T12:00")
    assert run(*options, "--out", out).status == 0
    before, old = shown(out), dict(files)
    edit(files)
    for path in old.keys() - files.keys():
        (root / path).unlink()
    write_tree(root, {path: data for path, data in files.items() if data != old.get(path)})
    assert run(*options, "--out", out).status == 0
    assert run(*options, "--out", clean, "--no-cache").status == 0
    after = shown(out)
    assert after == shown(clean)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if path.startswith("editions/")} == {p for p in moved if p.startswith("editions/")}
    assert "index.html" not in moved or "index.html" in changed
