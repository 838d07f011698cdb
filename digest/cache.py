"""The memory between builds on disk: records that may be lost, shared or deleted at any time.

One file, `.cache/memo`, holds records one after the other: key, length, checksum, bytes.  New ones are added at the
end.  What cannot be read back, whatever the reason, is a miss: a record with a wrong checksum, and everything behind
a record that ends too early.  The file holds data only, and nothing in it is ever run.

It is kept small: when more than half of it was not used by a build that found out something new, it is written anew
with what was used and what is new.
"""

from __future__ import annotations

import hashlib
import os
import struct
import sys
from pathlib import Path
from typing import Final

from digest.memo import SIZE, fingerprint

MAGIC: Final = b"digest memo 1\n"
SLACK: Final = 4 << 20
"""Bytes of unused records that are always tolerated."""
_HEAD: Final = struct.Struct(f"<{SIZE}sI8s")
HERE: Final = Path(__file__).resolve().parent


class Cache:
    """A memory in a file; implements `memo.Memo`."""

    def __init__(self, folder: Path) -> None:
        """Read what `folder` holds; anything that is not ours counts as nothing."""
        self._path = folder / "memo"
        self._data = _read(self._path)
        self._places, self._sound = _index(self._data)
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        if key in self._new:
            return self._new[key]
        place = self._places.get(key)
        if place is None:
            return None
        start, length, check = place
        value = self._data[start : start + length]
        if _checksum(key, value) != check:
            return None
        self._used.add(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""
        self._new[key] = value

    def save(self) -> None:
        """Write what is new.  Raises OSError; what is there stays readable whatever happens.

        A build that found out nothing new also forgets nothing: one that had nothing to do used next to nothing.
        """
        if not self._new:
            return
        used = sum(self._places[key][1] + _HEAD.size for key in self._used)
        if len(self._data) > 2 * used + SLACK or not self._sound:
            kept = {key: self._data[start : start + length] for key, (start, length, _) in self._kept()}
            self._write_anew(kept | self._new)
        elif self._data:
            with self._path.open("ab") as file:
                file.write(b"".join(_record(key, value) for key, value in self._new.items()))
        else:
            self._write_anew(self._new)

    def _kept(self) -> list[tuple[bytes, tuple[int, int, bytes]]]:
        """Return what is to outlive this build: what it used, or all of a file that is damaged at its end."""
        return [(key, place) for key, place in self._places.items() if not self._sound or key in self._used]

    def _write_anew(self, records: dict[bytes, bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"memo.{os.getpid()}")
        fresh.write_bytes(MAGIC + b"".join(_record(key, value) for key, value in records.items()))
        fresh.replace(self._path)


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    return data if data.startswith(MAGIC) else b""


def _index(data: bytes) -> tuple[dict[bytes, tuple[int, int, bytes]], bool]:
    """Return where each record lies, its length and checksum, and whether all could be read; a key's last one wins."""
    places: dict[bytes, tuple[int, int, bytes]] = {}
    at = len(MAGIC)
    while at + _HEAD.size <= len(data):
        key, length, check = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + length > len(data):
            break
        places[key] = (at, length, check)
        at += length
    return places, at == len(data) or not data


def _record(key: bytes, value: bytes) -> bytes:
    return _HEAD.pack(key, len(value), _checksum(key, value)) + value


def _checksum(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=8, key=key).digest()


def engine() -> bytes:
    """Return the fingerprint of what turns sources into pages: our code, Python, and the libraries installed."""
    code = [part for path in sorted(HERE.rglob("*.py")) for part in (path.name, path.read_bytes())]
    libraries = sorted(name for folder in sys.path if folder.endswith("-packages") for name in _names(Path(folder)))
    return fingerprint(sys.version, *libraries, *code)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir() if path.name.endswith(".dist-info")]
    except OSError:
        return []
