"""The lock, `content/urls.lock`: what was published, so that nothing of it is lost unnoticed.

A line names an id, and what its permanent id in feeds was made of: `job director 2014-09-12 cdo` is the job that is
now `/jobs/director/`, was published that day, and was called `cdo` first.  An entry stands for the lines of its id and
of each old id among its aliases; a line that no entry stands for is a promise that would be broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Final

from msgspec import Struct

from digest.contract import LOCK
from digest.diagnostics import Diagnostic, Rule
from digest.planning.cards import Card
from digest.planning.permanence_rules import (
    guid_changed,
    lock_line,
    lock_missing,
    lock_repeat,
    url_hidden,
    url_lost,
    url_redated,
)
from digest.planning.sources import Sources, found_at
from digest.planning.states import HIDDEN, state_at
from digest.planning.words import KIND_PATHS, first_id, old_path
from digest.text.guesses import closest
from digest.text.nodes import Reading

FOLDERS: Final = {"job": "jobs", "news": "news", "page": "pages"}
_ID: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LINE: Final = re.compile(rf"(?:(page) ({_ID})|(job|news) ({_ID}) (\d{{4}}-\d\d-\d\d)(?: ({_ID}))?)", re.ASCII)


class _Line(Struct, frozen=True):
    """A line of the lock."""

    number: int
    """Counted from 1."""
    text: str
    kind: str
    id: str
    day: str
    """ISO date of publication; empty for a static page."""
    first: str
    """The id that the entry had first."""

    @property
    def address(self) -> str:
        """The site-relative path that was published."""
        return f"{KIND_PATHS[self.kind]}{self.id}/"


def written(kind: str, id_: str, day: str, first: str) -> str:
    """Return a line of the lock."""
    if kind == "page":
        return f"page {id_}"
    return f"{kind} {id_} {day}" if first == id_ else f"{kind} {id_} {day} {first}"


def lines_of(card: Card) -> list[str]:
    """Return the lines that an entry stands for: that of its id, then those of its old ids."""
    if not card.aliases:
        return [written(card.kind, card.id, card.day.isoformat(), card.id)]
    day, first = card.day.isoformat(), first_id(card)
    ids = (card.id, *(alias for alias in card.aliases if not alias.startswith("/")))
    return [written(card.kind, id_, day, first) for id_ in ids]


class Lock:
    """The lock as it is, held against the entries."""

    def __init__(self, text: str, sources: Sources) -> None:
        """Take the file's text, and where entries are had from."""
        self.sources = sources
        self.cards = [card for card in sources.cards if not (card.draft or card.kind == "edition")]
        self._text = text
        self._lines = text.split("\n")
        self._there = set(self._lines)
        self._held = {line for card in self.cards for line in lines_of(card)}
        self.problems: list[Diagnostic] = []

    # --- writing -------------------------------------------------------------------------------------------

    def missing(self, until: float) -> list[str]:
        """Return the lines to be added, in order, for what is published at an instant (seconds since 1970, UTC)."""
        if self._held <= self._there:
            return []
        cards = [card for card in self.cards if state_at(card.states, until) not in HIDDEN]
        new = {line for card in cards for line in lines_of(card)} - self._there
        return sorted(line for line in new if _named(line) not in self._names)

    def with_lines(self, lines: Iterable[str]) -> str:
        """Return the file with further lines: each line once, in order."""
        return "".join(f"{line}\n" for line in sorted({*self._there, *lines} - {""}))

    @cached_property
    def _names(self) -> set[str]:
        """The kind and id of each line."""
        return {_named(line) for line in self._lines}

    # --- checking ------------------------------------------------------------------------------------------

    def check(self, today: date, missing: Iterable[str] = ()) -> list[Diagnostic]:
        """Return all problems; `missing` lines are to be there already, `today` is for words alone."""
        others = [(number, line) for number, line in enumerate(self._lines, 1) if line and line not in self._held]
        for line in filter(None, [self._parsed(*other) for other in others]):
            self._judge(line, today)
        for before, text in enumerate(missing):
            place = 1 + before + sum(1 for line in self._lines if line and line < text)
            self._report(lock_missing, min(place, len(self._lines)), text, place)
        return self.problems

    def _parsed(self, number: int, text: str) -> _Line | None:
        found = _LINE.fullmatch(text)
        if found is None or (found[5] and not _is_day(found[5])):
            self._report(lock_line, number, text)
            return None
        id_ = found[2] or found[4]
        same = [place for place, line in enumerate(self._lines, 1) if _named(line) == _named(text) and line != text]
        if same and (same[0] < number or self._lines[same[0] - 1] in self._held):
            self._report(lock_repeat, number, id_, same[0])
            return None
        return _Line(number, text, found[1] or found[3], id_, found[5] or "", found[6] or id_)

    def _judge(self, line: _Line, today: date) -> None:
        """Report what has become of a line for which no entry stands as it is written."""
        own = [card for card in self.sources.cards if (card.kind, card.id) == (line.kind, line.id)]
        leading = [card for card in self.cards if any(old_path(card, alias) == line.address for alias in card.aliases)]
        if own and own[0].draft:
            self._find(own[0], ("draft",), url_hidden, line.address, today.isoformat())
        elif own:
            self._changed(own[0], line)
        elif not leading:
            unread = f"content/{FOLDERS[line.kind]}/{line.id}.md" in self.sources.paths
            if not unread:  # else its own problems are told
                self._report(url_lost, line.number, line.address, "; ".join(self._cures(line, today)))
        elif not self._merged(leading[0], line):
            self._changed(leading[0], line)

    def _merged(self, card: Card, line: _Line) -> bool:
        """Tell whether an entry that another's address leads to is a post of its own, which only takes that over."""
        own = lines_of(card)
        if card.kind != line.kind or _named(own[0]) in self._names or not self._there.isdisjoint(own):
            return True
        return line.id not in card.aliases and line.day != card.day.isoformat()

    def _changed(self, card: Card, line: _Line) -> None:
        """Report the date or the first id of an entry that are not those that were published."""
        day = card.day.isoformat()
        if line.day and line.day != day:
            new = written(line.kind, line.id, day, line.first)
            self._find(card, ("published",), url_redated, line.day, line.number, new)
        if line.kind != "page" and line.first != first_id(card):
            self._find(card, ("aliases",), guid_changed, line.first, _aliases(card, line.first))

    def _cures(self, line: _Line, today: date) -> Iterator[str]:
        """Yield the ways to mend a lost address, the likeliest first."""
        heir = self._heir(line)
        if heir is not None:
            old = line.id if heir.kind == line.kind else line.address
            yield f"if it is {heir.path} now, {self._with_alias(heir, old)}"
        file = f"content/{FOLDERS[line.kind]}/{line.id}.md"
        yield f"if it is to go, bring {file} back and add  withdrawn: {{date: {today.isoformat()}, reason: …}}"
        yield f"if it was never on the web, delete line {line.number} of {LOCK}"

    def _with_alias(self, card: Card, old: str) -> str:
        """Return how to give an entry one more alias, in front of the others: which line of its file, and its words."""
        lines = self.sources.text(card.path).split("\n")
        place = next((number for number, line in enumerate(lines, 1) if line.startswith("aliases:")), 0)
        if place and lines[place - 1].rstrip() == "aliases:":
            return f"add below its line {place}  - {old}"
        return f"{'make' if place else 'add as'} its line {place or 2}  aliases: [{', '.join([old, *card.aliases])}]"

    def _heir(self, line: _Line) -> Card | None:
        """Return the entry that a lost one most likely is now.

        That is one that was renamed from it before, or has its id, or else a new one of its day.
        """
        for card in self.cards:
            renamed = written(card.kind, card.id, line.day, line.id)
            if card.id == line.id or (card.kind == line.kind != "page" and renamed in self._there):
                return card
        new = [card for card in self.cards if card.kind == line.kind and _named(lines_of(card)[0]) not in self._names]
        new = [card for card in new if not line.day or card.day.isoformat() == line.day]
        near = closest(line.id, [card.id for card in new], 0)
        return next((card for card in new if card.id == near), None)

    # --- placing -------------------------------------------------------------------------------------------

    def _report(self, check: Rule[...], number: int, *subject: object) -> None:
        reading = Reading(LOCK, self._text)
        for finding in check(*subject):
            reading.add(check, finding, number, 1, len(reading.line(number) or ""))
        self.problems += reading.problems

    def _find(self, card: Card, field: tuple[str], check: Rule[...], *subject: object) -> None:
        self.problems += found_at(self.sources, card.path, field, check, *subject)


def no_lock() -> list[Diagnostic]:
    """Return the problem of a lock that is asked for and not there."""
    reading = Reading(LOCK, "")
    reading.check(lock_missing, None, None, 0)
    return reading.problems


def _named(line: str) -> str:
    """Return the kind and id of a line."""
    return " ".join(line.split(" ", 2)[:2])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _aliases(card: Card, first: str) -> str:
    """Return the aliases with which an entry keeps the id that it had first."""
    rest = [alias for alias in card.aliases if alias not in {first, f"{KIND_PATHS[card.kind]}{first}/"}]
    if first == card.id:
        kept = [old_path(card, alias) for alias in rest]
        return f"aliases: [{', '.join(kept)}]"
    return f"aliases: [{', '.join([first, *rest])}]"
