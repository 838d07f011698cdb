"""Collected problems: where they are, what is wrong, how to mend it.

A *rule* is a small function that yields findings; its docstring is its page in
docs/reference/rules.md.  A finding is placed by whoever called the rule and becomes a
`Diagnostic`.  Reading never raises for something an editor can mend: it returns `Parsed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any, Final, Generic, Literal, NamedTuple, ParamSpec, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")
P = ParamSpec("P")
Severity = Literal["error", "warning"]
Format = Literal["text", "json", "github"]


WIDEST: Final = 100
"""Characters of a source line that are shown at most."""


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in one file, on one line."""

    path: str
    """Site-root-relative path with forward slashes, such as `content/jobs/cdo.md`."""
    line: int = 1
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in characters (not bytes)."""
    width: int = 1
    """Number of characters marked, at least 1."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One placed problem, ready to be shown."""

    rule: str
    severity: Severity
    message: str
    span: Span
    excerpt: str | None = None
    """The source line at `span.line`, without its line end; None where there is none to show."""
    hint: str | None = None


class Finding(Struct, frozen=True):
    """What a rule yields: the words, and the part of the text it looked at that is wrong."""

    message: str
    hint: str | None = None
    start: int = 0
    """First character of the faulty part, counted from 0 in the text the rule was given."""
    end: int | None = None
    """One past its last character; None is the end of the text."""
    item: int | None = None
    """The faulty item, counted from 0, when the rule looked at a list."""


class Rule(Generic[P]):
    """A named check.  Calling it gives the findings of one subject."""

    def __init__(self, id_: str, severity: Severity, check: Callable[P, Iterator[Finding]]) -> None:
        """Name `check`, whose docstring documents the rule."""
        self.id: Final = id_
        self.severity: Final[Severity] = severity
        self.find: Final = check
        """The same as calling the rule, without the cost of a call; most rules find nothing, many times over."""

    @property
    def doc(self) -> str:
        """The rule's page, with the indentation of the code taken away."""
        return cleandoc(self.find.__doc__ or "")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[Finding]:
        """Yield the findings for one subject, in reading order."""
        return self.find(*args, **kwargs)

    def at(self, span: Span, finding: Finding, excerpt: str | None = None) -> Diagnostic:
        """Place a finding."""
        return Diagnostic(self.id, self.severity, finding.message, span, excerpt, finding.hint)


RULES: Final[dict[str, Rule[...]]] = {}
"""Every rule by its id; filled when the module that holds the rule is imported."""


def rule(id_: str, severity: Severity = "error") -> Callable[[Callable[P, Iterator[Finding]]], Rule[P]]:
    """Register a generator function as the rule `id_`."""

    def register(check: Callable[P, Iterator[Finding]]) -> Rule[P]:
        if id_ in RULES:
            message = f"two rules are called {id_}"
            raise ValueError(message)
        made = Rule(id_, severity, check)
        RULES[id_] = made
        return made

    return register


class Read(msgspec.Struct, Generic[T], frozen=True):
    """What reading one text gave: a value, or None, and the findings, not yet placed in a file."""

    value: T | None
    findings: tuple[tuple[Rule[...], Finding], ...] = ()


class Parsed(NamedTuple, Generic[T]):
    """A value, or None where it could not be made, and all the problems met on the way."""

    value: T | None
    problems: tuple[Diagnostic, ...] = ()


def in_order(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort by file, line and column, then rule; each problem once."""
    return sorted(set(problems), key=lambda p: (p.span, p.rule, p.message))


def failed(problems: Iterable[Diagnostic], *, strict: bool = False) -> bool:
    """Tell whether these problems stop a build: any error, or with `strict` any problem."""
    return any(strict or p.severity == "error" for p in problems)


def as_text(problem: Diagnostic) -> str:
    """Write a problem for a person: place, words, source line, caret, hint.

    The caret line keeps tabs of the source line, so that the marks stand under what they mark.
    """
    span = problem.span
    lines = [f"{span.path}:{span.line}:{span.column}: {problem.severity}[{problem.rule}]: {problem.message}"]
    if problem.excerpt:
        gutter = f"{span.line:>3} | "
        seen = "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in problem.excerpt)
        shown, before, marked = _window(seen, span.column - 1, span.width)
        lines += [gutter + shown, " " * (len(gutter) - 2) + "| " + before + "^" * marked]
    if problem.hint:
        lines.append(f"  hint: {problem.hint}")
    return "\n".join(lines)


def _window(line: str, start: int, width: int) -> tuple[str, str, int]:
    """Return the part of a line to show, the space before the marks, and their number.

    A line that is too long for a screen is cut around the marked part, with an ellipsis where it is cut.
    """
    left = 0 if len(line) <= WIDEST else max(0, min(start - WIDEST // 3, len(line) - WIDEST))
    shown = line[left : left + WIDEST]
    marked = max(1, min(width, left + WIDEST - start))
    if left:
        shown = "…" + shown[1:]
    if left + WIDEST < len(line):
        shown = shown[:-1] + "…"
    return shown, "".join("\t" if char == "\t" else " " for char in line[left:start]), marked


def as_github(problem: Diagnostic) -> str:
    """Write a problem as a GitHub workflow command, which annotates the line in a pull request."""

    def escaped(text: str, more: Mapping[str, str]) -> str:
        for char, code in {"%": "%25", "\r": "%0D", "\n": "%0A", **more}.items():
            text = text.replace(char, code)
        return text

    span = problem.span
    place = {
        "file": span.path,
        "line": span.line,
        "col": span.column,
        "endColumn": span.column + span.width,
        "title": problem.rule,
    }
    properties = ",".join(f"{key}={escaped(str(value), {':': '%3A', ',': '%2C'})}" for key, value in place.items())
    words = problem.message if problem.hint is None else f"{problem.message}\n{problem.hint}"
    return f"::{problem.severity} {properties}::{escaped(words, {})}"


def as_json(problems: Iterable[Diagnostic]) -> str:
    """Write problems as one JSON object a line (JSON Lines), with the keys of `Diagnostic`."""
    import json  # noqa: PLC0415 - most reports are for people

    return "\n".join(json.dumps(_flat(problem), ensure_ascii=False) for problem in problems)


def _flat(problem: Diagnostic) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.to_builtins(problem)
    return {**record.pop("span"), **record}


def report(problems: Iterable[Diagnostic], form: Format) -> str:
    """Write problems, in order, in one of the three forms; empty text for none."""
    ordered = in_order(problems)
    if form == "json":
        return as_json(ordered)
    return "\n".join(map(as_github if form == "github" else as_text, ordered))
