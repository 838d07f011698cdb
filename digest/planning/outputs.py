"""Outputs: planned files, each with the view that is shown there and the template that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from digest.planning.letters import EditionMail, EditionPage, EditionText
from digest.planning.program_views import (
    AtomFeed,
    DataPage,
    Feed,
    FeedList,
    JsonFeed,
    Redirects,
    Robots,
    Sitemap,
    SitemapIndex,
)
from digest.planning.views import (
    HomePage,
    JobPage,
    ListPage,
    NewsPage,
    NotFoundPage,
    RedirectPage,
    SalaryPage,
    SearchPage,
    StaticPage,
    SubscribePage,
    TermsPage,
    WithdrawnPage,
)

TEMPLATES: Final[dict[type[Any], str]] = {
    JobPage: "pages/job.html",
    NewsPage: "pages/news.html",
    StaticPage: "pages/page.html",
    WithdrawnPage: "pages/withdrawn.html",
    RedirectPage: "pages/redirect.html",
    ListPage: "pages/list.html",
    TermsPage: "pages/terms.html",
    SalaryPage: "pages/salary.html",
    HomePage: "pages/home.html",
    NotFoundPage: "pages/404.html",
    SubscribePage: "pages/subscribe.html",
    SearchPage: "pages/search.html",
    DataPage: "pages/data.html",
    EditionPage: "pages/edition.html",
    EditionMail: "pages/edition_email.html",
    EditionText: "pages/edition_email.txt",
    Feed: "feeds/rss.xml",
    AtomFeed: "feeds/atom.xml",
    JsonFeed: "feeds/feed.json",
    FeedList: "feeds/opml.xml",
    Redirects: "feeds/redirects.txt",
    Sitemap: "feeds/sitemap.xml",
    SitemapIndex: "feeds/sitemap_index.xml",
    Robots: "feeds/robots.txt",
}
"""The template of each view that has one; `digest/writers.py` has the others."""


class Output(Struct, frozen=True):
    """A planned file with the view that its template gets."""

    path: str
    """Path of the file in the site, without a leading slash, such as `jobs/cdo/index.html`."""
    view: Any
    source: str | None = None
    """The entry it is made from, if it is one entry's."""


Views = Iterator[tuple[str, Any]]
"""Site-relative paths, each with the view of what answers there."""


def outputs_of(views: Views, source: str | None) -> Iterator[Output]:
    """Yield the files in which views are to be shown."""
    return (Output(file_of(path), view, source) for path, view in views)


def file_of(path: str) -> str:
    """Return the file that answers at a site-relative path."""
    return f"{path}index.html"[1:] if path.endswith("/") else path[1:]


def listed(output: Output) -> str | None:
    """Return the day on which a page last changed, "" where it has none, or None where it is not for search engines."""
    head = getattr(output.view, "head", None)
    if head is None or not head.indexed:
        return None
    return head.updated.iso if head.updated else ""
