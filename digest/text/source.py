"""An authored file to located values: text, front matter and body, YAML tree with places.

Every scalar is kept as the text the editor wrote (YAML 1.2 failsafe schema, §10.1); the field tables
of `schema` give it its type.  Anchors, aliases, tags, duplicate keys and several documents are problems.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import yaml

from digest.diagnostics import Rule
from digest.text.nodes import ListNode, MapNode, Node, Reading, Scalar
from digest.text.yaml_rules import (
    FENCE,
    front_matter_missing,
    front_matter_unclosed,
    yaml_anchor,
    yaml_comma,
    yaml_comment,
    yaml_duplicate_key,
    yaml_key,
    yaml_list_folded,
    yaml_shape,
    yaml_syntax,
    yaml_tag,
)

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


class _Composer:
    """Builds located nodes from YAML events; any problem is kept, none is raised."""

    def __init__(self, reading: Reading, loader: Any, first_line: int, *, comments: bool) -> None:
        self.reading = reading
        self.loader = loader
        self.first = first_line
        self.comments = comments

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
            return self._broken(event)
        if event.anchor is not None:
            self._find(yaml_anchor, event, f"&{event.anchor}")
        if event.tag is not None:
            self._find(yaml_tag, event, event.tag.replace("tag:yaml.org,2002:", "!!"))
        if kind is yaml.ScalarEvent:
            return self._broken(event) if event.anchor or event.tag else self._scalar(event)
        if kind is yaml.SequenceStartEvent:
            return self._list(event)
        return self._map(event)

    def _broken(self, event: Any) -> Scalar:
        """Return a value that has been reported, and that no field is to report again."""
        mark = event.start_mark
        return Scalar("", mark.line + self.first, mark.column + 1, 1, -1, broken=True)

    def _scalar(self, event: Any) -> Scalar:
        start, end, value = event.start_mark, event.end_mark, event.value
        column = start.column + 1
        if start.line != end.line:
            if not event.style and "- " in value:
                self._check_folded(start.line, end.line)
            return Scalar(value, start.line + self.first, column, self._width(event, event), -1)
        if self.comments and self._has_comment(event):
            return self._broken(event)
        width = end.column - start.column
        inset = {0: 0, 2: 1}.get(width - len(value), -1)
        return Scalar(value, start.line + self.first, column, max(width, 1), inset)

    def _has_comment(self, event: Any) -> bool:
        """Report a comment after a value on the same line, and tell whether there is one."""
        mark = event.end_mark
        line = self.reading.line(mark.line + self.first) or ""
        rest = line[mark.column :]
        if rest.lstrip().startswith("#"):
            column = mark.column + len(rest) - len(rest.lstrip())
            self._find_at(yaml_comment, mark.line, column, len(rest.strip()), rest.strip())
            return True
        return False

    def _check_folded(self, first: int, last: int) -> None:
        """Report a line of a text over several lines that looks like an item of a list."""
        for number in range(first + 1, last + 1):
            line = self.reading.line(number + self.first) or ""
            item = line.lstrip()
            if item.startswith("- "):
                self._find_at(yaml_list_folded, number, len(line) - len(item), len(item.rstrip()), item.rstrip())

    def _find_at(self, rule_: Rule[...], line: int, column: int, width: int, *subject: Any) -> None:
        for finding in rule_(*subject):
            self.reading.add(rule_, finding, line + self.first, column + 1, width)

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
        broken = False
        event = self.loader.get_event()
        while type(event) is not yaml.MappingEndEvent:
            key = self._node(event)
            after = self.loader.get_event()
            value = self._node(after)
            if start.flow_style and _is_left_over(after):
                piece = key.value if isinstance(key, Scalar) else ""
                broken = broken or self._report_comma(event, piece)
            elif not isinstance(key, Scalar):
                self._find(yaml_key, event)
            elif key.value in keys:
                self._find(yaml_duplicate_key, event, key.value, keys[key.value].line)
            else:
                keys[key.value], values[key.value] = key, value
            event = self.loader.get_event()
        mark = start.start_mark
        return MapNode(values, keys, mark.line + self.first, mark.column + 1, self._width(start, event), broken=broken)

    def _report_comma(self, event: Any, piece: str) -> bool:
        self._find(yaml_comma, event, piece)
        return True

    def _width(self, first: Any, last: Any) -> int:
        """Return how many characters the node from one event to another takes on its first line, at least 1."""
        start, end = first.start_mark, last.end_mark
        line = self.reading.line(start.line + self.first) or ""
        begin: int = start.column
        stop: int = end.column if start.line == end.line else len(line)
        return max(stop - begin, 1)


def _is_left_over(event: Any) -> bool:
    """Tell whether a value was made up by the parser: a piece of text in `{ }` without a colon."""
    if not isinstance(event, yaml.ScalarEvent) or event.value:
        return False
    start, end = event.start_mark, event.end_mark
    return start is not None and end is not None and (start.line, start.column) == (end.line, end.column)


def read_yaml(reading: Reading, text: str, first_line: int, engine: Any) -> MapNode | None:
    """Read `text`, which begins on line `first_line` of the file, as one mapping; None where it is not one.

    In front matter, which begins after the first line, a comment behind a value is a problem.
    """
    loader = None
    comments = first_line > 1 and "#" in text
    try:
        loader = engine(text)
        root = _Composer(reading, loader, first_line, comments=comments).compose()
    except yaml.MarkedYAMLError as error:
        _report_syntax(reading, error, first_line)
        return None
    except yaml.reader.ReaderError:
        return None  # a control character; `file_rules.unseen` reports all of a file at once
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(root, MapNode):
        what = "nothing" if root is None else "a list" if isinstance(root, ListNode) else "a text"
        reading.check(yaml_shape, root, "nothing" if isinstance(root, Scalar) and not root.value else what)
        return None
    return root


_OPENED: Final = ("while scanning a quoted scalar", "while parsing a flow", "while scanning a simple key")
"""Parser contexts whose beginning says more than the place where the parser gave up."""


def _report_syntax(reading: Reading, error: yaml.MarkedYAMLError, first_line: int) -> None:
    opened = error.context_mark is not None and (error.context or "").startswith(_OPENED)
    mark = error.context_mark if opened else error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    shown = reading.line(line + first_line) or ""
    for finding in yaml_syntax(error.problem or str(error.context), shown, column):
        reading.add(yaml_syntax, finding, line + first_line, column + 1)


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
