"""Checks entries against each other and against the plan, by the rules of `reference_rules`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec.structs import replace

from digest.diagnostics import Diagnostic, Rule
from digest.documents.advice_rules import accept_unused, acceptable
from digest.markup import MentionKind
from digest.planning.advice_across import advice_across
from digest.planning.cards import Card
from digest.planning.catalogue import Catalogue
from digest.planning.reference_rules import (
    alias_taken,
    apply_missing,
    edition_empty,
    id_duplicate,
    image_missing,
    link_fragment,
    link_unknown,
    organisation_near_duplicate,
    outcome_undated,
    reference_draft,
    reference_unknown,
    statement_review,
    tag_near_duplicate,
)
from digest.planning.sources import FieldPath, Sources, found_at
from digest.planning.words import old_path, path_of
from digest.text.nodes import Reading
from digest.text.schema import spelling


class References:
    """Checks entries against each other."""

    def __init__(self, sources: Sources, catalogue: Catalogue, images: frozenset[str]) -> None:
        """Take where files and entries are had from, the catalogue, and the images there are.

        An entry that could not be read counts as there: its own problems are told, not those of links to it.
        """
        self.sources = sources
        self.catalogue = catalogue
        self.images = images
        self.problems: list[Diagnostic] = []

    @cached_property
    def cards(self) -> list[Card]:
        """All cards in order of path."""
        return sorted(self.sources.cards, key=lambda card: card.path)

    @cached_property
    def _unread(self) -> set[str]:
        read = {card.path for card in self.sources.cards}
        return {_stem(path) for path in self.sources.paths if path not in read}

    def check(self) -> list[Diagnostic]:
        """Return all problems except those of links to pages, which need the plan."""
        self._ids()
        self._aliases()
        for card in self.cards:
            self._references(card)
            self._images(card)
            self._apply(card)
            self._review(card)
            self._week(card)
        self._advise()
        self._near("tags", "tags", tag_near_duplicate)
        self._near("organisations", "organisation", organisation_near_duplicate)
        return self.problems

    @cached_property
    def coming(self) -> frozenset[str]:
        """The paths of scheduled entries."""
        return frozenset(path_of(card) for card in self.catalogue.waiting() if not card.draft)

    def linked(self) -> set[str]:
        """Return the paths that entries link to, as far as they are written as paths."""
        return {
            target.partition("#")[0]
            for card in self.cards
            if card.mentions and self._is_shown(card)
            for kind, target in card.mentions
            if kind == "path"
        }

    def check_links(self, paths: Collection[str]) -> list[Diagnostic]:
        """Return the problems of links to pages; `paths` are those of the site.

        A page that is only scheduled counts: the link comes to life with it.
        """
        before = len(self.problems)
        known = {*self.coming, *paths}
        headings = {
            path: item.card.headings for item in self.catalogue.carried if (path := path_of(item.card)) in paths
        }
        for card in self.cards:
            if card.mentions and self._is_shown(card):
                self._links(card, known, headings)
        return self.problems[before:]

    # --- each rule's subjects ------------------------------------------------------------------------------

    def _ids(self) -> None:
        seen: dict[str, str] = {}
        for card in self.cards:
            other = seen.setdefault(card.id, card.path)
            if other != card.path:
                renamed = _stem(other) != card.id and _stem(card.path) == card.id
                taker, owner = (other, card.path) if renamed else (card.path, other)
                self._find(taker, ("id",), id_duplicate, card.id, owner)

    def _aliases(self) -> None:
        taken = {path_of(card): card.path for card in self.catalogue.cards.values()}
        for card in self.cards:
            for place, alias in enumerate(card.aliases):
                old = old_path(card, alias)
                other = taken.setdefault(old, card.path)
                if other != card.path and self.catalogue.cards[card.id] is card:
                    self._find(card.path, ("aliases", place), alias_taken, alias, other)

    def _references(self, card: Card) -> None:
        for place, target in enumerate(card.related):
            self._reference(card, target, partial(self._find, card.path, ("related", place)))
        if card.job and card.job.news:
            self._reference(card, card.job.news, partial(self._find, card.path, ("outcome", "news")))
        for kind, target in card.mentions:
            if kind == "entry":
                self._reference(card, target, partial(self._mention, card, kind, target))

    def _reference(self, card: Card, target: str, report: Callable[..., None]) -> None:
        if target in self._unread:
            return
        if target not in self.catalogue.cards:
            report(reference_unknown, target, sorted(self.catalogue.cards))
        elif self.catalogue.cards[target].draft and self._is_shown(card) and target not in self.catalogue.by_id:
            report(reference_draft, target)

    def _images(self, card: Card) -> None:
        if card.image and card.image not in self.images:
            self._find(card.path, ("image", "src"), image_missing, card.image)
        for kind, target in card.mentions:
            if kind == "image" and target not in self.images:
                self._mention(card, kind, target, image_missing, target)

    def _apply(self, card: Card) -> None:
        item = self.catalogue.by_id.get(card.id)
        if item is None or not item.is_open or card.job is None:
            return
        if not card.job.details.applied:
            self._find(card.path, ("closes",), apply_missing)
        undated = card.job.details.undated
        if undated:
            self._find(card.path, ("outcome",), outcome_undated, undated)

    def _review(self, card: Card) -> None:
        item = self.catalogue.by_id.get(card.id)
        if item is not None and item.state == "review due":
            self._find(card.path, ("statement", "reviewed"), statement_review)

    def _week(self, card: Card) -> None:
        """Report an introduction whose week is over and has no edition."""
        catalogue = self.catalogue
        if card.kind != "edition" or card.published > catalogue.now.timestamp():
            return
        if not any(edition.name == card.id for edition in catalogue.editions.published):
            self._find(card.path, ("title",), edition_empty, card.id, catalogue.config.outputs.editions)

    def _is_shown(self, card: Card) -> bool:
        """Tell whether readers see an entry now; introductions are taken as seen."""
        return card.kind == "edition" or card.id in self.catalogue.by_id

    def _near(self, vocabulary: str, field: str, check: Rule[...]) -> None:
        """Compare names that configuration does not list with those it does, and with each other."""
        listed = self.catalogue.config.vocabularies[vocabulary]
        spelt = _Neighbours(choice.id if field == "tags" else choice.label for choice in listed.choices)
        known = listed.by_id
        for card in self.cards:
            for place, term in enumerate(card.terms_of(vocabulary)):
                if term in known:
                    continue
                name = term if field == "tags" else card.coined_label(vocabulary, term)
                other = spelt.near(name)
                if other is None:
                    spelt.add(name)
                elif other != name:
                    self._find(card.path, (field, place), check, name, other)

    def _advise(self) -> None:
        for check, found in advice_across(self.cards, self.catalogue.config):
            told = {advised.card.path for advised in found}
            before = len(self.problems)
            for card, field, subject in found:
                if check.id not in (*card.accepts, *self.catalogue.config.advice.off):
                    self._find(card.path, (field,), check, *subject)
            self.problems[before:] = [
                replace(problem, hint=acceptable(problem.hint, check.id)) for problem in self.problems[before:]
            ]
            for card in self.cards:
                if check.id in card.accepts and card.path not in told:
                    place = self.sources.whole(card).entry.accept.index(check.id)
                    self._find(card.path, ("accept", place), accept_unused, check.id)

    def _links(self, card: Card, paths: Collection[str], headings: Mapping[str, str]) -> None:
        for kind, target in card.mentions:
            report = partial(self._mention, card, kind, target)
            if kind == "fragment":
                self._fragment(target, card.headings.split(), report)
            elif kind == "path":
                path, _, fragment = target.partition("#")
                if path not in paths:
                    report(link_unknown, path, sorted(paths))
                elif fragment and path in headings:
                    self._fragment(f"#{fragment}", sorted(headings[path].split()), report)

    @staticmethod
    def _fragment(fragment: str, known: Sequence[str], report: Callable[..., None]) -> None:
        if fragment[1:] not in known and not fragment.startswith(("#fn-", "#fnref-")):
            report(link_fragment, fragment, known)

    # --- placing -------------------------------------------------------------------------------------------

    def _mention(self, card: Card, kind: MentionKind, target: str, check: Rule[...], *subject: Any) -> None:
        """Report a finding at every place where the body mentions this."""
        whole = self.sources.whole(card)
        reading = Reading(card.path, self.sources.text(card.path))
        for mention in whole.body.mentions:
            if (mention.kind, mention.target) == (kind, target):
                for finding in check(*subject):
                    reading.add(check, finding, mention.line + whole.body_line - 1, mention.column, mention.width)
        self.problems += reading.problems

    def _find(self, path: str, field: FieldPath, check: Rule[...], *subject: Any) -> None:
        self.problems += found_at(self.sources, path, field, check, *subject)


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


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
