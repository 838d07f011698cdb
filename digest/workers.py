"""Work shared out among processes: a `map` whose function runs in forked workers.

A worker is a copy of this process as it is when the work begins, so nothing has to be sent to it; what comes back is
bytes, in the order of the items.  Few items, one processor, or a system without `fork`, are worked off right here.
"""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, TypeVar

T = TypeVar("T")

SHARE: Final = 250
"""Items that are worth a process: fewer cost more to share out than they save."""
_LENGTH: Final = struct.Struct("<q")
_FAILED: Final = -1


class WorkerError(RuntimeError):
    """A worker ended before its work did; the text is what it had to say."""


def forked_map(jobs: int) -> Callable[[Callable[[T], bytes], Sequence[T]], Iterator[bytes]]:
    """Return a `map` that uses up to `jobs` processes besides this one."""

    def mapped(function: Callable[[T], bytes], items: Sequence[T]) -> Iterator[bytes]:
        workers = min(jobs, len(items) // SHARE)
        if workers < 2 or not hasattr(os, "fork"):  # noqa: PLR2004 - one worker would only stand beside us
            return map(function, items)
        return _shared_out(function, items, workers)

    return mapped


def _shared_out(function: Callable[[T], bytes], items: Sequence[T], workers: int) -> Iterator[bytes]:
    """Yield the results in the order of the items; worker k does every item whose place leaves k over `workers`."""
    started: list[tuple[int, BinaryIO]] = []
    try:
        for number in range(workers):
            started.append(_start(function, items[number::workers], [pipe for _, pipe in started]))
        for place in range(len(items)):
            yield _receive(started[place % workers][1])
    finally:
        for process, pipe in started:
            pipe.close()
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _start(function: Callable[[T], bytes], items: Sequence[T], others: list[BinaryIO]) -> tuple[int, BinaryIO]:
    """Fork a worker for `items`, and return its process id and the end of the pipe where its results come out."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return process, os.fdopen(ours, "rb", 1 << 16)
    try:
        for pipe in others:
            pipe.close()
        os.close(ours)
        with os.fdopen(theirs, "wb", 1 << 16) as out:
            _work(function, items, out)
    finally:
        os._exit(0)  # a worker leaves without the parent's farewells


def _work(function: Callable[[T], bytes], items: Sequence[T], out: BinaryIO) -> None:
    try:
        for item in items:
            result = function(item)
            out.write(_LENGTH.pack(len(result)))
            out.write(result)
    except BaseException as error:  # noqa: BLE001 - the parent raises it again, in its own words
        out.write(_LENGTH.pack(_FAILED))
        out.write(f"{type(error).__name__}: {error}".encode())


def _receive(pipe: BinaryIO) -> bytes:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        message = "a worker process ended early"
        raise WorkerError(message)
    length: int = _LENGTH.unpack(head)[0]
    if length == _FAILED:
        raise WorkerError(pipe.read().decode(errors="replace"))
    result = pipe.read(length)
    if len(result) < length:
        message = "a worker process ended early"
        raise WorkerError(message)
    return result
