"""The rules of field values: what a text, a number, an address, an id or a list must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from digest.diagnostics import Finding, rule
from digest.text.guesses import closest
from digest.text.patterns import compiled
from digest.text.schema import slug


@rule("field-empty")
def field_empty() -> Iterator[Finding]:
    """A field that is written has a value.

    An empty one may be a fact that got lost. Leave out what is not known, or say `not stated` where the field is
    required.

    Wrong: `location:`

    Right: `location: not stated`
    """
    yield Finding("the field has no value", "write its value, or delete the line")


@rule("choice")
def choice_unknown(text: str, what: str, known: Sequence[str]) -> Iterator[Finding]:
    """Some fields take one of a few values, or of a vocabulary in `config.yaml`.

    One spelling for one thing is what makes the pages of a grade or a contract complete; synonyms are read too.

    Wrong: `contract: perm.`

    Right: `contract: permanent`
    """
    close = closest(text.lower(), [name.lower() for name in known])
    meant = next((name for name in known if name.lower() == close), None)
    guess = f"; did you mean {meant}?" if meant else ""
    article = "an" if what[0] in "aeiou" else "a"
    yield Finding(f'"{text}" is not {article} {what}{guess}', f"write one of: {', '.join(known)}")


@rule("flag")
def flag(text: str) -> Iterator[Finding]:
    """A yes-or-no field is `true` or `false`.

    Wrong: `draft: yes`

    Right: `draft: true`
    """
    meant = dict.fromkeys(("yes", "y", "on", "1", "true"), "true") | dict.fromkeys(
        ("no", "n", "off", "0", "false"), "false"
    )
    hint = f"write  {meant[text.lower()]}" if text.lower() in meant else "write  true  or  false"
    yield Finding(f'"{text}" is neither true nor false', hint)


@rule("number")
def number(text: str, least: Decimal | None, most: Decimal | None, *, whole: bool) -> Iterator[Finding]:
    """A number is written in digits, within its bounds.

    Wrong: `hours: thirty-seven`

    Right: `hours: 37`
    """
    if re.fullmatch(r"\d+" if whole else r"\d+(\.\d+)?", text) is None:
        yield Finding(f'"{text}" is not a {"whole " if whole else ""}number', "write digits alone, such as  37")
        return
    value = Decimal(text)
    if least is not None and value < least:
        yield Finding(f"{text} is less than {least}", f"write {least} or more")
    if most is not None and value > most:
        yield Finding(f"{text} is more than {most}", f"write {most} or less")


@rule("url-form")
def url_form(text: str) -> Iterator[Finding]:
    """A web address is complete, from `https://` on.

    Wrong: `url: www.example.org/jobs`

    Right: `url: https://www.example.org/jobs`
    """
    if compiled(r"(?i)https?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?").fullmatch(text) is None:
        if "@" in text:
            yield Finding(f'"{text}" is an email address', "write a web address; an email address goes into the text")
            return
        if " " in text and text.lower().startswith("http"):
            yield Finding(f'"{text}" has a space in it', "copy the address from the address bar")
            return
        bare = text.removeprefix("//")
        hint = f"write  https://{bare}" if re.match(r"[\w-]+(\.[\w-]+)+", bare) else "copy it from the address bar"
        yield Finding(f'"{text}" is not a web address', hint)


@rule("url-insecure")
def url_insecure(text: str) -> Iterator[Finding]:
    """A link people apply through is `https`.

    Applicants type personal data there; an open connection would show it to anybody on the way.

    Wrong: `apply: http://jobs.example.org/1`

    Right: `apply: https://jobs.example.org/1`
    """
    if text.lower().startswith("http:"):
        yield Finding("the address is not secure", f"write  https:{text[5:]}  if the site answers there")


@rule("id-form")
def id_form(text: str) -> Iterator[Finding]:
    """An id, and so a file's name, is lower-case letters, digits and single hyphens.

    It becomes the page's address for ever, so it is kept easy to read out and to type.

    Wrong: `Chief_Digital_Officer.md`

    Right: `chief-digital-officer.md`
    """
    if compiled(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch(text) is None:
        plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
        mended = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "chief-digital-officer"
        yield Finding(f'"{text}" cannot be part of an address', f"write  {mended}")


@rule("list-repeat")
def list_repeat(text: str) -> Iterator[Finding]:
    """A list names each thing once.

    Wrong: `tags: [data, data]`

    Right: `tags: [data]`
    """
    yield Finding(f'"{text}" is listed twice', "delete one of the two")


@rule("list-length")
def list_length(count: int, least: int, most: int | None) -> Iterator[Finding]:
    """A list has as many items as its field allows.

    An entry with a dozen tags is found under all of them and belongs to none.

    Wrong: `tags: []`

    Right: `tags: [data]`
    """
    if count < least:
        yield Finding("the list is empty", "add an item, or delete the field if it may be left out")
    elif most is not None and count > most:
        yield Finding(f"{count} items are more than the {most} allowed", "keep those that matter most")


@rule("name-form")
def name_form(text: str) -> Iterator[Finding]:
    """A tag, an organisation or a place has at least one letter or digit, for it becomes an address.

    Wrong: `tags: ["!"]`

    Right: `tags: [urgent]`
    """
    if not slug(text):
        yield Finding(f'"{text}" cannot be part of an address', "use letters")
