"""The report: figures as tables, with what was measured and how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.breakdown import Breakdown
from benchmarks.breakdown import lines as stage_lines
from benchmarks.cases import CASES, COLD, FEW, FLOOR, Measured
from benchmarks.measure import Figures
from benchmarks.sites import FULL, OWN, PEER
from benchmarks.watching import EDITS

NOTE: Final = "<!-- Made by `make bench`; run it again instead of editing. -->"
LABELS: Final = {OWN: "the digest", PEER: "Hugo", FULL: "the digest with everything on"}
SAME_PAGES: Final = """\
Both tools make the same kinds of pages: one for each entry; lists of jobs and of news; one for each tag, salary band
and organisation; a feed of everything, of jobs, of news, and under each tag, band and organisation; a sitemap.
With **everything on** the digest also makes pages and feeds of places, grades and role families, weekly editions with
their emails, the search, calendars, open data, and what hosts and search engines read."""
HOW_TO_READ: Final = """\
Compare only figures of one table, and trust none that were taken while other programs used much of the machine: both
tools use every core.
Nor any from the minutes after many files were deleted, as tests do: some disks then take several times as long to make
new ones, and the digest, which keeps two trees, makes the most.
The ratio is the digest's wall time divided by Hugo's in the same run, and the median of that: below 1, the digest is
quicker.
Times differ from machine to machine; ratios much less."""
BASE: Final = 10_000
"""Entries of the corpus with which larger ones are compared."""
COLUMNS: Final = (
    "case",
    *("digest, s", "Hugo, s", "ratio", "CPU: digest, s", "Hugo, s", "peak: digest, MiB", "Hugo, MiB"),
    *("written: digest", "Hugo"),
)
ALONE_COLUMNS: Final = ("case", "s", "CPU, s", "peak, MiB", "written")
FULL_COLUMNS: Final = ("everything on", "s", "times same pages", "CPU, s", "times same pages", "peak, MiB", "written")
WATCHING_COLUMNS: Final = ("watching: from a save to", "digest, s", "Hugo, s", "ratio")
WATCHED: Final = ("new bytes on disk", "the message to the browser")
GROWTH_COLUMNS: Final = ("time per entry", "same pages, s", "CPU, s", "everything on, s", "CPU, s")
NOTES: Final = """
## What is measured

Every build is a process of its own, start-up included.

{cases}
- **the floor**: a bare loop in Python that reads every input of the digest and writes the files of its last build to a
  new folder, and does nothing else.

- **watching**: `build.py serve`, and `hugo server --disableFastRender`, are started and warmed by one
  edit; then a sentence of the newest job is changed, and the time is taken until the page on disk has it, and until the
  server tells the browser. Medians of {edits} edits.

The cases run in this order, and each build starts from what the one before left.
With everything on, and where the digest builds alone, only the first {few} are run.
After each edit the page concerned is looked at: a build that does not show the edit stops the measurement.

- **s** is wall time. **CPU** is user and system time of the process and its children.
- **Peak** is the most memory that the largest process held.
- **Written** counts files that are new or were written again. Files that stay or are only linked do not count.
- **Times same pages** is the figure divided by the digest's own figure, in the same run, for the pages that Hugo makes
  too.

The breakdown by stage is made by `benchmarks/stages.py`, which runs a build in its own process with timers around the
digest's functions. The timers themselves cost a few hundredths of the whole.

Cold means that the tool starts from nothing.
The inputs are in the system's file cache all the same, and Python has compiled its modules.
Hugo has no incremental mode: each of its builds makes the whole site over the output that is there.

The work is not quite the same.
The digest also reads pay and deadlines as editors write them, checks every field and link, and publishes all at one
instant.
Hugo is given pay bands and deadlines ready made; its lists of jobs go by the day of publication, and are not split into
open and closed.

`benchmarks/corpus.py` makes the entries, and `benchmarks/hugo/` holds the templates for Hugo.
"""


class Machine(NamedTuple):
    """What the figures were measured on."""

    cores: int
    """Processors that the measured programs may use."""
    kernel: str
    """Kind of kernel and processor, such as `Linux x86_64`."""
    python: str
    hugo: str


def report(machine: Machine, measured: Sequence[Measured], stages: Breakdown | None = None) -> str:
    """Return the report as Markdown."""
    base = next((one for one in measured if one.entries == BASE), None)
    found = [line for one in measured for line in _corpus(one, machine, base)]
    return "\n".join([*_head(machine), *found, *(stage_lines(stages) if stages else ()), *_notes()])


def _head(machine: Machine) -> Iterator[str]:
    yield from ("# Performance", "", NOTE, "")
    yield f"{machine.cores} cores, {machine.kernel}, Python {machine.python}, Hugo {machine.hugo}."
    yield from ("", SAME_PAGES, "", HOW_TO_READ)


def _corpus(measured: Measured, machine: Machine, base: Measured | None) -> Iterator[str]:
    sites = measured.pages.items()
    pages = ";\n".join(f"{LABELS[name]} {html:,} pages and {xml:,} XML files" for name, (html, xml) in sites)
    runs = "One run" if measured.runs == 1 else f"Medians of {measured.runs} runs"
    beside = PEER in measured.pages
    yield from ("", f"## {measured.entries:,} entries", "")
    yield f"Made: {pages}."
    yield f"{runs} of each case, {'in turn' if beside else 'by the digest alone'}."
    share = disturbance(list(measured.figures.values()), machine.cores)
    yield from (f"Other programs used {share} % of the machine meanwhile.", "")
    yield from _beside(measured) if beside else _alone(measured)
    yield from _watching(measured)
    yield from _everything(measured)
    if base is not None and measured.entries > base.entries:
        yield from _growth(measured, base)
    yield from _floor(measured)


def _beside(measured: Measured) -> Iterator[str]:
    """Yield the table of the digest beside Hugo."""
    yield from heading(COLUMNS)
    for case in CASES:
        own, peer = measured.figures[case.name, OWN], measured.figures[case.name, PEER]
        yield row(case.name, own, peer, measured.ratios[case.name])


def _alone(measured: Measured) -> Iterator[str]:
    """Yield the table of the digest alone."""
    yield from heading(ALONE_COLUMNS)
    for case in FEW:
        own = measured.figures[case.name, OWN]
        yield _cells(case.name, seconds(own.wall), seconds(own.cpu), f"{own.peak:.0f}", f"{own.written:,}")


def _everything(measured: Measured) -> Iterator[str]:
    """Yield the table of the digest with everything on, beside its own figures for the same pages."""
    yield from ("", *heading(FULL_COLUMNS))
    for case in FEW:
        full, own = measured.figures[case.name, FULL], measured.figures[case.name, OWN]
        wall = seconds(full.wall), ratio(full.wall, own.wall)
        cpu = seconds(full.cpu), ratio(full.cpu, own.cpu)
        yield _cells(case.name, *wall, *cpu, f"{full.peak:.0f}", f"{full.written:,}")


def _watching(measured: Measured) -> Iterator[str]:
    """Yield the table of what an edit costs while a server watches."""
    if not measured.watched:
        return
    own, peer = measured.watched[OWN], measured.watched.get(PEER)
    yield from ("", *heading(WATCHING_COLUMNS[: None if peer else 2]))
    for name, mine, theirs in zip(WATCHED, own, peer or own, strict=True):
        yield _cells(name, f"{mine:.3f}", *([f"{theirs:.3f}", ratio(mine, theirs)] if peer else ()))


def _growth(measured: Measured, base: Measured) -> Iterator[str]:
    """Yield the time per entry, divided by that of a smaller corpus."""
    yield from ("", f"Time per entry, divided by that at {base.entries:,} entries:", "", *heading(GROWTH_COLUMNS))
    for case in FEW:
        cells = []
        for name in (OWN, FULL):
            now, then = measured.figures[case.name, name], base.figures[case.name, name]
            cells += [ratio(now.wall / measured.entries, then.wall / base.entries)]
            cells += [ratio(now.cpu / measured.entries, then.cpu / base.entries)]
        yield _cells(case.name, *cells)


def _floor(measured: Measured) -> Iterator[str]:
    bare, cold = measured.figures[FLOOR, FLOOR], measured.figures[COLD.name, OWN]
    peer = measured.figures.get((COLD.name, PEER))
    beside = f" and {ratio(peer.wall, bare.wall)} times by Hugo" if peer else ""
    yield ""
    yield f"The floor: {seconds(bare.wall)} s, {seconds(bare.cpu)} s of CPU, {bare.written:,} files written."
    yield f"A cold build takes {ratio(cold.wall, bare.wall)} times as long by the digest{beside}."
    each = milliseconds(cold.cpu, measured.entries)
    yield f"It costs the digest {each} ms of CPU for each entry, start-up and lists included."


def heading(columns: Sequence[str]) -> tuple[str, str]:
    """Return the head of a table whose columns hold numbers, but for the first.

    >>> heading(["case", "s"])
    ('| case | s |', '|---|---:|')
    """
    return _cells(*columns), "|---|" + "---:|" * (len(columns) - 1)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def row(name: str, own: Figures, peer: Figures, times: float) -> str:
    """Return the row of one case; `times` is the ratio.

    >>> row("cold", Figures(3, 3.5, 90.4, 1300), Figures(2, 4, 100, 1250), 1.5)
    '| cold | 3.00 | 2.00 | 1.50 | 3.50 | 4.00 | 90 | 100 | 1,300 | 1,250 |'
    """
    cells = [name, seconds(own.wall), seconds(peer.wall), ratio(times, 1)]
    cells += [seconds(own.cpu), seconds(peer.cpu)]
    cells += [f"{own.peak:.0f}", f"{peer.peak:.0f}", f"{own.written:,}", f"{peer.written:,}"]
    return _cells(*cells)


def disturbance(figures: Sequence[Figures], cores: int) -> str:
    """Return how many hundredths of the processors' time other programs used while builds ran.

    >>> disturbance([Figures(3, 3, 9, others=1), Figures(1, 1, 9)], cores=2)
    '12'
    """
    share = sum(one.others for one in figures) / (cores * sum(one.wall for one in figures))
    return f"{100 * share:.0f}"


def seconds(value: float) -> str:
    """Return seconds to two places, from ten on to one.

    >>> seconds(0.123), seconds(9.996), seconds(61.26)
    ('0.12', '10.0', '61.3')
    """
    return f"{value:.2f}" if round(value, 2) < 10 else f"{value:.1f}"  # noqa: PLR2004 - two digits before the point


def ratio(value: float, base: float) -> str:
    """Return how many times `base` goes into `value`, to two digits or three; "-" for a base of 0.

    >>> ratio(3, 2), ratio(50, 4), ratio(1, 21), ratio(1, 0)
    ('1.50', '12', '0.048', '-')
    """
    if not base:
        return "-"
    times = value / base
    places = 3 if times < 0.1 else 2 if round(times, 2) < 10 else 0  # noqa: PLR2004 - digits, as above
    return f"{times:.{places}f}"


def milliseconds(value: float, count: int) -> str:
    """Return the share of each of `count` in a number of seconds, in milliseconds to one place.

    >>> milliseconds(3.2, 1000)
    '3.2'
    """
    return f"{1000 * value / count:.1f}"


def _notes() -> Iterator[str]:
    yield NOTES.format(cases="\n".join(f"- **{case.name}**: {case.does}." for case in CASES), few=len(FEW), edits=EDITS)
