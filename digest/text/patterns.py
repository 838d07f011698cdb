"""Patterns that are compiled when they are first needed.

Compiling those of dates and pay takes as long as fifty entries take to read, and most entries need only two of them.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern, whose flags stand at its head, once."""
    return re.compile(pattern)
