"""What docs/recipes.md tells editors to write does what the page says.

The page is read as an editor reads it: which file, what to write there, on which day to look, and what is to be seen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import lxml.html
import pytest
import yaml

from tests.builders import ROOT, built, run_program, text_of, theme, write_tree
from tests.serving import serving

PAGE: Final = (ROOT / "docs" / "recipes.md").read_text("utf-8")
INTRODUCTION, *_SECTIONS = re.split(r"(?m)^## ", PAGE)
RECIPES: Final = {title: text for title, _, text in (section.partition("\n") for section in _SECTIONS)}
FENCE: Final = re.compile(r"(?P<words>[^\n]*`content/[^\n]*)\n\n```\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE: Final = re.compile(r"`(content/[a-z]+/[A-Za-z0-9-]+\.md)`")
DAY: Final = re.compile(r"^(?:On|At (?P<time>\d\d:\d\d) on) (?P<day>\d+ \w+ \d{4}):$")
SAYS: Final = re.compile(r'^- `(?P<path>/\S*)` (?P<says>says|does not say) "(?P<text>.+)"$')
LEADS: Final = re.compile(r"^- `(?P<path>/\S*)` leads to `(?P<target>/\S*)`$")


class Promise(NamedTuple):
    """What a recipe says that readers will see."""

    now: str
    path: str
    says: bool
    text: str
    """Words of the page, or `→` and the address that it leads to."""


def promises(text: str) -> Iterator[Promise]:
    """Yield what a recipe promises; a line of a list that is none of the known promises fails."""
    now = ""
    for line in text.splitlines():
        if day := DAY.match(line):
            date = datetime.strptime(day["day"], "%d %B %Y")  # noqa: DTZ007 - a day
            now = f"{date:%Y-%m-%d}T{day['time'] or '12:00'}"
        elif line.startswith("- `"):
            says, leads = SAYS.match(line), LEADS.match(line)
            assert now, f"no day is given before: {line}"
            assert says or leads, f"not a promise that is understood: {line}"
            if says:
                yield Promise(now, says["path"], says["says"] == "says", says["text"])
            elif leads:
                yield Promise(now, leads["path"], says=True, text=f"→{leads['target']}")


def fields(front: str) -> dict[str, str]:
    """Return the fields of front matter, each with its lines as they were written."""
    return {part.partition(":")[0]: part for part in re.split(r"(?m)^(?=\S)", front) if part}


def before() -> dict[str, bytes]:
    """Return the site that the recipes begin with, as it was published."""
    (found,) = FENCE.finditer(INTRODUCTION)
    (start,) = FILE.findall(found["words"])
    others = {
        "content/pages/about.md": text_of("page", published="2026-01-05"),
        "content/news/standard.md": text_of("news", published="2026-01-05", tags="[pay]"),
        "content/urls.lock": "job it-lead 2026-02-02\nnews standard 2026-01-05\npage about\n",
    }
    files = {start: found["code"], **others, "config.yaml": (ROOT / "config.yaml").read_text("utf-8")}
    return theme() | {name: text.encode() for name, text in files.items()}


def after(text: str) -> dict[str, bytes]:
    """Return the site once an editor has done what a recipe says."""
    files = before()
    done = 0
    for found in FENCE.finditer(text):
        first, *renamed = FILE.findall(found["words"])
        if found["code"].startswith("---\n"):
            assert first not in files
            files[first] = found["code"].encode()
        else:
            _, front, body = files.pop(first).decode().split("---\n")
            merged = fields(front) | fields(found["code"])
            files[renamed[0] if renamed else first] = f"---\n{''.join(merged.values())}---\n{body}".encode()
        done += 1
    assert done == text.count("\n```\n") // 2, "an example has no file named before it"
    return files


def words(site: Mapping[str, bytes], path: str) -> str:
    """Return what a reader of a page or feed sees of it, as text."""
    if path.endswith("/"):
        (main,) = lxml.html.fromstring(site[f"{path[1:]}index.html"]).iter("main")
        for hidden in main.xpath("//*[@hidden]"):
            hidden.drop_tree()
        shown = str(main.text_content())
    else:
        shown = html.unescape(re.sub(r"<[^>]+>", " ", site[path[1:]].decode()))
    return " ".join(shown.split())


def test_the_page_lists_its_recipes() -> None:
    """The list at the top names each recipe once, in order."""
    listed = re.findall(r"(?m)^- \[([^\]]+)\]\(#([a-z-]+)\)$", INTRODUCTION)
    assert [name for name, _ in listed] == list(RECIPES)
    assert [anchor for _, anchor in listed] == [name.lower().replace(" ", "-") for name in RECIPES]


def test_nothing_promised_is_so_before() -> None:
    """The site that the recipes begin with is a right one, and no recipe promises only what is so without it."""
    for title, text in RECIPES.items():
        made = list(promises(text))
        assert made, title
        kept = [_kept(built(before(), promise.now), promise) for promise in made]
        assert not all(kept), f"{title}: all is so even without the recipe"


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_keeps_its_promises(title: str) -> None:
    """Done as the page says, the recipe has no problem, and readers see what it promises."""
    files = after(RECIPES[title])
    for promise in promises(RECIPES[title]):
        site = built(files, promise.now)
        assert _kept(site, promise), (promise, words(site, promise.path))


def _kept(site: Mapping[str, bytes], promise: Promise) -> bool:
    """Tell whether a promise is kept; a page that is not there says nothing."""
    try:
        seen = words(site, promise.path)
    except KeyError:
        return not promise.says
    if promise.text.startswith("→"):
        page = site[f"{promise.path.lstrip('/')}index.html"].decode()
        target = re.search(r'http-equiv="refresh" content="0; ?url=([^"]+)"', page)
        return target is not None and target[1].endswith(promise.text[1:])
    return (promise.text in seen) == promise.says


def test_front_matter_is_merged_by_field() -> None:
    """A field of a recipe takes the place of the whole field of the entry, whatever its lines."""
    merged = fields("a: 1\nb:\n  - c: 2\nd: 3\n") | fields("b: 4\ne: 5\n")
    assert yaml.safe_load("".join(merged.values())) == {"a": 1, "b": 4, "d": 3, "e": 5}


# --- the first two minutes ---------------------------------------------------------------------------------

AUTHORING: Final = (ROOT / "docs" / "authoring.md").read_text("utf-8")
FACTS: Final = {
    "organisation": "Home Office",
    "salary": "£71,000 to £85,000",
    "closes": "12 December 2026",
    "location": "Leeds",
    "apply": "https://www.example.gov.uk/jobs/1",
    "tags": "leadership",
    "summary": "Leads the laptops and networks of a large department.",
}


def test_a_new_job_is_on_the_screen(tmp_path: Path) -> None:
    """Who follows the first page of the guide sees the job in the preview, though nothing of it is published yet."""
    command = re.search(r"(?m)^\.venv/bin/python build\.py new job \"(.+)\"$", AUTHORING)
    said = re.search(r"(?m)^Wrote (content/jobs/(\S+)\.md)\. To fill in: the text\.$", AUTHORING)
    assert command is not None
    assert said is not None
    root = write_tree(tmp_path, before())
    with serving(root, now="2026-11-22T12:00") as running:
        running.built()
        options = [word for name, value in FACTS.items() for word in (f"--{name}", value)]
        done = run_program("new", "job", command[1], "--root", root, "--published", "2026-11-22", *options)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, said[0]), done.stderr
        file = root / said[1]
        file.write_text(f"{file.read_text('utf-8').rstrip()}\n\nYou would answer for it.\n", "utf-8")
        running.built()
        page = running.ask(f"/jobs/{said[2]}/")
        assert page.status == 200
        assert "You would answer for it." in page.body.decode()
