"""The real content: its size and form, and the three founding jobs on the pages where they belong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests import samples

FOUNDING: Final = {
    "2014-09-parliament-director-digital-service",
    "2015-01-cabinet-office-chief-digital-officer",
    "2018-01-pds-local-engagement-team",
    "2021-03-home-office-deputy-director-it-operations",
    "2024-09-pds-transforming-digital-directorate",
}
"""The entries the digest began with, which are longer than the rest."""
FEWEST_ENTRIES: Final = 75
MOST_TAGS: Final = 60
BODIES: Final = [(path, body) for path, (_, body) in samples.written().items() if not path.startswith("content/pages/")]


def test_there_are_entries_of_both_kinds() -> None:
    """The digest carries at least 75 jobs and news items, the founding ones among them."""
    kinds = Counter(path.split("/")[1] for path in samples.written())
    assert kinds["jobs"] + kinds["news"] >= FEWEST_ENTRIES
    assert kinds["jobs"] >= 40
    assert kinds["news"] >= 20
    assert {Path(path).stem for path in samples.written()} >= FOUNDING


@pytest.mark.parametrize(("path", "body"), BODIES, ids=[Path(path).stem for path, _ in BODIES])
def test_body_has_its_length(path: str, body: str) -> None:
    """A founding entry has 200 to 400 words and any other at least 60, so that none is a bare link."""
    words = len(body.split())
    if Path(path).stem in FOUNDING:
        assert 200 <= words <= 400
    else:
        assert words >= 60


def test_titles_and_summaries_are_short() -> None:
    """A title fits a line of a result list and a summary a link preview, and each is its entry's own."""
    fronts = {path: front for path, (front, _) in samples.written().items()}
    assert [path for path, front in fronts.items() if not 5 <= len(front["title"]) <= 65] == []
    assert [path for path, front in fronts.items() if not 20 <= len(front["summary"]) <= 160] == []
    assert len({front["title"] for front in fronts.values()}) == len(fronts)
    assert len({front["summary"] for front in fronts.values()}) == len(fronts)


def test_tags_are_few_and_described() -> None:
    """At most 60 tags are declared, each with a description, and entries use no other."""
    tags = {tag["id"]: tag for tag in samples.real_config()["tags"]}
    assert 0 < len(tags) <= MOST_TAGS
    assert [id_ for id_, tag in tags.items() if len(tag.get("description", "")) < 20] == []
    assert {tag for front, _ in samples.written().values() for tag in samples.tag_ids(front)} <= tags.keys()


@pytest.mark.parametrize("year", range(2011, 2028))
def test_no_problem_in_any_year(year: int) -> None:
    """The real content builds without an error or a warning, whatever the day."""
    result = samples.build_result(samples.real(), f"{year}-06-15T12:00")
    assert result.problems == ()
    assert result.site


# --- the three founding jobs ---------------------------------------------------------------------------------

PARLIAMENT: Final = "/jobs/2014-09-parliament-director-digital-service/"
CABINET_OFFICE: Final = "/jobs/2015-01-cabinet-office-chief-digital-officer/"
HOME_OFFICE: Final = "/jobs/2021-03-home-office-deputy-director-it-operations/"
PLACES: Final = [
    (PARLIAMENT, "/salary/100000-and-over/", "Pay starts in this band", "about £110,000, 2014"),
    (HOME_OFFICE, "/salary/60000-to-74999/", "Pay starts in this band", "£71,000 to £85,000, 2021"),
    (HOME_OFFICE, "/salary/75000-to-99999/", "Pay can reach this band", "£71,000 to £85,000, 2021"),
    (CABINET_OFFICE, "/salary/75000-to-99999/", "Pay starts in this band", "about £90,000, 2015"),
]
"""A job, a band's page, the section in which it stands there, and its pay with the year it is from."""


@pytest.mark.parametrize(("job", "band", "section", "pay"), PLACES)
def test_founding_job_stands_in_its_band(
    job: str, band: str, section: str, pay: str, real_site: dict[str, bytes]
) -> None:
    """A founding job is listed once on the page of a band, in the right section, closed, its pay with its year."""
    page = samples.page(real_site, band)
    row = page.one(f"//li[contains(@class, 'app-row')][.//a/@href = '{job}']")
    words = samples.words_of(row)
    heading = row.xpath("string(ancestor::section[1]/h2)")
    assert heading.strip() == section
    assert pay.casefold() in words.casefold()
    assert words.endswith("Closed")


@pytest.mark.parametrize("job", [PARLIAMENT, CABINET_OFFICE, HOME_OFFICE])
def test_founding_job_is_in_no_other_band(job: str, real_site: dict[str, bytes]) -> None:
    """A founding job is on the pages of the bands that its pay touches, and on no other salary page."""
    listed = {
        samples.address_of(path)
        for path in real_site
        if path.startswith("salary/") and path.endswith(".html")
        if samples.page(real_site, samples.address_of(path)).all(f"//main//a[@href = '{job}']")
    }
    assert listed == {band for name, band, _, _ in PLACES if name == job}


def test_founding_jobs_in_2014() -> None:
    """On 20 September 2014 Parliament's job is open in its band, and nothing is seen of the two that came later."""
    site = samples.build_site(samples.real(), "2014-09-20")
    page = samples.page(site, "/salary/100000-and-over/")
    row = page.one(f"//li[contains(@class, 'app-row')][.//a/@href = '{PARLIAMENT}']")
    assert row.xpath("string(ancestor::section[1]/h2)").strip() == "Pay starts in this band"
    assert samples.words_of(row).endswith("Open")
    assert "about £110,000 Closes 6 October 2014" in samples.words_of(row)
    assert PARLIAMENT in samples.page(site, "/jobs/").all("//main//a/@href")
    for later in (CABINET_OFFICE, HOME_OFFICE):
        assert [path for path, data in site.items() if later.encode() in data] == []
        assert f"{later[1:]}index.html" not in site
