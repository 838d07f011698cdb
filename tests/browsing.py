"""What browser tests share: a server on this machine alone, and questions that are asked inside a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from digest.planning.policy import CONTENT_POLICY

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
}
POLICY: Final = f"{CONTENT_POLICY}; frame-ancestors 'none'"
"""What hosts are told to send with every page; the console tells of each breach."""


class _Handler(BaseHTTPRequestHandler):
    """Answers from the files of a built site."""

    def __init__(self, files: Mapping[str, bytes], base: str, policy: str | None, *args: Any) -> None:
        self.files = files
        self.policy = policy
        self.base = base
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send the file that answers at the path, or the page for addresses where nothing is."""
        path = unquote(urlsplit(self.path).path).removeprefix(self.base)
        name = f"{path}index.html" if not path or path.endswith("/") else path
        found = name in self.files
        data = self.files[name if found else "404.html"]
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", TYPES.get(name[name.rfind(".") :], "application/octet-stream"))
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: what is asked for is for tests to judge."""


@contextmanager
def serve(files: Mapping[str, bytes], base: str = "/", policy: str | None = POLICY) -> Iterator[str]:
    """Serve a site on a free port of this machine; give its address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, files, base, policy))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base.rstrip('/')}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- questions, in the language of browsers -------------------------------------------------------------------

OVERFLOW: Final = """() => {
  const wide = document.documentElement.clientWidth;
  const kept = element => element.closest('.app-table, pre') && !element.matches('.app-table, pre');
  return [...document.querySelectorAll('body *')]
    .filter(element => !kept(element) && element.getClientRects().length)
    .filter(element => element.getBoundingClientRect().right > wide + 0.5)
    .filter(element => !element.closest('.app-skip'))
    .map(element => element.outerHTML.slice(0, 120));
}"""
"""Elements that stand out to the right of the screen; what lies in a table that scrolls by itself may."""

COLOURS: Final = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const said = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const seen = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const found = [...document.querySelectorAll('body *:not(script)')].filter(one => said(one) && seen(one));
  return {
    paper: light(behind(document.body)),
    ink: light(rgba(getComputedStyle(document.body).color)),
    texts: found.map(element => {
      const [front, back] = [rgba(getComputedStyle(element).color), behind(element)].map(light);
      const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      return [ratio, element.outerHTML.slice(0, 120)];
    }),
  };
}"""
"""Relative luminances (WCAG 2.2) of paper and ink, and the contrast of each element that holds words."""

FOCUSED: Final = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    html: element.outerHTML.slice(0, 160),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none',
    inside: box.width > 0 && box.top >= -1 && box.bottom <= innerHeight + 1 && box.left >= -1,
  };
}"""
"""The element that has the focus, whether that is marked, and whether it lies on the screen; null for none."""
