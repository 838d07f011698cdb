"""Pictures on pages: the size a browser keeps free for each, and its smaller copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from digest.pictures import COLUMN, PictureFacts, copy_name
from digest.planning.cards import Card

Sizing = tuple[tuple[str, str], ...]
"""Attributes of an `<img>`, each with its value."""
_SCHEME: Final = "image:"


class Frames:
    """What pages know of pictures."""

    def __init__(self, facts: Mapping[str, PictureFacts]) -> None:
        """Take the facts of each picture by its path below `images/`."""
        self.facts = facts

    def mark(self, card: Card) -> bytes:
        """Return bytes that are equal only where the page of an entry shows its pictures alike."""
        if card.image is None and not any(kind == "image" for kind, _ in card.mentions):
            return b""
        names = [card.image, *(target for kind, target in card.mentions if kind == "image")]
        return msgspec.msgpack.encode([self.facts.get(name) for name in names if name])

    def sizing(self, name: str, href: Callable[[str], str]) -> Sizing:
        """Return the attributes of a picture besides its address; `href` makes addresses of site-relative paths."""
        facts = self.facts.get(name)
        if facts is None:
            return ()
        size = (("width", str(facts.width)), ("height", str(facts.height)))
        if not facts.copies:
            return size
        copies = [f"{href(f'/images/{copy_name(name, width)}')} {width}w" for width in facts.copies]
        return (*size, ("srcset", ", ".join(copies)), ("sizes", COLUMN))

    def body_sizing(self, target: str, href: Callable[[str], str]) -> Sizing:
        """Return the same for what a body writes as `image:<src>`."""
        return self.sizing(target.removeprefix(_SCHEME), href)
