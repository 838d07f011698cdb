"""What a preview answers: the files of the built site, with the script that reloads put into its pages."""

from __future__ import annotations

import hashlib
import html
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from digest.browsers import NOTHING_YET, Browsers

OWN: Final = "/_preview/"
"""What the preview itself needs is below this path, which no page of a site has."""
ASSETS: Final = Path(__file__).resolve().parent / "preview_assets"
BUILDING: Final = "The site is being built…"
BINARY: Final = "application/octet-stream"
TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "xml": "application/xml",
    "opml": "text/x-opml",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/vnd.microsoft.icon",
    "pdf": "application/pdf",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
}
"""Content types by the end of a name; a table of our own, for those of machines differ."""


class Answer(NamedTuple):
    """An answer to a request."""

    status: HTTPStatus
    headers: dict[str, str]
    body: bytes = b""


class Answers:
    """Answers requests for paths from the folder of a built site."""

    def __init__(self, site: Path, browsers: Browsers) -> None:
        """Serve `site`, as it is whenever something is asked for."""
        self._site = site
        self._browsers = browsers
        self.base_path = "/"
        """The path under which the site is served."""

    def at(self, path: str, query: str = "", known: str = "") -> Answer:
        """Answer a request for a path that has been decoded; `known` are the entity tags that the browser has."""
        if path.startswith(OWN):
            return self._own(path.removeprefix(OWN), known)
        if not self._browsers.site:
            return self._nothing_yet()
        if not path.startswith(self.base_path):
            return self._outside(path, query)
        inner = path.removeprefix(self.base_path)
        name = f"{inner}index.html" if not inner or inner.endswith("/") else inner
        data = self._read(name)
        if data is not None:
            return self._found(name, data, known)
        if (folder := self._file(inner)) is not None and (folder / "index.html").is_file():
            return _moved(f"{path}/", query)
        return self._found("404.html", self._read("404.html") or b"", "", HTTPStatus.NOT_FOUND)

    def _own(self, name: str, known: str) -> Answer:
        data = _bytes(ASSETS / name) if name in {"preview.js", "preview.css"} else None
        if data is None:
            return _plain(HTTPStatus.NOT_FOUND, "The preview has nothing at this address.")
        return _whole(name, data, known)

    def _outside(self, path: str, query: str) -> Answer:
        if path in {"/", self.base_path.rstrip("/")}:
            return _moved(self.base_path, query)
        return _plain(HTTPStatus.NOT_FOUND, f"The site is served under {self.base_path}")

    def _file(self, name: str) -> Path | None:
        """Return where the file of a name would be; None for one that leads elsewhere, or is no file of a site."""
        parts = name.split("/")
        strange = any(part in {"", ".", ".."} or part.startswith(".") or "\\" in part or "\0" in part for part in parts)
        return None if strange else self._site.joinpath(*parts)

    def _read(self, name: str) -> bytes | None:
        path = self._file(name)
        return None if path is None else _bytes(path)

    def _found(self, name: str, data: bytes, known: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
        if name.endswith(".html"):
            data = self._with_script(data, name)
        return _whole(name, data, known, status)

    def _with_script(self, data: bytes, file: str) -> bytes:
        """Put the script into a page, at the end of its head or else at its very end."""
        marks = f'data-file="{html.escape(file)}" data-version="{self._browsers.version}"'
        script = f'<script src="{OWN}preview.js" {marks} defer></script>\n'.encode()
        place = data.find(b"</head>")
        return data + script if place < 0 else data[:place] + script + data[place:]

    def _nothing_yet(self) -> Answer:
        """Say that there is no site yet, and why; once there is one, the script loads the page that was asked for."""
        state = self._browsers.state
        filled = {
            "heading": html.escape(state.heading or BUILDING),
            "hidden": "" if state.text else " hidden",
            "text": html.escape(state.text),
        }
        page = (_bytes(ASSETS / "nothing-yet.html") or b"").decode()
        for name, text in filled.items():
            page = page.replace(f"<!-- {name} -->", text)
        data = self._with_script(page.encode(), NOTHING_YET)
        return _whole("nothing-yet.html", data, "", HTTPStatus.SERVICE_UNAVAILABLE)


def _whole(name: str, data: bytes, known: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Answer with a whole file, or that the browser has it already (RFC 9110 §13.1.2)."""
    tag = f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")} or known.strip() == "*":
        return Answer(HTTPStatus.NOT_MODIFIED, headers)
    ending = name.rpartition("/")[2].rpartition(".")
    headers["Content-Type"] = TYPES.get(ending[2].lower(), BINARY) if ending[1] else BINARY
    return Answer(status, headers, data)


def _plain(status: HTTPStatus, text: str) -> Answer:
    return Answer(status, {"Cache-Control": "no-cache", "Content-Type": TYPES["txt"]}, f"{text}\n".encode())


def _moved(path: str, query: str) -> Answer:
    """Send on to another path of this host, for now (RFC 9110 §15.4.8)."""
    where = quote("/" + path.lstrip("/"), safe="/~!$&'()*+,;=:@") + (f"?{query}" if query else "")
    return Answer(HTTPStatus.TEMPORARY_REDIRECT, {"Cache-Control": "no-cache", "Location": where})


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
