"""The golden site: a small invented digest, and every byte of the site that is made of it.

`tests/golden/input/` holds its content and configuration, and plain stand-ins for the style sheet and the icon; the
templates are the project's own.  `tests/golden/expected/` holds the whole site.  A change of a template or of a view
shows here as the exact pages it changes.

With the environment variable `UPDATE_EXPECTED=1` the expected site is written again; read what changed before you
keep it.
"""

from __future__ import annotations

import difflib
import os
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests import samples

EXPECTED: Final = Path(__file__).parent / "golden" / "expected"
UPDATE: Final = os.environ.get("UPDATE_EXPECTED") == "1"
MOST_FILES: Final = 100
"""More would be more than anyone reads."""


def _expected() -> dict[str, bytes]:
    found = {path.relative_to(EXPECTED).as_posix(): path for path in EXPECTED.rglob("*") if path.is_file()}
    return {name: found[name].read_bytes() for name in sorted(found)}


def _difference(name: str, expected: bytes, made: bytes) -> str:
    """Return what differs in a file, as `diff -u` would say it."""
    before, after = (data.decode(errors="replace").splitlines() for data in (expected, made))
    return "\n".join(difflib.unified_diff(before, after, f"expected/{name}", f"made/{name}", n=1, lineterm=""))


def test_site_is_as_expected(golden_site: dict[str, bytes]) -> None:
    """The site has exactly the files that are expected, and each has exactly the expected bytes."""
    if UPDATE:
        shutil.rmtree(EXPECTED, ignore_errors=True)
        samples.write(golden_site, EXPECTED)
    expected = _expected()
    assert sorted(golden_site) == list(expected)
    changed = [name for name, data in expected.items() if golden_site[name] != data]
    if changed:
        said = "\n".join(_difference(name, expected[name], golden_site[name]) for name in changed[:3])
        pytest.fail(f"{len(changed)} files differ: {', '.join(changed)}\n{said}", pytrace=False)


def test_site_is_small_and_has_every_kind_of_page(golden_site: dict[str, bytes]) -> None:
    """The golden site stays small enough to be read, and holds a page of each kind there is."""
    assert len(golden_site) < MOST_FILES
    for address in (
        "/",
        "/404.html",
        "/about/",
        "/jobs/",
        "/jobs/service-designer/",
        "/jobs/harbour-master/",
        "/editions/2026-W22/",
        "/news/tides/",
        "/news/tide-tables/",
        "/old/tides/",
        "/salary/",
        "/salary/day-rates/",
        "/tags/harbour/page/1/",
        "/data/",
    ):
        samples.page(golden_site, address)


def test_hidden_entries_are_nowhere(golden_site: dict[str, bytes]) -> None:
    """Of a draft, of a scheduled entry and of the words of a withdrawn one nothing is published."""
    for hidden in (b"rumour", b"it has no page and no row", b"/night-watch", b"are no longer carried"):
        assert [name for name, data in golden_site.items() if hidden in data] == []


def test_order_of_files_does_not_matter(golden_site: dict[str, bytes]) -> None:
    """The same files in another order make the same site."""
    files = samples.golden()
    backwards = dict(reversed(list(files.items())))
    assert list(backwards) != list(files)
    assert samples.build_site(backwards) == golden_site


def test_scheduled_link_comes_to_life() -> None:
    """On its day a scheduled entry has its page, and the words that named it become a link to it."""
    before = samples.page(samples.build_site(samples.golden(), "2026-06-30T12:00"), "/jobs/service-designer/")
    after = samples.page(samples.build_site(samples.golden(), "2026-07-01"), "/jobs/service-designer/")
    named = "//main//a[text()='Night watch']/@href"
    assert before.all(named) == []
    assert set(after.all(named)) == {"/careers/jobs/night-watch/"}
