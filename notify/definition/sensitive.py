"""Sensitive params stay out of what servers and inboxes show: subject, preheader, headers."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment, nodes

    from notify.definition.model import Definition, InPlace
    from notify.yamlnodes import Reader

_EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols")


def check_sensitive(reader: Reader, definition: Definition) -> None:
    """Note every use of a sensitive param in a subject, preheader or header. Templates with faults are passed over."""
    if definition.contract is None or not definition.contract.sensitive:
        return
    from jinja2 import Environment, TemplateSyntaxError

    environment = Environment(extensions=_EXTENSIONS)  # noqa: S701  (nothing is rendered, only parsed)
    parts = chain(
        (("subject", template) for template in definition.subject.values()),
        (("preheader", template) for template in definition.preheader.values()),
        ((f"header {name}", template) for name, template in definition.headers.items()),
    )
    for what, template in parts:
        try:
            used = list(_used(environment, template))
        except (TemplateSyntaxError, RecursionError):
            continue  # rendering tells, with the place
        for name, line in used:
            if name in definition.contract.sensitive:
                location = _place(template, name, line)
                reader.fault(location, f"the {what} uses {name!r}, which is sensitive", "show it in the body only")


def _used(environment: Environment, template: InPlace) -> Iterator[tuple[str, int]]:
    """Dotted names and the lines where they stand; `[]` stands for a variable or number in brackets."""
    from jinja2 import nodes

    tree = environment.parse(template.source)
    for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)):
        if name := _dotted(node):
            yield name, node.lineno


def _dotted(node: nodes.Node) -> str:
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{owner}.{node.attr}" if (owner := _dotted(node.node)) else ""
    if isinstance(node, nodes.Getitem) and (owner := _dotted(node.node)):
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return f"{owner}.{key}" if isinstance(key, str) else f"{owner}[]"
    return ""


def _place(template: InPlace, name: str, line: int) -> Location:
    if not template.by_line:
        return template.location
    first = re.split(r"[.\[]", name)[0]
    text = template.source.split("\n")[line - 1]
    match = re.search(rf"\b{re.escape(first)}\b", text)
    start = template.location.column if line == 1 else template.indent + 1
    return Location(template.location.path, template.location.line + line - 1, start + (match.start() if match else 0))
