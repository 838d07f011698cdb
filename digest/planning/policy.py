"""What browsers are told about safety and keeping: one policy for every page, and the rules of `_headers`.

Pages carry the policy themselves, so that it holds on any host; `_headers` is read by hosts of static sites that know
it (Netlify, Cloudflare Pages and others), and says what only a header can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from digest.planning.parts import HeaderRule

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the icon
    "connect-src": "'self'",  # the index that the search page asks for
    "form-action": "'self'",
    "base-uri": "'none'",
}
CONTENT_POLICY: Final = "; ".join(f"{what} {whence}" for what, whence in _POLICY.items())
"""Content Security Policy Level 3: nothing from other hosts, nothing inline, no plugin, no base address."""
REFERRER: Final = "same-origin"
"""Other sites are not told which page a reader came from."""
_UNUSED: Final = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
_EVERYWHERE: Final = (
    ("Content-Security-Policy", f"{CONTENT_POLICY}; frame-ancestors 'none'"),  # a header alone may say the last
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", REFERRER),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in _UNUSED)),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_KEPT: Final = (
    ("assets/*", "public, max-age=31536000, immutable"),
    ("images/*", "public, max-age=86400"),
    ("feed.xml", "public, max-age=900"),
    ("*/feed.xml", "public, max-age=900"),
    ("sitemap.xml", "public, max-age=3600"),
    ("robots.txt", "public, max-age=3600"),
    ("build.json", "no-store"),
)
"""How long files may be kept, as docs/publishing.md explains.

No two paths meet, for hosts join the values of rules that do.  Pages are left out, because no pattern names them
alone: the hosts ask for them again each time by themselves.
"""
_SEARCH_KEPT: Final = (
    ("search/words/*", "public, max-age=31536000, immutable"),
    ("search/rows/*", "public, max-age=31536000, immutable"),
    ("search/index.json", "no-cache"),
)
"""The same of the files of the search, where there is one."""


def header_rules(base: str, *, search: bool) -> Iterator[HeaderRule]:
    """Yield the rules of `_headers` for a site at the path `base`, which has a slash at both ends."""
    yield HeaderRule(f"{base}*", _EVERYWHERE)
    for path, kept in (*_KEPT, *(_SEARCH_KEPT if search else ())):
        yield HeaderRule(base + path, (("Cache-Control", kept),))
