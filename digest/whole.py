"""Remembering a whole build: while no file changes, and the clock passes no change of state, nothing is done.

From one change of state to the next the site is the same, so what was found out at one moment holds until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import Struct

from digest.contract import Found, Options
from digest.dates.zones import zone_info
from digest.decoding import Decoder, decoded
from digest.fingerprints import fingerprint
from digest.memo import Memory


class _Whole(Struct, frozen=True, array_like=True):
    """What a build without errors found out."""

    since: datetime
    """The clock of that build (UTC); it holds from then on, inclusive, and until the next change, exclusive."""
    site: bytes
    """Fingerprint of the paths and keys of all files of the site."""
    found: Found


_DECODER: Final = Decoder(_Whole)


def in_zone(now: datetime, zone: str) -> datetime:
    """Return the clock in UTC; one without an offset is in `zone`."""
    return (now.replace(tzinfo=zone_info(zone)) if now.tzinfo is None else now).astimezone(UTC)


def whole_key(memory: Memory, digests: Mapping[str, bytes], options: Options) -> bytes:
    """Return the key of a build of files with these fingerprints, whatever the clock."""
    flags = (options.drafts, options.strict, options.search, options.frozen)
    asked = (*map(str, flags), options.base_url or "", options.origin or "")
    return fingerprint(memory.engine, "whole", *asked, _written(digests))


def recall(memory: Memory, key: bytes, now: datetime) -> Found | None:
    """Return what a build with this key found out, if it holds at `now` and all its files are published; else None."""
    whole: _Whole | None = decoded(memory.last.get(key), _DECODER) if memory.last else None
    if whole is None:
        return None
    clock, until = in_zone(now, whole.found.zone), whole.found.next_change
    holds = whole.since <= clock and (until is None or clock < until)
    return whole.found if holds and whole.site == _of_site(memory.published()) else None


def remember(memory: Memory, key: bytes, now: datetime, found: Found, keys: Mapping[str, bytes]) -> None:
    """Keep what a build found out, and which files it made."""
    if memory.last is not None:
        whole = _Whole(in_zone(now, found.zone), _of_site(keys), found)
        memory.last.put(key, msgspec.msgpack.encode(whole))


def _of_site(keys: Mapping[str, bytes]) -> bytes:
    return fingerprint(_written(keys))


def _written(keys: Mapping[str, bytes]) -> bytes:
    """Return paths with their keys as bytes, the same whatever their order."""
    return msgspec.msgpack.encode(dict(keys), order="deterministic")
