"""The pipeline: one snapshot in, one mapping of path to bytes out.

The site is a pure function of (content, templates, config, now).  Nothing here, or in any module it imports, reads a
clock, a disk or an environment.
"""

from __future__ import annotations

import gc
import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from digest.dates.words import format_day
from digest.dates.zones import zone_info
from digest.diagnostics import Diagnostic, Span, failed, in_order
from digest.documents.config import Config
from digest.documents.config_file import PATH as CONFIG
from digest.documents.config_file import read_config, unknown_navigation
from digest.documents.entries import Written, kind_of
from digest.file_rules import config_missing, file_misplaced, file_stray, path_collision, unseen
from digest.memo import EntryReader, Memory, PageKeys, of_bytes
from digest.planning.addresses import Addresses
from digest.planning.catalogue import Catalogue, Counts, build_catalogue
from digest.planning.context import ViewContext
from digest.planning.pages import Output, plan
from digest.planning.references import References
from digest.planning.words import path_of
from digest.render import FOLDER as TEMPLATES
from digest.render import ONCE, Renderer, decode_rendered, template_missing, template_of
from digest.text.nodes import Reading
from digest.text.yaml_rules import file_encoding
from digest.whole import Whole, in_zone, recall, remember, whole_key

CONTENT: Final = "content/"
IMAGES: Final = "content/images/"
ASSETS: Final = "templates/assets/"
NOTHING: Final = Memory()
REQUIRED_ASSETS: Final = ("site.css", "icon.svg")


class Snapshot(NamedTuple):
    """Every input of a build, read once."""

    files: Mapping[str, bytes]
    """Bytes by site-root-relative path: `config.yaml`, and all below `content/` and `templates/`."""


class Options(Struct, frozen=True):
    """What a build is asked for."""

    now: datetime
    """The clock; without a UTC offset it is in the site's time zone."""
    drafts: bool = False
    """Show drafts and scheduled entries."""
    base_url: str | None = None
    """Instead of the configuration's; an address that the rule `config-base-url` accepts."""


class Result(NamedTuple):
    """What a build made."""

    site: dict[str, bytes] | None
    """Bytes by path below the output folder, without those that are published already; None when a problem stopped
    the build."""
    problems: tuple[Diagnostic, ...]
    """In order of place."""
    counts: Counts | None = None
    next_change: datetime | None = None
    """When the site next changes by itself (UTC), or None."""
    next_change_text: str | None = None
    """The same in words, in the site's time zone, such as `23:55 on 1 December 2026`."""
    keys: Mapping[str, bytes] = MappingProxyType({})
    """The key of every file of the site, by path; those that `site` leaves out are published with this key."""


def build(snapshot: Snapshot, options: Options, memory: Memory = NOTHING) -> Result:
    """Build the site from a snapshot.

    All problems of all files are found in one run; any error leaves `site` None.  What `memory` holds saves work and
    changes nothing else.
    """
    collecting = gc.isenabled()
    gc.disable()  # a build makes many small values and no cycles worth finding
    try:
        return _Build(snapshot, options, memory).run()
    finally:
        if collecting:
            gc.enable()


class _Build:
    """One run of the pipeline."""

    def __init__(self, snapshot: Snapshot, options: Options, memory: Memory) -> None:
        self.files = snapshot.files
        self.options = options
        self.memory = memory
        self.keys: dict[str, bytes] = {}
        self.problems: list[Diagnostic] = []
        self.texts: dict[str, str] = {}

    def run(self) -> Result:
        options = self.options
        key = whole_key(self.memory, self.files, "whole", str(options.drafts), options.base_url or "")
        known = recall(self.memory, key, options.now)
        if known is not None:
            words = _in_words(known.until, known.zone)
            return Result({}, known.problems, known.counts, known.until, words, known.keys)
        config = self._config()
        return self._result() if config is None else self._built(config, key)

    def _built(self, config: Config, key: bytes) -> Result:
        written = self._entries(config)
        now = in_zone(self.options.now, config.timezone)
        entries = [found.entry for found in written]
        catalogue = build_catalogue(entries, config, now, drafts=self.options.drafts)
        references = References(self.texts, written, catalogue, self._images())
        self.problems += references.check()
        if failed(self.problems):
            return self._result(catalogue)
        result = self._result(catalogue, self._site(written, catalogue, references))
        if result.site is not None:
            until = catalogue.next_change
            remember(self.memory, key, Whole(config.timezone, now, until, result.problems, catalogue.counts, self.keys))
        return result

    def _result(self, catalogue: Catalogue | None = None, site: dict[str, bytes] | None = None) -> Result:
        problems = tuple(in_order(self.problems))
        if catalogue is None:
            return Result(None, problems)
        change = catalogue.next_change
        words = _in_words(change, catalogue.config.timezone)
        site = None if failed(problems) else site
        return Result(site, problems, catalogue.counts, change, words, self.keys)

    # --- read ----------------------------------------------------------------------------------------------

    def _text(self, path: str) -> str | None:
        """Return a file as text with LF line ends; None after reporting that it is not UTF-8."""
        data = self.files[path].removeprefix(BOM_UTF8)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            before = data[: error.start].decode()
            line = before.count("\n") + 1
            for finding in file_encoding(data):
                span = Span(path, line, len(before) - before.rfind("\n"))
                self.problems.append(file_encoding.at(span, finding))
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.texts[path] = text
        return text

    def _config(self) -> Config | None:
        if CONFIG not in self.files:
            self.problems += [config_missing.at(Span(CONFIG), finding) for finding in config_missing()]
            return None
        text = self._text(CONFIG)
        if text is None:
            return None
        config, problems = read_config(text)
        self.problems += [*problems, *unseen(CONFIG, text)]
        if config is None or self.options.base_url is None:
            return config
        return replace(config, base_url=self.options.base_url.rstrip("/") + "/")

    def _entries(self, config: Config) -> list[Written]:
        texts: dict[str, str] = {}
        for path in sorted(self.files):
            if not path.startswith(CONTENT) or path.startswith(IMAGES):
                continue
            text = self._text(path) if path.endswith(".md") else None
            if kind_of(path) is None:
                self._refuse(path, text)
            elif text is not None:
                texts[path] = text
        written: list[Written] = []
        for found, problems in EntryReader(self.memory, config, self.texts[CONFIG]).read_all(texts):
            self.problems += problems
            if found is not None:
                written.append(found)
        return written

    def _refuse(self, path: str, text: str | None) -> None:
        """Report a file that is no entry; a file without front matter that says it is Markdown is misplaced too."""
        reading = Reading(path, text or "")
        if path.endswith(".md"):
            if text is not None:
                reading.check(file_misplaced, None, path)
        else:
            reading.check(file_stray, None, path)
        self.problems += reading.problems

    def _images(self) -> frozenset[str]:
        return frozenset(path.removeprefix(IMAGES) for path in self.files if path.startswith(IMAGES))

    # --- plan and render -----------------------------------------------------------------------------------

    def _theme(self) -> tuple[dict[str, str], dict[str, str], dict[str, bytes]]:
        """Return the templates' texts, the assets' paths in the site by name, and the files to copy."""
        templates: dict[str, str] = {}
        names: dict[str, str] = {}
        copied: dict[str, bytes] = {}
        for path, data in self.files.items():
            if path.startswith(ASSETS):
                name = path.removeprefix(ASSETS)
                target = _fingerprinted(name, data)
                names[name] = f"/assets/{target}"
                copied[f"assets/{target}"] = data
            elif path.startswith(IMAGES):
                copied[f"images/{path.removeprefix(IMAGES)}"] = data
            elif path.startswith(TEMPLATES):
                text = self._text(path)
                if text is not None:
                    templates[path.removeprefix(TEMPLATES)] = text
        for name in REQUIRED_ASSETS:
            if name not in names:
                span = Span(ASSETS + name)
                self.problems += [template_missing.at(span, found) for found in template_missing(ASSETS + name)]
        return templates, names, copied

    def _site(self, written: list[Written], catalogue: Catalogue, references: References) -> dict[str, bytes]:
        templates, names, copied = self._theme()
        if failed(self.problems):
            return {}
        bodies = {found.entry.id: found.body for found in written}
        context = ViewContext(catalogue, bodies, names, drafts=self.options.drafts)
        made = self._planned(plan(context, copied))
        site = self._rendered(Renderer(templates), PageKeys(self.memory.engine, templates, ONCE.values()), made)
        anchors = _anchors(made, written)
        self.problems += references.check_links(anchors)
        known = {*anchors, *map(path_of, catalogue.waiting())}
        self.problems += unknown_navigation(self.texts[CONFIG], catalogue.config, known)
        return site

    def _planned(self, outputs: Iterable[Output]) -> list[Output]:
        """Return the outputs, without those whose address is taken, which are reported."""
        made: list[Output] = []
        addresses = Addresses()
        for output in outputs:
            other = addresses.take(output)
            if other is None:
                made.append(output)
            else:
                self._collide(output, other)
        return made

    def _rendered(self, renderer: Renderer, keys: PageKeys, outputs: Iterable[Output]) -> dict[str, bytes]:
        """Return the bytes of the outputs that are not published as they are to be."""
        todo: list[Output] = []
        for output in outputs:
            key = of_bytes(output.data) if output.data is not None else keys.of_view(template_of(output), output.view)
            self.keys[output.path] = key
            if self.memory.published.get(output.path) != key:
                todo.append(output)
        site: dict[str, bytes] = {}
        broken: set[tuple[str, int]] = set()
        for output, result in zip(todo, self.memory.map(renderer.rendered, todo), strict=True):
            data, problems = decode_rendered(result)
            for problem in problems:
                if (problem.span.path, problem.span.line) not in broken:  # one report for each place, not each page
                    broken.add((problem.span.path, problem.span.line))
                    self.problems.append(problem)
            if data is not None:
                site[output.path] = data
        return site

    def _collide(self, output: Output, other: Output) -> None:
        source, owner = output.source or other.source or CONFIG, other.source
        reading = Reading(source, self.texts.get(source, ""))
        path = "/" + output.path.removesuffix("index.html")
        reading.check(path_collision, None, path, owner if owner not in {None, source} else "another page")
        self.problems += reading.problems


def _fingerprinted(name: str, data: bytes) -> str:
    """Return an asset's name with a mark of its content, so that it may be cached for good."""
    path = PurePosixPath(name)
    mark = hashlib.blake2b(data, digest_size=6).hexdigest()
    return str(path.with_name(f"{path.stem}.{mark}{path.suffix}"))


def _in_words(instant: datetime | None, zone: str) -> str | None:
    if instant is None:
        return None
    local = instant.astimezone(zone_info(zone))
    return f"{local:%H:%M} on {format_day(local.date())}"


def _anchors(outputs: Iterable[Output], written: Iterable[Written]) -> dict[str, frozenset[str] | None]:
    """Return every address of the site with the heading ids of an entry's page, or None where they do not matter."""
    headings = {found.entry.path: frozenset(head.id for head in found.body.headings) for found in written}
    return {"/" + output.path.removesuffix("index.html"): headings.get(output.source or "") for output in outputs}
