"""Views of editions: a letter, and where it is shown, on a page, in an email and as plain text."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from digest.planning.parts import DateText, Head, Link, Site


class When(Struct, frozen=True):
    """A deadline in words."""

    label: str
    """What stands before the date, or all there is to say."""
    date: DateText | None = None
    note: str = ""
    """What stands after it."""


class Role(Struct, frozen=True):
    """A job in a letter; its facts stand in this order."""

    number: int | None
    """Counted from 1 among the new ones; None elsewhere."""
    title: str
    href: str
    lang: str
    organisation: str
    place: str
    pay: str
    """In words, also where the source does not say."""
    closes: When


class MovedLine(Struct, frozen=True):
    """A job whose deadline changed."""

    title: str
    href: str
    lang: str
    organisation: str
    now: When
    before: str
    """The deadline before that, in words; empty where nothing tells it."""


class NewsLine(Struct, frozen=True):
    """A news item in a letter."""

    title: str
    href: str
    lang: str
    organisation: str


class Letter(Struct, frozen=True):
    """What is in an edition besides its introduction; a part without lines is left out."""

    roles: tuple[Role, ...]
    closing: tuple[Role, ...]
    """Those that close in the seven days after the week."""
    moved: tuple[MovedLine, ...]
    news: tuple[NewsLine, ...]
    withdrawn: str = ""
    """How many entries of the week are withdrawn, as a sentence."""

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.roles) + len(self.closing) + len(self.moved) + len(self.news)

    def cut(self, most: int) -> Letter:
        """Return a letter with the first of its lines, `most` of them."""
        left = most
        kept = []
        for lines in (self.roles, self.closing, self.moved, self.news):
            kept.append(lines[: max(left, 0)])
            left -= len(lines)
        roles, closing, moved, news = kept
        return replace(self, roles=roles, closing=closing, moved=moved, news=news)


class EditionPage(Struct, frozen=True, kw_only=True):
    """An edition, or the week in progress: `pages/edition.html`."""

    site: Site
    head: Head
    title: str
    period: str
    """The days of its week; empty while nothing is in it."""
    published: DateText | None
    """None while its week goes on."""
    introduction: Markup | None
    introduction_lang: str
    letter: Letter
    note: str
    """What is to be known of an edition that is not published yet."""
    mail: Link | None
    text: Link | None
    older: Link | None
    newer: Link | None


class Mailing(Struct, frozen=True, kw_only=True):
    """What an edition is in an inbox; all its addresses are absolute."""

    lang: str
    title: str
    site_title: str
    period: str
    summary: str
    """Its line in the inbox."""
    web: str
    """Address of its page."""
    home: str
    contact: Link | None
    licence: Link | None
    introduction_lang: str
    letter: Letter


class EditionMail(Mailing, frozen=True, kw_only=True):
    """An edition as an email: `pages/edition_email.html`."""

    introduction: Markup | None
    more: int = 0
    """How many lines are left out, because the mail would be too long."""
    shortened: bool = False
    """Something is left out."""

    def cut(self, most: int, *, introduced: bool) -> EditionMail:
        """Return the email with the first of its lines, `most` of them, with or without its introduction."""
        letter = self.letter.cut(most)
        return replace(
            self,
            letter=letter,
            introduction=self.introduction if introduced else None,
            more=self.letter.lines - letter.lines,
            shortened=True,
        )


class EditionText(Mailing, frozen=True, kw_only=True):
    """The same as plain text: `pages/edition_email.txt`."""

    introduction: str
