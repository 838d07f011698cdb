"""A tiny site on disk with a history: edits of its inputs, and builds by the command line that are compared.

A file that an edit does not change is not written either.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from digest.contract import LOCK
from tests.builders import write_tree
from tests.publishing import hold_published, marks, shown
from tests.tools.edits import EDITS, Files, tiny
from tests.tools.gazette import Said, counted, run

How = Literal["written", "set back", "replaced"]
"""How a file is written: in place; in place, with the time of before; or as another file with that time."""
START: Final = "2026-06-01T12:00"


class Clean(NamedTuple):
    """What a build elsewhere that remembers nothing said and made."""

    said: Said
    site: dict[str, bytes]
    lock: bytes | None
    """The lock that it left; None where there is none."""


class World:
    """A site on disk, its options, and what must be true after each build."""

    clean: Final[dict[object, Clean]] = {}
    """What clean builds made, by all that goes in: a history often comes back to where it was."""

    def __init__(self, folder: Path) -> None:
        """Write the inputs; nothing is built."""
        self.folder = folder
        self.root = folder / "digest"
        self.files: Files = {}
        self.now = START
        self.drafts = False
        self.base_url: str | None = None
        self.outs = {name: folder / name / "site" for name in ("public", "preview")}
        self.out = self.outs["public"]
        self.lost: set[Path] = set()
        """Published folders of which it may no longer be remembered what is in them."""
        self.write(tiny(), "written")

    def write(self, files: Files, how: How) -> None:
        """Make the inputs on disk those that are given; what stays the same is not touched."""
        for path in self.files.keys() - files.keys():
            (self.root / path).unlink()
        for path, data in files.items():
            if self.files.get(path) != data:
                _write(self.root / path, data, how if path in self.files else "written")
        self.files = dict(files)

    def edit(self, edits: Iterable[tuple[str, int]], how: How) -> None:
        """Make edits, given by name and number."""
        files = dict(self.files)
        for name, number in edits:
            EDITS[name](files, number)
        self.write(files, how)

    def beside(self, what: str) -> Path:
        """Return what builds leave beside the published folder."""
        return self.out.parent / f".{self.out.name}.{what}"

    @property
    def options(self) -> list[str]:
        """The options of the next build."""
        address = ["--base-url", self.base_url] if self.base_url else []
        return ["--now", self.now, *(["--drafts"] if self.drafts else []), *address, "--jobs", "1"]

    def _clean(self) -> Clean:
        key = (frozenset(self.files.items()), *self.options)
        if key not in self.clean:
            out = self.folder / "clean" / "site"
            said = run("build", "--root", self.root, "--out", out, *self.options, "--no-cache")
            self.clean[key] = Clean(said, shown(out), self._lock())
            self._put_back_lock()
            shutil.rmtree(self.folder / "clean", ignore_errors=True)
        return self.clean[key]

    def _lock(self) -> bytes | None:
        path = self.root / LOCK
        return path.read_bytes() if path.exists() else None

    def _put_back_lock(self) -> None:
        """Undo what a build elsewhere has added to the lock."""
        if LOCK in self.files and self._lock() != self.files[LOCK]:
            (self.root / LOCK).write_bytes(self.files[LOCK])

    def clean_site(self) -> dict[str, bytes]:
        """Return the site that a clean build makes of the inputs."""
        return self._clean().site

    def is_right(self) -> bool:
        """Tell whether the inputs make a site."""
        return self._clean().said.status == 0

    def run(self) -> Said:
        """Build with what is remembered."""
        return run("build", "--root", self.root, "--out", self.out, *self.options)

    def build(self) -> Said:
        """Build, and hold that this made what a clean build makes; or left all as it was, where that one fails too."""
        clean = self._clean()
        before = marks(self.out)
        said = self.run()
        if said.status == 2 and self.out in self.lost:
            # Files of an older site are taken for somebody else's, once it is forgotten that they are ours.
            assert before.keys() - clean.site.keys()
            assert marks(self.out) == before
            shutil.rmtree(self.out)
            before, said = {}, self.run()
        assert said.status == clean.said.status, said
        assert said.err == clean.said.err
        assert self._lock() == clean.lock
        if clean.lock is not None:
            self.files[LOCK] = clean.lock
        if said.status == 0:
            hold_published(clean.site, self.out, {} if self.out in self.lost else before)
            self.lost.discard(self.out)
            assert _told(said) == _told(clean.said)
            counts = counted(said)
            assert (counts.files, counts.rendered + counts.reused) == (len(clean.site), len(clean.site))
        else:
            assert (said.status, said.out) == (1, "")
            assert marks(self.out) == before
        return said


def _write(path: Path, data: bytes, how: How) -> None:
    if how == "written":
        write_tree(path.parent, {path.name: data})
        return
    seen = path.stat()
    if how == "replaced":
        fresh = path.with_name(f"{path.name}~")  # a name that no build reads
        fresh.write_bytes(data)
        os.utime(fresh, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        fresh.replace(path)
    else:
        path.write_bytes(data)
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


_TOLD: Final = re.compile(r"^(.*?\. [\d,]+ files): .* s\. (.*)$", re.DOTALL)


def _told(said: Said) -> tuple[str, ...]:
    """Return what the closing line of a build says of the site, whatever was rendered for it."""
    found = _TOLD.match(said.out)
    assert found, said
    return found.groups()
