"""The rules of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from digest.diagnostics import Finding, rule

MOST_PIXELS: Final = 50_000_000
"""A photograph of 8,000 by 6,000 pixels has fewer; what has more may be meant to fill the memory of the machine."""
EXTENSIONS: Final = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "SVG": (".svg",),
}
"""The endings of each form of picture, all of which browsers show."""


@rule("picture-broken")
def picture_broken(why: str) -> Iterator[Finding]:
    """A picture can be read to its end.

    A file that was cut off on its way, or is no picture, would be shown as a grey or torn box.

    Mend: copy the file again, or save it anew from the program that made it.
    """
    yield Finding(f"it cannot be read as a picture: {why}", "copy the file again, or save it anew")


@rule("picture-form")
def picture_form(name: str, form: str | None) -> Iterator[Finding]:
    """A picture is a JPEG, PNG, GIF, WebP, AVIF or SVG file, and its name ends as such files do.

    Servers tell browsers what a file is by the end of its name.

    Wrong: a PNG file that is called `team.jpg`

    Right: the same file as `team.png`
    """
    ending = PurePosixPath(name).suffix.lower()
    if form is None:
        known = ", ".join(endings[0] for endings in EXTENSIONS.values())
        yield Finding(f"{name} is no picture that browsers show", f"save it as one of {known}, or take it away")
    elif ending not in EXTENSIONS[form]:
        right = PurePosixPath(name).with_suffix(EXTENSIONS[form][0]).name
        yield Finding(f"the file is a {form} picture", f"rename it to  {right}  here and in the entries that show it")


@rule("picture-size")
def picture_size(pixels: int) -> Iterator[Finding]:
    """A picture has at most 50 million pixels.

    Readers are sent 1,600 pixels of width at most. A file that claims far more can stop the machine that builds.

    Mend: make it smaller; 2,000 pixels of width are plenty.
    """
    if pixels > MOST_PIXELS:
        yield Finding(f"it has more than {MOST_PIXELS:,} pixels", "make it smaller; 2,000 pixels of width are plenty")


@rule("picture-moves")
def picture_moves(*, moves: bool) -> Iterator[Finding]:
    """A picture stands still.

    What moves beside a text keeps some people from reading it, and a page would have to offer to stop it
    (WCAG 2.2, 2.2.2).

    Mend: save one frame of it as a picture of its own.
    """
    if moves:
        yield Finding("it moves", "save one frame of it as a picture of its own")


@rule("picture-drawing")
def picture_drawing(problem: str, hint: str) -> Iterator[Finding]:
    """An SVG drawing is well formed, says how large it is, and holds nothing that runs or is fetched.

    Opened by itself, a drawing is a page of this site: a script in it would run with the site's name.

    Wrong: `<svg onload="…">`, `<!ENTITY …>`, a drawing without `viewBox`

    Right: `<svg viewBox="0 0 600 400">…</svg>`
    """
    yield Finding(problem, hint)
