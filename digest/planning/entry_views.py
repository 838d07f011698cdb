"""Views of the pages of entries: jobs, news, static pages, notices of withdrawal, redirects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from digest.dates.words import format_partial
from digest.markup import resolve
from digest.model import NOT_STATED, Entry, Image, Job, Source
from digest.planning.catalogue import Carried, in_closing_order
from digest.planning.context import ViewContext
from digest.planning.facets import BY_NAME
from digest.planning.job_facts import job_facts, notice
from digest.planning.parts import ChangeLine, Link, Picture, RelatedLine, Row, SourceLine
from digest.planning.states import changed
from digest.planning.views import JobPage, NewsPage, RedirectPage, StaticPage, WithdrawnPage
from digest.planning.words import BADGES, closing_item, closing_words, day_text, path_of, pay_items
from digest.text.schema import slug

SIMILAR = 3
"""Open jobs shown on the page of a closed one."""
_CRUMBS = {"job": ("Jobs", "/jobs/"), "news": ("News", "/news/")}


class EntryViews:
    """Makes the views of entries, with what they need to know of each other."""

    def __init__(self, context: ViewContext) -> None:
        """Index which entries point at which, and the open jobs by family and organisation."""
        self.context = context
        self.config = context.config
        self._pointing: dict[str, list[str]] = defaultdict(list)
        self._alike: dict[tuple[str, str], list[Carried]] = defaultdict(list)
        for item in context.catalogue.carried:
            for target in item.entry.related:
                self._pointing[target].append(item.entry.id)
        for item in context.catalogue.open_jobs():
            for key in _likeness(item.entry):
                self._alike[key].append(item)

    def page_of(self, item: Carried) -> JobPage | NewsPage | StaticPage:
        """Return the view of an entry's page."""
        if isinstance(item.entry, Job):
            return self.job(item, item.entry)
        return self.static(item.entry) if item.entry.kind == "page" else self.news(item)

    def job(self, item: Carried, job: Job) -> JobPage:
        """Return the view of a job's page."""
        pay = pay_items(job, self.config.pay, self.context.pay_year(item))
        closes = closing_item(job, self.context.zone)
        return JobPage(
            **self._shared(item, _CRUMBS["job"]),
            facts=tuple(job_facts(item, job, self.context, pay, closes)),
            notice=notice(item, job, self.context),
            pay=pay,
            closes=closes,
            apply=job.apply if item.is_open and item.state != "opening soon" and job.apply != NOT_STATED else None,
            similar=self._similar(item) if item.state == "closed" else (),
        )

    def news(self, item: Carried) -> NewsPage:
        """Return the view of a news item's page."""
        entry = item.entry
        return NewsPage(
            **self._shared(item, _CRUMBS["news"]), facts=(), notice=None, published=day_text(entry.published.day)
        )

    def static(self, entry: Entry) -> StaticPage:
        """Return the view of a static page."""
        return StaticPage(
            site=self.context.site,
            head=self.context.head(path_of(entry), entry.title, entry.summary, lang=entry.lang, updated=changed(entry)),
            title=entry.title,
            summary=entry.summary,
            body=self._body(entry),
            changes=self._changes(entry),
        )

    def withdrawn(self, entry: Entry) -> WithdrawnPage:
        """Return the view of the notice that a withdrawn entry leaves."""
        taken = entry.withdrawn
        if taken is None:
            message = f"{entry.id} is not withdrawn"
            raise ValueError(message)
        summary = "This entry has been withdrawn."
        crumbs = [_CRUMBS[entry.kind]] if entry.kind in _CRUMBS else []
        return WithdrawnPage(
            site=self.context.site,
            head=self.context.head(
                path_of(entry), entry.title, summary, crumbs=crumbs, indexed=False, updated=taken.date
            ),
            title=entry.title,
            date=day_text(taken.date),
            reason=taken.reason,
        )

    def redirect(self, entry: Entry) -> RedirectPage:
        """Return the view of the page at an entry's old address."""
        path = path_of(entry)
        head = self.context.head(path, entry.title, f"This page has moved: {entry.title}", indexed=False)
        return RedirectPage(site=self.context.site, head=head, target=Link(entry.title, self.context.href(path)))

    def _shared(self, item: Carried, crumb: tuple[str, str]) -> dict[str, Any]:
        entry, context = item.entry, self.context
        path = path_of(entry)
        labels = self._tag_labels(entry)
        feeds = [context.feed_link(crumb[1], crumb[0])] if self.config.outputs.feeds else []
        return {
            "site": context.site,
            "head": context.head(
                path,
                entry.title,
                entry.summary,
                crumbs=[crumb],
                feeds=feeds,
                lang=entry.lang,
                article=entry.published.day,
                updated=item.updated,
            ),
            "title": entry.title,
            "summary": entry.summary,
            "badge": BADGES.get(item.state),
            "organisations": self.context.term_links(entry, BY_NAME["organisations"]),
            "body": self._body(entry),
            "picture": self._picture(entry.image) if entry.image else None,
            "changes": self._changes(entry),
            "sources": tuple(map(self._source, entry.sources)),
            "related": tuple(self._related(entry)),
            "tags": tuple(Link(label, context.href(f"/tags/{tag}/")) for tag, label in labels) if labels else (),
            "guid": guid(entry, self.config.authority),
        }

    def _tag_labels(self, entry: Entry) -> list[tuple[str, str]]:
        if "tags" not in self.context.catalogue.terms:
            return []
        return [(found.term, found.label) for found in self.context.catalogue.memberships_of(BY_NAME["tags"], entry)]

    def _body(self, entry: Entry) -> Markup:
        return resolve(self.context.bodies[entry.id], self._target, self.context.title_of)

    def _target(self, target: str) -> str | None:
        if target.startswith("#"):
            return target
        path = self.context.path_for(target)
        return None if path is None else self.context.href(path)

    def _picture(self, image: Image) -> Picture:
        licence = self.config.licences[image.licence]
        return Picture(
            src=self.context.href(f"/images/{image.src}"),
            alt=image.alt,
            credit=image.credit,
            licence=Link(licence.label, licence.url or ""),
            href=image.url,
        )

    def _changes(self, entry: Entry) -> tuple[ChangeLine, ...]:
        return tuple(
            ChangeLine(
                day_text(change.date),
                change.note,
                closing_words(change.closes, self.context.zone) if change.closes else None,
            )
            for change in entry.changes
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

    def _related(self, entry: Entry) -> Iterator[RelatedLine]:
        """Yield the entries that the editor named, then those that name this one."""
        by_id = self.context.catalogue.by_id
        for target in dict.fromkeys([*entry.related, *self._pointing.get(entry.id, ())]):
            if target in by_id:
                yield RelatedLine(self.context.row(by_id[target]), self._reason(entry, by_id[target].entry))

    def _reason(self, one: Entry, other: Entry) -> str:
        shared = []
        if set(one.organisations) & set(other.organisations):
            shared.append("organisation")
        if isinstance(one, Job) and isinstance(other, Job):
            shared += ["grade"] if one.grade and one.grade == other.grade else []
            shared += ["role"] if one.role and one.role == other.role else []
        if shared:
            return f"Same {' and '.join(shared)}"
        labels = dict(self._tag_labels(one))
        common = [labels[tag] for tag in one.tags if tag in other.tags and tag in labels]
        return f"Also about {common[0].lower() if common[0][1:].islower() else common[0]}" if common else "See also"

    def _similar(self, item: Carried) -> tuple[Row, ...]:
        found = {alike.entry.id: alike for key in _likeness(item.entry) for alike in self._alike.get(key, ())}
        return self.context.rows(in_closing_order(found.values())[:SIMILAR])


def _likeness(entry: Entry) -> list[tuple[str, str]]:
    """Return the keys under which jobs are alike: role family, then organisations."""
    if not isinstance(entry, Job):
        return []
    family = [("family", entry.family)] if entry.family else []
    return [*family, *(("organisation", slug(name)) for name in entry.organisations)]


def guid(entry: Entry, authority: str) -> str:
    """Return an entry's permanent id, a `tag:` URI (RFC 4151 §2.1); a renamed entry keeps that of its first id."""
    first = next((alias for alias in entry.aliases if not alias.startswith("/")), entry.id)
    return f"tag:{authority},{entry.published.day.year}:{entry.kind}/{first}"
