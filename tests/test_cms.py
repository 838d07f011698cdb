"""The browser editor: its forms follow the field tables, and what it writes is what our reader reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema
import msgspec
import pytest
import yaml
from playwright.sync_api import BrowserContext, Locator, Page

from digest.diagnostics import report
from digest.documents.config import Config
from digest.documents.config_file import read_config
from digest.documents.entries import read_entry
from digest.documents.tables import TABLES
from tests.browsing import serve
from tests.builders import ROOT, text_of
from tools import editor
from tools.editor_config import BACKEND, editor_files

FORMS: Final[dict[str, Any]] = yaml.safe_load((ROOT / "editor" / "config.yml").read_text("utf-8"))
KINDS: Final = {"jobs": "job", "news": "news", "pages": "page"}
CONTENT: Final = sorted(path for folder in KINDS for path in (ROOT / "content" / folder).glob("*.md"))
FILES: Final = "navigator.storage.getDirectory()"
"""A file system of the browser's own, which the editor is given in the place of the editor's clone."""


def real_config() -> Config:
    """Return the project's own configuration."""
    found = read_config((ROOT / "config.yaml").read_text("utf-8")).value
    assert found is not None
    return found


REAL: Final = real_config()


# --- its forms ---------------------------------------------------------------------------------------------


def test_forms_are_valid(editor_scripts: Mapping[str, Path]) -> None:
    """The forms follow the schema that Sveltia CMS publishes with the version that is installed."""
    assert editor_scripts
    found = editor.LOCKED.find(*editor.SCHEMA)
    assert found is not None
    schema = json.loads(found.read_text("utf-8"))
    checked = jsonschema.Draft7Validator(schema)
    assert [error.message for error in checked.iter_errors(FORMS)] == []
    assert not checked.is_valid(FORMS | {"collections": [{"name": "jobs", "folder": "content/jobs"}]})


@pytest.mark.parametrize("folder", KINDS)
def test_each_field_has_a_form(folder: str) -> None:
    """The form of a kind has the fields of its table, in their order, the needed ones marked, and the text."""
    collection = next(found for found in FORMS["collections"] if found["name"] == folder)
    table = TABLES[KINDS[folder]]
    assert [field["name"] for field in collection["fields"]] == [*(field.name for field in table.fields), "body"]
    needed = [field["name"] for field in collection["fields"] if field.get("required", True)]
    assert needed == [*(field.name for field in table.fields if field.required), "body"]
    assert all(field.doc in made["hint"] for field, made in zip(table.fields, collection["fields"], strict=False))


def test_the_backend_is_the_owners() -> None:
    """Making the forms again keeps the backend that the owner of the repository wrote."""
    own = "backend: {name: gitlab, repo: group/digest}\n"
    assert yaml.safe_load(editor_files(REAL, own)["editor/config.yml"])["backend"] == {
        "name": "gitlab",
        "repo": "group/digest",
    }
    assert yaml.safe_load(editor_files(REAL, None)["editor/config.yml"])["backend"] == BACKEND


# --- files and forms ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(editor_scripts: Mapping[str, Path]) -> Iterator[str]:
    """Serve the editor."""
    own = {path.name: path.read_bytes() for path in (ROOT / "editor").iterdir() if path.is_file()}
    scripts = {name: path.read_bytes() for name, path in editor_scripts.items()}
    with serve(own | scripts | {"404.html": b""}, policy=None) as found:
        yield found.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    """Open a page that has the editor's scripts, but in which the editor has not begun; nothing else is reached."""
    context.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort("failed")
    )
    opened = context.new_page()
    opened.goto(f"{address}/shapes.json")
    for script in ("js-yaml.js", "editor.js"):
        opened.add_script_tag(url=f"{address}/{script}")
    return opened


AGAIN: Final = """([texts, shapes]) => texts.map(
    ([kind, text]) => toFile(fromFile(text, shapes[kind]), shapes[kind]))"""


def rewritten(page: Page, texts: list[tuple[str, str]]) -> list[str]:
    """Return files as the editor writes them again, if nobody changes anything."""
    shapes = json.loads((ROOT / "editor" / "shapes.json").read_text("utf-8"))
    found: list[str] = page.evaluate(AGAIN, [texts, shapes])
    return found


def facts(path: str, text: str) -> Any:
    """Return what our reader makes of a file."""
    written, problems = read_entry(path, text, REAL)
    assert written is not None, report(problems, "text")
    return written.entry, written.body


def test_no_entry_is_changed_by_being_opened(page: Page) -> None:
    """Every entry of the project, opened in the form and saved as it is, says the same to our reader."""
    texts = [(KINDS[path.parent.name], path.read_text("utf-8")) for path in CONTENT]
    assert len(texts) >= 75
    for path, (_, before), after in zip(CONTENT, texts, rewritten(page, texts), strict=True):
        name = path.relative_to(ROOT).as_posix()
        assert facts(name, after) == facts(name, before), after


SHAPES: Final = [
    {"salary": "£550 a day"},
    {"salary": "{pay: about £90k, note: 'The report says: about.'}"},
    {"salary": "{min: 71000, max: 85000, currency: GBP}"},
    {"salary": "[{label: London, salary: £50k}, {label: National, salary: {pay: £45k, note: Leeds.}}]"},
    {"closes": "{when: 6pm on 30 June 2026, timezone: Australia/Sydney, note: Local time.}"},
    {"organisation": "[Home Office, Cabinet Office]", "location": "[London, hybrid]"},
    {"grade": "{other: GS-14}", "clearance": "SC", "contract": "{type: fixed-term, length: 24 months}"},
    {"grade": "Grade 7", "clearance": "{other: Top secret}", "contract": "permanent", "draft": "true"},
    {"outcome": "filled"},
    {"outcome": "{result: filled, date: 2026-06-20}", "hours": "37.5", "posts": "14", "reference": "'007'"},
    {"changes": "{date: 2026-06-01, note: 'More: two posts', closes: 30 June 2026, was: 23 June 2026}"},
    {"source": "{name: Example, published: 2026-05}", "related": "a", "draft": "false"},
]


@pytest.mark.parametrize("fields", SHAPES, ids=" ".join)
def test_every_shape_survives(page: Page, fields: dict[str, str]) -> None:
    """Whatever shape a field is written in, the form takes it and gives back what says the same."""
    text = text_of("job", **fields)
    (after,) = rewritten(page, [("job", text)])
    assert facts("content/jobs/x.md", after) == facts("content/jobs/x.md", text), after
    assert rewritten(page, [("job", after)]) == [after]


def test_what_the_form_does_not_know_is_kept(page: Page) -> None:
    """A field of a later version, or a misspelt one, is not lost by editing another one."""
    (after,) = rewritten(page, [("job", text_of("job", later="{a: [b, c]}", salary="{pay: £50k, nota: x}"))])
    front = yaml.load(after.split("---\n")[1], yaml.BaseLoader)  # noqa: S506 - all values are texts
    assert (front["later"], front["salary"]) == ({"a": ["b", "c"]}, {"pay": "£50k", "nota": "x"})


# --- the editor itself -------------------------------------------------------------------------------------

SEED: Final = f"""async (files) => {{
  for (const [path, text] of Object.entries(files)) {{
    let folder = await {FILES};
    const parts = path.split("/");
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, {{ create: true }});
    const file = await (await folder.getFileHandle(parts.at(-1), {{ create: true }})).createWritable();
    await file.write(text);
    await file.close();
  }}
}}"""
READ: Final = f"""async (name) => {{
  const found = {{}};
  let folder = await (await {FILES}).getDirectoryHandle("content");
  folder = await folder.getDirectoryHandle(name);
  for await (const [file, handle] of folder.entries()) {{
    const text = await handle.getFile().then((read) => read.text()).catch(() => "");
    if (text) found[file] = text;
  }}
  return found;
}}"""
"""Gives the files of a folder, but for those that are being written."""
GRANTED: Final = f"""window.showDirectoryPicker = () => {FILES};
FileSystemHandle.prototype.requestPermission = FileSystemHandle.prototype.queryPermission = async () => "granted";"""


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(300)
    pytest.fail("it did not come to pass")


def test_a_person_writes_a_job_in_the_browser(page: Page, address: str) -> None:
    """Filled in by hand and saved, the form gives a file that our check takes; and an edit changes that field alone."""
    old = text_of("job", salary="{pay: about £90k, note: Kept.}", grade="{other: GS-14}")
    page.evaluate(SEED, {".git/HEAD": "ref: refs/heads/main\n", "content/jobs/old.md": old})
    page.set_viewport_size({"width": 1400, "height": 6000})  # fields out of sight are not there yet
    page.add_init_script(GRANTED)
    page.goto(address)
    page.get_by_role("button", name="Work with Local Repository").click()
    page.get_by_text("Service designer").first.wait_for()

    page.goto(f"{address}/#/collections/jobs/new")
    for field, text in WRITTEN.items():
        box(page, field).fill(text)
    page.locator('[data-key-path="tags"]').get_by_role("combobox").click()
    page.get_by_role("option", name="Leadership", exact=True).click()
    page.locator('[data-key-path="body"]').locator("textarea:visible").fill(
        "You would answer for the tools of 40,000 people."
    )
    page.get_by_role("button", name="Save").first.click()
    name, text = saved(page, {"old.md"})
    assert re.fullmatch(r"\d{4}-\d\d-head-of-digital-workplace\.md", name), "the month is that of its making"
    entry, _ = facts(f"content/jobs/{name}", text)
    assert (entry.title, entry.tags) == (WRITTEN["title"], ("leadership",))
    assert "salary: £71,000 to £85,000\ncloses: midday on 30 June 2026\n" in text
    assert text.endswith("---\n\nYou would answer for the tools of 40,000 people.\n")

    page.goto(f"{address}/#/collections/jobs/entries/old")
    box(page, "title").fill("Service designer, Leeds")
    page.get_by_role("button", name="Save").first.click()
    until(page, lambda: page.evaluate(READ, "jobs").get("old.md", old) != old)
    now, before = (facts("content/jobs/old.md", text)[0] for text in (page.evaluate(READ, "jobs")["old.md"], old))
    assert (now.title, before.title) == ("Service designer, Leeds", "Service designer")
    assert msgspec.structs.replace(now, title=before.title) == before


WRITTEN: Final = {
    "title": "Head of digital workplace",
    "published": "2026-06-01",
    "summary": "Leads the laptops of a department: 40,000 of them.",
    "organisation": "Home Office",
    "salary.pay": "£71,000 to £85,000",
    "closes.when": "midday on 30 June 2026",
    "apply": "https://www.example.gov.uk/vacancies/1",
}
"""What a person types into the form, by field."""


def box(page: Page, field: str) -> Locator:
    """Find the box of a field of the form."""
    return page.locator(f'[data-key-path="{field}"]').get_by_role("textbox").first


def saved(page: Page, known: set[str]) -> tuple[str, str]:
    """Wait for a file that was not there, and return its name and text."""
    until(page, lambda: bool(page.evaluate(READ, "jobs").keys() - known))
    files = page.evaluate(READ, "jobs")
    (name,) = files.keys() - known
    return name, files[name]
