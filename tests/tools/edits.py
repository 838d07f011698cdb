"""A tiny site as a mapping of path to bytes, and edits of it: right ones, and mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from digest.contract import LOCK
from tests.samples import entry, job, news, theme
from tests.tools.gazette import PIER, UNUSED

Files = dict[str, bytes]
Edit = Callable[[Files, int], None]
"""Changes the inputs; the number, 0 to 9, says how."""
CONFIG: Final = """\
title: Tiny digest
strapline: By hand 0
base_url: https://tiny.example/
authority: tiny.example
lists: {page_size: 2, home_jobs: 2, home_news: 1, feed_items: 2}
facets: {organisations: false, locations: false, grades: false, roles: false}
outputs: {term_feeds: false}
navigation: [{label: Jobs, path: /jobs/}]
salary: {bands: [50000]}
grades: [{id: g7, label: Grade 7}]
contracts: [{id: permanent, label: Permanent}]
patterns: [{id: full-time, label: Full-time}]
clearances: [{id: sc, label: Security check}]
roles: [{id: data, label: Data, roles: [{id: data-engineer, label: Data engineer}]}]
tags: [{id: data, label: Data}, {id: lead, label: Leading 0}]
organisations: [{name: Home Office}]
licences: [{id: OGL-3.0, label: Open Government Licence v3.0}]
"""


def tiny() -> Files:
    """Return the inputs of the site: four jobs, of which one is closed and one scheduled, two news items, a page."""
    picture = {"src": "pier.svg", "alt": "A pier", "credit": "The board", "licence": "OGL-3.0"}
    lead = {"tags": ["lead"], "salary": "£70,000"}
    return {
        **theme(),
        "config.yaml": CONFIG.encode(),
        "templates/components/unused.html": UNUSED,
        "content/images/pier.svg": PIER,
        "content/jobs/one.md": job("Line 0.", title="Post 1", tags=["data"]),
        "content/jobs/two.md": job("Line 0.", title="Post 2", **lead, closes="11:55pm on 12 June 2026"),
        "content/jobs/old.md": job(
            "Line 0.", title="Post 3", **lead, published="2025-03-03", closes="31 March 2025", aliases=["older"]
        ),
        "content/jobs/later.md": job("Line 0.", title="Post 4", tags=["data"], published="2026-06-10"),
        "content/news/item.md": news("Line 0, see [[two]].", tags=["data", "lead"], image=picture),
        "content/news/draft.md": news("Line 0.", title="A draft", tags=["lead"], draft=True),
        "content/pages/about.md": entry(
            {"title": "About", "published": "2024-01-01", "summary": "What this is."}, "Line 0, see [jobs](/jobs/)."
        ),
    }


# --- edits ---------------------------------------------------------------------------------------------------


def put(files: Files, path: str, pattern: str, words: str) -> None:
    """Put words in the place of what a pattern finds first in a file, if there is such a file and place."""
    if path in files:
        text = files[path].decode()
        files[path] = re.sub(pattern, lambda _: words, text, count=1, flags=re.DOTALL | re.MULTILINE).encode()


def _one(files: Files, number: int, folder: str = "jobs") -> str:
    found = sorted(path for path in files if path.startswith(f"content/{folder}/"))
    return found[number % len(found)] if found else ""


def _field(name: str, *values: str) -> Edit:
    """Return an edit that gives a field of a job one of the values."""

    def edit(files: Files, number: int) -> None:
        put(files, _one(files, number), rf"^{name}: [^\n]*", f"{name}: {values[number % len(values)]}")

    return edit


def _optional(line: str) -> Edit:
    """Return an edit that adds a line to a job, or takes it away."""

    def edit(files: Files, number: int) -> None:
        path = _one(files, number)
        if path and line.encode() in files[path]:
            put(files, path, re.escape(f"{line}\n"), "")
        else:
            put(files, path, "^tags: ", f"{line}\ntags: ")

    return edit


def _numbered(path: str, pattern: str, words: str) -> Edit:
    """Return an edit that puts the number into a file: `#` stands for it, and the size stays the same."""

    def edit(files: Files, number: int) -> None:
        put(files, path, pattern, words.replace("#", str(number)))

    return edit


def _marked(name: str, pattern: str) -> Edit:
    """Return an edit that puts a remark with the number into a template, behind what the pattern finds."""
    path = f"templates/{name}"
    pristine = (theme() | {"templates/components/unused.html": UNUSED})[path].decode()
    found = re.search(pattern, pristine, re.DOTALL)
    assert found, f"{path} has no place for a remark"

    def edit(files: Files, number: int) -> None:
        files[path] = f"{pristine[: found.end()]}<!-- {number} -->{pristine[found.end() :]}".encode()

    return edit


def _body(files: Files, number: int) -> None:
    put(files, _one(files, number, ("jobs", "news", "pages")[number % 3]), r"Line \d", f"Line {number}")


def _new(files: Files, number: int) -> None:
    path = f"content/jobs/new-{number % 3}.md"
    if path in files:
        del files[path]
    else:
        files[path] = job("Line 0.", title=f"Post {number}", published=f"2026-05-{20 + number % 3}", tags=["data"])


def _rename(files: Files, number: int) -> None:
    old, new = ("one", "uno") if "content/jobs/one.md" in files else ("uno", "one")
    if f"content/jobs/{old}.md" in files:
        files[f"content/jobs/{new}.md"] = files.pop(f"content/jobs/{old}.md")
        put(files, f"content/jobs/{new}.md", "^aliases: [^\n]*\n", "")
        if number % 2:
            put(files, f"content/jobs/{new}.md", "^tags: ", f"aliases: [{old}]\ntags: ")


def _exchange(files: Files, number: int) -> None:
    """Let two jobs change places: nothing but names."""
    one, other = _one(files, number), _one(files, number + 1)
    if one:
        files[one], files[other] = files[other], files[one]


def _delete(files: Files, number: int) -> None:
    path = _one(files, number, ("jobs", "news")[number % 2])
    if path and not path.endswith("two.md"):  # to which another links
        del files[path]


def _lock(files: Files, number: int) -> None:
    """Begin to note what is published, or give that up."""
    if files.pop(LOCK, None) is None:
        files[LOCK] = b"page older\n" if number == 9 else b""  # a page that never was stops the build


def _picture(files: Files, number: int) -> None:
    files["content/images/pier.svg"] = PIER.replace(b"M1 1h2", b"M1 %dh2" % number)


def _asset(files: Files, number: int) -> None:
    files["templates/assets/site.css"] = b"main { margin: %dem }" % number


CONTENT: Final[dict[str, Edit]] = {
    "body": _body,
    "title": _numbered("content/jobs/one.md", r"Post \d", "Post #"),
    "tags": _field("tags", "[data]", "[lead]", "[data, lead]"),
    "salary": _field("salary", "£45,000 to £55,000", "£70,000", "£550 a day"),
    "closes": _field("closes", "30 June 2026", "3 June 2026", "11:55pm on 12 June 2026", "open until filled"),
    "published": _field("published", *(f"2026-05-{day}" for day in range(15, 25))),
    "change": _optional("changes: [{date: 2026-06-15, note: Moved.}]"),
    "related": _optional("related: [two]"),
    "withdrawn": _optional("withdrawn: {date: 2026-06-11, reason: Gone.}"),
    "draft": _numbered("content/news/draft.md", "^draft: true\n", ""),
    "new": _new,
    "rename": _rename,
    "exchange": _exchange,
    "delete": _delete,
    "lock": _lock,
    "picture": _picture,
}
"""Edits of entries that leave the site right, or say what is wrong with it as a clean build does."""
MACRO: Final = r"\{%-? macro [^%]*%\}"
EDITS: Final[dict[str, Edit]] = {
    **CONTENT,
    "asset": _asset,
    "strapline": _numbered("config.yaml", r"By hand \d", "By hand #"),
    "label": _numbered("config.yaml", r"Leading \d", "Leading #"),
    "bands": _numbered("config.yaml", r"bands: \[\d+", "bands: [5#000"),
    "page size": _numbered("config.yaml", r"page_size: \d+", "page_size: 1#"),
    "address": _numbered("config.yaml", r"tiny.example/[^\n]*", "tiny.example/#/"),
    "page template": _marked("pages/job.html", r".*(?=\{%-? endblock)"),
    "news template": _marked("pages/news.html", r".*(?=\{%-? endblock)"),
    "layout": _marked("layouts/base.html", ".*(?=</body>)"),
    "row": _marked("components/row.html", MACRO),
    "badge": _marked("components/badge.html", MACRO),
    "feed item": _marked("components/feed_item.xml", MACRO),
    "feed": _marked("feeds/rss.xml", ".*(?=</channel>)"),
    "sitemap": _marked("feeds/sitemap.xml", ".*(?=</urlset>)"),
    "unused": _marked("components/unused.html", MACRO),
}
"""Edits of anything."""


def _breaks(path: str, pattern: str, words: str) -> Edit:
    return lambda files, _: put(files, path, pattern, words)


BREAKS: Final[dict[str, Edit]] = {
    "pay": _breaks("content/jobs/two.md", "^salary: [^\n]*", "salary: 70,000"),
    "link": _breaks("content/news/item.md", r"\[\[two\]\]", "[[nobody]]"),
    "front matter": _breaks("content/pages/about.md", "^title: ", "title:"),
    "unknown field": _breaks("content/jobs/two.md", "^tags: ", "tagged: x\ntags: "),
    "config": _breaks("config.yaml", "^title: ", "titel: "),
    "template": _breaks("templates/pages/job.html", r"\{%-? endblock", "{{ nothing.of.this }}{% endblock"),
    "value": _breaks("templates/layouts/base.html", "</body>", "{{ nothing.of.this }}</body>"),
    "syntax": _breaks("templates/components/row.html", MACRO, "{% macro row( %}"),
}
"""Edits that stop a build, where there is what they break."""
