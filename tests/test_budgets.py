"""What a page costs its readers: bytes, requests, waiting, patience.

The pages are those of `tests/page_kinds.py`, which finds a new kind by itself.
"""

from __future__ import annotations

import gzip
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from tests import page_kinds, samples
from tests.browsing import Visitor
from tests.samples import Built

STYLE_BUDGET: Final = 10_000
"""Most bytes of the style sheet, compressed."""
SCRIPT_BUDGET: Final = 3_000
"""Most bytes of all scripts of an entry's page, compressed."""
ENTRY_BUDGET: Final = 14_000
"""Most bytes of an entry's page with its style sheets and scripts, compressed."""
MOST_REQUESTS: Final = 3
"""A page, its style sheet and its script; pictures of an entry come on top."""
MORE_REQUESTS: Final = {"pages/home.html": 1, "pages/search.html": 2}
"""The home page has the icon, which on others is part of the page; the search page has a script and an index."""
MORE_SHIFT: Final = {"pages/search.html": 0.1}
"""What a script finds may push down what follows it, by no more than is called good; everything else lies still."""
SHIFT: Final = """() => new Promise(told => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => told(sum), 50));
})"""
"""How far things moved after they were first shown, by the measure of Cumulative Layout Shift."""


# --- bytes ---------------------------------------------------------------------------------------------------


def test_entries_are_small(built: Built) -> None:
    """An entry's page comes in at most 14 kB with its style sheet and scripts, compressed, and these keep to theirs."""
    base = urlsplit(built.base_url).path

    def sizes(addresses: list[str]) -> int:
        return sum(len(gzip.compress(built.files[address.removeprefix(base)])) for address in addresses)

    pages = [page for page in samples.pages(built.files).values() if page.all("//article")]
    assert len(pages) > 5
    for page in pages:
        style = sizes(page.all("//link[@rel='stylesheet']/@href"))
        script = sizes(page.all("//script/@src"))
        assert 0 < style <= STYLE_BUDGET, page.address
        assert script <= SCRIPT_BUDGET, page.address
        assert sizes([f"{base}{page.address[1:]}index.html"]) + style + script <= ENTRY_BUDGET, page.address


# --- in a browser --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", page_kinds.WORLDS)
def test_pages_ask_for_little(site: str, visitor: Visitor) -> None:
    """A page makes at most three requests, pictures apart, none to another host, and keeps nothing.

    It writes nothing to the console under the policy of the site, and nothing moves once it is shown.
    """
    visitor.page.context.new_cdp_session(visitor.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    for sample in page_kinds.kinds_of(site):
        host = urlsplit(visitor.address_of(sample)).netloc
        page = visitor.open(sample)
        shift = page.evaluate(SHIFT)
        assert visitor.said == [], sample.name
        assert {urlsplit(request.url).netloc for request in visitor.asked} == {host}, sample.name
        needed = [request.url for request in visitor.asked if request.resource_type != "image"]
        most = MOST_REQUESTS + MORE_REQUESTS.get(sample.template, 0)
        assert 1 < len(needed) <= most, (sample.name, needed)
        assert shift <= MORE_SHIFT.get(sample.template, 0), (sample.name, shift)
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0, sample.name


def test_shift_is_seen(context: BrowserContext) -> None:
    """The measure of movement sees words that are pushed down by what comes late."""
    page = context.new_page()
    page.set_content("<main><p>Words that lie still at first.</p></main>")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<div style=\"height: 300px\"></div>')")
    assert page.evaluate(SHIFT) > 0
