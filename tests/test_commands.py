"""The command line: statuses, words, streams, clocks, and publishing all or nothing."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import pytest
from msgspec.structs import replace

from digest import __version__, cli, decoding
from digest.arguments import Commands
from digest.build import Build
from digest.contract import Counts, Found, Made
from digest.fingerprints import fingerprint
from tests.builders import CONFIG, ROOT, read_tree, run_program, small_site, text_of, write_tree

NOW: Final = "2026-06-01T12:00"
SUMMARY: Final = re.compile(
    r"(?P<read>[\d,]+) (?:entry|entries): (?P<published>[\d,]+) published(?:, (?P<drafts>[\d,]+) drafts?)?"
    r"(?:, (?P<scheduled>[\d,]+) scheduled)?(?:, (?P<withdrawn>[\d,]+) withdrawn)?\. "
    r"(?P<files>[\d,]+) files: (?P<rendered>[\d,]+) rendered, (?P<reused>[\d,]+) reused"
    r"(?:, (?P<gone>[\d,]+) removed)?\. "
    r"\d+\.\d\d s\. (?P<change>Next change: \d\d:\d\d on \d{1,2} [A-Z][a-z]+ \d{4}|No change is due by itself)\.\n"
)
"""The whole of what a build that is done says on standard output."""
KEYS: Final = {"path", "line", "column", "width", "rule", "severity", "message", "excerpt", "hint"}
LONG_TITLE: Final = "A title that goes on and on until it has more than the sixty-five characters"


class Said(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small valid site."""
    return write_tree(tmp_path / "digest", small_site())


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs a command on the small site at noon on 1 June 2026, in this process."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def command(*arguments: str | Path, now: str | None = NOW) -> Said:
        clock = ["--now", now] if now else []
        name = [] if arguments and not str(arguments[0]).startswith("-") else ["build"]
        status = cli.main([*name, *map(str, arguments), "--root", str(root), *clock])
        return Said(status, *capsys.readouterr())

    return command


def write(root: Path, name: str, text: str) -> None:
    """Write a file of the site."""
    write_tree(root, {name: text.encode()})


def summary(said: Said) -> dict[str, str | None]:
    """Return the parts of the closing line of a build, which must be all there is on standard output."""
    assert said.status == 0, said.err
    found = SUMMARY.fullmatch(said.out)
    assert found is not None, said.out
    return found.groupdict()


def marks(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return inode, time of change in nanoseconds, and bytes of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- statuses and streams ----------------------------------------------------------------------------------


def test_build_says_what_it_did(run: Run, root: Path) -> None:
    """A build is done with status 0 and one line of results; the site lies in `site/` of the root."""
    said = summary(run())
    files = read_tree(root / "site")
    assert (said["read"], said["published"]) == ("5", "5")
    assert (said["files"], said["rendered"], said["reused"], said["gone"]) == (*[str(len(files))] * 2, "0", None)
    assert said["change"] == "Next change: 00:00 on 5 June 2026"
    assert {"index.html", "jobs/designer/index.html", "feed.xml", "build.json"} <= files.keys()


def test_no_command_means_build(root: Path) -> None:
    """`build.py` with options alone builds, from any folder, with nothing on standard error."""
    done = run_program("--root", root, "--now", NOW, cwd=root.parent)
    assert summary(Said(done.returncode, done.stdout, done.stderr))["read"] == "5"
    assert done.stderr == ""
    assert (root / "site" / "index.html").is_file()


def test_every_fate_is_counted(run: Run, root: Path) -> None:
    """The line counts drafts, scheduled and withdrawn entries, and leaves out what there is none of."""
    for number in (1, 2):
        write(root, f"content/jobs/draft-{number}.md", text_of("job", draft="true"))
    write(root, "content/jobs/later.md", text_of("job", published="2026-06-10"))
    write(root, "content/jobs/gone.md", text_of("job", withdrawn="{date: 2026-05-20, reason: A mistake.}"))
    said = run()
    assert summary(said)["read"] == "9"
    assert said.out.startswith("9 entries: 5 published, 2 drafts, 1 scheduled, 1 withdrawn. ")


def test_one_is_not_many(run: Run, root: Path) -> None:
    """A single entry and a single draft are counted in the singular."""
    shutil.rmtree(root / "content")
    write(root, "content/jobs/draft.md", text_of("job", draft="true"))
    assert run().out.startswith("1 entry: 0 published, 1 draft. ")


def test_problems_are_status_1_and_go_to_standard_error(root: Path) -> None:
    """A problem gives status 1, its words on standard error, and nothing on standard output."""
    write(root, "content/jobs/designer.md", text_of("job", salary="circa 90,000"))
    done = run_program("build", "--root", root, "--now", NOW)
    assert (done.returncode, done.stdout) == (1, "")
    assert "content/jobs/designer.md:7:9: error[salary-currency]: " in done.stderr
    assert done.stderr.endswith("1 error. Nothing was published.\n")
    assert not (root / "site").exists()


def test_warnings_go_to_standard_error_and_publish(run: Run, root: Path) -> None:
    """A warning is shown and the site is published; results alone are on standard output."""
    write(root, "content/jobs/designer.md", text_of("job", title=LONG_TITLE))
    said = run()
    assert summary(said)
    assert "warning[title-length]" in said.err
    assert (root / "site" / "index.html").is_file()


def test_strict_fails_on_warnings(run: Run, root: Path) -> None:
    """With `--strict` a warning is status 1 and nothing is published."""
    write(root, "content/jobs/designer.md", text_of("job", title=LONG_TITLE))
    said = run("--strict")
    assert (said.status, said.out) == (1, "")
    assert said.err.endswith("1 warning. Nothing was published.\n")
    assert not (root / "site").exists()


def test_errors_and_warnings_are_counted_apart(run: Run, root: Path) -> None:
    """The last line of a failure says how many there are of each."""
    write(root, "content/jobs/designer.md", text_of("job", title=LONG_TITLE))
    write(root, "content/jobs/engineer.md", text_of("job", salary="90000", closes="6 October"))
    assert run().err.endswith("2 errors and 1 warning. Nothing was published.\n")


WRONG_USE: Final = {
    "option": ("--nonsense",),
    "command": ("nonsense",),
    "format": ("--format", "xml"),
    "now": ("--now", "2026-13-01"),
    "root": ("--root", "does/not/exist"),
    "jobs": ("--jobs", "0"),
    "argument": ("build", "extra"),
    "base-url": ("--base-url", "nonsense"),
}


@pytest.mark.parametrize("arguments", WRONG_USE.values(), ids=WRONG_USE.keys())
def test_wrong_use_is_status_2(arguments: tuple[str, ...], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command, option or value is status 2, in plain words that name it, and does nothing."""
    name = () if not arguments[0].startswith("-") else ("build",)
    rest = () if "--root" in arguments or arguments == ("nonsense",) else ("--root", str(root))
    assert cli.main([*name, *arguments, *rest]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert arguments[-1] in said.err or arguments[0] in said.err
    assert "Traceback" not in said.err
    assert not (root / "site").exists()


def test_a_folder_without_a_configuration_is_a_problem(run: Run, root: Path) -> None:
    """A root without `config.yaml` is a problem that a person can mend: status 1 and the way to mend it."""
    (root / "config.yaml").unlink()
    said = run()
    assert said.status == 1
    assert "error[config-missing]" in said.err
    assert "--root" in said.err


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` and `-h` name every command with a line on what it does, and are done with status 0."""
    shown = []
    for option in ("--help", "-h"):
        assert cli.main([option]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    listed = dict(re.findall(r"^  ([a-z]+) {2,}(\S.*)$", shown[0].partition("Commands:")[2], re.MULTILINE))
    assert (
        listed.keys() == {*cli.cli.commands, *Commands.elsewhere} >= {"build", "check", "diff", "new", "status", "why"}
    )
    assert all(words[0].isupper() for words in listed.values())


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each command describes every option it takes."""
    assert cli.main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    options = [param for param in cli.cli.commands[command].params if param.param_type_name == "option"]
    assert all(getattr(option, "help", None) and option.opts[0] in shown for option in options)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says the version that `build.json` names as the generator."""
    assert cli.main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


# --- forms of problems -------------------------------------------------------------------------------------


def _break(root: Path) -> None:
    write(root, "content/jobs/designer.md", text_of("job", salary="circa 90,000"))
    write(root, "content/jobs/engineer.md", text_of("job", title=LONG_TITLE))
    write(root, "content/news/standard.md", text_of("news", closing_date="6 October"))


def test_json_is_one_object_a_line(run: Run, root: Path) -> None:
    """`--format json` writes each problem as an object on a line with the same keys, in order, and nothing else."""
    _break(root)
    said = run("check", "--format", "json")
    found = [json.loads(line) for line in said.err.splitlines()]
    assert said.status == 1
    assert said.out == ""
    assert [one.keys() for one in found] == [KEYS] * 3
    assert [one["rule"] for one in found] == ["salary-currency", "title-length", "unknown-field"]
    assert found[0]["path"] == "content/jobs/designer.md"
    assert (found[0]["line"], found[0]["column"], found[0]["severity"]) == (7, 9, "error")


def test_github_annotates_lines(run: Run, root: Path) -> None:
    """`--format github` writes each problem as a workflow command that names file, line and rule."""
    _break(root)
    lines = run("check", "--format", "github").err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::error file=content/jobs/designer.md,line=7,col=9,endColumn=")
    assert ",title=salary-currency::" in lines[0]
    assert lines[1].startswith("::warning file=content/jobs/engineer.md,")


def test_text_shows_the_line_and_the_mend(run: Run, root: Path) -> None:
    """As text, a problem has its place, the line, marks under the fault, and a hint."""
    write(root, "content/jobs/designer.md", text_of("job", salary="circa 90,000"))
    place, line, under, hint, _ = run("check").err.splitlines()
    assert place == 'content/jobs/designer.md:7:9: error[salary-currency]: "circa 90,000" has no currency'
    assert line == "  7 | salary: circa 90,000"
    assert under == "    |         ^^^^^^^^^^^^"
    assert hint.startswith("  hint: ")


def test_colour_is_for_terminals_only(run: Run, root: Path) -> None:
    """What is not shown on a terminal has no colour codes."""
    write(root, "content/jobs/designer.md", text_of("job", salary="circa 90,000"))
    assert "\x1b" not in run().err


@pytest.mark.parametrize(("no_colour", "coloured"), [(None, True), ("1", False), ("", True)])
def test_no_color_is_respected(
    run: Run,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_colour: str | None,
    coloured: bool,  # noqa: FBT001
) -> None:
    """On a terminal severities have a colour, unless NO_COLOR is set to anything (no-color.org)."""
    written: list[str] = []

    def echo(message: object = "", **_options: object) -> None:
        written.append(str(message))

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.echo", echo)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour is not None:
        monkeypatch.setenv("NO_COLOR", no_colour)
    write(root, "content/jobs/designer.md", text_of("job", salary="circa 90,000"))
    run()
    assert ("\x1b" in "".join(written)) == coloured


# --- what options do ---------------------------------------------------------------------------------------


def test_check_writes_nothing(run: Run, root: Path) -> None:
    """`check` reports all there is and writes no file."""
    before = marks(root)
    said = run("check")
    assert said.status == 0
    assert re.fullmatch(r"5 entries: 5 published\. \d+ files would be published\. \d.*\.\n", said.out)
    assert marks(root) == before
    assert [path.name for path in root.parent.iterdir()] == [root.name]


def test_check_finds_faults_of_templates(run: Run, root: Path) -> None:
    """`check` renders, so that a template's fault is found before it is published."""
    write(root, "templates/pages/404.html", "<p>\n{{ nothing_of_this_name }}\n</p>\n")
    said = run("check")
    assert said.status == 1
    assert "templates/pages/404.html:2:1: error[template-error]: " in said.err
    assert "nothing_of_this_name" in said.err


@pytest.mark.parametrize(
    "url", ["https://other.example/jobs", "https://other.example/jobs/", "http://127.0.0.1:8000/a/b/"]
)
def test_base_url_moves_the_site(run: Run, root: Path, url: str) -> None:
    """`--base-url` with a sub-path puts it before every link, and the host into every absolute one."""
    said = run("--base-url", url)
    assert summary(said)
    site = read_tree(root / "site")
    base = url.rstrip("/") + "/"
    path = "/" + base.split("/", 3)[3]
    assert f'href="{path}jobs/"'.encode() in site["index.html"]
    assert f"<link>{base}jobs/designer/</link>".encode() in site["feed.xml"]
    told = {name: data.replace(b"PRODID:-//small.example//", b"") for name, data in site.items()}
    assert [name for name, data in told.items() if b"//small.example/" in data] == []
    links = re.findall(r'(?:href|src)="(/[^"]*)"', site["index.html"].decode())
    assert links
    assert [link for link in links if not link.startswith(path)] == []


def test_drafts_are_shown_on_demand(run: Run, root: Path) -> None:
    """`--drafts` publishes drafts and scheduled entries, still counted as such; without it they are gone again."""
    write(root, "content/jobs/draft.md", text_of("job", draft="true"))
    write(root, "content/jobs/later.md", text_of("job", published="2026-06-10"))
    shown = run("--drafts")
    assert shown.out.startswith("7 entries: 5 published, 1 draft, 1 scheduled. ")
    assert {"draft", "later"} <= {path.name for path in (root / "site/jobs").iterdir()}
    hidden = run()
    assert int(summary(hidden)["gone"] or 0) >= 2
    assert not {"draft", "later"} & {path.name for path in (root / "site/jobs").iterdir()}


def test_source_date_epoch_is_the_clock(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH sets the clock to the second, and `--now` is stronger."""
    opens = "2026-06-10T00:00"
    write(root, "content/jobs/later.md", text_of("job", published="2026-06-10"))
    midnight = 1781046000
    for seconds, published in ((midnight - 1, "5"), (midnight, "6")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds))
        assert summary(run(now=None))["published"] == published
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(midnight - 1))
    assert summary(run(now=opens))["published"] == "6"


@pytest.mark.parametrize("text", ["soon", "1.5", "", "9" * 30])
def test_a_wrong_source_date_epoch_is_wrong_use(run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A SOURCE_DATE_EPOCH that is no number of seconds is said to be so, and not passed over."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    said = run(now=None)
    assert said.status == 2
    assert "SOURCE_DATE_EPOCH" in said.err


CLOCKS: Final = (
    "0001-01-01T00:00+10:00",
    "0001-01-01",
    "0001-01-01T00:00Z",
    "9999-12-31T23:59:59-10:00",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
)


@pytest.mark.parametrize("now", CLOCKS)
def test_no_clock_is_a_traceback(run: Run, now: str) -> None:
    """A clock at either end of the calendar gives a site, or is refused as wrong use; it never is a traceback."""
    assert run("check", now=now).status in {0, 2}


def test_out_names_the_folder(run: Run, root: Path, tmp_path: Path) -> None:
    """`--out` publishes elsewhere, makes the folders it needs, and leaves `site/` alone."""
    assert summary(run("--out", tmp_path / "a/b/public"))
    assert (tmp_path / "a/b/public/index.html").is_file()
    assert not (root / "site").exists()
    assert _shown(tmp_path / "a/b") == ["public"]


FOREIGN: Final[Mapping[str, Mapping[str, bytes]]] = {
    "files": {"thesis.txt": b"precious"},
    "hidden": {".git/config": b"precious"},
    "deep": {"a/b/c.txt": b"precious"},
    "another-build.json": {"build.json": b'{"name": "another program"}', "thesis.txt": b"precious"},
    "no-json": {"build.json": b"\xff", "thesis.txt": b"precious"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN.keys())
def test_out_is_never_a_folder_of_anothers(run: Run, tmp_path: Path, files: Mapping[str, bytes]) -> None:
    """A folder with files that this program did not publish is refused as wrong use, and nothing in it is touched."""
    folder = write_tree(tmp_path / "precious", files)
    before = marks(folder)
    said = run("--out", folder)
    assert said.status == 2
    assert str(folder) in said.err
    assert marks(folder) == before


def test_out_may_be_an_empty_folder(run: Run, tmp_path: Path) -> None:
    """An empty folder is published into."""
    (tmp_path / "empty").mkdir()
    assert summary(run("--out", tmp_path / "empty"))
    assert (tmp_path / "empty/index.html").is_file()


def test_out_may_be_a_link_to_a_folder(run: Run, tmp_path: Path) -> None:
    """Where `--out` is a symbolic link, the folder it leads to is published, twice over, and the link stays a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for _ in range(2):
        assert summary(run("--out", tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real/index.html").is_file()
    assert _shown(tmp_path) == ["digest", "link", "real"]


# --- publishing: all or nothing ----------------------------------------------------------------------------


def test_a_rebuild_keeps_every_file(run: Run, root: Path) -> None:
    """When nothing changed nothing is written: every file keeps its inode and time."""
    files = summary(run())["files"]
    before = marks(root / "site")
    said = summary(run())
    assert (said["rendered"], said["reused"], said["gone"]) == ("0", files, None)
    assert marks(root / "site") == before


def test_a_change_writes_what_changed_and_keeps_the_rest(run: Run, root: Path) -> None:
    """After an edit only files whose bytes differ are new; the others keep inode and time."""
    run()
    before = marks(root / "site")
    write(root, "content/jobs/designer.md", text_of("job", body="You will design two services."))
    said = summary(run())
    after = marks(root / "site")
    changed = {path for path in after if path not in before or after[path][2] != before[path][2]}
    assert "jobs/designer/index.html" in changed
    assert said["rendered"] == str(len(changed))
    gone = before.keys() - after.keys()
    assert said["gone"] == str(len(gone))
    assert {path: mark for path, mark in after.items() if path not in changed} == {
        path: mark for path, mark in before.items() if path not in changed | gone
    }


def test_stale_files_go(run: Run, root: Path) -> None:
    """Files that the site no longer has are removed, with the folders they leave empty."""
    run()
    (root / "content/jobs/engineer.md").unlink()
    said = summary(run())
    assert int(said["gone"] or 0) >= 1
    assert not (root / "site/jobs/engineer").exists()
    assert len(read_tree(root / "site")) == int(said["files"] or 0)


def test_a_file_put_into_the_site_is_refused(run: Run, root: Path) -> None:
    """A file that somebody put into the published folder is named, and neither deleted nor published with the rest."""
    run()
    write(root, "site/old/page.html", "precious")
    before = marks(root / "site")
    said = run()
    assert said.status == 2
    assert "old/page.html" in said.err
    assert marks(root / "site") == before


def test_folders_of_the_site_can_be_read_by_a_server(run: Run, root: Path) -> None:
    """The published folder and its files can be read by other users, as a web server is one."""
    run()
    assert (root / "site").stat().st_mode & 0o555 == 0o555
    assert (root / "site/index.html").stat().st_mode & 0o444 == 0o444


def test_all_problems_of_all_files_in_one_run(run: Run, root: Path) -> None:
    """Ten broken files are ten reports in one run, and the published site keeps every byte, inode and time."""
    run()
    before = marks(root / "site")
    broken = {
        "jobs/a": text_of("job", salary="circa 90,000"),
        "jobs/b": text_of("job", closes="24 March"),
        "jobs/c": text_of("job", closing_date="24 March 2026"),
        "jobs/d": text_of("job", organisation=None),
        "jobs/e": "title: no front matter\n",
        "jobs/f": "---\ntitle: [unclosed\n---\n\nText.\n",
        "news/g": text_of("news", tags="[data, data]"),
        "news/h": text_of("news", body="# A heading of the first level"),
        "news/i": text_of("news", related="[nothing]"),
        "misplaced": text_of("news"),
    }
    for name, text in broken.items():
        write(root, f"content/{name}.md", text)
    said = run("--format", "json")
    places = [json.loads(line)["path"] for line in said.err.splitlines()]
    assert (said.status, said.out) == (1, "")
    assert {f"content/{name}.md" for name in broken} == set(places)
    assert places == sorted(places)
    assert marks(root / "site") == before


CHANGING: Final = frozenset(
    {"os.link", "os.symlink", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "os.utime"}
)
"""Events by which a program changes a disk (PEP 578); opening a file to write is one more."""


class Fault:
    """Lets the disk fail, or a person press Ctrl-C, when a program is about to change the disk for the n-th time."""

    def __init__(self) -> None:
        """Start at rest: an audit hook cannot be taken away again."""
        self.folder = ""
        self.left = -1
        self.failure: type[BaseException] = OSError

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count an event, and fail at the one that is due."""
        if self.left < 0:
            return
        writing = event == "open" and str(arguments[0]).startswith(self.folder) and arguments[2] & _WRITES
        if not writing and event not in CHANGING:
            return
        self.left -= 1
        if self.left < 0:
            raise self.failure(errno.EIO, os.strerror(errno.EIO), str(arguments[0]))


_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FAULT: Final = Fault()


@pytest.fixture(scope="session")
def fault() -> Fault:
    """Give the one fault of this process, at rest."""
    sys.addaudithook(FAULT)
    return FAULT


def _shown(folder: Path) -> list[str]:
    """Return the names in a folder that a person sees."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_hint_that_lies_is_seen_through(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is not what its size and times promised, all files are read again, in the same run."""
    monkeypatch.setattr("digest.disk.RACY", -(10**18))
    assert summary(run())
    real, lies = decoding.decoded, []

    def lying(*arguments: Any) -> Any:
        lies.append({path: replace(stamp, digest=bytes(16)) for path, stamp in (real(*arguments) or {}).items()})
        return lies[-1]

    monkeypatch.setattr("digest.disk.decoded", lying)
    edited = root / "content/jobs/designer.md"
    edited.write_text(edited.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    said = run()
    assert (said.status, said.err, len(lies)) == (0, "", 1)
    assert b"More." in (root / "site/jobs/designer/index.html").read_bytes()


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_whatever_fails_the_site_is_whole(
    run: Run, tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    """Let any one step on the disk fail: the site is the old one or the new one, whole, and what is said is true."""
    old = {"build.json": b"1", "index.html": b"old", "kept/index.html": b"kept", "gone/index.html": b"gone"}
    new = {"build.json": b"2", "index.html": b"new", "kept/index.html": b"kept", "more/index.html": b"more"}

    def publish(number: int, out: Path) -> Said:
        def files(self: Build) -> Iterator[Made]:
            self.found = Found(counts=Counts(1, 1, 0, 0, 0))
            yield from (Made(path, fingerprint(data), data) for path, data in (old, new)[number].items())

        monkeypatch.setattr("digest.build.Build.files", files)
        return run("--out", out)

    fault.folder, fault.failure = str(tmp_path), failure
    for step in count():
        out = tmp_path / str(step) / "site"
        assert summary(publish(0, out))
        fault.left = step
        said = publish(1, out)
        reached, fault.left = fault.left < 0, -1
        if not reached:
            assert summary(said)
            break
        _hold_true(said, read_tree(out), old, new)
        assert _shown(out.parent) == ["site"]
        assert summary(publish(1, out))
        assert read_tree(out) == new
        shutil.rmtree(out.parent)
    assert step > 10


def _hold_true(said: Said, published: dict[str, bytes], old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Hold that a build which failed, or got over the failure, told the truth about what is published."""
    assert "Traceback" not in said.err
    if said.status == 0:
        assert published == new
        return
    assert (said.status, said.out) == (3, "")
    assert published in (old, new)
    assert "Nothing was published." not in said.err or published == old, said.err


LIMITED: Final = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limits of this kind")
@pytest.mark.parametrize("most", [0, 1000, 5000])
def test_a_disk_that_takes_no_more_is_status_3(run: Run, root: Path, most: int) -> None:
    """When files can truly not be written, the machine's words are said and the site keeps every byte and inode."""
    run()
    write(root, "content/jobs/designer.md", text_of("job", body="You will design two services. " * 300))
    before, names = marks(root / "site"), _shown(root)
    arguments = [str(most), str(ROOT / "build.py"), "--root", str(root), "--now", NOW]
    done = subprocess.run(
        [sys.executable, "-B", "-c", LIMITED, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(r"The machine failed: [^\n]+ Nothing was published\.\n", done.stderr)
    assert marks(root / "site") == before
    assert _shown(root) == names
    assert summary(run())


def test_a_disk_without_hard_links_is_published_to(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk knows no hard links, as on a memory stick, files that stay the same are copied."""
    run()
    before = read_tree(root / "site")

    def refused(*_arguments: object, **_options: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.link", refused)
    assert summary(run())["gone"] is None
    assert read_tree(root / "site") == before


@pytest.mark.parametrize("where", ["file/site", "file"])
def test_a_file_in_the_way_is_no_traceback(run: Run, tmp_path: Path, where: str) -> None:
    """A file where a folder is to be is said in plain words, as wrong use or the machine's fault, and stays."""
    (tmp_path / "file").write_text("precious")
    said = run("--out", tmp_path / where)
    assert said.status == (2 if where == "file" else 3)
    assert "Traceback" not in said.err
    assert str(tmp_path / "file") in said.err
    assert (tmp_path / "file").read_text() == "precious"


def test_a_file_that_cannot_be_read_is_status_3(run: Run, root: Path) -> None:
    """An input that the disk does not give is the machine's fault, named, and not passed over."""
    (root / "content/jobs/loop.md").symlink_to("loop.md")
    said = run()
    assert said.status == 3
    assert "loop.md" in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
def test_results_that_cannot_be_written_are_status_3(root: Path) -> None:
    """When standard output is full, the status says so, without a traceback, and what was published is not denied."""
    command = [sys.executable, str(ROOT / "build.py"), "--root", str(root), "--now", NOW]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, encoding="utf-8", timeout=120)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert (root / "site/index.html").is_file()
    assert "Nothing was published" not in done.stderr


# --- inputs ------------------------------------------------------------------------------------------------


def test_editors_leavings_are_no_inputs(run: Run, root: Path) -> None:
    """Backups, hidden files and what operating systems leave are neither entries nor problems."""
    for name in ("jobs/designer.md~", "jobs/.designer.md.swp", "jobs/#designer.md#", ".DS_Store", "jobs/Thumbs.db"):
        write(root, f"content/{name}", "not an entry")
    said = run("--strict")
    assert summary(said)["read"] == "5"
    assert said.err == ""


def test_line_ends_and_byte_order_marks_do_not_matter(run: Run, root: Path) -> None:
    """A file saved with CRLF or with a byte order mark gives the same page."""
    run()
    before = read_tree(root / "site")
    path = root / "content/jobs/designer.md"
    plain = path.read_bytes()
    for data in (plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain, plain.replace(b"\n", b"\r")):
        path.write_bytes(data)
        assert summary(run())["rendered"] == "0"
        assert read_tree(root / "site") == before


def test_the_configuration_may_change_the_site(run: Run, root: Path) -> None:
    """An edit of `config.yaml` is seen by the next build like any other."""
    run()
    write(root, "config.yaml", CONFIG.replace("Small digest", "Renamed digest"))
    assert int(summary(run())["rendered"] or 0) > 0
    assert b"Renamed digest" in (root / "site/index.html").read_bytes()


def test_a_python_without_the_libraries_is_told_how_to_get_them() -> None:
    """Started by a Python that lacks a library, the program says so and how to set it up, and shows no traceback."""
    said = run_program("build", python=["-S"])
    assert said.returncode == 3
    assert said.stdout == ""
    assert said.stderr == (
        'This Python does not have the library "click". '
        "`make site` installs what is needed; after that, use  .venv/bin/python build.py\n"
    )
