"""Addresses taken by planned files, as a disk would see them that takes no account of case."""

from __future__ import annotations

from digest.planning.pages import Output


class Addresses:
    """The addresses taken so far."""

    def __init__(self) -> None:
        """Begin with none."""
        self._files: dict[str, Output] = {}
        self._folders: dict[str, Output] = {}

    def take(self, output: Output) -> Output | None:
        """Take an output's address; return the output that stands in its way, if any."""
        path = output.path.casefold()
        above = [path[:place] for place, char in enumerate(path) if char == "/"]
        other = self._files.get(path) or self._folders.get(path)
        other = other or next((self._files[folder] for folder in above if folder in self._files), None)
        if other is None:
            self._files[path] = output
            for folder in above:
                self._folders.setdefault(folder, output)
        return other
