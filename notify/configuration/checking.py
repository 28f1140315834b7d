"""What notify.yaml says of checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.definition.ignoring import read_ignored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.definition.ignoring import Ignored
    from notify.yamlnodes import MappingNode, Node, Reader

KEYS = ("ignore", "allow_hosts", "clients", "limits")
CLIENTS = (
    "gmail", "apple-mail", "outlook.windows", "outlook.outlook-com", "outlook.macos", "outlook.ios", "outlook.android",
    "yahoo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The section `check` of notify.yaml.

    Attributes:
        ignore: rules that do not count anywhere.
        allow_hosts: hosts of links that are no placeholders, though they look so.
        clients: mail programs that have to show the mails: families, or `family.platform`, of caniemail.com.
        limits: thresholds, by the rule's id.
    """

    ignore: tuple[Ignored, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    clients: tuple[str, ...] = CLIENTS
    limits: Mapping[str, float] = field(default_factory=dict)


def read_check(reader: Reader, node: Node | None) -> CheckSettings:
    """The section, with every fault of it."""
    root = reader.mapping(node, "check")
    if root is None:
        return CheckSettings()
    reader.known_keys(root, KEYS)
    return CheckSettings(
        ignore=read_ignored(reader, root.get("ignore")),
        allow_hosts=reader.texts(root.get("allow_hosts"), "allow_hosts"),
        clients=reader.texts(root.get("clients"), "clients") or CLIENTS,
        limits=_limits(reader, root),
    )


def _limits(reader: Reader, root: MappingNode) -> dict[str, float]:
    node = reader.mapping(root.get("limits"), "limits")
    read = {
        rule: reader.number(entry, f"the limit of {rule}") for rule, entry in (node.entries if node else {}).items()
    }
    return {rule: number for rule, number in read.items() if number is not None}
