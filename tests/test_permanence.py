"""What was published stays: its address, its place in feeds, and the file that remembers both, `content/urls.lock`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from digest.build import Build, Options, Snapshot
from digest.contract import LOCK
from digest.diagnostics import failed, report
from tests import samples
from tests.builders import read_tree, write_tree
from tests.tools.gazette import Said, counted, run

NOW: Final = "2026-06-01T12:00"
X: Final = "content/jobs/x.md"
Files = dict[str, bytes]


def _build(files: Files, now: str = NOW, *, drafts: bool = False, frozen: bool = False) -> Build:
    """Build, and hold that nothing is wrong."""
    building = Build(Snapshot(files), Options(datetime.fromisoformat(now), drafts, frozen=frozen))
    list(building.files())
    assert not failed(building.found.problems), report(building.found.problems, "text")
    return building


def _published(files: Files, now: str = NOW) -> Files:
    """Return the inputs as a build leaves them: with all that is published in the lock."""
    lock = _build({LOCK: b"", **files}, now).lock
    return {**files, LOCK: lock.data if lock else files.get(LOCK, b"")}


def _guids(files: Files, now: str = NOW) -> dict[str, str]:
    """Return the permanent id of each item of the feed of everything, by its address."""
    root = etree.fromstring(samples.build_site(files, now)["feed.xml"])
    return {item.findtext("link"): item.findtext("guid") for item in root.iter("item")}


def _problems(files: Files, now: str = NOW) -> str:
    return report(samples.build_result(files, now).problems, "text")


# --- the file ------------------------------------------------------------------------------------------------


def test_a_line_for_each_id_that_is_published() -> None:
    """The lock has a sorted line for each published, renamed or withdrawn entry and page, none for drafts and later."""
    files = {
        **samples.base(),
        X: samples.job(aliases=["first", "second", "/old/x/"]),
        "content/jobs/gone.md": samples.job(withdrawn={"date": "2026-05-30", "reason": "Gone."}),
        "content/jobs/later.md": samples.job(published="2026-06-10"),
        "content/news/draft.md": samples.news(draft=True),
    }
    assert _published(files)[LOCK].decode().splitlines() == [
        "job first 2026-05-20",
        "job gone 2026-05-20",
        "job one 2026-05-18",
        "job second 2026-05-20 first",
        "job x 2026-05-20 first",
        "news one-news 2026-05-20",
        "page about",
    ]


def test_the_lock_is_full_after_one_build() -> None:
    """What a build adds is all there is to add, and holds at any later clock for what was there."""
    files = _published({**samples.real(), LOCK: b""}, samples.BUSY_NOW)
    assert _build(files, samples.BUSY_NOW).lock is None
    later = _build(files, samples.REAL_NOW).lock
    assert later is not None
    assert set(files[LOCK].splitlines()) < set(later.data.splitlines())


def test_an_earlier_clock_loses_nothing() -> None:
    """The real lock names entries that are only scheduled at an earlier clock: that is no loss, and adds nothing."""
    assert samples.real()[LOCK].count(b"\n") == len(samples.carried())
    assert _build(dict(samples.real()), samples.BUSY_NOW).lock is None


def test_the_real_lock_is_full() -> None:
    """Every published entry of the real site is in the lock that is under version control."""
    _build(dict(samples.real()), samples.REAL_NOW, frozen=True)


@pytest.mark.parametrize("drafts", [True, False])
def test_previews_and_frozen_builds_add_nothing(*, drafts: bool) -> None:
    """A preview of drafts leaves the lock as it is, and so does a frozen build, which has nothing to add."""
    files = samples.base()
    files = {**files, LOCK: b""} if drafts else _published(files)
    assert _build(files, drafts=drafts, frozen=not drafts).lock is None


def test_without_the_file_nothing_is_held() -> None:
    """A site without the file is built as ever, and no file is begun."""
    files = samples.base()
    assert _build(files).lock is None
    del files["content/news/one-news.md"]
    assert _build(files).lock is None


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=3))
@settings(max_examples=20)
def test_lines_in_any_order_are_put_in_order(order: list[int], again: list[int]) -> None:
    """Whatever order a merge leaves lines in, and how often, they mean the same, and the next build tidies them."""
    files = _published({**samples.base(), X: samples.job()})
    lines = files[LOCK].splitlines(keepends=True)
    mixed = b"".join([lines[place] for place in order] + [lines[place] for place in again])
    building = _build({**files, LOCK: mixed}, frozen=True)
    assert building.lock is None
    lock = _build({**files, LOCK: mixed}).lock
    assert (lock.data if lock else mixed) == files[LOCK]


# --- what is held --------------------------------------------------------------------------------------------

Edit = Callable[[Files], object]


def _with(line: str, new: str = X, path: str = X) -> Edit:
    """Return an edit that adds a line to an entry, and perhaps renames it."""
    return lambda files: files.update({new: files.pop(path).replace(b"tags", f"{line}\ntags".encode())})


def _put(old: bytes, new: bytes) -> Edit:
    """Return an edit that replaces words of an entry."""
    return lambda files: files.update({X: files[X].replace(old, new)})


def _taken_over(files: Files) -> None:
    del files[X]
    _with("aliases: [/jobs/x/]", "content/jobs/one.md", "content/jobs/one.md")(files)


def _as_news(files: Files) -> None:
    del files[X]
    files["content/news/x.md"] = samples.news()


KEPT: Final[dict[str, Edit]] = {
    "rename": _with("aliases: [x]", "content/jobs/y.md"),
    "rename twice": _with("aliases: [x, y]", "content/jobs/z.md"),
    "withdraw": _with("withdrawn: {date: 2026-06-01, reason: Gone.}"),
    "another takes over": _taken_over,
    "typo": _put(b"words", b"wrods"),
    "time of day": _put(b'"2026-05-20"', b"2026-05-20 09:00"),
}
LOST: Final[dict[str, tuple[str, Edit]]] = {
    "delete": ("url-lost", lambda files: files.pop(X)),
    "rename": ("url-lost", lambda files: files.update({"content/jobs/y.md": files.pop(X)})),
    "draft": ("url-hidden", _with("draft: true")),
    "later": ("url-redated", _put(b"2026-05-20", b"2026-06-20")),
    "another year": ("url-redated", _put(b"2026-05-20", b"2025-05-20")),
    "another day": ("url-redated", _put(b"2026-05-20", b"2026-05-21")),
    "alias in front": ("guid-changed", _with("aliases: [older]")),
    "rename by path": ("guid-changed", _with("aliases: [/jobs/x/]", "content/jobs/y.md")),
    "other kind": ("url-lost", _as_news),
}


def _begun() -> Files:
    return _published({**samples.base(), X: samples.job()})


@pytest.mark.parametrize("name", KEPT)
def test_what_keeps_the_address_passes(name: str) -> None:
    """A change after which each published address still answers, and no item is new, needs no more than itself."""
    files = _begun()
    before = set(_guids(files).values())
    KEPT[name](files)
    site = samples.build_site(files)
    assert "jobs/x/index.html" in site
    assert set(_guids(files).values()) <= before
    _build(_published(files), frozen=True)


@pytest.mark.parametrize("name", LOST)
def test_what_breaks_a_promise_stops_the_build(name: str) -> None:
    """A change that would lose an address, or announce an item again, is refused; without the lock it goes through."""
    files = _begun()
    rule, edit = LOST[name]
    edit(files)
    assert f"error[{rule}]" in _problems(files)
    del files[LOCK]
    assert "error" not in _problems(files)


CURE: Final = re.compile(r"if it is (\S+) now, add as its line (\d+)  (aliases: \[.*?\])")


def test_the_cure_of_a_rename_is_exact() -> None:
    """The line that is told, at the place that is told, mends a rename, and feed readers see nothing new."""
    files = _begun()
    before = set(_guids(files).values())
    files["content/jobs/renamed.md"] = files.pop(X)
    found = CURE.search(_problems(files))
    assert found
    path, number, words = found.groups()
    lines = files[path].decode().split("\n")
    lines.insert(int(number) - 1, words)
    files[path] = "\n".join(lines).encode()
    assert set(_guids(files).values()) == before


@given(st.lists(st.sampled_from(["x", "y", "z", "w"]), max_size=6))
@settings(max_examples=25)
def test_renames_with_their_aliases_never_announce_again(names: list[str]) -> None:
    """However often an entry is renamed, to new names and back, its item stays one item, if old ids are aliases."""
    files = _begun()
    guid = _guids(files)["https://digest.example/jobs/x/"]
    current, past = "x", list[str]()
    for name in names:
        past = [old for old in dict.fromkeys([*past, current]) if old != name]
        if name == "x":
            continue  # the first id cannot be taken again while it is an alias
        files.pop(f"content/jobs/{current}.md")
        current = name
        files[f"content/jobs/{name}.md"] = samples.job(aliases=["x", *(old for old in past if old != "x")])
        files = _published(files)
        assert _guids(files)[f"https://digest.example/jobs/{name}/"] == guid


# --- redirects -----------------------------------------------------------------------------------------------


def test_redirects_for_hosts() -> None:
    """`_redirects` leads each old address to the entry in one step, below the site's path."""
    files = {**samples.base(), X: samples.job(aliases=["first", "second", "/old/x/"])}
    site = samples.build_site(files, base_url="https://digest.example/below/")
    assert site["_redirects"].decode().splitlines() == [
        f"/below{old} /below/jobs/x/ 301" for old in ("/jobs/first/", "/jobs/second/", "/old/x/")
    ]
    assert "_redirects" not in samples.build_site(samples.base())
    off = files["config.yaml"] + b"outputs: {redirects: false}\n"
    assert "_redirects" not in samples.build_site({**files, "config.yaml": off})


def test_a_withdrawn_entry_is_gone_for_hosts() -> None:
    """`_redirects` has status 410 for a withdrawn entry, answered by its notice; its old addresses lead there."""
    gone = samples.job(aliases=["first"], withdrawn={"date": "2026-05-25", "reason": "It was a mistake."})
    site = samples.build_site({**samples.base(), X: gone})
    assert site["_redirects"].decode().splitlines() == [
        "/jobs/first/ /jobs/x/ 301",
        "/jobs/x/ /jobs/x/index.html 410!",
    ]
    assert b"It was a mistake." in site["jobs/x/index.html"]


def test_redirects_have_no_chains() -> None:
    """An alias is no other entry's id or alias and not its own, so that no old address leads to another old one."""
    for aliases in (["one"], ["x"], ["first"]):
        other = {"content/jobs/z.md": samples.job(aliases=["first"])} if aliases == ["first"] else {}
        said = _problems({**samples.base(), **other, X: samples.job(aliases=aliases)})
        assert "error[alias-" in said


# --- the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a small site with an empty lock; the time is that of `NOW`, whatever the machine's is."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780311600")
    return write_tree(tmp_path / "digest", {**samples.base(), LOCK: b"", X: samples.job()})


def _run(root: Path, *options: str, command: str = "build") -> Said:
    return run(command, "--root", root, *options)


def test_build_writes_the_lock_once(root: Path) -> None:
    """The first build adds to the lock and says so; the next has nothing to do, and leaves file and cache alone."""
    assert "4 lines added to content/urls.lock: commit it." in _run(root).out
    there = (root / LOCK).stat()
    said = _run(root)
    assert "added" not in said.out
    assert counted(said).rendered == 0
    assert (root / LOCK).stat() == there


def test_a_build_after_the_lock_grew_is_known(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build found out holds for the lock that it has written: the next does no step of the pipeline."""
    _run(root)
    monkeypatch.setattr("digest.pipeline.Pipeline.files", lambda _: pytest.fail("the pipeline ran"))
    assert counted(_run(root)).rendered == 0


@pytest.mark.parametrize("options", [("--drafts",), ("--frozen",)], ids=" ".join)
def test_other_builds_leave_the_lock(root: Path, options: tuple[str, ...]) -> None:
    """A preview and a frozen build do not write the lock; the frozen one fails and names each line."""
    said = _run(root, *options)
    assert (root / LOCK).read_bytes() == b""
    assert said.status == (1 if "--frozen" in options else 0)
    assert ('the line "job x 2026-05-20" is missing' in said.err) == ("--frozen" in options)


def test_check_writes_no_lock(root: Path) -> None:
    """`check` tells of what is lost, and writes nothing."""
    assert _run(root, command="check").status == 0
    assert (root / LOCK).read_bytes() == b""
    _run(root)
    (root / X).unlink()
    assert "error[url-lost]" in _run(root, command="check").err


def test_a_look_ahead_writes_nothing_that_is_not_out(root: Path) -> None:
    """Built for a later day, entries of that day are shown, but only what is out by the real time is written down."""
    write_tree(root, {"content/jobs/later.md": samples.job(published="2026-06-10")})
    said = _run(root, "--now", "2026-06-11")
    assert "5 published" in said.out
    assert b"later" not in (root / LOCK).read_bytes()
    assert b"job x" in (root / LOCK).read_bytes()


def test_a_failed_build_writes_no_lock(root: Path) -> None:
    """Where nothing is published, nothing is written down."""
    (root / "content/jobs/y.md").write_bytes(samples.job(salary="lots"))
    assert _run(root).status == 1
    assert (root / LOCK).read_bytes() == b""


def test_a_publication_that_fails_writes_no_lock(root: Path) -> None:
    """Where the folder is another's, nothing is written down."""
    write_tree(root, {"site/precious.txt": b"mine"})
    assert _run(root).status == 2
    assert (root / LOCK).read_bytes() == b""


def test_dying_before_the_lock_is_written_loses_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that ends between publishing and writing the lock is made good by the next, which renders nothing."""
    with monkeypatch.context() as patch:
        patch.setattr("digest.disk.replace_input", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        said = _run(root)
    assert (said.status, "cannot be written" in said.err) == (3, True)
    assert (root / "site/jobs/x/index.html").is_file()
    assert (root / LOCK).read_bytes() == b""
    again = _run(root)
    assert counted(again).rendered == 0
    assert b"job x 2026-05-20\n" in (root / LOCK).read_bytes()


def test_a_lock_that_was_changed_meanwhile_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who edits the lock while a build runs loses nothing: that build leaves it, and the next adds to it."""
    mine = b"job x 2026-05-20\n"

    def published_then_edited(*asked: Any) -> Any:
        done = original(*asked)
        (root / LOCK).write_bytes(mine)
        return done

    from digest import cli  # noqa: PLC0415 - to be replaced for this test alone

    original = cli._published
    monkeypatch.setattr(cli, "_published", published_then_edited)
    said = _run(root)
    assert "was changed meanwhile" in said.err
    assert (root / LOCK).read_bytes() == mine
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780311600")
    assert "3 lines added" in _run(root).out


def test_the_lock_is_no_page(root: Path) -> None:
    """The lock is an input that is not published."""
    _run(root)
    assert [path for path in read_tree(root / "site") if "lock" in path.rpartition("/")[2]] == []
