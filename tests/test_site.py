"""The built site: every page and every link, of the real content and of the golden site.

A fixture `built` runs a test on three sites: the real one today, the real one on a day with open jobs, and the golden
one, which lies under a path of its host and has every kind of page.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree

from digest.build import Options, Snapshot, build
from tests import awkward, samples
from tests.builders import small_site, utc
from tests.samples import Built

FACETS: Final = ("tags", "salary", "organisations", "locations", "grades", "roles")
PAY_PAGES: Final = ("day-rates", "other-currencies", "not-stated", "unpaid")


# --- every planned page and feed -----------------------------------------------------------------------------


def test_each_entry_has_a_page(real_site: dict[str, bytes]) -> None:
    """Every entry has a page at the address that follows from its file, with its title and body."""
    for path, (front, body) in samples.carried().items():
        page = samples.page(real_site, samples.entry_address(path))
        assert page.text("//h1") == front["title"]
        first = re.findall(r"^[A-Za-z][a-z]+ [a-z]+ [a-z]+", body, re.MULTILINE)
        assert not first or first[0] in page.text("//main")


def test_each_list_has_a_page(real_site: dict[str, bytes]) -> None:
    """Home, the lists, the index of each facet and the other planned files are there."""
    lists = ["/", "/jobs/", "/jobs/closing/", "/jobs/closed/", "/news/", *(f"/{facet}/" for facet in FACETS)]
    years = {front["published"][:4] for path, (front, _) in samples.carried().items() if "/news/" in path}
    for address in [*lists, *(f"/news/{year}/" for year in years), "/404.html"]:
        samples.page(real_site, address)
    assert {"sitemap.xml", "robots.txt", "build.json", "feed.xml", "jobs/feed.xml", "news/feed.xml"} <= real_site.keys()


def test_each_tag_in_use_has_a_page_and_a_feed(real_site: dict[str, bytes]) -> None:
    """A tag that an entry bears has a page that links to the entry, and a feed that carries it."""
    for path, (front, _) in samples.carried().items():
        for tag in samples.tag_ids(front):
            links = {value for _, value in samples.page(real_site, f"/tags/{tag}/").links()}
            assert samples.entry_address(path) in links
            assert f"tags/{tag}/feed.xml" in real_site


def test_each_salary_band_has_a_page_and_a_feed(real_site: dict[str, bytes]) -> None:
    """Every band of the configuration and every kind of other pay has a page and a feed, even an empty one."""
    bounds = [int(bound) for bound in samples.real_config()["salary"]["bands"]]
    between = [f"{low}-to-{high - 1}" for low, high in pairwise(bounds)]
    for name in [f"under-{bounds[0]}", *between, f"{bounds[-1]}-and-over", *PAY_PAGES]:
        samples.page(real_site, f"/salary/{name}/")
        assert f"salary/{name}/feed.xml" in real_site


INDEX: Final = "//table[contains(@class, 'app-terms')]/tbody/tr"
"""The rows of an index of terms."""


@pytest.mark.parametrize("facet", FACETS)
def test_index_leads_to_each_term(facet: str, real_site: dict[str, bytes]) -> None:
    """The index of a facet names every term that has a page, with the number of entries its page lists."""
    terms = {
        f"/{path.removesuffix('index.html')}" for path in real_site if re.fullmatch(rf"{facet}/[^/]+/index.html", path)
    }
    assert terms
    index = samples.page(real_site, f"/{facet}/")
    rows = {row.xpath(".//a/@href")[0]: samples.words_of(row.xpath("./td")[-1]) for row in index.all(INDEX)}
    assert rows.keys() == terms
    for address, number in rows.items():
        listed = set()
        for part in [address, *_numbered(real_site, address)]:
            listed |= set(samples.page(real_site, part).all("//main//li[contains(@class,'app-row')]//a/@href"))
        assert len(listed) == int(number), address


def _numbered(site: samples.Files, address: str) -> Iterator[str]:
    for path in site:
        if re.fullmatch(rf"{re.escape(address[1:])}page/\d+/index\.html", path):
            yield samples.address_of(path)


def test_sitemap_names_each_indexed_page(built: Built) -> None:
    """The sitemap has the canonical address of every page that search engines may show, once each, and no other."""
    root = etree.fromstring(built.files["sitemap.xml"])
    named = root.xpath("//*[local-name()='loc']/text()")
    indexed = [page for page in samples.pages(built.files).values() if not page.all("//meta[@name='robots']")]
    assert sorted(named) == sorted(page.one("//link[@rel='canonical']/@href") for page in indexed)
    for day in root.xpath("//*[local-name()='lastmod']/text()"):
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)


def test_a_sitemap_that_would_be_too_large_is_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more addresses than a sitemap may have there are several, each with as many, which an index names in order."""
    files = small_site()
    options = Options(utc("2026-06-01T12:00"))
    whole = etree.fromstring((build(Snapshot(files), options).site or {})["sitemap.xml"])
    named = whole.xpath("//*[local-name()='loc']/text()")
    monkeypatch.setattr("digest.planning.pages.SITEMAP_LINES", 5)
    site = build(Snapshot(files), options).site or {}
    index = etree.fromstring(site["sitemap.xml"])
    parts = index.xpath("/*[local-name()='sitemapindex']/*/*[local-name()='loc']/text()")
    found = [etree.fromstring(site[part.rpartition("/")[2]]).xpath("//*[local-name()='loc']/text()") for part in parts]
    assert len(found) == len([path for path in site if path.startswith("sitemap-")]) == -(-len(named) // 5) > 1
    assert [address for some in found for address in some] == named
    assert {len(some) for some in found[:-1]} == {5}


# --- every page ----------------------------------------------------------------------------------------------


def test_pages_satisfy_the_nu_checker(
    vnu_jar: Path,
    site_folder: Path,
    busy_site: dict[str, bytes],
    golden_site: dict[str, bytes],
    tmp_path: Path,
) -> None:
    """The Nu HTML Checker has neither an error nor a warning for any page, style sheet or drawing.

    A page with a fault lies among them, to show that the checker looked.  Emails may use what is obsolete, for some
    programs for mail know nothing newer.
    """
    hard = samples.build_site(awkward.inputs(), awkward.NOW, drafts=True)
    for name, files in (("busy", busy_site), ("golden", golden_site), ("awkward", hard)):
        samples.write(files, tmp_path / name)
    (tmp_path / "faulty.html").write_text("<!doctype html><title>Faulty</title><p><b>", encoding="utf-8")
    messages = samples.nu_messages(vnu_jar, site_folder, tmp_path)
    assert any("faulty.html" in message for message in messages)
    told = [message for message in messages if "faulty.html" not in message]
    assert [message for message in told if not ("/email.html:" in message and "is obsolete" in message)] == []


def test_internal_links_resolve(built: Built) -> None:
    """Every link, picture, style sheet and fragment within the site leads to something that is there."""
    assert samples.broken_links(built.files, built.base_url) == []


@pytest.mark.parametrize("base_url", ["https://digest.example/team/digest/", "http://localhost:8000/"])
def test_links_follow_the_base_url(base_url: str) -> None:
    """Built for a path of a host, every page links below that path, and to nothing that is not there."""
    site = samples.build_site(samples.real(), samples.BUSY_NOW, base_url=base_url)
    assert samples.broken_links(site, base_url) == []
    for page in samples.pages(site).values():
        assert page.one("//link[@rel='canonical']/@href").startswith(base_url)
        rooted = [value for _, value in page.links() if value.startswith("/")]
        assert rooted
        assert all(value.startswith(urlsplit(base_url).path) for value in rooted)


def test_broken_links_are_seen(golden_site: dict[str, bytes]) -> None:
    """The search for broken links finds a page, a fragment and a base path that are not there."""
    base = samples.base_of(samples.golden())
    tail = b'<p><a href="/careers/nowhere/">a</a><a href="#nothing">b</a><a href="/jobs/">c</a></p></body>'
    site = {**golden_site, "index.html": golden_site["index.html"].replace(b"</body>", tail)}
    broken = [line.rpartition(" ")[2] for line in samples.broken_links(site, base)]
    assert broken == ["/careers/nowhere/", "#nothing", "/jobs/"]


def test_everything_is_reached_from_home(built: Built) -> None:
    """Following links alone, a reader comes from the home page to every page, redirects and the 404 page apart."""
    found = samples.pages(built.files)
    reached, waiting = {"/"}, ["/"]
    while waiting:
        for value in found[waiting.pop()].all("//a/@href"):
            target = urljoin(built.base_url, value).partition("#")[0].removeprefix(built.base_url)
            if f"/{target}" in found and f"/{target}" not in reached:
                reached.add(f"/{target}")
                waiting.append(f"/{target}")
    apart = {address for address, page in found.items() if page.all("//meta[@name='robots']")}
    assert found.keys() - reached - apart == set()


def test_nothing_comes_from_elsewhere(built: Built) -> None:
    """No page asks for a style sheet, script, picture or frame of another host, and neither does the style sheet."""
    wanted = (
        "//link[not(@rel='canonical' or @rel='license')]/@href | //*[self::script or self::img or self::iframe]/@src"
    )
    for page in samples.pages(built.files).values():
        within = ("data:", urlsplit(built.base_url).path)
        assert [value for value in page.all(wanted) if not value.startswith(within)] == []
        assert page.all("//iframe | //object | //embed | //base | //@srcset") == []
    sheets = [data for path, data in built.files.items() if path.endswith(".css")]
    assert sheets
    assert [found for data in sheets for found in re.findall(rb"@import|https?:|url\(['\"]?//", data)] == []


def test_nothing_inline(built: Built) -> None:
    """No page has a style attribute, a style element, an event handler or a script that runs: a strict policy fits."""
    for page in samples.pages(built.files).values():
        assert page.all("//@style | //style | //@*[starts-with(name(), 'on')]") == []
        assert page.all("//script[not(@type='application/ld+json')][not(@src)]") == []
        assert page.all("//@href[starts-with(., 'javascript:')]") == []


def test_frame_of_each_page(built: Built) -> None:
    """Every page has a language, one h1, the skip link first, and one each of banner, main and footer."""
    for page in samples.pages(built.files).values():
        assert page.root.get("lang") in {"en", "cy"}
        assert page.text("//h1")
        first = page.all("//body//*[self::a or self::button or self::input or @tabindex]")[0]
        assert "app-skip" in first.get("class")
        assert first.get("href") == "#" + page.one("//main/@id")
        for landmark in ("header", "main", "footer"):
            page.one(f"//body/{landmark}")
        names = [nav.get("aria-label") for nav in page.all("//nav")]
        assert all(names)
        assert len(set(names)) == len(names), page.address


def test_headings_leave_no_level_out(built: Built) -> None:
    """Headings of a page go down one level at a time, so that an outline can be read from them."""
    for page in samples.pages(built.files).values():
        levels = [int(heading.tag[1]) for heading in page.all("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
        assert levels[0] == 1, page.address
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), page.address


def test_ids_are_unique(built: Built) -> None:
    """No id stands twice on a page, and what an attribute refers to by id is there."""
    for page in samples.pages(built.files).values():
        ids = page.ids()
        assert len(set(ids)) == len(ids), page.address
        assert set(page.all("//@aria-labelledby | //@aria-describedby | //@for | //@aria-controls")) <= set(ids)


def test_head_of_each_page(built: Built) -> None:
    """Every page has a title and a description, and names its own address, or that to which it redirects."""
    for page in samples.pages(built.files).values():
        assert len(page.text("//title")) > 10
        assert 10 < len(page.one("//meta[@name='description']/@content")) <= 300
        canonical = page.one("//link[@rel='canonical']/@href")
        assert page.one("//meta[@property='og:url']/@content") == canonical
        refresh = page.all("//meta[@http-equiv='refresh']/@content")
        if refresh:
            assert urljoin(built.base_url, refresh[0].partition("url=")[2]) == canonical
            assert page.one("//meta[@name='robots']/@content") == "noindex"
        else:
            assert canonical == built.base_url + page.address[1:]


def test_pages_can_be_told_apart(built: Built) -> None:
    """No two pages that search engines may show have both the same title and the same description."""
    seen = Counter(
        (page.text("//title"), page.one("//meta[@name='description']/@content"))
        for page in samples.pages(built.files).values()
        if not page.all("//meta[@name='robots']")
    )
    assert [both for both, times in seen.items() if times > 1] == []


def test_breadcrumbs_are_data_too(built: Built) -> None:
    """The breadcrumbs stand as BreadcrumbList data as well, with absolute addresses that end at the page itself."""
    shown = [page for page in samples.pages(built.files).values() if page.all("//nav[@aria-label='Breadcrumb']")]
    assert shown
    for page in shown:
        data = [json.loads(script.text) for script in page.all("//script[@type='application/ld+json']")]
        (items,) = [one["itemListElement"] for one in data if one["@type"] == "BreadcrumbList"]
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        links = [urljoin(built.base_url, href) for href in page.all("//nav[@aria-label='Breadcrumb']//a/@href")]
        assert [item["item"] for item in items[:-1]] == links
        assert items[-1]["item"] == page.one("//link[@rel='canonical']/@href")


LEAKS: Final = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|\bNone\b|\bUndefined\b|\bMarkup\(|<\w+ object at|datetime\.|Decimal\("
)


DATA: Final = re.compile(r"<script type=.application/ld\+json.>.*?</script>", re.DOTALL)
"""Data in a page, whose braces are no template's."""


def test_no_leak_of_the_program(built: Built) -> None:
    """Neither a template's syntax nor a value's Python form stands on any page, in any feed, in any other text."""
    assert LEAKS.search("Pay: None")
    texts = {path: data.decode() for path, data in built.files.items() if path.endswith((".html", ".xml", ".txt"))}
    assert texts
    texts = {path: DATA.sub(lambda data: re.sub(r"[{}]", " ", data[0]), text) for path, text in texts.items()}
    assert [(path, found[0]) for path, text in texts.items() if (found := LEAKS.search(text))] == []


FILLED: Final = ".//img | self::*[@role='status' or @data-results or ancestor::template]"
"""What needs no words, or gets them from a script."""


def test_empty_parts_are_left_out(built: Built) -> None:
    """No heading, list, term, cell, link or label stands there without words."""
    parts = "//h1|//h2|//h3|//ul|//ol|//dl|//dt|//dd|//p|//li|//td|//th|//time|//strong|//b|//small|//span|//a[@href]"
    for page in samples.pages(built.files).values():
        empty = [part for part in page.all(parts) if not samples.words_of(part) and not part.xpath(FILLED)]
        assert [part.tag for part in empty] == [], page.address


def test_times_are_machine_readable(built: Built) -> None:
    """Every `time` element has a date, or a time with its offset, that programs can read."""
    form = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z))?")
    for page in samples.pages(built.files).values():
        assert [value for value in page.all("//time/@datetime") if not form.fullmatch(value)] == []
        assert page.all("//time[not(@datetime)]") == []


def test_feeds_are_found_from_their_pages(built: Built) -> None:
    """Every feed a page announces exists, and every feed is announced by the page it lies under."""
    announced: dict[str, set[str]] = {}
    for page in samples.pages(built.files).values():
        for href in page.all("//link[@rel='alternate'][@type!='text/calendar']/@href"):
            feed = "/" + urljoin(built.base_url, href).removeprefix(built.base_url)
            announced.setdefault(feed, set()).add(page.address)
    feeds = {*samples.feeds(built.files), "/feed.json", "/atom.xml"}
    assert announced.keys() == feeds <= {f"/{path}" for path in built.files}
    for feed, addresses in announced.items():
        assert feed.rpartition("/")[0] + "/" in addresses


def test_calendars_are_found_from_their_pages(built: Built) -> None:
    """Every calendar a page announces exists, and every one but a job's own is announced by the page it lies under."""
    announced: dict[str, set[str]] = {}
    for page in samples.pages(built.files).values():
        for href in page.all("//link[@rel='alternate'][@type='text/calendar']/@href"):
            path = urljoin(built.base_url, href).removeprefix(built.base_url)
            announced.setdefault(path, set()).add(page.address)
    own = {path for path in built.files if re.fullmatch(r"jobs/(?!closing\.ics)[^/]+/closing\.ics", path)}
    assert announced.keys() == {path for path in built.files if path.endswith(".ics")} - own
    for path, addresses in announced.items():
        assert samples.address_of(path.replace("closing.ics", "index.html")) in addresses
