"""Sharing work out among processes changes who does it, and nothing else."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import starmap
from pathlib import Path
from typing import Final

import pytest

from digest import workers
from digest.build import Options, Snapshot, build
from digest.memo import BATCH, Memory, Work, one_by_one
from digest.workers import FEW, SHARE, WorkerError, forked_map
from tests.builders import read_tree, run_program, small_site, text_of, utc, write_tree

MANY: Final = list(range(4 * SHARE))
HERE: Final = os.getpid()


@pytest.fixture(params=[FEW, 0], ids=["also here", "only there"], autouse=True)
def beside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run every test with this process as one of two workers, and without; give how many others there are."""
    monkeypatch.setattr(workers, "FEW", request.param)
    return 1 if request.param else 2


def _double(number: int) -> bytes:
    return str(number * 2).encode()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_every_item_has_its_result(jobs: int) -> None:
    """Any number of workers gives what `map` gives, each result once and with the place of its item."""
    found = list(forked_map(jobs)(one_by_one(_double), MANY))
    assert sorted(found) == list(enumerate(map(_double, MANY)))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_work_gets_a_batch_at_a_time(jobs: int) -> None:
    """Whoever does the work, it gets several items at once, and the result of each goes to its place."""

    def work(batch: Sequence[int]) -> list[bytes]:
        return [f"{number} of {len(batch)}".encode() for number in batch]

    found = {place: data.decode().split(" of ") for place, data in forked_map(jobs)(work, MANY)}
    assert {place: int(number) for place, (number, _) in found.items()} == dict(enumerate(MANY))
    assert 1 < max(int(size) for _, size in found.values()) <= BATCH


def test_few_items_are_worked_off_here(beside: int) -> None:
    """No process is started for work that is done before it would have begun, and fewer while it is not much."""
    assert set(_workers_of(8, MANY[:SHARE])) == {HERE}
    found = set(_workers_of(2, MANY))
    assert (len(found), len(found - {HERE})) == (2, beside)


def test_something_is_done_here_meanwhile() -> None:
    """What is to be done meanwhile is done once, in this process, after the workers have begun; or not, without any."""
    done: list[int] = []
    results = forked_map(2)(one_by_one(_double), MANY, "", lambda: done.append(os.getpid()))
    next(results)
    assert done == [os.getpid()]
    assert len(list(results)) == len(MANY) - 1
    assert len(list(forked_map(1)(one_by_one(_double), MANY, "", lambda: done.append(0)))) == len(MANY)
    assert done == [os.getpid()]


def test_the_first_items_may_be_kept_for_this_process() -> None:
    """The first items are worked off here where that is asked for, beside the workers, and do not count for these."""

    def work(number: int) -> bytes:
        time.sleep(0.001)
        return b"%d %d" % (number, os.getpid())

    found = {place: data.split() for place, data in forked_map(2)(one_by_one(work), MANY, "", None, 3)}
    assert {place: int(number) for place, (number, _) in found.items()} == dict(enumerate(MANY))
    assert {int(found[place][1]) for place in range(3)} == {HERE}
    assert {int(process) for _, process in found.values()} > {HERE}
    few = forked_map(2)(one_by_one(work), MANY[: 2 * SHARE], "", None, 1)
    assert {int(data.split()[1]) for _, data in few} == {HERE}


def _workers_of(jobs: int, items: Sequence[int], waits: float = 0.001) -> list[int]:
    """Return the process that saw to each item, of which each but the last takes some time."""

    def work(item: int) -> bytes:
        time.sleep(waits if item < items[-1] else 0.3)
        return str(os.getpid()).encode()

    found = dict(forked_map(jobs)(one_by_one(work), items))
    return [int(found[place]) for place in range(len(items))]


def test_neighbours_go_to_one_worker_and_what_is_left_to_whoever_is_free() -> None:
    """Each worker begins with a range of its own; one that is held up leaves the rest of it to the other."""
    found = _workers_of(2, MANY)
    slow, quick = found[-1], found[0]  # the last item is the first of the second worker
    assert slow != quick
    assert found.count(slow) < 0.25 * len(MANY)
    assert found[: len(MANY) // 2] == [quick] * (len(MANY) // 2)


def test_very_many_items_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items of which not all can be named one by one are named by longer ranges."""
    monkeypatch.setattr(workers, "_MOST", 3)
    found = dict(forked_map(2)(one_by_one(_double), MANY))
    assert [found[place] for place in range(len(MANY))] == list(map(_double, MANY))


def test_a_slow_item_holds_up_no_other_worker() -> None:
    """Results are given as they come, so that one worker's long item does not keep the results of the others."""

    def work(number: int) -> bytes:
        if number == 0:
            time.sleep(0.5)
        elif os.getpid() == HERE:
            time.sleep(0.001)  # so that another comes to do the first
        return b"x" * 4096

    places = [place for place, _ in forked_map(2)(one_by_one(work), MANY)]
    assert places.index(0) > places.index(2 * SHARE - 1)


def test_large_results_do_not_block() -> None:
    """Results that are larger than a pipe holds come through whole."""
    big = 1 << 18
    assert all(len(result) == big for _, result in forked_map(2)(one_by_one(lambda _: b"x" * big), MANY[: 2 * SHARE]))


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the ids of the workers that are started."""
    started: list[int] = []
    real = workers._start

    def start(*arguments: object) -> object:
        process, pipe = real(*arguments)  # type: ignore[arg-type]
        started.append(process)
        return process, pipe

    monkeypatch.setattr(workers, "_start", start)
    return started


def _all_gone(processes: list[int], count: int) -> bool:
    """Tell whether so many workers were started and none is left, not even to be waited for."""
    for process in processes:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
    return len(processes) == count


def _at_leisure(there: Work) -> Work:
    """Return work that others do as `there` does, and this process so slowly that they come to do some."""

    def work(items: Sequence[int]) -> list[bytes]:
        if os.getpid() != HERE:
            return list(there(items))
        time.sleep(0.1)
        return [_double(item) for item in items]

    return work


def test_a_fault_in_a_worker_is_raised_here(processes: list[int], beside: int) -> None:
    """An exception in a worker ends the work with its words, and leaves no process behind."""

    def fail(number: int) -> bytes:
        message = f"cannot do {number}"
        raise ValueError(message)

    with pytest.raises(WorkerError, match="ValueError: cannot do"):
        list(forked_map(2)(_at_leisure(one_by_one(fail)), MANY))
    assert _all_gone(processes, beside)


def test_a_fault_in_this_process_ends_the_others(processes: list[int], beside: int) -> None:
    """An exception in what this process does, of its own or with a result, leaves no process behind."""

    def fail(number: int) -> bytes:
        if os.getpid() == HERE:
            message = f"cannot do {number}"
            raise ValueError(message)
        time.sleep(0.01)
        return b""

    results = forked_map(2)(one_by_one(fail), MANY)
    with closing(results), pytest.raises(ValueError, match="cannot do"):  # type: ignore[type-var]
        list(starmap(lambda place, _: fail(place), results))
    assert _all_gone(processes, beside)


def test_a_failure_of_the_machine_stays_one(processes: list[int], beside: int) -> None:
    """An error of the disk that a worker meets is raised here as what it is, with the file's name."""

    def fail(number: int) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", f"file-{number}")

    with pytest.raises(OSError, match="Permission denied") as raised:
        list(forked_map(2)(_at_leisure(one_by_one(fail)), MANY))
    assert raised.value.errno == errno.EACCES
    assert str(raised.value.filename).startswith("file-")
    assert _all_gone(processes, beside)


def test_a_killed_worker_is_noticed() -> None:
    """A worker that the system ends is an error, and not a shorter list."""

    def die(number: int) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return _double(number)

    with pytest.raises(WorkerError, match="ended early"):
        list(forked_map(2)(_at_leisure(one_by_one(die)), MANY))


def test_work_that_is_broken_off_leaves_no_process(processes: list[int], beside: int) -> None:
    """Whoever stops listening, as after Ctrl-C, ends the workers with it."""
    results = forked_map(2)(one_by_one(_double), MANY)
    assert next(results)[1]
    results.close()  # type: ignore[attr-defined]
    assert _all_gone(processes, beside)


def _large_site() -> dict[str, bytes]:
    files = dict(small_site())
    for number in range(2 * SHARE):
        files[f"content/jobs/job-{number}.md"] = text_of("job", title=f"Job {number}").encode()
    return files


def test_any_number_of_workers_gives_the_same_site(processes: list[int], beside: int) -> None:
    """The site is byte for byte the same for any `--jobs`, and so are the problems."""
    files = _large_site()
    files["content/jobs/broken.md"] = b"---\ntitle: x\n---\n"
    snapshot, options = Snapshot(files), Options(utc("2026-06-01T12:00"))
    alone = build(snapshot, options)
    shared = build(snapshot, options, Memory(map=forked_map(3)))
    assert alone.problems == shared.problems
    assert alone.problems
    del files["content/jobs/broken.md"]
    before = len(processes)
    assert build(snapshot, options).site == build(snapshot, options, Memory(map=forked_map(2))).site
    assert len(processes) - before == 2 * beside, "some workers for the entries and some for the pages"


def test_the_command_takes_the_number_of_workers(tmp_path: Path) -> None:
    """`--jobs` and `--no-cache` change no byte of what is published."""
    write_tree(tmp_path, _large_site())
    trees = []
    for number, options in enumerate((["--jobs", "1", "--no-cache"], ["--jobs", "3"], ["--jobs", "2"])):
        out = tmp_path / f"out-{number}"
        run_program("build", "--root", tmp_path, "--out", out, "--now", "2026-06-01", *options)
        trees.append(read_tree(out))
    assert trees[0]
    assert trees[0] == trees[1] == trees[2]
