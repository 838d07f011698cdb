"""Pages as people meet them in a browser: without scripts, at an old address, with hostile words, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog

from tests import page_kinds, samples
from tests.browsing import COLOURS, HEIGHT, NARROW, Visitor, serve
from tests.hostile import hostile_site

JOB: Final = "/jobs/2014-09-parliament-director-digital-service/"
ON_PAPER: Final = ("/jobs/service-designer/", "/news/tides/", "/tags/harbour/page/1/")
"""Pages of the golden site: a job that is open, a picture, a numbered list."""


@pytest.fixture(scope="module")
def real(real_site: dict[str, bytes]) -> Iterator[str]:
    """Give the address of the real site."""
    with serve(real_site) as address:
        yield address


def test_everything_is_there_without_scripts(real: str, browser: Browser) -> None:
    """With scripts off a reader goes from home by links alone to a closed job, its band, and a neighbouring band."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": HEIGHT})
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


def test_redirect_leads_on(context: BrowserContext) -> None:
    """A browser that asks for an old address ends at the new one."""
    page = context.new_page()
    world = page_kinds.world("golden")
    with serve(world.files, world.base) as site:
        page.goto(f"{site}/news/tide-tables/")
        page.wait_for_url(f"{site}/news/tides/")
    assert page.get_by_role("heading", level=1).inner_text() == "The tide tables are open data"


OURS: Final = "[src^='/assets/'], [type='application/ld+json']"
"""The scripts of the pages, and data."""


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
        assert page.locator("script[src]").count() == 1 + (address == "/search/")
        assert page.title() == found.text("//title")
    assert said == []
    page.set_content("<script>alert(2)</script>")
    assert said == ["2"]


@pytest.mark.parametrize("address", ON_PAPER)
def test_paper_has_the_words_without_the_navigation(address: str, visitor: Visitor) -> None:
    """In print navigation and skip link are gone; heading, facts, the address to apply at and of the page stay."""
    page = visitor.open(page_kinds.Sample(page_kinds.world("golden"), address), 794, "dark")
    page.emulate_media(media="print")
    shown = [one for one in page.locator("nav, .app-skip").all() if one.is_visible()]
    assert shown == []
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator(".app-printed").is_visible()
    assert page.evaluate(COLOURS)["paper"] > 0.9
    if address == ON_PAPER[0]:
        assert page.locator(".app-facts").is_visible()
        after = page.locator(".app-button").evaluate("link => getComputedStyle(link, '::after').content")
        assert "https://jobs.harbour.example/17/apply" in after
