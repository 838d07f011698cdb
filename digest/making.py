"""Making files: parts of the plan to bytes, each step done only where its value is not known.

What a part's views are is remembered by what the part reads; what a page is, by its templates and its view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from digest.at_hand import AtHand
from digest.contract import Made
from digest.diagnostics import Diagnostic
from digest.fingerprints import pair
from digest.memo import Memo, Memory, PageKeys, decoded, encode, in_turn, of_view
from digest.planning.outputs import Output, Views, listed, outputs_of
from digest.planning.pages import Part
from digest.render import Renderer, form_of


class Leaf(Struct, frozen=True, array_like=True, gc=False):
    """A planned file, without its view."""

    path: str
    form: str
    """The name of what makes its bytes of its view."""
    view: bytes
    """Fingerprint of its view."""
    listed: str | None
    """The day on which it last changed, "" where it has none, None where it is not for search engines."""


class _Work(Struct, frozen=True, array_like=True):
    """What a worker hands back: the files of a part, and the bytes of those that are not published, or why not."""

    leaves: tuple[Leaf, ...]
    files: tuple[tuple[bytes | None, tuple[Diagnostic, ...]], ...]


class _Known(NamedTuple):
    """The files of a part, whose views are known."""

    leaves: tuple[Leaf, ...]
    made: tuple[Made, ...]
    """The same, as files that are published already."""


class _Todo(NamedTuple):
    """A part that is to be made."""

    reads: bytes
    views: Callable[[], Views]
    source: str | None
    here: bool


_LEAVES: Final = msgspec.msgpack.Decoder(tuple[Leaf, ...])
_WORK: Final = msgspec.msgpack.Decoder(_Work)


class Maker:
    """Makes the files of a site."""

    def __init__(self, memory: Memory, plan: Memo, at_hand: AtHand, frame: bytes, templates: Mapping[str, str]) -> None:
        """Take the fingerprint of all that is the same for every part, and the theme's templates by name."""
        self._memory = memory
        self._published_keys = memory.published()
        self._plan = plan
        self._at_hand = at_hand
        self._lasting = memory.at_hand is not None
        """Another build follows in this process; else what is at hand would only fill it."""
        self._ground = frame, templates
        self._known: Mapping[bytes, _Known] = at_hand.known("parts", self._ground)
        self._done: dict[bytes, _Known] = {}
        self._frame = frame
        self._renderer = Renderer(templates)
        self.keys: Final = PageKeys(memory.engine, templates)
        self.problems: list[Diagnostic] = []
        self.leaves: list[tuple[Leaf, str | None]] = []
        """The files made so far, each with the entry it is made from, in the order of their parts."""

    def files(self, parts: Iterable[Part]) -> Iterator[Made]:
        """Yield the files of all parts, in no order; those with a problem are left out."""
        known, done = self._known, self._done
        todo: list[_Todo] = []
        found: list[tuple[Leaf, ...]] = []
        waiting: list[int] = []
        sources: list[str | None] = []
        for part in parts:
            left = known.get(part.reads) or self._remembered(part)
            sources.append(part.source)
            if left is not None and self._is_published(left.made):
                if self._lasting:
                    done[part.reads] = left
                found.append(left.leaves)
                yield from left.made
            else:
                waiting.append(len(found))
                found.append(())
                todo.append(_Todo(part.reads, part.views, part.source, part.here))
        for place, data in self._shared_out(todo):
            work, reads = _WORK.decode(data), todo[place].reads
            found[waiting[place]] = work.leaves
            if self._lasting:
                done[reads] = _Known(work.leaves, self._made(work.leaves))
            self._plan.put(pair(self._frame, reads), encode(work.leaves))
            yield from self._unpacked(work)
        self._at_hand.keep("parts", self._ground, done)
        self.leaves += [(leaf, source) for leaves, source in zip(found, sources, strict=True) for leaf in leaves]

    def _shared_out(self, todo: Sequence[_Todo]) -> Iterator[tuple[int, bytes]]:
        """Make parts, those that are to be made in this process first, and yield the place of each with its files."""
        for here, mapped in ((True, in_turn), (False, self._memory.map)):
            places = [place for place, one in enumerate(todo) if one.here == here]
            done = mapped(self._work, [todo[place] for place in places], "Making pages")
            yield from ((places[number], data) for number, data in done)

    def leaves_of(self, part: Part) -> tuple[Leaf, ...]:
        """Return the files of a part; its views are made where they are not known, and nothing is rendered."""
        key = pair(self._frame, part.reads)
        known: tuple[Leaf, ...] | None = decoded(self._plan.get(key), _LEAVES)
        return known if known is not None else tuple(map(_leaf, outputs_of(part.views(), part.source)))

    def rendered(self, part: Part, path: str) -> bytes | None:
        """Return the bytes of one file of a part, or None where a template does not make it."""
        wanted = next(output for output in outputs_of(part.views(), part.source) if output.path == path)
        return self._renderer.render(wanted).value

    def key_of(self, leaf: Leaf) -> bytes:
        """Return the key of a file."""
        return self.keys.of_view(leaf.form, leaf.view)

    def _remembered(self, part: Part) -> _Known | None:
        """Return the files of a part, if what it reads was met before."""
        leaves = decoded(self._plan.get(pair(self._frame, part.reads)), _LEAVES)
        return None if leaves is None else _Known(leaves, self._made(leaves))

    def _made(self, leaves: tuple[Leaf, ...]) -> tuple[Made, ...]:
        """Return files that are published as they are to be."""
        return tuple([Made(leaf.path, self.key_of(leaf), None) for leaf in leaves])

    def _is_published(self, made: tuple[Made, ...]) -> bool:
        """Tell whether all of these files are published as they are to be."""
        published = self._published_keys
        for path, key, _ in made:  # noqa: SIM110 - a generator costs several times as much, for each file of the site
            if published.get(path) != key:
                return False
        return True

    def _work(self, todo: Sequence[_Todo]) -> Iterator[bytes]:
        """Make the views of some parts, and then render those of which nothing is published."""
        made = [[(output, _leaf(output)) for output in outputs_of(one.views(), one.source)] for one in todo]
        for outputs in made:
            leaves = tuple([leaf for _, leaf in outputs])
            yield encode(_Work(leaves, tuple([self._file(output, leaf) for output, leaf in outputs])))

    def _file(self, output: Output, leaf: Leaf) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
        """Return the bytes of a file that is not published, or why there are none."""
        known = self._published_keys.get(leaf.path) == self.key_of(leaf)
        return (None, ()) if known else self._renderer.render(output)

    def _unpacked(self, work: _Work) -> Iterator[Made]:
        for leaf, (data, problems) in zip(work.leaves, work.files, strict=True):
            self.problems += problems
            if not problems:
                yield Made(leaf.path, self.key_of(leaf), data)


def _leaf(output: Output) -> Leaf:
    return Leaf(output.path, form_of(output), of_view(output.view), listed(output))
