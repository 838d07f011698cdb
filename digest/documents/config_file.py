"""Reading `config.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final

from digest.diagnostics import Diagnostic, Parsed
from digest.documents.config import Config, Times
from digest.documents.config_rules import (
    navigation_unknown,
    vocabulary_repeat,
)
from digest.documents.config_tables import TABLE
from digest.pay.bands import PaySettings, bands_from_bounds
from digest.text.nodes import ListNode, MapNode, Node, Reading
from digest.text.schema import Choice, Context, Vocabulary, spelling, spellings
from digest.text.source import FAST, PURE, Parser, read_yaml

PATH: Final = "config.yaml"


VOCABULARIES: Final = {
    "grades": "grade",
    "contracts": "contract",
    "patterns": "working pattern",
    "clearances": "clearance",
    "tags": "tag",
    "organisations": "organisation",
    "places": "place",
    "abbreviations": "abbreviation",
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


def _role_nodes(families: Node | None) -> ListNode | None:
    """Return the nodes of all roles of all families as one list."""
    if not isinstance(families, ListNode):
        return None
    lists = [family.values.get("roles") for family in families.items if isinstance(family, MapNode)]
    roles = [role for found in lists if isinstance(found, ListNode) for role in found.items]
    return ListNode(roles, families.line, families.column, families.width)


def _vocabularies(values: dict[str, Any], node: MapNode, reading: Reading) -> dict[str, Vocabulary]:
    made = {name: Vocabulary(what, tuple(values.get(name, ()))) for name, what in VOCABULARIES.items()}
    for name, vocabulary in made.items():
        _repeats(reading, node.values.get(name), vocabulary.what, vocabulary.choices)
    families = values.get("roles", ())
    made["families"] = Vocabulary("role family", tuple(family for family, _ in families))
    made["roles"] = Vocabulary("role", tuple(role for _, roles in families for role in roles))
    items = {"families": node.values.get("roles"), "roles": _role_nodes(node.values.get("roles"))}
    licences = values.get("licences", ())
    made["licences"] = Vocabulary("licence", tuple(Choice(licence.id, licence.label) for licence in licences))
    for key in ("families", "roles"):
        _repeats(reading, items[key], made[key].what, made[key].choices)
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


def _read(text: str, parser: Parser) -> Parsed[Config]:
    reading = Reading(PATH, text)
    node = read_yaml(reading, text, 1, parser)
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
            item = item.values["path"] if isinstance(item, MapNode) else item
            reading.check(navigation_unknown, item, link.path, sorted(paths))
    return reading.problems
