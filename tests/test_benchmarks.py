"""The benchmarks: the corpus is one and the same everywhere, builds cleanly, and the figures add up.

How long anything takes is measured by `make bench` and asserted nowhere.
"""

from __future__ import annotations

import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
import yaml

from benchmarks import cases, corpus, floor, measure, run, shapes, sites, table
from digest.build import Options, Result, Snapshot, build
from digest.dates.zones import zone_info
from digest.diagnostics import report
from digest.documents.config import Config
from digest.documents.config_file import read_config
from digest.documents.entries import read_entry
from digest.model import Entry, Job, News
from digest.planning.facets import FACETS
from digest.planning.states import closing_instant
from tests import samples

COUNT: Final = 50
SMALL: Final = tuple(corpus.entries(COUNT))
CASES: Final = [case.name for case in cases.CASES]
PROFILES: Final[tuple[shapes.Profile, ...]] = ("same", "full")


# --- the corpus ----------------------------------------------------------------------------------------------


def test_corpus_is_deterministic() -> None:
    """The same seed gives the same entries, and another seed gives others."""
    assert tuple(corpus.entries(COUNT)) == SMALL
    assert tuple(corpus.entries(COUNT, seed=2)) != SMALL


def test_corpus_is_known() -> None:
    """An entry is the same on every machine and for every version of Python: figures may be compared over time."""
    found = SMALL[0]
    job = found.job
    assert job is not None
    assert (found.id, found.published.isoformat()) == ("lead-data-engineer-000000", "2026-06-28")
    assert (job.pay.text, job.closes.text) == ("£38,137 to £46,137", "2026-07-30")


def test_smaller_corpus_begins_larger() -> None:
    """A corpus is the beginning of every larger one."""
    assert tuple(corpus.entries(20)) == SMALL[:20]


def test_ids_differ() -> None:
    """No two entries have one id."""
    assert len({entry.id for entry in SMALL}) == COUNT


def test_corpus_is_like_a_digest() -> None:
    """Seven entries in ten are jobs, and a body has about 2.2 kB."""
    found = list(corpus.entries(300))
    assert sum(entry.job is not None for entry in found) == 210
    assert 2_000 < sum(len(entry.body.encode()) for entry in found) / len(found) < 2_400


def test_smallest_corpus_has_a_deadline_to_come() -> None:
    """The smallest corpus has a job that is open, so that the clock can be moved past its deadline."""
    found = sites.corpus(run.LEAST)
    assert found.deadline > corpus.NOW
    assert found.closing.job is not None
    assert found.closing.job.closes.ends == found.deadline


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (10_000, 20_000, ["under-30000"]),
        (30_000, 30_000, ["30000-to-39999"]),
        (29_999, 40_000, ["under-30000", "30000-to-39999"]),
        (45_000, 120_000, ["40000-to-49999", "50000-to-59999", "60000-to-74999", "75000-to-99999", "100000-and-over"]),
    ],
)
def test_bands_are_half_open(low: int, high: int, expected: list[str]) -> None:
    """Pay falls in every band it overlaps, and its maximum does not reach a band that begins there."""
    assert list(corpus.bands(low, high)) == expected


# --- what the tools read -------------------------------------------------------------------------------------


def _config(profile: shapes.Profile = "same") -> Config:
    found = read_config(shapes.config(profile)).value
    assert found is not None
    return found


def _built(profile: shapes.Profile) -> Result:
    files = {**samples.theme(), "config.yaml": shapes.config(profile).encode()}
    for entry in SMALL:
        files[f"content/{entry.folder}/{entry.id}.md"] = shapes.digest_entry(entry).encode()
    return build(Snapshot(files), Options(corpus.NOW))


@pytest.mark.parametrize("profile", PROFILES)
def test_corpus_builds_without_problems(profile: shapes.Profile) -> None:
    """The digest publishes every entry of the corpus, and has not so much as a warning."""
    result = _built(profile)
    assert report(result.problems, "text") == ""
    assert result.counts is not None
    assert result.counts.published == COUNT
    assert result.site is not None
    assert ("locations/index.html" in result.site) == (profile == "full")
    assert {"sitemap.xml", "feed.xml", "tags/index.html", "salary/index.html"} <= result.site.keys()


def _read(entry: corpus.Entry, config: Config) -> Entry:
    found = read_entry(f"content/{entry.folder}/{entry.id}.md", shapes.digest_entry(entry), config).value
    assert found is not None
    return found.entry


def test_hugo_is_given_what_the_digest_works_out() -> None:
    """The salary pages and the deadline that Hugo is given ready made are those that the digest finds."""
    config = _config()
    salary = next(facet for facet in FACETS if facet.name == "salary")
    zone = zone_info(config.timezone)
    for entry in corpus.entries(300):
        found = _read(entry, config)
        if entry.job is None:
            assert isinstance(found, News)
            continue
        assert isinstance(found, Job)
        assert {member.term for member in salary.memberships(found, config)} == set(entry.job.pay.terms)
        front = yaml.safe_load(shapes.hugo_entry(entry).split("---\n")[1])
        ends = closing_instant(found, config.times, config.timezone)
        assert ends is not None
        assert front["closes"].astimezone(zone) == ends.astimezone(zone)


def test_both_tools_read_the_same_body() -> None:
    """The body and the tags of an entry are the same for both tools."""
    for entry in SMALL:
        own, hugo = (shape(entry).split("\n---\n", 1) for shape in (shapes.digest_entry, shapes.hugo_entry))
        assert own[1] == hugo[1]
        assert yaml.safe_load(own[0])["tags"] == yaml.safe_load(hugo[0])["tags"]


def test_lists_and_feeds_are_as_long_for_both_tools() -> None:
    """A page of a list has as many rows, and a feed as many items, whichever tool makes it."""
    hugo = tomllib.loads((sites.HERE / "hugo" / "hugo.toml").read_text(encoding="utf-8"))
    config = _config()
    assert hugo["pagination"]["pagerSize"] == config.lists.page_size
    assert hugo["params"]["feed_items"] == config.lists.feed_items
    assert (hugo["params"]["home_jobs"], hugo["params"]["home_news"]) == (
        config.lists.home_jobs,
        config.lists.home_news,
    )
    assert (hugo["baseURL"], hugo["title"]) == (config.base_url, config.title)


# --- measuring -----------------------------------------------------------------------------------------------


def _figures(wall: float, written: int = 0) -> measure.Figures:
    return measure.Figures(wall, wall * 2, wall * 10, written, others=wall / 2)


def test_process_is_measured_whole(tmp_path: Path) -> None:
    """The memory and the processor time of a process are counted, and its output is kept apart."""
    figures = measure.run([sys.executable, "-c", "print('said')"], {}, tmp_path / "log")
    assert figures.peak > 1
    assert figures.cpu > 0
    assert (tmp_path / "log").read_text(encoding="utf-8") == "said\n"


def test_failing_command_is_told(tmp_path: Path) -> None:
    """A command that fails stops the measurement and its last words are shown."""
    with pytest.raises(measure.FailedError, match="no such luck"):
        measure.run([sys.executable, "-c", "raise SystemExit('no such luck')"], {}, tmp_path / "log")


def test_linked_file_is_not_written(tmp_path: Path) -> None:
    """A file that is moved or linked into a new tree does not count as written; one with new bytes does."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    for name in ("same", "changed"):
        (old / name).write_text("before")
    before = measure.stamps(old)
    (new / "same").hardlink_to(old / "same")
    (new / "changed").write_text("after!")
    assert measure.written(before, measure.stamps(new)) == 1
    assert measure.stamps(tmp_path / "missing") == {}


def test_medians_are_taken_figure_by_figure() -> None:
    """Each figure has a median of its own."""
    assert measure.medians([_figures(3, 5), _figures(1, 5), _figures(2, 5)]) == _figures(2, 5)
    assert measure.medians([_figures(3), _figures(1)]).wall == 2


def test_floor_writes_the_same_files(tmp_path: Path) -> None:
    """The bare loop writes what it was given, byte for byte."""
    for name, data in {"a/b/c.html": b"\0c", "d.xml": b""}.items():
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_bytes(data)
    floor.pack(str(tmp_path / "site"), str(tmp_path / "pack"))
    command = [sys.executable, "-I", "-S", floor.__file__, tmp_path / "pack", tmp_path / "out", tmp_path / "site"]
    measure.run([str(part) for part in command], {}, tmp_path / "log")
    assert (tmp_path / "out/a/b/c.html").read_bytes() == b"\0c"
    assert (tmp_path / "out/d.xml").read_bytes() == b""
    assert set(measure.stamps(tmp_path / "out")) == {"a/b/c.html", "d.xml"}


def test_cases_do_what_they_say(tmp_path: Path) -> None:
    """Each case is run in both rounds, reaches the page it is about, and nothing is written when nothing changed."""
    site = sites.own_site(tmp_path / "digest", run.LEAST, "same")
    found = cases.measure([site], sites.corpus(run.LEAST), tmp_path, run.LEAST, 2)
    written = {case: figures.written for (case, _), figures in found.figures.items()}
    assert list(written) == [*CASES, cases.FLOOR]
    assert written["cold"] == written[cases.FLOOR] > sum(found.pages["digest"])
    assert written["unchanged"] == 0
    assert all(0 < written[case] < written["cold"] for case in CASES[2:])


def test_page_that_shows_no_change_stops_the_measurement(tmp_path: Path) -> None:
    """A tool that builds quickly because it does not build is found out."""
    site = sites.own_site(tmp_path / "digest", run.LEAST, "same")
    page = site.page(sites.corpus(run.LEAST).edited)
    page.parent.mkdir(parents=True)
    page.write_text("old")
    idle = site._replace(command=(sys.executable, "-c", "pass"))
    with pytest.raises(measure.FailedError, match="one body edited"):
        cases._case(cases.CASES[2], idle, sites.corpus(run.LEAST), tmp_path)


def test_clock_is_set_for_each_build(tmp_path: Path) -> None:
    """Both tools are told the moment that the site is to be built for, with its offset."""
    now = datetime(2026, 7, 1, 9, tzinfo=corpus.ZONE)
    for made in (sites.own_site(tmp_path / "a", 1, "same"), sites.hugo_site(tmp_path / "b", 1, Path("hugo"))):
        assert made.build(now)[-2:] == [made.clock, "2026-07-01T09:00:00+01:00"]


# --- the report ----------------------------------------------------------------------------------------------


def _measured() -> cases.Measured:
    figures = {(case, tool): _figures(wall, 7) for case in CASES for tool, wall in (("digest", 3.0), ("Hugo", 2.0))}
    figures[cases.FLOOR, cases.FLOOR] = _figures(0.5, 7)
    return cases.Measured(1_000, 3, figures, {"digest": (1_400, 250), "Hugo": (1_500, 250)})


def test_report_has_a_row_for_each_case() -> None:
    """The report has every case with its figures and its ratio, and how far both tools are from the floor."""
    machine = table.Machine(2, "Linux x86_64", "3.11.7", "0.168.0")
    text = table.report(machine, "same", [_measured()])
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0][2:] for row in rows] == ["case", *CASES]
    assert {row.count("|") for row in rows} == {len(table.COLUMNS) + 1}
    assert rows[1] == "| cold | 3.00 | 2.00 | 1.50 | 6.00 | 4.00 | 30 | 20 | 7 | 7 |"
    assert "Made: digest 1,400 pages and 250 XML files; Hugo 1,500 pages and 250 XML files." in text
    assert "A cold build takes 6.00 times as long by the digest and 4.00 times by Hugo." in text
    assert "6.0 ms of CPU for each entry" in text
    assert "Medians of 3 runs" in text
    assert "Other programs used 25 % of the machine meanwhile." in text
    assert "2 cores, Linux x86_64, Python 3.11.7, Hugo 0.168.0." in text


@pytest.mark.parametrize("profile", PROFILES)
def test_report_says_what_was_made(profile: shapes.Profile) -> None:
    """The report says which pages the tools made."""
    text = table.report(table.Machine(1, "k", "p", "h"), profile, [_measured()._replace(runs=1)])
    assert table.PROFILES[profile] in text
    assert "One run of each case" in text


def test_arguments_are_read() -> None:
    """Sizes and runs are given with commas; one number of runs is for all sizes."""
    asked = run.arguments(["--entries", "1000,100,100", "--runs", "3,1"])
    assert (asked.entries, asked.runs, asked.profile, asked.report) == ((100, 1000), (3, 1), "same", run.REPORT)
    assert run.arguments([]).entries == run.SIZES
    quick = run.arguments(["--quick"])
    assert (quick.entries, quick.runs, quick.report) == ((100,), (1,), None)


@pytest.mark.parametrize(
    "given",
    [["--entries", "many"], ["--entries", "3"], ["--runs", "0"], ["--runs", "1,2"], ["--profile", "half"]],
)
def test_wrong_arguments_are_usage_errors(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage ends with status 2 and says which option is wrong."""
    with pytest.raises(SystemExit) as ended:
        run.arguments(given)
    assert ended.value.code == 2
    assert given[0] in capsys.readouterr().err


def test_version_of_hugo_is_read() -> None:
    """The version is taken from what Hugo says of itself, and is the one that is locked."""
    said = "hugo v0.168.0-e27a6760c5547237f87d353aebe0580feadb20f4+extended linux/amd64 BuildDate=2026-10-13T16:42:50Z"
    assert run.hugo_version(said) == "0.168.0"
    assert f"hugo=={run.hugo_version(said)} " in sites.LOCK.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no version"):
        run.hugo_version("zola 0.22")
