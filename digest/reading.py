"""Reading all entries, each once for ever: their cards at once, the rest when it is asked for."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from digest.at_hand import AtHand
from digest.contract import Snapshot
from digest.decoding import decoded
from digest.diagnostics import Diagnostic, Parsed, Span
from digest.documents.config import Config
from digest.documents.entries import Written, read_entry
from digest.file_rules import unseen
from digest.filing import (
    BODY,
    BYTES,
    DRAWER,
    DRAWERS,
    FULL,
    RECORDS,
    SEARCHED,
    SHORTENED,
    UNREAD,
    WHOLE,
    WORK,
    BodyRecord,
    OnlySearched,
    Record,
    Sharing,
    Shortened,
    Whole,
    Work,
    drawer_of,
)
from digest.fingerprints import Piece, fingerprint, pair
from digest.markup import Body, BodyRead, read_body
from digest.memo import Kept, Map, Memo, encode
from digest.model import Entry
from digest.planning.cards import Card, Keys, Labels, card_of, shortened
from digest.planning.records import RecordForm, Records, Shown, Subject
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


class _Begun(NamedTuple):
    """A file whose body has been read."""

    text: str | None
    """None where it is not UTF-8."""
    problems: tuple[Diagnostic, ...]
    """Why it is not."""
    body_key: bytes
    body: BodyRead
    """Empty where there is no front matter that would end before it."""


_NOTHING: Final = BodyRead(Body(("",), "", 0), ())


class EntryReader:
    """Reads entries and remembers them; implements `sources.Sources` and `context.Entries`."""

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
        self.paths: Collection[str] = ()
        self.cards: Sequence[Card] = ()
        self._keys: Mapping[str, Keys] = {}

    def read_all(
        self, paths: Iterable[str], shared_out: Map, meanwhile: Callable[[], None] | None = None
    ) -> list[Diagnostic]:
        """Read the entries of these files into `cards`, in their order, and return all their problems.

        `meanwhile` is done here if other processes read.
        """
        at_hand: Mapping[str, Record] = self._at_hand.known("records", self._context)
        known = at_hand or self._remembered()
        found: dict[str, Record] = {}
        missing: list[str] = []
        for path in paths:
            left = known.get(path, UNREAD)
            if left.digest != self._digests[path]:
                missing.append(path)
            found[path] = left
        sharing = Sharing(self._digests)
        for place, data in shared_out(self._work, missing, "Reading entries", meanwhile):
            work, path = WORK.decode(data), missing[place]
            record = work.record
            same = {key: key for key in record.keys}
            for key, value in work.whole.items():
                self._memo.put(same.get(key, key), value)
            sharing.take(path, record)
            found[path] = _as_before(found[path], record)
        self._remember(found, missing)
        self._keys = {path: record.keys for path, record in found.items()}
        self.paths = self._keys.keys()
        self.cards = [record.card for record in found.values() if record.card is not None]
        kept = [self._keys[path] for path in missing] if at_hand else self._keys.values()
        self._memo.keep(chain.from_iterable(kept))
        return [problem for record in found.values() for problem in record.problems]

    def _remembered(self) -> dict[str, Record]:
        """Return the records of all files, as far as they are remembered."""
        found: dict[str, Record] = {}
        sharing = Sharing(self._digests)
        for number in range(DRAWERS):
            drawer: dict[str, Record] = decoded(self._plan.take(self._drawer(number)), DRAWER) or {}
            if len(drawer) > FULL:
                for path, record in drawer.items():
                    sharing.take(path, record)
            found |= drawer
        return found

    def _remember(self, found: Mapping[str, Record], new: Iterable[str]) -> None:
        """Remember records that are new, with all that are in the same drawers."""
        drawers: dict[int, dict[str, Record]] = {drawer_of(path): {} for path in new}
        for path, record in found.items() if drawers else ():
            if (drawer := drawers.get(drawer_of(path))) is not None:
                drawer[path] = record
        for number, records in drawers.items():
            self._plan.put(self._drawer(number), encode(records))
        self._at_hand.keep("records", self._context, found)

    def _drawer(self, number: int) -> bytes:
        return pair(self._context, b"drawer %d" % number)

    def keys(self, card: Card) -> Keys:
        """Return the keys of an entry, without the changes that its card leaves out."""
        keys = self._keys[card.path]
        return keys if not card.hidden else self._shortened(card, card.hidden).keys

    def text(self, path: str) -> str:
        """Return a file's text, or none of it where it is not UTF-8."""
        return read_text(path, self._files[path]).value or ""

    def whole(self, card: Card) -> Written:
        """Return a card's whole entry, without the changes that the card leaves out."""
        keys = self._keys[card.path]
        record = decoded(self._memo.get(keys.whole), WHOLE)
        body = decoded(self._memo.get(keys.body), BODY)
        if record is not None and body is not None:
            written = Written(record.entry, body.body, record.body_line)
        else:
            written = self._again(card)
        return written._replace(entry=shortened(written.entry, card.hidden)) if card.hidden else written

    def searched(self, card: Card) -> Searched:
        """Return what a search needs of a card's entry."""
        record: OnlySearched | None = decoded(self._memo.get(self._keys[card.path].whole), SEARCHED)
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
        return self._shortened(card, hidden).card

    def _shortened(self, card: Card, hidden: int) -> Shortened:
        keys = self._keys[card.path]
        key = fingerprint(keys.whole, b"%d" % hidden)
        found: Shortened | None = decoded(self._plan.get(key), SHORTENED)
        if found is None:
            written = self.whole(replace(card, hidden=0))
            short = card_of(written, self._config, self._labels, hidden)
            records = self._recorded(shortened(written.entry, hidden), short, self._memo)
            found = Shortened(short, Keys(key, keys.body, records))
            self._plan.put(key, encode(found))
        return found

    def records(self, card: Card) -> Records:
        """Return what programs get of an entry."""
        found: Records | None = decoded(self._memo.get(self.keys(card).records), RECORDS)
        return found or self._records(self.whole(card).entry, card)

    def piece(self, form: RecordForm, shown: Sequence[Shown], permalink: Callable[[str], str]) -> Piece:
        """Return records in their order as a part of a file, which is remembered too."""
        mark = fingerprint(self._engine, form, permalink("/"), *(one.mark() for one in shown))

        def fetch() -> bytes:
            known: bytes | None = decoded(self._memo.get(mark), BYTES)
            if known is not None:
                return known
            from digest.opendata import piece  # noqa: PLC0415 - many sites have no open data

            data = piece(form, ((permalink(path_of(one.card)), self._record(one)) for one in shown))
            self._memo.put(mark, encode(data))
            return data

        return Piece(mark, fetch)

    def _record(self, shown: Shown) -> Records:
        return self.records(shown.card).at(withdrawn=shown.withdrawn)

    def _records(self, entry: Entry, card: Card) -> Records:
        outputs = self._config.outputs
        if not (outputs.calendars or outputs.data):
            return Records()

        from digest.opendata import records_of  # noqa: PLC0415 - most of it is for open data

        return records_of(Subject(entry, card, self._config, self._labels))

    def _recorded(self, entry: Entry, card: Card, memo: Memo) -> bytes:
        """Remember what programs get of an entry by its value, and return the key."""
        data = encode(self._records(entry, card))
        key = fingerprint("records", data)
        memo.put(key, data)
        return key

    # --- reading for the first time ------------------------------------------------------------------------

    def _key(self, path: str) -> bytes:
        return pair(self._context, self._digests[path] + path.encode())

    def _work(self, paths: Sequence[str]) -> list[bytes]:
        """Read some files, each step for all of them before the next one, and return what each gave."""
        memos = [Kept(self._memo) for _ in paths]
        begun = list(map(self._begin, paths, memos))
        read = list(map(self._read, paths, begun, memos))
        records = list(map(self._record_of, paths, read, memos))
        return [encode(Work(record, memo.new)) for record, memo in zip(records, memos, strict=True)]

    def _begin(self, path: str, memo: Memo) -> _Begun:
        """Read the text of a file, and its body."""
        text, problems = read_text(path, self._files[path])
        halves = halve(text) if text else None
        return _Begun(text, problems, *(self._body(halves.body, memo) if halves else (b"", _NOTHING)))

    def _read(self, path: str, begun: _Begun, memo: Memo) -> tuple[Parsed[Written], Keys]:
        text, problems, body_key, body = begun
        if text is None:
            return Parsed(None, problems), UNREAD.keys
        written, problems = read_entry(path, text, self._config, lambda _: body)
        parsed = Parsed(written, (*problems, *unseen(path, text)))
        if written is None:
            return parsed, UNREAD.keys
        entry: Any = written.entry  # one of the three kinds, as the decoder tells them apart
        keys = Keys(self._key(path), body_key, b"")
        found = searched(written) if self._config.outputs.search else None
        memo.put(keys.whole, encode(Whole(entry, written.body_line, found)))
        return parsed, keys

    def _record_of(self, path: str, read: tuple[Parsed[Written], Keys], memo: Memo) -> Record:
        """Return what is to be remembered of a file."""
        (written, problems), keys = read
        card = None
        if written:
            card = card_of(written, self._config, self._labels)
            keys = keys._replace(records=self._recorded(written.entry, card, memo))
        return Record(self._digests[path], card, keys, problems)

    def _body(self, text: str, memo: Memo) -> tuple[bytes, BodyRead]:
        """Read a body, or remember it, and return it with its key."""
        key = fingerprint(self._engine, "body", text)
        record: BodyRecord | None = decoded(memo.get(key), BODY)
        known = None if record is None else record.read()
        if known is not None:
            return key, known
        fresh = read_body(text)
        memo.put(key, encode(BodyRecord.of(fresh)))
        return key, fresh


def _as_before(left: Record, record: Record) -> Record:
    """Return a record with the very card that was left at hand, where it is equal: all that was made of it holds."""
    return replace(record, card=left.card) if left.card == record.card else record
