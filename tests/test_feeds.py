"""The feeds as subscribers get them: each well-formed, each item once, with the facts in it, and never again."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from tests import samples
from tests.samples import Built

NAMES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
RFC_822: Final = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}")
GUID: Final = re.compile(r"tag:[a-z.]+,\d{4}:((job|news)/[a-z0-9-]+|edition/\d{4}-W\d\d)")
MOST_ITEMS: Final = 30
SUBSCRIBED: Final = re.compile(r"(^|/)(feed\.(xml|json)|atom\.xml|feeds\.opml)$")
"""Files that programs of subscribers ask for."""


class Feed(NamedTuple):
    """A feed of a built site."""

    address: str
    root: Any
    """The `rss` element (lxml)."""

    def texts(self, xpath: str) -> list[str]:
        """Return the texts that an XPath expression finds."""
        return [str(found) for found in self.root.xpath(xpath, namespaces=NAMES)]

    def items(self) -> list[Any]:
        """Return the items in order."""
        return list(self.root.xpath("/rss/channel/item"))

    def changed(self) -> datetime | None:
        """Return the newest instant at which an item was published or changed."""
        published = map(parsedate_to_datetime, self.texts("//item/pubDate/text()"))
        updated = map(datetime.fromisoformat, self.texts("//item/atom:updated/text()"))
        return max([*published, *updated], default=None)


def _feed(site: samples.Files, address: str) -> Feed:
    return Feed(address, etree.fromstring(site[address[1:]]))


def _feeds(site: samples.Files) -> list[Feed]:
    return [_feed(site, address) for address in samples.feeds(site)]


# --- form ----------------------------------------------------------------------------------------------------


def test_readers_accept_each_feed(built: Built) -> None:
    """An XML parser and a feed reader read every feed without a complaint, and find in it what XML holds."""
    for address, data in samples.feeds(built.files).items():
        read = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
        assert not read.bozo, f"{address}: {read.get('bozo_exception')}"
        assert read.version == "rss20"
        feed = _feed(built.files, address)
        assert [entry.title for entry in read.entries] == feed.texts("//item/title/text()")
        assert [entry.content[0].value.strip() for entry in read.entries] == [
            text.strip() for text in feed.texts("//item/content:encoded/text()")
        ]


def test_channel_of_each_feed(built: Built) -> None:
    """A feed has a title, a description and a language, and names its page and itself by their own addresses."""
    for feed in _feeds(built.files):
        for name in ("title", "description", "language"):
            assert len(feed.texts(f"/rss/channel/{name}/text()")) == 1, feed.address
        assert feed.texts("/rss/channel/atom:link[@rel='self']/@href") == [built.base_url + feed.address[1:]]
        assert feed.texts("/rss/channel/link/text()") == [built.base_url + feed.address[1:].removesuffix("feed.xml")]


def test_ids_of_items(built: Built) -> None:
    """An item's id is a tag URI and no link, stands once in a feed, and is the same in every feed."""
    by_link: dict[str, str] = {}
    for feed in _feeds(built.files):
        ids = feed.texts("//item/guid[@isPermaLink='false']/text()")
        assert len(set(ids)) == len(ids) == len(feed.items()), feed.address
        assert [id_ for id_ in ids if not GUID.fullmatch(id_)] == []
        for link, id_ in zip(feed.texts("//item/link/text()"), ids, strict=True):
            assert by_link.setdefault(link, id_) == id_
    assert len(set(by_link.values())) == len(by_link)


def test_dates(built: Built) -> None:
    """Dates have the form of RFC 822 with a four-figure year; a feed changed when its newest item did."""
    for feed in _feeds(built.files):
        dates = feed.texts("//pubDate/text() | //lastBuildDate/text()")
        assert [date for date in dates if not RFC_822.fullmatch(date)] == []
        built_on = [parsedate_to_datetime(date) for date in feed.texts("//lastBuildDate/text()")]
        newest = feed.changed()
        newest = newest.replace(microsecond=0) if newest else None
        assert built_on == ([newest] if newest else []), feed.address


def test_newest_first_and_not_too_many(built: Built) -> None:
    """Items come newest first, at most as many as the configuration says."""
    for feed in _feeds(built.files):
        dates = [parsedate_to_datetime(date) for date in feed.texts("//item/pubDate/text()")]
        assert dates == sorted(dates, reverse=True)
        assert len(dates) <= MOST_ITEMS


def test_links_are_absolute(built: Built) -> None:
    """Every link and picture in a feed is a whole address, and one within the site leads to a page that is there."""
    for feed in _feeds(built.files):
        for item in feed.items():
            body = html.fragment_fromstring(item.findtext(f"{{{NAMES['content']}}}encoded"), create_parent="div")
            sizes = [one.split()[0] for found in body.xpath("//@srcset") for one in found.split(",")]
            for target in [item.findtext("link"), *body.xpath("//@href | //@src"), *sizes]:
                assert re.match(r"https?://[\w.-]+/|mailto:", target), f"{feed.address}: {target}"
                if target.startswith(built.base_url):
                    path = target.removeprefix(built.base_url).partition("#")[0]
                    assert (f"{path}index.html" if path == "" or path.endswith("/") else path) in built.files


# --- what an item holds --------------------------------------------------------------------------------------


def test_items_are_the_entries_of_their_page(built: Built) -> None:
    """The feed under a page carries the newest of the entries that the page, with its numbered ones, lists.

    That of editions is tested with these: its page leads to years, not to numbered pages.
    """
    for feed in _feeds(built.files):
        above = feed.address.removesuffix("feed.xml")
        if above in {"/", "/jobs/", "/news/", "/editions/"}:
            continue
        whole = re.compile(rf"{re.escape(above[1:])}(page/\d+/)?index\.html")
        listed: set[str] = set()
        for path in filter(whole.fullmatch, built.files):
            links = samples.page(built.files, samples.address_of(path)).all("//main//li[contains(@class,'app-row')]//a")
            listed |= {samples.absolute(built.base_url, link.get("href")) for link in links}
        carried = feed.texts("//item/link/text()")
        assert set(carried) <= listed, feed.address
        assert len(carried) == min(len(listed), MOST_ITEMS), feed.address


def test_everything_is_in_the_feeds_of_its_kind(golden_site: dict[str, bytes]) -> None:
    """The feeds of jobs and of news share out the feed of everything; neither holds a hidden or withdrawn entry."""
    kinds = {
        name: set(_feed(golden_site, f"/{name}feed.xml").texts("//item/guid/text()")) for name in ("", "jobs/", "news/")
    }
    assert kinds["jobs/"] | kinds["news/"] == kinds[""]
    assert {id_.partition(":")[2].partition(":")[2] for id_ in kinds[""]} == {
        "job/clerk",
        "job/lamp-keeper",
        "job/pilot-data",
        "job/service-designer",
        "job/tester",
        "news/llanw",
        "news/tide-tables",
    }


def test_drafts_stay_out_of_feeds() -> None:
    """A preview with drafts shows them on pages, and still puts none in a feed."""
    site = samples.build_site(samples.golden(), drafts=True)
    assert "news/rumour/index.html" in site
    assert "jobs/night-watch/index.html" in site
    texts = [text for feed in _feeds(site) for text in feed.texts("//item/link/text()")]
    assert texts
    assert [text for text in texts if "rumour" in text or "night-watch" in text] == []


def test_job_carries_its_facts(golden_site: dict[str, bytes]) -> None:
    """A subscriber reads organisation, pay, place and deadline in the item itself, then the whole body."""
    feed = _feed(golden_site, "/jobs/feed.xml")
    item = next(item for item in feed.items() if item.findtext("title") == "Service designer")
    body = html.fragment_fromstring(item.findtext(f"{{{NAMES['content']}}}encoded"), create_parent="div")
    facts = [samples.words_of(fact) for fact in body.xpath("./ul[1]/li")]
    assert facts == [
        "Organisation: Harbour Board, Tide & Weather Office",
        "Pay: Harbour town: £49,325 to £53,081; Elsewhere: £39,500 to £42,182",
        "Place: Harbour town, Hybrid",
        "Closes: 11:55pm on 30 June 2026",
    ]
    assert "The harbour has forty berths" in samples.words_of(body)
    assert body.xpath(".//table//td/text()") == ["summer", "310", "winter", "45"]


def test_markup_in_titles_is_text(golden_site: dict[str, bytes]) -> None:
    """A title with angle brackets, quotes and an ampersand comes out of the XML as it was written."""
    titles = _feed(golden_site, "/jobs/feed.xml").texts("//item/title/text()")
    assert 'Tester for the lock gates <day rate> & "call-out"' in titles


# --- permanence ----------------------------------------------------------------------------------------------


def _item(files: samples.Files, now: str = samples.NOW, id_: str = "two") -> dict[str, str]:
    """Return the item of a news entry, by the names of its elements."""
    feed = _feed(samples.build_site(files, now), "/feed.xml")
    item = next(item for item in feed.items() if item.findtext("link").endswith(f"/{id_}/"))
    built = feed.texts("//lastBuildDate/text()")[0]
    return {"lastBuildDate": built, **{etree.QName(child).localname: child.text for child in item}}


NEWS: Final = "content/news/two.md"


def test_a_rename_keeps_the_id() -> None:
    """A renamed entry whose old id is an alias comes to no subscriber a second time."""
    before = _item({**samples.base(), NEWS: samples.news()})
    after = _item({**samples.base(), "content/news/three.md": samples.news(aliases=["two"])}, id_="three")
    assert after["guid"] == before["guid"]
    assert after["link"] != before["link"]


def test_a_second_rename_keeps_the_first_id() -> None:
    """Of several aliases the first is the one that counts."""
    before = _item({**samples.base(), NEWS: samples.news()})
    after = _item({**samples.base(), "content/news/four.md": samples.news(aliases=["two", "three"])}, id_="four")
    assert after["guid"] == before["guid"]


def test_a_move_of_the_site_keeps_the_ids() -> None:
    """The ids come from `authority`, so that a new address of the site announces nothing again."""
    site = samples.build_site(samples.base(), base_url="https://new.example/there/")
    moved = _feed(site, "/feed.xml").texts("//item/guid/text()")
    assert moved == _feed(samples.build_site(samples.base()), "/feed.xml").texts("//item/guid/text()")


def test_an_edit_without_a_note_moves_no_date() -> None:
    """Mending a word leaves every date as it was; a noted change moves that of the item and of the feed alone."""
    before = _item({**samples.base(), NEWS: samples.news()})
    mended = _item({**samples.base(), NEWS: samples.news(body="The words, mended.")})
    noted = _item({**samples.base(), NEWS: samples.news(changes=[{"date": "2026-05-30", "note": "A mistake."}])})
    dates = ("pubDate", "lastBuildDate")
    assert [mended[name] for name in dates] == [before[name] for name in dates]
    assert "updated" not in mended
    assert noted["pubDate"] == before["pubDate"]
    updated = datetime.fromisoformat(noted["updated"])
    assert parsedate_to_datetime(noted["lastBuildDate"]) == updated.replace(microsecond=0)
    assert parsedate_to_datetime(noted["lastBuildDate"]) > parsedate_to_datetime(before["lastBuildDate"])


@pytest.mark.parametrize("later", ["2021-03-24T12:00", "2021-03-25T12:00", "2021-04-30"])
def test_the_clock_alone_changes_no_feed(later: str, busy_site: dict[str, bytes]) -> None:
    """While nothing is published a feed keeps its bytes, though jobs close: subscribers are told nothing anew."""
    site = samples.build_site(samples.real(), later)
    before = {path: data for path, data in busy_site.items() if SUBSCRIBED.search(path)}
    assert {"feed.xml", "feed.json", "atom.xml", "feeds.opml"} < before.keys()
    assert [path for path, data in before.items() if site[path] != data] == []


CLOSES: Final = {"closes": "14 July 2026", "published": "2026-05-20"}
MOVES: Final = [
    {"date": "2026-05-25", "note": "Moved by a week.", "closes": "7 July 2026"},
    {"date": "2026-05-25", "note": "Moved again.", "closes": "14 July 2026"},
]


def _job_item(**fields: Any) -> dict[str, str]:
    return _item({**samples.base(), "content/jobs/x.md": samples.job(**fields)}, id_="x")


def test_a_moved_deadline_is_told_in_the_item() -> None:
    """An item tells each noted change, newest first; of a deadline that moved the new one and, if noted, the old."""
    body = html.fragment_fromstring(_job_item(**CLOSES, changes=MOVES[::-1])["encoded"], create_parent="div")
    assert [samples.words_of(one) for one in body.xpath("./h2[.='Changes']/following-sibling::ul/li")] == [
        "25 May 2026: Moved again. Closing date: 14 July 2026. Before: 7 July 2026.",
        "25 May 2026: Moved by a week. Closing date: 7 July 2026.",
    ]


def test_each_noted_change_moves_the_item() -> None:
    """Every noted change makes the item newer, also a second one of a day, and one on the day of publication."""
    same_day = [{"date": "2026-05-20", "note": "A word."}]
    steps = [
        same_day,
        [*same_day, MOVES[0]],
        [*same_day, *MOVES],
        [*same_day, *MOVES, {"date": "2026-05-26", "note": "A word."}],
    ]
    closing = ["30 June 2026", "7 July 2026", "14 July 2026", "14 July 2026"]
    found = [
        datetime.fromisoformat(_job_item(closes=closes, changes=noted[::-1])["updated"])
        for closes, noted in zip(closing, steps, strict=True)
    ]
    assert found == sorted(set(found))
    assert found[0].date().isoformat() == "2026-05-20"


# --- what cannot stand in XML -------------------------------------------------------------------------------


ANY: Final = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "\x00\x08\t\n\x0b\x0c\x1f\x7f\x85\u2028\ufeff\ufffe\uffff"
)


@given(st.text(ANY, min_size=1, max_size=8), st.sampled_from(["title", "summary", "body", "alt", "escape"]))
@settings(max_examples=100, deadline=None)
def test_any_character_is_refused_or_stands_in_every_feed(words: str, where: str) -> None:
    """Whatever characters an editor pastes or escapes, feeds are well-formed, or the character is told at its line."""
    fields: dict[str, Any] = {"title": f"A {words} z" if where == "title" else "Title"}
    fields["summary"] = f"S {words} z" if where == "summary" else "Summary"
    body = f"Words &#{ord(words[0])}; and {words if where == 'body' else ''} end."
    if where == "alt":
        fields["image"] = {"src": "pier.svg", "alt": f"a{words}z", "credit": "The board", "licence": "OGL-3.0"}
    text = samples.news(body, **fields) if where != "escape" else _escaped(words)
    files = {**samples.golden(), "content/news/x.md": text.replace(b'"accessibility"', b'"harbour"')}
    result = samples.build_result(files)
    if result.site is None:
        assert {problem.span.path for problem in result.problems} == {"content/news/x.md"}
        return
    for path in ("feed.xml", "atom.xml", "news/feed.xml"):
        etree.fromstring(result.site[path])
    items = {item["id"]: item for item in json.loads(result.site["feed.json"])["items"]}
    item = items["tag:harbour.example,2026:news/x"]
    if where == "title":
        assert item["title"].split() == fields["title"].split()


def _escaped(words: str) -> bytes:
    """Return an entry in whose title each character is written as an escape of YAML."""
    return samples.news(title="T").replace(b'"T"', '"{}"'.format("".join(f"\\U{ord(c):08x}" for c in words)).encode())
