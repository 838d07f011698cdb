"""Records that are new in this run, until they are saved; and places in files, as one number each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Final

AT_HAND: Final = 1 << 20
"""Bytes of new records that are held in working memory; more go to a file of no name."""
_LENGTH: Final = 32
"""Bits of a length, above which a place has the offset: one number takes a third of the memory of two."""


class Fresh:
    """New records: in working memory while they are few, then in a file of no name that goes when this run ends."""

    def __init__(self) -> None:
        """Begin with none."""
        self.places: dict[bytes, int | bytes] = {}
        """Each record, or its place in the file, by key."""
        self._file: BinaryIO | None = None
        self._laid = 0
        """Bytes of records in the file, one after the other."""
        self._at_hand: list[bytes] = []
        self._size = 0
        self._process = os.getpid()

    @property
    def much(self) -> bool:
        """Tell whether there were too many to hold in working memory."""
        return self._file is not None

    def get(self, key: bytes) -> bytes | None:
        """Return a record, or None."""
        found = self.places.get(key)
        if isinstance(found, int) and self._file is not None:
            return at_place(self._file, found)
        return found if isinstance(found, bytes) else None

    def put(self, key: bytes, value: bytes) -> None:
        """Hold a record."""
        self.places[key] = value
        self._at_hand.append(key)
        self._size += len(value)
        if self._size > AT_HAND and os.getpid() == self._process:  # a forked worker would write over what is ours
            with suppress(OSError):  # then they stay where they are
                self._lay_down()
            self._at_hand, self._size = [], 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of all records, one after the other, in pieces of any length."""
        for at in range(0, self._laid, AT_HAND):
            if self._file is not None:
                yield at_place(self._file, place_of(at, min(AT_HAND, self._laid - at)))
        yield from [value for value in self.places.values() if isinstance(value, bytes)]

    def spans(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the key of each record, where it begins in the bytes of all, and its length, in order of place.

        No key may have been put twice.
        """
        at = self._laid
        yield from ((key, *parted(value)) for key, value in self.places.items() if isinstance(value, int))
        for key, value in self.places.items():
            if isinstance(value, bytes):
                yield key, at, len(value)
                at += len(value)

    def close(self) -> None:
        """Let go of all."""
        if self._file is not None:
            self._file.close()

    def _lay_down(self) -> None:
        if self._file is None:
            import tempfile  # noqa: PLC0415 - small builds need none

            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it is open as long as this is used
        held = {key: value for key in self._at_hand if isinstance(value := self.places[key], bytes)}
        at, data = self._file.seek(self._laid), b"".join(held.values())
        if self._file.write(data) == len(data):
            for key, value in held.items():
                self.places[key] = place_of(at, len(value))
                at += len(value)
            self._laid = at


def place_of(offset: int, length: int) -> int:
    """Return where some bytes are, fewer than 4 GiB, as one number."""
    return offset << _LENGTH | length


def parted(place: int) -> tuple[int, int]:
    """Return the offset of a place, and how many bytes are there."""
    return place >> _LENGTH, place & (1 << _LENGTH) - 1


def at_place(file: BinaryIO, place: int) -> bytes:
    """Return the bytes at a place of a file that forked processes may share."""
    offset, length = parted(place)
    if hasattr(os, "pread"):
        return os.pread(file.fileno(), length, offset)
    file.seek(offset)  # where there is no such call there is no `fork` either
    return file.read(length)
