"""Standing: everything read, and ordered as it stands at the clock; the first half of the pipeline.

It needs nothing of what plans and makes pages, which can be loaded while other processes read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from digest.at_hand import AtHand
from digest.contract import Found, Options, Snapshot, StoppedError
from digest.decoding import Decoder, decoded
from digest.diagnostics import Diagnostic, Span, in_order
from digest.documents.config import Config
from digest.documents.config_file import PATH as CONFIG
from digest.documents.config_file import read_config
from digest.file_rules import config_missing, unseen
from digest.fingerprints import fingerprint
from digest.inventory import Inventory, refused
from digest.memo import Kept, Memory, encode
from digest.reading import EntryReader, read_text
from digest.whole import in_zone

if TYPE_CHECKING:
    from digest.planning.catalogue import Catalogue

_CONFIG: Final = Decoder(Config)


class Standing:
    """What a snapshot holds, as it stands at the clock."""

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
        self._read: tuple[EntryReader, Catalogue] | None = None

    def found(self) -> Found:
        """Return what was found out so far."""
        problems = tuple(in_order(self.problems))
        if self._read is None:
            return Found(problems)
        catalogue = self._read[1]
        config = catalogue.config
        return Found(problems, catalogue.counts, catalogue.next_change, config.timezone, config.base_path)

    def read(self, meanwhile: Callable[[], None] | None = None) -> tuple[EntryReader, Catalogue]:
        """Read everything, once, and order it as it stands at the clock; entries with an error are left out.

        `meanwhile` is done here if other processes read.  Raises StoppedError where the configuration cannot be read.
        """
        if self._read is None:
            config = self._read_config()
            if config is None:
                raise StoppedError(self.found())
            reader = self._read_entries(config, meanwhile)
            self._read = reader, self._catalogue(reader, config, in_zone(self.options.now, config.timezone))
        return self._read

    def _catalogue(self, reader: EntryReader, config: Config, now: datetime) -> Catalogue:
        """Return the catalogue; that of the last build holds while the cards do, and nothing changes by itself."""
        from digest.planning.catalogue import build_catalogue  # noqa: PLC0415 - it can be loaded while others read

        drafts = self.options.drafts
        ground = (reader.cards, self.config_text, config.base_url, self.options.search, drafts)
        left: Catalogue | None = self.at_hand.known("catalogue", ground).get("")
        if left is None or not left.holds(now):
            left = build_catalogue(reader.cards, config, now, reader.shortened, drafts=drafts)
            self.at_hand.keep("catalogue", ground, {"": left})
        return left

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

    def _read_entries(self, config: Config, meanwhile: Callable[[], None] | None) -> EntryReader:
        memory = self.memo, self.plan, self.at_hand
        reader = EntryReader(self.memory.engine, config, self.config_text, self.snapshot, *memory)
        self.problems += refused(self.inventory.strange, self.snapshot.files)
        self.problems += reader.read_all(self.inventory.entries, self.memory.map, meanwhile)
        return reader
