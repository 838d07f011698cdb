"""A site of entries that are hard to set: very long ones, bare ones, and one in every state and with every kind of pay.

It has the settings of the real site, so that whatever is switched on there is made here too.
"""

from __future__ import annotations

from typing import Any, Final

from tests import samples

NOW: Final = samples.NOW
"""The clock at which the entries are in the states that their names tell."""
WORD: Final = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
"""The longest word that a place in the United Kingdom has for a name."""
TITLE: Final = (
    f"Head of internationalisation, interoperability and cross-governmental telecommunications in {WORD} "
    "(two posts, one of them for an apprentice)"
)
SENTENCE: Final = "Whoever is appointed will answer for the whole of this, from the first draft to the last reader."
LINK: Final = "https://www.example.gov.uk/a/very/long/address/that/has/nowhere/to/break/" + 12 * "abcdefghij"

BODY: Final = f"""\
A paragraph with [a link](https://www.example.gov.uk/), **strong words**, *stressed words*, `code`, a note[^1],
a link to [[bare|another job]], and an address as it stands: <{LINK}>.

## A heading that is long enough to fill more than one line on any telephone that is sold today

- A list {SENTENCE.lower()}
  - with a list in it
    1. and a numbered one in that
    2. of two items
- [A list item that is a link](https://www.example.gov.uk/)

### {WORD}

> {SENTENCE}
>
> {SENTENCE}

| Range | London | National | Responsibilities | Interoperability | Telecommunications | Notes | Number |
|:--|--:|:-:|---|---|---|---|--:|
| Entry | £39,500 | £36,100 | {SENTENCE} | yes | no | [a link](https://www.example.gov.uk/) | 1 |
| Full | £112,500 | £106,100 | none | no | yes | `code` | 1,000,000 |

#### A fourth heading

```
a line of code that is much longer than any screen is wide = and_that_has(no, good, place, to, break, at, all, ever)
```

---

The last paragraph.

[^1]: A note at the foot, with [a link](https://www.example.gov.uk/).
"""

FACTS: Final[dict[str, Any]] = {
    "title": TITLE,
    "summary": f"{SENTENCE} {SENTENCE}"[:160],
    "organisation": ["Home Office", "Department for Levelling Up, Housing and Communities", f"Cyngor {WORD}"],
    "source": [
        {"name": "Civil Service Jobs", "url": LINK, "published": "2026-05", "licence": "OGL-3.0"},
        {"name": "The Quay", "published": "2026"},
    ],
    "changes": [
        {"date": "2026-05-24", "note": f"The deadline was moved. {SENTENCE}", "closes": "11:55pm on 1 June 2026"},
        {"date": "2026-05-22", "note": "A post was added."},
    ],
    "related": ["bare", "news-bare", "has-closed"],
    "salary": [
        {"label": "London, with the market supplement", "salary": "£63,481 to £112,567", "note": SENTENCE},
        {"label": "National", "salary": "£55,403 to £101,600"},
        {"label": f"Elsewhere, such as {WORD}", "salary": "about £40,000"},
    ],
    "closes": {"when": "11:55pm on 1 June 2026", "note": "It closes earlier at 400 applications."},
    "location": ["London", WORD, "Newcastle upon Tyne", "Blackpool", "remote", "hybrid"],
    "apply": LINK,
    "grade": "Grade 6",
    "contract": {"type": "fixed-term", "length": "24 months, with an option of six more"},
    "pattern": ["full-time", "job share"],
    "clearance": "SC",
    "role": "Service designer",
    "reference": 5 * "HB/2026/0017-",
    "posts": "2",
    "max_applications": "400",
    "hours": "37",
    "interviews": f"In June 2026. {SENTENCE}",
    "reports_to": "Permanent Secretary",
    "team_size": "about 300",
    "budget": "£30m a year",
    "eligibility": SENTENCE,
}
GONE: Final = {"withdrawn": {"date": "2026-05-25", "reason": f"The employer asked for it. {SENTENCE}"}}
JOBS: Final[dict[str, dict[str, Any]]] = {
    "last-day": {**FACTS, "aliases": ["last-day-before", "/old/last-day/"]},
    "bare": {"salary": "not stated", "closes": "not stated", "location": ["not stated"], "apply": "not stated"},
    "open": {"grade": "Grade 7", "location": ["London"]},
    "open-until-filled": {"salary": "£550 a day", "closes": "open until filled"},
    "opening-soon": {"salary": "€5,000 a month", "opens": "5 June 2026", "closes": "30 June 2026"},
    "closing-soon": {"salary": "from £28k", "closes": "11:55pm on 4 June 2026", "location": ["remote"]},
    "has-closed": {"salary": "up to £97,760", "closes": "25 May 2026", "outcome": {"result": "filled"}},
    "closed-long-ago": {"published": "2019-04-01", "closes": "1 May 2019", "salary": "£18.20 an hour"},
    "unpaid": {"salary": "unpaid", "grade": {"other": "Non-executive"}},
    "withdrawn": {**GONE, "title": TITLE},
    "draft": {"draft": True, "title": f"Draft: {TITLE}"},
    "scheduled": {"published": "2026-06-20"},
}
NEWS: Final[dict[str, dict[str, Any]]] = {
    "news-long": {
        **{name: FACTS[name] for name in ("title", "summary", "organisation", "source", "related")},
        "changes": [{"date": "2026-05-24", "note": SENTENCE}],
        "aliases": ["news-long-before"],
        "image": {
            "src": "wide.svg",
            "alt": "A wide drawing without meaning",
            "credit": f"Drawn for {WORD}",
            "licence": "OGL-3.0",
            "url": LINK,
        },
    },
    "news-bare": {},
    "news-cymraeg": {"lang": "cy", "title": "Tablau llanw yn Gymraeg"},
}
DRAWING: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 400" width="1600" height="400">'
    b'<path fill="#808080" d="M0 0h1600v400H0z"/></svg>\n'
)


def inputs() -> samples.Files:
    """Return the files that the site is built from."""
    files = {path: data for path, data in samples.real().items() if not path.startswith("content/")}
    tags = [tag["id"] for tag in samples.real_config()["tags"]]
    several, one = tags[:8], tags[:1]
    for name, fields in JOBS.items():
        own = {"title": f"Data engineer ({name})", "tags": several if name == "last-day" else one}
        body = BODY if name in {"last-day", "draft"} else SENTENCE
        files[f"content/jobs/{name}.md"] = samples.job(body, **{**own, **fields})
    for name, fields in NEWS.items():
        own = {"title": f"A standard for data ({name})", "tags": several if name == "news-long" else one}
        files[f"content/news/{name}.md"] = samples.news(BODY if name == "news-long" else SENTENCE, **{**own, **fields})
    page = {"title": TITLE, "published": "2026-05-01", "summary": f"{SENTENCE} {SENTENCE}"[:160]}
    files["content/pages/about.md"] = samples.entry({"title": "About", "published": "2026-05-01", "summary": SENTENCE})
    files["content/pages/accessibility.md"] = samples.entry(page, BODY)
    files["content/images/wide.svg"] = DRAWING
    return files
