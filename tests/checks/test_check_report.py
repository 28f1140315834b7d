"""Findings as JSON, SARIF and annotations."""

from __future__ import annotations

import json

import pytest

from notify.checks.finding import Finding
from notify.checks.report import FORMATS, summary
from notify.checks.rule import Rule
from notify.errors import Location

RULES = {
    "link-http": Rule("link-http", "warning", object, "Not encrypted", "Because", "<a>", "Write https", lambda _: ())
}
PLACE = Location("templates/a b.html", 3, 5)
FINDINGS = [
    Finding(PLACE, "link-http", "warning", "100% of,\nit: é", "write https", "a", "default", "fr"),
    Finding(Location("notify.yaml", 1, 1), "def-invalid", "error", "there is no subject"),
    Finding(Location("notify.yaml", 2, 1), "msg-x", "info", "well"),
]


def shown(form: str) -> str:
    """All findings in a form."""
    return FORMATS[form](FINDINGS, RULES)


def test_json() -> None:
    """All that is known of each."""
    document = json.loads(shown("json"))

    assert 1 == document["schema"]
    assert {
        "rule": "link-http", "severity": "warning", "path": "templates/a b.html", "line": 3, "column": 5,
        "message": "100% of,\nit: é", "hint": "write https", "notification": "a", "sample": "default", "locale": "fr",
    } == document["findings"][0]  # fmt: skip
    assert [None, None] == [document["findings"][1][key] for key in ("notification", "sample")]


def test_sarif() -> None:
    """One run, the rules by index, places with encoded paths, the levels of SARIF."""
    log = json.loads(shown("sarif"))
    (run,) = log["runs"]
    first, second, third = run["results"]
    rules = run["tool"]["driver"]["rules"]

    assert "2.1.0" == log["version"]
    assert ["def-invalid", "link-http", "msg-x"] == [rule["id"] for rule in rules]
    assert {"text": "Because"} == rules[1]["fullDescription"]
    assert ["warning", "error", "note"] == [result["level"] for result in run["results"]]
    assert (1, "100% of,\nit: é (write https)") == (first["ruleIndex"], first["message"]["text"])
    assert {
        "artifactLocation": {"uri": "templates/a%20b.html"}, "region": {"startLine": 3, "startColumn": 5},
    } == first["locations"][0]["physicalLocation"]  # fmt: skip
    assert 0 == second["ruleIndex"]
    assert "msg-x" == third["ruleId"]


def test_github() -> None:
    """Workflow commands, in which percent signs, line breaks and separators are escaped."""
    assert [
        "::warning file=templates/a b.html,line=3,col=5,title=link-http::100%25 of,%0Ait: é (write https)",
        "::error file=notify.yaml,line=1,col=1,title=def-invalid::there is no subject",
        "::notice file=notify.yaml,line=2,col=1,title=msg-x::well",
    ] == shown("github").splitlines()


@pytest.mark.parametrize(
    ("findings", "notifications", "expected"),
    [
        (FINDINGS, 2, "1 error, 1 warning, 1 remark in 2 notifications"),
        ([FINDINGS[0]] * 1200, 1, "1,200 warnings in 1 notification"),
        ([], 3, "nothing found in 3 notifications"),
    ],
)
def test_summary(findings: list[Finding], notifications: int, expected: str) -> None:
    """How many of each."""
    assert expected == summary(findings, notifications)
