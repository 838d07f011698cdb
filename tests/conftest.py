"""Fixtures that tests share: the real site, built once, and the real programs that tests use.

A test that lacks its program is skipped and says why; where the environment variable CI is set, it fails.
`tools/programs.py` installs the programs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from digest import cli
from tests import samples
from tests.browsing import Visitor
from tests.page_kinds import ZONE
from tools import editor, programs

# The machine may be busy: how long an example takes proves nothing.
settings.register_profile("digest", deadline=None)
settings.load_profile("digest")

MARKS: Final = {
    "chromium_path": "browser",
    "vnu_jar": "programs",
    "axe": "programs",
    "rsync_path": "programs",
    "newsboat_path": "programs",
    "ical_js": "programs",
    "editor_scripts": "programs",
}
"""The mark that a test bears when it uses a fixture, itself or through another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the programs they use, so that no mark is forgotten."""
    for item in items:
        for fixture, mark in MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the real site as the command publishes it at `samples.REAL_NOW`; no test changes it."""
    folder = tmp_path_factory.mktemp("real") / "site"
    assert cli.main(["build", "--out", str(folder), "--now", samples.REAL_NOW]) == 0
    return folder


@pytest.fixture(scope="session")
def real_site(site_folder: Path) -> dict[str, bytes]:
    """Give the files of `site_folder` by path; no test changes them."""
    files = (path for path in site_folder.rglob("*") if path.is_file())
    return {path.relative_to(site_folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def busy_site() -> dict[str, bytes]:
    """Give the real site at a clock at which jobs are open and entries are scheduled; no test changes it."""
    return samples.build_site(samples.real(), samples.BUSY_NOW)


@pytest.fixture(scope="session")
def golden_site() -> dict[str, bytes]:
    """Give the site of `tests/golden/`, which has every kind of page, under a path of its host; no test changes it."""
    return samples.build_site(samples.golden())


@pytest.fixture(scope="session", params=["real_site", "busy_site", "golden_site"])
def built(request: pytest.FixtureRequest) -> samples.Built:
    """Give each of the built sites in turn, for what is true of every site."""
    inputs = samples.golden() if request.param == "golden_site" else samples.real()
    return samples.Built(samples.base_of(inputs), request.getfixturevalue(request.param))


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Give the path of Chromium."""
    return programs.chromium() or _missing("Chromium")


@pytest.fixture(scope="session")
def vnu_jar() -> Path:
    """Give the path of the Nu HTML Checker, to be run with `java -jar`."""
    if programs.java() is None:
        _missing("a Java runtime")
    return programs.vnu_jar() or _missing("the Nu HTML Checker")


@pytest.fixture(scope="session")
def axe() -> str:
    """Give axe-core, a script to be run inside a page."""
    return (programs.axe() or _missing("axe-core")).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ical_js() -> tuple[Path, Path]:
    """Give the paths of Node.js and of ical.js, which it can import."""
    node = programs.node() or _missing("Node.js")
    return node, programs.ical_js() or _missing("ical.js")


@pytest.fixture(scope="session")
def rsync_path() -> Path:
    """Give the path of rsync."""
    return programs.rsync() or _missing("rsync")


@pytest.fixture(scope="session")
def editor_scripts() -> Mapping[str, Path]:
    """Give the scripts of the browser editor by the names that its page calls them."""
    return editor.scripts() or _missing("the browser editor")


@pytest.fixture(scope="session")
def newsboat_path() -> Path:
    """Give the path of newsboat."""
    return programs.newsboat() or _missing("newsboat")


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Give one running Chromium for all tests of a process.

    Playwright keeps an event loop running in the main thread, where `asyncio.run` then fails: a test that
    needs a loop of its own runs it in a thread of its own.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(programs.CHROMIUM_FLAGS))
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser context of its own to each test: no cookies, storage or cache of another's."""
    made = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    yield made
    made.close()


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Give a tab in which a module's tests look at one page after the other."""
    with ExitStack() as servers:
        context = browser.new_context(locale="en-GB", timezone_id=ZONE)
        servers.callback(context.close)
        yield Visitor(context, servers)


def _missing(program: str) -> NoReturn:
    reason = f"{program} IS MISSING; `make test` installs it where it may, and CONTRIBUTING.md says how to"
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(reason)
    pytest.skip(reason)
