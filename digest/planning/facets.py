"""Facets: six declarations of one mechanism that groups entries under terms.

A facet says which terms an entry falls under; everything else (pages, feeds, indexes, counts) is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct

from digest.documents.config import Config
from digest.model import Entry, Job
from digest.pay.bands import placing
from digest.text.schema import slug


class Membership(Struct, frozen=True):
    """That an entry falls under a term."""

    term: str
    """The term's part of the address."""
    label: str
    section: str = ""
    """The section of the term's page in which it is listed; "" where the page has none."""


class TermInfo(Struct, frozen=True):
    """What is known of a term besides its entries."""

    id: str
    label: str
    explanation: str = ""
    """What it means, for its page and the index."""
    about: str = ""
    """A sentence on its entries, where the facet's would not fit."""
    url: str | None = None
    short: str | None = None
    sectioned: bool = False
    """Its page has the sections of the facet, as those of salary bands have."""


class Facet(Struct, frozen=True):
    """One way of grouping entries."""

    name: str
    """Its key under `facets` in the configuration, and its part of the address."""
    title: str
    """Heading of its index."""
    term_word: str
    """What one term is called."""
    intro: str
    """A sentence at the head of its index."""
    about: str
    """A sentence on a term that has no explanation; `{label}` stands for the term."""
    memberships: Callable[[Entry, Config], Iterable[Membership]]
    declared: Callable[[Config], Iterable[TermInfo]]
    """Terms in the order of the index; those without entries have a page only when `always`."""
    always: bool = False
    calendars: bool = False
    """A term has a calendar of closing dates."""
    sections: tuple[tuple[str, str], ...] = ()
    """Section ids and headings of a term's page, in order."""


STARTS: Final = "starts"
REACHES: Final = "reaches"
DAY_RATES: Final = "day-rates"
OTHER_CURRENCIES: Final = "other-currencies"
NOT_STATED: Final = "not-stated"
UNPAID: Final = "unpaid"
SPECIAL_PAY: Final = (
    TermInfo(
        DAY_RATES,
        "Day rates",
        "Work paid by the day. It is in no band: a day rate says nothing of the year while nobody knows how many days "
        "will be worked.",
    ),
    TermInfo(
        OTHER_CURRENCIES,
        "Other currencies",
        "Pay in another currency, as it was printed. It is in no band: exchange rates move, and nothing is converted.",
    ),
    TermInfo(
        NOT_STATED,
        "Pay not stated",
        "Jobs whose source gives no figure. They are in no band, because a guess would be taken for a fact.",
    ),
    TermInfo(UNPAID, "Unpaid", "Roles without pay. They are in no band, so that the lowest one holds paid work only."),
)
"""The salary pages that are not bands."""


def _vocabulary(name: str) -> Callable[[Config], Iterator[TermInfo]]:
    def declared(config: Config) -> Iterator[TermInfo]:
        for choice in config.vocabularies[name].choices:
            yield TermInfo(choice.id, choice.label, choice.explanation, url=choice.url, short=choice.short)

    return declared


def _tags(entry: Entry, config: Config) -> Iterator[Membership]:
    known = config.vocabularies["tags"].by_id
    for tag in entry.tags:
        yield Membership(tag, known[tag].label if tag in known else tag.replace("-", " ").capitalize())


def _organisations(entry: Entry, config: Config) -> Iterator[Membership]:
    for name in entry.organisations:
        yield Membership(_named(config, "organisations", name), name)


def _named(config: Config, vocabulary: str, name: str) -> str:
    found = config.vocabularies[vocabulary].find(name)
    return found.id if found else slug(name)


def _locations(entry: Entry, config: Config) -> Iterator[Membership]:
    if isinstance(entry, Job):
        for name in entry.location:
            yield Membership(_named(config, "places", name), name)


def _grades(entry: Entry, config: Config) -> Iterator[Membership]:
    if isinstance(entry, Job) and entry.grade is not None:
        choice = config.vocabularies["grades"].by_id.get(entry.grade.id)
        yield Membership(entry.grade.id, choice.label if choice else "Other grades")


def _roles(entry: Entry, config: Config) -> Iterator[Membership]:
    if isinstance(entry, Job) and entry.family is not None:
        yield Membership(entry.family, config.vocabularies["families"].by_id[entry.family].label)


def _salary(entry: Entry, config: Config) -> Iterator[Membership]:
    if not isinstance(entry, Job):
        return
    labels = {band.id: band.label for band in config.bands} | {term.id: term.label for term in SPECIAL_PAY}
    placed = placing(entry.salary, config.bands, config.pay, entry.hours)
    bands = {band.id for band in config.bands}
    for term in placed.starts:
        yield Membership(term, labels[term], STARTS if term in bands else "")
    for term in placed.reaches:
        yield Membership(term, labels[term], REACHES)


def _bands(config: Config) -> Iterator[TermInfo]:
    for band in config.bands:
        label = band.label[0].lower() + band.label[1:]
        about = f"Jobs whose yearly pay, or a part of its range, is {label}."
        yield TermInfo(band.id, band.label, about=about, sectioned=True)
    yield from SPECIAL_PAY


def _grade_terms(config: Config) -> Iterator[TermInfo]:
    yield from _vocabulary("grades")(config)
    yield TermInfo("other", "Other grades", "Grades of other employers, in the words of their adverts.")


def _no_terms(_config: Config) -> Iterator[TermInfo]:
    return iter(())


SALARY: Final = Facet(
    name="salary",
    title="Salary",
    term_word="salary band",
    intro="What public digital work pays: by salary band, by grade and by year.",
    about="Jobs by pay: {label}.",
    memberships=_salary,
    declared=_bands,
    always=True,
    calendars=True,
    sections=((STARTS, "Pay starts in this band"), (REACHES, "Pay can reach this band")),
)
FACETS: Final = (
    Facet(
        name="tags",
        title="Tags",
        term_word="tag",
        intro="What entries are about.",
        about="Entries tagged {label}.",
        memberships=_tags,
        declared=_vocabulary("tags"),
        calendars=True,
    ),
    SALARY,
    Facet(
        name="organisations",
        title="Organisations",
        term_word="organisation",
        intro="Who is hiring, and who is in the news.",
        about="Jobs at, and news of, {label}.",
        memberships=_organisations,
        declared=_vocabulary("organisations"),
    ),
    Facet(
        name="locations",
        title="Locations",
        term_word="place",
        intro="Where the work is.",
        about="Jobs by place: {label}.",
        memberships=_locations,
        declared=_vocabulary("places"),
    ),
    Facet(
        name="grades",
        title="Grades",
        term_word="grade",
        intro="Grades of the Civil Service, lowest first, and those of other employers.",
        about="Jobs by grade: {label}.",
        memberships=_grades,
        declared=_grade_terms,
    ),
    Facet(
        name="roles",
        title="Roles",
        term_word="role family",
        intro="Role families of the Government Digital and Data profession, and a few of our own.",
        about="Jobs by role family: {label}.",
        memberships=_roles,
        declared=_vocabulary("families"),
    ),
)


SECTIONED: Final = next(facet for facet in FACETS if facet.sections)
"""The one facet whose terms' pages have sections of their own."""


def enabled(config: Config) -> tuple[Facet, ...]:
    """Return the facets that the configuration switches on, in a fixed order."""
    return tuple(facet for facet in FACETS if getattr(config.facets, facet.name))
