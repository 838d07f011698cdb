"""Explaining: what a file of the site is made of, whether it would be rendered again and why, and what uses an input.

Nothing is kept for this: what a part of the plan reads names the entries that it depends on, and the keys of files
tell whether the program, a template or the facts shown are other than those that were published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from digest.contract import THEME, Made
from digest.documents.config_file import PATH as CONFIG
from digest.making import Leaf, Maker, days_of
from digest.memo import Cause, causes
from digest.pipeline import Pipeline, Planned
from digest.planning.cards import Card
from digest.planning.pages import Lines, Plan
from digest.planning.pieces import Part

PAGE: Final = "index.html"


class Page(Struct, frozen=True):
    """A file of the site."""

    path: str
    """Below the output folder."""
    source: str | None
    """The one input that it is made from or copied from, or None where it is made of many."""
    form: str | None
    """The template, below `templates/`, or the function that makes it; None for a file that is copied."""
    templates: tuple[str, ...]
    """All templates that it may reach."""
    entries: tuple[str, ...]
    """Files of the entries whose facts it shows, in catalogue order, besides `source`."""
    published: bool
    """A file is published there."""
    causes: tuple[Cause, ...]
    """Why it would be made again; empty where what is published was made of the same."""
    data: bytes | None
    """What would be published, where it would be made again."""


class Uses(Struct, frozen=True):
    """An input, and the files of the site that are made of it."""

    path: str
    """Site-root-relative."""
    files: tuple[str, ...]
    """Their paths below the output folder, in order."""


def explain(pipeline: Pipeline, name: str) -> Page | Uses | None:
    """Explain a file of the site, by its path or address, or an input, by its path; None where there is no such thing.

    Raises StoppedError where problems stop a build.
    """
    planned = pipeline.planned()
    if name in pipeline.digests:
        return Uses(name, tuple(sorted(_users(name, planned))))
    wanted = {name, f"{name}/{PAGE}", f"{name}{PAGE}"} if name else {PAGE}
    published = pipeline.memory.published()
    for place in planned.copied:
        for path, source in place.sources.items():
            if path in wanted:
                return _copied(place.made(path, published), source, published.get(path))
    for part, leaf in _files(planned):
        if leaf.path in wanted:
            return _made(pipeline, planned, part, leaf)
    return None


def _files(planned: Planned) -> Iterator[tuple[Part, Leaf]]:
    """Yield every file of the plan with its part."""
    plan, maker = planned.plan, planned.maker
    leaves: list[Leaf] = []
    for part, leaf in maker.each(plan.bundles()):
        leaves.append(leaf)
        yield part, leaf
    yield from maker.each(plan.last(Lines(days_of(leaves)), [leaf.path for leaf in leaves]))


def _users(name: str, planned: Planned) -> Iterator[str]:
    """Yield the files that are made of an input."""
    maker, plan = planned.maker, planned.plan
    yield from (path for place in planned.copied for path, source in place.sources.items() if source == name)
    card = next((card for card in _cards(plan) if card.path == name), None)
    template = name.removeprefix(THEME) if name.startswith(THEME) else None
    reached: dict[str, bool] = {}
    for part, leaf in _files(planned):
        if leaf.form not in reached:
            reached[leaf.form] = template in maker.keys.reached(leaf.form)
        if name == CONFIG or reached[leaf.form] or (card is not None and _reads(plan, part, card)):
            yield leaf.path


def _reads(plan: Plan, part: Part, card: Card) -> bool:
    """Tell whether a part is made of an entry: it says so, or one of the entry's marks is in what it reads."""
    if part.of is not None:
        return part.of(card)
    keys = plan.context.keys(card)
    marks = card.face, keys.whole, keys.records
    return part.source == card.path or any(mark and mark in part.reads for mark in marks)


def _cards(plan: Plan) -> list[Card]:
    """Return the cards of all entries that have a page, or a place in one."""
    catalogue = plan.catalogue
    return [*(item.card for item in catalogue.carried), *catalogue.withdrawn, *catalogue.introductions]


def _entries(plan: Plan, part: Part) -> tuple[str, ...]:
    return tuple(card.path for card in _cards(plan) if card.path != part.source and _reads(plan, part, card))


def _copied(made: Made, source: str, published: bytes | None) -> Page:
    why: tuple[Cause, ...] = () if made.data is None else ("facts",)
    return Page(made.path, source, None, (), (), published is not None, why, made.data)


def _made(pipeline: Pipeline, planned: Planned, part: Part, leaf: Leaf) -> Page:
    maker: Maker = planned.maker
    published, key = pipeline.memory.published().get(leaf.path), maker.key_of(leaf)
    why = causes(published, key) if published is not None else ("facts",)
    return Page(
        path=leaf.path,
        source=part.source,
        form=leaf.form,
        templates=maker.keys.reached(leaf.form),
        entries=_entries(planned.plan, part),
        published=published is not None,
        causes=why,
        data=maker.rendered(part, leaf.path) if why else None,
    )
