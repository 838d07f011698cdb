"""Patterns that are compiled when they are first needed.

Compiling those of dates and pay takes as long as fifty entries take to read, and most entries need only two of them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern, whose flags stand at its head, once."""
    return re.compile(pattern)


UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 §2.2 does not allow, and C1 controls, which nobody can see."""
