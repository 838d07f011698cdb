"""`diff`: what publishing now would change, for whoever is about to, or reviews it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from digest.arguments import Run, run_of, shared

if TYPE_CHECKING:
    from digest.comparing import Change, Difference, EntryChange

SHOWN: Final = 20
"""Lines of a group at most, unless all are asked for."""
_GROUPS: Final = (
    ("new", "New to subscribers"),
    ("updated", "Sent to subscribers again, for a noted change"),
    ("gone", "Withdrawn"),
    ("opening", "Jobs opening"),
    ("closing", "Jobs closing"),
    ("deadlines", "Deadlines moved"),
)
_KINDS: Final = {
    "entry": "entries",
    "list": "lists and other pages",
    "feed": "feeds",
    "calendar": "calendars",
    "data": "open data",
    "search": "what the search looks things up in",
    "other": "other files",
}
_SIGNS: Final[dict[Change, str]] = {"added": "+", "changed": "~", "removed": "-"}


class _Form(NamedTuple):
    """How a report is set."""

    heading: str
    item: str
    code: str


_TEXT: Final = _Form("{}:", "  {}", "{}")
_MARKDOWN: Final = _Form("### {}", "- {}", "`{}`")


@click.command()
@click.option(
    "--against",
    type=click.Path(file_okay=False, path_type=Path),
    help="The published site.  [default: site/ in the root]",
)
@click.option("--all", "whole", is_flag=True, help="List every file.")
@shared("markdown")
def diff(against: Path | None, *, whole: bool, **options: Any) -> int:
    """Say what publishing now would change: pages, feed items, jobs opening and closing; writes nothing."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.runs import surely  # noqa: PLC0415

    asked = options["form"]
    run = run_of(options | {"form": "text"} if asked == "markdown" else options)
    site = against if against is not None else run.root / "site"
    try:
        found = surely(run, lambda sure: _compared(sure, site))
    except StoppedError:
        return 1
    if asked == "json":
        import msgspec  # noqa: PLC0415 - `--help` needs none of this

        click.echo(json.dumps(msgspec.to_builtins(found), indent=2, ensure_ascii=False))
    else:
        form = _MARKDOWN if asked == "markdown" else _TEXT
        click.echo("\n".join(_lines(found, form, None if whole else SHOWN)))
    return 0


def _compared(run: Run, site: Path) -> Difference:
    from digest.comparing import FACTS, RECORD, compare  # noqa: PLC0415 - `--help` needs none of this
    from digest.runs import building  # noqa: PLC0415
    from digest.survey import surveyed  # noqa: PLC0415
    from digest.whole import in_zone  # noqa: PLC0415

    kept = {*FACTS, RECORD}
    before = {path: data for path in kept if (data := _bytes(site / path)) is not None}
    after: dict[str, bytes] = {}
    changes: list[tuple[str, Change]] = []
    made: set[str] = set()
    with closing(surveyed(site)) as survey, building(run, lambda: survey.keys) as build:
        for path, _, data in build.files():
            made.add(path)
            old = _bytes(site / path) if data is not None or path in kept else None
            new = old if data is None else data
            if data is not None and data != old:
                changes.append((path, "added" if old is None else "changed"))
            if new is not None and (path in kept or old is None):
                after[path] = new
        there = survey.there.files.keys()
        ours = survey.state.files.keys() or there
    changes += [(path, "removed") for path in sorted((there & ours) - made)]
    return compare(changes, before, after, in_zone(run.now, build.found.zone))


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


# --- words ---------------------------------------------------------------------------------------------------


def _lines(found: Difference, form: _Form, most: int | None) -> Iterator[str]:
    if not found.files:
        yield "Publishing now would change nothing."
        return
    counted = Counter(change.change for change in found.files)
    said = ", ".join(f"{counted[how]:,} {how}" for how in _SIGNS if counted[how])
    number = len(found.files)
    yield f"Publishing now would change {number:,} file{'' if number == 1 else 's'}: {said}."
    for name, heading in _GROUPS:
        entries: Sequence[EntryChange] = getattr(found, name)
        yield from _group(heading, [_entry(entry, form) for entry in entries], form, most)
    yield from _group("Redirects", [form.code.format(path) for path in found.redirects], form, most)
    entries_changed = [change for change in found.files if change.kind == "entry"]
    named = [
        " ".join(filter(None, (_SIGNS[change.change], _words(change.title or "", form), form.code.format(change.path))))
        for change in entries_changed
    ]
    yield from _group("Pages of entries", named, form, most)
    if most is None:
        listed = [f"{_SIGNS[change.change]} {form.code.format(change.path)}" for change in found.files]
        yield from _group("All files", listed, form, most)
    else:
        yield from _group("Other files", list(_counted(found)), form, most)
    if not found.facts:
        yield ""
        yield "What entries say cannot be compared: one of the two sites has no open data."


def _counted(found: Difference) -> Iterator[str]:
    kinds: Mapping[str, Counter[Change]] = {kind: Counter() for kind in _KINDS}
    for change in found.files:
        kinds[change.kind][change.change] += 1
    for kind, counts in kinds.items():
        if counts and kind != "entry":
            said = ", ".join(f"{counts[how]:,} {how}" for how in _SIGNS if counts[how])
            yield f"{_KINDS[kind]}: {said}"


def _entry(entry: EntryChange, form: _Form) -> str:
    title = f"[{_words(entry.title, form)}]({entry.url})" if form is _MARKDOWN else entry.title
    return f"{title}: {_words(entry.said, form)}" if entry.said else title


def _words(text: str, form: _Form) -> str:
    """Return a text that is shown as it is."""
    if form is not _MARKDOWN:
        return text
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in text)


def _group(heading: str, lines: Sequence[str], form: _Form, most: int | None) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield form.heading.format(f"{heading} ({len(lines):,})")
    if form is _MARKDOWN:
        yield ""
    yield from (form.item.format(line) for line in lines[:most])
    if most is not None and len(lines) > most:
        yield form.item.format(f"… and {len(lines) - most:,} more; --all lists them")
