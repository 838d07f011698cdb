"""Remembering pure steps by value.

A step's key is everything it may read: the engine (our code and the libraries it stands on) and its arguments.  So a
hit can only replace a value by an equal value, and a site built with a memory is byte for byte the site built
without.  A memory holds data only; whatever cannot be read back as the value's type is a miss.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

import msgspec
from markupsafe import Markup
from msgspec import Struct

from digest.diagnostics import RULES, Diagnostic, Finding
from digest.documents.config import Config
from digest.documents.entries import Written, read_entry
from digest.file_rules import unseen
from digest.markup import Body, BodyRead, Placed, read_body
from digest.model import Job, News, Page

SIZE: Final = 16
"""Bytes of a key."""


class Memo(Protocol):
    """Values by key; it may forget any of them at any time."""

    def get(self, key: bytes) -> bytes | None:
        """Return a remembered value, or None."""

    def put(self, key: bytes, value: bytes) -> None:
        """Remember a value."""


class NoMemo:
    """Remembers nothing."""

    def get(self, key: bytes) -> bytes | None:  # noqa: ARG002 - the shape of every memo
        """Return None."""
        return None

    def put(self, key: bytes, value: bytes) -> None:
        """Do nothing."""


class Map(Protocol):
    """What `map` is, for functions that return bytes."""

    def __call__(self, function: Callable[[Any], bytes], items: Sequence[Any], /) -> Iterator[bytes]:
        """Yield the function's result for each item, in order."""


class Memory(NamedTuple):
    """What a build may use of earlier ones."""

    engine: bytes = b""
    """Fingerprint of our code and of the libraries it stands on."""
    memo: Memo = NoMemo()
    published: Mapping[str, bytes] = MappingProxyType({})
    """The key of each published file that is as it was left, by path."""
    map: Map = map
    """Applies a pure function to many arguments, in order; it may do so in several processes."""


def fingerprint(*parts: bytes | str) -> bytes:
    """Return a key of these parts, in order; each is told apart from its neighbours."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


class _EntryRecord(Struct, frozen=True, array_like=True):
    """What reading an entry gave, without its body."""

    entry: Job | News | Page | None
    body_line: int
    problems: tuple[Diagnostic, ...]


class _Found(Struct, frozen=True, array_like=True):
    """A finding in a body, with its place."""

    rule: str
    message: str
    hint: str | None
    line: int
    column: int
    width: int


class _BodyRecord(Struct, frozen=True, array_like=True):
    """What reading a body gave."""

    body: Body
    found: tuple[_Found, ...]


class EntryReader:
    """Reads entries, each once for ever."""

    def __init__(self, memory: Memory, config: Config, config_text: str) -> None:
        """Read with `config`, whose text is part of each entry's key."""
        self._memory = memory
        self._config = config
        self._context = fingerprint(memory.engine, "entry", config_text)

    def read_all(self, texts: Mapping[str, str]) -> Iterator[tuple[Written | None, tuple[Diagnostic, ...]]]:
        """Yield what `read_entry` returns for each file, given by path, in their order."""
        memo = self._memory.memo
        keys = {path: fingerprint(self._context, path, text) for path, text in texts.items()}
        records = {path: _decoded(memo.get(key), _ENTRY) for path, key in keys.items()}
        missing = [(path, texts[path]) for path, record in records.items() if record is None]
        recorded = _Recorded(memo)
        for (path, _), data in zip(missing, self._memory.map(self._work, missing), strict=True):
            record, bodies = _WORK.decode(data)
            memo.put(keys[path], record)
            for key, body in bodies.items():
                memo.put(key, body)
                recorded.put(key, body)
            records[path] = _ENTRY.decode(record)
        for path, text in texts.items():
            yield self._read(text, records[path], recorded)

    def _work(self, item: tuple[str, str]) -> bytes:
        """Read an entry for the first time; return its record, and those of the bodies read on the way by key."""
        path, text = item
        recorded = _Recorded(self._memory.memo)
        written, problems = read_entry(path, text, self._config, partial(self._body, memo=recorded))
        entry: Any = written.entry if written else None
        problems = (*problems, *unseen(path, text))
        record = _EntryRecord(entry, written.body_line if written else 0, problems)
        return _ENCODER.encode((_ENCODER.encode(record), recorded.new))

    def _read(self, text: str, record: _EntryRecord, memo: Memo) -> tuple[Written | None, tuple[Diagnostic, ...]]:
        if record.entry is None:
            return None, record.problems
        body = self._body(_from_line(text, record.body_line), memo).body
        return Written(record.entry, body, record.body_line), record.problems

    def _body(self, text: str, memo: Memo) -> BodyRead:
        key = fingerprint(self._memory.engine, "body", text)
        record = _decoded(memo.get(key), _BODY)
        if record is not None and all(found.rule in RULES for found in record.found):
            return BodyRead(record.body, tuple(_placed(found) for found in record.found))
        read = read_body(text)
        found = tuple(
            _Found(
                placed.rule.id, placed.finding.message, placed.finding.hint, placed.line, placed.column, placed.width
            )
            for placed in read.problems
        )
        memo.put(key, _ENCODER.encode(_BodyRecord(read.body, found)))
        return read


class _Recorded:
    """A memory that keeps what is new apart."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo
        self.new: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        return self.new.get(key) or self._memo.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        self.new[key] = value


def _from_line(text: str, line: int) -> str:
    """Return a text from a line on, counted from 1."""
    return text.split("\n", line - 1)[-1]


def _placed(found: _Found) -> Placed:
    return Placed(RULES[found.rule], Finding(found.message, found.hint), found.line, found.column, found.width)


def _plain(value: Any) -> str:
    """Return safe HTML as the text it is; which fields hold it follows from the view's type."""
    if isinstance(value, Markup):
        return str(value)
    message = f"a view cannot hold {type(value).__name__}"
    raise TypeError(message)


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_ENTRY: Final = msgspec.msgpack.Decoder(_EntryRecord)
_BODY: Final = msgspec.msgpack.Decoder(_BodyRecord)
_WORK: Final = msgspec.msgpack.Decoder(tuple[bytes, dict[bytes, bytes]])


def _decoded(data: bytes | None, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
    """Return the value that `data` holds, or None where there is none or it is not of the decoder's type."""
    if data is None:
        return None
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None


class PageKeys:
    """Keys of pages: the engine, the templates that one may reach, and the view."""

    def __init__(self, engine: bytes, templates: Mapping[str, str], always: Iterable[str]) -> None:
        """Take the theme's templates by name, and those that every template may reach without naming them."""
        self._engine = engine
        self._templates = templates
        self._always = tuple(always)
        self._closures: dict[str, bytes] = {}

    def of_view(self, template: str, view: Any) -> bytes:
        """Return the key of the page that `template` makes of `view`."""
        closure = self._closures.get(template)
        if closure is None:
            closure = self._closures[template] = self._closure(template)
        return fingerprint(self._engine, closure, _ENCODER.encode(view))

    def _closure(self, template: str) -> bytes:
        reached: dict[str, str] = {}
        waiting = [template, *self._always]
        while waiting:
            name = waiting.pop()
            text = self._templates.get(name, "")
            if name in reached:
                continue
            reached[name] = text
            named = _NAMED.findall(text)
            # A template that is named by a variable may be any of them.
            waiting += named if len(named) == len(_NAMING.findall(text)) else self._templates
        return fingerprint(template, *(part for name in sorted(reached) for part in (name, reached[name])))


_NAMING: Final = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")
_NAMED: Final = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"'\[\],()]+)["'](?=\s|[-+]?%\})""")


def of_bytes(data: bytes) -> bytes:
    """Return the key of a file that is copied as it is."""
    return fingerprint("copy", data)
