"""What is remembered between builds changes how long they take, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest import memo
from digest.build import Options, Snapshot, build
from digest.cache import MAGIC, Cache, engine
from digest.memo import Memory, NoMemo, PageKeys, fingerprint
from tests.builders import small_site, text_of

Files = dict[str, bytes]
HISTORIES: Final = 200
START: Final = datetime(2026, 6, 1, 11, tzinfo=UTC)
PLAN: Final = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


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


class World:
    """Files, a clock, and what the builds so far have published and remembered."""

    def __init__(self) -> None:
        """Begin with a small site, never built."""
        self.files: Files = dict(small_site())
        self.now = START
        self.memo = Remembered()
        self.site: dict[str, bytes] = {}
        self.keys: dict[str, bytes] = {}

    def build(self) -> None:
        """Build with all that is remembered, and publish."""
        result = build(Snapshot(self.files), Options(self.now), Memory(b"engine", self.memo, self.keys))
        if result.site is not None:
            self.site = {path: result.site[path] if path in result.site else self.site[path] for path in result.keys}
            self.keys = dict(result.keys)

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
    for key in list(world.memo.values)[number % 3 :: 3]:
        del world.memo.values[key]


def _forget_all(world: World, number: int) -> None:  # noqa: ARG001 - the shape of every edit
    world.memo.values.clear()


def _truncate(world: World, number: int) -> None:
    for key in list(world.memo.values)[number % 2 :: 2]:
        world.memo.values[key] = world.memo.values[key][: number * 7]


def _garble(world: World, number: int) -> None:
    for key in list(world.memo.values)[number % 2 :: 2]:
        world.memo.values[key] = bytes([number]) + b"\xc1not ours"


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


def _follow(history: list[tuple[Callable[[World, int], None], int]]) -> None:
    """Build after each edit, and compare with a clean build."""
    world = World()
    world.build()
    for edit, number in history:
        edit(world, number)
        world.build()
        clean = world.clean()
        if clean is not None:
            assert world.site == clean, edit


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORY)
def test_what_is_built_with_a_memory_is_what_is_built_without(
    history: list[tuple[Callable[[World, int], None], int]],
) -> None:
    """After any history of edits, clock moves and damage, the site is byte for byte that of a clean build."""
    _follow(history)


PARTS: Final = ("view", "templates", "body", "source", "config")


@pytest.mark.parametrize("part", PARTS)
def test_the_property_has_teeth(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one part left out of a key, the property fails, so it would see such a fault."""
    real = fingerprint
    plain = PageKeys.of_view

    remembering: list[bool] = []  # the clean build is made with whole keys
    build_ = World.build

    def remembered(world: World) -> None:
        remembering.append(True)
        build_(world)
        remembering.clear()

    def without(*parts: bytes | str) -> bytes:
        if not remembering:
            return real(*parts)
        kept = list(parts)
        if part == "body" and len(kept) > 1 and kept[1] == "body":
            kept[2] = ""
        if part == "source" and len(kept) == len(("context", "path", "text")) and str(kept[1]).startswith("content/"):
            kept[2] = ""
        if part == "config" and len(kept) > 1 and kept[1] == "entry":
            kept[2] = ""
        return real(*kept)

    monkeypatch.setattr(World, "build", remembered)
    monkeypatch.setattr(memo, "fingerprint", without)
    if part == "view":
        monkeypatch.setattr(PageKeys, "of_view", lambda self, template, _view: plain(self, template, ""))
    if part == "templates":
        monkeypatch.setattr(PageKeys, "_closure", lambda _self, template: template.encode())
    history: dict[str, list[tuple[Callable[[World, int], None], int]]] = {
        "view": [(_clock, 9)],
        "templates": [(_component, 1)],
        "body": [(_body, 1)],
        "source": [(_field("title: Service", "title: Senior service"), 0)],
        "config": [(lambda world, _number: _swap(world, "config.yaml", "aliases: [HO]", "aliases: [HO, Cabinet]"), 0)],
    }
    if part == "config":
        world = World()
        world.files["content/jobs/alias.md"] = text_of("job", organisation="Cabinet").encode()
        world.build()
        history[part][0][0](world, 0)
        world.build()
        assert world.site != world.clean()
        return
    with pytest.raises(AssertionError):
        _follow(history[part])


def test_nothing_is_read_or_rendered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second build of the same site reads no Markdown and renders no page."""
    world = World()
    world.build()
    monkeypatch.setattr(memo, "read_entry", lambda *_: pytest.fail("an entry was read again"))
    result = build(Snapshot(world.files), Options(world.now), Memory(b"engine", world.memo, world.keys))
    assert result.site == {}
    assert result.keys == world.keys


def test_another_engine_remembers_nothing() -> None:
    """What another version of the program, or another library, found out is not used."""
    world = World()
    world.build()
    result = build(Snapshot(world.files), Options(world.now), Memory(b"another", world.memo, world.keys))
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
    return PageKeys(b"engine", templates, ()).of_view("a.html", ())


# --- on disk -----------------------------------------------------------------------------------------------


def _filled(folder: Path, count: int = 5, size: int = 10) -> dict[bytes, bytes]:
    cache = Cache(folder)
    values = {fingerprint(str(number)): bytes([number]) * size for number in range(count)}
    for key, value in values.items():
        cache.put(key, value)
    cache.save()
    return values


def test_a_cache_gives_back_what_was_put_in(tmp_path: Path) -> None:
    """What one build remembers the next finds, also after more was added."""
    values = _filled(tmp_path)
    cache = Cache(tmp_path)
    cache.put(fingerprint("more"), b"more")
    cache.save()
    again = Cache(tmp_path)
    assert {key: again.get(key) for key in values} == values
    assert again.get(fingerprint("more")) == b"more"
    assert again.get(fingerprint("never")) is None


@given(place=st.integers(0, 250), byte=st.integers(0, 255), cut=st.integers(0, 250))
def test_a_damaged_cache_is_a_miss(tmp_path_factory: pytest.TempPathFactory, place: int, byte: int, cut: int) -> None:
    """Whatever happens to the file, each value is found as it was, or not at all."""
    folder = tmp_path_factory.mktemp("cache")
    values = _filled(folder)
    data = bytearray((folder / "memo").read_bytes())
    data[place % len(data)] = byte
    (folder / "memo").write_bytes(bytes(data[: len(data) - cut % len(data)]))
    cache = Cache(folder)
    for key, value in values.items():
        assert cache.get(key) in {None, value}
    cache.put(fingerprint("new"), b"new")
    cache.save()


def test_a_cache_that_was_cut_short_is_mended(tmp_path: Path) -> None:
    """What is added to a file that ends too early is found again."""
    values = _filled(tmp_path)
    (tmp_path / "memo").write_bytes((tmp_path / "memo").read_bytes()[:-3])
    cache = Cache(tmp_path)
    cache.put(fingerprint("new"), b"new")
    cache.save()
    again = Cache(tmp_path)
    assert again.get(fingerprint("new")) == b"new"
    assert [again.get(key) for key in values][:-1] == list(values.values())[:-1]


@pytest.mark.parametrize("data", [b"", b"something else", MAGIC, MAGIC + b"\xff" * 40, b"\x80\x04\x95"])
def test_a_foreign_file_is_no_cache(tmp_path: Path, data: bytes) -> None:
    """A file that is not ours counts as nothing, and is replaced or added to without harm."""
    (tmp_path / "memo").write_bytes(data)
    assert Cache(tmp_path).get(fingerprint("0")) is None
    values = _filled(tmp_path)
    assert all(Cache(tmp_path).get(key) in {None, value} for key, value in values.items())


def test_a_cache_forgets_what_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When more than half of it was of no use to a build, only what was is kept, so that it does not grow for ever."""
    monkeypatch.setattr("digest.cache.SLACK", 0)
    values = _filled(tmp_path, count=20, size=100)
    used = next(iter(values))
    cache = Cache(tmp_path)
    assert cache.get(used) == values[used]
    cache.put(fingerprint("new"), b"new")
    cache.save()
    again = Cache(tmp_path)
    assert [key for key in values if again.get(key) is not None] == [used]
    assert again.get(fingerprint("new")) == b"new"


def test_a_build_with_nothing_to_do_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that only saw that nothing has changed leaves what the next edit will need."""
    monkeypatch.setattr("digest.cache.SLACK", 0)
    values = _filled(tmp_path, count=20, size=100)
    cache = Cache(tmp_path)
    assert cache.get(next(iter(values))) is not None
    cache.save()
    again = Cache(tmp_path)
    assert {key: again.get(key) for key in values} == values


def test_the_engine_is_the_same_until_something_changes() -> None:
    """The fingerprint of the program is a function of the program."""
    assert engine() == engine()
    assert len(engine()) == len(fingerprint())


def test_no_memo_remembers_nothing() -> None:
    """The memory of a build without one never has an answer."""
    nothing = NoMemo()
    nothing.put(b"key", b"value")
    assert nothing.get(b"key") is None
