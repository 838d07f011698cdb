"""Small values for tests: entries from the fields an editor writes, a configuration, catalogues, folders of files.

Every builder reads the text an editor would have written, so that a test says in the digest's own words what it is
about, and a value that no entry could have is not made by accident.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from digest.build import Options, Snapshot, build
from digest.diagnostics import report
from digest.disk import read_snapshot
from digest.documents.config import Config
from digest.documents.config_file import read_config
from digest.documents.entries import Written, read_entry
from digest.markup import Body
from digest.model import Entry, Job, News
from digest.planning.cards import Card, Labels, card_of
from digest.planning.catalogue import Catalogue, build_catalogue

ROOT: Final = Path(__file__).resolve().parent.parent
"""The project's folder."""
LONDON: Final = ZoneInfo("Europe/London")
CONFIG: Final = """\
title: Small digest
description: Digital jobs in public service.
base_url: https://small.example/
authority: small.example
lists: {page_size: 2, home_jobs: 3, home_news: 2, feed_items: 3}
grades:
  - {id: seo, label: Senior executive officer, short: SEO}
  - {id: g7, label: Grade 7, short: G7, synonyms: [grade seven]}
contracts: [{id: permanent, label: Permanent}, {id: fixed-term, label: Fixed-term}]
patterns: [{id: full-time, label: Full-time}, {id: part-time, label: Part-time}]
clearances: [{id: sc, label: Security check, short: SC}]
roles:
  - {id: user-centred-design, label: User-centred design, roles: [{id: service-designer, label: Service designer}]}
  - {id: data, label: Data, roles: [{id: data-engineer, label: Data engineer}]}
tags:
  - {id: leadership, label: Leadership, description: Posts that lead.}
  - {id: data, label: Data}
organisations: [{name: Home Office, aliases: [HO]}, {name: Cabinet Office}]
places: [{name: London}, {name: Leeds}]
licences: [{id: OGL-3.0, label: Open Government Licence v3.0}]
"""
"""A configuration with a value or two in each vocabulary."""
NO_BODY: Final = Body(("",), "", 0)
"""The body of an entry that has none."""
_NEEDED: Final[dict[str, dict[str, str]]] = {
    "job": {
        "title": "Service designer",
        "published": "2026-05-18",
        "summary": "Design a service that people can use without help.",
        "organisation": "Home Office",
        "tags": "[data]",
        "salary": "£45,000 to £55,000",
        "closes": "30 June 2026",
        "apply": "https://www.example.gov.uk/jobs/1",
    },
    "news": {
        "title": "A new standard for forms",
        "published": "2026-05-20",
        "summary": "Forms of public bodies have a new standard.",
        "tags": "[data]",
        "source": "{name: Example news, url: https://www.example.gov.uk/news/1}",
    },
    "page": {
        "title": "About",
        "published": "2026-05-01",
        "summary": "What this digest carries.",
    },
    "edition": {"title": "A quiet week"},
}
"""Fields that make a valid entry of each kind, as an editor writes them."""
FOLDERS: Final = {"job": "jobs", "news": "news", "page": "pages", "edition": "editions"}


def text_of(kind: str, /, **fields: str | None) -> str:
    """Return the file of an entry; `fields` replace the needed ones as YAML, and None leaves one out.

    `body` is no field but the text below the front matter.
    """
    body = fields.pop("body", None) or "You will design a service."
    lines = [f"{name}: {value}" for name, value in (_NEEDED[kind] | fields).items() if value is not None]
    return "\n".join(["---", *lines, "---", "", body, ""])


def config(text: str = CONFIG) -> Config:
    """Return the configuration that a text stands for; it must be valid."""
    read, problems = read_config(text)
    assert read is not None, report(problems, "text")
    return read


def entry(kind: str, id_: str, /, **fields: str | None) -> Entry:
    """Return an entry from its fields, which must be valid; warnings are allowed."""
    path = f"content/{FOLDERS[kind]}/{id_}.md"
    written, problems = read_entry(path, text_of(kind, **fields), config())
    assert written is not None, report(problems, "text")
    return written.entry


def job(id_: str = "designer", /, **fields: str | None) -> Job:
    """Return a job from its fields; those left out are those of a job at the Home Office that closes 30 June 2026."""
    made = entry("job", id_, **fields)
    assert isinstance(made, Job)
    return made


def news(id_: str = "standard", /, **fields: str | None) -> News:
    """Return a news item from its fields."""
    made = entry("news", id_, **fields)
    assert isinstance(made, News)
    return made


def utc(text: str) -> datetime:
    """Return a UTC instant from ISO 8601; without an offset it is the local time in London."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def catalogue(
    entries: Iterable[Entry], now: str = "2026-06-01T12:00", settings: Config | None = None, *, drafts: bool = False
) -> Catalogue:
    """Return the catalogue of entries at a local time in London."""
    chosen = settings or config()
    labels = Labels(chosen)

    def card(entry: Entry, hidden: int = 0) -> Card:
        return card_of(Written(entry, NO_BODY, 1), chosen, labels, hidden)

    found = [(card(entry), entry) for entry in entries]

    def shortened(shown: Card, hidden: int) -> Card:
        return card(next(entry for made, entry in found if made is shown), hidden)

    return build_catalogue([made for made, _ in found], chosen, utc(now), shortened, drafts=drafts)


def theme() -> dict[str, bytes]:
    """Return the project's templates and assets by path."""
    return {path: data for path, data in read_snapshot(ROOT).files.items() if path.startswith("templates/")}


def small_site() -> dict[str, bytes]:
    """Return all files of a small valid site with two open jobs, one closed, a news item, and the project's theme."""
    texts = {
        "config.yaml": CONFIG,
        "content/jobs/designer.md": text_of("job"),
        "content/jobs/engineer.md": text_of("job", title="Data engineer", closes="11:55pm on 12 June 2026"),
        "content/jobs/director.md": text_of("job", title="Director", published="2014-09-01", closes="6 October 2014"),
        "content/news/standard.md": text_of("news"),
        "content/pages/about.md": text_of("page"),
    }
    return theme() | {path: text.encode() for path, text in texts.items()}


def built(files: Mapping[str, bytes], now: str = "2026-06-01T12:00", *, drafts: bool = False) -> dict[str, bytes]:
    """Return the site that files make at a local time in London; they must have no problem but advice on style."""
    result = build(Snapshot(files), Options(utc(now), drafts))
    problems = [problem for problem in result.problems if not problem.rule.startswith("advice-")]
    assert report(problems, "text") == ""
    assert result.site is not None
    return result.site


def write_tree(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below `root`, in the order given, and return it."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return root


def read_tree(root: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path there."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def loaded_after(library: str, steps: Iterable[str], *arguments: str) -> list[bool]:
    """Run some steps of a program in a process of its own, and tell after each whether a library is loaded."""
    code = "".join(f"{step}\nprint({library!r} in sys.modules)\n" for step in ("import sys", *steps))
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [line == "True" for line in done.stdout.split()][1:]


def run_program(
    *arguments: str | Path, cwd: Path | None = None, python: Iterable[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `build.py` in a Python of its own; `environment` is added to this process's, `python` are its options."""
    command = [sys.executable, *python, str(ROOT / "build.py"), *map(str, arguments)]
    known = {name: value for name, value in os.environ.items() if name not in {"SOURCE_DATE_EPOCH", "NO_COLOR"}}
    known["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.run(
        command, cwd=cwd, env=known | environment, capture_output=True, check=False, encoding="utf-8", timeout=120
    )
