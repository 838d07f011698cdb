"""The theme of a snapshot: templates to render with, files to copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from digest.contract import THEME, Made, Snapshot
from digest.diagnostics import Diagnostic, Span
from digest.memo import of_file
from digest.reading import read_text
from digest.render import template_missing

ASSETS: Final = "templates/assets/"
REQUIRED_ASSETS: Final = ("site.css", "site.js", "feed.css", "icon.svg")


class Theme:
    """What a snapshot has besides configuration and entries."""

    def __init__(self, snapshot: Snapshot, paths: Iterable[str], needed: Iterable[str]) -> None:
        """Find the templates and the files to copy among `paths`; assets that are `needed` must be there too."""
        self._files = snapshot.files
        self._digests: Mapping[str, bytes] = snapshot.digests or {}
        self.problems: list[Diagnostic] = []
        self.templates: dict[str, str] = {}
        """Texts of the templates by their path below `templates/`."""
        self.assets: dict[str, str] = {}
        """The path in the site of each asset by its name in the theme."""
        self.sources: dict[str, str] = {}
        """The file of the snapshot that each file of the site is copied from."""
        for path in paths:
            if path.startswith(ASSETS):
                name = path.removeprefix(ASSETS)
                target = _fingerprinted(name, self._digests[path])
                self.assets[name] = f"/assets/{target}"
                self.sources[f"assets/{target}"] = path
            else:
                text, problems = read_text(path, self._files[path])
                self.problems += problems
                self.templates[path.removeprefix(THEME)] = text or ""
        for name in (*REQUIRED_ASSETS, *needed):
            if name not in self.assets:
                place = Span(ASSETS + name)
                self.problems += [template_missing.at(place, found) for found in template_missing(ASSETS + name)]

    @property
    def drawn_icon(self) -> str:
        """The icon as an address that holds it (RFC 2397)."""
        return "data:image/svg+xml," + quote(self._files[f"{ASSETS}icon.svg"], safe="'()*,/:;=-._~")

    def made(self, path: str, published: Mapping[str, bytes]) -> Made:
        """Return the file at a path of `sources`, which is copied as it is."""
        source = self.sources[path]
        key = of_file(self._digests[source])
        return Made(path, key, None if published.get(path) == key else self._files[source])


def _fingerprinted(name: str, digest: bytes) -> str:
    """Return an asset's name with a mark of its content, so that it may be cached for good."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest[:6].hex()}{path.suffix}"))
