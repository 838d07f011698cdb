"""The shape of the code: layers, purity below the shell, no circles, small modules and functions, a light start."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.builders import CONFIG, ROOT, loaded_after, run_program, small_site, write_tree

PACKAGE: Final = ROOT / "digest"
LAYERS: Final = (
    ("digest", "digest.diagnostics", "digest.model", "digest.fingerprints", "digest.decoding", "digest.contract"),
    ("digest.text", "digest.dates", "digest.pay", "digest.markup", "digest.pictures"),
    ("digest.documents",),
    ("digest.planning", "digest.file_rules"),
    ("digest.calendars", "digest.opendata", "digest.writers", "digest.emails", "digest.compiled", "digest.render"),
    (
        "digest.at_hand",
        "digest.memo",
        "digest.filing",
        "digest.reading",
        "digest.searching",
        "digest.theme",
        "digest.gallery",
        "digest.inventory",
        "digest.making",
    ),
    ("digest.whole", "digest.standing", "digest.pipeline", "digest.comparing", "digest.explaining", "digest.build"),
    (
        "digest.files",
        "digest.disk",
        "digest.trees",
        "digest.stage",
        "digest.ledger",
        "digest.survey",
        "digest.publish",
        "digest.fresh",
        "digest.stores",
        "digest.cache",
        "digest.workers",
        "digest.progress",
        "digest.arguments",
        "digest.runs",
        "digest.telling",
        "digest.messages",
        "digest.browsers",
        "digest.answers",
        "digest.webapp",
        "digest.watching",
        "digest.server",
        "digest.child",
        "digest.preview",
        "digest.serving",
        "digest.asking",
        "digest.links",
        "digest.commands",
        "digest.cli",
    ),
)
"""Modules, and packages with all that is in them, from the bottom up; `digest` alone is the package's own file."""
SHELL: Final = len(LAYERS) - 1
IMPURE: Final = frozenset(
    {
        *("asyncio", "ctypes", "fcntl", "getpass", "glob", "http", "io", "locale", "logging", "multiprocessing", "os"),
        *("pathlib", "platform", "random", "secrets", "select", "shutil", "signal", "socket", "ssl", "subprocess"),
        *("tempfile", "threading", "time", "urllib.request", "uuid", "watchfiles", "starlette", "uvicorn", "anyio"),
        *("aiohttp", "yarl"),
    }
)
"""Modules of the world outside: clock, disk, network, environment, chance."""
CLOCKS: Final = frozenset({"now", "today", "utcnow", "getenv", "environ", "urandom", "localtime"})
"""Attributes that read the clock or the environment, whatever they are called on."""
PURE_PARTS: Final = frozenset({("pathlib", "PurePosixPath"), ("io", "BytesIO")})
"""What may be taken of them all the same: names of paths, and bytes in memory."""
CALLS: Final = frozenset({"open", "input", "print", "exec", "eval", "__import__", "id", "hash"})
"""Built-in functions that do I/O or run text, or whose result differs from one process to the next."""
LONGEST_MODULE: Final = 320
LONGEST_FUNCTION: Final = 50


class Import(NamedTuple):
    """One name that a module imports."""

    module: str
    line: int
    at_once: bool
    """It runs when the importing module is imported: it stands in no function and is not for types alone."""
    name: str | None = None
    """What is taken from the module, in `from module import name`."""


class Source(NamedTuple):
    """A module of the package."""

    name: str
    text: str
    tree: ast.Module
    imports: tuple[Import, ...]


def _imports(tree: ast.Module) -> Iterator[Import]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, at_once = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            for alias in node.names:
                yield Import(node.module or "", node.lineno, at_once, alias.name)
        for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        inner = at_once and not for_types and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        waiting += [(child, inner) for child in ast.iter_child_nodes(node)]


def _read(path: Path) -> Source:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(name, text, tree, tuple(_imports(tree)))


SOURCES: Final = {source.name: source for source in map(_read, sorted(PACKAGE.rglob("*.py")))}
PURE: Final = tuple(source for name, source in SOURCES.items() if not name.startswith(LAYERS[SHELL]))
FEWEST: Final = 40
"""Modules there are at least, so that a folder that is not found does not pass for a clean one."""


def named(source: Source) -> str:
    """Return the name of a parametrised case."""
    return source.name


def layer_of(name: str) -> int | None:
    """Return the layer of a module, or None for one that no layer lists."""
    for number, members in enumerate(LAYERS):
        if any(name == member or (member != "digest" and name.startswith(f"{member}.")) for member in members):
            return number
    return None


def ours(source: Source) -> Iterator[tuple[Import, str]]:
    """Yield the imports of the package's own modules, each with the full name of the module."""
    for found in source.imports:
        inner = f"{found.module}.{found.name}"
        target = inner if inner in SOURCES else found.module
        if target.partition(".")[0] == "digest":
            yield found, target


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield all functions of a module, also those within others."""
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_modules_are_found() -> None:
    """The tests below look at the whole package, and every module has a layer."""
    assert len(SOURCES) >= FEWEST
    assert [name for name in SOURCES if layer_of(name) is None] == []
    assert len(PURE) >= FEWEST - len(LAYERS[SHELL])


@pytest.mark.parametrize("source", SOURCES.values(), ids=named)
def test_imports_point_down(source: Source) -> None:
    """A module imports only from its own layer and those below, wherever the import stands."""
    own = layer_of(source.name)
    assert own is not None
    above = [f"line {found.line}: {target}" for found, target in ours(source) if (layer_of(target) or 0) > own]
    assert above == []


@pytest.mark.parametrize("source", SOURCES.values(), ids=named)
def test_imports_name_modules_that_exist(source: Source) -> None:
    """An import of the package names a module of it, so that no layer is judged by a name that is not there."""
    assert [f"line {found.line}: {target}" for found, target in ours(source) if target not in SOURCES] == []


def test_no_circular_imports() -> None:
    """Modules can be put in an order in which each imports only from those before it."""
    needs = {
        name: {target for found, target in ours(source) if found.at_once and target != name}
        for name, source in SOURCES.items()
    }
    while free := [name for name, targets in needs.items() if not targets & needs.keys()]:
        for name in free:
            del needs[name]
    assert {name: sorted(targets & needs.keys()) for name, targets in needs.items()} == {}


def test_late_imports_hide_no_circle() -> None:
    """Only a package's own file imports within a function what imports it; elsewhere that would hide a circle."""
    at_once = {name: {target for found, target in ours(source) if found.at_once} for name, source in SOURCES.items()}

    def reaches(start: str, goal: str) -> bool:
        seen, waiting = set[str](), [start]
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting += at_once[name]
        return False

    hidden = [
        f"{name} line {found.line}: {target}"
        for name, source in SOURCES.items()
        for found, target in ours(source)
        if not found.at_once and reaches(target, name) and not target.startswith(f"{name}.")
    ]
    assert hidden == []


@pytest.mark.parametrize("source", PURE, ids=named)
def test_core_imports_no_world(source: Source) -> None:
    """Below the shell nothing imports a module that reads a clock, a disk, a network, the environment or chance."""
    found = [
        f"line {one.line}: {one.module}"
        for one in source.imports
        if {one.module, one.module.partition(".")[0], f"{one.module}.{one.name}"} & IMPURE
        and (one.module, one.name) not in PURE_PARTS
    ]
    assert found == []


@pytest.mark.parametrize("source", PURE, ids=named)
def test_core_calls_no_world(source: Source) -> None:
    """Below the shell nothing asks for the time or the environment, opens a file, or uses a process's own hashes."""
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr in CLOCKS and not _is_value(node))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS)
        or (isinstance(node, ast.Attribute) and node.attr in {"read_text", "read_bytes", "write_text", "write_bytes"})
    ]
    assert found == []


def _is_value(node: ast.Attribute) -> bool:
    """Tell whether `x.now` is a field of ours, given as a value, and not a call of the clock."""
    return node.attr == "now" and not ast.unparse(node.value).endswith(("datetime", "date", "time"))


@pytest.mark.parametrize("source", SOURCES.values(), ids=named)
def test_module_is_short(source: Source) -> None:
    """A module is one concept: at most 320 lines."""
    assert len(source.text.splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("source", SOURCES.values(), ids=named)
def test_functions_are_short(source: Source) -> None:
    """A function does one thing: at most 50 lines, its docstring and decorators apart."""
    long = [f"{found.name}: {_length(found)} lines" for found in functions(source) if _length(found) > LONGEST_FUNCTION]
    assert long == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines from `def` to the end, without those of the docstring."""
    first = function.body[0]
    words = first if ast.get_docstring(function) is not None else None
    docstring = (words.end_lineno or words.lineno) - words.lineno + 1 if words else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


ALONE: Final = """
import importlib, sys
names = sys.argv[1:]
for name in names:
    importlib.import_module(name)
    for loaded in [known for known in sys.modules if known.partition(".")[0] == "digest"]:
        del sys.modules[loaded]
print("all of", len(names))
"""


def test_each_module_is_importable_alone() -> None:
    """Whichever module of the package is imported first, it imports: nothing waits for another to be loaded before."""
    done = _python(ALONE, *SOURCES)
    assert done == f"all of {len(SOURCES)}\n"


def _python(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter in the project's folder, with warnings as errors; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


HEAVY: Final = frozenset(
    {
        "PIL",
        "jinja2",
        "markdown_it",
        "mdit_py_plugins",
        "yaml",
        "msgspec",
        "slugify",
        "watchfiles",
        "starlette",
        "uvicorn",
        "aiohttp",
    }
)


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("build", "--help"), ("serve", "--help"), ("check", "--help"), ("nonsense",)],
    ids=" ".join,
)
def test_small_commands_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Help, version and a wrong command answer without loading the template engine, Markdown or YAML."""
    loaded = {name.partition(".")[0] for name in _loaded_by(*arguments)}
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_a_build_with_nothing_to_do_loads_neither_entries_nor_their_plan(tmp_path: Path) -> None:
    """Where nothing changed, no module is loaded that reads entries, plans pages or makes them."""
    build = ("build", "--root", write_tree(tmp_path, small_site()), "--now", "2026-06-01T12:00")
    made = ("digest.documents", "digest.markup", "digest.planning", "digest.pipeline", "jinja2")
    for expected in (set(made), set[str]()):
        loaded = _loaded_by(*build)
        assert loaded.intersection(made) == expected


def test_reading_needs_nothing_of_making() -> None:
    """What reads entries is loaded without the template engine, which is loaded while workers read."""
    assert loaded_after("jinja2", ["import digest.standing", "import digest.pipeline"]) == [False, True]


@pytest.mark.parametrize("on", [False, True])
def test_what_is_switched_off_is_not_loaded(tmp_path: Path, *, on: bool) -> None:
    """A site without calendars and open data is built without the modules that write them."""
    outputs = f"outputs: {{calendars: {on}, data: {on}}}\n".lower()
    files = small_site() | {"config.yaml": (CONFIG + outputs).encode()}
    loaded = _loaded_by("build", "--root", write_tree(tmp_path, files), "--now", "2026-06-01T12:00")
    assert [name in loaded for name in ("digest.pipeline", "digest.calendars", "digest.opendata")] == [True, on, on]


def _loaded_by(*arguments: str | Path) -> set[str]:
    """Run the program, and return the names of all modules that it loaded."""
    done = run_program(*arguments, python=["-X", "importtime"])
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
