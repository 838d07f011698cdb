"""Measure builds and write the report: `python -m benchmarks.run --help` says what can be chosen.

Runs on POSIX systems, where a finished process tells what it has used.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import cases, sites, table, watching
from benchmarks.breakdown import Breakdown, take
from benchmarks.measure import FailedError

WORK: Final = sites.ROOT / ".cache" / "bench"
"""Where corpora and sites are made; git ignores it."""
REPORT: Final = sites.ROOT / "docs" / "performance.md"
SIZES: Final = (100, 1_000, 10_000)
ALONE: Final = 50_000
"""Entries from which on the digest builds alone."""
LEAST: Final = 10
"""Entries of the smallest corpus that has jobs and news."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for on the command line; wrong usage ends the process with status 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure builds beside Hugo.")
    parser.add_argument("--entries", type=sizes, default=SIZES, metavar="N,N", help="sizes of the corpus")
    parser.add_argument("--runs", type=_runs, default=(3,), metavar="N,N", help="runs of all sizes, or of each")
    parser.add_argument("--alone", type=int, default=ALONE, metavar="N", help="from this size on, without Hugo")
    parser.add_argument("--quick", action="store_true", help="one run of 100 entries, printed and not kept")
    parser.add_argument("--report", type=Path, default=REPORT, metavar="FILE", help="where the report goes")
    parser.add_argument("--keep", action="store_true", help="keep the sites that were built")
    found = parser.parse_args(given)
    if found.quick:
        found.entries, found.runs, found.report = (SIZES[0],), (1,), None
    if len(found.runs) not in {1, len(found.entries)}:
        parser.error("--runs has neither one number nor one for each size")
    return found


def sizes(text: str) -> tuple[int, ...]:
    """Return sizes of the corpus, given with commas between them, the smallest first and each once.

    Raises ValueError when one is no number, or too small.

    >>> sizes("1000,100")
    (100, 1000)
    """
    found = sorted(set(_numbers(text)))
    if found[0] < LEAST:
        message = f"{found[0]} entries are too few"
        raise ValueError(message)
    return tuple(found)


def _runs(text: str) -> tuple[int, ...]:
    found = _numbers(text)
    if min(found) < 1:
        message = "no run is too few"
        raise ValueError(message)
    return found


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def machine(program: Path) -> table.Machine:
    """Return what is measured on, without names by which the machine could be known."""
    said = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - installed by sites.py
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    kernel = f"{platform.system()} {platform.machine()}"
    return table.Machine(cores, kernel, platform.python_version(), hugo_version(said))


def hugo_version(said: str) -> str:
    """Return the version in what `hugo version` says; raises ValueError when there is none.

    >>> hugo_version("hugo v0.168.0-e27a6760c554+extended linux/amd64")
    '0.168.0'
    """
    found = re.match(r"hugo v(\d+\.\d+\.\d+)", said)
    if found is None:
        message = f"no version of Hugo in {said!r}"
        raise ValueError(message)
    return found[1]


def measure(count: int, runs: int, program: Path | None, *, last: bool) -> tuple[cases.Measured, Breakdown | None]:
    """Make the sites of a corpus of `count` entries, and measure every case; of the last corpus, the stages too.

    Without the program of Hugo the digest builds alone, and only what is measured at every size.
    """
    work = WORK / f"{count}-{os.getpid()}"  # what a broken-off run left is deleted at the end: see Site.clear
    for name in ("digest", "full", "hugo"):
        (work / name).mkdir(parents=True)
    same, full = sites.own_site(work / "digest", count, "same"), sites.own_site(work / "full", count, "full")
    peers = [sites.hugo_site(work / "hugo", count, program)] if program else []
    corpus = sites.corpus(count)
    measured = cases.measure([same, *peers, full], corpus, work, count, runs, few=program is None)
    for site in (same, *peers, full):
        cases.restore(site, corpus)
    measured = measured._replace(watched={site.name: watching.measure(site, corpus, work) for site in (same, *peers)})
    return measured, take(same, full, work, count, runs) if last else None


def _check_unchanged(code: bytes) -> None:
    """Raise `FailedError` where the digest has been edited: a build that follows is no longer incremental."""
    if sites.code() != code:
        message = "the digest's code was changed while it was measured; measure again"
        raise FailedError(message)


def main(given: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and write the report; the exit status is 1 when a build fails."""
    asked = arguments(given)
    try:
        program = sites.hugo()
        sites.compile_modules()
        code = sites.code()
        runs = asked.runs * len(asked.entries) if len(asked.runs) == 1 else asked.runs
        found = [
            measure(count, times, program if count < asked.alone else None, last=count == asked.entries[-1])
            for count, times in zip(asked.entries, runs, strict=True)
        ]
        _check_unchanged(code)
    except FailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = table.report(machine(program), [measured for measured, _ in found], found[-1][1])
    if asked.report is None:
        sys.stdout.write(text)
    else:
        asked.report.write_text(text, encoding="utf-8")
    if not asked.keep:
        cases.remove(WORK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
