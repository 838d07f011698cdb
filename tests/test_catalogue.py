"""The catalogue and what is planned from it: order, counts, facets, bands, references, lists that never renumber."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.build import Options, Snapshot, build
from digest.documents.config import Config
from digest.planning.addresses import Addresses, are_apart
from digest.planning.catalogue import Catalogue
from digest.planning.facets import FACETS, enabled
from digest.planning.lists import paged
from digest.planning.states import State
from tests.builders import CONFIG, built, catalogue, config, entry, job, news, small_site, text_of, utc

UNTIMED: Final = settings(deadline=None)
"""A busy machine is slow and not wrong."""
NOW: Final = "2026-06-01T12:00"


def ids(items: object) -> list[str]:
    """Return the ids of carried entries or members, in their order."""
    assert isinstance(items, (list, tuple))
    return [item.card.id for item in items]


def members(found: Catalogue, facet: str) -> dict[str, list[str]]:
    """Return the ids under each term of a facet, in the order of its index."""
    return {terms.term.id: ids(terms.members) for terms in found.terms[facet]}


def placed(settings_: Config | None = None, **fields: str | None) -> dict[str, str]:
    """Return the salary pages of a job, each with the section that lists it."""
    facet = next(facet for facet in FACETS if facet.name == "salary")
    return {found.term: found.section for found in facet.memberships(job(**fields), settings_ or config())}


# --- order -------------------------------------------------------------------------------------------------


def test_newest_come_first() -> None:
    """Entries are carried newest first, by the instant and not the day, and those of one instant by id."""
    entries = [
        job("b", published="2026-05-18"),
        job("a", published="2026-05-18"),
        job("noon", published="2026-05-18 12:00"),
        news("old", published="2014-01-01"),
        news("new", published="2026-05-30"),
    ]
    assert ids(catalogue(entries).carried) == ["new", "noon", "a", "b", "old"]


def test_order_does_not_depend_on_the_order_of_reading() -> None:
    """However the files were listed, the catalogue is the same."""
    entries = [job(f"job-{n}", published=f"2026-05-{n % 3 + 10}", tags=f"[tag-{n % 4}, data]") for n in range(9)]
    one = config()
    orders = [entries, entries[::-1], entries[4:] + entries[:4]]
    assert len({repr(catalogue(order, settings=one).carried) for order in orders}) == 1
    assert len({repr(catalogue(order, settings=one).terms) for order in orders}) == 1


def test_open_jobs_are_in_closing_order() -> None:
    """The next to close comes first, to the minute; equal deadlines go by title; jobs without one come last."""
    entries = [
        job("standing", closes="open until filled", published="2026-05-10"),
        job("newer-standing", closes="open until filled", published="2026-05-12"),
        job("day", closes="30 June 2026", title="B"),
        job("other-day", closes="30 June 2026", title="A"),
        job("noon", closes="midday on 30 June 2026"),
        job("soon", closes="2 June 2026"),
        job("closed", closes="31 May 2026"),
    ]
    expected = ["soon", "noon", "other-day", "day", "newer-standing", "standing"]
    assert ids(catalogue(entries).open_jobs()) == expected


def test_kinds_are_apart() -> None:
    """Jobs, news and pages are listed by kind, pages by id, and none is among another's."""
    found = catalogue([job("a-job"), news("some-news"), entry("page", "b-page"), entry("page", "a-page")])
    assert ids(found.jobs()) == ["a-job"]
    assert ids(found.news()) == ["some-news"]
    assert ids(found.pages()) == ["a-page", "b-page"]


# --- counts ------------------------------------------------------------------------------------------------

FATES: Final[Mapping[str, tuple[State, dict[str, str | None]]]] = {
    "draft": ("draft", {"draft": "true"}),
    "later": ("scheduled", {"published": "2026-06-02", "closes": "30 June 2026"}),
    "gone": ("withdrawn", {"withdrawn": "{date: 2026-05-20, reason: A mistake.}"}),
    "open": ("open", {}),
    "closed": ("closed", {"closes": "31 May 2026"}),
    "future": ("opening soon", {"opens": "3 June 2026"}),
}


@UNTIMED
@given(st.lists(st.sampled_from(sorted(FATES)), max_size=12), st.booleans())
def test_counts_add_up(fates: list[str], drafts: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Nothing is skipped in silence: published, drafts, scheduled and withdrawn add up to what was read."""
    entries = [job(f"{fate}-{place}", **FATES[fate][1]) for place, fate in enumerate(fates)]
    counts = catalogue(entries, drafts=drafts).counts
    assert counts.read == len(entries)
    assert counts.published + counts.drafts + counts.scheduled + counts.withdrawn == counts.read
    assert counts.drafts == fates.count("draft")
    assert counts.scheduled == fates.count("later")
    assert counts.withdrawn == fates.count("gone")


@pytest.mark.parametrize("drafts", [False, True])
def test_what_is_carried(drafts: bool) -> None:  # noqa: FBT001 - a parameter of the case
    """Drafts and scheduled entries are carried only when asked for, withdrawn ones never, the rest always."""
    found = catalogue([job(name, **fields) for name, (_, fields) in FATES.items()], drafts=drafts)
    hidden = {"draft", "later"}
    expected = {name: state for name, (state, _) in FATES.items() if name != "gone" and (drafts or name not in hidden)}
    assert {item.card.id: item.state for item in found.carried} == expected
    assert found.by_id.keys() == expected.keys()
    assert [gone.id for gone in found.withdrawn] == ["gone"]
    assert {waiting.id for waiting in found.waiting()} == (set() if drafts else hidden)
    assert found.cards.keys() == FATES.keys()


def test_a_closed_job_knows_when_it_closed() -> None:
    """A closed job is filed under the day it closed on, an open one under that of its publication."""
    found = catalogue([job("closed", closes="11:55pm on 30 May 2026"), job("open")])
    filed = {item.card.id: item.filed.isoformat() for item in found.carried}
    assert filed == {"closed": "2026-05-30", "open": "2026-05-18"}


# --- facets ------------------------------------------------------------------------------------------------


def test_an_entry_is_under_each_of_its_terms() -> None:
    """A joint post in two places with two tags, a grade and a role is found under every one of them."""
    joint = job(
        "joint",
        organisation="[Home Office, Cabinet Office]",
        location="[London, hybrid]",
        tags="[data, leadership]",
        grade="grade seven",
        role="Data engineer",
    )
    found = catalogue([joint])
    assert members(found, "organisations") == {"cabinet-office": ["joint"], "home-office": ["joint"]}
    assert members(found, "locations") == {"hybrid": ["joint"], "london": ["joint"]}
    assert members(found, "tags") == {"data": ["joint"], "leadership": ["joint"]}
    assert members(found, "grades") == {"g7": ["joint"]}
    assert members(found, "roles") == {"data": ["joint"]}


def test_a_fact_left_out_files_under_nothing() -> None:
    """A job without grade, place or role is under no term of theirs, and news only under tags and organisations."""
    found = catalogue([job("plain"), news("item", organisation="Home Office")])
    assert (members(found, "grades"), members(found, "locations"), members(found, "roles")) == ({}, {}, {})
    assert members(found, "organisations") == {"home-office": ["item", "plain"]}
    assert all("item" not in found_ids for found_ids in members(found, "salary").values())


def test_spellings_meet_under_one_term() -> None:
    """An alias and another way to write a name lead to the one term that configuration lists."""
    found = catalogue(
        [job("alias", organisation="HO"), job("case", organisation="home office", published="2026-05-17")]
    )
    assert members(found, "organisations") == {"home-office": ["alias", "case"]}
    assert [terms.term.label for terms in found.terms["organisations"]] == ["Home Office"]


def test_unlisted_terms_get_a_page_of_their_own() -> None:
    """A tag, organisation or place that configuration does not list has a term made from its name."""
    found = catalogue([job("new", organisation="Skills & Co", tags="[service design]", location="Ynys Môn")])
    label = {name: [(terms.term.id, terms.term.label) for terms in found.terms[name]] for name in found.terms}
    assert label["organisations"] == [("skills-and-co", "Skills & Co")]
    assert label["tags"] == [("service-design", "Service design")]
    assert label["locations"] == [("ynys-mon", "Ynys Môn")]


def test_grades_in_the_sources_own_words_share_a_term() -> None:
    """A grade outside the vocabulary is under "Other grades", and is not mixed with any listed one."""
    found = catalogue([job("us", grade="{other: GS-14}"), job("eu", grade="{other: AD 7}", published="2026-05-17")])
    assert members(found, "grades") == {"other": ["us", "eu"]}


def test_indexes_are_in_their_order() -> None:
    """Grades keep the order of the vocabulary with others last; tags and organisations go by name, without case."""
    entries = [
        job("a", grade="G7", tags="[zebra]", organisation="the Agency"),
        job("b", grade="{other: GS-14}", tags="[data]", organisation="Zoo"),
        job("c", grade="SEO", tags="[apple]", organisation="Art Fund"),
    ]
    found = catalogue(entries)
    assert list(members(found, "grades")) == ["seo", "g7", "other"]
    assert list(members(found, "tags")) == ["apple", "data", "zebra"]
    assert list(members(found, "organisations")) == ["art-fund", "the-agency", "zoo"]


def test_terms_without_entries_have_no_page_except_bands() -> None:
    """An unused tag has no term list, and every salary band and special page has one, in rising order."""
    found = catalogue([news("item", tags="[data]")])
    assert list(members(found, "tags")) == ["data"]
    bands = [band.id for band in config().bands]
    assert list(members(found, "salary")) == [*bands, "day-rates", "other-currencies", "not-stated", "unpaid"]


def test_members_are_in_the_catalogues_order() -> None:
    """The entries of a term are newest first, as everywhere."""
    entries = [job(f"job-{day}", published=f"2026-05-{day}") for day in (11, 19, 15)]
    assert members(catalogue(entries), "tags") == {"data": ["job-19", "job-15", "job-11"]}


@pytest.mark.parametrize("facet", [facet.name for facet in FACETS])
def test_a_facet_that_is_switched_off_is_gone(facet: str) -> None:
    """Switching a facet off takes its terms from the catalogue and every page, feed and link of it from the site."""
    text = f"{CONFIG}facets: {{{facet}: false}}\n"
    assert [one.name for one in enabled(config(text))] == [one.name for one in FACETS if one.name != facet]
    assert facet not in catalogue([job()], settings=config(text)).terms
    full = job("full", grade="G7", location="London", role="Data engineer")
    assert all(catalogue([full]).terms[one.name] for one in FACETS)
    files = small_site() | {"config.yaml": text.encode()}
    files["content/jobs/full.md"] = text_of("job", grade="G7", location="London", role="Data engineer").encode()
    site = built(files)
    assert [path for path in site if path.startswith(f"{facet}/")] == []
    assert [path for path, data in site.items() if f'"/{facet}/'.encode() in data] == []


@UNTIMED
@given(st.lists(st.sampled_from(sorted(FATES)), max_size=8))
def test_every_carried_entry_is_under_its_tags(fates: list[str]) -> None:
    """No carried entry is missing from a term, and no term lists what is not carried."""
    entries = [job(f"{fate}-{place}", **FATES[fate][1]) for place, fate in enumerate(fates)]
    found = catalogue(entries)
    listed = {id_ for found_ids in members(found, "tags").values() for id_ in found_ids}
    assert listed == found.by_id.keys()


# --- bands -------------------------------------------------------------------------------------------------

SALARIES: Final[Mapping[str, dict[str, str]]] = {
    "£71,000 to £85,000": {"60000-to-74999": "starts", "75000-to-99999": "reaches"},
    "about £110,000": {"100000-and-over": "starts"},
    "about £90,000": {"75000-to-99999": "starts"},
    "£29,999": {"under-30000": "starts"},
    "£30,000": {"30000-to-39999": "starts"},
    "£74,999.50": {"60000-to-74999": "starts"},
    "£60,000 to £75,000": {"60000-to-74999": "starts"},
    "£60,000 to £75,001": {"60000-to-74999": "starts", "75000-to-99999": "reaches"},
    "£28,000 to £52,000": {
        "under-30000": "starts",
        "30000-to-39999": "reaches",
        "40000-to-49999": "reaches",
        "50000-to-59999": "reaches",
    },
    "from £45k": {"40000-to-49999": "starts"},
    "up to £97,760": {"75000-to-99999": "starts"},
    "£18.20 an hour": {"30000-to-39999": "starts"},
    "£4,000 a month": {"40000-to-49999": "starts"},
    "£1,000 a week": {"50000-to-59999": "starts"},
    "£550 a day": {"day-rates": ""},
    "€5,000 a month": {"other-currencies": ""},
    "€500 a day": {"other-currencies": ""},
    "not stated": {"not-stated": ""},
    "unpaid": {"unpaid": ""},
    "[{label: London, salary: '£52,000'}, {label: National, salary: '£48,000'}]": {
        "40000-to-49999": "starts",
        "50000-to-59999": "reaches",
    },
    "[{label: Staff, salary: '£52,000'}, {label: Contractor, salary: '£550 a day'}]": {
        "50000-to-59999": "starts",
        "day-rates": "",
    },
}
"""Pay as editors write it, and the salary pages that list it."""


@pytest.mark.parametrize(("salary", "expected"), SALARIES.items(), ids=SALARIES.keys())
def test_placing(salary: str, expected: dict[str, str]) -> None:
    """A job stands in each band its pay touches, first where it starts, and special pay on pages without sections."""
    assert placed(salary=salary) == expected


def test_hours_of_the_job_place_hourly_pay() -> None:
    """Pay by the hour is brought to a year with the job's own hours, else with the configuration's."""
    assert placed(salary="£18.20 an hour", hours="18.5") == {"under-30000": "starts"}
    text = f"{CONFIG}salary: {{hours_per_week: 50, weeks_per_year: 50}}\n"
    assert placed(config(text), salary="£18.20 an hour") == {"40000-to-49999": "starts"}


def test_bands_are_the_configurations() -> None:
    """Bands come from the bounds and the currency that the configuration gives."""
    text = f"{CONFIG}salary: {{currency: EUR, bands: [50000]}}\n"
    assert placed(config(text), salary="€5,000 a month") == {"50000-and-over": "starts"}
    assert placed(config(text), salary="£60,000") == {"other-currencies": ""}


def test_counts_of_a_band_count_a_job_once() -> None:
    """A job that starts in a band and reaches others is one member of each."""
    found = catalogue([job("wide", salary="£28,000 to £52,000")])
    lists = members(found, "salary")
    assert [band for band, found_ids in lists.items() if found_ids == ["wide"]] == [
        "under-30000",
        "30000-to-39999",
        "40000-to-49999",
        "50000-to-59999",
    ]


# --- references --------------------------------------------------------------------------------------------


def _built_with(now: str, **texts: str) -> dict[str, bytes]:
    """Return the small site with more files; a name such as `jobs__new` stands for `content/jobs/new.md`."""
    more = {f"content/{name.replace('__', '/').replace('_', '-')}.md": text.encode() for name, text in texts.items()}
    return built(small_site() | more, now)


def test_a_job_that_ended_early_is_listed_with_that_day() -> None:
    """A job whose outcome came before its deadline stands among closed ones with the day of the outcome."""
    filled = text_of("job", title="Filled", closes="30 August 2026", outcome="{result: filled, date: 2026-05-28}")
    listed = _built_with("2026-06-01T12:00", jobs__done=filled)["jobs/closed/index.html"].decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", listed))
    assert "Closed 28 May 2026" in words
    assert "August" not in words


def test_a_link_to_a_scheduled_entry_comes_to_life() -> None:
    """A link to a scheduled entry is words that do not give its title away, and is a link once it is published."""
    news_text = text_of("news", body="As we said in [[later]].", related="[later]")
    files = {"news__linking": news_text, "jobs__later": text_of("job", title="Later job", published="2026-06-10")}
    before = _built_with("2026-06-09T23:59:59", **files)["news/linking/index.html"].decode()
    after = _built_with("2026-06-10T00:00", **files)["news/linking/index.html"].decode()
    assert "/jobs/later/" not in before
    assert "Later job" not in before
    assert "As we said in" in before
    assert after.count('href="/jobs/later/"') >= 2
    feed = _built_with("2026-06-10T00:00", **files)["news/feed.xml"].decode()
    assert "https://small.example/jobs/later/" in feed


def test_nothing_of_a_hidden_entry_is_published() -> None:
    """Of a draft and of a scheduled entry the site holds no page, no row, no feed item and no sitemap line."""
    site = _built_with(
        "2026-06-01T12:00",
        jobs__secret=text_of("job", title="Secret of the draft", draft="true"),
        jobs__later=text_of("job", title="Secret of the calendar", published="2026-06-10"),
    )
    assert [path for path, data in site.items() if b"Secret of the" in data or b"jobs/secret" in data] == []
    assert [path for path, data in site.items() if b"jobs/later" in data] == []
    assert "jobs/designer/index.html" in site


def test_drafts_are_shown_when_asked_for_but_not_in_feeds() -> None:
    """With drafts, hidden entries have pages and rows, marked as such, and feeds and subscribers never see them."""
    files = small_site() | {"content/jobs/secret.md": text_of("job", title="Secret", draft="true").encode()}
    site = built(files, drafts=True)
    assert b"Draft" in site["jobs/secret/index.html"]
    assert b"/jobs/secret/" in site["tags/data/index.html"]
    told = [path for path, data in site.items() if path.endswith(("feed.xml", ".ics")) and b"secret" in data.lower()]
    assert told == []


def test_related_works_both_ways() -> None:
    """An entry that another names as related links back to it."""
    site = _built_with("2026-06-01T12:00", news__naming=text_of("news", title="Naming news", related="[designer]"))
    assert b'href="/news/naming/"' in site["jobs/designer/index.html"]


def test_an_alias_leads_to_the_entry() -> None:
    """Old ids and old paths keep answering, and lead to the entry's page."""
    site = _built_with("2026-06-01T12:00", jobs__new=text_of("job", aliases="[old, /vacancies/7/]"))
    for path in ("jobs/old/index.html", "vacancies/7/index.html"):
        assert b"/jobs/new/" in site[path]


def test_a_withdrawn_entry_leaves_a_notice() -> None:
    """A withdrawn entry's address and its old ones keep answering with the reason; no list, feed or search has it.

    Calendars and open data say that it is gone, to those who have it already.
    """
    gone = text_of("job", title="Gone", withdrawn="{date: 2026-05-25, reason: It was a mistake.}", aliases="[old-gone]")
    site = _built_with("2026-06-01T12:00", jobs__gone=gone)
    assert b"It was a mistake." in site["jobs/gone/index.html"]
    assert "jobs/old-gone/index.html" in site
    notices = {"jobs/gone/index.html", "jobs/old-gone/index.html", "_redirects", "data/jobs.json", "data/jobs.csv"}
    notices |= {path for path in site if path.endswith("closing.ics")}
    assert [path for path, data in site.items() if b"jobs/gone/" in data and path not in notices] == []


def test_a_body_links_to_a_withdrawn_entry() -> None:
    """A link to an entry that has been withdrawn since still leads to its notice, and is no error."""
    gone = text_of("job", title="Gone", withdrawn="{date: 2026-05-25, reason: It was a mistake.}")
    site = _built_with("2026-06-01T12:00", jobs__gone=gone, news__linking=text_of("news", body="See [[gone]]."))
    assert b'href="/jobs/gone/"' in site["news/linking/index.html"]


BROKEN: Final[Mapping[str, tuple[dict[str, str], str]]] = {
    "related": ({"news__a": text_of("news", related="[nothing]")}, "reference-unknown"),
    "link": ({"news__a": text_of("news", body="See [[nothing]].")}, "reference-unknown"),
    "draft": (
        {"news__a": text_of("news", related="[hidden]"), "jobs__hidden": text_of("job", draft="true")},
        "reference-draft",
    ),
    "path": ({"news__a": text_of("news", body="See [it](/nowhere/).")}, "link-unknown"),
    "fragment": ({"news__a": text_of("news", body="See [it](/jobs/designer/#nowhere).")}, "link-fragment"),
    "id": ({"news__designer": text_of("news")}, "id-duplicate"),
    "alias": ({"news__a": text_of("news", aliases="[/jobs/designer/]")}, "alias-taken"),
    "image": ({"news__a": text_of("news", body="![A map](map.png)")}, "image-missing"),
    "apply": ({"jobs__a": text_of("job", apply=None)}, "apply-missing"),
}
"""Files with a reference that leads nowhere, and the rule that says so."""


@pytest.mark.parametrize(("texts", "rule"), BROKEN.values(), ids=BROKEN.keys())
def test_references_that_lead_nowhere_stop_the_build(texts: Mapping[str, str], rule: str) -> None:
    """A reference to what is not there is one error in the file that makes it, and nothing is published."""
    more = {f"content/{name.replace('__', '/')}.md": text.encode() for name, text in texts.items()}
    result = build(Snapshot(small_site() | more), Options(utc(NOW)))
    errors = [problem for problem in result.problems if problem.severity == "error"]
    assert [error.rule for error in errors] == [rule]
    assert {error.span.path for error in errors} <= more.keys()
    assert result.site is None


def test_links_may_lead_to_files_that_are_made_last() -> None:
    """The sitemap and the search are pages to link to, although they are made of the paths of all others."""
    text = text_of("news", body="See [the map](/sitemap.xml) or [search](/search/).")
    assert "news/maps/index.html" in _built_with("2026-06-01T12:00", news__maps=text)


@UNTIMED
@given(
    st.lists(st.text("aB/.", min_size=1, max_size=5).filter(lambda path: "//" not in path and path.strip("/") == path))
)
def test_files_are_apart_where_each_can_take_its_address(paths: list[str]) -> None:
    """Whether files meet, in whatever case, or as file and folder, is told as by taking one after the other."""
    taken = Addresses()
    assert are_apart(paths) == all(taken.take(path, None) is None for path in paths)


def test_apply_is_needed_only_while_a_job_is_open() -> None:
    """A job that has closed, or is not yet published, needs no address to apply at."""
    site = _built_with(
        "2026-06-01T12:00",
        jobs__past=text_of("job", apply=None, closes="31 May 2026"),
        jobs__later=text_of("job", apply=None, published="2026-06-10"),
    )
    assert "jobs/past/index.html" in site


# --- lists that never renumber -----------------------------------------------------------------------------


@UNTIMED
@given(st.integers(0, 400), st.integers(1, 60))
def test_pages_cover_every_row_once(count: int, size: int) -> None:
    """The slices go from the newest row to the oldest without gap or overlap, and all but the first are full."""
    slices = paged(count, size)
    assert slices[0][0] == 0
    assert slices[-1][1] == count
    assert all(one[1] == other[0] for one, other in pairwise(slices))
    assert slices[0][2] is None
    assert slices[0][1] < 2 * size
    assert all(stop - start == size for start, stop, _ in slices[1:])
    assert [number for _, _, number in slices[1:]] == list(range(len(slices) - 1, 0, -1))


@UNTIMED
@given(st.integers(0, 400), st.integers(1, 100), st.integers(1, 60))
def test_old_pages_never_renumber(count: int, added: int, size: int) -> None:
    """However many entries are added, a numbered page keeps its number and its rows, counted from the oldest."""

    def from_oldest(total: int) -> dict[int, tuple[int, int]]:
        pages = paged(total, size)
        return {number: (total - stop, total - start) for start, stop, number in pages if number is not None}

    before, after = from_oldest(count), from_oldest(count + added)
    assert before.items() <= after.items()


def test_a_new_entry_rewrites_no_full_page() -> None:
    """Adding a news item changes no byte of a numbered archive page that has a newer one before and after."""

    def archive(count: int) -> dict[str, bytes]:
        items = {f"news__n{day}": text_of("news", published=f"2026-03-{day:02}") for day in range(1, count + 1)}
        site = _built_with("2026-06-01T12:00", **items)
        return {path: data for path, data in site.items() if path.startswith("news/2026/page/")}

    before, after = archive(8), archive(9)
    settled = sorted(before)[:-1]
    assert len(settled) >= 2
    assert {path: before[path] for path in settled} == {path: after[path] for path in settled}


def test_a_catalogue_takes_what_it_is_given() -> None:
    """An empty digest is a catalogue too: nothing carried, nothing due, every count nought."""
    found = catalogue([], NOW)
    assert (found.carried, found.next_change, found.counts.read) == ((), None, 0)
    assert all(terms == () for name, terms in found.terms.items() if name != "salary")
