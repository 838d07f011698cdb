"""`diff`: what publishing would change, told exactly, from what is published and from what would be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from digest import cli
from digest.comparing import RECORD, compare
from tests.builders import read_tree, small_site, text_of, utc, write_tree

NOW: Final = "2026-06-01T12:00"
Said = Callable[..., dict[str, Any]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small site that is published at noon on 1 June 2026."""
    root = write_tree(tmp_path / "digest", small_site())
    assert cli.main(["build", "--root", str(root), "--now", NOW]) == 0
    return root


@pytest.fixture
def differs(root: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Give a function that returns what `diff` says, as data."""

    def said(*more: str, now: str = NOW) -> dict[str, Any]:
        capsys.readouterr()
        assert cli.main(["diff", "--root", str(root), "--now", now, "--format", "json", *more]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return said


def titles(entries: list[dict[str, str]]) -> list[str]:
    """Return the titles of entries."""
    return [entry["title"] for entry in entries]


def write(root: Path, name: str, kind: str, **fields: str | None) -> None:
    """Write an entry of the site."""
    write_tree(root, {name: text_of(kind, **fields).encode()})


def test_nothing_changes_of_itself(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right after a build there is nothing to tell, and telling it writes nothing."""
    before = read_tree(root)
    capsys.readouterr()
    assert cli.main(["diff", "--root", str(root), "--now", NOW]) == 0
    assert capsys.readouterr().out == "Publishing now would change nothing.\n"
    assert read_tree(root) == before


@pytest.mark.parametrize("now", [NOW, "2026-06-13T12:00"])
def test_it_tells_what_a_build_does(root: Path, differs: Said, now: str) -> None:
    """The files that are said to be added, changed and removed are those that the next build moves."""
    write(root, "content/jobs/new.md", "job", title="New job")
    write(root, "content/jobs/designer.md", "job", title="Service designer", closes="3 July 2026")
    os.remove(root / "content/jobs/director.md")  # noqa: PTH107 - as an editor would
    before = read_tree(root / "site")
    told = {change["path"]: change["change"] for change in differs(now=now)["files"]}
    assert cli.main(["build", "--root", str(root), "--now", now]) == 0
    after = read_tree(root / "site")
    moved = dict.fromkeys(after.keys() - before.keys(), "added")
    moved |= dict.fromkeys(before.keys() - after.keys(), "removed")
    moved |= {path: "changed" for path in before.keys() & after.keys() if before[path] != after[path]}
    assert told == moved


def test_subscribers_get_what_is_new_and_what_was_noted(root: Path, differs: Said) -> None:
    """A new entry is new to subscribers, a noted change is sent again, and a slip mended in silence is neither."""
    write(root, "content/news/new.md", "news", title="New news")
    changes = "[{date: 2026-06-01, note: Two posts now.}]"
    write(root, "content/jobs/designer.md", "job", title="Service designer", changes=changes)
    write(root, "content/news/standard.md", "news", title="A new standard for all forms")
    found = differs()
    assert titles(found["new"]) == ["New news"]
    assert [(entry["title"], entry["said"]) for entry in found["updated"]] == [("Service designer", "Two posts now.")]
    assert found["facts"] is True


def test_a_deadline_that_moved_is_told(root: Path, differs: Said) -> None:
    """The old and the new deadline stand side by side."""
    write(root, "content/jobs/designer.md", "job", title="Service designer", closes="11:55pm on 3 July 2026")
    (moved,) = differs()["deadlines"]
    assert moved["said"] == "30 June 2026 is now 11:55pm on 3 July 2026"


def test_the_clock_closes_and_opens_jobs(root: Path, differs: Said) -> None:
    """Jobs whose time is up since the last build are told, and those that one can apply for since."""
    write(root, "content/jobs/later.md", "job", title="Later", opens="5 June 2026")
    assert cli.main(["build", "--root", str(root), "--now", NOW]) == 0
    found = differs(now="2026-06-13T12:00")
    assert (titles(found["closing"]), titles(found["opening"])) == (["Data engineer"], ["Later"])
    assert differs(now=NOW)["closing"] == []


def test_an_early_end_closes_a_job(root: Path, differs: Said) -> None:
    """A job that its outcome ended is told as closing, without the clock."""
    outcome = "{result: filled, date: 2026-05-30}"
    write(root, "content/jobs/designer.md", "job", title="Service designer", outcome=outcome)
    assert titles(differs()["closing"]) == ["Service designer"]


def test_renames_and_withdrawals(root: Path, differs: Said) -> None:
    """A rename is a redirect and nothing new; a withdrawn entry is told as such."""
    (root / "content/jobs/designer.md").rename(root / "content/jobs/designer-in-leeds.md")
    write(root, "content/jobs/designer-in-leeds.md", "job", title="Service designer", aliases="[designer]")
    gone = "{date: 2026-06-01, reason: Sent in error.}"
    write(root, "content/news/standard.md", "news", title="A new standard for forms", withdrawn=gone)
    found = differs()
    assert (found["new"], found["redirects"]) == ([], [])  # the page stays, and now leads on
    assert titles(found["gone"]) == ["A new standard for forms"]
    write(root, "content/jobs/designer-in-leeds.md", "job", title="Service designer", aliases="[designer, older]")
    assert differs()["redirects"] == ["/jobs/older/"]


def test_a_site_in_another_folder(root: Path, differs: Said, tmp_path: Path) -> None:
    """`--against` compares with any folder of files; one without open data gives pages alone."""
    (root / "site").rename(tmp_path / "elsewhere")
    assert differs("--against", str(tmp_path / "elsewhere"))["files"] == []
    (tmp_path / "elsewhere" / "data" / "jobs.json").unlink()
    found = differs("--against", str(tmp_path / "elsewhere"))
    assert (found["facts"], [change["path"] for change in found["files"]]) == (False, ["data/jobs.json"])
    assert {change["change"] for change in differs("--against", str(tmp_path / "nothing"))["files"]} == {"added"}


def test_diff_reads_like_this(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The words of the command, for a terminal and for a pull request."""
    write(root, "content/jobs/new.md", "job", title="New *job*")
    capsys.readouterr()
    assert cli.main(["diff", "--root", str(root), "--now", NOW]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Publishing now would change ")
    assert lines[1:4] == ["", "New to subscribers (1):", "  New *job*"]
    assert "  + New *job* jobs/new/index.html" in lines
    assert cli.main(["diff", "--root", str(root), "--now", NOW, "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert "\n### New to subscribers (1)\n\n- [New \\*job\\*](https://small.example/jobs/new/)\n" in out
    assert "\n- + New \\*job\\* `jobs/new/index.html`\n" in out
    assert cli.main(["diff", "--root", str(root), "--now", NOW, "--all"]) == 0
    assert "\n  + jobs/new/index.html\n" in capsys.readouterr().out


def test_problems_come_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While an entry is broken its problem is told instead, with status 1."""
    write(root, "content/jobs/broken.md", "job", salary=None)
    assert cli.main(["diff", "--root", str(root), "--now", NOW]) == 1
    assert "error[required-field]" in capsys.readouterr().err


def test_without_a_record_nothing_is_taken_to_have_been_open() -> None:
    """Where the published site does not say how long it holds, no job is said to close."""
    record = {"guid": "tag:x", "url": "https://x/jobs/a/", "title": "A", "updated": "2026-05-01", "closes_text": "x"}
    data = {"data/jobs.json": json.dumps({"jobs": [record | {"open_until": "2026-05-20T00:00:00Z"}]}).encode()}
    found = compare([], data, data, utc("2026-06-01T12:00"))
    assert found.closing == ()
    assert RECORD not in data
