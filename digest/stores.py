"""Stores: records by key in files, of which any may be lost or damaged at any time.

What cannot be read back, whatever the reason, is a miss.  The files hold data only, and nothing in them is ever run.
They are kept small: what a build that found out something new did not use is forgotten once it is more than half of a
file.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from digest.fingerprints import SIZE
from digest.fresh import Fresh, at_place, length_of, place_of

SLACK: Final = 4 << 20
"""Bytes of unused records that are always tolerated."""
CHUNK: Final = 1_000
"""Records that are written at once."""
_CHECK: Final = 8


class Shelf:
    """Small records in a file that is read as a whole: chunks, each a length, a checksum, and a map of key to value.

    What is new is added as more chunks, whose values replace those of the same keys before them.
    """

    MAGIC: Final = b"digest shelf 2\n"
    HEAD: Final = struct.Struct(f"<Q{_CHECK}s")

    def __init__(self, path: Path | None, of: bytes = b"") -> None:
        """Read the file when the first record is asked for; one not marked as `of` the same counts as none."""
        self._path = path
        self._mark = self.MAGIC + of
        self._records: dict[bytes, bytes] | None = None
        self._used: list[bytes] = []
        self._new = Fresh()
        self._sound = False
        self._size = 0

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        value = self._all().get(key)
        if value is None:
            return self._new.get(key)
        self._used.append(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""
        records = self._all()
        if records.get(key) == value:
            self._used.append(key)
        else:
            records.pop(key, None)
            self._new.put(key, value)

    def keep(self, keys: Iterable[bytes]) -> None:
        """Say that values are of use, though they are not asked for."""
        self._used.extend(keys)

    def save(self) -> None:
        """Add what is new; write the file anew where most of it was not used, or is damaged."""
        if self._path is None or not self._new.places:
            return
        records, new = self._all(), self._new.places
        used = records.keys() & self._used
        size = sum(map(len, map(records.__getitem__, used))) + len(used) * SIZE
        if not self._sound or self._size > 2 * size + SLACK:
            kept = used if self._sound else records
            _put(self._path, itertools.chain((self._mark,), self._chunks((*kept, *new))))
        else:
            with self._path.open("ab") as file:
                file.writelines(self._chunks(new))
        records.update((key, value) for key in new if (value := self.get(key)) is not None)
        self._sound, self._size = True, self._path.stat().st_size
        self.close()
        self._new = Fresh()

    def close(self) -> None:
        """Let go of what was not saved."""
        self._new.close()

    def _chunks(self, keys: Iterable[bytes]) -> Iterator[bytes]:
        waiting = iter(keys)
        while some := list(itertools.islice(waiting, CHUNK)):
            data = msgspec.msgpack.encode({key: self.get(key) for key in some})
            yield self.HEAD.pack(len(data), _checksum(b"", data))
            yield data

    def _all(self) -> dict[bytes, bytes]:
        if self._records is None:
            self._records = self._read() if self._path else {}
        return self._records

    def _read(self) -> dict[bytes, bytes]:
        records: dict[bytes, bytes] = {}
        data = memoryview(_bytes(self._path) if self._path else b"")
        self._size, at = len(data), len(self._mark)
        if data[:at].tobytes() != self._mark:
            return records
        while at + self.HEAD.size <= len(data):
            length, check = self.HEAD.unpack_from(data, at)
            chunk = data[at + self.HEAD.size : at + self.HEAD.size + length]
            if _checksum(b"", chunk) != check:
                return records
            try:
                records.update(msgspec.msgpack.decode(chunk, type=dict[bytes, bytes]))
            except msgspec.MsgspecError:
                return records
            at += self.HEAD.size + length
        self._sound = at == len(data)
        return records


class Log:
    """Records one after the other in a file that is added to: key, length, checksum, bytes."""

    MAGIC: Final = b"digest memo 2\n"
    HEAD: Final = struct.Struct(f"<{SIZE}sI{_CHECK}s")
    PLACE: Final = struct.Struct(f"<{SIZE}sQI")
    """A line of the index, `memo.index`, which saves reading through the file: key, place of the record, length."""

    def __init__(self, path: Path | None, of: bytes = b"") -> None:
        """Look at the file when the first record is asked for; one not marked as `of` the same counts as none."""
        self._path = path
        self._mark = self.MAGIC + of
        self._file: BinaryIO | None = None
        self._places: dict[bytes, int] | None = None
        self._sound = True
        self._used: list[bytes] = []
        self._new = Fresh()

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        value = self._new.get(key)
        if value is not None:
            return value
        place = self._all().get(key)
        if place is None or self._file is None:
            return None
        head = self.HEAD.size
        record = at_place(self._file, place + head)
        value = record[head:]
        if record[:head] != self._head(key, value):
            return None
        self._used.append(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""
        self._new.put(key, value)

    def keep(self, keys: Iterable[bytes]) -> None:
        """Say that values are of use, though they are not asked for."""
        self._used.extend(keys)

    def save(self) -> None:
        """Add what is new; write the file anew where most of it was not used, or where its end was damaged."""
        if self._path is None or not self._new.places:
            return
        places = self._all()
        of_use = places.keys() & self._used
        used = sum(map(length_of, map(places.__getitem__, of_use)))
        size = os.fstat(self._file.fileno()).st_size if self._file else 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._file is None or not self._sound or size > 2 * used + SLACK:
            keys, at = [key for key in places if not self._sound or key in of_use], len(self._mark)
            self._index(self._path).unlink(missing_ok=True)
            lines: list[bytes] = []
            _put(self._path, itertools.chain((self._mark,), self._records((*keys, *self._new.places), at, lines)))
        else:
            lines = []
            with self._path.open("ab") as file:
                for record in self._records(self._new.places, size, lines):
                    file.write(record)
        with self._index(self._path).open("ab") as index:
            index.write(b"".join(lines))
        self.close()
        self._file, self._places, self._sound, self._new = None, None, True, Fresh()  # looked at when it is asked next

    def close(self) -> None:
        """Let go of the files."""
        if self._file is not None:
            self._file.close()
        self._new.close()

    def _records(self, keys: Iterable[bytes], at: int, lines: list[bytes]) -> Iterator[bytes]:
        """Yield records, which are to stand in the file from `at` on; add a line of the index for each."""
        for key in keys:
            value = self.get(key)
            if value is not None:
                record = self._head(key, value) + value
                lines.append(self.PLACE.pack(key, at, len(value)))
                at += len(record)
                yield record

    def _head(self, key: bytes, value: bytes) -> bytes:
        return self.HEAD.pack(key, len(value), _checksum(key, value))

    def _all(self) -> dict[bytes, int]:
        if self._places is None:
            self._places = self._look(self._path) if self._path else {}
        return self._places

    def _look(self, path: Path) -> dict[bytes, int]:
        """Return where each record begins, with the length of its value; a key's last one wins."""
        places: dict[bytes, int] = {}
        try:
            file = path.open("rb")
        except OSError:
            return places
        if file.read(len(self._mark)) != self._mark:
            file.close()
            return places
        self._file = file
        end, at, head = os.fstat(file.fileno()).st_size, len(self._mark), self.HEAD.size
        index = _bytes(self._index(path))
        for key, place, length in self.PLACE.iter_unpack(index[: len(index) // self.PLACE.size * self.PLACE.size]):
            if place != at or place + head + length > end:
                break  # of another file; what it says of places is checked when a record is asked for
            places[key] = place_of(place, length)
            at += head + length
        indexed = at
        while at + head <= end:
            key, length, _ = self.HEAD.unpack(at_place(file, place_of(at, head)))
            if at + head + length > end:
                break
            places[key] = place_of(at, length)
            at += head + length
        self._sound = at == end and indexed == end
        return places

    @staticmethod
    def _index(path: Path) -> Path:
        return path.with_name(f"{path.name}.index")


def _put(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file anew, so that a reader finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _checksum(key: bytes, value: bytes | memoryview) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key).digest()
