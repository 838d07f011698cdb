"""Watching: how long it takes from a save to new bytes on disk, and until a browser is told to load the page again.

A server is started once and warmed by one edit.  Then the newest job is edited again and again, each time once the
server is quiet.  The page is looked at on disk and the line to a browser is read, a thousand times a second.
"""

from __future__ import annotations

import base64
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple
from urllib.parse import urlencode

from benchmarks.corpus import NOW
from benchmarks.measure import FailedError
from benchmarks.sites import OWN, PEER, ROOT, Corpus, Site

EDITS: Final = 3
"""Edits of each run; the figure is their median."""
PATIENCE: Final = 600.0
"""Seconds after which something has gone wrong."""
PAUSE: Final = 0.001
QUIET: Final = 1.5
"""Seconds between two edits, in which servers finish what they do after the browser is told."""


class Watched(NamedTuple):
    """What one edit cost while a server was watching."""

    disk: float
    """Seconds from the save to new bytes of the page on disk."""
    told: float
    """Seconds from the save to the message by which a browser loads the page again."""


class _Server(NamedTuple):
    """A running server."""

    page: Path
    """The file of the page that is edited."""
    port: int


def measure(site: Site, corpus: Corpus, work: Path) -> Watched:
    """Start the server of a site's tool, edit an entry, and return the medians; raises `FailedError`."""
    serving = {OWN: _digest, PEER: _hugo}[site.name]
    with serving(site, corpus, work / "server.txt") as server:
        _edit(site, corpus, server, 0)
        found = [_edit(site, corpus, server, number) for number in range(1, EDITS + 1)]
    site.write(corpus.edited)
    return medians(found)


def medians(runs: list[Watched]) -> Watched:
    """Return the median of each figure.

    >>> medians([Watched(1, 4), Watched(3, 6), Watched(2, 5)])
    Watched(disk=2, told=5)
    """
    return Watched(median(run.disk for run in runs), median(run.told for run in runs))


def _edit(site: Site, corpus: Corpus, server: _Server, number: int) -> Watched:
    """Save an entry, and wait for what follows."""
    sentence = f"This is sentence {number} that was added."
    text = site.shape(corpus.edited._replace(body=f"{corpus.edited.body}\n{sentence}\n"))
    target = site.root / "content" / corpus.edited.folder / f"{corpus.edited.id}.md"
    with closing(_line(site, corpus, server)) as line:
        time.sleep(QUIET)
        begun = time.perf_counter()
        target.write_text(text, encoding="utf-8")
        disk = told = 0.0
        heard = b""
        while not (disk and told):
            if not told and select.select([line], [], [], PAUSE)[0]:
                heard += line.recv(1 << 16)
                told = time.perf_counter() - begun if _RELOAD[site.name] in heard else 0.0
            if not disk and sentence.encode() in _bytes(server.page):
                disk = time.perf_counter() - begun
            if time.perf_counter() - begun > PATIENCE:
                message = f"{site.name}: an edit did not reach {'the browser' if disk else server.page}"
                raise FailedError(message)
            if told:
                time.sleep(PAUSE)
    return Watched(disk, told)


_RELOAD: Final = {OWN: b"event: reload", PEER: b'"command":"reload"'}
"""What a browser is told."""


def _line(site: Site, corpus: Corpus, server: _Server) -> socket.socket:
    """Return the open line of a browser that shows the page."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    head = f"Host: localhost:{server.port}\r\n"
    if site.name == OWN:
        file = f"{corpus.edited.folder}/{corpus.edited.id}/index.html"
        asked = urlencode({"version": _version(server.port, file), "file": file})
        line.sendall(f"GET /_preview/events?{asked} HTTP/1.1\r\n{head}\r\n".encode())
        _until(line, b"event: problems")
        return line
    key = base64.b64encode(bytes(16)).decode()
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
    line.sendall(f"GET /livereload HTTP/1.1\r\n{head}{upgrade}\r\n".encode())
    _until(line, b"\r\n\r\n")
    return line


def _version(port: int, file: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        path = file.removesuffix("index.html")
        line.sendall(f"GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        found = re.search(rb'data-version="([^"]+)"', b"".join(iter(lambda: line.recv(1 << 16), b"")))
    if found is None:
        message = f"the preview does not show {file}"
        raise FailedError(message)
    return found[1].decode()


def _until(line: socket.socket, word: bytes) -> None:
    heard = b""
    while word not in heard:
        more = line.recv(1 << 16)
        if not more:
            message = f"a server closed the line before it said {word!r}"
            raise FailedError(message)
        heard += more


# --- servers -------------------------------------------------------------------------------------------------


@contextmanager
def _digest(site: Site, corpus: Corpus, log: Path) -> Iterator[_Server]:
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--root", str(site.root), "--port", "0"]
    with _started([*command, site.clock, NOW.isoformat()], {}, log, r" rendered, ") as said:
        port = re.search(r"http://[\w.]+:(\d+)/", said)
        yield _Server(
            site.root / ".preview" / "site" / corpus.edited.folder / corpus.edited.id / "index.html",
            int(port[1]) if port else 0,
        )


@contextmanager
def _hugo(site: Site, corpus: Corpus, log: Path) -> Iterator[_Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [site.command[0], "server", "--source", str(site.root), "--disableFastRender"]
    command += ["--bind", "127.0.0.1", "--port", str(port), site.clock, NOW.isoformat()]
    with _started(command, site.environment, log, r"Web Server is available"):
        yield _Server(site.page(corpus.edited), port)


@contextmanager
def _started(command: list[str], environment: Mapping[str, str], log: Path, sign: str) -> Iterator[str]:
    """Start a server, give what it said by the time at which it served, and end it."""
    with log.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603 - named above
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + PATIENCE
        while re.search(sign, said := log.read_text("utf-8", "replace")) is None:
            if server.poll() is not None or time.monotonic() > end:
                message = f"{' '.join(command)} did not serve:\n{said[-2000:]}"
                raise FailedError(message)
            time.sleep(0.05)
        yield said
    finally:
        server.terminate()
        server.wait()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
