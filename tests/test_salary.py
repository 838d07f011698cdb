"""The salary pages of built sites: charts that say what their tables say, and bands that know their place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

import pytest

from tests import samples
from tests.samples import Built, Page

HAS: Final = "contains(concat(' ', @class, ' '), ' {} ')"
"""XPath: the element has this class."""
SPECIAL: Final = ("day-rates", "other-currencies", "not-stated", "unpaid")


def pounds(words: str) -> int:
    """Return an amount in words, such as `about £110,000`, in pounds."""
    found = re.fullmatch(r"(?:about )?£([\d,]+)", words)
    assert found, words
    return int(found[1].replace(",", ""))


def of_class(element: Any, name: str, what: str = ".//*") -> list[Any]:
    """Return the elements below one that have a class, in document order."""
    return list(element.xpath(f"{what}[{HAS.format(name)}]"))


def cells(row: Any) -> list[str]:
    """Return the words of a table's row, without those in small print."""
    label = row.xpath("string(th/a)") or row.xpath("string(th/text()[1])")
    return [label.strip(), *map(samples.words_of, row.xpath("td"))]


def per_cent(element: Any, name: str) -> float:
    """Return a place on a drawing."""
    value = element.get(name)
    assert value.endswith("%")
    return float(value[:-1])


def salary(built: Built) -> Page:
    """Return the salary index of a site."""
    return samples.page(built.files, "/salary/")


def section(page: Page, heading: str) -> Any:
    """Return the section with a heading."""
    return page.one(f"//section[h2[normalize-space() = '{heading}']]")


def test_each_chart_is_a_named_picture_above_its_table(built: Built) -> None:
    """Every chart has a name and the role of a picture, holds nothing to tab to, and a table is what comes next."""
    charts = salary(built).all(f"//*[{HAS.format('app-chart')}]")
    assert len(charts) == 3
    for chart in charts:
        assert (chart.get("role"), bool(chart.get("aria-label"))) == ("img", True)
        assert chart.xpath(".//a | .//@tabindex | .//button") == []
        following = chart.getnext()
        assert following.tag == "table" or following.xpath("./*[1]")[0].tag == "table"
    assert len({chart.get("aria-label") for chart in charts}) == len(charts)


def test_bars_say_what_the_table_says(built: Built) -> None:
    """Each salary band's bar has its words, its length and its open part from the numbers of its row in the table."""
    found = section(salary(built), "Jobs by salary band")
    table = {label: (int(all_), int(are_open)) for label, are_open, all_ in map(cells, found.xpath(".//tbody/tr"))}
    rows = of_class(found, "app-chart__row")
    longest = max(table[samples.words_of(of_class(row, "app-chart__label")[0])][0] for row in rows)
    assert len(rows) + len(SPECIAL) == len(table)
    for row in rows:
        number, are_open = table[samples.words_of(of_class(row, "app-chart__label")[0])]
        said = f"{number} job{'' if number == 1 else 's'}" + (f", {are_open} open" if are_open else "")
        assert samples.words_of(of_class(row, "app-chart__value")[0]) == said
        for kind, value in (("bar", number), ("part", are_open)):
            drawn = [per_cent(bar, "width") for bar in of_class(row, f"app-drawing__{kind}")]
            assert drawn == ([pytest.approx(100 * value / longest, abs=0.01)] if value else [])


@pytest.mark.parametrize("heading", ["Pay by grade", "Pay by year"])
def test_ranges_say_what_the_table_says(heading: str, built: Built) -> None:
    """Dots, line and middle of each row stand where the amounts of its row in the table lie on the chart's scale."""
    found = section(salary(built), heading)
    table = list(map(cells, found.xpath(".//tbody/tr")))
    ticks = {pounds(samples.words_of(tick)): per_cent(tick, "x") for tick in found.xpath(".//*[local-name()='text']")}
    scale = [per_cent(line, "x1") for line in of_class(of_class(found, "app-chart__row")[0], "app-drawing__scale")]
    assert list(ticks.values()) == scale
    top = max(ticks)
    assert [ticks[0], ticks[top]] == [0, 100]
    rows = of_class(found, "app-chart__row")
    assert len(rows) == len(table) > 0
    for row, (label, jobs, least, middle, most) in zip(rows, table, strict=True):
        assert samples.words_of(of_class(row, "app-chart__label")[0]) == label
        words = least if least == most else f"{least} to {most}"
        value = f"{words}, {jobs} job{'' if jobs == '1' else 's'}"
        assert samples.words_of(of_class(row, "app-chart__value")[0]) == value
        dots = sorted(per_cent(dot, "cx") for dot in of_class(row, "app-drawing__end"))
        places = [100 * amount / top for amount in sorted({pounds(least), pounds(most)})]
        assert dots == pytest.approx(places, abs=0.01)
        lines = [(per_cent(line, "x"), per_cent(line, "width")) for line in of_class(row, "app-drawing__range")]
        assert lines == ([pytest.approx((places[0], places[1] - places[0]), abs=0.03)] if len(places) > 1 else [])
        marks = [per_cent(mark, "x1") for mark in of_class(row, "app-drawing__middle")]
        assert marks == ([] if middle == "too few" else [pytest.approx(100 * pounds(middle) / top, abs=0.01)])
        assert (middle == "too few") == (int(jobs) < 3)


REAL: Final = {
    "Pay by grade": {
        "Senior executive officer": ("1", "£42,914", "too few", "£53,081"),
        "Deputy director": ("3", "£71,000", "£85,000", "£100,000"),
        "Director general": ("2", "£160,000", "too few", "£190,000"),
        "Permanent secretary": ("1", "£180,000", "too few", "£180,000"),
    },
    "Pay by year": {
        "2025": ("3", "£23,450", "£46,436", "£160,000"),
        "2023": ("3", "£25,856", "£60,000", "£149,990"),
        "2021": ("3", "£71,000", "£101,500", "£150,000"),
        "2016": ("3", "£30,480", "£100,000", "£100,000"),
        "2014": ("1", "about £110,000", "too few", "about £110,000"),
        "2013": ("1", "£26,000", "too few", "£60,000"),
    },
}
"""Rows of the real site, worked out by hand from the front matter of its jobs: all grades, and some of the years."""


@pytest.mark.parametrize("heading", REAL)
def test_figures_of_the_real_site(heading: str, real_site: dict[str, bytes]) -> None:
    """The figures of the real site are those that come out by hand."""
    found = section(samples.page(real_site, "/salary/"), heading)
    table = {label: tuple(rest) for label, *rest in map(cells, found.xpath(".//tbody/tr"))}
    assert REAL[heading].items() <= table.items()
    assert heading != "Pay by grade" or table.keys() == REAL[heading].keys()


def test_bands_know_their_place(real_site: dict[str, bytes]) -> None:
    """A band says its place and share, leads to its neighbours alone, and marks its own bar; other pay has neither."""
    bands = samples.page(real_site, "/salary/").all(f"//*[{HAS.format('app-terms')}]//tbody//a/@href")[: -len(SPECIAL)]
    assert len(bands) == len(samples.real_config()["salary"]["bands"]) + 1
    beside: dict[str, list[str]] = {address: [] for address in bands}
    for lower, higher in pairwise(bands):
        beside[higher].insert(0, lower)
        beside[lower].append(higher)
    for place, address in enumerate(bands, 1):
        page = samples.page(real_site, address)
        head = page.text(f"//*[{HAS.format('app-list__head')}]")
        assert f"Band {place} of {len(bands)} from the lowest." in head
        assert page.all("//nav[@aria-label='Salary bands on either side']//a/@href") == beside[address]
        assert page.all(f"//*[{HAS.format('app-bars')}]//a[@aria-current]/@href") == [address]
        assert page.all("//h2/text()")[1:3] == ["Pay starts in this band", "Pay can reach this band"]
    for name in SPECIAL:
        page = samples.page(real_site, f"/salary/{name}/")
        assert page.all("//nav[@aria-label='Salary bands on either side'] | //*[@aria-current='page']") == []
        assert "in no band" in page.text(f"//*[{HAS.format('app-list__head')}]")


def test_shares_of_bands(real_site: dict[str, bytes]) -> None:
    """The share that a band tells is its jobs of all that are in bands; the index tells the same sum."""
    index = samples.page(real_site, "/salary/")
    jobs, banded = map(int, re.findall(r"\d+", index.text(f"//*[{HAS.format('app-tally')}]")))
    outside = sum(
        int(samples.words_of(row.xpath("td")[-1]))
        for row in index.all(f"//*[{HAS.format('app-terms')}]//tbody/tr")[-len(SPECIAL) :]
    )
    assert jobs == banded + outside  # no real job is paid both for a year and by the day
    head = samples.page(real_site, "/salary/75000-to-99999/").text(f"//*[{HAS.format('app-list__head')}]")
    assert f"It has 8 of the {banded} jobs that are in a band." in head


@pytest.mark.parametrize(
    "address", ["/grades/scs1/", "/organisations/government-digital-service/", "/roles/leadership-and-other/"]
)
def test_terms_say_what_their_jobs_pay(address: str, real_site: dict[str, bytes]) -> None:
    """A grade, an organisation and a role family with three jobs that give pay say its range and its years."""
    head = samples.page(real_site, address).text(f"//*[{HAS.format('app-list__head')}]")
    assert re.search(
        r"jobs here state a yearly salary in pounds: £[\d,]+ to £[\d,]+, published from \d{4} to \d{4}\.", head
    )


def test_salary_pages_without_any_job() -> None:
    """A site without jobs has all its salary pages; its index has no chart, and says that there are no jobs."""
    files = {path: data for path, data in samples.base().items() if not path.startswith("content/jobs/")}
    site = samples.build_site(files)
    index = samples.page(site, "/salary/")
    assert index.text(f"//*[{HAS.format('app-tally')}]") == "No jobs"
    assert index.all(f"//*[{HAS.format('app-chart')}]") == []
    assert index.all("//h2/text()") == ["Jobs by salary band"]
    for address in index.all("//tbody//a/@href"):
        assert "No job is listed here at the moment." in samples.page(site, address).text("//main")
