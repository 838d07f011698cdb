"""An authored file to located values: text, front matter and body, YAML tree with places.

Every scalar is kept as the text the editor wrote (YAML 1.2 failsafe schema, §10.1); the field tables
of `schema` give it its type.  Anchors, aliases, tags, duplicate keys and several documents are problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from digest.diagnostics import Finding, Rule, rule
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar

FENCE: Final = "---"
FAST: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's parser where there is one: about twelve times faster, but its errors are worded differently."""
PURE: Final[Any] = yaml.BaseLoader
"""The parser all problems are reported from, so that messages are the same on every machine."""


class Document(NamedTuple):
    """The two parts of an entry's file."""

    front: MapNode
    body: str
    body_line: int
    """The file's line, counted from 1, on which the body's first line stands."""


@rule("file-encoding")
def file_encoding(data: bytes) -> Iterator[Finding]:
    """Files are UTF-8 text.

    Another encoding turns pound signs and Welsh letters into nonsense, and no reader can tell which was meant.

    Mend: in the editor, choose "Save with encoding" and UTF-8.
    """
    try:
        data.decode()
    except UnicodeDecodeError as error:
        yield Finding(f"byte {error.start + 1} is not UTF-8 text", "save the file as UTF-8")


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
def yaml_syntax(problem: str) -> Iterator[Finding]:
    """Front matter and configuration are YAML.

    The usual slips: a colon and a space inside a text (put the text in double quotes), a tab for indentation
    (use two spaces), a quote that is never closed, a list item that is not under its field.

    Wrong: `title: Digital: the next step`

    Right: `title: "Digital: the next step"`
    """
    known = {
        "mapping values are not allowed here": (
            "a colon and a space stand inside a text",
            "put the whole text in double quotes",
        ),
        "found character '\\t' that cannot start any token": ("a tab stands in the indentation", "use spaces"),
        "found unexpected end of stream": ("a quote is opened but never closed", "add the closing quote"),
        "could not find expected ':'": ("a line is not of the form  field: value", "add the colon, or indent the line"),
        "expected <block end>, but found '<scalar>'": (
            "text goes on after a closing quote",
            "put the whole text in one pair of quotes",
        ),
        "expected <block end>, but found '-'": ("a list item is not under its field", "indent it by two spaces"),
        "expected <block end>, but found '<block mapping start>'": (
            "a line is indented more or less than its neighbours",
            "line it up with the other fields",
        ),
    }
    message, hint = known.get(problem, (f"this is not YAML: {problem}", "compare the line with its neighbours"))
    yield Finding(message, hint)


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

    Wrong: `title: *Urgent* content designer`

    Right: `title: "*Urgent* content designer"`
    """
    yield Finding(f'"{name}" is read as a YAML anchor or alias', "put the text in double quotes")


@rule("yaml-tag")
def yaml_tag(tag: str) -> Iterator[Finding]:
    """YAML tags (`!!str`, `!name`) are not used.

    Every value is read as text and typed by its field; a text that begins with `!` needs quotes.

    Wrong: `reference: !2014-17`

    Right: `reference: "!2014-17"`
    """
    yield Finding(f'"{tag}" is read as a YAML tag', "put the text in double quotes")


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
    yield Finding(f"expected fields with values, found {what}", "write lines such as  title: Content designer")


class _Composer:
    """Builds located nodes from YAML events; any problem is kept, none is raised."""

    def __init__(self, reading: Reading, loader: Any, first_line: int) -> None:
        self.reading = reading
        self.loader = loader
        self.first = first_line

    def compose(self) -> Node | None:
        """Return the root node of the only document, or None for an empty one."""
        event = self.loader.get_event
        event()  # stream start
        if isinstance(event(), yaml.StreamEndEvent):
            return None
        root = self._node(event())
        event()  # document end
        after = event()
        if not isinstance(after, yaml.StreamEndEvent):
            self._find(yaml_shape, after, "a second document")
        return root

    def _find(self, rule_: Rule[...], event: Any, *subject: Any) -> None:
        mark = event.start_mark
        for finding in rule_(*subject):
            self.reading.add(rule_, finding, mark.line + self.first, mark.column + 1, self._width(event, event))

    def _node(self, event: Any) -> Node:
        kind = type(event)
        if kind is yaml.AliasEvent:
            self._find(yaml_anchor, event, f"*{event.anchor}")
            return Scalar("", event.start_mark.line + self.first, event.start_mark.column + 1, 1, -1)
        if event.anchor is not None:
            self._find(yaml_anchor, event, f"&{event.anchor}")
        if event.tag is not None:
            self._find(yaml_tag, event, event.tag.replace("tag:yaml.org,2002:", "!!"))
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.SequenceStartEvent:
            return self._list(event)
        return self._map(event)

    def _scalar(self, event: Any) -> Scalar:
        start, end, value = event.start_mark, event.end_mark, event.value
        column = start.column + 1
        if start.line != end.line:
            return Scalar(value, start.line + self.first, column, self._width(event, event), -1)
        width = end.column - start.column
        inset = {0: 0, 2: 1}.get(width - len(value), -1)
        return Scalar(value, start.line + self.first, column, max(width, 1), inset)

    def _list(self, start: Any) -> ListNode:
        items: list[Node] = []
        event = self.loader.get_event()
        while type(event) is not yaml.SequenceEndEvent:
            items.append(self._node(event))
            event = self.loader.get_event()
        mark = start.start_mark
        return ListNode(items, mark.line + self.first, mark.column + 1, self._width(start, event))

    def _map(self, start: Any) -> MapNode:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        event = self.loader.get_event()
        while type(event) is not yaml.MappingEndEvent:
            key = self._node(event)
            value = self._node(self.loader.get_event())
            if not isinstance(key, Scalar):
                self._find(yaml_key, event)
            elif key.value in keys:
                self._find(yaml_duplicate_key, event, key.value, keys[key.value].line)
            else:
                keys[key.value], values[key.value] = key, value
            event = self.loader.get_event()
        mark = start.start_mark
        return MapNode(values, keys, mark.line + self.first, mark.column + 1, self._width(start, event))

    def _width(self, first: Any, last: Any) -> int:
        """Return how many characters the node from one event to another takes on its first line, at least 1."""
        start, end = first.start_mark, last.end_mark
        line = self.reading.line(start.line + self.first) or ""
        begin: int = start.column
        stop: int = end.column if start.line == end.line else len(line)
        return max(stop - begin, 1)


def read_yaml(reading: Reading, text: str, first_line: int, engine: Any) -> MapNode | None:
    """Read `text`, which begins on line `first_line` of the file, as one mapping; None where it is not one."""
    loader = None
    try:
        loader = engine(text)
        root = _Composer(reading, loader, first_line).compose()
    except yaml.MarkedYAMLError as error:
        opened = error.context == "while scanning a quoted scalar"  # the opening quote says more than the file's end
        mark = error.context_mark if opened else error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        for finding in yaml_syntax(error.problem or str(error.context)):
            reading.add(yaml_syntax, finding, line + first_line, column + 1)
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first_line
        column = error.position - (text.rfind("\n", 0, error.position) + 1)
        for finding in yaml_syntax(f"the character U+{int(error.character):04X} is not allowed"):
            reading.add(yaml_syntax, finding, line, column + 1)
        return None
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(root, MapNode):
        what = "nothing" if root is None or not getattr(root, "value", True) else "something else"
        reading.check(yaml_shape, root, what)
        return None
    return root


def split(reading: Reading, engine: Any) -> Document | None:
    """Split an entry's file into located front matter and body text; None where there is no front matter."""
    text = reading.text
    if reading.check(front_matter_missing, None, text):
        return None
    end = text.find("\n---", len(FENCE))
    while end != -1 and text[end + 4 : (text + "\n").find("\n", end + 4)].strip():
        end = text.find("\n---", end + 4)
    if end == -1:
        reading.check(front_matter_unclosed, None, text.split("\n"))
        return None
    start = text.index("\n") + 1
    front = read_yaml(reading, text[start : end + 1], 2, engine)
    if front is None:
        return None
    body_start = (text + "\n").find("\n", end + 1) + 1
    return Document(front, text[body_start:], text.count("\n", 0, body_start) + 1)
