"""One amount of money: reading it, and writing it in the style of GOV.UK."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from digest.diagnostics import Read
from digest.model import Period
from digest.pay.rules import (
    salary_dollar,
    salary_form,
    salary_period,
    salary_separator,
    salary_sign,
    salary_two_currencies,
    salary_unknown_currency,
)
from digest.pay.words import DOLLAR_CODES, DOLLARS, SIGNS, Lexeme, lexemes, period_of
from digest.text.findings import Findings, found
from digest.text.patterns import compiled
from digest.text.plaintext import one_space

AMOUNT: Final = "[SC]*NK?[SC]*"
"""The lexemes of one amount, by their kinds."""
_PLAIN: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?"
_THOUSANDS: Final = r"[0-9]+(?:\.[0-9]{1,3})?"
_CENT: Final = Decimal("0.01")
_LONGEST: Final = 16
"""Characters in the longest number that is taken for money."""
_SHOWN: Final = {"GBP": "£", "EUR": "€", "USD": "US$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$"}


class Amount(Struct, frozen=True):
    """One amount of money as written."""

    value: Decimal
    """At least 0; whole, or with at least two decimals."""
    currency: str | None
    """ISO 4217 code; None where none is written."""
    thousands: bool
    """Written with a `k`."""


def read_amount(text: str, *, field: str | None = None) -> Read[Amount]:
    """Read one amount, with or without its currency: `£71,000`, `EUR 7,646.86`, `45k`, `71000`.

    `field` is the name that hints give to the place of the text, if they may name it.
    """
    lexed = lexemes(text)
    if compiled(AMOUNT).fullmatch("".join(lexeme.kind for lexeme in lexed)) is None:
        hint = "write the figure, such as  71,000  or  45k"
        return Read(None, found(salary_form, text, hint))
    return amount_of(text, lexed, field)


def read_money(text: str) -> Read[Decimal]:
    """Read one amount whose currency stands elsewhere: `71000`, `71,000`, `45k`.

    A currency beside it is an error; `read_amount` reads both.
    """
    read = read_amount(text)
    if read.value is None:
        return Read(None, read.findings)
    findings = found(salary_sign, text, read.value.currency, f"{read.value.value:f}")
    return Read(None if findings else read.value.value, findings)


def read_currency(text: str) -> Read[str]:
    """Read a currency alone: `GBP`, `gbp`, `£`, `US$`."""
    word = text.strip().upper()
    if word in DOLLARS:
        return Read(None, found(salary_dollar, text.strip(), 0, len(word), None))
    code = SIGNS.get(word, word)
    findings = found(salary_unknown_currency, code)
    return Read(None if findings else code, findings)


def read_period(text: str) -> Read[Period]:
    """Read what one payment is for: `year`, `a day`, `per annum`, `hourly`."""
    period = period_of(one_space(text))
    return Read(period, found(salary_period, [text.strip()], [period]))


def format_money(value: Decimal, currency: str) -> str:
    """Write an amount with its currency: `£71,000`, `£18.20`, `US$98,496`, `CHF 90,000`.

    Whole units have no decimals and others at least two; never exactly three, which would read as thousands.
    """
    number = f"{value:,f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    whole, point, decimals = number.partition(".")
    if point:
        number = f"{whole}.{decimals.ljust(4 if len(decimals) == len('000') else 2, '0')}"
    return f"{_SHOWN[currency]}{number}" if currency in _SHOWN else f"{currency} {number}"


def amount_of(text: str, lexed: Sequence[Lexeme], field: str | None) -> Read[Amount]:
    """Read the lexemes of one amount, found in `text`; `field` as in `read_amount`."""
    number = next(lexeme for lexeme in lexed if lexeme.kind == "N")
    thousands = any(lexeme.kind == "K" for lexeme in lexed)
    findings = _number_findings(text, number, field, thousands=thousands)
    codes, more = _currencies(text, [lexeme for lexeme in lexed if lexeme.kind in "SC"], field)
    findings += more
    if findings:
        return Read(None, findings)
    value = Decimal(number.text.replace(",", "")) * (1000 if thousands else 1)
    return Read(Amount(canonical(value), codes[0] if codes else None, thousands))


def _number_findings(text: str, number: Lexeme, field: str | None, *, thousands: bool) -> Findings:
    if len(number.text) > _LONGEST:
        return found(salary_form, text, "write a figure that somebody is paid", number.start, number.end)
    if compiled(_PLAIN).fullmatch(number.text) or (thousands and compiled(_THOUSANDS).fullmatch(number.text)):
        return ()
    return found(salary_separator, text, number.start, number.end, field)


def canonical(value: Decimal) -> Decimal:
    """Give equal amounts equal digits, so that equal entries have equal bytes."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    cents = value.quantize(_CENT)
    return cents if cents == value else value.normalize()


def _currencies(text: str, marks: Sequence[Lexeme], field: str | None) -> tuple[list[str], Findings]:
    """Give the currency that the marks of one amount stand for, in a list that is empty where there is no mark."""
    codes: list[str] = []
    findings: Findings = ()
    for mark in marks:
        code = SIGNS.get(mark.text.upper(), mark.text.upper())
        if code not in DOLLARS:
            findings += found(salary_unknown_currency, code, mark.start, mark.end)
            codes.append(code)
    bare = next((mark for mark in marks if mark.text.upper() in DOLLARS), None)
    if bare and not codes:
        findings += found(salary_dollar, text, bare.start, bare.end, field)
    elif bare and not DOLLAR_CODES.issuperset(codes):
        codes.insert(0, bare.text)
    return codes, findings or found(salary_two_currencies, text, codes)
