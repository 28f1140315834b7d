"""Sensitive params stay in the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from definition.conftest import Define

PARAMS = """
params: {code: {type: str, sensitive: true}, customer: Customer, items: "list[Customer]", name: str}
types: {Customer: {name: str, token: {type: str, sensitive: true}}}
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('subject: "Your {{ code }}"', "2:19: the subject uses 'code', which is sensitive (show it in the body only)"),
        ('subject: {en: "x", fr: "{{ code }}"}', "2:28: the subject uses 'code'"),
        ('subject: "{% if code %}x{% endif %}"', "2:17: the subject uses 'code'"),
        ("subject: x\npreheader: |\n  one\n  two {{ customer.token }}", "5:10: the preheader uses 'customer.token'"),
        ("subject: x\npreheader: |\n  one {{ customer.token }}", "4:10: the preheader uses 'customer.token'"),
        ("subject: \"{{ customer['token'] }}\"", "2:14: the subject uses 'customer.token'"),
        ('subject: "{{ items[0].token }}"', "2:14: the subject uses 'items[].token'"),
        ("subject: x\nheaders: {X-Code: '{{ code | upper }}'}", "3:23: the header X-Code uses 'code'"),
        ("subject: >\n  folded {{ code }}", "2:10: the subject uses 'code'"),
    ],
)
def test_where_they_may_not_be(define: Define, text: str, fault: str) -> None:
    """A subject, preheader or header that uses one is a fault where it does."""
    _, faults = define(f"\n{text}{PARAMS}")

    assert len(faults) == 1
    assert faults[0].startswith(f"case.yaml:{fault}")


@pytest.mark.parametrize(
    "text",
    [
        'subject: "{{ name }} {{ customer.name }} {{ (name ~ name).code }} {{ f().code }} {{ f()[code2] }}"',
        "subject: code\ntext: 'Your {{ code }}'",
        'subject: "{% set code = 1 %}{{ items[name] }}"',
        'subject: "{% broken {{ code"',
        'subject: "{{ ' + "(" * 10_000 + '"',
    ],
)
def test_where_they_may_be(define: Define, text: str) -> None:
    """Elsewhere they are welcome; a template with a fault of its own is told by rendering."""
    _, faults = define(f"\n{text}{PARAMS}")

    assert [fault for fault in faults if "{% set" not in text] == []
