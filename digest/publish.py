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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from digest.trees import UNKNOWN, Known, above, beside, files_of, link, look, put, remove, restore, swap

MARK: Final = "build.json"
"""The file by which a folder is known to be a site of ours when nothing is remembered of it."""
VERSION: Final = 1
SHOWN: Final = 3
"""Names of foreign files that are listed at most."""
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


class State(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered between publications."""

    version: int
    files: dict[str, Known]
    """Every file that may be in the published tree and is ours."""
    unlike: tuple[str, ...]
    """Paths at which the spare may differ from the published tree."""


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
    with beside(out, "lock").open("a") as lock:
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
        self.spare = beside(out, "spare")
        self.memory = beside(out, "state")
        restore(out)
        self.state = _remembered(self.memory)
        self.present = files_of(out)

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
        found = look(self.out / path) if path in self.present else None
        if found is None or found.size != len(data):
            return None
        known = self.state.files.get(path, UNKNOWN)
        seen = replace(found, digest=_digest(data))
        if replace(found, digest=known.digest) == known:
            return seen if seen == known else None
        return seen if (self.out / path).read_bytes() == data else None

    def _remember(self, files: Mapping[str, Known], unlike: Iterable[str]) -> None:
        data = msgspec.msgpack.encode(State(VERSION, dict(files), tuple(sorted(set(unlike)))))
        put(self.memory, data)

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
            remove(self.spare, path)
        try:
            for path in sorted(unlike & kept.keys()):
                link(self.out / path, self.spare / path)
            new = {path: self._write(self.spare / path, self.site[path]) for path in changed}
            swap(self.spare, self.out)
        except OSError as error:
            if error.errno in _OTHERWISE:
                raise _CannotExchange from error
            raise
        with suppress(OSError):  # published; what was remembered before covers what is there now
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
        return replace(look(target) or UNKNOWN, digest=_digest(data))

    # --- one by one ----------------------------------------------------------------------------------------

    def _one_by_one(self, kept: Mapping[str, Known], changed: list[str], gone: list[str]) -> None:
        """Put files in place one by one: new ones first, then changed ones, removals last."""
        shutil.rmtree(self.spare, ignore_errors=True)
        self._remember(self.state.files | dict.fromkeys(changed, UNKNOWN), ())
        self.out.mkdir(exist_ok=True)
        wanted = {folder for path in changed for folder in above(path)}
        needed = {*changed, *wanted}
        for path in gone:
            if path in wanted or needed.intersection(above(path)):  # a file where a folder is to be, or the reverse
                remove(self.out, path)
        new = {}
        for path in sorted(changed, key=lambda name: (name in self.present, name)):
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            put(self.out / path, self.site[path])
            new[path] = replace(look(self.out / path) or UNKNOWN, digest=_digest(self.site[path]))
        for path in gone:
            remove(self.out, path)
        self._remember({**kept, **new}, ())


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _remembered(memory: Path) -> State:
    """Return what the last publication left; a missing, damaged or foreign file is no memory at all."""
    try:
        state = msgspec.msgpack.decode(memory.read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return NOTHING
    return state if state.version == VERSION else NOTHING
