"""The stage: a tree in which the next site is put together, file by file."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from digest.trees import EMPTY, SECOND, Known, Tree, above, known_as, stamped, sweep
from digest.workers import Aside

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
MANY: Final = 500
"""Links from which on a process beside this one makes half of them: so many take as long as it does to start."""


class Stage:
    """A tree that is being changed; what stands in the way of a new file or folder of it goes."""

    def __init__(self, tree: Path, there: Tree = EMPTY) -> None:
        """Take the tree and what is in it now."""
        self._tree = tree
        self.files = set(there.files)
        """Files that were there from the start, and still are."""
        self._stamps = there.folders
        self._folders = set(there.folders) | {""}
        self._touched: set[str] = set()
        """Folders whose stamps hold no more."""

    def write(self, path: str, data: bytes, after: int = 0) -> Known:
        """Write a file, and return it as it is then, without its key.

        Its time of change is at least the next whole second after `after` (nanoseconds), the time of the file that it
        replaces: `rsync` and the validators of HTTP (RFC 9110 §8.8.2) look no closer than at seconds.
        """
        target = self._put(path, lambda where: _fill(where, data))
        found = os.lstat(target)  # once it is closed: only then some disks settle its times
        earliest = (after // SECOND + 1) * SECOND
        if found.st_mtime_ns < earliest:
            os.utime(target, ns=(earliest, earliest))
            found = os.lstat(target)
        return known_as(found)

    def link(self, source: Path, path: str) -> None:
        """Make a path another name of the file at the same path below `source`."""
        self._put(path, lambda where: os.link(f"{source}/{path}", where, follow_symlinks=False))

    def remove(self, path: str) -> None:
        """Remove a file, unless it had to make way already, also for a folder."""
        try:
            os.unlink(f"{self._tree}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            pass
        except (IsADirectoryError, PermissionError):  # what it is to unlink a folder, on Linux and on others
            if not os.path.isdir(f"{self._tree}/{path}"):
                raise
        self._note(path)

    def sweep(self, folders: Iterable[str]) -> None:
        """Leave no other folders than these."""
        stale = self._folders.difference(folders) - {""}
        sweep(self._tree, stale)
        for folder in stale:
            self._note(folder)

    def stamps(self, tree: Path, folders: Iterable[str]) -> dict[str, int]:
        """Return when each folder last changed, now that the stage is at `tree`; of most that is known."""
        wanted = {*folders, ""}
        known = dict(self._stamps)
        for path in known.keys() & ((known.keys() - wanted) | self._touched):
            del known[path]
        known.update(stamped(tree, wanted - known.keys()))
        return known

    def _put(self, path: str, make: Callable[[str], None]) -> str:
        target = f"{self._tree}/{path}"
        if path.rpartition("/")[0] not in self._folders:
            self._make_folders(path)
        try:
            make(target)
        except FileExistsError:
            self._clear(path)
            make(target)
        self._note(path)
        return target

    def _note(self, path: str) -> None:
        """Note that a file or folder has come or gone."""
        self.files.discard(path)
        if self._stamps:
            self._touched.add(path.rpartition("/")[0])

    def _make_folders(self, path: str) -> None:
        for folder in above(path):
            if folder not in self._folders:
                where = f"{self._tree}/{folder}"
                try:
                    os.mkdir(where)
                except FileExistsError:
                    if not os.path.isdir(where) or os.path.islink(where):
                        os.unlink(where)
                        os.mkdir(where)
                self._folders.add(folder)
                self._note(folder)

    def _clear(self, path: str) -> None:
        """Remove what is at a path."""
        where = f"{self._tree}/{path}"
        if os.path.isdir(where) and not os.path.islink(where):
            shutil.rmtree(where)
            self._folders = {folder for folder in self._folders if folder != path and not folder.startswith(f"{path}/")}
        else:
            os.unlink(where)


def make_links(source: Path, tree: Path, paths: Sequence[str]) -> None:
    """Make a tree whose files are other names of those at `paths` below `source`.

    Half of many files are left to a process beside this one.  Raises OSError, and WorkerError when that one is ended.
    """

    def link(some: Sequence[str]) -> bytes:
        stage = Stage(tree)
        for path in some:
            stage.link(source, path)
        return b""

    tree.mkdir()
    half = len(paths) // 2
    if len(paths) > MANY:
        with closing(Aside(link, [paths[:half]])) as aside:
            link(paths[half:])
            aside.result()
    else:
        link(paths)


def _fill(target: str, data: bytes) -> None:
    """Make a file; a file object would take longer to make than the file to write."""
    file = os.open(target, _NEW, 0o666)
    try:
        if os.write(file, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)
    finally:
        os.close(file)
