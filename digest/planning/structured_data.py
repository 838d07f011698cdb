"""What search engines are told of an entry: JSON-LD in the words of schema.org.

The values are made here, and `tojson` writes them into the page: it escapes what could end the element.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from digest.dates.words import iso, iso_partial
from digest.documents.config import Config
from digest.documents.posting import employment_types
from digest.model import Entry, Job, Pay
from digest.planning.parts import Head

CONTEXT: Final = "https://schema.org"
REMOTE: Final = "Remote"
_WAYS: Final = frozenset({REMOTE, "Hybrid"})
"""What stands among the places of a job without being one."""


def news_article(entry: Entry, head: Head, publisher: str, home: str) -> dict[str, Any]:
    """Return a news item as a NewsArticle; `home` is the absolute address of the publisher's site."""
    organisation = {"@type": "Organization", "name": publisher, "url": home}
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": entry.title,
        "description": entry.summary,
        "datePublished": iso(entry.published),
        "dateModified": head.updated.iso if head.updated else iso(entry.published),
        "inLanguage": entry.lang,
        "mainEntityOfPage": head.canonical,
        "author": organisation,
        "publisher": organisation,
    }
    if head.preview:
        data["image"] = [head.preview.href]
    based = [
        {"@type": "CreativeWork", "name": source.name}
        | ({"url": source.url} if source.url else {})
        | ({"datePublished": iso_partial(source.published)} if source.published else {})
        for source in entry.sources
    ]
    return data | ({"isBasedOn": based} if based else {})


def job_posting(job: Job, description: str, config: Config, address: str) -> dict[str, Any]:
    """Return a complete job as a JobPosting, with what Google requires and recommends of one.

    `description` is its text as HTML with absolute links, `address` the absolute address of its page.
    """
    organisation = job.organisations[0]
    known = config.vocabularies["organisations"].find(organisation)
    employer = {"@type": "Organization", "name": organisation}
    if known is not None and known.url:
        employer["sameAs"] = known.url
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "JobPosting",
        "title": job.title,
        "description": f"<p>{_escaped(job.summary)}</p>\n{description}",
        "datePosted": iso(job.published),
        "hiringOrganization": employer,
        "employmentType": employment_types(job),
        "identifier": {"@type": "PropertyValue", "name": organisation, "value": job.reference or job.id},
        "directApply": False,
        "url": address,
    }
    if job.closes.moment is not None:
        data["validThrough"] = job.closes.moment.ends.isoformat()
    data |= _place(job, config)
    salary = _salary(job.salary.pay)
    return data | ({"baseSalary": salary} if salary else {})


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _place(job: Job, config: Config) -> dict[str, Any]:
    """Return where the work is done, or that it may be done anywhere in the country of the configuration."""
    places = [_postal(name, config) for name in job.location if name not in _WAYS]
    data: dict[str, Any] = {"jobLocation": places} if places else {}
    if REMOTE in job.location:
        data["jobLocationType"] = "TELECOMMUTE"
        data["applicantLocationRequirements"] = {"@type": "Country", "name": config.country}
    return data


def _postal(name: str, config: Config) -> dict[str, Any]:
    known = config.vocabularies["places"].find(name)
    country = known.country if known and known.country else config.country
    address = {"@type": "PostalAddress", "addressLocality": name, "addressCountry": country}
    return {"@type": "Place", "address": address}


def _salary(pay: tuple[Pay, ...]) -> dict[str, Any] | None:
    """Return the pay from the least to the most of all ranges; None where they cannot be compared."""
    if len({(one.currency, one.period) for one in pay}) != 1:
        return None
    least = [one.minimum for one in pay if one.minimum is not None]
    most = [one.maximum for one in pay if one.maximum is not None]
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": pay[0].period.upper()}
    if least and most and min(least) == max(most):
        value["value"] = _number(min(least))
    else:
        value |= {"minValue": _number(min(least))} if least else {}
        value |= {"maxValue": _number(max(most))} if most else {}
    return {"@type": "MonetaryAmount", "currency": pay[0].currency, "value": value}


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
