"""The words of blocks for search, remembered by the entries in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from digest.decoding import Decoder, decoded
from digest.documents.config import Config
from digest.fingerprints import fingerprint
from digest.memo import Memo, encode
from digest.planning.cards import Card, Labels
from digest.planning.search_blocks import Block, Piece, pieces_of
from digest.planning.search_entries import Said, Sayings
from digest.planning.search_views import MARK, Marks
from digest.planning.search_words import BUCKETS
from digest.reading import EntryReader

_MARKS: Final = Decoder(Marks)
_PIECES: Final = Decoder(tuple[msgspec.Raw, ...])
_PIECE: Final = Decoder(Piece)
_EMPTY: Final = encode({})


class BlockReader:
    """Reads the words of blocks; implements `search_views.Blocks`."""

    def __init__(self, reader: EntryReader, config: Config, memo: Memo, plan: Memo) -> None:
        """Take what reads entries; pieces are remembered in `memo`, their marks in `plan`."""
        self._reader = reader
        self._sayings = Sayings(Labels(config), config)
        self._memo = memo
        self._plan = plan
        self._opened: dict[bytes, tuple[msgspec.Raw, ...]] = {}

    def summary(self, card: Card) -> str:
        """Return an entry's summary."""
        return self._reader.searched(card).summary

    def words(self, card: Card) -> set[str]:
        """Return all words of an entry, and its terms."""
        return set().union(*self._said(card))

    def marks(self, block: Block) -> Marks:
        """Return the marks of a block's pieces."""
        key = self._key(block)
        known: Marks | None = decoded(self._plan.get(key), _MARKS)
        if known is None:
            pieces = self._make(block)
            known = Marks(b"".join(map(_mark, pieces)), sum(map(len, pieces)))
            self._plan.put(key, encode(known))
        self._memo.keep([key])
        return known

    def pieces(self, block: Block, buckets: range) -> Iterator[Piece]:
        """Return those pieces of a block, without empty ones."""
        key = self._key(block)
        pieces = self._opened.get(key)
        if pieces is None:
            pieces = self._opened[key] = decoded(self._memo.get(key), _PIECES) or ()
        found = [decoded(pieces[bucket], _PIECE) for bucket in buckets] if len(pieces) == BUCKETS else [None]
        if None in found:
            made = self._make(block)
            self._opened[key] = tuple(map(msgspec.Raw, made))
            return filter(None, [_PIECE.decode(made[bucket]) for bucket in buckets])
        return filter(None, found)

    def _key(self, block: Block) -> bytes:
        return fingerprint("block", b"".join([self._reader.keys(item.card).whole for item in block]))

    def _said(self, card: Card) -> Said:
        return self._sayings.of(card, self._reader.searched(card))

    def _make(self, block: Block) -> list[bytes]:
        """Find the pieces of a block and remember them."""
        pieces = list(map(encode, pieces_of([self._said(item.card) for item in block])))
        self._memo.put(self._key(block), encode(list(map(msgspec.Raw, pieces))))
        return pieces


def _mark(piece: bytes) -> bytes:
    return bytes(MARK) if piece == _EMPTY else fingerprint(piece)[:MARK]
