"""Views of facets: the index of each, and the pages of its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.model import Job
from digest.site.catalogue import Carried, TermList
from digest.site.context import facet_crumb
from digest.site.facets import Facet
from digest.site.lists import ListMaker, PlannedList, count, paged
from digest.site.parts import Link, Section
from digest.site.views import ListPage, TermsPage


class TermViews(ListMaker):
    """Makes the views of facets and their terms."""


    def index(self, facet: Facet, terms: Sequence[TermList]) -> TermsPage:
        """Return the view of a facet's index."""
        context = self.context
        path = f"/{facet.name}/"
        items = [item for term in terms for item, _ in term.members]
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
        current = [item for item, _ in terms.members if item.is_open]
        past = sorted((item for item, _ in terms.members if not item.is_open), key=self._past_first)
        slices = paged(len(past), self.config.lists.page_size)
        for place, (start, stop, number) in enumerate(slices):
            rows = past[start:stop]
            newer, older = self._neighbours(path, slices, place)
            if number is None:
                sections = [*self._open_sections(terms), *self._past_sections(terms, rows)]
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
                        sections=self._past_sections(terms, rows),
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
        is_open = sum(item.is_open for item, _ in terms.members)
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

    def _open_sections(self, terms: TermList) -> Iterator[Section]:
        """Yield the open jobs, in the sections of the facet or in one; an empty section only where nothing follows."""
        for id_, heading in _sections(terms) or (("", "Open jobs"),):
            members = {item.entry.id: item for item, found in terms.members if found.section == id_}
            placed = [item for item in self.open if item.entry.id in members]
            if placed or not members:
                yield self._section(id_ or "open", heading, placed, empty="No job is listed here at the moment.")

    def _past_sections(self, terms: TermList, items: Sequence[Carried]) -> Iterator[Section]:
        """Yield past entries by year: closed jobs, in the sections of the facet or in one, then news."""
        placed = {(item.entry.id, found.section) for item, found in terms.members}
        for id_, heading in _sections(terms) or (("", ""),):
            closed = [item for item in items if isinstance(item.entry, Job) and (item.entry.id, id_) in placed]
            if closed:
                name = f"{heading}: closed jobs" if heading else "Closed jobs"
                yield Section(f"{id_}-closed" if id_ else "closed", name, self._groups(closed))
        news = [item for item in items if not isinstance(item.entry, Job)]
        if news:
            yield Section("news", "News", self._groups(news))


def _sections(terms: TermList) -> tuple[tuple[str, str], ...]:
    return terms.facet.sections if terms.term.sectioned else ()
