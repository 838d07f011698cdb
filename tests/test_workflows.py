"""What runs the digest elsewhere: workflows of GitHub and GitLab, hooks, and the settings of an editor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml

from digest import cli
from tests.builders import ROOT, small_site, text_of, write_tree

GITHUB: Final = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
GITLAB: Final = ROOT / ".gitlab-ci.yml"
ENTRY: Final = "content/jobs/2014-09-parliament-director-digital-service.md"
SET_UP: Final = "make setup"
"""What is not run here: the tests' own environment stands in, and a fresh clone of the project proves the command."""
YEARS: Final = {"past": "2001-01-01T00:00:00+00:00", "future": "2999-01-01T00:00:00+00:00"}


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it said; it must succeed."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=known | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def test_there_are_workflows() -> None:
    """The project has a workflow that checks and one that publishes."""
    assert [path.name for path in GITHUB] == ["check.yml", "publish.yml"]


@pytest.mark.parametrize(
    ("schema", "path"),
    [*(("vendor.github-workflows", path) for path in GITHUB), ("vendor.gitlab-ci", GITLAB)],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_a_workflow_is_valid(schema: str, path: Path) -> None:
    """A workflow follows the schema that its host's own tools use, and a misspelt key would not."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    assert "ok" in run(*command, path, cwd=ROOT).stdout


# --- their commands ------------------------------------------------------------------------------------------


class Clones(NamedTuple):
    """A published state of the project, and a clone of it with one more commit."""

    clone: Path
    base: str
    origin: Path


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Give a clone of the project as it lies here, in which one entry's title was changed in a commit of its own."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT).stdout
    files = {name: (ROOT / name).read_bytes() for name in listed.split("\0") if name and (ROOT / name).is_file()}
    folder = tmp_path_factory.mktemp("workflows")
    origin = write_tree(folder / "origin", files)
    _commit(origin, "init")
    run("git", "config", "receive.denyCurrentBranch", "ignore", cwd=origin)
    clone = folder / "clone"
    run("git", "clone", "--quiet", origin, clone, cwd=folder)
    base = run("git", "rev-parse", "HEAD", cwd=clone).stdout.strip()
    text = (clone / ENTRY).read_text("utf-8")
    (clone / ENTRY).write_text(re.sub(r"(?m)^title: .*$", "title: Director of the digital service", text), "utf-8")
    _commit(clone)
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    (clone / ".venv" / "bin" / "python").chmod(0o755)
    return Clones(clone, base, origin)


def _commit(folder: Path, *first: str) -> None:
    if first:
        run("git", *first, "--quiet", "--initial-branch", "main", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    run("git", *who, "commit", "--quiet", "--message", "A change", cwd=folder)


def github_steps(name: str, job: str) -> Iterator[str]:
    """Yield the commands of a job of a workflow."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))
    yield from (step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step)


def in_shell(commands: Iterator[str], clones: Clones, **environment: str) -> str:
    """Run commands one after the other as the hosts do, and return what they printed."""
    ours = [command for command in commands if SET_UP not in command]
    assert ours
    shell = ("bash", "-eo", "pipefail", "-c")
    return "".join(run(*shell, command, cwd=clones.clone, **environment).stdout for command in ours)


def test_a_pull_request_is_checked_and_told_apart(clones: Clones, tmp_path: Path) -> None:
    """The commands of GitHub's check pass in a clone, and the summary names the entry that was edited."""
    summary = tmp_path / "summary.md"
    steps = github_steps("check.yml", "check")
    in_shell(steps, clones, BASE=clones.base, GITHUB_STEP_SUMMARY=str(summary))
    told = summary.read_text("utf-8")
    assert told.startswith("Publishing now would change ")
    assert "jobs/2014-09-parliament-director-digital-service/index.html" in told
    run("git", "worktree", "remove", "--force", ".base", cwd=clones.clone)


def test_the_main_branch_is_published(clones: Clones, tmp_path: Path) -> None:
    """The commands of GitHub's publishing build the site in a clone; a push is always due."""
    output = tmp_path / "output"
    in_shell(github_steps("publish.yml", "due"), clones, EVENT="push", GITHUB_OUTPUT=str(output))
    assert output.read_text("utf-8") == "due=true\n"
    in_shell(github_steps("publish.yml", "publish"), clones)
    assert (clones.clone / "site" / "index.html").is_file()


def test_gitlab_checks_and_publishes(clones: Clones) -> None:
    """The commands of GitLab's jobs pass in a clone."""
    jobs = yaml.safe_load(GITLAB.read_text("utf-8"))
    base = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": clones.base}
    in_shell(iter(jobs["check"]["script"]), clones, **base)
    assert (clones.clone / "diff.md").read_text("utf-8").startswith("Publishing now would change ")
    in_shell(iter(jobs["pages"]["script"]), clones, CI_PIPELINE_SOURCE="push")
    run("git", "worktree", "remove", "--force", ".base", cwd=clones.clone)


GITLAB_PROJECT: Final = {
    "CI_PIPELINE_SOURCE": "push",
    "CI_JOB_TOKEN": "token",
    "CI_SERVER_HOST": "gitlab.example",
    "CI_PROJECT_PATH": "group/digest",
    "CI_COMMIT_BRANCH": "main",
}
PUBLISHERS: Final = ("github", "gitlab")


@pytest.mark.parametrize("host", PUBLISHERS)
def test_newly_published_addresses_are_noted(clones: Clones, host: str) -> None:
    """What publishing adds to content/urls.lock is pushed to the main branch, and nothing else with it."""
    (clones.clone / f"content/news/by-{host}.md").write_text(
        text_of("news", published="2021-10-01", source="{name: A, url: https://a.example/}"), "utf-8"
    )
    _commit(clones.clone)
    address = "https://gitlab-ci-token:token@gitlab.example/group/digest.git"
    run("git", "config", f"url.{clones.origin}.insteadOf", address, cwd=clones.clone)
    gitlab = iter(yaml.safe_load(GITLAB.read_text("utf-8"))["pages"]["script"])
    in_shell(gitlab if host == "gitlab" else github_steps("publish.yml", "publish"), clones, **GITLAB_PROJECT)
    assert f"news by-{host} 2021-10-01\n" in run("git", "show", "main:content/urls.lock", cwd=clones.origin).stdout
    changed = run("git", "show", "--format=%s", "--name-only", "main", cwd=clones.origin).stdout.split("\n\n")
    assert changed == ["Note the addresses that are published now", "content/urls.lock\n"]


# --- what is due ---------------------------------------------------------------------------------------------


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback, and give its address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [(YEARS["past"], 0, "Due."), (YEARS["future"], 1, "Not due."), (None, 1, "Not due.")],
)
def test_a_site_is_due_when_its_change_has_come(tmp_path: Path, change: str | None, status: int, said: str) -> None:
    """The program that a scheduled run asks says by the record of the published site whether there is work."""
    (tmp_path / "build.json").write_text(json.dumps({"next_change": change}), "utf-8")
    with served(tmp_path) as address:
        for place in (f"{address}/build.json", str(tmp_path / "build.json")):
            done = _due(place)
            assert (done.returncode, said in done.stdout) == (status, True), done.stderr


def test_a_site_that_is_not_there_is_due(tmp_path: Path) -> None:
    """Where nothing is published yet there is work to do; a server that fails is an error, and no reason to build."""
    with served(tmp_path) as address:
        assert _due(f"{address}/build.json").returncode == 0
    assert _due(str(tmp_path / "build.json")).returncode == 0
    silent = _due("http://127.0.0.1:9/build.json")
    assert (silent.returncode, silent.stderr.startswith("http://127.0.0.1:9/build.json cannot be read: ")) == (2, True)


def _due(place: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "due.py"), place]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=60)


# --- hooks and editors ---------------------------------------------------------------------------------------


def test_the_hook_runs_the_check() -> None:
    """The hook's command is one of ours, for the files that the site is made of."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"] == ".venv/bin/python build.py check"
    matches = re.compile(hook["files"])
    wanted = ["config.yaml", "content/jobs/x.md", "templates/pages/job.html"]
    assert [name for name in [*wanted, "README.md", "digest/cli.py"] if matches.match(name)] == wanted
    example = (ROOT / "docs" / "publishing.md").read_text("utf-8").partition("```\nrepos:")[2].partition("```")[0]
    (local,) = yaml.safe_load(f"repos:{example}")["repos"]
    assert local == {"repo": "local", "hooks": [{name: hook[name] for name in hook if name != "description"}]}


def _json(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((ROOT / ".vscode" / name).read_text("utf-8"))
    return found


def test_the_editor_puts_problems_at_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The task of the editor's settings finds file, line, column, level, rule and words of every problem of `check`."""
    task = next(task for task in _json("tasks.json")["tasks"] if task["args"] == ["build.py", "check"])
    pattern = task["problemMatcher"]["pattern"]
    broken = {"content/jobs/broken.md": text_of("job", titel="x", salary="90k").encode()}
    assert cli.main(["check", "--root", str(write_tree(tmp_path, small_site() | broken))]) == 1
    lines = capsys.readouterr().err.splitlines()
    found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
    assert [(match[pattern["file"]], match[pattern["severity"]], match[pattern["code"]]) for match in found] == [
        ("content/jobs/broken.md", "error", "salary-currency"),
        ("content/jobs/broken.md", "error", "unknown-field"),
    ]
    assert all(match[pattern["line"]].isdigit() and match[pattern["message"]] for match in found)


def test_the_editor_knows_the_schema_of_the_configuration() -> None:
    """The editor's settings name a schema that is there."""
    for schema, files in _json("settings.json")["yaml.schemas"].items():
        assert (ROOT / schema).is_file()
        assert (ROOT / files).is_file()
