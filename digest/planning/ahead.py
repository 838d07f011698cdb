"""What becomes of an open job by itself before the site is built again, as pages carry it for their script.

A page says nothing of the clock: it carries the instants at which the job's state goes on, and the words for then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from digest.planning.parts import Badge
from digest.planning.states import State
from digest.planning.words import BADGES

_MOVES: Final[tuple[State, ...]] = ("closing soon", "last day", "closed")
"""States that a script may move a job to.  It opens nothing: whether a job has opened is for a build to say."""
LATER: Final[tuple[Badge, ...]] = tuple(BADGES[state] for state in _MOVES)
"""Their badges, in their order."""

Ahead = tuple[tuple[State, int], ...]
"""States in their order, each with the seconds since 1970, inclusive, from which it holds."""


def ahead(states: Sequence[tuple[float, State]], state: State) -> Ahead:
    """Return which of the states of a job, as its card has them, are still to come after `state`.

    Of a job that has not opened only its end is told.
    """
    place = max(place for place, (_, passed) in enumerate(states) if passed == state)
    moves = _MOVES[-1:] if state == "opening soon" else _MOVES
    return tuple((later, int(instant)) for instant, later in states[place + 1 :] if later in moves)


def in_attribute(moves: Iterable[tuple[State, int]]) -> str:
    """Return them for an attribute: the kind of each badge, and its instant, such as `last 1782774000 closed …`."""
    return " ".join([f"{BADGES[state].kind} {instant}" for state, instant in moves])
