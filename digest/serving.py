"""Serving a preview: builds, and builds again as the process that serves and watches tells of changes."""

from __future__ import annotations

import gc
import sys
import time
import webbrowser
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from signal import SIGINT, SIGTERM, signal
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import click

from digest.arguments import Run
from digest.child import Child, GoneError
from digest.diagnostics import report
from digest.messages import Begin, Built, Changed
from digest.preview import FOLDER, Outcome, Preview, site_of
from digest.progress import watched
from digest.publish import NotOursError
from digest.runs import print_problems
from digest.telling import counted, done_words, failure, file_words
from digest.workers import forked_map

OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")
MANY: Final = 8
"""Files that somebody who works on an entry does not save at once."""
QUIET: Final = 0.1
"""Seconds without a change that are waited for after many, and before a problem is told: a file may be half written."""
PATIENCE: Final = 3.0
"""Seconds after which a problem is told though changes go on."""
LONGEST: Final = 30.0
"""Seconds after which the clock is looked at again at the latest: a machine may have slept."""
AGAIN: Final = 5.0
"""Seconds after which what the machine failed to do is tried again."""

Paths = Collection[str] | None
"""Inputs that may have changed; None where all have to be looked at."""


def serve(run: Run, host: str, port: int, *, opens: bool) -> int:
    """Serve a preview until Ctrl-C, and return the exit status."""
    before = {number: signal(number, _stop) for number in (SIGINT, SIGTERM)}
    try:
        with suppress(KeyboardInterrupt), ExitStack() as stack:
            alone = stack.enter_context(_alone(run.root / FOLDER))
            child = stack.enter_context(closing(Child()))
            address = _opened(child, run, host, port)
            alone(address)
            if opens:
                webbrowser.open(address)
            origin = address.removesuffix("/")
            preview = stack.enter_context(closing(Preview(run, origin, watched(forked_map(run.jobs), sys.stderr))))
            _Serving(run, child, preview).go_on()
    except GoneError:
        click.echo("The machine failed: the process that serves the preview has ended.", err=True)
        return 3
    finally:
        for number, handler in before.items():
            signal(number, handler)
    return 0


def _stop(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _alone(folder: Path) -> Iterator[Any]:
    """Hold the folder of previews, and give a function that notes the address for whoever comes second.

    Raises `click.UsageError` where another preview of it runs.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "address").open("a+", encoding="utf-8") as note:
        try:
            import fcntl  # noqa: PLC0415 - only POSIX systems have it
        except ImportError:  # pragma: no cover - elsewhere two previews at once are the caller's to avoid
            yield note.write
            return
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            note.seek(0)
            message = f"a preview of {folder.parent} is open already: {note.read() or 'it is just starting'}"
            raise click.UsageError(message) from None
        note.truncate(0)

        def noted(address: str) -> None:
            note.write(address)
            note.flush()

        yield noted


def _opened(child: Child, run: Run, host: str, port: int) -> str:
    """Have the preview served, say where, and return the address."""
    local = _is_local(host)
    named = urlsplit(run.base_url or "").hostname
    names = (*OWN_NAMES, host.lower(), *([named] if named else [])) if local else None
    opened = child.begin(Begin(str(run.root), str(site_of(run.root)), host, port, names))
    if opened.problem:
        message = f"cannot serve at {host}: {opened.problem}"
        raise click.UsageError(message)
    address = f"http://{host if local and ':' not in host else 'localhost'}:{opened.port}/"
    if port not in {0, opened.port}:
        click.echo(f"Port {port} is in use, so this is port {opened.port}.")
    click.echo(f"{address} shows the site, and each change as soon as it is saved. Ctrl-C ends this.")
    if not local:
        click.echo("All who can reach this machine can read this preview.", err=True)
    return address


def _is_local(host: str) -> bool:
    """Tell whether only this machine can reach a host."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host.lower() == "localhost"


class _Serving:
    """Builds and tells, for as long as the preview is open."""

    def __init__(self, run: Run, child: Child, preview: Preview) -> None:
        self._run = run
        self._child = child
        self._preview = preview
        self._begun = datetime.now(UTC)
        self._failed = False
        self._shown = False
        """A site was built, and is there to see."""

    @property
    def _stays(self) -> str:
        return "The preview stays as it was." if self._shown else "Nothing can be shown yet."

    def go_on(self) -> NoReturn:
        """Build, and again whenever something changes, until the process is stopped."""
        changed: Paths = None
        while True:
            started = time.perf_counter()
            try:
                outcome = self._built(changed)
            except (OSError, NotOursError) as error:
                self._tell_failure(failure(error) if isinstance(error, OSError) else f"{error}.")
            else:
                self._failed = False
                if outcome is not None:
                    self._tell(outcome, started)
            gc.collect()
            gc.freeze()  # what is kept for builds to come is not looked through again
            gc.enable()
            changed = self._changed()

    def _now(self) -> datetime:
        """Return the clock, which goes on from where it was set."""
        return self._run.now + (datetime.now(UTC) - self._begun)

    def _built(self, changed: Paths) -> Outcome | None:
        """Build; where that fails while files are still being saved, build again with them."""
        outcome = self._preview.build(self._now(), changed)
        until = time.monotonic() + PATIENCE
        while outcome is not None and outcome.done is None and time.monotonic() < until:
            more = self._child.heard(QUIET)
            if more is None:
                break
            outcome = self._preview.build(self._now(), more.paths) or outcome
        return outcome

    # --- telling -------------------------------------------------------------------------------------------

    def _tell(self, outcome: Outcome, started: float) -> None:
        problems, done = outcome.found.problems, outcome.done
        self._shown |= done is not None
        heading = f"{counted(problems)}. {self._stays}" if done is None else counted(problems)
        self._child.tell(
            Built(
                outcome.changed,
                outcome.found.base_path,
                "error" if done is None else "warning" if problems else "",
                heading,
                report(problems, "text"),
            )
        )
        print_problems(problems, self._run)
        if done is not None:
            click.echo(done_words(outcome.found, file_words(done), started))
        elif self._run.form == "text":
            click.echo(heading, err=True)
        self._preview.save()

    def _tell_failure(self, words: str) -> None:
        heading = f"{words} {self._stays}"
        if not self._failed:
            click.echo(heading, err=True)
            self._child.tell(Built(level="error", heading=heading))
        self._failed = True

    # --- waiting -------------------------------------------------------------------------------------------

    def _changed(self) -> Paths:
        """Wait until something has changed, or the site changes by itself, and return which inputs may differ."""
        while True:
            left = AGAIN if self._failed else self._preview.seconds_left(self._now())
            heard = self._child.heard(LONGEST if left is None else max(0.0, min(LONGEST, left)))
            if heard is not None:
                return self._gathered(heard)
            if self._failed:
                return None
            if self._preview.is_due(self._now()):
                return ()

    def _gathered(self, first: Changed) -> Paths:
        """Return all that has changed, once a burst of many changes is over."""
        paths = None if first.paths is None else set(first.paths)
        wait = QUIET if paths is not None and len(paths) > MANY else 0.0
        while (heard := self._child.heard(wait)) is not None:
            paths = None if paths is None or heard.paths is None else paths.union(heard.paths)
            wait = QUIET
        return paths
