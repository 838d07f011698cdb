"""The rules of links that lead out of the site; they fire only where servers were asked, by `check --links`.

All are warnings: what other people's servers say today must not stop an editor's work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from digest.diagnostics import Finding, Rule, rule

Fate = Literal["there", "gone", "unsure", "unreachable", "timeout", "tls", "astray", "private"]
"""What became of a question: the page is there; it is not; the server will not say; and the ways to fail."""
ARCHIVE: Final = "web.archive.org"


class Answer(Struct, frozen=True, array_like=True):
    """What was heard of an address."""

    fate: Fate
    address: str | None = None
    """Where the answer is from, at the end of redirects; None where there were none."""
    status: int | None = None
    """The status of HTTP (RFC 9110 §15); None where there was none."""
    reason: str = ""
    """What went wrong, in words; empty where the status says all."""
    moved: str | None = None
    """Where permanent redirects (301, 308) lead, up to the first one that is not permanent."""


def _led(answer: Answer) -> str:
    """Return how the answer came about, where that was by redirects, as the beginning of a sentence."""
    return "" if answer.address is None else f"it leads on to {answer.address}, and "


def _copy(link: str) -> str:
    """Return what else may be done where a page is not to be had."""
    if urlsplit(link).hostname == ARCHIVE:
        return "look for another page that says it"
    return f"look for its new address, or see  https://{ARCHIVE}/web/{link}  for a copy"


@rule("link-gone", "warning")
def link_gone(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link leads to a page that is there.

    The server answers 404 (not found) or 410 (gone). It was asked twice, in the two ways that programs ask.
    Where an open job can be applied for no longer, it may be filled or called off.

    Mend: link to the page's new address, to a copy in an archive, or to another page that says the same. Where to
    apply: look the job up, then correct `apply`, or note the outcome.
    """
    hint = _copy(link)
    if field == "apply":
        hint = "look the job up, for it may be filled; then correct  apply  or note the outcome"
    yield Finding(f"{_led(answer)}the server answers {answer.status}: the page is not there", hint)


@rule("link-redirected", "warning")
def link_redirected(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link gives the address that a page has now.

    The server says that the page has moved for good (301 or 308). Such signposts are taken down in time, and each
    costs readers a second. Redirects that are only for now (302, 303, 307) are followed without a word.
    Where everything that is gone leads to a front page, the page itself may be gone.

    Mend: write the new address, once you have seen that it says the same.
    """
    del field
    if answer.moved is None:
        return
    old, new = urlsplit(link), urlsplit(answer.moved)
    target = answer.moved if new.fragment or not old.fragment else f"{answer.moved}#{old.fragment}"
    if new.path in {"", "/"} and not new.query and (old.path not in {"", "/"} or old.query):
        yield Finding(f"it has moved for good to a front page, {answer.moved}", _copy(link))
    else:
        yield Finding("the page has moved for good", f"write  {target}  once you have seen that it says the same")


@rule("link-unreachable", "warning")
def link_unreachable(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link leads to a server that answers.

    There is no server of that name, it cannot be reached, or it says that it fails (500 and above). It was asked three
    times, with growing pauses.

    Mend: open the link. If it is still dead tomorrow, link to another page or to a copy in an archive.
    """
    del field
    said = answer.reason or f"the server answers {answer.status}"
    yield Finding(f"{_led(answer)}{said}", f"try again tomorrow; {_copy(link)}")


@rule("link-timeout", "warning")
def link_timeout(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link leads to a server that answers in time.

    It was asked three times. Readers wait less long than that.

    Mend: open the link. If it is as slow tomorrow, link to another page or to a copy in an archive.
    """
    del field
    yield Finding(f"{_led(answer)}{answer.reason}", f"try again tomorrow; {_copy(link)}")


@rule("link-tls", "warning")
def link_tls(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link with `https:` leads to a server that proves who it is.

    Its certificate has run out, is for another name, or is vouched for by nobody this machine trusts. Browsers show
    readers a page of alarm instead.

    Mend: open the link in a browser. If it warns you too, link to another page or to a copy in an archive. If only this
    machine objects, it lacks the certificates of your organisation: name their file in `SSL_CERT_FILE`.
    """
    del field
    yield Finding(f"{_led(answer)}{answer.reason}", f"open it in a browser; {_copy(link)}")


@rule("link-astray", "warning")
def link_astray(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """The redirects behind a link lead to a page.

    They lead in a circle, go on after ten steps, do not say where to, or lead to something that is no web page, such as
    `javascript:`. A server that wants cookies first may lead only programs in a circle.

    Mend: open the link, and write the address at which you arrive.
    """
    del link, field
    yield Finding(answer.reason, "open the link, and write the address at which you arrive")


@rule("link-private", "warning")
def link_private(link: str, field: str, answer: Answer) -> Iterator[Finding]:
    """A link leads to a server on the public internet.

    `localhost`, `10.0.0.1` and names such as `intranet` or `files.local` mean another machine to each reader, or none.
    Such servers are not asked, unless the check is told to with `--link-private`.

    Wrong: `https://intranet/vacancies/1`

    Right: `https://www.example.gov.uk/vacancies/1`
    """
    del field
    host = urlsplit(answer.address or link).hostname
    finding = f'{_led(answer)}"{host}" is not on the public internet'
    yield Finding(finding, "link to a public page, or check with  --link-private  if all readers are in that network")


RULE_OF: Final[dict[Fate, Rule[str, str, Answer]]] = {
    "there": link_redirected,
    "gone": link_gone,
    "unreachable": link_unreachable,
    "timeout": link_timeout,
    "tls": link_tls,
    "astray": link_astray,
    "private": link_private,
}
"""The rule that speaks of each fate; "unsure" has none, for there is nothing to mend."""
LINKS: Final = tuple(sorted(rule.id for rule in RULE_OF.values()))
"""The ids of all rules of links; an entry may accept them."""
