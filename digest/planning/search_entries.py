"""What is searched of each entry: its title, its names, and the words of its body, its summary and some facts."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import Struct

from digest.documents.config import Config
from digest.documents.entries import Written
from digest.model import Job
from digest.planning.cards import Card, Labels
from digest.planning.facets import enabled
from digest.planning.search_words import distinct_words

VOCABULARIES: Final = {
    "tags": "tags",
    "organisations": "organisations",
    "locations": "places",
    "grades": "grades",
    "roles": "families",
}
"""The vocabulary of the terms of each facet by whose names entries are found."""


class Searched(Struct, frozen=True, array_like=True):
    """What a search needs of an entry beyond its card; it does not depend on the clock."""

    summary: str
    words: str
    """The words of its body, its summary and other texts, each once, with a space between them."""


class Said(NamedTuple):
    """The words of an entry, each set without those of the sets before it."""

    title: set[str]
    names: set[str]
    """Of its organisation, place, tags, grade and role."""
    body: set[str]


def searched(written: Written) -> Searched:
    """Return what a search needs of an entry."""
    entry, body, _ = written
    texts: list[str | None] = [entry.kind, entry.summary, body.text]
    if isinstance(entry, Job):
        texts += [entry.reference, entry.reports_to, entry.eligibility, entry.grade.text if entry.grade else None]
    return Searched(entry.summary, " ".join(distinct_words(" ".join(filter(None, texts)))))


class Sayings:
    """Finds the words of entries."""

    def __init__(self, labels: Labels, config: Config) -> None:
        """Take the labels of terms."""
        self._labels = labels
        self._vocabularies = config.vocabularies
        self._facets = [facet.name for facet in enabled(config)]
        self._names: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, card: Card, found: Searched) -> Said:
        """Return the words of an entry, and its terms as `term:facet`, which no word can be."""
        title = set(distinct_words(card.title))
        names: set[str] = set()
        for facet, vocabulary in VOCABULARIES.items():
            for term, label in self._labels.of(card, facet):
                names |= self._words_of(vocabulary, term, label)
        if card.job and (role := card.job.details.role):
            names |= self._words_of("roles", role, "")
        body = {f"{term}:{facet}" for facet in self._facets for term in card.terms_of(facet)}
        body.update(found.words.split(" "))
        names -= title
        body.difference_update(names, title)
        return Said(title, names, body)

    def _words_of(self, vocabulary: str, term: str, label: str) -> frozenset[str]:
        """Return the words of a term's label, of its abbreviation, and of all other ways to write it."""
        words = self._names.get((vocabulary, term))
        if words is None:
            choice = self._vocabularies[vocabulary].by_id.get(term)
            ways = [choice.label, choice.short or "", *choice.synonyms] if choice else []
            words = self._names[vocabulary, term] = frozenset(distinct_words(" ".join([label, *ways])))
        return words
