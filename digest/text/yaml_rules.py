"""The rules of files as text: encoding, front matter, YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from digest.diagnostics import Finding, rule
from digest.text.patterns import UNSEEN

FENCE: Final = "---"
"""The line before and after front matter."""


@rule("file-encoding")
def file_encoding(data: bytes) -> Iterator[Finding]:
    """Files are UTF-8 text.

    Another encoding turns pound signs and Welsh letters into nonsense, and no reader can tell which was meant.

    Mend: in the editor, choose "Save with encoding" and UTF-8.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        yield Finding("this character is not UTF-8 text", "save the file with the encoding UTF-8")


@rule("front-matter-missing")
def front_matter_missing(text: str) -> Iterator[Finding]:
    """An entry begins with front matter between two lines of three hyphens.

    Without it there is no title, no date and no pay to show.

    Right:

        ---
        title: Content designer
        ---
    """
    if text.partition("\n")[0].rstrip() != FENCE:
        yield Finding("the file does not begin with front matter", "make the first line  ---")


@rule("front-matter-unclosed")
def front_matter_unclosed(lines: list[str]) -> Iterator[Finding]:
    """Front matter ends with a line of three hyphens.

    Without it the whole file, body and all, would be read as fields.

    Mend: put a line `---` between the last field and the body.
    """
    if all(line.rstrip() != FENCE for line in lines[1:]):
        yield Finding("the front matter has no end", "put a line  ---  after the last field")


@rule("yaml-syntax")
def yaml_syntax(problem: str, line: str, column: int) -> Iterator[Finding]:
    """Front matter and configuration are YAML.

    The usual slips: a colon and a space inside a text (put the text in double quotes), a tab for indentation
    (use two spaces), a quote that is never closed, a list item that is not under its field.

    Wrong: `title: Digital: the next step`

    Right: `title: "Digital: the next step"`
    """
    if problem.startswith("mapping values are not allowed") and re.fullmatch(r"\s*(- )?\w+", line[:column]):
        yield Finding("the line is indented more than its neighbours", "line it up with the other fields")
        return
    if "could not find expected ':'" in problem and re.match(r"\s*\w+:\S", line):
        yield Finding("there is no space after the colon", "put a space after the colon")
        return
    for pattern, message, hint in _SLIPS:
        found = re.search(pattern, problem)
        if found is not None:
            yield Finding(message.format(*found.groups()), hint.format(*found.groups()))
            return
    yield Finding(f"this is not YAML: {problem}", "compare the line with its neighbours")


_QUOTE: Final = "put the whole text in double quotes"
_SLIPS: Final = (
    (r"mapping values are not allowed", "a colon and a space stand inside a text", _QUOTE),
    (r"character '\\t' that cannot start", "a tab stands in the indentation", "use spaces"),
    (r"tab character that violates", "a tab stands in the indentation", "use spaces"),
    (r"character '(.+)' that cannot start", "a text cannot begin with {0}", _QUOTE),
    (r"expected alphabetic or numeric character, but found '(.+)'", "a text cannot begin with * or &", _QUOTE),
    (r"unexpected end of stream", "a quote is opened but never closed", "add the closing quote"),
    (r"could not find expected ':'", "a line is not of the form  field: value", "add the colon, or indent the line"),
    (r"but found '<scalar>'", "text goes on after a closing quote", "put the whole text in one pair of quotes"),
    (r"but found '-'", "a list item is not under its field", "indent it by two spaces"),
    (
        r"but found '<block (mapping|sequence) start>'",
        "the line is indented more or less than its neighbours",
        "line it up with the other fields",
    ),
    (r"sequence entries are not allowed here", "a text cannot begin with a hyphen and a space", _QUOTE),
    (r"unknown escape character '(.+)'", "a backslash stands inside double quotes", "use single quotes"),
    (r"expected ',' or '([]}])'", "a bracket is opened but never closed", "add  {0}  or put the text in double quotes"),
)
"""Parser problems that editors run into, in the parser's words and in ours."""


@rule("yaml-comment")
def yaml_comment(lost: str) -> Iterator[Finding]:
    """A space and `#` do not stand inside a value.

    YAML takes what follows for a comment and drops it, so a fact would be lost without a word.

    Wrong: `reference: Job #12`

    Right: `reference: "Job #12"`
    """
    yield Finding(
        f'"{lost}" is read as a comment and would be lost', "put the whole value in double quotes, or delete it"
    )


@rule("yaml-list-folded")
def yaml_list_folded(item: str) -> Iterator[Finding]:
    """The items of a list stand exactly under each other.

    An item that is indented more becomes part of the one before: London and Leeds would be one place.

    Mend: begin each item in the same column.
    """
    yield Finding(f'"{item}" is read as part of the item before', "line the hyphens up")


@rule("yaml-comma")
def yaml_comma(piece: str) -> Iterator[Finding]:
    """A text with a comma stands in double quotes inside `{ }`.

    There a comma ends the value, so `£45,000` would be read as £45.

    Wrong: `salary: {pay: about £45,000, note: negotiable}`

    Right: `salary: {pay: "about £45,000", note: negotiable}`
    """
    yield Finding(f'a comma ends the value before "{piece}"', "put the value with the comma in double quotes")


@rule("yaml-duplicate-key")
def yaml_duplicate_key(key: str, first_line: int) -> Iterator[Finding]:
    """A field is written once.

    YAML readers keep one of two and drop the other without a word, so nobody could say which was meant.

    Mend: delete one of the two lines.
    """
    yield Finding(f'"{key}" is written twice; the first is on line {first_line}', "delete one of the two")


@rule("yaml-anchor")
def yaml_anchor(name: str) -> Iterator[Finding]:
    """YAML anchors (`&name`) and aliases (`*name`) are not used.

    An entry says its facts itself; a text that begins with `&` or `*` needs quotes.

    Wrong: `title: &Urgent content designer`

    Right: `title: "&Urgent content designer"`
    """
    yield Finding(f'"{name}" is read as a YAML anchor or alias', "put the text in double quotes")


@rule("yaml-tag")
def yaml_tag(tag: str) -> Iterator[Finding]:
    """YAML tags (`!!str`, `!name`) are not used.

    Every value is read as text and typed by its field; a text that begins with `!` needs quotes.

    Wrong: `reference: !2014-17`

    Right: `reference: "!2014-17"`
    """
    hint = f"delete  {tag}" if tag.startswith("!!") else "put the text in double quotes"
    yield Finding(f'"{tag}" is read as a YAML tag', hint)


@rule("yaml-escape")
def yaml_escape(value: str) -> Iterator[Finding]:
    r"""What an escape in double quotes stands for can be seen, and stand in a feed (XML 1.0 §2.2).

    Wrong: `title: "Data engineer\f"`

    Right: `title: "Data engineer"`
    """
    found = UNSEEN.search(value)
    if found is not None:
        message = f"an escape here stands for U+{ord(found[0]):04X}, which cannot be shown"
        yield Finding(message, "delete it; a backslash that is meant is written twice")


@rule("yaml-key")
def yaml_key() -> Iterator[Finding]:
    """The name of a field is a plain word.

    A list or a mapping in its place is always a slip of punctuation.

    Mend: write `field: value`.
    """
    yield Finding("the name of a field cannot be a list or a mapping", "write  field: value")


@rule("yaml-shape")
def yaml_shape(what: str) -> Iterator[Finding]:
    """Front matter and configuration are fields with values, one document of them.

    A bare text, a list, nothing at all, or a second document cannot be an entry.

    Mend: write `field: value` lines.
    """
    hint = "delete the line  ---" if "second" in what else "write lines such as  title: Content designer"
    yield Finding(f"expected fields with values, found {what}", hint)
