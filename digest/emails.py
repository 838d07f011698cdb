"""Emails: styles put where mail programs look for them, and never longer than they show.

Many programs throw a style sheet away and keep the styles of elements; Gmail cuts a message off at 102 kB.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from digest.planning.letters import EditionMail

MOST: Final = 100_000
"""Bytes of an email at most."""


def email(view: EditionMail, made: Callable[[Any], str]) -> str:
    """Return an email as it is sent; `made` renders a view.

    One that is too long is cut at its end, and says so, with the way to the whole.  Where its introduction alone is too
    long, that is left out.
    """
    whole = _inlined(made(view))
    if len(whole.encode()) <= MOST:
        return whole
    introduced = _fits(none := _inlined(made(view.cut(0, introduced=True))))
    best = none if introduced else _inlined(made(view.cut(0, introduced=False)))
    fits, too_many = 0, view.letter.lines + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        tried = _inlined(made(view.cut(middle, introduced=introduced)))
        if _fits(tried):
            fits, best = middle, tried
        else:
            too_many = middle
    return best


def _fits(text: str) -> bool:
    return len(text.encode()) <= MOST


def _inlined(page: str) -> str:
    """Return HTML whose styles stand on its elements, and nowhere else."""
    import css_inline  # noqa: PLC0415 - a build that makes no email needs it not

    inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
    return inliner.inline(page)


FINISHED: Final[dict[type[Any], Callable[[Any, Callable[[Any], str]], str]]] = {EditionMail: email}
"""What is done with the views whose template is not the end of it."""
