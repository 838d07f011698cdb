"""Publishing: making a folder equal to a site, all at once or not at all.

Beside the published folder `site/` lies a spare, `.site.spare/`, which shares its unchanged files as hard links.  A
publication brings the spare up to date, which costs as much as has changed, and exchanges the two names in one step
(`renameat2` with RENAME_EXCHANGE; elsewhere than on Linux three renames).  A reader of `site/` sees the old build or
the new one, never a mixture.

What the spare holds is looked at and never remembered, so that it may be in any state, or gone.  `.site.state`
remembers which files of `site/` are ours.  It names files before they are made, so that a build killed at any moment
leaves nothing that the next cannot mend.

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

from digest.trees import UNKNOWN, Known, above, beside, link, look, put, restore, swap, sweep, write

MARK: Final = "build.json"
"""The file by which a folder is known to be a site of ours when nothing is remembered of it."""
VERSION: Final = 3
SHOWN: Final = 3
"""Names of foreign files that are listed at most."""
_OTHERWISE: Final = frozenset(
    {errno.EBUSY, errno.EINVAL, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EXDEV}
)
"""Errors that say that a disk cannot link or exchange, rather than that something is broken."""


class NotOursError(Exception):
    """The folder holds something that this program did not publish."""


class PartlyError(OSError):
    """The disk failed while files were put in place one by one: some are of the new site, each is whole."""


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


NOTHING: Final = State(VERSION, {})


class _CannotExchange(Exception):  # noqa: N818 - not an error: another way is taken
    """Linking or exchanging is more than the disk can do."""


class StaleError(Exception):
    """A file that was to be kept has changed since it was looked at."""


def published_keys(out: Path) -> dict[str, bytes]:
    """Return the key of each file of `out` that is as it was left, by path."""
    out = Path(os.path.realpath(out))
    known = _remembered(beside(out, "state")).files
    there = look(out).files
    return {path: left.key for path, left in known.items() if there.get(path) == replace(left, key=b"")}


def publish(site: Mapping[str, bytes], out: Path, keys: Mapping[str, bytes] | None = None) -> Published:
    """Make the folder `out` equal to `site`, a mapping of path to bytes.

    `keys` gives each file of the site a key that is equal only where the bytes are; without it they are worked out.
    Files with a key that `site` leaves out are published with that key, and are kept; `StaleError` is raised where
    one of them is so no longer.
    Files that stay the same keep their inode and times; files that are no longer part of the site go.  Two
    publications at once wait for each other.  Raises `NotOursError` when `out` holds files that were not published by
    this program, and OSError when the disk fails, in which case everything published is as it was; a `PartlyError`
    says that only every single file is whole.
    """
    out = Path(os.path.realpath(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    with _locked(out):
        restore(out)
        return _Publication(site, out, keys).run()


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

    def __init__(self, site: Mapping[str, bytes], out: Path, keys: Mapping[str, bytes] | None) -> None:
        self.site = site
        self.keys = keys if keys is not None else {path: _digest(data) for path, data in site.items()}
        self.out = out
        self.spare = beside(out, "spare")
        self.memory = beside(out, "state")
        self.state = _remembered(self.memory)
        self.there = look(out)
        self.folders = {folder for path in self.keys for folder in above(path)}

    def run(self) -> Published:
        self._refuse_foreign()
        kept = {path: known for path in self.keys if (known := self._same(path)) is not None}
        changed = sorted(self.keys.keys() - kept.keys())
        if not self.site.keys() >= set(changed):
            raise StaleError
        gone = sorted(self.there.files.keys() - self.keys.keys())
        whole = True
        if changed or gone or self.there.folders != self.folders or not self.out.is_dir():
            try:
                new = self._all_at_once(kept, changed)
            except _CannotExchange:
                whole = False
                new = self._one_by_one(changed, gone)
            kept.update(new)
        with suppress(OSError):  # published; what was remembered before covers what is there now
            self._remember(kept)
        return Published(len(changed), len(self.keys) - len(changed), len(gone), whole)

    # --- what is there -------------------------------------------------------------------------------------

    def _refuse_foreign(self) -> None:
        """Refuse files that are neither remembered nor as the site has them; without memory, a folder not marked."""
        foreign = self.there.files.keys() - self.state.files.keys()
        if self.state is not NOTHING:
            foreign = {path for path in foreign if self._same(path) is None}
        elif MARK in self.there.files:
            foreign -= self.keys.keys()
        if foreign:
            names = ", ".join(sorted(foreign)[:SHOWN]) + (", …" if len(foreign) > SHOWN else "")
            message = f"{self.out} holds files that this program did not publish ({names})"
            raise NotOursError(message)

    def _same(self, path: str) -> Known | None:
        """Return what is published at `path` if it has the bytes of the site, else None."""
        found = self.there.files.get(path)
        if found is None or path not in self.keys:
            return None
        seen = replace(found, key=self.keys[path])
        if self.state.files.get(path) == seen:
            return seen
        data = self.site.get(path)
        if data is None or found.size != len(data):
            return None
        return seen if (self.out / path).read_bytes() == data else None

    def _remember(self, files: Mapping[str, Known]) -> None:
        if files != self.state.files or self.state is NOTHING:
            self.state = State(VERSION, dict(files))
            put(self.memory, msgspec.msgpack.encode(self.state))

    def _announce(self, paths: Iterable[str]) -> None:
        """Remember, beside the files that are there, those that are about to be made, whether or not they will be."""
        there = {path: self.state.files.get(path, UNKNOWN) for path in self.there.files}
        self._remember(there | dict.fromkeys(paths, UNKNOWN))

    # --- all at once ---------------------------------------------------------------------------------------

    def _all_at_once(self, kept: Mapping[str, Known], changed: list[str]) -> dict[str, Known]:
        """Bring the spare up to date, and exchange it with the published tree; return the new files."""
        if os.path.ismount(self.out):
            raise _CannotExchange
        self._announce(changed)
        missing = kept.keys() - self._clear_spare(kept)
        try:
            for path in sorted(missing):
                link(self.out / path, self.spare / path)
            new = {path: self._write(self.spare, path) for path in changed}
            swap(self.spare, self.out)
        except OSError as error:
            if error.errno in _OTHERWISE:
                raise _CannotExchange from error
            raise
        return new

    def _clear_spare(self, kept: Mapping[str, Known]) -> set[str]:
        """Leave in the spare only the files it shares with the published tree and is to keep; return their paths."""
        if self.spare.is_symlink() or not self.spare.is_dir():
            self.spare.unlink(missing_ok=True)
            self.spare.mkdir()
        if self.out.is_dir() and self.out.stat().st_mode != self.spare.stat().st_mode:
            shutil.copymode(self.out, self.spare)
        spare = look(self.spare)
        shared = {path for path in kept if spare.files.get(path) == self.there.files[path]}
        for path in spare.files.keys() - shared:
            (self.spare / path).unlink()
        sweep(self.spare, spare.folders - self.folders)
        return shared

    def _write(self, tree: Path, path: str) -> Known:
        data = self.site[path]
        known = write(tree / path, data, after=self.there.files.get(path, UNKNOWN).mtime)
        return replace(known, key=self.keys[path])

    # --- one by one ----------------------------------------------------------------------------------------

    def _one_by_one(self, changed: list[str], gone: list[str]) -> dict[str, Known]:
        """Write all that changed into a folder within `out`, then put it in place; return the new files."""
        shutil.rmtree(self.spare, ignore_errors=True)
        stage = self.out / f".{self.out.name}.new"
        self._announce([*changed, *(f"{stage.name}/{path}" for path in changed)])
        shutil.rmtree(stage, ignore_errors=True)
        try:
            self.out.mkdir(exist_ok=True)
            new = {path: self._write(stage, path) for path in changed}
            try:
                self._put_in_place(stage, changed, [path for path in gone if not path.startswith(f"{stage.name}/")])
            except OSError as error:
                raise PartlyError(error.errno, error.strerror, error.filename) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        return new

    def _put_in_place(self, stage: Path, changed: list[str], gone: list[str]) -> None:
        """Move files to their places: new ones first, then changed ones; then remove what is gone."""
        wanted = set(changed)
        stale = self.there.folders - self.folders
        for path in gone:
            if path in self.folders or wanted.intersection(above(path)):  # a file where a folder is to be, or reverse
                (self.out / path).unlink(missing_ok=True)
        sweep(self.out, stale)
        for path in sorted(changed, key=lambda name: (name in self.there.files, name)):
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).replace(self.out / path)
        for path in gone:
            if not wanted.intersection(above(path)) and path not in self.folders:
                (self.out / path).unlink(missing_ok=True)
        sweep(self.out, stale)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _remembered(memory: Path) -> State:
    """Return what the last publication left; a missing, damaged or foreign file is no memory at all.

    A file that cannot be read is an OSError: without memory the site might be refused as another's.
    """
    try:
        state = msgspec.msgpack.decode(memory.read_bytes(), type=State)
    except (FileNotFoundError, msgspec.MsgspecError):
        return NOTHING
    return state if state.version == VERSION else NOTHING
