"""The rules of files and addresses: where entries lie, what their text may hold, and that no two pages meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from digest.diagnostics import Diagnostic, Finding, rule
from digest.text.nodes import Reading
from digest.text.patterns import UNSEEN


@rule("file-misplaced")
def file_misplaced(path: str) -> Iterator[Finding]:
    """Entries lie in `jobs`, `news`, `pages` or `editions` below `content/`, not deeper and not elsewhere.

    A file in another folder would be left out without a word.

    Mend: move the file to the folder of its kind.
    """
    yield Finding("no entry belongs here", f"move it to content/jobs/{PurePosixPath(path).name}, or news, or pages")


@rule("file-stray")
def file_stray(path: str) -> Iterator[Finding]:
    """Below `content/` lie Markdown files (`.md`), pictures in `content/images/`, and `urls.lock`.

    Anything else would be left out without a word.

    Mend: give an entry the extension `.md`; keep pictures in `content/images/`; take other files away.
    """
    name = PurePosixPath(path).name
    picture = name.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"))
    hint = f"move it to  content/images/{name}" if picture else "rename it to end in  .md, or take it away"
    yield Finding(f"{name} is neither an entry nor a picture in its place", hint)


@rule("control-character")
def control_character(line: str) -> Iterator[Finding]:
    """A text has no control characters (XML 1.0 §2.2 allows none but tab and line end).

    They come with copying from other programs, cannot be seen, and break feeds.

    Mend: delete the character, or type the line anew.
    """
    for place, char in enumerate(line):
        if UNSEEN.match(char):
            yield Finding(f"the character U+{ord(char):04X} cannot be shown", "delete it", place, place + 1)


@rule("path-collision")
def path_collision(path: str, other: str) -> Iterator[Finding]:
    """Every file of the site has an address of its own, also on disks that take no account of case.

    Mend: rename the entry's file, for its address follows from its name; or delete the alias.
    """
    yield Finding(f"{path} is already the address of {other}", "rename the file, or delete the alias")


@rule("config-missing")
def config_missing() -> Iterator[Finding]:
    """The site's root holds a `config.yaml`.

    Mend: run the command in the folder of the digest, or name the folder with `--root`.
    """
    yield Finding("there is no config.yaml", "run this in the digest's folder, or name the folder with --root")


def unseen(path: str, text: str) -> list[Diagnostic]:
    """Return a problem for every control character of a file."""
    if text.replace("\n", "").isprintable() or UNSEEN.search(text) is None:  # what is printable can be seen
        return []
    reading = Reading(path, text)
    for number, line in enumerate(text.split("\n"), 1):
        for finding in control_character(line):
            reading.add(control_character, finding, number, finding.start + 1)
    return reading.problems
