"""Reading what a definition says about templates: in place, or by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.definition.model import InPlace, Named
from notify.errors import AddressError
from notify.locales import normal_locale
from notify.yamlnodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from notify.definition.model import Body, Localized
    from notify.yamlnodes import Node, Reader

_TEMPLATE_NAME = re.compile(r"[^\s{}<>]+\.(?:html|txt|md|mjml)(?:\.j2|\.jinja)?")


def in_place(node: ScalarNode) -> InPlace:
    """Text of the file as a template."""
    return InPlace(node.source, node.content, node.by_line, node.indent)


def read_template(reader: Reader, node: Node | None, what: str) -> InPlace | None:
    """A template in place."""
    text = reader.text_node(node, what)
    return None if text is None else in_place(text)


def read_body(reader: Reader, node: Node | None, what: str) -> Body | None:
    """A body: one word that ends as a template does is a name, all else is the template itself."""
    if isinstance(node, MappingNode):
        hint = "give one template; variants are files of their own, such as welcome.fr.html"
        reader.fault(node, f"{what}: expected text, got a mapping", hint)
        return None
    text = reader.text_node(node, what)
    if text is None:
        return None
    name = text.source.strip()
    return Named(name, text.content) if _TEMPLATE_NAME.fullmatch(name) else in_place(text)


def read_named(reader: Reader, node: Node | None, what: str) -> Named | None:
    """The name of a template."""
    body = read_body(reader, node, what)
    if isinstance(body, InPlace):
        reader.fault(body.location, f"{what}: expected the name of a template, such as layout.html")
        return None
    return body


def read_localized(reader: Reader, node: Node | None, what: str, *, required: bool = False) -> Localized:
    """A template in place, or one for each locale."""
    if not isinstance(node, MappingNode):
        templates = {"": read_template(reader, node, what)}
    else:
        templates = {}
        for key, value in node.entries.items():
            locale = normal_locale(key)
            if locale is None:
                hint = "such as en or pt-BR"
                reader.fault(node.keys[key], f"{what}: {key!r} is not a locale", hint)
            elif locale in templates:
                reader.fault(node.keys[key], f"{what}: the locale {locale} is given twice")
            else:
                templates[locale] = read_template(reader, value, f"{what} in {locale}")
        if not node.entries:
            reader.fault(node, f"{what}: no locale is given")
    found = {locale: template for locale, template in templates.items() if template is not None}
    for template in found.values() if required else ():
        if not template.source.strip():
            reader.fault(template.location, f"{what}: it is empty")
    return found


def read_headers(reader: Reader, node: Node | None) -> dict[str, InPlace]:
    """Templates by the name of a header."""
    root = reader.mapping(node, "headers")
    headers: dict[str, InPlace] = {}
    for name, value in root.entries.items() if root else ():
        template = read_template(reader, value, f"the header {name}")
        if template is not None:
            headers[name] = template
    if root and headers:
        _check_names(reader, root)
    return headers


def _check_names(reader: Reader, root: MappingNode) -> None:
    from notify.message.checks import check_headers

    seen: list[tuple[str, str]] = []
    for name, location in root.keys.items():
        try:
            check_headers([*seen, (name, "")])
        except AddressError as error:
            reader.fault(location, str(error))
        else:
            seen.append((name, ""))


def read_tags(reader: Reader, node: Node | None) -> tuple[InPlace, ...]:
    """One tag, or a list of them."""
    nodes = node.items if isinstance(node, SequenceNode) else (node,)
    found = [read_template(reader, item, "a tag") for item in nodes]
    return tuple(tag for tag in found if tag is not None)
