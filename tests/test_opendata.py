"""Open data: true to the entries, valid by its own schemas, safe in a spreadsheet, and the same at a later clock."""

from __future__ import annotations

import csv
import json
import warnings
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from csvw import CSVW
from hypothesis import given
from hypothesis import strategies as st

from digest.opendata import COLUMNS, FORMULA, SEPARATOR, cell
from digest.planning.data_fields import DataField, example
from digest.planning.data_tables import URL
from digest.planning.data_views import TABLES, Name
from tests import samples
from tests.samples import Built

JOB: Final = "content/jobs/engineer.md"
NEWS: Final = "content/news/two.md"
NAMES: Final[tuple[Name, ...]] = ("jobs", "news")
GONE: Final = {"url", "id", "guid", "published", "withdrawn"}
"""All that is known of a withdrawn entry."""
FLAT: Final = {URL.name, *(field.name for field in COLUMNS)}

FORMATS: Final = jsonschema.FormatChecker(["date"])


@FORMATS.checks("date-time", ValueError)
def _is_instant(text: object) -> bool:
    """Tell whether a text is an instant in UTC (RFC 3339 §5.6)."""
    return not isinstance(text, str) or (text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None)


def _json(site: samples.Files, name: str) -> Any:
    return json.loads(site[f"data/{name}.json"])


def _rows(site: samples.Files) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(site["data/jobs.csv"].decode(), newline=""), strict=True))


def _site(files: samples.Files | None = None, now: str = samples.NOW, /, **fields: Any) -> dict[str, bytes]:
    """Build the smallest site with a job of these fields and more files."""
    return samples.build_site({**samples.base(), JOB: samples.job(**fields), **(files or {})}, now)


def _job(**fields: Any) -> dict[str, Any]:
    """Return the record of a job of these fields."""
    found: list[dict[str, Any]] = _json(_site(None, **fields), "jobs")["jobs"]
    return next(record for record in found if record["id"] == "engineer")


def _row(**fields: Any) -> dict[str, str]:
    return next(row for row in _rows(_site(None, **fields)) if row["id"] == "engineer")


# --- form ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_data_is_valid(built: Built, name: Name) -> None:
    """Each JSON file is valid by the schema that it names, formats included, and has no field that is not described."""
    data, schema = _json(built.files, name), _json(built.files, f"{name}.schema")
    assert data["schema"] == schema["$id"] == f"{built.base_url}data/{name}.schema.json"
    assert data["version"] == 1
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=FORMATS)
    assert [error.message for error in checker.iter_errors(data)] == []
    assert data[name], "there is nothing in it"
    for record in data[name]:
        assert _unknown(record, (URL, *TABLES[name])) <= {"withdrawn"}


def _unknown(record: dict[str, Any], fields: tuple[DataField, ...]) -> set[str]:
    """Return the names in a record, and in the objects within, that no field has."""
    by_name = {field.name: field for field in fields}
    inner = (
        _unknown(one, by_name[name].fields)
        for name, value in record.items()
        if name in by_name and by_name[name].fields
        for one in value
    )
    return (record.keys() - by_name.keys()).union(*inner)


@pytest.mark.parametrize("name", NAMES)
def test_schema_refuses_what_is_wrong(golden_site: dict[str, bytes], name: Name) -> None:
    """The schema is no empty promise: a record with a fact of the wrong type, or without a needed one, is not valid."""
    data, schema = _json(golden_site, name), _json(golden_site, f"{name}.schema")
    record = next(one for one in data[name] if "withdrawn" not in one)
    mistakes: tuple[dict[str, Any], ...] = (
        {"title": 1},
        {"published": "yesterday"},
        {"published_at": "2026-01-01"},
        {"tags": []},
        {"withdrawn": "2026-01-01"},
    )
    for wrong in mistakes:
        changed = {**data, name: [{**record, **wrong}]}
        assert not jsonschema.Draft202012Validator(schema, format_checker=FORMATS).is_valid(changed), wrong
    for missing in ("url", "guid", "title"):
        changed = {**data, name: [{key: value for key, value in record.items() if key != missing}]}
        assert not jsonschema.Draft202012Validator(schema).is_valid(changed), missing


@pytest.mark.parametrize("name", NAMES)
def test_example_is_valid(golden_site: dict[str, bytes], name: Name) -> None:
    """The example on the page has every field, each as its schema says."""
    schema = _json(golden_site, f"{name}.schema")
    shown = {URL.name: URL.example, **example(TABLES[name])}
    jsonschema.validate(shown, {**schema["$defs"]["record"], "$defs": schema["$defs"]})
    assert shown.keys() == schema["$defs"]["record"]["properties"].keys()


def test_table_is_valid(built: Built, tmp_path: Path) -> None:
    """The table is valid by its description (CSV on the Web), and says of each job what the JSON file says."""
    for name in ("jobs.csv", "jobs.csv-metadata.json"):
        (tmp_path / name).write_bytes(built.files[f"data/{name}"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = CSVW(str(tmp_path / "jobs.csv-metadata.json"), validate=True)
        assert table.is_valid, table.warnings
        records = [dict(record) for record in table.to_json(minimal=True)]
    expected = [{name: job[name] for name in job if name in FLAT} for job in _json(built.files, "jobs")["jobs"]]
    for job in expected:
        if "closes_time" in job:
            job["closes_time"] += ":00"  # as the datatype `time` is written
    assert records == expected


def test_table_is_plain(built: Built) -> None:
    """The table is UTF-8 without a byte order mark, its lines end with CRLF, and all have as many cells."""
    data = built.files["data/jobs.csv"]
    assert data.startswith(b"url,id,")
    assert data.endswith(b"\r\n")
    rows = list(csv.reader(StringIO(data.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(FLAT)}
    assert len(rows) == len(_json(built.files, "jobs")["jobs"]) + 1


# --- formulas ------------------------------------------------------------------------------------------------

TITLE: Final = next(field for field in COLUMNS if field.name == "title")
TEXTS: Final = next(field for field in COLUMNS if field.form == "texts")


def _read(written: str) -> str:
    return next(csv.reader(StringIO(written + "\r\n", newline=""), strict=True), [""])[0] if written else ""


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("=+-@\t\r\n,\"'a"))
def test_no_cell_begins_a_formula(text: str) -> None:
    """Whatever a text is, its cell begins none of the signs that make a formula, and no more than that is changed."""
    found = _read(cell(TITLE, text))
    assert not found.startswith(tuple(FORMULA))
    assert found == (f"'{text}" if text[:1] in FORMULA else text)


@given(st.lists(st.text('=+|a/,"', min_size=1), min_size=1))
def test_no_list_begins_a_formula(texts: list[str]) -> None:
    """A list comes out with as many texts as went in, and its cell begins no formula either."""
    found = _read(cell(TEXTS, tuple(texts)))
    assert not found.startswith(tuple(FORMULA))
    assert found.removeprefix("'").split(SEPARATOR) == [text.replace(SEPARATOR, "/") for text in texts]


def test_json_has_the_true_text() -> None:
    """A title that looks like a formula is told apart in the table, and stands in JSON as it was written."""
    title = '=HYPERLINK("https://x.example/","a, b")'
    assert _job(title=title)["title"] == title
    assert _row(title=title)["title"] == f"'{title}"


# --- facts ---------------------------------------------------------------------------------------------------


def _pay(**fields: Any) -> dict[str, Any]:
    found = _job(**fields)
    return {name.removeprefix("pay_"): value for name, value in found.items() if name.startswith(("pay_", "annual_"))}


@pytest.mark.parametrize(
    ("salary", "expected"),
    [
        (
            "£45,000 to £55,000",
            {"min": 45000, "max": 55000, "period": "year", "annual_min": 45000, "annual_max": 55000}
            | {"currency": "GBP", "approximate": False, "annual_estimated": False, "text": "£45,000 to £55,000"},
        ),
        (
            "£18.20 an hour",
            {"min": 18.2, "max": 18.2, "period": "hour", "annual_min": 35016.8, "annual_max": 35016.8}
            | {"currency": "GBP", "approximate": False, "annual_estimated": True}
            | {"text": "£18.20 an hour (about £35,000 a year)"},
        ),
        (
            "up to about £97,760",
            {"max": 97760, "annual_max": 97760, "period": "year", "currency": "GBP", "approximate": True}
            | {"annual_estimated": False, "text": "up to about £97,760"},
        ),
        (
            "£550 a day",
            {"min": 550, "max": 550, "period": "day", "currency": "GBP", "approximate": False, "text": "£550 a day"},
        ),
        (
            "€5,000 a month",
            {"min": 5000, "max": 5000, "period": "month", "currency": "EUR", "approximate": False}
            | {"text": "€5,000 a month"},
        ),
    ],
)
def test_pay(salary: str, expected: dict[str, Any]) -> None:
    """Pay is as printed, and for a year as the digest works it out; what is not known is left out."""
    assert _pay(salary=salary) == {"kind": "stated", **expected}


@pytest.mark.parametrize("kind", ["not stated", "unpaid"])
def test_no_pay(kind: str) -> None:
    """Pay that is not stated, or that there is none of, is told apart, and has no figures."""
    assert _pay(salary=kind) == {"kind": kind, "text": kind.capitalize()}


def test_pay_in_ranges() -> None:
    """Of several ranges the outermost ends are told, and each range with its label; in other periods, only these."""
    salary = [{"label": "London", "salary": "£49,325 to £53,081"}, {"label": "Elsewhere", "salary": "from £42,914"}]
    found = _pay(salary=salary)
    assert (found["min"], found["annual_min"]) == (42914, 42914)
    assert "max" not in found, "the second range is open at its end"
    assert [(one["label"], one["min"], one.get("max")) for one in found["ranges"]] == [
        ("London", 49325, 53081),
        ("Elsewhere", 42914, None),
    ]
    mixed = _pay(salary=[{"label": "A", "salary": "£40,000"}, {"label": "B", "salary": "£20 an hour"}])
    assert not mixed.keys() & {"min", "max", "period"}
    assert (mixed["annual_min"], mixed["annual_max"], mixed["annual_estimated"]) == (38480, 40000, True)


def test_deadline() -> None:
    """The deadline is told by its parts, and as the instant from which the job is closed; its moves are counted."""
    moved = {"date": "2026-05-25", "note": "Moved by a week.", "closes": "11:55pm on 12 June 2026"}
    found = _job(closes="11:55pm on 12 June 2026", changes=[moved])
    assert {name: found[name] for name in found if name.startswith("closes_")} == {
        "closes_kind": "dated",
        "closes_date": "2026-06-12",
        "closes_time": "23:55",
        "closes_zone": "Europe/London",
        "closes_text": "11:55pm on 12 June 2026",
    }
    assert (found["open_until"], found["opens_at"]) == ("2026-06-12T22:55:00Z", "2026-05-19T23:00:00Z")
    assert (found["deadline_changes"], found["updated"]) == (1, "2026-05-25")
    assert found["changes"] == [
        {"date": "2026-05-25", "note": "Moved by a week.", "closes_kind": "dated"}
        | {"closes_date": "2026-06-12", "closes_time": "23:55"}
    ]
    whole_day = _job(closes="12 June 2026")
    assert "closes_time" not in whole_day
    assert whole_day["open_until"] == "2026-06-12T23:00:00Z"
    assert _job(closes="open until filled")["open_until"] == "2026-11-16T00:00:00Z"


def test_terms_and_sources() -> None:
    """Terms are told by id and in words, an unlisted one as `other`; the first source in fields, others in a list."""
    sources = [
        {"name": "One", "url": "https://one.example/", "published": "2026-05", "licence": "OGL-3.0"},
        {"name": "Two"},
    ]
    found = _job(
        grade="Grade 7", role="data-engineer", contract={"other": "Casual"}, source=sources, location=["Leeds"]
    )
    told: dict[str, Any] = {"grade": "g7", "grade_text": "Grade 7", "family": "data", "role_text": "Data engineer"}
    told |= {"contract": "other", "contract_text": "Casual", "source_name": "One", "source_published": "2026-05"}
    told |= {"source_licence": "OGL-3.0", "other_sources": [{"name": "Two"}], "place_ids": ["leeds"]}
    assert {name: found.get(name) for name in told} == told
    assert found["organisation_ids"] == ["home-office"]
    assert found["apply"] == "https://www.example.gov.uk/jobs/2"
    assert "apply" not in _job(apply="not stated")


def test_every_entry_is_there(real_site: dict[str, bytes]) -> None:
    """Each published job and news item of the real site stands in its file once, newest first, at its own address."""
    for name in NAMES:
        records = _json(real_site, name)[name]
        paths = {path for path in samples.carried() if f"/{name}/" in path}
        assert {record["url"] for record in records} == {
            samples.base_of(samples.real()) + samples.entry_address(path)[1:] for path in paths
        }
        assert len(records) == len(paths)
        days = [record["published_at"] for record in records]
        assert days == sorted(days, reverse=True)


def test_ids_are_those_of_the_feeds(golden_site: dict[str, bytes]) -> None:
    """The id for good of an entry is the same in the data and on its page, so that both can be joined."""
    for name in NAMES:
        for record in _json(golden_site, name)[name]:
            feed = golden_site["feed.xml"].decode()
            assert record["guid"] in feed or "withdrawn" in record


def test_no_texts(golden_site: dict[str, bytes]) -> None:
    """The data hold facts and no bodies."""
    assert b"forty berths" in golden_site["jobs/service-designer/index.html"]
    assert [path for path, data in golden_site.items() if path.startswith("data/") and b"forty berths" in data] == []


# --- what comes, stays and goes ------------------------------------------------------------------------------


def test_withdrawn_entries_lose_their_facts() -> None:
    """A withdrawn entry keeps a record with its ids and days, in both files, and nothing that was ever said of it."""
    taken = {"date": "2026-05-31", "reason": "The employer asked for it."}
    site = _site({NEWS: samples.news(withdrawn=taken)}, withdrawn=taken)
    job = next(record for record in _json(site, "jobs")["jobs"] if record["id"] == "engineer")
    news = next(record for record in _json(site, "news")["news"] if record["id"] == "two")
    assert job.keys() == news.keys() == GONE
    assert (job["withdrawn"], news["withdrawn"]) == ("2026-05-31", "2026-05-31")
    row = next(row for row in _rows(site) if row["id"] == "engineer")
    assert {name for name, text in row.items() if text} == GONE
    before = _job(withdrawn={**taken, "date": "2026-06-20"})
    assert "withdrawn" not in before, "it is carried until that day"
    assert before["title"] == "Data engineer"


def test_hidden_entries_are_not_in_it() -> None:
    """Drafts and scheduled entries are in no file, also where a preview shows them on pages."""
    site = samples.build_site(samples.golden(), drafts=True)
    assert {"news/rumour/index.html", "jobs/night-watch/index.html"} <= site.keys()
    ids = {record["id"] for name in NAMES for record in _json(site, name)[name]}
    assert ids
    assert ids.isdisjoint({"rumour", "night-watch"})


def test_the_clock_changes_nothing(busy_site: dict[str, bytes]) -> None:
    """While nothing is published every file keeps its bytes, though jobs close: what is open follows from the dates."""
    later = samples.build_site(samples.real(), "2021-03-26")
    shown = {path: data for path, data in busy_site.items() if path.startswith("data/")}
    assert len(shown) == 7
    assert {path: later[path] for path in shown} == shown
    assert later["jobs/index.html"] != busy_site["jobs/index.html"], "no job has closed"


def test_state_follows_from_the_dates(busy_site: dict[str, bytes]) -> None:
    """The jobs whose `open_until` is ahead are those that the list of open jobs shows."""
    clock = datetime.fromisoformat(f"{samples.BUSY_NOW}T00:00:00+00:00")
    records = _json(busy_site, "jobs")["jobs"]
    ahead = {record["url"] for record in records if datetime.fromisoformat(record["open_until"]) > clock}
    base = samples.base_of(samples.real())
    rows = samples.page(busy_site, "/jobs/").all("//main//li[contains(@class,'app-row')]//a/@href")
    assert ahead == {samples.absolute(base, href) for href in rows}
    assert ahead


def test_updated_is_the_newest_change() -> None:
    """A file says when its newest record changed, which is never the time of the build."""
    data = _json(_site(None, "2026-12-31", changes=[{"date": "2026-07-01", "note": "A word."}]), "jobs")
    assert date.fromisoformat(data["updated"]) == date(2026, 7, 1)


# --- the page ------------------------------------------------------------------------------------------------


def test_page_describes_every_field(built: Built) -> None:
    """The page names the files, the licence and each field of each file; every page leads to it."""
    page = samples.page(built.files, "/data/")
    files = {href.rpartition("/")[2] for href in page.all("//main//li/a/@href")}
    assert files == {path.removeprefix("data/") for path in built.files if path.startswith("data/")} - {"index.html"}
    for name in NAMES:
        schema = _json(built.files, f"{name}.schema")
        named = page.all(f"//section[@aria-labelledby='{name}']//dt/code/text()")
        assert set(schema["$defs"]["record"]["properties"]) <= set(named)
        told = page.text(f"//section[@aria-labelledby='{name}']")
        for field in schema["$defs"]["record"]["properties"].values():
            assert field["description"] in told
    shown = json.loads(page.one("//pre/code").text_content())
    assert shown == {URL.name: URL.example, **example(TABLES["jobs"])}
    assert samples.page(built.files, "/").all("//footer//a[text()='Data']")


def test_licence_of_the_data(real_site: dict[str, bytes]) -> None:
    """The licence of the configuration stands on the page, in the JSON files and in the description of the table."""
    address = "https://creativecommons.org/licenses/by/4.0/"
    assert samples.page(real_site, "/data/").all("//a[@rel='license']/@href")[0] == address
    assert {_json(real_site, name)["licence"]["url"] for name in NAMES} == {address}
    assert json.loads(real_site["data/jobs.csv-metadata.json"])["dc:license"] == {"@id": address}
    without = _site()
    assert "licence" not in _json(without, "jobs")
    assert "states no licence" in samples.page(without, "/data/").text("//main")


def test_empty_files() -> None:
    """A digest without news, or without any entry, has data all the same, and they are valid."""
    empty = {path: data for path, data in samples.base().items() if not path.startswith("content/")}
    site = samples.build_site(empty)
    assert _json(site, "jobs")["jobs"] == _json(site, "news")["news"] == _rows(site) == []
    jsonschema.validate(_json(site, "jobs"), _json(site, "jobs.schema"))


def test_data_can_be_switched_off() -> None:
    """Without open data there is no such file, and no page that leads to one."""
    config = samples.base()["config.yaml"] + b"\noutputs: {data: false}\n"
    site = _site({"config.yaml": config})
    assert [path for path, data in site.items() if path.startswith("data/") or b'href="/data/' in data] == []
