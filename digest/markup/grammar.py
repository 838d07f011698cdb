"""The grammar of bodies: markdown-it with what we add, change and leave out.

Every token an editor may have to be told about carries its place in the text of its block: `meta["at"]` is its first
character, counted from 0 in the content of the inline token, `meta["width"]` its length.  They are noted by the inline
rules themselves, which know exactly where they are, so nothing has to be searched for again.
"""

from __future__ import annotations

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

from digest.markup.typography import with_dashes

DEEPEST: Final = 60
"""Levels of nesting that are read; markdown-it leaves out what is deeper."""

_ENTRY: Final = re.compile(r"\[\[([^\[\]|\n]*)(\|[^\[\]\n]*)?\]\]")
_UNCLOSED_ENTRY: Final = re.compile(r"\[\[([a-z0-9-]+)")
_NOTE: Final = re.compile(r"\[\^([^\]\s]+)\]")
# Each alternative stops at the next angle bracket, so that a run of openers takes linear time.
_TAG: Final = re.compile(
    r"</?[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|<!--(?:[^<>]*-->)?|<![a-z][^<>]*>|<\?[^<>]*>", re.IGNORECASE
)


class _Grammar(MarkdownIt):
    """markdown-it that lets every address through, so that a refused one can be reported.

    Its own check would leave such a link standing as text, without a word; `inline` refuses it instead.
    """

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 (the form is markdown-it's)
        """Accept any address."""
        return True


def grammar() -> MarkdownIt:
    """Make a parser; it keeps nothing between calls."""
    md = _Grammar("commonmark", {"html": False, "typographer": True, "maxNesting": DEEPEST})
    md.use(deflist_plugin).use(footnote_plugin, inline=False)
    md.enable(["table", "replacements", "smartquotes"])
    md.disable(["html_block", "footnote_ref"])
    inline = md.inline.ruler
    inline.at("link", _bracket)
    inline.at("image", _image)
    inline.at("autolink", _autolink)
    inline.at("html_inline", _tag)
    md.block.ruler.at("footnote_def", _footnote_def, {"alt": ["paragraph", "reference"]})
    md.core.ruler.at("replacements", _dashes)
    md.core.ruler.before("footnote_tail", "footnote_faults", _find_footnote_faults)
    return md


def _bracket(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's form of a rule, here and below)
    """Read whatever an opening square bracket opens: a link, an entry, a footnote mark."""
    start = state.pos
    if state.src[start] != "[":
        return False
    following = state.src[start + 1 : start + 2]
    mark = _NOTE.match(state.src, start, state.posMax) if following == "^" else None
    if mark and f":{mark[1]}" in state.env.get("footnotes", {}).get("refs", {}):
        return footnote_ref(state, silent)
    if link(state, silent):
        if not silent:
            _place(state, "link_open", start)
        return True
    if mark:
        if not silent:
            _push_piece(state, "footnote_unknown", mark)
        state.pos = mark.end()
        return True
    return following == "[" and _entry(state, silent=silent)


def _entry(state: StateInline, *, silent: bool) -> bool:
    """Read `[[id]]` or `[[id|words]]`."""
    start = state.pos
    found = _ENTRY.match(state.src, start, state.posMax)
    if found is None:
        return _unclosed_entry(state, silent=silent)
    end = state.posMax
    if not silent:
        id_ = found[1].strip()
        opening = state.push("link_open", "a", 1)
        opening.meta = {"entry": id_, "at": start, "width": len(found[0])}
        if found[2] is None:
            title = state.push("entry_title", "", 0)
            title.content = id_.replace("-", " ")
            title.meta = {"entry": id_}
        else:
            words = found[2][1:]
            state.pos = found.end(2) - len(words.lstrip())
            state.posMax = found.end(2) - len(words) + len(words.rstrip())
            state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
        state.posMax = end
    state.pos = found.end()
    return True


def _unclosed_entry(state: StateInline, *, silent: bool) -> bool:
    """Read `[[id` that nothing closes, which is what a bar in a table leaves of `[[id|words]]`."""
    found = _UNCLOSED_ENTRY.match(state.src, state.pos, state.posMax)
    if found is None or state.src.find("]", state.pos, state.posMax) >= 0:
        return False
    if not silent:
        _push_piece(state, "entry_unclosed", found)
    state.pos = found.end()
    return True


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Read a picture; its words have no footnotes, which could not be shown there."""
    start = state.pos
    if state.src[start] != "!":
        return False
    footnotes = state.env.pop("footnotes", None)
    read = image(state, silent)
    if footnotes is not None:
        state.env["footnotes"] = footnotes
    if read and not silent:
        _place(state, "image", start)
    return read


def _autolink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    start = state.pos
    if not autolink(state, silent):
        return False
    if not silent:
        _place(state, "link_open", start)
    return True


def _tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Read an HTML tag or comment as one piece of text, so that nothing within it is taken for Markdown."""
    if state.src[state.pos] != "<":
        return False
    found = _TAG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        _push_piece(state, "tag", found)
    state.pos = found.end()
    return True


def _push_piece(state: StateInline, kind: str, found: re.Match[str]) -> None:
    """Add a token for a piece of text that is shown as it stands and reported."""
    token = state.push(kind, "", 0)
    token.content = found[0]
    token.meta = {"at": found.start(), "width": len(found[0])}


def _place(state: StateInline, kind: str, start: int) -> None:
    """Note the place of the construct just read on its token, the newest of that kind not yet placed."""
    for token in reversed(state.tokens):
        if token.type == kind and "at" not in token.meta:
            token.meta["at"] = start
            token.meta["width"] = state.pos - start
            return


def _dashes(state: StateCore) -> None:
    """Set dashes in running text; in place of markdown-it's rule, which also changes (c), +- and more."""
    for token in state.tokens:
        if token.type == "inline" and ("--" in token.content or "..." in token.content):
            _set_dashes(token.children or [])


def _set_dashes(children: list[Token]) -> None:
    for index, token in enumerate(children):
        if token.type == "text" and not (index and children[index - 1].info == "auto"):
            # What stands beside this piece of text decides whether a dash at its edge is within a word.
            token.content = with_dashes(token.content, _beside(children, index - 1), _beside(children, index + 1))


def _beside(children: list[Token], index: int) -> str:
    if index < 0 or index >= len(children) or children[index].type in {"softbreak", "hardbreak", "link_open"}:
        return " "
    return "x"


def _footnote_def(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a footnote, but not within another, where the plugin loses the order of what it opens and closes."""
    if silent:
        return footnote_def(state, start, end, True)  # noqa: FBT003
    if state.env.get("in_footnote"):
        label = _NOTE.match(state.src, state.bMarks[start] + state.tShift[start])
        if label and footnote_def(state, start, end, True):  # noqa: FBT003
            state.env.setdefault("footnote_faults", []).append((label[1], start, "within"))
        return False
    state.env["in_footnote"] = True
    read = footnote_def(state, start, end, False)  # noqa: FBT003
    state.env["in_footnote"] = False
    return read


def _find_footnote_faults(state: StateCore) -> None:
    """Note in `env` the label, line and fault of each footnote that will be dropped, before it is."""
    if "footnotes" not in state.env:
        return
    faults = state.env.setdefault("footnote_faults", [])
    refs = state.env["footnotes"]["refs"]
    seen = set()
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            label, line = token.meta["label"], token.map[0] if token.map else 0
            if label in seen:
                faults.append((label, line, "again"))
            elif refs[f":{label}"] < 0:
                faults.append((label, line, "unmarked"))
            seen.add(label)
