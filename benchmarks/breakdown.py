"""The breakdown: a cold build of the same pages and one with everything on, stage by stage and side by side."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import measure
from benchmarks.corpus import NOW
from benchmarks.sites import ROOT, Site

ENTRIES: Final = "entries"
LISTS: Final = "home page and lists"
TERMS: Final = "terms and their indexes"
EDITIONS: Final = "editions"
FEEDS: Final = "feeds"
SEARCH: Final = "the search"
ROBOTS: Final = "files for hosts and search engines"
PROGRAMS: Final = "calendars and open data"
KINDS: Final = (ENTRIES, LISTS, TERMS, EDITIONS, FEEDS, SEARCH, PROGRAMS, ROBOTS)
"""Kinds of files, in the order in which they are planned."""

START: Final = "starting: Python, modules, fingerprint of the code"
FILES: Final = "finding and reading files"
FRAME: Final = "configuration and theme"
FRONT: Final = "front matter, and the rules of one entry"
BODIES: Final = "bodies: Markdown to HTML"
CARDS: Final = "cards: what lists need of an entry"
WORDS: Final = "words of entries, for the search"
CATALOGUE: Final = "catalogue: order, states, terms"
CHECKS: Final = "checks across entries and addresses"
PLANNING: Final = "planning: what each file is made of"
VIEWS: Final = "views of {}"
VIEW_MARKS: Final = "fingerprints of views"
TEMPLATES: Final = "compiling templates"
RENDERING: Final = "rendering {}"
NOTES: Final = "noting facts, and looking them up again"
WRITING: Final = "writing files"
PUBLISHING: Final = "the second tree, and the memory of what is published"
REST: Final = "the rest"
STAGES: Final = (
    *(START, FILES, FRAME, FRONT, BODIES, CARDS, WORDS, CATALOGUE, CHECKS, PLANNING),
    *(VIEWS.format(kind) for kind in KINDS),
    *(VIEW_MARKS, TEMPLATES),
    *(RENDERING.format(kind) for kind in KINDS),
    *(NOTES, WRITING, PUBLISHING, REST),
)
"""The stages in the order of the report, which is roughly that of a build."""

_LINKS: Final = "places, grades and role families are links"
_MORE: Final = "more files"
_NONE: Final = "only everything on has any"
REASONS: Final[Mapping[str, str]] = {
    WORDS: "only with everything on",
    CATALOGUE: "six facets to sort entries into, not three",
    CHECKS: "more addresses",
    PLANNING: _MORE,
    VIEWS.format(ENTRIES): _LINKS,
    VIEWS.format(LISTS): "links to three more indexes",
    VIEWS.format(TERMS): "more terms",
    VIEWS.format(FEEDS): "more feeds, and more entries that are in one",
    VIEWS.format(EDITIONS): _NONE,
    CARDS: "records of calendars and open data",
    VIEWS.format(SEARCH): _NONE,
    VIEWS.format(PROGRAMS): _NONE,
    VIEWS.format(ROBOTS): "more addresses, and more files",
    VIEW_MARKS: _MORE,
    TEMPLATES: "those of the search and of editions",
    RENDERING.format(ENTRIES): _LINKS,
    RENDERING.format(LISTS): "links to three more indexes",
    RENDERING.format(TERMS): "more terms",
    RENDERING.format(EDITIONS): _NONE,
    RENDERING.format(FEEDS): "more feeds",
    RENDERING.format(SEARCH): _NONE,
    RENDERING.format(PROGRAMS): _NONE,
    RENDERING.format(ROBOTS): "more addresses, and more files",
    NOTES: "more files, and more entries that are in a feed",
    WRITING: _MORE,
    PUBLISHING: _MORE,
}
"""Why a stage costs more with everything on; a stage without a reason does the same work in both profiles."""
CHANCE: Final = "the same work: chance"

_FOLDERS: Final = {
    "locations": "places",
    "grades": "grades",
    "roles": "role families",
    "salary": "salary bands",
    "search": "the search",
}
"""Folders of the site whose name is not what they hold."""


class Spent(NamedTuple):
    """What one build spent."""

    stages: Mapping[str, float]
    """Seconds of processor time by stage; together they are all that the process used."""
    made: Mapping[str, int]
    """Rendered files by kind."""
    files: Mapping[str, int]
    """All files of the site, by what they are, such as `pages of tags`."""

    @property
    def total(self) -> float:
        """Seconds of processor time of the process."""
        return sum(self.stages.values())


class Breakdown(NamedTuple):
    """Both profiles of one corpus."""

    entries: int
    runs: int
    same: Spent
    full: Spent


def take(same: Site, full: Site, work: Path, entries: int, runs: int) -> Breakdown:
    """Build both sites `runs` times in turn, each into a new folder below `work`, and return the cheapest of each.

    One whole run is kept, as medians of stages would not add up.  Raises `FailedError` when a build fails.
    """
    found: dict[str, list[Spent]] = {same.name: [], full.name: []}
    for number in range(runs):
        for site in (same, full):
            found[site.name].append(_spent(site, work / f"stages-{number}-{site.name}", work))
    cheapest = {name: min(all_, key=lambda spent: spent.total) for name, all_ in found.items()}
    return Breakdown(entries, runs, cheapest[same.name], cheapest[full.name])


def _spent(site: Site, out: Path, work: Path) -> Spent:
    told = work / "stages.json"
    options = ["--strict", "--no-cache", "--jobs", "1", "--root", str(site.root), "--now", NOW.isoformat()]
    command = [sys.executable, "-m", "benchmarks.stages", str(told), "build", *options, "--out", str(out)]
    measure.run(command, {"PYTHONPATH": str(ROOT)}, work / "log.txt")
    said = json.loads(told.read_text(encoding="utf-8"))
    return Spent(said["stages"], said["made"], Counter(map(what, measure.stamps(out))))


def what(path: str) -> str:
    """Return what a file of the site is, in words and in the plural.

    >>> what("locations/leeds/index.html"), what("locations/leeds/feed.xml"), what("robots.txt")
    ('pages of places', 'feeds of places', 'robots.txt')
    """
    folder, _, rest = path.partition("/")
    if not rest or folder == "assets":
        return path
    if folder == "editions":
        return "feeds of editions" if rest.endswith(".xml") else "pages and emails of editions"
    of = _FOLDERS.get(folder, folder)
    if folder in {"data", "search"} and not rest.endswith(".html"):
        return "files of open data" if folder == "data" else "files of the search"
    kinds = {"html": "pages", "ics": "calendars"}
    return f"{kinds.get(rest.rpartition('.')[2], 'feeds')} of {of}"


# --- the report ----------------------------------------------------------------------------------------------


def lines(found: Breakdown) -> Iterator[str]:
    """Yield the section of the report."""
    same, full = found.same, found.full
    yield from ("", "## Where the time goes", "")
    yield f"A cold build of {found.entries:,} entries in one process (`--jobs 1 --no-cache`), in seconds of CPU."
    yield "Each moment counts for one stage only, so the stages add up to the whole."
    yield "What several files share, such as an entry's row in lists, is charged to the first of them."
    yield "One build of each." if found.runs == 1 else f"Of {found.runs} builds of each, the one that used the least."
    yield from ("", "| stage | same pages | everything on | more | why more |", "|---|---:|---:|---:|---|")
    for stage in STAGES:
        yield row(stage, same.stages[stage], full.stages[stage])
    yield f"| **all** | {same.total:.2f} | {full.total:.2f} | {full.total - same.total:+z.2f} | |"
    yield ""
    yield "A stage that has no reason to cost more does the same work for both: how far its figures differ is chance."
    yield ""
    yield f"Rendered with the same pages: {_rendered(same)}."
    yield f"Rendered with everything on: {_rendered(full)}."
    yield f"With everything on the site has {more(same.files, full.files)}."


def row(stage: str, same: float, full: float) -> str:
    """Return the row of a stage; a difference that shows has its reason.

    >>> row(CATALOGUE, 1.0, 1.5)
    '| catalogue: order, states, terms | 1.00 | 1.50 | +0.50 | six facets to sort entries into, not three |'
    >>> row(BODIES, 10.0, 9.99)
    '| bodies: Markdown to HTML | 10.00 | 9.99 | -0.01 | |'
    """
    difference = round(full - same, 2)
    why = f" {REASONS.get(stage, CHANCE)} " if difference > 0 else " "
    return f"| {stage} | {same:.2f} | {full:.2f} | {difference:+z.2f} |{why}|"


def more(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """Return how many files there are more, and which.

    >>> more({"pages of tags": 3}, {"pages of tags": 3, "feeds of grades": 2, "robots.txt": 1})
    '3 files more: 2 feeds of grades, robots.txt'
    """
    differences = {name: after.get(name, 0) - before.get(name, 0) for name in sorted({*before, *after})}
    said = [f"{number:,} {name}" if " " in name else name for name, number in differences.items() if number > 0]
    fewer = [f"{-number:,} fewer {name}" for name, number in differences.items() if number < 0]
    return f"{sum(differences.values()):,} files more: {', '.join([*said, *fewer])}"


def _rendered(spent: Spent) -> str:
    counts = [f"{spent.made[kind]:,}" for kind in (ENTRIES, LISTS, TERMS, FEEDS)]
    return "{} pages of entries, {} of home and lists, {} of terms and their indexes, and {} feeds".format(*counts)
