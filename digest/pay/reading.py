"""Read pay as editors write it, and write it in the style of GOV.UK.

`words` cuts a text into words, `rules` holds the rules, `money` reads one amount, and `bands` compares pay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, structs

from digest.diagnostics import Read
from digest.model import Pay, Period, Salary
from digest.pay.money import (
    AMOUNT,
    Amount,
    amount_of,
    canonical,
    format_money,
)
from digest.pay.rules import (
    salary_currency,
    salary_form,
    salary_implausible,
    salary_order,
    salary_period,
    salary_shorthand,
    salary_two_currencies,
    salary_zero,
)
from digest.pay.words import Lexeme, lexemes, period_of
from digest.text.findings import Findings, errors, found
from digest.text.patterns import compiled
from digest.text.plaintext import one_space

_SHAPE: Final = "(?P<least>FL?A|L?AO)|(?P<most>UL?A)|(?P<range>L?BL?A[T&]A|L?F?L?ATA)|(?P<figure>L?AL?)"
"""The forms by the kinds of their lexemes, A for an amount, without the period."""
_NUMBER: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.[0-9]{2})?"
_POUNDS: Final = rf"(?:(from|up to|about) )?£({_NUMBER})(?: to £({_NUMBER}))?(?: an? (year|month|week|day|hour))?"
"""The forms that hints offer, in pounds."""
_LEADS: Final = {None: "figure", "about": "figure", "from": "least", "up to": "most"}
_WITHOUT: Final = ("competitive", "negotiable", "tbc", "tbd", "tba", "to be confirmed", "unknown", "n/a", "none given")
_UNPAID: Final = ("voluntary", "volunteer", "no pay", "none")
_SUFFIX: Final[dict[Period, str]] = {
    "year": "",
    "month": " a month",
    "week": " a week",
    "day": " a day",
    "hour": " an hour",
}
_PERIODS: Final[dict[str | None, Period]] = {None: "year", **{period: period for period in _SUFFIX}}
_THOUSAND: Final = 1000
_FAR_APART: Final = 20
"""A range whose upper figure is this many times the lower one lacks the thousands of the lower one."""


class _Phrase(Struct, frozen=True):
    """A form taken apart."""

    shape: str
    """Name of the group of `_SHAPE` that fits: least, most, range or figure."""
    amounts: tuple[Amount, ...]
    period: Period
    period_given: bool
    approximate: bool


def read_pay(text: str, *, field: str = "salary", home: str = "GBP") -> Read[Salary]:
    """Read a whole short form of pay: `£71,000 to £85,000`, `about £110,000`, `£550 a day`, `not stated`, `unpaid`.

    Without a word for the period it is a year.  `field` is what hints call the place of the text, and `home` the
    ISO 4217 code they offer where the currency is missing.
    """
    phrase = _quick(text)
    if phrase is None:
        words = one_space(text).lower()
        if words == "not stated":
            return Read(Salary("not stated"))
        if words == "unpaid":
            return Read(Salary("unpaid"))
        phrase, findings = _phrase(text, field)
        if phrase is None:
            return Read(None, findings)
        findings = _currency_findings(text, phrase, field, home)
        if findings:
            return Read(None, findings)
    made = _pay(phrase, phrase.amounts[0].currency or home)
    findings = _findings(made, text.strip(), field, period_given=phrase.period_given)
    return Read(None if errors(findings) else Salary("stated", (made,)), findings)


def make_pay(  # noqa: PLR0913 - the fields of a written range of pay
    minimum: Decimal | None,
    maximum: Decimal | None,
    currency: str,
    period: Period = "year",
    *,
    approximate: bool = False,
    label: str | None = None,
    note: str | None = None,
    period_given: bool = True,
) -> Read[Pay]:
    """Make one range from the values of a mapping, under the same rules as a short form.

    `minimum` None is "up to", `maximum` None is "from"; at least one is needed.  `period_given` False says that the
    editor wrote no period, which makes a small figure doubtful.
    """
    if minimum is None and maximum is None:
        return Read(None, found(salary_form, "", "give  min,  max  or both"))
    made = Pay(minimum, maximum, currency, period, approximate, label, note)
    findings = _findings(made, format_pay(made), None, period_given=period_given)
    return Read(None if errors(findings) else made, findings)


def format_pay(pay: Pay) -> str:
    """Write pay in the style of GOV.UK: `£71,000 to £85,000`, `from £45,000`, `up to about US$170,000`, `£550 a day`.

    A range repeats the sign; yearly pay has no suffix; label and note are left out.
    """
    about = "about " if pay.approximate else ""
    least, most = (None if value is None else format_money(value, pay.currency) for value in (pay.minimum, pay.maximum))
    if most is None:
        words = f"from {about}{least}"
    elif least is None:
        words = f"up to {about}{most}"
    else:
        words = f"{about}{least}" if pay.minimum == pay.maximum else f"{about}{least} to {most}"
    return words + _SUFFIX[pay.period]


def _quick(text: str) -> _Phrase | None:
    """Take apart the forms that most entries use, as `_phrase` does; None for any other, or where figures are cut."""
    match = compiled(_POUNDS).fullmatch(text)
    if match is None:
        return None
    lead, first, last, period = match.groups()
    if last is None:
        return _Phrase(_LEADS[lead], (_pounds(first),), _PERIODS[period], period is not None, lead == "about")
    amounts = _pounds(first), _pounds(last)
    phrase = _Phrase("range", amounts, _PERIODS[period], period is not None, lead == "about")
    return None if lead == "up to" or _written_out(phrase) is not amounts else phrase


def _pounds(number: str) -> Amount:
    value = Decimal(number.replace(",", ""))
    return Amount(canonical(value) if "." in number else value, "GBP", thousands=False)


def _phrase(text: str, field: str) -> tuple[_Phrase | None, Findings]:
    """Take a form apart; None and the reasons where it is not one."""
    lexed = lexemes(text)
    times = [lexeme for lexeme in lexed if lexeme.kind in "PQ"]
    rest = [lexeme for lexeme in lexed if lexeme.kind not in "PQ"]
    kinds = "".join(lexeme.kind for lexeme in rest)
    shape = compiled(_SHAPE).fullmatch(compiled(AMOUNT).sub("A", kinds))
    if shape is None:
        return None, _not_understood(text, lexed, field)
    reads = [amount_of(text, rest[match.start() : match.end()], field) for match in compiled(AMOUNT).finditer(kinds)]
    amounts = tuple(read.value for read in reads if read.value)
    findings = tuple(
        {(one[0].id, one[1].message, one[1].hint): one for read in reversed(reads) for one in read.findings}.values()
    )
    periods = [period_of(time.text) for time in times]
    if times:
        names = [one_space(time.text) for time in times]
        findings += found(salary_period, names, periods, _inked(times[0]), times[-1].end)
    if findings:
        return None, findings
    period = periods[0] if periods else None
    return _Phrase(shape.lastgroup or "", amounts, period or "year", period is not None, "L" in kinds), ()


def _inked(lexeme: Lexeme) -> int:
    return lexeme.start + len(lexeme.text) - len(lexeme.text.lstrip())


def _not_understood(text: str, lexed: Sequence[Lexeme], field: str) -> Findings:
    """Offer `not stated`, or keep what was understood and put the rest into a note, or list the forms."""
    words = one_space(text).lower()
    if words.startswith(_WITHOUT):
        return found(salary_form, text, f"write  {field}: not stated")
    if words in _UNPAID:
        return found(salary_form, text, f"write  {field}: unpaid")
    odd = next((place for place, lexeme in enumerate(lexed) if lexeme.kind == "X"), 0)
    if odd:
        start = lexed[odd].start
        head = read_pay(text[:start], field=field)
        if head.value and head.value.pay:
            note = re.sub(r'["{}]', "", one_space(text[start:])).strip("(), ")
            hint = f'write  {field}: {{pay: "{format_pay(head.value.pay[0])}", note: "{note}"}}'
            return found(salary_form, text, hint, start, len(text.rstrip()))
    return found(salary_form, text)


def _currency_findings(text: str, phrase: _Phrase, field: str, home: str) -> Findings:
    """Find what is wrong between the figures of a form: no currency, two of them, or a figure cut short."""
    currencies = [amount.currency for amount in phrase.amounts]
    amounts = _written_out(phrase)

    def mend() -> str:
        currency = next(filter(None, currencies), home)
        return f"write  {field}: {format_pay(_pay(structs.replace(phrase, amounts=amounts), currency))}"

    findings = found(salary_currency, text, currencies, mend) or found(salary_two_currencies, text, currencies)
    if not findings and (None in currencies or amounts != phrase.amounts):
        findings = found(salary_shorthand, text, mend())
    return findings


def _written_out(phrase: _Phrase) -> tuple[Amount, ...]:
    """Give a figure of a range the thousands that it leaves to the other, as 45 does in `£45-55k`."""
    if phrase.shape != "range":
        return phrase.amounts
    low, high = phrase.amounts
    if low.value > high.value:
        low, high = high, low
    shared = high.thousands or low.currency is None or high.currency is None or phrase.period == "year"
    scaled = low.value * _THOUSAND
    too_low = high.value >= _THOUSAND and high.value >= low.value * _FAR_APART
    if shared and too_low and not low.thousands and 0 < scaled <= high.value * _FAR_APART:
        first, second = sorted((structs.replace(low, value=scaled), high), key=lambda amount: amount.value)
        return first, second
    return phrase.amounts


def _pay(phrase: _Phrase, currency: str) -> Pay:
    first, last = phrase.amounts[0].value, phrase.amounts[-1].value
    least = None if phrase.shape == "most" else first
    most = None if phrase.shape == "least" else last
    return Pay(least, most, currency, phrase.period, phrase.approximate)


def _findings(pay: Pay, shown: str, field: str | None, *, period_given: bool) -> Findings:
    """Find what is wrong with the figures of one range; `field` None where it comes from a mapping."""
    figures = [value for value in (pay.minimum, pay.maximum) if value is not None]

    def money(value: Decimal) -> str:
        return format_money(value, pay.currency)

    findings = found(salary_zero, shown, figures, field or "salary")
    if pay.minimum is not None and pay.maximum is not None:
        findings += found(salary_order, pay.minimum, pay.maximum, money, lambda: _turned(pay, field))
    if findings:
        return findings
    return found(salary_implausible, pay, money, lambda: _doubt(pay, field), period_given=period_given)


def _turned(pay: Pay, field: str | None) -> str:
    """Offer the two figures the other way round."""
    if field is None:
        return f"write  min: {pay.maximum:f}  and  max: {pay.minimum:f}"
    return f"write  {field}: {format_pay(structs.replace(pay, minimum=pay.maximum, maximum=pay.minimum))}"


def _doubt(pay: Pay, field: str | None) -> str:
    """Say what a small figure without a period may have been meant to be."""
    if field is None:
        return "write the figure in full, or its  period: day"
    least, most = (None if value is None else value * _THOUSAND for value in (pay.minimum, pay.maximum))
    full = format_pay(structs.replace(pay, minimum=least, maximum=most))
    daily = format_pay(structs.replace(pay, period="day"))
    return f"write  {field}: {full},  or  {field}: {daily},  or add  a year"
