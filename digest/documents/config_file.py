"""`config.yaml`: its tables, its rules, and the reading of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from digest.diagnostics import Diagnostic, Finding, Parsed, rule
from digest.documents.config import Config, Facets, Licence, Link, Lists, Outputs, Times
from digest.pay.bands import PaySettings, bands_from_bounds
from digest.pay.money import read_currency
from digest.text.nodes import ListNode, MapNode, Node, Reading
from digest.text.readers import ID, URL, Checked, Flag, Form, ListOf, Number, Text
from digest.text.schema import Choice, Context, Field, Table, Vocabularies, Vocabulary, slug, spelling, spellings
from digest.text.source import FAST, PURE, read_yaml

PATH: Final = "config.yaml"


# --- rules -------------------------------------------------------------------------------------------------


@rule("config-base-url")
def config_base_url(text: str) -> Iterator[Finding]:
    """`base_url` is the full address at which the site is served.

    Feeds, calendars and search engines need absolute links, and a sub-path is taken from here.

    Wrong: `base_url: jobs.example.gov.uk`

    Right: `base_url: https://jobs.example.gov.uk/`
    """
    parts = urlsplit(text) if text.isascii() and " " not in text else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
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
    if re.fullmatch(r"/([\w.-]+/)*", text) is None:
        yield Finding(f'"{text}" is not a path of this site', "write it as  /about/")


@rule("navigation-unknown")
def navigation_unknown(path: str, known: Sequence[str]) -> Iterator[Finding]:
    """The navigation leads to pages that exist.

    A page of a facet exists only while the facet is switched on.

    Mend: correct the path, or delete the link.
    """
    close = difflib.get_close_matches(path, known, 1, 0.6)
    yield Finding(f"there is no page {path}", f"write  {close[0]}" if close else "delete the link")


@rule("vocabulary-repeat")
def vocabulary_repeat(text: str, what: str, other: str) -> Iterator[Finding]:
    """Two values of a vocabulary have no spelling in common.

    An entry that uses it could mean either.

    Mend: take the label or synonym away from one of the two.
    """
    yield Finding(f'"{text}" is a spelling of two {what}s; the other is "{other}"', "take it away from one of them")


# --- tables ------------------------------------------------------------------------------------------------


class Bounds(Struct, frozen=True):
    """Ordered lower bounds of salary bands."""

    def read(self, node: Node, context: Context) -> tuple[int, ...] | None:
        """Return the bounds, lowest first."""
        values = _NUMBERS.read(node, context)
        if values is None or context.reading.check(config_bands, node, values):
            return None
        return values

    def schema(self, vocabularies: Vocabularies) -> dict[str, Any]:
        """Give an array of whole numbers; their order is beyond JSON Schema."""
        return _NUMBERS.schema(vocabularies)


_NUMBERS: Final = ListOf(Number(Decimal(1)))
_COUNT: Final = Number(Decimal(1), Decimal(1000))
_DAYS: Final = Number(Decimal(1), Decimal(3650))
_PATH: Final = Checked((config_path,), r"^/([\w.-]+/)*$")


def _struct(kind: type[Any]) -> Any:
    """Return a `make` that builds a struct from the values read."""
    return lambda values, _node, _context: kind(**values)


def _flags(what: str, kind: type[Any], docs: Mapping[str, str]) -> Table:
    return Table(what, tuple(Field(name, Flag(), doc, "true") for name, doc in docs.items()), _struct(kind))


FACETS: Final = _flags(
    "facets",
    Facets,
    {
        "tags": "A page for each tag.",
        "salary": "A page for each salary band, and for day rates, other currencies and pay not stated.",
        "organisations": "A page for each organisation.",
        "locations": "A page for each place.",
        "grades": "A page for each grade.",
        "roles": "A page for each role family.",
    },
)
OUTPUTS: Final = _flags(
    "outputs",
    Outputs,
    {
        "feeds": "The feeds of everything, of jobs and of news.",
        "term_feeds": "A feed under every page of a tag, band, organisation, place, grade or role family.",
        "sitemap": "`sitemap.xml` for search engines.",
        "robots": "`robots.txt` for search engines.",
    },
)
LISTS: Final = Table(
    "lists",
    (
        Field("page_size", _COUNT, "Rows of a full page of an archive.", "50"),
        Field("home_jobs", _COUNT, "Latest jobs on the home page.", "8"),
        Field("home_news", _COUNT, "Latest news on the home page.", "5"),
        Field("feed_items", _COUNT, "Newest items in a feed.", "30"),
    ),
    _struct(Lists),
)
TIMES: Final = Table(
    "time",
    (
        Field("closing_soon_days", _DAYS, "Days before its deadline at which a job is closing soon.", "7"),
        Field("open_until_filled_days", _DAYS, "Days after its newest change that such a job stays open.", "180"),
        Field("not_stated_days", _DAYS, "Days that a job without a closing date is taken as open.", "60"),
    ),
    _struct(Times),
)
SALARY: Final = Table(
    "salary",
    (
        Field(
            "currency", Form(lambda text, _: read_currency(text), "An ISO 4217 code."), "The bands' currency.", "GBP"
        ),
        Field("bands", Bounds(), "The bands' lower bounds, lowest first.", "[30000, 40000, 50000]"),
        Field("weeks_per_year", Number(Decimal(1), Decimal(53), whole=False), "To annualise weekly pay.", "52"),
        Field("hours_per_week", Number(Decimal(1), Decimal(60), whole=False), "To annualise hourly pay.", "37"),
    ),
)
LINK: Final = Table(
    "navigation",
    (
        Field("label", Text(), "The link's words.", "Jobs", required=True),
        Field("path", _PATH, "The page, as a path of this site.", "/jobs/", required=True),
    ),
    _struct(Link),
)
LICENCE: Final = Table(
    "licence",
    (
        Field("id", Text(), "What entries call it; SPDX ids where there is one.", "OGL-3.0", required=True),
        Field("label", Text(), "Its name in full.", "Open Government Licence v3.0", required=True),
        Field("url", URL, "Its text.", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"),
        Field("statement", Text(), "Words that must stand beside what is used.", "Contains …"),
        Field("images", Flag(), "Whether images under it may be shown.", "true"),
    ),
    _struct(Licence),
)


def _choice(values: dict[str, Any], _node: MapNode, _context: Context) -> Choice:
    names = {"description": "explanation", "aliases": "synonyms", "name": "label"}
    values = {names.get(key, key): value for key, value in values.items() if key != "roles"}
    values.setdefault("id", slug(values["label"]))
    return Choice(**values)


_SYNONYMS: Final = ListOf(Text())
_EXPLAINED: Final = (
    Field("id", ID, "Its part of addresses; never change it.", "g7", required=True),
    Field("label", Text(), "Its name on pages.", "Grade 7", required=True),
    Field("short", Text(), "Its abbreviation.", "G7"),
    Field("synonyms", _SYNONYMS, "Other ways editors write it.", "[grade seven]"),
    Field("explanation", Text(), "One plain line for an outsider.", "A senior manager or specialist."),
)
_DESCRIBED: Final = (
    Field("description", Text(), "One plain sentence at the head of its page.", "Jobs that work with data."),
    Field("aliases", _SYNONYMS, "Other ways editors write it.", "[GDS]"),
)
VALUE: Final = Table("vocabulary", _EXPLAINED, _choice)
TAG: Final = Table("tag", (*_EXPLAINED[:2], *_DESCRIBED), _choice)
PLACE: Final = Table(
    "place", (Field("name", Text(), "Its name on pages.", "Leeds", required=True), *_DESCRIBED), _choice
)
ORGANISATION: Final = Table(
    "organisation",
    (
        Field("name", Text(), "Its name on pages.", "Home Office", required=True),
        *_DESCRIBED,
        Field("url", URL, "Its own page.", "https://www.gov.uk/government/organisations/home-office"),
    ),
    _choice,
)


def _family(values: dict[str, Any], node: MapNode, context: Context) -> tuple[Choice, tuple[Choice, ...]]:
    return _choice(values, node, context), values.get("roles", ())


FAMILY: Final = Table(
    "role family",
    (*_EXPLAINED, Field("roles", ListOf(VALUE), "Its roles.", "[{id: user-researcher, label: User researcher}]")),
    _family,
)
_VALUES: Final = ListOf(VALUE)
TABLE: Final = Table(
    "config",
    (
        Field("title", Text(), "The digest's name.", "Public Digital Careers Digest", required=True),
        Field("strapline", Text(), "What it is, in a line under the title.", "Digital jobs in public service"),
        Field("description", Text(), "What it is, for search engines.", "Public-sector digital jobs and news."),
        Field(
            "base_url",
            Checked((config_base_url,), r"^https?://[^\s/?#]+(/[^\s?#]*)?$"),
            "The full address of the site; a sub-path is allowed.",
            "https://jobs.example.gov.uk/",
            required=True,
        ),
        Field(
            "authority",
            Checked((config_authority,), r"^([a-z0-9._-]+@)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"),
            "The owner's domain or email in the ids of feed items; never change it.",
            "jobs.example.gov.uk",
            required=True,
        ),
        Field("language", Text(), "BCP 47 tag of the site's language.", "en"),
        Field("timezone", Checked((config_timezone,), r"^([A-Za-z_]+/[\w/+-]+|UTC)$"), "IANA zone.", "Europe/London"),
        Field("contact", Text(), "Where readers report a problem: an email or web address.", "digest@example.gov.uk"),
        Field("licence", Text(), "Id of the licence of the digest's own words.", "CC-BY-4.0"),
        Field("facets", FACETS, "Which families of pages exist.", "{tags: true}"),
        Field("outputs", OUTPUTS, "Which optional files exist.", "{feeds: true}"),
        Field("lists", LISTS, "How many rows lists show.", "{page_size: 50}"),
        Field("salary", SALARY, "Bands and the constants of estimates.", "{bands: [30000, 40000]}"),
        Field("time", TIMES, "Spans of days that decide a job's state.", "{closing_soon_days: 7}"),
        Field("navigation", ListOf(LINK), "The links at the head of each page.", "[{label: Jobs, path: /jobs/}]"),
        Field("grades", _VALUES, "Grades, lowest first.", "[{id: g7, label: Grade 7}]"),
        Field("contracts", _VALUES, "Kinds of contract.", "[{id: permanent, label: Permanent}]"),
        Field("patterns", _VALUES, "Working patterns.", "[{id: full-time, label: Full-time}]"),
        Field("clearances", _VALUES, "Security checks, lightest first.", "[{id: sc, label: Security check}]"),
        Field("roles", ListOf(FAMILY), "Role families and their roles.", "[{id: data, label: Data}]"),
        Field("tags", ListOf(TAG), "Tags with a description.", "[{id: data, label: Data}]"),
        Field("organisations", ListOf(ORGANISATION), "Organisations.", "[{name: Home Office}]"),
        Field("places", ListOf(PLACE), "Places that have other spellings.", "[{name: London}]"),
        Field("licences", ListOf(LICENCE), "Licences of sources and images.", "[{id: OGL-3.0, label: Open …}]"),
    ),
)
"""The whole of `config.yaml`."""


# --- reading -----------------------------------------------------------------------------------------------

VOCABULARIES: Final = {
    "grades": "grade",
    "contracts": "contract",
    "patterns": "working pattern",
    "clearances": "clearance",
    "tags": "tag",
    "organisations": "organisation",
    "places": "place",
}
"""Keys of `config.yaml` that are vocabularies, and what one value of each is called."""


def _repeats(reading: Reading, node: Node | None, what: str, choices: Sequence[Choice]) -> None:
    """Report spellings shared by two choices; `node` is the list they were read from."""
    seen: dict[str, Choice] = {}
    items = node.items if isinstance(node, ListNode) else [None] * len(choices)
    for place, item in zip(choices, items, strict=False):
        for text in dict.fromkeys(filter(None, spellings(place))):
            other = seen.setdefault(spelling(text), place)
            if other is not place:
                reading.check(vocabulary_repeat, item, text, what, other.label)


def _vocabularies(values: dict[str, Any], node: MapNode, reading: Reading) -> dict[str, Vocabulary]:
    made = {name: Vocabulary(what, values.get(name, ())) for name, what in VOCABULARIES.items()}
    for name, vocabulary in made.items():
        _repeats(reading, node.values.get(name), vocabulary.what, vocabulary.choices)
    families = values.get("roles", ())
    made["families"] = Vocabulary("role family", [family for family, _ in families])
    made["roles"] = Vocabulary("role", [role for _, roles in families for role in roles])
    licences = values.get("licences", ())
    made["licences"] = Vocabulary("licence", [Choice(licence.id, licence.label) for licence in licences])
    for key in ("families", "roles"):
        _repeats(reading, None, made[key].what, made[key].choices)
    return made


def _config(values: dict[str, Any], node: MapNode, reading: Reading) -> Config:
    salary = values.pop("salary", {})
    currency = salary.get("currency", "GBP")
    pay = PaySettings(
        currency=currency,
        weeks=salary.get("weeks_per_year", Decimal(52)),
        hours=salary.get("hours_per_week", Decimal(37)),
    )
    bounds = salary.get("bands", (30000, 40000, 50000, 60000, 75000, 100000))
    plain = {field: values[field] for field in Config.__struct_fields__ if field in values and field not in _BUILT}
    return Config(
        **plain,
        base_url=values["base_url"].rstrip("/") + "/",
        bands=bands_from_bounds(bounds, currency),
        pay=pay,
        times=values.get("time", Times()),
        vocabularies=_vocabularies(values, node, reading),
        role_family={role.id: family.id for family, roles in values.get("roles", ()) for role in roles},
        licences={licence.id: licence for licence in values.get("licences", ())},
    )


_BUILT: Final = frozenset({"base_url", "bands", "pay", "times", "vocabularies", "role_family", "licences"})


def read_config(text: str) -> Parsed[Config]:
    """Read the text of `config.yaml`."""
    parsed = _read(text, FAST)
    return _read(text, PURE) if parsed.problems else parsed


def _read(text: str, engine: Any) -> Parsed[Config]:
    reading = Reading(PATH, text)
    node = read_yaml(reading, text, 1, engine)
    values = TABLE.read(node, Context(reading)) if node is not None else None
    config = _config(values, node, reading) if node is not None and values is not None else None
    return Parsed(config, tuple(reading.problems))


def unknown_navigation(text: str, config: Config, paths: Collection[str]) -> list[Diagnostic]:
    """Return the problems of navigation links that lead to none of `paths`; `text` is that of `config.yaml`."""
    reading = Reading(PATH, text)
    for place, link in enumerate(config.navigation):
        if link.path not in paths:
            node = read_yaml(Reading(PATH, text), text, 1, PURE)
            links = node.values["navigation"] if node else None
            item = links.items[place] if isinstance(links, ListNode) else links
            reading.check(navigation_unknown, item, link.path, sorted(paths))
    return reading.problems
