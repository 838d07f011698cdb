"""Views of facets: the index of each, and the pages of its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from digest.planning.catalogue import Carried, TermList, in_closing_order
from digest.planning.context import facet_crumb
from digest.planning.facets import Facet
from digest.planning.lists import ListMaker, PlannedList, count, paged
from digest.planning.parts import Group, Link, Section
from digest.planning.views import ListPage, TermsPage


class TermViews(ListMaker):
    """Makes the views of facets and their terms."""

    def index(self, facet: Facet, terms: Sequence[TermList]) -> TermsPage:
        """Return the view of a facet's index."""
        context = self.context
        path = f"/{facet.name}/"
        items = [item for term in terms for item in term.members]
        return TermsPage(
            site=context.site,
            head=context.head(path, facet.title, facet.intro, updated=context.newest(items)),
            heading=facet.title,
            intro=facet.intro,
            bars=context.bars() if facet.name == "salary" else (),
            terms=tuple(map(context.term_line, terms)),
        )

    def term(self, terms: TermList, before: TermList | None, after: TermList | None) -> Iterator[PlannedList]:
        """Yield the pages of a term: open entries and the newest past ones on its own, older ones numbered."""
        path = terms.path
        current = in_closing_order(item for item in terms.members if item.is_open)
        past = sorted((item for item in terms.members if not item.is_open), key=self._past_first)
        slices = paged(len(past), self.config.lists.page_size)
        for place, (start, stop, number) in enumerate(slices):
            rows = past[start:stop]
            newer, older = self._neighbours(path, slices, place)
            if number is None:
                sections = [*self._sections(terms, current, rows)]
                yield path, self._term_page(terms, sections, [*current, *rows], (before, after), older)
            else:
                here = f"{path}page/{number}/"
                heading = f"{terms.term.label}, page {number}"
                yield (
                    here,
                    self._list(
                        here,
                        heading,
                        f"Older entries, {terms.facet.term_word} {terms.term.label}.",
                        title=f"{terms.title}, page {number}",
                        crumbs=[facet_crumb(terms.facet), (terms.term.label, path)],
                        sections=self._sections(terms, (), rows),
                        newer=newer,
                        older=older,
                        updated=self.context.newest(rows),
                    ),
                )

    def _term_page(
        self,
        terms: TermList,
        sections: list[Section],
        shown: Sequence[Carried],
        neighbours: tuple[TermList | None, TermList | None],
        older: Link | None,
    ) -> ListPage:
        term, facet = terms.term, terms.facet
        before, after = (self.context.link(near.term.label, near.path) if near else None for near in neighbours)
        feeds = []
        if self.config.outputs.term_feeds:
            feeds.append(self.context.feed_link(terms.path, f"{facet.title}: {term.label}"))
        number = len(terms.members)
        is_open = sum(item.is_open for item in terms.members)
        return self._list(
            terms.path,
            term.label if not term.short or term.short == term.label else f"{term.label} ({term.short})",
            terms.about,
            title=terms.title,
            crumbs=[facet_crumb(facet)],
            explanation=term.explanation,
            about=Link(f"{term.label}: its own page", term.url) if term.url else None,
            count=f"{count(number, 'entry', 'entries')}, {is_open} open" if number else "No entries",
            sections=sections,
            bars=self.context.bars(term.id) if facet.name == "salary" else (),
            before=before,
            after=after,
            feeds=[*feeds, *self._feeds(("/", "Everything"))],
            older=older,
            updated=self.context.newest(shown),
        )

    def _sections(self, terms: TermList, current: Sequence[Carried], past: Sequence[Carried]) -> Iterator[Section]:
        """Yield the sections of a term's page: those of its facet, or open jobs, closed jobs and news.

        Open jobs come first, the next to close first of all, and then past entries by year.
        """
        if terms.term.sectioned:
            yield from self._own_sections(terms, current, past)
            return
        if current or not terms.members:
            yield self._section("open", "Open jobs", current, empty=NOBODY)
        closed = [item for item in past if item.card.kind == "job"]
        if closed:
            yield Section("closed", "Closed jobs", self._groups(closed))
        news = [item for item in past if item.card.kind != "job"]
        if news:
            yield Section("news", "News", self._groups(news))

    def _own_sections(self, terms: TermList, current: Sequence[Carried], past: Sequence[Carried]) -> Iterator[Section]:
        term = terms.term.id
        for id_, heading in terms.facet.sections:
            rows = self.context.rows(item for item in current if id_ in item.card.sections_of(term))
            years = self._groups([item for item in past if id_ in item.card.sections_of(term)], "Closed in {}")
            groups = ((Group(None, rows),) if rows else ()) + years
            yield Section(id_, heading, groups, NOBODY)


NOBODY: Final = "No job is listed here at the moment."
