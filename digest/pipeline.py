"""The pipeline: read, parse, derive, plan, check, render; from a snapshot to the files of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from digest.contract import IMAGES, LOCK, Filled, Found, Made, StoppedError
from digest.diagnostics import Diagnostic, failed
from digest.documents.config_file import PATH as CONFIG
from digest.documents.config_file import unknown_navigation
from digest.file_rules import path_collision
from digest.fingerprints import fingerprint
from digest.gallery import Gallery
from digest.making import Maker
from digest.memo import encode
from digest.planning.addresses import Addresses, are_apart
from digest.planning.context import SEARCH, ViewContext
from digest.planning.frames import Frames
from digest.planning.pages import Lines, Plan
from digest.planning.permanence import Lock, no_lock
from digest.planning.pieces import Bundle
from digest.planning.references import References
from digest.planning.search_views import ROWS, SCRIPT, WORDS
from digest.planning.states import local_day
from digest.reading import read_text
from digest.searching import BlockReader
from digest.standing import Standing
from digest.text.nodes import Reading
from digest.theme import Theme
from digest.whole import in_zone


class Planned(NamedTuple):
    """A site that can be made."""

    references: References
    copied: tuple[Theme, Gallery]
    """What has files that are made of one input each, without a template."""
    plan: Plan
    maker: Maker


class Pipeline:
    """One run of the pipeline, from all that was read to the files of a site."""

    def __init__(self, standing: Standing) -> None:
        """Take what was read; of what follows, nothing is done yet.

        Raises StoppedError where the configuration could not be read.
        """
        self._standing = standing
        self._reader, self._catalogue = standing.read()
        self.digests = standing.digests
        self.options = standing.options
        self.memory = standing.memory
        self.problems = standing.problems
        self._snapshot = standing.snapshot
        self._memo = standing.memo
        self._plan = standing.plan
        self._at_hand = standing.at_hand
        self._inventory = standing.inventory
        self._config_text = standing.config_text
        self._read = b""
        """What `References` reads."""
        self.lock: Filled | None = None
        """What the lock is to hold once the site is published; None where it stays as it is."""

    def found(self) -> Found:
        """Return what was found out so far."""
        return self._standing.found()

    def planned(self) -> Planned:
        """Plan the site, without making a file; raises StoppedError where problems stop a build before that."""
        reader, catalogue = self._reader, self._catalogue
        references = References(reader, catalogue, self._images())
        self._read = self._read_by_references()
        self._checked("references", self._read, lambda: self._read, references.check)
        self._check_lock()
        needed = [SCRIPT] if catalogue.config.outputs.search else []
        theme = Theme(self._snapshot, self._inventory.theme, needed)
        gallery = Gallery(self._snapshot, self._inventory.pictures, self.memory, self._plan)
        self.problems += [*theme.problems, *gallery.problems]
        self._stop()
        frames, drafts = Frames(gallery.facts), self.options.drafts
        context = ViewContext(catalogue, reader, theme.assets, frames, drawn_icon=theme.drawn_icon, drafts=drafts)
        frame = self._frame(context)
        maker = Maker(self.memory, self._plan, self._at_hand, frame, theme.templates)
        blocks = BlockReader(reader, catalogue.config, self._memo, self._plan)
        return Planned(
            references, (theme, gallery), Plan(context, blocks, self._at_hand.table("feed items", frame)), maker
        )

    def files(self) -> Iterator[Made]:
        """Yield every file of the site, each once, in no order; raises StoppedError as `Build.files` does."""
        references, copied, plan, maker = self.planned()
        published = self.memory.published()
        for place in copied:
            yield from (place.made(path, published) for path in place.sources)
        yield from self._made(maker, plan.bundles())
        found = list(maker.listed)
        lines = self._at_hand.same("lines", found, lambda: Lines(found))
        yield from self._made(maker, plan.last(lines, tuple(maker.paths)))
        self._check_addresses(
            references,
            [*_lasting(maker.paths), *(path for place in copied for path in place.sources)],
            lambda: [part.source for part, leaf in maker.each(plan.bundles()) if _lasting([leaf.path])],
        )
        self._stop()
        if not self._at_hand.lasting:
            self._catalogue.forget()

    def _images(self) -> frozenset[str]:
        return frozenset(path.removeprefix(IMAGES) for path in self._inventory.pictures)

    # --- make ----------------------------------------------------------------------------------------------

    def _frame(self, context: ViewContext) -> bytes:
        """Return the fingerprint of all that every view may read besides what its part says."""
        config, year = context.config, b"%d" % context.this_year
        asked = (config.base_url, str(config.outputs.search))
        return fingerprint(self.memory.engine, "view", self._config_text, *asked, year, encode(context.site))

    def _made(self, maker: Maker, bundles: Iterable[Bundle]) -> Iterator[Made]:
        yield from maker.files(bundles)
        places = {(problem.span.path, problem.span.line) for problem in self.problems}
        for problem in sorted(maker.problems, key=lambda found: (found.span, found.message, found.hint or "")):
            place = (problem.span.path, problem.span.line)
            if place not in places:  # one report for each place, not each page
                places.add(place)
                self.problems.append(problem)
        maker.problems.clear()

    # --- check ---------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        if failed(self.problems, strict=self.options.strict):
            raise StoppedError(self.found())

    def _checked(
        self, what: str, reads: Any, written: Callable[[], bytes], check: Callable[[], Sequence[Diagnostic]]
    ) -> None:
        """Do a check, unless it is known to find nothing in what it reads; `written` gives that as bytes."""
        ground = (self._config_text, reads)
        if self._at_hand.known(what, ground):
            return
        key = fingerprint(self.memory.engine, what, self._config_text, written())
        if self._plan.get(key) is None:
            problems = check()
            self.problems += problems
            if problems:
                return
            self._plan.put(key, b"")
        self._at_hand.keep(what, ground, {"": "nothing to tell"})

    def _check_lock(self) -> None:
        """Check that what was published once is still there, and note what is published now.

        What `References` reads has all that the lock is held against.
        """
        options, catalogue = self.options, self._catalogue
        if LOCK not in self.digests:
            self.problems += no_lock() if options.frozen else []
            return
        zone, now = catalogue.config.timezone, catalogue.now
        until = min(now, in_zone(options.until, zone)) if options.until else now
        later = b"" if until == now else until.isoformat().encode()  # what is published now follows from the marks
        reads = [self.digests[LOCK], later, self._read]
        key = fingerprint(self.memory.engine, "lock", self._config_text, *reads)
        if self._plan.get(key) is not None:
            return
        text, problems = read_text(LOCK, self._snapshot.files[LOCK])
        self.problems += problems
        if text is None:
            return
        lock = Lock(text, self._reader)
        missing = lock.missing(until.timestamp())
        problems = tuple(lock.check(local_day(now, zone), missing if options.frozen else ()))
        self.problems += problems
        filled = lock.with_lines(missing)
        if filled == text and not problems:
            self._plan.put(key, b"")
        elif filled != text and not (options.frozen or options.drafts):
            self.lock = Filled(filled.encode(), self.digests[LOCK], len(missing))

    def _read_by_references(self) -> bytes:
        """Return all that `References` reads, beyond the configuration."""
        unread = sorted(set(self._reader.paths).difference([card.path for card in self._reader.cards]))
        parts = [card.face for card in self._reader.cards] + [item.mark for item in self._catalogue.carried]
        return b"\0".join([b"".join(parts), *map(str.encode, [*sorted(self._images()), "", *unread])])

    def _check_addresses(
        self, references: References, paths: Sequence[str], sources: Callable[[], Sequence[str | None]]
    ) -> None:
        """Check that no two files have one address, and that links and navigation lead somewhere.

        `sources` gives for the first of `paths` the entry that each is made from; none of the others is one entry's.
        """

        def written() -> bytes:
            return "\0".join(paths).encode() + self._read

        def check() -> list[Diagnostic]:
            files = [] if are_apart(paths) else zip(paths, chain(sources(), repeat(None)), strict=False)
            return [*self._collisions(files), *self._lost_links(references, paths)]

        self._checked("addresses", (paths, self._read), written, check)

    def _lost_links(self, references: References, paths: Sequence[str]) -> list[Diagnostic]:
        """Check links within the site, and the navigation."""
        config = references.catalogue.config
        asked = references.linked() | {link.path for link in config.navigation}
        there = asked.intersection(map(_address, paths))
        if not asked <= there | references.coming:
            there.update(map(_address, paths))  # any of them may have been meant
        if not self.options.search:
            there.add(SEARCH)  # links to it are right, but for this build
        problems = references.check_links(there)
        there |= references.catalogue.waiting_paths
        return [*problems, *unknown_navigation(self._config_text, config, there)]

    def _collisions(self, files: Iterable[tuple[str, str | None]]) -> Iterator[Diagnostic]:
        """Yield the problems of files that have one address; each is given with the entry that it is made from."""
        addresses = Addresses()
        for path, source in files:
            other = addresses.take(path, source)
            if other is not None:
                yield from self._collision(path, source, other.source)

    def _collision(self, path: str, source: str | None, owner: str | None) -> list[Diagnostic]:
        told = source or owner or CONFIG
        reading = Reading(told, read_text(told, self._snapshot.files[told]).value or "")
        reading.check(path_collision, None, _address(path), owner if owner not in {None, told} else "another page")
        return reading.problems


def _address(path: str) -> str:
    """Return the site-relative address of a file."""
    return "/" + path.removesuffix("index.html")


def _lasting(paths: Iterable[str]) -> list[str]:
    """Return paths without those that are named by their content: these change their names, and no entry has such."""
    return [path for path in paths if not path.startswith((WORDS, ROWS))]
