"""Histories on disk: whatever was edited, moved or damaged between builds, each build makes what a clean one makes.

Every step goes through the command line, in this process, over folders that outlive it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.builders import write_tree
from tests.publishing import marks
from tests.samples import job
from tests.tools.edits import BREAKS, CONTENT, EDITS
from tests.tools.gazette import counted
from tests.tools.world import START, How, World

HISTORIES: Final = 200
STEPS: Final = 5
"""Most steps of a history; each builds at least once."""
TICKS: Final = 10_000_000
"""Nanoseconds after which a file's times are trusted: more than two ticks of the clock that gives them, and less than
a build, so that what they say is used here; outside of tests it takes seconds."""
MOMENTS: Final = (
    "2026-05-25",
    START,
    "2026-06-01T18:00",
    "2026-06-03",
    "2026-06-05T00:00",
    "2026-06-10",
    "2026-06-12T23:54",
    "2026-06-12T23:55",
    "2026-07-01",
    "2026-12-31T23:59",
    "2027-01-01",
)
numbers: Final = st.integers(0, 9)
shares: Final = st.floats(0, 1)
hows: Final = st.sampled_from(["written", "set back", "replaced"])
Chosen = list[tuple[str, int]]
"""Edits, each with its number."""


def chosen(names: Iterable[str], least: int, most: int) -> st.SearchStrategy[Chosen]:
    """Give from `least` to `most` edits."""
    return st.lists(st.tuples(st.sampled_from(sorted(names)), numbers), min_size=least, max_size=most)


perhaps: Final = chosen(EDITS, 0, 1)


class Histories(RuleBasedStateMachine):
    """After each step the published folder is, byte for byte, what a clean build makes elsewhere.

    A step edits, moves the clock, or damages what builds have left; where it damages something, an edit may come at
    the same time.
    """

    @initialize()
    def start(self) -> None:
        """Begin with a small site, built once."""
        self.patch = pytest.MonkeyPatch()
        for name in ("digest.disk.RACY", "digest.trees.RACY"):
            self.patch.setattr(name, TICKS, raising=False)
        self.world = World(Path(tempfile.mkdtemp(prefix="histories-")))
        self.world.build()

    def teardown(self) -> None:
        """Remove everything."""
        if hasattr(self, "world"):
            self.patch.undo()
            shutil.rmtree(self.world.folder)

    def _build_after(self, edits: Chosen, how: How = "written") -> None:
        self.world.edit(edits, how)
        self.world.build()

    # --- inputs and options ----------------------------------------------------------------------------------

    @rule(edits=chosen(CONTENT, 1, 3), how=hows)
    def edit_content(self, edits: Chosen, how: How) -> None:
        """Edit entries, in a way that may leave size and time of a file as they were."""
        self._build_after(edits, how)

    @rule(edits=chosen(EDITS.keys() - CONTENT.keys(), 1, 2), how=hows)
    def edit_theme_or_configuration(self, edits: Chosen, how: How) -> None:
        """Edit templates, assets or values of the configuration."""
        self._build_after(edits, how)

    @rule(name=st.sampled_from(sorted(BREAKS)), how=hows, edits=perhaps)
    def break_and_mend(self, name: str, how: How, edits: Chosen) -> None:
        """Make a mistake, which stops the build, and mend it."""
        right = self.world.is_right()
        whole = dict(self.world.files)
        files = dict(whole)
        BREAKS[name](files, 0)
        self.world.write(files, how)
        said = self.world.build()
        assert said.status == (0 if right and files == whole else 1)
        self.world.write(whole, how)
        self._build_after(edits, how)

    @rule(moment=st.sampled_from(MOMENTS), edits=perhaps)
    def move_clock(self, moment: str, edits: Chosen) -> None:
        """Move the clock, forward or back."""
        self.world.now = moment
        self._build_after(edits)

    @rule(name=st.sampled_from(["public", "preview"]), drafts=st.booleans(), moved=st.booleans(), edits=perhaps)
    def choose(self, name: str, edits: Chosen, *, drafts: bool, moved: bool) -> None:
        """Build into this folder or the other, with drafts or without, for the site's own address or another."""
        self.world.out = self.world.outs[name]
        self.world.drafts = drafts
        self.world.base_url = "https://elsewhere.example/below/" if moved else None
        self._build_after(edits)

    @rule(when=st.sampled_from([None, 0, 1_000_000_000, 4_000_000_000]))
    def do_nothing(self, when: int | None) -> None:
        """Build what is built already, perhaps after giving every input another time: nothing is rendered."""
        if self.world.build().status == 0:
            for path in self.world.files if when is not None else ():
                os.utime(self.world.root / path, (when or 0, when or 0))
            assert counted(self.world.build()).rendered == 0

    # --- what is remembered ----------------------------------------------------------------------------------

    @rule(damage=st.sampled_from(["cut", "flip", "delete", "keep"]), which=numbers, share=shares, edits=perhaps)
    def damage_cache(self, damage: str, which: int, share: float, edits: Chosen) -> None:
        """Cut a file of the cache short, flip a bit of it, delete the cache, or put back the one of an earlier day."""
        cache, kept = self.world.root / ".cache", self.world.folder / "kept"
        files = sorted(path for path in cache.rglob("*") if path.is_file())
        if damage == "keep" and cache.exists():
            if kept.exists():
                shutil.rmtree(cache)
                kept.rename(cache)
            else:
                shutil.copytree(cache, kept)
        elif damage == "delete":
            shutil.rmtree(cache, ignore_errors=True)
        elif files:
            _damage(files[which % len(files)], damage, share, which % 8)
        self._build_after(edits)

    @rule(damage=st.sampled_from(["cut", "delete", "flip"]), share=shares, edits=perhaps)
    def damage_state(self, damage: str, share: float, edits: Chosen) -> None:
        """Cut short, garble or delete what is remembered of the published folder."""
        path = self.world.beside("state")
        if path.exists():
            self.world.lost.add(self.world.out)
            _damage(path, damage, share)
        self._build_after(edits)

    # --- what is published -----------------------------------------------------------------------------------

    @rule(path=st.sampled_from(["stray.txt", "jobs/stray", ".git/HEAD"]), edits=perhaps)
    def add_stray(self, path: str, edits: Chosen) -> None:
        """Put a file into the published folder: a build refuses to touch anything until it is gone."""
        world = self.world
        if not world.out.is_dir():
            return
        world.edit(edits, "written")
        write_tree(world.out, {path: b"precious"})
        before = marks(world.out)
        said = world.run()
        assert (said.status, said.out) == (2 if world.is_right() else 1, "")
        assert Path(path).name in said.err or not world.is_right()
        assert marks(world.out) == before
        (world.out / path).unlink()
        world.build()

    @rule(damage=st.sampled_from(["empty", "delete", "spare"]), edits=perhaps)
    def lose_folder(self, damage: str, edits: Chosen) -> None:
        """Empty the published folder, or delete it or the spare."""
        shutil.rmtree(self.world.beside("spare") if damage == "spare" else self.world.out, ignore_errors=True)
        if damage == "empty":
            self.world.out.mkdir(parents=True)
        self._build_after(edits)

    @rule(
        damage=st.sampled_from(["delete", "cut", "flip", "touch", "copy"]), which=numbers, share=shares, edits=perhaps
    )
    def damage_published(self, damage: str, which: int, share: float, edits: Chosen) -> None:
        """Damage some of the published files."""
        for path in sorted(path for path in self.world.out.rglob("*") if path.is_file())[which::9]:
            _damage(path, damage, share, which % 8)
        self._build_after(edits)


def _damage(path: Path, how: str, share: float, bit: int = 0) -> None:
    """Delete a file, cut it short, flip a bit of it, touch it, or put a copy with the same times in its place."""
    data = bytearray(path.read_bytes())
    if how == "delete":
        path.unlink()
    elif how == "cut":
        os.truncate(path, int(share * len(data)))
    elif how == "touch":
        os.utime(path)
    elif how == "copy":
        copy = path.with_name("copy")
        shutil.copy2(path, copy)
        copy.replace(path)
    elif data:
        data[min(int(share * len(data)), len(data) - 1)] ^= 1 << bit
        path.write_bytes(data)


Histories.TestCase.settings = settings(max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None)
TestHistories = Histories.TestCase


# --- histories by hand ---------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a small site, not yet built."""
    return World(tmp_path)


BLIND: Final = {
    "body": ("body", 0, b"Line ", b""),
    "configuration": ("strapline", 0, b"By hand ", b""),
    "picture": ("picture", 1, b"M1 ", b"h2"),
    "template": ("page template", 0, b"<!-- ", b" -->"),
    "component": ("badge", 0, b"<!-- ", b" -->"),
}
"""An edit, its number, and what stands on either side of that in the file."""


@pytest.mark.parametrize("name", BLIND)
def test_these_histories_have_teeth(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a fingerprint does not see one edit, the next build is found to be wrong."""
    edit, number, before, after = BLIND[name]
    world.edit([(edit, number)], "written")
    world.build()
    world.edit([(edit, number + 6)], "written")
    assert world.is_right()  # the clean build sees everything
    old, new = (before + str(value).encode() + after for value in (number, number + 6))
    blinded = 0
    for module in [module for found, module in sys.modules.items() if found.startswith("digest.")]:
        real = getattr(module, "fingerprint", None)
        if callable(real):
            monkeypatch.setattr(module, "fingerprint", _blind(real, new, old))
            blinded += 1
    assert blinded
    with pytest.raises(AssertionError):
        world.build()
    monkeypatch.undo()
    world.build()


def _blind(real: Callable[..., bytes], new: bytes, old: bytes) -> Callable[..., bytes]:
    """Return a fingerprint that takes the new words for the old ones."""

    def blind(*parts: bytes | str) -> bytes:
        return real(
            *(
                part.replace(new.decode(), old.decode()) if isinstance(part, str) else part.replace(new, old)
                for part in parts
            )
        )

    return blind


@pytest.mark.parametrize(("name", "number"), [("delete", 2), ("bands", 7), ("rename", 0), ("new", 0)])
def test_what_is_gone_stays_gone(world: World, name: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an edit removed is still in the spare; later builds, of whatever else, do not publish it again."""
    monkeypatch.setattr("digest.trees.RACY", TICKS, raising=False)
    world.edit([("new", 0)], "written")
    world.build()
    before = world.clean_site()
    world.edit([(name, number)], "written")
    world.build()
    assert before.keys() - world.clean_site().keys()
    for step in range(1, 4):
        time.sleep(2 * TICKS / 1_000_000_000)  # so that folders have not changed for long
        world.edit([("strapline", step)], "written")
        world.build()


@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_what_was_put_back_is_what_is_published(world: World, damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A published file that was damaged, and put back from a copy, stays: its old name in the spare is another file."""
    monkeypatch.setattr("digest.trees.RACY", TICKS, raising=False)
    world.build()
    world.edit([("strapline", 1)], "written")
    world.build()
    time.sleep(2 * TICKS / 1_000_000_000)
    for path in [path for path in world.out.rglob("*") if path.is_file()]:
        copy = path.with_name("copy")
        shutil.copy2(path, copy)
        if damage:
            path.write_bytes(damage)  # under all of its names
        copy.replace(path)
    for step in range(2, 5):
        world.build()
        time.sleep(2 * TICKS / 1_000_000_000)
        world.edit([("strapline", step)], "written")
    world.build()


def test_no_flipped_bit_is_ever_published(world: World) -> None:
    """Wherever in the cache a bit is flipped, the words that are rendered from it are those of the entries."""
    files = dict(world.files)
    files["content/jobs/long.md"] = job("Words that stand in the cache. " * 200, tags=["data"])
    world.write(files, "written")
    world.build()
    for step in range(1, 30):
        path = max((world.root / ".cache").rglob("*"), key=lambda found: found.stat().st_size)
        _damage(path, "flip", step / 30, step % 8)
        world.edit([("layout", step % 10)], "written")  # every page is rendered from what is remembered
        world.build()


def test_no_flipped_bit_of_the_state_stops_a_build(world: World) -> None:
    """Wherever a bit is flipped in what is remembered of the published folder, that is published right again."""
    world.build()
    for step in range(40):
        _damage(world.beside("state"), "flip", step / 40, 6 + step % 2)
        world.lost.add(world.out)
        world.edit([("new", 0)], "written")  # a job that comes and goes
        assert world.build().status == 0


def test_no_flipped_bit_of_the_state_leaves_a_page_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the name of a published file was damaged in what is remembered, the file still goes when it is to go."""
    monkeypatch.setattr("digest.trees.RACY", TICKS, raising=False)
    world.edit([("new", 0)], "written")
    world.build()
    time.sleep(2 * TICKS / 1_000_000_000)
    world.edit([("strapline", 1)], "written")
    world.build()
    state = world.beside("state").read_bytes()
    assert b"jobs/new-0/" in state
    world.beside("state").write_bytes(state.replace(b"jobs/new-0/", b"jobs/new-1/"))  # one bit
    world.lost.add(world.out)
    world.edit([("new", 0)], "written")
    assert world.build().status == 0


UNSEEN: Final = {
    "year": ("", "2026-12-31T23:59", "2027-01-01"),
    "change": ("changes: [{date: 2026-07-05, note: Moved.}]\n", "2026-07-04T23:59", "2026-07-05"),
}
"""A line of a draft, and two moments, between which a preview changes."""


@pytest.mark.parametrize("name", UNSEEN)
def test_a_preview_changes_with_the_clock(world: World, name: str) -> None:
    """A draft's pay carries its year in the next one, and its noted changes are shown from their day."""
    line, earlier, later = UNSEEN[name]
    files = dict(world.files)
    files["content/jobs/drafted.md"] = job(draft=True).replace(b"tags: ", f"{line}tags: ".encode())
    world.write(files, "written")
    world.drafts = True
    for world.now in (earlier, later):
        assert world.build().status == 0
