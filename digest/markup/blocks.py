"""Block tokens to HTML and plain words, and with that a text to its `Body`.

Nothing is written as HTML but what this module and `inline` write themselves; every text from an editor is
escaped.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from markdown_it.token import Token

from digest.markup import BodyRead, Heading, Href, rules
from digest.markup.grammar import grammar
from digest.markup.inline import again, words_of, write_inline
from digest.markup.writer import TABLE_END, Writer, aligned, cell_tags

_FIXED: Final = {
    "paragraph_open": "<p>",
    "paragraph_close": "</p>\n",
    "bullet_list_open": "<ul>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_open": "<li>",
    "list_item_close": "</li>\n",
    "blockquote_open": "<blockquote>\n",
    "blockquote_close": "</blockquote>\n",
    "hr": "<hr>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_close": "</tr>\n",
    "dl_open": "<dl>\n",
    "dl_close": "</dl>\n",
    "dt_open": "<dt>",
    "dt_close": "</dt>\n",
    "dd_open": "<dd>",
    "dd_close": "</dd>\n",
    "footnote_block_close": "</ol></section>\n",
    "footnote_close": "</li>\n",
}
"""Tokens that are always written the same way."""

_ALIGN: Final = {
    "text-align:left": aligned(":-"),
    "text-align:center": aligned(":-:"),
    "text-align:right": aligned("-:"),
}
"""What stands in place of the style of a cell."""


_grammar: Final = functools.cache(grammar)
"""The grammar, which keeps nothing between calls, and takes as long to make as ten bodies to read."""


def write_body(text: str, lang: str) -> BodyRead:
    """Read any Markdown by the grammar; see `markup.read_body`, which is the way in."""
    env: dict[str, Any] = {}
    writer = Writer(text, lang)
    _write_blocks(writer, _grammar().parse(text, env))
    writer.unused_footnotes(env.get("footnote_faults", ()))
    return writer.result()


def _write_blocks(writer: Writer, tokens: Sequence[Token]) -> None:
    html, text = writer.html, writer.text
    for index, token in enumerate(tokens):
        kind = token.type
        if (fixed := _FIXED.get(kind)) is not None:
            if not token.hidden:
                html.append(fixed)
        elif kind == "inline":
            writer.places.enter(token)
            children = token.children or ()
            if len(children) == 1 and children[0].attrs.get("title") and html[-1:] == ["<p>"]:
                _figure(writer, children[0])
                tokens[index + 1].hidden = True
            else:
                write_inline(writer, children)
            text.append(" ")
        else:
            _WRITE[kind](writer, tokens, index)


def _heading_open(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    inline = tokens[index + 1]
    writer.places.enter(inline)
    level = int(tokens[index].tag[1])
    text = " ".join(words_of(inline.children).split())
    for rule, findings in (
        (rules.heading_empty, rules.heading_empty(text)),
        (rules.body_heading_1, rules.body_heading_1(level)),
        (rules.body_heading_order, rules.body_heading_order(level, writer.level)),
    ):
        for finding in findings:
            writer.report(rule, finding, writer.places.block())
    writer.level = max(level, 2)
    heading = Heading(writer.level, writer.new_id(text), text)
    writer.headings.append(heading)
    writer.html.append(f'<h{heading.level} id="{heading.id}">')


def _figure(writer: Writer, image: Token) -> None:
    """Write a picture that is a paragraph by itself with the words below it, which are its title in Markdown."""
    words = str(image.attrs.pop("title"))
    writer.html[-1] = '<figure class="app-picture">'
    write_inline(writer, (image,))
    writer.html.append(f"<figcaption>{escape(words, quote=False)}</figcaption></figure>\n")
    writer.text += (" ", words)


def _heading_close(writer: Writer, _tokens: Sequence[Token], _index: int) -> None:
    writer.html.append(f"</h{writer.level}>\n")


def _ordered_list_open(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    start = tokens[index].attrs.get("start")
    writer.html.append("<ol>\n" if start is None else f'<ol start="{start:d}">\n')


def _code(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    """Write a block of code, which scrolls and so can be focused."""
    token = tokens[index]
    language = token.info.split(maxsplit=1)[:1]
    named = f' class="language-{escape(language[0])}"' if language else ""
    writer.html.append(f'<pre tabindex="0"><code{named}>{escape(token.content, quote=False)}</code></pre>\n')
    writer.text += (" ", token.content, " ")


def _table_open(writer: Writer, _tokens: Sequence[Token], _index: int) -> None:
    writer.begin_table()


def _row_open(writer: Writer, _tokens: Sequence[Token], _index: int) -> None:
    writer.places.enter_row()
    writer.html.append("<tr>\n")


def _cell_open(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    align = _ALIGN.get(str(tokens[index].attrs.get("style")), "")
    writer.html.append(cell_tags(tokens[index].tag, align, tokens[index + 1].content)[0])


def _cell_close(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    writer.html.append(cell_tags(tokens[index].tag, "", tokens[index - 1].content)[1])


def _table_close(writer: Writer, _tokens: Sequence[Token], _index: int) -> None:
    writer.places.leave_table()
    writer.html.append(TABLE_END)


def _footnotes_open(writer: Writer, _tokens: Sequence[Token], _index: int) -> None:
    """Write the section of footnotes (DPUB-ARIA 1.1, doc-endnotes)."""
    writer.html.append(
        f'<section class="app-footnotes" role="doc-endnotes" aria-label="{writer.words.footnotes}"><ol>\n'
    )


def _footnote_open(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    writer.html.append(f'<li id="fn-{tokens[index].meta["id"] + 1}">')


def _footnote_back(writer: Writer, tokens: Sequence[Token], index: int) -> None:
    """Write a way back to each mark of a footnote; from the second on they are told apart by number."""
    token = tokens[index]
    label = writer.words.back
    if again(token):
        label = f"{label} ({token.meta['subId'] + 1})"
    writer.html.append(" <a")
    writer.cut(Href(f"#fnref-{token.meta['id'] + 1}{again(token)}"))
    # The second character asks for the arrow as text: phones would show a picture.
    writer.html.append(f' role="doc-backlink" aria-label="{escape(label)}">\u21a9\ufe0e</a>')


_WRITE: Final[dict[str, Callable[[Writer, Sequence[Token], int], None]]] = {
    "heading_open": _heading_open,
    "heading_close": _heading_close,
    "ordered_list_open": _ordered_list_open,
    "code_block": _code,
    "fence": _code,
    "table_open": _table_open,
    "table_close": _table_close,
    "tr_open": _row_open,
    "th_open": _cell_open,
    "th_close": _cell_close,
    "td_open": _cell_open,
    "td_close": _cell_close,
    "footnote_block_open": _footnotes_open,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_back,
}
