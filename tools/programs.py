"""Install the real programs that tests use, where this machine allows it.

Chromium, a Java runtime, Node.js, newsboat and rsync come from Debian's package manager; the Nu HTML Checker, axe-core
and ical.js come from npm, in the exact versions of tests/tools/package-lock.json, into .tools/.  Nothing is fetched
when everything is there.  What cannot be installed is said loudly, and the tests that need it say so again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = ROOT / ".tools"
LOCK: Final = "package-lock.json"
CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How tests and tools start Chromium: without a window, and asking nothing of the network by itself."""
SECONDS: Final = 600
"""Longest time that one installing command may take."""


class Locked(NamedTuple):
    """Programs from npm that are locked together."""

    manifests: Path
    """The folder of their `package.json` and `package-lock.json`."""
    folder: Path
    """Where they are installed."""

    def find(self, *place: str) -> Path | None:
        """Find a file of theirs, provided that all are wholly installed and of the locked versions."""
        found = self.folder.joinpath("node_modules", *place)
        return found if self.current() and found.is_file() else None

    def current(self) -> bool:
        """Tell whether all of the locked versions are installed."""
        mark = self._mark
        return mark.is_file() and mark.read_bytes() == (self.manifests / LOCK).read_bytes()

    def install(self) -> bool:
        """Install them from their lock; tell whether that succeeded."""
        npm = shutil.which("npm")
        if npm is None:
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mark.unlink(missing_ok=True)
        for manifest in ("package.json", LOCK):
            shutil.copyfile(self.manifests / manifest, self.folder / manifest)
        # The checker's own script would fetch a Java runtime; none of them needs its script.
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit-lockfile-registry-resolved"]
        if not run([npm, "ci", "--prefix", str(self.folder), *quiet]):
            return False
        shutil.copyfile(self.manifests / LOCK, self._mark)
        return True

    @property
    def _mark(self) -> Path:
        """A copy of the lock, written last, so that a broken-off installation is seen."""
        return self.folder / "installed-lock.json"


CHECKERS: Final = Locked(ROOT / "tests" / "tools", TOOLS)
"""What tests use: the Nu HTML Checker, axe-core and ical.js."""


def chromium() -> Path | None:
    """Find Chromium: the file named by the variable CHROMIUM, else the first known name on the path."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES)):
        if found := shutil.which(name):
            return Path(found)
    return None


def java() -> Path | None:
    """Find the Java runtime."""
    found = shutil.which("java")
    return Path(found) if found else None


def rsync() -> Path | None:
    """Find rsync."""
    found = shutil.which("rsync")
    return Path(found) if found else None


def newsboat() -> Path | None:
    """Find the feed reader newsboat."""
    found = shutil.which("newsboat")
    return Path(found) if found else None


def node() -> Path | None:
    """Find Node.js, under either of the names that systems give it."""
    found = shutil.which("node") or shutil.which("nodejs")
    return Path(found) if found else None


def vnu_jar() -> Path | None:
    """Find the Nu HTML Checker."""
    return CHECKERS.find("vnu-jar", "build", "dist", "vnu.jar")


def axe() -> Path | None:
    """Find axe-core, a script that is to be run inside a page."""
    return CHECKERS.find("axe-core", "axe.min.js")


def ical_js() -> Path | None:
    """Find ical.js, a reader of calendars."""
    return CHECKERS.find("ical.js", "dist", "ical.js")


def main() -> int:
    """Install what is missing; give exit status 0 even where that fails, for tests then skip or fail."""
    install_packages(missing_packages())
    if not CHECKERS.current():
        CHECKERS.install()
    found = {
        "Chromium": chromium(),
        "Java": java(),
        "Node.js": node(),
        "newsboat": newsboat(),
        "the Nu HTML Checker": vnu_jar(),
        "axe-core": axe(),
        "ical.js": ical_js(),
        "rsync": rsync(),
    }
    for name, place in found.items():
        if place is None:
            shout(f"{name} is missing, and could not be installed: tests that need it will be skipped (with CI, fail)")
    return 0


def missing_packages() -> list[str]:
    """Name the Debian packages that would bring the programs this machine lacks."""
    wanted: list[str] = []
    if chromium() is None:
        wanted += ["chromium", "fonts-liberation"]
    if java() is None:
        wanted.append("default-jre-headless")
    if newsboat() is None:
        wanted.append("newsboat")
    if rsync() is None:
        wanted.append("rsync")
    if node() is None:
        wanted.append("nodejs")
    if not CHECKERS.current() and shutil.which("npm") is None:
        wanted.append("npm")
    return wanted


def install_packages(names: list[str]) -> None:
    """Install Debian packages as root or through sudo without a password; shout where neither is to be had."""
    if not names:
        return
    apt = shutil.which("apt-get")
    as_root = root_prefix()
    if apt is None or as_root is None:
        shout(f"these Debian packages are needed, and this account cannot install them: {' '.join(names)}")
        return
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = ["install", "--yes", "--no-install-recommends"]
    run([*command, "update"])
    if not run([*command, *install, *names]):
        # One package that is not to be had must not keep the others away.
        for name in names:
            run([*command, *install, name])


def root_prefix() -> list[str] | None:
    """Give the words that make a command run as root, or None where that would need a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None or subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode != 0:
        return None
    return [sudo, "-n"]


def run(command: list[str]) -> bool:
    """Run an installing command, its output on standard error; tell whether it succeeded in time."""
    print("$", *command, file=sys.stderr, flush=True)
    try:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        shout(f"gave up after {SECONDS} seconds: {' '.join(command)}")
        return False
    return done.returncode == 0


def shout(message: str) -> None:
    """Write a line to standard error that is hard to overlook."""
    print(f"*** {message} ***", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
