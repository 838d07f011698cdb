"""What is in an edition: its title and introduction, its jobs, deadlines and news, in words and with addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from digest.dates.weeks import week_words
from digest.dates.words import format_day
from digest.markup import resolve
from digest.planning.around import Around, Surroundings, Target
from digest.planning.cards import Card, Deadline
from digest.planning.context import ViewContext
from digest.planning.editions import WeekEdition, deadline_of
from digest.planning.entry_views import inner_path
from digest.planning.letters import Letter, MovedLine, NewsLine, Role, When
from digest.planning.parts import DateText
from digest.planning.states import day_start
from digest.planning.words import count, path_of

NO_PAY: Final = "No salary information"
Address = Callable[[str], str]
"""Makes an address of a site-relative path."""


class Letters:
    """Writes what is in editions."""

    def __init__(self, context: ViewContext, surroundings: Surroundings) -> None:
        """Take the site's frame, and what finds where links of introductions lead."""
        self.context = context
        self._surroundings = surroundings

    @staticmethod
    def title(edition: WeekEdition) -> str:
        """Return what an edition is called."""
        return edition.introduction.title if edition.introduction else f"Week of {week_words(edition.monday)}"

    def summary(self, edition: WeekEdition) -> str:
        """Return the line of an edition in lists and inboxes."""
        card = edition.introduction
        written = self.context.whole(card).entry.summary if card else ""
        return written or f"{contents(edition)} in the week of {week_words(edition.monday)}."

    def lang(self, edition: WeekEdition) -> str:
        """Return the language of an edition's title and introduction."""
        return edition.introduction.lang if edition.introduction else self.context.config.language

    def introduction(self, edition: WeekEdition, address: Address, here: str = "") -> Markup | None:
        """Return the words of the editor, with addresses made by `address`.

        Links to its own headings are led by `here`, a site-relative path, where it stands apart from its page.
        """
        card = edition.introduction
        if card is None:
            return None
        around, frames = self.around(edition, card), self.context.frames

        def href(target: str) -> str | None:
            path = inner_path(target, around)
            if path is None or (path.startswith("#") and not here):
                return path
            return address(here + path if path.startswith("#") else path)

        body = self.context.whole(card).body
        return resolve(body, href, around.title, lambda target: frames.body_sizing(target, address))

    def around(self, edition: WeekEdition, card: Card) -> Around:
        """Return where the links of an introduction lead; what was published after the week is not linked ever."""
        if not card.mentions:
            return Around({})
        ends = day_start(edition.ends, self.context.zone).timestamp()
        later = {path_of(other): other for other in self.context.catalogue.cards.values() if other.published >= ends}
        targets = {}
        for written, target in self._surroundings.targets(card).items():
            waits = target.path is not None and target.path.partition("#")[0] in later
            words = written.removeprefix("entry:").replace("-", " ")
            targets[written] = Target(None, words) if waits else target
        return Around(targets)

    def letter(self, edition: WeekEdition, address: Address) -> Letter:
        """Return what is in an edition, with addresses made by `address`."""
        gone = edition.withdrawn
        return Letter(
            roles=tuple(
                self._role(card, deadline_of(card, edition.until), edition, address, number)
                for number, card in enumerate(edition.jobs, 1)
            ),
            closing=tuple(self._role(card, deadline, edition, address) for card, deadline in edition.closing),
            moved=tuple(
                MovedLine(
                    *self._named(move.card, address),
                    _when(move.now, edition),
                    move.before.text if move.before else "",
                )
                for move in edition.moves
            ),
            news=tuple(NewsLine(*self._named(card, address)) for card in edition.news),
            withdrawn=f"{count(gone, 'entry', 'entries')} of this week {'has' if gone == 1 else 'have'} been withdrawn."
            if gone
            else "",
        )

    def _named(self, card: Card, address: Address) -> tuple[str, str, str, str]:
        return card.title, address(path_of(card)), card.lang, self._said(card, "organisations")

    def _role(
        self, card: Card, deadline: Deadline | None, edition: WeekEdition, address: Address, number: int | None = None
    ) -> Role:
        job = card.job
        pay = job.details.pay if job else ""
        return Role(
            number,
            *self._named(card, address),
            self._said(card, "locations") or "Place not stated",
            NO_PAY if pay == "Not stated" else pay,
            _when(deadline, edition) if deadline else When(""),
        )

    def _said(self, card: Card, facet: str) -> str:
        return ", ".join(label for _, label in self.context.labels.of(card, facet))


def contents(edition: WeekEdition) -> str:
    """Return how much of what is in an edition: `3 new jobs, 1 deadline changed and 2 news items`."""
    parts = [
        count(len(edition.jobs), "new job") if edition.jobs else "",
        count(len(edition.moves), "deadline changed", "deadlines changed") if edition.moves else "",
        count(len(edition.news), "news item") if edition.news else "",
    ]
    said = [part for part in parts if part] or [f"{count(edition.withdrawn, 'entry', 'entries')}, withdrawn since"]
    return " and ".join([part for part in (", ".join(said[:-1]), said[-1]) if part])


def _when(deadline: Deadline, edition: WeekEdition) -> When:
    """Return a deadline in words; one that was set only after the week says when."""
    later = deadline.noted is not None and deadline.noted >= edition.until
    note = f"as set on {format_day(deadline.noted)}" if later and deadline.noted else ""
    if deadline.iso is not None:
        return When("Closes", DateText(deadline.text, deadline.iso), note)
    return When("Closing date not stated" if deadline.text == "Not stated" else deadline.text, None, note)
