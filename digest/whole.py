"""Remembering a whole build: while no file changes, and the clock passes no change of state, nothing is done.

From one change of state to the next the site is the same, so what was found out at one moment holds until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import Struct

from digest.dates.zones import zone_info
from digest.diagnostics import Diagnostic
from digest.memo import Memory, fingerprint
from digest.planning.catalogue import Counts


class Whole(Struct, frozen=True, array_like=True):
    """What a build without errors found out."""

    zone: str
    """The site's time zone."""
    since: datetime
    """The clock of that build (UTC); it holds from then on, inclusive."""
    until: datetime | None
    """When the site next changes by itself (UTC), exclusive; None if it never does."""
    problems: tuple[Diagnostic, ...]
    counts: Counts
    keys: dict[str, bytes]
    """The key of every file of the site."""


_DECODER: Final = msgspec.msgpack.Decoder(Whole)


def in_zone(now: datetime, zone: str) -> datetime:
    """Return the clock in UTC; one without an offset is in `zone`."""
    return (now.replace(tzinfo=zone_info(zone)) if now.tzinfo is None else now).astimezone(UTC)


def whole_key(memory: Memory, files: Mapping[str, bytes], *options: str) -> bytes:
    """Return the key of a build of these files, whatever the clock."""
    return fingerprint(memory.engine, *options, *(part for path in sorted(files) for part in (path, files[path])))


def recall(memory: Memory, key: bytes, now: datetime) -> Whole | None:
    """Return what a build with this key found out, if it holds at `now` and all its files are published; else None."""
    data = memory.memo.get(key)
    if data is None:
        return None
    try:
        found = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None
    clock = in_zone(now, found.zone)
    holds = found.since <= clock and (found.until is None or clock < found.until)
    return found if holds and memory.published == found.keys else None


def remember(memory: Memory, key: bytes, whole: Whole) -> None:
    """Keep what a build found out."""
    memory.memo.put(key, msgspec.msgpack.encode(whole))
