"""Kinds of pages, found from the sites that are built and not from a list: whatever is new is among them by itself.

A page is known by its traits: its place, its template, and on that each class, element, state and attribute of meaning
that it has.  Of all pages of some sites, few and short ones are taken that have all traits between them; and of each
template that with the longest heading, and a middling one of the real site, as readers mostly see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Final, NamedTuple
from unittest.mock import patch
from zoneinfo import ZoneInfo

from lxml import etree

from digest.render import Renderer, form_of
from tests import awkward, samples

MEANING: Final = frozenset({"role", "type", "rel", "lang", "scope", "open", "hidden", "tabindex", "http-equiv"})
"""Attributes that tell kinds of elements apart, besides those whose names begin with `aria-`."""
ZONE: Final = "Europe/London"
"""The time zone of all worlds, and of the browser."""
TODAY: Final = "today"
"""The name of the real site at the clock of `samples.REAL_NOW`."""
WORLDS: Final = (TODAY, "busy", "golden", "awkward", "small")
"""Sites that have between them every kind of page and every state of a job."""
LETTERS: Final = frozenset({"pages/edition_email.html"})
"""Templates of email: it carries its styles in itself, and is read in programs for mail."""
CONTROLS: Final = (
    "self::a[@href] or self::button or self::input or self::select or self::textarea or self::summary or @tabindex"
)
"""What a reader can reach by keyboard, as a condition of XPath."""


@dataclass(frozen=True, eq=False)
class World:
    """A site at a clock."""

    name: str
    """In the names of samples."""
    base: str
    """The path of its host below which it lies, with a slash at both ends."""
    now: datetime
    """The clock it was built at."""
    files: samples.Files
    templates: Mapping[str, str]
    """The template of each page, by the page's site-relative address."""


class Sample(NamedTuple):
    """A page that stands for its kind."""

    world: World
    address: str
    """Site-relative, such as `/jobs/`."""

    @property
    def template(self) -> str:
        """The page's template, such as `pages/job.html`."""
        return self.world.templates[self.address]

    @property
    def name(self) -> str:
        """What it is called, in a form that may name a file, such as `job-busy-jobs-cdo`."""
        kind = self.template.rpartition("/")[2].partition(".")[0]
        return "-".join([kind, self.world.name, *re.findall(r"[a-z0-9]+", self.address.removesuffix(".html"))])

    @property
    def page(self) -> samples.Page:
        """The page itself."""
        return samples.page(self.world.files, self.address)


def build_world(name: str, inputs: samples.Files, now: str, **options: Any) -> World:
    """Build a site and note the template of each page."""
    templates: dict[str, str] = {}
    render = Renderer.render

    def noting(renderer: Renderer, output: Any) -> Any:
        form = form_of(output)
        if output.path.endswith(".html") and form not in LETTERS:
            templates[samples.address_of(output.path)] = form
        return render(renderer, output)

    with patch.object(Renderer, "render", noting):
        files = samples.build_site(inputs, now, **options)
    clock = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(ZONE))
    return World(name, samples.base_path(inputs), clock, files, templates)


@cache
def world(name: str) -> World:
    """Return one of `WORLDS`, built once."""
    dressed = {**samples.golden(), **samples.theme()}
    builders = {
        TODAY: partial(build_world, name, samples.real(), samples.REAL_NOW),
        "busy": partial(build_world, name, samples.real(), samples.BUSY_NOW),
        "golden": partial(build_world, name, dressed, samples.NOW),
        "awkward": partial(build_world, name, awkward.inputs(), awkward.NOW, drafts=True),
        "small": partial(build_world, name, samples.base(), samples.NOW),
    }
    return builders[name]()


@cache
def kinds() -> tuple[Sample, ...]:
    """Return the pages that stand for all kinds, in the order of their names."""
    every = [Sample(world(name), address) for name in WORLDS for address in world(name).templates]
    traits = {sample: frozenset(traits_of(sample)) for sample in every}
    size = {sample: len(sample.page.all("//body//*")) for sample in every}
    first = _outstanding(every, size)
    return tuple(sorted({*first, *cover(traits, size, first)}, key=lambda sample: sample.name))


def kinds_of(name: str) -> list[Sample]:
    """Return those of `kinds` that are of one of `WORLDS`."""
    found = [sample for sample in kinds() if sample.world.name == name]
    assert found, f"no page stands for the site {name}"
    return found


@cache
def walks() -> tuple[Sample, ...]:
    """Return few pages with few controls that have between them each kind of control in each kind of place."""
    controls = {sample: list(_controls(sample)) for sample in kinds()}
    size = {sample: len(found) for sample, found in controls.items()}
    return tuple(cover({sample: frozenset(found) for sample, found in controls.items()}, size))


def _controls(sample: Sample) -> Iterator[str]:
    for control in sample.page.all(f"//body//*[{CONTROLS}]"):
        places = control.xpath("ancestor-or-self::*/@class")
        yield " ".join([control.tag, *places[-2:]])


def traits_of(sample: Sample) -> Iterator[str]:
    """Yield what tells this page from others: its place, its template, and on that its elements and states."""
    template, place = sample.template, sample.address.split("/")
    yield from (template, f"/{place[1]}{len(place) * '/'}")
    for element in sample.page.root.iter(etree.Element):
        words = element.get("class", "").split()
        yield f"{template} {element.tag}"
        yield from (f"{template} .{word}" for word in words)
        yield from (f"{template} {element.tag}[{trait}]" for trait in _meanings(element.attrib))
        if "app-badge" in words:
            yield f"{template} {samples.words_of(element)}"


def _meanings(attributes: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        if name in MEANING:
            yield f"{name}={value}"
        elif name.startswith("aria-"):
            yield name


def _outstanding(every: Sequence[Sample], size: Mapping[Sample, int]) -> list[Sample]:
    """Return of each template the page with the longest heading, and a middling one of the real site."""
    heading = {sample: len(sample.page.text("//h1")) for sample in every}
    found: list[Sample] = []
    for template in sorted({sample.template for sample in every}):
        alike = sorted((sample for sample in every if sample.template == template), key=size.__getitem__)
        real = [sample for sample in alike if sample.world.name == TODAY] or alike
        found += [max(alike, key=heading.__getitem__), real[len(real) // 2]]
    return found


def cover(
    traits: Mapping[Sample, frozenset[str]], size: Mapping[Sample, int], chosen: Iterable[Sample] = ()
) -> list[Sample]:
    """Return few and small pages that have, together with those chosen, all traits; the same ones each time."""
    missing = frozenset[str]().union(*traits.values()).difference(*(traits[sample] for sample in chosen))
    found: list[Sample] = []
    while missing:
        best = max(traits, key=lambda sample: len(traits[sample] & missing) / size[sample] ** 0.5)
        found.append(best)
        missing -= traits[best]
    return found
