"""Values that one process keeps at hand from one build to the next.

A memory holds bytes, for any process to come.  Where builds follow each other in one process, the values themselves
can be kept, and need not be read back.  As with a memory, a hit can only replace a value by an equal one: what a value
depends on is its key, and what all values of a step depend on besides is the step's *ground*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

T = TypeVar("T")
NONE: Mapping[Any, Any] = MappingProxyType({})


class AtHand:
    """What the last build left at hand, by step."""

    def __init__(self, *, lasting: bool = True) -> None:
        """Begin with nothing; where no other build is to follow in this process, nothing is kept either."""
        self.lasting = lasting
        self._tables: dict[str, tuple[Any, Mapping[Any, Any]]] = {}

    def known(self, step: str, ground: Any) -> Mapping[Any, Any]:
        """Return the values that the last build kept of a step, by key, if they stand on equal ground."""
        stood, values = self._tables.get(step, (None, NONE))
        return values if stood == ground else NONE

    def keep(self, step: str, ground: Any, values: Mapping[Any, Any]) -> None:
        """Keep the values of a step instead of those before."""
        if self.lasting:
            self._tables[step] = ground, values

    def table(self, step: str, ground: Any) -> Callable[[Any, Callable[[], T]], T]:
        """Return what gives the value of a key: that of the last build, on equal ground, or else a new one.

        Of these values, those that are asked for are kept.
        """
        known = self.known(step, ground)
        used: dict[Any, Any] = {}
        self.keep(step, ground, used)

        def value(key: Any, make: Callable[[], T]) -> T:
            if key not in used:
                used[key] = known[key] if key in known else make()
            found: T = used[key]
            return found

        return value

    def same(self, step: str, ground: Any, make: Callable[[], T]) -> T:
        """Return the one value of a step: the last one, where it stands on equal ground."""
        found: T | None = self.known(step, ground).get("")
        if found is None:
            found = make()
            self.keep(step, ground, {"": found})
        return found
