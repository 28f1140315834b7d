"""The style sheets of a mail as the templates print them, with the places of their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.reading.css import sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.mail import Mail
    from notify.checks.reading.css import Sheet


def style_sheets(mail: Mail) -> Iterator[tuple[int, Sheet]]:
    """What the `style` elements of the document hold, each with the offset where it begins."""
    for token in mail.tokens:
        if token.kind == "raw" and token.name == "style":
            yield token.start, sheet(mail.document[token.start : token.end])


def limit(mail: Mail, rule: str, default: float) -> float:
    """The threshold of a rule, as notify.yaml or the rule has it."""
    return mail.settings.limits.get(rule, default)
