"""Measuring one process as a whole: wall and processor time, memory, and the files that it wrote."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

Stamps = Mapping[str, tuple[int, int, int]]
"""Inode, time of change in nanoseconds, and size of each file of a folder, by its path below the folder."""


class Figures(NamedTuple):
    """What one run cost."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """Seconds of processor time, in user and system mode, of the process and the children that it waited for."""
    peak: float
    """Most memory held by the largest of these processes, in MiB."""
    written: int = 0
    """Files that are new or were written again."""
    others: float = 0
    """Seconds of processor time that all other programs used meanwhile; 0 where the system does not tell."""


class FailedError(Exception):
    """A measured command failed, or did not do what it was measured for."""


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Figures:
    """Run a command to its end and return what it cost, but for the files, which are left 0.

    Its output is written to the file `log`.  What was written before is on the disk by then: else the system would
    write it meanwhile.  Linux charges a new process with the memory of the one that started it,
    so the caller has to stay smaller than what it measures.  Raises `FailedError` with the end of the output when the
    command fails.
    """
    os.sync()
    with log.open("wb") as out:
        busy, start = _busy(), time.perf_counter()
        child = subprocess.Popen(  # noqa: S603 - the commands are named in sites.py
            command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        _, status, use = os.wait4(child.pid, 0)
        wall, busy = time.perf_counter() - start, _busy() - busy
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        message = f"{' '.join(command)} ended with {child.returncode}:\n{end}"
        raise FailedError(message)
    cpu = use.ru_utime + use.ru_stime
    return Figures(wall, cpu, use.ru_maxrss / 1024, others=max(busy - cpu, 0))


def _busy() -> float:
    """Return the seconds that all processors have worked since the start of the system (proc(5), `/proc/stat`)."""
    try:
        line = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0]
    except OSError:
        return 0
    user, nice, system, _idle, _waiting, *rest = map(int, line.split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def stamps(folder: Path) -> Stamps:
    """Return the stamp of every file below a folder; a folder that does not exist has none."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def written(before: Stamps, after: Stamps) -> int:
    """Return how many files are new or were written again; a file that was only moved or linked was not.

    >>> written({"a": (1, 5, 9), "b": (2, 5, 9)}, {"a": (1, 5, 9), "b": (2, 6, 9), "c": (3, 6, 9)})
    2
    """
    return sum(before.get(path) != stamp for path, stamp in after.items())


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure over at least one run.

    >>> medians([Figures(3, 1, 9, 4), Figures(1, 2, 9, 4), Figures(2, 3, 9, 4)])
    Figures(wall=2, cpu=2, peak=9, written=4, others=0)
    """
    wall, cpu, peak, files, others = (median(values) for values in zip(*runs, strict=True))
    return Figures(wall, cpu, peak, int(files), others)
