"""Links that lead out of the site: which there are, where each is written, and what is to be said of them."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urldefrag, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from digest.diagnostics import Diagnostic, Finding, Span
from digest.documents.advice_rules import accept_unused, acceptable
from digest.documents.config_file import PATH as CONFIG
from digest.documents.link_rules import LINKS, RULE_OF, Answer
from digest.documents.tables import ACCEPT
from digest.planning.cards import Card
from digest.planning.catalogue import Catalogue
from digest.planning.sources import Sources
from digest.planning.states import state_at
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.source import FAST, read_yaml, split

_ADDRESS: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_INNER: Final = frozenset({"internal", "lan", "local", "localhost", "test"})
"""Last parts of names that no public name server knows (RFC 2606, RFC 6762, and by custom)."""


class Place(Struct, frozen=True):
    """Where something is written."""

    text: str
    """What stands there: an address with its fragment, or the name of a rule."""
    field: str
    """The field of the front matter, or of the configuration; empty for the text."""
    span: Span
    excerpt: str | None


class Outward(NamedTuple):
    """The links of a site to others by `http:` or `https:`."""

    links: Mapping[str, Sequence[Place]]
    """The places of each address, which is without its fragment; in the order of files, then of places."""
    accepted: Sequence[Place]
    """Rules of links that entries accept."""
    off: Sequence[str]
    """Rules that are not told at all."""


def outward(sources: Sources, catalogue: Catalogue, config_text: str) -> Outward:
    """Return all links to other sites.

    Those of withdrawn entries are left out, for nobody is shown them; so is where to apply for a closed job, and what
    leads into this site.
    """
    own = urlsplit(catalogue.config.base_url)
    found: dict[str, list[Place]] = defaultdict(list)
    accepted: list[Place] = []
    for place in _places(sources, catalogue, config_text):
        address = urldefrag(place.text).url
        there = urlsplit(address)
        if place.field == ACCEPT.name:
            accepted.append(place)
        elif there.netloc.lower() != own.netloc.lower() or not f"{there.path}/".startswith(own.path):
            found[address].append(place)
    return Outward(found, accepted, catalogue.config.advice.off)


def _places(sources: Sources, catalogue: Catalogue, config_text: str) -> Iterator[Place]:
    reading = Reading(CONFIG, config_text)
    top = read_yaml(Reading(CONFIG, config_text), config_text, 1, FAST)
    yield from _written(reading, top)
    now = catalogue.now.timestamp()
    for card in sorted(sources.cards, key=lambda card: card.path):
        if state_at(card.states, now) != "withdrawn":
            closed = card.job is not None and card.job.ended <= now
            yield from _of_entry(sources, card, closed=closed)


def _of_entry(sources: Sources, card: Card, *, closed: bool) -> Iterator[Place]:
    text = sources.text(card.path)
    reading = Reading(card.path, text)
    document = split(Reading(card.path, text), FAST)
    for place in _written(reading, document.front if document else None):
        if not (closed and place.field == "apply"):
            yield place
    whole = sources.whole(card)
    for mention in whole.body.mentions:
        if mention.kind == "external" and _ADDRESS.fullmatch(mention.target):
            line = mention.line + whole.body_line - 1
            span = Span(card.path, line, mention.column, mention.width)
            yield Place(mention.target, "", span, reading.line(line))


def _written(reading: Reading, top: MapNode | None) -> Iterator[Place]:
    """Yield every value that is an address, whatever its field is called, and every rule of links that is accepted."""
    for field, value in top.values.items() if top else ():
        for scalar in _scalars(value):
            if _ADDRESS.fullmatch(scalar.value) or (field == ACCEPT.name and scalar.value in LINKS):
                line, column, width = reading.where(Finding("", end=len(scalar.value)), scalar)
                yield Place(scalar.value, field, Span(reading.path, line, column, width), reading.line(line))


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        for inner in node.items if isinstance(node, ListNode) else node.values.values():
            yield from _scalars(inner)


def is_private(host: str) -> bool:
    """Tell whether a host is only known within a machine or a network, by its name or number alone."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        last = name.rpartition(".")[2]
        return "." not in name or last in _INNER or last.isdigit()


def link_problems(found: Outward, answers: Mapping[str, Answer]) -> list[Diagnostic]:
    """Return what is to be said of links, at each place where one is written; silence where nothing was heard.

    A rule that an entry accepts must have something to say there, once all of its links have been heard of.
    """
    problems: list[Diagnostic] = []
    accepted = {(place.span.path, place.text) for place in found.accepted}
    told: set[tuple[str, str]] = set()
    waiting: set[str] = set()
    for address, places in found.links.items():
        answer = answers.get(address)
        rule = RULE_OF.get(answer.fate) if answer else None
        for place in places:
            path = place.span.path
            if answer is None or rule is None:
                waiting.add(path)
                continue
            for finding in rule(place.text, place.field, answer):
                told.add((path, rule.id))
                if (path, rule.id) not in accepted and rule.id not in found.off:
                    kept = finding if path == CONFIG else replace(finding, hint=acceptable(finding.hint, rule.id))
                    problems.append(rule.at(place.span, kept, place.excerpt))
    for place in found.accepted:
        if (place.span.path, place.text) not in told and place.span.path not in waiting:
            unused = accept_unused(place.text)
            problems += [accept_unused.at(place.span, finding, place.excerpt) for finding in unused]
    return problems
