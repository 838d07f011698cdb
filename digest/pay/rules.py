"""The rules of pay.  Each looks at one thing and, where it is wrong, yields the words and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from digest.diagnostics import Finding, rule
from digest.model import Pay, Period
from digest.pay.words import CURRENCIES
from digest.text.guesses import closest
from digest.text.plaintext import plain

ROUGH_YEAR: Final[dict[Period, int]] = {"year": 1, "month": 12, "week": 52, "day": 220, "hour": 1900}
"""Payments in a working year, roughly: enough to see that a figure cannot be meant, never shown."""
COMMON: Final = ("GBP", "EUR", "USD", "AUD", "CAD", "NZD", "CHF")
"""Currencies that a slip is most likely to have meant, the likeliest first."""
LIKE_POUNDS: Final = frozenset(COMMON)
"""Currencies in which a plausible salary has about as many digits as in pounds."""
LEAST: Final = 1_000
MOST: Final = 1_000_000
Mend = Callable[[], str]
"""Gives a hint; asked only where it is needed, because most pay is right."""
Words = Callable[[Decimal], str]
"""Writes an amount with its currency; asked only where it is needed."""
_FORMS: Final = "£71,000 to £85,000,  about £110,000,  £550 a day,  or  not stated"


@rule("salary-form")
def salary_form(text: str, hint: str | None = None, start: int = 0, end: int | None = None) -> Iterator[Finding]:
    """Pay is written in one of the short forms.

    They are few, so that every job's pay can be compared, banded and shown in the same words. What does not fit
    goes into `note`; pay that the source does not give is `not stated`.

    Wrong: `salary: competitive`

    Right: `salary: not stated`
    """
    yield Finding(f'"{text.strip()}" is not understood as pay', hint or f"write one of  {_FORMS}", start, end)


@rule("salary-currency")
def salary_currency(text: str, currencies: Sequence[str | None], mend: Mend) -> Iterator[Finding]:
    """Pay names its currency.

    The digest carries jobs from several countries and converts nothing, so a bare figure means nothing.

    Wrong: `salary: circa 90,000`

    Right: `salary: about £90,000`
    """
    if not any(currencies):
        yield Finding(f'"{text.strip()}" has no currency', mend())


@rule("salary-two-currencies")
def salary_two_currencies(text: str, currencies: Sequence[str | None]) -> Iterator[Finding]:
    """One range of pay is in one currency.

    Wrong: `salary: £71,000 to €85,000`

    Right: `salary: £71,000 to £85,000`
    """
    named = [code for code in dict.fromkeys(currencies) if code]
    if len(named) > 1:
        hint = "keep the one that is meant; write two ranges of pay as a list, each with its label"
        yield Finding(f'"{text.strip()}" names more than one currency, {" and ".join(named)}', hint)


@rule("salary-sign")
def salary_sign(text: str, currency: str | None, bare: str) -> Iterator[Finding]:
    """Where pay is written in parts, the currency has its own key and the figures have no sign.

    Otherwise the two could differ, and one of them would be shown.

    Wrong: `salary: {min: €5,000, currency: GBP, period: month}`

    Right: `salary: {min: 5000, currency: EUR, period: month}`
    """
    if currency is not None:
        yield Finding(f'"{text.strip()}" has a currency beside its figure', f"write  {bare}  and  currency: {currency}")


@rule("salary-dollar")
def salary_dollar(text: str, start: int, end: int, field: str | None = "salary") -> Iterator[Finding]:
    """A dollar says which dollar it is.

    More than twenty countries have one, and they are worth very different amounts.

    Wrong: `salary: $170,000`

    Right: `salary: US$170,000`
    """
    which = "US$ (United States), A$ (Australia), C$ (Canada) or NZ$ (New Zealand)"
    hint = f"write  {which}"
    if field and text[start:end] == "$":
        mended = re.sub(r"(?<![A-Za-z.])\$", "US$", text.strip())
        hint = f"write  {field}: {mended}  if it is the United States dollar; else {which.partition(', ')[2]}"
    yield Finding(f'"{text[start:end]}" does not say which dollar', hint, start, end)


@rule("salary-unknown-currency")
def salary_unknown_currency(code: str, start: int = 0, end: int | None = None) -> Iterator[Finding]:
    """A currency is `£`, `€`, a dollar such as `US$`, or a code of ISO 4217.

    A code that nobody uses is most often a slip of the keys, and would send the job to the wrong page.

    Wrong: `salary: UKP 45,000`

    Right: `salary: £45,000`
    """
    if code.upper() in CURRENCIES:
        return
    twins = {"¥": "JPY (Japan) or CNY (China)", "UKP": "GBP", "STG": "GBP", "RMB": "CNY", "NTD": "TWD"}
    swapped = next((known for known in COMMON if sorted(known) == sorted(code.upper())), None)
    likely = [*COMMON, *sorted(CURRENCIES)]
    close = twins.get(code.upper()) or swapped or closest(code.upper(), likely)
    guess = f"; did you mean {close}?" if close else ""
    hint = "write  £, €, US$ or an ISO 4217 code, such as  CHF 90,000"
    yield Finding(f'"{code}" is not a currency we know{guess}', hint, start, end)


@rule("salary-period")
def salary_period(
    words: Sequence[str], periods: Sequence[Period | None], start: int = 0, end: int | None = None
) -> Iterator[Finding]:
    """Pay is per year, month, week, day or hour, and only one of them; without a word it is per year.

    The period decides which salary page a job is on and how its yearly pay is estimated.

    Wrong: `salary: £550 a shift`

    Right: `salary: £550 a day`
    """
    hint = "write  a year, a month, a week, a day  or  an hour"
    for word, period in zip(words, periods, strict=True):
        if period is None:
            yield Finding(f'"{word}" is not a period of pay', hint, start, end)
            return
    if len(set(periods)) > 1:
        yield Finding(f'"{words[0]}" and "{words[-1]}" are two periods', "keep the one that is meant", start, end)


@rule("salary-order")
def salary_order(minimum: Decimal, maximum: Decimal, money: Words, mend: Mend) -> Iterator[Finding]:
    """The least pay comes first and is not above the most.

    Wrong: `salary: £85,000 to £71,000`

    Right: `salary: £71,000 to £85,000`
    """
    if minimum > maximum:
        yield Finding(f"the least pay, {money(minimum)}, is above the most, {money(maximum)}", mend())


@rule("salary-shorthand")
def salary_shorthand(text: str, hint: str) -> Iterator[Finding]:
    """Both ends of a range are written out, each with its sign and its `k`.

    `£45-55,000` may be read as starting at 45 pounds, and a screen reader says it so.

    Wrong: `salary: £45-55,000`

    Right: `salary: £45,000 to £55,000`
    """
    yield Finding(f'"{text.strip()}" leaves part of one figure to the other', hint)


@rule("salary-separator")
def salary_separator(text: str, start: int, end: int, field: str | None = "salary") -> Iterator[Finding]:
    """Thousands are separated by commas, and pence or cents by a point.

    Other countries do it the other way round: `7.646` is seven thousand in Paris and less than eight in London.

    Wrong: `salary: 7 646,86 EUR a month`

    Right: `salary: €7,646.86 a month`
    """
    number = plain(text)[start:end]
    groups = re.split(r"[.,' ]", number)
    marks = re.findall(r"[.,' ]", number)
    last_differs = len(set(marks)) > 1 and marks.count(marks[-1]) == 1
    fraction = ""
    if marks[-1] in ".," and (last_differs or len(groups[-1]) != len("000")):
        fraction = f".{groups.pop()}"
    mended = f"{int(''.join(groups)):,}{fraction}"
    whole = f"{field}: {text[:start].lstrip()}{mended}{text[end:].rstrip()}" if field else mended
    yield Finding(
        f'"{number}" does not separate thousands and decimals as the digest does', f"write  {whole}", start, end
    )


@rule("salary-zero")
def salary_zero(text: str, amounts: Sequence[Decimal], field: str = "salary") -> Iterator[Finding]:
    """Pay is more than nothing.

    A post without pay is `unpaid`, which has its own page; pay nobody has told is `not stated`.

    Wrong: `salary: £0`

    Right: `salary: unpaid`
    """
    if min(amounts) <= 0:
        yield Finding(f'"{text.strip()}" is no pay', f"write  {field}: unpaid,  or  {field}: not stated")


@rule("salary-implausible", "warning")
def salary_implausible(pay: Pay, money: Words, mend: Mend, *, period_given: bool) -> Iterator[Finding]:
    """Pay is such as people get: not under 1,000 without a period, and not over a million a year.

    Otherwise a `k` or the period was most likely left out, or a digit slipped in, and the job would be listed in the
    wrong band. Pay that is truly so low is written with `a year`.

    Wrong: `salary: £550`

    Right: `salary: £550 a day`
    """
    if pay.currency not in LIKE_POUNDS:
        return
    period = pay.period
    for value in [value for value in (pay.minimum, pay.maximum) if value is not None]:
        if period == "year" and not period_given and value < LEAST:
            yield Finding(f"{money(value)} is very little for a year", mend())
            return
        if value * ROUGH_YEAR[period] > MOST:
            each = f" {'an' if period == 'hour' else 'a'} {period}"
            words = f"{money(value)}{'' if period == 'year' else each} comes to more than {MOST:,} a year"
            yield Finding(words, "check the figure, its `k` and its period")
            return
