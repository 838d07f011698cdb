"""The preview in a browser: pages that load again, problems over them, and the place on the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browsing import COLOURS
from tests.builders import small_site, text_of, write_tree
from tests.serving import PATIENCE, Serving, serving

MARK: Final = "window.marked = true"
"""Put into a page to see whether it was loaded again since."""
LONG: Final = "\n\n".join(f"Paragraph {number} of a long text." for number in range(120))
WRONG: Final = text_of("job", salary="circa 90,000", body=LONG)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """Give a preview of the small site, in which one job has a long page, under the strict policy of the digest."""
    files = small_site() | {"content/jobs/designer.md": text_of("job", body=LONG).encode()}
    with serving(write_tree(tmp_path, files)) as running:
        running.built()
        yield running


Opened = Callable[..., Page]


@pytest.fixture
def opened(served: Serving, context: BrowserContext) -> Opened:
    """Give a function that opens a page of the preview."""
    context.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)

    def page_at(path: str) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": 800, "height": 600})
        page.goto(served.address.rstrip("/") + path)
        page.evaluate(MARK)
        return page

    return page_at


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true in a page; `wait_for_function` would need what the policy forbids."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(Error):  # the page is just being loaded
            if page.evaluate(expression):
                return
        assert time.monotonic() < end, expression
        page.wait_for_timeout(30)


def reloaded(page: Page) -> None:
    """Wait until a page was loaded again, and mark it anew."""
    until(page, "window.marked === undefined && document.readyState === 'complete'")
    page.evaluate(MARK)


def test_edited_page_loads_again_where_it_was(served: Serving, opened: Opened) -> None:
    """The page of an entry that is saved shows the new text at the same place; another page is not loaded again."""
    page, other = opened("/jobs/designer/"), opened("/jobs/engineer/")
    page.evaluate("window.scrollTo(0, 1500)")
    until(page, "window.scrollY === 1500")
    served.write("content/jobs/designer.md", text_of("job", body=f"{LONG}\n\nThe new end."))
    reloaded(page)
    expect(page.get_by_text("The new end.")).to_be_attached()
    until(page, "window.scrollY === 1500")
    served.write("content/jobs/engineer.md", text_of("job", title="Data engineer, edited"))
    reloaded(other)
    assert page.evaluate("window.marked") is True


def test_problem_shows_over_the_page_until_it_is_mended(served: Serving, opened: Opened) -> None:
    """A mistake shows the terminal's words over the last good page, and goes when mended, without loading again."""
    page = opened("/jobs/engineer/")
    page.evaluate("window.scrollTo(0, 200)")
    served.write("content/jobs/designer.md", WRONG)
    dialog = page.get_by_role("dialog", name="1 error. The preview stays as it was.")
    expect(dialog).to_be_visible()
    served.until("1 error. The preview stays as it was.")
    shown = dialog.locator("pre").inner_text()
    assert shown.startswith('content/jobs/designer.md:7:9: error[salary-currency]: "circa 90,000" has no currency')
    assert "  7 | salary: circa 90,000" in shown
    assert "    |         ^" in shown
    assert "hint:" in shown
    said = "".join(served.words).replace("\r", "")
    assert shown.rstrip("\n") in said
    served.write("content/jobs/designer.md", text_of("job", body=LONG))
    expect(dialog).to_be_hidden()
    assert page.evaluate("window.marked") is True
    assert page.evaluate("window.scrollY") == 200


def test_problem_is_there_when_a_page_is_opened_and_after_another_mistake(served: Serving, opened: Opened) -> None:
    """A page that is opened while something is wrong says so at once, and says what is wrong now, not then."""
    served.write("content/jobs/designer.md", WRONG)
    served.until("1 error. The preview stays as it was.")
    page = opened("/")
    expect(page.get_by_role("dialog", name="1 error. The preview stays as it was.")).to_be_visible()
    served.write("content/jobs/engineer.md", text_of("job", closes="31 June 2026"))
    expect(page.get_by_role("dialog", name="2 errors. The preview stays as it was.")).to_be_visible()


def test_problem_can_be_closed_and_opened_by_keyboard(served: Serving, opened: Opened) -> None:
    """The words get the focus, Escape puts them away and gives the page back, and a button brings them again."""
    page = opened("/jobs/engineer/")
    served.write("content/jobs/designer.md", WRONG)
    dialog = page.locator("preview-problems dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == "preview-problems"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="1 error").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_warning_is_a_button_and_covers_nothing(served: Serving, opened: Opened) -> None:
    """A warning shows only a button, which opens the words."""
    page = opened("/jobs/designer/")
    title = "A title that goes on and on until it has more than the sixty-five characters"
    served.write("content/jobs/designer.md", text_of("job", title=title))
    button = page.get_by_role("button", name="1 warning")
    expect(button).to_be_visible()
    expect(page.locator("preview-problems dialog")).to_be_hidden()
    button.click()
    expect(page.locator("preview-problems pre")).to_contain_text("warning[title-length]")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_problem_can_be_read(scheme: str, width: int, served: Serving, opened: Opened) -> None:
    """The words have a contrast of at least 4.5 to 1, light and dark, and fit a screen of 320 px."""
    page = opened("/jobs/engineer/")
    page.set_viewport_size({"width": width, "height": 640})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    served.write("content/jobs/designer.md", WRONG)
    expect(page.locator("preview-problems dialog")).to_be_visible()
    script = COLOURS.replace("document.querySelectorAll('body *:not(script)')", "root.querySelectorAll('dialog *')")
    script = script.replace("() => {", "() => { const root = document.querySelector('preview-problems').shadowRoot;", 1)
    texts = page.evaluate(script)["texts"]
    assert len(texts) >= 4
    assert [text for text in texts if text[0] < 4.5] == []
    box = page.locator("preview-problems dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_first_build_fails_and_the_page_comes_alive(tmp_path: Path, context: BrowserContext) -> None:
    """If the very first build fails a page shows the problems, follows them, and becomes the site once all is well."""
    context.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    files = small_site() | {"content/jobs/designer.md": WRONG.encode()}
    with serving(write_tree(tmp_path, files)) as running:
        running.until("1 error. Nothing can be shown yet.")
        page = context.new_page()
        page.goto(f"{running.address}jobs/designer/")
        expect(page.get_by_text("content/jobs/designer.md:7:9: error[salary-currency]")).to_be_visible()
        running.write("content/jobs/engineer.md", text_of("job", closes="31 June 2026"))
        expect(page.get_by_text("2 errors.")).to_be_visible()
        expect(page.get_by_text("content/jobs/engineer.md:8:9: error")).to_be_visible()
        running.write("content/jobs/engineer.md", text_of("job"))
        running.write("content/jobs/designer.md", text_of("job"))
        expect(page.get_by_role("heading", level=1, name="Service designer")).to_be_visible()


def test_preview_breaks_no_policy(served: Serving, opened: Opened, context: BrowserContext) -> None:
    """Under the strict policy of the digest, script, words and line of the preview work, and nothing is blocked."""
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    page = opened("/jobs/engineer/")
    served.write("content/jobs/designer.md", WRONG)
    expect(page.locator("preview-problems dialog")).to_be_visible()
    assert page.locator("meta[http-equiv='Content-Security-Policy']").count() == 1
    assert [text for text in said if "Content Security Policy" in text or "Content-Security-Policy" in text] == []
