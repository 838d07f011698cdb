"""The rules of house style: advice that never stops an entry.

Each looks at some words as they were written, or at a fact; an entry accepts a rule by naming it under `accept`, as it
may the rules of links to other sites.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from digest.dates.words import WEEKDAYS, format_day
from digest.diagnostics import Finding, rule
from digest.documents.link_rules import LINKS
from digest.text.patterns import compiled

_SATURDAY: Final = 5
_HOLIDAYS: Final = frozenset({(12, 25), (12, 26), (1, 1)})
"""Month and day of public holidays that fall on the same day each year."""
CIRCA: Final = r"\bcirca\b\s*|(?<![\w.])[Cc]\.\s?(?=[£€$]?\d)"
THOUSANDS: Final = r"[£€]\s?(\d{1,3}(?:\.\d)?)[kK]\b"
_MIDNIGHT: Final = r"(?i)(?<!\bto )(?<!\bpast )(?<!\bafter )(?<!\bbefore )\bmidnight\b"
"""Minutes before or after midnight are clear enough."""
EMPTY_WORDS: Final = frozenset(
    {"click here", "here", "this link", "link", "read more", "more", "this page", "follow this link", "website"}
)
LINK: Final = r"!?\[([^\]\n]*)\]\(([^)\s]*)[^)\n]*\)"
_ADDRESS: Final = r"https?://[^\s<>()\[\]\"'|]+"
_TRACKERS: Final = r"(?i)(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid)"
_SESSIONS: Final = r"(?i)(?:sid|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)"
WORD: Final = r"\w[\w'’.,-]*"  # noqa: RUF001 - as people write
_SPACES: Final = r"\s+"


@rule("advice-circa", "warning")
def advice_circa(text: str) -> Iterator[Finding]:
    """The digest says "about", not "circa" or its short form.

    Screen readers and people who read English as a second language stumble over the Latin.

    Wrong: `circa £90,000`

    Right: `about £90,000`
    """
    for found in compiled(CIRCA).finditer(text):
        end = found.start() + len(found[0].rstrip())
        yield Finding(f'"{text[found.start() : end]}" is Latin', "write  about", found.start(), end)


@rule("advice-thousands", "warning")
def advice_thousands(text: str) -> Iterator[Finding]:
    """Amounts are written in full.

    `£90K` is read out as "ninety kay", and is hard to compare with `£89,500`.

    Wrong: `£90K`

    Right: `£90,000`
    """
    for found in compiled(THOUSANDS).finditer(text):
        full = f"{found[0][0]}{round(float(found[1]) * 1000):,}"
        yield Finding(f'"{found[0]}" is short for {full}', f"write  {full}", found.start(), found.end())


@rule("advice-midnight", "warning")
def advice_midnight(text: str) -> Iterator[Finding]:
    """A deadline is not "midnight".

    Nobody knows whether that is the first moment of the day or its last.

    Wrong: `Apply by midnight on 6 October.`

    Right: `Apply by 11:59pm on 6 October.`
    """
    for found in compiled(_MIDNIGHT).finditer(text):
        yield Finding('it is not clear which day "midnight" belongs to', "write  11:59pm", found.start(), found.end())


@rule("advice-link-words", "warning")
def advice_link_words(text: str) -> Iterator[Finding]:
    """The words of a link say where it leads.

    Many people go from link to link and hear nothing else.

    Wrong: `To apply, [click here](https://www.example.gov.uk/jobs/1).`

    Right: `[Apply on Civil Service Jobs](https://www.example.gov.uk/jobs/1).`
    """
    for found in compiled(LINK).finditer(text):
        words = compiled(_SPACES).sub(" ", found[1]).strip(" .*_").casefold()
        if words in EMPTY_WORDS and not found[0].startswith("!"):
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
    for found in compiled(_ADDRESS).finditer(text):
        names = [name for name, _ in parse_qsl(urlsplit(found[0]).query, keep_blank_values=True)]
        session = next((name for name in names if compiled(_SESSIONS).fullmatch(name)), None)
        tracker = next((name for name in names if compiled(_TRACKERS).fullmatch(name)), None)
        if session:
            hint = "look for an address that works in another browser"
            yield Finding(f'"{session}" belongs to one visit, and ends with it', hint, found.start(), found.end())
        elif tracker:
            yield Finding(
                f'"{tracker}" only tells others who came', f"take out  {tracker}=…", found.start(), found.end()
            )


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
    first, said = plain(text), plain(summary)
    if first and (first == said or first.startswith(f"{said} ")):
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


@rule("accept-unused", "warning")
def accept_unused(name: str) -> Iterator[Finding]:
    """A rule is accepted only where it has something to say.

    Otherwise it would hide what comes later.

    Mend: delete it from the list.
    """
    yield Finding(f'"{name}" has nothing to say here', "delete it from the list")


@rule("advice-duplicate", "warning")
def advice_duplicate(title: str, other: str) -> Iterator[Finding]:
    """A vacancy stands in the digest once.

    Two jobs of one organisation with the same title, whose times overlap, are probably one.

    Mend: delete one of the two, or name each in the `related` of the other if they are two.
    """
    yield Finding(f'{other} is also "{title}" at the same organisation at the same time', "delete one of the two")


@rule("advice-pay-unusual", "warning")
def advice_pay_unusual(pay: str, grade: str, usual: str) -> Iterator[Finding]:
    """Pay lies near what other jobs of its grade pay in the archive.

    A figure far from them is often a slip in the number or in the grade.

    Mend: compare both with the advert; if they are right, accept the rule.
    """
    yield Finding(
        f"{pay} is far from what other jobs of the grade {grade} pay, {usual}", "compare both with the advert"
    )


ACROSS: Final = (advice_duplicate.id, advice_pay_unusual.id)
"""Rules that compare entries, which is done once all are read."""
LATER: Final = (*ACROSS, *LINKS)
"""Rules that are not asked while a single entry is read."""
ADVICE: Final = (
    advice_circa.id,
    advice_closing_day.id,
    advice_duplicate.id,
    advice_link_words.id,
    advice_long_sentence.id,
    advice_midnight.id,
    advice_pay_unusual.id,
    advice_repeats_summary.id,
    advice_thousands.id,
    advice_tracker.id,
    *LINKS,
)
"""The ids of all rules that can be accepted."""


def plain(text: str) -> str:
    """Return words as they are compared: without case, marks or spaces."""
    return " ".join(word.rstrip(".,") for word in compiled(WORD).findall(text.casefold()))


def acceptable(hint: str | None, rule_: str) -> str:
    """Return a hint that also says how to accept a rule."""
    return f"{hint}, or if it is right add  accept: [{rule_}]"
