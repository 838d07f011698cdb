"""Publishing: a folder becomes equal to a site at one instant, whatever was there and whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from digest import trees
from digest.publish import MARK, PartlyError, Published, publish
from tests.builders import write_tree
from tests.publishing import (
    BESIDE,
    FULL,
    WHOLE,
    Disk,
    Mark,
    Site,
    every_way,
    hold_published,
    killed,
    marks,
    refused,
    shown,
    taken,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="publishing is tested on POSIX systems")

OLD: Final[Site] = {
    MARK: b"1",
    "index.html": b"old",
    "kept/index.html": b"kept",
    "gone/deep/index.html": b"gone",
    "folder/file": b"a folder that becomes a file",
    "file": b"a file that becomes a folder",
    "Case.html": b"upper",
}
NEW: Final[Site] = {
    MARK: b"2",
    "index.html": b"new",
    "kept/index.html": b"kept",
    "more/deep/index.html": b"more",
    "folder": b"a folder that becomes a file",
    "file/inner": b"a file that becomes a folder",
    "case.html": b"lower",
    "empty": b"",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give the path of a folder to publish into, which is missing yet."""
    return tmp_path / "site"


@every_way
def test_folder_becomes_the_site(out: Path, way: str) -> None:
    """Each way makes a folder equal to a site, from nothing, to another site, to an empty one, and back."""
    with taken(way):
        for site in (OLD, NEW, OLD, {}, NEW, NEW):
            before = marks(out)
            done = publish(site, out)
            hold_published(site, out, before)
            written = {path for path in site if path not in before or before[path].data != site[path]}
            gone = before.keys() - site.keys()
            assert (done.written, done.kept, done.removed) == (len(written), len(site) - len(written), len(gone))
            if written & before.keys():
                assert done.whole == (way in WHOLE)


@every_way
def test_nothing_to_do_does_nothing(out: Path, way: str) -> None:
    """Publishing the same site again changes nothing on the disk, and reads no published file."""
    with taken(way):
        publish(OLD, out)
        with Disk().used() as disk:
            assert publish(OLD, out) == Published(0, len(OLD), 0)
    assert disk.steps == ["mkdir"]  # the folder above, which is there already


@every_way
def test_a_damaged_site_is_mended(out: Path, way: str) -> None:
    """Published files that were edited, cut, deleted or made links or folders are as they should be afterwards."""
    with taken(way):
        publish(NEW, out)
        (out / "index.html").write_bytes(b"bad")
        (out / "case.html").write_bytes(b"")
        (out / "more/deep/index.html").unlink()
        (out / "kept/index.html").unlink()
        (out / "kept/index.html").symlink_to("../index.html")
        (out / "empty").unlink()
        (out / "empty").mkdir()
        publish(NEW, out)
        assert shown(out) == NEW
        assert not (out / "kept/index.html").is_symlink()
        hold_published(NEW, out, marks(out))


def test_a_touched_file_is_kept(out: Path) -> None:
    """A file whose time was changed but whose bytes were not is read again and kept as it is."""
    publish(OLD, out)
    os.utime(out / "index.html", (1, 1))
    before = marks(out)
    assert publish(OLD, out).written == 0
    assert marks(out) == before


def test_a_change_moves_the_time(out: Path) -> None:
    """A file that changes within the second, or while the clock goes back, has a later whole second all the same."""
    times = []
    for number in range(4):
        publish({MARK: bytes([number])}, out)
        times.append((out / MARK).stat().st_mtime_ns // 10**9)
    assert times == sorted(set(times))


def test_modes_stay(out: Path) -> None:
    """The folder keeps the permissions that somebody gave it, in every later publication."""
    publish(OLD, out)
    out.chmod(0o2750)
    for site in (NEW, OLD, NEW):
        publish(site, out)
        assert out.stat().st_mode & 0o7777 == 0o2750


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Where the folder is given by a link the folder it leads to is published, even one that is not there yet."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real/site")
    for site in (OLD, NEW):
        publish(site, tmp_path / "link")
        assert shown(tmp_path / "real/site") == site
    assert (tmp_path / "link").is_symlink()
    assert {path.name for path in (tmp_path / "real").iterdir()} == BESIDE | {"site"}


# --- files of others -----------------------------------------------------------------------------------------


@every_way
def test_foreign_files_are_refused(out: Path, way: str) -> None:
    """A file put among ours is named and kept, also where the new site has another of that name; then all goes on."""
    with taken(way):
        publish(OLD, out)
        for path in ("notes.txt", ".git/config", "kept/deep/er.txt", "more"):
            write_tree(out, {path: b"precious"})
            assert path in refused({**NEW, "notes.txt": b"ours"}, out)
            (out / path).unlink()
        publish(NEW, out)
        assert shown(out) == NEW


def test_a_foreign_file_like_ours_is_ours(out: Path) -> None:
    """A file that somebody put where the new site has the same bytes is taken over as it is."""
    publish(OLD, out)
    write_tree(out, {"more/deep/index.html": NEW["more/deep/index.html"]})
    before = marks(out)
    publish(NEW, out)
    hold_published(NEW, out, before)


def test_a_link_among_ours_is_refused(out: Path, tmp_path: Path) -> None:
    """A link to a folder of another's is not followed, neither to judge what is there nor to remove it."""
    elsewhere = write_tree(tmp_path / "elsewhere", {"thesis.txt": b"precious"})
    publish(OLD, out)
    (out / "gone-too").symlink_to(elsewhere)
    assert "gone-too" in refused(NEW, out)
    assert shown(elsewhere) == {"thesis.txt": b"precious"}


def test_a_folder_never_ours_is_refused(out: Path) -> None:
    """A folder with files and without our mark is refused, with a few names and a sign that there are more."""
    write_tree(out, {f"{number}.txt": b"precious" for number in range(5)})
    assert refused(NEW, out).endswith("(0.txt, 1.txt, 2.txt, …)")


@pytest.mark.parametrize("memory", [None, b"", b"\xc1 no memory", b"\x92\x63\x80"], ids=["lost", "empty", "bad", "new"])
def test_memory_may_be_lost(out: Path, memory: bytes | None) -> None:
    """Without memory the marked folder of the same pages is published into; a page that is no more is refused."""
    publish(OLD, out)
    state = trees.beside(out, "state")
    if memory is None:
        state.unlink()
    else:
        state.write_bytes(memory)
    assert "Case.html" in refused(NEW, out)
    before = marks(out)
    edited = {**OLD, "index.html": b"new"}
    publish(edited, out)
    hold_published(edited, out, before)
    publish(NEW, out)
    assert shown(out) == NEW


def test_lost_memory_and_a_kill(out: Path) -> None:
    """A build that is killed after memory was lost leaves no file of ours that the next would take for another's."""
    edited = {**OLD, "index.html": b"new"}
    for good in count():
        shutil.rmtree(out.parent)
        publish(OLD, out)
        trees.beside(out, "state").unlink()
        if not killed(edited, out, good):
            break
        other = {path: data + b"!" for path, data in OLD.items()}
        publish(other, out)
        assert shown(out) == other
    assert good > 5


# --- failures and kills --------------------------------------------------------------------------------------


def test_what_a_kill_left_goes_though_the_disk_fails_once(tmp_path: Path) -> None:
    """Whatever fails while a publication goes well, what a killed one had left in the folder is gone after it."""
    for good in range(20):
        out = tmp_path / str(good) / "site"
        with taken("mount"):
            publish(OLD, out)
            assert killed(NEW, out, 4)
            assert shown(out) != OLD
            try:
                with Disk(good, FULL).used():
                    publish(OLD, out)
            except OSError:
                continue
            assert shown(out) == OLD


def test_no_old_site_comes_back(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last of three renames fails, and then the site is deleted, the next publication is of the new site."""
    real = Path.rename

    def rename(source: Path, target: Path) -> Path:
        if source.name.endswith(".aside"):
            raise FULL
        return real(source, target)

    with taken("rename"):
        publish({"a/b/c": b"1", MARK: b""}, out)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", rename)
            publish({"a/b": b"2", MARK: b""}, out)
        assert shown(out) == {"a/b": b"2", MARK: b""}
        shutil.rmtree(out)
        publish({"a/b": b"3", MARK: b""}, out)
        assert shown(out) == {"a/b": b"3", MARK: b""}


@every_way
def test_killed_anywhere(tmp_path: Path, way: str) -> None:
    """Killed at any operation, a build leaves the old site or the new one, and the next build does its work."""
    for good in count():
        out = tmp_path / str(good) / "site"
        with taken(way):
            publish(OLD, out)
            before = marks(out)
            if not killed(NEW, out, good):
                break
            _hold_whole_or_each(way, before, marks(out))
            if good % 2:
                killed(OLD, out, good // 2)
            between = marks(out)
            publish(NEW, out)
            hold_published(NEW, out, between or before)
            publish(OLD, out)
            hold_published(OLD, out, {})
    assert good > 20


def _hold_whole_or_each(way: str, before: Mapping[str, Mark], after: Mapping[str, Mark]) -> None:
    """Hold that a folder is one of the sites, or where it cannot be exchanged, that each of its files is of one."""
    if way in WHOLE:
        assert {path: mark.data for path, mark in after.items()} in ([OLD, NEW, {}] if way == "rename" else [OLD, NEW])
    for path, mark in after.items():
        if not path.startswith(".site.new/"):
            assert mark.data in (OLD.get(path), NEW.get(path))
    if after:
        assert after["kept/index.html"] == before["kept/index.html"]
        assert {path for path in OLD.keys() & NEW.keys() if path not in after} == set()


@every_way
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS])
def test_failing_anywhere(tmp_path: Path, way: str, code: int) -> None:
    """When any one operation fails the old site is there with every inode and time, or else the new one."""
    for good in count():
        out = tmp_path / str(good) / "site"
        with taken(way):
            publish(OLD, out)
            before = marks(out)
            with Disk(good, OSError(code, os.strerror(code), "somewhere")).used() as disk:
                try:
                    publish(NEW, out)
                except PartlyError:
                    assert way not in WHOLE
                    _hold_whole_or_each(way, before, marks(out))
                except OSError:
                    assert marks(out) == before
                else:
                    assert shown(out) == NEW
            if not disk.failed:
                break
            publish(NEW, out)
            hold_published(NEW, out, {})
    assert good > 20


def test_one_by_one_in_order(out: Path) -> None:
    """Where a folder cannot be exchanged, new files come first, then those that changed, and removals last."""
    old = {MARK: b"1", "a-changed": b"old", "b-gone": b"", "c-gone/file": b"", "kept": b""}
    new = {MARK: b"2", "a-changed": b"new", "z-new/file": b"", "kept": b""}
    seen: list[set[str]] = []

    class Watching(Disk):
        def step(self, name: str) -> None:
            super().step(name)
            seen.append({path if data == new.get(path) else f"old {path}" for path, data in shown(out).items()})

    with taken("mount"):
        publish(old, out)
        with Watching().used():
            assert not publish(new, out).whole
    first = {what: next(number for number, now in enumerate(seen) if what in now) for what in ("z-new/file", MARK)}
    last = max(number for number, now in enumerate(seen) if f"old {MARK}" in now or "old a-changed" in now)
    assert first["z-new/file"] < first[MARK] < last + 2
    assert all({"old b-gone", "old c-gone/file"} <= now for now in seen[: last + 1])
    assert all({MARK, f"old {MARK}"} & now and {"a-changed", "old a-changed"} & now for now in seen)


# --- cost ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["edit", "add", "remove"])
def test_cost_follows_the_change(tmp_path: Path, change: str) -> None:
    """To publish one change takes the same operations among 50 files and among 500, and reads no published file."""
    steps = []
    for size in (50, 500):
        out = tmp_path / str(size) / "site"
        site = {MARK: b"", **{f"{number}/index.html": b"%d" % number for number in range(size)}}
        changed = dict(site)
        if change == "remove":
            del changed["7/index.html"]
        else:
            changed["7/index.html" if change == "edit" else "more.html"] = b"changed"
        for one in (site, {**site, MARK: b"2"}, site):
            publish(one, out)
        for path in out.rglob("*"):
            os.utime(path, (1, 1))
        publish(site, out)
        with Disk().used() as disk:
            publish(changed, out)
        hold_published(changed, out, {})
        steps.append(disk.steps)
    assert steps[0] == steps[1]
    assert len(steps[0]) < 20
    assert "read" not in steps[0]
    assert steps[0].count("exchange") == 1


def test_nothing_is_touched_before_the_lock(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the lock alone is anything looked at or changed, and it is one that keeps everybody else out."""
    fcntl = pytest.importorskip("fcntl")
    publish(OLD, out)
    taken_at: list[tuple[int, int]] = []
    real = fcntl.flock

    def flock(file: Any, how: int) -> None:
        taken_at.append((len(disk.steps), how))
        real(file, how)

    monkeypatch.setattr("fcntl.flock", flock)
    with Disk().used() as disk:
        publish(NEW, out)
    assert taken_at == [(1, fcntl.LOCK_EX)]
    assert disk.steps[0] == "mkdir"
