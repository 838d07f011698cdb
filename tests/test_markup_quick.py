"""Plain bodies, read at a glance: every text is read as by the grammar."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.markup import read_body
from digest.markup.blocks import write_body
from digest.markup.grammar import grammar
from digest.markup.quick import read_plain
from tests.builders import ROOT, loaded_after

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

PLAIN: Final = """\
What *stressed* and **strong words.** say, [a link](https://www.example.uk/a_b?c=d&e#f), [[some-id]] and
[[some-id|some words]], `code`; R&D, snake_case and more!
"Yes," it's said, "we can."  \

A hard line end.

## A heading

- one item
- **another** one
  1. within
  2. and another
     - `deeper`
- [a link](/b/) in an item
- 24 hours

**Strong** at the start.

4. four
5. five

| Grade | Pay |
|:---|--:|
| One | 2
| Three |

> A quotation,
> of *two* lines.

Words, and at once
- a list, whose first item
  goes on.
  - within
## A heading at once
Words.
"""
"""A text all of which is plain."""

NEARLY_PLAIN: Final = {
    "lists": [
        "- a\n\n- b", "- a\n\n\n- b\nc", "- a\n\n  b", "- a\n\n    b", "- a\n\n* b", "- a\n\n1. b", "- a\n\n**b**",
        "- a\n* b", "1. a\n2) b", "1. a\n- b", "- a\nb", "- a\n  b", "- a\n    b", "- a\n ===", "- a\n  ===",
        "- a\n---", "- a\n - b", "- a\n   - b", "- a\n  - b\n - c", "- a\n  - b\n    - c\n- d", "- a\n  2. b",
        "- a\n  1. b\n  3. c", "-  a", "-\ta", "- \ta", "-", "- ", "- a\n-\n- b", "- a\n- ", "- - a", "- 1. a",
        "- > a", "- # a", "- * * *", "- ```\n- a", "- | a |\n- |--|", "- a | b\n  --|--", "- [^1]: a",
        "- [a]: /b/\n\n[a]", "- [a]\n\n[a]: /b/", "- 24 hours", "- 24. hours", "- 24.5 hours", "- 2.",
        "1234567890. a", "123456789. a", "0. a\n1. b", "007. a", "> - a\n> - b\n\n- c", "> - a\nb",
        "> - a\n      - b", "> - a\n>\n\n\nb", "> - a\n- b", "> - a\n>\n> - b", "> - a\n>\n>\n\n\nb", "> 1. a\n2. b",
        "[^1]: - a\n- b\n\nc[^1]", "[^1]: - a\n    - b\n\nc[^1]", "a\n: - b\n  - c", "a\n: - b\n\n: c",
        "- a\n\n  : b", "a\n- b", "a\n2. b", "- a\n## b", "- a\n\n## b", "- a\n  \n- b", "- a  ", "- a\n", "- a\n\n",
        "- a\n ", "  - a", "   - a\n   - b\n  - c", "    - a", "- a\n\tb", "- a\n\t- b", "10. a\n\t- b", "- \u00a0a",
        "- a\u00a0\n- b", "- \x1ca",
        "\n".join(f"{'  ' * depth}- a" for depth in range(40)),
    ],
    "tables": [
        "|a|\n|-|", "|a|\n|-", "|a\n|-|", "a|\n|-|", "|a|\n-|", "|a|\n-", "|a|\n--", "a\n|-|", "|a|\n|-|\n|b|c|",
        "|\n|-|", "||\n|-|", "|a|b|\n|-|", "|a|\n|-|-|", "|a|b|\n|-|-|\n|c", "|a|b|\n|-|-|\n||c|", "|a|b|\n|-|-|\n|",
        "|a||\n|-|-|", "|a| |\n|-|-|", "|a|\n|:-:|", "|a|\n|:-|", "|a|\n|-:|", "|a|\n| : - |", "|a|\n|::|",
        "|a|\n|-|\t", "|a|\n|\t-|", "|a|\u00a0\n|-|", "|a\\|b|\n|-|", "|a|\n|-|\n|b\\|c|", "|`a|b`|\n|-|-|",
        "|a|\n|-|\nb", "|a|\n|-|\n- b", "|a|\n|-|\n> b", "|a|\n|-|\n## b", "|a|\n|-|\n\n|b|", "|a|\n|-|\n    |b|",
        "    |a|\n|-|", "|a|\n    |-|", "- |a|\n  |-|\n  |b|\n|c|", "> |a|\n> |-|\n|b|", "a\n|b|\n|-|", "- |a|\n|-|",
        "|a|\n|-|\n: b", "a\n: |b|\n  |-|\n: c",
    ],
    "paragraphs and headings": [
        "a\nb", "a\n b\n  c", "a\n    b", "a\n\tb", "a  \nb", "a \nb", "> a\nb", "> a\n    b", "> a\n\nb", "a\n> b",
        "a\n# b", "- a\n  b\nc", "a\n: b\nc\n: d", "a\n```\nb", "\u00a0a\u00a0", "\x0ca", "\u2028a", "a\n\x0c\nb",
        "   a", "    a", "a\n\n    b", "#a", "#", "# ", "#  a", "#\ta", "# a #", "# a#", "####### a", "###### a",
        "   # a", "    # a", "- # a", "# a\nb", "#\u00a0a", "# \u00a0",
    ],
    "stressed words": [
        "*a*b", "a*b*", "(*a*)", "(**a**)", "(*(a)*", "*(a)*", "**a.** b", "**a.**b", "**a.**, b", "*a!*",
        "**\u00a34** b", "*\u00e9*", "* a*", "*a *", "**a*", "*a**", "***a***", "**a***", "*a**b*", "**a** **b**",
        "**a***b*", "*a*\u00a0b", "\u00a0*a*", "*\u00a0a*", "_a_", "__a__", "a_b", "a_b_c", "_a_b", "a_b_",
        "_a b_c_", "__a_", "a__b", "_a_.", "(_a_)", "*a_b*", "_a*b_", "*a\nb*", "a\n*b*", "*a*\nb", "**a**\nb",
        "**a** \nb", "**a**  \nb", "a \n**b**", "**a**[b](/c/)", "[a](/b/)**c**", "[a](/b/) **c**", "**a** [b](/c/)",
        "**a**--b", "a -- **b**", "**a** -- b", "*a* ... b", "**'a'** b", "'**a**'", '"*a*"', "*a*'s", "\x1c*a*",
        "*a*\x85",
    ],
    "links and code": [
        "[a](/b/)(c)", "![a](b.jpg)", "!\n[a](/b/)", "\\[a](/b/)", "[a](/b/", "[a](/b(c)/)", "[a](/b;c)",
        "[a](/b&amp;c)", "[a](/b&c=d)", "[a](<b>)", "[a]( /b/ )", "[a](/b/ 'c')", "[a]()", "[](/b/)", "[ ](/b/)",
        "[^a](/b/)", "[^a](/b/)\n\n[^a]: c", "[[a]][b](/c/)\n\n[b]: /d/", "[a](/\u00e9/)", "[a](/b\x7f)", "[a](b c)",
        "[a](/b/)\n\n[a]: /c/", "[[a]](/b/)", "[[a]][b]\n\n[b]: /c/", "[[a]]\n\n[a]: /c/", "[[a|b]](/c/)",
        "[[a| b]]", "[[a|b ]]", "[[a|]]", "[[a|b|c]]", "[[A]]", "[[a-b]] [[c|d-e]]", "[[[a]]]", "[[a]", "a]",
        "[[a]\n]", "[a", "`a`", "`a``b`", "``a``", "``a`", "`a``", "` a `", "`a\nb`", "` `", "`a", "`a\\`", "`*a*`",
        "*`a`*", "`[a`](/b/)", "a&b", "a & b", "&amp", "&amp;", "&nosuch;", "&#38;", "&#x26;", "a!", "!", "a < b",
        "<b",
    ],
    "quotation marks": [
        '"a"', '"a', 'a"', '"a" "b"', '"a "b" c"', '"a," b', '"a", b', '"a.")', '("a")', '"a"b', 'b"a"', '"a"-"b"',
        '""', '" a "', '"a\nb"', '5" x', '"a *b* c"', '*"a"*', '"[a](/b/)"', '[a](/b/)"c"', '"a"[b](/c/)',
        "it's \"a\"", "\"it's\"", "'\"a\"'", "\"'a'\"", "\"a' b\"", "'90s \"a\"", 'a\n"b"', '"a"\nb', '"a" `b`',
        '`a` "b"', '"a&quot;', '\\""a"', '"a" -- "b"', '"\u00e9"', '"a"\u00a0b', '\u00a0"a"', '"a"\u201d',
        '"a?" b "c!" d',
    ],
}  # fmt: skip
"""Texts at the borders of what is plain."""

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
    st.sampled_from(["> ", ">", "- ", "* ", "1. ", "2. ", "  ", "   ", "    ", "\t", ": ", "[^1]: "]), max_size=3
)
LINES: Final = st.tuples(CONTAINERS, st.lists(st.sampled_from(PIECES), max_size=6)).map(
    lambda line: "".join([*line[0], *line[1]])
)
WORDS: Final = [
    "a", "words here", "*em*", "**strong**", "**Strong.**", "__a__", "a_b", "[a](https://a.uk/b)", "[a](/b/)",
    "[[a]]", "[[a|b c]]", "`a b`", "it's", '"a, b," c', '"a."', "(a)", "R&D", "a!", "24", "2.5", "2.", "--", "...",
    "| a |", "|--|", "## a", "![a](b.jpg)", "[^1]", "\\*", "<b>", "&amp;", "\u00a34", "  ",
]  # fmt: skip
PLAIN_LINES: Final = st.tuples(
    st.sampled_from(["", "", "", "", " ", "  ", "   ", "- ", "> "]),
    st.sampled_from([
        "a", "- a", "- b c", "  - d", "  e", "1. x", "2. y", "3) z", "> q", "## h", "### h", "*a* b", "", "", "a  ", "",
        "| a | b |", "|--|:-:|", "| [x](/y) | z |", "| `a` |", "[[some-id]] z", "it's \"a\" b", "24 hours", "   l",
        "x [y](https://a.uk/b) z", "**A.** b", "[a](#b)", "[[a|b]]",
    ]),
).map("".join)  # fmt: skip
NEARLY_PLAIN_LINES: Final = st.tuples(CONTAINERS, st.lists(st.sampled_from(WORDS), max_size=3)).map(
    lambda line: "".join([*line[0], " ".join(line[1])])
)
TEXTS: Final = st.one_of(
    st.lists(PLAIN_LINES, max_size=10).map("\n".join),
    st.lists(NEARLY_PLAIN_LINES, max_size=10).map("\n".join),
    st.lists(LINES, max_size=8).map("\n".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(),
)
"""Texts of lines within quotes, lists, definitions and footnotes, of pieces without lines, and of anything."""


def check(text: str, lang: str = "en") -> None:
    """Read a text both ways."""
    assert read_body(text, lang) == write_body(text, lang), text


@pytest.mark.parametrize("rule", NEEDED)
def test_what_needs_a_rule_of_the_grammar_is_read_as_by_it(rule: str) -> None:
    """A text that would be read otherwise without a rule is read with it."""
    without, whole = grammar().disable(rule), grammar()
    for text in NEEDED[rule]:
        assert without.parse(text, {}) != whole.parse(text, {}), text
        check(text)


def test_every_rule_has_a_text_that_needs_it() -> None:
    """No rule of the grammar is left out of these tests."""
    whole = grammar()
    rules = {rule for chain in whole.get_active_rules().values() for rule in chain}
    own = {"footnote_faults", "footnote_tail", "replacements", "fragments_join", "balance_pairs"}
    always = {"block", "inline", "code", "paragraph", "text"}
    assert rules - own - always == set(NEEDED)
    assert whole.get_active_rules()["inline2"] == ["balance_pairs", "emphasis", "fragments_join"]


@pytest.mark.parametrize("kind", NEARLY_PLAIN)
def test_borders(kind: str) -> None:
    """At the borders of what is plain, alone or beside other blocks, a text is read as by the grammar."""
    for text in NEARLY_PLAIN[kind]:
        quoted = f"> {text}".replace("\n", "\n> ")
        for around in (text, f"a\n\n{text}\n", f"{text}\n\nb", f"a\n{text}\nb", quoted, f"{text}\n\n[r]: /s/"):
            check(around)


def test_a_table_of_very_many_cells_is_left_to_the_grammar() -> None:
    """A table that lacks more cells than markdown-it adds, which would make a page of a few letters, is cut by it."""
    columns = 400
    text = "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|b\n" * 200
    assert read_plain(text, "en") is None
    assert 0 < str(read_body(text).body.parts).count("<td>") < columns * 200


def test_what_is_plain_is_read_at_a_glance() -> None:
    """Text as most editors write it does not need the library."""
    assert read_plain(PLAIN, "en") == write_body(PLAIN, "en")


def test_plain_bodies_do_without_the_library() -> None:
    """Reading a plain body imports nothing of markdown-it, and reading another does."""
    steps = "from digest.markup import read_body; read_body(sys.argv[1])", "read_body('&amp;')"
    assert loaded_after("markdown_it", steps, PLAIN) == [False, True]


def test_the_words_for_assistive_technology_are_those_of_the_language() -> None:
    """A plain body in Welsh names its tables in Welsh, as the grammar does."""
    text = "## Cyflog\n\n| Gradd | Cyflog |\n|---|--:|\n| Un | 2 |\n"
    assert "Tabl: Cyflog" in str(read_body(text, "cy").body.parts)
    check(text, "cy")


def test_real_bodies() -> None:
    """Every Markdown file of the site and of the tests, right or wrong, is read as by the grammar."""
    assert len(FILES) >= FEWEST
    for path in FILES:
        for text in _texts(path):
            check(text)


def test_most_real_bodies_are_plain() -> None:
    """Nineteen of twenty bodies of the digest's own entries are plain: what is called plain is what editors write."""
    bodies = [_texts(path)[1] for path in FILES if path.is_relative_to(ROOT / "content")]
    plain = [read_plain(body, "en") for body in bodies]
    assert len(bodies) - plain.count(None) >= 0.95 * len(bodies) > 0


def _texts(path: Path) -> list[str]:
    """Give a file's text, and its body alone, in which no line of front matter stands."""
    text = path.read_bytes().decode(errors="replace")
    return [text, text.rpartition("\n---\n")[2]]


@settings(max_examples=500)
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
    """Any text gives the same body and the same problems as by the grammar."""
    check(text)


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
    for url in (f"https://{rest}", f"http://{rest}", f"https://a.uk/{rest}", f"https://a.uk?{rest}", f"/{rest}", rest):
        check(f"[a]({url})")
