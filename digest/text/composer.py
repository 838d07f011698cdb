"""YAML to located nodes: the events of a parser put together, and what the digest does not allow in YAML.

Only this module imports the YAML library, which takes as long to import as a hundred entries take to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from digest.diagnostics import Rule
from digest.text.nodes import TO_LINE_END, ListNode, MapNode, Node, Reading, Scalar
from digest.text.yaml_rules import (
    yaml_anchor,
    yaml_comma,
    yaml_comment,
    yaml_duplicate_key,
    yaml_escape,
    yaml_key,
    yaml_list_folded,
    yaml_shape,
    yaml_syntax,
    yaml_tag,
)

PARSERS: Final[dict[str, Any]] = {
    "libyaml": getattr(yaml, "CBaseLoader", yaml.BaseLoader),
    "python": yaml.BaseLoader,
}
"""The parsers of the library by the names of `source`; libyaml may be missing."""


class _Composer:
    """Builds located nodes from YAML events; any problem is kept, none is raised."""

    def __init__(self, reading: Reading, text: str, first_line: int, event: Callable[[], Any]) -> None:
        """Compose `text` from what `event` gives, one parsing event after another."""
        self.reading = reading
        self.event = event
        self.first = first_line
        # Most texts hold none of these marks, and need not be asked for them value by value.
        self.comments = first_line > 1 and "#" in text
        self.refused = "&" in text or "*" in text or "!" in text
        self.escapes = "\\" in text

    def compose(self) -> Node | None:
        """Return the root node of the only document, or None for an empty one."""
        event = self.event
        event()  # stream start
        if isinstance(event(), StreamEndEvent):
            return None
        root = self._node(event())
        event()  # document end
        after = event()
        if not isinstance(after, StreamEndEvent):
            self._find(yaml_shape, after, "a second document")
        return root

    def _find(self, rule_: Rule[...], event: Any, *subject: Any) -> None:
        start, end = event.start_mark, event.end_mark
        line = self.reading.line(start.line + self.first) or ""
        stop = end.column if start.line == end.line else len(line)
        for finding in rule_(*subject):
            self.reading.add(rule_, finding, start.line + self.first, start.column + 1, stop - start.column)

    def _node(self, event: Any) -> Node:
        kind = type(event)
        if kind is SequenceStartEvent or kind is MappingStartEvent:
            if self.refused:
                self._refuse(event)
            return self._list(event) if kind is SequenceStartEvent else self._map(event)
        mark = event.start_mark
        line, column = mark.line, mark.column
        if self.refused and self._refuse(event):
            return Scalar("", line + self.first, column + 1, 1, -1, broken=True)
        end, value = event.end_mark, event.value
        if self.escapes and self._is_unseen(event):
            return Scalar("", line + self.first, column + 1, 1, -1, broken=True)
        if line != end.line:
            if not event.style and "- " in value:
                self._check_folded(line, end.line)
            return Scalar(value, line + self.first, column + 1, TO_LINE_END, -1)
        if self.comments and self._has_comment(end):
            return Scalar("", line + self.first, column + 1, 1, -1, broken=True)
        width = end.column - column
        inset = 0 if width == len(value) else 1 if width == len(value) + 2 else -1
        return Scalar(value, line + self.first, column + 1, width or 1, inset)

    def _is_unseen(self, event: Any) -> bool:
        """Report what an escape stands for and nobody can see, and tell whether there is any."""
        before = len(self.reading.problems)
        self._find(yaml_escape, event, event.value)
        return len(self.reading.problems) > before

    def _refuse(self, event: Any) -> bool:
        """Report an alias, an anchor or a tag, and tell whether there is one."""
        if type(event) is AliasEvent:
            self._find(yaml_anchor, event, f"*{event.anchor}")
            return True
        if event.anchor is not None:
            self._find(yaml_anchor, event, f"&{event.anchor}")
        if event.tag is not None:
            self._find(yaml_tag, event, event.tag.replace("tag:yaml.org,2002:", "!!"))
        return bool(event.anchor or event.tag)

    def _has_comment(self, mark: Any) -> bool:
        """Report a comment after a value that ends at `mark`, on the same line, and tell whether there is one."""
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

    def _list(self, first: Any) -> ListNode:
        items: list[Node] = []
        event = self.event()
        while type(event) is not SequenceEndEvent:
            items.append(self._node(event))
            event = self.event()
        mark = first.start_mark
        return ListNode(items, mark.line + self.first, mark.column + 1, _width(mark, event.end_mark))

    def _map(self, first: Any) -> MapNode:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        broken = False
        in_braces = first.flow_style
        event = self.event()
        while type(event) is not MappingEndEvent:
            key = self._node(event)
            after = self.event()
            value = self._node(after)
            if in_braces and _is_left_over(after):
                piece = key.value if isinstance(key, Scalar) else ""
                broken = broken or self._report_comma(event, piece)
            elif not isinstance(key, Scalar):
                self._find(yaml_key, event)
            elif key.value in keys:
                self._find(yaml_duplicate_key, event, key.value, keys[key.value].line)
            else:
                name = key.value
                keys[name] = key
                values[name] = value
            event = self.event()
        mark = first.start_mark
        width = _width(mark, event.end_mark)
        return MapNode(values, keys, mark.line + self.first, mark.column + 1, width, broken=broken)

    def _report_comma(self, event: Any, piece: str) -> bool:
        self._find(yaml_comma, event, piece)
        return True


def _width(start: Any, end: Any) -> int:
    """Return how many characters a list or a mapping takes on its first line."""
    return max(end.column - start.column, 1) if start.line == end.line else TO_LINE_END


def _is_left_over(event: Any) -> bool:
    """Tell whether a value was made up by the parser: a piece of text in `{ }` without a colon."""
    if not isinstance(event, ScalarEvent) or event.value:
        return False
    start, end = event.start_mark, event.end_mark
    return start is not None and end is not None and (start.line, start.column) == (end.line, end.column)


def compose(reading: Reading, text: str, first_line: int, parser: str) -> MapNode | None:
    """Read `text` as `source.read_yaml` does, with the parser of that name."""
    loader = None
    try:
        loader = PARSERS[parser](text)
        root = _Composer(reading, text, first_line, loader.get_event).compose()
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
