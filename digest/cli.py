"""The command line: commands, clock, printing, exit statuses.

Exit status: 0 done; 1 problems in content, config or templates; 2 wrong usage; 3 the machine failed.
Problems go to standard error, results to standard output.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from digest.build import Build
    from digest.cache import Cache
    from digest.contract import Counts, Found
    from digest.diagnostics import Diagnostic, Format
    from digest.publish import Publication

F = TypeVar("F", bound=Callable[..., Any])
DONE, PROBLEMS, MACHINE = 0, 1, 3
YEARS: Final = range(1900, 3000)
"""Years in which the clock may stand."""
HOME: Final = Path(__file__).resolve().parent.parent
"""The folder of `build.py`."""


class _Commands(click.Group):
    """Commands, of which `build` is meant when none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before options that stand alone."""
        if not args or (args[0].startswith("-") and args[0] not in {"--help", "-h", "--version"}):
            args = ["build", *args]
        return super().parse_args(ctx, args)


class _Moment(click.ParamType[datetime]):
    """An ISO 8601 date or time; without an offset it is in the site's time zone."""

    name = "ISO-DATETIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment, naive when no offset is given."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date or time such as 2014-09-20 or 2014-09-20T23:55", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"{value!r} is not between {YEARS[0]} and {YEARS[-1]}", param, ctx)
        return moment


class _Address(click.ParamType[str]):
    """The address of a site, as `base_url` in the configuration."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address."""
        from digest.documents.config_rules import config_base_url  # noqa: PLC0415 - `--help` needs none of this

        for finding in config_base_url(value):
            self.fail(f"{finding.message}; {finding.hint}", param, ctx)
        return str(value)


class Run(NamedTuple):
    """The options that commands share."""

    root: Path
    now: datetime
    drafts: bool
    base_url: str | None
    form: Format
    strict: bool
    cache: bool
    verify: bool
    jobs: int


def _shared(command: F) -> F:
    """Add the options of every command that reads the site."""
    options = [
        click.option(
            "--root",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            default=HOME,
            help="Folder with config.yaml, content/ and templates/.  [default: the folder of build.py]",
        ),
        click.option("--now", type=_Moment(), help="The clock, instead of SOURCE_DATE_EPOCH or the time."),
        click.option("--drafts", is_flag=True, help="Show drafts and scheduled entries too."),
        click.option("--base-url", type=_Address(), help="The address of the site, instead of config.yaml's."),
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json", "github"]),
            default="text",
            help="How problems are written.",
        ),
        click.option("--strict", is_flag=True, help="Fail on warnings too."),
        click.option(
            "--jobs", type=click.IntRange(1), help="Worker processes at most.  [default: one for each processor]"
        ),
        click.option("--no-cache", is_flag=True, help="Use nothing kept from earlier builds."),
        click.option("--verify", is_flag=True, help="Read every file, also those whose size and times are as before."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("digest").__version__, prog_name="careers-digest")
def cli() -> None:
    """Build a public-sector digital careers digest.

    Markdown entries in content/ become a site in site/.  Without a command, build is meant.
    """


@cli.command()
@_shared
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Output folder.  [default: site/ in the root]"
)
def build(out: Path | None, **options: Any) -> int:
    """Build the site and publish it; a failed build leaves the published site as it was."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.publish import NotOursError, PartlyError, opened  # noqa: PLC0415

    run, started = _run(options), time.perf_counter()
    target = out if out is not None else run.root / "site"
    try:
        with opened(target) as publication, _building(run, publication) as building:
            done = publication.put(building.files())
            found = building.found
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
@_shared
def check(**options: Any) -> int:
    """Read, plan and render everything in memory, and report all problems; writes nothing."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this

    run, started = _run(options), time.perf_counter()
    try:
        with _building(run, None) as building:
            number = sum(1 for _ in building.files())
            found = building.found
    except StoppedError as stop:
        return _say_failed(stop.found.problems, run)
    _say_done(found, f"{number:,} files would be published.", started)
    return DONE


def _run(options: dict[str, Any]) -> Run:
    return Run(
        options["root"],
        options["now"] or _clock(),
        options["drafts"],
        options["base_url"],
        options["form"],
        options["strict"],
        not options["no_cache"],
        options["verify"],
        options["jobs"] or os.cpu_count() or 1,
    )


def _clock() -> datetime:
    """Return the time, or that of SOURCE_DATE_EPOCH (reproducible-builds.org): the only place where it is read."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC)
        if moment.year in YEARS:
            return moment
    except (ValueError, OverflowError, OSError):
        pass
    message = f"SOURCE_DATE_EPOCH is {epoch!r}, which is not a number of seconds between {YEARS[0]} and {YEARS[-1]}"
    raise click.UsageError(message)


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
