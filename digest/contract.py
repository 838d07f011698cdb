"""What a build is given, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import Struct

from digest.diagnostics import Diagnostic

LOCK: Final = "content/urls.lock"
"""The input that names every id ever published."""
IMAGES: Final = "content/images/"
"""The folder of pictures."""
THEME: Final = "templates/"
"""The folder of templates and assets."""


class Snapshot(Struct, frozen=True):
    """Every input of a build."""

    files: Mapping[str, bytes]
    """Bytes by site-root-relative path: `config.yaml`, and all below `content/` and `templates/`."""
    digests: Mapping[str, bytes] | None = None
    """The fingerprint of each file's bytes, where it is known without reading them."""


class Options(Struct, frozen=True):
    """What a build is asked for."""

    now: datetime
    """The clock; without a UTC offset it is in the site's time zone."""
    drafts: bool = False
    """Show drafts and scheduled entries."""
    base_url: str | None = None
    """Instead of the configuration's; an address that the rule `config-base-url` accepts."""
    strict: bool = False
    """Any problem stops the build, also a warning."""
    origin: str | None = None
    """Scheme, host and port instead of those of the configuration's `base_url`, whose path stays."""
    frozen: bool = False
    """The lock is to name all that is published already."""
    until: datetime | None = None
    """What is published only later than that is not for the lock, though `now` is later; None: `now` is the time."""
    search: bool = True
    """Make the search, where the configuration has it."""


class Made(NamedTuple):
    """A file of a site."""

    path: str
    """Path below the output folder, without a leading slash."""
    key: bytes
    """Equal for two files of one path only if their bytes are."""
    data: bytes | None
    """None where the file is published with this key."""


class Counts(Struct, frozen=True):
    """What became of every entry that was read; the four add up to `read`."""

    read: int
    published: int
    drafts: int
    scheduled: int
    withdrawn: int


class Found(Struct, frozen=True, array_like=True):
    """What a build found out besides the files."""

    problems: tuple[Diagnostic, ...] = ()
    """In order of place."""
    counts: Counts | None = None
    """None where a problem came before they were known."""
    next_change: datetime | None = None
    """When the site next changes by itself (UTC), or None."""
    zone: str = "UTC"
    """The site's time zone."""
    base_path: str | None = None
    """The path under which the site is served, with a slash at both ends; None where it is not known."""


class Filled(Struct, frozen=True):
    """The lock as it is to be once the site is published."""

    data: bytes
    before: bytes
    """Fingerprint of the file as it was read."""
    added: int
    """Lines."""


class StoppedError(Exception):
    """Problems stopped a build."""

    def __init__(self, found: Found) -> None:
        """Take what was found out until then, the problems among it."""
        super().__init__()
        self.found = found
