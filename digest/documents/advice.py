"""House style: advice on one entry, which never stops it.

Advice looks at words as the editor wrote them, line by line, so that each finding has its place.  An entry accepts a
rule by naming it under `accept`, and a site by naming it under `advice` in the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from digest.dates.words import WEEKDAYS, format_day
from digest.diagnostics import Diagnostic, Finding, Rule, rule
from digest.documents.config import Advice
from digest.model import Entry, Job
from digest.text.nodes import MapNode, Node, Reading, Scalar

PREFIX: Final = "advice-"
"""The ids of all rules that an entry may accept begin with this."""
_SATURDAY: Final = 5
_HOLIDAYS: Final = frozenset({(12, 25), (12, 26), (1, 1)})
"""Month and day of public holidays that fall on the same day each year."""
_CIRCA: Final = re.compile(r"\bcirca\b\s*|(?<![\w.])[Cc]\.\s?(?=[£€$]?\d)")
_THOUSANDS: Final = re.compile(r"[£€]\s?(\d{1,3}(?:\.\d)?)[kK]\b")
_MIDNIGHT: Final = re.compile(r"\bmidnight\b", re.IGNORECASE)
_EMPTY_WORDS: Final = frozenset(
    {"click here", "here", "this link", "link", "read more", "more", "this page", "follow this link", "website"}
)
_LINK: Final = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]*)[^)\n]*\)")
_ADDRESS: Final = re.compile(r"https?://[^\s<>()\[\]\"'|]+")
_TRACKERS: Final = re.compile(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid)", re.IGNORECASE)
_SESSIONS: Final = re.compile(r"(?:sid|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[)\"'’”]*\s+(?=[\"'‘“(]*[A-Z£€\d\[])")  # noqa: RUF001 - as people write
_APART: Final = re.compile(r"\s*(?:[-*+>|#:]|\d+[.)]\s|\[\^|`{3}|~{3})")
"""The beginning of a line that does not go on with the sentence above it."""
_WORD: Final = re.compile(r"\w[\w'’.,-]*")  # noqa: RUF001 - as people write
_SIGNS: Final = ("circa", "c.", "C.", "midnight", "Midnight")
_SPACES: Final = re.compile(r"\s+")


class Piece(NamedTuple):
    """Some words of an entry with their place."""

    text: str
    line: int
    """Counted from 1 in the file."""
    column: int
    """Counted from 1."""


@rule("advice-circa", "warning")
def advice_circa(text: str) -> Iterator[Finding]:
    """The digest says "about", not "circa" or "c."

    Screen readers and people who read English as a second language stumble over the Latin.

    Wrong: `circa £90,000`

    Right: `about £90,000`
    """
    for found in _CIRCA.finditer(text):
        end = found.start() + len(found[0].rstrip())
        yield Finding(f'"{text[found.start() : end]}" is Latin', "write  about", found.start(), end)


@rule("advice-thousands", "warning")
def advice_thousands(text: str) -> Iterator[Finding]:
    """Amounts are written in full.

    `£90K` is read out as "ninety kay", and is hard to compare with `£89,500`.

    Wrong: `£90K`

    Right: `£90,000`
    """
    for found in _THOUSANDS.finditer(text):
        full = f"{found[0][0]}{round(float(found[1]) * 1000):,}"
        yield Finding(f'"{found[0]}" is short for {full}', f"write  {full}", found.start(), found.end())


@rule("advice-midnight", "warning")
def advice_midnight(text: str) -> Iterator[Finding]:
    """A deadline is not "midnight".

    Nobody knows whether that is the first moment of the day or its last.

    Wrong: `Apply by midnight on 6 October.`

    Right: `Apply by 11:59pm on 6 October.`
    """
    for found in _MIDNIGHT.finditer(text):
        yield Finding(
            'it is not clear which day "midnight" belongs to', "write  11:59pm", found.start(), found.end()
        )


@rule("advice-link-words", "warning")
def advice_link_words(text: str) -> Iterator[Finding]:
    """The words of a link say where it leads.

    Many people go from link to link and hear nothing else.

    Wrong: `To apply, [click here](https://www.example.gov.uk/jobs/1).`

    Right: `[Apply on Civil Service Jobs](https://www.example.gov.uk/jobs/1).`
    """
    for found in _LINK.finditer(text):
        words = _SPACES.sub(" ", found[1]).strip(" .*_").casefold()
        if words in _EMPTY_WORDS and not found[0].startswith("!"):
            yield Finding(
                f'"{found[1]}" does not say where the link leads',
                "name the page it leads to",
                found.start(1),
                found.end(1),
            )


@rule("advice-tracker", "warning")
def advice_tracker(text: str) -> Iterator[Finding]:
    """An address carries no tracker and no session.

    A tracker tells others who followed the link; a session belongs to one visit and leads nowhere afterwards.

    Wrong: `https://www.example.gov.uk/jobs/1?utm_source=digest`, `https://jobs.example/?SID=b3duZXI9`

    Right: `https://www.example.gov.uk/jobs/1`
    """
    for found in _ADDRESS.finditer(text):
        names = [name for name, _ in parse_qsl(urlsplit(found[0]).query, keep_blank_values=True)]
        session = next((name for name in names if _SESSIONS.fullmatch(name)), None)
        tracker = next((name for name in names if _TRACKERS.fullmatch(name)), None)
        if session:
            hint = "look for an address that works in another browser"
            yield Finding(f'"{session}" belongs to one visit, and ends with it', hint, found.start(), found.end())
        elif tracker:
            yield Finding(f'"{tracker}" only tells others who came', f"take out  {tracker}=…", found.start(), found.end())


@rule("advice-long-sentence", "warning")
def advice_long_sentence(words: int, most: int) -> Iterator[Finding]:
    """A sentence is short enough to be understood at first reading.

    `advice: {sentence_words: 35}` in `config.yaml` says how many words it may have.

    Mend: make two of it, or a list.
    """
    if words > most:
        yield Finding(f"the sentence has {words} words", f"keep to {most}: make two of it, or a list")


@rule("advice-repeats-summary", "warning")
def advice_repeats_summary(text: str, summary: str) -> Iterator[Finding]:
    """The text goes on where the summary ends.

    The summary stands right above it, so its words would be read twice.

    Mend: begin with what the summary does not say.
    """
    first = _plain(text)
    if first and (first == _plain(summary) or first.startswith(_plain(summary) + " ")):
        yield Finding("the text begins with the words of the summary", "begin with what the summary does not say")


@rule("advice-closing-day", "warning")
def advice_closing_day(day: date) -> Iterator[Finding]:
    """Few jobs close on a Saturday, at Christmas or at new year.

    Such a date is often a slip, or an example that was copied.

    Mend: compare it with the advert; if it is right, accept the rule.
    """
    if (day.month, day.day) in _HOLIDAYS:
        yield Finding(f"{format_day(day)} is a public holiday", "compare it with the advert")
    elif day.weekday() == _SATURDAY:
        yield Finding(f"{format_day(day)} is a {WEEKDAYS[day.weekday()]}", "compare it with the advert")


@rule("accept-unknown")
def accept_unknown(name: str, known: Sequence[str]) -> Iterator[Finding]:
    """What is accepted is a rule of advice.

    Errors cannot be accepted, and a misspelt name would accept nothing.

    Wrong: `accept: [long-sentence]`

    Right: `accept: [advice-long-sentence]`
    """
    if name not in known:
        yield Finding(f'"{name}" is no rule of advice', f"write one of: {', '.join(known)}")


@rule("accept-unused", "warning")
def accept_unused(name: str) -> Iterator[Finding]:
    """A rule is accepted only where it has something to say.

    Otherwise it would hide what comes later.

    Mend: delete it from the list.
    """
    yield Finding(f'"{name}" has nothing to say here', "delete it from the list")


_WORDING: Final = (advice_circa, advice_thousands, advice_midnight)
_SOURCE: Final = (advice_link_words, advice_tracker)


def advise(reading: Reading, entry: Entry, front: MapNode, body: str, body_line: int, advice: Advice) -> None:
    """Add advice on one entry; `body_line` is the line, counted from 1, on which its text begins."""
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
    if checks is not _WORDING or any(sign in body for sign in _SIGNS) or _THOUSANDS.search(body):
        fenced = False
        for number, line in enumerate(body.split("\n"), body_line):
            if line.lstrip().startswith(("```", "~~~")):
                fenced = not fenced
            elif not fenced:
                for check in checks:
                    _add(found, check, Piece(line, number, 1), check(line))
    for piece in _sentences(body, body_line):
        words = len(_WORD.findall(_LINK.sub(r"\1", piece.text)))
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
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or not line.strip() or _APART.match(line):
            yield from _split("\n".join(lines), begun)
            lines, begun = [], number + 1
            item = re.match(r"\s*(?:[-*+]|\d+[.)])\s+(?=\S)", line)
            if item and not fenced:
                lines, begun = [line], number
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


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold())).rstrip(".,")


# --- accepting ---------------------------------------------------------------------------------------------


def _accept(
    reading: Reading, found: Sequence[Diagnostic], node: Node | None, names: Sequence[str], advice: Advice
) -> None:
    """Add what is neither accepted by the entry nor switched off for the site, and say what was accepted in vain."""
    reading.problems += [problem for problem in found if problem.rule not in {*names, *advice.off}]
    told = {problem.rule for problem in found}
    for place, name in enumerate(names):
        if name not in told and name not in ACROSS:
            for finding in accept_unused(name):
                reading.place(accept_unused, finding._replace(item=place), node)


ACROSS: Final = frozenset({"advice-duplicate", "advice-pay-unusual"})
"""Rules of advice that compare entries, which is done later."""
RULES_OF_ADVICE: Final = tuple(
    sorted(
        {
            *ACROSS,
            *(check.id for check in (*_WORDING, *_SOURCE)),
            *(advice_long_sentence.id, advice_repeats_summary.id, advice_closing_day.id),
        }
    )
)
"""The ids of all rules that can be accepted."""


def check_accepted(reading: Reading, node: Node | None, names: Any) -> bool:
    """Report names that are no rule of advice, and tell whether there was any."""
    wrong = False
    for place, name in enumerate(names):
        for finding in accept_unknown(name, RULES_OF_ADVICE):
            reading.place(accept_unknown, finding._replace(item=place), node)
            wrong = True
    return wrong
