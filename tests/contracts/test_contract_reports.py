"""Changes as text, JSON and Markdown."""

from __future__ import annotations

import json

from notify.contracts import Change
from notify.contracts.report import as_document, as_markdown, as_text
from notify.errors import Location

CHANGES = [
    Change("sender-changed", "", "the sender is b now", Location("notify.yaml", 1, 9)),
    Change(
        "param-added", "a.b", "the param x_y ('a' | '<b>') is new", Location("n/a/b.yaml", 3, 4), ("caller", "queue")
    ),
]


def test_as_text() -> None:
    """A line each, which begins as a compiler's does, and a count."""
    assert (
        "notify.yaml:1:9: safe: the sender is b now [sender-changed]\n"
        "n/a/b.yaml:3:4: breaks callers and what is queued: a.b: the param x_y ('a' | '<b>') is new [param-added]\n"
        "1 breaking change (1 for callers, 1 for what is queued), 1 safe change.\n"
    ) == as_text(CHANGES)
    assert "Nothing changed.\n" == as_text([])
    assert as_text(CHANGES[:1]).endswith("0 breaking changes, 1 safe change.\n")


def test_as_a_document() -> None:
    """Each change with its place and whom it breaks."""
    document = as_document(CHANGES, "main", None)

    assert document == json.loads(json.dumps(document))
    assert (1, 1, "main", None) == (document["schema"], document["breaking"], document["old"], document["new"])
    assert {
        "notification": "a.b",
        "kind": "param-added",
        "breaking": True,
        "breaks": ["caller", "queue"],
        "message": "the param x_y ('a' | '<b>') is new",
        "path": "n/a/b.yaml",
        "line": 3,
        "column": 4,
    } == document["changes"][1]


def test_as_markdown() -> None:
    """What breaks something comes first and in sight; nothing in a message is taken for markup."""
    text = as_markdown(CHANGES, "main", "HEAD")

    assert text.startswith("### Notifications: `main` to `HEAD`\n\n1 breaking change (")
    assert (
        "| callers and what is queued | `a.b` | the param x\\_y ('a' \\| '&lt;b>') is new | `n/a/b.yaml:3` |\n" in text
    )
    assert "<details><summary>1 safe change</summary>\n\n| notification | change | where |\n" in text
    assert "Nothing changed.\n" in as_markdown([], "main", None)
