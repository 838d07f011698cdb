"""What the process that builds a preview and the one that serves it say to each other: a line of JSON each."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec import Struct

Level = Literal["", "warning", "error"]


class Begin(Struct, frozen=True, tag=True):
    """To the server, first of all: what to serve, and where."""

    root: str
    """The folder whose inputs are watched."""
    site: str
    """The folder of the built site."""
    host: str
    port: int
    """The first one to try; 0 for any."""
    names: tuple[str, ...] | None = None
    """Names of hosts under which browsers may ask; None for all."""


class Opened(Struct, frozen=True, tag=True):
    """From the server: it answers at this port, or cannot, and why."""

    port: int
    problem: str = ""


class Changed(Struct, frozen=True, tag=True):
    """From the server: inputs may have changed."""

    paths: tuple[str, ...] | None
    """Below the root; None where everything has to be looked at."""


class Built(Struct, frozen=True, tag=True):
    """To the server: how a build ended."""

    changed: tuple[str, ...] = ()
    """Files of the site that are new, other, or gone."""
    base_path: str | None = None
    """The path under which the site is served, with a slash at both ends; None where it is not known."""
    level: Level = ""
    """How bad the worst problem is; an error leaves the site as it was."""
    heading: str = ""
    text: str = ""
    """All problems, as the terminal shows them."""


Message = Begin | Opened | Changed | Built
_DECODER: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)


def line_of(message: Message) -> bytes:
    """Write a message."""
    return msgspec.json.encode(message) + b"\n"


def message_of(line: bytes) -> Message:
    """Read a message."""
    return _DECODER.decode(line)
