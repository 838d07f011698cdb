"""Trees of files: looking, writing, linking, clearing, and exchanging two names in one step."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from digest.files import put_anew

LEFT_ALONE: Final = "lost+found"
"""The folder that some file systems keep at their root, where they put what a check of the disk finds."""
SECOND: Final = 1_000_000_000
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NOT_EMPTY: Final = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR})
"""Errors that say that there is no empty folder of this name."""


class Known(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it was seen."""

    key: bytes
    """Equal for two files only if their bytes are; empty where it is not known."""
    size: int
    """Bytes; less than none for what is no plain file, such as a symbolic link."""
    mtime: int
    """Nanoseconds."""
    inode: int


UNKNOWN: Final = Known(b"", -1, 0, 0)


class Tree(Struct, frozen=True):
    """What is in a folder, at any depth."""

    files: dict[str, Known]
    """All that is not a folder, by path; what is no plain file is `UNKNOWN`."""
    folders: dict[str, int]
    """When something was last added to each folder or taken from it (nanoseconds), by path; "" is the folder itself."""


EMPTY: Final = Tree({}, {})
RACY: Final = 2 * SECOND
"""As long as a file system may take to tell two moments apart: FAT counts in steps of two seconds."""


def beside(out: Path, what: str) -> Path:
    """Return the hidden file or folder of ours beside `out`, such as `.site.lock`."""
    return out.parent / f".{out.name}.{what}"


def unfinished(out: Path) -> Path:
    """Return the hidden folder of ours within `out`, where new files wait when the spare cannot take its place."""
    return out / f".{out.name}.new"


class Difference(msgspec.Struct, frozen=True, array_like=True):
    """How a tree differs from what is known of it, which is little where little has happened."""

    files: dict[str, Known]
    """Files that are new or not as they are known."""
    folders: dict[str, int]
    """Folders that are new or have changed."""
    gone: tuple[str, ...]
    """Files that are known and not there."""
    left: tuple[str, ...]
    """Folders that are known and not there."""


def look(folder: Path, known: Tree, seen: int = 0, *, linked: bool = False) -> Difference:
    """Return how a folder, which may be missing, differs from what is known of it.

    Links are not followed, and `LEFT_ALONE` is passed over.  `known` is what was there at the moment `seen`
    (nanoseconds, by the clock of that disk).  Folders to which nothing was added since need not be listed.  Each file
    in them is looked at all the same, unless they are `linked`: only names for files that are looked at elsewhere.
    """
    found = _Look(str(folder), known, seen)
    for path in sorted(known.folders.keys() | {""}):
        if path and found.missing(path.rpartition("/")[0]):
            found.left.add(path)
        else:
            found.visit(path)
    for path, left in known.files.items():
        above = path.rpartition("/")[0]
        if above in found.listed:
            there = path in found.there
        elif found.missing(above):
            there = False
        else:
            there = linked or found.see(path, left)
        if not there:
            found.gone.append(path)
    return Difference(found.files, found.folders, tuple(found.gone), tuple(found.left))


def changed(known: Tree, how: Difference) -> Tree:
    """Return a tree from what is known of it and how it differs; what is as it is known is those very values."""
    files, folders = known.files, known.folders
    if how.files or how.gone:
        files = files | how.files
        for path in how.gone:
            del files[path]
    if how.folders or how.left:
        folders = folders | how.folders
        for path in how.left:
            del folders[path]
    return Tree(files, folders)


class _Look:
    """What was seen so far of a tree: only what is not as it is known."""

    def __init__(self, top: str, known: Tree, seen: int) -> None:
        self.files: dict[str, Known] = {}
        self.folders: dict[str, int] = {}
        self.gone: list[str] = []
        self.left: set[str] = set()
        self.listed: set[str] = set()
        self.there: set[str] = set()
        """All files of the folders that were listed."""
        self._top = top
        self._known = known
        self._seen = seen

    def missing(self, folder: str) -> bool:
        """Tell whether a folder that was visited, unless it was neither known nor found, is not there."""
        return folder in self.left or not (folder in self._known.folders or folder in self.folders)

    def visit(self, path: str) -> None:
        """Look at a folder, and list it unless what is in it is known; then look at those in it that are not known."""
        where, known = f"{self._top}/{path}" if path else self._top, self._known
        found, before = _state(where), known.folders.get(path)
        if found is None or not stat.S_ISDIR(found.st_mode):
            if before is not None:
                self.left.add(path)
            return
        stamp = found.st_mtime_ns
        if stamp == before and stamp < self._seen - RACY:
            return
        if stamp != before:
            self.folders[path] = stamp
        self.listed.add(path)
        with os.scandir(where) as entries:
            for entry in entries:
                inner = f"{path}/{entry.name}" if path else entry.name
                if inner == LEFT_ALONE:
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    self.there.add(inner)
                    self._note(inner, entry.stat(follow_symlinks=False), known.files.get(inner))
                elif inner not in known.folders:
                    self.visit(inner)

    def see(self, path: str, known: Known) -> bool:
        """Look at a file that is known, and tell whether it is there."""
        found = _state(f"{self._top}/{path}")
        if found is None or stat.S_ISDIR(found.st_mode):
            return False
        self._note(path, found, known)
        return True

    def _note(self, path: str, found: os.stat_result, known: Known | None) -> None:
        if known is None or (found.st_ino, found.st_mtime_ns, found.st_size) != (known.inode, known.mtime, known.size):
            self.files[path] = known_as(found)


def _state(where: str) -> os.stat_result | None:
    try:
        return os.lstat(where)
    except (FileNotFoundError, NotADirectoryError):
        return None


def known_as(found: os.stat_result) -> Known:
    """Return a file as it is seen, without its key."""
    if not stat.S_ISREG(found.st_mode):
        return UNKNOWN
    return Known(b"", found.st_size, found.st_mtime_ns, found.st_ino)


def stamped(folder: Path, paths: Iterable[str]) -> dict[str, int]:
    """Return when each of these folders within `folder` last changed, as in a `Tree`."""
    found = ((path, _state(f"{folder}/{path}" if path else str(folder))) for path in paths)
    return {path: state.st_mtime_ns for path, state in found if state is not None}


def above(path: str) -> list[str]:
    """Return the folders above a path, the closest last."""
    return [path[:place] for place, char in enumerate(path) if char == "/"]


def folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders above these paths, without the topmost."""
    waiting = {path.rpartition("/")[0] for path in paths}
    found: set[str] = set()
    while waiting:
        found |= waiting
        waiting = {path.rpartition("/")[0] for path in waiting} - found
    return found - {""}


def move(source: Path, tree: Path, path: str) -> Known:
    """Move a file to its place in a tree, in folders that are made for it, and return it as it is then.

    A reader of the tree finds the old file or the new one, also where the source lies on another disk.
    """
    target = tree / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = unfinished(tree) / path
        near.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, near)
        near.replace(target)
    return known_as(target.lstat())


def put(target: Path, data: bytes | bytearray) -> None:
    """Write a file so that a reader finds the old bytes or the new ones; what is half written has a hidden name."""
    put_anew(target, [data], target.with_name(f".{target.name.removeprefix('.')}.new"))


def sweep(tree: Path, folders: Iterable[str]) -> None:
    """Remove those of the folders that are empty, or become so as those in them go."""
    for folder in sorted(folders, key=len, reverse=True):
        try:
            (tree / folder).rmdir()
        except OSError as error:
            if error.errno not in _NOT_EMPTY:
                raise


def restore(out: Path) -> None:
    """Finish or take back the three renames of a killed build (`swap`), and remove what it was writing (`put`)."""
    aside, spare, fresh = beside(out, "aside"), beside(out, "spare"), beside(out, "state.new")
    if fresh.exists():
        fresh.unlink()
    if not aside.is_dir():
        return
    if not spare.exists():  # the new site has its place already, or had it until somebody removed it
        aside.rename(spare)
    elif out.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(out)


def swap(spare: Path, out: Path) -> None:
    """Exchange two folders' names; where `out` does not exist yet the spare takes its name.

    Without a call of the system that exchanges names there are three renames, and a moment without `out`.
    """
    if not out.exists():
        spare.rename(out)
    elif not _exchanged(spare, out):
        aside = beside(out, "aside")
        out.rename(aside)
        try:
            spare.rename(out)
        except BaseException:
            aside.rename(out)
            raise
        with suppress(OSError):  # published; `restore` finishes this
            aside.rename(spare)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system has no such call, OSError where the disk refuses."""
    import ctypes  # noqa: PLC0415 - only a build that changes something needs it

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.ENOSYS, errno.EINVAL}:
        return False
    raise OSError(code, os.strerror(code), str(other))
