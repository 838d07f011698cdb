"""The command line: commands, clock, printing, exit statuses.

Exit status: 0 done; 1 problems in content, config or templates; 2 wrong usage; 3 the machine failed.
Problems go to standard error, results to standard output.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from digest.arguments import Commands, Run, run_of, shared

if TYPE_CHECKING:
    from digest.build import Build
    from digest.cache import Cache
    from digest.contract import Counts, Found
    from digest.diagnostics import Diagnostic
    from digest.publish import Publication, Published

T = TypeVar("T")
DONE, PROBLEMS, MACHINE = 0, 1, 3


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("digest").__version__, prog_name="careers-digest")
def cli() -> None:
    """Build a public-sector digital careers digest.

    Markdown entries in content/ become a site in site/.  Without a command, build is meant.
    """


@cli.command()
@shared
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Output folder.  [default: site/ in the root]"
)
def build(out: Path | None, **options: Any) -> int:
    """Build the site and publish it; a failed build leaves the published site as it was."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.publish import NotOursError, PartlyError  # noqa: PLC0415

    run, started = run_of(options), time.perf_counter()
    target = out if out is not None else run.root / "site"
    try:
        done, found = _surely(run, lambda sure: _published(sure, target))
    except StoppedError as stop:
        return _say_failed(stop.found.problems, run)
    except PartlyError as error:
        where = f": {error.filename}" if error.filename else ""
        told = "Some files are of the new site and some of the old, each whole; build again"
        click.echo(f"The machine failed: {error.strerror}{where}. {told}.", err=True)
        return MACHINE
    except NotOursError as error:
        message = f"{error}; move them away, or name another folder with --out"
        raise click.UsageError(message) from None
    gone = f", {done.removed:,} removed" if done.removed else ""
    files = f"{done.written + done.kept:,} files: {done.written:,} rendered, {done.kept:,} reused{gone}."
    if not done.whole:
        click.echo(f"{target} cannot be exchanged as a whole, so its files were put in place one by one.", err=True)
    try:
        _say_done(found, files, started)
    except OSError as error:
        click.echo(f"The site was published, but the result cannot be told: {error.strerror}.", err=True)
        return MACHINE
    return DONE


@cli.command()
@shared
def check(**options: Any) -> int:
    """Read, plan and render everything in memory, and report all problems; writes nothing."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this

    run, started = run_of(options), time.perf_counter()
    try:
        number, found = _surely(run, _counted)
    except StoppedError as stop:
        return _say_failed(stop.found.problems, run)
    _say_done(found, f"{number:,} files would be published.", started)
    return DONE


def _surely(run: Run, work: Callable[[Run], T]) -> T:
    """Do the work; and once more, reading every file, where one was not as it had been looked at."""
    try:
        return work(run)
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
    return work(run._replace(verify=True))


def _published(run: Run, target: Path) -> tuple[Published, Found]:
    """Build and publish."""
    from digest.publish import opened  # noqa: PLC0415 - `--help` needs none of this

    with opened(target) as publication, _building(run, publication) as building:
        return publication.put(building.files()), building.found


def _counted(run: Run) -> tuple[int, Found]:
    """Build, and count the files."""
    with _building(run, None) as building:
        return sum(1 for _ in building.files()), building.found


@contextmanager
def _building(run: Run, publication: Publication | None) -> Iterator[Build]:
    """Give a build with what earlier builds left in `.cache/`; then report its problems.

    One that is to be published, which knows what is, leaves there what it found out.
    """
    from digest.build import Build  # noqa: PLC0415 - `--help` needs none of this
    from digest.cache import Cache, engine  # noqa: PLC0415
    from digest.contract import Options, StoppedError  # noqa: PLC0415
    from digest.disk import read_snapshot  # noqa: PLC0415
    from digest.memo import Memory  # noqa: PLC0415
    from digest.progress import watched  # noqa: PLC0415
    from digest.workers import forked_map  # noqa: PLC0415

    with closing(Cache(run.root / ".cache" if run.cache else None)) as cache:
        shared_out = watched(forked_map(run.jobs), sys.stderr)
        published = (lambda: publication.survey.keys) if publication and run.cache else dict[str, bytes]
        memory = Memory(engine(), cache.memo, cache.plan, cache.last, published, shared_out)
        snapshot = read_snapshot(run.root, cache.last, verify=run.verify)
        building = Build(snapshot, Options(run.now, run.drafts, run.base_url, run.strict), memory)
        try:
            yield building
        except StoppedError as stop:
            _print(stop.found.problems, run)
            _save(cache, keep=publication is not None)
            raise
        _print(building.found.problems, run)
        _save(cache, keep=publication is not None)


def _save(cache: Cache, *, keep: bool) -> None:
    if keep:
        with suppress(OSError):  # a memory that cannot be kept makes the next build slower, and nothing else
            cache.save()


def _print(problems: Sequence[Diagnostic], run: Run) -> None:
    from digest.diagnostics import report  # noqa: PLC0415

    text = report(problems, run.form)
    if text and run.form == "text" and sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        text = text.replace(": error[", f": {click.style('error', fg='red', bold=True)}[")
        text = text.replace(": warning[", f": {click.style('warning', fg='yellow', bold=True)}[")
    if text:
        click.echo(text, err=True)


def _say_failed(problems: Sequence[Diagnostic], run: Run) -> int:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}" for number, word in ((errors, "error"), (warnings, "warning"))
    ]
    said = " and ".join(part for part, number in zip(parts, (errors, warnings), strict=True) if number)
    if run.form == "text":
        click.echo(f"{said}. Nothing was published.", err=True)
    return PROBLEMS


def _say_done(found: Found, files: str, started: float) -> None:
    from digest.build import in_words  # noqa: PLC0415 - `--help` needs none of this

    change = found.next_change
    following = f"Next change: {in_words(change, found.zone)}." if change else "No change is due by itself."
    click.echo(f"{_entries(found.counts)} {files} {time.perf_counter() - started:.2f} s. {following}")


def _entries(counts: Counts | None) -> str:
    if counts is None:
        return ""
    named = (
        (counts.published, "published"),
        (counts.drafts, "draft" if counts.drafts == 1 else "drafts"),
        (counts.scheduled, "scheduled"),
        (counts.withdrawn, "withdrawn"),
    )
    said = ", ".join(f"{number:,} {word}" for number, word in named if number or word == "published")
    return f"{counts.read:,} {'entry' if counts.read == 1 else 'entries'}: {said}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; never shows a traceback for what a person can mend."""
    collecting = gc.isenabled()
    gc.disable()  # a command makes many small values, and ends before any that refer to each other would matter
    try:
        status = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped. What is published is whole.", err=True)
        return MACHINE
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"The machine failed: {error.strerror or error}{where}. Nothing was published.", err=True)
        return MACHINE
    finally:
        if collecting:
            gc.enable()
    return status if isinstance(status, int) else DONE
