"""Sources: where the facts about entries are had from, and where in a file a value stands.

Facts carry no places, so a finding names the field it is about, and the file is read once more to find where that is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from digest.diagnostics import Diagnostic, Rule
from digest.documents.entries import Written
from digest.planning.cards import Card
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.source import FAST, split

FieldPath = tuple[str | int, ...]
"""Where a value stands in the front matter, such as ("related", 1)."""


class Sources(Protocol):
    """Where the facts about files and entries are had from."""

    @property
    def cards(self) -> Sequence[Card]:
        """Of all entries that could be read, without regard to the clock."""

    @property
    def paths(self) -> Collection[str]:
        """All files that are entries."""

    def text(self, path: str) -> str:
        """Return a file's text."""

    def whole(self, card: Card) -> Written:
        """Return a card's whole entry."""


def found_at(sources: Sources, path: str, field: FieldPath, check: Rule[...], *subject: Any) -> list[Diagnostic]:
    """Return what a rule finds of a field, placed where that stands in the entry's file."""
    text = sources.text(path)
    reading = Reading(path, text)
    document = split(Reading(path, text), FAST)
    reading.check(check, _at(document.front, field) if document else None, *subject)
    return reading.problems


def _at(front: MapNode, field: FieldPath) -> Node | None:
    """Return the node of a value, or the closest one above it; None for a field that is not written."""
    node: Node | None = front.values.get(str(field[0]))
    for step in field[1:]:
        if isinstance(node, MapNode) and str(step) in node.values:
            node = node.values[str(step)]
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif not isinstance(node, Scalar):
            break
    return node
