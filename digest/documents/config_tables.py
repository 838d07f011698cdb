"""The field tables of `config.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from digest.documents.advice_rules import ADVICE as RULES_OF_ADVICE
from digest.documents.config import Advice, Facets, Licence, Link, Lists, Outputs, Times
from digest.documents.config_rules import (
    config_authority,
    config_bands,
    config_base_url,
    config_country,
    config_path,
    config_timezone,
)
from digest.pay.money import read_currency
from digest.text.nodes import MapNode, Node
from digest.text.reader_rules import name_form
from digest.text.readers import ID, URL, Checked, Flag, Form, ListOf, Number, OneOf, Text
from digest.text.schema import Choice, Context, Field, Table, Vocabularies, slug


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
_PATH: Final = Checked((config_path,), r"^/((?!\.\.?/)[\w.-]+/)*$")


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
        "feeds": "The feeds of everything, of jobs and of news, and that of everything as JSON Feed and Atom.",
        "term_feeds": "A feed under every page of a tag, band, organisation, place, grade or role family.",
        "editions": "For each week an edition: a page, an email, and an item of the feed of editions.",
        "redirects": "`_redirects`, the old addresses of renamed entries for hosts that read it.",
        "search": "The search page, and the files in which it looks things up.",
        "calendars": "Calendars of closing dates: of all jobs, of each tag and salary band, and of each open job.",
        "data": "Jobs and news as open data, described at `/data/`.",
        "sitemap": "`sitemap.xml` for search engines.",
        "robots": "`robots.txt` for search engines.",
        "headers": "`_headers`, by which some hosts set safety and cache headers.",
    },
)
LISTS: Final = Table(
    "lists",
    (
        Field("page_size", _COUNT, "Rows of a full page of an archive.", "50"),
        Field("home_jobs", _COUNT, "Latest jobs on the home page.", "8"),
        Field("home_news", _COUNT, "Latest news on the home page.", "5"),
        Field("feed_items", _COUNT, "Newest items in a feed.", "30"),
        Field(
            "calendar_events",
            Number(Decimal(1), Decimal(10_000)),
            "Closing dates in a calendar, the last ones; those of open jobs are all there, however many they are.",
            "300",
        ),
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
ADVICE: Final = Table(
    "advice",
    (
        Field(
            "off",
            ListOf(OneOf("rule of advice", RULES_OF_ADVICE)),
            "Rules of advice that are not told.",
            "[advice-closing-day]",
        ),
        Field("sentence_words", _COUNT, "Words that a sentence has at most.", "35"),
    ),
    _struct(Advice),
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


def _choice(values: dict[str, Any], node: MapNode, context: Context) -> Choice | None:
    names = {"description": "explanation", "aliases": "synonyms", "name": "label"}
    values = {names.get(key, key): value for key, value in values.items() if key != "roles"}
    values.setdefault("id", slug(values["label"]))
    if context.reading.check(name_form, node.values.get("name", node), values["label"]):
        return None
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
_COUNTRY: Final = Checked((config_country,), r"^(?!UK$)[A-Z]{2}$")
PLACE: Final = Table(
    "place",
    (
        Field("name", Text(), "Its name on pages.", "Leeds", required=True),
        *_DESCRIBED,
        Field("country", _COUNTRY, "ISO 3166-1 code of its country, where that is another.", "BE"),
    ),
    _choice,
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


def _family(values: dict[str, Any], node: MapNode, context: Context) -> tuple[Choice, tuple[Choice, ...]] | None:
    family = _choice(values, node, context)
    return None if family is None else (family, values.get("roles", ()))


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
        Field("country", _COUNTRY, "ISO 3166-1 code of the country of most places.", "GB"),
        Field("contact", Text(), "Where readers report a problem: an email or web address.", "digest@example.gov.uk"),
        Field("licence", Text(), "Id of the licence of the digest's own words.", "CC-BY-4.0"),
        Field("facets", FACETS, "Which families of pages exist.", "{tags: true}"),
        Field("outputs", OUTPUTS, "Which optional files exist.", "{feeds: true}"),
        Field("lists", LISTS, "How many rows lists show.", "{page_size: 50}"),
        Field("salary", SALARY, "Bands and the constants of estimates.", "{bands: [30000, 40000]}"),
        Field("time", TIMES, "Spans of days that decide a job's state.", "{closing_soon_days: 7}"),
        Field("advice", ADVICE, "How strict the house style is.", "{sentence_words: 35}"),
        Field("navigation", ListOf(LINK), "The links at the head of each page.", "[{label: Jobs, path: /jobs/}]"),
        Field("grades", _VALUES, "Grades, lowest first.", "[{id: g7, label: Grade 7}]"),
        Field("contracts", _VALUES, "Kinds of contract.", "[{id: permanent, label: Permanent}]"),
        Field("patterns", _VALUES, "Working patterns.", "[{id: full-time, label: Full-time}]"),
        Field("clearances", _VALUES, "Security checks, lightest first.", "[{id: sc, label: Security check}]"),
        Field("roles", ListOf(FAMILY), "Role families and their roles.", "[{id: data, label: Data}]"),
        Field("tags", ListOf(TAG), "Tags with a description.", "[{id: data, label: Data}]"),
        Field("organisations", ListOf(ORGANISATION), "Organisations.", "[{name: Home Office}]"),
        Field(
            "places", ListOf(PLACE), "Places that have other spellings, or are in another country.", "[{name: London}]"
        ),
        Field(
            "abbreviations",
            _VALUES,
            "Abbreviations that are explained where entries use them.",
            "[{id: scs, label: Senior Civil Service, short: SCS}]",
        ),
        Field("licences", ListOf(LICENCE), "Licences of sources and images.", "[{id: OGL-3.0, label: Open …}]"),
    ),
)
"""The whole of `config.yaml`."""
