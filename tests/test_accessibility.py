"""Accessibility of every kind of page, in a browser: WCAG 2.2 A and AA and best practice, as far as a program can tell.

The pages are those of `tests/page_kinds.py`, which finds a new kind by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from digest.planning.words import BADGES
from tests import page_kinds, samples
from tests.browsing import (
    COLOURS,
    FOCUSED,
    HEIGHT,
    LARGE,
    LEGIBLE,
    MIDDLE,
    MOVING,
    NARROW,
    OPENED,
    OVERFLOW,
    REACHABLE,
    SCHEMES,
    SPACED,
    TARGETS,
    WIDE,
    Visitor,
    serve,
)

STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
"""Tags of the rules of axe-core that are asked, those still tried out and those off by default among them."""
UNASKED: Final = {
    "css-orientation-lock": "would ask for the style sheet again, which the policy forbids; a test below reads it",
    "hidden-content": "only ever asks that somebody looks; nothing but the address for print is hidden",
}
UNSURE: Final = {
    "color-contrast": "not sure where a table scrolls; a test below measures every word by itself",
    "label-content-name-mismatch": "cannot read the arrow that leads back from a footnote",
}
"""Rules that may say that they cannot tell, and why that is enough."""
AXE: Final = """async ([standards, unasked]) => {
  const rules = axe.getRules(standards).map(rule => rule.ruleId).filter(rule => !unasked.includes(rule));
  const found = await axe.run({
    preload: false,
    resultTypes: ['violations', 'incomplete'],
    runOnly: {type: 'rule', values: rules},
  });
  const told = result => result.nodes.map(node => [result.id, `${node.target}: ${node.failureSummary}`]);
  return [rules.length, found.violations.flatMap(told), found.incomplete.flatMap(told)];
}"""
CONTRAST: Final = 4.5
"""Least contrast of words (WCAG 2.2 §1.4.3)."""
MARK_CONTRAST: Final = 3
"""Least contrast of what is drawn (WCAG 2.2 §1.4.11)."""


def told(found: Iterable[object]) -> str:
    """Return all that was found, a line for each, for the message of a test."""
    return "\n".join(map(str, found))


each_site = pytest.mark.parametrize("site", page_kinds.WORLDS)


# --- the kinds -----------------------------------------------------------------------------------------------


def test_every_kind_of_page_is_looked_at() -> None:
    """The pages that stand for all have between them every template of pages, class of the style sheet, and state."""
    found = page_kinds.kinds()
    templates = {path.removeprefix("templates/") for path in samples.theme() if path.startswith("templates/pages/")}
    wanted = {name for name in templates if name.endswith(".html")} - page_kinds.LETTERS
    assert {sample.template for sample in found} == wanted
    sheet = samples.theme()["templates/assets/site.css"].decode()
    classes = {word for sample in found for value in sample.page.all("//@class") for word in value.split()}
    assert set(re.findall(r"\.(app-[\w-]+)", sheet)) - classes == set()
    states = {
        samples.words_of(badge) for sample in found for badge in sample.page.all("//*[contains(@class, 'badge')]")
    }
    assert states >= {badge.word for badge in BADGES.values()} - {"Withdrawn"}


def test_new_kinds_are_found() -> None:
    """A page that differs from all others by one class, or lies in a new place, is among those that stand for all."""
    known = page_kinds.kinds()[0]
    files = {"new/index.html": b"<h1>New</h1><p class='app-new'>"}
    new = page_kinds.World("new", "/", known.world.now, files, {"/new/": known.template})
    sample = page_kinds.Sample(new, "/new/")
    traits = {one: frozenset(page_kinds.traits_of(one)) for one in (*page_kinds.kinds(), sample)}
    assert page_kinds.cover(traits, dict.fromkeys(traits, 1), page_kinds.kinds()) == [sample]


# --- axe-core ------------------------------------------------------------------------------------------------


def _faults(page: Page) -> list[Any]:
    """Return what axe-core finds on a page, and what it cannot tell without a reason that is known here."""
    asked, found, unsure = page.evaluate(AXE, [STANDARDS, list(UNASKED)])
    assert asked > 90
    return [*found, *(one for one in unsure if one[0] not in UNSURE)]


@each_site
def test_axe_finds_nothing(site: str, axe: str, visitor: Visitor) -> None:
    """On every kind of page axe-core finds no violation, light and dark, on a narrow screen and on a wide one."""
    found = []
    for sample in page_kinds.kinds_of(site):
        page = visitor.open(sample)
        page.evaluate(axe)
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                found += [(sample.name, width, scheme, *fault) for fault in _faults(page)]
    assert found == [], told(found)


def test_axe_sees_faults(axe: str, context: BrowserContext) -> None:
    """Among the rules that are asked are those of names, contrast, targets, headings and landmarks."""
    page = context.new_page()
    page.set_content("""<html lang="en"><title>Faulty</title><main><h1>Faulty</h1><h3>Deep</h3><img src="data:,">
        <p style="color: #999">Pale</p><button style="width: 9px">1</button><button style="width: 9px">2</button></main>
        <p>Outside</p>""")
    page.evaluate(axe)
    named = {rule for rule, _ in _faults(page)}
    assert named >= {"image-alt", "color-contrast", "target-size", "heading-order", "region"}


def test_pages_may_be_turned() -> None:
    """The style sheet does not ask how the screen is held (WCAG 2.2 §1.3.4)."""
    assert b"orientation" not in samples.theme()["templates/assets/site.css"]


# --- size ----------------------------------------------------------------------------------------------------


def _misset(page: Page) -> list[str]:
    """Return what cannot be read without scrolling sideways, is cut off, or lies over other words."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*page.evaluate(OVERFLOW), *page.evaluate(LEGIBLE), *(["too wide"] if wide > 0 else [])]


@each_site
def test_pages_fit_readers(site: str, visitor: Visitor) -> None:
    """No page scrolls sideways, cuts words off, sets them over each other, or has targets below 24 px.

    This holds on screens of three widths; on the narrow and the wide one also with letters of twice the size
    (WCAG 2.2 §1.4.4, §1.4.10) and with the widest spacing that a reader may wish for (§1.4.12).  Links within a
    sentence may be lower (§2.5.8).
    """
    found = []
    for sample in page_kinds.kinds_of(site):
        page = visitor.open(sample)
        page.evaluate(OPENED)
        for name, setting in {"plain": TARGETS, "spaced": SPACED, "large": LARGE}.items():
            for width in (NARROW, *([MIDDLE] if setting == TARGETS else []), WIDE):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                small = page.evaluate(setting) or []
                found += [(sample.name, width, name, fault) for fault in [*_misset(page), *small]]
    assert found == [], told(found)


# --- colour and motion ---------------------------------------------------------------------------------------


@each_site
def test_words_and_marks_stand_out(site: str, visitor: Visitor) -> None:
    """Words have a contrast of 4.5 to 1 at least, and what is drawn one of 3 to 1: light, dark, in forced colours.

    For readers who want less motion, as here, nothing fades, glides or turns.
    """
    found = []
    for sample in page_kinds.kinds_of(site):
        page = visitor.open(sample, WIDE)
        for forced in ("none", "active"):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, forced_colors=forced)
                seen = page.evaluate(COLOURS)
                assert (seen["paper"] > seen["ink"]) == (scheme == "light")
                assert len(seen["texts"]) > 5
                pale = [text for text in seen["texts"] if text[0] < CONTRAST]
                pale += [mark for mark in seen["marks"] if mark[0] < MARK_CONTRAST]
                found += [(sample.name, scheme, forced, *one) for one in pale]
        found += [(sample.name, "moves", one) for one in page.evaluate(MOVING)]
    assert found == [], told(found)


def test_motion_is_seen(visitor: Visitor) -> None:
    """The search for motion finds that pages glide to their parts, for readers who have not asked for less."""
    page = visitor.open(page_kinds.kinds()[0])
    page.emulate_media(reduced_motion="no-preference")
    assert len(page.evaluate(MOVING)) == 1


# --- keyboard ------------------------------------------------------------------------------------------------


def _walk(page: Page, key: str) -> Iterator[dict[str, Any]]:
    """Press a key until the focus leaves the page or comes where it began; yield each place where it rests."""
    first = None
    while True:
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["place"] == first:
            return
        first = focused["place"] if first is None else first
        yield focused


def test_keyboard_reaches_everything(visitor: Visitor) -> None:
    """The Tab key comes to each control once, in the order of the page, always marked and in sight.

    The first is the skip link, and Enter there leads past the frame.  Shift and Tab lead all the way back, in the dark.
    """
    for sample in page_kinds.walks():
        page = visitor.open(sample)
        reachable = page.evaluate(REACHABLE)
        assert reachable
        there = list(islice(_walk(page, "Tab"), 2 * len(reachable)))
        page.emulate_media(color_scheme="dark")
        page.evaluate("document.activeElement.blur()")
        back = list(islice(_walk(page, "Shift+Tab"), 2 * len(reachable)))
        places = [one["place"] for one in there]
        assert set(reachable) <= set(places), sample.name
        assert places == sorted(set(places)), sample.name
        assert places == [one["place"] for one in reversed(back)], sample.name
        lost = [one["html"] for one in [*there, *back] if not (one["marked"] and one["inside"])]
        assert lost == [], (sample.name, told(lost))
        _skip(visitor.open(sample))


def _skip(page: Page) -> None:
    page.keyboard.press("Tab")
    assert "app-skip" in page.evaluate(FOCUSED)["html"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main, footer') !== null")


# --- without scripts -----------------------------------------------------------------------------------------

LINKS: Final = """() => [...document.querySelectorAll('a[href]')]
  .filter(link => link.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .map(link => link.href.split('#')[0])"""


def test_everything_is_reached_without_scripts(browser: Browser) -> None:
    """With scripts off, by links that are seen, a reader comes from home to every page, and all fit a narrow screen.

    Redirects, the page for addresses where nothing is, and notices of withdrawal stand apart: no list has them.
    """
    world = page_kinds.world("awkward")
    apart = {"pages/redirect.html", "pages/404.html", "pages/withdrawn.html"}
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": HEIGHT})
    reached, waiting, wide = {"/"}, ["/"], []
    try:
        page = context.new_page()
        with serve(world.files, world.base) as site:
            while waiting:
                address = waiting.pop()
                page.goto(site + address)
                wide += [(address, fault) for fault in page.evaluate(OVERFLOW)]
                found = {link.removeprefix(site) for link in page.evaluate(LINKS)} & world.templates.keys() - reached
                reached |= found
                waiting += found
    finally:
        context.close()
    assert wide == [], told(wide)
    assert {address for address, template in world.templates.items() if template not in apart} - reached == set()
