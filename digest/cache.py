"""The memory between builds on disk, in `.cache/`, which may be shared or deleted at any time.

- `memo` holds whole entries and bodies.  It is looked up record by record.
- `plan` holds what every build looks up: cards, and the fingerprints of views.  It is read as a whole.
- `last` holds what is needed to see that nothing has changed.

Compiled templates are code.  They are kept where Python keeps the compiled modules of this package, which nobody shares
and whoever can write there can change the program itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from digest.files import read
from digest.fingerprints import fingerprint
from digest.stores import Log, Shelf

HERE: Final = Path(__file__).resolve().parent


class Cache:
    """The memories of a folder; without one, of this run only."""

    def __init__(self, folder: Path | None, engine: bytes) -> None:
        """Remember in `folder`; what is there and is not ours, or was left by another engine, counts as nothing."""
        self.memo = Log(folder / "memo" if folder else None, engine)
        self.plan = Shelf(folder / "plan" if folder else None, engine)
        self.last = Shelf(folder / "last" if folder else None)
        self.code = Shelf(_code() if folder else None, engine)

    def save(self) -> None:
        """Write what is new.  Raises OSError; what is there stays readable whatever happens."""
        for store in (self.memo, self.plan, self.last, self.code):
            store.save()

    def close(self) -> None:
        """Let go of the files."""
        for store in (self.memo, self.plan, self.last, self.code):
            store.close()


def engine() -> bytes:
    """Return the fingerprint of what turns sources into pages: our code, Python, and the libraries installed."""
    code = [part for path in sorted(_modules(str(HERE))) for part in (path.rpartition(os.sep)[2], read(path))]
    libraries = sorted(name for folder in sys.path if folder.endswith("-packages") for name in _names(folder))
    return fingerprint(sys.version, *libraries, *code)


def _code() -> Path | None:
    """Return the file of compiled templates, unless this Python keeps no compiled modules."""
    try:
        return Path(cache_from_source(str(HERE / "templates.py"))).with_suffix(".code")
    except NotImplementedError:
        return None


def _modules(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path


def _names(folder: str) -> list[str]:
    try:
        return [path.name for path in Path(folder).iterdir() if path.name.endswith(".dist-info")]
    except OSError:
        return []
