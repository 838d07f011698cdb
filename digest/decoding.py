"""Decoding: values as they were written down, each read by a decoder for its type."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Decoder(Generic[T]):
    """Reads MessagePack as values of one type; it is made ready when it is first used, and few builds use all."""

    def __init__(self, kind: type[T]) -> None:
        """Take the type."""
        self._kind = kind

    @cached_property
    def decode(self) -> Callable[[bytes | memoryview], T]:
        """The function that returns the value which bytes hold; it raises MsgspecError or ValueError for others."""
        return msgspec.msgpack.Decoder(self._kind).decode


def decoded(data: bytes | None, decoder: Decoder[T]) -> T | None:
    """Return the value that `data` holds, or None where there is none or it is not of the decoder's type."""
    if data is None:
        return None
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None
