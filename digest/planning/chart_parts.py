"""Parts of views: charts, and tables of pay.

Numbers are in words already, and places on a drawing are in per cent of its width.
"""

from __future__ import annotations

from msgspec import Struct


class Shape(Struct, frozen=True):
    """A piece of a drawing; places are in per cent of its width."""

    kind: str
    """bar, part (of a bar), range, end (of a range) or middle."""
    start: float
    stop: float
    """Equal to `start` for a point."""


class ChartRow(Struct, frozen=True):
    """A row of a chart: words, and a drawing that shows the same."""

    label: str
    value: str
    """The numbers in words."""
    shapes: tuple[Shape, ...]
    """In the order in which they are drawn; a later one lies above."""
    href: str | None = None
    current: bool = False
    """It stands for the page that it is on."""


class Tick(Struct, frozen=True):
    """A number on a scale."""

    label: str
    at: float
    """Its place, in per cent."""
    minor: bool = False
    """It may be left out where there is little room."""


class Chart(Struct, frozen=True):
    """A chart that stands as a picture above a table with the same numbers."""

    name: str
    """What it shows, for people who do not see it."""
    rows: tuple[ChartRow, ...]
    ticks: tuple[Tick, ...] = ()
    """The numbers of its scale, lowest first; none where each row begins at zero and says its number."""


class PayLine(Struct, frozen=True):
    """A row of a table of pay."""

    label: str
    href: str | None
    jobs: int
    years: str | None
    """The years in which they were published, where the label does not say."""
    least: str
    most: str
    middle: str | None
    """None where there are too few jobs to tell."""


class PayTable(Struct, frozen=True):
    """A chart of pay with its table."""

    id: str
    heading: str
    intro: str
    what: str
    """What a row of the table is, as its heading."""
    chart: Chart
    rows: tuple[PayLine, ...]
    note: str | None = None
    """What is left out."""
