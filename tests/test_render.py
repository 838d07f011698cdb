"""Templates: their mistakes are found and placed, and nothing an editor writes can become markup."""

from __future__ import annotations

import gc
import json
import re
import weakref
from pathlib import PurePosixPath
from typing import Any, Final

import jinja2
import pytest
from jinja2 import meta, nodes
from lxml import etree, html
from markupsafe import Markup

from digest.diagnostics import Diagnostic
from digest.planning.outputs import TEMPLATES
from digest.planning.parts import Link
from digest.render import Renderer
from tests import samples
from tests.hostile import ADDRESS, EVIL, evil, hostile_site

JOB: Final = "templates/pages/job.html"
GLOBALS: Final = {"once"}
"""Names that every template knows besides the fields of its view."""
THEME: Final = {
    path.removeprefix("templates/"): data.decode()
    for path, data in samples.theme().items()
    if not path.startswith("templates/assets/")
}
"""The texts of the project's templates by their path below `templates/`."""


# --- mistakes in templates -----------------------------------------------------------------------------------


def _problems(**files: str) -> list[Diagnostic]:
    """Return what is said of the smallest site with other templates; names are paths with `__` for `/`."""
    changed = {f"templates/{name.replace('__', '/')}": text.encode() for name, text in files.items()}
    result = samples.build_result({**samples.base(), **changed})
    assert result.site is None
    return list(result.problems)


def _on_line_12(text: str) -> str:
    """Return a template with the words of `text` on its twelfth line."""
    return "\n" * 11 + text + "\n"


MISTAKES: Final = {
    "{{ nothing }}": "'nothing' is undefined",
    "  {{ head.nothing }}": "has no attribute 'nothing'",
    "{{ title|nothing }}": "No filter named 'nothing'",
    "{{ 1 // 0 }}": "zero",
    "{% if %}": "Expected an expression",
    "{{ title": "unexpected",
    "{% for item in facts %}{{ item.nothing }}{% endfor %}": "has no attribute 'nothing'",
    "{{ once(title, []) }}": "unhashable",
}
"""What stands on the line, and words that the problem holds."""


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_placed(text: str) -> None:
    """A template's mistake is reported at its file and line, with that line, and names the entry being rendered."""
    (problem,) = _problems(**{"pages__job.html": _on_line_12(text)})
    assert (problem.rule, problem.severity) == ("template-error", "error")
    assert (problem.span.path, problem.span.line) == (JOB, 12)
    assert problem.span.column == len(text) - len(text.lstrip()) + 1
    assert problem.excerpt == text
    assert MISTAKES[text] in problem.message
    assert problem.hint == "while rendering content/jobs/one.md"


def test_a_mistake_in_a_component_is_placed_there() -> None:
    """A mistake in a macro is reported where the macro is, not where it is called."""
    macro = "{% macro badge(badge) %}\n{{ badge.nothing }}\n{% endmacro %}\n"
    places = {(problem.span.path, problem.span.line) for problem in _problems(**{"components__badge.html": macro})}
    assert places == {("templates/components/badge.html", 2)}


@pytest.mark.parametrize(("name", "macro"), [("row.html", "row"), ("feed_item.xml", "feed_item")])
def test_a_mistake_in_a_part_made_once_is_placed_there(name: str, macro: str) -> None:
    """A mistake in the row of a list or the item of a feed, which are rendered apart, is reported in its own file."""
    text = f"{{% macro {macro}(view) %}}\n\n{{{{ view.nothing }}}}\n{{% endmacro %}}\n"
    places = {(problem.span.path, problem.span.line) for problem in _problems(**{f"components__{name}": text})}
    assert places == {(f"templates/components/{name}", 3)}


def test_a_mistake_is_reported_once() -> None:
    """A mistake that spoils many pages is one problem."""
    more = {f"content/jobs/more-{number}.md": samples.job() for number in range(3)}
    result = samples.build_result({**samples.base(), **more, JOB: b"{{ nothing }}"})
    assert [problem.span.path for problem in result.problems if problem.severity == "error"] == [JOB]


def test_all_mistakes_are_reported_in_one_run() -> None:
    """Mistakes in several templates come out together, in order of place."""
    broken = {"pages__job.html": "{{ a }}", "pages__home.html": "{% if %}", "feeds__rss.xml": "{{ b }}"}
    paths = [problem.span.path for problem in _problems(**broken)]
    assert paths == ["templates/feeds/rss.xml", "templates/pages/home.html", JOB]


def test_a_page_without_an_entry_is_named() -> None:
    """Where no entry is rendered, the problem names the page."""
    (problem,) = _problems(**{"pages__404.html": "{{ nothing }}"})
    assert problem.hint == "while rendering /404.html"


@pytest.mark.parametrize("name", ["pages/job.html", "feeds/rss.xml", "pages/404.html"])
def test_a_missing_template_is_named(name: str) -> None:
    """The template of a view that is gone is reported by its name, once, however many pages need it."""
    files = samples.base()
    del files[f"templates/{name}"]
    (problem,) = samples.build_result(files).problems
    assert (problem.rule, problem.span.path) == ("template-missing", f"templates/{name}")


@pytest.mark.parametrize("name", ["layouts/base.html", "components/day.html", "components/row.html"])
def test_a_missing_part_is_reported_where_it_is_asked_for(name: str) -> None:
    """A layout or component that is gone is named at each line of a template that asks for it."""
    files = samples.base()
    del files[f"templates/{name}"]
    problems = samples.build_result(files).problems
    assert problems
    for problem in problems:
        assert f"there is no file templates/{name}" in problem.message
        line = files[problem.span.path].decode().splitlines()[problem.span.line - 1]
        assert name in line


@pytest.mark.parametrize("name", ["site.css", "icon.svg"])
def test_a_missing_asset_is_named(name: str) -> None:
    """A style sheet or icon that is gone is reported by its name."""
    files = samples.base()
    del files[f"templates/assets/{name}"]
    (problem,) = samples.build_result(files).problems
    assert (problem.rule, problem.span.path) == ("template-missing", f"templates/assets/{name}")


# --- the theme as it is --------------------------------------------------------------------------------------


def test_each_view_has_its_template_and_each_template_its_view() -> None:
    """Every page and feed of the theme is the template of a view, and every view has one."""
    assert {name for name in THEME if name.startswith(("pages/", "feeds/"))} == set(TEMPLATES.values())


@pytest.mark.parametrize("name", [name for name in THEME if name.startswith("components/")])
def test_a_component_is_the_macro_of_its_name(name: str) -> None:
    """Other templates take from a file of components the macro that bears its name, and nothing else."""
    stem = PurePosixPath(name).stem
    assert stem in re.findall(r"{% macro (\w+)", THEME[name])
    taken = {word for text in THEME.values() for word in re.findall(rf'{{% from "{name}" import (\w+)', text)}
    assert taken == {stem}


def test_nothing_is_marked_safe() -> None:
    """No template switches escaping off."""
    assert THEME
    assert [name for name, text in THEME.items() if re.search(r"\|\s*safe\b|autoescape|Markup", text)] == []


@pytest.mark.parametrize(("view", "name"), TEMPLATES.items(), ids=TEMPLATES.values())
def test_a_template_uses_only_what_its_view_has(view: Any, name: str) -> None:
    """A template, with the layouts it extends, names no variable its view lacks, even where no entry comes by."""
    environment = Renderer({})._environment
    waiting, wanted = [name], set()
    while waiting:
        tree = environment.parse(THEME[waiting.pop()])
        taken = [name for found in tree.find_all(nodes.FromImport) for name in found.names]
        wanted |= meta.find_undeclared_variables(tree) - {name if isinstance(name, str) else name[1] for name in taken}
        waiting += [found for found in meta.find_referenced_templates(tree) if found and found.startswith("layouts/")]
    assert wanted <= {*view.__struct_fields__, *GLOBALS}


@pytest.mark.parametrize("name", ["components/row.html", "components/feed_item.xml"])
def test_a_part_of_many_pages_is_named_by_those_it_is_on(name: str) -> None:
    """Templates name the parts they are made of, so that an edit of a part touches only pages that may hold it."""
    above = {name}
    while more := {
        other for other, text in THEME.items() if other not in above and any(f'"{x}"' in text for x in above)
    }:
        above |= more
    pages = {other for other in above if other.startswith(("pages/", "feeds/"))}
    assert pages == ({"feeds/rss.xml"} if name.endswith(".xml") else WITH_ROWS)


WITH_ROWS: Final = {"pages/home.html", "pages/job.html", "pages/list.html", "pages/news.html"}
"""Pages that may list entries."""


def test_a_row_is_the_same_in_every_list(busy_site: dict[str, bytes]) -> None:
    """An entry's row reads the same wherever it is listed; only filtered lists add what the filters find it by."""
    rows: dict[str, set[bytes]] = {}
    for page in samples.pages(busy_site).values():
        for row in page.all("//li[contains(@class, 'app-row ')]"):
            row.attrib.pop("data-terms", None)
            rows.setdefault(row.xpath("string(.//a/@href)"), set()).add(etree.tostring(row, with_tail=False))
    assert len(rows) > 20
    assert [href for href, forms in rows.items() if len(forms) > 1] == []


# --- short ways ----------------------------------------------------------------------------------------------


class _Word:
    """Something that counts how often its word is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    @property
    def word(self) -> str:
        self.asked += 1
        return "word"


def _rendered(text: str, part: str = "", **values: Any) -> str:
    """Return what a template makes of values; it may import from `part.html`."""
    return Renderer({"part.html": part})._environment.from_string(text).render(values)


MACRO: Final = "{% macro m(a, b='<') %}[{{ a }}|{{ b }}|{{ varargs|join }}|{{ kwargs|length }}]{% endmacro %}"
PLAIN: Final = "{% macro m(a, b='<') %}[{{ a }}|{{ b }}]{% endmacro %}"
ROUND: Final = "{% macro m(a) %}[{{ caller() }}{{ a }}]{% endmacro %}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ words }}{{ ready }}{{ number }}{{ none }}{{ 1.5 }}{{ true }}{{ words|e }}{{ ready|forceescape }}",
        "{{ words ~ ready }}{{ [words, ready]|join('<') }}{{ words.upper() }}{{ words.count('a') }}",
        PLAIN + "{{ m(words, ready) }}{{ m(words) }}{{ m(b=words, a=ready) }}{{ m(words, b=1) }}",
        PLAIN + "{{ m(words, ready) ~ words }}{{ m(m(words, words), ready)|upper }}",
        PLAIN + "{% for word in [words, ready] %}{{ m(word, loop.index) }}{% endfor %}",
        PLAIN + "{% autoescape false %}{{ words }}{{ m(words, ready) ~ words }}{% endautoescape %}",
        MACRO + "{{ m(words) }}{{ m(words, ready) }}{{ m(words, ready, words) }}{{ m(words, ready, c=words) }}",
        ROUND + "{% call m(words) %}{{ words }}{{ ready }}{% endcall %}",
        "{% set kept %}{{ words }}{{ ready }}{% endset %}{{ kept }}{{ kept ~ words }}",
        "{% filter upper %}{{ words }}{{ ready }}{% endfilter %}",
    ],
)
def test_a_short_way_leads_where_jinja_leads(text: str) -> None:
    """Words, markup and calls come out just as they do without the short ways that the renderer takes."""
    values: dict[str, Any] = {"words": "a<b>&\"'", "ready": Markup("<b>&amp;</b>"), "number": 3}
    plain = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    assert _rendered(text, **values) == plain.from_string(text).render(values)


@pytest.mark.parametrize("text", ["{{ m() }}", "{{ m(1, 2, 3) }}", "{{ m(1, c=2) }}", "{{ words() }}", "{{ nothing }}"])
def test_a_short_way_fails_where_jinja_fails(text: str) -> None:
    """A wrong call is refused in Jinja's own words."""
    said: list[str] = []
    plain = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    for render in (_rendered, lambda text, **values: plain.from_string(text).render(values)):
        with pytest.raises((TypeError, jinja2.UndefinedError)) as caught:
            render(PLAIN + text, words="words")
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_once_is_once() -> None:
    """A macro is rendered once for a value, however often and in however many pages it is asked for."""
    word = _Word()
    environment = Renderer({"part.html": "{% macro part(x) %}<b>{{ x.word }}</b>{% endmacro %}"})._environment
    page = environment.from_string("{% from 'part.html' import part %}{{ once(part, word) }}{{ once(part, word) }}")
    assert [page.render(word=word) for _ in range(3)] == ["<b>word</b>" * 2] * 3
    assert word.asked == 1


def test_a_long_piece_stays_as_it_is() -> None:
    """A piece of any length comes out as the same markup each time that it is asked for."""
    part = "{% macro part(x) %}<b>{{ x }}</b>{% endmacro %}"
    text = "{% from 'part.html' import part %}{% for _ in 'ab' %}{{ once(part, x) ~ '&' }}{% endfor %}"
    for words in ("ŵ", "ŵ" * 5_000):
        assert _rendered(text, part, x=words) == f"<b>{words}</b>&amp;" * 2


def test_once_tells_values_apart() -> None:
    """Values that are equal, but do not read the same, are each rendered."""
    part = "{% macro part(x) %}{{ x }} {% endmacro %}"
    text = "{% from 'part.html' import part %}{% for x in values %}{{ once(part, x) }}{% endfor %}"
    values = [1, True, 1.0, "1", "&lt;", Markup("&lt;")]
    assert _rendered(text, part, values=values) == "1 True 1.0 1 &amp;lt; &lt; "


def test_nothing_is_left_of_a_page() -> None:
    """A page that is made leaves none of its values behind, though its template has macros of its own."""
    text = "{% macro a(x) %}{{ x }}{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}{{ b(word.word) }}"
    page = Renderer({})._environment.from_string(text)
    collecting = gc.isenabled()
    gc.disable()
    try:
        word = _Word()
        left = weakref.ref(word)
        assert page.render(word=word) == "word"
        del word
        assert left() is None
    finally:
        if collecting:
            gc.enable()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", "/"),
        ("/jobs/", "/ /jobs/"),
        ("/jobs/one/", "/ /jobs/ /jobs/one/"),
        ("/jobs/2/", "/ /jobs/"),
        ("/job/", "/"),
    ],
)
def test_links_that_lead_to_a_page(path: str, found: str) -> None:
    """Addresses of a page and of the folders it lies in are found among links, in the order of the links."""
    links = [Link("Words", href) for href in ("/", "/jobs/", "/jobs/one/", "/news/")]
    assert _rendered("{{ links|leading_to(path)|join(' ') }}", links=links, path=path) == found


# --- hostile words -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    """Give the hostile site."""
    return hostile_site()


def test_hostile_words_make_no_element(hostile: dict[str, bytes]) -> None:
    """No words an editor writes become a script, an image, a comment or an attribute on any page."""
    for page in samples.pages(hostile).values():
        ours = page.all("//head/script[@src]")
        assert (
            len(page.all("//script[not(@type='application/ld+json')]"))
            == len(ours)
            == len(page.all("//main//form[@role='search' and @data-index]")) + 1
        )
        assert page.all("//@*[starts-with(name(), 'on')]") == []
        assert page.all("//img[@src='x'] | //comment()") == []
        for script in page.all("//script[not(@src)]"):
            data = json.loads(script.text)
            if data["@type"] == "BreadcrumbList":
                assert data["itemListElement"][0]["name"] == "Home"
            else:
                assert EVIL in (data.get("title") or data["headline"])


SHOWN: Final = {
    "/": "Digest Strap Description Title Listed Place Navigation Tag",
    "/jobs/one/": """
        Title Summary Listed Unlisted Source Note Basis Deadline Place Grade Explained Length Pattern Clearance Cleared
        Role Family reference posts interviews reports_to team_size budget eligibility Licence Statement
    """,
    "/jobs/other/": "Title Other",
    "/jobs/gone/": "Title Reason",
    "/news/two/": "Title Summary Credit Licence Source Note",
    "/news/before/": "Title",
    "/tags/tag/": "Tag Tagged",
    "/grades/": "Grade Explained",
    "/organisations/": "Listed Unlisted",
}
"""The hostile words that each page shows, by the first of them."""


@pytest.mark.parametrize(("address", "names"), SHOWN.items(), ids=SHOWN)
def test_hostile_words_are_shown_as_written(address: str, names: str, hostile: dict[str, bytes]) -> None:
    """Every word an editor writes, in whatever field, is read on its page just as it was written."""
    shown = samples.words_of(samples.page(hostile, address).one("//body"))
    assert [name for name in names.split() if not re.search(rf"{name}[ \w]* {re.escape(EVIL)}", shown)] == []


def test_hostile_words_in_attributes(hostile: dict[str, bytes]) -> None:
    """Words in attributes come out as written: descriptions, alternative texts, titles of feeds."""
    page = samples.page(hostile, "/news/two/")
    assert page.one("//meta[@name='description']/@content") == evil("Summary")
    assert page.one("//meta[@property='og:title']/@content") == evil("Title")
    assert page.one("//img/@alt") == evil("Alt")
    assert page.one("//img/@src") == "/images/a%27b&c.svg"
    assert ADDRESS in page.all("//a/@href")


def test_hostile_words_in_feeds(hostile: dict[str, bytes]) -> None:
    """Feeds stay well-formed, and their titles, categories and bodies read as they were written."""
    for address, data in samples.feeds(hostile).items():
        root = etree.fromstring(data)
        if address == "/editions/feed.xml":
            continue  # An edition's title is the digest's own, and its body is tested with the editions.
        assert set(root.xpath("//item/title/text()")) <= {evil("Title")}, address
        descriptions = root.xpath("//item/description/text()")  # HTML, in which plain words are escaped
        assert {samples.words_of(html.fragment_fromstring(text, "p")) for text in descriptions} <= {evil("Summary")}
        assert set(root.xpath("//item/category/text()")) <= {evil("Tag"), evil("More")}
        for text in root.xpath("//item/*[local-name()='encoded']/text()"):
            body = html.fragment_fromstring(text, create_parent="div")
            assert body.xpath(".//script | .//img[not(parent::figure)] | .//@*[starts-with(name(), 'on')]") == []
            assert EVIL in samples.words_of(body)
