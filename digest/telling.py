"""What commands say when a build has ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.contract import Counts, Found
    from digest.diagnostics import Diagnostic
    from digest.publish import Published


def counted(problems: Sequence[Diagnostic]) -> str:
    """Return how many problems there are of each severity, such as `2 errors and 1 warning`."""
    errors = sum(problem.severity == "error" for problem in problems)
    counts = ((errors, "error"), (len(problems) - errors, "warning"))
    return " and ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number)


def done_words(found: Found, files: str, started: float) -> str:
    """Return the line with which a build that is done ends; `started` is by the counter of performance."""
    from digest.build import in_words  # noqa: PLC0415 - `--help` needs none of this

    change = found.next_change
    following = f"Next change: {in_words(change, found.zone)}." if change else "No change is due by itself."
    return f"{_entries(found.counts)} {files} {time.perf_counter() - started:.2f} s. {following}"


def file_words(done: Published) -> str:
    """Return what a publication did."""
    gone = f", {done.removed:,} removed" if done.removed else ""
    return f"{done.written + done.kept:,} files: {done.written:,} rendered, {done.kept:,} reused{gone}."


def failure(error: OSError) -> str:
    """Return what the machine could not do."""
    where = f": {error.filename}" if error.filename else ""
    return f"The machine failed: {error.strerror or error}{where}."


def _entries(counts: Counts | None) -> str:
    if counts is None:
        return ""
    named = (
        (counts.published, "published"),
        (counts.drafts, "draft" if counts.drafts == 1 else "drafts"),
        (counts.scheduled, "scheduled"),
        (counts.withdrawn, "withdrawn"),
    )
    said = ", ".join(f"{number:,} {word}" for number, word in named if number or word == "published")
    return f"{counts.read:,} {'entry' if counts.read == 1 else 'entries'}: {said}."
