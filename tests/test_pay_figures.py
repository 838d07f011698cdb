"""The figures of pay: which jobs they take in, what they say of these, and how they are drawn."""

from __future__ import annotations

from fractions import Fraction
from statistics import median
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.planning.charts import MOST_STEPS, Counted, Ranged, count_rows, range_rows
from digest.planning.pay_figures import (
    FEWEST,
    FEWEST_FOR_HALF,
    WHOLE,
    Spread,
    band_counts,
    banded,
    by_grade,
    by_year,
    mark,
    range_words,
    sentence,
    spread,
)
from tests.builders import catalogue, config, job, news


def spread_of(*salaries: str) -> Spread | None:
    """Return the spread of one job for each salary."""
    return spread(catalogue([job(f"job-{n}", salary=salary) for n, salary in enumerate(salaries)]).carried)


def told(*salaries: str) -> str | None:
    """Return what is said of one job for each salary."""
    return sentence(catalogue([job(f"job-{n}", salary=salary) for n, salary in enumerate(salaries)]).carried, config())


# --- what is taken in ----------------------------------------------------------------------------------------

TAKEN: Final = {
    "£71,000": (71_000, 71_000),
    "£71,000 to £85,000": (71_000, 85_000),
    "about £110,000": (110_000, 110_000),
    "from £25,856": (25_856, 25_856),
    "up to £60,000": (60_000, 60_000),
    '[{label: London, salary: "£49,325 to £53,081"}, {label: National, salary: "£42,914 to £46,182"}]': (
        42_914,
        53_081,
    ),
    '[{label: Staff, salary: "£40,000"}, {label: Contractor, salary: £500 a day}]': (40_000, 40_000),
}
"""Pay, and the figures at its ends, in pounds."""
LEFT_OUT: Final = [
    "not stated",
    "unpaid",
    "£550 a day",
    "£18.20 an hour",
    "£900 a week",
    "£4,000 a month",
    "€85,000",
    '{pay: "up to £93,225", basis: total package}',
    '{pay: "£7,883", basis: fee for three days a month}',
]


@pytest.mark.parametrize("salary", TAKEN)
def test_plain_pay_for_a_year_counts(salary: str) -> None:
    """Pay for a year in the bands' currency counts by the ends that it names, labelled ranges together."""
    found = spread_of(salary)
    assert found is not None
    assert (found.jobs, found.least // WHOLE, found.most // WHOLE) == (1, *TAKEN[salary])


@pytest.mark.parametrize("salary", LEFT_OUT)
def test_other_pay_is_left_out(salary: str) -> None:
    """Estimates, day rates, other currencies, packages and fees are set beside no yearly pay."""
    assert spread_of(salary) is None
    found = spread_of(salary, "£50,000")
    assert found is not None
    assert found.jobs == 1


def test_about_is_said_only_where_no_exact_figure_is_there() -> None:
    """A figure at an end is called approximate when each job that names it is."""
    for salaries, words in {
        ("about £100,000", "£80,000"): "£80,000 to about £100,000",
        ("about £100,000", "£100,000"): "£100,000",
        ("about £100,000",): "about £100,000",
        ("about £80,000", "£85,000"): "about £80,000 to £85,000",
    }.items():
        found = spread_of(*salaries)
        assert found is not None
        assert range_words(found, config()) == words


POUNDS: Final = st.integers(12_000, 400_000)
RANGES: Final = st.lists(st.tuples(POUNDS, POUNDS).map(sorted), min_size=1, max_size=12)


@given(RANGES)
def test_figures_are_what_they_are_said_to_be(ranges: list[list[int]]) -> None:
    """The ends are the lowest and highest named, the middle is the median, at least half lie in the half."""
    found = spread_of(*(f"£{least} to £{most}" if least < most else f"£{least}" for least, most in ranges))
    assert found is not None
    middles = [Fraction(least + most, 2) for least, most in ranges]
    assert found.jobs == len(ranges)
    assert found.least == min(least for least, _ in ranges) * WHOLE
    assert found.most == max(most for _, most in ranges) * WHOLE
    assert (found.middle is None, found.half is None) == (len(ranges) < FEWEST, len(ranges) < FEWEST_FOR_HALF)
    rounding = Fraction(1, 2)
    if found.middle is not None:
        assert abs(Fraction(found.middle, WHOLE) - median(middles)) <= rounding
    if found.half is not None:
        low, high = (Fraction(end, WHOLE) for end in found.half)
        assert 2 * sum(low - rounding <= one <= high + rounding for one in middles) >= len(middles)


# --- bands, grades, years ------------------------------------------------------------------------------------


def test_a_job_counts_once_in_each_band_and_once_in_all() -> None:
    """A range over two bands is counted in both, an open job as open, and the sum counts each job once."""
    found = catalogue(
        [
            job("wide", salary="£35,000 to £45,000"),
            job("old", salary="£45,000", published="2014-09-01", closes="6 October 2014"),
            job("day", salary="£550 a day"),
        ]
    )
    counts = {one.terms.term.id: (one.jobs, one.open) for one in band_counts(found) if one.jobs}
    assert counts == {"30000-to-39999": (1, 1), "40000-to-49999": (2, 1)}
    assert banded(found) == 2


def test_grades_and_years_have_their_own_figures() -> None:
    """Grades stand in the order of the configuration, years newest first, each only with jobs that give pay."""
    found = catalogue(
        [
            job("a", salary="£60,000", grade="G7"),
            job("b", salary="£40,000", grade="SEO", published="2014-09-01", closes="6 October 2014"),
            job("c", salary="£70,000", grade="{other: GS-14}"),
            job("d", salary="not stated", grade="SEO", published="2015-09-01", closes="6 October 2015"),
        ]
    )
    grades = [(id_, one.jobs, one.years, one.least // WHOLE) for id_, one in by_grade(found)]
    assert grades == [("seo", 1, (2014, 2014), 40_000), ("g7", 1, (2026, 2026), 60_000)]
    assert [(year, one.jobs) for year, one in by_year(found)] == [(2026, 2), (2014, 1)]


CHANGES: Final[dict[str, dict[str, str | None]]] = {
    "pay": {"salary": "£45,001 to £55,000"},
    "band": {"salary": "£550 a day"},
    "grade": {"grade": "G7"},
    "year": {"published": "2025-05-18", "opens": "2025-05-18"},
    "state": {"closes": "20 May 2026", "apply": None},
}


@pytest.mark.parametrize("what", CHANGES)
def test_mark_tells_what_the_figures_are_made_of(what: str) -> None:
    """Whatever changes a figure changes the mark that the salary index is remembered by."""
    assert mark(catalogue([job()])) != mark(catalogue([job(**CHANGES[what])]))


def test_mark_tells_nothing_else() -> None:
    """A title, tags, an organisation or news leave the mark as it is, so the salary index is not made again."""
    other = job(title="Another", tags="[leadership]", organisation="Cabinet Office", summary="Another summary.")
    assert mark(catalogue([job()])) == mark(catalogue([other, news()]))


# --- in words ------------------------------------------------------------------------------------------------


def test_a_list_says_what_its_jobs_pay() -> None:
    """From three jobs on a list says the range of their pay with its years, and from four on where half of them lie."""
    assert told("£40,000", "£50,000") is None
    assert told("£40,000", "£50,000", "not stated") is None
    assert told("£40,000", "£50,000", "£60,000") == (
        "All 3 jobs here state a yearly salary in pounds: £40,000 to £60,000, published in 2026."
    )
    assert told("£40,000", "£50,000 to £55,000", "£60,000", "£90,000", "£550 a day") == (
        "4 of the 5 jobs here state a yearly salary in pounds: £40,000 to £90,000, published in 2026. "
        "At least half of them lie between £52,500 and £60,000, a range counted by its middle."
    )


# --- geometry ------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**6), max_size=8))
def test_bars_are_as_long_as_their_numbers(numbers: list[int]) -> None:
    """Bars begin at zero, are in proportion to their numbers, and none is drawn for nothing."""
    rows = count_rows([Counted(str(number), "", number, number // 2) for number in numbers])
    longest = max(numbers, default=0)
    for row, number in zip(rows, numbers, strict=True):
        drawn = {shape.kind: shape.stop for shape in row.shapes}
        assert {shape.start for shape in row.shapes} <= {0}
        assert drawn.keys() == ({"bar"} if number else set()) | ({"part"} if number > 1 else set())
        assert drawn.get("bar", 0) == pytest.approx(100 * number / longest if number else 0, abs=0.01)
        assert drawn.get("part", 0) == pytest.approx(100 * (number // 2) / longest if number else 0, abs=0.01)


@given(RANGES)
def test_ranges_stand_at_their_place_on_a_round_scale(ranges: list[list[int]]) -> None:
    """A scale goes from zero in at most four round and equal steps past the highest; each point is at its value."""
    rows, ticks = range_rows([Ranged("", "", least, most, (least + most) // 2) for least, most in ranges], str)
    values = [int(tick.label) for tick in ticks]
    top, step = values[-1], values[1]
    assert values == [step * place for place in range(len(values))]
    assert 2 <= len(values) <= MOST_STEPS + 1
    assert top - step < max(most for _, most in ranges) <= top
    assert str(step).rstrip("0") in {"1", "2", "25", "5"}
    assert [ticks[0].minor, ticks[-1].minor] == [False, False]
    assert [tick.at for tick in ticks] == pytest.approx([100 * value / top for value in values], abs=0.01)
    for row, (least, most) in zip(rows, ranges, strict=True):
        ends = [shape.start for shape in row.shapes if shape.kind == "end"]
        assert sorted(ends) == pytest.approx([100 * end / top for end in sorted({least, most})], abs=0.01)
        lines = [(shape.start, shape.stop) for shape in row.shapes if shape.kind == "range"]
        assert lines == ([(min(ends), max(ends))] if least < most else [])
        middle = next(shape.start for shape in row.shapes if shape.kind == "middle")
        assert middle == pytest.approx(100 * ((least + most) // 2) / top, abs=0.01)
