"""What the outbox does with several calls for the same recipient: one message of many, or no more than so many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from notify.durations import seconds_of
from notify.params.types import ListOf
from notify.rates import Rate
from notify.yamlnodes import MappingNode

if TYPE_CHECKING:
    from notify.params import Contract
    from notify.yamlnodes import Node, Reader

RECIPIENT = "recipient"
OVER = ("wait", "cancel")
_MOST = 50
_DIGEST_KEYS = ("by", "window", "max", "param")
_THROTTLE_KEYS = ("rate", "over")


@dataclass(frozen=True, slots=True)
class Digest:
    """Queued calls become one message, whose list has the items of all.

    Attributes:
        window: seconds that the first call waits for others.
        param: the param of type `list[...]` whose items are put together; the other params are those of the last call.
        by: params whose values must be equal, besides the recipient.
        most: the most calls in one message.
    """

    window: int
    param: str
    by: tuple[str, ...] = ()
    most: int = _MOST

    def __str__(self) -> str:
        return f"of {self.param}, at most {self.most}, by {', '.join((RECIPIENT, *self.by))}, for {self.window} s"


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most so many messages of the notification to one recipient.

    Attributes:
        rate: how many in how long.
        over: whether what is more waits for its turn, or is cancelled.
    """

    rate: Rate
    over: Literal["wait", "cancel"] = "wait"

    def __str__(self) -> str:
        return f"{self.rate}, over which it {'waits' if self.over == 'wait' else 'is cancelled'}"


def read_digest(reader: Reader, node: Node | None, contract: Contract | None) -> Digest | None:
    """What stands under `digest`; None if nothing does, or it is wrong."""
    section = reader.mapping(node, "digest")
    if section is None:
        return None
    reader.known_keys(section, _DIGEST_KEYS, "key of digest")
    window = _duration(reader, section)
    by = _by(reader, section.get("by"), contract)
    most = reader.integer(section.get("max"), "digest: max", at_least=1)
    param = _collected(reader, section, contract)
    return Digest(window, param, by, most or _MOST) if window and param else None


def read_throttle(reader: Reader, node: Node | None) -> Throttle | None:
    """What stands under `throttle`: a rate, or `{rate, over}`; None if nothing does, or it is wrong."""
    over = "wait"
    if isinstance(node, MappingNode):
        reader.known_keys(node, _THROTTLE_KEYS, "key of throttle")
        over = reader.choice(node.get("over"), "throttle: over", OVER) or over
        if "rate" not in node.entries:
            reader.fault(node, "throttle: there is no rate", "such as rate: 3/hour")
        node = node.get("rate")
    text = reader.text(node, "throttle")
    if node is None or text is None:
        return None
    try:
        return Throttle(Rate.parse(text), "cancel" if over == "cancel" else "wait")
    except ValueError as error:
        reader.fault(node, f"throttle: {error}")
        return None


def _duration(reader: Reader, section: MappingNode) -> int:
    node = section.get("window")
    if node is None:
        reader.fault(section, "digest: there is no window", "such as window: 1h")
        return 0
    text = reader.duration(node, "digest: window")
    try:
        return seconds_of(text) if text is not None else 0
    except ValueError as error:
        reader.fault(node, f"digest: window: {error}")
        return 0


def _by(reader: Reader, node: Node | None, contract: Contract | None) -> tuple[str, ...]:
    names = [name for name in reader.texts(node, "digest: by") if name != RECIPIENT]
    known = contract.params if contract is not None else {}
    for name in names:
        if node is not None and name not in known:
            reader.fault(node, f"digest: by: there is no param {name!r}", "expected recipient, and names of params")
    return tuple(names)


def _collected(reader: Reader, section: MappingNode, contract: Contract | None) -> str:
    """The param whose lists are put together: the one that is named, or the only one that is a list."""
    params = contract.params if contract is not None else {}
    lists = [name for name, param in params.items() if isinstance(param.type, ListOf)]
    node = section.get("param")
    if node is not None:
        name = reader.text(node, "digest: param") or ""
        if name and name not in lists:
            reader.fault(node, f"digest: param: {name!r} is not a param of type list[...]")
        return name
    if len(lists) != 1:
        hint = "name it: param: items" if lists else "declare one, such as items: list[Item]"
        found = f"several ({', '.join(lists)})" if lists else "none"
        reader.fault(section, f"digest: expected one param of type list[...], found {found}", hint)
        return ""
    return lists[0]
