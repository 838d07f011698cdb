"""The preview as an HTTP server, and as a command: what it answers, where, how it begins and how it ends."""

from __future__ import annotations

import base64
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from digest.answers import TYPES, Answers
from digest.browsers import Browsers
from digest.messages import Begin, Built, Changed, Message, Opened, line_of, message_of
from digest.server import bound
from tests.builders import CONFIG, read_tree, run_program, small_site, text_of, write_tree
from tests.serving import NOW, Serving, serving

_PIXEL: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
PNG: Final = base64.b64decode(_PIXEL)
"""A picture of one black pixel."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Give a preview of the small site under a sub-path of its host; no test changes its files."""
    files = small_site() | {"content/images/pier.png": PNG}
    files["config.yaml"] = files["config.yaml"].replace(b"https://small.example/", b"https://small.example/careers/")
    with serving(write_tree(tmp_path_factory.mktemp("served"), files)) as running:
        running.built()
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a small valid site."""
    return write_tree(tmp_path / "digest", small_site())


# --- answers -------------------------------------------------------------------------------------------------


def test_pages_have_the_script_and_files_do_not(served: Serving) -> None:
    """A page is sent with one script of the preview in its head; on disk no file names it, nor does a feed."""
    page = served.ask("/careers/jobs/designer/")
    head = page.body[: page.body.index(b"</head>")]
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(re.findall(rb'<script src="/_preview/preview\.js" data-file="jobs/designer/index\.html"', head)) == 1
    assert b"_preview" not in served.ask("/careers/feed.xml").body
    files = read_tree(served.site)
    assert len(files) > 20
    assert [path for path, data in files.items() if b"_preview" in data] == []


def test_page_is_the_file_with_the_script(served: Serving) -> None:
    """Without the line of the script a page is byte for byte the file that was built."""
    body = served.ask("/careers/").body
    assert re.sub(rb"<script src=\"/_preview/[^\n]+\n", b"", body) == (served.site / "index.html").read_bytes()


def test_links_of_a_preview_lead_to_itself(served: Serving) -> None:
    """The canonical address and those in feeds are those at which the preview answers."""
    assert (
        f'rel="canonical" href="{served.address}careers/jobs/designer/"'.encode()
        in served.ask("/careers/jobs/designer/").body
    )
    assert f"<link>{served.address}careers/jobs/designer/</link>".encode() in served.ask("/careers/feed.xml").body


def test_sub_path_is_kept(served: Serving) -> None:
    """A site under a sub-path answers there; the root of the host leads to it, and nothing else does."""
    for path in ("/", "/careers"):
        assert (served.ask(path).status, served.ask(path).headers["location"]) == (307, "/careers/")
    assert served.ask("/jobs/designer/").status == 404


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("feed.xml", "application/xml"),
        ("build.json", "application/json"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("images/pier.png", "image/png"),
    ],
)
def test_content_types(path: str, type_: str, served: Serving) -> None:
    """Files are sent with the type of what they hold, and browsers are told not to guess."""
    answer = served.ask(f"/careers/{path}")
    assert (answer.status, answer.headers["content-type"]) == (200, type_)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.body == (served.site / path).read_bytes()


def test_types_of_planned_files() -> None:
    """Calendars, tables, pictures and styles have their registered types, whatever the machine says."""
    assert TYPES["ics"] == "text/calendar; charset=utf-8"
    assert TYPES["csv"] == "text/csv; charset=utf-8"
    assert TYPES["webp"] == "image/webp"
    assert TYPES["css"] == "text/css; charset=utf-8"


def test_missing_page_is_404_with_the_page_of_the_site(served: Serving) -> None:
    """Where nothing is, the site's own 404 page is sent, with status 404 and with the script."""
    answer = served.ask("/careers/nothing/here/")
    assert answer.status == 404
    assert b'data-file="404.html"' in answer.body
    assert served.ask("/_preview/nothing").status == 404


def test_folder_without_slash_leads_on(served: Serving) -> None:
    """A folder asked for without its slash leads to the address with it, with the question kept; only by GET."""
    answer = served.ask("/careers/jobs?page=2")
    assert (answer.status, answer.headers["location"]) == (307, "/careers/jobs/?page=2")
    assert served.ask("/careers/", "POST").status == 405


def test_folders_are_not_listed(served: Serving) -> None:
    """A folder without a page of its own is a missing page."""
    assert (served.site / "assets").is_dir()
    assert [served.ask(f"/careers/assets{slash}").status for slash in ("", "/")] == [404, 404]


@pytest.mark.parametrize(
    "path",
    [
        "/careers/../../config.yaml",
        "/careers/%2e%2e/%2e%2e/config.yaml",
        "/careers/..%2f..%2fconfig.yaml",
        "/careers/jobs/..%5c..%5cconfig.yaml",
        "/careers//etc/passwd",
        "/careers/%2fetc/passwd",
        "/careers/../.site.state",
        "/careers/.site.new/index.html",
        "/careers/index.html%00.css",
        "/_preview/../config.yaml",
        "/_preview/..%2fpreview.py",
    ],
)
def test_nothing_outside_the_site_is_sent(path: str, served: Serving) -> None:
    """No way of writing a path leads out of the built site, to hidden files, or to the program."""
    answer = served.ask(path)
    assert answer.status == 404
    assert b"small.example" not in answer.body
    assert b"root:" not in answer.body


def test_browsers_ask_again_and_are_told_it_is_the_same(served: Serving) -> None:
    """Nothing is kept without asking; who has the same bytes is sent none (RFC 9110 §13.1.2)."""
    for path in ("/careers/", "/careers/feed.xml", "/_preview/preview.js"):
        first = served.ask(path)
        assert first.headers["cache-control"] == "no-cache"
        again = served.ask(path, If_None_Match=f'W/"other", {first.headers["etag"]}')
        assert (again.status, again.body) == (304, b"")
        assert served.ask(path, If_None_Match='"other"').status == 200


def test_head_is_get_without_the_body(served: Serving) -> None:
    """HEAD gives the headers of GET, and nothing else."""
    head, get = served.ask("/careers/", "HEAD"), served.ask("/careers/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))


def test_other_names_of_this_machine_are_refused(served: Serving) -> None:
    """A page of another site whose name leads here gets nothing (DNS rebinding); this machine's own names do."""
    assert served.ask("/careers/", Host="evil.example:8000").status == 421
    assert served.ask("/_preview/events", Host="evil.example").status == 421
    assert served.ask("/careers/", Host="localhost:1").status == 200


def test_redirect_never_leaves_the_host(tmp_path: Path) -> None:
    """A path that begins with two slashes is not taken for another host."""
    browsers = Browsers()
    browsers.tell(Built())
    write_tree(tmp_path, {"evil.example/index.html": b""})
    answer = Answers(tmp_path, browsers).at("//evil.example")
    assert answer.headers.get("Location", "/").startswith("/")
    assert not answer.headers.get("Location", "/").startswith("//")


# --- beginning and ending ------------------------------------------------------------------------------------


def test_taken_port_gives_the_next_one(root: Path) -> None:
    """Where the port is in use the next free one is taken, and said."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(root, "--port", str(port)) as running:
            assert int(running.address.rstrip("/").rpartition(":")[2]) > port
            assert f"Port {port} is in use" in "".join(running.words)
            running.built()
            assert running.ask("/").status == 200


def test_ports_run_out() -> None:
    """Where no port is left there is an error of the machine, not a traceback without end."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        with pytest.raises(OSError, match="65535"):
            bound("127.0.0.1", 65535)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_status_0(how: signal.Signals, root: Path) -> None:
    """Ctrl-C, or a request to end, stops it with status 0 and no traceback, also with a browser on the line."""
    with serving(root) as running:
        running.built()
        with running.hearing("index.html") as heard:
            assert heard()[0] == "problems"
            assert running.stop(how) == 0
        assert "Traceback" not in "".join(running.words)
        with pytest.raises(OSError, match=r"refused|reset"):
            running.ask("/")


def test_published_site_is_left_alone(root: Path) -> None:
    """A preview is built beside the published site, and touches neither that nor its helpers."""
    assert run_program("build", "--root", root, "--now", NOW).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in root.glob(".site*")} | {
        path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")
    }
    with serving(root) as running:
        running.built()
        running.write("content/jobs/designer.md", text_of("job", title="Another title"))
        running.settled()
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert b"Another title" not in (root / "site" / "jobs" / "designer" / "index.html").read_bytes()


def test_register_is_neither_asked_for_nor_written(root: Path) -> None:
    """An entry that was never published is shown, though content/urls.lock has no line for it; and it gets none."""
    lock = root / "content" / "urls.lock"
    lock.write_text("", "utf-8")
    with serving(root) as running:
        running.built()
        assert running.ask("/jobs/designer/").status == 200
    assert lock.read_text("utf-8") == ""


def test_second_preview_of_a_folder_is_told_of_the_first(root: Path) -> None:
    """Two previews of one folder would undo each other's work: the second is refused, with the first one's address."""
    with serving(root) as running:
        running.built()
        done = run_program("serve", "--root", root, "--port", "0")
        assert (done.returncode, done.stdout) == (2, "")
        assert f"is open already: {running.address}" in done.stderr


def test_unknown_host_is_wrong_usage(root: Path) -> None:
    """An address that this machine does not have is status 2, in plain words."""
    done = run_program("serve", "--root", root, "--host", "203.0.113.1", "--port", "0")
    assert done.returncode == 2
    assert "cannot serve at 203.0.113.1: " in done.stderr
    assert "Traceback" not in done.stderr


def test_base_url_may_be_another(root: Path) -> None:
    """With `--base-url` the addresses in pages are those, and the preview answers under their path."""
    with serving(root, "--base-url", "https://preview.example/there/") as running:
        running.built()
        assert b'rel="canonical" href="https://preview.example/there/"' in running.ask("/there/").body
        assert running.ask("/there/", Host="preview.example").status == 200


def test_drafts_are_shown_and_marked(root: Path) -> None:
    """With `--drafts` drafts and scheduled entries have pages, which say that this is a preview; else none have."""
    write_tree(
        root,
        {
            "content/news/draft.md": text_of("news", draft="true").encode(),
            "content/news/later.md": text_of("news", published="2026-07-01").encode(),
        },
    )
    with serving(root) as running:
        running.built()
        assert [running.ask(f"/news/{name}/").status for name in ("draft", "later")] == [404, 404]
    with serving(root, "--drafts") as running:
        running.built()
        for name in ("draft", "later"):
            page = running.ask(f"/news/{name}/")
            assert page.status == 200
            assert b"<strong>Preview.</strong>" in page.body


# --- problems, as the server tells them ----------------------------------------------------------------------


def test_first_build_fails_then_comes_alive(root: Path) -> None:
    """While there is no site every address shows the problems, with status 503; once mended the page loads again."""
    write_tree(root, {"content/jobs/designer.md": text_of("job", salary="circa 90,000").encode()})
    with serving(root) as running:
        running.until("1 error. Nothing can be shown yet.")
        page = running.ask("/jobs/designer/")
        assert page.status == 503
        assert b"content/jobs/designer.md:7:9: error[salary-currency]: &quot;circa 90,000&quot;" in page.body
        with running.hearing("", version=running.version()) as heard:
            assert heard()[1]["level"] == "error"
            running.write("content/jobs/designer.md", text_of("job"))
            assert heard() == ("reload", None)
        assert running.ask("/jobs/designer/").status == 200
        running.settled()


def test_broken_configuration_comes_alive_under_its_path(root: Path) -> None:
    """A configuration that cannot be read at first may say, once mended, that the site lies under a path."""
    write_tree(root, {"config.yaml": b"title: ["})
    with serving(root) as running:
        running.until("Nothing can be shown yet.")
        assert running.ask("/").status == 503
        running.write("config.yaml", CONFIG.replace("https://small.example/", "https://small.example/deep/er/"))
        running.built()
        assert running.ask("/").headers["location"] == "/deep/er/"
        assert running.ask("/deep/er/jobs/designer/").status == 200


def test_problem_keeps_the_last_good_page(root: Path) -> None:
    """After a mistake pages stay as they were, and browsers get the very words of the terminal, until it is mended."""
    with serving(root) as running:
        running.built()
        before = read_tree(running.site)
        with running.hearing("index.html") as heard:
            assert heard() == ("problems", {"level": "", "heading": "", "text": ""})
            running.write("content/jobs/designer.md", text_of("job", closes="31 June 2026"))
            name, said = heard()
            assert (name, said["level"]) == ("problems", "error")
            running.until("1 error. The preview stays as it was.")
            assert said["text"] + "\n" in "".join(running.words)
            assert said["text"].splitlines()[0].startswith("content/jobs/designer.md:8:9: error[")
            assert read_tree(running.site) == before
            running.write("content/jobs/designer.md", text_of("job"))
            assert heard() == ("problems", {"level": "", "heading": "", "text": ""})


def test_warnings_are_told_and_published(root: Path) -> None:
    """A warning stops nothing: the page that has changed loads again, and then hears of it."""
    long = "A title that goes on and on until it has more than the sixty-five characters"
    with serving(root) as running:
        running.built()
        with running.hearing("jobs/designer/index.html") as heard:
            heard()
            running.write("content/jobs/designer.md", text_of("job", title=long))
            assert heard() == ("reload", None)
        with running.hearing("jobs/designer/index.html") as heard:
            _, said = heard()
            assert (said["level"], said["heading"]) == ("warning", "1 warning")


def test_only_changed_pages_load_again(root: Path) -> None:
    """An edit reaches the page that it changes and not another; a page that was away is told when it comes back."""
    with serving(root) as running:
        running.built()
        version = running.version()
        with (
            running.hearing("jobs/designer/index.html") as edited,
            running.hearing("jobs/engineer/index.html") as other,
        ):
            edited(), other()
            running.write("content/jobs/designer.md", text_of("job", body="Quite another text."))
            assert edited() == ("reload", None)
            assert other()[0] == "problems"
        with running.hearing("jobs/designer/index.html", version=version) as late:
            assert late() == ("reload", None)
        with running.hearing("jobs/engineer/index.html", version="of-another-run-1") as stranger:
            assert stranger() == ("reload", None)


def test_page_with_a_changed_picture_loads_again(root: Path) -> None:
    """A page hears of the pictures that it shows, though its own file is as before."""
    write_tree(root, {"content/images/pier.png": PNG})
    with serving(root) as running:
        running.built()
        with running.hearing("index.html", "/images/pier.png") as heard:
            heard()
            running.write("content/images/pier.png", PNG + b"more")
            assert heard() == ("reload", None)


# --- the words between the processes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        Begin("/r", "/s", "localhost", 8000, ("localhost",)),
        Opened(8001),
        Opened(0, "in use"),
        Changed(("content/jobs/a\nb.md",)),
        Changed(None),
        Built(("index.html",), "/careers/", "error", "1 error.", 'a "b"\n  | ^'),
    ],
    ids=lambda message: type(message).__name__,
)
def test_messages_are_lines(message: Message) -> None:
    """A message is one line, whatever is in it, and is read back as it was."""
    line = line_of(message)
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert message_of(line) == message
