"""Trees of files: looking, writing, linking, clearing, and exchanging two names in one step."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

LEFT_ALONE: Final = "lost+found"
"""The folder that some file systems keep at their root, where they put what a check of the disk finds."""
_SECOND: Final = 1_000_000_000
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NOT_EMPTY: Final = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR})
"""Errors that say that there is no empty folder of this name."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was seen."""

    key: bytes
    """Equal for two files only if their bytes are; empty where it is not known."""
    size: int
    """Bytes; less than none for what is no plain file, such as a symbolic link."""
    mtime: int
    """Nanoseconds."""
    inode: int


UNKNOWN: Final = Known(b"", -1, 0, 0)


class Tree(NamedTuple):
    """What is in a folder, at any depth."""

    files: dict[str, Known]
    """All that is not a folder, by path, without keys; what is no plain file is `UNKNOWN`."""
    folders: set[str]


def beside(out: Path, what: str) -> Path:
    """Return the hidden file or folder of ours beside `out`, such as `.site.lock`."""
    return out.parent / f".{out.name}.{what}"


def look(folder: Path) -> Tree:
    """Return what is in a folder, which may be missing; links are not followed, and `LEFT_ALONE` is passed over."""
    tree = Tree({}, set())
    waiting = [""]
    while waiting:
        above = waiting.pop()
        try:
            entries = os.scandir(folder / above)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                path = above + entry.name
                if path == LEFT_ALONE:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    tree.folders.add(path)
                    waiting.append(f"{path}/")
                else:
                    tree.files[path] = _known(entry.stat(follow_symlinks=False))
    return tree


def _known(found: os.stat_result) -> Known:
    if not stat.S_ISREG(found.st_mode):
        return UNKNOWN
    return Known(b"", found.st_size, found.st_mtime_ns, found.st_ino)


def above(path: str) -> list[str]:
    """Return the folders above a path, the closest last."""
    return [path[:place] for place, char in enumerate(path) if char == "/"]


def write(target: Path, data: bytes, after: int = 0) -> Known:
    """Write a file, in folders that are made for it, and return it as it is then, without its key.

    Its time of change is at least the next whole second after `after` (nanoseconds), the time of the file that it
    replaces: `rsync` and the validators of HTTP (RFC 9110 §8.8.2) look no closer than at seconds.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    earliest = (after // _SECOND + 1) * _SECOND
    if target.lstat().st_mtime_ns < earliest:
        os.utime(target, ns=(earliest, earliest))
    return _known(target.lstat())


def link(source: Path, target: Path) -> None:
    """Make `target` another name of the file `source`, in folders that are made for it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target, follow_symlinks=False)


def put(target: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old bytes or the new ones."""
    fresh = target.with_name(f"{target.name}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


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
    aside, spare, unfinished = beside(out, "aside"), beside(out, "spare"), beside(out, "state.new")
    if unfinished.exists():
        unfinished.unlink()
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
