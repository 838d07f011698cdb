"""What tests of publishing share: folders as they are seen, disks that fail, and programs that publish and read."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import pytest

from digest import stage, trees
from digest.publish import NotOursError, publish
from tests.builders import ROOT

Site = Mapping[str, bytes]
CHANGING: Final = ("link", "mkdir", "rename", "replace", "unlink", "rmdir", "chmod", "utime")
"""Functions of `os` that change a disk; writing a file and exchanging two names are counted apart."""
BESIDE: Final = frozenset({".site.lock", ".site.state", ".site.spare"})
"""All that lies beside a published folder called `site`."""
FULL: Final = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Mark(NamedTuple):
    """A file as `rsync` and a web server see it."""

    inode: int
    mtime: int
    """Nanoseconds."""
    data: bytes


def marks(folder: Path) -> dict[str, Mark]:
    """Return every file below a folder, which may be missing."""
    found = {}
    for path in folder.rglob("*"):
        if not path.is_dir():
            with path.open("rb") as file:
                seen = os.fstat(file.fileno())
                found[path.relative_to(folder).as_posix()] = Mark(seen.st_ino, seen.st_mtime_ns, file.read())
    return found


def shown(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, which may be missing."""
    return {path: mark.data for path, mark in marks(folder).items()}


def folders(folder: Path) -> set[str]:
    """Return the folders below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def hold_published(site: Site, out: Path, before: Mapping[str, Mark]) -> None:
    """Hold that a folder is a site exactly, that what stayed the same was kept, and that nothing else is left."""
    after = marks(out)
    assert {path: mark.data for path, mark in after.items()} == dict(site)
    assert folders(out) == {folder for path in site for folder in trees.above(path)}
    for path in before.keys() & after.keys():
        if before[path].data == after[path].data:
            assert after[path] == before[path], f"{path} was not kept"
        else:
            assert after[path].mtime // 10**9 > before[path].mtime // 10**9, f"{path} seems unchanged by its time"
    assert {path.name for path in out.parent.iterdir()} <= BESIDE | {out.name}


# --- a disk that fails ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """The end of a process that is killed: nothing that it still tries changes the disk."""


class Disk:
    """Counts what changes the disk or reads a file, and lets the operation fail that follows the first `good` ones."""

    def __init__(self, good: int | None = None, failure: BaseException | None = None) -> None:
        """Count only, where nothing is to fail; `Killed` is for ever, an OSError happens once."""
        self.good = good
        self.failure = failure or Killed()
        self.steps: list[str] = []

    @property
    def failed(self) -> bool:
        """Tell whether the operation that was to fail has come."""
        return self.good is not None and len(self.steps) > self.good

    def step(self, name: str) -> None:
        """Count an operation before it is done, and fail when it is due."""
        if self.failed and isinstance(self.failure, Killed):
            raise self.failure
        self.steps.append(name)
        if self.good is not None and len(self.steps) == self.good + 1:
            raise self.failure

    @contextmanager
    def used(self) -> Iterator[Disk]:
        """Stand between this process and its disk."""
        with pytest.MonkeyPatch.context() as patch:
            for name in CHANGING:
                patch.setattr(os, name, self._counted(name, getattr(os, name)))
            patch.setattr(Path, "read_bytes", self._counted("read", Path.read_bytes))
            patch.setattr(trees, "_exchanged", self._counted("exchange", trees._exchanged))
            patch.setattr(Path, "write_bytes", self._half_written(Path.write_bytes))
            patch.setattr(stage, "_fill", self._half_written(stage._fill))
            yield self

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.step(name)
            return real(*arguments, **options)

        return counted

    def _half_written(self, real: Callable[[Any, bytes], Any]) -> Callable[[Any, bytes], Any]:
        def written(path: Any, data: bytes) -> Any:
            due = self.good is not None and len(self.steps) == self.good
            if due:
                real(path, data[: len(data) // 2])
            self.step("write")
            return real(path, data)

        return written


# --- ways of publishing --------------------------------------------------------------------------------------


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _exchange(_patch: pytest.MonkeyPatch) -> None:
    """Publish as the system does it."""


def _rename(patch: pytest.MonkeyPatch) -> None:
    """Publish as where the system cannot exchange names: by three renames."""
    patch.setattr(trees, "_exchanged", lambda *_: False)


def _mount(patch: pytest.MonkeyPatch) -> None:
    """Publish as into a mount point, whose name cannot be changed."""
    patch.setattr("os.path.ismount", lambda _: True)


def _unlinked(patch: pytest.MonkeyPatch) -> None:
    """Publish as on a disk without hard links."""
    patch.setattr("os.link", _refuse)


WAYS: Final = {"exchange": _exchange, "rename": _rename, "mount": _mount, "no-links": _unlinked}
WHOLE: Final = frozenset({"exchange", "rename"})


@contextmanager
def taken(way: str) -> Iterator[None]:
    """Publish in one of the ways."""
    with pytest.MonkeyPatch.context() as patch:
        WAYS[way](patch)
        yield


every_way = pytest.mark.parametrize("way", WAYS)


def refused(site: Site, out: Path) -> str:
    """Publish in vain, hold that nothing was touched, and return what is said."""
    before = marks(out)
    with pytest.raises(NotOursError) as raised:
        publish(site, out)
    unfinished = trees.unfinished(out.resolve()).name  # what a killed build left there may go
    inside = {path: mark for path, mark in before.items() if not path.startswith(unfinished)}
    assert {path: mark for path, mark in marks(out).items() if not path.startswith(unfinished)} == inside
    return str(raised.value)


def killed(site: Site, out: Path, good: int) -> bool:
    """Publish, killed after so many good operations; tell whether it came to that."""
    with Disk(good).used() as disk:
        try:
            publish(site, out)
        except Killed:
            return True
    assert not disk.failed
    return False


# --- code run elsewhere --------------------------------------------------------------------------------------


def python(code: str, *arguments: str | Path, prefix: Sequence[str] = ()) -> str:
    """Run Python code in a process of its own, through other commands, and return what it says; it must succeed."""
    done = subprocess.run(
        [*prefix, sys.executable, "-B", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def in_small_disk(code: str, place: Path, *arguments: str | Path) -> str:
    """Run Python code as `python` does, `place` being a disk of 20 MB; skip loudly where that is not allowed."""
    place.mkdir(exist_ok=True)
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    mount = ["sh", "-c", 'mount -t tmpfs -o size=20m tmpfs "$1" && shift && exec "$@"', "sh", str(place)]
    try:
        allowed = subprocess.run([*unshare, *mount, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("THIS ACCOUNT MAY NOT MOUNT FILE SYSTEMS, not even in a namespace of its own (unshare --mount)")
    return python(code, *arguments, prefix=[*unshare, *mount])
