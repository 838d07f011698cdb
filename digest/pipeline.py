"""The pipeline: read, parse, derive, plan, check, render; from a snapshot to the files of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from digest.at_hand import AtHand
from digest.contract import LOCK, Filled, Found, Made, Options, Snapshot, StoppedError
from digest.diagnostics import Diagnostic, Span, failed, in_order
from digest.documents.config import Config
from digest.documents.config_file import PATH as CONFIG
from digest.documents.config_file import read_config, unknown_navigation
from digest.file_rules import config_missing, path_collision, unseen
from digest.fingerprints import fingerprint
from digest.gallery import FOLDER as IMAGES
from digest.gallery import Gallery
from digest.inventory import Inventory, refused
from digest.making import Maker
from digest.memo import Kept, Memory, decoded, encode
from digest.planning.addresses import Addresses, are_apart
from digest.planning.catalogue import Catalogue, build_catalogue
from digest.planning.context import SEARCH, ViewContext
from digest.planning.frames import Frames
from digest.planning.pages import Lines, Plan
from digest.planning.permanence import Lock, no_lock
from digest.planning.pieces import Bundle
from digest.planning.references import References
from digest.planning.search_views import ROWS, SCRIPT, WORDS
from digest.planning.sources import Sources
from digest.planning.states import local_day
from digest.reading import EntryReader, read_text
from digest.searching import BlockReader
from digest.text.nodes import Reading
from digest.theme import Theme
from digest.whole import in_zone

_CONFIG: Final = msgspec.msgpack.Decoder(Config)


class Planned(NamedTuple):
    """A site that can be made."""

    references: References
    copied: tuple[Theme, Gallery]
    """What has files that are made of one input each, without a template."""
    plan: Plan
    maker: Maker


class Pipeline:
    """One run of the pipeline."""

    def __init__(self, snapshot: Snapshot, options: Options, memory: Memory) -> None:
        """Take what is to be built; the snapshot has the fingerprints of its files."""
        self.snapshot = snapshot
        self.digests: Mapping[str, bytes] = snapshot.digests or {}
        self.options = options
        self.memory = memory
        self.memo = memory.memo or Kept()
        self.plan = memory.plan or Kept()
        self.at_hand = memory.at_hand or AtHand(lasting=False)
        self.inventory = self.at_hand.same("inventory", self.digests.keys(), lambda: Inventory.of(self.digests))
        self.problems: list[Diagnostic] = []
        self.config_text = ""
        self.catalogue: Catalogue | None = None
        self._read = b""
        """What `References` reads."""
        self.lock: Filled | None = None
        """What the lock is to hold once the site is published; None where it stays as it is."""

    def found(self) -> Found:
        """Return what was found out so far."""
        problems, catalogue = tuple(in_order(self.problems)), self.catalogue
        if catalogue is None:
            return Found(problems)
        config = catalogue.config
        return Found(problems, catalogue.counts, catalogue.next_change, config.timezone, config.base_path)

    def standing(self) -> tuple[EntryReader, Catalogue]:
        """Read everything, and order it as it stands at the clock; entries with an error are left out.

        Raises StoppedError where the configuration cannot be read.
        """
        config = self._read_config()
        if config is None:
            raise StoppedError(self.found())
        reader = self._read_entries(config)
        self.catalogue = self._catalogue(reader, config, in_zone(self.options.now, config.timezone))
        return reader, self.catalogue

    def _catalogue(self, reader: EntryReader, config: Config, now: datetime) -> Catalogue:
        """Return the catalogue; that of the last build holds while the cards do, and nothing changes by itself."""
        drafts = self.options.drafts
        ground = (reader.cards, self.config_text, config.base_url, self.options.search, drafts)
        left: Catalogue | None = self.at_hand.known("catalogue", ground).get("")
        if left is None or not left.holds(now):
            left = build_catalogue(reader.cards, config, now, reader.shortened, drafts=drafts)
            self.at_hand.keep("catalogue", ground, {"": left})
        return left

    def planned(self) -> Planned:
        """Plan the site, without making a file; raises StoppedError where problems stop a build before that."""
        reader, catalogue = self.standing()
        references = References(reader, catalogue, self._images())
        self._read = self._read_by_references(reader)
        self._checked("references", self._read, lambda: self._read, references.check)
        self._check_lock(reader, self._read)
        needed = [SCRIPT] if catalogue.config.outputs.search else []
        theme = Theme(self.snapshot, self.inventory.theme, needed)
        gallery = Gallery(self.snapshot, self.inventory.pictures, self.memory, self.plan)
        self.problems += [*theme.problems, *gallery.problems]
        self._stop()
        frames, drafts = Frames(gallery.facts), self.options.drafts
        context = ViewContext(catalogue, reader, theme.assets, frames, drawn_icon=theme.drawn_icon, drafts=drafts)
        frame = self._frame(context)
        maker = Maker(self.memory, self.plan, self.at_hand, frame, theme.templates)
        blocks = BlockReader(reader, catalogue.config, self.memo, self.plan)
        return Planned(
            references, (theme, gallery), Plan(context, blocks, self.at_hand.table("feed items", frame)), maker
        )

    def files(self) -> Iterator[Made]:
        """Yield every file of the site, each once, in no order; raises StoppedError as `Build.files` does."""
        references, copied, plan, maker = self.planned()
        published = self.memory.published()
        for place in copied:
            yield from (place.made(path, published) for path in place.sources)
        yield from self._made(maker, plan.bundles())
        found = list(maker.listed)
        lines = self.at_hand.same("lines", found, lambda: Lines(found))
        yield from self._made(maker, plan.last(lines, tuple(maker.paths)))
        self._check_addresses(
            references,
            [*_lasting(maker.paths), *(path for place in copied for path in place.sources)],
            lambda: [part.source for part, leaf in maker.each(plan.bundles()) if _lasting([leaf.path])],
        )
        self._stop()
        if not self.at_hand.lasting and self.catalogue is not None:
            self.catalogue.forget()

    # --- read ----------------------------------------------------------------------------------------------

    def _read_config(self) -> Config | None:
        if CONFIG not in self.digests:
            self.problems += [config_missing.at(Span(CONFIG), finding) for finding in config_missing()]
            return None
        text, problems = read_text(CONFIG, self.snapshot.files[CONFIG])
        self.problems += problems
        if text is None:
            return None
        self.config_text = text
        config = self._parsed_config(text)
        if config is None:
            return None
        address = self.options.base_url or config.base_url
        if self.options.base_url is None and self.options.origin is not None:
            address = self.options.origin + config.base_path
        if not self.options.search:
            config = replace(config, outputs=replace(config.outputs, search=False))
        return replace(config, base_url=address.rstrip("/") + "/")

    def _parsed_config(self, text: str) -> Config | None:
        """Read the configuration, or remember one without problems."""
        key = fingerprint(self.memory.engine, "config", text)
        known: Config | None = decoded(self.plan.get(key), _CONFIG)
        if known is not None:
            return known
        config, problems = read_config(text)
        problems = (*problems, *unseen(CONFIG, text))
        self.problems += problems
        if config is not None and not problems:
            self.plan.put(key, encode(config))
        return config

    def _read_entries(self, config: Config) -> EntryReader:
        memory = self.memo, self.plan, self.at_hand
        reader = EntryReader(self.memory.engine, config, self.config_text, self.snapshot, *memory)
        self.problems += refused(self.inventory.strange, self.snapshot.files)
        self.problems += reader.read_all(self.inventory.entries, self.memory.map)
        return reader

    def _images(self) -> frozenset[str]:
        return frozenset(path.removeprefix(IMAGES) for path in self.inventory.pictures)

    # --- make ----------------------------------------------------------------------------------------------

    def _frame(self, context: ViewContext) -> bytes:
        """Return the fingerprint of all that every view may read besides what its part says."""
        config, year = context.config, b"%d" % context.this_year
        asked = (config.base_url, str(config.outputs.search))
        return fingerprint(self.memory.engine, "view", self.config_text, *asked, year, encode(context.site))

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
        ground = (self.config_text, reads)
        if self.at_hand.known(what, ground):
            return
        key = fingerprint(self.memory.engine, what, self.config_text, written())
        if self.plan.get(key) is None:
            problems = check()
            self.problems += problems
            if problems:
                return
            self.plan.put(key, b"")
        self.at_hand.keep(what, ground, {"": "nothing to tell"})

    def _check_lock(self, reader: Sources, read: bytes) -> None:
        """Check that what was published once is still there, and note what is published now.

        `read` is what `References` reads, which has all that the lock is held against.
        """
        options, catalogue = self.options, self.catalogue
        if LOCK not in self.digests or catalogue is None:
            self.problems += no_lock() if options.frozen else []
            return
        zone, now = catalogue.config.timezone, catalogue.now
        until = min(now, in_zone(options.until, zone)) if options.until else now
        later = b"" if until == now else until.isoformat().encode()  # what is published now follows from the marks
        reads = [self.digests[LOCK], later, read]
        key = fingerprint(self.memory.engine, "lock", self.config_text, *reads)
        if self.plan.get(key) is not None:
            return
        text, problems = read_text(LOCK, self.snapshot.files[LOCK])
        self.problems += problems
        if text is None:
            return
        lock = Lock(text, reader)
        missing = lock.missing(until.timestamp())
        problems = tuple(lock.check(local_day(now, zone), missing if options.frozen else ()))
        self.problems += problems
        filled = lock.with_lines(missing)
        if filled == text and not problems:
            self.plan.put(key, b"")
        elif filled != text and not (options.frozen or options.drafts):
            self.lock = Filled(filled.encode(), self.digests[LOCK], len(missing))

    def _read_by_references(self, reader: Sources) -> bytes:
        """Return all that `References` reads, beyond the configuration."""
        carried = self.catalogue.carried if self.catalogue else ()
        unread = sorted(set(reader.paths).difference([card.path for card in reader.cards]))
        parts = [card.face for card in reader.cards] + [item.mark for item in carried]
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
        return [*problems, *unknown_navigation(self.config_text, config, there)]

    def _collisions(self, files: Iterable[tuple[str, str | None]]) -> Iterator[Diagnostic]:
        """Yield the problems of files that have one address; each is given with the entry that it is made from."""
        addresses = Addresses()
        for path, source in files:
            other = addresses.take(path, source)
            if other is not None:
                yield from self._collision(path, source, other.source)

    def _collision(self, path: str, source: str | None, owner: str | None) -> list[Diagnostic]:
        told = source or owner or CONFIG
        reading = Reading(told, read_text(told, self.snapshot.files[told]).value or "")
        reading.check(path_collision, None, _address(path), owner if owner not in {None, told} else "another page")
        return reading.problems


def _address(path: str) -> str:
    """Return the site-relative address of a file."""
    return "/" + path.removesuffix("index.html")


def _lasting(paths: Iterable[str]) -> list[str]:
    """Return paths without those that are named by their content: these change their names, and no entry has such."""
    return [path for path in paths if not path.startswith((WORDS, ROWS))]
