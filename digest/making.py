"""Making files: parts of the plan to bytes, each step done only where its value is not known.

What a part's views are is remembered by what the part reads, for all parts of a bundle together; what a page is, by its
templates and its view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from digest.at_hand import AtHand
from digest.contract import Made
from digest.decoding import Decoder, decoded
from digest.diagnostics import Diagnostic
from digest.fingerprints import pair
from digest.memo import BATCH, Kept, Memo, Memory, PageKeys, encode, of_view
from digest.planning.outputs import Output, listed, outputs_of
from digest.planning.pieces import Bundle, Part
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
    code: dict[bytes, bytes]
    """Templates that were compiled on the way."""


class _Record(Struct, frozen=True, array_like=True):
    """What is remembered of a bundle."""

    key: bytes
    """Of what it reads."""
    parts: dict[bytes, tuple[Leaf, ...]]
    """The files of its parts, by the keys of what these read, in their order."""

    def leaves(self) -> Iterator[Leaf]:
        """Yield its files."""
        return chain.from_iterable(self.parts.values())


class _Listed(NamedTuple):
    """What is left of a bundle once its files are known: their paths, and the lines of search engines."""

    paths: list[str]
    lines: list[tuple[str, str]]

    @classmethod
    def of(cls, record: _Record) -> _Listed:
        """List the files of a bundle."""
        return cls([leaf.path for leaf in record.leaves()], days_of(record.leaves()))


class _Known(Struct, frozen=True):
    """A bundle whose files are known."""

    record: _Record
    made: tuple[Made, ...]
    """Its files, as such that are published already."""


class _Todo(Struct, frozen=True):
    """Parts that have to be made."""

    parts: list[Part]
    homes: list[tuple[_Record, bytes]]
    """Where the files of each belong, in the same order: a record, and the key in it."""


_RECORD: Final = Decoder(_Record)
_NOTHING: Final = _Record(b"", {})
_NAME: Final = b"bundle "
_WORK: Final = Decoder(_Work)


class Maker:
    """Makes the files of a site."""

    def __init__(self, memory: Memory, plan: Memo, at_hand: AtHand, frame: bytes, templates: Mapping[str, str]) -> None:
        """Take the fingerprint of all that is the same for every part, and the theme's templates by name."""
        self._memory = memory
        self._plan = plan
        self._at_hand = at_hand
        self._ground = frame, templates
        self._known: Mapping[str, _Known] = at_hand.known("bundles", self._ground)
        self._done: dict[str, _Known] = {}
        self._frame = frame
        self._code = memory.code or Kept()
        self._renderer = at_hand.same("renderer", templates, lambda: Renderer(templates, self._code.get))
        self._renderer.age()
        self.keys: Final = PageKeys(memory.engine, templates)
        self.problems: list[Diagnostic] = []
        self.paths: list[str] = []
        """The paths of the files made so far, in the order of their parts."""
        self.listed: list[tuple[str, str]] = []
        """Of those that are for search engines, each with the day on which it last changed."""

    def files(self, bundles: Iterable[Bundle]) -> Iterator[Made]:
        """Yield the files of all bundles, in no order; those with a problem are left out."""
        found: list[_Record | _Listed] = []
        new: dict[str, _Record] = {}
        todo = _Todo([], [])
        one = dict[str | None, str | None]().setdefault
        for bundle in bundles:
            left, key = self._left(bundle), self._key(bundle.reads) if bundle.reads else b""
            record = left.record
            if key and record.key == key and self._is_published(left.made):
                yield from left.made
                found.append(_Listed.of(record))
            else:
                record = _Record(key, {})
                yield from self._opened(bundle, left.record, record, todo)
                found.append(record)
            if record.key != left.record.key or record.parts.keys() != left.record.parts.keys():
                new[bundle.name] = record
            elif self._at_hand.lasting:
                self._done[bundle.name] = left
        for place, data in self._shared_out(todo.parts):
            (record, key), work = todo.homes[place], _WORK.decode(data)
            record.parts[key] = work.leaves
            for leaf in work.leaves:  # of what is the same for many files one copy is held
                force_setattr(leaf, "form", one(leaf.form, leaf.form))
                force_setattr(leaf, "listed", one(leaf.listed, leaf.listed))
            yield from self._unpacked(work)
        for name, record in new.items():
            self._plan.put(self._key(_NAME + name.encode()), encode(record))
            if self._at_hand.lasting:
                self._done[name] = _Known(record, self._made(record.leaves()))
        for laid in found:
            paths, lines = _Listed.of(laid) if isinstance(laid, _Record) else laid
            self.paths += paths
            self.listed += lines
        self._at_hand.keep("bundles", self._ground, self._done)

    def _opened(self, bundle: Bundle, known: _Record, record: _Record, todo: _Todo) -> Iterator[Made]:
        """Yield the files of parts that are known and published; note in `record` all parts, in `todo` the others."""
        for part in bundle.parts():
            key = self._key(part.reads)
            leaves = known.parts.get(key)
            made = None if leaves is None else self._made(leaves)
            if leaves is not None and made is not None and self._is_published(made):
                record.parts[key] = leaves
                yield from made
            else:
                record.parts[key] = ()
                todo.parts.append(replace(part, reads=b""))  # it may be long, and is in the key
                todo.homes.append((record, key))

    def _shared_out(self, todo: list[Part]) -> Iterator[tuple[int, bytes]]:
        """Make parts, and yield the place of each with its files.

        The list is emptied: what others make need not be held here.
        """
        order = sorted(range(len(todo)), key=lambda place: not todo[place].here)
        parts = [todo[place] for place in order]
        todo.clear()
        done = self._memory.map(self._work, parts, "Making pages", None, sum(part.here for part in parts))
        del parts
        for number, data in done:
            yield order[number], data

    def each(self, bundles: Iterable[Bundle]) -> Iterator[tuple[Part, Leaf]]:
        """Yield every file with its part; views are made where they are not known, and nothing is rendered."""
        for bundle in bundles:
            known = self._left(bundle).record.parts
            for part in bundle.parts():
                leaves = known.get(self._key(part.reads))
                for leaf in map(_leaf, outputs_of(part.views(), part.source)) if leaves is None else leaves:
                    yield part, leaf

    def rendered(self, part: Part, path: str) -> bytes | None:
        """Return the bytes of one file of a part, or None where a template does not make it."""
        wanted = next(output for output in outputs_of(part.views(), part.source) if output.path == path)
        return self._renderer.render(wanted).value

    def key_of(self, leaf: Leaf) -> bytes:
        """Return the key of a file."""
        return self.keys.of_view(leaf.form, leaf.view)

    @cached_property
    def _published_keys(self) -> Mapping[str, bytes]:
        return self._memory.published()  # while the plan is made the published tree may still be looked at

    def _key(self, reads: bytes) -> bytes:
        return pair(self._frame, reads)

    def _left(self, bundle: Bundle) -> _Known:
        """Return what was found when a bundle was met before."""
        left = self._known.get(bundle.name)
        if left is None:
            data = self._plan.get(self._key(_NAME + bundle.name.encode()))
            record: _Record = decoded(data, _RECORD) or _NOTHING
            left = _Known(record, self._made(record.leaves()))
        return left

    def _made(self, leaves: Iterable[Leaf]) -> tuple[Made, ...]:
        """Return files that are published as they are to be."""
        key_of = self.keys.of_view
        return tuple([Made(leaf.path, key_of(leaf.form, leaf.view), None) for leaf in leaves])

    def _is_published(self, made: tuple[Made, ...]) -> bool:
        """Tell whether all of these files are published as they are to be."""
        published = self._published_keys
        for path, key, _ in made:  # noqa: SIM110 - a generator costs several times as much, for each file of the site
            if published.get(path) != key:
                return False
        return True

    def _work(self, todo: Sequence[Part]) -> Iterator[bytes]:
        """Make the views of some parts, and then render those of which nothing is published."""
        made: list[list[tuple[Output, Leaf]]] = []
        planned = 0
        for part in todo:
            made.append([(output, _leaf(output)) for output in outputs_of(part.views(), part.source)])
            planned += len(made[-1])
            if planned >= BATCH:  # a part may have a thousand files
                yield from self._rendered_in_turn(made)
                planned = 0
        yield from self._rendered_in_turn(made)

    def _rendered_in_turn(self, made: list[list[tuple[Output, Leaf]]]) -> Iterator[bytes]:
        """Render the files of parts, whose views are let go of one after the other."""
        made.reverse()
        while made:
            yield self._worked(made.pop())

    def _worked(self, outputs: Sequence[tuple[Output, Leaf]]) -> bytes:
        """Return what is to be handed back of a part."""
        leaves = tuple([leaf for _, leaf in outputs])
        files = tuple([self._file(output, leaf) for output, leaf in outputs])
        return encode(_Work(leaves, files, self._renderer.compiled.new()))

    def _file(self, output: Output, leaf: Leaf) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
        """Return the bytes of a file that is not published, or why there are none."""
        known = self._published_keys.get(leaf.path) == self.key_of(leaf)
        return (None, ()) if known else self._renderer.render(output)

    def _unpacked(self, work: _Work) -> Iterator[Made]:
        for key, code in work.code.items():
            self._code.put(key, code)
        for leaf, (data, problems) in zip(work.leaves, work.files, strict=True):
            self.problems += problems
            if not problems:
                yield Made(leaf.path, self.key_of(leaf), data)


def days_of(leaves: Iterable[Leaf]) -> list[tuple[str, str]]:
    """Return the paths of files for search engines, each with the day on which it last changed."""
    return [(leaf.path, leaf.listed) for leaf in leaves if leaf.listed is not None]


def _leaf(output: Output) -> Leaf:
    return Leaf(output.path, form_of(output), of_view(output.view), listed(output))
