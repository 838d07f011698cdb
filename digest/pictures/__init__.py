"""Pictures: what can be known of a file of `content/images/`, and the files that are made of it.

All here goes from bytes to values or bytes.  The library that reads photographs takes long to import, so it is
imported only where a picture must be looked at or made.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from digest.diagnostics import Finding, Rule

WIDTHS: Final = (480, 800, 1280)
"""Widths of the smaller copies, in pixels: a phone's, a phone's with fine pixels, the column's with fine pixels."""
WIDEST: Final = 1600
"""Pixels of a published picture at most: what is wider costs readers time and shows them nothing."""
COLUMN_WIDTH: Final = 640
"""Pixels of CSS that the column of an entry is wide, at most."""
COLUMN: Final = "(min-width: 44rem) 40rem, calc(100vw - 2rem)"
"""How wide a picture is shown, as HTML's `sizes`: the column of an entry, or a small screen without its margins."""


class PictureFacts(Struct, frozen=True, array_like=True):
    """What a page may know of a picture."""

    width: int
    """Pixels of the published file, after it was turned the right way up."""
    height: int
    copies: tuple[int, ...] = ()
    """Widths of its smaller copies, the smallest first."""
    remade: bool = False
    """The file is not published as it is, because it holds more than the picture, lies on its side, or is too wide."""


Findings = tuple[tuple[Rule[...], Finding, int], ...]
"""Why a picture may not be published: rules with what they found, and the line, which is 1 where there are none."""


def copy_name(name: str, width: int) -> str:
    """Return the name of a smaller copy, below the same folder as the picture."""
    return f"{name}.{width}.webp"
