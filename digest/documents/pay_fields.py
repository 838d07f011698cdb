"""Readers of pay and of moments, in all the shapes an entry may write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from digest.dates.reading import read_closing, read_day, read_moment, read_opening, read_zone
from digest.diagnostics import Finding, rule
from digest.model import Closing, Pay, Salary
from digest.pay.money import read_currency, read_money, read_period
from digest.pay.reading import make_pay, read_pay
from digest.text.nodes import MapNode, Node
from digest.text.readers import ByShape, Flag, Form, ListOf, Text
from digest.text.schema import Context, Field, JsonSchema, Reader, Table, Vocabularies

# --- moments -----------------------------------------------------------------------------------------------

DAY: Final = Form(lambda text, context: read_day(text, "date", context.published), "A day, such as 6 October 2014.")
MOMENT: Final = Form(
    lambda text, context: read_moment(text, context.zone, context.published, "published"),
    "A day, or a time on a day, such as 11:55pm on 6 October 2014.",
)
CLOSING: Final = Form(
    lambda text, context: read_closing(text, context.zone, context.published),
    "A day, a time on a day, `open until filled` or `not stated`.",
)
OPENING: Final = Form(
    lambda text, context: read_opening(text, context.zone, context.published),
    "A day, a time on a day, or `not stated`.",
)
ZONE: Final = Form(lambda text, _: read_zone(text), "An IANA time zone, such as Australia/Sydney.")


_WHEN: Final = Form(
    lambda text, context: read_closing(text, context.zone, context.published, "when"),
    "A day, a time on a day, `open until filled` or `not stated`.",
)


def _closing(values: dict[str, Any], node: MapNode, context: Context) -> Closing | None:
    """Read `when` in its own time zone, which is only known here."""
    closing = _WHEN.read(node.values["when"], replace(context, zone=values.get("timezone", context.zone)))
    return None if closing is None else replace(closing, note=values.get("note"))


CLOSES: Final = ByShape(
    CLOSING,
    Table(
        "closing date",
        (
            Field("when", Text(), "When applications end.", "6pm on 23 January 2018", required=True),
            Field("timezone", ZONE, "The zone the time is meant in, if not the site's.", "Australia/Sydney"),
            Field("note", Text(), "A sentence shown beside it.", "Closes earlier at 400 applications."),
        ),
        _closing,
    ),
)

# --- pay ---------------------------------------------------------------------------------------------------


@rule("salary-parts")
def salary_parts(names: tuple[str, ...]) -> Iterator[Finding]:
    """Pay with fields of its own is either `pay`, a short text, or `min` and `max` with a `currency`.

    Both together could disagree; neither says nothing.

    Wrong: `salary: {note: negotiable}`

    Right: `salary: {pay: "about £100,000", note: negotiable}`
    """
    amounts = [name for name in ("min", "max", "currency", "period", "approximate") if name in names]
    if "pay" in names and amounts:
        yield Finding(f'"pay" already says what "{amounts[0]}" says', f'delete "{amounts[0]}", or "pay"')
    elif "pay" not in names and "min" not in names and "max" not in names:
        yield Finding("no amount is given", "add  pay: about £90,000  or  min  and  max")
    elif "pay" not in names and "currency" not in names:
        yield Finding("the amounts have no currency", "add  currency: GBP")


@rule("salary-labelled")
def salary_labelled(kind: str, basis: str | None) -> Iterator[Finding]:
    """Each labelled range has a figure, of plain pay.

    A label without pay would stand on the page with nothing beside it.  What a figure covers besides plain pay is said
    of the whole salary, so beside one range it is said in words.

    Wrong: `salary: [{label: London, salary: not stated}]`

    Right: `salary: [{label: London, salary: "from £45,000"}]`
    """
    if kind != "stated":
        yield Finding(f"a labelled range cannot be {kind}", "leave this range out, or give its figure")
    elif basis is not None:
        yield Finding("a labelled range has no basis of its own", f'delete "basis", and write  note: {basis}')


def _salary(values: dict[str, Any], node: MapNode, context: Context) -> Salary | None:
    if context.reading.check(salary_parts, node, tuple(values)):
        return None
    words = {"basis": values.get("basis"), "note": values.get("note")}
    said: Salary | None = values.get("pay")
    if said is not None:
        return replace(said, **words)
    read = make_pay(
        values.get("min"),
        values.get("max"),
        values["currency"],
        values.get("period", "year"),
        approximate=values.get("approximate", False),
        period_given="period" in values,
    )
    for rule_, finding in read.findings:
        context.reading.place(rule_, finding, node.values.get("min", node))
    return None if read.value is None else Salary("stated", (read.value,), **words)


PAY: Final = Form(lambda text, _: read_pay(text), "Pay, such as `£71,000 to £85,000` or `not stated`.")
PAY_WITHIN: Final = Form(lambda text, _: read_pay(text, field="pay"), "Pay, such as `about £110,000`.")
SALARY_FIELDS: Final = Table(
    "salary",
    (
        Field("pay", PAY_WITHIN, "The pay as a short text.", "about £110,000"),
        Field("min", Form(lambda text, _: read_money(text), "An amount."), "The least, without a sign.", "71000"),
        Field("max", Form(lambda text, _: read_money(text), "An amount."), "The most, inclusive.", "85000"),
        Field("currency", Form(lambda text, _: read_currency(text), "An ISO 4217 code."), "Its currency.", "GBP"),
        Field("period", Form(lambda text, _: read_period(text), "A span of time."), "What it is paid for.", "year"),
        Field("approximate", Flag(), "The source says about, circa or in the region of.", "true"),
        Field("basis", Text(), "What the figure covers when it is not plain salary.", "total package"),
        Field("note", Text(), "A sentence shown beside the pay.", "The figure is for three days a month."),
    ),
    _salary,
)


def _labelled(values: dict[str, Any], node: MapNode, context: Context) -> Pay | None:
    salary: Salary = values["salary"]
    if context.reading.check(salary_labelled, node.values["salary"], salary.kind, salary.basis):
        return None
    notes = [note for note in (values.get("note"), salary.note) if note]
    return replace(salary.pay[0], label=values["label"], note=" ".join(notes) or None)


LABELLED: Final = ListOf(
    Table(
        "labelled range",
        (
            Field("label", Text(), "What the range is for.", "London", required=True),
            Field("salary", ByShape(PAY, SALARY_FIELDS), "Its pay.", "£49,325 to £53,081", required=True),
            Field("note", Text(), "A sentence shown beside it.", "Includes the London allowance."),
        ),
        _labelled,
    )
)


class Ranges(Struct, frozen=True):
    """Several labelled ranges of one job."""

    items: Reader

    def read(self, node: Node, context: Context) -> Salary | None:
        """Return one salary with all ranges, in the order written."""
        ranges = self.items.read(node, context)
        return None if ranges is None else Salary("stated", ranges)

    def schema(self, vocabularies: Vocabularies) -> JsonSchema:
        """Give an array of labelled ranges."""
        return self.items.schema(vocabularies)


SALARY: Final = ByShape(PAY, SALARY_FIELDS, Ranges(LABELLED))
