"""The floor: a bare loop that reads the inputs of a build and writes its outputs, and does nothing else.

No program of one process that reads every input and writes every output can be much quicker on the same machine.
Run as a script of its own: `python -I -S floor.py PACK OUT INPUT...`, which reads the files INPUT, or all below them,
and writes the files packed in PACK to the new folder OUT.  The pack is one file, so that reading it costs little.
"""

# pathlib would be slower, and the floor is bare.
# ruff: noqa: PTH103, PTH113, PTH123, PTH202

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator


def files(folder: str) -> Iterator[str]:
    """Yield the path of every file below a folder."""
    for parent, _, names in os.walk(folder):
        for name in names:
            yield f"{parent}/{name}"


def pack(site: str, target: str) -> None:
    """Pack every file below the folder `site` into the file `target`: a line of JSON (paths and sizes), then bytes."""
    paths = sorted(files(site))
    index = [(os.path.relpath(path, site), os.path.getsize(path)) for path in paths]
    with open(target, "wb") as out:
        out.write(json.dumps(index).encode() + b"\n")
        for path in paths:
            with open(path, "rb") as file:
                out.write(file.read())


def run(packed: str, out: str, *inputs: str) -> None:
    """Read every input, a file or a folder of files, and write the packed files below `out`."""
    for path in inputs:
        for read in [path] if os.path.isfile(path) else files(path):
            with open(read, "rb") as file:
                file.read()
    made = set()
    with open(packed, "rb") as file:
        for path, size in json.loads(file.readline()):
            target = f"{out}/{path}"
            folder = target.rpartition("/")[0]
            if folder not in made:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            with open(target, "wb") as written:
                written.write(file.read(size))


if __name__ == "__main__":
    run(*sys.argv[1:])
