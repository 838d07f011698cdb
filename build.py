#!/usr/bin/env python3
"""Build the digest: `python build.py --help` says what it can do."""

import gc
import os
import sys
from typing import NoReturn

MACHINE = 3
"""Exit status where it is the machine that fails."""
SET_UP = "`make site` installs what is needed; after that, use  .venv/bin/python build.py\n"


def run() -> int:
    """Run the command line; where Python itself or a library is missing, say how to get it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the very case in which the project's own lower bound was not kept
        sys.stderr.write(f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}. {SET_UP}")
        return MACHINE
    try:
        from digest.cli import main  # noqa: PLC0415 - it may be what cannot be imported

        return main()
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library == "digest":
            raise
        sys.stderr.write(f'This Python does not have the library "{library}". {SET_UP}')
        return MACHINE


def leave(status: int) -> NoReturn:
    """End this process at once: the system takes back as a whole the memory that Python would give back bit by bit.

    That is a tenth of the time of an edit.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody listens any more
        sys.exit(status)
    os._exit(status)


if __name__ == "__main__":
    gc.disable()  # nothing that is loaded now goes again, so nothing is looked through for what could
    leave(run())
