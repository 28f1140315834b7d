"""Projects for tests of rules about the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import Notifier
from notify.checks.whole import Whole
from notify.configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify.checks.rule import AnyRule

CONFIGURATION = "sender: Acme <hello@acme.example>\nenvironments: {development: {transport: memory}}\n"


def whole_of(folder: Path, files: Mapping[str, str | bytes], environment: str | None = None) -> Whole:
    """A project of some files."""
    for name, content in {"notify.yaml": CONFIGURATION, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "notifications").mkdir(exist_ok=True)
    notifier = Notifier(configuration=Configuration.load(folder), environment=environment)
    return Whole.of(notifier, [notifier.catalog[name] for name in notifier.catalog])


def told_of(rule: AnyRule, whole: Whole) -> list[str]:
    """What a rule finds in a project, each as `path:line severity message`."""
    return [
        f"{each.location.path}:{each.location.line} {each.severity or rule.severity} {each.message}"
        for each in rule.check(whole)
    ]
