"""One YAML file as a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.addresses import Address
from notify.definition import CATEGORIES, InPlace, Named, Rules
from notify.errors import Location

if TYPE_CHECKING:
    from definition.conftest import Define

WHOLE = """\
description: |
  Sent when a parcel leaves the warehouse.
category: transactional
params:
  order_number: str
  invoice: bytes
subject: "Order {{ order_number }} is on its way"
preheader: {en: "Soon", pt_BR: "Em breve"}
html: order_shipped.html
text: |
  Hello,
    {{ order_number }}
sender: "Acme Shop <hello@acme.example>"
reply_to: "support@acme.example"
cc: [a@acme.example, "B <b@acme.example>"]
bcc: []
headers: {X-Entity-Ref-ID: "{{ order_number }}"}
tags: [orders, "o-{{ order_number }}"]
attachments:
  - {path: "terms/{{ locale }}.pdf", type: application/pdf}
  - {param: invoice, filename: "{{ order_number }}.pdf", cid: logo, method: REQUEST}
samples:
  default: {order_number: A-1, invoice: ""}
"""


def place(line: int, column: int) -> Location:
    """A place in the file of these tests."""
    return Location("case.yaml", line, column)


def test_the_whole_of_a_definition(define: Define) -> None:
    """Everything that the file says is there, with its place where templates need one."""
    definition, faults = define(WHOLE)

    assert not faults
    assert definition is not None
    assert (definition.id, definition.location) == ("case", place(1, 1))
    assert definition.description == "Sent when a parcel leaves the warehouse."
    assert definition.category == "transactional"
    assert definition.contract is not None
    assert list(definition.contract.params) == ["order_number", "invoice"]
    assert definition.subject == {"": InPlace("Order {{ order_number }} is on its way", place(7, 11))}
    assert definition.preheader == {"en": InPlace("Soon", place(8, 18)), "pt-BR": InPlace("Em breve", place(8, 33))}
    assert definition.html == Named("order_shipped.html", place(9, 7))
    assert definition.text == InPlace("Hello,\n  {{ order_number }}\n", place(11, 3), indent=2)
    assert definition.sender == Address("hello@acme.example", "Acme Shop")
    assert definition.reply_to == (Address("support@acme.example"),)
    assert definition.cc == (Address("a@acme.example"), Address("b@acme.example", "B"))
    assert definition.bcc == ()
    assert definition.headers == {"X-Entity-Ref-ID": InPlace("{{ order_number }}", place(17, 29))}
    assert [tag.source for tag in definition.tags] == ["orders", "o-{{ order_number }}"]
    terms, invoice = definition.attachments
    assert (terms.path, terms.param) == (InPlace("terms/{{ locale }}.pdf", place(20, 13)), None)
    assert terms.type is not None
    assert terms.type.source == "application/pdf"
    assert (invoice.param, invoice.location) == ("invoice", place(21, 5))
    assert [part.source for part in (invoice.filename, invoice.cid, invoice.method) if part] == [
        "{{ order_number }}.pdf",
        "logo",
        "REQUEST",
    ]
    assert list(definition.samples) == ["default"]


def test_the_least_of_a_definition(define: Define) -> None:
    """A subject is enough; the bodies are then found by name."""
    definition, faults = define("subject: Hello\n")

    assert not faults
    assert definition is not None
    assert definition.contract is None
    assert (definition.html, definition.text, definition.text_auto) == (None, None, False)
    assert definition.category == "transactional"
    assert (definition.options, definition.delivery) == ({}, "at_most_once")


def test_what_providers_and_transports_are_told(define: Define) -> None:
    """As it is written."""
    definition, faults = define(
        "subject: x\ndelivery: at_least_once\noptions: {sendgrid: {asm_group: 5, filters: {opentrack: {enable: 0}}}}\n"
    )

    assert not faults
    assert definition is not None
    assert definition.delivery == "at_least_once"
    assert definition.options == {"sendgrid": {"asm_group": 5, "filters": {"opentrack": {"enable": 0}}}}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("welcome.html", "welcome.html"),
        ("mail/welcome.txt.j2", "mail/welcome.txt.j2"),
        ("'welcome.md.jinja'", "welcome.md.jinja"),
        ("a.mjml", "a.mjml"),
        ("see welcome.html", None),
        ("welcome.pdf", None),
        ("'{{ x }}.html'", None),
        ("'<p>.html'", None),
        ("|\n  welcome.html\n  more.html\n", None),
    ],
)
def test_a_name_or_the_template_itself(define: Define, body: str, name: str | None) -> None:
    """One word that ends as a template does is a name, anything else is the template."""
    definition, faults = define(f"subject: Hello\nhtml: {body}\n")

    assert not faults
    assert definition is not None
    assert (definition.html.name if isinstance(definition.html, Named) else None) == name
    assert isinstance(definition.html, InPlace) == (name is None)


def test_text_that_is_derived(define: Define) -> None:
    """`text: auto` is no template."""
    definition, faults = define("subject: Hello\nhtml: <p>x</p>\ntext: auto\n")

    assert not faults
    assert definition is not None
    assert (definition.text, definition.text_auto) == (None, True)


def test_markdown_with_a_layout(define: Define) -> None:
    """Markdown may be wrapped in a layout of one's own."""
    definition, faults = define("subject: Hello\nmarkdown: '# Hi'\nmarkdown_layout: mine.html\n")

    assert not faults
    assert definition is not None
    assert definition.markdown == InPlace("# Hi", place(2, 12))
    assert definition.markdown_layout == Named("mine.html", place(3, 18))


def test_categories_of_ones_own(define: Define) -> None:
    """Beside the three that are always there."""
    rules = Rules(categories={*CATEGORIES, "digest"})

    definition, faults = define("subject: Hello\ncategory: digest\n", rules)
    _, unknown = define("subject: Hello\ncategory: digst\n", rules)

    assert not faults
    assert definition is not None
    assert definition.category == "digest"
    assert unknown[0].endswith("is not one of digest, marketing, security, transactional (did you mean 'digest'?)")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("text: y\n", "1:1: there is no subject (every notification has one)"),
        ("subject: ''\n", "1:11: subject: it is empty"),
        ("subject: {en: ' '}\n", "1:16: subject: it is empty"),
        ("subject: {}\n", "1:10: subject: no locale is given"),
        ("subject: 5\n", '1:10: subject: expected text, got the number 5 (put it in quotes: "5")'),
        ("subject: [x]\n", "1:10: subject: expected text, got a list"),
        ("subject:\n", "1:9: subject: expected text, got nothing"),
        ("subject: {english: x}\n", "1:11: subject: 'english' is not a locale (such as en or pt-BR)"),
        ("subject: {pt_BR: x, pt-BR: y}\n", "1:21: subject: the locale pt-BR is given twice"),
        ("subject: {en: x, fr: 5}\n", "1:22: subject in fr: expected text, got the number 5"),
        ("subject: x\nhtlm: y\n", "2:1: unknown key 'htlm' (did you mean 'html'?)"),
        ("subject: x\nhtml: [y]\n", "2:7: html: expected text, got a list"),
        ("subject: x\nhtml: {en: y}\n", "2:7: html: expected text, got a mapping (give one template; "),
        ("subject: x\nhtml: y\nmarkdown: z\n", "2:1: markdown gives the HTML part, so html cannot be given too"),
        ("subject: x\nmarkdown_layout: y.html\n", "2:1: markdown_layout means nothing without markdown"),
        ("subject: x\nmarkdown: y\nmarkdown_layout: some words\n", "3:18: markdown_layout: expected the name of a"),
        ("subject: x\ndescription: [y]\n", "2:14: description: expected text, got a list"),
        ("subject: x\nsender: 'A <a@b'\n", "2:10: sender: address "),
        ("subject: x\nsender: [a@b.example]\n", "2:9: sender: expected text, got a list"),
        ("subject: x\ncc: [a@b.example, nobody]\n", "2:19: cc: address 'nobody': there is no '@'"),
        ("subject: x\nheaders: [y]\n", "2:10: headers: expected a mapping, got a list"),
        ("subject: x\nheaders: {X-A: 5}\n", "2:16: the header X-A: expected text, got the number 5"),
        ("subject: x\nheaders: {Subject: y}\n", "2:11: header Subject: notify writes it itself"),
        ("subject: x\nheaders: {X-A: y, x-a: z}\n", "2:19: header x-a: given twice"),
        ("subject: x\nheaders: {'a b': y}\n", "2:11: header 'a b': a name is up to 76 letters"),
        ("subject: x\ntags: [a, {b: c}]\n", "2:11: a tag: expected text, got a mapping"),
        ("subject: x\noptions: [y]\n", "2:10: options: expected a mapping, got a list"),
        ("subject: x\noptions: {sendgrid: y}\n", "2:21: options: sendgrid: expected a mapping, got 'y'"),
        ("subject: x\ndelivery: always\n", "2:11: delivery: 'always' is not one of at_most_once, at_least_once"),
        ("subject: x\nattachments: {path: y}\n", "2:14: attachments: expected a list, got a mapping"),
        ("subject: x\nattachments: [y]\n", "2:15: an attachment: expected a mapping, got 'y'"),
        ("subject: x\nattachments: [{type: y}]\n", "2:15: an attachment has either path (a file) or param"),
        ("subject: x\nattachments: [{param: y}]\n", "2:15: an attachment from a param needs a filename"),
        ("subject: x\nattachments: [{path: y, cids: z}]\n", "2:25: unknown key of an attachment 'cids'"),
        ("subject: x\nattachments: [{param: y, filename: z}]\nparams: {}\n", "2:23: there is no param 'y'"),
        ("subject: x\nattachments: [{param: y, filename: z}]\nparams: {y: str}\n",
         "2:23: the param 'y' is str, and an attachment needs bytes"),
        ("subject: x\nparams: {y: strr}\n", "2:13: 'y': unknown type 'strr'"),
        ("subject: x\nparams: {y: T}\ntypes: {T: strr}\n", "3:12: 'T': unknown type 'strr'"),
    ],
)  # fmt: skip
def test_what_is_wrong(define: Define, text: str, fault: str) -> None:
    """One fault, at the word that is to blame."""
    _, faults = define(text)

    assert len(faults) == 1
    assert faults[0].startswith(f"case.yaml:{fault}")


def test_attachments_of_any_kind_of_bytes(define: Define) -> None:
    """Optional ones, aliases, and any param where there is no contract."""
    attachments = "subject: x\nattachments: [{param: y, filename: z}]\n"

    _, optional = define(attachments + 'params: {y: "bytes | None"}\n')
    _, alias = define(attachments + "params: {y: Pdf}\ntypes: {Pdf: {type: bytes, max_length: 100}}\n")
    _, undeclared = define(attachments)

    assert optional == alias == undeclared == []


def test_all_faults_of_a_file(define: Define) -> None:
    """In the order of the file."""
    _, faults = define("subject: 5\nhtlm: x\nparams: {a: strr}\ncategory: none\nsamples: {a: 5}\n")

    assert [fault.split(": ")[0] for fault in faults] == [
        "case.yaml:1:10",
        "case.yaml:2:1",
        "case.yaml:3:13",
        "case.yaml:4:11",
        "case.yaml:5:14",
    ]


def test_addresses_are_no_templates(define: Define) -> None:
    """What would go out as it stands is a fault."""
    _, faults = define("subject: x\nsender: '{{ name }} <a@b.example>'\nreply_to: '{{ email }}'\n")

    assert faults == [
        "case.yaml:2:10: sender: an address is not a template (a call can give it: sender=...)",
        "case.yaml:3:12: reply_to: an address is not a template (a call can give it: reply_to=...)",
    ]
