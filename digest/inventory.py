"""The inventory: the inputs of a build by what they are, and the problems of those that are nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from digest.contract import IMAGES, LOCK, THEME
from digest.diagnostics import Diagnostic
from digest.documents.entries import kind_of
from digest.file_rules import file_misplaced, file_stray
from digest.reading import read_text
from digest.text.nodes import Reading

CONTENT: Final = "content/"


class Inventory(Struct, frozen=True):
    """The paths of inputs by what they are, each in order; `config.yaml` and the lock are in none of them."""

    entries: list[str]
    pictures: list[str]
    theme: list[str]
    strange: list[str]
    """Files below `content/` that are no entries, and no pictures in their place."""

    @classmethod
    def of(cls, paths: Iterable[str]) -> Inventory:
        """Sort inputs by the folders that they are in."""
        found = cls([], [], [], [])
        folders: dict[str, list[str]] = {}
        for path in sorted(paths):
            folder, _, name = path.rpartition("/")
            there = folders.get(folder)
            if there is None:
                there = folders[folder] = found.within(f"{folder}/")
            if there is found.entries and not name.endswith(".md"):
                there = found.strange
            if path != LOCK and folder:
                there.append(path)
        return found

    def within(self, folder: str) -> list[str]:
        """Return the list of what is in a folder, which ends with a slash."""
        if folder.startswith(THEME):
            return self.theme
        if folder.startswith(IMAGES):
            return self.pictures
        return self.strange if kind_of(f"{folder}entry.md") is None else self.entries


def refused(paths: Iterable[str], files: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Yield the problems of strange files; one without front matter that says it is Markdown is misplaced too."""
    for path in paths:
        is_text = path.endswith(".md")
        text, problems = read_text(path, files[path]) if is_text else (None, ())
        reading = Reading(path, text or "")
        if not is_text:
            reading.check(file_stray, None, path)
        elif text is not None:
            reading.check(file_misplaced, None, path)
        yield from (*problems, *reading.problems)
