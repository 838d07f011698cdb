"""A real reader: newsboat subscribes over this machine's own network, and sees every item once and never again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import feedparser
import pytest

from tests import samples
from tests.browsing import serve

SECONDS: Final = 60
X: Final = "content/jobs/x.md"
Files = dict[str, bytes]


class Item(NamedTuple):
    """An item as the reader keeps it."""

    guid: str
    title: str
    url: str
    content: str
    published: int


class Reader:
    """Newsboat with one subscription."""

    def __init__(self, program: Path, folder: Path) -> None:
        """Keep everything of the reader's in `folder`."""
        self._program = program
        self._folder = folder
        self._cache = folder / "cache.db"
        (folder / "config").write_text("")

    def subscribe(self, address: str) -> None:
        """Follow this feed and no other."""
        (self._folder / "urls").write_text(f"{address}\n")

    def _run(self, command: str) -> str:
        files: list[str | Path] = ["-u", self._folder / "urls", "-c", self._cache, "-C", self._folder / "config"]
        own = {**os.environ, "HOME": str(self._folder), "TERM": "dumb", "LC_ALL": "C.UTF-8", "no_proxy": "*"}
        done = subprocess.run(
            [self._program, *files, "-x", command],
            env=own,
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        return done.stdout

    def unread(self) -> int:
        """Fetch the feed, and return how many items the reader counts as new."""
        self._run("reload")
        return int(self._run("print-unread").split()[0])

    def items(self) -> dict[str, Item]:
        """Return all items that the reader has, by guid."""
        with closing(sqlite3.connect(self._cache)) as cache:
            rows = cache.execute("SELECT guid, title, url, content, pubDate FROM rss_item WHERE deleted = 0")
            found = [Item(*row) for row in rows]
        assert len({item.guid for item in found}) == len(found)
        return {item.guid: item for item in found}

    def read_all(self) -> None:
        """Mark every item as read, where the reader keeps that."""
        with closing(sqlite3.connect(self._cache)) as cache, cache:
            cache.execute("UPDATE rss_item SET unread = 0")


@pytest.fixture
def reader(newsboat_path: Path, tmp_path: Path) -> Reader:
    """Give a reader that follows nothing yet."""
    return Reader(newsboat_path, tmp_path)


class Host:
    """A host that serves a site, until that moves away."""

    def __init__(self) -> None:
        """Begin with nothing to serve."""
        self.files: Files = {}
        self.moved_to: str | None = None


class _Answers(BaseHTTPRequestHandler):
    """Answers for a host."""

    def __init__(self, host: Host, *args: Any) -> None:
        self.host = host
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send the file, or everybody on to where the site is now."""
        data = b"" if self.host.moved_to else self.host.files.get(self.path[1:], b"")
        self.send_response(301 if self.host.moved_to else 200 if data else 404)
        if self.host.moved_to:
            self.send_header("Location", self.host.moved_to + self.path)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def _hosted(host: Host) -> Iterator[str]:
    """Give the address, on this machine alone, at which a host answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, host))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _inputs() -> Files:
    return {**samples.golden(), X: samples.job(tags=["harbour"], published="2026-05-24")}


def _publish(site: Files, files: Files, address: str, now: str = samples.NOW) -> None:
    """Publish at an address: what is served is what a build makes."""
    site.clear()
    site.update(samples.build_site(files, now, base_url=f"{address}/"))


NEW: Final = 8
"""Items of the feed of everything."""
RENAMED: Final = "content/jobs/y.md"


def test_every_item_once(reader: Reader) -> None:
    """Each item is new once, with its facts, and none again after a rebuild, a typo, a rename, at a later clock."""
    site, files = Files(), _inputs()
    with serve(site) as address:
        _publish(site, files, address)
        reader.subscribe(f"{address}/feed.xml")
        assert reader.unread() == NEW
        first = reader.items()
        assert len(first) == NEW
        assert "£45,000 to £55,000" in first["tag:harbour.example,2026:job/x"].content
        reader.read_all()

        _publish(site, files, address, "2026-06-08")
        assert reader.unread() == 0
        _publish(site, files | {X: files[X].replace(b"words", b"wrods")}, address)
        assert reader.unread() == 0
        renamed = files | {RENAMED: files[X].replace(b"tags", b"aliases: [x]\ntags")}
        del renamed[X]
        _publish(site, renamed, address)
        assert reader.unread() == 0
        assert reader.items().keys() == first.keys()
        assert reader.items()["tag:harbour.example,2026:job/x"].url == f"{address}/jobs/y/"


def test_a_rename_without_its_alias_is_seen(reader: Reader) -> None:
    """Where a rename forgets the alias, the reader shows the item again: so these tests have teeth."""
    site, files = Files(), _inputs()
    with serve(site) as address:
        _publish(site, files, address)
        reader.subscribe(f"{address}/feed.xml")
        reader.unread()
        reader.read_all()
        files[RENAMED] = files.pop(X)
        _publish(site, files, address)
        assert reader.unread() == 1


@pytest.mark.parametrize("follows", ["redirect", "new address"])
def test_a_move_to_another_domain_and_path(reader: Reader, follows: str) -> None:
    """After a move, who is led on from the old address, or takes the new one, sees nothing again and all links lead on.

    Newsboat keeps the address that its owner wrote, and follows the redirect at each visit.
    """
    site, files, host = Files(), _inputs(), Host()
    with serve(site, "/careers/") as new, _hosted(host) as old:
        _publish(host.files, files, old)
        reader.subscribe(f"{old}/feed.xml")
        assert reader.unread() == NEW
        reader.read_all()
        guids = reader.items().keys()

        _publish(site, files, new)
        host.moved_to = new
        if follows == "new address":
            reader.subscribe(f"{new}/feed.xml")
        assert reader.unread() == 0
        assert reader.items().keys() == guids
        assert {item.url.startswith(f"{new}/") for item in reader.items().values()} == {True}


CHANGE: Final = (
    b'closes: "14 July 2026"\nchanges: [{date: 2026-06-01, note: Moved by two weeks., closes: 14 July 2026}]'
)


def test_one_update_after_a_noted_change(reader: Reader) -> None:
    """A deadline that moved is in the item that the reader has; the feeds say that this item alone is newer.

    Newsboat marks nothing as new for that, and takes `pubDate` for the date, which never moves.
    """
    site, files = Files(), _inputs()
    with serve(site) as address:
        _publish(site, files, address)
        reader.subscribe(f"{address}/feed.xml")
        reader.unread()
        reader.read_all()
        first, dates = reader.items(), _updated(f"{address}/atom.xml")

        files[X] = files[X].replace(b"words", b"wrods")
        _publish(site, files, address)
        assert _updated(f"{address}/atom.xml") == dates

        files[X] = files[X].replace(b'closes: "30 June 2026"', CHANGE)
        _publish(site, files, address)
        assert reader.unread() == 0
        guid = "tag:harbour.example,2026:job/x"
        told = reader.items()
        assert "Moved by two weeks. Closing date: 14 July 2026." in told[guid].content
        assert told[guid].published == first[guid].published
        assert {id_ for id_, item in told.items() if item != first[id_]} == {guid}
        after = _updated(f"{address}/atom.xml")
        assert {id_ for id_, when in after.items() if when != dates[id_]} == {guid}
        assert after[guid] > dates[guid]


def _updated(address: str) -> dict[str, Any]:
    """Return when each item of a feed was updated, as another reader's library takes it."""
    read = feedparser.parse(address)
    assert not read.bozo
    return {entry.id: entry.updated_parsed for entry in read.entries}
