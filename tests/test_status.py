"""`status`: what is open, near its end, waiting or forgotten, in words and as data; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from digest import cli
from digest.planning.outlook import Standing, outlook
from tests.builders import catalogue, config, job, news, read_tree, small_site, text_of, utc, write_tree

NOON: Final = "2026-06-20T12:00"


def test_open_jobs_are_told_by_what_ends_them() -> None:
    """Deadlines within a week are listed in order; jobs without one with the day from which they count as closed."""
    found = outlook(
        catalogue(
            [
                job("later", closes="30 June 2026"),
                job("soon", closes="11:55pm on 22 June 2026"),
                job("last", closes="20 June 2026"),
                job("far", closes="30 September 2026"),
                job("filling", closes="open until filled"),
                job("silent", closes="not stated"),
            ],
            NOON,
        )
    )
    assert found.open == 6
    assert [(line.path, line.said) for line in found.closing] == [
        ("content/jobs/last.md", "closes 20 June 2026"),
        ("content/jobs/soon.md", "closes 11:55pm on 22 June 2026"),
    ]
    assert found.closing[0].at == utc("2026-06-21T00:00")
    assert [line.said for line in found.undated] == [
        "closing date not stated; taken as closed from 17 July 2026, unless its date is written",
        "open until filled; taken as closed from 14 November 2026, unless a change is noted or an outcome written",
    ]


def test_a_job_without_news_is_stale() -> None:
    """Of a job without a deadline something is to be noted now and then; one with a deadline ends by itself."""
    found = outlook(
        catalogue(
            [
                job("silent", published="2026-04-01", closes="open until filled"),
                job(
                    "noted", published="2026-04-01", closes="open until filled", changes="[{date: 2026-06-01, note: x}]"
                ),
                job("dated", published="2026-04-01", closes="30 September 2026"),
            ],
            NOON,
        )
    )
    assert [(line.path, line.said) for line in found.stale] == [
        ("content/jobs/silent.md", "nothing noted since 1 April 2026; is it still open?")
    ]


def test_what_waits_is_listed_in_its_order() -> None:
    """Scheduled entries come by their moment, drafts by their file."""
    found = outlook(
        catalogue(
            [
                job("b", published="2026-07-01 09:30", closes="31 July 2026"),
                news("a", published="2026-06-25"),
                job("z", draft="true"),
                news("y", draft="true"),
            ],
            NOON,
        )
    )
    assert [(line.path, line.said) for line in found.scheduled] == [
        ("content/news/a.md", "is published 25 June 2026"),
        ("content/jobs/b.md", "is published 1 July 2026 at 09:30"),
    ]
    assert [line.path for line in found.drafts] == ["content/jobs/z.md", "content/news/y.md"]


@pytest.mark.parametrize(
    ("now", "at", "said"),
    [
        ("2026-06-20T12:00", "2026-06-23T00:00", "is shown as closing soon"),
        ("2026-06-23T00:00", "2026-06-30T00:00", "has its last day"),
        ("2026-06-30T00:00", "2026-07-01T00:00", "closes"),
        ("2026-05-01T00:00", "2026-05-18T00:00", "opens"),
    ],
)
def test_the_next_change_is_told(now: str, at: str, said: str) -> None:
    """Whatever the site's next change by itself is, the entry that it happens to is named."""
    found = outlook(catalogue([job("designer")], now))
    assert found.next_change == utc(at)
    assert found.coming == (Standing("content/jobs/designer.md", "Service designer", "Home Office", said, utc(at)),)


def test_nothing_to_come() -> None:
    """When nothing will change by itself, nothing is announced."""
    found = outlook(catalogue([job("old", published="2014-05-01", closes="2014-06-01")], NOON, config()))
    assert (found.next_change, found.coming) == (None, ())


# --- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small valid site."""
    return write_tree(tmp_path / "digest", small_site())


def test_status_reads_like_this(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The words of the command, all of them; nothing is written to the folder."""
    write_tree(root, {"content/news/soon.md": text_of("news", published="2026-06-05").encode()})
    before = read_tree(root)
    assert cli.main(["status", "--root", str(root), "--now", "2026-06-10T12:00"]) == 0
    assert capsys.readouterr().out == STATUS
    assert read_tree(root) == before


STATUS: Final = """\
At 12:00 on 10 June 2026: 2 open jobs.

Closing soon (1):
  Data engineer, Home Office: closes 11:55pm on 12 June 2026
    content/jobs/engineer.md

The site next changes by itself at 00:00 on 12 June 2026.
  Data engineer, Home Office: has its last day
    content/jobs/engineer.md
"""


def test_status_as_data(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` gives the same facts, with instants in UTC."""
    assert cli.main(["status", "--root", str(root), "--now", "2026-06-10T12:00", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["now"], data["next_change"], data["open"]) == ("2026-06-10T11:00:00Z", "2026-06-11T23:00:00Z", 2)
    assert [line["path"] for line in data["closing"]] == ["content/jobs/engineer.md"]
    assert (data["errors"], data["warnings"]) == (0, 0)


def test_entries_with_errors_are_said_to_be_missing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken entry does not hide how the others stand: status 1, and where to look."""
    write_tree(root, {"content/jobs/broken.md": text_of("job", salary=None, titel="x").encode()})
    assert cli.main(["status", "--root", str(root), "--now", "2026-06-10T12:00"]) == 1
    out = capsys.readouterr().out
    assert out.startswith(STATUS)
    assert out.endswith("\n2 errors: build.py check shows them. Entries with errors are left out above.\n")
    (root / "config.yaml").unlink()
    assert cli.main(["status", "--root", str(root)]) == 1
    assert "error[config-missing]" in capsys.readouterr().err


def test_long_groups_are_cut(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More than ten lines of a kind are counted instead of listed."""
    write_tree(root, {f"content/jobs/draft-{n:02}.md": text_of("job", draft="true").encode() for n in range(14)})
    assert cli.main(["status", "--root", str(root), "--now", "2026-06-10T12:00"]) == 0
    out = capsys.readouterr().out
    assert "Drafts (14):" in out
    assert "content/jobs/draft-09.md\n  … and 4 more; --format json lists all\n" in out
    assert "draft-10" not in out
