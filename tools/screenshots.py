"""Take pictures of every kind of page into screenshots/, for people to look at; `index.html` there shows them together.

`make screenshots` takes each page at three widths, light and dark, and entries also as they print.
`make pictures` takes those two of README.md, which are kept in docs/images/.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from html import escape
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests import page_kinds
from tests.browsing import MIDDLE, NARROW, SCHEMES, WIDE, Visitor
from tests.page_kinds import Sample
from tools import programs

FOLDER: Final = programs.ROOT / "screenshots"
WIDTHS: Final = (NARROW, MIDDLE, WIDE)
"""In CSS pixels: a small telephone, a tablet, a desk."""
PRINTED: Final = frozenset({"pages/job.html", "pages/news.html", "pages/page.html"})
"""Templates of pages that are likely to be printed."""
PAPER: Final = 672
"""Width in CSS pixels of what lies between the margins of a sheet of A4."""
PICTURES: Final = programs.ROOT / "docs" / "images"
SHOWN: Final = {"home": "/", "job": "/jobs/2021-03-home-office-deputy-director-it-operations/"}
"""Pages that README.md shows, by the name of their picture."""
SHOWN_HEIGHT: Final = 880
MOST_BYTES: Final = 60_000
"""Of a picture that is kept."""


def main(given: Sequence[str] | None = None) -> int:
    """Take what is asked for; give exit status 1 where a picture that is kept is too large."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description="Take pictures of pages.")
    parser.add_argument("--only", default="", metavar="WORD", help="only of pages in whose name the word stands")
    parser.add_argument("--pictures", action="store_true", help="take those that README.md shows")
    wanted = parser.parse_args(given)
    with _visitor() as visitor:
        if wanted.pictures:
            return 0 if take_pictures(visitor) else 1
        samples = [sample for sample in page_kinds.kinds() if wanted.only in sample.name]
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        for sample in samples:
            take(visitor, sample)
    index = FOLDER / "index.html"
    index.write_text("\n".join(overview(samples)), encoding="utf-8")
    print(f"{sum(1 for _ in FOLDER.glob('*.png'))} pictures of {len(samples)} pages: {index}")
    return 0


@contextmanager
def _visitor() -> Iterator[Visitor]:
    chromium = programs.chromium()
    if chromium is None:
        sys.exit("pictures need Chromium")
    with sync_playwright() as playwright, ExitStack() as servers:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(programs.CHROMIUM_FLAGS))
        servers.callback(browser.close)
        yield Visitor(browser.new_context(locale="en-GB", timezone_id=page_kinds.ZONE), servers)


def take(visitor: Visitor, sample: Sample) -> None:
    """Take all pictures of a page."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = visitor.open(sample, width, scheme)
            page.screenshot(path=FOLDER / name_of(sample, width, scheme), full_page=True)
    if sample.template in PRINTED:
        page = visitor.open(sample, PAPER)
        page.emulate_media(media="print")
        page.screenshot(path=FOLDER / name_of(sample, "print"), full_page=True)
        page.pdf(path=FOLDER / f"{sample.name}.pdf", format="A4", prefer_css_page_size=True)


def name_of(sample: Sample, *how: object) -> str:
    """Return the name of the file of a picture."""
    return "-".join([sample.name, *map(str, how)]) + ".png"


def overview(samples: Iterable[Sample]) -> Iterator[str]:
    """Yield the lines of a page that shows all pictures, those of one page side by side."""
    yield '<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title>'
    yield "<style>body{font:1rem sans-serif} div{display:flex;gap:1rem;overflow-x:auto;align-items:start}</style>"
    for sample in samples:
        yield f"<h2>{escape(sample.name)}</h2><p>{escape(sample.template)}, {escape(sample.address)}</p><div>"
        found = [name_of(sample, width, scheme) for scheme in SCHEMES for width in WIDTHS]
        found += [name_of(sample, "print")] if sample.template in PRINTED else []
        for name in found:
            yield f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy" width="{_shown_width(name)}"></a>'
        yield "</div>"


def _shown_width(name: str) -> int:
    return next((width // 2 for width in WIDTHS if f"-{width}-" in name), PAPER // 2)


def take_pictures(visitor: Visitor) -> bool:
    """Take the pictures of README.md, of the real site on a day with open jobs; tell whether all are small enough."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = True
    for name, address in SHOWN.items():
        page = visitor.open(Sample(page_kinds.world("busy"), address), WIDE)
        data = _webp(page)
        (PICTURES / f"{name}.webp").write_bytes(data)
        print(f"docs/images/{name}.webp: {len(data)} bytes, at most {MOST_BYTES}")
        small = small and len(data) <= MOST_BYTES
    return small


def _webp(page: Page) -> bytes:
    page.set_viewport_size({"width": WIDE, "height": SHOWN_HEIGHT})
    browser = page.context.new_cdp_session(page)
    taken = browser.send("Page.captureScreenshot", {"format": "webp", "quality": 60})
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    sys.exit(main())
