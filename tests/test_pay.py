"""Pay: every written form, every rule with its exact words, and the bands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.diagnostics import RULES, Read
from digest.model import Pay, PayKind, Period, Salary
from digest.pay import reading
from digest.pay.bands import PaySettings, Placing, annual, bands_from_bounds, format_estimate, placing
from digest.pay.money import format_money, read_amount, read_currency, read_money, read_period
from digest.pay.reading import format_pay, make_pay, read_pay
from digest.pay.words import CURRENCIES, DOLLAR_CODES, SIGNS

SETTINGS = PaySettings()
BANDS = bands_from_bounds([30000, 40000, 50000, 60000, 75000, 100000])

amounts = st.one_of(
    st.integers(1, 2_000_000).map(Decimal),
    st.decimals(Decimal("0.01"), Decimal(999_999), places=2),
    st.decimals(Decimal("0.0001"), Decimal(9_999), places=4),
)
periods: st.SearchStrategy[Period] = st.sampled_from(("year", "month", "week", "day", "hour"))


@st.composite
def pays(draw: st.DrawFn, currencies: tuple[str, ...] = tuple(sorted(CURRENCIES))) -> Pay:
    """Draw any pay that the rules let pass."""
    low, high = sorted([draw(amounts), draw(amounts)])
    shape = draw(st.sampled_from(["figure", "range", "from", "up to"]))
    pay = Pay(
        minimum=None if shape == "up to" else low,
        maximum=None if shape == "from" else low if shape == "figure" else high,
        currency=draw(st.sampled_from(currencies)),
        period=draw(periods),
        approximate=draw(st.booleans()),
    )
    # Such a range is taken for a figure that lost its thousands, see salary-shorthand.
    assume(shape != "range" or high < 1000 or high < low * 20 or pay.period != "year")
    return pay


def one(text: str) -> Pay:
    """Give the pay of a text that is read without a finding."""
    read = read_pay(text)
    assert read.findings == ()
    assert read.value is not None
    assert read.value.kind == "stated"
    (pay,) = read.value.pay
    return pay


def problems(read: Read[Any], text: str = "") -> list[tuple[str, str, str | None, str]]:
    """Give each finding's rule, words, hint and marked part."""
    return [(check.id, found.message, found.hint, text[found.start : found.end]) for check, found in read.findings]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("£71,000 to £85,000", "£71,000 to £85,000"),
        ("between £71,000 and £85,000", "£71,000 to £85,000"),
        ("£71,000 - £85,000", "£71,000 to £85,000"),
        ("£71,000\u2013£85,000", "£71,000 to £85,000"),
        ("£71,000\u00a0to\u00a0£85,000", "£71,000 to £85,000"),
        ("£45k to £55k", "£45,000 to £55,000"),
        ("from £45k to £55k", "£45,000 to £55,000"),
        ("about £45k to £55k", "about £45,000 to £55,000"),
        ("£90K", "£90,000"),
        ("£45.5k", "£45,500"),
        ("£85,000-a-year", "£85,000"),
        ("£7883 per annum", "£7,883"),
        ("£106,952 p.a.", "£106,952"),
        ("£59,966.00 to £97,043.00", "£59,966 to £97,043"),
        ("about £110,000", "about £110,000"),
        ("around £110,000", "about £110,000"),
        ("circa £110,000", "about £110,000"),
        ("circa-£110,000", "about £110,000"),
        ("c. £110,000", "about £110,000"),
        ("c.£110k", "about £110,000"),
        ("c £110,000", "about £110,000"),
        ("in the region of £110,000", "about £110,000"),
        ("Approximately £110,000", "about £110,000"),
        ("from £45k", "from £45,000"),
        ("£45,000 and over", "from £45,000"),
        ("£45k+", "from £45,000"),
        ("starting at £45,000", "from £45,000"),
        ("starting salary of £25,856", "from £25,856"),
        ("from about £45,000", "from about £45,000"),
        ("up to £97,760", "up to £97,760"),
        ("up to £93,225 per annum", "up to £93,225"),
        ("up to about US$170,000", "up to about US$170,000"),
        ("£550 a day", "£550 a day"),
        ("£550 per day", "£550 a day"),
        ("£550/day", "£550 a day"),
        ("£550 daily", "£550 a day"),
        ("£550 pd", "£550 a day"),
        ("£700 to £800 a day", "£700 to £800 a day"),
        ("£700 a day to £800 a day", "£700 to £800 a day"),
        ("£18.20 an hour", "£18.20 an hour"),
        ("£18.2 an hour", "£18.20 an hour"),
        ("£600 a week", "£600 a week"),
        ("€5,000 a month", "€5,000 a month"),
        ("EUR 7,646.86 a month", "€7,646.86 a month"),
        ("7,646.86 EUR", "€7,646.86"),
        ("US$98,496 to US$158,432", "US$98,496 to US$158,432"),
        ("USD 98,496", "US$98,496"),
        ("$98,496 USD", "US$98,496"),
        ("A$138,631 to A$185,518", "A$138,631 to A$185,518"),
        ("AU$138,631", "A$138,631"),
        ("C$90,000", "C$90,000"),
        ("CA$90,000", "C$90,000"),
        ("NZ$90,000", "NZ$90,000"),
        ("CHF 90,000", "CHF 90,000"),
        ("90,000 CHF a year", "CHF 90,000"),
    ],
)
def test_a_form_is_read_and_written_again_in_our_style(text: str, written: str) -> None:
    """Each written form is understood, and shown in one style."""
    assert format_pay(one(text)) == written


@pytest.mark.parametrize(
    ("text", "kind"), [("not stated", "not stated"), ("Not  stated", "not stated"), ("Unpaid", "unpaid")]
)
def test_pay_may_be_unknown_or_none(text: str, kind: PayKind) -> None:
    """A form without figures gives a salary without ranges, and an unpaid post is not one whose pay is unknown."""
    assert read_pay(text) == Read(Salary(kind))


FORMS = "write one of  £71,000 to £85,000,  about £110,000,  £550 a day,  or  not stated"
WHICH = "if it is the United States dollar; else A$ (Australia), C$ (Canada) or NZ$ (New Zealand)"
PERIODS = "write  a year, a month, a week, a day  or  an hour"


@pytest.mark.parametrize(
    ("text", "rule", "message", "hint", "marked"),
    [
        (
            "circa 90,000",
            "salary-currency",
            '"circa 90,000" has no currency',
            "write  salary: about £90,000",
            "circa 90,000",
        ),
        ("45-55k", "salary-currency", '"45-55k" has no currency', "write  salary: £45,000 to £55,000", "45-55k"),
        (
            "from $170,000",
            "salary-dollar",
            '"$" does not say which dollar',
            f"write  salary: from US$170,000  {WHICH}",
            "$",
        ),
        (
            "90,000 UKP",
            "salary-unknown-currency",
            '"UKP" is not a currency we know; did you mean GBP?',
            "write  £, €, US$ or an ISO 4217 code, such as  CHF 90,000",
            "UKP",
        ),
        (
            "£45,000 to €55,000",
            "salary-two-currencies",
            '"£45,000 to €55,000" names more than one currency, GBP and EUR',
            "keep the one that is meant; write two ranges of pay as a list, each with its label",
            "£45,000 to €55,000",
        ),
        ("£550 a shift", "salary-period", '"a shift" is not a period of pay', PERIODS, "a shift"),
        (
            "£550 a day per year",
            "salary-period",
            '"a day" and "per year" are two periods',
            "keep the one that is meant",
            "a day per year",
        ),
        (
            "£85,000 to £71,000",
            "salary-order",
            "the least pay, £85,000, is above the most, £71,000",
            "write  salary: £71,000 to £85,000",
            "£85,000 to £71,000",
        ),
        (
            "£45-55,000",
            "salary-shorthand",
            '"£45-55,000" leaves part of one figure to the other',
            "write  salary: £45,000 to £55,000",
            "£45-55,000",
        ),
        (
            "£45-55k",
            "salary-shorthand",
            '"£45-55k" leaves part of one figure to the other',
            "write  salary: £45,000 to £55,000",
            "£45-55k",
        ),
        (
            "£45k-55",
            "salary-shorthand",
            '"£45k-55" leaves part of one figure to the other',
            "write  salary: £45,000 to £55,000",
            "£45k-55",
        ),
        (
            "£700-800 a day",
            "salary-shorthand",
            '"£700-800 a day" leaves part of one figure to the other',
            "write  salary: £700 to £800 a day",
            "£700-800 a day",
        ),
        (
            "7 646,86 EUR",
            "salary-separator",
            '"7 646,86" does not separate thousands and decimals as the digest does',
            "write  salary: 7,646.86 EUR",
            "7 646,86",
        ),
        (
            "€90.000",
            "salary-separator",
            '"90.000" does not separate thousands and decimals as the digest does',
            "write  salary: €90,000",
            "90.000",
        ),
        ("£0", "salary-zero", '"£0" is no pay', "write  salary: unpaid,  or  salary: not stated", "£0"),
        ("competitive", "salary-form", '"competitive" is not understood as pay', "write  salary: not stated", None),
        ("voluntary", "salary-form", '"voluntary" is not understood as pay', "write  salary: unpaid", None),
        ("plenty", "salary-form", '"plenty" is not understood as pay', FORMS, "plenty"),
        ("", "salary-form", '"" is not understood as pay', FORMS, ""),
        (
            "Up to £60K depending on skills",
            "salary-form",
            '"Up to £60K depending on skills" is not understood as pay',
            'write  salary: {pay: "up to £60,000", note: "depending on skills"}',
            "depending on skills",
        ),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_its_mend(
    text: str, rule: str, message: str, hint: str, marked: str | None
) -> None:
    """Each mistake gives no value, and exactly these words, hint and marked part."""
    read = read_pay(text)
    assert read.value is None
    assert problems(read, text) == [(rule, message, hint, text if marked is None else marked)]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "£550",
            "£550 is very little for a year",
            "write  salary: £550,000,  or  salary: £550 a day,  or add  a year",
        ),
        (
            "£1,820 an hour",
            "£1,820 an hour comes to more than 1,000,000 a year",
            "check the figure, its `k` and its period",
        ),
    ],
)
def test_a_doubtful_figure_is_kept_with_a_warning(text: str, message: str, hint: str) -> None:
    """A figure that may be right is read, and doubted."""
    read = read_pay(text)
    assert read.value is not None
    assert problems(read, text) == [("salary-implausible", message, hint, text)]
    assert RULES["salary-implausible"].severity == "warning"


@pytest.mark.parametrize("text", ["£550 a year", "£999,999", "JPY 9,000,000", "£6.15 per hour", "£1 to £50 an hour"])
def test_a_figure_that_is_meant_is_not_doubted(text: str) -> None:
    """A small figure with its period, and large ones in small units, pass in silence."""
    assert one(text).minimum is not None


@pytest.mark.parametrize("text", ["£45-55k", "circa 90,000", "£85,000 to £71,000", "7 646,86 EUR", "£550", "$98,496"])
def test_the_hint_is_itself_right(text: str) -> None:
    """What a hint tells the editor to write is read without an error."""
    ((_, finding),) = read_pay(text).findings
    mended = (finding.hint or "").removeprefix("write  salary: ").split("  ")[0].rstrip(",")
    assert read_pay(mended).findings == ()


def test_hints_name_the_field_and_the_home_currency() -> None:
    """Hints fit the place that is read and the currency of the site."""
    assert problems(read_pay("90k", field="pay", home="EUR"))[0][2] == "write  pay: €90,000"


def test_a_mapping_is_held_to_the_same_rules() -> None:
    """A range made of parts meets the rules of a written one."""
    made = make_pay(Decimal(71000), Decimal(85000), "GBP", "year", label="London")
    assert made.value == Pay(Decimal(71000), Decimal(85000), "GBP", "year", label="London")
    turned = make_pay(Decimal(85000), Decimal(71000), "GBP")
    assert turned.value is None
    assert problems(turned)[0][:3] == (
        "salary-order",
        "the least pay, £85,000, is above the most, £71,000",
        "write  min: 71000  and  max: 85000",
    )
    assert problems(make_pay(None, None, "GBP"))[0][2] == "give  min,  max  or both"
    assert problems(make_pay(Decimal(0), None, "GBP"))[0][0] == "salary-zero"


def test_a_small_figure_in_a_mapping_is_doubted_only_without_its_period() -> None:
    """The period that an editor wrote is believed."""
    assert make_pay(Decimal(550), None, "GBP", "year").findings == ()
    assert problems(make_pay(Decimal(550), None, "GBP", period_given=False))[0][0] == "salary-implausible"


@pytest.mark.parametrize(
    ("text", "value"), [("71000", "71000"), ("71,000", "71000"), ("45k", "45000"), ("18.2", "18.20"), ("abc", None)]
)
def test_one_amount_needs_no_currency(text: str, value: str | None) -> None:
    """An amount of a mapping is read into digits that depend on its value alone."""
    read = read_money(text)
    assert (None if read.value is None else str(read.value)) == value
    assert bool(read.findings) == (value is None)


def test_the_sign_of_an_amount_is_not_dropped_in_silence() -> None:
    """A sign beside the figure cannot contradict the currency's own key."""
    assert problems(read_money("€5,000"))[0][:3] == (
        "salary-sign",
        '"€5,000" has a currency beside its figure',
        "write  5000  and  currency: EUR",
    )


def test_the_currency_of_an_amount_can_be_had() -> None:
    """A currency beside an amount is not lost."""
    read = read_amount("€5,000")
    assert read.value is not None
    assert read.value.currency == "EUR"


@pytest.mark.parametrize(
    ("text", "code"), [("GBP", "GBP"), ("gbp", "GBP"), ("£", "GBP"), ("US$", "USD"), ("$", None), ("XYZ", None)]
)
def test_a_currency_stands_alone(text: str, code: str | None) -> None:
    """Codes and signs are read; a bare dollar and an unknown code are not."""
    assert read_currency(text).value == code
    assert bool(read_currency(text).findings) == (code is None)


@pytest.mark.parametrize(
    ("text", "period"),
    [("year", "year"), ("per annum", "year"), ("a day", "day"), ("Days", "day"), ("p.a.", "year"), ("shift", None)],
)
def test_a_period_stands_alone(text: str, period: Period | None) -> None:
    """Periods are read with and without their small words."""
    assert read_period(text).value == period
    assert bool(read_period(text).findings) == (period is None)


def test_every_sign_stands_for_a_known_currency() -> None:
    """The tables of signs, dollars and codes agree."""
    assert CURRENCIES.issuperset(SIGNS.values())
    assert CURRENCIES >= DOLLAR_CODES
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


@given(pays())
def test_what_is_written_is_read_back(pay: Pay) -> None:
    """Writing pay and reading it gives the same pay."""
    read = read_pay(format_pay(pay))
    assert read.value == Salary("stated", (pay,))


@given(st.from_regex(re.compile(reading._POUNDS, re.ASCII), fullmatch=True))
def test_the_forms_that_are_read_quickly_are_read_alike(text: str) -> None:
    """The shorter way for the forms that hints offer finds what the way for all forms finds, or leaves it to that."""
    quick = reading._quick(text)
    slow, findings = reading._phrase(text, "salary")
    if quick is None:
        assert slow is None or reading._currency_findings(text, slow, "salary", "GBP")
    else:
        assert (slow, findings) == (quick, ())
        assert reading._currency_findings(text, quick, "salary", "GBP") == ()


@given(st.one_of(st.text(), st.text("£€$k0123456789,.- atopnd/cUSGBP", max_size=24)))
def test_reading_never_fails(text: str) -> None:
    """Any text at all gives a value or findings that mark a part of it, never an exception."""
    for read in (read_pay(text), read_money(text), read_currency(text), read_period(text)):
        assert (read.value is None) == any(check.severity == "error" for check, _ in read.findings)
        for check, finding in read.findings:
            assert check.doc
            assert 0 <= finding.start <= len(text)
            assert finding.end is None or finding.start <= finding.end <= len(text)


@pytest.mark.parametrize(
    ("text", "hours", "bounds", "estimate"),
    [
        ("£18.20 an hour", None, ("35016.80", "35016.80"), "about £35,000 a year"),
        ("£18.20 an hour", "40", ("37856.00", "37856.00"), "about £37,900 a year"),
        ("£2,000 to £2,166 a month", None, ("24000", "25992"), "about £24,000 to £26,000 a year"),
        ("from £600 a week", None, ("31200", None), "from about £31,200 a year"),
        ("up to £600 a week", None, (None, "31200"), "up to about £31,200 a year"),
        ("£71,000", None, ("71000", "71000"), None),
        ("£550 a day", None, None, None),
        ("€5,000 a month", None, None, None),
    ],
)
def test_pay_is_brought_to_a_year_and_marked_as_an_estimate(
    text: str, hours: str | None, bounds: tuple[str | None, str | None] | None, estimate: str | None
) -> None:
    """Hours, weeks and months count by one constant each; days and other currencies do not count."""
    pay, own = one(text), None if hours is None else Decimal(hours)
    expected = None if bounds is None else tuple(None if bound is None else Decimal(bound) for bound in bounds)
    assert annual(pay, SETTINGS, own) == expected
    assert format_estimate(pay, SETTINGS, own) == estimate


def test_bands_are_named_after_their_bounds() -> None:
    """Each band has the path and the label that readers know."""
    assert [(band.id, band.label) for band in BANDS] == [
        ("under-30000", "Under £30,000"),
        ("30000-to-39999", "£30,000 to £39,999"),
        ("40000-to-49999", "£40,000 to £49,999"),
        ("50000-to-59999", "£50,000 to £59,999"),
        ("60000-to-74999", "£60,000 to £74,999"),
        ("75000-to-99999", "£75,000 to £99,999"),
        ("100000-and-over", "£100,000 and over"),
    ]


@pytest.mark.parametrize("bounds", [[], [0, 10], [20, 10], [10, 10]])
def test_bounds_that_do_not_rise_are_a_bug(bounds: list[int]) -> None:
    """The configuration has been checked before bands are made."""
    with pytest.raises(ValueError, match="rise"):
        bands_from_bounds(bounds)


@pytest.mark.parametrize(
    ("texts", "starts", "reaches"),
    [
        (["about £110,000"], ["100000-and-over"], []),
        (["£71,000 to £85,000"], ["60000-to-74999"], ["75000-to-99999"]),
        (["about £90,000"], ["75000-to-99999"], []),
        (["£60,000 to £75,000"], ["60000-to-74999"], []),
        (["£74,999.50"], ["60000-to-74999"], []),
        (["£75,000"], ["75000-to-99999"], []),
        (["from £75,000"], ["75000-to-99999"], []),
        (["up to £75,000"], ["75000-to-99999"], []),
        (["£18.20 an hour"], ["30000-to-39999"], []),
        (["£30,000 to £62,000"], ["30000-to-39999"], ["40000-to-49999", "50000-to-59999", "60000-to-74999"]),
        (["£49,325 to £53,081", "£42,914 to £46,182"], ["40000-to-49999"], ["50000-to-59999"]),
        (["£550 a day"], ["day-rates"], []),
        (["£550 a day", "£71,000"], ["60000-to-74999", "day-rates"], []),
        (["€90,000"], ["other-currencies"], []),
        (["€550 a day"], ["other-currencies"], []),
        (["€90,000", "£550 a day", "£20,000"], ["under-30000", "day-rates", "other-currencies"], []),
    ],
)
def test_a_job_is_listed_on_the_right_salary_pages(texts: list[str], starts: list[str], reaches: list[str]) -> None:
    """Each row of the table of salary bands holds."""
    salary = Salary("stated", tuple(map(one, texts)))
    assert placing(salary, BANDS, SETTINGS) == Placing(tuple(starts), tuple(reaches))


def test_pay_that_is_not_told_has_its_own_pages() -> None:
    """Unknown pay and no pay are listed, each by itself."""
    assert placing(Salary("not stated"), BANDS, SETTINGS) == Placing(("not-stated",))
    assert placing(Salary("unpaid"), BANDS, SETTINGS) == Placing(("unpaid",))


@given(pays(("GBP",)), st.lists(st.integers(1, 300_000), min_size=1, max_size=8, unique=True).map(sorted))
def test_pay_starts_in_one_band_and_reaches_those_above(pay: Pay, bounds: list[int]) -> None:
    """Whatever the bands, pay by the year starts in exactly one, holds its known end, and reaches the next ones."""
    assume(pay.period != "day")
    bands = bands_from_bounds(bounds)
    placed = placing(Salary("stated", (pay,)), bands, SETTINGS)
    order = [band.id for band in bands]
    first = order.index(placed.starts[0])
    assert len(placed.starts) == 1
    assert placed.reaches == tuple(order[first + 1 : first + 1 + len(placed.reaches)])
    known = [bound for bound in annual(pay, SETTINGS, None) or () if bound is not None]
    lower, upper = bands[first].lower, bands[first].upper
    assert lower is None or lower <= min(known)
    assert upper is None or min(known) < upper
    last = bands[first + len(placed.reaches)]
    assert last.upper is None or max(known) <= last.upper
    assert not placed.reaches or (last.lower or 0) < max(known)


@given(amounts, amounts, amounts, amounts)
def test_more_pay_is_never_listed_lower(low: Decimal, high: Decimal, more: Decimal, most: Decimal) -> None:
    """When neither end of the pay falls, neither its first nor its last band falls."""
    low, high = sorted([low, high])
    order = [band.id for band in BANDS]

    def ends(least: Decimal, greatest: Decimal) -> tuple[int, int]:
        salary = Salary("stated", (Pay(least, greatest, "GBP", "year"),))
        placed = placing(salary, BANDS, SETTINGS)
        return order.index(placed.starts[0]), order.index((placed.starts + placed.reaches)[-1])

    # Two ranges, not a figure against a range: a figure on a bound is above it, and the end of a range is not.
    assume(low < high)
    before, after = ends(low, high), ends(low + more, high + more + most)
    assert before[0] <= after[0]
    assert before[1] <= after[1]


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        ("10.417", "GBP", "£10.4170"),
        ("18.2", "GBP", "£18.20"),
        ("1E+5", "USD", "US$100,000"),
        ("90000", "SEK", "SEK 90,000"),
    ],
)
def test_an_amount_is_written_so_that_it_reads_one_way(value: str, currency: str, written: str) -> None:
    """No amount shows three decimals, which elsewhere mean thousands."""
    assert format_money(Decimal(value), currency) == written
