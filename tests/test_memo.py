"""What is remembered between builds changes how long they take, and nothing else."""

from __future__ import annotations

import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digest.at_hand import AtHand
from digest.build import Options, Snapshot, build
from digest.cache import engine
from digest.decoding import decoded
from digest.filing import DRAWER, Sharing
from digest.fingerprints import SIZE, fingerprint
from digest.memo import Memory, PageKeys
from digest.stores import Log, Shelf
from tests.builders import small_site, text_of

Files = dict[str, bytes]
HISTORIES: Final = 200
START: Final = datetime(2026, 6, 1, 11, tzinfo=UTC)
PLAN: Final = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'/>"


class Remembered:
    """A memory in a dictionary, which a test may damage."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.values: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """Return a value, or None."""
        return self.values.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value."""
        self.values[key] = value

    def keep(self, keys: Iterable[bytes]) -> None:
        """Do nothing: all is kept."""

    def take(self, key: bytes) -> bytes | None:
        """Return a value, or None."""
        return self.get(key)


class World:
    """Files, a clock, and what the builds so far have published and remembered."""

    def __init__(self, at_hand: AtHand | None = None) -> None:
        """Begin with a small site, never built; with `at_hand`, its builds are made in one process, as a preview's."""
        self.at_hand = at_hand
        self.files: Files = dict(small_site())
        self.now = START
        self.stores = (Remembered(), Remembered(), Remembered())
        self.site: dict[str, bytes] = {}
        self.keys: dict[str, bytes] = {}
        self.failed = False

    def build(self) -> None:
        """Build with all that is remembered, and publish."""
        result = build(Snapshot(self.files), Options(self.now), self.memory())
        self.failed = result.site is None
        if result.site is not None:
            self.site = {path: result.site[path] if path in result.site else self.site[path] for path in result.keys}
            self.keys = dict(result.keys)

    def memory(self, engine: bytes = b"engine") -> Memory:
        """Return all that is remembered."""
        memo, plan, last = self.stores
        return Memory(engine, memo, plan, None if self.at_hand else last, lambda: self.keys, at_hand=self.at_hand)

    def clean(self) -> Mapping[str, bytes] | None:
        """Return the site that a build without memory makes."""
        return build(Snapshot(self.files), Options(self.now)).site


def _entries(world: World, folder: str = "jobs") -> list[str]:
    return sorted(path for path in world.files if path.startswith(f"content/{folder}/"))


def _swap(world: World, path: str, old: str, new: str) -> None:
    world.files[path] = world.files[path].replace(old.encode(), new.encode())


def _one(world: World, number: int, folder: str = "jobs") -> str | None:
    found = _entries(world, folder)
    return found[number % len(found)] if found else None


def _body(world: World, number: int) -> None:
    path = _one(world, number)
    if path:
        world.files[path] += f"\nLine {number}, see [about](/about/).\n".encode()


def _field(old: str, new: str) -> Callable[[World, int], None]:
    def edit(world: World, number: int) -> None:
        path = _one(world, number)
        if path:
            _swap(world, path, old, new)

    return edit


def _new(world: World, number: int) -> None:
    text = text_of("job", title=f"Job {number}", salary=f"£{30 + number},000", closes="15 June 2026")
    world.files[f"content/jobs/new-{number}.md"] = text.encode()


def _rename(world: World, number: int) -> None:
    path = _one(world, number)
    if path:
        world.files[f"content/jobs/renamed-{number}.md"] = world.files.pop(path)


def _delete(world: World, number: int) -> None:
    path = _one(world, number)
    if path:
        del world.files[path]


def _news(world: World, number: int) -> None:
    text = text_of("news", title=f"News {number}", published=f"2026-05-{1 + number % 28:02}")
    world.files[f"content/news/new-{number}.md"] = text.encode()


def _template(name: str) -> Callable[[World, int], None]:
    def edit(world: World, number: int) -> None:
        world.files[f"templates/{name}"] += f"{{# {number} #}}<!-- {number} -->".encode()

    return edit


def _component(world: World, number: int) -> None:
    _swap(world, "templates/components/badge.html", "{% macro", f"{{# {number} #}}{{% macro")
    _swap(world, "templates/components/badge.html", "app-badge ", f"app-badge app-{number} ")


def _asset(world: World, number: int) -> None:
    world.files["templates/assets/site.css"] += f"/* {number} */".encode()


def _picture(world: World, number: int) -> None:
    world.files[f"content/images/{number}.svg"] = PLAN


def _config(world: World, number: int) -> None:
    _swap(world, "config.yaml", "title: Small digest", f"title: Small digest {number}")


def _bands(world: World, number: int) -> None:
    world.files["config.yaml"] += (
        b"" if b"salary:" in world.files["config.yaml"] else b"salary: {bands: [%d000]}\n" % (20 + number)
    )


def _clock(world: World, number: int) -> None:
    world.now += timedelta(days=number, hours=7)


def _clock_back(world: World, number: int) -> None:
    world.now -= timedelta(days=number)


def _forget(world: World, number: int) -> None:
    for store in world.stores:
        for key in list(store.values)[number % 3 :: 3]:
            del store.values[key]


def _forget_all(world: World, number: int) -> None:
    for store in world.stores[number % 3 :]:
        store.values.clear()


def _truncate(world: World, number: int) -> None:
    for store in world.stores:
        for key in list(store.values)[number % 2 :: 2]:
            store.values[key] = store.values[key][: number * 7]


def _garble(world: World, number: int) -> None:
    for store in world.stores:
        for key in list(store.values)[number % 2 :: 2]:
            store.values[key] = bytes([number]) + b"\xc1not ours"


def _unpublish(world: World, number: int) -> None:
    for path in list(world.keys)[number % 4 :: 4]:
        del world.keys[path]


def _break(world: World, number: int) -> None:
    world.files[f"content/jobs/broken-{number % 2}.md"] = b"---\ntitle: x\n---\n"


def _mend(world: World, number: int) -> None:
    world.files.pop(f"content/jobs/broken-{number % 2}.md", None)


EDITS: Final[tuple[Callable[[World, int], None], ...]] = (
    _body,
    _field("tags: [data]", "tags: [data, leadership]"),
    _field("£45,000 to £55,000", "£75,000"),
    _field("30 June 2026", "2 June 2026"),
    _field("title: Service", "title: Senior service"),
    _new,
    _rename,
    _delete,
    _news,
    _template("pages/job.html"),
    _template("layouts/base.html"),
    _template("feeds/rss.xml"),
    _component,
    _asset,
    _picture,
    _config,
    _bands,
    _clock,
    _clock_back,
    _forget,
    _forget_all,
    _truncate,
    _garble,
    _unpublish,
    _break,
    _mend,
)
HISTORY: Final = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 9)), min_size=1, max_size=6)


def _follow(history: list[tuple[Callable[[World, int], None], int]], at_hand: AtHand | None = None) -> None:
    """Build after each edit, and compare with a clean build."""
    world = World(at_hand)
    world.build()
    for edit, number in history:
        edit(world, number)
        world.build()
        clean = world.clean()
        assert world.failed == (clean is None), edit
        if clean is not None:
            assert world.site == clean, edit


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORY)
@example([(_delete, 1), (_clock_back, 8)])  # the latest edition becomes the coming one
def test_what_is_built_with_a_memory_is_what_is_built_without(
    history: list[tuple[Callable[[World, int], None], int]],
) -> None:
    """After any history of edits, clock moves and damage, the site is byte for byte that of a clean build."""
    _follow(history)


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORY)
def test_what_is_built_in_one_process_is_what_is_built_in_another(
    history: list[tuple[Callable[[World, int], None], int]],
) -> None:
    """With values at hand, as in a preview, the site after any history is byte for byte that of a clean build."""
    _follow(history, AtHand())


History = list[tuple[Callable[[World, int], None], int]]
Keyed = Callable[..., bytes]
"""What makes a key: `fingerprint`, or the same with a part left out."""


def _without(place: int) -> Callable[[Keyed], Keyed]:
    """Leave out one of the two parts of a key."""
    return lambda real: lambda *parts: real(*(b"" if at == place else part for at, part in enumerate(parts)))


def _entry_without(part: str) -> Callable[[Keyed], Keyed]:
    """Leave a part out of the key of an entry: its bytes or its path."""

    def wrapped(real: Keyed) -> Keyed:
        def keyed(context: bytes, rest: bytes) -> bytes:
            return real(context, rest[SIZE:] if part == "bytes" else rest[:SIZE])

        return keyed

    return wrapped


def _body_key(real: Keyed) -> Keyed:
    return lambda *parts: real(*parts[:2]) if parts[1:2] == ("body",) else real(*parts)


def _without_view(real: Keyed) -> Keyed:
    return lambda self, form, _: real(self, form, b"")


def _config_key(real: Keyed) -> Keyed:
    return lambda *parts: real(*parts[:2]) if parts[1:2] == ("config",) else real(*parts)


def _stranger(world: World, number: int) -> None:
    world.files["content/jobs/stranger.md"] = text_of("job", organisation=f"H{number}").encode()


def _alias(world: World, number: int) -> None:
    world.files["config.yaml"] = world.files["config.yaml"].replace(b"aliases: [HO]", b"aliases: [HO, H%d]" % number)


def _strapline(world: World, number: int) -> None:
    world.files["config.yaml"] += b"strapline: Number %d\n" % number


def _retitle(world: World, number: int) -> None:
    _field("title: ", "title: New ")(world, number)


def _dangling(world: World, number: int) -> None:
    world.files["content/jobs/dangling.md"] = text_of("job", related=f"[nobody-{number}]").encode()


def _nowhere(world: World, number: int) -> None:
    world.files["content/jobs/nowhere.md"] = text_of("job", body=f"[Nowhere](/nowhere-{number}/)").encode()


TEETH: Final[dict[str, tuple[str, Callable[[Keyed], Keyed], History]]] = {
    "the bytes of an entry": ("digest.reading.pair", _entry_without("bytes"), [(_body, 1)]),
    "the path of an entry": ("digest.reading.pair", _entry_without("path"), [(_rename, 1)]),
    "the configuration": ("digest.reading.pair", _without(0), [(_stranger, 1), (_alias, 1)]),
    "the text of the configuration": ("digest.standing.fingerprint", _config_key, [(_strapline, 1)]),
    "the text of a body": ("digest.reading.fingerprint", _body_key, [(_body, 1)]),
    "what a part reads": ("digest.making.pair", _without(1), [(_clock, 9)]),
    "what a bundle reads": ("digest.planning.pages._facts", lambda _: lambda _catalogue: b"", [(_retitle, 1)]),
    "the site's frame": ("digest.making.pair", _without(0), [(_strapline, 1)]),
    "the view": ("digest.memo.PageKeys.of_view", _without_view, [(_clock, 9)]),
    "the templates": ("digest.memo.PageKeys._closure", lambda _: lambda _self, name: name.encode(), [(_component, 1)]),
    "the files": ("digest.whole.fingerprint", lambda real: lambda *parts: real(*parts[:-1]), [(_body, 1)]),
}
"""Parts of keys: the function that makes the key, the same without the part, and a history that needs it."""


@pytest.mark.parametrize("part", TEETH)
def test_the_property_has_teeth(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one part left out of a key, the property fails, so it would see such a fault."""
    name, wrapped, history = TEETH[part]
    real = pkgutil.resolve_name(name)
    without = wrapped(real)
    remembering: list[bool] = []  # the clean build is made with whole keys
    build_ = World.build

    def remembered(world: World) -> None:
        remembering.append(True)
        build_(world)
        remembering.clear()

    monkeypatch.setattr(World, "build", remembered)
    monkeypatch.setattr(name, lambda *parts: without(*parts) if remembering else real(*parts))
    with pytest.raises((AssertionError, KeyError)):
        _follow(history)


class _Groundless(AtHand):
    """Values at hand that are given on whatever ground."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self._step = step

    def known(self, step: str, ground: object) -> Mapping[object, object]:
        """Return the values of the last build, for one step though its ground has changed."""
        return self._tables.get(step, (None, {}))[1] if step == self._step else super().known(step, ground)


@pytest.mark.parametrize(
    ("step", "history"),
    [
        ("records", [(_stranger, 1), (_alias, 1)]),
        ("inventory", [(_new, 1)]),
        ("catalogue", [(_new, 1)]),
        ("renderer", [(_component, 1)]),
        ("bundles", [(_component, 1)]),
        ("lines", [(_new, 1)]),
        ("references", [(_dangling, 1)]),
        ("addresses", [(_nowhere, 1)]),
    ],
)
def test_the_ground_of_values_at_hand_matters(step: str, history: History) -> None:
    """Were the values of a step given on another ground, the property would fail, so it would see such a fault."""
    _follow(history, AtHand())
    with pytest.raises((AssertionError, KeyError)):
        _follow(history, _Groundless(step))


def test_equal_values_of_cards_are_held_once() -> None:
    """Cards that are read back share what is equal in them, and are equal to what was remembered."""
    stores = (Remembered(), Remembered(), Remembered())
    build(Snapshot(small_site()), Options(START), Memory(b"engine", *stores))
    drawers = [found for data in stores[1].values.values() if (found := decoded(data, DRAWER))]
    plain = {path: record for drawer in drawers for path, record in drawer.items()}
    digests = {path: deepcopy(record.digest) for path, record in plain.items()}
    sharing, shared = Sharing(digests), deepcopy(plain)
    for path, record in shared.items():
        sharing.take(path, record)
    assert shared == plain
    cards = [record.card for record in shared.values() if record.card]
    for name in ("lang", "headings", "sections", "day", "week", "updated"):
        values = [getattr(card, name) for card in cards]
        assert len(set(map(id, values))) == len(set(values)), name
    held = {path: (path, digest) for path, digest in digests.items()}
    for path, record in shared.items():
        assert record.card is None or record.card.path is held[path][0]
        assert record.digest is digests[path]


def test_nothing_is_read_or_rendered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second build of the same site reads neither configuration nor entry, makes no view and renders no page."""
    world = World()
    world.build()
    world.stores[2].values.clear()
    monkeypatch.setattr("digest.standing.read_config", lambda _: pytest.fail("the configuration was read again"))
    monkeypatch.setattr("digest.reading.read_entry", lambda *_: pytest.fail("an entry was read again"))
    monkeypatch.setattr("digest.making.outputs_of", lambda *_: pytest.fail("a view was made again"))
    result = build(Snapshot(world.files), Options(world.now), world.memory())
    assert result.site == {}
    assert result.keys == world.keys


def test_a_build_with_nothing_to_do_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the files are the same, and no state changes, nothing at all is looked at."""
    world = World()
    world.build()
    monkeypatch.setattr("digest.standing.Standing", lambda *_: pytest.fail("something was looked at"))
    world.now += timedelta(minutes=1)
    result = build(Snapshot(world.files), Options(world.now), world.memory())
    assert (result.site, result.keys) == ({}, world.keys)


def test_another_engine_remembers_nothing() -> None:
    """What another version of the program, or another library, found out is not used."""
    world = World()
    world.build()
    result = build(Snapshot(world.files), Options(world.now), world.memory(b"another"))
    assert result.site is not None
    assert not {path for path, key in result.keys.items() if world.keys[path] == key} - _copies(world.files)


def _copies(files: Mapping[str, bytes]) -> set[str]:
    """Return the files of the site that are copied as they are: their bytes are all that counts."""
    result = build(Snapshot(files), Options(START))
    return {path for path in result.keys if path.startswith(("assets/", "images/")) or path == "build.json"}


def test_a_theme_that_names_templates_by_a_variable_depends_on_all_of_them() -> None:
    """Where it cannot be known which templates a page reaches, a change to any of them renders it again."""
    fixed = {"a.html": '{% include "b.html" %}', "b.html": "b", "c.html": "c"}
    free = fixed | {"a.html": "{% include name %}"}
    assert _key(fixed) == _key(fixed | {"c.html": "changed"})
    assert _key(fixed) != _key(fixed | {"b.html": "changed"})
    assert _key(free) != _key(free | {"c.html": "changed"})


def _key(templates: Mapping[str, str]) -> bytes:
    return PageKeys(b"engine", templates).of_view("a.html", b"")


# --- on disk -----------------------------------------------------------------------------------------------

STORES: Final[dict[str, type[Log | Shelf]]] = {"memo": Log, "plan": Shelf}
every_store = pytest.mark.parametrize("name", STORES)


OPEN: Final[list[Log | Shelf]] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close what a test has opened."""
    yield
    while OPEN:
        store = OPEN.pop()
        if isinstance(store, Log):
            store.close()


def _opened(folder: Path, name: str) -> Log | Shelf:
    OPEN.append(STORES[name](folder / name))
    return OPEN[-1]


def _filled(folder: Path, name: str, count: int = 5, size: int = 10) -> dict[bytes, bytes]:
    store = _opened(folder, name)
    values = {fingerprint(str(number)): bytes([number]) * size for number in range(count)}
    for key, value in values.items():
        store.put(key, value)
    store.save()
    return values


@every_store
def test_a_store_gives_back_what_was_put_in(tmp_path: Path, name: str) -> None:
    """What a build remembers it finds again, and so does the next; it is written once, and the newest value counts."""
    values = _filled(tmp_path, name)
    for value in (b"more", b"newer"):
        store = _opened(tmp_path, name)
        store.put(fingerprint("more"), value)
        store.save()
        assert store.get(fingerprint("more")) == value
        saved = (tmp_path / name).read_bytes()
        store.save()
        assert (tmp_path / name).read_bytes() == saved
    again = _opened(tmp_path, name)
    assert {key: again.get(key) for key in values} == values
    assert again.get(fingerprint("more")) == b"newer"
    assert again.get(fingerprint("never")) is None


@every_store
@given(place=st.integers(0, 250), byte=st.integers(0, 255), cut=st.integers(0, 250))
def test_a_damaged_store_is_a_miss(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, byte: int, cut: int
) -> None:
    """Whatever happens to the file, each value is found as it was, or not at all."""
    folder = tmp_path_factory.mktemp("cache")
    values = _filled(folder, name)
    data = bytearray((folder / name).read_bytes())
    data[place % len(data)] = byte
    (folder / name).write_bytes(bytes(data[: len(data) - cut % len(data)]))
    store = _opened(folder, name)
    for key, value in values.items():
        assert store.get(key) in {None, value}
    store.put(fingerprint("new"), b"new")
    store.save()
    assert _opened(folder, name).get(fingerprint("new")) == b"new"


@every_store
def test_a_store_that_was_cut_short_is_mended(tmp_path: Path, name: str) -> None:
    """What is added to a file that ends too early is found again, and what stands before the damage stays."""
    values = _filled(tmp_path, name)
    store = _opened(tmp_path, name)
    store.put(fingerprint("last"), b"last")
    store.save()
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-3])
    store = _opened(tmp_path, name)
    store.put(fingerprint("new"), b"new")
    store.save()
    again = _opened(tmp_path, name)
    assert again.get(fingerprint("new")) == b"new"
    assert {key: again.get(key) for key in values} == values


@every_store
@pytest.mark.parametrize(
    "data", [b"", b"something else", Log.MAGIC, Log.MAGIC + b"\xff" * 40, Shelf.MAGIC, Shelf.MAGIC + b"\xff" * 40]
)
def test_a_foreign_file_is_no_store(tmp_path: Path, name: str, data: bytes) -> None:
    """A file that is not ours counts as nothing, and is replaced or added to without harm."""
    (tmp_path / name).write_bytes(data)
    assert _opened(tmp_path, name).get(fingerprint("0")) is None
    values = _filled(tmp_path, name)
    assert {key: _opened(tmp_path, name).get(key) for key in values} == values


@every_store
def test_a_store_of_another_engine_is_no_store(tmp_path: Path, name: str) -> None:
    """What another engine left is not read, and goes with the first that this one leaves."""
    for engine_before, engine_now in ((b"", b"one"), (b"one", b"two")):
        store = STORES[name](tmp_path / name, engine_before)
        OPEN.append(store)
        store.put(b"k" * len(fingerprint()), engine_before)
        store.save()
        store = STORES[name](tmp_path / name, engine_now)
        OPEN.append(store)
        assert store.get(b"k" * len(fingerprint())) is None
        store.put(fingerprint("new"), b"new")
        store.save()
        assert engine_now in (tmp_path / name).read_bytes()
        assert b"k" * len(fingerprint()) not in (tmp_path / name).read_bytes()


@every_store
def test_a_store_forgets_what_is_not_used(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When more than half of it was of no use to a build, only what was is kept, so that it does not grow for ever."""
    monkeypatch.setattr("digest.stores.SLACK", 0)
    values = _filled(tmp_path, name, count=20, size=100)
    used, of_use, *_ = values
    store = _opened(tmp_path, name)
    assert store.get(used) == values[used]
    store.keep([of_use])
    store.put(fingerprint("new"), b"new")
    store.save()
    again = _opened(tmp_path, name)
    assert [key for key in values if again.get(key) is not None] == [used, of_use]
    assert again.get(fingerprint("new")) == b"new"


@every_store
def test_what_a_process_found_out_stays_of_use_to_it(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Builds that follow each other in one process forget nothing that an earlier one of them found out."""
    monkeypatch.setattr("digest.stores.SLACK", 0)
    store, keys = _opened(tmp_path, name), [fingerprint(str(number)) for number in range(9)]
    store.put(keys[0], b"0" * 100)
    store.put(keys[1], b"1" * 100)
    store.keep(keys[:2])
    store.save()
    for key in keys[2:]:
        store.put(key, b"later")
        store.keep([key])
        store.save()
    again = _opened(tmp_path, name)
    assert all(again.get(key) is not None for key in keys)


@every_store
def test_a_build_with_nothing_to_do_forgets_nothing(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that only saw that nothing has changed leaves what the next edit will need."""
    monkeypatch.setattr("digest.stores.SLACK", 0)
    values = _filled(tmp_path, name, count=20, size=100)
    store = _opened(tmp_path, name)
    assert store.get(next(iter(values))) is not None
    store.save()
    again = _opened(tmp_path, name)
    assert {key: again.get(key) for key in values} == values


@every_store
def test_a_store_without_a_file_lasts_as_long_as_itself(name: str) -> None:
    """Without a folder everything is remembered, and nothing is written."""
    store = STORES[name](None)
    OPEN.append(store)
    store.put(b"key", b"value")
    store.save()
    assert store.get(b"key") == b"value"


def test_what_was_taken_is_not_held_and_stays_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that is not asked for again leaves working memory, and is there for the next build in any case."""
    monkeypatch.setattr("digest.stores.SLACK", 0)
    values = _filled(tmp_path, "plan", count=20, size=100)
    first, second, *rest = values
    store = _opened(tmp_path, "plan")
    assert isinstance(store, Shelf)
    assert store.take(first) == values[first]
    assert store.take(second) == values[second]
    assert first in (store._records or {})
    assert values[first] not in (store._records or {}).values()
    store.put(second, b"newer")
    store.save()  # writes the file anew: most of it was not used
    again = _opened(tmp_path, "plan")
    assert {key: again.get(key) for key in values} == dict.fromkeys(rest) | {first: values[first], second: b"newer"}


def test_what_is_too_much_to_hold_is_laid_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """New values beyond a limit leave working memory, are found all the same, and reach the file."""
    monkeypatch.setattr("digest.fresh.AT_HAND", 100)
    values = _filled(tmp_path, "memo", count=50, size=90)
    again = _opened(tmp_path, "memo")
    assert {key: again.get(key) for key in values} == values
    held = Log(None)
    OPEN.append(held)
    for key, value in values.items():
        held.put(key, value)
    assert {key: held.get(key) for key in values} == values
    assert sum(isinstance(place, bytes) for place in held._new.places.values()) <= 1


def test_what_was_laid_down_is_added_to_a_file_in_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """New values, some laid down and some not, twice given or not, follow those of a file, whose index knows them."""
    monkeypatch.setattr("digest.fresh.AT_HAND", 100)
    values = _filled(tmp_path, "memo", count=20, size=90)
    more = {fingerprint("more", str(number)): b"%03d" % number * (number % 40) for number in range(45)}
    store = _opened(tmp_path, "memo")
    for key, value in (*more.items(), *more.items()):
        store.put(key, value)
    store.save()
    again = _opened(tmp_path, "memo")
    assert {key: again.get(key) for key in values | more} == values | more
    assert isinstance(again, Log)
    assert again._sound
    assert (tmp_path / "memo.index").stat().st_size == len(values | more) * Log.PLACE.size


def test_what_cannot_be_laid_down_whole_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the disk takes only a part of what is laid down, all values stay, and the file that is saved is sound."""
    monkeypatch.setattr("digest.fresh.AT_HAND", 100)
    real = tempfile.TemporaryFile

    class Full:
        """A file that takes half of what it is given, every other time."""

        def __init__(self, file: Any) -> None:
            self._file, self._times = file, 0

        def write(self, data: bytes) -> int:
            self._times += 1
            return int(self._file.write(data[: len(data) // 2] if self._times % 2 else data))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **options: Full(real(**options)))
    values = _filled(tmp_path, "memo", count=50, size=90)
    again = _opened(tmp_path, "memo")
    assert {key: again.get(key) for key in values} == values
    assert isinstance(again, Log)
    assert again._sound


def test_the_engine_is_the_same_until_something_changes() -> None:
    """The fingerprint of the program is a function of the program."""
    assert engine() == engine()
    assert len(engine()) == len(fingerprint())
