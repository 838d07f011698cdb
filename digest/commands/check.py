"""`check`: all problems, and nothing written; with `--links` also those of links to other sites."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from digest.arguments import Run, run_of, shared

if TYPE_CHECKING:
    from digest.contract import Found
    from digest.links import Checked


@click.command()
@click.option("--links", is_flag=True, help="Ask other sites for the pages that entries link to.")
@click.option(
    "--link-budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=600,
    show_default=True,
    help="Time for all questions together; what is left is asked the next time.",
)
@click.option("--link-private", is_flag=True, help="Also ask servers that are not on the public internet.")
@shared()
def check(*, links: bool, link_budget: float, link_private: bool, **options: Any) -> int:
    """Read, plan and render everything in memory, and report all problems; publishes nothing."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this
    from digest.diagnostics import failed  # noqa: PLC0415
    from digest.runs import say_failed, surely  # noqa: PLC0415
    from digest.telling import done_words  # noqa: PLC0415

    run, started = run_of(options), time.perf_counter()
    try:
        number, found = surely(run, _counted)
    except StoppedError as stop:
        say_failed(stop.found.problems, run)
        if links:
            click.echo("No server was asked; mend these first.", err=True)
        return 1
    checked = None
    if links:
        checked = _asked(run, link_budget, private=link_private)
        if checked is None:
            return 3
    click.echo(done_words(found, f"{number:,} files would be published.", started))
    if checked is None:
        return 0
    from digest.links import links_words  # noqa: PLC0415 - for this option alone

    click.echo("\n".join(links_words(checked)))
    return 1 if failed(checked.problems, strict=run.strict) else 0


def _counted(run: Run) -> tuple[int, Found]:
    """Build, and count the files."""
    from digest.runs import building  # noqa: PLC0415 - `--help` needs none of this

    with building(run) as made:
        return sum(1 for _ in made.files()), made.found


def _asked(run: Run, budget: float, *, private: bool) -> Checked | None:
    """Ask for all links, and report their problems; None where this machine reaches nobody."""
    from digest.asking import Manners  # noqa: PLC0415 - for this option alone, and slow to import
    from digest.links import OfflineError, check_links  # noqa: PLC0415
    from digest.runs import print_problems, surely  # noqa: PLC0415

    try:
        checked = surely(run, lambda sure: check_links(sure, Manners(budget=budget, private=private)))
    except OfflineError:
        click.echo(
            "Not one server could be reached, so this machine seems to be cut off. Nothing was checked.", err=True
        )
        return None
    print_problems(checked.problems, run)
    return checked
