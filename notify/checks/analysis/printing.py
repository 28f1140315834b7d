"""What happens to a value where it is printed: it is None, breaks a line, or chooses where a link leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.checks.analysis.filtering import bypassed
from notify.checks.analysis.filters import MULTILINE
from notify.checks.analysis.scope import shown

if TYPE_CHECKING:
    from notify.checks.analysis.frame import Frame
    from notify.checks.analysis.values import Value

_TAIL = 400
_VALUE = "\0"
"""Stands in the tail for what a value printed."""
_ATTRIBUTE = re.compile(
    r"""[\s"'](?:href|src|action|formaction|background|poster)\s*=\s*["']?\s*((?:https?:)?//[^/"'?#\s>]*)?$""",
    re.IGNORECASE,
)
_FREE = frozenset({"str", "Text", "Html", "Markdown"})
"""Types that may hold any scheme or host."""


def printed(node: nodes.Node, value: Value, frame: Frame) -> None:
    """Note what is wrong with a value at the place where it is printed."""
    run = frame.run
    if isinstance(node, nodes.TemplateData):
        run.tail = (run.tail + node.data)[-_TAIL:]
        return
    value = frame.use(value, node)
    if run.part == "line":
        _line(node, value, frame)
    if run.part == "html":
        if frame.is_bypassed:
            bypassed(value, node, frame)
        _link(node, value, frame)
    run.tail = (run.tail + (str(node.value) if isinstance(node, nodes.Const) else _VALUE))[-_TAIL:]


def _line(node: nodes.Node, value: Value, frame: Frame) -> None:
    if value.names() & MULTILINE:
        message = f"{shown(node)} may hold a line break, which has no place in a header"
        hint = "take a param of type str, or one line of it: `... | replace('\\n', ' ')`"
        frame.report("line-break", value.passed or frame.where(node), message, hint)


def _link(node: nodes.Node, value: Value, frame: Frame) -> None:
    found = _ATTRIBUTE.search(frame.run.tail)
    if found is None or not value.tainted or not value.names() & _FREE:
        return
    what = "host" if found[1] is not None else "scheme"
    message = f"{shown(node)} is {' or '.join(sorted(value.names()))} and could choose any {what} for a link"
    hint = "declare it as Url, or begin the link with text of the template's own and use `urlencode`"
    frame.report("url", value.passed or frame.where(node), message, hint)
