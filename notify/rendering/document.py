"""HTML parts as whole documents, their CSS inlined."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from css_inline import CSSInliner

_DOCTYPE = re.compile(r"\s*(<!doctype[^>]*>)\s*", re.IGNORECASE)
_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_STYLE = re.compile(r"<style\b", re.IGNORECASE)
_PLAIN_DOCTYPE = "<!DOCTYPE html>"


def as_document(html: str, *, locale: str, title: str) -> str:
    """The HTML, put into a minimal document if it is only a fragment of one."""
    if _DOCUMENT.search(html):
        return html
    return (
        f'{_PLAIN_DOCTYPE}\n<html lang="{escape(locale.replace("_", "-"))}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{html.strip()}\n</body>\n</html>\n"
    )


def inlined(html: str) -> str:
    """The document with its style sheets moved into `style` attributes, as mail clients want it.

    What cannot be inlined stays in its `style` element: media queries, dark mode, pseudo-classes. Nothing is loaded,
    neither from the network nor from files.

    Source: css-inline's options; the doctype is put back, which it replaces by HTML 5's.
    """
    if not _STYLE.search(html):
        return html
    result = _inliner().inline(html)
    doctype = _DOCTYPE.match(html)
    if doctype is not None:
        result = f"{doctype[1]}\n{result.removeprefix(_PLAIN_DOCTYPE)}"
    return result


@cache
def _inliner() -> CSSInliner:
    """The one inliner of the process; it holds no state and may be shared between threads."""
    from css_inline import CSSInliner

    return CSSInliner(
        keep_style_tags=True,
        keep_at_rules=True,
        keep_link_tags=True,
        remove_inlined_selectors=True,
        resolve_css_variables=True,
        load_remote_stylesheets=False,
    )
