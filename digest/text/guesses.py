"""What was meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """Return the one of `known` that is most like `word`; None where none is as like as `least`, of at most 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes are compared

    return next(iter(get_close_matches(word, list(known), 1, least)), None)
