"""The report: figures as tables, with what was measured and how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.cases import CASES, COLD, FLOOR, Measured
from benchmarks.measure import Figures
from benchmarks.shapes import Profile

OWN: Final = "digest"
PEER: Final = "Hugo"
NOTE: Final = "<!-- Made by `make bench`; run it again instead of editing. -->"
PROFILES: Final[dict[Profile, str]] = {
    "same": """\
Both tools make the same kinds of pages: one for each entry; lists of jobs and of news; one for each tag, salary band
and organisation; a feed of everything, of jobs, of news, and under each tag, band and organisation; a sitemap.""",
    "full": """\
The digest makes all that it can make. Hugo makes less: no pages and feeds for places, grades and role families.
So its times are those of a smaller task.""",
}
HOW_TO_READ: Final = """\
Compare only figures of one table, and trust none that were taken while other programs used much of the machine: both
tools use every core.
The ratio is the digest's wall time divided by Hugo's: below 1, the digest is quicker.
Times differ from machine to machine; ratios much less."""
COLUMNS: Final = (
    "case",
    *("digest, s", "Hugo, s", "ratio", "CPU: digest, s", "Hugo, s", "peak: digest, MiB", "Hugo, MiB"),
    *("written: digest", "Hugo"),
)
NOTES: Final = """
## What is measured

Every build is a process of its own, start-up included.

{cases}
- **the floor**: a bare loop in Python that reads every input of the digest and writes the files of its last build to a
  new folder, and does nothing else.

The cases run in this order, and each build starts from what the one before left.
After each edit the page concerned is looked at: a build that does not show the edit stops the measurement.

- **s** is wall time. **CPU** is user and system time of the process and its children.
- **Peak** is the most memory that the largest process held.
- **Written** counts files that are new or were written again. Files that stay or are only linked do not count.

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


def report(machine: Machine, profile: Profile, measured: Sequence[Measured]) -> str:
    """Return the report as Markdown."""
    return "\n".join(
        [*_head(machine, profile), *(line for one in measured for line in _corpus(one, machine)), *_notes()]
    )


def _head(machine: Machine, profile: Profile) -> Iterator[str]:
    yield from ("# Performance", "", NOTE, "")
    yield f"{machine.cores} cores, {machine.kernel}, Python {machine.python}, Hugo {machine.hugo}."
    yield from ("", PROFILES[profile], "", HOW_TO_READ)


def _corpus(measured: Measured, machine: Machine) -> Iterator[str]:
    pages = "; ".join(f"{name} {html:,} pages and {xml:,} XML files" for name, (html, xml) in measured.pages.items())
    runs = "One run" if measured.runs == 1 else f"Medians of {measured.runs} runs"
    yield from ("", f"## {measured.entries:,} entries", "")
    yield from (f"Made: {pages}.", f"{runs} of each case, the digest and Hugo in turn.")
    share = disturbance(list(measured.figures.values()), machine.cores)
    yield from (f"Other programs used {share} % of the machine meanwhile.", "")
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---|" + "---:|" * (len(COLUMNS) - 1)
    for case in CASES:
        own, peer = measured.figures[case.name, OWN], measured.figures[case.name, PEER]
        yield row(case.name, own, peer)
    bare, cold = measured.figures[FLOOR, FLOOR], measured.figures[COLD.name, OWN]
    peer = measured.figures[COLD.name, PEER]
    yield ""
    yield f"The floor: {seconds(bare.wall)} s, {seconds(bare.cpu)} s of CPU, {bare.written:,} files written."
    times = f"{ratio(cold.wall, bare.wall)} times as long by the digest and {ratio(peer.wall, bare.wall)} times by Hugo"
    yield f"A cold build takes {times}."
    each = milliseconds(cold.cpu, measured.entries)
    yield f"It costs the digest {each} ms of CPU for each entry, start-up and lists included."


def row(name: str, own: Figures, peer: Figures) -> str:
    """Return the row of one case.

    >>> row("cold", Figures(3, 3.5, 90.4, 1300), Figures(2, 4, 100, 1250))
    '| cold | 3.00 | 2.00 | 1.50 | 3.50 | 4.00 | 90 | 100 | 1,300 | 1,250 |'
    """
    cells = [name, seconds(own.wall), seconds(peer.wall), ratio(own.wall, peer.wall)]
    cells += [seconds(own.cpu), seconds(peer.cpu)]
    cells += [f"{own.peak:.0f}", f"{peer.peak:.0f}", f"{own.written:,}", f"{peer.written:,}"]
    return f"| {' | '.join(cells)} |"


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
    """Return how many times `base` goes into `value`, to two places, from ten on to none; "-" for a base of 0.

    >>> ratio(3, 2), ratio(50, 4), ratio(1, 0)
    ('1.50', '12', '-')
    """
    if not base:
        return "-"
    times = value / base
    return f"{times:.2f}" if round(times, 2) < 10 else f"{times:.0f}"  # noqa: PLR2004 - as above


def milliseconds(value: float, count: int) -> str:
    """Return the share of each of `count` in a number of seconds, in milliseconds to one place.

    >>> milliseconds(3.2, 1000)
    '3.2'
    """
    return f"{1000 * value / count:.1f}"


def _notes() -> Iterator[str]:
    yield NOTES.format(cases="\n".join(f"- **{case.name}**: {case.does}." for case in CASES))
