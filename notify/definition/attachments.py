"""Reading the attachments of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.definition.model import AttachmentTemplate
from notify.definition.templates import read_template
from notify.params import bases
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from notify.params import Contract
    from notify.yamlnodes import MappingNode, Node, Reader

_KEYS = ("path", "param", "filename", "type", "cid", "method")


def read_attachments(reader: Reader, node: Node | None, contract: Contract | None) -> tuple[AttachmentTemplate, ...]:
    """A list of attachments, each with either a path or a param."""
    found = [_attachment(reader, item, contract) for item in reader.sequence(node, "attachments")]
    return tuple(attachment for attachment in found if attachment is not None)


def _attachment(reader: Reader, node: Node, contract: Contract | None) -> AttachmentTemplate | None:
    root = reader.mapping(node, "an attachment")
    if root is None:
        return None
    reader.known_keys(root, _KEYS, "key of an attachment")
    if ("path" in root.entries) == ("param" in root.entries):
        reader.fault(root, "an attachment has either path (a file) or param (the name of a param)")
    if "param" in root.entries and "filename" not in root.entries:
        reader.fault(root, "an attachment from a param needs a filename")
    param = reader.text(root.get("param"), "param")
    if param is not None and contract is not None:
        _check_param(reader, root, param, contract)
    return AttachmentTemplate(
        root.location,
        path=read_template(reader, root.get("path"), "path"),
        param=param,
        filename=read_template(reader, root.get("filename"), "filename"),
        type=read_template(reader, root.get("type"), "type"),
        cid=read_template(reader, root.get("cid"), "cid"),
        method=read_template(reader, root.get("method"), "method"),
    )


def _check_param(reader: Reader, root: MappingNode, name: str, contract: Contract) -> None:
    at = root.entries["param"]
    param = contract.params.get(name)
    if param is None:
        reader.fault(at, f"there is no param {name!r}", did_you_mean(name, contract.params) or "declare it")
    elif not set(bases(param.type, contract.types)) <= {"bytes", "None"}:
        reader.fault(at, f"the param {name!r} is {param.annotation}, and an attachment needs bytes")
