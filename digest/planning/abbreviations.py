"""Abbreviations in the text of an entry, explained once below it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from digest.documents.config import Config
from digest.markup import Body
from digest.model import Entry, Job
from digest.planning.parts import WordLine
from digest.text.schema import Choice

_SURE: Final = "abbreviations"
"""The vocabulary whose abbreviations mean one thing wherever they stand."""
_CLOSE: Final = ("grades", "clearances")
"""Vocabularies whose shortest abbreviations mean other things too: a clearance or a grade only in its company."""
_COMPANY: Final = r"(?:clear|vet|check|grade|level|band|post|role)"


class Abbreviations:
    """Finds the abbreviations of the vocabularies in texts."""

    def __init__(self, config: Config) -> None:
        """Take those that have a short form which is not the name itself."""
        vocabularies = config.vocabularies
        self._known: list[tuple[str, Choice, str]] = [
            (name, choice, choice.short)
            for name in (_SURE, *_CLOSE)
            for choice in vocabularies[name].choices
            if choice.short and choice.short != choice.label
        ]

    def used(self, entry: Entry, body: Body, spelt: Collection[str | None]) -> tuple[WordLine, ...]:
        """Return those that an entry uses, in the order in which they stand there.

        `spelt` are the ids of those that its key facts spell out already.
        """
        return tuple(line for _, line in sorted(self._found(entry, body.text, spelt), key=lambda found: found[0]))

    def _found(self, entry: Entry, body: str, spelt: Collection[str | None]) -> Iterator[tuple[int, WordLine]]:
        text = "\n".join([entry.title, entry.summary, *_notes(entry), body])
        for vocabulary, choice, short in self._known:
            if short in text and choice.id not in spelt:  # quick, and nearly always enough
                found = _pattern(short, sure=vocabulary == _SURE).search(text)
                if found and choice.label.lower() not in text.lower():  # else the text itself spells it out
                    yield found.start(), WordLine(short, choice.label, choice.explanation)


def _notes(entry: Entry) -> list[str]:
    """Return the texts among an entry's facts, in the order in which its page shows them."""
    if not isinstance(entry, Job):
        return []
    salary = entry.salary
    notes = [*(pay.note for pay in salary.pay), salary.note, entry.closes.note, entry.eligibility, entry.reports_to]
    return [note for note in notes if note]


@cache
def _pattern(short: str, *, sure: bool) -> re.Pattern[str]:
    """Return what finds an abbreviation as a word of its own.

    Three letters or fewer, without a number, stand for many things: SEO is a grade, and what makes pages be found.
    """
    word = rf"(?<![\w-]){re.escape(short)}(?!\w)"
    if sure or len(short) > len("SEO") or any(char.isdigit() for char in short):
        return re.compile(word)
    return re.compile(rf"{word}(?=[ -]{_COMPANY})|(?:[Gg]rade|[Cc]learance|[Vv]etting|[Ll]evel)s? {word}")
