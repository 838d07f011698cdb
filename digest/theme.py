"""The theme and the pictures of a snapshot: templates to render with, files to copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from digest.contract import Made, Snapshot
from digest.diagnostics import Diagnostic, Span
from digest.memo import of_file
from digest.reading import read_text
from digest.render import FOLDER as TEMPLATES
from digest.render import template_missing

IMAGES: Final = "content/images/"
ASSETS: Final = "templates/assets/"
REQUIRED_ASSETS: Final = ("site.css", "icon.svg")


class Theme:
    """What a snapshot has besides configuration and entries."""

    def __init__(self, snapshot: Snapshot, needed: Iterable[str]) -> None:
        """Find the templates and the files to copy; assets that are `needed` must be there too."""
        self._files = snapshot.files
        self._digests: Mapping[str, bytes] = snapshot.digests or {}
        self.problems: list[Diagnostic] = []
        self.templates: dict[str, str] = {}
        """Texts of the templates by their path below `templates/`."""
        self.assets: dict[str, str] = {}
        """The path in the site of each asset by its name in the theme."""
        self.sources: dict[str, str] = {}
        """The file of the snapshot that each file of the site is copied from."""
        for path in self._digests:
            if path.startswith(ASSETS):
                name = path.removeprefix(ASSETS)
                target = _fingerprinted(name, self._digests[path])
                self.assets[name] = f"/assets/{target}"
                self.sources[f"assets/{target}"] = path
            elif path.startswith(IMAGES):
                self.sources[f"images/{path.removeprefix(IMAGES)}"] = path
            elif path.startswith(TEMPLATES):
                text, problems = read_text(path, self._files[path])
                self.problems += problems
                self.templates[path.removeprefix(TEMPLATES)] = text or ""
        for name in (*REQUIRED_ASSETS, *needed):
            if name not in self.assets:
                place = Span(ASSETS + name)
                self.problems += [template_missing.at(place, found) for found in template_missing(ASSETS + name)]

    def copied(self, published: Mapping[str, bytes]) -> Iterator[Made]:
        """Yield the files that are copied as they are."""
        for path, source in self.sources.items():
            key = of_file(self._digests[source])
            yield Made(path, key, None if published.get(path) == key else self._files[source])


def _fingerprinted(name: str, digest: bytes) -> str:
    """Return an asset's name with a mark of its content, so that it may be cached for good."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest[:6].hex()}{path.suffix}"))
