"""The filters of the list of open jobs: terms of the facets that are switched on, to be combined by AND."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from digest.planning.catalogue import Carried
from digest.planning.context import ViewContext
from digest.planning.facets import enabled
from digest.planning.parts import Filter, Filters, Option, Row

FEWEST = 2
"""Rows, and terms of a facet, that are worth filtering."""


def filters_of(context: ViewContext, items: Sequence[Carried]) -> Filters | None:
    """Return the filters of a list; None where there is nothing to choose.

    Terms stand in the order of their facet's index.
    """
    if len(items) < FEWEST:
        return None
    filters = tuple(_filters(context, items))
    return Filters(filters, len(items)) if filters else None


def _filters(context: ViewContext, items: Sequence[Carried]) -> Iterator[Filter]:
    for facet in enabled(context.config):
        counted = Counter(term for item in items for term in item.card.terms_of(facet.name))
        if len(counted) >= FEWEST:
            terms = context.catalogue.terms[facet.name]
            options = tuple(
                Option(one.term.id, one.term.label, count=counted[one.term.id])
                for one in terms
                if one.term.id in counted
            )
            yield Filter(facet.name, facet.term_word.capitalize(), options)


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
