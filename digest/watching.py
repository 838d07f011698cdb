"""Watching the inputs: which files were saved, renamed or removed, in bursts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Final

import anyio
from watchfiles import Change, awatch

from digest.disk import FOLDERS, is_input

STEP: Final = 8
"""Milliseconds of quiet after which a burst counts as over."""
LONGEST: Final = 400
"""Milliseconds that a burst lasts at most, before it is told of."""
SELDOM: Final = 40
"""The same as `STEP` for the folder that holds all, where little happens that is of interest."""

Report = Callable[[tuple[str, ...] | None], None]
"""Is told of the paths below the root that may have changed, or None where everything has to be looked at."""


async def watch(root: Path, report: Report) -> None:
    """Report changes of inputs below `root`, for ever; first of all, once it watches, that all is to be looked at.

    The folders of inputs are watched with all that is in them; the root itself, without its other folders, only for
    these and `config.yaml` to come, change and go.  So nothing is spent on the sites and caches that lie there.
    """
    watch = _Watch(root, report)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch.top())
        tasks.create_task(watch.folders())


class _Watch:
    def __init__(self, root: Path, report: Report) -> None:
        self._root = Path(os.path.realpath(root))
        self._report = report
        self._again = anyio.Event()

    async def top(self) -> None:
        """Watch the root."""
        names = {*FOLDERS, "config.yaml"}

        def concerns(_: Change, path: str) -> bool:
            return self._below(path) in names

        found = awatch(self._root, recursive=False, watch_filter=concerns, step=SELDOM, debounce=LONGEST)
        async for paths in self._begun(found):
            self._report(tuple(sorted(paths)))
            if paths.intersection(FOLDERS):
                self._again.set()

    async def folders(self) -> None:
        """Watch the folders that are there, and begin again when one has come or gone."""

        def concerns(_: Change, path: str) -> bool:
            return is_input(self._below(path))

        while True:
            self._again = anyio.Event()
            there = [self._root / name for name in FOLDERS if (self._root / name).is_dir()]
            if not there:
                await self._again.wait()
                continue
            found = awatch(*there, watch_filter=concerns, step=STEP, debounce=LONGEST, stop_event=self._again)
            async for paths in self._begun(found):
                self._report(tuple(sorted(paths)))

    def _below(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    async def _begun(self, found: AsyncIterator[Iterable[tuple[Change, str]]]) -> AsyncIterator[set[str]]:
        """Yield what is found; say first, as soon as it is watched for, that something may have been missed before."""
        waiting = asyncio.ensure_future(anext(found, None))
        await asyncio.sleep(0)  # the watch begins with the first step of the task
        self._report(None)
        while (changes := await waiting) is not None:
            yield {self._below(path) for _, path in changes}
            waiting = asyncio.ensure_future(anext(found, None))
