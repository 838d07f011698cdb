"""What feed checkers ask of each kind of feed, rule by rule, over all feeds of three sites.

The names are those that the W3C Feed Validation Service gives to what it finds, errors and warnings alike; other rules
are from the RSS Advisory Board's Best Practices Profile, RFC 4287, JSON Feed 1.1 and OPML 2.0.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import feedparser
import pytest
from lxml import etree, html

from tests import samples
from tests.samples import Built

ATOM: Final = "{http://www.w3.org/2005/Atom}"
CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANGUAGE: Final = "{http://purl.org/dc/elements/1.1/}language"
URI: Final = re.compile(r"https?://[\w.-]+(:\d+)?/[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*", re.ASCII)
TAG: Final = re.compile(r"tag:[a-z0-9.-]+,\d{4}:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]+")
RFC_822: Final = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d\d[03]0")
RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
CHANNEL: Final = ["title", "link", "description", "language", "copyright", "lastBuildDate", f"{ATOM}link"]
ITEM: Final = ["title", "link", "guid", "pubDate", f"{ATOM}updated", LANGUAGE, "category", "description", CONTENT]
ELEMENTS: Final = re.compile(
    "a|abbr|b|blockquote|br|caption|cite|code|dd|del|div|dl|dt|em|figcaption|figure|h[2-6]|hr|i|img|ins|li|ol|p|pre|q|s|"
    "section|small|span|strong|su[bp]|table|tbody|td|th|thead|time|tr|ul"
)
ATTRIBUTES: Final = re.compile(
    "alt|class|cite|colspan|datetime|decoding|dir|height|href|hreflang|id|lang|loading|rel|rowspan|scope|sizes|src|srcset|"
    "start|title|width"
)
"""Attributes that are not taken for a risk; `role` and `aria-label` are."""


def _rss(built: Built) -> list[tuple[str, Any]]:
    return [(address, etree.fromstring(data)) for address, data in samples.feeds(built.files).items()]


def _atom(built: Built) -> Any:
    return etree.fromstring(built.files["atom.xml"])


def _json(built: Built) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.files["feed.json"])
    return found


def _bodies(built: Built) -> list[tuple[str, str]]:
    """Return the HTML of every item of every feed, with where it stands."""
    bodies = [(address, item.findtext(CONTENT)) for address, root in _rss(built) for item in root.iter("item")]
    bodies += [("/atom.xml", content.text) for content in _atom(built).iter(f"{ATOM}content")]
    return bodies + [("/feed.json", item["content_html"]) for item in _json(built)["items"]]


# --- all formats ---------------------------------------------------------------------------------------------


def test_the_formats_hold_the_same(built: Built) -> None:
    """RSS, Atom and JSON carry the same items in the same order, word for word."""
    rss = etree.fromstring(built.files["feed.xml"])
    items = [
        (one.findtext("guid"), one.findtext("link"), one.findtext("title"), one.findtext(CONTENT).strip())
        for one in rss.iter("item")
    ]
    assert items
    assert items == [
        (one.findtext(f"{ATOM}id"), one.find(f"{ATOM}link").get("href"), one.findtext(f"{ATOM}title"), _content(one))
        for one in _atom(built).iter(f"{ATOM}entry")
    ]
    assert items == [
        (one["id"], one["url"], one["title"], one["content_html"].strip()) for one in _json(built)["items"]
    ]


def _content(entry: Any) -> str:
    return str(entry.findtext(f"{ATOM}content")).strip()


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml"])
def test_a_feed_reader_accepts_it(built: Built, path: str) -> None:
    """A library of feed readers reads it without a complaint."""
    read = feedparser.parse(built.files[path])
    assert not read.bozo
    assert len(read.entries) == len(_json(built)["items"])


def test_html_holds_no_risk(built: Built) -> None:
    """SecurityRisk, SecurityRiskAttr, DangerousStyleAttr: bodies have the elements and attributes of plain text."""
    seen = 0
    for address, text in _bodies(built):
        body = html.fragment_fromstring(text, create_parent="div")
        for element in body.iterdescendants():
            assert ELEMENTS.fullmatch(element.tag), address
            assert all(map(ATTRIBUTES.fullmatch, element.attrib)), f"{address}: {element.attrib}"
            seen += 1
    assert seen


def test_html_has_absolute_links(built: Built) -> None:
    """ContainsRelRef: no address in a body is relative."""
    for address, text in _bodies(built):
        for target in html.fragment_fromstring(text, create_parent="div").xpath("//@href | //@src | //@cite"):
            assert re.match(r"https?://|mailto:|tel:", target), f"{address}: {target}"


def test_characters(built: Built) -> None:
    """BadCharacters, UnicodeError, NonstdEncoding: UTF-8 without control characters, declared as such."""
    for path in [*(address[1:] for address in samples.feeds(built.files)), "atom.xml", "feed.json", "feeds.opml"]:
        text = built.files[path].decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]", text), path
        assert path.endswith(".json") or text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
        assert "<!DOCTYPE" not in text


# --- RSS 2.0 and its Best Practices Profile ------------------------------------------------------------------


def test_rss_has_its_elements_in_their_order(built: Built) -> None:
    """MissingElement, UndefinedElement, DuplicateElement, MisplacedItem, NeedDescriptionBeforeContent."""
    for address, root in _rss(built):
        assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
        names = [child.tag for child in root[0]]
        own = [name for name in names if name != "item"]
        assert names == own + ["item"] * (len(names) - len(own)), address
        assert [name for name in CHANNEL if name in own] == own
        assert set(CHANNEL) - set(own) <= {"copyright", "lastBuildDate"}
        for item in root.iter("item"):
            found = [child.tag for child in item]
            assert list(dict.fromkeys(found)) == [name for name in ITEM if name in found], address
            assert set(ITEM) - set(found) <= {f"{ATOM}updated", "category"}
            assert {name for name in found if found.count(name) > 1} <= {"category"}


def test_rss_has_good_values(built: Built) -> None:
    """InvalidFullLink, InvalidTAG, InvalidRFC2822Date, IncorrectDOW, ImplausibleDate, NotBlank, InvalidLanguage."""
    for address, root in _rss(built):
        assert [link for link in root.xpath("//link/text() | //@href") if not URI.fullmatch(link)] == [], address
        guids = root.xpath("//guid[@isPermaLink='false']/text()")
        assert [guid for guid in guids if not TAG.fullmatch(guid)] == []
        assert len(set(guids)) == len(root.xpath("//item"))
        for date in root.xpath("//pubDate/text() | //lastBuildDate/text()"):
            assert RFC_822.fullmatch(date)
            assert parsedate_to_datetime(date).strftime("%a") == date[:3]
            assert parsedate_to_datetime(date).year >= 1990
        assert root.xpath("//title[not(text())] | //description[not(text())] | //category[not(text())]") == []
        assert [one.text for one in root.iter("language", LANGUAGE) if not re.fullmatch("[a-z]{2}", one.text)] == []


def test_rss_names_itself(built: Built) -> None:
    """MissingAtomSelfLink, SelfDoesntMatchLocation: the feed names its own address, and its media type."""
    for address, root in _rss(built):
        links = root.findall(f"channel/{ATOM}link")
        assert [dict(link.attrib) for link in links] == [
            {"href": built.base_url + address[1:], "rel": "self", "type": "application/rss+xml"}
        ]


def test_rss_writes_plain_words_as_such(built: Built) -> None:
    """ContainsHTML, CharacterData: `&` and `<` of plain words are written as numbers, which nobody takes for HTML."""
    plain = re.compile(r"<(title|category|copyright)>(.*)</")
    for address, data in samples.feeds(built.files).items():
        for line in data.decode().splitlines():
            found = plain.match(line)
            assert not (found and re.search(r"&(?!#x)", found[2])), f"{address}: {line}"


def test_rss_prefixes_are_the_usual(built: Built) -> None:
    """AvoidNamespacePrefix, UnknownNamespace: extensions have the prefixes that the profile recommends."""
    for _, root in _rss(built):
        assert root.nsmap == {"atom": ATOM[1:-1], "content": CONTENT[1:-8], "dc": LANGUAGE[1:-9]}


# --- Atom ----------------------------------------------------------------------------------------------------


def test_atom_feed_is_whole(built: Built) -> None:
    """RFC 4287 §4.1.1: one id, title and update, an author, itself and its page, all before the entries."""
    feed = _atom(built)
    names = [child.tag.removeprefix(ATOM) for child in feed]
    own = [name for name in names if name != "entry"]
    assert names == own + ["entry"] * (len(names) - len(own))
    assert [own.count(name) for name in ("id", "title", "subtitle", "updated", "author")] == [1] * 5
    assert TAG.fullmatch(feed.findtext(f"{ATOM}id"))
    links = {link.get("rel"): (link.get("type"), link.get("href")) for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": ("application/atom+xml", f"{built.base_url}atom.xml"),
        "alternate": ("text/html", built.base_url),
    }
    assert URI.fullmatch(feed.findtext(f"{ATOM}author/{ATOM}uri"))
    newest = max(entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry"))
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) >= datetime.fromisoformat(newest)


def test_atom_entries_are_whole(built: Built) -> None:
    """RFC 4287 §4.1.2, DuplicateEntries, DuplicateUpdated: own ids, own instants, words, and one page each."""
    entries = list(_atom(built).iter(f"{ATOM}entry"))
    for name, form in (("id", TAG), ("updated", RFC_3339)):
        values = [entry.findtext(f"{ATOM}{name}") for entry in entries]
        assert [value for value in values if not form.fullmatch(value)] == []
        assert len(set(values)) == len(entries)
    for entry in entries:
        published, updated = (
            datetime.fromisoformat(entry.findtext(f"{ATOM}{name}")) for name in ("published", "updated")
        )
        assert published <= updated
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert entry.findtext(f"{ATOM}summary")
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))


# --- JSON Feed 1.1 -------------------------------------------------------------------------------------------

TOP: Final = {"version", "title", "home_page_url", "feed_url", "description", "user_comment", "language", "authors"}
FIELDS: Final = {"id", "url", "title", "summary", "content_html", "date_published", "tags", "language"}


def test_json_feed_is_whole(built: Built) -> None:
    """JSON Feed 1.1: the fields that it has, with whole addresses and dates of RFC 3339, and no others."""
    feed = _json(built)
    assert feed.keys() == TOP | {"items"}
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (built.base_url, f"{built.base_url}feed.json")
    assert all(author.keys() == {"name", "url"} for author in feed["authors"])
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert item.keys() - {"image", "date_modified"} == FIELDS
        assert all(isinstance(value, str) for key, value in item.items() if key != "tags")
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert TAG.fullmatch(item["id"])
        assert all(URI.fullmatch(item[key]) for key in ("url", "image") if key in item)
        assert all(RFC_3339.fullmatch(item[key]) for key in ("date_published", "date_modified") if key in item)


# --- OPML 2.0 ------------------------------------------------------------------------------------------------


def test_opml_lists_every_feed(built: Built) -> None:
    """OPML 2.0: all RSS feeds of the site, each once, with text, title and page, in groups that say what they are."""
    root = etree.fromstring(built.files["feeds.opml"])
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    assert all(group.get("text") and len(group) for group in root.find("body"))
    feeds = root.xpath("/opml/body/outline/outline")
    assert sorted(feed.get("xmlUrl") for feed in feeds) == sorted(
        built.base_url + address[1:] for address in samples.feeds(built.files)
    )
    for feed in feeds:
        assert set(feed.attrib) == {"type", "text", "title", "xmlUrl", "htmlUrl"}
        assert feed.get("type") == "rss"
        assert f"{feed.get('htmlUrl')}feed.xml" == feed.get("xmlUrl")


def test_the_page_on_feeds_tells_all_addresses(built: Built) -> None:
    """`/subscribe/` has the address of every feed and calendar, and of the list for programs, in full and to be copied.

    The calendar of one job is on the job's page.
    """
    page = samples.page(built.files, "/subscribe/")
    told = [samples.words_of(code) for code in page.all("//main//code")]
    others = ["feed.json", "atom.xml", "feeds.opml"]
    others += [path for path in built.files if re.fullmatch(r"(jobs|(tags|salary)/[a-z0-9-]+)/closing\.ics", path)]
    files = [*(address[1:] for address in samples.feeds(built.files)), *others]
    assert sorted(told) == sorted(built.base_url + path for path in files)
    footer = samples.page(built.files, "/").all("//footer//a[.='Subscribe']/@href")
    assert [samples.absolute(built.base_url, href) for href in footer] == [f"{built.base_url}subscribe/"]
