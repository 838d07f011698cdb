"""Files of ours: read if they are there, written anew, told apart from others at their place."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def read(path: str) -> bytes:
    """Return the bytes of a file, in half the time of `Path.read_bytes`: there may be ten thousand.  Raises OSError."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - see above
        return file.read()


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file; none of one that cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def put_anew(path: Path, pieces: Iterable[bytes | bytearray], fresh: Path) -> None:
    """Write a file anew, so that a reader finds the old one or the new one; until it is whole it is at `fresh`.

    Raises OSError, and leaves the old one, when the disk fails.
    """
    try:
        with fresh.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def is_at(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
