"""The rules of a Markdown body.

Each is given one thing that the reader of bodies met.  Where it stands is the reader's to say, so a
finding here marks the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal
from urllib.parse import unquote

from digest.diagnostics import Finding, rule

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ALLOWED: Final = frozenset({"http", "https", "mailto", "tel"})
_EMPTY: Final = re.compile(r"#?|(?:https?|mailto|tel):/*", re.IGNORECASE)
_IGNORED_BY_BROWSERS: Final = re.compile(r"[\x00-\x20\x7f]+")
_EXTERNAL: Final = re.compile(r"https?://[^/?#]|(?:mailto|tel):[^/]", re.IGNORECASE)
_ENTRY_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FILE_PATH: Final = re.compile(r"(?:[\w][\w .()+,-]*/)*[\w][\w .()+,-]*")
_PICTURE_FILE: Final = re.compile(r"\S+\.(?:avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)


FootnoteFault = Literal["unmarked", "again", "within"]
"""Why a footnote is not shown."""


def scheme_of(href: str) -> str | None:
    """Name the scheme a browser would see, lower-case; None for a path or a fragment.

    Control characters and spaces are passed over, encoded or not: browsers drop some of them
    (WHATWG URL §4.4), and nobody means them.
    """
    found = _SCHEME.match(_IGNORED_BY_BROWSERS.sub("", unquote(href)))
    return found[1].lower() if found else None


def is_external(href: str) -> bool:
    """Tell whether this is a complete address of an allowed scheme."""
    return _EXTERNAL.match(href) is not None


def is_site_path(href: str) -> bool:
    """Tell whether this is a path from the root of the site; `//host/` is not."""
    return href.startswith("/") and not href.startswith("//")


def is_fragment(href: str) -> bool:
    """Tell whether this is a place in the same body."""
    return len(href) > 1 and href.startswith("#")


def is_entry_id(id_: str) -> bool:
    """Tell whether this could be the id of an entry."""
    return _ENTRY_ID.fullmatch(id_) is not None


@rule("link-empty")
def link_empty(href: str) -> Iterator[Finding]:
    """A link leads somewhere.

    A link without an address takes readers nowhere, and is often one that was to be filled in later.

    Wrong: `[the advert]()`.

    Right: `[the advert](https://www.gov.uk/jobs/1)`.
    """
    if _EMPTY.fullmatch(href):
        yield Finding("the link has no address", "write the address between the round brackets")


@rule("link-scheme")
def link_scheme(href: str) -> Iterator[Finding]:
    """A link begins with `https:`, `http:`, `mailto:` or `tel:`, or is a path of this site.

    `javascript:` and `data:` run in the reader's browser, `file:` leads into one's own computer, and
    others do not work in most browsers.  The link is left out and its words are kept.

    Wrong: `[words](javascript:alert(1))`.

    Right: `[words](https://www.gov.uk/)`.
    """
    scheme = scheme_of(href)
    if scheme and scheme not in _ALLOWED:
        hint = "use an address that begins with https://"
        if "." in scheme:
            hint = f"if {scheme} is a site, write  https://{scheme}"
        yield Finding(f'a link may not begin with "{scheme}:"', hint)


@rule("link-relative")
def link_relative(href: str) -> Iterator[Finding]:
    """A link gives a whole address, or a path from the root of the site.

    The same words are shown on pages, in feeds and in emails, and a path that is relative to one of them is
    wrong in the others.

    Wrong: `[words](../chief-data-officer/)`, `[words](www.gov.uk)`.

    Right: `[[chief-data-officer|words]]`, `[words](/about/)`, `[words](https://www.gov.uk/)`.
    """
    if is_external(href) or is_site_path(href) or is_fragment(href):
        return
    shown = unquote(href)
    if href.startswith("//"):
        yield Finding(f'"{shown}" does not say which scheme', f"write  https:{shown}")
    elif href.lower().startswith("www."):
        yield Finding(f'"{shown}" is not a whole address', f"write  https://{shown}")
    else:
        yield Finding(
            f'"{shown}" is neither a whole address nor a path of this site',
            "write https://…, or a path such as /about/, or [[entry-id]]",
        )


@rule("link-text-empty")
def link_text_empty(text: str) -> Iterator[Finding]:
    """A link has words.

    Screen readers read the words of a link, and without them read out the address or nothing.

    Wrong: `[](https://www.gov.uk/)`.

    Right: `[Jobs on GOV.UK](https://www.gov.uk/)`.
    """
    if not text.strip():
        yield Finding("the link has no words", "write between the square brackets what it leads to")


@rule("link-entry")
def link_entry(target: str, *, closed: bool) -> Iterator[Finding]:
    r"""Double square brackets hold the id of an entry.

    An id is the name of the entry's file without `.md`: lower-case letters, digits and hyphens.  In a table, the
    bar before the words is written `\|`, because a bar alone ends the cell.

    Wrong: `[[Chief data officer]]`.

    Right: `[[chief-data-officer]]`, `[[chief-data-officer|the post]]`.
    """
    if not closed:
        yield Finding(f'"[[{target}" is not closed by "]]"', r"in a table, write  \|  for the bar between id and words")
    elif not is_entry_id(target):
        made = "-".join(re.findall(r"[a-z0-9]+", target.lower())) or "entry-id"
        yield Finding(f'"{target}" is not the id of an entry', rf"write  [[{made}]] , or \[[ for brackets as such")


@rule("link-unread", "warning")
def link_unread(source: str) -> Iterator[Finding]:
    """What looks like a link is one.

    A space between the brackets or in the address, or a name that is defined nowhere, leaves the brackets standing
    in the text.

    Wrong: `[words] (https://www.gov.uk/)`, `[words](https://www.gov.uk/a page)`.

    Right: `[words](https://www.gov.uk/)`, `[words](https://www.gov.uk/a%20page)`.
    """
    if source:
        yield Finding(
            f'"{source}" looks like a link but is shown as it stands',
            "leave no space between ] and ( nor in the address; define a [name] with  [name]: https://…",
        )


@rule("image-alt")
def image_alt(alt: str) -> Iterator[Finding]:
    """A picture has words that say what it shows.

    People who do not see it get these words instead (WCAG 2.2, 1.1.1).

    Wrong: `![](team.jpg)`, `![team.jpg](team.jpg)`.

    Right: `![Nine people at a whiteboard](team.jpg)`.
    """
    if not alt.strip():
        yield Finding("the picture has no words", "say what it shows:  ![Nine people at a whiteboard](team.jpg)")
    elif _PICTURE_FILE.fullmatch(alt.strip()):
        yield Finding(f'"{alt.strip()}" is the name of a file', "say what the picture shows")


@rule("image-src")
def image_src(src: str) -> Iterator[Finding]:
    """A picture is a file in `content/images/`.

    A picture from another host tells that host who reads the page, and is gone when the host is.  It is left out and
    its words are kept.

    Wrong: `![A chart](https://example.org/chart.png)`, `![A chart](../chart.png)`.

    Right: `![A chart](2026/chart.png)`, for `content/images/2026/chart.png`.
    """
    if _FILE_PATH.fullmatch(src):
        return
    if is_external(src) or src.startswith("//"):
        yield Finding("the picture is on another host", "keep a copy in content/images/ if its licence allows")
    elif src.startswith("data:"):
        yield Finding("the picture is written into the address", "put it in content/images/ as a file")
    else:
        yield Finding(f'"{src}" is not the name of a file below content/images/', "write  ![words](name.jpg)")


@rule("heading-empty")
def heading_empty(text: str) -> Iterator[Finding]:
    """A heading has words.

    Screen readers list the headings of a page, and an empty one is a step that leads nowhere.

    Wrong: `##`, alone on a line.

    Right: `## What you will do`.
    """
    if not text.strip():
        yield Finding("the heading has no words")


@rule("body-heading-1")
def body_heading_1(level: int) -> Iterator[Finding]:
    """Headings of a body begin at the second level.

    The title of the entry is the one first-level heading of its page.

    Wrong: `# What you will do`.

    Right: `## What you will do`.
    """
    if level == 1:
        yield Finding("a first-level heading: that is the title of the entry", "use ##")


@rule("body-heading-order", "warning")
def body_heading_order(level: int, before: int) -> Iterator[Finding]:
    """No level of heading is skipped on the way down.

    People who move by headings take a missing level for something they have missed.

    Wrong: `## Pay`, then `#### London`.

    Right: `## Pay`, then `### London`.
    """
    if level > before + 1:
        yield Finding(f"level {level} comes after level {before}", f"use {'#' * (before + 1)}")


@rule("body-html", "warning")
def body_html(tag: str) -> Iterator[Finding]:
    """A body is Markdown, without HTML.

    HTML is shown as the letters it is written in: it could break the page, run in the reader's browser, and does not
    work in calendars and plain email.

    Wrong: `<b>Note</b>`.

    Right: `**Note**`.
    """
    shown = " ".join(tag.split())
    yield Finding(f'"{shown}" is HTML and is shown as it stands', r"use Markdown, or \< for the sign itself")


@rule("footnote-unknown")
def footnote_unknown(label: str) -> Iterator[Finding]:
    """A footnote mark has its footnote.

    A mark without one leaves readers with a sign that means nothing.

    Wrong: `The figure is disputed.[^1]`, and nothing more.

    Right: `The figure is disputed.[^1]`, then `[^1]: The reports differ.`
    """
    yield Finding(
        f'there is no footnote "{label}"', rf"write  [^{label}]: …  on a line of its own, or \[^ for the sign"
    )


@rule("footnote-unused")
def footnote_unused(label: str, fault: FootnoteFault) -> Iterator[Finding]:
    """A footnote is written once and has a mark in the text.

    A footnote without a mark, written a second time, or written within another, would not be shown.

    Wrong: `The figure is disputed.`, then `[^1]: The reports differ.`

    Right: `The figure is disputed.[^1]`, then `[^1]: The reports differ.`
    """
    if fault == "again":
        yield Finding(f'the footnote "{label}" is written twice', "give the second a label of its own")
    elif fault == "within":
        yield Finding(f'the footnote "{label}" is written within another', "put it at the start of a line of its own")
    else:
        yield Finding(f'the footnote "{label}" is marked nowhere in the text', f"write  [^{label}]  where it belongs")


ALL: Final = (
    link_empty,
    link_scheme,
    link_relative,
    link_text_empty,
    link_entry,
    link_unread,
    image_alt,
    image_src,
    heading_empty,
    body_heading_1,
    body_heading_order,
    body_html,
    footnote_unknown,
    footnote_unused,
)
