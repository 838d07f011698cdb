"""Trees of files: looking, linking, removing, and exchanging two names in one step."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A published file as it was left."""

    digest: bytes
    """BLAKE2b of its bytes, 16 bytes; empty where that is not known."""
    size: int
    mtime: int
    """Nanoseconds."""
    inode: int


UNKNOWN: Final = Known(b"", 0, 0, 0)


def beside(out: Path, what: str) -> Path:
    """Return the hidden file or folder of ours beside `out`, such as `.site.lock`."""
    return out.parent / f".{out.name}.{what}"


def files_of(folder: Path) -> set[str]:
    """Return the paths of all that is in a folder and is not a folder itself; links are not followed."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        above = waiting.pop()
        try:
            entries = os.scandir(folder / above)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{above}{entry.name}/")
                else:
                    found.add(above + entry.name)
    return found


def look(path: Path) -> Known | None:
    """Return a file as it is, without its digest; None where there is none."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Known(b"", found.st_size, found.st_mtime_ns, found.st_ino)


def above(path: str) -> list[str]:
    """Return the folders above a path, the closest last."""
    return [path[:place] for place, char in enumerate(path) if char == "/"]


def remove(tree: Path, path: str) -> None:
    """Remove a file of a tree, if it is there, and the folders that are empty without it."""
    try:
        (tree / path).unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return
    for folder in reversed(above(path)):
        try:
            (tree / folder).rmdir()
        except OSError:
            return


def link(source: Path, target: Path) -> None:
    """Make `target` another name of the file `source`, in folders that are made for it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target, follow_symlinks=False)


def put(target: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old bytes or the new ones."""
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(data)
    fresh.replace(target)


def restore(out: Path) -> None:
    """Put back a folder that a killed build had moved aside."""
    aside = beside(out, "aside")
    if aside.is_dir() and not out.exists():
        aside.rename(out)
    elif aside.is_dir():
        shutil.rmtree(aside)


def swap(spare: Path, out: Path) -> None:
    """Exchange two folders' names; where `out` does not exist yet the spare takes its name."""
    if not out.exists():
        spare.rename(out)
    elif not _exchanged(spare, out):
        aside = beside(out, "aside")
        out.rename(aside)
        spare.rename(out)
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
