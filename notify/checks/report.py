"""Findings for programs: JSON, SARIF 2.1.0, and annotations of GitHub Actions; and how many there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from notify import __version__
from notify.checks.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from notify.checks.finding import Finding
    from notify.checks.rule import AnyRule

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_json(findings: Sequence[Finding], _: Mapping[str, AnyRule]) -> str:
    """`{"schema": 1, "findings": [...]}`."""
    return json.dumps({"schema": 1, "findings": [each.document() for each in findings]}, indent=2, ensure_ascii=False)


def as_sarif(findings: Sequence[Finding], rules: Mapping[str, AnyRule]) -> str:
    """A SARIF log (OASIS, version 2.1.0), as code hosts read it."""
    named = sorted({each.rule for each in findings})
    driver = {
        "name": "notify check",
        "version": __version__,
        "rules": [_descriptor(name, rules.get(name)) for name in named],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(each, named) for each in findings]}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding], _: Mapping[str, AnyRule]) -> str:
    """A workflow command for each finding."""
    return "\n".join(_command(each) for each in findings)


FORMATS: Mapping[str, Callable[[Sequence[Finding], Mapping[str, AnyRule]], str]] = {
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}


def summary(findings: Iterable[Finding], notifications: int) -> str:
    """How many of each severity, in a line."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for each in findings:
        counts[each.severity] += 1
    where = f"in {notifications:,} notification{'' if notifications == 1 else 's'}"
    if not any(counts.values()):
        return f"nothing found {where}"
    words = {"error": "errors", "warning": "warnings", "info": "remarks"}
    told = [
        f"{number:,} {words[severity] if number != 1 else words[severity][:-1]}"
        for severity, number in counts.items()
        if number
    ]
    return f"{', '.join(told)} {where}"


def _descriptor(name: str, rule: AnyRule | None) -> dict[str, Any]:
    described: dict[str, Any] = {"id": name}
    if rule is not None:
        described["shortDescription"] = {"text": rule.title}
        described["fullDescription"] = {"text": rule.why}
        described["help"] = {"text": rule.cure}
        described["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
    return described


def _result(finding: Finding, named: Sequence[str]) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(finding.location.path)},
        "region": {"startLine": finding.location.line, "startColumn": finding.location.column},
    }
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return {
        "ruleId": finding.rule,
        "ruleIndex": named.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }


def _command(finding: Finding) -> str:
    place = finding.location
    properties = {"file": place.path, "line": place.line, "col": place.column, "title": finding.rule}
    told = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return f"::{_COMMANDS[finding.severity]} {told}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """As workflow commands want it: percent signs and line breaks, and `more`, percent-encoded."""
    return "".join(f"%{ord(letter):02X}" if letter in f"%\r\n{more}" else letter for letter in text)
