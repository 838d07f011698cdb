"""Building a preview again and again, in one process that keeps at hand what builds have in common.

Each build takes the same steps as one of the command line.  What is kept are the memories between builds, the inputs
as they were looked at, and the published tree, which nobody else writes to while it is locked.
"""

from __future__ import annotations

import errno
from collections.abc import Collection
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from digest.arguments import Run
from digest.at_hand import AtHand
from digest.build import Build
from digest.cache import Cache, engine
from digest.contract import Found, Options, StoppedError
from digest.disk import Inputs
from digest.memo import Map, Memory
from digest.publish import Published, opened
from digest.whole import in_zone

FOLDER: Final = ".preview"
"""Below the root; what is published lies elsewhere, and is not touched."""


class Outcome(NamedTuple):
    """How a build ended."""

    found: Found
    done: Published | None
    """None where problems stopped it, and all is as it was."""
    changed: tuple[str, ...] = ()
    """Files of the site that are new, other or gone."""


class Preview:
    """A preview of one root."""

    def __init__(self, run: Run, origin: str, shared_out: Map) -> None:
        """Take what was asked for; `origin` is where the preview is served, such as `http://127.0.0.1:8000`."""
        self._run = run
        self._origin = origin
        ours = engine()
        self._cache = Cache(run.root / ".cache" if run.cache else None, ours)
        stores = self._cache.memo, self._cache.plan
        self._memory = Memory(ours, *stores, map=shared_out, at_hand=AtHand(), code=self._cache.code)
        self._inputs = Inputs(run.root, self._cache.last, verify=run.verify)
        self._digests: object = None
        self._found = Found()
        self._held = ExitStack()
        self._publication = self._held.enter_context(opened(site_of(run.root)))

    def close(self) -> None:
        """Let go of the folder and of all files."""
        self._held.close()
        self._cache.close()

    def build(self, now: datetime, changed: Collection[str] | None) -> Outcome | None:
        """Build at `now`, and publish; None where all is as it was at the last build.

        `changed` are the inputs that may have changed, by path; None where all have to be looked at.  Raises OSError
        when the machine fails.
        """
        try:
            return self._build(now, changed)
        except OSError as error:
            self._digests = None
            if error.errno != errno.ESTALE:
                raise
        return self._build(now, None)  # a file was changed while it was read

    def _build(self, now: datetime, changed: Collection[str] | None) -> Outcome | None:
        snapshot = self._inputs.look(changed)
        if snapshot.digests == self._digests and not self.is_due(now):
            return None
        self._digests = snapshot.digests
        self._publication = publication = self._publication.following()
        run = self._run
        options = Options(now, run.drafts, run.base_url, run.strict, self._origin, search=run.search)
        memory = replace(self._memory, published=lambda: publication.survey.keys)
        building = Build(snapshot, options, memory)
        try:
            done = publication.put(building.files())
        except StoppedError as stop:
            self._found = stop.found
            return Outcome(stop.found, None)
        self._found = building.found
        return Outcome(building.found, done, tuple(publication.changed))

    def is_due(self, now: datetime) -> bool:
        """Tell whether the clock has passed the moment at which the site changes by itself."""
        due = self._found.next_change
        return due is not None and in_zone(now, self._found.zone) >= due

    def seconds_left(self, now: datetime) -> float | None:
        """Return how long it is until the site changes by itself; None where it does not."""
        due = self._found.next_change
        return None if due is None else (due - in_zone(now, self._found.zone)).total_seconds()

    def save(self) -> None:
        """Note what was found out, for builds to come."""
        with suppress(OSError):  # a memory that cannot be kept makes the next build slower, and nothing else
            self._inputs.remember()
            self._cache.save()


def site_of(root: Path) -> Path:
    """Return the folder in which the preview of a root is built."""
    return root / FOLDER / "site"
