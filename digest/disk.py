"""The disk: reading a snapshot, and publishing a site."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from digest.build import CONTENT, Snapshot
from digest.documents.config_file import PATH as CONFIG

MARK: Final = "build.json"
"""The file by which a folder is known to be a site of ours, which may be replaced."""
FOLDERS: Final = (CONTENT, "templates/")


class NotOursError(Exception):
    """The output folder holds something that this program did not publish."""


def read_snapshot(root: Path) -> Snapshot:
    """Read every input below `root` once.

    Hidden files, editors' backups (`name~`) and files of the operating system are no inputs.  Raises OSError when a
    file cannot be read.
    """
    files: dict[str, bytes] = {}
    if (root / CONFIG).is_file():
        files[CONFIG] = (root / CONFIG).read_bytes()
    for folder in FOLDERS:
        for path in _files(root / folder):
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return Snapshot(files)


def _files(folder: Path) -> Iterator[Path]:
    for name, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(names):
            if not file.startswith((".", "#")) and not file.endswith("~") and file not in {"Thumbs.db", "desktop.ini"}:
                yield Path(name, file)


def publish(site: Mapping[str, bytes], out: Path) -> tuple[int, int, int]:
    """Make the folder `out` equal to `site`; return how many files were written, kept and removed.

    The new site is laid out beside the old one and takes its place in two renames, so that a build that fails before
    changes nothing.  Files that stay the same keep their inode and times.  Raises `NotOursError` when `out` holds
    files and no `build.json` of ours, OSError when the disk fails.
    """
    old = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()} if out.is_dir() else set()
    if old and MARK not in old:
        message = f"{out} holds files that this program did not publish"
        raise NotOursError(message)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        written = _lay_out(site, out, fresh)
        _replace(fresh, out)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return written, len(site) - written, len(old - site.keys())


def _lay_out(site: Mapping[str, bytes], out: Path, fresh: Path) -> int:
    """Write `site` into `fresh`, with hard links to the files of `out` that stay the same; return how many are new."""
    fresh.chmod(0o755)  # mkdtemp makes it private; a published folder is not
    written = 0
    for path, data in sorted(site.items()):
        target = fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = out / path
        if _holds(kept, data):
            os.link(kept, target)
        else:
            target.write_bytes(data)
            written += 1
    return written


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _replace(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    aside = fresh.with_name(f"{fresh.name}.old")
    out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside)
