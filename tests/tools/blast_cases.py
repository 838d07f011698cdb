"""Edits of the Small Gazette, each with the exact files that change; its feeds hold three items, its pages two rows."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, NamedTuple

from tests.samples import job
from tests.tools.gazette import NOW, PIER, Inputs

PAGES: Final = """
/ /404.html /about/ /subscribe/ /data/
/jobs/ /jobs/{analyst,architect,clerk,designer,director,engineer,keeper,pilot,registrar}/
/jobs/closing/ /jobs/closed/{,2024/,2025/}
/news/ /news/{poll,standard,survey,2025,2026}/
/tags/{,data/,data/page/1/,design/,leadership/}
/salary/{,under-40000/,40000-to-59999/,60000-and-over/,day-rates/,not-stated/,other-currencies/,unpaid/}
/organisations/{,cabinet-office/,home-office/,ministry-of-justice/}
/locations/{,leeds/,london/} /grades/{,g7/} /roles/{,data/,design/} /search/
"""
RSS_FEEDS: Final = """
/feed.xml /{jobs,news}/feed.xml /tags/{data,design,leadership}/feed.xml
/salary/{under-40000,40000-to-59999,60000-and-over,day-rates}/feed.xml
/organisations/{cabinet-office,home-office,ministry-of-justice}/feed.xml
/locations/{leeds,london}/feed.xml /grades/g7/feed.xml /roles/{data,design}/feed.xml
"""
FULL_FEEDS: Final = f"{RSS_FEEDS} /feed.json /atom.xml"
EMPTY_FEEDS: Final = "/salary/{not-stated,other-currencies,unpaid}/feed.xml"
OTHERS: Final = """
/sitemap.xml /robots.txt /build.json /_headers /images/pier.svg /feeds.opml /_redirects
/assets/{feed.#.css,icon.#.svg,search.#.js,site.#.css,site.#.js}
"""
INDEX: Final = "/search/index.json"
SEARCH_WORDS: Final = "/search/words/0.#.json"
SEARCH_ROWS: Final = "/search/rows/#.json"
"""What the search looks things up in: while there are few entries, there is one file of each kind."""
DESIGNER: Final = "content/jobs/designer.md"
ENGINEER: Final = "content/jobs/engineer.md"
DESIGN_LISTS: Final = (
    "/locations/london/ /organisations/home-office/ /roles/design/ /salary/40000-to-59999/ /tags/design/"
)
"""The pages of the designer's terms."""
DESIGN_FEEDS: Final = """
/jobs/feed.xml /{locations/london,organisations/home-office,roles/design,salary/40000-to-59999,tags/design}/feed.xml
"""
"""The feeds that carry the designer: everything's own feed has three newer items."""
BARS: Final = """
/ /salary/{,under-40000/,40000-to-59999/,60000-and-over/,day-rates/,not-stated/,other-currencies/,unpaid/}
"""
"""The pages that show how many jobs each salary band has."""
ROWS: Final = f"""
/ /jobs/ /jobs/{{analyst,architect,clerk,director}}/ /jobs/closing/ /jobs/closed/{{,2024/,2025/}} /news/{{,2025/,2026/}}
/tags/{{data,data/page/1,leadership}}/ /salary/{{under-40000,60000-and-over,day-rates}}/ /locations/leeds/ /roles/data/
/organisations/{{cabinet-office,ministry-of-justice}}/ /grades/g7/ {DESIGN_LISTS}
"""
"""The pages with rows; on those of closed jobs they are similar jobs that are open."""


class Case(NamedTuple):
    """An edit, and all that it moves."""

    why: str
    edit: Callable[[Inputs], object]
    changed: str = ""
    new: str = ""
    gone: str = ""
    search: str = ""
    """Which of `SEARCH_WORDS` and `SEARCH_ROWS` are made anew, under another name that the index then tells."""


def _add_change(site: Inputs) -> None:
    noted = "{date: 2026-06-01, note: Moved by two weeks., closes: 14 July 2026}"
    site.swap(DESIGNER, 'closes: "30 June 2026"', f'closes: "14 July 2026"\nchanges: [{noted}]')


def _new_job(site: Inputs) -> None:
    fields = {"title": "Writer", "published": "2026-05-30", "salary": "£41,000", "closes": "3 June 2026"}
    site.write("content/jobs/writer.md", job(organisation="Home Office", tags=["design"], **fields))


def _touch_all(site: Inputs) -> None:
    for path in site.root.rglob("*"):
        os.utime(path)


def _rewrite_all(site: Inputs) -> None:
    for number, path in enumerate(sorted(path for path in site.root.rglob("*.*") if path.is_file())):
        data = path.read_bytes()
        if number % 2:
            path.unlink()  # what is there then is another file, with the same bytes
        path.write_bytes(data)


CONTENT: Final = {
    "body-closed": Case(
        "A typo in an old closed job is mended on its page and in the few feeds whose newest three it is among.",
        lambda site: site.swap("content/jobs/analyst.md", "The words", "Other words"),
        "/jobs/analyst/ /{locations/leeds,organisations/ministry-of-justice,roles/data,salary/under-40000}/feed.xml",
        search=SEARCH_WORDS,
    ),
    "body-open": Case(
        "No list shows a body, so that of an open job is on its page and in the feeds that carry it.",
        lambda site: site.swap(DESIGNER, "The words", "Other words"),
        f"/jobs/designer/ {DESIGN_FEEDS}",
        search=SEARCH_WORDS,
    ),
    "title": Case(
        "A title is on the page, in every row and feed item, and on closed jobs of the same kind as a similar one.",
        lambda site: site.swap(ENGINEER, 'title: "Data engineer', 'title: "Data plumber'),
        """/ /{feed.xml,feed.json,atom.xml} /jobs/{,feed.xml,engineer/,closing/,analyst/,architect/,clerk/}
        /{locations/leeds,organisations/ministry-of-justice,roles/data,salary/60000-and-over,tags/data}/{,feed.xml}""",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "summary": Case(
        "A summary is on the page and in feed items, and in no row.",
        lambda site: site.swap(DESIGNER, "Build the pipes", "Draw the pipes"),
        f"/jobs/designer/ {DESIGN_FEEDS}",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "tag": Case(
        "Another tag moves a row from one tag to the other, is counted, a filter, and a category in each feed; "
        "the page of the tag that lost it has become older.",
        lambda site: site.swap(DESIGNER, '["design"]', '["leadership"]'),
        f"/ /jobs/{{,designer/}} /tags/{{,design/,leadership/,leadership/feed.xml}} /sitemap.xml {DESIGN_FEEDS}",
        search=SEARCH_WORDS,
    ),
    "salary": Case(
        "Pay in another band is on the page, in rows and feeds, and in the counts of bands that every band shows.",
        lambda site: site.swap(DESIGNER, "£45,000 to £55,000", "£61,000"),
        f"""{BARS} /jobs/{{,designer/}} /salary/60000-and-over/feed.xml /sitemap.xml {DESIGN_FEEDS}
        /locations/london/ /organisations/home-office/ /roles/design/ /tags/design/""",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "pay": Case(
        "Other pay in the same band is on the page, in rows and feeds, and in the figures of the salary index; "
        "no other band and no other index tells it.",
        lambda site: site.swap("content/jobs/architect.md", "£65,000", "£66,000"),
        """/jobs/{architect,closed,closed/2025}/ /salary/
        /{locations/leeds,organisations/ministry-of-justice,roles/data,salary/60000-and-over,tags/data}/{,feed.xml}""",
        search=SEARCH_ROWS,
    ),
    "day-rate": Case(
        "A day rate is in no figure, so the salary index does not change with it.",
        lambda site: site.swap("content/jobs/keeper.md", "£550 a day", "£600 a day"),
        """/jobs/{,keeper/,director/}
        /{locations/london,organisations/cabinet-office,grades/g7,salary/day-rates,tags/leadership}/{,feed.xml}""",
        search=SEARCH_ROWS,
    ),
    "grade": Case(
        "A grade moves the pay of its jobs in the salary index, and nothing on the pages of bands.",
        lambda site: site.swap("content/jobs/architect.md", "tags: ", "grade: G7\ntags: "),
        "/jobs/architect/ /salary/ /grades/{,g7/,g7/feed.xml}",
        search=SEARCH_WORDS,
    ),
    "deadline": Case(
        "A deadline moved with a noted change also makes newer each page and index that says when it last changed.",
        _add_change,
        f"""/ /jobs/{{,designer/}} /build.json /sitemap.xml {DESIGN_LISTS} {DESIGN_FEEDS}
        /{{locations,organisations,roles,salary,tags}}/""",
        search=SEARCH_ROWS,
    ),
    "published": Case(
        "A later day of publication puts a job among the three newest of everything, and makes its lists newer.",
        lambda site: site.swap(DESIGNER, "2026-05-18", "2026-05-28"),
        f"""/ /{{feed.xml,feed.json,atom.xml}} /jobs/{{,designer/}} /build.json /sitemap.xml {DESIGN_LISTS}
        {DESIGN_FEEDS} /{{locations,organisations,roles,salary,tags}}/""",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "news-body": Case(
        "The body of old news is on its page and in the feeds that carry it.",
        lambda site: site.swap("content/news/survey.md", "was long", "was short"),
        "/news/survey/ /news/feed.xml /tags/design/feed.xml",
        search=SEARCH_WORDS,
    ),
    "page": Case(
        "A static page is in no list and in no feed.",
        lambda site: site.swap("content/pages/about.md", "By hand", "By machine"),
        "/about/",
        search=SEARCH_WORDS,
    ),
    "rename": Case(
        "A renamed job leaves a redirect at its old address, and is linked by its new one wherever it stands.",
        lambda site: site.rename("content/jobs/architect.md", "content/jobs/data-architect.md", "architect"),
        """/jobs/architect/ /jobs/closed/{,2025/} /sitemap.xml /_redirects
        /{locations/leeds,organisations/ministry-of-justice,roles/data,salary/60000-and-over,tags/data}/{,feed.xml}""",
        new="/jobs/data-architect/",
        search=SEARCH_ROWS,
    ),
    "deletion": Case(
        "A deleted job goes from its lists and from all counts; a tag has one numbered page less.",
        lambda site: (site.root / "content/jobs/clerk.md").unlink(),
        f"""{BARS} /jobs/closed/{{,2025/}} /salary/under-40000/feed.xml /build.json /sitemap.xml
        /{{locations/,organisations/,roles/,tags/}}
        /locations/leeds/ /organisations/ministry-of-justice/ /roles/data/ /tags/data/""",
        gone="/jobs/clerk/ /tags/data/page/1/",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "new-entry": Case(
        "A new job that closes soon enters its lists and feeds, and all counts.",
        _new_job,
        f"""{BARS} /{{feed.xml,feed.json,atom.xml}} /jobs/{{,feed.xml,closing/}}
        /salary/40000-to-59999/feed.xml /build.json /sitemap.xml
        /organisations/{{,home-office/,home-office/feed.xml}} /tags/{{,design/,design/feed.xml}}""",
        new="/jobs/writer/",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "organisation": Case(
        "A job at another organisation is similar to that one's closed jobs; the old one has none, and no feed.",
        lambda site: site.swap(DESIGNER, "Home Office", "Ministry of Justice"),
        """/ /jobs/{,feed.xml,designer/,analyst/,architect/,clerk/} /search/ /sitemap.xml /subscribe/ /feeds.opml
        /organisations/{,ministry-of-justice/,ministry-of-justice/feed.xml}
        /{locations/london,roles/design,salary/40000-to-59999,tags/design}/{,feed.xml}""",
        gone="/organisations/home-office/{,feed.xml}",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "related": Case(
        "A related entry is shown on both pages, with the reason, and nowhere else.",
        lambda site: site.swap(DESIGNER, "tags: ", "related: [director]\ntags: "),
        "/jobs/{designer,director}/",
    ),
    "published-draft": Case(
        "A draft that is published enters its lists and feeds, and all counts.",
        lambda site: site.swap("content/jobs/surveyor.md", "draft: true\n", ""),
        f"""{BARS} /jobs/ /build.json /sitemap.xml {DESIGN_FEEDS} /{{locations,organisations,roles,tags}}/
        /locations/london/ /organisations/home-office/ /roles/design/ /tags/design/""",
        new="/jobs/surveyor/",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "withdrawn": Case(
        "A withdrawn job leaves a notice on its page, and goes from all lists, feeds and counts.",
        lambda site: site.swap(DESIGNER, "tags: ", "withdrawn: {date: 2026-06-01, reason: Gone.}\ntags: "),
        f"""{BARS} /jobs/{{,feed.xml,designer/}} /salary/40000-to-59999/feed.xml /build.json /sitemap.xml
        /search/ /subscribe/ /feeds.opml
        /locations/{{,london/,london/feed.xml}} /organisations/ /roles/ /tags/{{,design/,design/feed.xml}}""",
        gone="/organisations/home-office/{,feed.xml} /roles/design/{,feed.xml}",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "image": Case(
        "An image keeps its name, so only the image itself changes.",
        lambda site: site.write("content/images/pier.svg", PIER.replace(b"M1 1h2", b"M1 2h2")),
        "/images/pier.svg",
    ),
    "image-size": Case(
        "The size of an image is on the page that shows it.",
        lambda site: site.write("content/images/pier.svg", PIER.replace(b"0 0 4 4", b"0 0 4 3")),
        "/images/pier.svg /news/standard/",
    ),
    "nothing": Case("Where nothing was edited, nothing changes.", lambda _: None),
    "touch": Case("The times of files say nothing.", _touch_all),
    "same-bytes": Case(
        "Files written again, or put in the place of others, with the same bytes, say nothing.", _rewrite_all
    ),
}
CONFIG: Final = {
    "tag-label": Case(
        "A tag's name is on its own page, in indexes and filters, on its entries, and in the feeds that carry these.",
        lambda site: site.swap("config.yaml", "label: Leadership", "label: Leading"),
        """/ /{feed.xml,feed.json,atom.xml} /jobs/{,feed.xml,director/,keeper/,registrar/}
        /tags/{,leadership/,leadership/feed.xml}
        /locations/london/feed.xml /organisations/cabinet-office/feed.xml /grades/g7/feed.xml
        /salary/{under-40000,60000-and-over,day-rates}/feed.xml /search/ /subscribe/ /feeds.opml""",
        search=SEARCH_WORDS,
    ),
    "strapline": Case(
        "The strapline is on the home page alone.",
        lambda site: site.swap("config.yaml", "by hand", "by machine"),
        "/",
    ),
    "band": Case(
        "Another bound gives the two bands that meet there other names and addresses, to which bands and filters lead.",
        lambda site: site.swap("config.yaml", "[40000, 60000]", "[40000, 63000]"),
        """/ /jobs/ /salary/{,under-40000/,day-rates/,not-stated/,other-currencies/,unpaid/}
        /search/ /sitemap.xml /subscribe/ /feeds.opml""",
        new="/salary/{40000-to-62999,63000-and-over}/{,feed.xml}",
        gone="/salary/{40000-to-59999,60000-and-over}/{,feed.xml}",
        search=SEARCH_WORDS,
    ),
    "address": Case(
        "Below another path every link is another; pictures and assets are the same.",
        lambda site: site.swap("config.yaml", "https://gazette.example/", "https://gazette.example/below/"),
        f"{PAGES} {FULL_FEEDS} {EMPTY_FEEDS} /sitemap.xml /robots.txt /_headers /feeds.opml /_redirects",
        search=SEARCH_ROWS,
    ),
}
THEME: Final = {
    "page-template": Case(
        "The template of jobs makes the pages of jobs; that of a withdrawn one is made by another.",
        lambda site: site.in_last_block("templates/pages/job.html", "<!-- edited -->"),
        "/jobs/{analyst,architect,clerk,designer,director,engineer,keeper,registrar}/",
    ),
    "row": Case(
        "The row component is on all pages with a list of entries.",
        lambda site: site.in_macro("templates/components/row.html", "<!-- edited -->"),
        ROWS,
    ),
    "feed-item": Case(
        "The item of RSS is in all feeds of that form that have one.",
        lambda site: site.in_macro("templates/components/feed_item.xml", "<!-- edited -->"),
        RSS_FEEDS,
    ),
    "feed-content": Case(
        "What a subscriber reads is in all feeds that have an item, in every form.",
        lambda site: site.in_macro("templates/components/feed_content.html", "<!-- edited -->"),
        FULL_FEEDS,
    ),
    "feed-style": Case(
        "The style sheet of feeds has its content in its name, which feeds in XML tell, and no page.",
        lambda site: site.write("templates/assets/feed.css", b"rss { margin: 1em }"),
        f"{RSS_FEEDS} {EMPTY_FEEDS} /atom.xml",
        new="/assets/feed.#.css",
        gone="/assets/feed.#.css",
    ),
    "picture": Case(
        "The picture component is on the one page with a picture.",
        lambda site: site.in_macro("templates/components/picture.html", "<!-- edited -->"),
        "/news/standard/",
    ),
    "layout": Case(
        "The base layout is around every page, and around nothing else.",
        lambda site: site.swap("templates/layouts/base.html", "</body>", "<!-- edited --></body>"),
        PAGES,
    ),
    "unused": Case(
        "A component that no page uses makes no difference, and nothing is rendered.",
        lambda site: site.in_macro("templates/components/unused.html", "<!-- edited -->"),
    ),
    "asset": Case(
        "The style sheet has its content in its name, to which every page links.",
        lambda site: site.write("templates/assets/site.css", b"main { margin: 1em }"),
        PAGES,
        new="/assets/site.#.css",
        gone="/assets/site.#.css",
    ),
    "new-asset": Case(
        "An asset that nothing links to is copied.",
        lambda site: site.write("templates/assets/print.css", b"main { margin: 0 }"),
        new="/assets/print.#.css",
    ),
}


class Clock(NamedTuple):
    """A move of the clock, or another option, and all that it moves."""

    why: str
    before: str
    after: tuple[str, ...]
    changed: str = ""
    new: str = ""
    search: str = ""
    """As in `Case`."""


CLOCKS: Final = {
    "hours": Clock("While no state changes, the clock changes nothing.", NOW, ("--now", "2026-06-01T23:59")),
    "midnight": Clock("Nothing tells the day.", "2026-06-01T23:59", ("--now", "2026-06-02")),
    "back": Clock("A clock set back within a state changes nothing.", NOW, ("--now", "2026-06-01T00:01")),
    "deadline": Clock(
        "At its deadline a job moves to the closed ones and is one open job less; its lists have an old page more, "
        "and feeds, which do not tell what is open, stay.",
        "2026-06-04T23:54",
        ("--now", "2026-06-04T23:55"),
        """/ /jobs/{,engineer/,closing/,closed/,analyst/,architect/,clerk/} /build.json /sitemap.xml
        /{locations,organisations,roles,salary,tags}/ /salary/60000-and-over/
        /locations/leeds/ /organisations/ministry-of-justice/ /roles/data/ /tags/data/""",
        "/jobs/closed/2026/ /{locations/leeds,organisations/ministry-of-justice,roles/data}/page/1/",
        search=SEARCH_ROWS,
    ),
    "scheduled": Clock(
        "On its day a scheduled job enters its lists and feeds, and all counts.",
        "2026-06-09T23:59",
        ("--now", "2026-06-10"),
        f"""{BARS} /jobs/ /{{feed.xml,feed.json,atom.xml}}
        /build.json /sitemap.xml {DESIGN_FEEDS} /{{locations,organisations,roles,tags}}/
        /locations/london/ /organisations/home-office/ /roles/design/ /tags/design/""",
        "/jobs/tester/",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
    "year": Clock(
        "In a new year the pay of a job that is still open carries the old one, on its page and in its rows.",
        "2026-12-31T23:59",
        ("--now", "2027-01-01"),
        """/ /jobs/{,registrar/,keeper/,director/} /build.json
        /locations/london/ /organisations/cabinet-office/ /grades/g7/ /salary/under-40000/ /tags/leadership/""",
        search=SEARCH_ROWS,
    ),
    "drafts": Clock(
        "A preview says so on every page and has those of drafts; feeds stay as subscribers have them.",
        NOW,
        ("--now", NOW, "--drafts"),
        f"{PAGES} /build.json /sitemap.xml",
        "/jobs/{surveyor,tester}/",
        search=f"{SEARCH_WORDS} {SEARCH_ROWS}",
    ),
}
