"""What items of all feeds share."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from markupsafe import Markup

from digest.dates.words import rfc822
from digest.dates.zones import zone_info
from digest.planning.parts import Stamp

_TAG: Final = re.compile(r"<[a-z][^<>]*>")
_AID: Final = re.compile(r' (?:role|tabindex|aria-[a-z]+)="[^"]*"')
"""Attributes that feed readers take away, and feed checkers warn of."""
_BEGINNINGS: Final = (" role=", " tabindex=", " aria-")


def stamp(instant: datetime, zone: str) -> Stamp:
    """Return an instant in the site's time zone, so that its day is the one on the page."""
    local = instant.astimezone(zone_info(zone))
    return Stamp(rfc822(local), local.isoformat())


def without_aids(body: Markup) -> Markup:
    """Return HTML without what only a page has use for; what it says stays."""
    if not any(beginning in body for beginning in _BEGINNINGS):
        return body
    return Markup(_TAG.sub(lambda tag: _AID.sub("", tag[0]), body))  # noqa: S704 - safe HTML, from which is taken away
