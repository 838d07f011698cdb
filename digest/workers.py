"""Work shared out among processes: a `Map` whose work is done in forked workers.

A worker is a copy of this process as it is when the work begins, so nothing has to be sent to it but which items are
its own: a worker that is done with some takes the next ones, so that all are busy to the end.  What comes back is
bytes, as they are done.  Very few items, one processor, or a system without `fork`, are worked off right here.

This process is one of the workers while items are few: another would cost more than it does, as each has to copy the
memory that it touches, and to begin with everything anew.  Where items are many, it has enough to do with the results,
and stays small.
"""

from __future__ import annotations

import os
import selectors
import signal
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from typing import BinaryIO, Final, TypeVar

from digest.memo import BATCH, Map, Work, in_turn, one_by_one

T = TypeVar("T")
Results = list[tuple[int, bytes]]
"""The places of some items, and their results."""

SHARE: Final = 50
"""Items that are worth a process: fewer cost more to share out than they save."""
FEW: Final = 2_000
"""Items up to which this process is one of the workers."""
_TURNS: Final = 16
"""Times at least that each worker takes items, where there are enough: what one has to wait for another at the end is
a part of this."""
_MOST: Final = 4_000
"""Times at most that items are taken: all that is said of them in advance fits into a pipe, on any system."""
_WIDE: Final = 1 << 20
"""Bytes that a pipe of results holds: as many as Linux grants to anybody."""
_NUMBER: Final = 4
"""Bytes of a number of an item, in that pipe."""
_ENOUGH: Final = 1 << 16
"""Bytes of results from which on they are handed over; many are small, and each time costs more than they do."""
_HEAD: Final = struct.Struct("<qq")
"""What stands before a message: its kind, and a number of bytes; for results, that of an index, which they follow."""
_INDEX: Final = struct.Struct("<qq")
"""A line of that index: the place of an item, and how many bytes its result has."""
_RESULTS: Final = 0
_DONE: Final = 1
_FAILED: Final = 2
_REFUSED: Final = 3


class WorkerError(RuntimeError):
    """A worker ended before its work did; the text is what it had to say."""


def forked_map(jobs: int) -> Map:
    """Return a map that uses up to `jobs` processes, besides this one where items are many."""

    def mapped(
        work: Work,
        items: Sequence[T],
        what: str = "",  # noqa: ARG001 - nobody is told
        meanwhile: Callable[[], None] | None = None,
        own: int = 0,
    ) -> Iterator[tuple[int, bytes]]:
        workers = min(jobs, (len(items) - own) // SHARE)
        if workers < 2 or not hasattr(os, "fork"):  # noqa: PLR2004 - one worker would only stand beside us
            return in_turn(work, items)
        return _shared_out(work, items, workers, meanwhile, own)

    return mapped


def _shared_out(
    work: Work, items: Sequence[T], workers: int, meanwhile: Callable[[], None] | None, own: int
) -> Iterator[tuple[int, bytes]]:
    """Yield results as they come."""
    batches = _Batches(range(own, len(items)), workers)
    here = len(items) <= FEW
    ours = chain((range(place, place + 1) for place in range(own)), batches.of(workers - 1) if here else ())
    started: list[tuple[int, int]] = []
    try:
        for number in range(workers - here):
            started.append(_start(work, items, batches.of(number), [pipe for _, pipe in started]))
        if not here:
            items = items[:own]  # the workers have copies
        if meanwhile is not None:
            meanwhile()
        with closing(_Results(pipe for _, pipe in started)) as results:
            for batch in ours:
                for result in zip(batch, work(items[batch.start : batch.stop]), strict=True):
                    yield result
                    yield from results.there()
            while results.expected:
                yield from results.there(wait=True)
    finally:
        batches.close()
        for process, pipe in started:
            _end(process, pipe)


class _Results:
    """What workers send."""

    def __init__(self, pipes: Iterable[int]) -> None:
        """Take the pipes where it comes out."""
        self._ready = selectors.DefaultSelector()
        for pipe in pipes:
            _widen(pipe)
            self._ready.register(pipe, selectors.EVENT_READ)

    @property
    def expected(self) -> bool:
        """There are workers that are not done yet."""
        return bool(self._ready.get_map())

    def there(self, *, wait: bool = False) -> Iterator[tuple[int, bytes]]:
        """Yield what has come by now; or wait for something to come."""
        for key, _ in self._ready.select(None if wait else 0) if self.expected else ():
            results = _receive(key.fd)
            if results is None:
                self._ready.unregister(key.fd)
            else:
                yield from results

    def close(self) -> None:
        """Listen no more."""
        self._ready.close()


def _widen(pipe: int) -> None:
    """Let a pipe hold more, so that who writes to it need not wait while its reader is at work; only Linux can."""
    import fcntl  # noqa: PLC0415 - only systems that have `fork` have it

    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDE)


class _Batches:
    """Places of items, some at a time: to each worker first those of its own range, then what others have left.

    Items that stand beside each other need much that is the same, which a worker makes once.  Those at both ends of all
    are the first to be seen to, so whoever has items that take long puts them there: they are done while there is still
    other work.
    """

    def __init__(self, places: range, workers: int) -> None:
        count = len(places)
        self._stop = places.stop
        self._size = max(1, min(BATCH, count // (workers * _TURNS)), -(-count // _MOST))
        starts = places[:: self._size]
        self._pipes: list[int] = []
        for number in range(workers):
            pipe, end = os.pipe()
            own = starts[len(starts) * number // workers : len(starts) * (number + 1) // workers]
            if number == workers - 1:
                own = own[::-1]
            os.write(end, b"".join([start.to_bytes(_NUMBER, "little") for start in own]))
            os.close(end)
            self._pipes.append(pipe)

    def of(self, worker: int) -> Iterator[range]:
        """Yield the places that a worker is to see to, as long as there are any."""
        for pipe in (*self._pipes[worker:], *self._pipes[:worker]):
            while start := os.read(pipe, _NUMBER):
                first = int.from_bytes(start, "little")
                yield range(first, min(first + self._size, self._stop))

    def close(self) -> None:
        """Let go of the places."""
        for pipe in self._pipes:
            os.close(pipe)


class Aside:
    """A process beside this one, which applies a function to some items while other work is done here."""

    def __init__(self, function: Callable[[T], bytes], items: Sequence[T]) -> None:
        """Begin at once, where the system has `fork`; elsewhere each is done when it is asked for."""
        self._here = iter(items) if not hasattr(os, "fork") else None
        self._function = function
        batches = [range(place, place + 1) for place in range(len(items))]
        self._process, self._pipe = (0, -1) if self._here else _start(one_by_one(function), items, batches, [])

    def result(self) -> bytes:
        """Wait for the result of the next item."""
        if self._here:
            return self._function(next(self._here))
        results = _receive(self._pipe)
        if not results:
            message = "all items have had their results"
            raise IndexError(message)
        return results[0][1]

    def close(self) -> None:
        """End the process, whatever it has still to do."""
        if self._process:
            _end(self._process, self._pipe)
            self._process = 0


def _end(process: int, pipe: int) -> None:
    os.close(pipe)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def _start(work: Work, items: Sequence[T], batches: Iterable[range], others: list[int]) -> tuple[int, int]:
    """Fork a worker for some items, and return its process id and the end of the pipe where its results come out."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return process, ours
    try:
        for pipe in (*others, ours):
            os.close(pipe)
        with os.fdopen(theirs, "wb", 0) as out:
            _work(work, items, batches, out)
    finally:
        os._exit(0)  # a worker leaves without the parent's farewells


def _work(work: Work, items: Sequence[T], batches: Iterable[range], out: BinaryIO) -> None:
    try:
        for batch in batches:
            done: Results = []
            size = 0
            results = iter(work(items[batch.start : batch.stop]))
            for place in batch:
                done.append((place, next(results)))  # no other name holds it: it may be large
                size += len(done[-1][1])
                if size > _ENOUGH:
                    _hand_over(out, done)
                    size = 0
            _hand_over(out, done)
        _send(out, _DONE, b"")
    except OSError as error:
        said = (str(error.errno or 0), error.strerror or str(error), error.filename or "")
        _send(out, _REFUSED, "\0".join(map(str, said)).encode())
    except BaseException as error:  # noqa: BLE001 - the parent raises it again, in its own words
        _send(out, _FAILED, f"{type(error).__name__}: {error}".encode())


def _hand_over(out: BinaryIO, done: Results) -> None:
    """Send some results, and let go of them."""
    if done:
        index = b"".join([_INDEX.pack(place, len(result)) for place, result in done])
        results = [result for _, result in done]
        done.clear()
        _send(out, _RESULTS, index, *(results if len(results) == 1 else [b"".join(results)]))


def _send(out: BinaryIO, kind: int, data: bytes, *more: bytes) -> None:
    """Send a message, and what follows it; that may be large, so no copy of it is made."""
    for piece in (_HEAD.pack(kind, len(data)) + data, *more):
        waiting = memoryview(piece)
        while waiting:
            waiting = waiting[out.write(waiting) :]


def _receive(pipe: int) -> Results | None:
    """Return some results, or None where a worker is done; one that has begun to write them does so to the end.

    Raises the OSError that a worker met, and WorkerError for anything else that ended it.
    """
    kind, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    data = _exactly(pipe, length)
    if kind == _REFUSED:
        number, said, name = data.decode(errors="replace").split("\0")
        raise OSError(int(number), said, name or None)
    if kind == _FAILED:
        raise WorkerError(data.decode(errors="replace"))
    return None if kind == _DONE else list(_results(pipe, list(_INDEX.iter_unpack(data))))


def _results(pipe: int, index: Sequence[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """Yield the results of an index, which follow it."""
    data = _exactly(pipe, sum(size for _, size in index))
    at = 0
    for place, size in index:
        yield place, data[at : at + size]  # of a single one this is no copy
        at += size


def _exactly(pipe: int, length: int) -> bytes:
    pieces: list[bytes] = []
    while length:
        piece = os.read(pipe, length)
        if not piece:
            message = "a worker process ended early"
            raise WorkerError(message)
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
