"""Write what is taken from the code: references of fields and rules, JSON Schemas, forms of the browser editor.

`python tools/generate_docs.py` writes them; with `--check` it says which are out of date and exits with 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from digest import pipeline as _all_rules  # noqa: E402, F401 - registers every rule
from digest.diagnostics import RULES  # noqa: E402
from digest.documents.config import Config  # noqa: E402
from digest.documents.config_file import read_config  # noqa: E402
from digest.documents.config_tables import TABLE as CONFIG_TABLE  # noqa: E402
from digest.documents.tables import TABLES  # noqa: E402
from digest.text.schema import Field, Table  # noqa: E402
from tools.editor_config import editor_files  # noqa: E402

NOTE = "<!-- Made by `make docs` from the code; edit the code instead. -->"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config() -> Config:
    """Return the project's own configuration, whose vocabularies the schemas give as examples."""
    found = read_config((ROOT / "config.yaml").read_text(encoding="utf-8")).value
    if found is None:
        message = "config.yaml has problems; run  python build.py check"
        raise SystemExit(message)
    return found


def rules_page() -> str:
    """Return the reference of all rules, in order of their ids."""
    lines = [
        "# Rules",
        "",
        NOTE,
        "",
        f"All {len(RULES)} rules that entries, configuration and templates are checked by. An **error** stops the",
        "build and leaves the published site as it was; a **warning** is shown and stops it only with `--strict`.",
        "",
        "| rule | |",
        "|---|---|",
    ]
    ordered = sorted(RULES.values(), key=lambda rule: rule.id)
    lines += [f"| [`{rule.id}`](#{rule.id}) | {rule.severity} |" for rule in ordered]
    for rule in ordered:
        lines += ["", f"## {rule.id}", "", f"*{rule.severity.capitalize()}.* {rule.doc}"]
    return "\n".join(lines) + "\n"


def fields_page() -> str:
    """Return the reference of the fields of entries."""
    lines = [
        "# Fields of entries",
        "",
        NOTE,
        "",
        "An entry is a Markdown file whose front matter has these fields. Every value is read as the text you wrote;",
        "the field decides what it means, so a date or a price needs no quotes.",
    ]
    for kind, table in TABLES.items():
        lines += ["", f"## {kind.capitalize()}", "", *_table(table)]
        lines += _nested(table)
    return "\n".join(lines) + "\n"


def config_page() -> str:
    """Return the reference of the configuration."""
    lines = ["# Configuration", "", NOTE, "", "The keys of `config.yaml`.", "", *_table(CONFIG_TABLE)]
    return "\n".join([*lines, *_nested(CONFIG_TABLE)]) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield "| field | | what it means | example |"
    yield "|---|---|---|---|"
    for field in table.fields:
        needed = "required" if field.required else ""
        yield f"| `{field.name}` | {needed} | {_cell(field.doc)} | `{_cell(field.example)}` |"


def _nested(table: Table) -> Iterator[str]:
    for field in table.fields:
        for inner in _inner(field.reader):
            yield from ("", f"### {field.name}: {inner.what}", "", *_table(inner))
            yield from _nested(inner) if inner is not table else ()


def _inner(reader: Any) -> Iterator[Table]:
    """Yield the tables within a reader."""
    if isinstance(reader, Table):
        yield reader
        return
    for name in getattr(reader, "__struct_fields__", ()):
        part = getattr(reader, name)
        if not isinstance(part, Field) and hasattr(part, "read"):
            yield from _inner(part)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def schema(name: str, table: Table, vocabularies: Any) -> str:
    """Return the JSON Schema of a table as a file."""
    made = {
        "$schema": DIALECT,
        "title": f"{name[0].upper()}{name[1:]} of the digest",
        **table.schema(vocabularies),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def files() -> dict[str, str]:
    """Return every generated file by its path in the project."""
    settings = config()
    vocabularies = settings.vocabularies
    forms = ROOT / "editor" / "config.yml"
    made = {
        **editor_files(settings, forms.read_text(encoding="utf-8") if forms.is_file() else None),
        "docs/reference/rules.md": rules_page(),
        "docs/reference/fields.md": fields_page(),
        "docs/reference/config.md": config_page(),
        "schema/config.schema.json": schema("configuration", CONFIG_TABLE, vocabularies),
    }
    for kind, table in TABLES.items():
        made[f"schema/{kind}.schema.json"] = schema(kind, table, vocabularies)
    return made


def main() -> int:
    """Write the files, or with `--check` compare them."""
    stale = []
    for name, text in files().items():
        path = ROOT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        print(f"out of date: {', '.join(stale)}; run  make docs", file=sys.stderr)
        return 1
    print(f"generated files are up to date; {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
