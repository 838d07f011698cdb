"""The rules of `config.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.diagnostics import Finding, rule
from digest.text.guesses import closest


@rule("config-base-url")
def config_base_url(text: str) -> Iterator[Finding]:
    """`base_url` is the full address at which the site is served.

    Feeds, calendars and search engines need absolute links, and a sub-path is taken from here.

    Wrong: `base_url: jobs.example.gov.uk`

    Right: `base_url: https://jobs.example.gov.uk/`
    """
    host = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?"
    if re.fullmatch(rf"https?://{host}(/((?!\.\.?(/|$))[\w.~-]+(/|$))*)?", text, re.ASCII) is None:
        yield Finding(f'"{text}" is not the address of a site', "write  https://jobs.example.gov.uk/")


@rule("config-authority")
def config_authority(text: str) -> Iterator[Finding]:
    """`authority` is a domain name or an email address of the digest's owner (RFC 4151 §2.1).

    The ids of feed items are made from it and never change, also when the site moves to another domain.

    Wrong: `authority: https://jobs.example.gov.uk/`

    Right: `authority: jobs.example.gov.uk`
    """
    name = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
    if re.fullmatch(rf"([a-z0-9._-]+@)?{name}(\.{name})*", text) is None:
        host = urlsplit(text).hostname or "jobs.example.gov.uk"
        yield Finding(f'"{text}" is neither a domain name nor an email address', f"write  authority: {host}")


@rule("config-timezone")
def config_timezone(text: str) -> Iterator[Finding]:
    """A time zone is named as in the IANA time zone database.

    Abbreviations such as BST name different zones in different countries.

    Wrong: `timezone: BST`

    Right: `timezone: Europe/London`
    """
    try:
        known = "/" in text or text == "UTC"
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = False
    if not known:
        yield Finding(f'"{text}" is not a time zone', "write  Europe/London")


@rule("config-country")
def config_country(text: str) -> Iterator[Finding]:
    """A country is named by its code of two capital letters (ISO 3166-1 alpha-2).

    Search engines are told it with the place of a job, where an entry has `structured_data`.

    Wrong: `country: UK`

    Right: `country: GB`
    """
    if re.fullmatch(r"[A-Z]{2}", text) is None or text == "UK":
        yield Finding(f'"{text}" is not the code of a country', "write  GB  for the United Kingdom")


@rule("config-bands")
def config_bands(bounds: Sequence[int]) -> Iterator[Finding]:
    """Salary bands are given by their lower bounds, each higher than the one before.

    Bands are half-open, so gaps and overlaps cannot be written; only the order can be wrong.

    Wrong: `bands: [30000, 50000, 40000]`

    Right: `bands: [30000, 40000, 50000]`
    """
    for before, after in pairwise(bounds):
        if after <= before:
            ordered = ", ".join(map(str, sorted(set(bounds))))
            yield Finding(f"{after} stands after {before}", f"write  bands: [{ordered}]")
            return


@rule("config-path")
def config_path(text: str) -> Iterator[Finding]:
    """A path in the configuration begins and ends with a slash, and leaves out the site's address.

    Wrong: `path: https://jobs.example.gov.uk/about`

    Right: `path: /about/`
    """
    if re.fullmatch(r"/((?!\.\.?/)[\w.-]+/)*", text) is None:
        yield Finding(f'"{text}" is not a path of this site', "write it as  /about/")


@rule("navigation-unknown")
def navigation_unknown(path: str, known: Sequence[str]) -> Iterator[Finding]:
    """The navigation leads to pages that exist.

    A page of a facet exists only while the facet is switched on.

    Mend: correct the path, or delete the link.
    """
    close = closest(path, known)
    yield Finding(f"there is no page {path}", f"write  {close}" if close else "delete the link")


@rule("vocabulary-repeat")
def vocabulary_repeat(text: str, what: str, other: str) -> Iterator[Finding]:
    """Two values of a vocabulary have no spelling in common.

    An entry that uses it could mean either.

    Mend: take the label or synonym away from one of the two.
    """
    yield Finding(f'"{text}" is a spelling of two {what}s; the other is "{other}"', "take it away from one of them")
