"""Where the time of one build goes: runs the digest's command line here, and takes the time of its steps from outside.

`python -m benchmarks.stages FILE build OPTION...` builds as `build.py build OPTION...` does, and writes to FILE what
each stage cost.  The options have to say `--jobs 1`: what a worker process spends is not seen from here.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import GeneratorType
from typing import Any, Final

from benchmarks.breakdown import (
    BODIES,
    CARDS,
    CATALOGUE,
    CHECKS,
    EDITIONS,
    ENTRIES,
    FEEDS,
    FILES,
    FRAME,
    FRONT,
    KINDS,
    LISTS,
    NOTES,
    PLANNING,
    PROGRAMS,
    PUBLISHING,
    RENDERING,
    REST,
    ROBOTS,
    SEARCH,
    STAGES,
    START,
    TEMPLATES,
    TERMS,
    VIEW_MARKS,
    VIEWS,
    WORDS,
    WRITING,
)
from digest import cli
from digest.planning.facets import FACETS
from digest.planning.outputs import Output

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    START: ("digest.cache:engine",),
    FILES: ("digest.disk:read_snapshot", "digest.disk:_Files.__getitem__"),
    FRAME: ("digest.standing:Standing._read_config", "digest.theme:Theme.__init__", "digest.theme:Theme.made"),
    FRONT: ("digest.reading:EntryReader._work",),
    BODIES: ("digest.reading:read_body",),
    CARDS: ("digest.reading:card_of", "digest.opendata:records_of"),
    WORDS: ("digest.reading:searched", "digest.searching:BlockReader.marks"),
    CATALOGUE: ("digest.planning.catalogue:build_catalogue",),
    CHECKS: (
        "digest.planning.references:References.__init__",
        "digest.pipeline:Pipeline._checked",
        "digest.pipeline:Pipeline._read_by_references",
        "digest.pipeline:Pipeline._check_addresses",
    ),
    PLANNING: (
        "digest.planning.context:ViewContext.__init__",
        "digest.planning.pages:Plan.__init__",
        "digest.planning.pages:Plan.bundles",
        "digest.planning.pages:Plan.last",
        "digest.planning.pages:Plan._record",
        "digest.making:Maker.files",
    ),
    VIEW_MARKS: ("digest.making:of_view",),
    TEMPLATES: ("jinja2.environment:Environment.compile",),
    NOTES: (
        "digest.reading:encode",
        "digest.reading:decoded",
        "digest.reading:EntryReader.read_all",
        "digest.reading:EntryReader.whole",
        "digest.making:encode",
        "digest.making:decoded",
        *(f"digest.stores:{store}.{step}" for store in ("Shelf", "Log") for step in ("get", "put", "keep")),
    ),
    WRITING: ("digest.publish:Publication.put",),
    PUBLISHING: (
        "digest.publish:Publication.__init__",
        "digest.publish:Publication._all_at_once",
        "digest.publish:Publication._remember_what_is",
    ),
}
"""The steps of the digest that belong to each stage, as `module:name`; what one calls that is named here too is not
its own."""
_END: Final = object()


class Stopwatch:
    """Shares the processor time of this process out among stages: each moment goes to the innermost that is running."""

    def __init__(self, clock: Callable[[], float] = time.process_time) -> None:
        """Begin at the clock's zero, which is the start of the process."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        """Seconds by stage."""
        self._clock = clock
        self._last = 0.0
        self._running = [0.0]

    def enter(self) -> None:
        """Begin a stage, which is named when it ends."""
        self._charge()
        self._running.append(0.0)

    def leave(self, stage: str) -> None:
        """End the stage that was begun last, or the one that runs from the start."""
        self._charge()
        self.spent[stage] += self._running.pop()

    def _charge(self) -> None:
        now = self._clock()
        self._running[-1] += now - self._last
        self._last = now


def timed(watch: Stopwatch, function: Callable[..., Any], stage: Callable[..., str]) -> Callable[..., Any]:
    """Return a function with the time that it takes charged to the stage which `stage` makes of its arguments.

    Of a generator, the time between its values is not charged.
    """

    @wraps(function)
    def run(*values: Any, **named: Any) -> Any:
        name = stage(*values, **named)
        watch.enter()
        try:
            found = function(*values, **named)
        finally:
            watch.leave(name)
        return timed_each(watch, found, lambda _: name) if isinstance(found, GeneratorType) else found

    return run


def timed_each(watch: Stopwatch, found: Iterator[Any], stage: Callable[[Any], str]) -> Iterator[Any]:
    """Yield from an iterator, with the time of each value charged to the stage which `stage` makes of it.

    What the end of it takes goes where its last value went.
    """
    value, name = None, REST
    while value is not _END:
        watch.enter()
        try:
            value = next(found, _END)
            name = name if value is _END else stage(value)
        finally:
            watch.leave(name)
        if value is not _END:
            yield value


def kind_of(output: Output) -> str:
    """Return the kind of a file, as the report calls it."""
    view, folder = type(output.view).__name__, output.path.partition("/")[0]
    if view in {"JobPage", "NewsPage", "StaticPage", "WithdrawnPage", "RedirectPage"}:
        return ENTRIES
    if view in {"ListPage", "SalaryPage", "TermsPage"} and folder in {facet.name for facet in FACETS}:
        return TERMS
    if folder == EDITIONS and view != "Feed":
        return EDITIONS
    if view.startswith("Search"):
        return SEARCH
    return _KINDS.get(view, LISTS)


_KINDS: Final = {
    **dict.fromkeys(("Feed", "AtomFeed", "JsonFeed", "FeedList"), FEEDS),
    **dict.fromkeys(("Calendar", "DataFile", "DataTable", "DataSchema", "TableDescription", "DataPage"), PROGRAMS),
    **dict.fromkeys(("Sitemap", "Robots", "Headers", "Redirects"), ROBOTS),
}
"""The kind of a file by the name of its view; that of other lists is not here."""


def put_timers(watch: Stopwatch, put: Callable[[Any, str, Any], None] = setattr) -> Counter[str]:
    """Put timers around all steps, and return how many files of each kind have been rendered, which goes on counting.

    `put` replaces an attribute; a test undoes it.  Raises AttributeError when a step is no longer there.
    """
    made: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
    for stage, steps in STEPS.items():
        for step in steps:
            owner, name = _found(step)
            put(owner, name, timed(watch, getattr(owner, name), lambda *_, stage=stage, **__: stage))

    def rendering(_: Any, output: Output) -> str:
        kind = kind_of(output)
        made[kind] += 1
        return RENDERING.format(kind)

    owner, name = _found("digest.render:Renderer.render")
    put(owner, name, timed(watch, getattr(owner, name), rendering))
    owner, name = _found("digest.making:outputs_of")
    outputs_of = getattr(owner, name)

    def views(*values: Any) -> Iterator[Output]:
        return timed_each(watch, outputs_of(*values), lambda output: VIEWS.format(kind_of(output)))

    put(owner, name, views)
    return made


def _found(step: str) -> tuple[Any, str]:
    """Return the module or class that a step belongs to, and its name there."""
    module, _, names = step.partition(":")
    *path, name = names.split(".")
    owner: Any = import_module(module)
    for inner in path:
        owner = getattr(owner, inner)
    return owner, name


def main(given: list[str]) -> int:
    """Build with timers, and write what they say; return the exit status of the build."""
    told, *arguments = given
    watch = Stopwatch()
    made = put_timers(watch)
    watch.enter()
    status = cli.main(arguments)
    watch.leave(REST)
    watch.leave(START)
    stages = {stage: watch.spent[stage] for stage in STAGES}
    Path(told).write_text(json.dumps({"stages": stages, "made": made}), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
