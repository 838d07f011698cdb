"""Addresses taken by planned files, as a disk would see them that takes no account of case."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct


class Taken(Struct, frozen=True):
    """A file that has its address."""

    path: str
    source: str | None
    """The entry it is made from, if it is one entry's."""


def are_apart(paths: Collection[str]) -> bool:
    """Tell whether each of these files can have its address; costs a fifth of taking one after the other."""
    names = {path if path.isascii() and path.islower() else path.casefold() for path in paths}
    if len(names) < len(paths):
        return False
    for name in names:
        folder = name.rpartition("/")[0]
        while folder:
            if folder in names:
                return False
            folder = folder.rpartition("/")[0]
    return True


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
