"""Publishing on a real system: kills, readers, builds at once, mounts, full disks, permissions."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from digest.publish import MARK, publish
from tests.builders import small_site, write_tree
from tests.publish_programs import VERSIONS, Program, running
from tests.publishing import (
    BESIDE,
    Site,
    hold_published,
    in_small_disk,
    marks,
    python,
    shown,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="publishing is tested on POSIX systems")

OLD: Final[Site] = {MARK: b"1", "index.html": b"old", "gone/index.html": b"", "kept": b""}
NEW: Final[Site] = {MARK: b"2", "index.html": b"new", "more/index.html": b"", "kept": b""}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give the path of a folder to publish into, which is missing yet."""
    return tmp_path / "site"


KILLS: Final = 200
MOST: Final = 3000
"""Publications that are tried at most until `KILLS` of them were killed before they ended."""


def published(publisher: Program, letter: str, seconds: float | None = None) -> int:
    """Let a version be published, killed after some seconds if it takes that long; return the exit status."""
    publisher.say(letter)
    process = publisher.hear()
    if seconds is not None and publisher.silent(seconds):
        os.kill(process, signal.SIGKILL)
    assert publisher.hear() == process
    publisher.say("and so farewell")
    return publisher.hear()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_two_hundred_kills(out: Path) -> None:
    """Killed 200 times at random moments under a reader, each read is of one build, and the next build succeeds."""
    moments = random.Random(20141121)  # noqa: S311 - moments of kills are no secret
    publish(VERSIONS["A"], out)
    kills, passes, pause = 0, 0, 0.01
    with running("publish_on_demand", out) as publisher, running("read_without_end", out) as reader:
        for number in range(MOST):
            letter = "BA"[number % 2]
            status = published(publisher, letter, moments.uniform(0, pause))
            assert status in {0, signal.SIGKILL}
            kills += status == signal.SIGKILL
            pause *= 1.02 if status else 0.9  # so that some moments, but not many, come after the end
            assert shown_version(out) in {"A", "B"}
            _turn(reader)
            assert published(publisher, letter) == 0
            assert shown_version(out) == letter
            passes = _turn(reader)
            if kills == KILLS:
                break
    assert kills == KILLS
    assert passes > KILLS
    assert {path.name for path in out.parent.iterdir()} == BESIDE | {"site"}


def _turn(reader: Program) -> int:
    """Wait until the reader begins a new pass, and return how many it has made.

    A folder that is held open stays as it is until the second publication from then on begins to change it.
    """
    reader.say("how many?")
    return reader.hear()


def shown_version(out: Path) -> str | None:
    """Return the letter of the version that is published, None for a mixture."""
    now = shown(out)
    return next((letter for letter, site in VERSIONS.items() if site == now), None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_two_at_once(out: Path) -> None:
    """Builds that publish into one folder at once wait for each other: each is published whole, the last one wins."""
    with running("publish_on_demand", out) as one, running("publish_on_demand", out) as other:
        for number in range(20):
            letters = "AB" if number % 2 else "BA"
            one.say(letters[0])
            other.say(letters[1])
            for publisher in (one, other):
                process = publisher.hear()
                assert publisher.hear() == process
            assert shown_version(out) in {"A", "B"}
            for publisher in (one, other):
                publisher.say("and so farewell")
                assert publisher.hear() == 0
    hold_published(VERSIONS["A" if shown_version(out) == "A" else "B"], out, {})


# --- file systems --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this machine has no /dev/shm")  # noqa: S108
def test_another_file_system(tmp_path: Path) -> None:
    """A folder on another file system is exchanged there like any other."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        out = Path(folder) / "site"
        if out.parent.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("all folders of this machine lie on one file system")
        for site in (OLD, NEW):
            before = marks(out)
            assert publish(site, out).whole
            hold_published(site, out, before)


COMMANDS: Final = """
import contextlib, io, json, os, subprocess, sys
from pathlib import Path
from digest import cli
from tests.publishing import marks

root, out = Path(sys.argv[1]), Path(sys.argv[2])
told = []

def build():
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        status = cli.main(["build", "--root", str(root), "--out", str(out), "--now", "2026-06-01T12:00"])
    seen = {path: [mark.inode, mark.mtime, mark.data.hex()] for path, mark in marks(out).items()}
    told.append([status, said.getvalue(), wrong.getvalue(), seen])

def edit(words):
    path = root / "content/jobs/designer.md"
    path.write_text(path.read_text("utf-8") + chr(10) + words + chr(10), "utf-8")

"""
"""Code that runs commands and keeps what they say and leave in `told`."""
TELL: Final = "\nprint(json.dumps(told))\n"
Told = list[tuple[int, str, str, dict[str, list[int | str]]]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small valid site."""
    return write_tree(tmp_path / "digest", small_site())


def _lasting(seen: Mapping[str, object]) -> set[str]:
    """Return the files that an edit leaves in place: those of words have a mark of their content in their name."""
    return {path for path in seen if not path.startswith("search/words/")}


ONE_BY_ONE: Final = "{} cannot be exchanged as a whole, so its files were put in place one by one.\n"


def test_a_mount_point(root: Path, tmp_path: Path) -> None:
    """A folder that is a file system of its own is published into one by one, which is said once and keeps the rest."""
    place = tmp_path / "mounted"
    code = COMMANDS + "build(); build(); edit('More.'); (out / 'lost+found').mkdir(); build(); build()" + TELL
    told: Told = json.loads(in_small_disk(code, place, root, place))
    assert [status for status, *_ in told] == [0] * 4
    assert [said for _, _, said, _ in told] == [ONE_BY_ONE.format(place), "", ONE_BY_ONE.format(place), ""]
    first, second, third, fourth = (seen for *_, seen in told)
    assert first == second
    assert third == fourth
    assert _lasting(first) == _lasting(third)
    changed = {path for path in _lasting(first) if first[path][2] != third[path][2]}
    assert {path for path in _lasting(first) if first[path] != third[path]} == changed
    assert "jobs/designer/index.html" in changed
    assert {path.name for path in tmp_path.iterdir()} == {"digest", "mounted", ".mounted.lock", ".mounted.state"}


def test_a_bind_mount(root: Path, tmp_path: Path) -> None:
    """A folder mounted in its place from the same file system, which looks like any other, is published one by one."""
    place = tmp_path / "small"
    bound = "subprocess.run(['mount', '--bind', str(out), str(out)], check=True)\n"
    code = COMMANDS + "out.mkdir()\n" + bound + "build(); edit('More.'); build()" + TELL
    told: Told = json.loads(in_small_disk(code, place, root, place / "site"))
    assert [(status, said) for status, _, said, _ in told] == [(0, ONE_BY_ONE.format(place / "site"))] * 2
    assert b"More." in bytes.fromhex(str(told[1][3]["jobs/designer/index.html"][2]))


REMOUNT: Final = """
def remount(how):
    subprocess.run(["mount", "-o", "remount," + how, "tmpfs", sys.argv[3]], check=True)

def used():
    disk = os.statvfs(sys.argv[3])
    return str((disk.f_blocks - disk.f_bfree) * disk.f_frsize + 8192)

build()
edit("More. " * 20_000)
"""
BROKEN: Final = {
    "full": ("remount('size=' + used())", "remount('size=20m')", "No space left on device"),
    "read-only": ("remount('ro')", "remount('rw')", "Read-only file system"),
}


@pytest.mark.parametrize("where", ["site", ""], ids=["exchanged", "one-by-one"])
@pytest.mark.parametrize("fault", BROKEN)
def test_a_disk_that_takes_nothing(root: Path, tmp_path: Path, where: str, fault: str) -> None:
    """On a full or read-only disk the command says so with status 3, every inode stays; mended, all goes on."""
    spoil, mend, words = BROKEN[fault]
    place = tmp_path / "small"
    code = COMMANDS + REMOUNT + f"{spoil}; build(); {mend}; build()" + TELL
    told: Told = json.loads(in_small_disk(code, place, root, place / where, place))
    (first, _, _, old), (second, results, said, still), (third, _, _, new) = told
    assert (first, second, third) == (0, 3, 0)
    assert results == ""
    assert said.startswith(f"The machine failed: {words}")
    assert said.endswith(". Nothing was published.\n")
    assert len(said.splitlines()) == 1
    assert still == old
    assert b"More. More." in bytes.fromhex(str(new["jobs/designer/index.html"][2]))


LOSE: Final = """
out.parent.mkdir()
out.parent.chmod(0o755)
build()
edit("More.")
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
else:
    out.parent.chmod(0o555)
build()
if os.geteuid() != 65534:
    out.parent.chmod(0o755)
"""


def test_lost_permission(root: Path) -> None:
    """Who may not write beside the site is told so with status 3, and the site stays as it is."""
    with tempfile.TemporaryDirectory(prefix="publishing-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        shutil.copytree(root, place / "digest")
        code = COMMANDS + LOSE + TELL
        told: Told = json.loads(python(code, place / "digest", place / "public/site"))
    (first, _, _, old), (second, results, said, still) = told
    assert (first, second, results) == (0, 3, "")
    assert said.startswith(f"The machine failed: Permission denied: {place}")
    assert said.endswith(". Nothing was published.\n")
    assert still == old
