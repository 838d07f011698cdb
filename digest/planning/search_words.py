"""Words as they are searched: the same for what entries say and for what a reader types.

`templates/assets/search.js` does the same with what is typed; `tests/test_search_words.py` holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import Final

BUCKETS: Final = 256
"""Places among which words are shared out, by their first letters."""
PREFIX: Final = 3
"""Letters that choose the place; so all words that begin with these letters are in one."""
_WORD: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]")
_HISSING: Final = ("xes", "ches", "shes", "sses")


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, each in the form in which it is searched.

    Compatible characters are one (Unicode NFKD), and so are letters with and without case or accent; a word is a run
    of letters and digits, in which an apostrophe does not count.

    >>> words_of("Prifysgol Môn: the WOMEN'S user-centred policies")
    ['prifysgol', 'mon', 'the', 'women', 'user', 'centred', 'policy']
    """
    return [*chain.from_iterable(map(_words_in, text.split()))]


def distinct_words(text: str) -> dict[str, None]:
    """Return the words of a text as keys, each once, in the order in which they come."""
    return dict.fromkeys(chain.from_iterable(map(_words_in, text.split())))


@lru_cache(maxsize=1 << 16)
def _words_in(piece: str) -> tuple[str, ...]:
    """Return the words of a text without spaces: entries share most of them, so that few are taken apart twice."""
    if not piece.isascii():
        piece = (
            _ACCENT.sub("", unicodedata.normalize("NFKD", piece).lower())
            .replace("\u03c2", "\u03c3")
            .replace("\u2019", "")
        )
    return tuple(map(_stem, _WORD.findall(piece.lower().replace("'", ""))))


def _stem(word: str) -> str:
    """Return a word without the ending of an English plural.

    Words of at most three letters, such as "aws", keep theirs.  Words of other languages may lose an "s" too, which
    does no harm, as what is typed loses it in the same way.
    """
    if len(word) <= PREFIX or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" is not the plural of "ty"
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_HISSING) else word[:-1]


@lru_cache(maxsize=1 << 16)
def bucket_of(word: str) -> int:
    """Return the place, below `BUCKETS`, of a word."""
    place = 0
    for letter in word[:PREFIX]:
        place = place * 31 + ord(letter)
    return place % BUCKETS
