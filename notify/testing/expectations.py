"""What a sample expects of its mail: the `expect:` of the definition's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.errors import DefinitionError
from notify.markup.links import links
from notify.yamlnodes import MappingNode, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.message import Message
    from notify.testing.cases import Case

KEYS = ("subject", "contains", "not_contains", "links")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of a mail.

    Attributes:
        subject: the whole subject; None for any.
        contains: words that the text or the HTML has; white space of any kind and length is one blank.
        not_contains: words that neither the subject nor any part has.
        links: URLs that the mail links to.
    """

    subject: str | None = None
    contains: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def unmet(self, message: Message) -> Iterator[str]:
        """What the message lacks, or has too much, in a sentence each."""
        from notify.preview.opened import visible_text

        html, text = message.html or "", message.text or ""
        parts = [_flat(text), _flat(html), visible_text(html) if html else ""]
        if self.subject is not None and message.subject != self.subject:
            yield f"expected the subject {self.subject!r}, got {message.subject!r}"
        for words in self.contains:
            if not any(_flat(words) in part for part in parts):
                yield f"expected {words!r} in the mail, which does not have it; its text is:\n{text}"
        for words in self.not_contains:
            if any(_flat(words) in part for part in (*parts, message.subject)):
                yield f"expected no {words!r} in the mail, which has it"
        found = dict.fromkeys(link.url for link in links(message.html, message.text))
        for url in self.links:
            if url not in found:
                yield f"expected a link to {url}, got {', '.join(found) or 'no link'}"


def expectation_of(case: Case, base: Path) -> Expectation:
    """What the sample of a case expects.

    Args:
        case: whose sample.
        base: the folder that the definition's path is relative to.

    Raises:
        DefinitionError: `expect:` has keys that there are not, or values of the wrong kind; each with its place.
    """
    if not case.sample.expect:
        return Expectation()
    reader = Reader()
    shown = case.definition.location.path
    node: object = reader.load(base / shown, shown)
    for key in ("samples", case.sample.name, "expect"):
        node = node.get(key) if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode):  # the file has changed since
        return Expectation()
    reader.known_keys(node, KEYS, "key of expect")
    subject = node.get("subject")
    lists = {
        key: reader.texts(value, f"{key} of expect")
        for key in KEYS[1:]
        if (value := node.get(key)) is not None
    }  # fmt: skip
    expectation = Expectation(None if subject is None else reader.text(subject, "subject of expect"), **lists)
    if reader.faults:
        raise DefinitionError(reader.faults)
    return expectation


def _flat(text: str) -> str:
    return " ".join(text.split())
