"""The corpus in the forms that the tools read: entries for the digest and for Hugo, and the digest's configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final, Literal

from benchmarks import words
from benchmarks.corpus import BAND_IDS, BOUNDS, OTHER_PAY, Entry, slug

Profile = Literal["same", "full"]
"""`same`: the pages that Hugo makes too. `full`: all that the digest can make."""
TITLE: Final = "Digital Careers Digest"
ADDRESS: Final = "https://digest.example/"
ROWS: Final = 20
"""Rows of a list page; `hugo/hugo.toml` has the same number."""
FEED_ITEMS: Final = 20
"""Items of a feed; as above."""
NAVIGATION: Final = ("Jobs", "Salary", "Organisations", "Tags", "News")
_PLAIN: Final = re.compile(r"[A-Za-z][\w ,.()/£%'-]*", re.ASCII)
_NOT_TEXT: Final = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def digest_entry(entry: Entry) -> str:
    """Return the file of an entry as the digest reads it."""
    lines = [
        f"title: {_scalar(entry.title)}",
        f"published: {entry.published}",
        f"summary: {_scalar(entry.summary)}",
        f"organisation: {_scalar(entry.organisation)}",
        f"tags: [{', '.join(entry.tags)}]",
        *_source(entry),
    ]
    if job := entry.job:
        lines += [
            f"salary: {_scalar(job.pay.text)}",
            f"closes: {job.closes.text}",
            *_list("location", job.location),
            f"role: {job.role}",
            f"grade: {job.grade}",
            f"contract: {job.contract}",
            f"apply: {job.apply}",
        ]
    return _file(lines, entry.body)


def hugo_entry(entry: Entry) -> str:
    """Return the file of an entry as Hugo reads it: what the digest works out is given ready made."""
    lines = [
        f"title: {_scalar(entry.title)}",
        f"date: {entry.published}",
        f"summary: {_scalar(entry.summary)}",
        *_list("organisations", (entry.organisation,)),
        f"tags: [{', '.join(entry.tags)}]",
        *_source(entry),
    ]
    if job := entry.job:
        lines += [
            f"pay: {_scalar(job.pay.text)}",
            *_list("salary", job.pay.terms),
            f"closes: {job.closes.ends.isoformat()}",
            *_list("location", job.location),
            f"role: {job.role}",
            f"grade: {job.grade}",
            f"contract: {job.contract}",
            f"apply: {job.apply}",
        ]
    return _file(lines, entry.body)


def hugo_terms(used: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    """Yield what the digest's configuration says of tags, bands and organisations, as files below Hugo's content.

    Hugo makes a page of each; the digest makes one of each band, and of the tags and organisations that are `used`.
    """
    for id_ in (*BAND_IDS, *OTHER_PAY):
        yield _term("salary", id_, _label(id_), f"Jobs listed under {_label(id_)}.")
    for tag in filter(used.__contains__, words.TAGS):
        yield _term("tags", tag, _label(tag), _tag_words(tag))
    for name in filter(used.__contains__, words.ORGANISATIONS):
        yield _term("organisations", slug(name), name, _organisation_words(name))


def _term(facet: str, id_: str, label: str, explanation: str) -> tuple[str, str]:
    front = [f"title: {_scalar(label)}", f"description: {_scalar(explanation)}"]
    return f"{facet}/{id_}/_index.md", _file(front, "")


def config(profile: Profile) -> str:
    """Return the `config.yaml` of the corpus; each value is JSON, which YAML reads as it stands."""
    whole = profile == "full"
    made: dict[str, Any] = {
        "title": TITLE,
        "description": "Jobs and news of digital work in public bodies, for measuring.",
        "base_url": ADDRESS,
        "authority": "digest.example",
        "facets": dict.fromkeys(("tags", "salary", "organisations"), True)
        | dict.fromkeys(("locations", "grades", "roles"), whole),
        "outputs": dict.fromkeys(("feeds", "term_feeds", "sitemap"), True)
        | dict.fromkeys(("calendars", "data", "editions", "headers", "redirects", "robots", "search"), whole),
        "lists": {"page_size": ROWS, "feed_items": FEED_ITEMS},
        "navigation": [{"label": label, "path": f"/{label.lower()}/"} for label in NAVIGATION],
        "salary": {"bands": list(BOUNDS)},
        "grades": [{"id": id_, "label": label} for id_, label, *_ in words.GRADES],
        "contracts": [{"id": slug(label), "label": label} for label in dict.fromkeys(words.CONTRACTS)],
        "roles": [
            {"id": slug(family), "label": family, "roles": [{"id": slug(role), "label": role} for role in roles]}
            for family, roles in words.FAMILIES.items()
        ],
        "tags": [{"id": tag, "label": _label(tag), "description": _tag_words(tag)} for tag in words.TAGS],
        "organisations": [{"name": name, "description": _organisation_words(name)} for name in words.ORGANISATIONS],
        "places": [{"name": name} for name in words.PLACES],
    }
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in made.items())


# --- the parts of a file -------------------------------------------------------------------------------------


def _file(lines: list[str], body: str) -> str:
    return "\n".join(["---", *lines, "---", "", body])


def _source(entry: Entry) -> list[str]:
    name, address = entry.source
    return ["source:", f"  name: {name}", f"  url: {address}"]


def _list(key: str, values: tuple[str, ...]) -> list[str]:
    return [f"{key}:", *(f"  - {_scalar(value)}" for value in values)]


def _scalar(text: str) -> str:
    """Return a text as a person would write it in YAML: plain where that is safe, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)


def _label(id_: str) -> str:
    return id_.replace("-", " ").capitalize()


def _tag_words(tag: str) -> str:
    return f"Jobs and news about {tag.replace('-', ' ')} in public bodies."


def _organisation_words(name: str) -> str:
    return f"What {name} pays for digital work, and what it does with it."
