"""The filters of the list of open jobs: terms of the facets that are switched on, to be combined by AND."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from digest.planning.catalogue import Carried
from digest.planning.context import ViewContext
from digest.planning.facets import enabled
from digest.planning.parts import Control, Filters, Row

FEWEST = 2
"""Rows, and terms of a facet, that are worth filtering."""


def filters_of(context: ViewContext, items: Sequence[Carried]) -> Filters | None:
    """Return the filters of a list; None where there is nothing to choose.

    Terms stand in the order of their facet's index.
    """
    if len(items) < FEWEST:
        return None
    controls = tuple(_controls(context, items))
    return Filters(controls, len(items)) if controls else None


def _controls(context: ViewContext, items: Sequence[Carried]) -> Iterator[Control]:
    for facet in enabled(context.config):
        counted = Counter(term for item in items for term in item.card.terms_of(facet.name))
        if len(counted) >= FEWEST:
            terms = context.catalogue.terms[facet.name]
            choices = tuple(
                (one.term.id, one.term.label, counted[one.term.id]) for one in terms if one.term.id in counted
            )
            yield Control(facet.name, facet.term_word[0].upper() + facet.term_word[1:], choices)


def filtered_rows(context: ViewContext, items: Sequence[Carried]) -> tuple[Row, ...]:
    """Return the rows of a list with the terms by which its filters find them."""
    names = [facet.name for facet in enabled(context.config)]
    return tuple(
        replace(
            context.row(item),
            terms=" ".join([f"{name}/{term}" for name in names for term in item.card.terms_of(name)]),
        )
        for item in items
    )
