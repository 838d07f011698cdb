"""Open pages: what each browser shows, and what it is to be told."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Final

import msgspec

from digest.messages import Built

NOTHING_YET: Final = ""
"""In place of a file's path: the page that is shown while there is no site."""
PATIENCE: Final = 15.0
"""Seconds after which a browser that has heard nothing is told that the line still stands."""


class Browsers:
    """All open pages.

    Builds are numbered, and a page knows after which one it was sent.  So one that was away, or was asked for while a
    build ended, is told as soon as it listens.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._run = secrets.token_hex(4)
        self._build = 0
        self._latest: dict[str, int] = {}
        self._news = asyncio.Event()
        self._closed = False
        self.state = Built()
        """How the last build ended."""
        self.site = False
        """There is a site to show."""

    @property
    def version(self) -> str:
        """The number of the last build, with the name of this run."""
        return f"{self._run}-{self._build}"

    def tell(self, built: Built) -> None:
        """Note how a build ended, and tell all who listen."""
        self._build += 1
        self._latest.update(dict.fromkeys(built.changed, self._build))
        if built.level != "error" and not self.site:
            self.site = True
            self._latest[NOTHING_YET] = self._build
        self.state = built
        self._wake()

    def close(self) -> None:
        """Let all go."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def events(self, version: str, files: Collection[str]) -> AsyncIterator[bytes]:
        """Yield what a page is to be told, as server-sent events, until it is to load again.

        It was sent in a `version`, and is made of some files of the site: its own and pictures, for example.
        """
        while not self._closed:
            news = self._news
            if self._is_old(version, files):
                yield b"event: reload\ndata:\n\n"
                return
            yield _said(self.state)
            while not news.is_set():
                try:
                    await asyncio.wait_for(news.wait(), PATIENCE)
                except TimeoutError:
                    yield b": still here\n\n"

    def _is_old(self, version: str, files: Iterable[str]) -> bool:
        run, _, number = version.partition("-")
        if run != self._run or not number.isdecimal():
            return True
        return any(self._latest.get(file, 0) > int(number) for file in files)


def _said(built: Built) -> bytes:
    data = msgspec.json.encode({"level": built.level, "heading": built.heading, "text": built.text})
    return b"event: problems\ndata: " + data + b"\n\n"
