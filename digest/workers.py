"""Work shared out among processes: a `Map` whose work is done in forked workers.

A worker is a copy of this process as it is when the work begins, so nothing has to be sent to it; what comes back is
bytes, as they are done.  Few items, one processor, or a system without `fork`, are worked off right here.
"""

from __future__ import annotations

import os
import selectors
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, TypeVar

from digest.memo import BATCH, Map, Work, in_turn, one_by_one

T = TypeVar("T")

SHARE: Final = 50
"""Items that are worth a process: fewer cost more to share out than they save."""
MANY: Final = 1_000
"""Files from which on a process beside this one looks at trees, or makes half of one, while other work is done here."""
_HEAD: Final = struct.Struct("<qq")
_FAILED: Final = -1
_REFUSED: Final = -2


class WorkerError(RuntimeError):
    """A worker ended before its work did; the text is what it had to say."""


def forked_map(jobs: int) -> Map:
    """Return a map that uses up to `jobs` processes besides this one."""

    def mapped(work: Work, items: Sequence[T], what: str = "") -> Iterator[tuple[int, bytes]]:  # noqa: ARG001 - nobody is told
        workers = min(jobs, len(items) // SHARE)
        if workers < 2 or not hasattr(os, "fork"):  # noqa: PLR2004 - one worker would only stand beside us
            return in_turn(work, items)
        return _shared_out(work, items, workers)

    return mapped


def _shared_out(work: Work, items: Sequence[T], workers: int) -> Iterator[tuple[int, bytes]]:
    """Yield results as they come; worker k does every item whose place leaves k over `workers`."""
    started: list[tuple[int, int]] = []
    try:
        for number in range(workers):
            started.append(_start(work, items, range(number, len(items), workers), [pipe for _, pipe in started]))
        count = len(items)
        del items  # the workers have copies
        with selectors.DefaultSelector() as ready:
            for number, (_, pipe) in enumerate(started):
                ready.register(pipe, selectors.EVENT_READ, [len(range(number, count, workers))])
            for _ in range(count):
                chosen = ready.select()[0][0]
                yield _receive(chosen.fd)
                chosen.data[0] -= 1
                if not chosen.data[0]:  # the end of this pipe would count as something to read
                    ready.unregister(chosen.fd)
    finally:
        for process, pipe in started:
            _end(process, pipe)


class Aside:
    """A process beside this one, which applies a function to some items while other work is done here."""

    def __init__(self, function: Callable[[T], bytes], items: Sequence[T]) -> None:
        """Begin at once, where the system has `fork`; elsewhere each is done when it is asked for."""
        self._here = iter(items) if not hasattr(os, "fork") else None
        self._function = function
        self._process, self._pipe = (
            (0, -1) if self._here else _start(one_by_one(function), items, range(len(items)), [])
        )

    def result(self) -> bytes:
        """Wait for the result of the next item."""
        return self._function(next(self._here)) if self._here else _receive(self._pipe)[1]

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


def _start(work: Work, items: Sequence[T], places: range, others: list[int]) -> tuple[int, int]:
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
            _work(work, items, places, out)
    finally:
        os._exit(0)  # a worker leaves without the parent's farewells


def _work(work: Work, items: Sequence[T], places: range, out: BinaryIO) -> None:
    try:
        for start in range(0, len(places), BATCH):
            batch = places[start : start + BATCH]
            for place, result in zip(batch, work([items[place] for place in batch]), strict=True):
                _send(out, place, result)
    except OSError as error:
        said = (str(error.errno or 0), error.strerror or str(error), error.filename or "")
        _send(out, _REFUSED, "\0".join(map(str, said)).encode())
    except BaseException as error:  # noqa: BLE001 - the parent raises it again, in its own words
        _send(out, _FAILED, f"{type(error).__name__}: {error}".encode())


def _send(out: BinaryIO, place: int, data: bytes) -> None:
    waiting = memoryview(_HEAD.pack(place, len(data)) + data)
    while waiting:
        waiting = waiting[out.write(waiting) :]


def _receive(pipe: int) -> tuple[int, bytes]:
    """Return the place of an item, and its result; a worker that has begun to write one does so to its end.

    Raises the OSError that a worker met, and WorkerError for anything else that ended it.
    """
    place, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    data = _exactly(pipe, length)
    if place == _REFUSED:
        number, said, name = data.decode(errors="replace").split("\0")
        raise OSError(int(number), said, name or None)
    if place == _FAILED:
        raise WorkerError(data.decode(errors="replace"))
    return place, data


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
