"""The survey: what is there before a publication, in the published tree and in the spare."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from digest.decoding import Decoder
from digest.ledger import Ledger, State
from digest.trees import EMPTY, Difference, Known, Tree, beside, changed, look, unfinished
from digest.workers import Aside

MANY: Final = 1_000
"""Files from which on a process beside this one looks at both trees while other work is done here."""
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = Decoder(Difference)


class Survey:
    """Both trees, as they are and as they are remembered."""

    def __init__(self, out: Path, spare: Path, memory: Path) -> None:
        """Begin to look."""
        self._out = out
        self._spare = spare
        self.leftover = False
        """A build was killed here while it put files in place one by one; known once the tree was asked for."""
        self.ledger = Ledger(memory)
        self._seen = self.ledger.seen
        state = self.state = self.ledger.state
        self._known = Tree(state.files, state.folders), Tree(_linked(state), state.spare)
        self._aside = Aside(self._differing, range(2)) if len(state.files) > MANY else None

    def close(self) -> None:
        """Look no further."""
        if self._aside is not None:
            self._aside.close()

    def _look(self, number: int) -> Difference:
        """Look at the published tree (0), or the spare (1)."""
        return look((self._out, self._spare)[number], self._known[number], self._seen, linked=number == 1)

    def _differing(self, number: int) -> bytes:
        return _ENCODER.encode(self._look(number))

    def _looked(self, number: int) -> Tree:
        """Return a tree; where there is much to look at it has been looked at beside other work, in this order."""
        how = self._look(number) if self._aside is None else _DECODER.decode(self._aside.result())
        return changed(self._known[number], how)

    @cached_property
    def there(self) -> Tree:
        """The published tree, without what a killed build was about to put in place."""
        tree, leftover = self._looked(0), unfinished(self._out).name
        self.leftover = leftover in tree.folders
        return _without(tree, leftover) if self.leftover else tree

    @cached_property
    def keys(self) -> dict[str, bytes]:
        """The key of each published file that is as it was left, by path."""
        there = self.there.files
        return {path: left.key for path, left in self.state.files.items() if there.get(path) is left}

    def second(self) -> Tree:
        """Look at the spare; to be asked for once, after the published tree."""
        return self._looked(1)


def surveyed(out: Path) -> Survey:
    """Look at a published folder without holding it, and without writing anything."""
    return Survey(out, beside(out, "spare"), beside(out, "state"))


class Left:
    """Both trees as the last publication left them, taken at its word: a `Survey` for who has held the lock since."""

    leftover: Final = False

    def __init__(self, spare: Path, ledger: Ledger) -> None:
        """Take what that publication remembers."""
        self.ledger = ledger
        self.state = ledger.state
        self._spare = spare
        self.there = Tree(self.state.files, self.state.folders)

    def close(self) -> None:
        """Do nothing: there is nothing to look at any more."""

    @cached_property
    def keys(self) -> dict[str, bytes]:
        """The key of each published file, by path."""
        return {path: left.key for path, left in self.state.files.items()}

    def second(self) -> Tree:
        """Return the spare; where that was not remembered it is looked at."""
        if not self.state.spare:
            return changed(EMPTY, look(self._spare, EMPTY))
        return Tree(_linked(self.state), self.state.spare)


def _linked(state: State) -> dict[str, Known]:
    """Return the files of the spare that are links to those of the published tree."""
    links = dict(state.files)
    for path in state.stale:
        links.pop(path, None)
    return links


def _without(tree: Tree, folder: str) -> Tree:
    """Return a tree without a folder and all in it."""
    inside = f"{folder}/"
    files = {path: known for path, known in tree.files.items() if not path.startswith(inside)}
    return Tree(files, {path: at for path, at in tree.folders.items() if not f"{path}/".startswith(inside)})
