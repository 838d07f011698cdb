"""Remembering pure steps by value.

A step's key is everything it may read: the engine (our code and the libraries it stands on) and its arguments.  So a
hit can only replace a value by an equal value, and a site built with a memory is byte for byte the site built
without.  A memory holds data only; whatever cannot be read back as the value's type is a miss.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, Protocol

import msgspec
from markupsafe import Markup
from msgspec import Struct

from digest.at_hand import AtHand
from digest.fingerprints import Piece, fingerprint


class Memo(Protocol):
    """Values by key; it may forget any of them at any time."""

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""

    def keep(self, keys: Iterable[bytes]) -> None:
        """Say that values are of use, though they are not asked for."""

    def take(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None; it is not asked for again, and need not be held."""


class Kept:
    """A memory that lasts as long as itself, on top of another."""

    def __init__(self, below: Memo | None = None) -> None:
        """Begin with what is remembered below."""
        self._below = below
        self.new: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        found = self.new.get(key)
        return self._below.get(key) if found is None and self._below else found

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value here, and not below."""
        self.new[key] = value

    def keep(self, keys: Iterable[bytes]) -> None:
        """Do nothing: all is kept."""

    def take(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""
        return self.get(key)


BATCH: Final = 32
"""Items that are worked off together.

Doing one step for all of them before the next one takes an eighth off the time of reading entries: what a processor has
just done, it does again in less time.
"""
Work = Callable[[Sequence[Any]], Iterable[bytes]]
"""What turns some items into bytes, one for each, in their order."""


class Map(Protocol):
    """Applies work to all items, a batch at a time, perhaps in several processes."""

    def __call__(
        self,
        work: Work,
        items: Sequence[Any],
        what: str = "",
        meanwhile: Callable[[], None] | None = None,
        own: int = 0,
        /,
    ) -> Iterator[tuple[int, bytes]]:
        """Yield the place of each item with its result, in whatever order they are done.

        `what` says what is done to them, in words, for a person who waits.  Where other processes work, `meanwhile` is
        done in this one.  The first `own` items are worked off in this process: what they leave behind is needed here.
        """


def one_by_one(function: Callable[[Any], bytes]) -> Work:
    """Return work that does all for an item before the next one, and hands it over at once."""
    return partial(map, function)


def in_turn(
    work: Work,
    items: Sequence[Any],
    what: str = "",  # noqa: ARG001 - nobody is told
    meanwhile: Callable[[], None] | None = None,  # noqa: ARG001 - nobody else works
    own: int = 0,  # noqa: ARG001 - all are
) -> Iterator[tuple[int, bytes]]:
    """Work off one batch after the other, right here; the simplest `Map`."""
    for start in range(0, len(items), BATCH):
        yield from enumerate(work(items[start : start + BATCH]), start)


class Memory(Struct, frozen=True):
    """What a build may use of earlier ones, and of the machine."""

    engine: bytes = b""
    """Fingerprint of our code and of the libraries it stands on."""
    memo: Memo | None = None
    """Remembers whole entries and bodies: much, of which little is asked for again; None: for this build only."""
    plan: Memo | None = None
    """Remembers cards and fingerprints: little, of which most is asked for again; None: for this build only."""
    last: Memo | None = None
    """Remembers whole builds; None: nothing of the kind."""
    published: Callable[[], Mapping[str, bytes]] = dict
    """Gives the key of each published file that is as it was left, by path; asked for once it is needed."""
    map: Map = in_turn
    at_hand: AtHand | None = None
    """Values of the last build in this process; None: nothing of the kind."""
    code: Memo | None = None
    """Remembers compiled templates, which are programs: nobody else can write there; None: nothing of the kind."""


def _plain(value: Any) -> str | bytes:
    """Return safe HTML as its text, and a piece of a file as its mark; which fields hold them, the view's type says."""
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, Piece):
        return value.mark
    message = f"a view cannot hold {type(value).__name__}"
    raise TypeError(message)


encode: Final = msgspec.msgpack.Encoder(enc_hook=_plain).encode
"""Write a value down: always the same bytes for an equal value."""


class PageKeys:
    """Keys of pages: the program, the templates that one may reach, and the view.

    A key is a mark of the program, one of the templates, and the fingerprint of the view, so that two keys of a page
    tell which of the three is not the same.
    """

    def __init__(self, engine: bytes, templates: Mapping[str, str]) -> None:
        """Take the theme's templates by name."""
        self._engine = fingerprint(engine)[:_MARK]
        self._templates = templates
        self._marks: dict[str, bytes] = {}

    def of_view(self, form: str, view: bytes) -> bytes:
        """Return the key of the file that `form`, a template or a function of ours, makes of the view so marked."""
        marks = self._marks.get(form)
        if marks is None:
            marks = self._marks[form] = self._engine + self._closure(form)[:_MARK]
        return marks + view

    def reached(self, form: str) -> tuple[str, ...]:
        """Return the names of the templates that `form` may reach, itself among them, in order; none for a function."""
        return tuple(sorted(self._reached(form).keys() & self._templates.keys()))

    def _closure(self, form: str) -> bytes:
        reached = self._reached(form)
        return fingerprint(form, *(part for name in sorted(reached) for part in (name, reached[name])))

    def _reached(self, form: str) -> dict[str, str]:
        reached: dict[str, str] = {}
        waiting = [form]
        while waiting:
            name = waiting.pop()
            text = self._templates.get(name, "")
            if name in reached:
                continue
            reached[name] = text
            named = _NAMED.findall(text)
            # A template that is named by a variable may be any of them.
            waiting += named if len(named) == len(_NAMING.findall(text)) else self._templates
        return reached


_MARK: Final = 8
"""Bytes of each mark in a key of a page."""
Cause = Literal["program", "templates", "facts"]


def causes(one: bytes, other: bytes) -> tuple[Cause, ...]:
    """Return what is not the same in two keys of a page; its facts cannot be told apart where another thing differs."""
    found: list[Cause] = []
    if one[:_MARK] != other[:_MARK]:
        found.append("program")
    if one[_MARK : 2 * _MARK] != other[_MARK : 2 * _MARK]:
        found.append("templates")
    return tuple(found) or (("facts",) if one != other else ())


_NAMING: Final = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")
_NAMED: Final = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"'\[\],()]+)["'](?=\s|[-+]?%\})""")


def of_view(view: Any) -> bytes:
    """Return the fingerprint of a view."""
    return fingerprint(encode(view))


def of_file(digest: bytes) -> bytes:
    """Return the key of a file that is copied as it is, from the fingerprint of its bytes."""
    return fingerprint("copy", digest)
