"""Bodies: what Markdown becomes, what is refused, and where each problem is said to be."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.deflist import deflist_plugin

from digest.markup import BODY_RULES, RESERVED_IDS, Body, Href, Title, read_body, resolve
from tests.builders import loaded_after

REFUSED = ("javascript:", "data:", "vbscript:", "file:")


def html(text: str, lang: str = "en") -> str:
    """Give the HTML of a text, with targets as they are and ids for titles."""
    return str(resolve(read_body(text, lang).body, lambda target: target, lambda id_: id_))


def found(text: str) -> list[str]:
    """Give what was found as `line:column:width rule`."""
    return [f"{p.line}:{p.column}:{p.width} {p.rule.id}" for p in read_body(text).problems]


def rules(text: str) -> set[str]:
    """Give the names of the rules that found something."""
    return {p.rule.id for p in read_body(text).problems}


def marked(text: str) -> list[str]:
    """Give the source that each mention marks."""
    lines = re.split(r"\r\n?|\n", text)
    return [lines[m.line - 1][m.column - 1 :][: m.width] for m in read_body(text).body.mentions]


class Seen(HTMLParser):
    """The elements and attributes of a piece of HTML, and whether its elements are nested rightly."""

    VOID = frozenset({"br", "hr", "img"})

    def __init__(self, source: str) -> None:
        """Read `source`."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.data: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        assert not (tag == "a" and "a" in self.open), "a link within a link"
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note its end."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.data.append(data)

    def words(self) -> list[str]:
        """Give the words of all text."""
        return " ".join(self.data).split()

    def values(self, *names: str) -> list[str]:
        """Give the values of attributes."""
        return [value for name, value in self.attributes if name in names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Plain *words* and **more**.", "<p>Plain <em>words</em> and <strong>more</strong>.</p>\n"),
        ("a  \nb\nc", "<p>a<br>\nb\nc</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> a\n\n***", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n"),
        ('`a < "b"`', '<p><code>a &lt; "b"</code></p>\n'),
        ("    a & b", '<pre tabindex="0"><code>a &amp; b\n</code></pre>\n'),
        ('``` a"b\nx\n```', '<pre tabindex="0"><code class="language-a&quot;b">x\n</code></pre>\n'),
        ("~~a~~ https://gov.uk", "<p>~~a~~ https://gov.uk</p>\n"),
        ("Term\n: Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>\n"),
        ("\\[[a]] \\*b\\* &amp; &copy;", "<p>[[a]] *b* &amp; ©</p>\n"),
        ("a \0 b", "<p>a \ufffd b</p>\n"),
    ],
)
def test_commonmark(text: str, expected: str) -> None:
    """CommonMark and definition lists are read as they should be."""
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('It\'s "so"', "It\u2019s \u201cso\u201d"),
        ("£45-55, £45--55", "£45-55, £45\u201355"),
        ("pay -- if any --- is", "pay \u2013 if any \u2014 is"),
        ("a---b...", "a\u2014b\u2026"),
        ("--option, ../up, x.. y....", "--option, ../up, x.. y...."),
        ("*a*--*b*", "<em>a</em>\u2013<em>b</em>"),
        ("(c) (tm) +- 1!!!!! a,,b", "(c) (tm) +- 1!!!!! a,,b"),
        ('`a--b "c"...`', '<code>a--b "c"...</code>'),
        (r"a\--b", "a--b"),
    ],
)
def test_smart_punctuation(text: str, expected: str) -> None:
    """Quotes, dashes and three dots are set; code, options, escapes and everything else stay."""
    assert html(text) == f"<p>{expected}</p>\n"


def test_an_autolink_keeps_its_letters() -> None:
    """The words of an automatic link are the address, dashes and all."""
    assert '<a href="https://a.uk/b--c..." rel="external noopener">https://a.uk/b--c...</a>' in html(
        "<https://a.uk/b--c...>"
    )


def test_links_of_every_allowed_form() -> None:
    """Addresses and paths are kept; only what leaves the site by the web says so."""
    text = "[a](http://a.uk 'T') [b](mailto:a@b.uk) [c](tel:+441) [d](/about/#x) [e](#y) <a@b.uk> [f][]\n\n[f]: /f/"
    assert found(text) == []
    assert html(text) == (
        '<p><a href="http://a.uk" rel="external noopener" title="T">a</a> <a href="mailto:a@b.uk">b</a> '
        '<a href="tel:+441">c</a> <a href="/about/#x">d</a> <a href="#y">e</a> '
        '<a href="mailto:a@b.uk">a@b.uk</a> <a href="/f/">f</a></p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](java&NewLine;script:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](< javascript:alert(1)>)",
        "[x](&#1;javascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](java\\script:alert(1))",
        "[x](%6aavascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,AAAA)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](ftp://a.uk/)",
        "[x](entry:a)",
        "[x](gov.uk:80/a)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[y][]\n\n[y]: <JAVASCRIPT:alert(1)>",
        "[y]\n\n[y]: data:text/html,x",
        "<javascript:alert(1)>",
        "<JavaScript:x>",
        "<made-up:x>",
        "[![a](b.jpg)](javascript:x)",
    ],
)
def test_refused_schemes(text: str) -> None:
    """A scheme that is not allowed is reported, in whatever form, and its words are kept without a link."""
    assert rules(text) & {"link-scheme", "link-relative"}
    assert "<a" not in html(text)
    assert not {m.kind for m in read_body(text).body.mentions} - {"image"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]()", ["1:1:5 link-empty"]),
        ("[a](<>)", ["1:1:7 link-empty"]),
        ("[a](#)", ["1:1:6 link-empty"]),
        ("[a](https://)", ["1:1:13 link-empty"]),
        ("[](/a/)", ["1:1:7 link-text-empty"]),
        ("[ **&#32;** ](/a/)", ["1:1:18 link-text-empty"]),
        ("[`  `](/a/)", ["1:1:11 link-text-empty"]),
        ("[![A dog](a.jpg)](/a/)", []),
        ("[a](b/)", ["1:1:7 link-relative"]),
        ("[a](../b/)", ["1:1:10 link-relative"]),
        ("[a](//b.uk/)", ["1:1:12 link-relative"]),
        ("[a](www.gov.uk)", ["1:1:15 link-relative"]),
        ("[a](http:b)", ["1:1:11 link-relative"]),
        ("x [a] (https://b.uk) y", ["1:3:18 link-unread"]),
        ("x [a](https://b.uk c) y", ["1:3:19 link-unread"]),
        ("x [a][b] y", ["1:3:6 link-unread"]),
        (r"x \[a\](/b/) `[a] (/b)` [a] (see b)", []),
        ("[[a-b2]] [[a|*b*]]", []),
        ("x [[A b]]", ["1:3:7 link-entry"]),
        ("x [[|b]]", ["1:3:6 link-entry"]),
        ("x [[a|]]", ["1:3:6 link-text-empty"]),
        ("x [[a", ["1:3:3 link-entry"]),
        ("| a |\n|--|\n| [[b|c]] |", ["3:3:3 link-entry"]),
        ("| a |\n|--|\n| [[b\\|c]] |", []),
        ("[[1](/a/)] [[2]](/b/)", []),
        ("![](a.jpg)", ["1:1:10 image-alt"]),
        ("![a.jpg](a.jpg)", ["1:1:15 image-alt"]),
        ("![A dog](https://b.uk/a.jpg)", ["1:1:28 image-src"]),
        ("![A dog](data:image/png;base64,AA)", ["1:1:34 image-src"]),
        ("![A dog](//b.uk/a.jpg)", ["1:1:22 image-src"]),
        ("![A dog](../a.jpg)", ["1:1:18 image-src"]),
        ("![A dog](%2e%2e/a.jpg)", ["1:1:22 image-src"]),
        ("![A dog](/images/a.jpg)", ["1:1:23 image-src"]),
        ("![A dog](a%5Cb.jpg)", ["1:1:19 image-src"]),
        ("![A dog](a.jpg?b)", ["1:1:17 image-src"]),
        ("![A dog]()", ["1:1:10 image-src"]),
        ("![A dog](<2026/my dog.jpg>)", []),
        ("# A", ["1:3:1 body-heading-1"]),
        ("x\n\nA\n===", ["3:1:1 body-heading-1"]),
        ("## A\n\n#### B\n\n##### C\n\n## D", ["3:6:1 body-heading-order"]),
        ("### A", ["1:5:1 body-heading-order"]),
        ("a\n\n##", ["3:1:2 heading-empty"]),
        ("a <b>b</b>", ["1:3:3 body-html", "1:7:4 body-html"]),
        ("<!-- a -->\n<div\nclass='x'>", ["1:1:10 body-html", "2:1:4 body-html"]),
        (r"\<b> `<b>` 1 < 2 > 1 a<b", []),
        ("```\n<b>\n```\n\n    <b>", []),
        ("a[^1]", ["1:2:4 footnote-unknown"]),
        ("a\n\n[^1]: b", ["3:1:4 footnote-unused"]),
        ("a[^1]\n\n[^1]: b\n\n[^1]: c", ["5:1:4 footnote-unused"]),
        ("a[^1]\n\n[^1]: b\n\n    > [^2]: c", ["5:7:4 footnote-unused"]),
        ("a[^1] b[^2]\n\n[^1]: b\n[^2]: c", []),
    ],
)
def test_rules(text: str, expected: list[str]) -> None:
    """Each mistake is found, once, at its place; what only looks like one is not."""
    assert found(text) == expected


@pytest.mark.parametrize("rule", BODY_RULES, ids=lambda rule: rule.id)
def test_examples_of_rules(rule: object) -> None:
    """The documentation of every rule shows a wrong text, which it finds, and a right one, which has no fault."""
    id_, doc = getattr(rule, "id", ""), getattr(rule, "doc", "")
    shown = {
        kind: "\n\n".join(re.findall(r"`([^`]+)`", line)) for kind, line in re.findall(r"(Wrong|Right): (.*)", doc)
    }
    assert id_ in rules(shown["Wrong"])
    assert rules(shown["Right"]) == set()


@pytest.mark.parametrize(
    "link", ["[[some-id]]", "[[some-id|*a* b]]", "[a *b*](/c/)", "<https://a.uk>", "![a](b.jpg)", "[a][r]"]
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "a {} b {}",
        "é “x” {}\n{} `[[no]]` {}",
        "## {} ##",
        "- a\n  - {} b\n    {}\nlazy {}",
        "> a\n> - {}\n>   {}\nlazy {}",
        "\t- a\n\n12. {}\n\n\t{}",
        "a\r\nb {}\rc {}",
        "| a | b |\n|---|---|\n| x\\|y {} | {} {} |\n{} | {}",
        "> | {} |\n> |---|\n> | a |",
        "T {}\n: d {}\n\n  e {}",
        "*a **b {} c** {}*",
        "x[^n]\n\n[^n]: a {}\n\n    b {}",
        "{}\n===",
        "  \x0c {}  ",
    ],
)
def test_places(around: str, link: str) -> None:
    """A link is found at its very characters, whatever it stands in."""
    inside = link.replace("|", r"\|") if around.count("|") > 2 else link
    text = around.format(*[inside] * around.count("{}")) + "\n\n[r]: /r/\n"
    assert marked(text) == [inside] * around.count("{}")


def test_a_link_over_two_lines_is_marked_to_the_end_of_its_first() -> None:
    """A mark never leaves its line."""
    assert marked("> a [b\n> c](/d/) e") == ["[b"]


def test_code_holds_no_links() -> None:
    """Brackets in code are code."""
    body = read_body("`[[a]]` `[b](/c/)`\n\n    [[a]]\n\n```\n[[a]] <b>\n```").body
    assert body.mentions == ()
    assert len(body.parts) == 1


def test_parts() -> None:
    """HTML is cut exactly where the site has to say something."""
    assert read_body("a [b](https://c.uk) *d*").body.parts == (
        '<p>a <a href="https://c.uk" rel="external noopener">b</a> <em>d</em></p>\n',
    )
    body = read_body("[[a]] ![b](c.jpg)").body
    assert body.parts == (
        "<p><a",
        Href("entry:a"),
        ">",
        Title("a"),
        "</a> <img",
        Href("image:c.jpg", "src"),
        ' alt="b" loading="lazy" decoding="async"></p>\n',
    )
    assert read_body("").body == Body(("",), "", 0)


def test_resolve_escapes() -> None:
    """What the site says is escaped, even when it claims to be safe."""
    hostile = Markup("\"><script>alert('1')</script>&")
    page = resolve(read_body("[[a]] ![b](c.jpg) [d](/e/) [f](#g)").body, lambda _: hostile, lambda _: hostile)
    seen = Seen(page)
    assert "script" not in seen.tags
    assert seen.values("href", "src") == [str(hostile)] * 4
    assert str(page).count("&lt;script&gt;") == 5


def test_nothing_to_link_to() -> None:
    """A link to what is not there yet keeps its words and loses its address."""
    body = read_body("[[a|words]]").body
    assert resolve(body, lambda _: None, str) == "<p><a>words</a></p>\n"


def test_headings_have_ids() -> None:
    """Ids are ASCII, unique, and leave those of the page alone."""
    text = "## Pay\n\n## Pay\n\n## Pay 2\n\n## Ŵyl & *fun*\n\n## 東京\n\n## Main\n\n## fn 1\n\n"
    text += "## fn\n\n### app bar [x](/y/)"
    headings = read_body(text).body.headings
    ids = [heading.id for heading in headings]
    assert ids[:7] == ["pay", "pay-2", "pay-2-2", "wyl-fun", "section", "section-main", "section-fn-1"]
    assert ids[7:] == ["section-fn", "section-app-bar-x"]
    assert not RESERVED_IDS & set(ids)
    assert [heading.text for heading in headings][3:5] == ["Ŵyl & fun", "東京"]
    assert headings[-1].level == 3


def test_a_first_level_heading_is_shown_as_a_second() -> None:
    """Even a faulty body leaves its page one first-level heading."""
    assert html("# A") == '<h2 id="a">A</h2>\n'


def test_tables() -> None:
    """A table stands in a named region that scrolls; header cells with words say what they head."""
    table = "| a | |\n|:-:|--|\n| 1 | 2 |\n"
    page = html(f'## Pay "now"\n\n{table}\n\n{table}')
    assert 'aria-label="Table: Pay “now”"' in page
    assert 'aria-label="Table: Pay “now” (2)"' in page
    assert '<th scope="col" class="app-align-centre">a</th>\n<td></td>' in page
    assert "style=" not in page
    assert 'aria-label="Tabl"' in html(table, "cy")


def test_footnotes() -> None:
    """Each mark leads to its footnote and each footnote to its marks, through parts."""
    text = "a[^n] b[^n] *c*[^m]\n\n[^n]: First [x](/y/).\n\n[^m]: - Second\n"
    body = read_body(text).body
    assert [part.target for part in body.parts if isinstance(part, Href)] == [
        "#fn-1", "#fn-1", "#fn-2", "/y/", "#fnref-1", "#fnref-1-2", "#fnref-2",
    ]  # fmt: skip
    seen = Seen(html(text))
    assert sorted(seen.values("id")) == ["fn-1", "fn-2", "fnref-1", "fnref-1-2", "fnref-2"]
    assert [label for label in seen.values("aria-label") if "text" in label] == [
        "Back to text", "Back to text (2)", "Back to text",
    ]  # fmt: skip
    assert "Troednodiadau" in html(text, "cy")
    assert body.text == "a b c First x. Second ↩"[:-2]
    assert [m.kind for m in body.mentions] == ["path"]


def test_a_footnote_mark_in_the_words_of_a_picture_is_none() -> None:
    """No footnote leads back to a mark that is not shown."""
    assert rules("![a[^1]](b.jpg)\n\n[^1]: c") == {"footnote-unused"}


def test_plain_words() -> None:
    """The words of a body are apart where its blocks are, and free of markup."""
    text = (
        "## A *b*\n- c\n- d `e`\n\n| f | g |\n|--|--|\n| h | i |\n\n![j k](l.jpg)  \nm [[n-o]] [[p|q]]\n\n```\nr\n```"
    )
    body = read_body(text).body
    assert body.text == "A b c d e f g h i j k m n o q r"
    assert body.words == 16


def test_raw_html_is_shown() -> None:
    """HTML appears as the letters it is written in."""
    page = html("<script>alert(1)</script>\n\na <img src=x onerror=\"y\"> <a href='javascript:z'>b</a>")
    assert Seen(page).tags == ["p", "p"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '&lt;img src=x onerror="y"&gt;' in page


@pytest.mark.parametrize(
    "deep", ["> ", "- ", "[", "![", "*a **b ", "[[", "<", "<!--", "[^", "`a", "&#", "(", "| ", ": "]
)
def test_depth_and_length(deep: str) -> None:
    """Absurd nesting is read without failing."""
    Seen(html(deep * 400 + "x"))
    Seen(html("x\n" + deep * 400 + "]" * 400))


def test_nothing_is_kept_between_calls() -> None:
    """The same text gives the same body whatever was read in between."""
    first, second = "a[^1] [x]\n\n## B\n\n[^1]: c\n\n[x]: /y/", "a[^1] [x]\n\n## B"
    once = read_body(first)
    assert read_body(second).body.parts != once.body.parts
    assert read_body(first) == once


def test_joining_a_body_needs_no_parser() -> None:
    """A build in which no body changed does not load markdown-it."""
    assert loaded_after("markdown_it", ["import digest.markup"]) == [False]


PIECES = st.sampled_from(
    [
        "[", "]", "(", ")", "[[", "]]", "](", "![", "<", ">", "|", "\\", "`", "*", "_", "#", "## ", "- ", "1. ", "> ",
        ": ", "\n", "\n\n", "    ", "\t", "\r\n", "|--|\n", "|a|\n", "[^1]", "[^1]: ", "[r]: ", "---\n", "===\n", "--",
        "javascript:", "JaVaScRiPt:", "data:", "file:", "http:", "mailto:", "//", "https://a.uk", "/x/", "#y", "a.jpg",
        "&#106;", "&Tab;", "&colon;", "%6a", "&lt;", "<script>", "<img onerror=x>", "onclick=", '"', "'", " ", "^", "a",
        "\0", "é", "...", "\x0c", "\u2028",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
@example("[a](javascript:x)")
@example("[a <https://b.uk>](/c/)")
@example("[![a](b.jpg)](/c/) [[a|![b](c.jpg)]]")
def test_any_text(text: str) -> None:
    """Any text gives, without failing, well-nested HTML that runs nothing, leads nowhere refused and repeats no id."""
    body, problems = read_body(text)
    seen = Seen(str(resolve(body, lambda target: target, lambda id_: id_)))
    assert not {"script", "style", "iframe", "object", "svg", "form", "base", "meta", "link"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in {"style", "srcdoc"}]
    for address in seen.values("href", "src"):
        assert not re.sub(r"[\x00-\x20]", "", address).lower().startswith((*REFUSED, "//"))
        assert re.match(r"https?://|mailto:|tel:|/|#|entry:|image:", address, re.IGNORECASE)
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    if not [p for p in problems if p.rule.severity == "error"]:
        assert {a[1:] for a in seen.values("href") if a.startswith("#fn")} <= {i for i in ids if i.startswith("fn")} | {
            m.target[1:] for m in body.mentions
        }
    assert body.text == " ".join(body.text.split())
    assert body.words == len(body.text.split())
    assert all(isinstance(part, str) == (index % 2 == 0) for index, part in enumerate(body.parts))


@given(
    st.lists(
        st.sampled_from([*"[]()<>`*_!:|~-+>\\ab&;.", "](", "/x/", "\n", "\n\n", "- ", "1. ", "    ", "|-|\n"])
    ).map("".join)
)
def test_commonmark_otherwise(text: str) -> None:
    """Where none of our additions is written, elements and words are those of markdown-it."""
    assume(not re.search(r"\[\[|\[\^|!\[|<[a-z/!?]|--|\.\.\.", text) and not rules(text))
    plain = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table").use(deflist_plugin)
    ours, theirs = Seen(html(text)), Seen(plain.render(text))
    assert [tag for tag in ours.tags if tag != "div"] == theirs.tags
    assert ours.words() == theirs.words()


@given(TEXTS)
def test_bodies_are_kept(text: str) -> None:
    """A body that was put away is the same when it is taken out."""
    body = read_body(text).body
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(body), type=Body) == body


@given(TEXTS)
def test_any_place(text: str) -> None:
    """Every place lies within the source, and every link begins at its bracket."""
    lines = re.split(r"\r\n?|\n", text)
    body, problems = read_body(text)
    for number, column, width in [(p.line, p.column, p.width) for p in body.mentions] + [p[2:] for p in problems]:
        line = lines[number - 1]
        assert 1 <= column <= max(1, len(line))
        assert 1 <= width <= max(1, len(line) - column + 1)
    assert all(source[:1] in {"[", "<", "!"} for source in marked(text))
