"""What browser tests share: a server on this machine alone, and questions that are asked inside a page."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Page, Request

from digest.planning.policy import CONTENT_POLICY
from tests.page_kinds import Sample, World

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
POLICY: Final = f"{CONTENT_POLICY}; frame-ancestors 'none'"
"""What hosts are told to send with every page; the console tells of each breach."""
Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
NARROW: Final = 320
"""Width in CSS pixels of the narrowest screen that WCAG 2.2 §1.4.10 asks for."""
MIDDLE: Final = 768
WIDE: Final = 1280
HEIGHT: Final = 640


def headers_for(rules: str, path: str) -> dict[str, str]:
    """Return the headers that a site's `_headers` file gives to an address, as Netlify and Cloudflare Pages read it.

    A line that is not indented is a path, in which `*` stands for anything and `:name` for one step; the indented
    lines below it are headers.  Every path that fits counts; a header that is given twice has both values.

    >>> rules = (
    ...     "/*" + chr(10) + "  x-frame-options: DENY" + chr(10) + "/assets/*" + chr(10) + "  Cache-Control: immutable"
    ... )
    >>> headers_for(rules, "/assets/site.css")
    {'X-Frame-Options': 'DENY', 'Cache-Control': 'immutable'}
    >>> headers_for(rules, "/")
    {'X-Frame-Options': 'DENY'}
    """
    found: dict[str, str] = {}
    fits = False
    for line in rules.splitlines():
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if not line[0].isspace():
            form = re.sub(r"\\\*|:[a-z]\w*", lambda part: ".*" if "*" in part[0] else "[^/]+", re.escape(words))
            fits = re.fullmatch(form, path) is not None
        elif fits:
            name, value = (part.strip() for part in words.split(":", 1))
            found[name.title()] = ", ".join(filter(None, (found.get(name.title()), value)))
    return found


class _Handler(BaseHTTPRequestHandler):
    """Answers from the files of a built site, with the headers that the site asks for."""

    def __init__(self, files: Mapping[str, bytes], base: str, *args: Any, policy: str | None, hosted: bool) -> None:
        self.files = files
        self.base = base
        self.policy = policy
        self.hosted = hosted
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send the file that answers at the path, or the page for addresses where nothing is."""
        address = unquote(urlsplit(self.path).path)
        path = address.removeprefix(self.base)
        name = f"{path}index.html" if not path or path.endswith("/") else path
        found = name in self.files
        name = name if found else "404.html"
        data = self.files[name]
        headers = {"Content-Type": TYPES.get(name[name.rfind(".") :], "application/octet-stream")}
        if self.hosted:
            headers |= headers_for(self.files.get("_headers", b"").decode(), address)
        elif self.policy:
            headers["Content-Security-Policy"] = self.policy
        if self.hosted and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = gzip.compress(data)
            headers["Content-Encoding"] = "gzip"
        self.send_response(200 if found else 404)
        for header in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: what is asked for is for tests to judge."""


@contextmanager
def serve(
    files: Mapping[str, bytes], base: str = "/", *, policy: str | None = POLICY, hosted: bool = False
) -> Iterator[str]:
    """Serve a site on a free port of this machine; give its address, without a slash at the end.

    Every file is sent with the policy.  With `hosted` it is sent as a host would: compressed, with the headers that
    the site's `_headers` asks for.
    """
    handler = partial(_Handler, files, base, policy=policy, hosted=hosted)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base.rstrip('/')}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Visitor:
    """A tab of a browser that goes from one sample to the next; the sites are served while they are visited."""

    def __init__(self, context: BrowserContext, servers: ExitStack) -> None:
        """Take the browser's context, and what ends the servers."""
        self.page: Page = context.new_page()
        self.asked: list[Request] = []
        """What the browser asked for since the newest sample was opened."""
        self.said: list[str] = []
        """What the page wrote to the console since then, and its errors."""
        self.page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - a method bears no mark
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self._servers = servers
        self._addresses: dict[World, str] = {}

    def address_of(self, sample: Sample) -> str:
        """Return the address at which a sample is served."""
        world = sample.world
        if world not in self._addresses:
            self._addresses[world] = self._servers.enter_context(serve(_resting(world.files), world.base))
        return self._addresses[world] + sample.address

    def open(self, sample: Sample, width: int = NARROW, scheme: Scheme = "light") -> Page:
        """Open a sample on a screen of `width` CSS pixels, at the clock of its site."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(media="screen", color_scheme=scheme, reduced_motion="reduce", forced_colors="none")
        self.page.clock.set_fixed_time(sample.world.now)
        self.asked.clear()
        self.said.clear()
        self.page.goto(self.address_of(sample))
        return self.page


def _resting(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a site whose redirects stay where they are, so that they can be looked at."""
    return {path: data.replace(b'http-equiv="refresh"', b"") for path, data in files.items()}


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

_LIGHT: Final = """
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
  const ratio = (front, back) => {
    const [one, other] = [front, back].map(light);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
"""
"""Relative luminance and contrast, as WCAG 2.2 defines them; a colour is four bytes, the last of them opacity."""

COLOURS: Final = f"""() => {{{_LIGHT}
  const said = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const seen = element => element.checkVisibility({{visibilityProperty: true, opacityProperty: true}});
  const all = [...document.querySelectorAll('body *:not(script, noscript)')].filter(seen);
  const best = (colours, back) => Math.max(0, ...colours.filter(colour => colour && colour !== 'none').map(rgba)
    .filter(colour => colour[3] > 0).map(colour => ratio(colour, back)));
  const edges = style => ['Top', 'Right', 'Bottom', 'Left']
    .filter(side => style[`border${{side}}Style`] !== 'none' && parseFloat(style[`border${{side}}Width`]) > 0)
    .map(side => style[`border${{side}}Color`]);
  const drawn = svg => [svg, ...svg.querySelectorAll('*')].map(part => getComputedStyle(part))
    .flatMap(style => [style.fill, style.stroke]);
  const marks = [];
  const mark = (element, colours, back) => marks.push([best(colours, back), element.outerHTML.slice(0, 120)]);
  for (const element of all) {{
    if (element.matches('svg:has(*)')) mark(element, drawn(element), behind(element));
    if (element.matches('input:not([type=hidden]), select, textarea, button, .app-button')) {{
      const style = getComputedStyle(element);
      mark(element, [...edges(style), style.backgroundColor], behind(element.parentElement));
    }}
    for (const part of ['::before', '::after']) {{
      const style = getComputedStyle(element, part);
      if (style.content === '""') mark(element, [...edges(style), style.backgroundColor], behind(element));
    }}
  }}
  return {{
    paper: light(behind(document.body)),
    ink: light(rgba(getComputedStyle(document.body).color)),
    texts: all.filter(said).map(element =>
      [ratio(rgba(getComputedStyle(element).color), behind(element)), element.outerHTML.slice(0, 120)]),
    marks,
  }};
}}"""
"""Luminances of paper and ink, the contrast of each element that holds words, and that of each mark: a drawing, a shape
that a style sheet makes, the bounds of a control."""

FOCUSED: Final = f"""() => {{{_LIGHT}
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getClientRects()[0] || element.getBoundingClientRect();  // the first line of what is broken
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const tall = box.height > innerHeight;  // such a box may begin above the screen
  const top = tall ? Math.max(box.top, 0) : box.top;
  const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 8), top + Math.min(box.height / 2, 8));
  return {{
    html: element.outerHTML.slice(0, 160),
    place: [...document.querySelectorAll('*')].indexOf(element),
    marked: outlined && ratio(rgba(style.outlineColor), behind(element.parentElement)) >= 3,
    inside: box.width > 0 && box.left >= -1 && top >= -1 && Math.min(box.bottom, top + 24) <= innerHeight + 1
      && (element.contains(over) || over?.contains(element) || false),
  }};
}}"""
"""The element that has the focus, whether that is marked, and whether it is in sight; null for none."""

REACHABLE: Final = """() => [...document.querySelectorAll('*')]
  .map((element, place) => [element, place])
  .filter(([element]) => element.matches('a[href], button, input, select, textarea, summary, [tabindex], audio, video'))
  .filter(([element]) => element.tabIndex >= 0 && !element.disabled)
  .filter(([element]) => element.checkVisibility({visibilityProperty: true}))
  .filter(([element]) => element.type !== 'radio')
  .map(([, place]) => place)"""
"""The places among all elements of those that the Tab key must reach; of radio buttons it reaches one of each group."""

LEGIBLE: Final = """() => {
  const hidden = element => !element.checkVisibility({visibilityProperty: true, opacityProperty: true})
    || element.closest('.app-hidden, .app-skip');
  const clips = style => [style.overflowX, style.overflowY].some(way => way === 'hidden' || way === 'clip');
  const cut = [...document.querySelectorAll('body *')].filter(element => !hidden(element)
    && clips(getComputedStyle(element)) && element.textContent.trim()
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const boxes = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !node.parentElement || hidden(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const slack = box.height * 0.3;  // lines may stand closer than their letters are high
      boxes.push({node, left: box.left, right: box.right, top: box.top + slack, bottom: box.bottom - slack});
    }
  }
  boxes.sort((one, other) => one.top - other.top);
  const over = [];
  for (let place = 0; place < boxes.length; place++) {
    for (let next = place + 1; next < boxes.length && boxes[next].top < boxes[place].bottom; next++) {
      const [one, other] = [boxes[place], boxes[next]];
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (one.node !== other.node && wide > 1) over.push(`${one.node.data.trim()} | ${other.node.data.trim()}`);
    }
  }
  return [...cut.map(element => `cut: ${element.outerHTML.slice(0, 120)}`), ...over.map(both => `over: ${both}`)];
}"""
"""Words that cannot be read, because a box cuts them off or other words lie over them."""

TARGETS: Final = """() => {
  const seen = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && element.getClientRects().length && !element.matches('.app-skip');
  const block = element => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (!getComputedStyle(one).display.startsWith('inline')) return one;
    }
  };
  const inline = element => getComputedStyle(element).display === 'inline'
    && block(element).innerText.trim().length > element.innerText.trim().length;
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter(element => seen(element) && !inline(element))
    .filter(element => {
      const box = element.getBoundingClientRect();
      return box.width < 24 || box.height < 24;
    })
    .map(element => element.outerHTML.slice(0, 160));
}"""
"""Controls smaller than 24 by 24 px, those within a line of other words apart (WCAG 2.2 §2.5.8)."""

MOVING: Final = """() => {
  const still = value => value.split(', ').every(one => parseFloat(one) === 0);
  const moving = style => !still(style.transitionDuration) || !still(style.animationDuration)
    || style.scrollBehavior !== 'auto';
  return [...document.querySelectorAll('*')].flatMap(element => ['', '::before', '::after']
    .filter(part => moving(getComputedStyle(element, part)))
    .map(part => `${element.outerHTML.slice(0, 120)}${part}`));
}"""
"""Elements that move by themselves, or glide where they could jump."""

OPENED: Final = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
"""Opens what a reader may open."""

LARGE: Final = "() => { document.adoptedStyleSheets = []; document.documentElement.style.fontSize = '200%'; }"
"""Doubles all letters, as a reader may, with spaces as they were."""

SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {
    letter-spacing: 0.12em !important;
    line-height: 1.5 !important;
    word-spacing: 0.16em !important;
  }
  p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""Sets text as wide as a reader may wish to have it (WCAG 2.2 §1.4.12)."""
