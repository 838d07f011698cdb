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

from tools.programs import TOOLS, Locked, shout  # noqa: E402

EDITOR: Final = ROOT / "editor"
LOCKED: Final = Locked(EDITOR, TOOLS / "editor")
SCRIPTS: Final = {
    "sveltia-cms.js": ("@sveltia", "cms", "dist", "sveltia-cms.js"),
    "js-yaml.js": ("js-yaml", "dist", "browser", "js-yaml.umd.min.js"),
}
"""Where the scripts are installed, by the names that the page calls them."""
SCHEMA: Final = ("@sveltia", "cms", "schema", "sveltia-cms.json")
PORT: Final = 8010


def scripts() -> dict[str, Path] | None:
    """Find the scripts, provided that they are of the locked versions."""
    found = {name: path for name, place in SCRIPTS.items() if (path := LOCKED.find(*place))}
    return found if found.keys() == SCRIPTS.keys() else None


def install() -> bool:
    """Install what the editor is made of, where it is not there yet; tell whether it is there now."""
    if scripts() is None:
        LOCKED.install()
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
