"""The site is a pure function of content, templates, configuration and clock: nothing of the machine gets in."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from digest.build import Options, Result, Snapshot, build
from digest.disk import read_snapshot
from tests.builders import ROOT, built, read_tree, run_program, small_site, text_of, utc, write_tree

NOW: Final = "2026-11-21T12:00"
FEWEST: Final = 300
"""Files of the real site at least, so that two empty folders do not pass for two equal sites."""


class Machine(NamedTuple):
    """The circumstances of a build, none of which may show in the site."""

    order: int
    """1 or -1: in which order the files are put on the disk."""
    environment: Mapping[str, str]
    python: tuple[str, ...] = ()
    folder: str = "site"


MACHINES: Final = (
    Machine(1, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/"}),
    Machine(
        -1,
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Apia", "LC_ALL": "POSIX", "LANG": "cy_GB.UTF-8", "COLUMNS": "20"},
        ("-O", "-X", "utf8=0"),
        "a folder/with a space/öffentlich",
    ),
)


def snapshot() -> dict[str, bytes]:
    """Return the real content, templates and configuration."""
    return dict(read_snapshot(ROOT).files)


def made(files: Mapping[str, bytes], now: str = NOW) -> Result:
    """Build in this process; the build must publish something."""
    result = build(Snapshot(files), Options(utc(now)))
    assert result.site is not None
    return result


def unlike(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return the paths of files that are in one alone, or differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def _elsewhere(machine: Machine, place: Path) -> tuple[str, dict[str, bytes]]:
    """Build a copy of the real site under a machine's circumstances; return the summary and what was published."""
    files: Iterable[tuple[str, bytes]] = sorted(snapshot().items())[:: machine.order]
    root = write_tree(place / "root", dict(files))
    for number, path in enumerate(root.rglob("*.md")):
        os.utime(path, (number * 1000, number * 1000))
    (place / "cwd").mkdir()
    out = place / machine.folder
    done = run_program(
        *("build", "--root", root, "--out", out, "--now", NOW),
        cwd=place / "cwd",
        python=machine.python,
        **machine.environment,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return re.sub(r"\d+\.\d+ s\.", "", done.stdout), read_tree(out)


def test_processes_agree(tmp_path: Path) -> None:
    """Two processes with other hash seeds, time zones, locales, folders and orders of files publish the same bytes."""
    said, sites = [], []
    for number, machine in enumerate(MACHINES):
        words, site = _elsewhere(machine, tmp_path / str(number))
        said.append(words)
        sites.append(site)
    assert len(sites[0]) >= FEWEST
    assert unlike(*sites) == []
    assert said[0] == said[1]


def test_this_process_agrees_with_another(tmp_path: Path) -> None:
    """What is published on the disk is, file for file, the value that the build returns."""
    _, site = _elsewhere(MACHINES[1], tmp_path)
    assert unlike(site, made(snapshot()).site or {}) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_reading_does_not_matter(seed: int) -> None:
    """However the files of a snapshot are ordered, the site is the same, and so are its order and its problems."""
    files = list(snapshot().items())
    ordered = made(dict(files))
    random.Random(seed).shuffle(files)  # noqa: S311 - any order will do
    shuffled = made(dict(files))
    assert unlike(ordered.site or {}, shuffled.site or {}) == []
    assert ordered.problems == shuffled.problems
    assert (ordered.counts, ordered.next_change) == (shuffled.counts, shuffled.next_change)


def test_order_of_problems_does_not_matter() -> None:
    """Problems come in the same order and words whichever file was read first."""
    broken = {f"content/jobs/job-{n}.md": text_of("job", closes="6 October", x="1").encode() for n in range(5)}
    broken |= {f"content/news/news-{n}.md": text_of("news", tags="[data, data]").encode() for n in range(5)}
    files = list((small_site() | broken).items())
    forward, backward = (build(Snapshot(dict(order)), Options(utc(NOW))) for order in (files, files[::-1]))
    assert len(forward.problems) >= 15
    assert forward.problems == backward.problems


def test_a_build_leaves_no_trace_for_the_next() -> None:
    """A build gives the same after another site was built in the same process, whatever that one remembered."""
    first = built(small_site())
    changed = {path: data for path, data in small_site().items() if "standard" not in path}
    changed["content/jobs/designer.md"] = text_of("job", title="Another", organisation="Cabinet Office").encode()
    changed["config.yaml"] = changed["config.yaml"].replace(b"Small digest", b"Other digest")
    other = built(changed, "2026-09-20T12:00")
    assert unlike(first, other)
    assert unlike(first, built(small_site())) == []


def test_a_build_does_not_change_its_input() -> None:
    """The snapshot is the same after the build as before."""
    files = small_site()
    before = dict(files)
    built(files)
    assert files == before
    assert list(files) == list(before)


def test_the_clock_alone_changes_nothing() -> None:
    """Unchanged content gives unchanged bytes: no time of building, no age, no year of today is in any file.

    Once its review is overdue, the accessibility statement says so, and nothing else of the site changes with it.
    """
    one = made(snapshot())
    assert one.next_change == datetime(2027, 11, 22, tzinfo=UTC)
    assert unlike(one.site or {}, made(snapshot(), "2027-11-21T23:59:59").site or {}) == []
    late = made(snapshot(), "2039-03-01T04:05:06")
    assert set(unlike(one.site or {}, late.site or {})) == {"accessibility/index.html", "build.json"}


MIDNIGHT: Final = ("2026-07-01T00:00", "2026-06-30T23:00+00:00", "2026-07-01T09:00+10:00", "2026-06-30T19:00-04:00")
"""One instant, at which a job of the small site closes, as written at home without an offset and elsewhere with one."""


def test_the_offset_of_the_clock_does_not_matter() -> None:
    """A clock without an offset is in the site's time zone, and one with an offset is the instant it names."""
    clocks = [datetime.fromisoformat(text) for text in MIDNIGHT]
    after = [build(Snapshot(small_site()), Options(clock)).site or {} for clock in clocks]
    before = [build(Snapshot(small_site()), Options(clock - timedelta(seconds=1))).site or {} for clock in clocks]
    assert [unlike(after[0], site) for site in after] == [unlike(before[0], site) for site in before] == [[]] * 4
    assert "jobs/designer/index.html" in unlike(before[0], after[0])


def test_no_trace_of_the_machine() -> None:
    """No file holds the folder it was built in, or an address of the disk."""
    folder = str(ROOT).encode()
    for path, data in (made(snapshot()).site or {}).items():
        assert folder not in data, path
        assert b"file://" not in data, path
