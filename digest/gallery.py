"""The pictures of a snapshot: what pages know of them, and the files that are made of them.

Facts are remembered by the bytes they follow from; files by their key, as all published files are.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from digest.contract import IMAGES, Made, Snapshot
from digest.decoding import Decoder, decoded
from digest.diagnostics import Diagnostic, Span
from digest.fingerprints import fingerprint
from digest.memo import Memo, Memory, encode, of_file, one_by_one
from digest.pictures import PictureFacts, copy_name


class _Record(Struct, frozen=True, array_like=True):
    """What is remembered of a picture."""

    facts: PictureFacts | None
    problems: tuple[Diagnostic, ...]


_RECORD: Final = Decoder(_Record)


class Gallery:
    """Looks at pictures, each once, and makes files of them."""

    def __init__(self, snapshot: Snapshot, paths: Iterable[str], memory: Memory, plan: Memo) -> None:
        """Look at those pictures of a snapshot, which are at `paths`, that are not known."""
        self._files = snapshot.files
        self._engine = memory.engine
        digests: Mapping[str, bytes] = snapshot.digests or {}
        self._digests = {path: digests[path] for path in paths}
        self.facts: dict[str, PictureFacts] = {}
        """By the path below `content/images/`, which is that below `images/` of the site."""
        self.sources: dict[str, str] = {}
        """The input of each picture of the site, by its path there."""
        self._widths: dict[str, int | None] = {}
        """How wide each is made at most; 0: as wide as may be; None: it is copied as it is."""
        self.problems: list[Diagnostic] = []
        keys = {path: fingerprint(self._engine, "picture", path, digest) for path, digest in self._digests.items()}
        known = {path: decoded(plan.get(key), _RECORD) for path, key in keys.items()}
        unknown: Sequence[str] = [path for path, record in known.items() if record is None]
        looked: dict[str, _Record] = {}
        for place, data in memory.map(one_by_one(self._look), unknown, "Looking at pictures"):
            path = unknown[place]
            plan.put(keys[path], data)
            looked[path] = _RECORD.decode(data)
        for path, left in known.items():
            record = left or looked[path]
            self.problems += record.problems
            if record.facts is not None:
                self._note(path, record.facts)

    def _note(self, source: str, facts: PictureFacts) -> None:
        name = source.removeprefix(IMAGES)
        self.facts[name] = facts
        widths = {name: 0 if facts.remade else None} | {copy_name(name, width): width for width in facts.copies}
        for made, width in widths.items():
            self.sources[f"images/{made}"] = source
            self._widths[f"images/{made}"] = width

    def _look(self, path: str) -> bytes:
        data = self._files[path]
        name = path.removeprefix(IMAGES)
        if data.removeprefix(BOM_UTF8).lstrip().startswith(b"<"):
            from digest.pictures.drawings import look_at_drawing  # noqa: PLC0415 - most builds look at no picture

            facts, found = look_at_drawing(name, data)
        else:
            from digest.pictures.photographs import look_at_photograph  # noqa: PLC0415 - it imports a large library

            facts, found = look_at_photograph(name, data)
        problems = tuple(check.at(Span(path, line), finding) for check, finding, line in found)
        return encode(_Record(facts, problems))

    def made(self, path: str, published: Mapping[str, bytes]) -> Made:
        """Return the file at a path of `sources`."""
        source, width = self.sources[path], self._widths[path]
        digest = self._digests[source]
        key = of_file(digest) if width is None else fingerprint(self._engine, "of a picture", b"%d" % width, digest)
        return Made(path, key, None if published.get(path) == key else self._bytes(source, width))

    def _bytes(self, source: str, width: int | None) -> bytes:
        data = self._files[source]
        if width is None:
            return data
        from digest.pictures import photographs  # noqa: PLC0415 - it imports a large library

        return photographs.copy(data, width) if width else photographs.published(data)
