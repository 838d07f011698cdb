"""Dashes and quotation marks as they are printed, for those that editors type."""

from __future__ import annotations

import re
from typing import Final

_EM_DASH: Final = re.compile(r"(?<!-)---(?!-)")
_EN_DASH: Final = re.compile(r"(?<=[^\s-])--(?=[^\s-])|(?<=\s)--(?=\s)")
_ELLIPSIS: Final = re.compile(r"(?<!\.)\.\.\.(?!\.)")

_QUOTE: Final = re.compile(r"'(?<![A-Za-z0-9]')")
"""A single quotation mark that may open a quotation."""
_QUOTED: Final = re.compile(r"""(?<=[ (])"([A-Za-z0-9][^"]*)"(?:(?<=[A-Za-z0-9]")(?=[ .,:;)])|(?<=[.,!?]")(?=[ ]))""")
"""Words in double quotation marks, of which the first can only open a quotation, and the second only end one."""


def with_dashes(text: str, before: str, after: str) -> str:
    """Set `--`, `---` and `...` in running text, beside which two characters stand.

    `--option` at the start of a word stays, `£45--55` and `pay -- if any` become dashes.
    """
    padded = f"{before}{text}{after}"
    padded = _EM_DASH.sub("\u2014", padded)
    padded = _EN_DASH.sub("\u2013", padded)
    return _ELLIPSIS.sub("\u2026", padded)[1:-1]


def with_plain_quotes(text: str, before: str, after: str) -> str | None:
    """Set quotation marks where all are apostrophes or stand in pairs around words; None where that is not so.

    A single mark after a letter or digit opens nothing: where no other single marks are, all are apostrophes.
    """
    if '"' in text:
        text = _QUOTED.sub(lambda found: f"\u201c{found[1]}\u201d", f"{before}{text}{after}")[1:-1]
    return None if '"' in text or _QUOTE.search(text) else text.replace("'", "\u2019")
