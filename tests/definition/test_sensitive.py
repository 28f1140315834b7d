"""Sensitive params stay in the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from definition.conftest import Define

PARAMS = """
params:
  code: {type: str, sensitive: true}
  customer: Customer
  items: list[Customer]
  name: str
  by: dict[str, Customer]
  rows: list[list[Customer]]
  node: Node
types:
  Customer: {name: str, age: int, token: {type: str, sensitive: true}}
  Node: {name: str, pin: {type: str, sensitive: true}, children: "list[Node]"}
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
        ('subject: "Hi {{ customer }}"', "2:17: the subject uses all of 'customer', and 'customer.token' is sensitive"),
        ('subject: "{{ items }}"', "2:14: the subject uses all of 'items', and 'items[].token' is sensitive"),
        ('subject: "{{ items[0] }}"', "2:14: the subject uses all of 'items[]'"),
        ('subject: "{{ items[1:] | first }}"', "2:14: the subject uses all of 'items[]'"),
        ('subject: "{{ customer[name] }}"', "2:14: the subject uses 'customer.token', which is sensitive"),
        ("subject: \"{{ customer.get('token') }}\"", "2:14: the subject uses 'customer.token'"),
        ('subject: "{{ customer.get(name) }}"', "2:14: the subject uses all of 'customer'"),
        ('subject: "{{ customer.values() | list }}"', "2:14: the subject uses all of 'customer'"),
        ('subject: "{% set f = customer.values %}{{ f() }}"', "2:18: the subject uses all of 'customer'"),
        ("subject: \"{{ customer | attr('token') }}\"", "2:14: the subject uses all of 'customer'"),
        ('subject: "{{ customer ~ name }}"', "2:14: the subject uses all of 'customer'"),
        ('subject: "{{ [customer][0] }}"', "2:15: the subject uses all of 'customer'"),
        ('subject: "{{ (customer if name else none).token }}"', "2:27: the subject uses 'customer.token'"),
        ('subject: "{{ (none or customer).token }}"', "2:23: the subject uses 'customer.token'"),
        ('subject: "{{ (customer | default({})) }}"', "2:15: the subject uses all of 'customer'"),
        ('subject: "{{ name if code }}"', "2:22: the subject uses 'code'"),
        ('subject: "{{ name if code is none }}"', "2:22: the subject uses 'code'"),
        ('subject: "{{ name if name is eq(code) }}"', "2:33: the subject uses 'code'"),
        ("subject: \"{{ items | map(attribute='token') }}\"", "2:14: the subject uses 'items[].token'"),
        ("subject: \"{{ items | join(',', 'token') }}\"", "2:14: the subject uses 'items[].token'"),
        ('subject: "{{ items | map(attribute=name) }}"', "2:14: the subject uses all of 'items'"),
        ('subject: "{{ items | sort(reverse=true) | first }}"', "2:14: the subject uses all of 'items[]'"),
        ('subject: "{{ name[code] }}"', "2:19: the subject uses 'code'"),
        ('subject: "{{ name[: code | int] }}"', "2:21: the subject uses 'code'"),
        ('subject: "{% for c in items %}{{ c.token }}{% endfor %}"', "2:18: the subject uses 'items[].token'"),
        ('subject: "{% for c in items[1:] | reverse %}{{ c }}{% endfor %}"', "2:18: the subject uses all of 'items[]'"),
        ('subject: "{% for c in items if c.token %}{% endfor %}"', "2:18: the subject uses 'items[].token'"),
        ('subject: "{% for c in [customer] %}{{ c.name }}{% endfor %}"', "2:24: the subject uses all of 'customer'"),
        (
            'subject: "{% for k, v in customer.items() %}{{ k }}{{ v }}{% endfor %}"',
            "2:21: the subject uses 'customer.t",
        ),
        ('subject: "{% for v in by.values() %}{{ v.token }}{% endfor %}"', "2:18: the subject uses 'by[].token'"),
        ('subject: "{% for k, v in by | dictsort %}{{ v.token }}{% endfor %}"', "2:21: the subject uses 'by[].token'"),
        ('subject: "{% for a, b in rows %}{{ b.token }}{% endfor %}"', "2:21: the subject uses 'rows[][].token'"),
        ('subject: "{% for c in items %}{{ loop.previtem.token }}{% endfor %}"', "2:34: the subject uses 'items[].tok"),
        ('subject: "{% for c in items %}{% set l = loop %}{{ l.nextitem }}{% endfor %}"', "2:38: the subject uses"),
        (
            'subject: "{% for k, v in by.items() %}{{ loop.previtem[1].token }}{% endfor %}"',
            "2:42: the subject uses",
        ),
        (
            'subject: "{% for c in items recursive %}{{ loop(name) }}{% endfor %}"',
            "2:44: the subject uses all of 'items[",
        ),
        ('subject: "{% for (a, b), c in rows %}{{ a }}{% endfor %}"', "2:19: the subject uses all of 'rows'"),
        (
            'subject: "{% with a = 1, b = customer, customer = a %}{{ b }}{% endwith %}"',
            "2:26: the subject uses all of",
        ),
        ('subject: "{% with customer = 1, b = customer %}{{ b }}{% endwith %}"', "2:33: the subject uses all of"),
        ('subject: "{{ name.split(customer) | first }}"', "2:25: the subject uses all of 'customer'"),
        ('subject: "{{ name | sort(attribute=code) | first }}"', "2:36: the subject uses 'code'"),
        ("subject: \"{{ items | map(attribute='name', default=code) }}\"", "2:52: the subject uses 'code'"),
        ('subject: "{{ name | default(default_value=code) }}"', "2:14: the subject uses 'code'"),
        ('subject: "{{ items[0] is eq(*code) }}"', "2:30: the subject uses 'code'"),
        ('subject: "{{ name | first(code) }}"', "2:27: the subject uses 'code'"),
        ('subject: "{{ [customer] | first | sort }}"', "2:15: the subject uses all of 'customer'"),
        ('subject: "{{ [customer] | map(attribute=name) }}"', "2:15: the subject uses all of 'customer'"),
        ("subject: \"{{ [customer] | map(attribute='name') }}\"", "2:15: the subject uses all of 'customer'"),
        ('subject: "{% set t = customer.token %}{{ t }}"', "2:18: the subject uses 'customer.token'"),
        ('subject: "{% set c = customer %}{{ c.token }}"', "2:18: the subject uses 'customer.token'"),
        ('subject: "{% if name %}{% set c = customer %}{% endif %}{{ c.token }}"', "2:31: the subject uses 'custom"),
        ('subject: "{% if a %}{% elif b %}{% set c = customer %}{% endif %}{{ c }}"', "2:40: the subject uses all of"),
        ('subject: "{% if name %}{% set customer = 1 %}{% endif %}{{ customer }}"', "2:31: the subject uses all of"),
        ('subject: "{% set x, y = customer, 1 %}"', "2:25: the subject uses all of 'customer'"),
        ('subject: "{% with c = customer %}{{ c.token }}{% endwith %}"', "2:19: the subject uses 'customer.token'"),
        ('subject: "{% macro m(c) %}{{ c.token }}{% endmacro %}{{ m(customer) }}"', "2:59: the subject uses all of"),
        ('subject: "{% set x %}{{ code }}{% endset %}"', "2:25: the subject uses 'code'"),
        ('subject: "{% filter upper %}{{ code }}{% endfilter %}"', "2:32: the subject uses 'code'"),
        ('subject: "{% trans %}{{ code }}{% endtrans %}"', "2:25: the subject uses 'code'"),
        ('subject: "{% do code %}"', "2:17: the subject uses 'code'"),
        ('subject: "{% include name %}"', "2:14: the subject uses another template, which could show 'by[].token'"),
        ('subject: "{{ node.children[0].children[0].children[0].pin }}"', "2:14: the subject uses 'node.children[]'"),
        ("subject: x\ntags: [a, 'is-{{ code }}']", "3:18: a tag uses 'code', which is sensitive"),
        ("subject: x\nattachments: [{path: 'a/{{ code }}.pdf'}]", "3:28: the path of an attachment uses 'code'"),
        (
            "subject: x\nattachments: [{path: a, filename: '{{ customer }}'}]",
            "3:39: the filename of an attachment uses all of 'customer'",
        ),
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
        'subject: "{% set code = 1 %}{{ code }}{{ items[name].name }}"',
        'subject: "{% broken {{ code"',
        'subject: "{{ ' + "(" * 10_000 + '"',
        'subject: "{% if customer and not items %}{{ customer.name.upper() }}{% endif %}"',
        'subject: "{{ items | length }} of {{ name if customer is mapping and items | length > 1 }}"',
        "subject: \"{{ items | map(attribute='name') | join(', ') }}{{ [1, 2][name:] | length }}\"",
        "subject: \"{{ items | sum('age') }}{{ (items | sort(attribute='age') | first).name }}\"",
        "subject: \"{{ (customer | default({})).name }}{{ customer.get('name') }}{{ (customer or items[0]).name }}\"",
        'subject: "{% for c in items if c.age > 3 %}{{ loop.index }}{{ c.name }}{% else %}{{ name }}{% endfor %}"',
        'subject: "{% for k, v in by.items() %}{{ k }}{{ v.name }}{% endfor %}"',
        'subject: "{% for k in customer %}{{ k }}{{ loop.cycle(1, 2) }}{{ loop }}{% endfor %}"',
        'subject: "{% with c = customer %}{{ c.name }}{% endwith %}{% set x %}y{% endset %}{{ x }}"',
        'subject: "{% macro m(code) %}{{ code }}{% endmacro %}{{ m(customer.name) }}"',
        "subject: \"{% call(code) m(name) %}{{ code }}{% endcall %}{% import 'm.txt' as m %}\"",
        'subject: "{% trans n=name %}Hi {{ n }}{% endtrans %}{% for c in name.split() %}{{ c }}{% endfor %}"',
        "subject: x\ntags: ['{{ name }}']\nattachments: [{path: '{{ customer.name }}.pdf', filename: '{{ name }}'}]",
    ],
)
def test_where_they_may_be(define: Define, text: str) -> None:
    """The body shows them, and all may ask whether there is something, how much, and for fields that are not sensitive.

    A template with a fault of its own is told by rendering.
    """
    _, faults = define(f"\n{text}{PARAMS}")

    assert [] == faults
