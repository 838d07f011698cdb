"""Views of the pages of entries: jobs, news, static pages, notices of withdrawal, redirects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from digest.dates.words import format_partial
from digest.documents.posting import missing_for_search
from digest.markup import Body, resolve
from digest.model import NOT_STATED, Entry, Image, Job, Page, Source
from digest.planning.abbreviations import Abbreviations
from digest.planning.ahead import ahead, in_attribute
from digest.planning.around import Around
from digest.planning.cards import Card
from digest.planning.catalogue import Carried
from digest.planning.context import CALENDAR, ViewContext
from digest.planning.job_facts import job_facts, notice, notices
from digest.planning.parts import ChangeLine, Link, Picture, Preview, RelatedLine, SourceLine
from digest.planning.statement_facts import statement_facts
from digest.planning.structured_data import job_posting, news_article
from digest.planning.views import JobPage, NewsPage, RedirectPage, StaticPage, WithdrawnPage
from digest.planning.words import BADGES, closing_item, day_text, deadlines, first_id, path_of, pay_items

_CRUMBS = {"job": ("Jobs", "/jobs/"), "news": ("News", "/news/")}


class EntryViews:
    """Makes the views of entries, each of its entry, the site's frame, and what is around it."""

    def __init__(self, context: ViewContext) -> None:
        """Take the site's frame."""
        self.context = context
        self.config = context.config
        self._abbreviations = Abbreviations(context.config)

    def page_of(self, item: Carried, around: Around) -> JobPage | NewsPage | StaticPage:
        """Return the view of an entry's page."""
        entry, body, _ = self.context.whole(item.card)
        if isinstance(entry, Job):
            return self.job(item, entry, body, around)
        if isinstance(entry, Page):
            return self.static(entry, body, item, around)
        return self.news(item, entry, body, around)

    def job(self, item: Carried, job: Job, body: Body, around: Around) -> JobPage:
        """Return the view of a job's page."""
        pay = pay_items(job, self.config.pay, self.context.pay_year(item))
        moves = ahead(item.card.states, item.state) if item.is_open else ()
        spelt = {term.id for term in (job.grade, job.clearance) if term}
        return JobPage(
            **self._shared(item, job, body, around),
            facts=tuple(job_facts(item, job, self.context, around, pay)),
            words=self._abbreviations.used(job, body, spelt),
            data=self._job_data(item, job, body, around),
            notice=notice(item.state, job, self.context),
            notices=notices(item, job, self.context, moves),
            then=in_attribute(moves),
            pay=pay,
            closes=closing_item(job.closes, self.context.zone),
            apply=job.apply if item.is_open and item.state != "opening soon" and job.apply != NOT_STATED else None,
            similar=self.context.rows(around.similar),
            calendar=self.context.href(f"{path_of(job)}{CALENDAR}") if self.context.in_calendar(item) else None,
        )

    def news(self, item: Carried, entry: Entry, body: Body, around: Around) -> NewsPage:
        """Return the view of a news item's page."""
        shared = self._shared(item, entry, body, around)
        return NewsPage(
            **shared,
            facts=(),
            words=self._abbreviations.used(entry, body, ()),
            data=news_article(entry, shared["head"], self.context.site.title, self.context.permalink("/")),
            notice=None,
            published=day_text(entry.published.day),
        )

    def static(self, entry: Page, body: Body, item: Carried, around: Around) -> StaticPage:
        """Return the view of a static page."""
        updated = item.card.updated
        return StaticPage(
            site=self.context.site,
            head=self.context.head(path_of(entry), entry.title, entry.summary, lang=entry.lang, updated=updated),
            title=entry.title,
            summary=entry.summary,
            body=self._body(body, around),
            statement=statement_facts(entry, item.state),
            changes=self._changes(entry),
        )

    def _job_data(self, item: Carried, job: Job, body: Body, around: Around) -> dict[str, Any] | None:
        """Return what search engines are told of a job: nothing, unless its editor asked for it and it is open."""
        if not job.structured_data or not item.is_open or item.state == "opening soon" or missing_for_search(job):
            return None
        here, permalink = path_of(job), self.context.permalink

        def address(target: str) -> str | None:
            path = inner_path(target, around)
            return None if path is None else permalink(here + path if path.startswith("#") else path)

        return job_posting(job, resolve(body, address, around.title), self.config, permalink(here))

    def withdrawn(self, card: Card) -> WithdrawnPage:
        """Return the view of the notice that a withdrawn entry leaves."""
        taken = self.context.whole(card).entry.withdrawn
        if taken is None:
            message = f"{card.id} is not withdrawn"
            raise ValueError(message)
        summary = "This entry has been withdrawn."
        crumbs = [_CRUMBS[card.kind]] if card.kind in _CRUMBS else []
        return WithdrawnPage(
            site=self.context.site,
            head=self.context.head(
                path_of(card), card.title, summary, crumbs=crumbs, indexed=False, updated=taken.date
            ),
            title=card.title,
            date=day_text(taken.date),
            reason=taken.reason,
        )

    def redirect(self, card: Card) -> RedirectPage:
        """Return the view of the page at an entry's old address."""
        path = path_of(card)
        head = self.context.head(path, card.title, f"This page has moved: {card.title}", indexed=False)
        return RedirectPage(site=self.context.site, head=head, target=Link(card.title, self.context.href(path)))

    def _shared(self, item: Carried, entry: Entry, body: Body, around: Around) -> dict[str, Any]:
        card, context, crumb = item.card, self.context, _CRUMBS[entry.kind]
        feeds = [context.feed_link(crumb[1], crumb[0])] if self.config.outputs.feeds else []
        return {
            "site": context.site,
            "head": context.head(
                path_of(entry),
                entry.title,
                entry.summary,
                crumbs=[crumb],
                feeds=feeds,
                lang=entry.lang,
                article=entry.published.day,
                updated=card.updated,
                preview=self._preview(entry.image) if entry.image else None,
            ),
            "title": entry.title,
            "summary": entry.summary,
            "badge": BADGES.get(item.state),
            "organisations": context.term_links(card, "organisations"),
            "body": self._body(body, around),
            "picture": self._picture(entry.image) if entry.image else None,
            "changes": self._changes(entry),
            "sources": tuple(map(self._source, entry.sources)),
            "related": tuple(self._related(card, around.related)),
            "tags": context.term_links(card, "tags") if self.config.facets.tags else (),
            "guid": guid(entry, self.config.authority),
        }

    def _body(self, body: Body, around: Around) -> Markup:
        frames, href = self.context.frames, self.context.href
        return resolve(
            body,
            lambda target: self._href(target, around),
            around.title,
            lambda target: frames.body_sizing(target, href),
        )

    def _href(self, target: str, around: Around) -> str | None:
        path = inner_path(target, around)
        return path if path is None or path.startswith("#") else self.context.href(path)

    def _picture(self, image: Image) -> Picture:
        licence = self.config.licences[image.licence]
        return Picture(
            src=self.context.href(f"/images/{image.src}"),
            alt=image.alt,
            credit=image.credit,
            licence=Link(licence.label, licence.url or ""),
            href=image.url,
            sizing=self.context.frames.sizing(image.src, self.context.href),
        )

    def _preview(self, image: Image) -> Preview | None:
        """Return the picture for where a page is shared; drawings are not shown there."""
        facts = self.context.frames.facts.get(image.src)
        if facts is None or image.src.lower().endswith(".svg"):
            return None
        return Preview(self.context.permalink(f"/images/{image.src}"), image.alt, facts.width, facts.height)

    def _changes(self, entry: Entry) -> tuple[ChangeLine, ...]:
        zone = self.context.zone
        return tuple(
            ChangeLine(
                day_text(change.date),
                change.note,
                closing_item(change.closes, zone) if change.closes else None,
                closing_item(was, zone) if was else None,
            )
            for change, was in deadlines(entry.changes)
        )

    def _source(self, source: Source) -> SourceLine:
        licence = self.config.licences.get(source.licence or "")
        return SourceLine(
            name=source.name,
            href=source.url,
            published=format_partial(source.published) if source.published else None,
            licence=Link(licence.label, licence.url or "") if licence else None,
            statement=licence.statement if licence else None,
        )

    def _related(self, card: Card, related: Iterable[Carried]) -> Iterator[RelatedLine]:
        for item in related:
            yield RelatedLine(self.context.row(item), self._reason(card, item.card))

    def _reason(self, one: Card, other: Card) -> str:
        shared = []
        if set(one.terms_of("organisations")) & set(other.terms_of("organisations")):
            shared.append("organisation")
        if one.job and other.job:
            this, that = one.job.details, other.job.details
            shared += ["grade"] if this.grade and this.grade == that.grade else []
            shared += ["role"] if this.role and this.role == that.role else []
        if shared:
            return f"Same {' and '.join(shared)}"
        if not self.config.facets.tags:
            return "See also"
        there = other.terms_of("tags")
        common = [label for term, label in self.context.labels.of(one, "tags") if term in there]
        return f"Also about {common[0].lower() if common[0][1:].islower() else common[0]}" if common else "See also"


def inner_path(target: str, around: Around) -> str | None:
    """Return the site-relative path, or fragment, of a body's link or picture; None where nothing is there yet."""
    if target.startswith("#"):
        return target
    scheme, _, rest = target.partition(":")
    return f"/images/{rest}" if scheme == "image" else around.targets[target].path


def guid(entry: Entry, authority: str) -> str:
    """Return an entry's permanent id, a `tag:` URI (RFC 4151 §2.1); a renamed entry keeps that of its first id."""
    return f"tag:{authority},{entry.published.day.year}:{entry.kind}/{first_id(entry)}"
