"""Histories of publishing: whatever was done to a folder and what lies beside it, the next build mends it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from digest import stage, survey, trees
from digest.publish import MARK, NotOursError, PartlyError, publish
from tests.builders import write_tree
from tests.publishing import (
    FULL,
    WAYS,
    WHOLE,
    Disk,
    Mark,
    Site,
    hold_published,
    killed,
    marks,
    refused,
    shown,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="publishing is tested on POSIX systems")

PATHS: Final = (MARK, MARK, "a", "a/b", "a/b/c", "a/c", "A", "A/b", "index.html", "é/ü.html", ".well-known/x")


def _consistent(site: Site) -> bool:
    return not any(folder in site for path in site for folder in trees.above(path))


sites: Final = st.dictionaries(
    st.sampled_from(PATHS), st.sampled_from([b"", b"1", b"2", b"one", b"two"]), max_size=6
).filter(_consistent)


class Histories(RuleBasedStateMachine):
    """Whatever happened before, a publication gives exactly the site, and one that fails leaves the old one."""

    @initialize(linked=st.booleans(), way=st.sampled_from(sorted(WAYS)), trusting=st.booleans(), beside=st.booleans())
    def start(self, *, linked: bool, way: str, trusting: bool, beside: bool) -> None:
        """Begin with nothing, the folder given by its name or by a link, in one of the ways of publishing.

        Folders changed only just now are always listed, so that the rest has to be seen by `trusting` their times.
        The trees are looked at here, or by a process `beside`.
        """
        self.root = Path(tempfile.mkdtemp(prefix="publishing-"))
        self.out = self.root / "real/site"
        self.given = self.root / "link" if linked else self.out
        if linked:
            self.given.symlink_to(self.out)
        self.patch = pytest.MonkeyPatch()
        self.way = way
        WAYS[way](self.patch)
        self.lost = False
        self.moment = 1
        """Of the next change by others: no two of them leave the same time."""
        if beside:
            self.patch.setattr(survey, "MANY", -1)
            self.patch.setattr(stage, "MANY", -1)
        if trusting:
            self.patch.setattr(trees, "RACY", -(10**18))

    def teardown(self) -> None:
        """Remove everything."""
        if hasattr(self, "root"):
            self.patch.undo()
            shutil.rmtree(self.root)

    def site(self) -> dict[str, Mark]:
        """Return what is published, without what a killed build was about to put in place.

        A build killed between two of three renames has left the site aside.
        """
        aside, spare = (trees.beside(self.out, what) for what in ("aside", "spare"))
        found = marks(aside if aside.exists() and spare.exists() and not self.out.exists() else self.out)
        return {path: mark for path, mark in found.items() if not path.startswith(".site.new/")}

    @rule(site=sites)
    def publish(self, site: Site) -> None:
        """Publish; only a folder of which nothing is remembered may be refused."""
        before = self.site()
        try:
            publish(site, self.given)
        except NotOursError:
            assert self.lost
            assert MARK not in before or before.keys() - site.keys()
            assert self.site() == before
        else:
            self.lost = False
            hold_published(site, self.out, before)

    @rule(site=sites, good=st.integers(0, 30))
    def kill(self, site: Site, good: int) -> None:
        """Kill a publication; what is there is the old site or the new one."""
        before = self.site()
        try:
            over = not killed(site, self.given, good)
        except NotOursError:
            assert self.lost
            over = False
        if over:
            self.lost = False
            hold_published(site, self.out, before)
        if self.way in WHOLE:
            assert {path: mark.data for path, mark in self.site().items()} in [
                {path: mark.data for path, mark in before.items()},
                site,
            ]
            assert self.way == "rename" or self.out.exists() or not before

    @rule(site=sites, good=st.integers(0, 30))
    def fail(self, site: Site, good: int) -> None:
        """Let the disk be full for one operation; the old site stays as it is."""
        before = self.site()
        with Disk(good, FULL).used() as disk:
            try:
                publish(site, self.given)
            except PartlyError:
                assert self.way not in WHOLE
            except NotOursError:
                assert self.lost
                assert self.site() == before
            except OSError:
                assert self.site() == before
            else:
                self.lost = self.lost and disk.failed  # it may have been the new memory that could not be written
                assert shown(self.out) == site

    @rule(damage=st.sampled_from([None, b"", b"nonsense"]))
    def lose_memory(self, damage: bytes | None) -> None:
        """Delete or damage the memory."""
        state = trees.beside(self.out, "state")
        if not state.exists():
            return
        self.lost = True
        if damage is None:
            state.unlink()
        else:
            state.write_bytes(damage)

    @rule(what=st.sampled_from(["nothing", "file", "link"]))
    def replace_spare(self, what: str) -> None:
        """Delete the spare, or put something else in its place."""
        spare = trees.beside(self.out, "spare")
        if not spare.is_dir() or spare.is_symlink():
            return
        shutil.rmtree(spare)
        if what == "file":
            spare.write_bytes(b"")
        elif what == "link":
            spare.symlink_to(self.root)

    @rule(how=st.sampled_from(["delete", "replace", "folder", "add"]))
    def damage_spare(self, how: str) -> None:
        """Delete or damage files of the spare, or add some."""
        spare = trees.beside(self.out, "spare")
        if not spare.is_dir() or spare.is_symlink():
            return
        if how == "add":
            (spare / "a folder/without files").mkdir(parents=True, exist_ok=True)
            if not (spare / "stray").exists():
                write_tree(spare, {"stray/file": b""})
        for path in sorted(shown(spare))[: 0 if how == "add" else 2]:
            (spare / path).unlink()
            if how == "replace":
                (spare / path).write_bytes(b"one")
            elif how == "folder":
                (spare / path).mkdir()
        for folder in (spare, *(path for path in spare.rglob("*") if path.is_dir())):
            os.utime(folder, (self.moment, self.moment))  # a change by others is not within the same moment
        self.moment += 1

    @rule(data=st.sampled_from([None, b"", b"1", b"one"]))
    def damage_site(self, data: bytes | None) -> None:
        """Delete or edit published files."""
        for path in sorted(shown(self.out))[:2]:
            (self.out / path).unlink()
            if data is not None:
                (self.out / path).write_bytes(data)

    @rule()
    def clear(self) -> None:
        """Delete the published folder."""
        if self.out.is_dir():
            shutil.rmtree(self.out)

    @rule(site=sites, path=st.sampled_from(["foreign", "a/foreign", ".git/HEAD"]))
    def add_foreign(self, site: Site, path: str) -> None:
        """Add a file that is not ours; publishing refuses it, and goes on when it is moved away."""
        if not self.out.is_dir() or trees.beside(self.out, "aside").exists() or (self.out / "a").is_file():
            return
        write_tree(self.out, {path: b"precious"})
        refused(site, self.given)
        (self.out / path).unlink()


Histories.TestCase.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)
TestHistories = Histories.TestCase
