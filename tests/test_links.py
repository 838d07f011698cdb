"""`check --links`: which links are asked for, how servers are asked, and what is said of their answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import trustme

from digest import __version__, asking, cli, links
from digest.asking import Manners, ask
from digest.build import Options, Snapshot
from digest.diagnostics import RULES, report
from digest.documents import link_rules
from digest.documents.link_rules import RULE_OF, Answer
from digest.memo import Memory
from digest.planning.outward import Outward, is_private, link_problems, outward
from digest.standing import Standing
from tests.builders import CONFIG, read_tree, text_of, theme, utc, write_tree

NOW: Final = "2026-06-01T12:00"
QUICK: Final = Manners("test", patience=5, pause=0, back_off=0, private=True)
"""Manners for a server of our own, which need not be spared."""
HUGE: Final = 1 << 28
"""Bytes of a page that nobody should fetch whole."""


class Asked(NamedTuple):
    """A request that a server was sent."""

    method: str
    path: str
    headers: dict[str, str]


Route = Callable[[BaseHTTPRequestHandler], object]


class Server:
    """A server on this machine, whose answers a test writes; every other path is a page."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """Serve, in threads."""
        self.asked: list[Asked] = []
        self.routes: dict[str, Route] = {}
        self.closing = threading.Event()
        self._busy = defaultdict[str, int](int)
        self.most_at_once = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                outer._busy["now"] += 1
                outer.most_at_once = max(outer.most_at_once, outer._busy["now"])
                outer.asked.append(Asked(self.command, self.path, dict(self.headers)))
                time.sleep(0.01)  # long enough for another question to be met
                outer._busy["now"] -= 1  # before the answer, on which the next one may follow at once
                outer.routes.get(self.path, status(200))(self)

            do_HEAD = do_GET = _answer  # noqa: N815 - names that `http.server` calls

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """Say nothing of clients that hang up."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def paths(self) -> list[tuple[str, str]]:
        """Return method and path of all requests, in order."""
        return [(asked.method, asked.path) for asked in self.asked]

    def close(self) -> None:
        """End, and release all answers that wait."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def status(code: int, **headers: str) -> Route:
    """Return an answer without a body; `_` in names of headers stands for `-`."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def in_turn(*routes: Route) -> Route:
    """Return an answer that is another one each time, and the last one from then on."""
    left = list(routes)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def by_method(head: Route, get: Route) -> Route:
    """Return an answer that depends on the method."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (head if handler.command == "HEAD" else get)(handler)

    return answer


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    """Give a server."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the list of all waits between questions, none of which is really waited for."""
    waits: list[float] = []
    original = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await original(0)

    monkeypatch.setattr(asyncio, "sleep", noted)
    return waits


def asked(*addresses: str, manners: Manners = QUICK) -> dict[str, Answer]:
    """Ask for addresses, and return the answers."""
    answers: dict[str, Answer] = {}
    ask(addresses, manners, answers.__setitem__)
    return answers


# --- which links ---------------------------------------------------------------------------------------------


def gathered(now: str = NOW, **entries: str) -> Outward:
    """Return the links of entries, given by path below `content/` with `__` for `/`."""
    files = {f"content/{name.replace('__', '/')}.md": text.encode() for name, text in entries.items()}
    files |= {"config.yaml": CONFIG.encode()}
    snapshot = Snapshot(files, {path: path.encode() for path in files})
    standing = Standing(snapshot, Options(utc(now)), Memory())
    reader, catalogue = standing.read()
    assert report(standing.problems, "text") == ""
    return outward(reader, catalogue, standing.config_text)


def test_links_are_found_wherever_they_are_written() -> None:
    """The text, where to apply, sources and pictures are looked through, and each place is told by line and column."""
    found = gathered(
        jobs__x=text_of(
            "job",
            apply='"https://a.example/apply"',
            source="[{name: A, url: https://a.example/1}, {name: B, url: https://a.example/2}]",
            image="{src: a.png, alt: A hall, credit: A, licence: OGL-3.0, url: https://a.example/3}",
            body="See [this](https://a.example/4), [[x|me]], [us](/about/) and <mailto:a@a.example>.",
        )
    )
    assert [(link, place.field, place.span.line) for link, there in found.links.items() for place in there] == [
        ("https://a.example/apply", "apply", 9),
        ("https://a.example/1", "source", 10),
        ("https://a.example/2", "source", 10),
        ("https://a.example/3", "image", 11),
        ("https://a.example/4", "", 14),
    ]
    places = [place for there in found.links.values() for place in there]
    marked = [(place.excerpt or "")[place.span.column - 1 :][: place.span.width] for place in places]
    assert marked == [*list(found.links)[:4], "[this](https://a.example/4)"]


def test_links_of_the_configuration_are_found() -> None:
    """Addresses in `config.yaml`, such as an organisation's own page, are asked for; that of the site is not."""
    text = CONFIG.replace("{name: Cabinet Office}", "{name: Cabinet Office, url: https://a.example/co}")
    files = {"config.yaml": text.encode()}
    reader, catalogue = Standing(Snapshot(files, {"config.yaml": b"1"}), Options(utc(NOW)), Memory()).read()
    found = outward(reader, catalogue, text)
    assert [(link, place.field, place.span.path) for link, there in found.links.items() for place in there] == [
        ("https://a.example/co", "organisations", "config.yaml")
    ]


def test_where_to_apply_for_a_closed_job_is_not_asked() -> None:
    """Links to apply die by nature: they are asked for while the job is open, and no longer; its sources always."""
    entry = text_of("job", source="{name: A, url: https://a.example/1}")
    assert set(gathered("2026-06-30T12:00", jobs__x=entry).links) == {
        "https://www.example.gov.uk/jobs/1",
        "https://a.example/1",
    }
    assert set(gathered("2026-07-01T12:00", jobs__x=entry).links) == {"https://a.example/1"}


def test_links_that_nobody_is_shown_are_not_asked() -> None:
    """A withdrawn entry shows no links; those into this site are other checks' business; drafts are asked for."""
    found = gathered(
        jobs__gone=text_of("job", withdrawn="{date: 2026-05-20, reason: A mistake.}"),
        news__own=text_of("news", source="{name: A, url: https://small.example/about/}"),
        news__draft=text_of("news", draft="true", source="{name: A, url: https://a.example/draft}"),
    )
    assert set(found.links) == {"https://a.example/draft"}


def test_one_page_is_asked_for_once() -> None:
    """Addresses that differ by their fragments alone are one page, whose places are all kept."""
    found = gathered(news__x=text_of("news", source="{name: A, url: https://a.example/1#a}",
                                     body="[B](https://a.example/1#b), [C](https://a.example/1)."))  # fmt: skip
    assert {link: [place.text for place in there] for link, there in found.links.items()} == {
        "https://a.example/1": ["https://a.example/1#a", "https://a.example/1#b", "https://a.example/1"]
    }


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "::1", "[::1]", "fd00::1", "intranet",
     "files.local", "a.localhost", "wiki.internal", "0.0.0.1", "LOCALHOST.", "2130706433"],
)  # fmt: skip
def test_private_hosts(host: str) -> None:
    """Hosts that mean another machine to each reader are known by name or number."""
    assert is_private(host)


@pytest.mark.parametrize("host", ["www.gov.uk", "gov.uk", "8.8.8.8", "2001:4860:4860::8888", "xn--n-nga1b.org", "x.y."])
def test_public_hosts(host: str) -> None:
    """Hosts of the public internet are not taken for private ones."""
    assert not is_private(host)


# --- how servers are asked -----------------------------------------------------------------------------------


def test_a_page_that_is_there(server: Server) -> None:
    """One HEAD is all that a page costs; it names who asks, and carries no cookie, password or page of origin."""
    server.routes["/x?a=b%20c"] = server.routes["/y"] = status(200, Set_Cookie="a=b")
    base = server.address.replace("127.0.0.1", "localhost")  # cookies are for names alone
    link = base.replace("//", "//user:secret@") + "/x?a=b%20c"
    answers = asked(link, f"{base}/y", manners=QUICK._replace(agent="digest (+https://small.example/)"))
    assert [answer.fate for answer in answers.values()] == ["there", "there"]
    assert sorted(server.paths()) == [("HEAD", "/x?a=b%20c"), ("HEAD", "/y")]
    for request in server.asked:
        assert request.headers["User-Agent"] == "digest (+https://small.example/)"
        assert not {"Cookie", "Authorization", "Referer"} & request.headers.keys()


@pytest.mark.parametrize("code", [404, 410])
def test_a_page_that_is_gone(server: Server, code: int) -> None:
    """404 and 410 are believed once GET gives them too, and are not asked a third time."""
    server.routes["/x"] = status(code)
    assert asked(f"{server.address}/x") == {f"{server.address}/x": Answer("gone", status=code)}
    assert server.paths() == [("HEAD", "/x"), ("GET", "/x")]


@pytest.mark.parametrize("code", [403, 404, 405, 500, 501])
def test_head_refused(server: Server, code: int) -> None:
    """A server that does not like HEAD is asked by GET, which decides."""
    server.routes["/x"] = by_method(status(code), status(200))
    assert asked(f"{server.address}/x")[f"{server.address}/x"].fate == "there"
    assert server.paths() == [("HEAD", "/x"), ("GET", "/x")]


@pytest.mark.parametrize("code", [401, 403, 451, 999])
def test_servers_that_will_not_say(server: Server, code: int) -> None:
    """A refusal says nothing of the page, which may be there for people."""
    server.routes["/x"] = status(code)
    assert asked(f"{server.address}/x")[f"{server.address}/x"] == Answer("unsure", status=code)


def test_redirects(server: Server) -> None:
    """Redirects are followed, also relative ones; the new address is where the permanent ones lead, and no further."""
    base = server.address
    server.routes |= {
        "/a": status(301, Location="/b?x=1"),
        "/b?x=1": status(308, Location=f"{base}/c#part"),
        "/c": status(302, Location="d"),
        "/e": status(307, Location="/a"),
        "/g": status(301, Location="/gone"),
        "/gone": status(404),
    }
    answers = asked(f"{base}/a", f"{base}/e", f"{base}/g")
    assert answers[f"{base}/a"] == Answer("there", f"{base}/d", 200, moved=f"{base}/c#part")
    assert answers[f"{base}/e"] == Answer("there", f"{base}/d", 200)
    assert answers[f"{base}/g"] == Answer("gone", f"{base}/gone", 404, moved=f"{base}/gone")


def test_redirects_that_lead_nowhere(server: Server) -> None:
    """Circles, chains without end, other schemes and signposts without an address end, and are told apart."""
    base = server.address
    server.routes |= {
        "/circle": status(301, Location="/circle2"),
        "/circle2": status(302, Location="/circle#again"),
        "/script": status(302, Location="javascript:alert(1)"),
        "/file": status(301, Location="file:///etc/passwd"),
        "/blank": status(302),
        **{f"/{number}": status(302, Location=f"/{number + 1}") for number in range(20)},
    }
    answers = asked(*(f"{base}/{name}" for name in ("circle", "script", "file", "blank", "0")))
    assert {answer.fate for answer in answers.values()} == {"astray"}
    assert [answer.reason for _, answer in sorted(answers.items())] == [
        "it leads on and on, more than 10 times",
        "the server answers 302, and does not say where to",
        f"it leads in a circle, by way of {base}/circle",
        'it leads on to "file:///etc/passwd", which is no web page',
        'it leads on to "javascript:alert(1)", which is no web page',
    ]
    assert ("HEAD", "/10") in server.paths()
    assert ("HEAD", "/11") not in server.paths()


def test_private_hosts_are_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts of a private network are sent nothing, whether a link or a redirect leads there, unless that is wanted."""
    manners = QUICK._replace(private=False)
    assert asked(f"{server.address}/x", manners=manners) == {f"{server.address}/x": Answer("private")}
    assert server.asked == []
    monkeypatch.setattr(asking, "is_private", lambda host: host == "localhost")
    inner = server.address.replace("127.0.0.1", "localhost") + "/inner"
    server.routes["/x"] = status(302, Location=inner)
    assert asked(f"{server.address}/x", manners=manners) == {f"{server.address}/x": Answer("private", inner)}
    assert server.paths() == [("HEAD", "/x")]


def test_a_busy_server_is_asked_again_when_it_says(server: Server, sleeps: list[float]) -> None:
    """429 and 503 are asked again, not before the time that Retry-After gives, in seconds or as a date."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    server.routes |= {
        "/x": in_turn(status(429, Retry_After="30"), status(200)),
        "/y": in_turn(status(503, Retry_After=later), status(200)),
    }
    assert asked(f"{server.address}/x")[f"{server.address}/x"].fate == "there"
    assert 29 < max(sleeps) <= 30
    sleeps.clear()
    assert asked(f"{server.address}/y")[f"{server.address}/y"].fate == "there"
    assert 30 < max(sleeps) <= 40


def test_a_server_that_wants_a_long_rest_has_it(server: Server, sleeps: list[float]) -> None:
    """A host that asks to be left alone for long is sent nothing more, and its links stay without an answer."""
    server.routes["/x"] = status(429, Retry_After="3600")
    assert asked(f"{server.address}/x", f"{server.address}/y") == {}
    assert server.paths() == [("HEAD", "/x")]
    assert sleeps == []


def test_failing_servers_are_asked_three_times(server: Server, sleeps: list[float]) -> None:
    """Failures are asked again twice, each pause twice as long as the one before; a recovery counts."""
    server.routes |= {
        "/x": status(503),
        "/y": in_turn(status(500), status(500), status(200)),
    }
    manners = QUICK._replace(back_off=8)
    assert asked(f"{server.address}/x", manners=manners)[f"{server.address}/x"] == Answer("unreachable", status=503)
    assert server.paths() == [("HEAD", "/x"), *[("GET", "/x")] * 3]
    assert [round(wait) for wait in sleeps] == [8, 16]
    assert asked(f"{server.address}/y", manners=manners)[f"{server.address}/y"].fate == "there"


def test_hosts_are_spared(server: Server, sleeps: list[float]) -> None:
    """One host is asked one thing at a time, and has its pause before the next question."""
    answers = asked(*(f"{server.address}/{number}" for number in range(6)), manners=QUICK._replace(pause=7))
    assert len(answers) == 6
    assert server.most_at_once == 1
    assert [round(wait) for wait in sleeps] == [7] * 5


def test_a_slow_server(server: Server) -> None:
    """A server that takes a question and does not answer is given up in time, after three tries."""
    server.routes["/x"] = lambda _: server.closing.wait(60)
    answers = asked(f"{server.address}/x", manners=QUICK._replace(patience=0.2))
    reason = "there was no answer within 0.2 seconds"
    assert answers == {f"{server.address}/x": Answer("timeout", reason=reason)}
    assert len(server.asked) == 3


def test_a_dripping_server(server: Server) -> None:
    """A server that sends its answer letter by letter is given up too, for the time counts, not the letters."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not server.closing.wait(0.02):
            handler.wfile.write(b"H")

    server.routes["/x"] = drip
    assert asked(f"{server.address}/x", manners=QUICK._replace(patience=0.2))[f"{server.address}/x"].fate in {
        "timeout",
        "unreachable",
    }


def test_the_budget_ends_everything(server: Server) -> None:
    """When the time is up, what was heard is kept and the rest is left."""
    released = server.closing
    server.routes["/slow"] = lambda _: released.wait(60)
    other = Server()
    try:
        answers = asked(f"{server.address}/slow", f"{other.address}/x", manners=QUICK._replace(budget=1.5, patience=60))
    finally:
        other.close()
    assert {answer.fate for answer in answers.values()} <= {"there"}
    assert f"{server.address}/slow" not in answers


def test_huge_pages_are_not_fetched(server: Server) -> None:
    """Of a page that only GET gives, the head is read and the rest is not."""
    sent: list[int] = []
    ended = threading.Event()

    def huge(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(HUGE))
        handler.end_headers()
        with suppress(OSError):
            sent.extend(handler.wfile.write(bytes(1 << 16)) for _ in range(HUGE >> 16))
        ended.set()

    server.routes["/x"] = by_method(status(405), huge)
    assert asked(f"{server.address}/x")[f"{server.address}/x"].fate == "there"
    assert ended.wait(60)
    assert sum(sent) < HUGE / 4


def test_servers_that_cannot_be_reached(sleeps: list[float]) -> None:
    """A refused connection and a name that nobody has are told apart; a dead server is not tried for every link."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        answers = asked(f"{base}/x", f"{base}/y", f"{base}/z", manners=QUICK._replace(back_off=8))
    assert set(answers.values()) == {Answer("unreachable", reason='"127.0.0.1" cannot be reached')}
    assert [round(wait) for wait in sleeps] == [8, 16]
    answers = asked("http://nobody.invalid/x", "http://[bad", "http://a.example:99999/")
    assert [answers[link].reason for link in sorted(answers)] == [
        asking.NO_ADDRESS,
        asking.NO_ADDRESS,
        'no server is called "nobody.invalid"',
    ]


def test_servers_that_hang_up(server: Server) -> None:
    """A connection that ends without an answer, and an answer that is not HTTP, are no pages."""
    server.routes |= {
        "/x": lambda handler: handler.connection.shutdown(socket.SHUT_RDWR),
        "/y": lambda handler: handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n"),
    }
    answers = asked(f"{server.address}/x", f"{server.address}/y")
    assert [answers[f"{server.address}/{name}"].reason for name in "xy"] == [
        "the server hangs up without an answer",
        "what the server answers is not HTTP",
    ]


def test_certificates_are_checked() -> None:
    """A server whose certificate nobody vouches for is not believed, and is asked once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = Server(context)
    try:
        answers = asked(f"{server.address}/x", f"{server.address}/y")
    finally:
        server.close()
    assert {answer.fate for answer in answers.values()} == {"tls"}
    assert {answer.reason.partition(":")[0] for answer in answers.values()} == {
        "the server's certificate is not accepted"
    }
    assert server.asked == []


def test_plain_answers_to_secure_questions(server: Server) -> None:
    """A server that does not speak TLS where a link says so is told as such."""
    link = server.address.replace("http:", "https:") + "/x"
    assert asked(link)[link] == Answer("tls", reason="no secure connection can be made to the server")


# --- what is said --------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """An answer, and the words that an editor gets for it."""

    rule: str
    link: str
    answer: Answer
    words: str
    field: str = "source"


LINK: Final = "https://a.example/1"
COPY: Final = "look for its new address, or see  https://web.archive.org/web/https://a.example/1  for a copy"
MOVED: Final = "https://b.example/1"
SAID: Final = (
    Said(
        "link-gone",
        LINK,
        Answer("gone", status=404),
        f"the server answers 404: the page is not there\n  hint: {COPY}",
    ),
    Said(
        "link-gone",
        LINK,
        Answer("gone", MOVED, 410, moved=MOVED),
        f"it leads on to {MOVED}, and the server answers 410: the page is not there\n  hint: {COPY}",
    ),
    Said(
        "link-gone",
        LINK,
        Answer("gone", status=404),
        "the server answers 404: the page is not there\n"
        "  hint: look the job up, for it may be filled; then correct  apply  or note the outcome",
        "apply",
    ),
    Said(
        "link-gone",
        "https://web.archive.org/web/2014/https://a.example/1",
        Answer("gone", status=404),
        "the server answers 404: the page is not there\n  hint: look for another page that says it",
    ),
    Said(
        "link-redirected",
        f"{LINK}#part",
        Answer("there", MOVED, 200, moved=MOVED),
        f"the page has moved for good\n  hint: write  {MOVED}#part  once you have seen that it says the same",
    ),
    Said(
        "link-redirected",
        f"{LINK}#part",
        Answer("there", MOVED, 200, moved=f"{MOVED}#new"),
        f"the page has moved for good\n  hint: write  {MOVED}#new  once you have seen that it says the same",
    ),
    Said(
        "link-redirected",
        LINK,
        Answer("there", "https://b.example/", 200, moved="https://b.example/"),
        f"it has moved for good to a front page, https://b.example/\n  hint: {COPY}",
    ),
    Said(
        "link-redirected",
        "http://a.example",
        Answer("there", "https://a.example/", 200, moved="https://a.example/"),
        "the page has moved for good\n  hint: write  https://a.example/  once you have seen that it says the same",
    ),
    Said(
        "link-unreachable",
        LINK,
        Answer("unreachable", status=503),
        f"the server answers 503\n  hint: try again tomorrow; {COPY}",
    ),
    Said(
        "link-unreachable",
        LINK,
        Answer("unreachable", MOVED, reason='no server is called "b.example"'),
        f'it leads on to {MOVED}, and no server is called "b.example"\n  hint: try again tomorrow; {COPY}',
    ),
    Said(
        "link-timeout",
        LINK,
        Answer("timeout", reason="there was no answer within 20 seconds"),
        f"there was no answer within 20 seconds\n  hint: try again tomorrow; {COPY}",
    ),
    Said(
        "link-tls",
        LINK,
        Answer("tls", reason="the server's certificate is not accepted: certificate has expired"),
        f"the server's certificate is not accepted: certificate has expired\n  hint: open it in a browser; {COPY}",
    ),
    Said(
        "link-astray",
        LINK,
        Answer("astray", MOVED, 302, f"it leads in a circle, by way of {LINK}"),
        f"it leads in a circle, by way of {LINK}\n  hint: open the link, and write the address at which you arrive",
    ),
    Said(
        "link-private",
        "http://10.0.0.1/1",
        Answer("private"),
        '"10.0.0.1" is not on the public internet\n'
        "  hint: link to a public page, or check with  --link-private  if all readers are in that network",
    ),
    Said(
        "link-private",
        LINK,
        Answer("private", "http://intranet/1"),
        'it leads on to http://intranet/1, and "intranet" is not on the public internet\n'
        "  hint: link to a public page, or check with  --link-private  if all readers are in that network",
    ),
)
"""Exact words for each rule; none of them can be had by building, so they have no folder in `tests/invalid`."""


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.rule)
def test_words(said: Said) -> None:
    """An editor is told of each answer in exactly these words, at the address in the entry."""
    written = f"{{name: A, url: '{said.link}'}}" if said.field == "source" else f"'{said.link}'"
    found = gathered(jobs__x=text_of("job", **({"apply": "not stated"} | {said.field: written})))
    ((address, (place,)),) = found.links.items()
    line = f"{said.field}: {written}"
    column = line.index(said.link)
    number = place.span.line
    head, _, hint = said.words.partition("\n")
    expected = [
        f"content/jobs/x.md:{number}:{column + 1}: warning[{said.rule}]: {head}",
        f"{number:>3} | {line}",
        f"    | {' ' * column}{'^' * len(said.link)}",
        f"{hint}, or if it is right add  accept: [{said.rule}]",
    ]
    assert report(link_problems(found, {address: said.answer}), "text") == "\n".join(expected)


def test_every_rule_of_links_has_its_words() -> None:
    """No rule of links is without its exact words above, and each can be had by an answer."""
    assert {said.rule for said in SAID} == {rule.id for rule in RULE_OF.values()}
    assert {rule.id for rule in RULE_OF.values()} == {name for name, rule in RULES.items()
                                                      if rule.find.__module__ == link_rules.__name__}  # fmt: skip


@pytest.mark.parametrize(
    "answer", [Answer("there", status=200), Answer("there", MOVED, 200), Answer("unsure", None, 403)]
)
def test_nothing_is_said_of_what_is_well(answer: Answer) -> None:
    """A page that is there, one that leads on for now, and one whose server will not say, are no problems."""
    found = gathered(news__x=text_of("news", source=f"{{name: A, url: {LINK}}}"))
    assert link_problems(found, {LINK: answer}) == []


def test_an_entry_accepts_a_rule() -> None:
    """What an entry accepts is not told of its links; of others' it is, and accepting in vain is told."""
    accepting = text_of("news", source=f"{{name: A, url: {LINK}}}", accept="[link-gone]")
    found = gathered(news__x=accepting, news__y=text_of("news", source=f"{{name: A, url: {LINK}}}"))
    told = [(problem.rule, problem.span.path) for problem in link_problems(found, {LINK: Answer("gone", status=404)})]
    assert told == [("link-gone", "content/news/y.md")]
    (vain,) = link_problems(found, {LINK: Answer("there", status=200)})
    assert report([vain], "text") == (
        'content/news/x.md:7:10: warning[accept-unused]: "link-gone" has nothing to say here\n'
        "  7 | accept: [link-gone]\n"
        "    |          ^^^^^^^^^\n"
        "  hint: delete it from the list"
    )
    assert link_problems(found, {}) == []
    assert link_problems(found, {LINK: Answer("unsure", status=403)}) == []


def test_the_site_switches_a_rule_off() -> None:
    """A rule that is off in the configuration says nothing of any link."""
    found = gathered(news__x=text_of("news", source=f"{{name: A, url: {LINK}}}"))._replace(off=("link-gone",))
    assert link_problems(found, {LINK: Answer("gone", status=404)}) == []


# --- the command ---------------------------------------------------------------------------------------------


class Done(NamedTuple):
    """What a command did."""

    status: int
    out: list[str]
    err: str


Run = Callable[..., Done]


@pytest.fixture
def root(tmp_path: Path, server: Server) -> Path:
    """Give the folder of a site with three links to the server, of which one is gone."""
    server.routes["/gone"] = status(404)
    body = f"[A page]({server.address}/there) and [another]({server.address}/gone)."
    source = f"{{name: A, url: {server.address}/source}}"
    files = {
        "config.yaml": CONFIG.encode(),
        "content/news/x.md": text_of("news", source=source, body=body).encode(),
    }
    return write_tree(tmp_path / "digest", theme() | files)


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that checks the site's links at noon on 1 June 2026, without pauses."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(utc(NOW).timestamp())))
    original = Manners

    def hurried(**manners: Any) -> Manners:
        return original(**{"pause": 0, "back_off": 0} | manners)

    monkeypatch.setattr(asking, "Manners", hurried)

    def command(*arguments: str) -> Done:
        done = cli.main(["check", "--links", "--link-private", *arguments, "--root", str(root)])
        said = capsys.readouterr()
        return Done(done, said.out.splitlines(), said.err)

    return command


def test_the_command_reports_links(run: Run, root: Path, server: Server) -> None:
    """Problems of links are warnings at their places; nothing is written but what was heard."""
    before = read_tree(root)
    done = run()
    assert done.status == 0
    first, second = f"[A page]({server.address}/there) and ", f"[another]({server.address}/gone)"
    *told, hint = done.err.splitlines()
    assert told == [
        f"content/news/x.md:9:{len(first) + 1}: warning[link-gone]: the server answers 404: the page is not there",
        f"  9 | {first}{second}.",
        f"    | {' ' * len(first)}{'^' * len(second)}",
    ]
    assert hint.endswith(f"see  https://web.archive.org/web/{server.address}/gone  for a copy, "
                         "or if it is right add  accept: [link-gone]")  # fmt: skip
    assert done.out[0].startswith("1 entry: 1 published. ")
    assert done.out[1:] == ["3 addresses of other sites: 2 there, 1 not."]
    after = read_tree(root)
    assert after.pop(".cache/links")
    assert after == before
    agents = {asked.headers["User-Agent"] for asked in server.asked}
    assert agents == {f"careers-digest/{__version__} (link check; +https://small.example/)"}


def test_strict_fails_on_links(run: Run) -> None:
    """With --strict a link that is gone fails the check."""
    assert run("--strict").status == 1


def test_a_check_without_the_option_asks_nobody(root: Path, server: Server) -> None:
    """Neither `check` nor `build` depends on other people's servers."""
    assert cli.main(["check", "--root", str(root), "--now", NOW]) == 0
    assert cli.main(["build", "--root", str(root), "--now", NOW]) == 0
    assert server.asked == []


def test_good_answers_are_believed_for_a_week(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good answers are not asked for again within a week, bad ones are each time; --no-cache asks for all."""
    run()
    server.asked.clear()
    assert run().out[1:] == ["3 addresses of other sites: 2 there (2 by what was heard within 7 days), 1 not."]
    assert server.paths() == [("HEAD", "/gone"), ("GET", "/gone")]
    server.asked.clear()
    assert run("--no-cache").out[1:] == ["3 addresses of other sites: 2 there, 1 not."]
    assert {path for _, path in server.paths()} == {"/gone", "/source", "/there"}
    server.asked.clear()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(utc(NOW).timestamp()) + links.FRESH))
    run()
    assert {path for _, path in server.paths()} == {"/gone", "/source", "/there"}


def test_the_age_of_answers_is_by_the_time_and_not_by_the_clock_of_the_site(run: Run, server: Server) -> None:
    """A check of the site as it will stand in a year does not take what was heard for old."""
    run()
    server.asked.clear()
    run("--now", "2027-06-01")
    assert {path for _, path in server.paths()} == {"/gone"}


def test_a_moved_page_is_told_again_from_memory(run: Run, server: Server) -> None:
    """A page that has moved is advice each time, also where it is not asked for again."""
    server.routes["/source"] = status(301, Location="/new")
    said = run().err
    server.asked.clear()
    assert f"write  {server.address}/new  once" in said
    assert run().err == said
    assert {path for _, path in server.paths()} == {"/gone"}


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_memory_is_no_memory(run: Run, root: Path, server: Server, damage: bytes | None) -> None:
    """What is remembered of links is data only, and may be damaged: then servers are asked again."""
    run()
    server.asked.clear()
    memory = root / ".cache" / "links"
    whole = memory.read_bytes()
    memory.write_bytes(whole[:-9] + b"\0" * 9 if damage is None else damage)
    assert run().out[1:] == ["3 addresses of other sites: 2 there, 1 not."]
    assert len({path for _, path in server.paths()}) == 3


def test_private_hosts_are_told_unless_wanted(root: Path, run: Run, server: Server,
                                              capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Without --link-private, links to a private network are problems, also where they were heard of before."""
    run()
    server.asked.clear()
    assert cli.main(["check", "--links", "--root", str(root)]) == 0
    assert capsys.readouterr().err.count('warning[link-private]: "127.0.0.1" is not on the public internet') == 3
    assert server.asked == []


def test_what_was_not_asked_is_told(run: Run, server: Server) -> None:
    """Servers that will not say and those that want a rest are named, so that nothing is passed over in silence."""
    server.routes["/there"] = status(403)
    server.routes["/gone"] = status(429, Retry_After="3600")
    host = server.address.removeprefix("http://")
    out = run().out
    assert out[1:] == [
        "3 addresses of other sites: 1 there, 1 unsure, 1 not asked.",
        "These servers do not talk to programs; open the pages yourself:",
        f"  {server.address}/there (403), content/news/x.md:9:1",
        f"Not asked, for lack of time or because a server wanted a rest: {host}. Check again later.",
    ]


def test_mistakes_come_first(run: Run, root: Path, server: Server) -> None:
    """While there are errors nobody is asked, and that is said."""
    write_tree(root, {"content/news/y.md": b"nothing"})
    done = run()
    assert done.status == 1
    assert done.err.endswith("Nothing was published.\nNo server was asked; mend these first.\n")
    assert server.asked == []


def test_a_machine_that_is_cut_off(root: Path, capsys: pytest.CaptureFixture[str],
                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Where not one of several servers can be reached, that is said of the machine, and nothing of the links."""
    text = " ".join(f"[{name}](https://{name}.invalid/)" for name in "abcd")
    write_tree(
        root, {"content/news/x.md": text_of("news", source="{name: A, url: https://e.invalid/}", body=text).encode()}
    )
    dead = Answer("unreachable", reason="no server")
    monkeypatch.setattr(links, "ask", lambda left, _, heard: [heard(link, dead) for link in left])
    assert cli.main(["check", "--links", "--root", str(root), "--now", NOW]) == 3
    said = capsys.readouterr()
    assert said.err == "Not one server could be reached, so this machine seems to be cut off. Nothing was checked.\n"
    assert said.out == ""
