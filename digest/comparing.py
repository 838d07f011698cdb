"""Comparing two builds of a site: files by their bytes, jobs and feed items by the open data in them.

Open data holds no state, so that what the clock does is worked out from the instants in it: a published site stood
as it is until the moment that its `build.json` announced, and no state changed before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct

FACTS: Final = ("data/jobs.json", "data/news.json")
"""The files that tell what entries say."""
RECORD: Final = "build.json"
Change = Literal["added", "changed", "removed"]
Kind = Literal["entry", "list", "feed", "calendar", "data", "search", "other"]
_ENTRIES: Final = ("jobs/", "news/")
_LISTS: Final = ("closed", "closing", "page")


class FileChange(Struct, frozen=True):
    """A file that would be another."""

    path: str
    change: Change
    kind: Kind
    title: str | None = None
    """Of an entry, where that is known."""


class EntryChange(Struct, frozen=True):
    """Something that happens to an entry."""

    title: str
    url: str
    said: str = ""
    """More about it, in words."""


class Difference(Struct, frozen=True):
    """What publishing would change."""

    files: tuple[FileChange, ...] = ()
    """In order of path."""
    facts: bool = True
    """Both sites have open data, without which nothing is known of what follows."""
    new: tuple[EntryChange, ...] = ()
    """Items that subscribers get for the first time."""
    updated: tuple[EntryChange, ...] = ()
    """Items that subscribers are told of again, because a change was noted."""
    gone: tuple[EntryChange, ...] = ()
    """Entries that are withdrawn."""
    opening: tuple[EntryChange, ...] = ()
    """Jobs for which one can apply, and could not before."""
    closing: tuple[EntryChange, ...] = ()
    """Jobs that are closed, and were not before."""
    deadlines: tuple[EntryChange, ...] = ()
    """Deadlines that are others."""
    redirects: tuple[str, ...] = ()
    """Old addresses that lead somewhere else from now on."""


def compare(
    files: Iterable[tuple[str, Change]], before: Mapping[str, bytes], after: Mapping[str, bytes], now: datetime
) -> Difference:
    """Tell what publishing would change.

    `files` are those whose bytes differ; `before` and `after` hold the files of `FACTS`, `RECORD` and pages that are
    added, as far as each site has them; `now` (UTC) is the clock of the second.
    """
    facts = all(path in before and path in after for path in FACTS[:1])
    old, new = _records(before), _records(after)
    titles = {_path(record["url"]): record["title"] for record in [*old.values(), *new.values()] if "title" in record}
    changed = tuple(sorted((_file(path, how, titles) for path, how in files), key=lambda change: change.path))
    redirects = tuple(f"/{change.path.removesuffix('index.html')}" for change in changed if _redirects(change, after))
    if not facts:
        return Difference(changed, facts=False, redirects=redirects)
    until = _until(before)
    there = [(old.get(guid), record) for guid, record in new.items() if "title" in record]
    return Difference(
        files=changed,
        new=tuple(_entry(record) for known, record in there if known is None or "title" not in known),
        updated=tuple(_entry(record, _noted(record)) for known, record in _both(there) if _is_updated(known, record)),
        gone=tuple(
            _entry(old[guid]) for guid in old if guid in new and "withdrawn" in new[guid] and "title" in old[guid]
        ),
        opening=tuple(_entry(record) for known, record in there if _opens(known, record, until, now)),
        closing=tuple(
            _entry(record, f"closed since {record['open_until']}")
            for known, record in _both(there)
            if _was_open(known, until) and not _is_open(record, now)
        ),
        deadlines=tuple(
            _entry(record, f"{known['closes_text']} is now {record['closes_text']}")
            for known, record in _both(there)
            if known.get("closes_text") != record.get("closes_text")
        ),
        redirects=redirects,
    )


def _records(site: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return the records of a site's open data by their ids for good."""
    found: dict[str, dict[str, Any]] = {}
    for path in FACTS:
        lists = [value for value in json.loads(site[path]).values() if isinstance(value, list)] if path in site else []
        found |= {record["guid"]: record for records in lists for record in records if "guid" in record}
    return found


def _path(url: str) -> str:
    """Return the last two parts of an entry's address, which tell it apart whatever the site's own address."""
    return "/".join(url.rstrip("/").rsplit("/", 2)[1:])


def _file(path: str, how: Change, titles: Mapping[str, str]) -> FileChange:
    name = path.rpartition("/")[2]
    folder = path.removesuffix("/index.html")
    if name in {"feed.xml", "feed.json", "atom.xml", "feeds.opml"}:
        kind: Kind = "feed"
    elif name.endswith(".ics"):
        kind = "calendar"
    elif path.startswith("data/") and name != "index.html":
        kind = "data"
    elif path.startswith("search/") and name != "index.html":
        kind = "search"
    elif not name.endswith(".html"):
        kind = "other"
    else:
        parts = folder.split("/")
        is_entry = path.startswith(_ENTRIES) and len(parts) == len(("jobs", "id")) and not _is_list(parts[1])
        kind = "entry" if is_entry else "list"
    return FileChange(path, how, kind, titles.get(folder) if kind == "entry" else None)


def _is_list(name: str) -> bool:
    return name in _LISTS or name.isdigit() or name == "index.html"


def _redirects(change: FileChange, after: Mapping[str, bytes]) -> bool:
    return change.change == "added" and b'<meta http-equiv="refresh"' in after.get(change.path, b"")


def _until(before: Mapping[str, bytes]) -> datetime | None:
    """Return the instant before which nothing changed by itself in the published site; None: nothing ever will."""
    announced = json.loads(before[RECORD])["next_change"] if RECORD in before else None
    return datetime.fromisoformat(announced) if announced else None


def _both(
    there: Iterable[tuple[dict[str, Any] | None, dict[str, Any]]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return ((known, record) for known, record in there if known is not None and "title" in known)


def _entry(record: Mapping[str, Any], said: str = "") -> EntryChange:
    return EntryChange(record["title"], record["url"], said)


def _is_updated(known: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return bool(record["updated"] > known["updated"])


def _noted(record: Mapping[str, Any]) -> str:
    return record["changes"][0]["note"] if record.get("changes") else ""


def _instant(record: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(record[name]) if name in record else None


def _was_open(record: Mapping[str, Any], until: datetime | None) -> bool:
    """Tell whether a job was open in the published site: its end was still to come, and so not before `until`."""
    ends = _instant(record, "open_until")
    return ends is not None and until is not None and ends >= until


def _is_open(record: Mapping[str, Any], now: datetime) -> bool:
    ends = _instant(record, "open_until")
    return ends is not None and ends > now


def _opens(known: Mapping[str, Any] | None, record: Mapping[str, Any], until: datetime | None, now: datetime) -> bool:
    """Tell whether one can apply for a job now, and could not in the published site."""
    opens = _instant(record, "opens_at")
    if opens is None or opens > now or not _is_open(record, now):
        return False
    before = _instant(known, "opens_at") if known else None
    return known is None or before is None or (until is not None and before >= until)
