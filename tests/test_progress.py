"""A person who waits sees how far the work is, and nobody else does."""

from __future__ import annotations

import io

import pytest

from digest import progress
from digest.memo import in_turn, one_by_one
from digest.progress import watched


class _Screen(io.StringIO):
    """Text that is shown on a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


ITEMS = range(5)


def _double(number: int) -> bytes:
    return str(number * 2).encode()


def test_long_work_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that takes long has a bar with what is done and how many of how many, and gives all its results."""
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    screen = _Screen()
    found = list(watched(in_turn, screen)(one_by_one(_double), ITEMS, "Reading entries"))
    assert found == list(enumerate(map(_double, ITEMS)))
    assert "Reading entries" in screen.getvalue()
    assert "5/5" in screen.getvalue()


def test_short_work_is_not_shown() -> None:
    """Work that is done at once says nothing."""
    screen = _Screen()
    assert len(list(watched(in_turn, screen)(one_by_one(_double), ITEMS, "Reading entries"))) == 5
    assert screen.getvalue() == ""


def test_a_file_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the words do not go to a terminal, no bar is written into them."""
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    screen = io.StringIO()
    assert len(list(watched(in_turn, screen)(one_by_one(_double), ITEMS, "Reading entries"))) == 5
    assert screen.getvalue() == ""
