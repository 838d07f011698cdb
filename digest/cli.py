"""The command line: commands, clock, printing, exit statuses.

Exit status: 0 done; 1 problems in content, config or templates; 2 wrong usage; 3 the machine failed.
Problems go to standard error, results to standard output.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from digest.arguments import Commands, Run, run_of, shared
from digest.runs import building, say_failed, surely
from digest.telling import done_words, failure, file_words

if TYPE_CHECKING:
    from digest.build import Build
    from digest.contract import Filled
    from digest.publish import Published

T = TypeVar("T")
DONE, PROBLEMS, MACHINE = 0, 1, 3


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("digest").__version__, prog_name="careers-digest")
def cli() -> None:
    """Build a public-sector digital careers digest.

    Markdown entries in content/ become a site in site/.  Without a command, build is meant.
    """


@cli.command()
@shared()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Output folder.  [default: site/ in the root]"
)
@click.option("--frozen", is_flag=True, help="Only check content/urls.lock; fail where it lacks a line.")
def build(out: Path | None, **options: Any) -> int:
    """Build the site and publish it; a failed build leaves the published site as it was."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.publish import NotOursError, PartlyError  # noqa: PLC0415

    run, started = run_of(options), time.perf_counter()
    target = out if out is not None else run.root / "site"
    try:
        done, made = surely(run, lambda sure: _published(sure, target))
    except StoppedError as stop:
        say_failed(stop.found.problems, run)
        return PROBLEMS
    except PartlyError as error:
        told = "Some files are of the new site and some of the old, each whole; build again"
        click.echo(f"{failure(error)} {told}.", err=True)
        return MACHINE
    except NotOursError as error:
        message = f"{error}; move them away, or name another folder with --out"
        raise click.UsageError(message) from None
    if not done.whole:
        click.echo(f"{target} cannot be exchanged as a whole, so its files were put in place one by one.", err=True)
    try:
        _fill_lock(run.root, made.lock)
    except OSError as error:
        told = "The site was published, but content/urls.lock cannot be written"
        click.echo(f"{told}: {error.strerror}. Where it is not to be written, use --frozen.", err=True)
        return MACHINE
    try:
        click.echo(done_words(made.found, file_words(done), started))
    except OSError as error:
        click.echo(f"The site was published, but the result cannot be told: {error.strerror}.", err=True)
        return MACHINE
    return DONE


def _published(run: Run, target: Path) -> tuple[Published, Build]:
    """Build and publish."""
    from digest.publish import opened  # noqa: PLC0415 - `--help` needs none of this

    with opened(target) as publication, building(run, lambda: publication.survey.keys, keep=True) as made:
        return publication.put(made.files()), made


def _fill_lock(root: Path, lock: Filled | None) -> None:
    """Write down what is published now, after that is so: decision 17 says why in this order."""
    from digest.contract import LOCK  # noqa: PLC0415 - `--help` needs none of this
    from digest.disk import replace_input  # noqa: PLC0415

    if lock is None:
        return
    if not replace_input(root, LOCK, lock.data, lock.before):
        click.echo(f"{LOCK} was changed meanwhile; the next build adds to it.", err=True)
    elif lock.added:
        click.echo(f"{lock.added:,} {'line' if lock.added == 1 else 'lines'} added to {LOCK}: commit it.")


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
        click.echo(f"{failure(error)} Nothing was published.", err=True)
        return MACHINE
    finally:
        if collecting:
            gc.enable()
    return status if isinstance(status, int) else DONE
