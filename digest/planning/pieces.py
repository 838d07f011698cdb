"""The pieces of a plan: parts, which are some files made of the same values, and bundles of parts.

A part says what it reads before it is made.  While that is the same, so are the views of its files, and their
fingerprints can be remembered in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from digest.planning.cards import Card
from digest.planning.outputs import Views


class Part(Struct, frozen=True):
    """Some files of the site that are made of the same values."""

    reads: bytes
    """All that its views are made of, beyond the configuration and the site's frame; equal only if that is."""
    views: Callable[[], Views]
    """Makes its views, always in the same order."""
    source: str | None = None
    """The entry it is made from, if it is one entry's."""
    of: Callable[[Card], bool] | None = None
    """Tells whether it is made of an entry, where that cannot be seen from what it reads."""
    here: bool = False
    """It remembers what it makes, so a worker, whose memory goes with it, should not make it."""


class Bundle(Struct, frozen=True):
    """Parts that are remembered together."""

    name: str
    """Told apart from those of all other bundles of a site."""
    parts: Callable[[], Iterable[Part]]
    """Plans them, always in the same order."""
    reads: bytes = b""
    """Equal only if all that its parts read is; empty where that is not to be had for less."""
