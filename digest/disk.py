"""The disk: reading a snapshot.

A file's fingerprint is remembered with its size, its times, and its inode; while these are the same, it is not read
again.  They can lie where a program writes other bytes of the same number into a file and sets back the clock of the
file system meanwhile; `--verify` reads everything again.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from digest.contract import Snapshot
from digest.decoding import Decoder, decoded
from digest.files import read
from digest.fingerprints import fingerprint
from digest.memo import Memo
from digest.trees import RACY, put

ROOT_FILE: Final = "config.yaml"
FOLDERS: Final = ("content", "templates")
_SYSTEMS: Final = frozenset({"Thumbs.db", "desktop.ini"})
_KEY: Final = b"stamps" + fingerprint()  # another way to make fingerprints makes another key


class _Stamp(Struct, frozen=True, array_like=True, gc=False):
    """How a file was seen, with the fingerprint of its bytes."""

    digest: bytes
    size: int
    mtime: int
    ctime: int
    inode: int


_STAMPS: Final = Decoder(dict[str, _Stamp])


class _Files(Mapping[str, bytes]):
    """The bytes of files, read when they are asked for; ESTALE where they are no longer those of the snapshot."""

    def __init__(self, root: Path, digests: Mapping[str, bytes]) -> None:
        self._root = root
        self._digests = digests

    def __getitem__(self, path: str) -> bytes:
        data = read(f"{self._root}/{path}")
        if fingerprint(data) != self._digests[path]:
            raise OSError(errno.ESTALE, "it was changed while it was read", path)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


class Inputs:
    """All inputs below a folder, as they were when they were last looked at."""

    def __init__(self, root: Path, memo: Memo | None = None, *, verify: bool = False) -> None:
        """Begin with what is known from `memo`, or with nothing to `verify` it; nothing is looked at yet."""
        self._root = root
        self._memo = memo
        self._known: dict[str, _Stamp] = (decoded(memo.get(_KEY), _STAMPS) if memo and not verify else None) or {}
        """Files whose times can be trusted."""
        self._differs = False
        """What is known is not what the memory holds."""
        self._digests: dict[str, bytes] = {}

    def look(self, changed: Collection[str] | None = None) -> Snapshot:
        """Look at every input, and read those that are not known.

        Where it is known what was `changed` since the last look, by path, only that is looked at, if it can be: not
        where folders or new files are among it.  Raises OSError when a file cannot be read.
        """
        if changed is None or not self._look_at(changed):
            self._look_at_all()
        return Snapshot(_Files(self._root, self._digests), self._digests)

    def remember(self) -> None:
        """Note in the memory what need not be read again."""
        if self._memo and self._differs:
            self._memo.put(_KEY, msgspec.msgpack.encode(self._known))
            self._differs = False

    def _look_at_all(self) -> None:
        trusted = time.time_ns() - RACY  # how far a file's own times can be trusted
        digests: dict[str, bytes] = {}
        known, sure = self._known, dict[str, _Stamp]()
        for path, found in _found(self._root):
            mtime, ctime = found.st_mtime_ns, found.st_ctime_ns
            stamp = known.get(path)
            if (
                stamp is None
                or stamp.mtime != mtime
                or stamp.ctime != ctime
                or stamp.size != found.st_size
                or stamp.inode != found.st_ino
            ):
                digest = fingerprint(read(f"{self._root}/{path}"))
                stamp = _Stamp(digest, found.st_size, mtime, ctime, found.st_ino)
            digests[path] = stamp.digest
            if mtime < trusted and ctime < trusted:
                sure[path] = stamp
        self._differs |= sure != known
        self._known, self._digests = sure, digests

    def _look_at(self, changed: Collection[str]) -> bool:
        """Look at these files alone; False where more has to be looked at."""
        found = dict(self._digests)
        for path in changed:
            try:
                state = os.stat(f"{self._root}/{path}")
            except (FileNotFoundError, NotADirectoryError):
                if found.pop(path, None) is None and any(known.startswith(f"{path}/") for known in found):
                    return False
                continue
            if path not in found or stat.S_ISDIR(state.st_mode):
                return False
            found[path] = fingerprint(read(f"{self._root}/{path}"))
        for path in changed:
            self._differs |= self._known.pop(path, None) is not None
        self._digests = found
        return True


def read_snapshot(root: Path, memo: Memo | None = None, *, verify: bool = False) -> Snapshot:
    """Look at every input below `root`, once, and note in `memo` what need not be read again."""
    inputs = Inputs(root, memo, verify=verify)
    snapshot = inputs.look()
    inputs.remember()
    return snapshot


def is_input(path: str) -> bool:
    """Tell whether a file at this path below the root may be an input.

    Hidden files and those in hidden folders, editors' backups (`name~`) and files of the operating system are none.
    """
    top, *inner = path.split("/")
    if not inner:
        return top == ROOT_FILE
    *folders, name = inner
    return top in FOLDERS and not any(folder.startswith(".") for folder in folders) and _is_named_as_input(name)


def _is_named_as_input(name: str) -> bool:
    return not name.startswith((".", "#")) and not name.endswith("~") and name not in _SYSTEMS


def replace_input(root: Path, path: str, data: bytes, before: bytes) -> bool:
    """Give an input other bytes, unless its own are no longer those with the fingerprint `before`; tell whether so.

    A reader finds the old bytes or the new ones.  Raises OSError when the file cannot be written.
    """
    if fingerprint(read(f"{root}/{path}")) != before:
        return False
    put(root / path, data)
    return True


def _found(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every input with its state, in order of path."""
    if (root / ROOT_FILE).is_file():
        yield ROOT_FILE, os.stat(root / ROOT_FILE)
    for folder in FOLDERS:
        if (root / folder).is_dir():
            yield from _below(str(root), folder)


def _below(root: str, folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(f"{root}/{folder}") as listed:
        entries = sorted(listed, key=attrgetter("name"), reverse=True)
    while entries:  # an entry holds its state, and so goes once it was looked at
        entry = entries.pop()
        name = entry.name
        if entry.is_dir():
            if not name.startswith("."):
                yield from _below(root, f"{folder}/{name}")
        elif _is_named_as_input(name):
            yield f"{folder}/{name}", entry.stat()
