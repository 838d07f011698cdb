"""`status`: how things stand, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from digest.arguments import run_of, shared

SHOWN: Final = 10
"""Lines of a group at most."""

if TYPE_CHECKING:
    from digest.diagnostics import Diagnostic
    from digest.planning.outlook import Outlook, Standing


@click.command()
@shared()
def status(**options: Any) -> int:
    """Say what is open, closing soon, scheduled or stale, and when the site next changes by itself."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.diagnostics import failed  # noqa: PLC0415
    from digest.planning.outlook import outlook  # noqa: PLC0415
    from digest.runs import print_problems, silent, surely  # noqa: PLC0415

    run = run_of(options)

    def look(sure: Any) -> tuple[Outlook, Sequence[Diagnostic]]:
        with silent(sure) as made:
            return outlook(made.standing()), made.found.problems

    try:
        found, problems = surely(run, look)
    except StoppedError as stop:
        print_problems(stop.found.problems, run)
        return 1
    if run.form == "json":
        click.echo(json.dumps(_data(found, problems), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found, problems)))
    return 1 if failed(problems, strict=run.strict) else 0


def _data(found: Outlook, problems: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return all that is known, with instants as ISO 8601 in UTC."""
    import msgspec  # noqa: PLC0415 - `--help` needs none of this

    whole: dict[str, Any] = msgspec.to_builtins(found)
    counted = {level: sum(problem.severity == level for problem in problems) for level in ("error", "warning")}
    return whole | {"errors": counted["error"], "warnings": counted["warning"]}


def _lines(found: Outlook, problems: Sequence[Diagnostic]) -> Iterator[str]:
    from digest.build import in_words  # noqa: PLC0415 - `--help` needs none of this

    yield f"At {in_words(found.now, found.zone)}: {_number(found.open, 'open job')}."
    yield from _group("Closing soon", found.closing)
    yield from _group("Open without a deadline", found.undated)
    yield from _group("Worth a look", found.stale)
    yield from _group("Scheduled", found.scheduled)
    yield from _group("Drafts", found.drafts)
    yield ""
    if found.next_change is None:
        yield "The site will not change by itself."
    else:
        yield f"The site next changes by itself at {in_words(found.next_change, found.zone)}."
        yield from map(_line, found.coming)
    if problems:
        errors = sum(problem.severity == "error" for problem in problems)
        left = " Entries with errors are left out above." if errors else ""
        counted = " and ".join(
            _number(number, word) for number, word in ((errors, "error"), (len(problems) - errors, "warning")) if number
        )
        yield f"\n{counted}: build.py check shows them.{left}"


def _group(heading: str, lines: Sequence[Standing]) -> Iterator[str]:
    if lines:
        yield f"\n{heading} ({len(lines):,}):"
        yield from map(_line, lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN:,} more; --format json lists all"


def _line(line: Standing) -> str:
    who = f", {line.organisation}" if line.organisation else ""
    said = f": {line.said}" if line.said else ""
    return f"  {line.title}{who}{said}\n    {line.path}"


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
