"""Asking servers whether pages are there, politely.

Each host is asked one thing at a time, with a pause after it; `HEAD` first, so that no page is sent for nothing.  No
cookie, password or address of the page with the link is ever sent.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from digest.documents.link_rules import Answer, Fate
from digest.planning.outward import is_private

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
GONE: Final = frozenset({404, 410})
UNSURE: Final = frozenset({401, 402, 403, 405, 406, 407, 418, 425, 429, 451, 999})
"""Statuses of servers that do not talk to everybody, or not to programs: the page may well be there."""
PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which it is worth asking again."""
STEPS: Final = 10
"""Redirects that are followed at most."""
TRIES: Final = 3
HEAD_BYTES: Final = 1 << 16
"""Bytes at most of one line of an answer's head, of which browsers take far more than `aiohttp` by itself."""
NO_ADDRESS: Final = "no server can be found by such an address"
Heard = Callable[[str, Answer], None]
"""Is told each answer as it comes, with the address that was asked."""


class Manners(NamedTuple):
    """How servers are asked; times are in seconds."""

    agent: str = ""
    """Who asks, with an address where people can read more."""
    budget: float = 600
    """For everything together; what is not answered by then is left."""
    patience: float = 20
    """For one answer."""
    pause: float = 1
    """Between an answer of a host and the next question to it."""
    back_off: float = 2
    """Before a question is asked again; twice as long before the next time."""
    longest: float = 60
    """The longest time that a host may ask to be left alone, and still be asked."""
    at_once: int = 16
    """Questions that wait for an answer at the same time."""
    private: bool = False
    """Ask hosts that are not on the public internet too."""


class _Reply(NamedTuple):
    """What came of one question."""

    fate: Fate
    status: int | None = None
    reason: str = ""
    leads: str | None = None
    """Where a redirect leads, as the server wrote it."""
    dead: bool = False
    """No connection could be made, so nothing else will be had from that server."""
    again: bool = False
    """It may be worth asking again."""
    later: float | None = None
    """Seconds for which the server asks to be left alone (RFC 9110 §10.2.3)."""


class _LeftError(Exception):
    """A host asks to be left alone for longer than we would wait."""


class _Host:
    """A host, and when it may be asked again."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.free_at = 0.0
        self.dead: dict[URL, _Reply] = {}
        """Servers of the host, by scheme and port, to which no connection could be made."""

    def rest(self, seconds: float) -> None:
        """Leave the host alone for a time from now."""
        self.free_at = max(self.free_at, asyncio.get_running_loop().time() + seconds)


def ask(addresses: Iterable[str], manners: Manners, heard: Heard) -> None:
    """Ask for every address once, and follow redirects; what `heard` is not told of was left."""
    asyncio.run(_Asker(manners, heard).all(addresses))


class _Asker:
    def __init__(self, manners: Manners, heard: Heard) -> None:
        self._manners = manners
        self._heard = heard
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._places = asyncio.Semaphore(manners.at_once)
        self._proxies = getproxies()

    async def all(self, addresses: Iterable[str]) -> None:
        """Ask for all addresses, as far as the time goes."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),  # `_places` is the limit
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._manners.agent, "Accept": "*/*"},
            timeout=aiohttp.ClientTimeout(total=self._manners.patience, sock_connect=self._manners.patience / 2),
            auto_decompress=False,
            max_line_size=HEAD_BYTES,
            max_field_size=HEAD_BYTES,
        ) as self._session:
            tasks = [asyncio.create_task(self._one(address)) for address in addresses]
            if not tasks:
                return
            try:
                done, late = await asyncio.wait(tasks, timeout=self._manners.budget)
            finally:
                for task in tasks:
                    task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            for task in done:
                task.result()  # what went wrong in our own code is not swallowed

    async def _one(self, address: str) -> None:
        with suppress(_LeftError):
            self._heard(address, await self._follow(address))

    async def _follow(self, address: str) -> Answer:
        """Ask for an address and for what it redirects to."""
        url = _read(address)
        if url is None:
            return Answer("unreachable", reason=NO_ADDRESS)
        here, moved, for_good, seen = None, None, True, {url}
        for _ in range(STEPS + 1):
            if is_private(url.host or "") and not self._manners.private:
                return Answer("private", here)
            reply = await self._sure(url)
            if reply.leads is None:
                return Answer(reply.fate, here, reply.status, reply.reason, moved)
            target = _read(reply.leads, url)
            if target is None:
                return Answer("astray", here, reply.status, f'it leads on to "{reply.leads}", which is no web page')
            url = target.with_fragment(None)
            if url in seen:
                return Answer("astray", here, reply.status, f"it leads in a circle, by way of {url}")
            seen.add(url)
            for_good = for_good and reply.status in PERMANENT
            here, moved = str(url), str(target) if for_good else moved
        return Answer("astray", here, reason=f"it leads on and on, more than {STEPS} times")

    async def _sure(self, url: URL) -> _Reply:
        """Ask by HEAD; where the server does not like that, or has nothing good to say, by GET; a few times."""
        host, method, tries = self._hosts[url.host or ""], "HEAD", 0
        async with host.turn:
            while url.origin() not in host.dead:
                reply = await self._turn(host, method, url)
                if method == "HEAD" and reply.status and reply.fate != "there" and not reply.later:
                    method = "GET"
                    continue
                tries += 1
                if reply.again and tries < TRIES:
                    method = "GET"
                    host.rest(self._manners.back_off * 2 ** (tries - 1))
                    continue
                if not reply.dead:
                    return reply
                host.dead[url.origin()] = reply
            return host.dead[url.origin()]

    async def _turn(self, host: _Host, method: str, url: URL) -> _Reply:
        """Ask once, when the host may be asked again."""
        wait = host.free_at - asyncio.get_running_loop().time()
        if wait > self._manners.longest:
            raise _LeftError
        if wait > 0:
            await asyncio.sleep(wait)
        async with self._places:
            reply = await self._question(method, url)
        host.rest(max(self._manners.pause, reply.later or 0))
        return reply

    async def _question(self, method: str, url: URL) -> _Reply:
        try:
            async with self._session.request(method, url, allow_redirects=False, proxy=self._proxy(url)) as response:
                if method == "GET":
                    response.close()  # without reading the page
                return _judged(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return self._failed(error, url)

    def _failed(self, error: Exception, url: URL) -> _Reply:
        """Return what it means that there was no answer."""
        fate: Fate = "unreachable"
        reason, dead, again = "the server hangs up without an answer", False, True
        if isinstance(error, aiohttp.ClientSSLError):
            fate, reason, dead, again = "tls", "no secure connection can be made to the server", True, False
            if isinstance(error, aiohttp.ClientConnectorCertificateError):
                why = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
                reason = f"the server's certificate is not accepted: {why}"
        elif isinstance(error, TimeoutError):
            fate, reason = "timeout", f"there was no answer within {self._manners.patience:g} seconds"
            dead = isinstance(error, aiohttp.ConnectionTimeoutError)
        elif isinstance(error, aiohttp.ClientConnectorError):
            unknown = isinstance(error, aiohttp.ClientConnectorDNSError)
            reason = f'no server is called "{url.host}"' if unknown else f'"{url.host}" cannot be reached'
            dead = True
        elif isinstance(error, ValueError):
            reason, again = NO_ADDRESS, False
        elif isinstance(error, aiohttp.ClientResponseError):
            reason = "what the server answers is not HTTP"
        return _Reply(fate, reason=reason, dead=dead, again=again)

    def _proxy(self, url: URL) -> str | None:
        """Return the proxy that this machine asks through, as other programs do (`HTTPS_PROXY`, `NO_PROXY`)."""
        proxy = self._proxies.get(url.scheme)
        return None if proxy is None or proxy_bypass(url.host or "") else proxy


def _judged(response: aiohttp.ClientResponse) -> _Reply:
    status, leads = response.status, response.headers.get("Location")
    if status in REDIRECTS:
        if leads is None:
            return _Reply("astray", status, f"the server answers {status}, and does not say where to")
        return _Reply("there", status, leads=leads)
    if status in GONE:
        return _Reply("gone", status)
    if status in UNSURE or status in PASSING:
        fate: Fate = "unsure" if status in UNSURE else "unreachable"
        return _Reply(fate, status, again=status in PASSING, later=_later(response.headers.get("Retry-After")))
    return _Reply("there" if 200 <= status < 300 else "unreachable", status)  # noqa: PLR2004 - RFC 9110 §15.3


def _later(written: str | None) -> float | None:
    """Return for how many seconds a server asks to be left alone: a number, or a date."""
    if written is None:
        return None
    if written.strip().isascii() and written.strip().isdigit():
        return float(written)
    try:
        return max(0.0, (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _read(written: str, base: URL | None = None) -> URL | None:
    """Return an address of the web, without user and password; None for anything else."""
    try:
        url = URL(written) if base is None else base.join(URL(written))
        return url.with_user(None) if url.scheme in {"http", "https"} and url.host else None
    except ValueError:
        return None
