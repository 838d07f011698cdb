"""Views that are data for programs: written by code, where a template would only get in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import msgspec

from digest.planning.views import BuildRecord


def build_record(view: BuildRecord) -> bytes:
    """Write `build.json`."""
    return (json.dumps(msgspec.to_builtins(view), indent=2, ensure_ascii=False) + "\n").encode()


WRITERS: Final[dict[type[Any], Callable[[Any], bytes]]] = {BuildRecord: build_record}
"""The function that writes each view that has no template; a library that it needs is imported when it is called."""
