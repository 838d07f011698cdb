"""Addresses taken by planned files, as a disk would see them that takes no account of case."""

from __future__ import annotations

from typing import NamedTuple


class Taken(NamedTuple):
    """A file that has its address."""

    path: str
    source: str | None
    """The entry it is made from, if it is one entry's."""


class Addresses:
    """The addresses taken so far."""

    def __init__(self) -> None:
        """Begin with none."""
        self._files: dict[str, Taken] = {}
        self._folders: dict[str, Taken] = {}

    def take(self, path: str, source: str | None) -> Taken | None:
        """Take the address of a file; return the file that stands in its way, if any."""
        name = path.casefold()
        above = [name[:place] for place, char in enumerate(name) if char == "/"]
        other = self._files.get(name) or self._folders.get(name)
        other = other or next((self._files[folder] for folder in above if folder in self._files), None)
        if other is None:
            taken = self._files[name] = Taken(path, source)
            for folder in above:
                self._folders.setdefault(folder, taken)
        return other
