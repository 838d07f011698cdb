"""A build: one snapshot in, the files of a site out.

The site is a pure function of (content, templates, config, now).  Nothing here, or in any module it imports, reads a
clock, a disk or an environment; the bytes of a snapshot may be read when they are asked for.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from digest.contract import LOCK, Counts, Filled, Found, Made, Options, Snapshot, StoppedError
from digest.dates.words import format_day
from digest.dates.zones import zone_info
from digest.diagnostics import Diagnostic
from digest.fingerprints import fingerprint
from digest.memo import Memory
from digest.whole import recall, remember, whole_key

if TYPE_CHECKING:
    from digest.pipeline import Pipeline
    from digest.planning.catalogue import Catalogue
    from digest.standing import Standing

__all__ = ["Build", "Options", "Result", "Snapshot", "StoppedError", "build", "in_words"]
NOTHING: Final = Memory()


class Result(Struct, frozen=True):
    """What a build made, all at once."""

    site: dict[str, bytes] | None
    """Bytes by path below the output folder, without those that are published already; None when a problem stopped
    the build."""
    problems: tuple[Diagnostic, ...]
    """In order of place."""
    counts: Counts | None = None
    next_change: datetime | None = None
    """When the site next changes by itself (UTC), or None."""
    keys: Mapping[str, bytes] = MappingProxyType({})
    """The key of every file of the site, by path; those that `site` leaves out are published with this key."""


def build(snapshot: Snapshot, options: Options, memory: Memory = NOTHING) -> Result:
    """Build the site from a snapshot.

    All problems of all files are found in one run; any error leaves `site` None.  What `memory` holds saves work and
    changes nothing else.
    """
    run = Build(snapshot, options, memory)
    try:
        made = list(run.files())
    except StoppedError as stop:
        return Result(None, stop.found.problems, stop.found.counts, stop.found.next_change)
    site = {file.path: file.data for file in made if file.data is not None}
    return Result(
        site, run.found.problems, run.found.counts, run.found.next_change, {file.path: file.key for file in made}
    )


class Build:
    """A build whose files are made while they are asked for."""

    def __init__(self, snapshot: Snapshot, options: Options, memory: Memory = NOTHING) -> None:
        """Take what is to be built; nothing is done yet."""
        self._snapshot = snapshot
        self._options = options
        self._memory = memory
        self.found = Found()
        """What was found out; whole once the files have been asked for."""
        self.lock: Filled | None = None
        """What the lock is to hold once the site is published; None where it stays as it is."""

    def standing(self) -> Catalogue:
        """Return how everything stands at the clock, without making a file; entries with an error are left out.

        Raises StoppedError where the configuration cannot be read.
        """
        begun = self.begun()
        catalogue = begun.read()[1]
        self.found = begun.found()
        return catalogue

    def files(self) -> Iterator[Made]:
        """Yield every file of the site, each once, in no order.

        Raises StoppedError where problems stop the build, at the latest after the last file: what was yielded until
        then is not to be published.
        """
        collecting = gc.isenabled()
        gc.disable()  # a build makes many small values and no cycles worth finding
        try:
            yield from self._files()
        finally:
            if collecting:
                gc.enable()

    def _files(self) -> Iterator[Made]:
        options, memory = self._options, self._memory
        key = whole_key(memory, self._digests(), options) if memory.last else b""
        known = recall(memory, key, options.now)
        if known is not None:
            self.found = known
            yield from (Made(path, mark, None) for path, mark in memory.published().items())
            return
        pipeline = self.pipeline()
        keys: dict[str, bytes] = {}
        for made in pipeline.files():
            keys[made.path] = made.key
            yield made
        self.found, self.lock = pipeline.found(), pipeline.lock
        if self.lock is not None:  # what was found out holds once the lock is written, and no sooner
            key = whole_key(memory, {**self._digests(), LOCK: fingerprint(self.lock.data)}, options)
        remember(memory, key, options.now, self.found, keys)

    def _digests(self) -> Mapping[str, bytes]:
        if self._snapshot.digests is None:
            digests = {path: fingerprint(data) for path, data in self._snapshot.files.items()}
            self._snapshot = replace(self._snapshot, digests=digests)
        return self._snapshot.digests or {}

    def begun(self) -> Standing:
        """Return the first half of a run, which reads and orders everything; nothing is done yet."""
        from digest.standing import Standing  # noqa: PLC0415 - a build that has nothing to do needs none of it

        self._digests()
        return Standing(self._snapshot, self._options, self._memory)

    def pipeline(self) -> Pipeline:
        """Read everything, and return the run that makes the files.

        Raises StoppedError where the configuration cannot be read.
        """
        begun = self.begun()
        begun.read(_load_the_rest)

        from digest.pipeline import Pipeline  # noqa: PLC0415 - see `_load_the_rest`

        return Pipeline(begun)


def _load_the_rest() -> None:
    """Load what plans and makes pages: while workers read entries, that costs a small site nothing."""
    import digest.pipeline  # noqa: PLC0415, F401 - it is used once all is read


def in_words(instant: datetime, zone: str) -> str:
    """Return an instant in words, in a time zone, such as `23:55 on 1 December 2026`."""
    local = instant.astimezone(zone_info(zone))
    return f"{local:%H:%M} on {format_day(local.date())}"
