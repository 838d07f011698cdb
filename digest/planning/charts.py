"""The geometry of charts: numbers to places along a scale, in per cent, so that a drawing fits any width.

Every row of a chart is drawn by itself.  Its words are text beside the drawing, so they never shrink with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from digest.planning.chart_parts import ChartRow, Shape, Tick

MOST_STEPS: Final = 4
"""Steps of a scale at most, so that its numbers have room on a phone."""
_ROUND: Final = (10, 20, 25, 50)
"""What a step may begin with."""


class Counted(Struct, frozen=True):
    """A row that shows a number, and perhaps a part of it."""

    label: str
    value: str
    """The numbers in words."""
    number: int
    part: int = 0
    """How many of the number are drawn stronger."""
    href: str | None = None
    current: bool = False


class Ranged(Struct, frozen=True):
    """A row that shows a range, and perhaps a point within."""

    label: str
    value: str
    """The numbers in words."""
    least: int
    most: int
    middle: int | None


def count_rows(rows: Sequence[Counted]) -> tuple[ChartRow, ...]:
    """Draw numbers as bars; the longest bar is as long as there is room."""
    longest = max((row.number for row in rows), default=0) or 1

    def drawn(row: Counted) -> Iterator[Shape]:
        for kind, number in (("bar", row.number), ("part", row.part)):
            if number:
                yield Shape(kind, 0.0, _share(number, longest))

    return tuple(ChartRow(row.label, row.value, tuple(drawn(row)), row.href, row.current) for row in rows)


def range_rows(rows: Sequence[Ranged], label: Callable[[int], str]) -> tuple[tuple[ChartRow, ...], tuple[Tick, ...]]:
    """Draw ranges along one scale that begins at zero; `label` gives the words of a number on it.

    Return the rows, and the numbers of the scale.
    """
    step = _step(max((row.most for row in rows), default=0))
    steps = max(-(-row.most // step) for row in rows) if rows else 1
    top = step * steps
    kept = {0, steps, steps // 2 if steps % 2 == 0 else 0}
    ticks = tuple(Tick(label(step * place), _share(place, steps), place not in kept) for place in range(steps + 1))
    return tuple(ChartRow(row.label, row.value, tuple(_range(row, top))) for row in rows), ticks


def _range(row: Ranged, top: int) -> Iterator[Shape]:
    least, most = _share(row.least, top), _share(row.most, top)
    if row.least < row.most:
        yield Shape("range", least, most)
        yield Shape("end", most, most)
    yield Shape("end", least, least)
    if row.middle is not None:
        middle = _share(row.middle, top)
        yield Shape("middle", middle, middle)


def _step(most: int) -> int:
    """Return the least round step, in the same unit as `most`, of which `MOST_STEPS` reach that far.

    >>> _step(19_000_000), _step(100), _step(0)
    (5000000, 25, 10)
    """
    size = 1
    while True:
        for first in _ROUND:
            if first * size * MOST_STEPS >= most:
                return first * size
        size *= 10


def _share(number: int, whole: int) -> float:
    return round(100 * number / whole, 2)
