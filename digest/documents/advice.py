"""Advice on one entry, looked for in the words as the editor wrote them, so that each finding has its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from digest.diagnostics import Diagnostic, Finding, Rule
from digest.documents.advice_rules import (
    EMPTY_WORDS,
    LATER,
    LINK,
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
from digest.text.patterns import compiled
from digest.text.source import Document

_EMPTY: Final = "|".join(words.replace(" ", r"\s+") for words in sorted(EMPTY_WORDS))
_SIGNS: Final[dict[Rule[[str]], str]] = {
    advice_circa: r"c(?:irca|\.\s?[£€$]?\d)",
    advice_thousands: r"k(?<=\dk)",
    advice_midnight: "midnight",
    advice_link_words: rf"\[[\s.*_]*(?:{_EMPTY})[\s.*_]*\]\(",
    advice_tracker: r"\?\S*(?:utm_|clid|mc_|igshid|sid|sessionid|cfid|cftoken)",
}
"""Rules, each with a pattern of what stands in every text that breaks it, in lower case: most need no closer look.

Each pattern begins with one character and no choice, for which a text is searched many times faster.
"""
_WORDING: Final = frozenset({advice_circa, advice_thousands, advice_midnight})
"""Rules that titles and summaries are held to."""
_SENTENCE_END: Final = r"(?<=[.!?])[)\"'’”]*\s+(?=[\"'‘“(]*[A-Z£€\d\[])"  # noqa: RUF001 - as people write
_APART: Final = r"\s*(?:[-*+>|#:]|\d+[.)]\s|\[\^|`{3}|~{3})"
"""The beginning of a line that does not go on with the sentence above it."""
_BREAK: Final = r"\n[\n|-]"
"""Where a paragraph, a row of a table or an item of a list ends; most of them do so here."""
_ITEM: Final = r"\s*(?:[-*+]|\d+[.)])\s+(?=\S)"
_FENCES: Final = ("```", "~~~")
_GLANCE: Final = 12
"""Characters by which a text that repeats the summary is told from most that do not."""


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
    for check in _suspects(reading.text):
        if check in _WORDING:
            for name in ("title", "summary"):
                node = front.values.get(name)
                if isinstance(node, Scalar):
                    found.check(check, node, node.value)
        elif check is advice_tracker:
            for node in _scalars(front):
                found.check(check, node, node.value)
        _check_words(found, check, body, body_line)
    _check_sentences(found, body, body_line, advice.sentence_words)
    _check_beginning(found, body, body_line, entry.summary)
    if isinstance(entry, Job) and entry.closes.moment is not None:
        found.check(advice_closing_day, front.values.get("closes"), entry.closes.moment.day)
    if found.problems or entry.accept:
        _accept(reading, found.problems, front.values.get("accept"), entry.accept, advice)


def _suspects(text: str) -> list[Rule[[str]]]:
    """Return the rules that a file may break."""
    lowered = text.lower()
    return [check for check, sign in _SIGNS.items() if compiled(sign).search(lowered)]


def _check_words(found: Reading, check: Rule[[str]], body: str, body_line: int) -> None:
    """Look at the words of a text, all at once, which is far quicker than line by line."""
    for finding in check(body):
        before = body[: finding.start]
        if sum(line.lstrip().startswith(_FENCES) for line in before.split("\n")) % 2 == 0:
            end = len(body) if finding.end is None else finding.end
            column = finding.start - before.rfind("\n")
            found.add(check, finding, body_line + before.count("\n"), column, end - finding.start)


def _check_sentences(found: Reading, body: str, body_line: int, most: int) -> None:
    if not _may_be_long(body, most):
        return
    for paragraph in _paragraphs(body, body_line):
        if _may_be_long(paragraph.text, most):
            for piece in _sentences(paragraph):
                if _spaces(piece.text) >= most:
                    words = len(compiled(WORD).findall(compiled(LINK).sub(r"\1", piece.text)))
                    for finding in advice_long_sentence(words, most):
                        _add(found, advice_long_sentence, piece, finding)


def _may_be_long(text: str, most: int) -> bool:
    """Tell whether a sentence may be too long: most texts have no two of its ends so far apart."""
    for run in text.split("."):
        if len(run) > 2 * most and _spaces(run) >= most and max(map(_spaces, compiled(_BREAK).split(run))) >= most:
            return True
    return False


def _spaces(text: str) -> int:
    """Return how many spaces there are; there are at most as many words, and one more."""
    return text.count(" ") + text.count("\n")


def _check_beginning(found: Reading, body: str, body_line: int, summary: str) -> None:
    start = body.lstrip()
    if start[:_GLANCE].casefold() == summary[:_GLANCE].casefold():
        paragraph = next(_paragraphs(body, body_line), None)
        if paragraph is not None:
            for finding in advice_repeats_summary(paragraph.text, summary):
                _add(found, advice_repeats_summary, next(_sentences(paragraph)), finding)


def _add(found: Reading, check: Rule[...], piece: Piece, finding: Finding) -> None:
    found.add(check, finding, piece.line, piece.column, len(piece.text.split("\n", 1)[0]))


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        for inner in node.values.values() if isinstance(node, MapNode) else node.items:
            yield from _scalars(inner)


# --- sentences ---------------------------------------------------------------------------------------------


def _paragraphs(body: str, body_line: int) -> Iterator[Piece]:
    """Yield the paragraphs of running text and the items of lists, in order; each may go over several lines."""
    lines: list[str] = []
    begun = body_line
    fenced = False
    for number, line in enumerate([*body.split("\n"), ""], body_line):
        if line.lstrip().startswith(_FENCES):
            fenced = not fenced
        if fenced or not line.strip() or compiled(_APART).match(line):
            if lines:
                yield Piece("\n".join(lines), begun, 1)
            lines, begun = [], number + 1
            item = compiled(_ITEM).match(line)
            if item and not fenced:
                lines, begun = [" " * item.end() + line[item.end() :]], number
        else:
            lines.append(line)


def _sentences(paragraph: Piece) -> Iterator[Piece]:
    """Yield the sentences of a paragraph, in order."""
    text, line, _ = paragraph
    start = 0
    for end in (*compiled(_SENTENCE_END).finditer(text), None):
        stop = end.start() if end else len(text)
        sentence = text[start:stop].rstrip()
        if sentence.strip():
            at = start + len(sentence) - len(sentence.lstrip())
            yield Piece(sentence.lstrip(), line + text.count("\n", 0, at), at - text.rfind("\n", 0, at))
        start = end.end() if end else stop


# --- accepting ---------------------------------------------------------------------------------------------


def _accept(
    reading: Reading, found: Sequence[Diagnostic], node: Node | None, names: Sequence[str], advice: Advice
) -> None:
    """Add what is neither accepted by the entry nor switched off for the site, and say what was accepted in vain."""
    kept = (problem for problem in found if problem.rule not in {*names, *advice.off})
    reading.problems += [replace(problem, hint=acceptable(problem.hint, problem.rule)) for problem in kept]
    told = {problem.rule for problem in found}
    for place, name in enumerate(names):
        if name not in told and name not in LATER:
            for finding in accept_unused(name):
                reading.place(accept_unused, replace(finding, item=place), node)
