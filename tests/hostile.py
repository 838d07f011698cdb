"""A site whose editors mean ill: words that would be markup, in every field that takes words."""

from __future__ import annotations

import json
from typing import Any, Final

from tests import samples

EVIL: Final = """"><script>alert(1)</script>&'<img src=x onerror=alert(1)>{{ 7*7 }}]]>--><!--"""
ADDRESS: Final = "https://www.example.gov.uk/?a=1&b='%22%3E%3Cscript%3E"


def evil(name: str) -> str:
    """Return hostile words that differ from field to field, since some lists may hold nothing twice."""
    return f"{name} {EVIL}"


def hostile_config() -> bytes:
    """Return a configuration with hostile words in every field that takes words."""
    words: dict[str, Any] = {
        "title": evil("Digest"),
        "strapline": evil("Strap"),
        "description": evil("Description"),
        "base_url": "https://digest.example/",
        "authority": "digest.example",
        "licence": "own",
        "contact": "mailto:editor@digest.example",
        "navigation": [{"label": evil("Navigation"), "path": "/jobs/"}],
        "grades": [{"id": "g7", "label": evil("Grade"), "short": evil("G"), "explanation": evil("Explained")}],
        "contracts": [{"id": "permanent", "label": evil("Contract")}],
        "patterns": [{"id": "full-time", "label": evil("Pattern")}],
        "clearances": [{"id": "sc", "label": evil("Clearance"), "explanation": evil("Cleared")}],
        "roles": [{"id": "data", "label": evil("Family"), "roles": [{"id": "engineer", "label": evil("Role")}]}],
        "tags": [
            {"id": "tag", "label": evil("Tag"), "description": evil("Tagged")},
            {"id": "more", "label": evil("More")},
        ],
        "abbreviations": [{"id": "evil", "label": evil("Spelt"), "short": EVIL, "explanation": evil("Meant")}],
        "organisations": [{"name": evil("Listed")}],
        "licences": [{"id": "own", "label": evil("Licence"), "url": ADDRESS, "statement": evil("Statement")}],
    }
    return json.dumps(words, ensure_ascii=False).encode()


def hostile_site() -> dict[str, bytes]:
    """Return a site built from entries with hostile words in every field and in the body."""
    shared: dict[str, Any] = {
        "title": evil("Title"),
        "summary": evil("Summary"),
        "organisation": [evil("Unlisted"), evil("Listed")],
        "tags": ["tag"],
        "source": {"name": evil("Source"), "url": ADDRESS, "licence": "own"},
        "changes": [{"date": "2026-05-25", "note": evil("Note")}],
    }
    job = {
        "salary": {"pay": "£50,000", "basis": evil("Basis"), "note": evil("Pay note")},
        "closes": {"when": "30 June 2026", "note": evil("Deadline note")},
        "location": [evil("Place")],
        "grade": "g7",
        "contract": {"type": "permanent", "length": evil("Length")},
        "pattern": ["full-time"],
        "clearance": "sc",
        "role": "engineer",
        "apply": ADDRESS,
        "structured_data": True,
        **{name: evil(name) for name in ("reference", "posts", "interviews", "reports_to", "team_size")},
        **{name: evil(name) for name in ("budget", "eligibility")},
    }
    image = {"src": "a'b&c.svg", "alt": evil("Alt"), "credit": evil("Credit"), "licence": "own", "url": ADDRESS}
    gone = {"withdrawn": {"date": "2026-05-25", "reason": evil("Reason")}}
    body = f"## {EVIL}\n\n{EVIL}\n\n[{EVIL}]({ADDRESS})\n\n`{EVIL}`\n\n```\n{EVIL}\n```\n"
    files = {
        **samples.theme(),
        "config.yaml": hostile_config(),
        "content/jobs/one.md": samples.job(body, **shared, **job, related=["two"]),
        "content/jobs/gone.md": samples.job(body, **shared, **gone),
        "content/jobs/other.md": samples.job(
            body, **{**shared, **job, "grade": {"other": evil("Other grade")}, "tags": ["tag", "more"]}
        ),
        "content/news/two.md": samples.news(body, **shared, image=image, aliases=["before"]),
        "content/images/a'b&c.svg": b"<svg viewBox='0 0 4 4'/>",
    }
    return samples.build_site(files)
