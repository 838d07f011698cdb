"""The script of the pages, in Chromium: states that go on, filters in the address, the copied link; and without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests import samples
from tests.browsing import serve

NOW: Final = "2026-06-01T12:00:00+01:00"


def _files() -> dict[str, bytes]:
    more = {
        "designer": samples.job(
            title="Designer", closes="11:55pm on 12 June 2026", grade="G7", organisation="Home Office"
        ),
        "analyst": samples.job(title="Analyst", closes="20 June 2026", grade="SEO", organisation="Home Office"),
        "keeper": samples.job(title="Keeper", closes="open until filled", grade="G7", organisation="Cabinet Office"),
        "later": samples.job(
            title="Later", opens="8 June 2026", closes="20 June 2026", grade="SEO", organisation="Cabinet Office"
        ),
        "full": samples.job(
            title="Full",
            published="2026-05-20T09:30",
            salary="£45,000 to £55,000",
            location=["London", "Brussels"],
            pattern=["full-time"],
            structured_data=True,
            grade="G7",
            tags=["data"],
        ),
    }
    config = {"config.yaml": samples.real()["config.yaml"]}
    files = {**samples.base(), **config, **{f"content/jobs/{name}.md": data for name, data in more.items()}}
    return {path: data for path, data in files.items() if path != "content/jobs/one.md"}


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """Give a site with five open jobs, built on 1 June 2026 at noon."""
    return samples.build_site(_files(), "2026-06-01T12:00")


@pytest.fixture(scope="module")
def address(site: dict[str, bytes]) -> Iterator[str]:
    """Give its address."""
    with serve(site) as found:
        yield found


@pytest.fixture
def said() -> list[str]:
    """Give what the console said."""
    return []


@pytest.fixture
def page(context: BrowserContext, said: list[str]) -> Page:
    """Give a page whose clock stands at the time of the build."""
    made = context.new_page()

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    made.on("console", note)
    made.on("pageerror", lambda error: said.append(str(error)))
    made.clock.install(time=NOW)
    return made


# --- states --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "badge", "notice"),
    [
        ("2026-06-04T23:59:59+01:00", "Open", None),
        ("2026-06-05T00:00:00+01:00", "Closing soon", None),
        ("2026-06-12T00:00:00+01:00", "Last day", "This is the last day to apply."),
        ("2026-06-12T23:54:59+01:00", "Last day", "This is the last day to apply."),
        ("2026-06-12T23:55:00+01:00", "Closed", "This job closed at 11:55pm on 12 June 2026."),
        ("2026-01-01T00:00:00Z", "Open", None),
    ],
)
def test_a_page_goes_on_by_itself(page: Page, address: str, now: str, badge: str, notice: str | None) -> None:
    """A page opened after its build shows the state of that moment, and never an earlier one than it was built with."""
    page.clock.set_fixed_time(now)
    page.goto(f"{address}/jobs/designer/")
    expect(page.locator(".app-lead .app-badge")).to_have_text(badge)
    shown = page.locator(".app-notice:visible").all_inner_texts()
    assert shown == ([notice] if notice else [])
    assert page.locator(".app-apply").is_visible() == (badge != "Closed")
    assert page.locator(".app-calendar").is_visible() == (badge != "Closed")


def test_the_page_and_a_build_say_the_same(page: Page, address: str) -> None:
    """At each instant the script shows the badge and the notice that a build at that instant writes."""
    for moment in ("2026-06-05T00:00", "2026-06-12T10:00", "2026-06-13T00:00", "2026-11-30T00:00"):
        page.clock.set_fixed_time(f"{moment}:00+01:00")
        fresh = samples.build_site(_files(), moment)
        for name in ("designer", "analyst", "keeper"):
            page.goto(f"{address}/jobs/{name}/")
            built = samples.page(fresh, f"/jobs/{name}/")
            assert page.locator(".app-lead .app-badge").inner_text() == built.text("//div[@class='app-lead']//strong")
            words = [samples.words_of(one) for one in built.all("//p[@class='app-notice'][not(@hidden)]")]
            assert page.locator(".app-notice:visible").all_inner_texts() == words
            assert page.locator(".app-apply").is_visible() == bool(built.all("//p[@class='app-apply']"))


def test_an_open_page_goes_on_while_it_is_read(page: Page, address: str, said: list[str]) -> None:
    """A page that stays open passes from state to state at the instants, without being loaded again."""
    page.goto(f"{address}/jobs/designer/")
    badge = page.locator(".app-lead .app-badge")
    for hours, word in ((84, "Closing soon"), (24 * 7, "Last day"), (24, "Closed")):
        page.clock.fast_forward(hours * 3_600_000)
        expect(badge).to_have_text(word)
    assert said == []


def test_rows_go_on_too(page: Page, address: str) -> None:
    """In a list each row passes on by itself, with the words before its date; the others stay."""
    page.clock.set_fixed_time("2026-06-13T08:00:00+01:00")
    page.goto(f"{address}/jobs/")
    words = {row.split("\n")[0]: " ".join(row.split()) for row in page.locator(".app-row").all_inner_texts()}
    assert words["Designer"].endswith("Closed 11:55pm on 12 June 2026 Closed")
    assert words["Analyst"].endswith("Closes 20 June 2026 Closing soon")
    assert words["Keeper"].endswith("Open until filled Open")
    assert words["Later"].endswith("Opening soon")


def test_nothing_opens_by_itself(page: Page, address: str) -> None:
    """A job that waits to open is not opened by the script; after its deadline it is closed."""
    page.clock.set_fixed_time("2026-06-19T08:00:00+01:00")
    page.goto(f"{address}/jobs/later/")
    expect(page.locator(".app-lead .app-badge")).to_have_text("Opening soon")
    page.clock.set_fixed_time("2026-06-21T00:00:00+01:00")
    page.reload()
    expect(page.locator(".app-lead .app-badge")).to_have_text("Closed")
    assert page.locator(".app-notice:visible").all_inner_texts() == ["This job closed on 20 June 2026."]


def test_without_script_the_deadline_stands(browser: Browser, address: str) -> None:
    """With scripts off the page is whole: state and deadline as built, no control that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{address}/jobs/designer/")
        assert "11:55pm on 12 June 2026" in page.locator(".app-lead").inner_text()
        assert page.locator(".app-copy").is_hidden()
        page.goto(f"{address}/jobs/")
        assert page.locator(".app-filters").is_hidden()
        assert page.get_by_role("main").get_by_role("link", name="Grades").is_visible()
        assert page.locator(".app-row:visible").count() == 5
    finally:
        context.close()


# --- filters -------------------------------------------------------------------------------------------------


def titles(page: Page) -> list[str]:
    """Return the titles of the rows that are shown."""
    return page.locator(".app-row:visible a").all_inner_texts()


def test_filters_combine_and_live_in_the_address(page: Page, address: str, said: list[str]) -> None:
    """Choices narrow the list by AND, are counted, stand in the address, and go back with the browser's button."""
    page.goto(f"{address}/jobs/")
    page.get_by_text("Filter these jobs").click()
    status = page.locator(".app-filters [role=status]")
    page.get_by_label("Grade").select_option("g7")
    assert sorted(titles(page)) == ["Designer", "Full", "Keeper"]
    expect(status).to_have_text("3 of 5 open jobs match.")
    page.get_by_label("Organisation").select_option("cabinet-office")
    assert titles(page) == ["Keeper"]
    assert sorted(page.url.partition("?")[2].split("&")) == ["grades=g7", "organisations=cabinet-office"]
    page.go_back()
    expect(status).to_have_text("3 of 5 open jobs match.")
    assert page.get_by_label("Organisation").input_value() == ""
    page.go_forward()
    assert titles(page) == ["Keeper"]
    page.get_by_role("button", name="Clear filters").click()
    assert len(titles(page)) == 5
    assert page.url == f"{address}/jobs/"
    assert said == []


def test_a_filtered_list_can_be_shared(page: Page, address: str) -> None:
    """An address with choices opens the list so; one with an unknown choice shows all."""
    page.goto(f"{address}/jobs/?grades=seo&organisations=home-office")
    assert titles(page) == ["Analyst"]
    assert page.get_by_label("Grade").is_visible()
    page.goto(f"{address}/jobs/?grades=nothing&other=1")
    assert len(titles(page)) == 5


def test_an_empty_result_says_so(page: Page, address: str) -> None:
    """Choices that no job meets leave no row, and say what to do."""
    page.goto(f"{address}/jobs/?grades=seo")
    assert sorted(titles(page)) == ["Analyst", "Later"]
    page.get_by_label("Tag").select_option("data")
    assert titles(page) == []
    expect(page.locator(".app-filters [role=status]")).to_contain_text("No open job matches all of these.")


def test_filters_are_on_the_list_of_jobs_alone(site: dict[str, bytes]) -> None:
    """Rows carry their terms on `/jobs/` and on no other page."""
    carrying = {address for address, page in samples.pages(site).items() if page.all("//*[@data-terms]")}
    assert carrying == {"/jobs/"}


# --- the link ------------------------------------------------------------------------------------------------


def test_the_link_is_copied(context: BrowserContext, page: Page, address: str) -> None:
    """The button copies the page's own address, and says that it did."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/jobs/designer/")
    page.get_by_role("button", name="Copy the link to this page").click()
    expect(page.locator(".app-copy [role=status]")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("link[rel=canonical]").get_attribute("href")


# --- policy, size, data --------------------------------------------------------------------------------------


def test_the_policy_of_pages_holds_by_itself(context: BrowserContext, site: dict[str, bytes]) -> None:
    """Without any header, a page refuses script and style within it and files of others; data stay."""
    with serve(site, policy=None) as address:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{address}/jobs/full/")
        assert said == []
        kinds = [
            json.loads(text)["@type"] for text in page.locator("script[type='application/ld+json']").all_inner_texts()
        ]
        assert kinds == ["BreadcrumbList", "JobPosting"]
        page.evaluate(
            """() => {
              const script = document.createElement('script');
              script.textContent = 'window.ran = true';
              document.body.append(script);
              document.body.setAttribute('style', 'color: red');
              document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x.png'}));
            }"""
        )
        page.wait_for_timeout(100)
        assert page.evaluate("window.ran") is None
        assert sum("Content Security Policy" in text for text in said) >= 3


def test_headers_are_those_of_the_docs(site: dict[str, bytes]) -> None:
    """`_headers` gives every page the policy of its own and more, and keeps files as the documentation says."""
    blocks = [block.split("\n") for block in site["_headers"].decode().strip().split("\n\n")]
    rules = {lines[0]: dict(line.strip().split(": ", 1) for line in lines[1:]) for lines in blocks}
    policy = samples.page(site, "/").one("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert rules["/*"]["Content-Security-Policy"] == f"{policy}; frame-ancestors 'none'"
    assert "unsafe" not in policy
    assert rules["/*"]["X-Content-Type-Options"] == "nosniff"
    docs = (samples.ROOT / "docs" / "publishing.md").read_text("utf-8")
    for path, headers in rules.items():
        if path != "/*":
            assert f"`{headers['Cache-Control']}`" in docs, path


def test_a_job_posting_is_whole(site: dict[str, bytes]) -> None:
    """A complete open job has all that search engines require and recommend; others have nothing of the kind."""
    (text,) = [one.text for one in samples.page(site, "/jobs/full/").all("//article/following-sibling::script")]
    data = json.loads(text)
    assert {key: data[key] for key in ("title", "datePosted", "validThrough", "employmentType", "directApply")} == {
        "title": "Full",
        "datePosted": "2026-05-20T09:30:00+01:00",
        "validThrough": "2026-06-30T23:00:00+00:00",
        "employmentType": ["FULL_TIME"],
        "directApply": False,
    }
    assert data["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "GBP",
        "value": {"@type": "QuantitativeValue", "unitText": "YEAR", "minValue": 45000, "maxValue": 55000},
    }
    addresses = [place["address"] for place in data["jobLocation"]]
    assert [(one["addressLocality"], one["addressCountry"]) for one in addresses] == [
        ("London", "GB"),
        ("Brussels", "BE"),
    ]
    assert data["hiringOrganization"]["name"] == "Home Office"
    assert "<p>The words of this job.</p>" in data["description"]
    assert samples.page(site, "/jobs/designer/").all("//article/following-sibling::script") == []
    closed = samples.build_site(_files(), "2026-07-01T00:00")
    assert samples.page(closed, "/jobs/full/").all("//article/following-sibling::script") == []
