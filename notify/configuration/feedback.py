"""What is kept of what became of mails, as notify.yaml says under `feedback`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from notify.configuration.checked import check_duration
from notify.durations import seconds_of
from notify.suggest import did_you_mean
from notify.yamlnodes import MappingNode, ScalarNode, describe

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from notify.yamlnodes import Node, Reader

KEYS = ("log", "keep", "addresses", "key", "groups")
ADDRESSES = ("clear", "hashed")


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is kept, without the key of hashed addresses. Where there is one, suppressed people are not written to.

    Attributes:
        log: whether mails that are sent directly are logged, as those of the outbox are.
        keep: for how many seconds the log is kept; None for ever.
        addresses: how the log and the list name people, clear or hashed.
        groups: the category that each group of a provider, which people leave there, stands for.
        clear_logs: whether logs show addresses too: only where `addresses: clear` is written.
    """

    log: bool = True
    keep: int | None = None
    addresses: str = "clear"
    groups: Mapping[str, str] = field(default_factory=dict)
    clear_logs: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """What the section says, with its variables resolved.

        Raises:
            ValueError: it says nothing of the kind.
        """
        addresses = given.get("addresses") or "clear"
        if addresses not in ADDRESSES:
            raise ValueError(f"addresses: expected {' or '.join(ADDRESSES)}, got {addresses!r:.40}")
        keep = given.get("keep")
        groups = {str(group): str(category) for group, category in (given.get("groups") or {}).items()}
        clear_logs = given.get("addresses") == "clear"
        return cls(given.get("log") is not False, seconds_of(keep) if keep else None, addresses, groups, clear_logs)


def check_feedback(reader: Reader, node: Node | None, categories: Collection[str]) -> None:
    """Note what is wrong with what stands under `feedback`: true, false or a mapping; variables are not known yet."""
    if not isinstance(node, MappingNode):
        _check_switch(reader, node)
        return
    reader.known_keys(node, KEYS)
    reader.boolean(node.get("log"), "feedback: log")
    reader.choice(node.get("addresses"), "feedback: addresses", ADDRESSES)
    reader.text(node.get("key"), "feedback: key")
    groups = reader.mapping(node.get("groups"), "feedback: groups")
    for group, entry in (groups.entries if groups else {}).items():
        name = reader.text(entry, f"feedback: groups: {group}")
        if name is not None and name not in categories:
            fault = f"feedback: groups: {group}: there is no category {name!r:.60}"
            reader.fault(entry, fault, did_you_mean(name, categories))
    check_duration(reader, node.get("keep"), "feedback: keep")


def _check_switch(reader: Reader, node: Node | None) -> None:
    """Note what is neither true nor false, where a mapping would be right too."""
    if node is None or (isinstance(node, ScalarNode) and isinstance(node.value, bool)):
        return
    got, hint = describe(node), ""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        got, hint = f"{node.source!r:.60}", "write true or false, without quotes"
    reader.fault(node, f"feedback: expected true, false or a mapping with {', '.join(KEYS)}, got {got}", hint)
