"""Changes as text, JSON and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.contracts.change import Change

SCHEMA = 1
_VIEWS = {"caller": "callers", "queue": "what is queued"}


def as_text(changes: Sequence[Change]) -> str:
    """A line for each change, which begins with its place, and a line that counts them."""
    lines = []
    for change in changes:
        name = f"{change.notification}: " if change.notification else ""
        lines.append(f"{change.location}: {_verdict(change)}: {name}{change.message} [{change.kind}]")
    return "".join(f"{line}\n" for line in [*lines, summary(changes)])


def as_document(changes: Sequence[Change], old: str, new: str | None) -> dict[str, Any]:
    """For programs; `new` is None for the working tree."""
    return {
        "schema": SCHEMA,
        "old": old,
        "new": new,
        "breaking": sum(bool(change.breaks) for change in changes),
        "changes": [
            {
                "notification": change.notification or None,
                "kind": change.kind,
                "breaking": bool(change.breaks),
                "breaks": list(change.breaks),
                "message": change.message,
                "path": change.location.path,
                "line": change.location.line,
                "column": change.location.column,
            }
            for change in changes
        ],
    }


def as_markdown(changes: Sequence[Change], old: str, new: str | None) -> str:
    """For a pull request: what breaks something in a table, the rest folded away."""
    lines = [f"### Notifications: {_code(old)} to {_code(new) if new else 'the working tree'}", "", summary(changes)]
    breaking = [change for change in changes if change.breaks]
    safe = [change for change in changes if not change.breaks]
    if breaking:
        lines += ["", "| breaks | notification | change | where |", "|---|---|---|---|"]
        lines += [f"| {_views(change)} | {_row(change)}" for change in breaking]
    if safe:
        lines += ["", f"<details><summary>{_count(len(safe), 'safe change')}</summary>", ""]
        lines += ["| notification | change | where |", "|---|---|---|"]
        lines += [*(f"| {_row(change)}" for change in safe), "", "</details>"]
    return "".join(f"{line}\n" for line in lines)


def summary(changes: Sequence[Change]) -> str:
    """How many there are, and whom they break."""
    if not changes:
        return "Nothing changed."
    views = [(sum(view in change.breaks for change in changes), word) for view, word in _VIEWS.items()]
    breaking = sum(bool(change.breaks) for change in changes)
    of_whom = f" ({', '.join(f'{number} for {word}' for number, word in views)})" if breaking else ""
    return f"{_count(breaking, 'breaking change')}{of_whom}, {_count(len(changes) - breaking, 'safe change')}."


def _verdict(change: Change) -> str:
    return f"breaks {_views(change)}" if change.breaks else "safe"


def _views(change: Change) -> str:
    return " and ".join(_VIEWS[view] for view in change.breaks)


def _row(change: Change) -> str:
    location = f"`{change.location.path}:{change.location.line}`"
    return f"{_code(change.notification) if change.notification else ''} | {_escaped(change.message)} | {location} |"


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"


def _escaped(text: str) -> str:
    """Text as a cell: what Markdown, HTML or the table would take for its own."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{letter}" if letter in "\\|`*_[]" else letter for letter in text)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
