"""A mirror kept by rsync: it is sent exactly what changed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from digest.publish import publish
from tests import samples
from tests.publishing import marks, shown

EDITED: Final = "content/jobs/"
"""The folder of which the first entry's body is edited."""


@pytest.fixture(scope="session")
def edited_site() -> dict[str, bytes]:
    """Give the site of `tests/golden/` after an edit of the body of one job; no test changes it."""
    inputs = samples.golden()
    path = min(path for path in inputs if path.startswith(EDITED))
    return samples.build_site({**inputs, path: inputs[path] + b"\nYou will also mend a fence.\n"})


class Sent(NamedTuple):
    """What rsync did to a mirror."""

    files: set[str]
    """Those whose bytes were sent."""
    deleted: set[str]
    lines: list[str]
    """All that it said."""


def sync(rsync: Path, out: Path, mirror: Path) -> Sent:
    """Bring a mirror up to date."""
    mirror.mkdir(exist_ok=True)
    options = ["-a", "--delete", "--itemize-changes", "--out-format=%i %n"]
    done = subprocess.run(
        [rsync, *options, f"{out}/", f"{mirror}/"], check=True, capture_output=True, encoding="utf-8", timeout=120
    )
    lines = done.stdout.splitlines()
    named = [(what, name.strip()) for what, _, name in (line.partition(" ") for line in lines)]
    assert {what[:2] for what, _ in named} <= {">f", ".d", "cd", "*d"}, done.stdout
    deleted = {name for what, name in named if what == "*deleting" and not name.endswith("/")}
    return Sent({name for what, name in named if what.startswith(">f")}, deleted, lines)


def test_rsync_sends_what_changed(
    tmp_path: Path, rsync_path: Path, golden_site: dict[str, bytes], edited_site: dict[str, bytes]
) -> None:
    """After one edit exactly the files whose bytes changed are sent, though all is done within a second."""
    out, mirror = tmp_path / "site", tmp_path / "mirror"
    publish(golden_site, out)
    assert sync(rsync_path, out, mirror).files == golden_site.keys()
    for site, before in ((edited_site, golden_site), (golden_site, edited_site)):
        publish(site, out)
        changed = {path for path, data in site.items() if before.get(path) != data}
        assert 1 < len(changed) < len(site) / 2
        assert sync(rsync_path, out, mirror)[:2] == (changed, before.keys() - site.keys())
        assert shown(mirror) == site


def test_rsync_sends_nothing_twice(
    tmp_path: Path, rsync_path: Path, golden_site: dict[str, bytes], edited_site: dict[str, bytes]
) -> None:
    """A site that was built again without a change is not sent at all, not even the times of its folders."""
    out, mirror = tmp_path / "site", tmp_path / "mirror"
    for site in (golden_site, edited_site, edited_site):
        publish(site, out)
    sync(rsync_path, out, mirror)
    before = marks(mirror)
    publish(edited_site, out)
    assert sync(rsync_path, out, mirror).lines == []
    assert marks(mirror) == before


def test_rsync_sees_files_of_one_size(tmp_path: Path, rsync_path: Path) -> None:
    """A change that keeps the size, within the second of the last one, is sent too."""
    out, mirror = tmp_path / "site", tmp_path / "mirror"
    for number in range(5):
        publish({"build.json": b"%d" % number, "kept.html": b"kept"}, out)
        expected = {"build.json", "kept.html"} if number == 0 else {"build.json"}
        assert sync(rsync_path, out, mirror).files == expected
        assert shown(mirror) == shown(out)
