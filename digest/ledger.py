"""The ledger: what is remembered of a published folder between publications, in `.site.state` beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from digest.fingerprints import SIZE, fingerprint
from digest.trees import Known, put

MAGIC: Final = b"digest state 5\n"
"""The mark of the file, with the number of its form; behind it stands a fingerprint of the rest."""


class State(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered between publications."""

    files: dict[str, Known]
    """Every file that may be in the published tree and is ours."""
    folders: dict[str, int]
    """When each folder of the published tree last changed, as in a `Tree`."""
    spare: dict[str, int]
    """The same for the spare."""
    stale: tuple[str, ...] = ()
    """Files of the spare that are not those of the published tree; the rest of it are links to the same files."""


NOTHING: Final = State({}, {}, {})


def remembered(memory: Path) -> tuple[State, int]:
    """Return what the last publication left, and when it did so (nanoseconds, by the clock of that disk).

    A missing, damaged or foreign file is no memory at all.  A file that cannot be read is an OSError: without memory
    the site might be refused as another's.
    """
    try:
        with memory.open("rb") as file:
            seen, found = os.fstat(file.fileno()).st_mtime_ns, file.read()
    except FileNotFoundError:
        return NOTHING, 0
    start = len(MAGIC) + SIZE
    if found[:start] != MAGIC + fingerprint(found[start:]):
        return NOTHING, 0
    return msgspec.msgpack.decode(found[start:], type=State), seen


def remember(memory: Path, state: State) -> None:
    """Keep what the next publication needs to know; a reader finds the old memory or the new one."""
    data = msgspec.msgpack.encode(state)
    put(memory, MAGIC + fingerprint(data) + data)
