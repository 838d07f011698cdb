"""Publishing: making a folder equal to a site, all at once or not at all.

Beside the published folder `site/` lies a spare, `.site.spare/`, which shares its unchanged files as hard links.  A
publication brings the spare up to date, which costs as much as has changed, and exchanges the two names in one step
(`renameat2` with RENAME_EXCHANGE; elsewhere than on Linux three renames).  A reader of `site/` sees the old build or
the new one, never a mixture.

What the spare holds is looked at, so that it may be in any state, or gone.  The ledger, `.site.state`, remembers which
files of `site/` are ours, and when the folders of both trees last changed.  It names new files before they take their
place, so that a build killed at any moment leaves nothing that the next cannot mend.

Where names cannot be exchanged (the folder is a mount point, the disk has no hard links) files are put in place one
by one, each whole at every moment: new files first, then those that changed, removals last.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from digest.contract import Made
from digest.fingerprints import fingerprint
from digest.ledger import NOTHING, Ledger, State
from digest.stage import Stage, make_links
from digest.survey import Left, surveyed
from digest.trees import (
    UNKNOWN,
    Known,
    above,
    beside,
    folders_of,
    move,
    restore,
    stamped,
    swap,
    sweep,
    unfinished,
)
from digest.workers import WorkerError

MARK: Final = "build.json"
"""The file by which a folder is known to be a site of ours when nothing is remembered of it."""
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


class Published(Struct, frozen=True):
    """What a publication did, in files."""

    written: int
    kept: int
    removed: int
    whole: bool = True
    """All at one instant; False where files had to be put in place one by one."""


class _CannotExchange(Exception):  # noqa: N818 - not an error: another way is taken
    """Linking or exchanging is more than the disk can do."""


def publish(site: Mapping[str, bytes], out: Path) -> Published:
    """Make the folder `out` equal to `site`, a mapping of path to bytes; see `Publication.put`."""
    with opened(out) as publication:
        return publication.put(Made(path, fingerprint(data), data) for path, data in site.items())


@contextmanager
def opened(out: Path) -> Iterator[Publication]:
    """Look at the folder `out` and hold it, to publish there: two that do so at once wait for each other.

    Raises OSError when the disk fails.
    """
    out = Path(os.path.realpath(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    with _locked(out):
        restore(out)
        publication = Publication(out)
        with closing(publication.survey):
            yield publication


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


class Publication:
    """One publication, under the lock."""

    def __init__(self, out: Path, left: Ledger | None = None) -> None:
        """Look at what is there, or take it to be what a publication under the same lock has `left`."""
        self.out = out
        self.spare = beside(out, "spare")
        self.stage: Stage | None = None
        """Where new files are written, until all of the site is known."""
        self.survey = surveyed(out) if left is None else Left(self.spare, left)
        self.state = self.survey.state
        """What was remembered before."""
        self.kept: dict[str, Known] = {}
        self.new: dict[str, Known] = {}
        self.spared: Stage | None = None
        """The spare, once it has only files that it shares with the published tree."""
        self.done = False
        self.changed: tuple[str, ...] = ()
        """Files that are gone, other or new, once this is done."""

    def following(self) -> Publication:
        """Return a publication after this one, under the same lock.

        While nobody else writes there, it need not look at what this one left; it does where this one failed.
        """
        self.survey.close()
        return Publication(self.out, self.survey.ledger if self.done or self._is_untouched() else None)

    def _is_untouched(self) -> bool:
        """Tell whether both trees are as the publication before this one left them."""
        return self.stage is None and isinstance(self.survey, Left)

    def put(self, files: Iterable[Made]) -> Published:
        """Make the folder equal to a site, whose files may be made while they are asked for.

        Files that stay the same keep their inode and times; files that are no longer part of the site go.  Raises
        `NotOursError` when the folder holds files that were not published by this program, and OSError when the disk
        fails; then, and when making the files fails, everything published is as it was.  A `PartlyError` says that
        only every single file is whole.
        """
        try:
            return self._put(files)
        finally:
            if self.stage is not None or self.survey.leftover:
                shutil.rmtree(unfinished(self.out), ignore_errors=True)

    def _put(self, files: Iterable[Made]) -> Published:
        survey, remembered, kept = self.survey, self.state.files, self.kept
        for path, key, data in files:  # the first comes after all has been read: by then the tree has been looked at
            if survey.keys.get(path) == key:
                kept[path] = remembered[path]
            elif (same := self._same(path, key, data)) is not None:
                kept[path] = same
            else:
                self._stage_file(path, key, data or b"")
        site = self.kept.keys() | self.new.keys()
        self._refuse_foreign(site)
        gone = sorted(self.survey.there.files.keys() - site)
        whole = True
        counts = len(self.new), len(self.kept), len(gone)
        alike = self.state.folders and site == self.state.files.keys()  # then their folders are remembered too
        folders = self.state.folders.keys() - {""} if alike else folders_of(site)
        del site  # of a large one this is much
        if self.new or gone or self.survey.leftover or self.survey.there.folders.keys() != folders | {""}:
            try:
                self._all_at_once(folders)
            except _CannotExchange:
                whole = False
                self._one_by_one(gone, folders)
        with suppress(OSError):  # published; what was remembered before covers what is there now
            self._remember_what_is(folders, gone, whole=whole)
        self.done, self.changed = True, (*gone, *self.new)
        return Published(*counts, whole)

    # --- what is there -------------------------------------------------------------------------------------

    def _refuse_foreign(self, site: set[str]) -> None:
        """Refuse files that are neither remembered nor as the site has them; without memory, a folder not marked."""
        foreign = self.survey.there.files.keys() - self.state.files.keys()
        if self.state is not NOTHING:
            foreign -= self.kept.keys()
        elif MARK in self.survey.there.files:
            foreign -= site
        if foreign:
            names = ", ".join(sorted(foreign)[:SHOWN]) + (", …" if len(foreign) > SHOWN else "")
            message = f"{self.out} holds files that this program did not publish ({names})"
            raise NotOursError(message)

    def _same(self, path: str, key: bytes, data: bytes | None) -> Known | None:
        """Return what is published at `path`, which is not remembered as this file, if it is all the same."""
        found = self.survey.there.files.get(path)
        if data is None or found is None or found.size != len(data):
            return None
        return replace(found, key=key) if (self.out / path).read_bytes() == data else None

    def _remember_what_is(self, folders: set[str], gone: list[str], *, whole: bool) -> None:
        """Remember both trees, so that the next publication need not list every folder."""
        files, self.kept = self.kept, {}  # of a large site no copy is made
        files |= self.new
        if not whole:
            state = State(files, stamped(self.out, folders | {""}), {})
        elif self.spared is not None and self.spare.exists():  # it is what was published until now
            state = State(files, self.spared.stamps(self.out, folders), self.survey.there.folders, (*gone, *self.new))
        elif self.spared is not None:
            state = State(files, self.spared.stamps(self.out, folders), self._second_tree(files, folders))
        else:
            before = self.state.files
            others = [path for path, left in files.items() if left.inode != before.get(path, UNKNOWN).inode]
            state = State(files, self.survey.there.folders, self.state.spare, (*self.state.stale, *others))
        self.survey.ledger.remember(state)

    def _second_tree(self, files: Iterable[str], folders: set[str]) -> dict[str, int]:
        """Make the spare along with the first site, so that the first edit need not; return its folders."""
        if beside(self.out, "aside").exists():  # the last of three renames failed: this is the spare, once `restore`d
            return {}
        try:
            make_links(self.out, self.spare, sorted(files))
        except (OSError, WorkerError):  # the next publication tries again, or takes another way
            shutil.rmtree(self.spare, ignore_errors=True)
            return {}
        return stamped(self.spare, folders | {""})

    # --- where new files are written -----------------------------------------------------------------------

    def _stage_file(self, path: str, key: bytes, data: bytes) -> None:
        if self.stage is None:
            self.stage = self._open_stage()
        after = self.survey.there.files.get(path, UNKNOWN).mtime
        self.new[path] = replace(self.stage.write(path, data, after), key=key)

    def _open_stage(self) -> Stage:
        """Make the spare ready to be written to; or, where it cannot take the folder's place, a folder within that."""
        if os.path.ismount(self.out):
            shutil.rmtree(unfinished(self.out), ignore_errors=True)
            unfinished(self.out).mkdir(parents=True)
            return Stage(unfinished(self.out))
        if self.spare.is_symlink() or not self.spare.is_dir():
            self.spare.unlink(missing_ok=True)
            self.spare.mkdir()
        if self.out.is_dir() and self.out.stat().st_mode != self.spare.stat().st_mode:
            shutil.copymode(self.out, self.spare)
        there = self.survey.there
        tree = self.survey.second()
        self.spared = Stage(self.spare, tree)
        for path in self.state.stale:
            self.spared.remove(path)
        ours, shown = self.state.files, there.files
        for path, known in tree.files.items():
            if known is not ours.get(path) or known is not shown.get(path):
                self.spared.remove(path)
        return self.spared

    # --- all at once ---------------------------------------------------------------------------------------

    def _all_at_once(self, folders: set[str]) -> None:
        """Bring the spare up to date, and exchange it with the published tree."""
        if os.path.ismount(self.out):
            raise _CannotExchange
        self.stage = self.stage or self._open_stage()
        for path in self.stage.files - self.kept.keys():
            self.stage.remove(path)
        try:
            for path in sorted(self.kept.keys() - self.stage.files):
                self.stage.link(self.out, path)
            self.stage.sweep(folders)
            self.survey.ledger.announce(self.new, self.survey.there.files)
            swap(self.spare, self.out)
        except OSError as error:
            if error.errno in _OTHERWISE:
                raise _CannotExchange from error
            raise

    # --- one by one ----------------------------------------------------------------------------------------

    def _one_by_one(self, gone: list[str], folders: set[str]) -> None:
        """Put all that is new in place, then remove what is gone."""
        self.survey.ledger.announce(self.new, self.survey.there.files)
        try:
            self.out.mkdir(exist_ok=True)
            self._put_in_place(gone, folders)
        except OSError as error:
            raise PartlyError(error.errno, error.strerror, error.filename) from error
        finally:
            shutil.rmtree(self.spare, ignore_errors=True)
            shutil.rmtree(unfinished(self.out), ignore_errors=True)

    def _put_in_place(self, gone: list[str], folders: set[str]) -> None:
        """Move files to their places: new ones first, then changed ones; then remove what is gone."""
        stage = self.spare if self.spared else unfinished(self.out)
        stale = self.survey.there.folders.keys() - folders - {""}
        for path in gone:
            if path in folders or self.new.keys() & above(path):  # a file where a folder is to be, or the reverse
                (self.out / path).unlink(missing_ok=True)
        sweep(self.out, stale)
        for path in sorted(self.new, key=lambda name: (name in self.survey.there.files, name)):
            known = move(stage / path, self.out, path)
            self.new[path] = replace(known, key=self.new[path].key)
        for path in gone:
            if path not in folders and not self.new.keys() & above(path):
                (self.out / path).unlink(missing_ok=True)
        sweep(self.out, stale)
