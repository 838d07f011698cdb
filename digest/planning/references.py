"""Checks entries against each other and against the plan, by the rules of `reference_rules`.

Facts carry no places, so a finding names the field it is about, and the file is read once more to find where that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final

from digest.diagnostics import Diagnostic, Rule
from digest.documents.entries import Written
from digest.markup import Mention
from digest.model import Entry, Job
from digest.planning.catalogue import Catalogue
from digest.planning.reference_rules import (
    alias_taken,
    apply_missing,
    id_duplicate,
    image_missing,
    link_fragment,
    link_unknown,
    organisation_near_duplicate,
    outcome_undated,
    reference_draft,
    reference_unknown,
    tag_near_duplicate,
)
from digest.planning.words import old_path, path_of
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.schema import Vocabulary, spelling
from digest.text.source import FAST, split

FieldPath = tuple[str | int, ...]
"""Where a value stands in the front matter, such as ("related", 1)."""


class References:
    """Checks entries against each other."""

    def __init__(
        self, texts: Mapping[str, str], written: Sequence[Written], catalogue: Catalogue, images: frozenset[str]
    ) -> None:
        """Take the files' texts by path, all entries that could be read, and the images there are.

        An entry that could not be read counts as there: its own problems are told, not those of links to it.
        """
        self.texts = texts
        self.written = written
        self.catalogue = catalogue
        self.images = images
        self.entries = {found.entry.id: found.entry for found in written}
        self.problems: list[Diagnostic] = []
        self._shown = set(catalogue.by_id)
        read = {found.entry.path for found in written}
        self._unread = {_stem(path) for path in texts if path.endswith(".md") and path not in read}

    def check(self) -> list[Diagnostic]:
        """Return all problems except those of links to pages, which need the plan."""
        self._ids()
        self._aliases()
        for found in self.written:
            self._references(found)
            self._images(found)
            self._apply(found.entry)
        self._near("tags", "tags", tag_near_duplicate, lambda entry: entry.tags)
        self._near("organisations", "organisation", organisation_near_duplicate, lambda entry: entry.organisations)
        return self.problems

    def check_links(self, paths: Mapping[str, frozenset[str] | None]) -> list[Diagnostic]:
        """Return the problems of links to pages; `paths` gives the pages, and of entries' pages the heading ids.

        A page that is only scheduled counts: the link comes to life with it.
        """
        before = len(self.problems)
        paths = {path_of(entry): None for entry in self.catalogue.waiting() if not entry.draft} | dict(paths)
        for found in self.written:
            if found.entry.id in self._shown:
                for mention in found.body.mentions:
                    self._link(found, mention, paths)
        return self.problems[before:]

    # --- each rule's subjects ------------------------------------------------------------------------------

    def _ids(self) -> None:
        seen: dict[str, str] = {}
        for found in sorted(self.written, key=lambda one: one.entry.path):
            entry = found.entry
            other = seen.setdefault(entry.id, entry.path)
            if other != entry.path:
                renamed = _stem(other) != entry.id and _stem(entry.path) == entry.id
                taker, owner = (other, entry.path) if renamed else (entry.path, other)
                self._find(taker, ("id",), id_duplicate, entry.id, owner)

    def _aliases(self) -> None:
        taken = {path_of(entry): entry.path for entry in self.entries.values()}
        for entry in sorted(self.entries.values(), key=lambda one: one.path):
            for place, alias in enumerate(entry.aliases):
                old = old_path(entry, alias)
                other = taken.setdefault(old, entry.path)
                if other != entry.path:
                    self._find(entry.path, ("aliases", place), alias_taken, alias, other)

    def _references(self, found: Written) -> None:
        entry = found.entry
        for place, target in enumerate(entry.related):
            self._reference(entry, target, partial(self._find, entry.path, ("related", place)))
        if isinstance(entry, Job) and entry.outcome and entry.outcome.news:
            self._reference(entry, entry.outcome.news, partial(self._find, entry.path, ("outcome", "news")))
        for mention in found.body.mentions:
            if mention.kind == "entry":
                self._reference(entry, mention.target, partial(self._mention, found, mention))

    def _reference(self, entry: Entry, target: str, report: Callable[..., None]) -> None:
        if target in self._unread:
            return
        if target not in self.entries:
            report(reference_unknown, target, sorted(self.entries))
        elif self.entries[target].draft and entry.id in self._shown and target not in self._shown:
            report(reference_draft, target)

    def _images(self, found: Written) -> None:
        entry = found.entry
        if entry.image and entry.image.src not in self.images:
            self._find(entry.path, ("image", "src"), image_missing, entry.image.src)
        for mention in found.body.mentions:
            if mention.kind == "image" and mention.target not in self.images:
                self._mention(found, mention, image_missing, mention.target)

    def _apply(self, entry: Entry) -> None:
        item = self.catalogue.by_id.get(entry.id)
        if item is None or not item.is_open or not isinstance(entry, Job):
            return
        if entry.apply is None:
            self._find(entry.path, ("closes",), apply_missing)
        if entry.outcome is not None and entry.outcome.date is None:
            self._find(entry.path, ("outcome",), outcome_undated, entry.outcome.result)

    def _near(self, vocabulary: str, field: str, check: Rule[...], names: Callable[[Entry], tuple[str, ...]]) -> None:
        """Compare names that configuration does not list with those it does, and with each other."""
        listed = self.catalogue.config.vocabularies[vocabulary]
        spelt = _Neighbours(choice.id if field == "tags" else choice.label for choice in listed.choices)
        for found in sorted(self.written, key=lambda one: one.entry.path):
            for place, name in enumerate(names(found.entry)):
                if _listed(listed, name):
                    continue
                other = spelt.near(name)
                if other is None:
                    spelt.add(name)
                elif other != name:
                    self._find(found.entry.path, (field, place), check, name, other)

    def _link(self, found: Written, mention: Mention, paths: Mapping[str, frozenset[str] | None]) -> None:
        if mention.kind == "fragment":
            self._fragment(found, mention, mention.target, [heading.id for heading in found.body.headings])
        elif mention.kind == "path":
            path, _, fragment = mention.target.partition("#")
            if path not in paths:
                self._mention(found, mention, link_unknown, path, sorted(paths))
            elif fragment and (known := paths[path]) is not None:
                self._fragment(found, mention, f"#{fragment}", sorted(known))

    def _fragment(self, found: Written, mention: Mention, fragment: str, known: Sequence[str]) -> None:
        if fragment[1:] not in known and not fragment.startswith(("#fn-", "#fnref-")):
            self._mention(found, mention, link_fragment, fragment, known)

    # --- placing -------------------------------------------------------------------------------------------

    def _mention(self, found: Written, mention: Mention, check: Rule[...], *subject: Any) -> None:
        reading = Reading(found.entry.path, self.texts[found.entry.path])
        for finding in check(*subject):
            reading.add(check, finding, mention.line + found.body_line - 1, mention.column, mention.width)
        self.problems += reading.problems

    def _find(self, path: str, field: FieldPath, check: Rule[...], *subject: Any) -> None:
        reading = Reading(path, self.texts[path])
        document = split(Reading(path, self.texts[path]), FAST)
        reading.check(check, _at(document.front, field) if document else None, *subject)
        self.problems += reading.problems


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _listed(vocabulary: Vocabulary, name: str) -> bool:
    return vocabulary.find(name) is not None


def _at(front: MapNode, field: FieldPath) -> Node | None:
    """Return the node of a value, or the closest one above it; None for a field that is not written."""
    node: Node | None = front.values.get(str(field[0]))
    for step in field[1:]:
        if isinstance(node, MapNode) and str(step) in node.values:
            node = node.values[str(step)]
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif not isinstance(node, Scalar):
            break
    return node


class _Neighbours:
    """Names by all that is left of them when one letter is taken away, so that near ones meet."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_key: dict[str, str] = {}
        self._cuts: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        key = spelling(name)
        self._by_key.setdefault(key, name)
        for cut in _cuts(key):
            self._cuts[cut].append(name)

    def near(self, name: str) -> str | None:
        """Return a name that is the same, or differs by case, a plural or one letter, the closest first."""
        key = spelling(name)
        if key in self._by_key:
            return self._by_key[key]
        if len(key) < SHORTEST:
            return None
        candidates = {other for cut in (key, *_cuts(key)) for other in self._cuts.get(cut, ())}
        candidates |= {self._by_key[cut] for cut in _cuts(key) if cut in self._by_key}
        return min((other for other in candidates if len(spelling(other)) >= SHORTEST), default=None)


SHORTEST: Final = 5
"""Letters below which one letter makes a different word: `ai`, `hr`, `data`."""


def _cuts(key: str) -> set[str]:
    return {key[:place] + key[place + 1 :] for place in range(len(key))}
