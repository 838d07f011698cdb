"""Inline text as most editors write it, read piece by piece: the tokens are those of markdown-it's own rules.

What is read here holds nothing but words: stressed words, links, links to entries, code.  A text with anything else
is left to markdown-it as a whole.
"""

from __future__ import annotations

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import APOSTROPHE, process_inlines
from markdown_it.token import Token

from digest.markup.grammar import set_dashes
from digest.markup.tokens import fixed_piece, new_piece

CHARACTERS: Final = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
"""The character where the rule of inline text finds anything.  The rule `text` takes what lies between."""

END_OF_WORDS: Final = "]"
"""What ends the words of a link; no rule begins with it, but the search for the end stops at it."""

_STOPS: Final = re.escape("".join(CHARACTERS.values()) + END_OF_WORDS)
STOP: Final = re.compile(f"[{_STOPS}]")

_PIECE: Final = re.compile(
    rf"""
    # After space or a bracket a mark can open, before space or what ends words it can close; nothing open is between.
    (?<! [^\ \n(] ) (?P<mark> \*\*? | __? )
      (?P<stressed> [^\s{_STOPS}] [^{_STOPS}]* ) (?<= \S ) (?P=mark)
      (?! [^\ \n.,:;)?] )
    # No address here has a bracket, or an entity, which ends with a semicolon.
    | \[ (?P<words> [^{_STOPS}^] [^{_STOPS}]* ) \] \( (?P<address> [^\x00-\x20\x7f()<\\;]+ ) \)
    | \[\[ (?P<id> [a-z0-9-]+ ) (?: \| (?P<named> [^\s{_STOPS}|] (?: [^{_STOPS}|]* [^\s{_STOPS}|] )? ) )? \]\]
      (?! [(\[] )
    | ` (?P<code> [^`\s] (?: [^`\n]* [^`\s] )? ) ` (?! ` )
    | (?P<line_end> \n ) [ \t]*
    | (?P<plain> ! (?! \[ ) | & (?! \#? [A-Za-z0-9]+ ; ) | (?<= [A-Za-z0-9] ) _ (?= [A-Za-z0-9] ) )
    """,
    re.VERBOSE,
)

_QUOTE: Final = re.compile(r"'(?<![A-Za-z0-9]')")
"""A single quotation mark that may open a quotation."""
_QUOTED: Final = re.compile(r"""(?<=[ (])"([A-Za-z0-9][^"]*)"(?:(?<=[A-Za-z0-9]")(?=[ .,:;)])|(?<=[.,!?]")(?=[ ]))""")
"""Words in double quotation marks, of which the first can only open a quotation, and the second only end one."""

_SOFT_BREAK: Final = fixed_piece("softbreak", "br", 0)
_HARD_BREAK: Final = fixed_piece("hardbreak", "br", 0)
_LINK_CLOSE: Final = fixed_piece("link_close", "a", -1)


def read_text(state: StateCore) -> None:
    """Read the text of each block, and set its dashes and quotation marks, which three rules of the grammar do."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        content = token.content
        pieces = _read_pieces(content, state.md)
        if pieces is None:
            pieces = state.md.inline.parse(content, state.md, state.env, [])
        if "--" in content or "..." in content:
            set_dashes(pieces)
        if ("'" in content or '"' in content) and not _set_quotes(pieces):
            process_inlines(pieces, state)
        token.children = pieces


def _read_pieces(src: str, md: MarkdownIt) -> list[Token] | None:
    """Read the text of one block; None where it is not plain."""
    tokens: list[Token] = []
    begin = at = 0
    read: tuple[Token, ...]
    after_double = False
    while stop := STOP.search(src, at):
        found = _PIECE.match(src, stop.start())
        if found is None:
            return None
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "plain":
            continue
        words = src[begin : stop.start()]
        begin = at
        if kind == "line_end":
            stripped = words.rstrip(" ")
            read = (_HARD_BREAK if len(words) - len(stripped) > 1 else _SOFT_BREAK,)
            words = stripped
        else:
            read = _READ[kind](found, md)
        # On both sides of a double mark markdown-it leaves a text, even an empty one.
        double = kind == "stressed" and len(found["mark"]) > 1
        if words or double or after_double:
            tokens.append(new_piece("text", "", 0, 0, words))
        tokens += read
        after_double = double
    if begin < len(src) or after_double:
        tokens.append(new_piece("text", "", 0, 0, src[begin:]))
    return tokens


def _stressed(found: re.Match[str], _md: MarkdownIt) -> tuple[Token, ...]:
    mark = found["mark"]
    kind = "strong" if len(mark) > 1 else "em"
    return (
        fixed_piece(f"{kind}_open", kind, 1, 0, mark),
        new_piece("text", "", 0, 1, found["stressed"]),
        fixed_piece(f"{kind}_close", kind, -1, 0, mark),
    )


def _link(found: re.Match[str], md: MarkdownIt) -> tuple[Token, ...]:
    opening = new_piece("link_open", "a", 1, 0)
    opening.attrs["href"] = md.normalizeLink(found["address"])
    opening.meta = {"at": found.start(), "width": found.end() - found.start()}
    return opening, new_piece("text", "", 0, 1, found["words"]), _LINK_CLOSE


def _entry(found: re.Match[str], _md: MarkdownIt) -> tuple[Token, ...]:
    id_, named = found["id"], found["named"]
    opening = new_piece("link_open", "a", 1, 0)
    opening.meta = {"entry": id_, "at": found.start(), "width": found.end() - found.start()}
    if named is not None:
        return opening, new_piece("text", "", 0, 1, named), _LINK_CLOSE
    title = new_piece("entry_title", "", 0, 1, id_.replace("-", " "))
    title.meta = {"entry": id_}
    return opening, title, _LINK_CLOSE


def _code(found: re.Match[str], _md: MarkdownIt) -> tuple[Token, ...]:
    token = new_piece("code_inline", "code", 0, 0, found["code"])
    token.markup = "`"
    return (token,)


_READ: Final = {"stressed": _stressed, "address": _link, "id": _entry, "named": _entry, "code": _code}
"""What makes the tokens of a piece, by the last group that was found."""


# --- quotation marks -------------------------------------------------------------------------------------------


def _set_quotes(pieces: list[Token]) -> bool:
    """Set quotation marks where all are apostrophes or stand in pairs around words; tell whether that is so.

    A single mark after a letter or digit opens nothing: where no other single marks are, all are apostrophes.
    """
    contents = []
    for index, piece in enumerate(pieces):
        if piece.type != "text":
            continue
        content = piece.content
        if '"' in content:
            beside = f"{_edge(pieces, index - 1)}{content}{_edge(pieces, index + 1)}"
            content = _QUOTED.sub("\u201c\\1\u201d", beside)[1:-1]
        if '"' in content or _QUOTE.search(content):
            return False
        contents.append((piece, content.replace("'", APOSTROPHE)))
    for piece, content in contents:
        piece.content = content
    return True


def _edge(pieces: list[Token], index: int) -> str:
    """Return what stands beside a text: space where a line ends, or what `_QUOTED` finds no mark beside."""
    outside = index < 0 or index == len(pieces)
    return " " if outside or pieces[index].type in {"softbreak", "hardbreak"} else "\0"
