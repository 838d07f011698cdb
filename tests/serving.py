"""What tests of the preview share: `build.py serve` in its own process, and questions that wait for events."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from digest.build import Options, Snapshot, build
from digest.disk import read_snapshot
from tests.builders import ROOT, read_tree, utc

PATIENCE: Final = 90.0
"""Seconds after which an event will not come any more; nothing is proved by how long it takes."""
NOW: Final = "2026-06-01T12:00"
DONE: Final = re.compile(r"[\d,]+ entr(?:y|ies): .*\n")


class Answer(NamedTuple):
    """What the preview answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Serving:
    """A running preview."""

    def __init__(self, root: Path, *arguments: str, now: str = NOW) -> None:
        """Start it on a free port."""
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--root", str(root), "--now", now]
        port = [] if "--port" in arguments else ["--port", "0"]
        known = {name: value for name, value in os.environ.items() if name not in {"SOURCE_DATE_EPOCH", "NO_COLOR"}}
        self.root = root
        self.site = root / ".preview" / "site"
        self.process = subprocess.Popen(
            [*command, *port, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=known | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        self.said: queue.Queue[str] = queue.Queue()
        self.words: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(pipe,), daemon=True)
            for pipe in (self.process.stdout, self.process.stderr)
        ]
        for reader in self._readers:
            reader.start()
        self.address = self.until(r"(http://\S+/) shows the site").group(1)

    def _read(self, pipe: Any) -> None:
        for line in pipe:
            self.words.append(line)
            self.said.put(line)

    def until(self, pattern: str) -> re.Match[str]:
        """Wait for a line on the terminal that has a pattern in it, and return the match."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                found = re.search(pattern, self.said.get(timeout=0.2))
            except queue.Empty:
                assert self.process.poll() is None, "".join(self.words)
                continue
            if found:
                return found
        raise AssertionError("".join([f"{pattern} was not said, but:\n", *self.words]))

    def built(self) -> None:
        """Wait until a build is done, and the process that answers has heard of it."""
        self.until(DONE.pattern)
        end = time.monotonic() + PATIENCE
        while self.ask("/").status == 503:
            assert time.monotonic() < end, "a site was built, and is not shown"
            time.sleep(0.02)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, as it is written, without following anything."""
        where = urlsplit(self.address)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        try:
            line.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                line.putheader(name.replace("_", "-"), value)
            line.endheaders()
            answer = line.getresponse()
            return Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
        finally:
            line.close()

    def version(self, path: str = "/") -> str:
        """Return the version that a page bears."""
        found = re.search(rb'data-version="([^"]+)"', self.ask(path).body)
        assert found
        return found.group(1).decode()

    @contextmanager
    def hearing(self, *files: str, version: str | None = None) -> Iterator[Callable[[], tuple[str, Any]]]:
        """Listen as a page made of `files` does; give a function that waits for the next event and its data."""
        asked = urlencode([("version", version or self.version()), *(("file", file) for file in files)])
        where = urlsplit(self.address)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        line.request("GET", f"/_preview/events?{asked}")
        answer = line.getresponse()
        assert answer.headers["Content-Type"].startswith("text/event-stream")

        def heard() -> tuple[str, Any]:
            name = ""
            for raw in answer:
                text = raw.decode().rstrip("\n")
                if text.startswith("event: "):
                    name = text.removeprefix("event: ")
                elif text.startswith("data:") and name:
                    data = text.removeprefix("data:").strip()
                    return name, json.loads(data) if data else None
            message = "the line ended"
            raise AssertionError(message)

        try:
            yield heard
        finally:
            line.close()

    def write(self, path: str, data: str | bytes) -> None:
        """Save an input as editors do that replace a file: in one step."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.swp")
        fresh.write_bytes(data if isinstance(data, bytes) else data.encode())
        fresh.replace(target)

    def clean(self, *, drafts: bool = False) -> Mapping[str, bytes]:
        """Return the site that a clean build makes of what is there now, served where the preview is."""
        options = Options(utc(NOW), drafts, origin=self.address.rstrip("/"))
        result = build(Snapshot(dict(read_snapshot(self.root).files)), options)
        assert result.site is not None, result.problems
        return result.site

    def settled(self, *, drafts: bool = False) -> None:
        """Wait until the preview is byte for byte the clean site of what is there."""
        clean, end = self.clean(drafts=drafts), time.monotonic() + PATIENCE
        while True:
            try:
                found = read_tree(self.site)
            except OSError:  # the trees were exchanged meanwhile
                found = {}
            if found == clean:
                return
            assert time.monotonic() < end, sorted(
                path for path in found.keys() | clean.keys() if found.get(path) != clean.get(path)
            )
            assert self.process.poll() is None, "".join(self.words)
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does, and return its exit status."""
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join()
        return status


@contextmanager
def serving(root: Path, *arguments: str, now: str = NOW) -> Iterator[Serving]:
    """Serve a root, and stop in the end; give it once it answers."""
    running = Serving(root, *arguments, now=now)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        for pipe in (running.process.stdout, running.process.stderr):
            if pipe:
                pipe.close()
