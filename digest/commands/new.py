"""`new`: a starter entry, with the few facts that every entry needs asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from digest.arguments import NOW, ROOT, clock

if TYPE_CHECKING:
    from digest.documents.config import Config
    from digest.documents.starting import Question, Starter

F = TypeVar("F", bound=Callable[..., Any])
Answers = dict[str, tuple[str, ...]]
LIST: Final = "?"
"""The answer that asks for the values that the configuration lists."""


@click.group()
def new() -> None:
    """Write a starter entry; asks on a terminal for the facts that no option gives."""


def _common(command: F) -> F:
    options = [
        click.argument("title"),
        click.option("--summary", help="What a reader needs first; at most 160 characters."),
        click.option("--tags", help="What it is about, with commas between."),
        click.option("--published", help="The day on which the digest carries it.  [default: today]"),
        click.option("--id", "id_", help="Its part of the address.  [default: made of date, organisation and title]"),
        click.option("--edit", is_flag=True, help="Open it in the editor that VISUAL or EDITOR names."),
        ROOT,
        NOW,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@new.command()
@_common
@click.option("--organisation", help="Who employs; several with semicolons between.")
@click.option("--salary", help="What it pays, such as '£71,000 to £85,000' or 'not stated'.")
@click.option("--closes", help="When applications end, such as '11:55pm on 6 October 2026'.")
@click.option("--location", help="Places, remote, hybrid, or 'not stated'; several with semicolons between.")
@click.option("--apply", help="Where to apply.")
def job(title: str, **options: Any) -> None:
    """Write a starter for a job in content/jobs/."""
    _start("job", title, options)


@new.command()
@_common
@click.option("--source-name", help="Who published it.")
@click.option("--source-url", help="Where.")
def news(title: str, **options: Any) -> None:
    """Write a starter for a news item in content/news/."""
    _start("news", title, options)


def _start(kind: Starter, title: str, options: dict[str, Any]) -> None:
    from digest.documents.starting import FOLDERS, questions, starter  # noqa: PLC0415 - `--help` needs none of this

    root: Path = options["root"]
    config = _config(root)
    title = " ".join(title.split())
    published = _day(options["published"], config, options["now"] or clock())
    asked = questions(kind, published)
    _refuse(_wrong(_titled(kind, published), (title,), config, published), "TITLE")
    answers = _answers(asked, options, config, published)
    id_ = _id(root, kind, title, answers, published, config, options["id_"])
    path = root / FOLDERS[kind] / f"{id_}.md"
    started = starter(kind, title, published, answers)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(started.text)
    except FileExistsError:
        message = f"{path.relative_to(root)} is there already; name another with --id"
        raise click.UsageError(message) from None
    click.echo(f"Wrote {path.relative_to(root)}. To fill in: {', '.join(started.blanks)}.")
    if options["edit"]:
        click.edit(filename=str(path))


def _config(root: Path) -> Config:
    """Return the configuration; a faulty one is reported as `check` reports it."""
    from digest.diagnostics import Span, report  # noqa: PLC0415 - `--help` needs none of this
    from digest.documents.config_file import PATH, read_config  # noqa: PLC0415
    from digest.file_rules import config_missing  # noqa: PLC0415
    from digest.reading import read_text  # noqa: PLC0415

    try:
        text, problems = read_text(PATH, (root / PATH).read_bytes())
    except FileNotFoundError:
        text, problems = None, tuple(config_missing.at(Span(PATH), finding) for finding in config_missing())
    config, more = read_config(text) if text is not None else (None, ())
    if config is None:
        click.echo(report((*problems, *more), "text"), err=True)
        raise click.exceptions.Exit(1)
    return config


def _day(text: str | None, config: Config, now: datetime) -> date:
    """Return the day of publication."""
    from digest.dates.reading import read_day  # noqa: PLC0415 - `--help` needs none of this
    from digest.dates.zones import zone_info  # noqa: PLC0415

    local = now if now.tzinfo is None else now.astimezone(UTC).astimezone(zone_info(config.timezone))
    if text is None:
        return local.date()
    read = read_day(text, "published", local.date())
    _refuse([(found.message, found.hint) for _, found in read.findings], "--published")
    if read.value is None:
        message = f"{text!r} is not a day"
        raise click.BadParameter(message, param_hint="--published")
    return read.value


# --- facts -------------------------------------------------------------------------------------------------


def _answers(asked: tuple[Question, ...], options: dict[str, Any], config: Config, published: date) -> Answers:
    """Return the facts that options give, and those that are told on a terminal; what is not told is left out."""
    from digest.documents.starting import split_answer  # noqa: PLC0415 - `--help` needs none of this

    found: Answers = {}
    for question in asked:
        given = options[question.name.replace(".", "_")]
        if given is not None:
            values = split_answer(question, given)
            _refuse(_wrong(question, values, config, published), f"--{question.name.replace('.', '-')}")
        elif sys.stdin.isatty() and sys.stdout.isatty():
            values = _ask(question, config, published)
        else:
            values = ()
        if values:
            found[question.name] = values
    return found


def _ask(question: Question, config: Config, published: date) -> tuple[str, ...]:
    """Ask for a fact until the answer can be read; an empty answer leaves it to be filled in later."""
    from digest.documents.starting import choices, split_answer  # noqa: PLC0415 - `--help` needs none of this

    listed = choices(question, config)
    more = f"; {LIST} lists those in use" if listed else ""
    click.echo(f"\n{question.field.doc} Such as: {question.example}{more}")
    while True:
        text = click.prompt(question.name.replace(".", " "), default="", show_default=False)
        if text.strip() == LIST and listed:
            click.echo(", ".join(listed))
            continue
        values = split_answer(question, text)
        wrong = _wrong(question, values, config, published)
        for message, hint in wrong:
            click.echo(f"  {message}{f' ({hint})' if hint else ''}")
        if not wrong:
            return values


def _wrong(
    question: Question, values: tuple[str, ...], config: Config, published: date
) -> list[tuple[str, str | None]]:
    """Return what keeps an answer from being read, each with its hint."""
    from digest.documents.starting import read_answer  # noqa: PLC0415 - `--help` needs none of this

    if not values:
        return []
    problems = read_answer(question, values, config, published).problems
    return [(found.message, found.hint) for found in problems if found.severity == "error"]


def _refuse(wrong: list[tuple[str, str | None]], where: str) -> None:
    """Refuse a value that a person gave on the command line."""
    for message, hint in wrong:
        said = f"{message}; {hint}" if hint else message
        raise click.BadParameter(said, param_hint=where)


def _titled(kind: Starter, published: date) -> Question:
    """Return the question whose answer the title is."""
    from digest.documents.starting import Question  # noqa: PLC0415 - `--help` needs none of this
    from digest.documents.tables import TABLES  # noqa: PLC0415

    field = next(field for field in TABLES[kind].fields if field.name == "title")
    return Question("title", field, None, f"{published:%Y}")


# --- name --------------------------------------------------------------------------------------------------


def _id(  # noqa: PLR0913, PLR0917 - what a name is made of
    root: Path, kind: Starter, title: str, answers: Answers, published: date, config: Config, wanted: str | None
) -> str:
    from digest.documents.starting import free_id  # noqa: PLC0415 - `--help` needs none of this
    from digest.text.reader_rules import id_form  # noqa: PLC0415

    taken = {path.stem for path in (root / "content").glob("*/*.md")}
    if wanted is None:
        organisations = answers.get("organisation", ()) if kind == "job" else ()
        wanted = free_id(title, organisations, published, config, taken)
        _refuse([] if wanted else [("it has no letter or digit to make an address of", "add --id")], "TITLE")
        return wanted
    _refuse([(found.message, found.hint) for found in id_form(wanted)], "--id")
    _refuse([(f'another entry is called "{wanted}"', None)] if wanted in taken else [], "--id")
    return wanted
