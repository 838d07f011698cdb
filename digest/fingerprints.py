"""Fingerprints: short keys that are equal only where all that they were made of is; and what is known by one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

SIZE: Final = 16
"""Bytes of a fingerprint."""


def pair(one: bytes, other: bytes) -> bytes:
    """Return a key of a fingerprint and anything else; quicker than `fingerprint`, for what is done for each page."""
    return hashlib.blake2b(one + other, digest_size=SIZE, person=b"pair").digest()


def fingerprint(*parts: bytes | str) -> bytes:
    """Return a key of these parts, in order; each is told apart from its neighbours (BLAKE2b, RFC 7693)."""
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    lengths = ",".join([str(len(part)) for part in data])
    return hashlib.blake2b(b"".join([lengths.encode(), b":", *data]), digest_size=SIZE).digest()


class Piece:
    """A part of a file, known by its mark; its bytes are fetched when they are asked for."""

    __slots__ = ("_fetch", "mark")

    def __init__(self, mark: bytes, fetch: Callable[[], bytes]) -> None:
        """Take what gives its bytes; the mark is equal for two pieces only if these are."""
        self.mark = mark
        self._fetch = fetch

    def data(self) -> bytes:
        """Return its bytes."""
        return self._fetch()
