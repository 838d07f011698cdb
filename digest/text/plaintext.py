"""Plain spaces, dashes and apostrophes for those that word processors put in."""

from __future__ import annotations

from typing import Final

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("\t\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2019": "'",
    }
)


def plain(text: str) -> str:
    """Write every kind of space, dash and apostrophe in its plain form; no character moves."""
    return text if text.isascii() and "\t" not in text else text.translate(_ALIKE)


def one_space(text: str) -> str:
    """Give a text in plain form, with one space between words and none around it."""
    return " ".join(plain(text).split())
