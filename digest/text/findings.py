"""Findings that are not yet placed in a file, each with the rule it breaks."""

from __future__ import annotations

from typing import ParamSpec

from digest.diagnostics import Finding, Rule

P = ParamSpec("P")
Findings = tuple[tuple[Rule[...], Finding], ...]
"""What `Read.findings` holds."""


def found(check: Rule[P], *args: P.args, **kwargs: P.kwargs) -> Findings:
    """Apply a rule to one subject; empty where nothing is wrong."""
    findings = tuple(check.find(*args, **kwargs))
    return tuple([(check, finding) for finding in findings]) if findings else ()


def errors(findings: Findings) -> bool:
    """Tell whether any of the findings stops a build."""
    return bool(findings) and any(check.severity == "error" for check, _ in findings)
