"""The quick parser of bodies: it reads every text as the whole grammar does."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from digest.markup import BodyRead, read_body
from digest.markup.blocks import write_body
from digest.markup.grammar import grammar
from digest.markup.quick import new_token, parser
from tests.builders import ROOT

FILES: Final = sorted(path for folder in ("content", "tests") for path in (ROOT / folder).rglob("*.md"))
FEWEST: Final = 200
"""Files there are at least, so that a folder that is not found does not pass for one without a difference."""

NEEDED: Final = {
    "table": ["| a | b |\n|---|---|\n| c | d |", "a | b\n--|--\n", "> a|b\n> :-:|-\n", "x\n\n- |a|\n  |-|\n"],
    "lheading": [
        "A\n===",
        "A\n-",
        "A\n===\n\nb",
        "A\n---\n\nb",
        "A\n--- ",
        "a\nb\n=== \t\n",
        "> A\n> ---",
        "- A\n  ===",
        "a\nb\n=",
    ],
    "deflist": [
        *("a\n: b", "a\n\n~ b", "a\n:\tb", "> a\n>: b", "- a\n  ~ b", "a\n: b\n: c", "[^1]:a\n\n    : b\n\nx[^1]"),
        "a\n: b\n\n  : c",
    ],
    "fence": ["```\na\n```", "~~~ x\na", "a\n```\nb", "> a\n~~~\nb", "- a\n```\nb"],
    "blockquote": ["> a", "a\n> b", "- a\n> b", ">a\n\n>b", "| a |\n|---|\n> b"],
    "hr": ["***", "---", "_ _ _", "a\n***\nb", "- a\n---", "> a\n___"],
    "list": ["- a", "+ a", "* a", "a\n- b", "a\n1. b", *(f"{digit}) a" for digit in range(10)), "> a\n- b"],
    "footnote_def": ["a[^1]\n\n[^1]: b", "a[^1]\n[^1]: b"],
    "reference": ["[a]\n\n[a]: /b/ 'c'", "[a]: /b/\n[c]: /d/\n\n[a] [c]", "[a]: /b/ 'c\nd'\n\n[a]"],
    "heading": ["## a", "a\n## b", "> a\n# b"],
    "newline": ["a\nb", "a  \n b"],
    "escape": [r"\*a\*", r"\[a](/b/)", "a\\\nb"],
    "backticks": ["`a`", "`` `a ``", "`*a*`", "[`a]`](/b/)"],
    "emphasis": ["*a*", "**a**", "_a_", "*a **b** c*", "[*a*](/b/)", "![*a*](b.jpg)", "_a_b_"],
    "link": ["[a](/b/)", "[[a]]", "[[a|b]]", "a[^1]\n\n[^1]: b", "[a [b](/c/) d](/e/)", "[![a](b.jpg)](/c/)"],
    "image": ["![a](b.jpg)", "[![a](b.jpg)](/c/)"],
    "autolink": ["<https://a.uk>", "<a@b.uk>", "[a <https://b.uk/]>](/c/)"],
    "html_inline": ["<b>", "a <!-- [b](/c/) -->", "[a <i class=']'>](/b/)"],
    "entity": ["&amp;", "&#38;", "[&#93;](/a/)"],
    "normalize": ["a\0b"],
    "smartquotes": [
        "it's",
        '"a"',
        "'a' b's",
        "*a*'s",
        '"it\'s"',
        "a\u00a0'b'",
        "5'6\"",
        "('a')",
        "a.'b'",
        "a-'b'",
        "<https://a.uk/%20'b'>",
    ],
    "text_join": [r"a\*b", "a &amp; b", r"\[a](https://b.uk)", r"![a\*b](c.jpg)"],
}
"""Texts that would be read otherwise without the rule."""

PIECES: Final = (
    *(
        "[",
        "]",
        "(",
        ")",
        "[[",
        "]]",
        "](/x/)",
        "![",
        "<",
        ">",
        "|",
        "\\",
        "`",
        "``",
        "```",
        "*",
        "**",
        "_",
        "#",
        "## ",
    ),
    *(
        "- ",
        "-",
        "+ ",
        "=",
        "==",
        "1. ",
        "2) ",
        "> ",
        ": ",
        ":",
        ":\t",
        "~ ",
        "~",
        "~~~",
        "\n",
        "\n",
        "\n\n",
        "    ",
        "  ",
    ),
    *(" ", "\t", "|--|\n", "|a|b|\n", "- | -\n", "[^1]", "[^1]: ", "[^1]:", "[r]: /x/ 'y'\n", "[r]", "---\n", "===\n"),
    *(
        "--",
        "...",
        "&amp;",
        "&#38;",
        "&",
        "<b>",
        "<https://a.uk/%20'b>",
        "https://a.uk/b?c#d",
        "'",
        '"',
        "it's",
        " '",
        "' ",
    ),
    *("!", "^", "$", "{", "a", "b c", "é", "\u2019", "\u00a0", "\x0c", "\u2028", "\0", "\r", "\r\n", "  \n", "\\\n"),
    *("[[a| b ]]", "[[a|b - ]]", "[[a|b ", "![a]", "(b.jpg)"),
)
CONTAINERS: Final = st.lists(
    st.sampled_from(["> ", ">", "- ", "* ", "1. ", "  ", "    ", "\t", ": ", "[^1]: "]), max_size=3
)
LINES: Final = st.tuples(CONTAINERS, st.lists(st.sampled_from(PIECES), max_size=6)).map(
    lambda line: "".join([*line[0], *line[1]])
)
TEXTS: Final = st.one_of(
    st.lists(LINES, max_size=8).map("\n".join), st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text()
)
"""Texts of lines within quotes, lists, definitions and footnotes, of pieces without lines, and of anything."""


@cache
def whole() -> MarkdownIt:
    """Give the grammar that asks every rule about everything."""
    return grammar()


def read_wholly(text: str) -> BodyRead:
    """Read a text by the whole grammar."""
    return write_body(text, "en", whole())


@pytest.mark.parametrize("rule", NEEDED)
def test_each_rule_is_asked_where_it_says_yes(rule: str) -> None:
    """A text that needs a rule, and is read otherwise without it, is read as by the whole grammar."""
    without = grammar().disable(rule)
    for text in NEEDED[rule]:
        assert without.parse(text, {}) != whole().parse(text, {}), text
        assert parser(text).parse(text, {}) == whole().parse(text, {}), text
        assert read_body(text) == read_wholly(text), text


def test_every_rule_has_a_text_that_needs_it() -> None:
    """No rule that the quick parser passes over is left out of these tests."""
    rules = {rule for chain in whole().get_active_rules().values() for rule in chain}
    own = {"footnote_faults", "footnote_tail", "replacements", "fragments_join", "balance_pairs"}
    always = {"block", "inline", "code", "paragraph", "text"}
    assert rules - own - always == set(NEEDED)
    assert whole().get_active_rules()["inline2"] == ["balance_pairs", "emphasis", "fragments_join"]


def test_real_bodies() -> None:
    """Every Markdown file of the site and of the tests, right or wrong, is read as by the whole grammar."""
    assert len(FILES) >= FEWEST
    for path in FILES:
        for text in _texts(path):
            assert read_body(text) == read_wholly(text), path


def _texts(path: Path) -> list[str]:
    """Give a file's text, and its body alone, in which no line of front matter stands."""
    text = path.read_bytes().decode(errors="replace")
    return [text, text.rpartition("\n---\n")[2]]


@settings(max_examples=300)
@given(TEXTS)
@example("[[a| b ]]")
@example("[[a|b - ]]")
@example("1. a\n2. b\n   ===")
@example("- a\n\n      b")
@example("a\n\t: b")
@example("a!")
@example("##")
@example("| a | |\n|---|---|")
@example("a\r\n===\r\n")
def test_any_text(text: str) -> None:
    """Any text gives the very tokens of the whole grammar, and the same body and problems."""
    assert parser(text).parse(text, {}) == whole().parse(text, {})
    assert read_body(text) == read_wholly(text)


@given(st.text(st.sampled_from("aZ0/:.?#@%[]-_~ é'&=\\x"), max_size=12))
@example("www.example.org/a/b?c=d&e#f")
@example("a.b.c.d.e/")
@example("a..b")
@example(f"{'a' * 64}.uk")
@example("a" * 256)
@example("a." * 127 + "a")
@example("a." * 128)
@example("a@b.uk")
@example("a.uk:80/")
@example("a.uk/%zz")
def test_any_address(rest: str) -> None:
    """An address is encoded as markdown-it does, whether or not it is one that needs no encoding."""
    for url in (f"https://{rest}", f"http://{rest}", f"https://a.uk/{rest}", f"https://a.uk?{rest}", rest):
        assert parser("").normalizeLink(url) == whole().normalizeLink(url)


def test_a_token_is_that_of_the_library() -> None:
    """A token made fast has every field of one that the library makes, each with its own attributes."""
    made = new_token("paragraph_open", "p", 1, 2, block=True)
    assert made == Token("paragraph_open", "p", 1, level=2, block=True)
    assert all(hasattr(made, field.name) for field in dataclasses.fields(Token))
    assert made.attrs is not new_token("paragraph_open", "p", 1, 2, block=True).attrs
