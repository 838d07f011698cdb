"""Views of facets: the index of each, and the pages of its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from digest.planning.catalogue import Carried, TermList, in_closing_order
from digest.planning.context import facet_crumb
from digest.planning.facets import SALARY, Facet
from digest.planning.lists import ListMaker, PlannedList, paged
from digest.planning.parts import Group, Link, Section
from digest.planning.pay_figures import band_counts, banded, sentence
from digest.planning.views import ListPage, TermsPage
from digest.planning.words import count


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
            terms=tuple(map(context.term_line, terms)),
        )

    def term(self, terms: TermList) -> Iterator[PlannedList]:
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
                yield path, self._term_page(terms, sections, [*current, *rows], older)
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
        self, terms: TermList, sections: list[Section], shown: Sequence[Carried], older: Link | None
    ) -> ListPage:
        term, facet = terms.term, terms.facet
        feeds = []
        if self.config.outputs.term_feeds:
            feeds.append(self.context.feed_link(terms.path, f"{facet.title}: {term.label}"))
        before, after = self._bands_beside(terms)
        return self._list(
            terms.path,
            term.label if not term.short or term.short == term.label else f"{term.label} ({term.short})",
            terms.about,
            title=terms.title,
            crumbs=[facet_crumb(facet)],
            explanation=term.explanation,
            about=Link(f"{term.label}: its own page", term.url) if term.url else None,
            count=_tally(terms),
            notes=tuple(self._notes(terms)),
            sections=sections,
            bars=self.context.bars(term.id) if facet is SALARY else (),
            before=before,
            after=after,
            feeds=[*feeds, *self._feeds(("/", "Everything"))],
            calendars=self._calendars((terms.path, f"Closing dates, {term.label}")) if facet.calendars else (),
            older=older,
            updated=self.context.newest(shown),
        )

    def _bands_beside(self, terms: TermList) -> tuple[Link | None, Link | None]:
        """Return links to the next lower and the next higher salary band, for the page of a band."""
        if not terms.term.sectioned:
            return None, None
        bands = [found.terms for found in band_counts(self.catalogue)]
        place = bands.index(terms)
        lower, higher = bands[:place][-1:], bands[place + 1 : place + 2]
        return self._link_to(lower), self._link_to(higher)

    def _link_to(self, found: Sequence[TermList]) -> Link | None:
        return self.context.link(found[0].term.label, found[0].path) if found else None

    def _notes(self, terms: TermList) -> Iterator[str]:
        """Yield what a salary band's place among the others is, or what the jobs of another term pay."""
        if terms.term.sectioned:
            ids = [band.id for band in self.config.bands]
            place = f"Band {ids.index(terms.term.id) + 1} of {len(ids)} from the lowest."
            total = banded(self.catalogue)
            share = f"It has {len(terms.members):,} of the {count(total, 'job')} that {_are(total)} in a band."
            yield f"{place} {share}" if total else place
        elif terms.facet is not SALARY:
            told = sentence(terms.members, self.config)
            if told is not None:
                yield told

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


def _tally(terms: TermList) -> str:
    """Return how many entries a term has; they are called jobs where all are."""
    jobs = terms.facet is SALARY or all(item.card.kind == "job" for item in terms.members)
    number, are_open = len(terms.members), sum(item.is_open for item in terms.members)
    named = count(number, "job") if jobs else count(number, "entry", "entries")
    opened = f"{are_open:,} open" if are_open else "none open"
    return f"{named}, {opened}" if number else "No jobs" if jobs else "No entries"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


NOBODY: Final = "No job is listed here at the moment."
