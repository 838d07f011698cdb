"""The cases: what is changed before a build, and the figures of that build, for each site in turn."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Final, NamedTuple

from benchmarks import floor
from benchmarks.corpus import NOW
from benchmarks.measure import FailedError, Figures, medians, run, stamps, written
from benchmarks.sites import FULL, HERE, OWN, PEER, Corpus, Site
from benchmarks.watching import Watched

SPARE_TAG: Final = "welsh-language"
"""The tag that takes the place of another; or the first of all, where the entry has this one already."""
FLOOR: Final = "floor"


class Case(NamedTuple):
    """One change, and the build after it."""

    name: str
    does: str
    """What is changed, as the report says it."""
    change: Callable[[Site, Corpus], None]
    late: bool = False
    """The clock stands just after the next deadline."""
    alters: bool = True
    """The page that the case is about must differ afterwards."""


def _nothing(_site: Site, _corpus: Corpus) -> None:
    pass


def _body(site: Site, corpus: Corpus) -> None:
    site.write(corpus.edited._replace(body=f"{corpus.edited.body}\nA sentence was added.\n"))


def _tag(site: Site, corpus: Corpus) -> None:
    """Exchange a tag, and keep the longer body of the case before."""
    tags = corpus.edited.tags
    other = SPARE_TAG if SPARE_TAG not in tags else "accessibility"
    text = f"{corpus.edited.body}\nA sentence was added.\n"
    site.write(corpus.edited._replace(tags=(*tags[:-1], other), body=text))


def _template(site: Site, _corpus: Corpus) -> None:
    path = site.root / site.template
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<dt>Closing date</dt>", "<dt>Closes on</dt>"), encoding="utf-8")


COLD: Final = Case(
    "cold", "there is no output, no state and no cache; modules and templates are compiled", _nothing, alters=False
)
FEW: Final = (
    COLD,
    Case("unchanged", "nothing has changed since the last build", _nothing, alters=False),
    Case("one body edited", "a sentence is added to the newest job, which lists and feeds show", _body),
)
"""The cases of every site and of every size."""
CASES: Final = (
    *FEW,
    Case("one tag edited", "one tag of that job is exchanged for another", _tag),
    Case("one template edited", "a word of the template of every job's page is changed", _template),
    Case(
        "clock past a deadline", "the clock stands a minute after the next deadline; a job closes", _nothing, late=True
    ),
)
"""In the order in which they run; each starts from what the one before left."""


class Measured(NamedTuple):
    """The figures of one corpus."""

    entries: int
    runs: int
    figures: dict[tuple[str, str], Figures]
    """Medians by case and name of the site; the floor is the case and the site `floor`."""
    pages: dict[str, tuple[int, int]]
    """How many HTML and XML files each site has, by its name."""
    ratios: Mapping[str, float] = MappingProxyType({})
    """By case, the median over the runs of how many times Hugo's wall time in a run goes into the digest's."""
    watched: Mapping[str, Watched] = MappingProxyType({})
    """What an edit costs while a server watches, by name of the site; nothing where that was not measured."""


def measure(  # noqa: PLR0913 - what is built, where, and how often
    sites: Sequence[Site], corpus: Corpus, work: Path, entries: int, runs: int, *, few: bool = False
) -> Measured:
    """Run every case `runs` times, each time by one site after the other, and return the medians.

    Another site begins in each run: who follows upon what is not the same for all.
    With everything on, or with `few`, only the cases `FEW` are run.  The floor is that of the first site.  Files that
    are in the way are moved below `work`.  Raises `FailedError` when a build fails or does not show the change that it
    was measured for.
    """
    found: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    pages: dict[str, tuple[int, int]] = {}
    own = sites[0]
    for number in range(runs):
        for site in sites:
            restore(site, corpus)
            site.clear(work / f"trash-{number}-{site.name}")
        first = number % len(sites)
        for case in FEW if few else CASES:
            for site in (*sites[first:], *sites[:first]):
                if site.name == FULL and case not in FEW:
                    continue
                figures = _case(case, site, corpus, work)
                found[case.name, site.name].append(figures)
                _say(f"{entries:,} entries, run {number + 1}, {case.name}, {site.name}: {figures.wall:.2f} s")
            if case is COLD:
                pages = {site.name: _pages(site) for site in sites}
        found[FLOOR, FLOOR].append(_floor(own, work, number))
    return Measured(entries, runs, {key: medians(values) for key, values in found.items()}, pages, _ratios(found))


def _ratios(found: Mapping[tuple[str, str], Sequence[Figures]]) -> dict[str, float]:
    """Return the median ratio of each case that Hugo has been measured with, from the figures of all runs in turn."""
    pairs = {case: zip(found[case, OWN], found[case, site], strict=True) for case, site in found if site == PEER}
    return {case: median(own.wall / peer.wall for own, peer in both) for case, both in pairs.items()}


def _case(case: Case, site: Site, corpus: Corpus, work: Path) -> Figures:
    case.change(site, corpus)
    page = site.page(corpus.closing if case.late else corpus.edited)
    before, shown = stamps(site.root / site.out), page.read_bytes() if page.is_file() else b""
    now: datetime = corpus.deadline + timedelta(minutes=1) if case.late else NOW
    figures = run(site.build(now), site.environment, work / "log.txt")
    if not page.is_file() or (case is not COLD and (page.read_bytes() != shown) != case.alters):
        message = f"{site.name}, {case.name}: {page} is not as this case should leave it"
        raise FailedError(message)
    return figures._replace(written=written(before, stamps(site.root / site.out)))


def restore(site: Site, corpus: Corpus) -> None:
    """Undo the edits of the cases."""
    site.write(corpus.edited)
    path = site.root / site.template
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<dt>Closes on</dt>", "<dt>Closing date</dt>"), encoding="utf-8")


def _floor(site: Site, work: Path, number: int) -> Figures:
    """Measure the bare loop on the inputs of a site and its newest outputs."""
    packed, out = work / "outputs.pack", work / f"floor-{number}"
    floor.pack(str(site.root / site.out), str(packed))
    inputs = [site.root / name for name in site.inputs]
    command = [sys.executable, "-I", "-S", HERE / "floor.py", packed, out, *inputs]
    figures = run([str(part) for part in command], {}, work / "log.txt")
    return figures._replace(written=len(stamps(out)))


def _pages(site: Site) -> tuple[int, int]:
    names = list(stamps(site.root / site.out))
    return sum(name.endswith(".html") for name in names), sum(name.endswith(".xml") for name in names)


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def remove(work: Path) -> None:
    """Delete a folder of sites and all that was moved away from them, once every figure has been taken."""
    shutil.rmtree(work, ignore_errors=True)
