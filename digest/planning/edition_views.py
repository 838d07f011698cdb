"""Views of editions: their pages, emails and feed items, the week in progress, and the lists of them.

What an edition shows is made of the cards of its entries and of its introduction, never of the clock: a job is told
with the deadline that was known when its week was over, and without its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final

import msgspec
from markupsafe import Markup

from digest.dates.weeks import week_words
from digest.dates.words import format_day
from digest.planning.around import Surroundings
from digest.planning.catalogue import Catalogue
from digest.planning.context import ViewContext
from digest.planning.edition_letters import Letters, contents
from digest.planning.editions import WeekEdition
from digest.planning.feed_items import stamp, without_aids
from digest.planning.letters import EditionMail, EditionPage, EditionText, Letter, Mailing
from digest.planning.lists import ListMaker, PlannedList
from digest.planning.parts import Group, Link, Row, Section
from digest.planning.program_views import FeedItem
from digest.planning.states import HIDDEN, day_start
from digest.planning.words import count, day_text

EDITIONS: Final = "/editions/"
NEXT: Final = "/editions/next/"
MAIL: Final = "email.html"
TEXT: Final = "email.txt"
_HEADING: Final = "Editions"
_WAITS: Final = "This week is not over. Its edition is published on {}; until then this page changes."
_NOTHING: Final = "Nothing has been published this week. The next edition follows the next entry."


def for_subscribers(catalogue: Catalogue) -> Iterator[WeekEdition]:
    """Yield the editions in which nothing is hidden, as in a preview with drafts it may be; newest first."""
    hidden = {item.card.id for item in catalogue.carried if item.state in HIDDEN}
    return (edition for edition in catalogue.editions.published if hidden.isdisjoint(edition.ids()))


class EditionViews(ListMaker):
    """Makes the views of editions."""

    def __init__(self, context: ViewContext, surroundings: Surroundings) -> None:
        """Take the site's frame, and what finds where links of introductions lead."""
        super().__init__(context)
        self._letters = Letters(context, surroundings)
        self.editions = context.catalogue.editions.published
        self.coming = context.catalogue.editions.coming

    # --- what they read ------------------------------------------------------------------------------------

    def mark(self, edition: WeekEdition) -> bytes:
        """Return bytes that are equal only for editions that show the same."""
        card = edition.introduction
        if card is None:
            return edition.mark()
        return b"\0".join(
            [
                edition.mark(),
                self.context.keys(card).whole,
                self._letters.around(edition, card).mark(),
                self.context.frames.mark(card),
            ]
        )

    def reads(self, place: int) -> bytes:
        """Return the same for the page of one of `editions`, with its neighbours."""
        beside = [f"{link.label} {link.href}" if link else "" for link in self._beside(place)]
        return self.mark(self.editions[place]) + "\0".join(beside).encode()

    def coming_reads(self) -> bytes:
        """Return the same for the page of the week in progress."""
        latest = self.editions[0].mark() if self.editions else b""
        return b"%d %b" % (len(latest), latest) + (self.mark(self.coming) if self.coming else b"")

    def list_reads(self, editions: Sequence[WeekEdition]) -> bytes:
        """Return the same for a list of editions."""
        return b"".join(edition.mark() for edition in editions)

    # --- pages and emails ----------------------------------------------------------------------------------

    def edition(self, place: int) -> Iterator[tuple[str, EditionPage | EditionMail | EditionText]]:
        """Yield the page, the email and the plain text of one of `editions`, with their paths."""
        edition = self.editions[place]
        newer, older = self._beside(place)
        yield from self._files(edition, edition.path, newer, older)

    def next(self) -> Iterator[tuple[str, EditionPage | EditionMail | EditionText]]:
        """Yield the same of the week in progress; while nothing is in it, its page alone."""
        older = self._link(self.editions[0]) if self.editions else None
        if self.coming is not None:
            yield from self._files(self.coming, NEXT, None, older)
            return
        context, title = self.context, "The next edition"
        head = context.head(NEXT, title, _NOTHING, crumbs=[(_HEADING, EDITIONS)], indexed=False)
        yield (
            NEXT,
            EditionPage(
                site=context.site,
                head=head,
                title=title,
                period="",
                published=None,
                introduction=None,
                introduction_lang=head.lang,
                letter=Letter((), (), (), ()),
                note=_NOTHING,
                mail=None,
                text=None,
                older=older,
                newer=None,
            ),
        )

    def _files(
        self, edition: WeekEdition, path: str, newer: Link | None, older: Link | None
    ) -> Iterator[tuple[str, EditionPage | EditionMail | EditionText]]:
        context, over = self.context, path != NEXT
        title = self._letters.title(edition)
        yield (
            path,
            EditionPage(
                site=context.site,
                head=context.head(
                    path,
                    title if over else f"The next edition: {title}",
                    self._letters.summary(edition),
                    crumbs=[(_HEADING, EDITIONS)],
                    feeds=self._feeds((EDITIONS, _HEADING)),
                    indexed=over,
                    article=edition.ends if over else None,
                    updated=edition.ends if over else None,
                ),
                title=title,
                period=week_words(edition.monday),
                published=day_text(edition.ends) if over else None,
                introduction=self._letters.introduction(edition, context.href),
                introduction_lang=self._letters.lang(edition),
                letter=self._letters.letter(edition, context.href),
                note="" if over else _WAITS.format(format_day(edition.ends)),
                mail=context.link("Email", path + MAIL),
                text=context.link("Plain text", path + TEXT),
                older=older,
                newer=newer,
            ),
        )
        yield from self._mailings(edition, path)

    def _mailings(self, edition: WeekEdition, path: str) -> Iterator[tuple[str, EditionMail | EditionText]]:
        context, site = self.context, self.context.site
        introduction = self._letters.introduction(edition, context.permalink, path)
        shared = Mailing(
            lang=site.language,
            title=self._letters.title(edition),
            site_title=site.title,
            period=week_words(edition.monday),
            summary=self._letters.summary(edition),
            web=context.permalink(path),
            home=context.permalink("/"),
            contact=site.contact,
            licence=site.licence,
            introduction_lang=self._letters.lang(edition),
            letter=self._letters.letter(edition, context.permalink),
        )
        fields = msgspec.structs.asdict(shared)
        yield path + MAIL, EditionMail(introduction=introduction, **fields)
        words = ""
        if introduction:
            from digest.markup.plain import plain_text  # noqa: PLC0415 - it reads HTML, and few editions have any

            words = plain_text(introduction)
        yield path + TEXT, EditionText(introduction=words, **fields)

    def _beside(self, place: int) -> tuple[Link | None, Link | None]:
        """Return the links to the edition after one of `editions`, and to the one before it."""
        newer = self._link(self.editions[place - 1]) if place else None
        older = self._link(self.editions[place + 1]) if place + 1 < len(self.editions) else None
        return newer, older

    def _link(self, edition: WeekEdition) -> Link:
        return self.context.link(self._letters.title(edition), edition.path)

    # --- the feed ------------------------------------------------------------------------------------------

    def item(self, edition: WeekEdition) -> FeedItem:
        """Return an edition as a feed item; it is never updated."""
        context = self.context
        published = stamp(day_start(edition.ends, context.zone), context.zone)
        return FeedItem(
            guid=f"tag:{self.config.authority},{edition.year}:edition/{edition.name}",
            title=self._letters.title(edition),
            link=context.permalink(edition.path),
            summary=self._letters.summary(edition),
            facts=(),
            image=None,
            body=without_aids(self._letters.introduction(edition, context.permalink, edition.path) or Markup()),
            changes=(),
            categories=(),
            published=published,
            updated=published,
            changed=False,
            lang=self._letters.lang(edition),
            letter=self._letters.letter(edition, context.permalink),
        )

    # --- lists ---------------------------------------------------------------------------------------------

    def row(self, edition: WeekEdition) -> Row:
        """Return an edition as a row of a list."""
        return Row(
            kind="edition",
            id=edition.name,
            title=self._letters.title(edition),
            href=self.context.href(edition.path),
            lang=self._letters.lang(edition),
            organisation=contents(edition),
            place="",
            pay="",
            date_label="Published",
            date=day_text(edition.ends),
            badge=None,
        )

    @cached_property
    def years(self) -> list[tuple[int, list[WeekEdition]]]:
        """The editions by the year of their week (ISO 8601), newest first."""
        return [(year, list(found)) for year, found in groupby(self.editions, lambda edition: edition.year)]

    def index(self) -> Iterator[PlannedList]:
        """Yield the list of the newest editions."""
        recent = self.editions[: self.config.lists.page_size]
        yield (
            EDITIONS,
            self._list(
                EDITIONS,
                _HEADING,
                "A letter for each week: new jobs, what closes next, changed deadlines and news.",
                count=count(len(self.editions), "edition"),
                sections=[
                    self._rows("recent", "Latest editions", recent, self.context.link("The week in progress", NEXT))
                ],
                years=tuple(self.context.link(str(year), year_path(year)) for year, _ in self.years),
                feeds=self._feeds((EDITIONS, _HEADING)),
                updated=recent[0].ends if recent else None,
            ),
        )

    def year(self, year: int, editions: Sequence[WeekEdition]) -> Iterator[PlannedList]:
        """Yield the list of the editions of a year."""
        path, title = year_path(year), f"Editions of {year}"
        yield (
            path,
            self._list(
                path,
                title,
                f"Every edition of the weeks of {year}, newest first.",
                crumbs=[(_HEADING, EDITIONS)],
                count=count(len(editions), "edition"),
                sections=[self._rows("editions", "Editions", editions)],
                feeds=self._feeds((EDITIONS, _HEADING)),
                updated=editions[0].ends,
            ),
        )

    def _rows(self, id_: str, heading: str, editions: Sequence[WeekEdition], more: Link | None = None) -> Section:
        groups = (Group(None, tuple(map(self.row, editions))),) if editions else ()
        return Section(id_, heading, groups, "There is no edition yet.", more)

    def latest(self) -> Section | None:
        """Return the latest edition as a part of the home page, if there is one."""
        if not self.editions:
            return None
        return self._rows("edition", "Latest edition", self.editions[:1], self.context.link("All editions", EDITIONS))


def year_path(year: int) -> str:
    """Return the site-relative path of the list of a year's editions."""
    return f"{EDITIONS}{year}/"
