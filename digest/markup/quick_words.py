"""Running text as most editors write it, written as it is gone through.

It holds nothing but words: stressed words, links, links to entries, code.  What is written is what `inline` writes of
the tokens of the same text.
"""

from __future__ import annotations

import re
from typing import Final

from digest.markup import Href, Mention, MentionKind, Title
from digest.markup.rules import is_entry_id
from digest.markup.typography import with_dashes, with_plain_quotes
from digest.markup.writer import BREAK, HARD_BREAK, Writer, escaped

_STOPS: Final = re.escape("\n\\`*_[]!<&")
"""The characters that rules of inline text begin with, and `]`, at which the search for the end of a link stops."""
_STOP: Final = re.compile(f"[{_STOPS}]")
_REST: Final = r"[\w/?:@&=+$,.!~*'#-]"
"""What stands for itself in an address: no bracket, and no semicolon, with which an entity would end."""

_PIECE: Final = re.compile(
    rf"""
    # After space or a bracket a mark can open, before space or what ends words it can close; nothing open is between.
    (?<! [^\ \n(] ) (?P<mark> \*\*? | __? )
      (?P<stressed> [^\s{_STOPS}] [^{_STOPS}]* ) (?<= \S ) (?P=mark)
      (?! [^\ \n.,:;)?] )
    | \[ (?P<words> [^\s{_STOPS}^] [^{_STOPS}]* ) \]
      \( (?: (?P<address> https?:// (?a: [a-z0-9.-] ){{1,255}} (?: [/?#] (?a: {_REST} )* )? )
           | (?P<path> / (?! / ) (?a: {_REST} )* )
           | (?P<fragment> \# (?a: {_REST} )+ ) ) \)
    | \[\[ (?P<id> [a-z0-9-]+ ) (?: \| (?P<named> [^\s{_STOPS}|] (?: [^{_STOPS}|]* [^\s{_STOPS}|] )? ) )? \]\]
      (?! [(\[] )
    | ` (?P<code> [^`\s] (?: [^`\n]* [^`\s] )? ) ` (?! ` )
    | (?P<line_end> \n )
    | (?P<plain> ! (?! \[ ) | & (?! \#? [A-Za-z0-9]+ ; ) | (?<= [A-Za-z0-9] ) _ (?= [A-Za-z0-9] ) )
    """,
    re.VERBOSE,
)

_MARKED: Final = {"*": "em", "_": "em", "**": "strong", "__": "strong"}

_EDGE: Final = " "
"""What stands beside words where a line begins or ends."""
_WITHIN: Final = "\0"
"""What stands beside words where a piece of another kind does; no quotation mark begins or ends there."""


class NotPlain(Exception):  # noqa: N818 (no error: a reason to leave the body to the grammar)
    """A body holds what most editors do not write, or what has to be reported."""


def write_words(writer: Writer, content: str, line: int, indent: int) -> None:
    """Write the text of one block, which has no space at its ends.

    The first of its lines is `line` of the body, counted from 0; each begins after `indent` characters.
    """
    begin, before = 0, _EDGE
    found = _STOP.search(content)
    while found is not None:
        start = found.start()
        piece = _PIECE.match(content, start)
        if piece is None:
            raise NotPlain
        kind = piece.lastgroup
        if kind != "plain":
            ends_line = kind == "line_end"
            words = content[begin:start]
            spaces = len(words)
            if ends_line:
                words = words.rstrip(" ")
                spaces -= len(words)
            if words:
                _say(writer, words, before, _EDGE if ends_line else _WITHIN)
            if ends_line:
                writer.html.append(HARD_BREAK if spaces > 1 else BREAK)
                writer.text.append(" ")
            else:
                _write_piece(writer, piece, line, indent)
            begin, before = piece.end(), _EDGE if ends_line else _WITHIN
        found = _STOP.search(content, piece.end())
    if begin < len(content):
        _say(writer, content[begin:], before, _EDGE)


def _say(writer: Writer, words: str, before: str, after: str) -> None:
    """Write words, beside which two characters stand."""
    if "--" in words or "..." in words:
        if before != after or before != _EDGE:
            raise NotPlain
        words = with_dashes(words, before, after)
    if "'" in words or '"' in words:
        quoted = with_plain_quotes(words, before, after)
        if quoted is None:
            raise NotPlain
        words = quoted
    writer.text.append(words)
    writer.html.append(escaped(words))


def _write_piece(writer: Writer, piece: re.Match[str], line: int, indent: int) -> None:
    html = writer.html
    kind = piece.lastgroup
    if kind == "stressed":
        tag = _MARKED[piece["mark"]]
        html.append(f"<{tag}>")
        _say(writer, piece["stressed"], _WITHIN, _WITHIN)
        html.append(f"</{tag}>")
    elif kind == "code":
        html.append(f"<code>{escaped(piece['code'])}</code>")
        writer.text.append(piece["code"])
    elif kind == "address":
        _mention(writer, piece, "external", piece["address"], line, indent)
        writer.external_link(piece["address"])
        _say(writer, piece["words"], _WITHIN, _WITHIN)
        html.append("</a>")
    else:
        _write_link_within(writer, piece, line, indent)


def _write_link_within(writer: Writer, piece: re.Match[str], line: int, indent: int) -> None:
    """Write a link to somewhere on the site."""
    id_, words = piece["id"], piece["words"] or piece["named"]
    if id_ is None:
        target = piece["path"] or piece["fragment"]
        _mention(writer, piece, "path" if piece["path"] else "fragment", target, line, indent)
    elif is_entry_id(id_):
        target = f"entry:{id_}"
        _mention(writer, piece, "entry", id_, line, indent)
    else:
        raise NotPlain
    writer.html.append("<a")
    writer.cut(Href(target))
    writer.html.append(">")
    if words is None:
        writer.text.append(id_.replace("-", " "))
        writer.cut(Title(id_))
    else:
        _say(writer, words, _WITHIN, _WITHIN)
    writer.html.append("</a>")


def _mention(  # noqa: PLR0913, PLR0917 - what is mentioned, and all that its place is made of
    writer: Writer, piece: re.Match[str], kind: MentionKind, target: str, line: int, indent: int
) -> None:
    at, end = piece.span()
    content = piece.string
    lines = content.count("\n", 0, at)
    column = at - content.rfind("\n", 0, at) + indent
    writer.mentions.append(Mention(kind, target, line + lines + 1, column, end - at))
