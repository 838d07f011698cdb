"""The benchmarks: the corpus is one and the same everywhere, builds cleanly, and the figures add up.

How long anything takes is measured by `make bench` and asserted nowhere.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
import yaml

from benchmarks import breakdown, cases, corpus, floor, measure, run, shapes, sites, stages, table, watching
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


def test_few_cases_are_run_with_everything_on(tmp_path: Path) -> None:
    """With everything on, and in large corpora, a site is built cold, unchanged and after an edit of a body."""
    few = [case.name for case in cases.FEW]
    assert few == ["cold", "unchanged", "one body edited"] == CASES[:3]
    same = sites.own_site(tmp_path / "same", run.LEAST, "same")
    full = sites.own_site(tmp_path / "full", run.LEAST, "full")
    found = cases.measure([same, full], sites.corpus(run.LEAST), tmp_path, run.LEAST, 1)
    assert [case for case, site in found.figures if site == sites.FULL] == few
    assert [case for case, site in found.figures if site == sites.OWN] == CASES
    assert found.pages[sites.FULL] > found.pages[sites.OWN]
    large = cases.measure([same, full], sites.corpus(run.LEAST), tmp_path / "few", run.LEAST, 1, few=True)
    assert [case for case, site in large.figures if site == sites.OWN] == few


def test_another_site_begins_in_each_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of one case follow each other in another order in each run, so that none is always after the same."""
    names: list[str] = []

    def case(_case: cases.Case, site: sites.Site, *_: object) -> measure.Figures:
        names.append(site.name)
        return _figures(1)

    monkeypatch.setattr(cases, "_case", case)
    monkeypatch.setattr(cases, "FEW", cases.FEW[:1])
    both = [sites.own_site(tmp_path / kind, run.LEAST, kind) for kind in ("same", "full")]
    for site in both:
        (site.root / site.out).mkdir()
    cases.measure(both, sites.corpus(run.LEAST), tmp_path, run.LEAST, 3, few=True)
    assert names == [sites.OWN, sites.FULL, sites.FULL, sites.OWN, sites.OWN, sites.FULL]


def test_ratio_is_of_builds_of_the_same_run() -> None:
    """A machine that is slower in some runs than in others changes no ratio: it is the median of those of the runs."""
    own, peer = [_figures(2), _figures(9), _figures(1)], [_figures(4), _figures(3), _figures(2)]
    assert cases._ratios({("cold", sites.OWN): own, ("cold", sites.PEER): peer}) == {"cold": 0.5}
    assert cases._ratios({("cold", sites.OWN): own}) == {}


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


# --- the stages ----------------------------------------------------------------------------------------------


def test_innermost_stage_is_charged() -> None:
    """Each moment goes to one stage, the innermost that is running, and a generator is not charged between values."""
    now = iter(range(100))
    watch = stages.Stopwatch(lambda: float(next(now)))
    inner = stages.timed(watch, lambda: None, lambda: "inner")

    def values() -> Iterator[int]:
        inner()
        yield 1
        yield 2

    assert list(stages.timed(watch, values, lambda: "outer")()) == [1, 2]
    watch.leave("all")
    assert sum(watch.spent.values()) == watch._last
    assert watch.spent["inner"] == 1
    assert watch.spent["outer"] == 5  # the call, both sides of `inner`, the second value, the end


def test_value_names_the_stage() -> None:
    """The time of each value of an iterator goes to the stage named after it, that of its end to the last one's."""
    now = iter(range(100))
    watch = stages.Stopwatch(lambda: float(next(now)))
    assert list(stages.timed_each(watch, iter(["a", "b"]), str.upper)) == ["a", "b"]
    assert dict(watch.spent) == {"A": 1, "B": 2}


def test_timers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step with a timer is still there, the site comes out the same, and every rendered file is counted."""
    plain, watch = _built("full").site, stages.Stopwatch()
    made = stages.put_timers(watch, monkeypatch.setattr)
    site = _built("full").site
    assert site == plain
    assert site is not None
    rendered = [path for path in site if not path.startswith("assets/")]
    assert made.total() == len(rendered)
    assert made[breakdown.ENTRIES] == COUNT
    feeds = ("feed.xml", "feed.json", "atom.xml", "feeds.opml")
    assert made[breakdown.FEEDS] == sum(path.endswith(feeds) for path in rendered)
    assert made[breakdown.PROGRAMS] == sum(path.endswith(".ics") or path.startswith("data/") for path in rendered)
    assert made[breakdown.SEARCH] == sum(path.startswith("search/") for path in rendered) > 2
    assert made[breakdown.ROBOTS] == 3
    editions = [path for path in rendered if path.startswith("editions/") and not path.endswith("feed.xml")]
    assert made[breakdown.EDITIONS] == len(editions) > 0
    terms = ("tags/", "salary/", "organisations/", "locations/", "grades/", "roles/")
    assert made[breakdown.TERMS] == sum(path.startswith(terms) and path.endswith(".html") for path in rendered)
    views = [breakdown.VIEWS.format(kind) for kind in breakdown.KINDS]
    rendering = [breakdown.RENDERING.format(kind) for kind in breakdown.KINDS]
    assert all(watch.spent[stage] > 0 for stage in [*views, *rendering, breakdown.BODIES, breakdown.CATALOGUE])
    assert watch.spent.keys() <= set(breakdown.STAGES)


def test_stages_of_both_profiles_are_taken(tmp_path: Path) -> None:
    """A build of each profile in a process of its own tells what every stage cost, and which files it made."""
    same = sites.own_site(tmp_path / "same", run.LEAST, "same")
    full = sites.own_site(tmp_path / "full", run.LEAST, "full")
    found = breakdown.take(same, full, tmp_path, run.LEAST, 1)
    kinds = (breakdown.PROGRAMS, breakdown.SEARCH, breakdown.EDITIONS)
    alone = {stage.format(kind) for stage in (breakdown.VIEWS, breakdown.RENDERING) for kind in kinds}
    alone.add(breakdown.WORDS)
    for spent, unused in ((found.same, alone), (found.full, set[str]())):
        assert tuple(spent.stages) == breakdown.STAGES
        assert {stage for stage, seconds in spent.stages.items() if not seconds} == unused
        assert spent.total < 60
    more = {name for name in found.full.files if name not in found.same.files}
    facets = ("places", "grades", "role families")
    programs = {
        "files of open data",
        "pages of data",
        "files of the search",
        "pages of the search",
        "pages and emails of editions",
        "feeds of editions",
        *(f"calendars of {of}" for of in ("jobs", "tags", "salary bands")),
    }
    assert more == {
        "robots.txt",
        "_headers",
        *programs,
        *(f"{what} of {facet}" for what in ("pages", "feeds") for facet in facets),
    }
    assert found.same.files["feeds of salary bands"] == found.full.files["feeds of salary bands"] > 0


def test_stages_have_a_table() -> None:
    """The breakdown has a row for each stage and for the whole, with a reason where everything on costs more."""
    stages_ = dict.fromkeys(breakdown.STAGES, 1.0)
    made = dict.fromkeys(breakdown.KINDS, 1_000)
    same = breakdown.Spent(stages_, made, {"pages of tags": 3})
    dearer = {breakdown.CATALOGUE: 2.0, breakdown.BODIES: 2.0, breakdown.CARDS: 0.5, breakdown.CHECKS: 1.001}
    full = breakdown.Spent(stages_ | dearer, made, {"pages of tags": 3, "feeds of grades": 2})
    text = "\n".join(breakdown.lines(breakdown.Breakdown(10_000, 3, same, full)))
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0][2:] for row in rows] == ["stage", *breakdown.STAGES, "**all**"]
    assert f"| {breakdown.CATALOGUE} | 1.00 | 2.00 | +1.00 | six facets to sort entries into, not three |" in rows
    assert f"| {breakdown.BODIES} | 1.00 | 2.00 | +1.00 | the same work: chance |" in rows
    assert f"| {breakdown.CARDS} | 1.00 | 0.50 | -0.50 | |" in rows
    assert f"| {breakdown.CHECKS} | 1.00 | 1.00 | +0.00 | |" in rows
    assert f"| **all** | {len(breakdown.STAGES)}.00 | {len(breakdown.STAGES) + 1.5:.2f} | +1.50 | |" in rows
    assert "With everything on the site has 2 files more: 2 feeds of grades." in text
    assert "Of 3 builds of each, the one that used the least." in text


def test_stage_with_a_reason_is_a_stage() -> None:
    """Every reason belongs to a stage, and every stage is listed once."""
    assert breakdown.REASONS.keys() <= set(breakdown.STAGES)
    assert stages.STEPS.keys() <= set(breakdown.STAGES)
    assert len(set(breakdown.STAGES)) == len(breakdown.STAGES)


# --- the report ----------------------------------------------------------------------------------------------


MACHINE: Final = table.Machine(2, "Linux x86_64", "3.11.7", "0.168.0")
FULL_TABLE: Final = ["everything on", *CASES[:3]]


def _measured() -> cases.Measured:
    tools = ((sites.OWN, 3.0), (sites.PEER, 2.0), (sites.FULL, 4.5))
    names = {sites.FULL: CASES[:3]}
    figures = {(case, tool): _figures(wall, 7) for tool, wall in tools for case in names.get(tool, CASES)}
    figures[cases.FLOOR, cases.FLOOR] = _figures(0.5, 7)
    pages = {sites.OWN: (1_400, 250), sites.PEER: (1_500, 250), sites.FULL: (1_600, 300)}
    return cases.Measured(1_000, 3, figures, pages, dict.fromkeys(CASES, 1.5))


def _alone(entries: int, wall: float) -> cases.Measured:
    figures = {(case, tool): _figures(wall, 7) for case in CASES[:3] for tool in (sites.OWN, sites.FULL)}
    figures[cases.FLOOR, cases.FLOOR] = _figures(0.5, 7)
    return cases.Measured(entries, 1, figures, {sites.OWN: (1_400, 250), sites.FULL: (1_600, 300)})


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def _firsts(text: str) -> list[str]:
    return [row.split(" | ")[0][2:] for row in _rows(text)]


def test_report_has_a_row_for_each_case() -> None:
    """The report has every case with its figures and its ratio, and how far both tools are from the floor."""
    text = table.report(MACHINE, [_measured()])
    rows = _rows(text)
    assert _firsts(text) == ["case", *CASES, *FULL_TABLE]
    assert {row.count("|") for row in rows[: len(CASES) + 1]} == {len(table.COLUMNS) + 1}
    assert rows[1] == "| cold | 3.00 | 2.00 | 1.50 | 6.00 | 4.00 | 30 | 20 | 7 | 7 |"
    assert rows[len(CASES) + 2] == "| cold | 4.50 | 1.50 | 9.00 | 1.50 | 45 | 7 |"
    assert "Made: the digest 1,400 pages and 250 XML files;\nHugo 1,500 pages and 250 XML files;\n" in text
    assert "the digest with everything on 1,600 pages and 300 XML files." in text
    assert "A cold build takes 6.00 times as long by the digest and 4.00 times by Hugo." in text
    assert "6.0 ms of CPU for each entry" in text
    assert "Medians of 3 runs of each case, in turn." in text
    assert "Other programs used 25 % of the machine meanwhile." in text
    assert "2 cores, Linux x86_64, Python 3.11.7, Hugo 0.168.0." in text
    assert table.SAME_PAGES in text
    assert "only the first 3 are run" in text


def test_large_corpus_is_reported_alone() -> None:
    """A corpus that Hugo was not measured with has the digest's own figures, and says so."""
    text = table.report(MACHINE, [_alone(100_000, 40.0)])
    assert _firsts(text) == ["case", *CASES[:3], *FULL_TABLE]
    assert "| cold | 40.0 | 80.0 | 400 | 7 |" in _rows(text)
    assert "One run of each case, by the digest alone." in text
    assert "A cold build takes 80 times as long by the digest." in text
    assert "Time per entry" not in text


def test_large_corpus_is_compared_with_a_smaller_one() -> None:
    """Where 10,000 entries were measured in the same run, the time per entry of a larger corpus is compared."""
    text = table.report(MACHINE, [_alone(10_000, 5.0), _alone(100_000, 60.0)])
    assert text.count("Time per entry, divided by that at 10,000 entries:") == 1
    assert _rows(text)[-3:] == [f"| {case} | 1.20 | 1.20 | 1.20 | 1.20 |" for case in CASES[:3]]


def test_arguments_are_read() -> None:
    """Sizes and runs are given with commas; one number of runs is for all sizes."""
    asked = run.arguments(["--entries", "1000,100,100", "--runs", "3,1"])
    assert (asked.entries, asked.runs, asked.alone, asked.report) == ((100, 1000), (3, 1), run.ALONE, run.REPORT)
    later = run.arguments(["--runs", "3,3,1", "--entries", "10000,100000", "--runs", "2,1", "--alone", "20000"])
    assert (later.runs, later.alone) == ((2, 1), 20_000)
    assert run.arguments([]).entries == run.SIZES
    quick = run.arguments(["--quick"])
    assert (quick.entries, quick.runs, quick.report) == ((100,), (1,), None)


@pytest.mark.parametrize(
    "given",
    [["--entries", "many"], ["--entries", "3"], ["--runs", "0"], ["--runs", "1,2"], ["--alone", "never"]],
)
def test_wrong_arguments_are_usage_errors(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage ends with status 2 and says which option is wrong."""
    with pytest.raises(SystemExit) as ended:
        run.arguments(given)
    assert ended.value.code == 2
    assert given[0] in capsys.readouterr().err


def test_edited_code_stops_the_measurement() -> None:
    """Figures of builds between which the digest itself was edited are not reported."""
    run._check_unchanged(sites.code())
    with pytest.raises(measure.FailedError, match="code was changed"):
        run._check_unchanged(b"other code")


def test_version_of_hugo_is_read() -> None:
    """The version is taken from what Hugo says of itself, and is the one that is locked."""
    said = "hugo v0.168.0-e27a6760c5547237f87d353aebe0580feadb20f4+extended linux/amd64 BuildDate=2026-10-13T16:42:50Z"
    assert run.hugo_version(said) == "0.168.0"
    assert f"hugo=={run.hugo_version(said)} " in sites.LOCK.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no version"):
        run.hugo_version("zola 0.22")


# --- watching ------------------------------------------------------------------------------------------------


def test_edit_is_seen_and_told_of(tmp_path: Path) -> None:
    """An edit reaches the page on disk and the browser of a running preview, and the entry is left as it was."""
    site = sites.own_site(_folder(tmp_path / "digest"), run.LEAST, "same")
    known = sites.corpus(run.LEAST)
    found = watching.measure(site, known, tmp_path)
    assert min(found) > 0
    target = site.root / "content" / known.edited.folder / f"{known.edited.id}.md"
    assert target.read_text(encoding="utf-8") == shapes.digest_entry(known.edited)


def test_server_that_does_not_start_stops_the_measurement(tmp_path: Path) -> None:
    """A server that ends before it serves is told, with what it said."""
    site = sites.own_site(_folder(tmp_path / "digest"), run.LEAST, "same")
    (site.root / "config.yaml").unlink()
    with pytest.raises(measure.FailedError, match="did not serve"):
        watching.measure(site._replace(clock="--nonsense"), sites.corpus(run.LEAST), tmp_path)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_watching_has_a_table() -> None:
    """The report has what an edit costs while a server watches, beside Hugo where that was measured."""
    own, peer = watching.Watched(0.1, 0.12), watching.Watched(0.4, 0.6)
    both = table.report(MACHINE, [_measured()._replace(watched={sites.OWN: own, sites.PEER: peer})])
    assert "| new bytes on disk | 0.100 | 0.400 | 0.25 |" in both
    assert "| the message to the browser | 0.120 | 0.600 | 0.20 |" in both
    alone = table.report(MACHINE, [_alone(20_000, 9)._replace(watched={sites.OWN: own})])
    assert "| the message to the browser | 0.120 |" in alone
