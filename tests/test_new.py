"""`new`: starters that need no more than their blanks filled, answers checked in the words of `check`, nothing lost."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest import cli
from digest.documents.config_file import read_config
from digest.documents.entries import read_entry
from digest.documents.starting import FOLDERS, LONGEST_ID, Starter, free_id, questions, scalar, split_answer, starter
from digest.model import Job
from tests.builders import CONFIG, ROOT, small_site, write_tree

DAY: Final = date(2026, 6, 1)
TODAY: Final = ("--now", "2026-06-01T12:00")
KINDS: Final[tuple[Starter, ...]] = ("job", "news")
JOB: Final = {
    "organisation": ("Home Office",),
    "salary": ("£71,000 to £85,000",),
    "closes": ("23:55 on 19 June 2026",),
    "location": ("Washington, DC", "Remote"),
    "apply": ("https://www.example.gov.uk/jobs/1?id=2#how",),
    "tags": ("design",),
    "summary": ("Leads the designers: all of them.",),
}
NEWS: Final = {
    "source.name": ("Computer Weekly",),
    "source.url": ("https://www.example.com/news",),
    "tags": ("design", "pay"),
    "summary": ("More designers.",),
}
CONFIGURED: Final = read_config(CONFIG).value
assert CONFIGURED is not None


class Said(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small valid site."""
    return write_tree(tmp_path / "digest", small_site())


def run(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """Run `new` in this process, away from a terminal, on 1 June 2026."""
    status = cli.main(["new", *arguments, "--root", str(root), *TODAY])
    return Said(status, *capsys.readouterr())


def filled(text: str, body: str = "What the work is.") -> str:
    """Return a starter with a text below its facts."""
    return f"{text}{body}\n"


# --- the file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "answers"), [("job", JOB), ("news", NEWS)])
def test_a_starter_with_all_answers_needs_only_a_text(kind: Starter, answers: dict[str, tuple[str, ...]]) -> None:
    """With every question answered, an entry passes as soon as it has a text."""
    assert CONFIGURED is not None
    started = starter(kind, "Head of design", DAY, answers)
    read = read_entry(f"{FOLDERS[kind]}x.md", filled(started.text), CONFIGURED)
    assert read.problems == ()
    assert started.blanks == ("the text",)


@pytest.mark.parametrize("kind", KINDS)
def test_every_blank_is_a_problem_of_its_own(kind: Starter) -> None:
    """What nobody filled in is reported at its line, and nothing else is: a starter cannot be published by mistake."""
    assert CONFIGURED is not None
    started = starter(kind, "Head of design", DAY, {})
    problems = read_entry(f"{FOLDERS[kind]}x.md", started.text, CONFIGURED).problems
    assert len(problems) == len(started.blanks)
    assert {found.rule for found in problems} == {"field-empty", "body-empty"}
    marked = [line for line in started.text.splitlines() if "FILL" in line]
    assert len(marked) == len(started.blanks)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_there(kind: Starter) -> None:
    """A field that is in a comment can be taken into use by deleting the mark before it."""
    assert CONFIGURED is not None
    text = filled(starter(kind, "Head of design", DAY, JOB if kind == "job" else NEWS).text)
    offered = [line for line in text.splitlines() if line.startswith("# ") and line[2].islower()]
    assert len(offered) > 5
    for line in offered:
        if line.startswith(("# image", "# related", "# draft", "# hours")):
            continue  # these speak of other files, or of an hourly pay
        problems = read_entry(f"{FOLDERS[kind]}x.md", text.replace(line, line[2:]), CONFIGURED).problems
        wrong = [found for found in problems if found.rule in {"unknown-field", "field-shape", "yaml-syntax"}]
        assert wrong == [], line


@given(
    title=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
        lambda text: " ".join(text.split())
    ),
    name=st.sampled_from(
        ["Department for Science, Innovation and Technology", "A: B", "# 1", "- x", "'quoted\"", "{a}"]
    ),
)
@example(title="Yes: we #1 can", name="x")
@example(title="\ufeff£ & \U0001f600", name="null & void")
def test_any_words_are_read_back(title: str, name: str) -> None:
    """Whatever the title and names are, YAML gives back what was typed."""
    assert CONFIGURED is not None
    if not title or title in {"~", "null"}:
        return
    answers = {**JOB, "organisation": (name, "Another, with a comma")}
    read = read_entry("content/jobs/x.md", filled(starter("job", title, DAY, answers).text), CONFIGURED)
    assert [found for found in read.problems if found.severity == "error"] == []
    assert isinstance(read.value.entry if read.value else None, Job)
    assert read.value is not None
    assert read.value.entry.title == title
    assert read.value.entry.organisations == (" ".join(name.split()), "Another, with a comma")


@pytest.mark.parametrize("text", ["£71,000 to £85,000", "23:55 on 6 October 2014", "Home Office", "not stated"])
def test_house_style_needs_no_quotes(text: str) -> None:
    """What editors write every day stands as it is, without quotes."""
    assert scalar(text) == text


# --- its name ----------------------------------------------------------------------------------------------


def test_an_id_is_made_of_date_organisation_and_title() -> None:
    """An id says when, who and what, and never one that is taken."""
    assert CONFIGURED is not None
    assert free_id("Head of Design", ("Home Office",), DAY, CONFIGURED, ()) == "2026-06-ho-head-of-design"
    taken = {"2026-06-head-of-design", "2026-06-head-of-design-2"}
    assert free_id("Head of Design", (), DAY, CONFIGURED, taken) == "2026-06-head-of-design-3"


def test_a_long_title_gives_an_id_of_whole_words() -> None:
    """An id ends after a word, and does not grow without bound."""
    assert CONFIGURED is not None
    found = free_id("Very " * 40 + "long", (), DAY, CONFIGURED, ())
    assert len(found) <= LONGEST_ID
    assert found.endswith("-very")


def test_answers_are_split_where_no_name_has_a_mark() -> None:
    """Places and organisations are told apart by semicolons, tags by commas, other facts not at all."""
    asked = {question.name: question for question in questions("job", DAY)}
    assert split_answer(asked["location"], " Washington, DC ; remote; ") == ("Washington, DC", "remote")
    assert split_answer(asked["tags"], "design, pay") == ("design", "pay")
    assert split_answer(asked["salary"], "£71,000; or so") == ("£71,000; or so",)
    assert split_answer(asked["salary"], "  ") == ()


# --- the command -------------------------------------------------------------------------------------------


def test_new_says_what_it_wrote_and_what_to_fill_in(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Away from a terminal nothing is asked: options are used, and the rest is named."""
    said = run(root, capsys, "job", "Head of design", "--organisation", "Home Office", "--salary", "£71,000")
    assert said.status == 0, said.err
    name = "content/jobs/2026-06-ho-head-of-design.md"
    assert said.out == f"Wrote {name}. To fill in: summary, tags, closes, location, apply, the text.\n"
    text = (root / name).read_text("utf-8")
    assert text.startswith("---\ntitle: Head of design\npublished: 2026-06-01\n# FILL IN: What a reader needs first")
    assert "\norganisation: Home Office\n" in text
    assert "\nsalary: £71,000\n" in text


def test_new_never_overwrites(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same title again makes another file, and an id that is taken is refused with status 2."""
    assert run(root, capsys, "news", "More designers").status == 0
    first = root / "content/news/2026-06-more-designers.md"
    first.write_text("mine", "utf-8")
    assert "2026-06-more-designers-2.md" in run(root, capsys, "news", "More designers").out
    said = run(root, capsys, "job", "More designers", "--id", "2026-06-more-designers")
    assert said.status == 2
    assert said.err.endswith('Error: Invalid value for --id: another entry is called "2026-06-more-designers"\n')
    assert first.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--salary", "90k"), '--salary: "90k" has no currency; write  salary: £90,000'),
        (("--closes", "24 March"), '--closes: "24 March" has no year; '),
        (("--published", "tomorrow"), "--published: "),
        (("--apply", "www.example.org"), '--apply: "www.example.org" is not a web address; write  https://www.'),
        (("--id", "Head Of"), "--id: "),
    ],
)
def test_a_wrong_option_is_refused_in_the_words_of_check(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    """An option is read by the rules of its field: status 2, the reason, the mend, and no file."""
    before = sorted((root / "content").rglob("*"))
    said = run(root, capsys, "job", "Head of design", *arguments)
    assert said.status == 2
    assert f"Error: Invalid value for {words}" in said.err
    assert sorted((root / "content").rglob("*")) == before


def test_a_title_without_letters_asks_for_an_id(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A title of which no address can be made is refused with the mend."""
    said = run(root, capsys, "job", "???")
    assert (said.status, said.out) == (2, "")
    assert "it has no letter or digit to make an address of; add --id" in said.err


def test_a_faulty_configuration_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a configuration that can be read there is status 1 and a located problem."""
    (root / "config.yaml").write_text("title: [", "utf-8")
    said = run(root, capsys, "job", "Head of design")
    assert said.status == 1
    assert said.err.startswith("config.yaml:")
    (root / "config.yaml").unlink()
    assert "config.yaml:1:1: error[config-missing]" in run(root, capsys, "job", "Head of design").err


def test_a_terminal_is_asked_until_the_answer_can_be_read(root: Path) -> None:
    """On a terminal each fact is asked for with an example; a wrong one is told why, and asked for again."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "build.py"), "new", "job", "Head of design", "--root", str(root), *TODAY]
    answers = [
        *("Home Office", "90k", "£90,000", "20 June 2026", "London; hybrid", "", "?", "design"),
        "Leads the designers.",
    ]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as process:
        os.close(theirs)
        for answer in answers:
            os.write(ours, f"{answer}\n".encode())
        said = b""
        while chunk := _read(ours):
            said += chunk
        assert process.wait() == 0, said
    os.close(ours)
    text = said.decode().replace("\r\n", "\n")
    assert '"90k" has no currency (write  salary: £90,000)' in text
    assert "What it pays, as the source says it. Such as: £71,000 to £85,000" in text
    assert "To fill in: apply, the text." in text
    written = (root / "content/jobs/2026-06-ho-head-of-design.md").read_text("utf-8")
    for line in ("organisation: Home Office", "salary: £90,000", "location: [London, hybrid]", "tags: design"):
        assert f"\n{line}\n" in written


def _read(terminal: int) -> bytes:
    """Read from a terminal; nothing once the program at its other end is gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_the_editor_is_opened_when_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`--edit` opens the new file in the editor that the environment names."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "edited" > "$1"\n', "utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    assert run(root, capsys, "news", "More designers", "--edit").status == 0
    assert (root / "content/news/2026-06-more-designers.md").read_text("utf-8") == "edited"
