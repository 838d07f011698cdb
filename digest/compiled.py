"""Compiled templates, so that each is compiled once."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import ClassVar

import jinja2
from jinja2.bccache import Bucket

Known = Callable[[bytes], bytes | None]
"""Gives what was remembered with a key, or None; only what nobody but us can have written, for it is a program."""


def nothing(_key: bytes) -> None:
    """Know nothing."""


class Compiled(jinja2.BytecodeCache):
    """Compiled templates by name and text: in this process, and those that others have left."""

    codes: ClassVar[dict[bytes, CodeType]] = {}

    def __init__(self, known: Known) -> None:
        """Take what gives those that others have left."""
        self._known = known
        self._new: dict[bytes, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template with this name and text, if it was compiled before."""
        key = _key(bucket)
        if key not in self.codes and (data := self._known(key)) is not None:
            with suppress(EOFError, ValueError, TypeError):
                self.codes[key] = marshal.loads(data)  # noqa: S302 - as trusted as Python's own compiled modules
        bucket.code = self.codes.get(key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that was compiled."""
        if bucket.code is not None:
            self.codes[_key(bucket)] = bucket.code
            self._new[_key(bucket)] = marshal.dumps(bucket.code)

    def new(self) -> dict[bytes, bytes]:
        """Return what has been compiled since this was asked last, to be remembered."""
        new, self._new = self._new, {}
        return new


def _key(bucket: Bucket) -> bytes:
    return f"{bucket.key}{bucket.checksum}".encode()
