"""Templates are compiled once; what is left of that is believed only where the program itself is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import jinja2
import pytest

from digest.build import Options, Snapshot, build
from digest.cache import HERE, Cache
from digest.compiled import Compiled, nothing
from digest.memo import Kept, Memory
from digest.render import Renderer
from digest.workers import SHARE, forked_map
from tests.builders import small_site, text_of, utc

NOW: Final = Options(utc("2026-06-01T12:00"))
WORD: Final = "{{ word }}"


@pytest.fixture(autouse=True)
def _nothing_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compiled, "codes", {})


@pytest.fixture
def compiled_before(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes this process as new, and any compiling a failure."""

    def begin() -> None:
        monkeypatch.setattr(Compiled, "codes", {})
        monkeypatch.setattr(jinja2.Environment, "compile", lambda *_, **__: pytest.fail("a template was compiled"))

    return begin


def _rendered(text: str, known: Callable[[bytes], bytes | None]) -> tuple[str, dict[bytes, bytes]]:
    """Render a template for a word, and return also what was compiled."""
    renderer = Renderer({"word.html": text}, known)
    made = renderer._environment.get_template("word.html").render(word="a & b")
    return made, renderer.compiled.new()


def test_another_process_compiles_nothing(compiled_before: Callable[[], None]) -> None:
    """A template that was compiled is taken from what is remembered, and renders the same."""
    made, new = _rendered(WORD, nothing)
    compiled_before()
    assert _rendered(WORD, new.get) == (made, {}) == ("a &amp; b", {})


@pytest.mark.parametrize("damaged", [b"", b"\xff", b"N", b"\xe3\0\0"])
def test_what_is_no_code_is_compiled_anew(damaged: bytes) -> None:
    """A remembered template that is cut off, or is no code, counts as none."""
    assert _rendered(WORD, lambda _: damaged)[0] == "a &amp; b"


def test_another_text_is_another_template() -> None:
    """A template whose text has changed is compiled anew."""
    _, new = _rendered(WORD, nothing)
    made, newer = _rendered(f"{WORD}!", new.get)
    assert made == "a &amp; b!"
    assert len(newer) == 1


def test_workers_hand_back_what_they_compiled(compiled_before: Callable[[], None]) -> None:
    """Of a build by several processes all compiled templates are remembered; one after it compiles none."""
    files = dict(small_site())
    files |= {f"content/jobs/job-{n}.md": text_of("job", title=f"Job {n}").encode() for n in range(2 * SHARE)}
    code = Kept()
    first = build(Snapshot(files), NOW, Memory(map=forked_map(2), code=code))
    compiled_before()
    again = build(Snapshot(files), NOW, Memory(code=code))
    assert first.site is not None
    assert again.site == first.site


def test_no_code_is_kept_in_the_cache(tmp_path: Path) -> None:
    """Compiled templates lie beside compiled modules, and nowhere where a run is told to keep nothing."""
    with_memory, without = Cache(tmp_path / ".cache", b"test"), Cache(None, b"test")
    assert with_memory.code._path is not None
    assert with_memory.code._path.parent == HERE / "__pycache__"
    assert without.code._path is None
    with_memory.memo.put(b"key", b"value")
    with_memory.save()
    assert {path.name for path in (tmp_path / ".cache").iterdir()} == {"memo", "memo.index"}
