"""What a field of the open data is: from one definition come files, schemas, the page at `/data/` and the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct

Form = Literal["text", "address", "day", "time", "instant", "number", "count", "yes or no", "texts", "objects"]
VERSION: Final = 1
"""Of all files; a change that would break a program that reads them raises it."""


class DataField(Struct, frozen=True):
    """One field of the records of a file."""

    name: str
    form: Form
    """`texts` is a list of texts; `objects` a list of objects, which only JSON has."""
    about: str
    """What it means, in a sentence or two of plain text."""
    example: Any
    """As JSON holds it."""
    value: Callable[[Any], Any]
    """Gives it of a `Subject`, or of what an object is made of: whole numbers and `Decimal` for numbers, lists or
    tuples for lists.  None, an empty text and an empty list are not known."""
    always: bool = False
    """It is known of every entry that is not withdrawn."""
    fields: tuple[DataField, ...] = ()
    """Those of an object."""
    words: tuple[str, ...] = ()
    """The texts that it may be, where these are few and fixed."""


_NUMBERS: Final[Any] = (int, Decimal)
"""Of these 0 and False are known too."""


def known(fields: Iterable[DataField], subject: Any) -> dict[str, Any]:
    """Return the fields that are known of a subject by name, in order; what is not known is left out."""
    found: dict[str, Any] = {}
    for field in fields:
        value = field.value(subject)
        if value or isinstance(value, _NUMBERS):
            found[field.name] = [known(field.fields, one) for one in value] if field.fields else value
    return found


def example(fields: Iterable[DataField]) -> dict[str, Any]:
    """Return an invented record in which every field is known."""
    return {field.name: [example(field.fields)] if field.fields else field.example for field in fields}


def number(value: Decimal | None) -> int | Decimal | None:
    """Return a number to the hundredth, without zeros at its end."""
    if value is None:
        return None
    rounded = value.quantize(Decimal("0.01"))
    return int(rounded) if rounded == int(rounded) else rounded.normalize()
