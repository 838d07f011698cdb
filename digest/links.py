"""`check --links`: asks other people's servers for the pages that the site links to, and remembers good answers."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import click
import msgspec
from msgspec import Struct

from digest import __version__
from digest.arguments import Run
from digest.asking import Heard, Manners, ask
from digest.diagnostics import Diagnostic
from digest.documents.link_rules import Answer
from digest.fingerprints import fingerprint
from digest.planning.outward import Outward, link_problems, outward
from digest.runs import silent
from digest.stores import Shelf

FRESH: Final = 7 * 24 * 60 * 60
"""Seconds for which a good answer is believed."""
FEW: Final = 3
"""Hosts up to which it is no wonder that none could be reached."""
_GOOD: Final = frozenset({"there"})
_FORM: Final = "1"
"""Of what is remembered."""


class _Remembered(Struct, frozen=True, array_like=True):
    at: float
    """When it was heard, in seconds since 1970."""
    answer: Answer


class Checked(NamedTuple):
    """What became of a site's links."""

    problems: list[Diagnostic]
    found: Outward
    answers: dict[str, Answer]
    """By address; those that were left are missing."""
    known: int
    """How many answers were remembered."""


class OfflineError(Exception):
    """No server at all could be reached, which says something of this machine and nothing of the links."""


def check_links(run: Run, manners: Manners) -> Checked:
    """Ask for every page that the site links to, unless a good answer was heard within a week.

    Raises OfflineError where no server could be reached; OSError as every build does; StoppedError where the
    configuration cannot be read.
    """
    with silent(run) as made:
        begun = made.begun()
        reader, catalogue = begun.read()
        found = outward(reader, catalogue, begun.config_text)
        address = catalogue.config.base_url
    known = _Known(run, private=manners.private)
    answers = {link: answer for link in found.links if (answer := known.of(link)) is not None}
    remembered, left = len(answers), [link for link in found.links if link not in answers]

    def heard(link: str, answer: Answer) -> None:
        answers[link] = answer
        if answer.fate in _GOOD:
            known.keep(link, answer)

    try:
        _ask(left, manners._replace(agent=f"careers-digest/{__version__} (link check; +{address})"), heard)
    finally:  # also where somebody lost patience
        known.save()
    if _offline(answers):
        raise OfflineError
    return Checked(link_problems(found, answers), found, answers, remembered)


def _ask(links: list[str], manners: Manners, heard: Heard) -> None:
    """Ask; a terminal shows how far it is."""
    if not links:
        return
    gc.enable()  # a command collects no circles, but this one may run for long and makes many
    with ExitStack() as stack:
        tell = heard
        if sys.stderr.isatty():
            bar = stack.enter_context(
                click.progressbar(length=len(links), label="Asking servers", file=sys.stderr, show_pos=True, width=0)
            )

            def tell(link: str, answer: Answer) -> None:
                heard(link, answer)
                bar.update(1)

        ask(links, manners, tell)


def _offline(answers: Mapping[str, Answer]) -> bool:
    hosts = {urlsplit(link).netloc for link, answer in answers.items() if answer.fate != "private"}
    silent_all = all(answer.fate in {"unreachable", "private"} and not answer.status for answer in answers.values())
    return silent_all and len(hosts) > FEW


class _Known:
    """Good answers of earlier runs, in `.cache/links`, each with the time at which it was heard."""

    def __init__(self, run: Run, *, private: bool) -> None:
        self._shelf = Shelf(run.root / ".cache" / "links" if run.cache else None)
        self._asked = "private" if private else "public"
        self._now = (run.until or run.now).timestamp()  # the time, whatever the clock of the site says

    def of(self, link: str) -> Answer | None:
        """Return what was heard of an address, unless that is too long ago."""
        data = self._shelf.get(self._key(link))
        with suppress(msgspec.MsgspecError):
            found = msgspec.msgpack.decode(data or b"", type=_Remembered)
            if 0 <= self._now - found.at < FRESH:
                return found.answer
        return None

    def keep(self, link: str, answer: Answer) -> None:
        self._shelf.put(self._key(link), msgspec.msgpack.encode(_Remembered(self._now, answer)))

    def save(self) -> None:
        with suppress(OSError):  # what cannot be kept is asked again
            self._shelf.save()

    def _key(self, link: str) -> bytes:
        return fingerprint("link", _FORM, self._asked, link)


def links_words(checked: Checked) -> Iterator[str]:
    """Yield the lines with which a check of links ends: how many were asked, and which answers say nothing."""
    answers, total = checked.answers, len(checked.found.links)
    good, unsure, late = (
        [link for link in checked.found.links if (answers[link].fate if link in answers else None) in fates]
        for fates in (_GOOD, {"unsure"}, {None})
    )
    known = f" ({checked.known:,} by what was heard within 7 days)" if checked.known else ""
    counts = (len(answers) - len(good) - len(unsure), "not"), (len(unsure), "unsure"), (len(late), "not asked")
    parts = [f"{len(good):,} there{known}", *(f"{number:,} {word}" for number, word in counts if number)]
    yield f"{total:,} {'address' if total == 1 else 'addresses'} of other sites: {', '.join(parts)}."
    if unsure:
        yield "These servers do not talk to programs; open the pages yourself:"
        yield from (f"  {link} ({answers[link].status}), {_first(checked.found, link)}" for link in unsure)
    if late:
        hosts = sorted(Counter(urlsplit(link).netloc for link in late).items())
        named = ", ".join(host if number == 1 else f"{host} ({number:,})" for host, number in hosts)
        yield f"Not asked, for lack of time or because a server wanted a rest: {named}. Check again later."


def _first(found: Outward, link: str) -> str:
    """Return where a link is written first."""
    span = found.links[link][0].span
    return f"{span.path}:{span.line}:{span.column}"
