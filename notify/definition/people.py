"""Reading the addresses of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import AddressError
from notify.yamlnodes import SequenceNode

if TYPE_CHECKING:
    from notify.addresses import Address
    from notify.yamlnodes import Node, Reader


def read_address(reader: Reader, node: Node | None, what: str) -> Address | None:
    """One address."""
    text = reader.text_node(node, what)
    if text is None:
        return None
    from notify.addresses import Address

    if "{{" in text.source or "{%" in text.source:
        reader.fault(text.content, f"{what}: an address is not a template", f"a call can give it: {what}=...")
        return None
    try:
        return Address.parse(text.source)
    except AddressError as error:
        reader.fault(text.content, f"{what}: {error}")
        return None


def read_addresses(reader: Reader, node: Node | None, what: str) -> tuple[Address, ...]:
    """One address, or a list of them."""
    nodes = node.items if isinstance(node, SequenceNode) else (node,)
    found = [read_address(reader, item, what) for item in nodes]
    return tuple(address for address in found if address is not None)
