"""Runs: a build of the files on a disk, with what earlier builds left beside them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

import click

from digest.arguments import Run
from digest.telling import counted

if TYPE_CHECKING:
    from digest.build import Build
    from digest.cache import Cache
    from digest.diagnostics import Diagnostic

T = TypeVar("T")
Published = Callable[[], Mapping[str, bytes]]


def surely(run: Run, work: Callable[[Run], T]) -> T:
    """Do the work; and once more, reading every file, where one was not as it had been looked at."""
    try:
        return work(run)
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
    return work(run._replace(verify=True))


@contextmanager
def building(run: Run, published: Published | None = None, *, keep: bool = False) -> Iterator[Build]:
    """Give a build as `silent` does; then report its problems."""
    from digest.contract import StoppedError  # noqa: PLC0415 - `--help` needs none of this

    with silent(run, published, keep=keep) as made:
        try:
            yield made
        except StoppedError as stop:
            print_problems(stop.found.problems, run)
            raise
        print_problems(made.found.problems, run)


@contextmanager
def silent(run: Run, published: Published | None = None, *, keep: bool = False) -> Iterator[Build]:
    """Give a build whose problems are not reported.

    `published` gives the key of each published file; with `keep` the build leaves in `.cache/` what it found out.
    """
    from digest.build import Build  # noqa: PLC0415 - `--help` needs none of this
    from digest.cache import Cache, engine  # noqa: PLC0415
    from digest.contract import Options, StoppedError  # noqa: PLC0415
    from digest.disk import read_snapshot  # noqa: PLC0415
    from digest.memo import Memory  # noqa: PLC0415
    from digest.progress import watched  # noqa: PLC0415
    from digest.workers import forked_map  # noqa: PLC0415

    ours = engine()
    with closing(Cache(run.root / ".cache" if run.cache else None, ours)) as cache:
        shared_out = watched(forked_map(run.jobs), sys.stderr)
        known = published if published and run.cache else dict[str, bytes]
        memory = Memory(ours, cache.memo, cache.plan, cache.last, known, shared_out, code=cache.code)
        snapshot = read_snapshot(run.root, cache.last, verify=run.verify)
        try:
            options = Options(
                run.now, run.drafts, run.base_url, run.strict, search=run.search, frozen=run.frozen, until=run.until
            )
            yield Build(snapshot, options, memory)
        except StoppedError:
            _save(cache, keep=keep)
            raise
        _save(cache, keep=keep)


def _save(cache: Cache, *, keep: bool) -> None:
    if keep:
        with suppress(OSError):  # a memory that cannot be kept makes the next build slower, and nothing else
            cache.save()


def print_problems(problems: Sequence[Diagnostic], run: Run) -> None:
    """Write problems to standard error, in the form that was asked for; with colour on a terminal."""
    from digest.diagnostics import report  # noqa: PLC0415

    text = report(problems, run.form)
    if text and run.form == "text" and sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        text = text.replace(": error[", f": {click.style('error', fg='red', bold=True)}[")
        text = text.replace(": warning[", f": {click.style('warning', fg='yellow', bold=True)}[")
    if text:
        click.echo(text, err=True)


def say_failed(problems: Sequence[Diagnostic], run: Run) -> None:
    """Say that problems stopped a build, to people; they were reported before."""
    if run.form == "text":
        click.echo(f"{counted(problems)}. Nothing was published.", err=True)
