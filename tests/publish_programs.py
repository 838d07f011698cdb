"""Programs that publish and read a folder, each in a process of its own, to be killed and asked."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from digest.publish import publish

ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder of `build.py`; this module imports little, for a process with little in it is soon doubled."""


def version(letter: str, size: int = 60) -> dict[str, bytes]:
    """Return one of two versions, A and B, of a site: most files differ, some stay, some are in one of them alone."""
    site = {f"{letter * 2}/{number}.html": letter.encode() * 3000 for number in range(size // 10)}
    site["build.json"] = letter.encode() * 20
    for number in range(size - len(site)):
        path = f"section-{number % 7}/{number}/index.html"
        site[path] = b"the same" if number % 5 == 0 else letter.encode() * (50_000 if number % 11 == 0 else 700)
    return site


VERSIONS: Final = {letter: version(letter) for letter in "AB"}
_EVERY_PATH: Final = sorted({path for site in VERSIONS.values() for path in site})


def publish_on_demand(out: str) -> None:
    """Publish the version named by each line of standard input, in a process of its own that may be killed.

    Says the process's number when it begins, and says it again when it has ended; asked by a further line, lets the
    number go, and says the exit status as `os.waitpid` gives it.  So nobody kills a number that has passed to another.
    """
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            publish(VERSIONS[line.strip()], Path(out))
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - the way to speak to the test
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        print(child, flush=True)  # noqa: T201
        sys.stdin.readline()
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


def read_without_end(out: str) -> None:
    """Read a published folder again and again; at each line of standard input say how many passes were whole so far.

    Each pass opens the folder once and reads all of it through that handle, where it must be one version; then it
    reads all by path, where each file must be of one version.
    """
    passes = 0
    while True:
        handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        seen = {path: data for path in _EVERY_PATH if (data := _read(path, handle)) is not None}
        os.close(handle)
        assert seen in VERSIONS.values(), f"a mixture: {sorted((path, data[:1]) for path, data in seen.items())}"
        for path in _EVERY_PATH:
            assert _read(os.path.join(out, path), None) in [site.get(path) for site in VERSIONS.values()], path  # noqa: PTH118
        passes += 1
        if select.select([sys.stdin], [], [], 0)[0]:
            if not sys.stdin.readline():
                return
            print(passes, flush=True)  # noqa: T201 - the way to speak to the test


def _read(path: str, handle: int | None) -> bytes | None:
    try:
        file = os.open(path, os.O_RDONLY, dir_fd=handle)
    except FileNotFoundError:
        return None
    with os.fdopen(file, "rb") as opened:
        return opened.read()


class Program:
    """One of the programs above, running; it is asked by lines and answers by lines."""

    def __init__(self, name: str, out: Path) -> None:
        """Start the function `name` of this module in a Python of its own."""
        code = f"import sys; from tests.publish_programs import {name}; {name}(*sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-c", code, str(out)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def say(self, line: str) -> None:
        """Give the program a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> int:
        """Wait for the program's next number."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.errors()
        return int(line)

    def silent(self, seconds: float) -> bool:
        """Wait for the program to say something, at most so long; tell whether it did not."""
        assert self.process.stdout is not None
        return not select.select([self.process.stdout], [], [], seconds)[0]

    def errors(self) -> str:
        """Let the program come to its end, and return what it wrote to standard error."""
        _, errors = self.process.communicate(timeout=60)
        return errors


@contextmanager
def running(name: str, out: Path) -> Iterator[Program]:
    """Run a program, and hold in the end that nothing went wrong in it."""
    program = Program(name, out)
    try:
        yield program
        errors = program.errors()
        assert (errors, program.process.returncode) == ("", 0)
    finally:
        program.process.kill()
        program.process.communicate()
