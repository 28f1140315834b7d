"""Contracts for the tests of forms, and a browser that collects what a form holds."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

import notify.preview
from notify.params import Contract, read_contract, read_types
from notify.preview.data.posting import YAML
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from notify.preview.data.fields import Form

SHOP = """\
types:
  Customer: {name: str, email: "Email | None", vip: bool}
  Item:
    name: {type: str, max_length: 5, description: "A <b>name</b>."}
    price: Decimal
    sizes: {type: "list[int]", default: []}
  Node: {value: int, children: "list[Node]", next: "Node | None"}
  Short: {type: Text, max_length: 40, description: Not long.}
  Maybe: str | None
  Secret: {type: str, sensitive: true}
params:
  customer: Customer
  other: Customer | None
  items: list[Item]
  plan: "'free' | 'pro' | 5"
  when: {type: "datetime | None", default: "2026-01-01T10:00:00"}
  tree: Node | None
  meta: dict[str, int]
  flag: {type: bool, default: true}
  token: Secret | None
  note: Short
  maybe: Maybe
  several: int | list[str] | None
  number: {type: float, ge: 1, lt: 10}
  day: date
  at: time | None
  link: Url
  file: {type: bytes, max_length: 3}
  words: {type: "list[str]", default: [a]}
  nothing: None
"""


def contract_of(text: str = SHOP) -> Contract:
    """The contract of a text without faults."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")
    assert root is not None
    types = read_types(reader, root.get("types"))
    contract = read_contract(reader, root.get("params"), types)
    assert () == reader.faults
    assert contract is not None
    return contract


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(notify.preview.__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string('{% import "form.html" as forms %}{{ forms.fields(form) }}')


def html_of(form: Form) -> str:
    """The form as the preview shows it."""
    return _template().render(form=form)


class Browser(HTMLParser):
    """Collects the values of a form as the comment in form.html says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: Any = None
        self.open: list[tuple[str, Any]] = []
        self.text: list[str] = []
        self.hidden = 0
        self.ids: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.hidden += tag == "template"
        if "id" in given:
            self.ids.append(given["id"])
        if self.hidden:
            return
        if "data-object" in given or "data-list" in given:
            value: Any = {} if "data-object" in given else []
            if self.open:
                self._add(given["data-name"], value)
            else:
                self.values = value
            self.open.append((tag, value))
        elif "data-kind" in given:
            self.given = given
            self.text = []
            if tag == "input":
                box = given["type"] == "checkbox"
                self._add(given["data-name"], "checked" in given if box else given["value"])
        elif tag == "option" and "selected" in given:
            self.text = [given["value"]]

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea":
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "template"
        if self.hidden:
            return
        if tag == "textarea":
            text = "".join(self.text).removeprefix("\n")
            self._add(self.given["data-name"], {YAML: text} if self.given["data-kind"] == "yaml" else text)
            self.lasttag = ""
        elif tag == "select":
            self._add(self.given["data-name"], "".join(self.text))
        elif tag == "fieldset":
            self.open.pop()

    def _add(self, name: str, value: Any) -> None:
        _, container = self.open[-1]
        if isinstance(container, dict):
            container[name] = value
        else:
            container.append(value)
