"""Stores: records by key in files, of which any may be lost or damaged at any time.

What cannot be read back, whatever the reason, is a miss.  The files hold data only, and nothing in them is ever run.
They are kept small: what a build that found out something new did not use is forgotten once it is more than half of a
file, as far as the number of records tells.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final
from zlib import crc32

import msgspec

from digest.files import bytes_of, is_at, put_anew
from digest.fingerprints import SIZE
from digest.fresh import Fresh, at_place, parted, place_of

SLACK: Final = 4 << 20
"""Bytes of unused records that are always tolerated."""
CHUNK: Final = 1 << 20
"""Bytes of records that are written at once, or a few more."""
_CHECK: Final = 8


class Shelf:
    """Small records in a file that is read as a whole: chunks, each a length, a checksum, and a map of key to value.

    What is new is added as more chunks, whose values replace those of the same keys before them.
    """

    MAGIC: Final = b"digest shelf 3\n"
    HEAD: Final = struct.Struct("<QI")

    def __init__(self, path: Path | None, of: bytes = b"") -> None:
        """Read the file when the first record is asked for; one not marked as `of` the same counts as none."""
        self._path = path
        self._mark = self.MAGIC + of
        self._records: dict[bytes, bytes] | None = None
        self._used: set[bytes] = set()
        self._new = Fresh()
        self._sound = False
        self._size = 0
        self._taken = False
        """Of some values only the file has the bytes."""

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        value = self._all().get(key)
        if value is None:
            return self._new.get(key)
        self._used.add(key)
        return value

    def take(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None; it is read again if the file is written anew."""
        value = self.get(key)
        if value and self._records and key in self._records:
            self._records[key], self._taken = b"", True
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""
        records = self._all()
        if records.get(key) == value:
            self._used.add(key)
        else:
            records.pop(key, None)
            self._new.put(key, value)

    def keep(self, keys: Iterable[bytes]) -> None:
        """Say that values are of use, though they are not asked for."""
        self._used.update(keys)

    def save(self) -> None:
        """Add what is new; write the file anew where most of it was not used, or is damaged."""
        if self._path is None or not self._new.places:
            return
        records, new = self._all(), self._new.places
        if not self._sound or _is_idle(self._size, records, self._used):
            if self._taken:
                gone = self._new.places.keys()
                records = self._records = {key: value for key, value in self._read().items() if key not in gone}
            kept = records.keys() & self._used if self._sound else records
            _put(self._path, itertools.chain((self._mark,), self._chunks((*kept, *new))))
        else:
            with self._path.open("ab", buffering=0) as file:
                for chunk in self._chunks(new):  # each at one go: another process may be adding too
                    file.write(chunk)
        self._used.update(new)
        if self._new.much:
            self._records = None  # it is read again when it is asked next
        else:
            records.update([(key, value) for key in new if (value := self.get(key)) is not None])
            self._sound, self._size = True, self._path.stat().st_size
        self.close()
        self._new = Fresh()

    def close(self) -> None:
        """Let go of what was not saved."""
        self._new.close()

    def _chunks(self, keys: Iterable[bytes]) -> Iterator[bytes]:
        records = ((key, value) for key in keys if (value := self.get(key)) is not None)
        for some in _lots(records):
            data = msgspec.msgpack.encode(some)
            yield self.HEAD.pack(len(data), crc32(data)) + data

    def _all(self) -> dict[bytes, bytes]:
        if self._records is None:
            self._records = self._read() if self._path else {}
        return self._records

    def _read(self) -> dict[bytes, bytes]:
        records: dict[bytes, bytes] = {}
        data = memoryview(bytes_of(self._path) if self._path else b"")
        self._sound, self._size, at = False, len(data), len(self._mark)
        if data[:at].tobytes() != self._mark:
            return records
        while at + self.HEAD.size <= len(data):
            length, check = self.HEAD.unpack_from(data, at)
            chunk = data[at + self.HEAD.size : at + self.HEAD.size + length]
            if crc32(chunk) != check:
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
        self._used: set[bytes] = set()
        self._new = Fresh()

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        head = self.HEAD.size
        new = self._new.get(key)
        if new is not None:
            return new[head:]
        place = self._all().get(key)
        if place is None or self._file is None:
            return None
        record = at_place(self._file, place + head)
        value = record[head:]
        if record[:head] != self._head(key, value):
            return None
        self._used.add(key)
        return value

    def take(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None; none is held anyway."""
        return self.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value; the first one given for a key."""
        if key not in self._new.places:
            self._new.put(key, self._head(key, value) + value)

    def keep(self, keys: Iterable[bytes]) -> None:
        """Say that values are of use, though they are not asked for."""
        new = self._new.places  # these are kept anyway, and after a first build they are all that there is
        self._used.update([key for key in keys if key not in new])

    def save(self) -> None:
        """Add what is new; write the file anew where most of it was not used, or where its end was damaged."""
        if self._path is None or not self._new.places:
            return
        if self._file is not None and not is_at(self._file, self._path):
            self._forget()  # another process has written it anew, or taken it away
        places, new = self._all(), self._new.places
        size = os.fstat(self._file.fileno()).st_size if self._file else 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept: dict[bytes, int] = {}
        if self._file is None or not self._sound or _is_idle(size, places, self._used):
            self._index(self._path).unlink(missing_ok=True)
            old = self._kept((key for key in places if not self._sound or key in self._used), kept)
            _put(self._path, itertools.chain((self._mark,), old, self._new.pieces()))
            size = len(self._mark) + sum(parted(place)[1] + self.HEAD.size for place in kept.values())
            self._forget()  # it is looked at when it is asked next
        else:
            with self._path.open("ab") as file:
                file.writelines(self._new.pieces())
            places.update(self._placed(size))
        with self._index(self._path).open("ab") as index:
            placed = itertools.chain(kept.items(), self._placed(size))
            index.writelines(self.PLACE.pack(key, *parted(place)) for key, place in placed)
        self._used.update(new)
        self._new.close()
        self._new = Fresh()

    def close(self) -> None:
        """Let go of the files."""
        self._forget()
        self._new.close()

    def _forget(self) -> None:
        """Know nothing of the file."""
        if self._file is not None:
            self._file.close()
        self._file, self._places, self._sound = None, None, True

    def _kept(self, keys: Iterable[bytes], placed: dict[bytes, int]) -> Iterator[bytes]:
        """Yield records of the file, which are to begin another one, and note in `placed` where each is to stand."""
        at = len(self._mark)
        for key in keys:
            value = self.get(key) if key not in self._new.places else None
            if value is not None:
                placed[key] = place_of(at, len(value))
                record = self._head(key, value) + value
                at += len(record)
                yield record

    def _placed(self, begin: int) -> Iterator[tuple[bytes, int]]:
        """Yield the places of what is new, by key, where that stands in the file from `begin` on."""
        head = self.HEAD.size
        return ((key, place_of(begin + at, length - head)) for key, at, length in self._new.spans())

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
        index = bytes_of(self._index(path))
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


def _lots(records: Iterable[tuple[bytes, bytes]]) -> Iterator[dict[bytes, bytes]]:
    """Yield records in lots of `CHUNK` bytes."""
    some: dict[bytes, bytes] = {}
    size = 0
    for key, value in records:
        some[key] = value
        size += len(value)
        if size >= CHUNK:
            yield some
            some, size = {}, 0
    if some:
        yield some


def _is_idle(size: int, records: Mapping[bytes, Any], used: set[bytes]) -> bool:
    """Tell whether most of a file of so many bytes is of no use."""
    return size > SLACK and size * (1 - 2 * len(records.keys() & used) / max(len(records), 1)) > SLACK


def _put(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file of a memory anew; other processes may be doing so too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    put_anew(path, pieces, path.with_name(f"{path.name}.{os.getpid()}"))


def _checksum(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key).digest()
