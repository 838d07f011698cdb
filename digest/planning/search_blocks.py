"""Blocks: how entries are numbered for search, so that an edit concerns few others; and the words of a block.

Entries stand in the order of their publication.  Their span of time is halved, and each half again, until no part has
more than `MOST` of them: such a part is a block.  A new entry changes its own block, or divides it, and no other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from digest.planning.cards import Card
from digest.planning.catalogue import Carried
from digest.planning.search_entries import Said
from digest.planning.search_words import BUCKETS, bucket_of

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""The digits in which numbers are written, least first (base64url, RFC 4648 §5)."""
MOST: Final = len(LETTERS)
"""Entries of a block at most, so that the place of one in it is a letter."""
_BITS: Final = 6
"""Bits of a letter."""
_EPOCH: Final = 1 << 40
"""Seconds that are added to an instant, so that none is negative."""
_LONG: Final = 24
"""Letters of an id that are looked at: more than that is seldom the same for many entries of one instant."""
Block = tuple[Carried, ...]
"""Entries, the first published first."""
Piece = dict[str, str]
"""The places of words in a block, as `written` puts them, by word."""


def blocks_of(items: Sequence[Carried]) -> list[Block]:
    """Cut entries, which are in catalogue order, into blocks, the oldest first."""
    oldest_first = items[::-1]
    keys = [_key(item.card) for item in oldest_first]
    return [tuple(oldest_first[start:stop]) for start, stop in _spans(keys)]


def _key(card: Card) -> int:
    """Return a number that grows along a list in reverse catalogue order: the instant, then the id, the last first."""
    first = int.from_bytes(card.id.encode()[:_LONG].ljust(_LONG, b"\0"), "big")
    return (int(card.published) + _EPOCH << 8 * _LONG) - first


def _spans(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks of sorted keys, half-open."""
    waiting = [(0, len(keys))]
    while waiting:
        start, stop = waiting.pop()
        first, last = (keys[start], keys[stop - 1]) if start < stop else (0, 0)
        if stop - start <= MOST:
            if start < stop:
                yield start, stop
        elif first == last:
            yield from ((at, min(at + MOST, stop)) for at in range(start, stop, MOST))
        else:
            bit = (first ^ last).bit_length() - 1  # the greatest in which any two of them differ
            half = bisect_left(keys, last >> bit << bit, start, stop)
            waiting += [(half, stop), (start, half)]


def pieces_of(members: Sequence[Said]) -> list[Piece]:
    """Return the words of a block's members: for each bucket, each word in order with its places.

    Places are written as one to three lists with a comma between them: members that say the word in the body, in
    names, in the title.  A member is named once, by the list that counts most.
    """
    lists: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in Said._fields]
    for bit, said in zip(_LETTER, members, strict=False):
        for found, words in zip(lists, said, strict=True):
            for word in words:
                found[word].append(bit)
    title, names, body = lists
    pieces: list[Piece] = [{} for _ in range(BUCKETS)]
    limit = len(members) // _BITS + 2
    for word in sorted(title.keys() | names.keys() | body.keys()):
        places = _short(body.get(word, ()), limit)
        if word in names or word in title:
            more = (_short(found.get(word, ()), limit) for found in (names, title))
            places = ",".join((places, *more)).rstrip(",")
        pieces[bucket_of(word)][word] = places
    return pieces


_LETTER: Final = {1 << place: letter for place, letter in enumerate(LETTERS)}
"""The letter of each member of a block, by its bit in a set of them."""


def _short(members: Sequence[int], limit: int) -> str:
    """Return a list of members, given by their bits, or `!` and the bits of a set where that is shorter."""
    if len(members) < limit:
        return "".join([_LETTER[bit] for bit in members])
    bits = sum(members)
    return "!" + "".join([LETTERS[bits >> at & MOST - 1] for at in range(0, bits.bit_length(), _BITS)])


def width_of(blocks: int) -> int:
    """Return how many letters the number of a block takes, where there are so many."""
    return max(1, -(-(max(blocks - 1, 0)).bit_length() // _BITS))


def merged(pieces: Iterable[tuple[int, Piece]], width: int) -> Piece:
    """Join pieces, each with the number of its block: after that number, in `width` letters, come the places.

    Between blocks stands a semicolon.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, piece in pieces:
        block = "".join(LETTERS[number >> at & MOST - 1] for at in range((width - 1) * _BITS, -1, -_BITS))
        for word, places in piece.items():
            found[word].append(block + places)
    return {word: ";".join(found[word]) for word in sorted(found)}
