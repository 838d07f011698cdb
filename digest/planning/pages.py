"""The plan: one `Output` for every file of the site, each with the view its template gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from digest import __version__
from digest.planning.context import ViewContext
from digest.planning.entry_views import EntryViews
from digest.planning.facets import Facet, enabled
from digest.planning.feed_views import FeedViews
from digest.planning.list_views import ListViews
from digest.planning.term_views import TermViews
from digest.planning.views import (
    Feed,
    HomePage,
    JobPage,
    ListPage,
    NewsPage,
    NotFoundPage,
    RedirectPage,
    Robots,
    Sitemap,
    SitemapLine,
    StaticPage,
    TermsPage,
    WithdrawnPage,
)
from digest.planning.words import old_path, path_of

TEMPLATES: Final[dict[type[Any], str]] = {
    JobPage: "pages/job.html",
    NewsPage: "pages/news.html",
    StaticPage: "pages/page.html",
    WithdrawnPage: "pages/withdrawn.html",
    RedirectPage: "pages/redirect.html",
    ListPage: "pages/list.html",
    TermsPage: "pages/terms.html",
    HomePage: "pages/home.html",
    NotFoundPage: "pages/404.html",
    Feed: "feeds/rss.xml",
    Sitemap: "feeds/sitemap.xml",
    Robots: "feeds/robots.txt",
}
"""The template of each view."""


class Output(Struct, frozen=True):
    """A planned file: a view to be rendered, or bytes to be copied."""

    path: str
    """Path of the file in the site, without a leading slash, such as `jobs/cdo/index.html`."""
    view: Any = None
    data: bytes | None = None
    """The file itself, when there is nothing to render."""
    source: str | None = None
    """The entry it is made from, if it is one entry's."""


def file_of(path: str) -> str:
    """Return the file that answers at a site-relative path."""
    return f"{path}index.html"[1:] if path.endswith("/") else path[1:]


def plan(context: ViewContext, files: Mapping[str, bytes]) -> Iterator[Output]:
    """Yield every file of the site, entries first; `files` are those copied as they are, by path in the site."""
    lines: list[SitemapLine] = []

    def page(path: str, view: Any, source: str | None = None) -> Output:
        if view.head.indexed:
            updated = view.head.updated.iso if view.head.updated else None
            lines.append(SitemapLine(view.head.canonical, updated))
        return Output(file_of(path), view, source=source)

    for path, view, source in _entries(context):
        yield page(path, view, source)
    for path, view in _lists(context):
        yield page(path, view)
    for path, feed in FeedViews(context).all():
        yield Output(file_of(path), feed)
    outputs = context.config.outputs
    if outputs.sitemap:
        yield Output("sitemap.xml", Sitemap(tuple(sorted(lines, key=lambda line: line.href))))
    if outputs.robots:
        yield Output("robots.txt", Robots(context.permalink("/sitemap.xml") if outputs.sitemap else None))
    yield Output("build.json", data=_build_record(context))
    for path, data in files.items():
        yield Output(path, data=data)


def _entries(context: ViewContext) -> Iterator[tuple[str, Any, str]]:
    views = EntryViews(context)
    for item in context.catalogue.carried:
        entry = item.entry
        yield path_of(entry), views.page_of(item), entry.path
    for entry in context.catalogue.withdrawn:
        yield path_of(entry), views.withdrawn(entry), entry.path
    for entry in (*(item.entry for item in context.catalogue.carried), *context.catalogue.withdrawn):
        for alias in entry.aliases:
            yield old_path(entry, alias), views.redirect(entry), entry.path


def _lists(context: ViewContext) -> Iterator[tuple[str, Any]]:
    views = ListViews(context)
    yield "/", views.home()
    yield from views.all()
    yield "/404.html", views.not_found()
    for facet in enabled(context.config):
        yield from _facet(facet, TermViews(context))


def _facet(facet: Facet, views: TermViews) -> Iterator[tuple[str, Any]]:
    terms = views.catalogue.terms[facet.name]
    yield f"/{facet.name}/", views.index(facet, terms)
    for place, found in enumerate(terms):
        before = terms[place - 1] if place and facet.always else None
        after = terms[place + 1] if facet.always and place + 1 < len(terms) else None
        yield from views.term(found, before, after)


def _build_record(context: ViewContext) -> bytes:
    """Return `build.json`: what was published, and when the site next changes by itself."""
    catalogue = context.catalogue
    newest = context.newest(catalogue.carried)
    record = {
        "generator": f"careers-digest {__version__}",
        "updated": newest.isoformat() if newest else None,
        "next_change": catalogue.next_change.isoformat() if catalogue.next_change else None,
        "entries": {name: getattr(catalogue.counts, name) for name in catalogue.counts.__struct_fields__},
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
