"""What a search finds: the words of entries, how they are numbered, and the files they are looked up in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from msgspec.structs import replace

from digest.build import Options, Snapshot, build
from digest.memo import Memory
from digest.planning.catalogue import Carried, newest_first
from digest.planning.search_blocks import MOST, blocks_of, merged, pieces_of, width_of
from digest.planning.search_entries import Said
from digest.planning.search_words import BUCKETS, bucket_of, distinct_words, words_of
from tests import samples
from tests.builders import CONFIG, built, catalogue, job, small_site, text_of, theme, utc
from tests.searching import FIELDS, Found, Lookup, members_of
from tests.test_memo import Remembered

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=40)
"""Any text of characters that this Python knows."""


# --- words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Head of IT, and the C++ team", "head of it and the c team"),
        ("user-centred designers' needs", "user centred designer need"),
        ("policies ties series boxes classes searches", "policy tie sery box class search"),
        ("business status analysis AWS gas", "business status analysis aws gas"),
        ("Môn, Ynys Môn; ŵyn Caffè Straße", "mon yny mon wyn caffe straße"),
        ("£71,000 to £85,000 (G7)", "71 000 to 85 000 g7"),
        ("", ""),
    ],
)
def test_words_are_folded(text: str, words: str) -> None:
    """Case, accents, apostrophes and what may be the ending of a plural do not count; everything else parts words."""
    assert words_of(text) == words.split()


@given(TEXTS)
def test_words_are_the_same_once_and_again(text: str) -> None:
    """The words of a text are those of its parts between spaces, and each once is none left out."""
    assert words_of(text) == [word for part in text.split() for word in words_of(part)]
    assert [*distinct_words(text)] == [*dict.fromkeys(words_of(text))]
    assert all(re.fullmatch(r"[^\W_]+", word) for word in words_of(text))


# --- blocks --------------------------------------------------------------------------------------------------

ONE = catalogue([job()]).carried[0]
DAY = 86_400
DAYS = st.lists(st.integers(0, 40) | st.integers(-30_000, 30_000), max_size=300)
"""Days of publication, of which some come often."""


def _items(days: Sequence[int]) -> list[Carried]:
    cards = (replace(ONE.card, id=f"job-{place}", published=float(day * DAY)) for place, day in enumerate(days))
    return [replace(ONE, card=card) for card in sorted(cards, key=newest_first)]


def _ids(items: Sequence[Carried]) -> set[frozenset[str]]:
    return {frozenset(item.card.id for item in block) for block in blocks_of(items)}


@given(DAYS)
def test_blocks_hold_all_entries_in_their_order(days: list[int]) -> None:
    """Each entry is in one block, no block is empty or too large, and the order is that of lists, the oldest first."""
    items = _items(days)
    blocks = blocks_of(items)
    assert all(0 < len(block) <= MOST for block in blocks)
    assert [item for block in blocks for item in block] == items[::-1]


@given(DAYS, st.integers(-30_000, 30_000))
def test_a_new_entry_changes_one_block(days: list[int], day: int) -> None:
    """A new entry of whatever day joins one block, or begins one, or divides one in two or more; all others stay."""
    before, after = _ids(_items(days)), _ids(_items([*days, day]))
    changed = {id_ for block in after - before for id_ in block}
    assert len(before - after) <= 1
    assert changed == {id_ for block in before - after for id_ in block} | {f"job-{len(days)}"}


def test_many_entries_of_one_instant() -> None:
    """Entries of one instant, as of a large import, are shared out among blocks too."""
    items = _items([7] * 1_000)
    long = [replace(item, card=replace(item.card, id=f"{'long-' * 9}{item.card.id}")) for item in items]
    for found in (items, long):
        blocks = blocks_of(found)
        assert all(len(block) <= MOST for block in blocks)
        assert [item for block in blocks for item in block] == found[::-1]


WORD = st.sampled_from(["data", "dat", "head", "of", "it", "leeds", "leeds:locations"])


@given(st.lists(st.lists(st.sets(WORD), min_size=3, max_size=3), max_size=MOST), st.integers(1, 3))
def test_places_of_words_can_be_read_back(members: list[list[set[str]]], width: int) -> None:
    """What is written of a block's words says of each word who says it, and in which field that counts most."""
    said = [Said(title, names - title, body - names - title) for title, names, body in members]
    number = 64**width - 1
    pieces = pieces_of(said)
    assert len(pieces) == BUCKETS
    assert all(bucket_of(word) == bucket for bucket, piece in enumerate(pieces) for word in piece)
    written = merged(((number, piece) for piece in pieces), width)
    found = {
        (word, place, field)
        for word, text in written.items()
        for field, list_ in zip(FIELDS, text[width:].split(","), strict=False)
        for place in members_of(list_)
    }
    assert all(text[:width] == "_" * width for text in written.values())
    assert found == {
        (word, place, field)
        for place, one in enumerate(said)
        for field, words in zip(("title", "names", "body"), one, strict=True)
        for word in words
    }


@pytest.mark.parametrize(("blocks", "width"), [(0, 1), (1, 1), (64, 1), (65, 2), (4096, 2), (4097, 3)])
def test_numbers_of_blocks_are_as_wide_as_needed(blocks: int, width: int) -> None:
    """The number of a block takes as many letters as that of the last one."""
    assert width_of(blocks) == width


# --- what is found -------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "data",
        "design",
        "Leeds",
        "leads",
        "policy",
        "policies",
        "Môn",
        "it",
        "of",
        "the",
        "services",
        "service",
        "2026",
        "digital",
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


class Post(NamedTuple):
    """A job of which all words are known."""

    title: str
    summary: str
    body: str
    tags: list[str]
    place: str
    day: int


POSTS = st.lists(
    st.builds(
        Post,
        SENTENCE,
        SENTENCE,
        SENTENCE,
        st.lists(st.sampled_from(["data", "leadership"]), min_size=1, max_size=2, unique=True),
        st.sampled_from(["London", "Leeds"]),
        st.integers(1, 150),
    ),
    min_size=1,
    max_size=6,
)


def _site(posts: Sequence[Post]) -> dict[str, bytes]:
    """Return the site of jobs that were published on days of 2026, which closed the day after."""
    files = {
        f"content/jobs/job-{place}.md": samples.job(
            post.body,
            title=post.title,
            summary=post.summary,
            tags=post.tags,
            location=[post.place],
            published=f"{date(2025, 12, 31) + timedelta(post.day)}",
            closes=f"{date(2026, 1, 1) + timedelta(post.day)}",
        )
        for place, post in enumerate(posts)
    }
    made = build(Snapshot(theme() | {"config.yaml": CONFIG.encode()} | files), Options(utc("2026-06-01T12:00")))
    assert made.site is not None
    return made.site


@pytest.mark.parametrize("full", [16 << 10, 16])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS)
def test_each_word_is_found_where_a_plain_scan_finds_it(
    full: int, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each word of any entry is found in its file with just the entries that say it, by one file of words or many."""
    monkeypatch.setattr("digest.planning.search_views.FULL", full)
    lookup = Lookup(_site(posts))
    scanned: dict[str, set[Found]] = defaultdict(set)
    for place, post in enumerate(posts):
        fields = {
            "title": words_of(post.title),
            "names": words_of(f"{' '.join(post.tags)} {post.place} Home Office HO"),
            "body": words_of(f"job {post.summary} {post.body}"),
        }
        for word in {word for words in fields.values() for word in words}:
            field = next(field for field, words in fields.items() if word in words)
            scanned[word].add(Found(f"/jobs/job-{place}/", field))
    assert {word: lookup.find(word) for word in lookup.all_words() if ":" not in word} == scanned
    assert len(lookup.index["words"]) > 1 or full > 16


@pytest.mark.parametrize("full", [16 << 10, 16])
def test_terms_are_found_as_words(full: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each choice of each filter is looked up as `term:facet`, and finds the entries of the term's page."""
    monkeypatch.setattr("digest.planning.search_views.FULL", full)
    site = built(small_site())
    lookup = Lookup(site)
    page = samples.page(site, "/search/")
    seen = 0
    for facet in page.all("//select[@data-facet]/@name"):
        for term in page.all(f"//select[@name='{facet}']/option[@value!='']/@value"):
            rows = samples.page(site, f"/{facet}/{term}/").all("//li[contains(@class, 'app-row')]//a/@href")
            assert {found.href for found in lookup.find(f"{term}:{facet}")} == set(rows)
            seen += len(rows)
    assert seen > 10


def test_other_ways_to_write_a_name_find_it() -> None:
    """An abbreviation or synonym of an organisation or grade finds its entries, as a name."""
    files = small_site() | {"content/jobs/clerk.md": text_of("job", title="Clerk", grade="grade seven").encode()}
    lookup = Lookup(built(files))
    assert Found("/jobs/clerk/", "names") in lookup.find("ho")
    assert lookup.find("g7") == lookup.find("seven") == {Found("/jobs/clerk/", "names")}


def test_facts_are_found() -> None:
    """The reference, whom the post reports to and who may apply are searched like the body."""
    facts = {"reference": "ABC123", "reports_to": "The harbourmaster", "eligibility": "Only pilots"}
    files = small_site() | {"content/jobs/clerk.md": text_of("job", title="Clerk", **facts).encode()}
    lookup = Lookup(built(files))
    for word in ("abc123", "harbourmaster", "pilot"):
        assert lookup.find(word) == {Found("/jobs/clerk/", "body")}


# --- what is not found ---------------------------------------------------------------------------------------

HIDDEN = {
    "draft": {"draft": "true"},
    "scheduled": {"published": "2026-06-10"},
    "withdrawn": {"withdrawn": "{date: 2026-05-30, reason: Gone.}"},
    "redirect": {},
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_entries_are_not_found(kind: str) -> None:
    """Drafts and scheduled entries are found in a preview alone, withdrawn ones and old addresses never."""
    fields = HIDDEN[kind] | {"title": "Zebra keeper", "body": "Zebra zebra."}
    files = small_site() | {"content/jobs/zebra.md": text_of("job", **fields, aliases="[old-zebra]").encode()}
    public, preview = (Lookup(built(files, drafts=drafts)) for drafts in (False, True))
    for lookup, shown in ((public, kind == "redirect"), (preview, kind != "withdrawn")):
        assert {found.href for found in lookup.find("zebra")} == ({"/jobs/zebra/"} if shown else set())
        assert [href for href in lookup.hrefs() if "zebra" in href] == (["/jobs/zebra/"] if shown else [])
        data = b"".join(data for path, data in lookup.site.items() if path.startswith("search/"))
        assert (b"ebra" in data) == shown
    if kind in {"draft", "scheduled"}:
        assert preview.state("/jobs/zebra/") == "d"


def test_states_and_order_of_closing() -> None:
    """The index says of each entry whether it is open, closing soon, closed, news or a page, and who closes next."""
    lookup = Lookup(built(small_site(), "2026-06-08"))
    assert {href: lookup.state(href) for href in lookup.hrefs()} == {
        "/jobs/designer/": "o",
        "/jobs/engineer/": "s",
        "/jobs/director/": "c",
        "/news/standard/": "n",
        "/about/": "p",
    }
    assert lookup.closing() == ["/jobs/engineer/", "/jobs/designer/"]
    assert [ends for _, ends in lookup.index["closing"]] == [
        utc("2026-06-12T23:55").timestamp(),
        utc("2026-07-01T00:00").timestamp(),
    ]


# --- what an edit changes ------------------------------------------------------------------------------------


def _moved(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    found = {path for path in {**before, **after} if before.get(path) != after.get(path)}
    return {re.sub(r"[0-9a-f]{12}", "#", path) for path in found if path.startswith("search/")}


def _many() -> dict[str, bytes]:
    """Return the files of a site of two blocks."""
    days = (f"2026-0{1 + place % 5}-{1 + place % 28:02}" for place in range(80))
    fields = ({"title": f"Post {place}", "published": day} for place, day in enumerate(days))
    jobs = {
        f"content/jobs/job-{place}.md": text_of("job", **one, closes="3 June 2026").encode()
        for place, one in enumerate(fields)
    }
    return small_site() | jobs


def test_an_edited_body_moves_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that comes, and one that goes, move their two files of words, and the index that names these."""
    monkeypatch.setattr("digest.planning.search_views.FULL", 256)
    files = _many()
    before = built(files)
    files["content/jobs/job-7.md"] = files["content/jobs/job-7.md"].replace(b"You will", b"Zebras will")
    after = built(files)
    count = len(Lookup(before).index["words"])
    assert count >= 8
    assert len(Lookup(before).index["rows"]) >= 2
    places = {bucket_of(word) % count for word in ("you", "zebra")}
    assert len(places) == 2
    assert _moved(before, after) == {"search/index.json", *(f"search/words/{place}.#.json" for place in places)}


def test_the_clock_moves_no_word() -> None:
    """At a deadline the index changes, and the rows of the blocks that show who closed; no file of words does."""
    files = _many()
    before, after = built(files, "2026-06-03T23:59"), built(files, "2026-06-04")
    assert _moved(before, after) == {"search/index.json", "search/rows/#.json"}
    assert _moved(before, built(files, "2026-06-03T12:00")) == set()


# --- switched off --------------------------------------------------------------------------------------------

LINKED = CONFIG + "navigation: [{label: Jobs, path: /jobs/}, {label: Search, path: /search/}]\n"


def test_the_option_leaves_search_out() -> None:
    """With `--no-search` there is neither page nor files of search, nor a link to it, and nothing to complain of."""
    body = b"See [the search](/search/) and [all jobs](/jobs/)."
    files = small_site() | {"config.yaml": LINKED.encode()}
    assert any(b'href="/search/"' in data for data in built(files).values())
    files["content/pages/about.md"] += body
    made = build(Snapshot(files), Options(utc("2026-06-01T12:00"), search=False))
    assert (made.site is not None, made.problems) == (True, ())
    site = made.site or {}
    assert [path for path in site if path.startswith("search/")] == []
    assert [path for path, data in site.items() if b"/search/" in data] == ["about/index.html"]


def test_the_configuration_switches_search_off() -> None:
    """With `outputs: {search: false}` no page links to a search, and a navigation that names it is a mistake."""
    off = "outputs: {search: false}\n"
    site = built(small_site() | {"config.yaml": (CONFIG + off).encode()})
    assert [path for path, data in site.items() if path.startswith("search/") or b"/search/" in data] == []
    made = build(Snapshot(small_site() | {"config.yaml": (LINKED + off).encode()}), Options(utc("2026-06-01")))
    assert [problem.rule for problem in made.problems] == ["navigation-unknown"]


def test_a_theme_without_the_script_is_told() -> None:
    """Where the search is on, its script is a part of the theme that cannot be missing."""
    files = {path: data for path, data in small_site().items() if not path.endswith("search.js")}
    made = build(Snapshot(files), Options(utc("2026-06-01")))
    assert (made.site, [problem.rule for problem in made.problems]) == (None, ["template-missing"])
    assert build(Snapshot(files), Options(utc("2026-06-01"), search=False)).site is not None


# --- what is remembered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_search_can_be_switched_between_builds(first: bool) -> None:  # noqa: FBT001 - it is what is tried
    """A build with a search and one without, in either order and over one memory, make what clean builds make."""
    stores, keys, site = (Remembered(), Remembered(), Remembered()), dict[str, bytes](), dict[str, bytes]()
    files = small_site()
    for step, search in enumerate([first, not first, first]):
        files["content/jobs/designer.md"] += b"\nWord%d.\n" % step
        options = Options(utc("2026-06-01T12:00"), search=search)
        made = build(Snapshot(files), options, Memory(b"engine", *stores, partial(dict, keys)))
        assert made.site is not None
        site = {path: made.site.get(path) or site[path] for path in made.keys}
        keys = dict(made.keys)
        assert site == build(Snapshot(files), options).site


@pytest.mark.parametrize("damage", [b"", b"\x01", msgpack.encode([b""] * BUCKETS), msgpack.encode([{}, {}])])
def test_damaged_words_are_found_again(damage: bytes) -> None:
    """Where what is remembered of a block is lost or of another form, it is made again from the entries."""
    stores, files = (Remembered(), Remembered(), Remembered()), small_site()
    options, memory = Options(utc("2026-06-01T12:00")), Memory(b"engine", *stores)
    before = build(Snapshot(files), options, memory).site
    for key, value in stores[0].values.items():
        if len(msgpack.decode(value)) == BUCKETS:
            stores[0].values[key] = damage
    assert build(Snapshot(files), options, memory).site == before
