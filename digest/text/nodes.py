"""Located values: what an editor wrote, and where, and the file being read."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from digest.diagnostics import Diagnostic, Finding, Rule, Span

TO_LINE_END: Final = 0
"""The width of what goes on after its first line: it is worked out only where it is shown."""


class Scalar(Struct, gc=False):
    """One value as written."""

    value: str
    line: int
    """Counted from 1 in the file."""
    column: int
    """Counted from 1."""
    width: int
    """Characters on its first line, at least 1, or `TO_LINE_END`."""
    inset: int
    """Characters between `column` and the first character of `value` (an opening quote), or -1 where
    `value` is not spelt out in one piece on one line."""
    broken: bool = False
    """It has been reported already, and no field reports it again."""


class ListNode(Struct):
    """A sequence of nodes, in order."""

    items: list[Node]
    line: int
    column: int
    width: int


class MapNode(Struct):
    """Keys and values, in the order written."""

    values: dict[str, Node]
    keys: dict[str, Scalar]
    line: int
    column: int
    width: int
    broken: bool = False
    """It has been reported already, and no table reports it again."""


Node = Scalar | ListNode | MapNode


class Reading:
    """The file being read and the problems met in it so far."""

    def __init__(self, path: str, text: str) -> None:
        """Start reading `text`, the whole file, from `path` (site-root-relative)."""
        self.path: Final = path
        self.text: Final = text
        self.problems: list[Diagnostic] = []
        self._lines: list[str] | None = None

    def line(self, number: int) -> str | None:
        """Return the line `number`, counted from 1, or None past the end."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number - 1] if 0 < number <= len(self._lines) else None

    def place(self, rule_: Rule[...], finding: Finding, node: Node | None) -> None:
        """Add a finding at `node`, narrowed to the faulty part of a scalar; None is the file's first line."""
        self.add(rule_, finding, *self.where(finding, node))

    def where(self, finding: Finding, node: Node | None) -> tuple[int, int, int]:
        """Return line and column, both counted from 1, and width of what a finding is about, as `place` does."""
        if isinstance(node, ListNode) and finding.item is not None and finding.item < len(node.items):
            node = node.items[finding.item]
        if node is None:
            line, column, width = 1, 1, len(self.line(1) or "") or 1
        else:
            line, column = node.line, node.column
            width = node.width or len(self.line(line) or "") - column + 1
        if isinstance(node, Scalar) and node.inset >= 0 and (finding.start or finding.end is not None):
            end = len(node.value) if finding.end is None else finding.end
            column += node.inset + finding.start
            width = max(end - finding.start, 1)
        return line, column, width

    def add(self, rule_: Rule[...], finding: Finding, line: int, column: int = 1, width: int = 1) -> None:
        """Add a finding at a line and column, both counted from 1."""
        excerpt = self.line(line)
        self.problems.append(rule_.at(Span(self.path, line, column, max(width, 1)), finding, excerpt or None))

    def check(self, rule_: Rule[...], node: Node | None, *subject: Any) -> bool:
        """Run one rule on `subject`, place what it finds at `node`, and tell whether it found an error."""
        found = False
        for finding in rule_.find(*subject):
            self.place(rule_, finding, node)
            found = True
        return found and rule_.severity == "error"
