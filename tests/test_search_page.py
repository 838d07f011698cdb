"""The search as people meet it in a browser: words, filters, order, history, keyboard, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page, Route, expect

from digest.planning.search_words import bucket_of, words_of
from tests import samples
from tests.browsing import COLOURS, OVERFLOW, serve

FOUND: Final = "[data-results] .app-row a"
NOW: Final = "2026-06-01T12:00:00+01:00"
"""The clock of browsers, as that of `samples.NOW`."""
CONFIG: Final = """\
title: Findable digest
base_url: https://findable.example/
authority: findable.example
navigation: [{label: Jobs, path: /jobs/}, {label: Search, path: /search/}]
salary: {bands: [40000, 60000]}
grades: [{id: g7, label: Grade 7, short: G7}]
contracts: [{id: permanent, label: Permanent}]
patterns: [{id: full-time, label: Full-time}]
clearances: [{id: sc, label: Security check, short: SC}]
roles: [{id: data, label: Data, roles: [{id: data-engineer, label: Data engineer}]}]
tags: [{id: data, label: Data}, {id: boats, label: Boats}]
organisations: [{name: Home Office}, {name: Harbour Board, aliases: [HB]}]
places: [{name: London}, {name: Leeds}]
licences: [{id: OGL-3.0, label: Open Government Licence v3.0}]
"""


def _files() -> dict[str, bytes]:
    """Return a site of jobs that differ in what can be searched, and of a row of like ones."""
    found = {
        "engineer": samples.job(
            "You will tend the quokka.",
            title="Data engineer", tags=["data"], location=["Leeds"], published="2026-05-19",
        ),
        "pilot": samples.job(
            title="Pilot of boats", tags=["boats"], location=["London"], organisation="Harbour Board",
            salary="£70,000", closes="3 June 2026", summary="Bring <b>ships</b> & boats in.", grade="G7",
        ),
        "clerk": samples.job(
            "Write of pilots.", title="Clerk", tags=["boats"], location=["Leeds"], published="2025-02-03",
            closes="28 February 2025", salary="£24,000", organisation="Harbour Board",
        ),
        **{
            f"keeper-{place}": samples.job(
                title=f"Lamp keeper {place}", published=f"2025-03-{place:02}", closes="31 March 2025", tags=["boats"]
            )
            for place in range(1, 25)
        },
    }  # fmt: skip
    return {
        **samples.theme(),
        "config.yaml": CONFIG.encode(),
        **{f"content/jobs/{name}.md": data for name, data in found.items()},
        "content/news/llanw.md": samples.news(
            "Mae'r llanw ar Ynys Môn.", title="Llanw Môn", lang="cy", tags=["data"], organisation="Home Office"
        ),
    }


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """Give the files of the site; no test changes them."""
    return samples.build_site(_files())


@pytest.fixture(scope="module")
def address(site: dict[str, bytes]) -> Iterator[str]:
    """Give the address of the site."""
    with serve(site) as found:
        yield found


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give a page whose script must not fail."""
    made = context.new_page()
    made.clock.set_fixed_time(NOW)
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield made
    assert wrong == []


def _search(page: Page, words: str) -> None:
    page.get_by_label("Search jobs and news").fill(words)
    page.get_by_role("button", name="Search").click()


def _filter(page: Page, label: str, option: str) -> None:
    summary = page.locator("details[data-filters]")
    if not summary.evaluate("found => found.open"):
        summary.locator("summary").click()
    page.get_by_label(label, exact=True).select_option(label=option)


def _shows(page: Page, *titles: str) -> None:
    expect(page.locator(FOUND)).to_have_text(list(titles))
    number = len(titles)
    said = f"{number} {'entry' if number == 1 else 'entries'} found"
    expect(page.get_by_role("status")).to_have_text(said)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=40)
        | st.text("abcdeéèêëfghiïijlmnoôprsʼ'’tuûwŵyŷßςΣİı -–½ﬁ", max_size=30),  # noqa: RUF001 - alike on purpose
        min_size=40,
        max_size=80,
    )
)
def test_the_script_takes_words_apart_as_the_build_does(texts: list[str], address: str, page: Page) -> None:
    """The script finds in any text the words that the build finds, and for each the same file."""
    if page.url != f"{address}/search/":
        page.goto(f"{address}/search/")
    found = page.evaluate(
        "texts => texts.map(text => search.words(text).map(word => [word, search.bucket(word)]))", texts
    )
    assert found == [[[word, bucket_of(word)] for word in words_of(text)] for text in texts]


# --- what is found -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("engineer", ["Data engineer"]),
        ("ENGINEERS", ["Data engineer"]),
        ("engin", ["Data engineer"]),
        ("quokka", ["Data engineer"]),
        ("leeds data", ["Data engineer", "Clerk"]),
        ("harbour board", ["Pilot of boats", "Clerk"]),
        ("HB", ["Pilot of boats", "Clerk"]),
        ("g7", ["Pilot of boats"]),
        ("pilot", ["Pilot of boats", "Clerk"]),
        ("mon", ["Llanw Môn"]),
        ("Lamp 7", ["Lamp keeper 7"]),
    ],
)
def test_words_find_entries(words: str, titles: list[str], address: str, page: Page) -> None:
    """A job is found by its title, its organisation, a word of its body; what says it in the title comes first."""
    page.goto(f"{address}/search/")
    _search(page, words)
    _shows(page, *titles)


def test_a_row_is_that_of_lists(address: str, page: Page) -> None:
    """A result shows what rows of lists show, in the same order, with the summary below, and leads to the entry."""
    page.goto(f"{address}/jobs/")
    listed = page.locator(".app-row", has_text="Pilot of boats")
    words, name = listed.inner_text().split(), listed.get_attribute("class")
    page.goto(f"{address}/search/?q=ships")
    row = page.locator("[data-results] .app-row")
    expect(row).to_have_count(1)
    assert row.inner_text().split() == [*words, "Bring", "<b>ships</b>", "&", "boats", "in."]
    assert row.get_attribute("class") == name
    assert row.locator("mark").all_inner_texts() == ["ships"]
    assert row.locator("time").get_attribute("datetime") == "2026-06-03"
    row.get_by_role("link").click()
    page.wait_for_url("**/jobs/pilot/")


def test_words_in_another_language_say_so(address: str, page: Page) -> None:
    """The title and the summary of a result carry the entry's language."""
    page.goto(f"{address}/search/?q=llanw")
    expect(page.locator(FOUND)).to_have_attribute("lang", "cy")
    expect(page.locator(".app-row__summary")).to_have_attribute("lang", "cy")


# --- filters and order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "option", "titles"),
    [
        ("Show", "Jobs closing soon", ["Pilot of boats"]),
        ("Show", "Open jobs", ["Pilot of boats", "Data engineer"]),
        ("Show", "News", ["Llanw Môn"]),
        ("Salary band", "£60,000 and over", ["Pilot of boats"]),
        ("Organisation", "Harbour Board", ["Pilot of boats", "Clerk"]),
        ("Place", "Leeds", ["Data engineer", "Clerk"]),
        ("Grade", "Grade 7", ["Pilot of boats"]),
        ("Tag", "Data", ["Data engineer", "Llanw Môn"]),
    ],
)
def test_a_filter_alone_finds_its_entries(label: str, option: str, titles: list[str], address: str, page: Page) -> None:
    """Each filter finds its entries without any words, the open ones first."""
    page.goto(f"{address}/search/")
    _filter(page, label, option)
    _shows(page, *titles)


def test_filters_combine_with_words_and_each_other(address: str, page: Page) -> None:
    """Each filter that is added leaves only what answers to all; taking one away brings the others back."""
    page.goto(f"{address}/search/?q=boats")
    expect(page.get_by_role("status")).to_have_text("26 entries found")
    _filter(page, "Organisation", "Harbour Board")
    _shows(page, "Pilot of boats", "Clerk")
    _filter(page, "Place", "Leeds")
    _shows(page, "Clerk")
    _filter(page, "Show", "Open jobs")
    expect(page.get_by_role("status")).to_have_text("Nothing found")
    _filter(page, "Place", "Any")
    _shows(page, "Pilot of boats")
    assert page.url.endswith("/search/?q=boats&state=open&organisations=harbour-board")


def test_results_come_in_the_order_asked_for(address: str, page: Page) -> None:
    """The usual order puts open jobs first, the others go by the day of publication or by the deadline."""
    page.goto(f"{address}/search/?q=office&state=open")
    page.goto(f"{address}/search/?locations=leeds")
    _shows(page, "Data engineer", "Clerk")
    page.goto(f"{address}/search/?tags=boats&sort=newest")
    expect(page.locator(FOUND).first).to_have_text("Pilot of boats")
    page.goto(f"{address}/search/?state=open&sort=closing")
    _shows(page, "Pilot of boats", "Data engineer")


def test_a_job_that_closed_since_the_build_is_closed(address: str, page: Page) -> None:
    """Once the deadline has passed a job is no longer found among the open ones, and its row says so."""
    page.clock.set_fixed_time("2026-06-04T00:00:00+01:00")
    page.goto(f"{address}/search/?state=open")
    _shows(page, "Data engineer")
    page.goto(f"{address}/search/?q=pilot&state=closed")
    row = page.locator("[data-results] .app-row").first
    expect(row).to_contain_text("Closed 3 June 2026")
    expect(row.locator(".app-badge")).to_have_text("Closed")
    expect(row.locator(".app-badge--closed")).to_have_count(1)


# --- history -------------------------------------------------------------------------------------------------


def test_the_back_button_goes_from_search_to_search(address: str, page: Page) -> None:
    """Each search has its address and its title; back and forward bring its words, filters and results."""
    page.goto(f"{address}/search/")
    _search(page, "engineer")
    _shows(page, "Data engineer")
    assert page.title().startswith("engineer \N{EN DASH} Search")
    _search(page, "clerk")
    _shows(page, "Clerk")
    _filter(page, "Place", "London")
    expect(page.get_by_role("status")).to_have_text("Nothing found")
    page.go_back()
    _shows(page, "Clerk")
    expect(page.get_by_label("Place", exact=True)).to_have_value("")
    page.go_back()
    _shows(page, "Data engineer")
    expect(page.get_by_label("Search jobs and news")).to_have_value("engineer")
    page.go_forward()
    _shows(page, "Clerk")
    page.locator(FOUND).click()
    page.go_back()
    _shows(page, "Clerk")


def test_an_address_can_be_shared(address: str, page: Page) -> None:
    """The address of a search, opened afresh, gives its results; what it cannot mean is left out."""
    page.goto(f"{address}/search/?q=harbour&locations=leeds&grades=&tags=nonsense&page=9")
    _shows(page, "Clerk")
    expect(page.get_by_label("Place", exact=True)).to_have_value("leeds")
    expect(page.get_by_label("Tag", exact=True)).to_have_value("")


def test_more_results_are_shown_when_asked_for(address: str, page: Page) -> None:
    """Ten rows are shown at first; each press of the button adds ten and leads on to them; the address keeps that."""
    page.goto(f"{address}/search/?q=lamp&sort=newest")
    rows, more = page.locator(FOUND), page.get_by_role("button", name="Show more results")
    expect(rows).to_have_count(10)
    more.click()
    expect(rows).to_have_count(20)
    expect(rows.nth(10)).to_be_focused()
    page.reload()
    expect(rows).to_have_count(20)
    more.click()
    expect(rows).to_have_count(24)
    expect(more).to_be_hidden()
    assert rows.all_inner_texts() == [f"Lamp keeper {place}" for place in range(24, 0, -1)]


# --- nothing to show -----------------------------------------------------------------------------------------


def test_nothing_found_helps_on(address: str, page: Page) -> None:
    """Where nothing is found the page names the words that no entry has, says what to do, and offers the lists."""
    page.goto(f"{address}/search/?q=pilot+zzzzz")
    expect(page.get_by_role("status")).to_have_text("Nothing found: no entry has “zzzzz”")
    expect(page.get_by_text("look for spelling mistakes")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Organisations")).to_be_visible()
    page.get_by_role("link", name="clear the search").click()
    expect(page.get_by_text("Find jobs and news by any words")).to_be_visible()
    expect(page.get_by_text("look for spelling mistakes")).to_be_hidden()


def test_without_the_script_the_page_says_so(site: dict[str, bytes], context: BrowserContext) -> None:
    """Where scripts are off, or this one does not come, there is no form that would not work, but lists to browse."""
    off = context.browser.new_context(java_script_enabled=False) if context.browser else context
    broken = {path: data for path, data in site.items() if not path.endswith(".js")}
    for made, files in ((off, site), (context, broken)):
        with serve(files) as found:
            page = made.new_page()
            page.goto(f"{found}/search/?q=pilot")
            expect(page.get_by_text("Search needs JavaScript")).to_be_visible()
            expect(page.locator("main form")).to_be_hidden()
            page.get_by_role("main").get_by_role("link", name="Tags").click()
            page.wait_for_url("**/tags/")
    off.close()


def test_a_search_that_cannot_be_loaded_says_so(address: str, context: BrowserContext) -> None:
    """Where the files of a search do not come the page says so; once they do, searching again finds."""
    page = context.new_page()
    page.goto(f"{address}/search/")
    page.route("**/search/words/*", lambda route: route.abort())
    _search(page, "pilot")
    expect(page.get_by_role("status")).to_contain_text("The search could not be loaded")
    page.unroute("**/search/words/*")
    _search(page, "pilot boats")
    _shows(page, "Pilot of boats", "Clerk")


def test_a_site_published_meanwhile_is_searched(context: BrowserContext) -> None:
    """A page that was opened before the site changed finds what is new, though the files it knew of are gone."""
    files = _files()
    before = samples.build_site(files)
    served = dict(before)
    with serve(served) as found:
        page = context.new_page()
        page.goto(f"{found}/search/?state=news")
        _shows(page, "Llanw Môn")
        files["content/jobs/diver.md"] = samples.job(title="Diver", tags=["boats"])
        served.clear()
        served.update(samples.build_site(files))
        _search(page, "diver")
        _filter(page, "Show", "Everything")
        _shows(page, "Diver")


# --- the page ------------------------------------------------------------------------------------------------


def test_it_works_by_keyboard(address: str, page: Page) -> None:
    """Words and Enter search, and the focus stays in the field; Tab leads from there to the results."""
    page.goto(f"{address}/search/")
    field = page.get_by_label("Search jobs and news")
    field.focus()
    page.keyboard.type("engineer")
    page.keyboard.press("Enter")
    _shows(page, "Data engineer")
    expect(field).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-results]') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/engineer/")


def test_the_search_of_other_pages_leads_here(address: str, page: Page) -> None:
    """The field on the home page, and on that for addresses where nothing is, leads to the results."""
    for where in ("/", "/404.html"):
        page.goto(f"{address}{where}")
        _search(page, "quokka")
        page.wait_for_url("**/search/?q=quokka")
        _shows(page, "Data engineer")
    page.goto(f"{address}/jobs/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    page.wait_for_url("**/search/")


def test_it_works_below_a_path(page: Page) -> None:
    """On a site that lies below a path of its host, the search finds its files there and leads to pages there."""
    files = _files()
    files["config.yaml"] = files["config.yaml"].replace(b"findable.example/", b"findable.example/careers/digest/")
    with serve(samples.build_site(files), "/careers/digest/") as found:
        page.goto(f"{found}/search/")
        _search(page, "quokka")
        _shows(page, "Data engineer")
        assert page.url == f"{found}/search/?q=quokka"
        page.locator(FOUND).click()
        page.wait_for_url(f"{found}/jobs/engineer/")


def test_only_this_site_is_asked_and_nothing_is_kept(address: str, page: Page) -> None:
    """A search asks only this site, a few files for a query, and leaves neither cookies nor anything in storage."""
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    page.route("**/*", note)
    page.goto(f"{address}/search/?q=lamp+keeper")
    expect(page.locator(FOUND)).to_have_count(10)
    assert all(url.startswith(f"{address}/") for url in asked)
    assert sorted(url.split("/search/")[1].split("/")[0] for url in asked if url.endswith(".json")) == [
        "index.json", "rows", "words",
    ]  # fmt: skip
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("query", ["", "?q=lamp", "?q=zzzzz", "?locations=leeds"])
def test_it_fits_every_screen(width: int, query: str, address: str, page: Page) -> None:
    """Nothing stands out of the page on a small screen or a large one, whatever was found."""
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{address}/search/{query}")
    page.wait_for_load_state("networkidle")
    page.locator("details[data-filters]").evaluate("found => { found.open = true; }")
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_stand_out(scheme: str, address: str, page: Page) -> None:
    """All words of results, marked ones too, have a contrast of at least 4.5 to 1, in light and dark."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}/search/?q=boats&state=open")
    expect(page.locator("mark")).to_have_count(2)
    assert [text for text in page.evaluate(COLOURS)["texts"] if text[0] < 4.5] == []
