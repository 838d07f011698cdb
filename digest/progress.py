"""Telling a person who waits how far the work is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final, TextIO

import click

from digest.memo import Map, Work

PATIENCE: Final = 1.0
"""Seconds that go by without a word."""


def watched(mapped: Map, screen: TextIO) -> Map:
    """Return the same map; while it works for longer than `PATIENCE`, a terminal shows how many items are done."""
    if not screen.isatty():
        return mapped

    def shown(
        work: Work,
        items: Sequence[Any],
        what: str = "",
        meanwhile: Callable[[], None] | None = None,
        own: int = 0,
    ) -> Iterator[tuple[int, bytes]]:
        begun, waiting, bar = time.monotonic(), 0, None
        with ExitStack() as stack:
            for result in mapped(work, items, what, meanwhile, own):
                waiting += 1
                if bar is None and time.monotonic() - begun > PATIENCE:
                    bar = stack.enter_context(
                        click.progressbar(length=len(items), label=what, file=screen, show_pos=True, width=0)
                    )
                if bar is not None:
                    bar.update(waiting)
                    waiting = 0
                yield result

    return shown
