"""The options that commands share, and what they mean."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from digest.diagnostics import Format

F = TypeVar("F", bound=Callable[..., Any])
YEARS: Final = range(1900, 3000)
"""Years in which the clock may stand."""
HOME: Final = Path(__file__).resolve().parent.parent
"""The folder of `build.py`."""


class Commands(click.Group):
    """Commands, of which `build` is meant when none is named; some live in modules that are imported when needed."""

    elsewhere: ClassVar[dict[str, str]] = {
        name: f"digest.commands.{name}" for name in ("check", "diff", "new", "serve", "status", "why")
    }
    """Commands by name, each with its module, which holds it under the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *self.elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(self.elsewhere[cmd_name]), cmd_name)
        return command

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
    search: bool
    cache: bool
    verify: bool
    jobs: int
    until: datetime | None = None
    """The time, where `now` is another."""
    frozen: bool = False


ROOT: Final = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=HOME,
    help="Folder with config.yaml, content/ and templates/.  [default: the folder of build.py]",
)
NOW: Final = click.option("--now", type=_Moment(), help="The clock, instead of SOURCE_DATE_EPOCH or the time.")


def shared(*more_forms: str) -> Callable[[F], F]:
    """Add the options of every command that reads the site; `more_forms` are forms that only its results have."""
    options = [
        ROOT,
        NOW,
        click.option("--drafts", is_flag=True, help="Show drafts and scheduled entries too."),
        click.option("--base-url", type=_Address(), help="The address of the site, instead of config.yaml's."),
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json", "github", *more_forms]),
            default="text",
            help="How problems are written.",
        ),
        click.option("--strict", is_flag=True, help="Fail on warnings too."),
        click.option("--no-search", is_flag=True, help="Make no search page, nor what it looks things up in."),
        click.option(
            "--jobs", type=click.IntRange(1), help="Worker processes at most.  [default: one for each processor]"
        ),
        click.option("--no-cache", is_flag=True, help="Use nothing kept from earlier builds."),
        click.option("--verify", is_flag=True, help="Read every file, also those whose size and times are as before."),
    ]

    def added(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return added


def run_of(options: dict[str, Any]) -> Run:
    """Return what was asked for, with what follows from the machine in place of what was left out."""
    time = clock()
    return Run(
        options["root"],
        options["now"] or time,
        options["drafts"],
        options["base_url"],
        options["form"],
        options["strict"],
        not options["no_search"],
        not options["no_cache"],
        options["verify"],
        options["jobs"] or os.cpu_count() or 1,
        time if options["now"] else None,
        options.get("frozen", False),
    )


def clock() -> datetime:
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
