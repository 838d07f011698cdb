"""The Small Gazette: an invented site with something of everything, built by the command line and then edited.

Sets of files are written as addresses: `/jobs/` stands for `jobs/index.html`, `/tags/{data,design}/{,feed.xml}` for
four files, and `#` for the mark of the content in a name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from digest import cli
from tests.samples import entry, job, news, theme

NOW: Final = "2026-06-01T12:00"
"""The clock: of the jobs below four are open, one of which closes within the week, and four are closed."""
CONFIG: Final = """\
title: The Small Gazette
strapline: Digital jobs, by hand
description: A small digest of invented entries.
base_url: https://gazette.example/
authority: gazette.example
contact: editor@gazette.example
licence: OGL-3.0
lists: {page_size: 2, home_jobs: 2, home_news: 1, feed_items: 3}
outputs: {editions: false}
navigation: [{label: Jobs, path: /jobs/}, {label: News, path: /news/}]
salary: {bands: [40000, 60000]}
grades: [{id: g7, label: Grade 7, short: G7}, {id: seo, label: Senior executive officer, short: SEO}]
contracts: [{id: permanent, label: Permanent}]
patterns: [{id: full-time, label: Full-time}]
clearances: [{id: sc, label: Security check, short: SC}]
roles:
  - {id: data, label: Data, roles: [{id: data-engineer, label: Data engineer}]}
  - {id: design, label: Design, roles: [{id: service-designer, label: Service designer}]}
tags: [{id: data, label: Data}, {id: design, label: Design}, {id: leadership, label: Leadership}]
organisations: [{name: Cabinet Office}, {name: Home Office}, {name: Ministry of Justice}]
places: [{name: Leeds}, {name: London}]
licences: [{id: OGL-3.0, label: Open Government Licence v3.0, url: "https://ogl.example/"}]
"""
PIER: Final = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'><path d='M1 1h2'/></svg>"
WITHDRAWN: Final = {"date": "2026-03-09", "reason": "It was in error."}
UNUSED: Final = b"{# No page uses this. #}\n{% macro unused(words) %}<p>{{ words }}</p>{% endmacro %}\n"
Fields = dict[str, Any]
"""Front matter."""
_DATA: Final[Fields] = {
    "organisation": "Ministry of Justice",
    "tags": ["data"],
    "location": ["Leeds"],
    "role": "data-engineer",
}
_DESIGN: Final[Fields] = {
    "organisation": "Home Office",
    "tags": ["design"],
    "location": ["London"],
    "role": "service-designer",
}
_LEAD: Final[Fields] = {
    "organisation": "Cabinet Office",
    "tags": ["leadership"],
    "location": ["London"],
    "grade": "G7",
}


def _job(title: str, published: str, closes: str, salary: str, kind: Fields, **more: Any) -> bytes:
    words = f"The words of the {title.lower()}."
    return job(words, **kind, title=title, published=published, closes=closes, salary=salary, **more)


def gazette() -> dict[str, bytes]:
    """Return every input of the site, by path."""
    jobs = {
        # open
        "designer": _job("Service designer", "2026-05-18", "30 June 2026", "£45,000 to £55,000", _DESIGN),
        "engineer": _job("Data engineer", "2026-05-20", "11:55pm on 4 June 2026", "£62,000", _DATA),
        "keeper": _job("Lamp keeper", "2026-05-11", "open until filled", "£550 a day", _LEAD),
        "registrar": _job("Registrar", "2026-05-25", "31 January 2027", "£38,000", _LEAD),
        # closed
        "analyst": _job("Analyst", "2025-03-03", "31 March 2025", "£38,500", _DATA),
        "architect": _job("Architect", "2025-10-06", "3 November 2025", "£65,000", _DATA),
        "clerk": _job("Clerk", "2025-02-03", "28 February 2025", "£24,000", _DATA),
        "director": _job("Director", "2024-09-02", "4 October 2024", "£110,000", _LEAD),
        # withdrawn, draft, scheduled
        "pilot": _job("Pilot", "2026-03-02", "30 June 2026", "£45,000", _LEAD, withdrawn=WITHDRAWN),
        "surveyor": _job("Surveyor", "2026-05-20", "30 June 2026", "£45,000", _DESIGN, draft=True),
        "tester": _job("Tester", "2026-06-10", "10 July 2026", "£45,000", _DESIGN),
    }
    picture = {"src": "pier.svg", "alt": "A pier", "credit": "The board", "licence": "OGL-3.0"}
    about = {"title": "About", "published": "2024-01-01", "summary": "What this is."}
    return {
        **theme(),
        "config.yaml": CONFIG.encode(),
        "templates/components/unused.html": UNUSED,
        "content/images/pier.svg": PIER,
        **{f"content/jobs/{name}.md": data for name, data in jobs.items()},
        "content/news/standard.md": news("It is short.", tags=["data"], published="2026-05-22", image=picture),
        "content/news/survey.md": news(
            "It was long.", title="A survey of design", tags=["design"], published="2025-12-30", aliases=["poll"]
        ),
        "content/pages/about.md": entry(about, "By hand."),
    }


class Said(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


def run(*arguments: str | Path) -> Said:
    """Run a command line in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main([*map(str, arguments)])
    return Said(status, out.getvalue(), err.getvalue())


class Counted(NamedTuple):
    """The files that the closing line of a build tells of."""

    files: int
    rendered: int
    reused: int
    removed: int


_COUNTS: Final = re.compile(r"([\d,]+) files: ([\d,]+) rendered, ([\d,]+) reused(?:, ([\d,]+) removed)?\. ")


def counted(said: Said) -> Counted:
    """Return the numbers that a build that is done has told."""
    found = _COUNTS.search(said.out)
    assert (said.status, bool(found)) == (0, True), said
    assert found is not None
    return Counted(*(int((number or "0").replace(",", "")) for number in found.groups()))


def expand(addresses: str) -> set[str]:
    """Return the paths that addresses stand for.

    >>> sorted(expand("/ /tags/{data,design}/{,feed.xml}"))[:3]
    ['index.html', 'tags/data/feed.xml', 'tags/data/index.html']
    """
    found = set()
    for word in addresses.split():
        parts = [part.split(",") for part in re.split(r"[{}]", word)]
        for chosen in itertools.product(*parts):
            address = "".join(chosen)
            path = address[1:] + ("index.html" if address.endswith("/") else "")
            assert path not in found, f"{address} is named twice"
            found.add(path)
    return found


class Radius(NamedTuple):
    """The files of a site that an edit moved, by path."""

    changed: set[str]
    new: set[str]
    gone: set[str]


_MARK: Final = re.compile(r"^(assets/[\w-]+\.|search/(?:words/\d+\.|rows/))[0-9a-f]{12}\.")


def radius(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Radius:
    """Return which files changed, appeared and vanished between two sites."""
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    return Radius(changed, _unmarked(after.keys() - before.keys()), _unmarked(before.keys() - after.keys()))


def _unmarked(paths: set[str]) -> set[str]:
    return {_MARK.sub(r"\1#.", path) for path in paths}


class Inputs:
    """The inputs of a site on disk, and the edits that tests make."""

    def __init__(self, root: Path) -> None:
        """Take the folder that holds `config.yaml`."""
        self.root = root

    def swap(self, name: str, old: str, new: str) -> None:
        """Put words in place of others, which stand in the file once."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        self.write(name, text.replace(old, new).encode())

    def write(self, name: str, data: bytes) -> None:
        """Write a file, new or not."""
        (self.root / name).write_bytes(data)

    def rename(self, old: str, new: str, alias: str) -> None:
        """Give an entry another id, and the old one as an alias."""
        (self.root / old).rename(self.root / new)
        self.swap(new, "title: ", f"aliases: [{alias}]\ntitle: ")

    def in_macro(self, name: str, words: str) -> None:
        """Put words at the beginning of what the first macro of a component says."""
        self._put(name, r"\{%-? macro [^%]*%\}", lambda found: found + words)

    def in_last_block(self, name: str, words: str) -> None:
        """Put words at the end of what the last block of a page says."""
        self._put(name, r"\{%-? endblock(?!.*\{%-? endblock)", lambda found: words + found)

    def _put(self, name: str, pattern: str, put: Callable[[str], str]) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        edited, times = re.subn(pattern, lambda found: put(found[0]), text, count=1, flags=re.DOTALL)
        assert times == 1, f"{name} has no place for words"
        self.write(name, edited.encode())
