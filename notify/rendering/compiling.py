"""Templates that are written in a YAML file: compiled so that their errors name its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Template, TemplateSyntaxError, nodes

if TYPE_CHECKING:
    from jinja2 import Environment

    from notify.definition.model import InPlace

_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")


class InPlaceTemplate(Template):
    """A compiled template that knows where it was written."""

    in_place: InPlace


class InPlaceSyntaxError(TemplateSyntaxError):
    """A syntax error in a template that is written in a YAML file; `lineno` is the file's."""

    def __init__(self, message: str | None, lineno: int, in_place: InPlace) -> None:
        super().__init__(message or "", lineno, in_place.location.path, in_place.location.path)
        self.in_place = in_place


def line_of(in_place: InPlace, line: int) -> int:
    """The YAML file's line of a line of the template, both from 1."""
    return in_place.location.line + (line - 1 if in_place.by_line else 0)


def compile_in_place(environment: Environment, in_place: InPlace) -> InPlaceTemplate:
    """The template of a body.

    Raises:
        InPlaceSyntaxError: with the YAML file's line.
    """
    return _compiled(environment, in_place, _parsed(environment, in_place))


def compile_line(environment: Environment, in_place: InPlace) -> InPlaceTemplate | str:
    """The template of a subject, a header's value or the like; its text, if it prints nothing but itself.

    Its own line breaks become blanks, so that any that comes out of it comes from a value.

    Raises:
        InPlaceSyntaxError: with the YAML file's line.
    """
    tree = _parsed(environment, in_place)
    for data in tree.find_all(nodes.TemplateData):
        data.data = one_line(data.data)
    constant = _constant(tree)
    return _compiled(environment, in_place, tree) if constant is None else constant


def one_line(text: str) -> str:
    """The text of a template of a line, its line breaks as blanks."""
    return _BREAK.sub(" ", text)


def _parsed(environment: Environment, in_place: InPlace) -> nodes.Template:
    path = in_place.location.path
    try:
        tree = environment.parse(in_place.source, path, path)
    except TemplateSyntaxError as error:
        raise InPlaceSyntaxError(error.message, line_of(in_place, error.lineno), in_place) from None
    for node in (tree, *tree.find_all(nodes.Node)):
        # Jinja2 leaves some nodes that it adds itself without a line.
        node.lineno = line_of(in_place, node.lineno or 1)
    return tree


def _constant(tree: nodes.Template) -> str | None:
    texts = []
    for output in tree.body:
        if not isinstance(output, nodes.Output) or not all(isinstance(n, nodes.TemplateData) for n in output.nodes):
            return None
        texts += [node.data for node in output.nodes if isinstance(node, nodes.TemplateData)]
    return "".join(texts)


def _compiled(environment: Environment, in_place: InPlace, tree: nodes.Template) -> InPlaceTemplate:
    path = in_place.location.path
    try:
        code = environment.compile(tree, path, path)
    except TemplateSyntaxError as error:
        raise InPlaceSyntaxError(error.message, error.lineno, in_place) from None
    template: InPlaceTemplate = InPlaceTemplate.from_code(environment, code, environment.make_globals(None))  # type: ignore[assignment]
    template.in_place = in_place
    return template
