"""Bring the browser editor to life: `make editor` installs what it is made of, and answers on this machine alone.

Sveltia CMS and js-yaml come from npm, in the exact versions of editor/package-lock.json, into .tools/editor/; the two
scripts that the page needs are copied beside it.  `--install` does no more than that.
"""

from __future__ import annotations

import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.programs import TOOLS, run, shout  # noqa: E402

EDITOR: Final = ROOT / "editor"
MODULES: Final = TOOLS / "editor" / "node_modules"
INSTALLED: Final = TOOLS / "editor" / "installed-lock.json"
"""Copy of the lock that the folder was filled from, written last."""
SCRIPTS: Final = {
    "sveltia-cms.js": MODULES / "@sveltia" / "cms" / "dist" / "sveltia-cms.js",
    "js-yaml.js": MODULES / "js-yaml" / "dist" / "browser" / "js-yaml.umd.min.js",
}
SCHEMA: Final = MODULES / "@sveltia" / "cms" / "schema" / "sveltia-cms.json"
PORT: Final = 8010


def scripts() -> dict[str, Path] | None:
    """Find the scripts, provided that they are of the locked versions."""
    lock = EDITOR / "package-lock.json"
    current = INSTALLED.is_file() and INSTALLED.read_bytes() == lock.read_bytes()
    return SCRIPTS if current and all(path.is_file() for path in SCRIPTS.values()) else None


def install() -> bool:
    """Install what the editor is made of, where it is not there yet; tell whether it is there now."""
    npm = shutil.which("npm")
    if scripts() is None and npm is not None:
        folder = TOOLS / "editor"
        folder.mkdir(parents=True, exist_ok=True)
        INSTALLED.unlink(missing_ok=True)
        for manifest in ("package.json", "package-lock.json"):
            shutil.copyfile(EDITOR / manifest, folder / manifest)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit-lockfile-registry-resolved"]
        if run([npm, "ci", "--prefix", str(folder), "--omit=peer", *quiet]):
            shutil.copyfile(EDITOR / "package-lock.json", INSTALLED)
    found = scripts()
    for name, path in (found or {}).items():
        shutil.copyfile(path, EDITOR / name)
    return found is not None


def main() -> int:
    """Install, and serve the editor until Ctrl-C."""
    if not install():
        shout("the browser editor could not be installed: it needs npm, and for the first time a network connection")
        return 0 if "--install" in sys.argv else 3
    if "--install" in sys.argv:
        return 0
    handler = partial(SimpleHTTPRequestHandler, directory=str(EDITOR))
    with ThreadingHTTPServer(("127.0.0.1", PORT), handler) as server:
        print(f"http://localhost:{PORT}/ is the editor, for this machine alone. Ctrl-C ends it.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
