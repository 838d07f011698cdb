"""The forms in which feeds are published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from digest.planning.program_views import AtomFeed, Feed, JsonFeed


class Format(Struct, frozen=True):
    """A form in which a feed is published."""

    name: str
    file: str
    """Its file, beside the page that the feed belongs to."""
    media: str
    """Media type."""
    view: Callable[..., Feed]


RSS: Final = Format("RSS", "feed.xml", "application/rss+xml", Feed)
FORMATS: Final = (
    RSS,
    Format("JSON Feed", "feed.json", "application/feed+json", JsonFeed),
    Format("Atom", "atom.xml", "application/atom+xml", AtomFeed),
)
"""The forms of the feed of everything; the others are RSS alone, which every reader knows.

Atom is called `.xml`: as `.atom`, hosts would send it with a media type that browsers show as source text.
"""
