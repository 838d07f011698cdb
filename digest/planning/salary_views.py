"""The view of the salary index: charts of jobs and pay, each with a table of the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from digest.planning import pay_figures
from digest.planning.catalogue import TermList
from digest.planning.charts import Counted, Ranged, count_rows, range_rows
from digest.planning.context import ViewContext
from digest.planning.facets import SALARY
from digest.planning.parts import Chart, PayLine, PayTable
from digest.planning.pay_figures import FEWEST, Spread
from digest.planning.views import SalaryPage
from digest.planning.words import count

PATH: Final = "/salary/"
_BELOW: Final = "The table below has the same numbers."
_Line = tuple[str, str | None, str | None, Spread]
"""A row's label, its address, the years of its jobs unless the label is one, and its pay."""


class SalaryViews:
    """Makes the view of the salary index."""

    def __init__(self, context: ViewContext) -> None:
        """Take the site's frame and its catalogue."""
        self.context = context
        self.catalogue = context.catalogue
        self.config = context.config

    def reads(self) -> bytes:
        """Return bytes that are equal only where the view is, for one configuration."""
        newest = self.context.newest(self.catalogue.jobs())
        return b"%b %b" % (str(newest).encode(), pay_figures.mark(self.catalogue))

    def index(self, terms: Sequence[TermList]) -> SalaryPage:
        """Return the view of the index of these terms, which are the bands and the other pages of pay."""
        context, jobs = self.context, self.catalogue.jobs()
        banded = pay_figures.banded(self.catalogue)
        tables = tuple(self._tables())
        return SalaryPage(
            site=context.site,
            head=context.head(PATH, SALARY.title, SALARY.intro, updated=context.newest(jobs)),
            heading=SALARY.title,
            intro=SALARY.intro,
            count=f"{count(len(jobs), 'job')}, {banded:,} of them in a salary band" if jobs else "No jobs",
            bands=self._bands() if banded else None,
            terms=tuple(map(context.term_line, terms)),
            tables=tables,
            method=tuple(self._method()) if tables else (),
        )

    def _bands(self) -> Chart:
        rows = [
            Counted(found.terms.term.label, _open(found.jobs, found.open), found.jobs, found.open)
            for found in pay_figures.band_counts(self.catalogue)
        ]
        return Chart(f"Bar chart of the jobs in each salary band. {_BELOW}", count_rows(rows))

    def _tables(self) -> Iterator[PayTable]:
        grades, years = pay_figures.by_grade(self.catalogue), pay_figures.by_year(self.catalogue)
        linked = self.config.facets.grades
        known = self.config.vocabularies["grades"].by_id
        if grades:
            more = sum(found.jobs for _, found in years) - sum(found.jobs for _, found in grades)
            yield self._table(
                "grade",
                "the jobs of each grade, in the years that are named",
                [
                    (
                        known[id_].label,
                        self.context.href(f"/grades/{id_}/") if linked else None,
                        pay_figures.years_words(found),
                        found,
                    )
                    for id_, found in grades
                ],
                note=f"{count(more, 'more job states', 'more jobs state')} a yearly salary without one of these grades."
                if more
                else None,
            )
        if years:
            about = "the jobs published in each year, closed ones too"
            yield self._table("year", about, [(str(year), None, None, found) for year, found in years])

    def _table(self, what: str, whose: str, lines: Iterable[_Line], note: str | None = None) -> PayTable:
        lines = tuple(lines)
        config = self.config
        rows, ticks = range_rows(
            [
                Ranged(
                    label,
                    f"{pay_figures.range_words(found, config)}, {count(found.jobs, 'job')}",
                    found.least,
                    found.most,
                    found.middle,
                )
                for label, _, _, found in lines
            ],
            lambda number: pay_figures.money(number, config),
        )
        return PayTable(
            id=f"app-pay-by-{what}",
            heading=f"Pay by {what}",
            intro=f"The pay of {whose}: dots at the lowest and the highest, an upright line at the middle.",
            what=what.capitalize(),
            chart=Chart(f"Chart of the lowest, the middle and the highest pay by {what}. {_BELOW}", rows, ticks),
            rows=tuple(self._line(*line) for line in lines),
            note=note,
        )

    def _line(self, label: str, href: str | None, years: str | None, found: Spread) -> PayLine:
        least, most = pay_figures.ends(found, self.config)
        middle = None if found.middle is None else pay_figures.money(found.middle, self.config)
        return PayLine(label, href, found.jobs, years, least, most, middle)

    def _method(self) -> Iterator[str]:
        counted, jobs = pay_figures.spread(self.catalogue.carried), len(self.catalogue.jobs())
        taken = counted.jobs if counted else 0
        yield (
            f"Pay by grade and by year takes in {taken:,} of {count(jobs, 'job')}: those whose source states a yearly "
            f"salary {pay_figures.currency(self.config)}. Pay by the hour, day, week or month, other currencies, and "
            "figures for more or less than a salary, such as a package or a fee, are left out."
        )
        yield (
            "The lowest and the highest are the figures at either end that any of the jobs names. Where only one end "
            "of a range is named, such as “up to £60,000”, that one counts as both. A job with a range for London and "
            "another elsewhere has one range here."
        )
        yield (
            "For the middle, each job counts by the middle of its range: half of the jobs are at or above it, and half "
            f"at or below. With fewer than {FEWEST} jobs there is none."
        )
        yield (
            "Pay is as it was published. Nothing is converted, estimated or raised for inflation, so the pay of "
            "different years is not money of the same worth."
        )


def _open(jobs: int, are_open: int) -> str:
    said = count(jobs, "job")
    return f"{said}, {are_open:,} open" if are_open else said
