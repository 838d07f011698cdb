"""Advice on one entry, looked for in the words as the editor wrote them, so that each finding has its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from digest.diagnostics import Diagnostic, Finding, Rule
from digest.documents.advice_rules import (
    ACROSS,
    LINK,
    THOUSANDS,
    WORD,
    accept_unused,
    acceptable,
    advice_circa,
    advice_closing_day,
    advice_link_words,
    advice_long_sentence,
    advice_midnight,
    advice_repeats_summary,
    advice_thousands,
    advice_tracker,
)
from digest.documents.config import Advice
from digest.model import Entry, Job
from digest.text.nodes import MapNode, Node, Reading, Scalar
from digest.text.source import Document

_WORDING: Final[tuple[Rule[[str]], ...]] = (advice_circa, advice_thousands, advice_midnight)
_SOURCE: Final[tuple[Rule[[str]], ...]] = (advice_link_words, advice_tracker)
_SIGNS: Final = ("circa", "c.", "C.", "midnight", "Midnight")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[)\"'’”]*\s+(?=[\"'‘“(]*[A-Z£€\d\[])")  # noqa: RUF001 - as people write
_APART: Final = re.compile(r"\s*(?:[-*+>|#:]|\d+[.)]\s|\[\^|`{3}|~{3})")
"""The beginning of a line that does not go on with the sentence above it."""
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?=\S)")
_FENCES: Final = ("```", "~~~")


class Piece(NamedTuple):
    """Some words of an entry with their place."""

    text: str
    line: int
    """Counted from 1 in the file."""
    column: int
    """Counted from 1."""


def advise(reading: Reading, entry: Entry, document: Document, advice: Advice) -> None:
    """Add advice on one entry."""
    front, body, body_line = document
    found = Reading(reading.path, reading.text)
    for name in ("title", "summary"):
        node = front.values.get(name)
        if isinstance(node, Scalar):
            _check_words(found, node)
    _check_body(found, body, body_line, advice)
    first = next(iter(_sentences(body, body_line)), None)
    if first is not None:
        _add(found, advice_repeats_summary, first, advice_repeats_summary(_paragraph(body), entry.summary))
    for node in _scalars(front):
        if "://" in node.value:
            found.check(advice_tracker, node, node.value)
    if isinstance(entry, Job) and entry.closes.moment is not None:
        found.check(advice_closing_day, front.values.get("closes"), entry.closes.moment.day)
    _accept(reading, found.problems, front.values.get("accept"), entry.accept, advice)


def _check_words(found: Reading, node: Scalar) -> None:
    for check in _WORDING:
        found.check(check, node, node.value)


def _check_body(found: Reading, body: str, body_line: int, advice: Advice) -> None:
    """Look at a text; most need no more than a glance."""
    if "](" in body or "://" in body:
        checks: tuple[Rule[[str]], ...] = (*_WORDING, *_SOURCE)
    else:
        checks = _WORDING
    if checks is not _WORDING or any(sign in body for sign in _SIGNS) or THOUSANDS.search(body):
        fenced = False
        for number, line in enumerate(body.split("\n"), body_line):
            if line.lstrip().startswith(_FENCES):
                fenced = not fenced
            elif not fenced:
                for check in checks:
                    _add(found, check, Piece(line, number, 1), check(line))
    for piece in _sentences(body, body_line):
        words = len(WORD.findall(LINK.sub(r"\1", piece.text)))
        for finding in advice_long_sentence(words, advice.sentence_words):
            found.add(advice_long_sentence, finding, piece.line, piece.column, len(piece.text.split("\n", 1)[0]))


def _add(found: Reading, check: Rule[...], piece: Piece, findings: Iterable[Finding]) -> None:
    for finding in findings:
        end = len(piece.text.split("\n", 1)[0]) if finding.end is None else finding.end
        found.add(check, finding, piece.line, piece.column + finding.start, end - finding.start)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        for inner in node.values.values() if isinstance(node, MapNode) else node.items:
            yield from _scalars(inner)


# --- sentences ---------------------------------------------------------------------------------------------


def _sentences(body: str, body_line: int) -> Iterator[Piece]:
    """Yield the sentences of running text, in order; each may go over several lines."""
    lines: list[str] = []
    begun = body_line
    fenced = False
    for number, line in enumerate([*body.split("\n"), ""], body_line):
        if line.lstrip().startswith(_FENCES):
            fenced = not fenced
        if fenced or not line.strip() or _APART.match(line):
            yield from _split("\n".join(lines), begun)
            lines, begun = [], number + 1
            item = _ITEM.match(line)
            if item and not fenced:
                lines, begun = [" " * item.end() + line[item.end() :]], number
        else:
            lines.append(line)
    yield from _split("\n".join(lines), begun)


def _split(text: str, line: int) -> Iterator[Piece]:
    """Yield the sentences of one paragraph, whose first line has this number."""
    start = 0
    for end in (*_SENTENCE_END.finditer(text), None):
        stop = end.start() if end else len(text)
        sentence = text[start:stop].rstrip()
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            at = start + lead
            yield Piece(sentence.lstrip(), line + text.count("\n", 0, at), at - text.rfind("\n", 0, at))
        start = end.end() if end else stop


def _paragraph(body: str) -> str:
    return next((part for part in re.split(r"\n\s*\n", body.strip()) if part.strip()), "")


# --- accepting ---------------------------------------------------------------------------------------------


def _accept(
    reading: Reading, found: Sequence[Diagnostic], node: Node | None, names: Sequence[str], advice: Advice
) -> None:
    """Add what is neither accepted by the entry nor switched off for the site, and say what was accepted in vain."""
    kept = (problem for problem in found if problem.rule not in {*names, *advice.off})
    reading.problems += [replace(problem, hint=acceptable(problem.hint, problem.rule)) for problem in kept]
    told = {problem.rule for problem in found}
    for place, name in enumerate(names):
        if name not in told and name not in ACROSS:
            for finding in accept_unused(name):
                reading.place(accept_unused, finding._replace(item=place), node)
