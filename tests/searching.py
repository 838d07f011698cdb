"""What tests of the search share: the files of a site read as its script reads them, by code of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from digest.planning.search_words import bucket_of

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FIELDS: Final = ("body", "names", "title")


class Found(NamedTuple):
    """That an entry says a word."""

    href: str
    field: str
    """The field of the entry that counts most: body, names or title."""


class Lookup:
    """The files of search of a built site."""

    def __init__(self, site: Mapping[str, bytes]) -> None:
        """Read the index."""
        self.site = site
        self.index: dict[str, Any] = json.loads(site["search/index.json"])

    def words(self, number: int) -> dict[str, str]:
        """Return what a file of words holds."""
        found: dict[str, str] = json.loads(self.site[f"search/words/{number}.{self.index['words'][number]}.json"])
        return found

    def rows(self, block: int) -> list[list[str]]:
        """Return the rows of a block."""
        found: list[list[str]] = json.loads(self.site[f"search/rows/{self.index['rows'][block]}.json"])
        return found

    def all_words(self) -> set[str]:
        """Return every word of every file, each in the file in which it is looked for."""
        count = len(self.index["words"])
        found = [{(word, number) for word in self.words(number)} for number in range(count)]
        assert all(bucket_of(word) % count == number for words in found for word, number in words)
        return {word for words in found for word, _ in words}

    def find(self, word: str) -> set[Found]:
        """Return where a word is said."""
        places = self.words(bucket_of(word) % len(self.index["words"])).get(word)
        found: set[Found] = set()
        for segment in places.split(";") if places else []:
            width = self.index["width"]
            block = 0
            for letter in segment[:width]:
                block = block * 64 + ALPHABET.index(letter)
            rows = self.rows(block)
            for field, members in zip(FIELDS, segment[width:].split(","), strict=False):
                found |= {Found(rows[place][1], field) for place in members_of(members)}
        return found

    def state(self, href: str) -> str:
        """Return the letter of an entry's state."""
        for block, states in enumerate(self.index["states"]):
            for row, letter in zip(self.rows(block), states, strict=True):
                if row[1] == href:
                    return str(letter)
        raise KeyError(href)

    def closing(self) -> list[str]:
        """Return the addresses of the open jobs, the next to close first."""
        return [self.rows(number // 64)[number % 64][1] for number, _ in self.index["closing"]]

    def hrefs(self) -> list[str]:
        """Return the addresses of all entries, in their order."""
        return [row[1] for block in range(len(self.index["rows"])) for row in self.rows(block)]


def members_of(text: str) -> Iterator[int]:
    """Yield the places of entries in a block that a list of them names."""
    if text.startswith("!"):
        bits = [ALPHABET.index(letter) >> bit & 1 for letter in text[1:] for bit in range(6)]
        yield from (place for place, bit in enumerate(bits) if bit)
    else:
        yield from map(ALPHABET.index, text)
