"""Builders that tests of the whole share: files of a site, entries, built sites, and pages that can be asked."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from lxml import html

from digest.build import Options, Result, Snapshot, build
from digest.diagnostics import report
from digest.disk import read_snapshot

ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder of `build.py`."""
REAL_NOW: Final = "2026-11-21"
"""The clock of the built real site: every one of its jobs has closed."""
BUSY_NOW: Final = "2021-03-20"
"""A clock at which the real site has open jobs, closed ones and scheduled ones."""
NOW: Final = "2026-06-01T12:00"
"""The clock of small invented sites."""
LINKS: Final = {"href", "src", "action", "formaction", "poster", "data", "cite", "srcset", "xlink:href", "background"}
"""Attributes of HTML that hold an address."""
CHECK_SECONDS: Final = 900
"""Longest time the Nu HTML Checker may take: it would not stop by itself if it hung."""

Files = Mapping[str, bytes]
"""Bytes by path, of inputs below the site's root or of a built site."""


# --- inputs --------------------------------------------------------------------------------------------------


@cache
def _read(folder: Path) -> dict[str, bytes]:
    found = dict(read_snapshot(folder).files)
    assert found, f"{folder} holds no inputs"
    return found


def real() -> dict[str, bytes]:
    """Return every input of the real site."""
    return dict(_read(ROOT))


def theme() -> dict[str, bytes]:
    """Return the project's templates and assets."""
    return {path: data for path, data in _read(ROOT).items() if path.startswith("templates/")}


def base() -> dict[str, bytes]:
    """Return the smallest valid site, with the project's theme."""
    return {**theme(), **_read(ROOT / "tests" / "base")}


def golden() -> dict[str, bytes]:
    """Return the inputs of the golden site, with the project's templates and assets of its own."""
    return {**theme(), **_read(ROOT / "tests" / "golden" / "input")}


def entry(fields: Mapping[str, Any], body: str = "The words of this entry.") -> bytes:
    """Return an entry's file; every value is written as JSON, which YAML reads as it stands."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", body, ""]).encode()


def job(body: str = "The words of this job.", **fields: Any) -> bytes:
    """Return a valid job that is open at `NOW`, with `fields` in place of its own; one that is None is left out."""
    own: dict[str, Any] = {
        "title": "Data engineer",
        "published": "2026-05-20",
        "summary": "Build the pipes that data runs through.",
        "organisation": "Home Office",
        "tags": ["accessibility"],
        "salary": "£45,000 to £55,000",
        "closes": "30 June 2026",
        "apply": "https://www.example.gov.uk/jobs/2",
    }
    return entry(_given(own, fields), body)


def news(body: str = "The words of this item.", **fields: Any) -> bytes:
    """Return a valid news item published before `NOW`, with `fields` in place of its own; None leaves one out."""
    own: dict[str, Any] = {
        "title": "A standard for data",
        "published": "2026-05-20",
        "summary": "Data of public bodies have a new standard.",
        "tags": ["accessibility"],
        "source": {"name": "Example news", "url": "https://www.example.gov.uk/news/2"},
    }
    return entry(_given(own, fields), body)


def _given(own: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**own, **fields}.items() if value is not None}


# --- the real content, read without our own reader ----------------------------------------------------------

KINDS: Final = {"jobs": "/jobs/", "news": "/news/", "pages": "/"}
"""The address below which the entries of each folder have their pages."""


@cache
def written() -> dict[str, tuple[dict[str, Any], str]]:
    """Return the front matter, all scalars as text, and the body of each real entry, by path."""
    found = {}
    for path, data in real().items():
        if path.startswith("content/") and path.endswith(".md"):
            _, front, body = data.decode().split("---\n", 2)
            found[path] = (_yaml(front), body)
    assert found, "there are no entries"
    return found


def carried() -> dict[str, tuple[dict[str, Any], str]]:
    """Return those of the real entries that have a page at `REAL_NOW`, as `written` does."""
    hidden = {"draft", "withdrawn"}
    found = {
        path: entry
        for path, entry in written().items()
        if entry[0]["published"][:10] <= REAL_NOW and hidden.isdisjoint(entry[0])
    }
    assert found, "no entry is carried"
    return found


def tag_ids(front: Mapping[str, Any]) -> list[str]:
    """Return the ids of an entry's tags, which it may give by label or alias; one that is not declared as it stands."""
    spelt = {}
    for tag in real_config()["tags"]:
        for words in (tag["id"], tag["label"], *tag.get("aliases", ())):
            spelt[_letters(words)] = tag["id"]
    return [spelt.get(_letters(words), words) for words in front.get("tags", ())]


def _letters(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())


@cache
def real_config() -> Any:
    """Return the real configuration, all scalars as text."""
    return _yaml(real()["config.yaml"].decode())


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - this loader makes nothing but text


def entry_address(path: str) -> str:
    """Return the address that follows from an entry's file."""
    _, folder, name = path.split("/")
    return f"{KINDS[folder]}{name.removesuffix('.md')}/"


# --- sites ---------------------------------------------------------------------------------------------------


def build_result(files: Files, now: str = NOW, **options: Any) -> Result:
    """Build a site, right or wrong; `options` are those of `digest.build.Options`."""
    return build(Snapshot(files), Options(datetime.fromisoformat(now), **options))


def build_site(files: Files, now: str = NOW, **options: Any) -> dict[str, bytes]:
    """Build a site that is meant to be right; fails with its problems where there are errors."""
    result = build_result(files, now, **options)
    assert result.site is not None, report(result.problems, "text")
    return result.site


def write(files: Files, folder: Path) -> None:
    """Write files below a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def address_of(path: str) -> str:
    """Return the site-relative address of a built file, such as `/jobs/` for `jobs/index.html`."""
    return "/" + path.removesuffix("index.html")


def absolute(base_url: str, href: str) -> str:
    """Return an address on a page as a browser resolves it, without its fragment."""
    return urljoin(base_url, href).partition("#")[0]


class Built(NamedTuple):
    """A built site and the address it was built for."""

    base_url: str
    """Absolute, with a slash at the end."""
    files: Files


class Page(NamedTuple):
    """A built HTML page."""

    address: str
    """Site-relative, such as `/jobs/`."""
    root: Any
    """The `html` element (lxml)."""

    def all(self, xpath: str) -> list[Any]:
        """Return what an XPath expression finds, in document order."""
        return list(self.root.xpath(xpath))

    def one(self, xpath: str) -> Any:
        """Return the only thing an XPath expression finds."""
        found = self.all(xpath)
        assert len(found) == 1, f"{self.address}: {len(found)} of {xpath}"
        return found[0]

    def text(self, xpath: str) -> str:
        """Return the words of the only element found, with single spaces."""
        return words_of(self.one(xpath))

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield each address on the page with its element's name."""
        for element in self.root.iter():
            if isinstance(element.tag, str):
                for name, value in element.attrib.items():
                    if name in LINKS:
                        yield element.tag, value
                if element.get("http-equiv", "").lower() == "refresh":
                    yield "meta", element.get("content").partition("url=")[2]

    def ids(self) -> list[str]:
        """Return every id on the page."""
        return self.all("//@id")


def words_of(element: Any) -> str:
    """Return the words of an element, with single spaces."""
    return " ".join(element.text_content().split())


def page(site: Files, address: str) -> Page:
    """Return the page at a site-relative address."""
    path = f"{address}index.html"[1:] if address.endswith("/") else address[1:]
    assert path in site, f"there is no page {address}"
    return Page(address, html.document_fromstring(site[path], parser=html.HTMLParser(encoding="utf-8")))


def pages(site: Files) -> dict[str, Page]:
    """Return every HTML page of a site by its address; emails are no pages."""
    paths = [path for path in site if path.endswith(".html") and not path.endswith("/email.html")]
    found = {address_of(path): page(site, address_of(path)) for path in paths}
    assert found, "the site has no pages"
    return found


def base_of(files: Files) -> str:
    """Return the `base_url` of a site's inputs."""
    found = re.search(rb"^base_url: (\S+)$", files["config.yaml"], re.MULTILINE)
    assert found, "config.yaml names no base_url"
    return found[1].decode()


def base_path(files: Files) -> str:
    """Return the path of its host below which a site lies, with a slash at both ends."""
    return urlsplit(base_of(files)).path


def feeds(site: Files) -> dict[str, bytes]:
    """Return every feed of a site by its address."""
    found = {f"/{path}": data for path, data in site.items() if path.rpartition("/")[2] == "feed.xml"}
    assert found, "the site has no feeds"
    return found


def broken_links(site: Files, base_url: str) -> list[str]:
    """Return every link within the site that leads to no file, or to no element where it names one.

    A link counts as internal when its address, resolved as a browser would, begins with `base_url`.  One to the same
    host outside `base_url` is broken too: it has lost the base path.
    """
    found = pages(site)
    ids = {address: set(one.ids()) for address, one in found.items()}
    origin = urljoin(base_url, "/")
    broken: list[str] = []
    for address, one in found.items():
        for element, value in one.links():
            target = urljoin(base_url + address[1:], value)
            if target.startswith(origin) and not _answers(target, base_url, site, ids):
                broken.append(f"{address}: <{element}> {value}")
    return broken


def _answers(target: str, base_url: str, site: Files, ids: Mapping[str, set[str]]) -> bool:
    parts = urlsplit(target)
    place = unquote(parts.path).removeprefix(urlsplit(base_url).path)
    path = f"{place}index.html" if not place or place.endswith("/") else place
    if not parts.path.startswith(urlsplit(base_url).path) or path not in site:
        return False
    return not parts.fragment or unquote(parts.fragment) in ids.get(address_of(path), ())


# --- checkers ------------------------------------------------------------------------------------------------


def nu_messages(jar: Path, *folders: Path) -> list[str]:
    """Return what the Nu HTML Checker has to say of all pages, style sheets and drawings below `folders`.

    What it thinks of policies is left out: it reads files, which have no host of their own, and takes data for scripts.
    A browser is asked instead, in tests/test_budgets.py.
    """
    options = ["--format", "json", "--stdout", "--skip-non-html", "--also-check-css", "--also-check-svg"]
    command = ["java", "-jar", str(jar), *options, *map(str, folders)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=CHECK_SECONDS)
    messages = [one for one in json.loads(done.stdout)["messages"] if "Content Security Policy" not in one["message"]]
    return [f"{one.get('url', '')}:{one.get('lastLine', 0)}: {one['type']}: {one['message']}" for one in messages]
