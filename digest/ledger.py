"""The ledger: what is remembered of a published folder between publications, in `.site.state` beside it.

It is a file of records: a whole state, then what later publications made of it, so that one of them writes about as
much as it has changed.  A record that was not written to its end counts for nothing, nor does anything behind it.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from digest.decoding import Decoder
from digest.fingerprints import SIZE
from digest.trees import UNKNOWN, Known, put

MAGIC: Final = b"digest state 6\n"
"""The mark of the file, with the number of its form."""
_HEAD: Final = struct.Struct(f"<Q{SIZE}s")
"""What stands before a record: its length, and a fingerprint of it."""


class State(Struct, frozen=True, array_like=True):
    """What is remembered between publications."""

    files: dict[str, Known]
    """Every file that may be in the published tree and is ours."""
    folders: dict[str, int]
    """When each folder of the published tree last changed, as in a `Tree`."""
    spare: dict[str, int]
    """The same for the spare."""
    stale: tuple[str, ...] = ()
    """Files of the spare that are not those of the published tree; the rest of it are links to the same files."""


NOTHING: Final = State({}, {}, {})


class _Patch(Struct, frozen=True, array_like=True):
    """How the stamps of folders differ from others."""

    other: dict[str, int]
    gone: tuple[str, ...]


class _Begun(Struct, frozen=True, array_like=True, tag=True):
    """Files are about to be made, whether or not they will be; what is known of folders holds no more."""

    new: tuple[str, ...]
    lost: tuple[str, ...]
    """Files that are remembered and were not there."""


class _Done(Struct, frozen=True, array_like=True, tag=True):
    """How a state differs from the one before it."""

    files: dict[str, Known]
    gone: tuple[str, ...]
    exchanged: bool
    """The two trees have changed places."""
    folders: _Patch
    spare: _Patch
    stale: tuple[str, ...]


_FILE: Final = 2 + 1 + 2 + 2 * SIZE + 5 + 9 + 9
"""Bytes of a file beside its path, at most, for keys of two fingerprints."""
_FOLDER: Final = 2 + 9
"""Bytes of a folder beside its path, at most."""
_ENCODER: Final = msgspec.msgpack.Encoder()
_STATE: Final = Decoder(State)
_CHANGE: Final[Decoder[_Begun | _Done]] = Decoder(_Begun | _Done)  # type: ignore[arg-type]  # one of the two


class Ledger:
    """The ledger of one published folder; it is written only by who holds the folder."""

    def __init__(self, memory: Path) -> None:
        """Read what the last publication left.

        A missing, damaged or foreign file is no memory at all.  A file that cannot be read is an OSError: without
        memory the site might be refused as another's.
        """
        self._memory = memory
        self._first = self._end = 0
        """Bytes of the file up to the end of its first record, and of its last one; no first one: it is to be written
        anew."""
        self.seen = 0
        """When the last publication left it (nanoseconds, by the clock of that disk)."""
        self._settled = NOTHING
        """The state without what is announced."""
        self.state = NOTHING
        """What is remembered."""
        self._read()

    def announce(self, new: Iterable[str], there: Mapping[str, Known]) -> None:
        """Remember, beside the files that are `there`, `new` ones that are about to be made.

        Raises OSError when the disk fails.
        """
        known = self._settled.files
        begun = _Begun(tuple(new), tuple(known.keys() - there.keys()))
        self.state = _announced(self._settled, begun)
        if not self._first or there.keys() - known.keys() or not self._add(begun):
            ours = {path: known.get(path, UNKNOWN) for path in there}
            self.state = self._settled = State(ours | dict.fromkeys(begun.new, UNKNOWN), {}, {})
            self._write_whole()

    def remember(self, state: State) -> None:
        """Keep what the next publication needs to know; a reader finds the old memory or the new one.

        Raises OSError when the disk fails.
        """
        if state == self.state and self.state is not NOTHING:
            return
        done = _done(self._settled, state) if self._first else None
        self.state = self._settled = state
        if done is None or not self._add(done):
            self._write_whole()

    def _read(self) -> None:
        try:
            with self._memory.open("rb") as file:
                seen, data = os.fstat(file.fileno()).st_mtime_ns, memoryview(file.read())
        except FileNotFoundError:
            return
        records = _records(data)
        first = next(records, None)
        if first is None:
            return
        self.seen, self.state = seen, _one_name_each(_STATE.decode(first))
        self._settled, self._first = self.state, len(MAGIC) + _HEAD.size + len(first)
        self._end = self._first
        begun: _Begun | None = None
        for record in records:
            change = _CHANGE.decode(record)
            begun = change if isinstance(change, _Begun) else None
            if isinstance(change, _Done):
                self.state = self._settled = _followed(self._settled, change)
            self._end += _HEAD.size + len(record)
        if begun is not None:  # a publication was killed
            self.state = self._settled = _announced(self._settled, begun)
        if begun is not None or self._end < len(data):
            self._first = 0

    def _write_whole(self) -> None:
        """Write the file anew; a reader finds the old one or the new one."""
        self._first = 0
        start = len(MAGIC) + _HEAD.size
        data = bytearray(start + _room(self._settled))  # it is large, so there is one copy of it, which need not grow
        _ENCODER.encode_into(self._settled, data, start)
        record = memoryview(data)[start:]
        data[:start] = MAGIC + _HEAD.pack(len(record), _check(record))
        put(self._memory, data)
        self._first = self._end = len(data)

    def _add(self, change: _Begun | _Done) -> bool:
        """Add a change, and tell whether it was; not where a whole state would take less to read."""
        data = msgspec.msgpack.encode(change)
        end = self._end + _HEAD.size + len(data)
        if end > 2 * self._first:
            return False
        self._end, first, self._first = end, self._first, 0
        with self._memory.open("ab") as file:
            file.write(_HEAD.pack(len(data), _check(data)))
            file.write(data)
        self._first = first  # until then a part of it may be there, and whatever follows would count for nothing
        return True


def _records(data: memoryview) -> Iterator[memoryview]:
    """Yield the records of a ledger, up to the first that is not whole."""
    at = len(MAGIC)
    while data[: len(MAGIC)].tobytes() == MAGIC and at + _HEAD.size <= len(data):
        length, check = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        record = data[at : at + length]
        if _check(record) != check:
            return
        yield record
        at += length


def _one_name_each(state: State) -> State:
    """Let both trees hold one copy of the names of their folders, which are mostly the same."""
    names = dict(zip(state.folders, state.folders, strict=True))
    return replace(state, spare={names.get(path, path): stamp for path, stamp in state.spare.items()})


def _room(state: State) -> int:
    """Return how many bytes a state takes, or somewhat more."""
    paths = (state.files, state.folders, state.spare, state.stale)
    return sum(map(len, chain.from_iterable(paths))) + _FILE * len(state.files) + _FOLDER * sum(map(len, paths[1:]))


def _check(record: bytes | memoryview) -> bytes:
    return hashlib.blake2b(record, digest_size=SIZE).digest()


def _announced(state: State, begun: _Begun) -> State:
    files = state.files | dict.fromkeys(begun.new, UNKNOWN)
    for path in begun.lost:
        if files[path] is not UNKNOWN:
            del files[path]
    return State(files, {}, {})


def _done(before: State, after: State) -> _Done:
    """Return how a state differs from the one before it."""
    exchanged = after.spare == before.folders
    folders, spare = (before.spare, before.folders) if exchanged else (before.folders, before.spare)
    return _Done(
        {path: left for path, left in after.files.items() if before.files.get(path) is not left},
        _gone(before.files, after.files),
        exchanged,
        _patch(folders, after.folders),
        _patch(spare, after.spare),
        after.stale,
    )


def _followed(before: State, done: _Done) -> State:
    """Return the state after a change; it is made of the one before, which is used up."""
    folders, spare = (before.spare, before.folders) if done.exchanged else (before.folders, before.spare)
    before.files.update(done.files)
    for path in done.gone:
        del before.files[path]
    return State(before.files, _patched(folders, done.folders), _patched(spare, done.spare), done.stale)


def _patch(before: Mapping[str, int], after: Mapping[str, int]) -> _Patch:
    other = {path: stamp for path, stamp in after.items() if before.get(path) != stamp}
    return _Patch(other, _gone(before, after))


def _gone(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Return the paths that are only in `before`; the difference of the keys would first be a set of them all."""
    return tuple([path for path in before if path not in after])


def _patched(before: dict[str, int], patch: _Patch) -> dict[str, int]:
    before.update(patch.other)
    for path in patch.gone:
        del before[path]
    return before
