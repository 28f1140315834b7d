"""Rules of `notify check` that do not count somewhere, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.yamlnodes import MappingNode

if TYPE_CHECKING:
    from notify.errors import Location
    from notify.yamlnodes import Node, Reader

_RULE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(:[a-z0-9-]+|:\*|-\*)?")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule that does not count.

    Attributes:
        rule: its id, or that of a family: `css-*`, `css-unsupported:*`.
        reason: why; perhaps empty.
        location: where that is said.
    """

    rule: str
    reason: str
    location: Location

    def covers(self, rule: str) -> bool:
        """Whether this is about a rule."""
        return rule == self.rule or (self.rule.endswith("*") and rule.startswith(self.rule[:-1]))


def read_ignored(reader: Reader, node: Node | None) -> tuple[Ignored, ...]:
    """What stands under `ignore`: rules with reasons, or a list of rules."""
    if isinstance(node, MappingNode):
        found = [
            Ignored(rule, reader.text(entry, f"the reason to ignore {rule}") or "", node.keys[rule])
            for rule, entry in node.entries.items()
        ]
    else:
        texts = [reader.text_node(each, "a rule to ignore") for each in reader.sequence(node, "ignore")]
        found = [Ignored(str(each.value), "", each.location) for each in texts if each is not None]
    for each in found:
        if not _RULE.fullmatch(each.rule):
            reader.fault(each.location, f"ignore: {each.rule!r} is not the id of a rule", "such as link-http or css-*")
    return tuple(found)
