"""The limit: what rendering alone costs, with Jinja2 set up as a careful user would, and with css-inline behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.workload import PARTS, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2 import Environment, Template

    from bench.workload import Context

INLINER: dict[str, Any] = {
    "keep_style_tags": True,
    "keep_at_rules": True,
    "keep_link_tags": True,
    "remove_inlined_selectors": True,
    "resolve_css_variables": True,
    "load_remote_stylesheets": False,
}
"""How notify calls css-inline."""


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """HTML, text and subject; no message is built of them."""
    return _rendering(case, str)


def render_inlined(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """The same, and the CSS put into the HTML's elements."""
    from css_inline import CSSInliner

    return _rendering(case, CSSInliner(**INLINER).inline)


def environments() -> tuple[Environment, Environment]:
    """One that escapes, for HTML, and one that does not."""
    from jinja2 import Environment, FileSystemLoader

    options: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    loader = FileSystemLoader(TEMPLATES)
    html = Environment(loader=loader, autoescape=True, **options)
    return html, Environment(loader=loader, autoescape=False, **options)  # noqa: S701 - for the text part


def templates(case: str) -> list[Template]:
    """The HTML, the text and the subject of a case."""
    html, text = environments()
    return [(html if part == "html" else text).get_template(f"{case}.{part}") for part in PARTS]


def _rendering(case: str, then: Callable[[str], str]) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    html, text, subject = templates(case)

    def make(context: Context) -> bytes:
        shown = then(html.render(context.params))
        subject.render(context.params)
        text.render(context.params)
        return shown.encode()

    return lambda contexts: map(make, contexts)
