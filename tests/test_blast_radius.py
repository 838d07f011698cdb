"""The blast radius: one edit, and the exact files of the site that change, appear or vanish.

Each test builds the Small Gazette (`tests/tools/gazette.py`), makes one edit of `tests/tools/blast_cases.py`, and
builds again over the same folder with what was remembered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.builders import write_tree
from tests.publishing import hold_published, marks, shown
from tests.tools import blast_programs
from tests.tools.blast_cases import (
    CLOCKS,
    CONFIG,
    CONTENT,
    EMPTY_FEEDS,
    FULL_FEEDS,
    INDEX,
    OTHERS,
    PAGES,
    SEARCH_ROWS,
    SEARCH_WORDS,
    THEME,
)
from tests.tools.blast_programs import PROGRAMS, Moved
from tests.tools.gazette import NOW, Inputs, Radius, counted, expand, gazette, radius, run

EDITS: Final = CONTENT | CONFIG | THEME


class Place:
    """The site on disk, published and elsewhere."""

    def __init__(self, folder: Path) -> None:
        """Write the inputs."""
        self.inputs = Inputs(write_tree(folder / "digest", gazette()))
        self.out = folder / "out" / "site"
        self.clean = folder / "clean" / "site"

    def hold(self, options: tuple[str, ...], moved: Radius, *, exact: bool) -> None:
        """Build once more, and hold that just this moved: the rest keeps bytes, inode and times, and the counts agree.

        The folder is then, byte for byte, what a build makes elsewhere that remembers nothing.
        """
        before = marks(self.out)
        said = run("build", "--root", self.inputs.root, "--out", self.out, *options)
        clean = run("build", "--root", self.inputs.root, "--out", self.clean, *options, "--no-cache")
        counts, all_new = counted(said), counted(clean)
        hold_published(shown(self.clean), self.out, before)
        after = marks(self.out)
        found = radius({path: mark.data for path, mark in before.items()}, shown(self.out))
        assert found == moved
        assert (counts.files, counts.removed) == (len(after), len(moved.gone)) == (all_new.files, len(moved.gone))
        assert counts.rendered + counts.reused == counts.files
        needed = len(moved.changed) + len(moved.new)
        assert counts.rendered == needed if exact else counts.rendered >= needed

    def begin(self, now: str = NOW) -> None:
        """Build for the first time."""
        assert counted(run("build", "--root", self.inputs.root, "--out", self.out, "--now", now)).reused == 0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give the site, not yet built."""
    return Place(tmp_path)


def test_these_are_all_files(place: Place) -> None:
    """The lists of this module name every file of the site."""
    place.begin()
    assert radius({}, shown(place.out)).new == expand(
        f"{PAGES} {FULL_FEEDS} {EMPTY_FEEDS} {PROGRAMS} {OTHERS} {INDEX} {SEARCH_WORDS} {SEARCH_ROWS}"
    )


def _exact(name: str) -> bool:
    """Tell whether just what changed is rendered; a new theme or configuration may give a file's old bytes again."""
    return name in CONTENT or not EDITS[name].changed


def _edited(name: str) -> Radius:
    """Return what an edit moves."""
    case, more = EDITS[name], blast_programs.EDITS.get(name, Moved())
    return _moved(case.changed, case.new, case.gone, case.search, more)


def _moved(changed: str, new: str, gone: str, search: str, more: Moved) -> Radius:
    """Return what moves; files of the search that are named by their content are other files."""
    found = (f"{changed} {INDEX if search else ''} {more.changed}", f"{new} {search} {more.new}")
    return Radius(*map(expand, (*found, f"{gone} {search} {more.gone}")))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_moves_exactly_what_shows_it(place: Place, name: str) -> None:
    """One edit of content, configuration or theme changes, adds and removes exactly the files named in its case."""
    case = EDITS[name]
    place.begin()
    case.edit(place.inputs)
    place.hold(("--now", NOW), _edited(name), exact=_exact(name))


@pytest.mark.parametrize("name", CLOCKS)
def test_the_clock_moves_exactly_what_tells_it(place: Place, name: str) -> None:
    """The clock alone, or a preview, changes and adds exactly the files named in its case."""
    case = CLOCKS[name]
    place.begin(case.before)
    more = blast_programs.CLOCKS.get(name, Moved())
    moved = _moved(case.changed, case.new, "", case.search, more)
    place.hold(case.after, moved, exact="--drafts" not in case.after)


@pytest.mark.parametrize("name", ["title", "organisation", "band", "asset", "row"])
def test_an_edit_taken_back_moves_the_same_files_back(place: Place, name: str) -> None:
    """What an edit moved, taking it back moves the other way, to the bytes of before."""
    case = EDITS[name]
    place.begin()
    before = shown(place.out)
    inputs = shown(place.inputs.root)
    case.edit(place.inputs)
    moved = _edited(name)
    place.hold(("--now", NOW), moved, exact=_exact(name))
    write_tree(place.inputs.root, {name: data for name, data in inputs.items() if not name.startswith(".")})
    place.hold(("--now", NOW), Radius(moved.changed, moved.gone, moved.new), exact=_exact(name))
    assert shown(place.out) == before
