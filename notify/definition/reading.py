"""From a YAML file to a `Definition`, with every fault of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.definition.attachments import read_attachments
from notify.definition.gathering import read_digest, read_throttle
from notify.definition.ignoring import read_ignored
from notify.definition.model import Definition
from notify.definition.people import read_address, read_addresses
from notify.definition.samples import read_samples
from notify.definition.sensitive import check_sensitive
from notify.definition.templates import read_body, read_headers, read_localized, read_named, read_tags
from notify.errors import Location
from notify.message.labels import DELIVERIES
from notify.params import Types, read_contract, read_types
from notify.yamlnodes import ScalarNode, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from notify.definition.ignoring import Ignored
    from notify.params import Contract
    from notify.yamlnodes import MappingNode, Reader

CATEGORIES: Mapping[str, str] = {"transactional": "allowed", "security": "never", "marketing": "required"}
"""The categories that need no mention in notify.yaml, and whether their mails have an unsubscribe link."""
_KEYS = frozenset({
    "description", "category", "params", "types", "subject", "preheader", "html", "text", "markdown", "markdown_layout",
    "sender", "reply_to", "cc", "bcc", "headers", "tags", "options", "delivery", "digest", "throttle",
    "attachments", "samples", "check",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What the application adds to a definition's own file: categories, types, and names that params may not have."""

    categories: AbstractSet[str] = frozenset(CATEGORIES)
    types: Types = field(default_factory=dict)
    reserved: AbstractSet[str] = frozenset()


def read_definition(reader: Reader, path: Path, name: str, shown: str, rules: Rules) -> Definition | None:
    """Read the file of the notification `name`.

    Args:
        reader: takes the faults; with any, what is returned has no meaning.
        path: the file.
        name: the id.
        shown: the path for messages.
        rules: what the application adds.
    """
    root = reader.load(path, shown)
    if root is None:
        return None
    reader.known_keys(root, _KEYS)
    if "subject" not in root.entries:
        reader.fault(root, "there is no subject", "every notification has one")
    contract = _contract(reader, root, rules)
    text = root.get("text")
    is_auto = isinstance(text, ScalarNode) and text.value == "auto"
    definition = Definition(
        id=name,
        location=Location(shown, 1),
        contract=contract,
        description=(reader.text(root.get("description"), "description") or "").strip(),
        category=_category(reader, root, rules),
        subject=read_localized(reader, root.get("subject"), "subject", required=True),
        preheader=read_localized(reader, root.get("preheader"), "preheader"),
        html=read_body(reader, root.get("html"), "html"),
        text=None if is_auto else read_body(reader, text, "text"),
        markdown=read_body(reader, root.get("markdown"), "markdown"),
        markdown_layout=read_named(reader, root.get("markdown_layout"), "markdown_layout"),
        text_auto=is_auto,
        sender=read_address(reader, root.get("sender"), "sender"),
        reply_to=read_addresses(reader, root.get("reply_to"), "reply_to"),
        cc=read_addresses(reader, root.get("cc"), "cc"),
        bcc=read_addresses(reader, root.get("bcc"), "bcc"),
        headers=read_headers(reader, root.get("headers")),
        tags=read_tags(reader, root.get("tags")),
        options=_options(reader, root),
        delivery=reader.choice(root.get("delivery"), "delivery", DELIVERIES) or DELIVERIES[0],
        digest=read_digest(reader, root.get("digest"), contract),
        throttle=read_throttle(reader, root.get("throttle")),
        attachments=read_attachments(reader, root.get("attachments"), contract),
        ignored=_ignored(reader, root),
        samples=read_samples(reader, root.get("samples")),
    )
    _check_bodies(reader, root)
    check_sensitive(reader, definition)
    return definition


def _options(reader: Reader, root: MappingNode) -> dict[str, Any]:
    """What single providers are told, as it is written."""
    node = reader.mapping(root.get("options"), "options")
    sections = {
        name: reader.mapping(entry, f"options: {name}") for name, entry in (node.entries if node else {}).items()
    }
    return {name: plain(section) for name, section in sections.items() if section is not None}


def _ignored(reader: Reader, root: MappingNode) -> tuple[Ignored, ...]:
    node = reader.mapping(root.get("check"), "check")
    if node is None:
        return ()
    reader.known_keys(node, ("ignore",))
    return read_ignored(reader, node.get("ignore"))


def _contract(reader: Reader, root: MappingNode, rules: Rules) -> Contract | None:
    types = read_types(reader, root.get("types"), shared=rules.types)
    return read_contract(reader, root.get("params"), types, reserved=rules.reserved)


def _category(reader: Reader, root: MappingNode, rules: Rules) -> str:
    return (
        reader.choice(root.get("category"), "category", sorted(rules.categories | CATEGORIES.keys())) or "transactional"
    )


def _check_bodies(reader: Reader, root: MappingNode) -> None:
    if "markdown" in root.entries and "html" in root.entries:
        reader.fault(root.keys["html"], "markdown gives the HTML part, so html cannot be given too", "keep one of them")
    if "markdown_layout" in root.entries and "markdown" not in root.entries:
        reader.fault(root.keys["markdown_layout"], "markdown_layout means nothing without markdown")
