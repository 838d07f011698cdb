"""Reading all entries, each once for ever: their cards at once, the rest when it is asked for."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from digest.at_hand import AtHand
from digest.contract import Snapshot
from digest.diagnostics import RULES, Diagnostic, Finding, Parsed, Span
from digest.documents.config import Config
from digest.documents.entries import Written, read_entry
from digest.file_rules import unseen
from digest.fingerprints import fingerprint, pair
from digest.markup import Body, BodyRead, Placed, read_body
from digest.memo import Kept, Map, Memo, decoded, encode
from digest.model import Edition, Entry, Job, News, Page
from digest.opendata import piece, records_of
from digest.planning.cards import Card, Keys, Labels, card_of, shortened
from digest.planning.records import Piece, RecordForm, Records, Shown, Subject
from digest.planning.search_entries import Searched, searched
from digest.planning.words import path_of
from digest.text.source import halve
from digest.text.yaml_rules import file_encoding


def read_text(path: str, data: bytes) -> Parsed[str]:
    """Return a file as text with LF line ends and without a byte order mark, or where it is not UTF-8."""
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = Span(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return Parsed(None, tuple(file_encoding.at(place, finding) for finding in file_encoding(data)))
    return Parsed(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)


class _Record(Struct, frozen=True, array_like=True):
    """What is remembered of a file: its card, unless it could not be read, and its problems."""

    card: Card | None
    problems: tuple[Diagnostic, ...]


class _Whole(Struct, frozen=True, array_like=True):
    """What is remembered of an entry, beside its body."""

    entry: Job | News | Page | Edition
    body_line: int
    searched: Searched | None
    """What a search needs of it; None where search is off."""


class _OnlySearched(Struct, frozen=True, array_like=True):
    """That of a whole entry, without reading the rest."""

    entry: msgspec.Raw
    body_line: int
    searched: Searched | None


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


class _Begun(NamedTuple):
    """A file whose body has been read."""

    text: str | None
    """None where it is not UTF-8."""
    problems: tuple[Diagnostic, ...]
    """Why it is not."""
    body_key: bytes
    body: BodyRead
    """Empty where there is no front matter that would end before it."""


class _Work(Struct, frozen=True, array_like=True):
    """What a worker hands back: the record of a file, and what it read on the way, by key."""

    record: bytes
    whole: dict[bytes, bytes]


_NOTHING: Final = BodyRead(Body(("",), "", 0), ())
_UNREAD: Final = _Record(None, ())
_RECORD: Final = msgspec.msgpack.Decoder(_Record)
_WHOLE: Final = msgspec.msgpack.Decoder(_Whole)
_SEARCHED: Final = msgspec.msgpack.Decoder(_OnlySearched)
_BODY: Final = msgspec.msgpack.Decoder(_BodyRecord)
_CARD: Final = msgspec.msgpack.Decoder(Card)
_RECORDS: Final = msgspec.msgpack.Decoder(Records)
_BYTES: Final = msgspec.msgpack.Decoder(bytes)
_WORK: Final = msgspec.msgpack.Decoder(_Work)


class EntryReader:
    """Reads entries and remembers them; implements `references.Sources` and `context.Entries`."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that reading may depend on, and where it is remembered
        self,
        engine: bytes,
        config: Config,
        config_text: str,
        snapshot: Snapshot,
        memo: Memo,
        plan: Memo,
        at_hand: AtHand,
    ) -> None:
        """Read from `snapshot`, which has the fingerprints of its files, with `config`, whose text is in the keys."""
        self._engine = engine
        self._config = config
        self._labels = Labels(config)
        self._context = fingerprint(engine, "entry", config_text)
        self._files = snapshot.files
        self._digests: Mapping[str, bytes] = snapshot.digests or {}
        self._memo = memo
        self._plan = plan
        self._at_hand = at_hand
        self.paths: frozenset[str] = frozenset()
        self.cards: Sequence[Card] = ()

    def read_all(self, paths: Iterable[str], shared_out: Map) -> list[Diagnostic]:
        """Read the entries of these files into `cards`, in their order, and return all their problems."""
        known = self._at_hand.known("records", self._context)
        found: dict[str, tuple[bytes, _Record]] = {}
        missing: list[str] = []
        for path in paths:
            digest, left = self._digests[path], known.get(path)
            if left is not None and left[0] == digest:
                found[path] = left
                continue
            record = decoded(self._plan.get(self._key(path)), _RECORD)
            found[path] = digest, record or _UNREAD
            if record is None:
                missing.append(path)
        for place, data in shared_out(self._work, missing, "Reading entries"):
            work, path = _WORK.decode(data), missing[place]
            self._plan.put(self._key(path), work.record)
            for key, value in work.whole.items():
                self._memo.put(key, value)
            found[path] = self._digests[path], _RECORD.decode(work.record)
        self._at_hand.keep("records", self._context, found)
        self.paths = frozenset(found)
        records = [record for _, record in found.values()]
        self.cards = [record.card for record in records if record.card is not None]
        self._memo.keep([key for card in self.cards for key in (card.whole, card.body, card.records)])
        return [problem for record in records for problem in record.problems]

    def text(self, path: str) -> str:
        """Return a file's text, or none of it where it is not UTF-8."""
        return read_text(path, self._files[path]).value or ""

    def whole(self, card: Card) -> Written:
        """Return a card's whole entry, without the changes that the card leaves out."""
        record = decoded(self._memo.get(card.whole), _WHOLE)
        body = decoded(self._memo.get(card.body), _BODY)
        if record is not None and body is not None:
            written = Written(record.entry, body.body, record.body_line)
        else:
            written = self._again(card)
        return written._replace(entry=shortened(written.entry, card.hidden)) if card.hidden else written

    def searched(self, card: Card) -> Searched:
        """Return what a search needs of a card's entry."""
        record: _OnlySearched | None = decoded(self._memo.get(card.whole), _SEARCHED)
        return record.searched if record and record.searched else searched(self.whole(card))

    def _again(self, card: Card) -> Written:
        """Read an entry that was forgotten."""
        written = self._read(card.path, self._begin(card.path, self._memo), self._memo)[0].value
        if written is None:
            message = f"{card.path} had an entry when it was read first"
            raise ValueError(message)
        return written

    def shortened(self, card: Card, hidden: int) -> Card:
        """Return a card without so many of its newest changes."""
        key = fingerprint(card.whole, b"%d" % hidden)
        found: Card | None = decoded(self._plan.get(key), _CARD)
        if found is None:
            written = self.whole(card)
            found = card_of(written, Keys(card.whole, card.body), self._config, self._labels, hidden)
            found = self._recorded(shortened(written.entry, hidden), found, self._memo)
            self._plan.put(key, encode(found))
        return found

    def records(self, card: Card) -> Records:
        """Return what programs get of an entry."""
        found: Records | None = decoded(self._memo.get(card.records), _RECORDS)
        return found or self._records(self.whole(card).entry, card)

    def piece(self, form: RecordForm, shown: Sequence[Shown], permalink: Callable[[str], str]) -> Piece:
        """Return records in their order as a part of a file, which is remembered too."""
        mark = fingerprint(self._engine, form, permalink("/"), *(one.mark() for one in shown))

        def fetch() -> bytes:
            known: bytes | None = decoded(self._memo.get(mark), _BYTES)
            if known is not None:
                return known
            data = piece(form, ((permalink(path_of(one.card)), self._record(one)) for one in shown))
            self._memo.put(mark, encode(data))
            return data

        return Piece(mark, fetch)

    def _record(self, shown: Shown) -> Records:
        return self.records(shown.card).at(withdrawn=shown.withdrawn)

    def _records(self, entry: Entry, card: Card) -> Records:
        return records_of(Subject(entry, card, self._config, self._labels))

    def _recorded(self, entry: Entry, card: Card, memo: Memo) -> Card:
        """Remember what programs get of an entry by its value, and return the card with its key."""
        data = encode(self._records(entry, card))
        key = fingerprint("records", data)
        memo.put(key, data)
        return replace(card, records=key)

    # --- reading for the first time ------------------------------------------------------------------------

    def _key(self, path: str) -> bytes:
        return pair(self._context, self._digests[path] + path.encode())

    def _work(self, paths: Sequence[str]) -> list[bytes]:
        """Read some files, each step for all of them before the next one, and return what each gave."""
        memos = [Kept(self._memo) for _ in paths]
        begun = list(map(self._begin, paths, memos))
        read = list(map(self._read, paths, begun, memos))
        cards = list(map(self._card, read, memos))
        return [
            encode(_Work(encode(_Record(card, parsed.problems)), memo.new))
            for card, (parsed, _), memo in zip(cards, read, memos, strict=True)
        ]

    def _begin(self, path: str, memo: Memo) -> _Begun:
        """Read the text of a file, and its body."""
        text, problems = read_text(path, self._files[path])
        halves = halve(text) if text else None
        return _Begun(text, problems, *(self._body(halves.body, memo) if halves else (b"", _NOTHING)))

    def _read(self, path: str, begun: _Begun, memo: Memo) -> tuple[Parsed[Written], Keys | None]:
        text, problems, body_key, body = begun
        if text is None:
            return Parsed(None, problems), None
        written, problems = read_entry(path, text, self._config, lambda _: body)
        parsed = Parsed(written, (*problems, *unseen(path, text)))
        if written is None:
            return parsed, None
        entry: Any = written.entry  # one of the three kinds, as the decoder tells them apart
        keys = Keys(self._key(path), body_key)
        found = searched(written) if self._config.outputs.search else None
        memo.put(keys.whole, encode(_Whole(entry, written.body_line, found)))
        return parsed, keys

    def _card(self, read: tuple[Parsed[Written], Keys | None], memo: Memo) -> Card | None:
        (written, _), keys = read
        if not written or not keys:
            return None
        return self._recorded(written.entry, card_of(written, keys, self._config, self._labels), memo)

    def _body(self, text: str, memo: Memo) -> tuple[bytes, BodyRead]:
        """Read a body, or remember it, and return it with its key."""
        key = fingerprint(self._engine, "body", text)
        record = decoded(memo.get(key), _BODY)
        if record is not None and all(found.rule in RULES for found in record.found):
            return key, BodyRead(record.body, tuple(map(_placed, record.found)))
        fresh = read_body(text)
        memo.put(key, encode(_BodyRecord(fresh.body, tuple(map(_found, fresh.problems)))))
        return key, fresh


def _found(placed: Placed) -> _Found:
    finding = placed.finding
    return _Found(placed.rule.id, finding.message, finding.hint, placed.line, placed.column, placed.width)


def _placed(found: _Found) -> Placed:
    return Placed(RULES[found.rule], Finding(found.message, found.hint), found.line, found.column, found.width)
