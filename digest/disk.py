"""The disk: reading a snapshot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from digest.build import CONTENT, Snapshot
from digest.documents.config_file import PATH as CONFIG

FOLDERS: Final = (CONTENT, "templates/")


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
