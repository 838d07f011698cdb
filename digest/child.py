"""The process beside this one that serves a preview, and the words exchanged with it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from typing import IO, Final, cast

from digest.messages import Begin, Changed, Message, Opened, line_of, message_of

ABOVE: Final = Path(__file__).resolve().parent.parent
"""The folder in which Python finds our modules."""
FAREWELL: Final = 5.0
"""Seconds that the process has to end by itself."""


class GoneError(Exception):
    """The process has ended."""


class Child:
    """A process that serves and watches.

    It is a process of its own, so that browsers are answered while a build takes all of one, and so that the one that
    builds has no threads, which a process that forks workers must not have.
    """

    def __init__(self) -> None:
        """Start it, out of reach of Ctrl-C: it ends when this process closes the line to it, or ends itself."""
        known = os.environ.get("PYTHONPATH")
        path = f"{ABOVE}{os.pathsep}{known}" if known else str(ABOVE)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "digest.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self._to, self._from = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._read = b""

    def begin(self, begin: Begin) -> Opened:
        """Have it serve, and return where it does so."""
        self._send(begin)
        answer = self._next(None)
        if not isinstance(answer, Opened):
            raise GoneError
        return answer

    def tell(self, message: Message) -> None:
        """Tell it how a build ended."""
        self._send(message)

    def heard(self, timeout: float) -> Changed | None:
        """Wait so many seconds at most for word of changes; None where there was none.

        Raises GoneError where the process has ended.
        """
        message = self._next(timeout)
        return message if isinstance(message, Changed) else None

    def close(self) -> None:
        """End it."""
        self._to.close()
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()

    def _send(self, message: Message) -> None:
        waiting = memoryview(line_of(message))
        try:
            while waiting:
                waiting = waiting[self._to.write(waiting) or 0 :]
        except BrokenPipeError:
            raise GoneError from None

    def _next(self, timeout: float | None) -> Message | None:
        """Return the next message; None where there is none in time."""
        while b"\n" not in self._read:
            if not select.select([self._from], [], [], timeout)[0]:
                return None
            data = os.read(self._from.fileno(), 1 << 16)
            if not data:
                raise GoneError
            self._read += data
        line, _, self._read = self._read.partition(b"\n")
        return message_of(line)
