"""The words of pay: cut a short form such as `about £45k a year` into lexemes.

The kind of a lexeme is one letter, so that a whole form can be recognised by a pattern over its kinds.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from digest.model import Period
from digest.text.patterns import compiled
from digest.text.plaintext import plain

_CURRENT: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_FORMER: Final = "ANG BGN BYR CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL"
"""No longer tender, but adverts of 2011 and after were written in them."""
CURRENCIES: Final = frozenset((_CURRENT + _FORMER).split())
"""ISO 4217 codes of money that people are or were paid in; not the codes of metals, funds and tests."""
SIGNS: Final = {
    "£": "GBP",
    "€": "EUR",
    "US$": "USD",
    "U.S.$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "₹": "INR",
    "₪": "ILS",
    "₩": "KRW",
    "₴": "UAH",
    "₺": "TRY",
    "₽": "RUB",
    "EURO": "EUR",
    "EUROS": "EUR",
    "POUND": "GBP",
    "POUNDS": "GBP",
}
"""Signs and words, in upper case, that stand for one currency alone."""
DOLLARS: Final = frozenset({"$", "DOLLAR", "DOLLARS"})
"""What stands for some dollar, without saying which."""
_DOLLARS: Final = "AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD USD XCD"
DOLLAR_CODES: Final = frozenset(_DOLLARS.split())
"""ISO 4217 codes of dollars."""
_UNITS: Final[dict[str, Period]] = {
    **dict.fromkeys(("year", "yr", "annum", "annual", "annually", "yearly", "pa", "p/a"), "year"),
    **dict.fromkeys(("month", "mth", "monthly", "pm", "pcm"), "month"),
    **dict.fromkeys(("week", "wk", "weekly", "pw"), "week"),
    **dict.fromkeys(("day", "daily", "pd"), "day"),
    **dict.fromkeys(("hour", "hr", "hourly", "ph"), "hour"),
}
_PER: Final = r"(?:-\s*)?(?:(?:per|an?|each|every)[\s-]+|/\s*)"
_END: Final = r"(?![A-Za-z])"
_KINDS: Final = {
    "S": r"(?:[A-Z]{1,3}|(?i:us|au|ca|nz|hk)|U\.S\.)?\$|[£€¥₹₪₩₴₺₽]|(?i:euros?|pounds?|dollars?)" + _END,
    "U": r"(?i:up\s+to|not?\s+more\s+than|max(?:imum)?(?:\s+of)?)" + _END,
    "F": r"(?i:from|starting\s+(?:at|from)|starting\s+salary\s+of|at\s+least|no\s+less\s+than|min(?:imum)?(?:\s+of)?)"
    + _END,
    "B": r"(?i:between)" + _END,
    "L": rf"(?i:(?:about|around|roughly|in\s+the\s+region\s+of){_END}|approx(?:imately)?{_END}\.?|circa{_END}[-.]?)"
    r"|(?i:c)(?:[.-]|(?=\s*[0-9£€$])|(?=\s+[A-Z]))|~",
    "O": rf"(?i:(?:and|or)\s+(?:over|above|upwards?|up|more)|plus){_END}|\+",
    "P": rf"(?i:{_PER}(?:year|yr|annum|month|mth|week|wk|day|hour|hr)"
    rf"|(?:annual(?:ly)?|yearly|monthly|weekly|daily|hourly|pcm|p\.?/?a|p\.?[mwdh])){_END}\.?",
    "Q": rf"(?i:{_PER}[a-z]+){_END}",
    "T": rf"(?i:to){_END}|-",
    "&": rf"(?i:and){_END}",
    "N": r"[0-9]+(?:[.,'][0-9]+|\ [0-9]{3}(?![0-9]))*",
    "K": rf"(?i:k){_END}",
    "C": rf"[A-Z]{{3}}{_END}|(?i:gbp|eur|usd){_END}",
    "X": r"\S+",
}
"""Patterns of the kinds, tried in this order: S sign of a currency, U up to, F from, B between, L about, O and over,
P period, Q period that is not known, T to, & and, N number, K thousand, C code of a currency, X anything else."""
_NAMES: Final = {f"k{number}": kind for number, kind in enumerate(_KINDS)}
_LEXEME: Final = "(?a)" + "|".join(f"(?P<{name}>{_KINDS[kind]})" for name, kind in _NAMES.items())


class Lexeme(Struct, frozen=True, gc=False):
    """One word of a form, with its place."""

    kind: str
    """One letter, see `_KINDS`."""
    text: str
    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""


def lexemes(text: str) -> list[Lexeme]:
    """Cut a text into lexemes, in order; spaces between them are dropped."""
    return [
        Lexeme(_NAMES[match.lastgroup or ""], match.group(), match.start(), match.end())
        for match in compiled(_LEXEME).finditer(plain(text))
    ]


def period_of(words: str) -> Period | None:
    """Tell the period from words such as `per annum`, `a day`, `/hour`, `p.a.`, `weekly`; None if they name none."""
    bare = re.sub(rf"^(?i:{_PER})|[\s.]|^-", "", words.lower())
    return _UNITS.get(bare) or _UNITS.get(bare.removesuffix("s"))
