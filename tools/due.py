"""Say whether the published site is due to be built again, because its next change by itself has come.

`python3 tools/due.py [BUILD_JSON]`: the file, or its address; without it, `build.json` at the `base_url` of
config.yaml.  Exit status 0: due, or nothing is published there yet; 1: not due; 2: it cannot be told.  Needs nothing
but Python, so that a scheduled run that has nothing to do is over at once.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 30
"""Longest time to wait for an answer."""
GONE: Final = 404


def address() -> str:
    """Return where the site of config.yaml has its record."""
    found = re.search(r"^base_url: *[\"']?([^\s\"'#]+)", (ROOT / "config.yaml").read_text("utf-8"), re.MULTILINE)
    if found is None:
        message = "config.yaml has no base_url"
        raise SystemExit(message)
    return f"{found[1].rstrip('/')}/build.json"


def record(place: str) -> dict[str, Any] | None:
    """Return the record at a path or an address, or None where nothing is published."""
    try:
        if place.startswith(("http://", "https://")):
            with urllib.request.urlopen(place, timeout=SECONDS) as answer:  # noqa: S310 - the two schemes above
                data = answer.read()
        else:
            data = Path(place).read_bytes()
    except FileNotFoundError:
        return None
    except urllib.error.HTTPError as error:
        if error.code == GONE:
            return None
        raise
    found: dict[str, Any] = json.loads(data)
    return found


def main() -> int:
    """Look, and say what was found."""
    place = sys.argv[1] if len(sys.argv) > 1 else address()
    try:
        found = record(place)
    except (OSError, ValueError) as error:
        print(f"{place} cannot be read: {error}", file=sys.stderr)
        return 2
    if found is None:
        print(f"Nothing is published at {place} yet.")
        return 0
    change = found["next_change"]
    due = change is not None and datetime.fromisoformat(change) <= datetime.now(UTC)
    print(f"Next change: {change or 'none by itself'}. {'Due.' if due else 'Not due.'}")
    return 0 if due else 1


if __name__ == "__main__":
    sys.exit(main())
