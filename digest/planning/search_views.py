"""Search: its page, and the files in which its script looks things up.

- `/search/index.json` names all others, and says which entries are open: the one file that goes with the clock.
- `/search/words/`: where each word is said.  A query needs one of these for each of its words.
- `/search/rows/`: what is shown of the entries of a block.

All but the index have a mark of their content in their name, so an index and what it names always fit together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from digest.fingerprints import fingerprint
from digest.planning.cards import Card
from digest.planning.catalogue import Carried, Catalogue, in_closing_order
from digest.planning.context import SEARCH, ViewContext
from digest.planning.facets import enabled
from digest.planning.parts import Filter, Option, SearchRow
from digest.planning.program_views import SearchIndex, SearchRows, SearchWords
from digest.planning.search_blocks import MOST, Block, Piece, blocks_of, merged, width_of
from digest.planning.search_words import BUCKETS, bucket_of
from digest.planning.states import State
from digest.planning.views import SearchPage

INDEX: Final = f"{SEARCH}index.json"
WORDS: Final = "search/words/"
ROWS: Final = "search/rows/"
FULL: Final = 16 << 10
"""Bytes of words that a file of them is to hold at most, as long as there are fewer files than buckets."""
SCRIPT: Final = "search.js"
MARK: Final = 8
"""Bytes of the mark of a piece."""
_LETTERS: Final[dict[State, str]] = {
    "opening soon": "o",
    "open": "o",
    "open until filled": "o",
    "closing soon": "s",
    "last day": "s",
    "closed": "c",
    "draft": "d",
    "scheduled": "d",
}
_SHOWN: Final = (
    Option("open", "Open jobs", "os"),
    Option("closing", "Jobs closing soon", "s"),
    Option("closed", "Closed jobs", "c"),
    Option("news", "News", "n"),
)
_ORDERS: Final = (Option("newest", "Newest first"), Option("closing", "Next to close first"))


class Marks(NamedTuple):
    """How the pieces of a block are told from others."""

    marks: bytes
    """For each bucket `MARK` bytes, which are equal for two pieces only if these are."""
    size: int
    """Bytes of all pieces."""


class Blocks(Protocol):
    """Gives what entries say; it may remember it."""

    def marks(self, block: Block) -> Marks:
        """Return the marks of a block's pieces."""

    def pieces(self, block: Block, buckets: range) -> Iterator[Piece]:
        """Return those pieces of a block, of which empty ones may be left out."""

    def summary(self, card: Card) -> str:
        """Return an entry's summary."""

    def words(self, card: Card) -> set[str]:
        """Return all words of an entry, and its terms."""


class SearchViews:
    """Makes the files of search, each in two steps: what it reads, and its view."""

    def __init__(self, context: ViewContext, blocks: Blocks) -> None:
        """Take the site's frame, and what gives the words of blocks."""
        self.context = context
        self._blocks = blocks
        self.blocks = context.catalogue.derived(_blocks)

    @cached_property
    def _marks(self) -> Marks:
        """The marks of all blocks, one after the other, and the size of all."""
        found = list(map(self._blocks.marks, self.blocks))
        return Marks(b"".join(one.marks for one in found), sum(one.size for one in found))

    @cached_property
    def files(self) -> int:
        """How many files of words there are: a power of two, which grows with the site."""
        files = 1
        while files < BUCKETS and self._marks.size > files * FULL:
            files *= 2
        return files

    # --- the page ------------------------------------------------------------------------------------------

    def page(self) -> SearchPage:
        """Return the view of the page."""
        context, title = self.context, "Search"
        about = f"Search all jobs and news of {context.config.title}."
        browse = [context.link("Jobs", "/jobs/"), context.link("Closed jobs", "/jobs/closed/")]
        browse += [context.link("News", "/news/")]
        browse += [context.link(facet.title, f"/{facet.name}/") for facet in enabled(context.config)]
        return SearchPage(
            site=context.site,
            head=context.head(SEARCH, title, about, indexed=False),
            script=context.href(context.assets[SCRIPT]),
            index=context.href(INDEX),
            shown=_SHOWN,
            filters=self.filters,
            orders=_ORDERS,
            browse=tuple(browse),
        )

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """The terms of each facet that has any to choose from."""
        found = (
            Filter(
                facet.name,
                facet.term_word.capitalize(),
                tuple(Option(terms.term.id, terms.term.label) for terms in self.context.catalogue.terms[facet.name]),
            )
            for facet in enabled(self.context.config)
        )
        return tuple(one for one in found if one.options)

    # --- words ---------------------------------------------------------------------------------------------

    def words_read(self, number: int) -> bytes:
        """Return what a file of words reads: the marks of its buckets in all blocks.

        Each letter of a mark is taken for all blocks at once, which is much quicker than block by block.
        """
        marks, block = self._marks.marks, MARK * BUCKETS
        buckets = range(number, BUCKETS, self.files)
        return b"".join(
            marks[place::block] for bucket in buckets for place in range(bucket * MARK, (bucket + 1) * MARK)
        )

    def words(self, number: int) -> Iterator[tuple[str, SearchWords]]:
        """Yield the file of the buckets whose number leaves `number` over the number of files."""
        buckets = range(number, BUCKETS, self.files)
        pieces = (
            (place, piece) for place, block in enumerate(self.blocks) for piece in self._blocks.pieces(block, buckets)
        )
        view = SearchWords(merged(pieces, width_of(len(self.blocks))))
        yield f"/{WORDS}{number}.{_mark(view)}.json", view

    def says(self, number: int, card: Card) -> bool:
        """Tell whether an entry is in a file of words."""
        found = self.context.catalogue.by_id.get(card.id)
        return found is not None and any(
            bucket_of(word) % self.files == number for word in self._blocks.words(found.card)
        )

    # --- rows ----------------------------------------------------------------------------------------------

    def rows_read(self, block: Block) -> bytes:
        """Return what a file of rows reads: how lists show its entries, and their summaries."""
        return b"".join([item.mark + self.context.keys(item.card).whole for item in block])

    def rows(self, block: Block) -> Iterator[tuple[str, SearchRows]]:
        """Yield the file of a block's rows."""
        summary = self._blocks.summary
        view = SearchRows(tuple(SearchRow(self.context.row(item), summary(item.card)) for item in block))
        yield f"/{ROWS}{_mark(view)}.json", view

    # --- the index -----------------------------------------------------------------------------------------

    def index(self, paths: Sequence[str]) -> SearchIndex:
        """Return the view of the index; `paths` are those of the files of words and of rows, as they were made."""
        words = tuple(path.split(".")[-2] for path in paths if path.startswith(WORDS))
        rows = tuple(path[len(ROWS) :].partition(".")[0] for path in paths if path.startswith(ROWS))
        numbers: dict[str, int] = {}
        for place, block in enumerate(self.blocks):
            numbers.update({item.card.id: place * MOST + at for at, item in enumerate(block) if item.is_open})
        return SearchIndex(
            width=width_of(len(self.blocks)),
            words=words,
            rows=rows,
            states=tuple("".join(map(_letter, block)) for block in self.blocks),
            closing=tuple(
                (numbers[item.card.id], int(item.card.job.ended))
                for item in in_closing_order(item for block in self.blocks for item in block if item.is_open)
                if item.card.job
            ),
        )


def _blocks(catalogue: Catalogue) -> list[Block]:
    return blocks_of(catalogue.carried)


def _letter(item: Carried) -> str:
    return _LETTERS.get(item.state) or ("n" if item.card.kind == "news" else "p")


def _mark(view: Any) -> str:
    """Return the part of a file's name that tells its content from any other."""
    return fingerprint(msgspec.msgpack.encode(view))[:6].hex()
