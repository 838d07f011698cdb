"""`why`: what a page is made of, why it would be rendered again, and what is made of an input, told from the plan."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from digest import cli
from digest.memo import PageKeys, causes
from tests.builders import read_tree, small_site, text_of, write_tree

CLOCK: Final = ("--now", "2026-06-01T12:00")
ENGINEER: Final = "jobs/engineer/index.html"
BODY: Final = "Another body."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a small site that is published; not to be changed."""
    root = write_tree(tmp_path_factory.mktemp("why") / "digest", small_site())
    assert cli.main(["build", "--root", str(root), *CLOCK]) == 0
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give another such folder, to be changed."""
    root = write_tree(tmp_path / "digest", small_site())
    assert cli.main(["build", "--root", str(root), *CLOCK]) == 0
    return root


def explained(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> dict[str, Any]:
    """Return what `why` says, as data."""
    capsys.readouterr()
    status = cli.main(["why", name, "--root", str(root), *CLOCK, "--format", "json"])
    out, err = capsys.readouterr()
    assert status == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_keys_tell_what_differs() -> None:
    """Two keys of a page say whether the program, its templates or its facts differ, each by itself."""
    plain = PageKeys(b"one", {"a": "x"}).of_view("a", b"view")
    assert causes(plain, plain) == ()
    assert causes(plain, PageKeys(b"two", {"a": "x"}).of_view("a", b"view")) == ("program",)
    assert causes(plain, PageKeys(b"one", {"a": "y"}).of_view("a", b"view")) == ("templates",)
    assert causes(plain, PageKeys(b"one", {"a": "x"}).of_view("a", b"other")) == ("facts",)


def test_a_page_that_is_as_published(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page names its source, its templates and the entries it shows; unchanged, it would be reused."""
    before = read_tree(published)
    for name in ("/jobs/engineer/", "jobs/engineer", ENGINEER, "https://small.example/jobs/engineer/"):
        found = explained(published, capsys, name)
        assert (found["path"], found["made_of"]) == (ENGINEER, "content/jobs/engineer.md")
        assert (found["made_by"], found["entries"]) == ("pages/job.html", [])
        assert {"pages/job.html", "layouts/base.html", "components/row.html"} <= set(found["templates"])
        assert (found["again"], found["causes"], found["lines"]) == (False, [], [])
    assert read_tree(published) == before


def test_a_change_is_told_by_its_lines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After an edit the page would be rendered again because of its facts, and the lines that change are shown."""
    edited = text_of("job", title="Data engineer", closes="11:55pm on 12 June 2026", body=BODY)
    write_tree(root, {"content/jobs/engineer.md": edited.encode()})
    found = explained(root, capsys, ENGINEER)
    assert (found["again"], found["causes"]) == (True, ["facts"])
    assert found["lines"] == ["-<p>You will design a service.</p>", f"+<p>{BODY}</p>"]
    assert explained(root, capsys, "/jobs/")["again"] is False


def test_a_template_is_told_apart_from_facts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited component is the cause for the pages that reach it, and for no other."""
    with (root / "templates/components/facts.html").open("a", encoding="utf-8") as file:
        file.write("{# a remark #}\n")
    found = explained(root, capsys, ENGINEER)
    assert (found["causes"], found["lines"]) == (["templates"], [])
    assert explained(root, capsys, "/tags/")["causes"] == []


def test_a_list_names_the_entries_it_shows(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list page is made of many entries, each named by its file, and of no other."""
    found = explained(published, capsys, "/tags/data/")
    entries = ["standard", "designer", "engineer", "director"]
    assert [re.sub(r".*/|\.md", "", name) for name in found["entries"]] == entries
    assert explained(published, capsys, "/jobs/closed/2014/")["entries"] == ["content/jobs/director.md"]


def _unmarked(path: str) -> str:
    """Take the mark of its content out of a name: a changed file of search has another name."""
    return re.sub(r"(?<=[./])[0-9a-f]{12}\.json$", "json", path)


@pytest.mark.parametrize("kind", ["body", "title"])
def test_the_files_of_an_entry_are_those_that_an_edit_changes(
    root: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    """Whatever file a real edit of an entry changes is among those that are said to be made of it."""
    told = set(explained(root, capsys, "content/jobs/engineer.md")["files"])
    before = read_tree(root / "site")
    title = "Data engineer" if kind == "body" else "Data engineer in chief"
    edited = text_of("job", title=title, closes="11:55pm on 12 June 2026", body=BODY)
    write_tree(root, {"content/jobs/engineer.md": edited.encode()})
    assert cli.main(["build", "--root", str(root), *CLOCK]) == 0
    after = read_tree(root / "site")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert ENGINEER in changed
    assert {_unmarked(path) for path in changed} - {"build.json", "sitemap.xml"} <= set(map(_unmarked, told))


def test_inputs_that_everything_is_made_of(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The configuration and the base layout reach every page; a copied file comes from its source."""
    pages = {path for path in read_tree(published / "site") if path.endswith(".html")}
    assert pages <= set(explained(published, capsys, "config.yaml")["files"])
    pages = {path for path in pages if not path.endswith("/email.html")}  # which has a layout of its own
    assert pages - {"404.html"} <= set(explained(published, capsys, "templates/layouts/base.html")["files"])
    (copied,) = explained(published, capsys, "templates/assets/icon.svg")["files"]
    found = explained(published, capsys, copied)
    assert (found["made_of"], found["made_by"], found["again"]) == ("templates/assets/icon.svg", None, False)


def test_a_page_that_is_not_published(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page of a new entry is said to be new."""
    write_tree(root, {"content/jobs/new.md": text_of("job", title="New").encode()})
    assert cli.main(["why", "/jobs/new/", "--root", str(root), *CLOCK]) == 0
    assert capsys.readouterr().out.endswith("\n  It is not published yet.\n")


def test_a_file_that_was_put_there_by_hand(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a published file that was changed by hand it is said that nothing is known, and what would change."""
    with (root / "site" / ENGINEER).open("a", encoding="utf-8") as file:
        file.write("by hand")
    found = explained(root, capsys, ENGINEER)
    assert (found["again"], found["causes"], found["lines"]) == (True, ["unknown"], ["-by hand", "+"])


def test_why_reads_like_this(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The words of the command for a page that changes, and for an input."""
    edited = text_of("job", title="Data engineer", closes="11:55pm on 12 June 2026", body=BODY)
    write_tree(root, {"content/jobs/engineer.md": edited.encode()})
    capsys.readouterr()
    assert cli.main(["why", "/jobs/engineer/", "--root", str(root), *CLOCK]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [ENGINEER, "  Made of content/jobs/engineer.md, by templates/pages/job.html."]
    assert re.fullmatch(r"  With \d+ other templates: components/badge\.html, .*\.", lines[2])
    assert re.fullmatch(r"  Its published bytes are of \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\.", lines[3])
    assert lines[4:] == [
        "  It would be rendered again: the facts that it shows are others.",
        "  2 lines would change:",
        "    -<p>You will design a service.</p>",
        f"    +<p>{BODY}</p>",
    ]
    assert cli.main(["why", "templates/components/facts.html", "--root", str(root), *CLOCK]) == 0
    assert capsys.readouterr().out.startswith(
        "templates/components/facts.html: 4 files of the site are made of it.\n    jobs/designer/index.html\n"
    )


def test_what_is_not_there(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is neither a page nor an input is wrong usage; problems of the content come first."""
    assert cli.main(["why", "/jobs/nobody/", "--root", str(published), *CLOCK]) == 2
    assert "there is neither a page nor an input '/jobs/nobody/'" in capsys.readouterr().err


def test_problems_come_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While an entry is broken its problem is told instead, with status 1."""
    write_tree(root, {"content/jobs/broken.md": text_of("job", salary=None).encode()})
    assert cli.main(["why", "/jobs/", "--root", str(root), *CLOCK]) == 1
    assert "error[required-field]" in capsys.readouterr().err
