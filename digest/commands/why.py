"""`why`: what a page is made of, and why it would or would not be rendered again."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from digest.arguments import Run, run_of, shared

if TYPE_CHECKING:
    from digest.explaining import Page, Uses

SHOWN: Final = 10
"""Names and lines of a kind that are shown at most."""
_CAUSES: Final = {
    "program": "the program or one of its libraries is another version",
    "templates": "a template that it reaches was changed",
    "facts": "the facts that it shows are others",
    "unknown": "it is not remembered what the published file was made of",
}


@click.command()
@click.argument("path")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Published folder.  [default: site/ in the root]"
)
@shared()
def why(path: str, out: Path | None, **options: Any) -> int:
    """Say what a page is made of, and why it would be rendered again or not.

    PATH is a page's address, its file in the site, or a file of content/ or templates/: then all that is made of it
    is listed.
    """
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.explaining import Uses, explain  # noqa: PLC0415
    from digest.runs import print_problems, silent, surely  # noqa: PLC0415
    from digest.survey import surveyed  # noqa: PLC0415

    run = run_of(options)
    folder = out if out is not None else run.root / "site"
    name = _name(path, run, folder)

    def look(sure: Run) -> Page | Uses | None:
        with closing(surveyed(folder)) as survey, silent(sure, lambda: survey.keys) as made:
            return explain(made.pipeline(), name)

    try:
        found = surely(run, look)
    except StoppedError as stop:
        print_problems(stop.found.problems, run)
        return 1
    if found is None:
        message = f"there is neither a page nor an input {path!r}; try an address such as /jobs/"
        raise click.UsageError(message)
    data = _uses(found) if isinstance(found, Uses) else _page(found, folder / found.path)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False) if run.form == "json" else "\n".join(_lines(data)))
    return 0


def _name(path: str, run: Run, folder: Path) -> str:
    """Return what a person means: a path below the root, or below the site without a leading slash."""
    address = urlsplit(path)
    if address.scheme and address.netloc:
        return address.path.lstrip("/")
    for base in (folder, run.root):
        there = Path(path).absolute()
        if there.exists() and there.is_relative_to(base.absolute()):
            return there.relative_to(base.absolute()).as_posix().removeprefix(".")
    return path.removeprefix("./").lstrip("/")


def _uses(found: Uses) -> dict[str, Any]:
    return {"input": found.path, "files": list(found.files)}


def _page(found: Page, published: Path) -> dict[str, Any]:
    """Return what is known of a page; lines that differ are those of the published file and of the new one."""
    seen = published.stat().st_mtime if published.is_file() else None
    return {
        "path": found.path,
        "made_of": found.source,
        "made_by": found.form,
        "templates": list(found.templates),
        "entries": list(found.entries),
        "published": None if seen is None else datetime.fromtimestamp(seen, UTC).isoformat(timespec="seconds"),
        "again": bool(found.causes),
        "causes": list(found.causes) if found.published else ["unknown"] if seen is not None else [],
        "lines": list(_differing(published, found.data)) if found.data is not None and seen is not None else [],
    }


def _differing(published: Path, data: bytes) -> Iterator[str]:
    """Yield the lines that would go, each with a `-`, and those that would come, each with a `+`."""
    try:
        old, new = published.read_bytes().decode().split("\n"), data.decode().split("\n")
    except (OSError, UnicodeDecodeError):
        return
    for line in difflib.unified_diff(old, new, lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            yield line


def _lines(data: dict[str, Any]) -> Iterator[str]:
    if "input" in data:
        files = data["files"]
        are = "file of the site is" if len(files) == 1 else "files of the site are"
        yield f"{data['input']}: {len(files):,} {are} made of it."
        yield from _shown(files)
        return
    yield data["path"]
    by = f", by templates/{data['made_by']}" if data["templates"] else ""
    yield f"  Made of {data['made_of'] or 'many inputs'}{by}."
    if len(data["templates"]) > 1:
        yield f"  With {len(data['templates']) - 1} other templates: {', '.join(_others(data))}."
    if data["entries"]:
        yield f"  It shows facts of {len(data['entries']):,} {'other ' if data['made_of'] else ''}entries:"
        yield from _shown(data["entries"])
    yield from _verdict(data)


def _others(data: dict[str, Any]) -> list[str]:
    return [name for name in data["templates"] if name != data["made_by"]]


def _verdict(data: dict[str, Any]) -> Iterator[str]:
    if data["published"] is None:
        yield "  It is not published yet."
        return
    yield f"  Its published bytes are of {data['published']}."
    if not data["again"]:
        yield "  It would not be rendered again: nothing that it is made of has changed since it was published."
        return
    yield f"  It would be rendered again: {', and '.join(_CAUSES[cause] for cause in data['causes'])}."
    if data["lines"]:
        yield f"  {len(data['lines']):,} lines would change:"
        yield from (f"    {line[:100]}" for line in data["lines"][:SHOWN])
        if len(data["lines"]) > SHOWN:
            yield f"    … and {len(data['lines']) - SHOWN:,} more; --format json lists all"
    else:
        yield "  Its bytes would be the same, so the published file would stay as it is."


def _shown(names: Sequence[str]) -> Iterator[str]:
    yield from (f"    {name}" for name in names[:SHOWN])
    if len(names) > SHOWN:
        yield f"    … and {len(names) - SHOWN:,} more; --format json lists all"
