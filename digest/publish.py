"""Publishing: making a folder equal to a site, all at once or not at all.

Beside the published folder `site/` lies a spare, `.site.spare/`, which shares its unchanged files as hard links.  A
publication brings the spare up to date, which costs as much as has changed, and exchanges the two names in one step
(`renameat2` with RENAME_EXCHANGE; elsewhere than on Linux three renames).  A reader of `site/` sees the old build or
the new one, never a mixture.

`.site.state`, beside both, remembers which files are ours and where the two trees may differ.  It is written before
the spare is touched, so that a build killed at any moment leaves nothing that the next cannot mend.

Where names cannot be exchanged (the folder is a mount point, the disk has no hard links) files are put in place one
by one, each whole at every moment: new files first, then those that changed, removals last.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

MARK: Final = "build.json"
"""The file by which a folder is known to be a site of ours when nothing is remembered of it."""
VERSION: Final = 1
SHOWN: Final = 3
"""Names of foreign files that are listed at most."""
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_OTHERWISE: Final = frozenset(
    {errno.EBUSY, errno.EINVAL, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EXDEV}
)
"""Errors that say that a disk cannot link or exchange, rather than that something is broken."""


class NotOursError(Exception):
    """The folder holds something that this program did not publish."""


class Published(NamedTuple):
    """What a publication did, in files."""

    written: int
    kept: int
    removed: int
    whole: bool = True
    """All at one instant; False where files had to be put in place one by one."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A published file as it was left."""

    digest: bytes
    """BLAKE2b of its bytes, 16 bytes; empty where that is not known."""
    size: int
    mtime: int
    """Nanoseconds."""
    inode: int


class State(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered between publications."""

    version: int
    files: dict[str, Known]
    """Every file that may be in the published tree and is ours."""
    unlike: tuple[str, ...]
    """Paths at which the spare may differ from the published tree."""


UNKNOWN: Final = Known(b"", 0, 0, 0)
NOTHING: Final = State(VERSION, {}, ())


class _CannotExchange(Exception):  # noqa: N818 - not an error: another way is taken
    """Linking or exchanging is more than the disk can do."""


def publish(site: Mapping[str, bytes], out: Path) -> Published:
    """Make the folder `out` equal to `site`, a mapping of path to bytes.

    Files that stay the same keep their inode and times; files that are no longer part of the site go.  Two
    publications at once wait for each other.  Raises `NotOursError` when `out` holds files that were not published by
    this program, and OSError when the disk fails, in which case every published file is as it was or, where files
    are put in place one by one, whole.
    """
    out = Path(os.path.realpath(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    with _locked(out):
        return _Publication(site, out).run()


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the lock of `out`; the system frees it when the process ends, however it ends."""
    with _beside(out, "lock").open("a") as lock:
        try:
            import fcntl  # noqa: PLC0415 - only POSIX systems have it
        except ImportError:  # pragma: no cover - elsewhere two builds at once are the caller's to avoid
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Publication:
    """One publication, under the lock."""

    def __init__(self, site: Mapping[str, bytes], out: Path) -> None:
        self.site = site
        self.out = out
        self.spare = _beside(out, "spare")
        self.memory = _beside(out, "state")
        _restore(out)
        self.state = _remembered(self.memory)
        self.present = _files(out)

    def run(self) -> Published:
        self._refuse_foreign()
        kept = {path: known for path, data in self.site.items() if (known := self._same(path, data)) is not None}
        changed = sorted(self.site.keys() - kept.keys())
        gone = sorted(self.present - self.site.keys())
        if not changed and not gone and self.out.is_dir():
            self._remember(kept, self.state.unlike)
            return Published(0, len(kept), 0)
        try:
            self._all_at_once(kept, changed, gone)
        except _CannotExchange:
            self._one_by_one(kept, changed, gone)
            return Published(len(changed), len(kept), len(gone), whole=False)
        return Published(len(changed), len(kept), len(gone))

    # --- what is there -------------------------------------------------------------------------------------

    def _refuse_foreign(self) -> None:
        """Refuse files that are neither remembered nor part of the site; without memory, a folder without our mark."""
        foreign = self.present - self.state.files.keys() - self.site.keys()
        if self.state is NOTHING and MARK not in self.present:
            foreign = self.present
        if foreign:
            names = ", ".join(sorted(foreign)[:SHOWN]) + (", …" if len(foreign) > SHOWN else "")
            message = f"{self.out} holds files that this program did not publish ({names})"
            raise NotOursError(message)

    def _same(self, path: str, data: bytes) -> Known | None:
        """Return what is published at `path` if it has these bytes, else None."""
        found = _look(self.out / path) if path in self.present else None
        if found is None or found.size != len(data):
            return None
        known = self.state.files.get(path, UNKNOWN)
        seen = replace(found, digest=_digest(data))
        if replace(found, digest=known.digest) == known:
            return seen if seen == known else None
        return seen if (self.out / path).read_bytes() == data else None

    def _remember(self, files: Mapping[str, Known], unlike: Iterable[str]) -> None:
        data = msgspec.msgpack.encode(State(VERSION, dict(files), tuple(sorted(set(unlike)))))
        _put(self.memory, data)

    # --- all at once ---------------------------------------------------------------------------------------

    def _all_at_once(self, kept: Mapping[str, Known], changed: list[str], gone: list[str]) -> None:
        """Bring the spare up to date, and exchange it with the published tree."""
        if os.path.ismount(self.out):
            raise _CannotExchange
        fresh = not self.spare.is_dir() or self.state is NOTHING
        unlike = {*changed, *gone, *(self.present if fresh else self.state.unlike)}
        self._remember(self.state.files | dict.fromkeys(changed, UNKNOWN), unlike)
        if fresh:
            self._make_spare()
        for path in unlike:
            _remove(self.spare, path)
        try:
            for path in sorted(unlike & kept.keys()):
                _link(self.out / path, self.spare / path)
            new = {path: self._write(self.spare / path, self.site[path]) for path in changed}
            _swap(self.spare, self.out)
        except OSError as error:
            if error.errno in _OTHERWISE:
                raise _CannotExchange from error
            raise
        self._remember({**kept, **new}, [*changed, *gone])

    def _make_spare(self) -> None:
        if self.spare.is_symlink() or self.spare.is_file():
            self.spare.unlink()
        elif self.spare.is_dir():
            shutil.rmtree(self.spare)
        self.spare.mkdir()
        if self.out.is_dir():
            shutil.copymode(self.out, self.spare)

    @staticmethod
    def _write(target: Path, data: bytes) -> Known:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return replace(_look(target) or UNKNOWN, digest=_digest(data))

    # --- one by one ----------------------------------------------------------------------------------------

    def _one_by_one(self, kept: Mapping[str, Known], changed: list[str], gone: list[str]) -> None:
        """Put files in place one by one: new ones first, then changed ones, removals last."""
        shutil.rmtree(self.spare, ignore_errors=True)
        self._remember(self.state.files | dict.fromkeys(changed, UNKNOWN), ())
        self.out.mkdir(exist_ok=True)
        wanted = {folder for path in changed for folder in _above(path)}
        needed = {*changed, *wanted}
        for path in gone:
            if path in wanted or needed.intersection(_above(path)):  # a file where a folder is to be, or the reverse
                _remove(self.out, path)
        new = {}
        for path in sorted(changed, key=lambda name: (name in self.present, name)):
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            _put(self.out / path, self.site[path])
            new[path] = replace(_look(self.out / path) or UNKNOWN, digest=_digest(self.site[path]))
        for path in gone:
            _remove(self.out, path)
        self._remember({**kept, **new}, ())


# --- the disk ----------------------------------------------------------------------------------------------


def _beside(out: Path, what: str) -> Path:
    return out.parent / f".{out.name}.{what}"


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _remembered(memory: Path) -> State:
    """Return what the last publication left; a missing, damaged or foreign file is no memory at all."""
    try:
        state = msgspec.msgpack.decode(memory.read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return NOTHING
    return state if state.version == VERSION else NOTHING


def _files(folder: Path) -> set[str]:
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


def _look(path: Path) -> Known | None:
    """Return a file as it is, without its digest; None where there is none."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Known(b"", found.st_size, found.st_mtime_ns, found.st_ino)


def _above(path: str) -> list[str]:
    """Return the folders above a path, the closest last."""
    return [path[:place] for place, char in enumerate(path) if char == "/"]


def _remove(tree: Path, path: str) -> None:
    """Remove a file of a tree, if it is there, and the folders that are empty without it."""
    try:
        (tree / path).unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return
    for folder in reversed(_above(path)):
        try:
            (tree / folder).rmdir()
        except OSError:
            return


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target, follow_symlinks=False)


def _put(target: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old bytes or the new ones."""
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(data)
    fresh.replace(target)


def _restore(out: Path) -> None:
    """Put back a folder that a killed build had moved aside."""
    aside = _beside(out, "aside")
    if aside.is_dir() and not out.exists():
        aside.rename(out)
    elif aside.is_dir():
        shutil.rmtree(aside)


def _swap(spare: Path, out: Path) -> None:
    """Exchange two folders' names; where `out` does not exist yet the spare takes its name."""
    if not out.exists():
        spare.rename(out)
    elif not _exchanged(spare, out):
        aside = _beside(out, "aside")
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
