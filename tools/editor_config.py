"""The forms of the browser editor (Sveltia CMS), made from the field tables of entries.

Each reader becomes the widget that writes what it reads, and a shape: how a value of a file and a value of the form
are turned into each other by editor/editor.js, where a field may be written in several ways.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import yaml

from digest.documents.config import Config
from digest.documents.fields import Application, ImageFile, Licensed, Named, Places, Tag, TermOf
from digest.documents.pay_fields import Ranges
from digest.documents.tables import FOLDERS, TABLES
from digest.text.readers import ByShape, Checked, Coined, Flag, Form, ListOf, Number, OneOf, Text
from digest.text.schema import Field, Table, Vocabularies

NOTE: Final = (
    "# Made by `make docs` from the field tables and config.yaml.  Only `backend` is yours to edit; it is kept."
)
BACKEND: Final = {"name": "github", "repo": "owner/name"}
"""Where entries are committed, until the owner of the repository names it."""
LABELS: Final = {"jobs": ("Jobs", "Job"), "news": ("News", "News item"), "pages": ("Pages", "Page")}
"""The folders that have forms.  Editions have none: the form would write the week in their names in small letters."""
OWN_WORDS: Final = "choice"
"""The form's name for what is written without a name of its own, beside `other`."""
RANGES: Final = "ranges"
"""The form's name for several labelled ranges of pay."""
Widget = dict[str, Any]


class Made(NamedTuple):
    """What a reader becomes."""

    widget: Widget
    shape: Any
    """`"text"`, `"flag"`, `{"item": shape}` of a list, or `{"fields": {name: shape}}`; beside `fields`, `text` names
    the field that may stand alone as a text, and `list` the one that may stand alone as a list."""


def editor_files(config: Config, old: str | None) -> dict[str, str]:
    """Return `editor/config.yml`, with the backend of its old text, and `editor/shapes.json`."""
    backend = yaml.safe_load(old)["backend"] if old else BACKEND
    made = {
        "backend": backend,
        "app_title": f"{config.title}: editor",
        "media_folder": "content/images",
        "public_folder": "",
        "slug": {"encoding": "ascii", "clean_accents": True, "maxlength": 70, "timezone": "local"},
        "output": {"omit_empty_optional_fields": True},
        "collections": [_collection(folder, config.vocabularies) for folder in LABELS],
    }
    shapes = {
        kind: _fields(TABLES[kind], config.vocabularies).shape["fields"] for kind in map(FOLDERS.__getitem__, LABELS)
    }
    return {
        "editor/config.yml": f"{NOTE}\n{yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=110)}",
        "editor/shapes.json": json.dumps(shapes, indent=2) + "\n",
    }


def _collection(folder: str, vocabularies: Vocabularies) -> Widget:
    label, one = LABELS[folder]
    kind = FOLDERS[folder]
    fields = _fields(TABLES[kind], vocabularies).widget["fields"]
    body = {"name": "body", "label": "text", "widget": "markdown", "modes": ["raw", "rich_text"]}
    return {
        "name": folder,
        "label": label,
        "label_singular": one,
        "folder": f"content/{folder}",
        "extension": "md",
        "format": f"{kind}-frontmatter",
        "slug": {"template": "{{slug}}" if kind == "page" else "{{year}}-{{month}}-{{slug}}", "editable": ["create"]},
        "sortable_fields": ["title", "published"],
        "preview_path": "{{slug}}/" if kind == "page" else f"{folder}/{{{{slug}}}}/",
        "fields": [*fields, body],
    }


def _fields(table: Table, vocabularies: Vocabularies) -> Made:
    """Return an object of the fields of a table."""
    made = {field.name: _made(field.reader, vocabularies) for field in table.fields}
    fields = [_named(field, made[field.name].widget) for field in table.fields]
    shapes = {name: part.shape for name, part in made.items()}
    return Made({"widget": "object", "fields": fields}, {"fields": shapes})


def _named(field: Field, widget: Widget) -> Widget:
    label = field.name.replace("_", " ")
    hint = {"hint": f"{field.doc} For example: {field.example}"} if "fields" not in widget else {"hint": field.doc}
    return {"name": field.name, "label": label, "required": field.required, **widget, **hint}


def _made(reader: Any, vocabularies: Vocabularies) -> Made:
    """Return the widget and the shape of what a reader reads."""
    match reader:
        case Flag():
            return Made({"widget": "boolean"}, "flag")
        case Table():
            return _fields(reader, vocabularies)
        case Ranges():
            return _made(reader.items, vocabularies)
        case ListOf() | Places():
            return _list(reader if isinstance(reader, ListOf) else ListOf(Named("places")), vocabularies)
        case ByShape():
            return _several(reader, vocabularies)
        case _:
            return Made(_text(reader, vocabularies), "text")


def _text(reader: Any, vocabularies: Vocabularies) -> Widget:
    """Return the widget of a text."""
    match reader:
        case OneOf():
            return {"widget": "select", "options": list(reader.words)}
        case Coined() | TermOf() | Licensed():
            return _choices("licences" if isinstance(reader, Licensed) else reader.vocabulary, vocabularies)
        case Checked():
            return {"widget": "string", "pattern": [reader.pattern, "Is not of this form."]}
        case Number():
            return {"widget": "string", "pattern": [r"^\d+$" if reader.whole else r"^\d+(\.\d+)?$", "Is no number."]}
        case ImageFile():
            return {"widget": "image", "choose_url": False}
        case Text() | Named() | Tag() | Form() | Application():
            return {"widget": "string"}
    message = f"no widget is known for {reader!r}"
    raise TypeError(message)


def _choices(name: str, vocabularies: Vocabularies) -> Widget:
    """Return a choice of a vocabulary, which is written by its label; licences and tags are written by their ids."""
    choices = vocabularies[name].choices
    if name in {"licences", "tags"}:
        return {"widget": "select", "options": [{"label": choice.label, "value": choice.id} for choice in choices]}
    return {"widget": "select", "options": [choice.label for choice in choices]}


def _list(reader: ListOf, vocabularies: Vocabularies) -> Made:
    """Return the widget of a list: of objects, of choices, or of texts with a line for each."""
    limits = {} if reader.most is None else {"max": reader.most}
    if isinstance(reader.item, Tag):
        return Made({**_choices("tags", vocabularies), "multiple": True, **limits}, {"item": "text"})
    item = _made(reader.item, vocabularies)
    if "options" in item.widget:
        return Made({**item.widget, "multiple": True, **limits}, {"item": item.shape})
    inner = {"fields": item.widget["fields"]} if "fields" in item.widget else {}
    return Made({"widget": "list", **limits, **inner}, {"item": item.shape})


def _several(reader: ByShape, vocabularies: Vocabularies) -> Made:
    """Return an object that holds every shape of a field: its text, its fields, its list."""
    assert isinstance(reader.mapping, Table)  # noqa: S101 - so are all tables of today
    inner = _fields(reader.mapping, vocabularies)
    first = reader.mapping.fields[0]
    fields, shapes = list(inner.widget["fields"]), dict(inner.shape["fields"])
    alone = first.name
    if isinstance(reader.scalar, TermOf) and not isinstance(first.reader, Coined):
        alone = OWN_WORDS
        fields = [
            {"name": alone, "label": "from the list", "required": False, **_text(reader.scalar, vocabularies)},
            *({**field, "required": False} for field in fields),
        ]
        shapes = {alone: "text", **shapes}
    shape = {"text": alone, "fields": shapes}
    if reader.sequence is not None:
        ranges = _made(reader.sequence, vocabularies)
        hint = "Several labelled ranges, instead of all of the above."
        fields.append({"name": RANGES, "label": "ranges", "required": False, **ranges.widget, "hint": hint})
        shape = {**shape, "list": RANGES, "fields": {**shapes, RANGES: ranges.shape}}
    return Made({"widget": "object", "fields": fields}, shape)
