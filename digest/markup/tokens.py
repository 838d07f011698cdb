"""Tokens of markdown-it, made with less work: there are a hundred and fifty to a page."""

from __future__ import annotations

import functools
from typing import Final, Literal

from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.token import Token

Nesting = Literal[-1, 0, 1]

_bare: Final = functools.partial(Token.__new__, Token)
"""Makes a token without its fields; as a partial it takes half as long."""


def new_token(kind: str, tag: str, nesting: Nesting, level: int, lines: list[int] | None = None) -> Token:
    """Make a token of a block, leaving out the library's check for attributes in the form of JavaScript's lists."""
    token = _bare()
    token.type = kind
    token.tag = tag
    token.nesting = nesting
    token.attrs = {}
    token.map = lines
    token.level = level
    token.children = None
    token.content = token.markup = token.info = ""
    token.meta = {}
    token.block = True
    token.hidden = False
    return token


def new_piece(kind: str, tag: str, nesting: Nesting, level: int, content: str = "") -> Token:
    """Make a token of inline text."""
    token = new_token(kind, tag, nesting, level)
    token.block = False
    token.content = content
    return token


def words_of_block(content: str, level: int, lines: list[int]) -> Token:
    """Make the token of a block's text, whose pieces are still to be found."""
    token = new_token("inline", "", 0, level, lines)
    token.content = content.strip(MD_TRIM_CHARS)
    return token


@functools.cache
def cell_opening(tag: str, level: int, style: str) -> Token:
    """Give the token that begins a cell; it is one and the same wherever it is equal, so nobody may change it."""
    token = new_token(f"{tag}_open", tag, 1, level)
    if style:
        token.attrs["style"] = style
    return token


@functools.cache
def closing(kind: str, tag: str, level: int, markup: str = "", *, hidden: bool = False) -> Token:
    """Give the token that ends a block; it is one and the same wherever it is equal, so nobody may change it."""
    token = new_token(kind, tag, -1, level)
    token.markup = markup
    token.hidden = hidden
    return token


@functools.cache
def fixed_piece(kind: str, tag: str, nesting: Nesting, level: int = 0, markup: str = "") -> Token:
    """Give a token of inline text that holds no words; it is one and the same wherever it is equal, as above."""
    token = new_piece(kind, tag, nesting, level)
    token.markup = markup
    return token
