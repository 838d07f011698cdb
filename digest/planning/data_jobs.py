"""The fields of jobs in the open data."""

from __future__ import annotations

from typing import Any, Final

from digest.pay.reading import format_pay
from digest.planning import data_values as values
from digest.planning.data_fields import DataField, number
from digest.planning.data_tables import IDS, KINDS, SOURCES, TAGS, TITLES, Fields
from digest.planning.words import closing_words

_PERIODS: Final = ("year", "month", "week", "day", "hour")
_ESTIMATE: Final = "Pay by the hour, week or month is multiplied; a day rate or another currency is not."

RANGE: Final = (
    DataField("label", "text", "What this range is for.", "London", lambda r: r.pay.label),
    DataField("text", "text", "The range in words.", "£18.20 to £20 an hour", lambda r: format_pay(r.pay), always=True),
    DataField("min", "number", "The least.", 18.2, lambda r: number(r.pay.minimum)),
    DataField("max", "number", "The most.", 20, lambda r: number(r.pay.maximum)),
    DataField("currency", "text", "ISO 4217 code.", "GBP", lambda r: r.pay.currency, always=True),
    DataField("period", "text", "What it is for.", "hour", lambda r: r.pay.period, always=True, words=_PERIODS),
    DataField("approximate", "yes or no", "“About”.", example=False, value=lambda r: r.pay.approximate, always=True),
    DataField("annual_min", "number", "The least for a year.", 35016.8, lambda r: number(r.least)),
    DataField("annual_max", "number", "The most for a year.", 38480, lambda r: number(r.most)),
    DataField("note", "text", "A note on this range.", "With an allowance.", lambda r: r.pay.note),
)
PAY: Final = (
    DataField(
        "pay_kind",
        "text",
        "Whether there is pay, and whether the source says how much.",
        "stated",
        lambda s: s.entry.salary.kind,
        always=True,
        words=("stated", "not stated", "unpaid"),
    ),
    DataField(
        "pay_text",
        "text",
        "Pay in words, as on the page.",
        "£18.20 to £20 an hour (about £35,000 to £38,500 a year)",
        lambda s: s.card.job.details.pay,
        always=True,
    ),
    DataField(
        "pay_min",
        "number",
        "The least, as printed. Left out of “up to”, and where ranges differ in currency or period.",
        18.2,
        values.printed(lambda pay: pay.minimum, min),
    ),
    DataField(
        "pay_max",
        "number",
        "The most, inclusive. Left out of “from”, and where ranges differ in currency or period.",
        20,
        values.printed(lambda pay: pay.maximum, max),
    ),
    DataField("pay_currency", "text", "ISO 4217 code.", "GBP", values.shared("currency")),
    DataField("pay_period", "text", "What it is for.", "hour", values.shared("period"), words=_PERIODS),
    DataField("pay_approximate", "yes or no", "The source says “about”.", example=False, value=values.approximate),
    DataField(
        "annual_min",
        "number",
        f"The least for a year, in the currency of the salary bands. {_ESTIMATE}",
        35016.8,
        values.for_a_year(lambda found: found.least, min),
    ),
    DataField(
        "annual_max",
        "number",
        "The most for a year, likewise.",
        38480,
        values.for_a_year(lambda found: found.most, max),
    ),
    DataField(
        "annual_estimated", "yes or no", "The pay for a year is such an estimate.", example=True, value=values.estimated
    ),
    DataField(
        "salary_bands",
        "texts",
        "The salary pages that list it, as in their addresses; first where its pay starts.",
        ["30000-to-39999"],
        lambda s: s.card.terms_of("salary"),
        always=True,
    ),
    DataField("pay_basis", "text", "What the figure covers.", "total package", lambda s: s.entry.salary.basis),
    DataField("pay_note", "text", "A note on pay.", "A pay award is due.", lambda s: s.entry.salary.note),
    DataField("pay_ranges", "objects", "The ranges, where there are several.", None, values.several, fields=RANGE),
)
DATES: Final = (
    DataField(
        "closes_kind",
        "text",
        "Whether there is a deadline.",
        "dated",
        lambda s: s.entry.closes.kind,
        always=True,
        words=KINDS,
    ),
    DataField(
        "closes_date", "day", "The day of the deadline.", "2014-10-06", lambda s: values.day(s.entry.closes.moment)
    ),
    DataField(
        "closes_time",
        "time",
        "The local time of the deadline. Left out where only the day is given: then the whole day counts.",
        "23:55",
        lambda s: s.entry.closes.moment.time if s.entry.closes.moment else None,
    ),
    DataField(
        "closes_zone",
        "text",
        "The time zone of the deadline (IANA).",
        "Europe/London",
        lambda s: s.entry.closes.moment.zone if s.entry.closes.moment else None,
    ),
    DataField(
        "closes_text",
        "text",
        "The deadline in words, as on the page.",
        "11:55pm on 6 October 2014",
        lambda s: closing_words(s.entry.closes, s.config.timezone),
        always=True,
    ),
    DataField("closes_note", "text", "A note on the deadline.", "At the earliest.", lambda s: s.entry.closes.note),
    DataField(
        "open_until",
        "instant",
        "From this instant on it is closed: the deadline, the day of an earlier outcome, or where there is no deadline "
        "an assumption.",
        "2014-10-06T22:55:00Z",
        values.open_until,
        always=True,
    ),
    DataField(
        "opens_at",
        "instant",
        "From this instant on one can apply. Left out where the source gives no day yet.",
        "2014-09-11T23:00:00Z",
        values.opens_at,
    ),
    DataField(
        "deadline_changes",
        "count",
        "How often the deadline was moved.",
        1,
        lambda s: sum(change.closes is not None for change in s.entry.changes),
        always=True,
    ),
    DataField(
        "outcome",
        "text",
        "What became of it.",
        "filled",
        lambda s: s.entry.outcome.result if s.entry.outcome else None,
        words=("filled", "readvertised", "cancelled"),
    ),
    DataField(
        "outcome_date",
        "day",
        "Since when.",
        "2014-11-20",
        lambda s: s.entry.outcome.date.isoformat() if s.entry.outcome and s.entry.outcome.date else None,
    ),
)


def _as_written(name: str, about: str, example: Any, form: Any = "text") -> DataField:
    """Return a field that holds what the entry's field of that name does."""
    return DataField(name, form, about, example, lambda s: getattr(s.entry, name))


FACTS: Final = (
    DataField("places", "texts", "Where the work is.", ["London", "Hybrid"], lambda s: s.entry.location),
    DataField(
        "place_ids",
        "texts",
        "The same, as in the addresses of this site.",
        ["london", "hybrid"],
        lambda s: s.card.terms_of("locations"),
    ),
    DataField(
        "grade", "text", "Its grade, as in the addresses of this site; or “other”.", "g7", values.term_id("grade")
    ),
    DataField("grade_text", "text", "The grade in words.", "Grade 7", values.term_words("grade", "grades")),
    _as_written("family", "Its role family, as in the addresses of this site.", "data"),
    DataField("family_text", "text", "The role family in words.", "Data", values.label("family", "families")),
    _as_written("role", "Its role: an id of this digest.", "data-engineer"),
    DataField("role_text", "text", "The role in words.", "Data engineer", values.label("role", "roles")),
    DataField(
        "contract",
        "text",
        "Its kind of contract: an id of this digest, or “other”.",
        "fixed-term",
        values.term_id("contract"),
    ),
    DataField(
        "contract_text",
        "text",
        "The contract in words.",
        "Fixed term, 24 months",
        values.term_words("contract", "contracts"),
    ),
    DataField("patterns", "texts", "Working patterns, in words.", ["Full time", "Job share"], values.patterns),
    DataField("hours", "number", "Hours a week.", 37, lambda s: number(s.entry.hours)),
    DataField(
        "clearance", "text", "The security check: an id of this digest, or “other”.", "sc", values.term_id("clearance")
    ),
    DataField(
        "clearance_text",
        "text",
        "The security check in words.",
        "Security check",
        values.term_words("clearance", "clearances"),
    ),
    _as_written("posts", "How many posts there are.", "4"),
    _as_written("max_applications", "It closes early once so many have applied.", 400, "count"),
    _as_written("reports_to", "Whom the post reports to.", "Director of digital"),
    _as_written("team_size", "The team.", "12"),
    _as_written("budget", "The budget.", "£3 million"),
    _as_written("interviews", "When interviews are held.", "From 3 November"),
    _as_written("eligibility", "Who may apply, when not everybody.", "Civil servants"),
    _as_written("reference", "The employer's reference.", "1234567"),
    DataField(
        "apply", "address", "Where to apply.", "https://www.example.gov.uk/jobs/1", lambda s: values.apply(s.entry)
    ),
)
JOBS: Final[Fields] = (*IDS, *TITLES, *PAY, *DATES, *FACTS, *TAGS, *SOURCES)
