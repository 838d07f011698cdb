"""Pages as people meet them in a browser: on a small screen, in the dark, by keyboard, without scripts, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

from tests import samples
from tests.browsing import COLOURS, FOCUSED, OVERFLOW, serve
from tests.hostile import hostile_site

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
SMALL: Final = {"width": 320, "height": 640}
"""The narrowest screen that WCAG 2.2 §1.4.10 asks for."""
JOB: Final = "/jobs/2014-09-parliament-director-digital-service/"
KINDS: Final = {
    "home": "/",
    "job": JOB,
    "job-with-table": "/jobs/2021-03-home-office-deputy-director-it-operations/",
    "news": "/news/2018-01-pds-local-engagement-team/",
    "list": "/jobs/closed/",
    "band": "/salary/75000-to-99999/",
    "salary": "/salary/",
    "terms": "/tags/",
    "organisations": "/organisations/",
    "page": "/accessibility/",
    "not-found": "/404.html",
}
"""A page of every kind, real ones where there are."""
INVENTED: Final = {
    "home": "/",
    "open-job": "/jobs/service-designer/",
    "opening-soon": "/jobs/lamp-keeper/",
    "withdrawn": "/jobs/harbour-master/",
    "picture": "/news/tides/",
    "welsh": "/news/llanw/",
    "numbered": "/tags/harbour/page/1/",
}
"""Pages of the golden site of kinds that the real one lacks."""
STEPS: Final = 40
"""Most links that a test walks by keyboard."""


@pytest.fixture(scope="module")
def real(real_site: dict[str, bytes]) -> Iterator[str]:
    """Give the address of the real site."""
    with serve(real_site) as address:
        yield address


@pytest.fixture(scope="module")
def invented(golden_site: dict[str, bytes]) -> Iterator[str]:
    """Give the address of the golden site, with the real style sheet, under its path of the host."""
    sheet = samples.theme()["templates/assets/site.css"]
    dressed = {path: sheet if path.endswith(".css") else data for path, data in golden_site.items()}
    with serve(dressed, "/careers/") as address:
        yield address


Opened = Callable[..., Page]


@pytest.fixture
def opened(real: str, context: BrowserContext) -> Opened:
    """Give a function that opens a page of the real site on a small screen; `scheme` is light or dark."""
    return partial(_open, context, real)


def _open(context: BrowserContext, site: str, address: str, scheme: Scheme = "light", width: int = 320) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": SMALL["height"]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(site + address)
    return page


# --- size ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_too_wide(kind: str, scheme: Scheme, opened: Opened) -> None:
    """On a screen of 320 px no page scrolls sideways, and nothing stands out of it."""
    page = opened(KINDS[kind], scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("kind", INVENTED)
def test_nothing_is_too_wide_on_other_kinds(kind: str, invented: str, context: BrowserContext) -> None:
    """The kinds of pages that the real site has not today fit a screen of 320 px too."""
    page = _open(context, invented, INVENTED[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("kind", ["home", "job", "band"])
def test_large_text_fits(kind: str, opened: Opened) -> None:
    """With letters of twice the size, as a reader may set them, a page still does not scroll sideways at 640 px."""
    page = opened(KINDS[kind], width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_large_enough(kind: str, opened: Opened) -> None:
    """Links that do not stand in a sentence are at least 24 px high (WCAG 2.2 §2.5.8)."""
    page = opened(KINDS[kind])
    low = page.evaluate(
        """() => [...document.querySelectorAll('nav a, .app-button, .app-bars a, .app-links a, .app-row a')]
          .filter(link => link.getClientRects().length && link.getBoundingClientRect().height < 24)
          .map(link => link.outerHTML)"""
    )
    assert low == []


# --- colour --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_words_stand_out(kind: str, scheme: Scheme, opened: Opened) -> None:
    """All words have a contrast of at least 4.5 to 1; light pages are light and dark ones dark."""
    found = opened(KINDS[kind], scheme).evaluate(COLOURS)
    paper, ink = (found["paper"], found["ink"]) if scheme == "light" else (found["ink"], found["paper"])
    assert paper > 0.7
    assert ink < 0.05
    assert len(found["texts"]) > 10
    assert [text for text in found["texts"] if text[0] < 4.5] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["home", "open-job", "opening-soon"])
def test_words_of_open_jobs_stand_out(kind: str, scheme: Scheme, invented: str, context: BrowserContext) -> None:
    """The states and the button of jobs that are open have the contrast of other words."""
    page = _open(context, invented, INVENTED[kind], scheme)
    assert page.locator(".app-badge").count() >= 1
    assert [text for text in page.evaluate(COLOURS)["texts"] if text[0] < 4.5] == []


# --- keyboard ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_skip_link_comes_first_and_works(kind: str, opened: Opened) -> None:
    """The first press of Tab shows the skip link; Enter leads past the frame, where the next Tab goes on."""
    page = opened(KINDS[kind])
    skip = page.locator(".app-skip")
    page.keyboard.press("Tab")
    assert skip.evaluate("element => element === document.activeElement")
    assert page.evaluate(FOCUSED)["inside"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main, footer') !== null")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["home", "job", "band", "not-found"])
def test_focus_is_seen_everywhere(kind: str, scheme: Scheme, opened: Opened) -> None:
    """Walking a page by Tab, the place of the focus is always on the screen and always marked."""
    page = opened(KINDS[kind], scheme)
    seen = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    assert len(seen) > 10
    assert [one["html"] for one in seen if not (one["outlined"] and one["inside"])] == []


# --- without scripts, without others -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_quiet(kind: str, real: str, context: BrowserContext) -> None:
    """A page writes nothing to the console under a strict policy, makes at most three requests, and none elsewhere.

    The home page asks for the icon too, which on other pages is part of the page.
    """
    page = context.new_page()
    said: list[str] = []
    asked: list[Request] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - a method of a list bears no mark
    page.goto(real + KINDS[kind], wait_until="networkidle")
    assert said == []
    assert 1 <= len(asked) <= (4 if kind == "home" else 3)
    assert [request.url for request in asked if not request.url.startswith(f"{real}/")] == []
    assert context.cookies() == []


def test_everything_is_there_without_scripts(real: str, browser: Browser) -> None:
    """With scripts off a reader goes from home by links alone to a closed job, its band, and a neighbouring band."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    try:
        page = context.new_page()
        page.goto(f"{real}/")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs").click()
        page.wait_for_url("**/jobs/")
        page.get_by_role("link", name="2014", exact=True).click()
        page.wait_for_url("**/jobs/closed/2014/")
        page.get_by_role("link", name="Director of the Parliamentary Digital Service").click()
        page.wait_for_url(f"**{JOB}")
        assert page.get_by_role("heading", level=1).inner_text() == "Director of the Parliamentary Digital Service"
        assert "about £110,000, 2014" in page.get_by_role("main").inner_text().replace("About", "about")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Salary").click()
        page.wait_for_url("**/salary/")
        page.get_by_role("table").get_by_role("link", name="£100,000 and over").click()
        page.wait_for_url("**/salary/100000-and-over/")
        assert page.locator(f"main a[href='{JOB}']").count() == 1
        page.locator("main a[rel=prev]").click()
        page.wait_for_url("**/salary/75000-to-99999/")
    finally:
        context.close()


def test_redirect_leads_on(invented: str, context: BrowserContext) -> None:
    """A browser that asks for an old address ends at the new one."""
    page = context.new_page()
    page.goto(f"{invented}/news/tide-tables/")
    page.wait_for_url(f"{invented}/news/tides/")
    assert page.get_by_role("heading", level=1).inner_text() == "The tide tables are open data"


OURS: Final = "[src^='/assets/site.'], [type='application/ld+json']"
"""The script of the pages, and data."""


def test_hostile_words_run_nothing(context: BrowserContext) -> None:
    """In a browser without any policy no hostile words of an entry run or become an element; a real script does."""
    page = context.new_page()
    said: list[str] = []

    def answer(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", answer)
    page.route("**/*", lambda route: route.abort())
    for address, found in samples.pages(site := hostile_site()).items():
        text = site[f"{address[1:]}index.html" if address.endswith("/") else address[1:]].decode()
        page.set_content(text.replace("http-equiv", "data-equiv"))
        assert page.locator(f"script:not({OURS}), img[src=x], [onerror]").count() == 0, address
        assert page.locator("script[src]").count() == 1
        assert page.title() == found.text("//title")
    assert said == []
    page.set_content("<script>alert(2)</script>")
    assert said == ["2"]


# --- paper and forced colours --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["open-job", "picture", "numbered"])
def test_paper_has_the_words_without_the_navigation(kind: str, invented: str, context: BrowserContext) -> None:
    """In print navigation and skip link are gone; heading, facts, the address to apply at and of the page stay."""
    page = _open(context, invented, INVENTED[kind], "dark", width=794)
    page.emulate_media(media="print")
    shown = [one for one in page.locator("nav, .app-skip").all() if one.is_visible()]
    assert shown == []
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator(".app-printed").is_visible()
    assert page.evaluate(COLOURS)["paper"] > 0.9
    if kind == "open-job":
        assert page.locator(".app-facts").is_visible()
        after = page.locator(".app-button").evaluate("link => getComputedStyle(link, '::after').content")
        assert "https://jobs.harbour.example/17/apply" in after


@pytest.mark.parametrize("kind", ["open-job", "home"])
def test_forced_colours_keep_states_apart(kind: str, invented: str, context: BrowserContext) -> None:
    """In forced colours the words of states and of the button stay on the page."""
    page = _open(context, invented, INVENTED[kind])
    page.emulate_media(forced_colors="active")
    badge = page.locator("main .app-badge").first
    assert badge.is_visible()
    assert badge.inner_text().strip()
