r"""The grammar of bodies with fewer questions asked, and the same tokens.

markdown-it asks each of its rules about each block, each line that may end a paragraph, and each character that may
mean something.  Nearly all of them say no at the first character they look at.  Here a rule is asked only where it
could say yes:

- a rule of `_MARKS` only in a text that has what it cannot do without;
- a rule of `_LINE_STARTS` or `CHARACTERS` only at the characters it begins with.

What is written as most editors write it is read without markdown-it's rule: a block by the rule that `_PLAIN` has in
its place, and the text of a block by `quick_text`.

What these tables say was read from the source of each rule.  A rule of blocks that stands in none is asked everywhere,
as before; one of inline text has to stand in its table.  A test reads the same texts with `grammar.grammar` itself.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, text
from markdown_it.token import Token
from markdown_it.utils import EnvType

from digest.markup.grammar import Grammar, grammar
from digest.markup.quick_blocks import BlockState, quick_heading, quick_paragraph, quick_table
from digest.markup.quick_lists import quick_list
from digest.markup.quick_text import CHARACTERS, END_OF_WORDS, STOP, read_text

_MARKS: Final = {
    "table": (re.compile(r"\|"),),
    "lheading": (re.compile(r"-[ \t]*$", re.MULTILINE), re.compile(r"=[ \t]*$", re.MULTILINE)),
    # The marker is the first in its line, or follows the sign of a quote.
    "deflist": (re.compile(r":(?<![^\s>]:)[ \t]"), re.compile(r"~(?<![^\s>]~)[ \t]")),
}
"""Patterns, one of which at least is found in a text with LF line ends where the rule of blocks finds anything.

Each begins with a character as such: `re` skips to it ten times faster than to one of a set.
"""

_LINE_STARTS: Final = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "heading": "#",
}
"""The first character of a line, after its indent, where the rule of blocks finds anything."""

_PLAIN: Final = {"table": quick_table, "list": quick_list, "heading": quick_heading, "paragraph": quick_paragraph}
"""Rules of blocks that are asked in the place of markdown-it's, and ask these where a block is not plain."""

_ENCODED: Final = re.compile(r"https?://[a-z0-9.-]{1,255}(?:[/?#][\w;/?:@&=+$,.!~*'()#-]*)?", re.ASCII)
"""An address that is percent-encoded as it should be, on a host of at most 255 characters."""

F = TypeVar("F")


def parser(source: str) -> MarkdownIt:
    """Give the parser for a text: it makes the tokens that `grammar.grammar` makes, with less work.

    It keeps nothing between calls.
    """
    if "\r" in source:
        return _parser(frozenset())
    idle = (rule for rule, marks in _MARKS.items() if not any(mark.search(source) for mark in marks))
    return _parser(frozenset(idle))


@functools.cache
def _parser(idle: frozenset[str]) -> MarkdownIt:
    """Make the parser without some rules of blocks; there are as many as subsets of `_MARKS`."""
    md = grammar(_Quick)
    md.block = _Blocks(md.block.ruler, idle)
    md.inline = _Inline(md.inline)
    core = dict(_named(md.core.ruler))
    md.core.ruler.at("normalize", _where("\r\0", core["normalize"]))
    md.core.ruler.at("inline", read_text)
    md.core.ruler.disable(["replacements", "smartquotes"])  # `read_text` does them too
    md.core.ruler.at("text_join", _where("\\&", core["text_join"]))
    return md


class _Quick(Grammar):
    """The grammar, with less to do for most addresses."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (the form is markdown-it's, here and below)
        """Encode an address, unless that would change nothing."""
        return url if _ENCODED.fullmatch(url) else super().normalizeLink(url)


# --- the whole text --------------------------------------------------------------------------------------------


def _where(characters: str, rule: Callable[[StateCore], None]) -> Callable[[StateCore], None]:
    """Ask a rule only about a text with one of some characters."""

    def ask(state: StateCore) -> None:
        if any(character in state.src for character in characters):
            rule(state)

    return ask


class _Finished(Ruler[F]):
    """The rules of a ruler as they are, in chains that are given."""

    def __init__(self, ruler: Ruler[F], chains: Mapping[str, list[F]]) -> None:
        super().__init__()
        self._names = ruler.get_active_rules()
        self._chains = chains

    def getRules(self, chainName: str = "") -> list[F]:  # noqa: N802, N803
        return self._chains[chainName]

    def get_active_rules(self) -> list[str]:
        return self._names


def _named(ruler: Ruler[F], chain: str = "") -> list[tuple[str, F]]:
    """Give the rules of a chain with their names, in order."""
    names = dict(zip(ruler.getRules(), ruler.get_active_rules(), strict=True))
    return [(names[rule], rule) for rule in ruler.getRules(chain)]


# --- blocks ----------------------------------------------------------------------------------------------------


class _Blocks(ParserBlock):
    """The parser of blocks, without idle rules."""

    def __init__(self, whole: Ruler[RuleFuncBlockType], idle: frozenset[str]) -> None:
        super().__init__()
        chains = {
            chain: [_at_line((name, _PLAIN.get(name, rule)) for name, rule in _named(whole, chain) if name not in idle)]
            for chain in ("", "paragraph", "reference", "blockquote", "list")
        }
        self.ruler = _Finished(whole, chains)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token]:  # noqa: N803
        """Add the tokens of the blocks of a text."""
        state = BlockState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


def _at_line(rules: Iterable[tuple[str, RuleFuncBlockType]]) -> RuleFuncBlockType:
    """Make one rule of several: ask those that may begin as the line does."""
    rules = tuple(rules)
    indented = tuple(rule for _, rule in rules)
    unindented = tuple((name, rule) for name, rule in rules if name != "code")
    elsewhere = tuple(rule for name, rule in unindented if name not in _LINE_STARTS)
    chosen = {
        start: tuple(rule for name, rule in unindented if start in _LINE_STARTS.get(name, start))
        for start in "".join(_LINE_STARTS.values())
    }

    def ask(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        at = state.bMarks[line] + state.tShift[line]
        asked = indented if state.is_code_block(line) else chosen.get(state.src[at : at + 1], elsewhere)
        for rule in asked:  # noqa: SIM110 (a generator takes twice as long)
            if rule(state, line, end, silent):
                return True
        return False

    return ask


# --- inline text -----------------------------------------------------------------------------------------------


class _Inline(ParserInline):
    """The parser of inline text."""

    def __init__(self, whole: ParserInline) -> None:
        super().__init__()
        self.ruler = _Finished(whole.ruler, {"": [_at_character(_named(whole.ruler))]})
        self.ruler2 = whole.ruler2

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Add the tokens of the text of one block."""
        if "*" in src or "_" in src:
            return super().parse(src, md, env, tokens)
        # The second set of rules, left out here, pairs the marks of emphasis and joins the pieces they leave.
        state = StateInline(src, md, env, tokens)
        self.tokenize(state)
        return state.tokens


def _at_character(rules: Iterable[tuple[str, RuleFuncInlineType]]) -> RuleFuncInlineType:
    """Make one rule of several: ask those that begin with the character, and take words up to the next such."""
    chosen: dict[str, tuple[RuleFuncInlineType, ...]] = {END_OF_WORDS: ()}
    for name, rule in rules:
        if name != "text":
            for character in CHARACTERS[name]:
                chosen[character] = (*chosen.get(character, ()), rule)

    def ask(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        start = state.pos
        found = chosen.get(state.src[start])
        if found is None:
            return _words(state, silent)
        for rule in found:  # noqa: SIM110 (as above)
            if rule(state, silent):
                return True
        return False

    return ask


def _words(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take text up to the next character that a rule begins with.

    The library's rule also stops at characters that only other grammars use.  Where what is read ends before the next
    stop, its rule is used, which may take a little more than there is.
    """
    stop = STOP.search(state.src, state.pos)
    end = stop.start() if stop else len(state.src)
    if end > state.posMax:
        return text(state, silent)
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True
