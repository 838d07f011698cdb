"""The preview while files are saved, renamed, removed and checked out, and while the clock goes on.

Whatever happens on disk, once it is quiet the preview is byte for byte the clean site of what is there.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from digest.at_hand import AtHand
from digest.disk import Inputs, is_input, read_snapshot
from digest.publish import opened
from tests.builders import CONFIG, read_tree, small_site, text_of, write_tree
from tests.serving import PATIENCE, Serving, serving

GIT: Final = shutil.which("git") or ""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Give a preview of the small site; each test leaves it valid, and begins with whatever the one before left."""
    with serving(write_tree(tmp_path_factory.mktemp("watched"), small_site())) as running:
        running.built()
        yield running


# --- what happens on disk ------------------------------------------------------------------------------------


def test_burst_of_saves(served: Serving) -> None:
    """Many saves of one file one after the other end with the last one."""
    for number in range(50):
        served.write("content/jobs/designer.md", text_of("job", title=f"Title {number}"))
    served.settled()
    assert b"Title 49" in (served.site / "jobs" / "designer" / "index.html").read_bytes()


def test_saves_in_place(served: Serving) -> None:
    """An editor that empties a file and then writes it, with a pause between, ends with what it wrote."""
    target = served.root / "content" / "jobs" / "designer.md"
    with target.open("w", encoding="utf-8") as file:
        file.flush()
        time.sleep(0.03)
        file.write(text_of("job", title="Written in place"))
    served.settled()
    assert b"Written in place" in (served.site / "jobs" / "designer" / "index.html").read_bytes()


def test_files_of_editors_are_no_problem(served: Serving) -> None:
    """Swap files, backups, locks and the file by which vim tries a folder cause no build and no problem."""
    said = len(served.words)
    jobs = served.root / "content" / "jobs"
    for name in (".designer.md.swp", "designer.md~", "#designer.md#", ".#designer.md", ".goutputstream-X1", "4913"):
        (jobs / name).write_bytes(b"\0")
        if name == "4913":
            (jobs / name).unlink()
    served.write("content/jobs/engineer.md", text_of("job", title="Saved at last"))
    served.settled()
    assert "error" not in "".join(served.words[said:])
    for name in (".designer.md.swp", "designer.md~", "#designer.md#", ".#designer.md", ".goutputstream-X1"):
        (jobs / name).unlink()


def test_new_renamed_and_removed_files(served: Serving) -> None:
    """A file that comes has a page, one that is renamed has another, one that goes has none any more."""
    served.write("content/news/tides.md", text_of("news", title="Tides"))
    served.settled()
    assert (served.site / "news" / "tides" / "index.html").is_file()
    (served.root / "content" / "news" / "tides.md").rename(served.root / "content" / "news" / "currents.md")
    served.settled()
    assert served.ask("/news/tides/").status == 404
    assert served.ask("/news/currents/").status == 200
    (served.root / "content" / "news" / "currents.md").unlink()
    served.settled()
    assert served.ask("/news/currents/").status == 404


def test_folders_come_move_and_go(served: Serving) -> None:
    """Folders of inputs may be moved away and back, and the watch goes on with the new ones."""
    root = served.root
    (root / "content" / "news").rename(root / "news-elsewhere")
    served.settled()
    assert served.ask("/news/standard/").status == 404
    (root / "news-elsewhere").rename(root / "content" / "news")
    served.settled()
    shutil.copytree(root / "content", root / "copy")
    (root / "content").rename(root / "content-old")
    (root / "copy").rename(root / "content")
    served.settled()
    served.write("content/news/standard.md", text_of("news", title="In the new folder"))
    served.settled()
    assert b"In the new folder" in (served.site / "news" / "standard" / "index.html").read_bytes()
    shutil.rmtree(root / "content-old")


def test_templates_and_configuration_are_watched(served: Serving) -> None:
    """A change of a template, of an asset or of the configuration changes the pages that it reaches."""
    template = served.root / "templates" / "layouts" / "entry.html"
    served.write("templates/layouts/entry.html", template.read_text("utf-8").replace("Key facts", "The facts"))
    served.settled()
    assert b"The facts" in (served.site / "jobs" / "designer" / "index.html").read_bytes()
    sheet = served.root / "templates" / "assets" / "site.css"
    served.write("templates/assets/site.css", sheet.read_bytes() + b"\n")
    served.settled()
    served.write("config.yaml", CONFIG.replace("Small digest", "Another name"))
    served.settled()
    assert b"Another name" in (served.site / "index.html").read_bytes()


@pytest.mark.skipif(not GIT, reason="git is missing")
def test_checkout_of_a_branch(served: Serving) -> None:
    """Many files that change, come and go at once, as when a branch is checked out, end in the clean site."""
    root = served.root
    (root / ".gitignore").write_text(".preview/\n.cache/\n", encoding="utf-8")

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run([GIT, *identity, *arguments], cwd=root, check=True, capture_output=True)

    git("init")
    git("add", "-A")
    git("commit", "-m", "before")
    git("checkout", "-b", "other")
    for number in range(60):
        served.write(f"content/jobs/job-{number}.md", text_of("job", title=f"Job {number}"))
    (root / "content" / "jobs" / "engineer.md").unlink()
    served.write("content/jobs/designer.md", text_of("job", related="[job-7]", body="See [the other](/jobs/job-7/)."))
    served.settled()
    git("add", "-A")
    git("commit", "-m", "after")
    for branch in ("main", "other", "main"):
        git("checkout", branch)
        served.settled()
    shutil.rmtree(root / ".git")


def test_deleted_preview_is_built_again(served: Serving) -> None:
    """Should somebody delete the built preview, the next save makes it whole again."""
    shutil.rmtree(served.site)
    shutil.rmtree(served.site.with_name(".site.spare"))
    for _ in range(3):
        served.write("content/pages/about.md", text_of("page", body=f"Built again at {time.monotonic_ns()}."))
        end = time.monotonic() + PATIENCE / 10
        while time.monotonic() < end and not (served.site / "about" / "index.html").is_file():
            time.sleep(0.05)
    served.settled()


def test_failing_builds_in_between_leave_nothing(served: Serving) -> None:
    """After mistakes of several kinds, each mended, the preview is that of a clean build."""
    for wrong in (
        {"content/jobs/designer.md": text_of("job", salary="circa 90,000")},
        {"content/jobs/designer.md": text_of("job", related="[nowhere-at-all]")},
        {"templates/pages/job.html": "{{ nothing.at.all }}"},
        {"config.yaml": "title: ["},
    ):
        before = {path: (served.root / path).read_bytes() for path in wrong}
        for path, text in wrong.items():
            served.write(path, text)
        served.until("The preview stays as it was.")
        for path, data in before.items():
            served.write(path, data)
        served.settled()


# --- the clock -----------------------------------------------------------------------------------------------


def test_job_closes_while_you_watch(tmp_path: Path) -> None:
    """At the moment at which the site changes by itself it is built again, and the open page loads again."""
    files = small_site() | {"content/jobs/designer.md": text_of("job", closes="midday on 12 June 2026").encode()}
    with serving(write_tree(tmp_path, files), now="2026-06-12T11:59:50") as running:
        running.built()
        with running.hearing("jobs/designer/index.html") as heard:
            state = heard()
            if state[0] == "problems":  # on a very slow machine it has closed by now
                assert heard() == ("reload", None)
        assert b"This job closed" in (running.site / "jobs" / "designer" / "index.html").read_bytes()


# --- pieces --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("config.yaml", True),
        ("content/jobs/cdo.md", True),
        ("templates/assets/site.css", True),
        ("content/images/a/b.png", True),
        ("other.yaml", False),
        ("site/index.html", False),
        ("content/jobs/.cdo.md.swp", False),
        ("content/.git/config", False),
        ("content/jobs/cdo.md~", False),
        ("content/jobs/#cdo.md#", False),
        ("content/Thumbs.db", False),
    ],
)
def test_inputs_are_told_from_other_files(path: str, expected: bool) -> None:  # noqa: FBT001 - a case of a table
    """What is watched is what a snapshot would hold."""
    assert is_input(path) is expected


def test_inputs_are_those_of_a_snapshot(tmp_path: Path) -> None:
    """For every file of a tree `is_input` says whether a look finds it."""
    names = [".hidden", "a~", "#a#", "Thumbs.db", "a.md", ".git/a.md", "jobs/a.md", "jobs/.b/c.md", "jobs/desktop.ini"]
    paths = [f"{folder}/{name}" for folder in ("content", "templates", "site") for name in names]
    write_tree(tmp_path, dict.fromkeys(["config.yaml", "config.yml", *paths], b"x"))
    found = set(read_snapshot(tmp_path).digests or {})
    assert found == {path for path in ["config.yaml", "config.yml", *paths] if is_input(path)}
    assert len(found) > 4


def test_look_at_what_changed_equals_a_look_at_all(tmp_path: Path) -> None:
    """Whatever is said to have changed, a look that trusts it finds what a full look finds."""
    write_tree(tmp_path, {"config.yaml": b"1", "content/jobs/a.md": b"1", "content/jobs/b.md": b"1"})
    inputs = Inputs(tmp_path)
    inputs.look()
    steps: list[Callable[[], object]] = [
        lambda: (tmp_path / "content/jobs/a.md").write_bytes(b"2"),
        (tmp_path / "content/jobs/b.md").unlink,
        lambda: write_tree(tmp_path, {"content/jobs/c.md": b"1"}),
        lambda: (tmp_path / "content/jobs").rename(tmp_path / "content/posts"),
        lambda: write_tree(tmp_path, {"content/new/deep/d.md": b"1"}),
        lambda: shutil.rmtree(tmp_path / "content/posts"),
    ]
    told = [
        ["content/jobs/a.md", "content/jobs/4913"],
        ["content/jobs/b.md"],
        ["content/jobs/c.md"],
        ["content/jobs", "content/posts"],
        ["content/new"],
        ["content/posts"],
    ]
    for step, changed in zip(steps, told, strict=True):
        step()
        assert inputs.look(changed).digests == read_snapshot(tmp_path).digests
    assert set(read_snapshot(tmp_path).digests or {}) == {"config.yaml", "content/new/deep/d.md"}


def test_what_is_not_said_to_have_changed_is_not_read(tmp_path: Path) -> None:
    """A look at one file reads that one alone: another, edited unsaid, is found by the next full look."""
    write_tree(tmp_path, {"config.yaml": b"1", "content/jobs/a.md": b"1", "content/jobs/b.md": b"1"})
    inputs = Inputs(tmp_path)
    first = dict(inputs.look().digests or {})
    write_tree(tmp_path, {"content/jobs/a.md": b"2", "content/jobs/b.md": b"2"})
    second = dict(inputs.look(["content/jobs/a.md"]).digests or {})
    assert [path for path in first if first[path] != second[path]] == ["content/jobs/a.md"]
    assert inputs.look().digests == read_snapshot(tmp_path).digests


def test_values_at_hand_stand_on_their_ground() -> None:
    """Values kept by a build are given to the next one on equal ground, and to none on another."""
    at_hand = AtHand()
    at_hand.keep("parts", ("frame", {"a": "1"}), {b"k": 1})
    assert at_hand.known("parts", ("frame", {"a": "1"})) == {b"k": 1}
    assert at_hand.known("parts", ("frame", {"a": "2"})) == {}
    assert at_hand.known("records", ("frame", {"a": "1"})) == {}
    made = count(1)
    assert [at_hand.same("lines", ground, lambda: next(made)) for ground in "aabba"] == [1, 1, 2, 2, 3]


def test_publications_that_follow_each_other(tmp_path: Path) -> None:
    """Publications under one lock leave what single ones leave, also after one whose files could not be made."""
    from digest.contract import Made  # noqa: PLC0415 - used here alone
    from digest.fingerprints import fingerprint  # noqa: PLC0415

    def made(site: dict[str, bytes], *, fails: bool = False) -> Iterator[Made]:
        for path, data in site.items():
            yield Made(path, fingerprint(data), data)
        if fails:
            message = "problems"
            raise ValueError(message)

    sites = [
        {"build.json": b"{}", "a/index.html": b"1", "b/index.html": b"1"},
        {"build.json": b"{}", "a/index.html": b"2", "b/index.html": b"1"},
        {"build.json": b"{}", "a/index.html": b"2", "c": b"1"},
        {"build.json": b"{}", "a": b"3", "c/d/index.html": b"1"},
        {"build.json": b"{}", "a": b"3", "c/d/index.html": b"1"},
        {"build.json": b"{}", "a/index.html": b"1", "b/index.html": b"1"},
    ]
    with opened(tmp_path / "site") as first:
        publication = first
        for number, site in enumerate(sites):
            publication.put(made(site))
            assert read_tree(tmp_path / "site") == site
            assert set(publication.changed) == _differing(sites[number - 1] if number else {}, site)
            publication = publication.following()
            with pytest.raises(ValueError, match="problems"):
                publication.put(made(site | {"x/y": b"never"}, fails=True))
            assert read_tree(tmp_path / "site") == site
            publication = publication.following()
    with opened(tmp_path / "site") as publication:
        assert publication.put(made(sites[-1])).written == 0


def _differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
