"""The disk: reading a snapshot.

A file's fingerprint is remembered with its size, its times, and its inode; while these are the same, it is not read
again.  They can lie where a program writes other bytes of the same number into a file and sets back the clock of the
file system meanwhile; `--verify` reads everything again.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from digest.contract import Snapshot
from digest.fingerprints import fingerprint
from digest.memo import Memo, decoded
from digest.trees import RACY, put

ROOT_FILE: Final = "config.yaml"
FOLDERS: Final = ("content", "templates")
_KEY: Final = b"stamps" + fingerprint()  # another way to make fingerprints makes another key


class _Stamp(Struct, frozen=True, array_like=True, gc=False):
    """How a file was seen, with the fingerprint of its bytes."""

    digest: bytes
    size: int
    mtime: int
    ctime: int
    inode: int


_STAMPS: Final = msgspec.msgpack.Decoder(dict[str, _Stamp])


class _Files(Mapping[str, bytes]):
    """The bytes of files, read when they are asked for; ESTALE where they are no longer those of the snapshot."""

    def __init__(self, root: Path, digests: Mapping[str, bytes]) -> None:
        self._root = root
        self._digests = digests

    def __getitem__(self, path: str) -> bytes:
        data = _read(f"{self._root}/{path}")
        if fingerprint(data) != self._digests[path]:
            raise OSError(errno.ESTALE, "it was changed while it was read", path)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


def read_snapshot(root: Path, memo: Memo | None = None, *, verify: bool = False) -> Snapshot:
    """Look at every input below `root`, and read those that are not known from `memo`, or all to `verify` it.

    Hidden files, editors' backups (`name~`) and files of the operating system are no inputs.  Raises OSError when a
    file cannot be read.
    """
    known: dict[str, _Stamp] = (decoded(memo.get(_KEY), _STAMPS) if memo and not verify else None) or {}
    before = time.time_ns()  # by which to judge how far a file's own times can be trusted, and for nothing else
    stamps: dict[str, _Stamp] = {}
    sure: dict[str, _Stamp] = {}
    for path, found in _found(root):
        size, mtime, ctime, inode = found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        stamp = known.get(path)
        if stamp is None or (stamp.size, stamp.mtime, stamp.ctime, stamp.inode) != (size, mtime, ctime, inode):
            stamp = _Stamp(fingerprint(_read(f"{root}/{path}")), size, mtime, ctime, inode)
        stamps[path] = stamp
        if max(mtime, ctime) < before - RACY:
            sure[path] = stamp
    if memo and sure != known:
        memo.put(_KEY, msgspec.msgpack.encode(sure))
    digests = {path: stamp.digest for path, stamp in stamps.items()}
    return Snapshot(_Files(root, digests), digests)


def replace_input(root: Path, path: str, data: bytes, before: bytes) -> bool:
    """Give an input other bytes, unless its own are no longer those with the fingerprint `before`; tell whether so.

    A reader finds the old bytes or the new ones.  Raises OSError when the file cannot be written.
    """
    if fingerprint(_read(f"{root}/{path}")) != before:
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
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        name, path = entry.name, f"{folder}/{entry.name}"
        if entry.is_dir():
            if not name.startswith("."):
                yield from _below(root, path)
        elif not name.startswith((".", "#")) and not name.endswith("~") and name not in {"Thumbs.db", "desktop.ini"}:
            yield path, entry.stat()


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()
