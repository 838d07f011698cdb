"""`serve`: the site in a browser, and each change as soon as it is saved."""

from __future__ import annotations

from typing import Any

import click

from digest.arguments import run_of, shared


@click.command()
@shared()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port, or the next free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to answer at.")
@click.option("--open", "opens", is_flag=True, help="Open the browser.")
def serve(port: int, host: str, *, opens: bool, **options: Any) -> int:
    """Show the site in a browser, and each change as soon as it is saved; Ctrl-C ends it."""
    from digest.serving import serve as served  # noqa: PLC0415 - `--help` needs none of this

    return served(run_of(options), host, port, opens=opens)
