"""Inline tokens to HTML and plain words: running text, links, pictures, footnote marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final
from urllib.parse import unquote

from markdown_it.token import Token

from digest.markup import Href, Title, rules
from digest.markup.writer import BREAK, HARD_BREAK, Writer, escaped

_FIXED: Final = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
}
_BREAKS: Final = {"softbreak": BREAK, "hardbreak": HARD_BREAK}


def write_inline(writer: Writer, children: Sequence[Token]) -> None:
    """Write the tokens of one block's text, in order."""
    html, text = writer.html, writer.text
    for token in children:
        kind = token.type
        if kind == "text":
            content = token.content
            text.append(content)
            html.append(escaped(content))
            if "]" in content:
                writer.unread_links(content)
        elif (fixed := _FIXED.get(kind)) is not None:
            html.append(fixed)
        else:
            _WRITE[kind](writer, token)


def words_of(children: Sequence[Token] | None) -> str:
    """Give the plain words of inline tokens, without footnote marks."""
    return "".join(
        " " if child.type in _BREAKS else words_of(child.children) or child.content for child in children or ()
    )


def _break(writer: Writer, token: Token) -> None:
    writer.html.append(_BREAKS[token.type])
    writer.text.append(" ")


def _as_it_stands(writer: Writer, token: Token) -> None:
    writer.html.append(escaped(token.content))
    writer.text.append(token.content)


def _code(writer: Writer, token: Token) -> None:
    writer.html.append(f"<code>{escaped(token.content)}</code>")
    writer.text.append(token.content)


def _tag(writer: Writer, token: Token) -> None:
    writer.find(token, rules.body_html, token.content)
    _as_it_stands(writer, token)


def _entry_unclosed(writer: Writer, token: Token) -> None:
    writer.find(token, rules.link_entry, token.content[2:], closed=False)
    _as_it_stands(writer, token)


def _footnote_unknown(writer: Writer, token: Token) -> None:
    writer.find(token, rules.footnote_unknown, token.content[2:-1])
    _as_it_stands(writer, token)


def _link_open(writer: Writer, token: Token) -> None:
    """Open a link; one that is refused, or stands within another, is written as its words alone."""
    if writer.links:
        written = False
    elif "entry" in token.meta:
        written = _open_entry(writer, token)
    else:
        written = _open_address(writer, token)
    writer.links.append((token, "</a>" if written else "", len(writer.text)))


def _open_entry(writer: Writer, token: Token) -> bool:
    id_ = token.meta["entry"]
    if writer.find(token, rules.link_entry, id_, closed=True):
        return False
    writer.mention("entry", id_, token)
    _begin(writer, f"entry:{id_}", "")
    return True


def _open_address(writer: Writer, token: Token) -> bool:
    href = str(token.attrs["href"])
    title = _title(token)
    if rules.is_external(href):
        writer.mention("external", href, token)
        writer.external_link(href, title)
    elif rules.is_site_path(href):
        writer.mention("path", href, token)
        _begin(writer, href, title)
    elif rules.is_fragment(href):
        writer.mention("fragment", href, token)
        _begin(writer, href, title)
    else:
        any(writer.find(token, rule, href) for rule in (rules.link_empty, rules.link_scheme, rules.link_relative))
        return False
    return True


def _begin(writer: Writer, target: str, attributes: str) -> None:
    writer.html.append("<a")
    writer.cut(Href(target))
    writer.html.append(f"{attributes}>")


def _title(token: Token) -> str:
    title = token.attrs.get("title")
    return f' title="{escape(str(title))}"' if title else ""


def _link_close(writer: Writer, _token: Token) -> None:
    opening, closing, words_before = writer.links.pop()
    if not writer.links:
        writer.find(opening, rules.link_text_empty, "".join(writer.text[words_before:]))
    writer.html.append(closing)


def _entry_title(writer: Writer, token: Token) -> None:
    """Write the place of an entry's title, or the id alone where there is no link."""
    writer.text.append(token.content)
    if writer.links[-1][1]:
        writer.cut(Title(token.meta["entry"]))
    else:
        writer.html.append(escaped(token.meta["entry"]))


def _image(writer: Writer, token: Token) -> None:
    """Write a picture; one that is refused is written as its words alone."""
    alt = " ".join(words_of(token.children).split())
    src = unquote(str(token.attrs["src"]))
    writer.text.append(alt)
    writer.find(token, rules.image_alt, alt)
    if writer.find(token, rules.image_src, src):
        writer.html.append(escaped(alt))
        return
    writer.mention("image", src, token)
    writer.html.append("<img")
    writer.cut(Href(f"image:{src}", "src"))
    writer.html.append(f' alt="{escape(alt)}"{_title(token)} loading="lazy" decoding="async">')


def _footnote_ref(writer: Writer, token: Token) -> None:
    number = token.meta["id"] + 1
    label = f"{writer.words.footnote} {number}"
    writer.html.append("<sup>")
    id_ = f"fnref-{number}{again(token)}"
    _begin(writer, f"#fn-{number}", f' id="{id_}" role="doc-noteref" aria-label="{escape(label)}"')
    writer.html.append(f"{number}</a></sup>")


def again(token: Token) -> str:
    """Give the end of the id of a mark whose footnote has been marked before: `-2`, `-3`, ..."""
    return f"-{token.meta['subId'] + 1}" if token.meta["subId"] > 0 else ""


_WRITE: Final[dict[str, Callable[[Writer, Token], None]]] = {
    "softbreak": _break,
    "hardbreak": _break,
    "text_special": _as_it_stands,
    "code_inline": _code,
    "tag": _tag,
    "link_open": _link_open,
    "link_close": _link_close,
    "entry_title": _entry_title,
    "entry_unclosed": _entry_unclosed,
    "image": _image,
    "footnote_ref": _footnote_ref,
    "footnote_unknown": _footnote_unknown,
}
