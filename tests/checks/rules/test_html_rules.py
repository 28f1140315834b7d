"""Rules about the HTML of mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mail_of, told

from notify.checks.catalogue import shipped_rules
from notify.checks.mail import Mail
from notify.checks.rules import html_document, html_layout, html_nesting, html_unsafe
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (html_document, html_layout, html_nesting, html_unsafe) for each in module.RULES}
HEAD = '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Hi</title></head>\n'
PAGE = HEAD + "<body>\n{}\n</body>\n</html>\n"
DOCUMENT, CONDITIONS, NESTING = "html-doctype-lang-title", "html-conditional-comments", "html-parse-error"
FORBIDDEN, LINKED, IMPORTED = "html-forbidden", "html-external-css", "html-css-import"
ROLE, WIDTH, PADDING = "html-table-role", "html-width", "html-zwsp-padding"

FIRING = [
    (
        DOCUMENT,
        "<html>\n<body><p>Hello</p></body></html>\n",
        {
            1: "the HTML has no doctype|the <html> tag has no lang attribute|the HTML names no charset"
            "|the HTML has no title",
        },
    ),
    (DOCUMENT, HEAD.replace(' lang="en"', ""), {2: "the <html> tag has no lang attribute"}),
    (DOCUMENT, HEAD.replace("Hi", " "), {3: "the HTML has no title"}),
    (DOCUMENT, HEAD.replace('charset="utf-8"', 'name="x"'), {3: "the HTML names no charset"}),
    (CONDITIONS, "<p>\n<!--[if mso]><table>\n<p>x</p>", {2: "the condition <!--[if mso] is not closed"}),
    (CONDITIONS, "Hi\n<!--[if !mso]><!-->\n<p>x</p>", {2: "the condition <!--[if !mso] is not closed"}),
    (CONDITIONS, "Hi\n<!--[if mso]><p>x <!-- y --><![endif]-->", {2: "the condition <!--[if mso] is not closed"}),
    (CONDITIONS, "Hi\n<!--[if mso]><p>x <!--[if mso]>y<![endif]-->", {2: "the condition <!--[if mso] is not closed"}),
    (CONDITIONS, "<p>x</p>\n<!--<![endif]-->", {2: "<!--<![endif] closes no condition"}),
    (NESTING, "<p>\n<b>x</p>", {2: "<b> is not closed"}),
    (NESTING, "<div>\n<i><b>x</i></b>", {1: "<div> is not closed", 2: "<b> is not closed"}),
    (NESTING, "<p>x</p>\n</div>", {2: "</div> closes nothing"}),
    (NESTING, "<p>\n<table><tr><td>x</td></tr></table></p>", {2: "<table> stands in a <p>, which ends before it"}),
    (NESTING, "Hi\n<p>you\n<div>x</div>", {2: "<p> is not closed"}),
    (NESTING, "<table>\n<tr>x<td>y</td></tr></table>", {2: "text stands in <tr> outside a cell"}),
    (NESTING, "<table><tr>\n<p>x</p><td>y</td></tr></table>", {2: "<p> stands in <tr> outside a cell"}),
    (NESTING, "<table><tr><td>\n<div>y</td></tr></table>", {2: "<div> is not closed"}),
    (NESTING, "<table><tr><td>\n</div>y</td></tr></table>", {2: "</div> closes nothing"}),
    (NESTING, '<a href="x">\n<a href="y">z</a></a>', {2: "a link stands inside a link"}),
    (NESTING, 'Hi\n<p class="x" class="y">z</p>', {2: "<p> has the attribute class twice"}),
    (NESTING, "<p>x</p>\n<p style='y", {2: "<p has no end"}),
    (NESTING, "<p>x\n</br></p>", {2: "</br> is no tag"}),
    (FORBIDDEN, "Hi\n<form action='https://acme.example'></form>", {2: "<form> is taken out by mail clients, or"}),
    (FORBIDDEN, "Hi\n<script>x</script>", {2: "<script> is taken out by mail clients, or"}),
    (FORBIDDEN, "<p\nonclick='x()'>y</p>", {2: "the event handler onclick of <p> is taken out"}),
    (FORBIDDEN, "Hi\n<a href='JavaScript:x()'>y</a>", {2: "the script in href of <a> is taken out"}),
    (
        LINKED,
        "Hi\n<link rel='stylesheet' href='https://acme.example/x.css'>",
        {2: "the style sheet 'https://acme.exam"},
    ),
    (IMPORTED, "<style>\np { color: red }\n</style><style>\n@import url(x.css);</style>", {4: "@import url(x.css) is"}),
    (ROLE, "Hi\n<table><tr><td>x</td></tr></table>", {2: "this table is layout"}),
    (ROLE, "Hi\n<table><tr><th>x<table role=none></table></th></tr></table>", {2: "this table is layout"}),
    (WIDTH, "Hi\n<table width='800'><tr><td>x</td></tr></table>", {2: "<table> is 800 pixels wide, more than 640"}),
    (
        WIDTH,
        "<style>.x { width: 50em; } .y { width: 700px; }</style>\n<div class=y>x</div>",
        {2: "<div> is 700 pixels"},
    ),
    (WIDTH, "Hi\n<table width='100%'><tr><td>x</td></tr></table>", {2: "nothing limits the width of the mail"}),
    (PADDING, "Hi\n<div>{{ ('&zwnj;&nbsp;' * 300) | safe }}</div>", {2: "600 invisible characters pad"}),
]
SILENT = [
    (DOCUMENT, PAGE),
    (DOCUMENT, PAGE.replace('charset="utf-8"', 'http-equiv="Content-Type" content="text/html; charset=utf-8"')),
    (DOCUMENT, None),
    (CONDITIONS, "<!--[if mso]><table><![endif]--><!--[if !mso]><!--><p>x</p><!--<![endif]--><!-- [if] -->"),
    (CONDITIONS, "<![if !mso]><p>x</p><![endif]><!--[if gte mso 9]>x<![endif]-->"),
    (NESTING, "<ul><li>a<li>b</ul><p>c<p>d<br><img src=x /><svg><path/></svg><o:p/>"),
    (NESTING, "<table><tr><th>a<td><div>b</div><tr><td><table><tr><td>c</table></table><dl><dt>d<dd>e</dl>"),
    (NESTING, "<table><caption>x</caption><thead><tr><th>a<tbody><tr><td><a href=x><p>y</p></a></table>"),
    (NESTING, "<!--[if mso]><table><tr><td><![endif]--><div>x</div><!--[if mso]></td></tr></table><![endif]-->"),
    (NESTING, PAGE),
    (FORBIDDEN, '<script type="application/ld+json">{}</script><a href="https://acme.example" one="x">y</a>'),
    (LINKED, "<link rel='icon' href='x'>"),
    (IMPORTED, "<style>@media print { p { color: red } }</style>"),
    (ROLE, "<table role='presentation'></table><table role=none></table><table><tr><th>x</th></tr></table>"),
    (ROLE, "<table><caption>x</caption></table>"),
    (WIDTH, "<table width='600'><tr><td>x</td></tr></table>"),
    (WIDTH, "<div style='width: 900px; max-width: 100%'>x</div><p>y</p>"),
    (WIDTH, "<table style='width: min(600px, 100%)'><tr><td>x</td></tr></table>"),
    (WIDTH, "<style>.x { max-width: 600px; width: 100%; }</style><table class=x width='800'><tr><td>x</table>"),
    (WIDTH, "<div style='display: none'><div style='width: 900px'>x</div></div>"),
    (PADDING, "<div>{{ '\u034f\u200c\u00a0' * 60 }}</div>"),
]


@pytest.mark.parametrize(("name", "html", "expected"), FIRING)
def test_finds(tmp_path: Path, name: str, html: str, expected: dict[int, str]) -> None:
    """A fault is told with the line of the template."""
    found = told(RULES[name], mail_of(tmp_path, html))

    severity = RULES[name].severity
    wanted = [
        f"templates/x.html:{line} {severity} {message}"
        for line, messages in sorted(expected.items())
        for message in messages.split("|")
    ]
    assert wanted == [each[: len(want)] for each, want in zip(sorted(found, key=_line), wanted, strict=True)]


def _line(told: str) -> int:
    return int(told.split(maxsplit=1)[0].partition(":")[2])


@pytest.mark.parametrize(("name", "html"), SILENT)
def test_finds_nothing(tmp_path: Path, name: str, html: str | None) -> None:
    """What is right is left alone."""
    files = {} if html is not None else {"templates/x.txt": "Hello\n"}

    assert [] == told(RULES[name], mail_of(tmp_path, html, files=files))


def test_the_threshold_can_be_set(tmp_path: Path) -> None:
    """By the rule's id."""
    mail = mail_of(tmp_path, "<div style='width: 900px'>x</div>", settings=CheckSettings(limits={"html-width": 900}))

    assert [] == told(RULES[WIDTH], mail)


def test_a_fault_in_a_layout_is_told_where_it_stands(tmp_path: Path) -> None:
    """The layout's own line, not the template's that extends it."""
    layout = HEAD + "<body>\n<form>\n{% block content %}{% endblock %}</form></body></html>"
    mail = mail_of(
        tmp_path,
        "{% extends 'layout.html' %}\n{% block content %}\n<script></script>{% endblock %}",
        files={"templates/layout.html": layout},
    )

    found = told(RULES[FORBIDDEN], mail)

    assert ["templates/layout.html:5", "templates/x.html:3"] == [each.split()[0] for each in found]


def test_a_mail_without_html_has_no_faults(tmp_path: Path) -> None:
    """None of these rules is about text."""
    mail = mail_of(tmp_path, None, files={"templates/x.txt": "Hello\n"})
    families = ("a11y", "css", "html", "img")
    rules = [each for each in shipped_rules() if each.about is Mail and each.id.partition("-")[0] in families]

    assert [] == [each for rule in rules for each in told(rule, mail)]
    assert 130 < len(rules)
