# ruff: noqa: E501  # templates are easier to read in one piece
"""CSS inlined into a template gives what inlining each message gives, or is refused."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup
from rendering.direct.bodies import STYLE, document, environment, made, plain, printed

from notify.rendering.direct import UnfitError
from notify.rendering.preheader import Preheader

CONTEXT: dict[str, Any] = {
    "name": "Ada", "url": "https://x.example/?a=1&b=2", "items": [{"n": "<1>"}, {"n": '"2"'}], "yes": True, "no": False,
    "rows": [], "word": "w",
}  # fmt: skip
VALUES = [
    "", " ", "plain", "a & b", "<b>", "'\"", "\xa0nbsp\xa0", "&amp;", "&copy", "é — 田中太郎 \U0001f600", "a\nb", "]]>", "-->", "\u2028",
    "{{ name }}", "\t", "\ufeff", "\x1b", "</title>", "</style>", 5, 1.5, None, True, ["<x>"],
]  # fmt: skip
SAME = {
    "text, attribute, title": document(
        '<p class="a">{{ name }}</p><a href="{{ url }}" title="{{ name }}">x</a>', STYLE + "<title>{{ name }}</title>"
    ),
    "between statics": document("<p>a{{ name }}b{{ name }}{{ name }}c</p>"),
    "in a comment": document("<!-- {{ name }} --><!--[if mso]><p>{{ name }}</p><![endif]--><p>x</p>"),
    "a loop": document("<table><tbody>{% for i in items %}<tr><td>{{ i.n }}</td></tr>{% endfor %}</tbody></table>"),
    "a loop in a table without tbody": document(
        "<table><tr><th>h</th></tr>{% for i in items %}<tr><td>{{ i.n }}</td></tr>{% endfor %}</table>"
    ),
    "a loop with else": document("{% for i in rows %}<p>{{ i }}</p>{% else %}<p class=a>none</p>{% endfor %}"),
    "conditions": document(
        "{% if yes %}<p>y</p>{% elif no %}<p class='a'>n</p>{% else %}<div class='a'>e</div>{% endif %}"
        "{% if no %}<u>never</u>{% endif %}{% for i in items %}{% if i.n == '<1>' %}<p>{{ i.n }}</p>{% endif %}{% endfor %}"
    ),
    "conditions in attributes": document('<a href="{{ url }}{% if yes %}&amp;y={{ name }}{% endif %}">x</a>'),
    "a condition in a title": document("<p>x</p>", STYLE + "<title>{% if yes %}{{ name }}{% endif %}</title>"),
    "no style left": document("<p>{{ name }}</p>", "<style>p { color: red }</style>"),
    "several sheets": document("<p>{{ name }}</p>", STYLE + "<style>.b { color: red } @media print { p { color: blue } }</style>"),
    "static selectors of neighbours": document("<ul><li>a</li><li>{{ name }}</li></ul>", "<style>li + li { color: red }</style>"),
    "untidy": "<!doctype html>\n<HTML><Head>" + STYLE + "</Head>\n<BODY BgColor=red><P>{{ name }}</P><br/><img src='{{ url }}'></BODY></HTML>",
    "an old doctype": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x"><html><head>' + STYLE
    + "</head><body><p>{{ name }}</p></body></html>",
    "variables of CSS": document("<p>{{ name }}</p>", "<style>:root { --c: red } p { color: var(--c) }</style>"),
}  # fmt: skip
REFUSED = {
    "class": ('<p class="{{ word }}">x</p>', "in class"),
    "class in part": ('<p class="a {% if yes %}b{% endif %}">x</p>', "in class"),
    "id": ('<p id="{{ word }}">x</p>', "in id"),
    "style": ('<p style="color: {{ word }}">x</p>', "in style"),
    "a tag's name": ("<h{{ word }}>x</h1>", "in a tag"),
    "beside attributes": ("<p {{ word }}>x</p>", "in a tag"),
    "a condition beside attributes": ("<p{% if yes %} title='x'{% endif %}>x</p>", "in a tag"),
    "no quotation marks": ("<a href={{ url }}>x</a>", "in a tag"),
    "half of a tag": ("{% if yes %}<p>{% endif %}x</p>", "begins in one element"),
    "other tags": ("{% if yes %}<div>{% else %}<p>{% endif %}x", "begin|parser"),
    "tbody implied by a loop": ("<table>{% for i in items %}<tr><td>x</td></tr>{% endfor %}</table>", "begins in one element"),
    "text in a table": ("<table>{{ name }}<tbody><tr><td>x</td></tr></tbody></table>", "parser"),
    "text in a table, perhaps": ("<table>{% if yes %}x{% endif %}<tbody><tr><td>x</td></tr></tbody></table>", "parser"),
    "end tags implied": ("<ul>{% for i in items %}<li>{{ i.n }}{% endfor %}</ul>", "parser"),
    "an ampersand": ('<a href="?a&{{ word }}">x</a>', "ampersand"),
    "an ampersand in text": ("<p>&{{ word }};</p>", "ampersand"),
    "a textarea": ("<textarea>{{ word }}</textarea>", "in a way of its own"),
    "pre": ("<pre>{{ word }}</pre>", "in a way of its own"),
    "behind the body": ("</body>{{ word }}", "behind the body"),
    "misnested": ("<b><i>{{ word }}</b></i>", "parser"),
    "a private character": ("<p>\ue000{{ word }}</p>", "characters that the parser changes"),
    "a style sheet, perhaps": ("{% if yes %}<style>i { color: red }</style>{% endif %}<i>x</i><p>x</p>", "in a condition"),
    "markup that is set": ("{% set s %}<p>x</p>{% endset %}{{ s }}{{ s | length }}", "inside an expression"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same_as_inlining_each_message(name: str) -> None:
    """Octet for octet, whatever the values are."""
    source = SAME[name]
    env = environment()
    body = made(source, CONTEXT, env, inlined=True)

    for value in VALUES:
        for flag in (True, False):
            context = {
                **CONTEXT,
                "name": value,
                "url": value,
                "yes": flag,
                "no": not flag,
                "items": [{"n": value}] * flag,
            }
            if name == "in a comment" and "-" in str(value):
                assert None is printed(body, context, env)  # it might end the comment
                continue
            assert plain(source, context, env, inlined=True) == printed(body, context, env), (value, flag)


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_differ_is_refused(name: str) -> None:
    """What a message prints could decide how it is inlined, or how it is parsed."""
    body, reason = REFUSED[name]
    with pytest.raises(UnfitError, match=reason):
        made(document(body), CONTEXT, environment(), inlined=True)


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("p:first-child { color: red }", "neighbours"),
        ("p + p { color: red }", "neighbours"),
        ("p ~ p { color: red }", "neighbours"),
        ("ul > :not(:last-child) { color: red }", "neighbours"),
        ("p:nth-child(2n+1) { color: red }", "neighbours"),
        ("a[href^='https'] { color: red }", "an attribute"),
        ("a[ TITLE ] { color: red }", "an attribute"),
        ("p { color: {{ word }} }", "in a style"),
        ("{% if yes %}p { color: red }{% endif %}", "in a style"),
    ],
)
def test_selectors_that_see_what_is_printed(sheet: str, reason: str) -> None:
    """Neighbours that a loop makes, and attributes that hold an expression, are not known before."""
    source = document(
        '{% for i in items %}<p><a href="{{ url }}" title="{{ name }}">x</a></p>{% endfor %}', f"<style>{sheet}</style>"
    )
    with pytest.raises(UnfitError, match=reason):
        made(source, CONTEXT, environment(), inlined=True)


@pytest.mark.parametrize("sheet", ["p:hover { color: red }", "@media print { p + p { color: red } }", "p[data-a] { color: red }", "/* p + p {} */ p { color: red }"])  # fmt: skip
def test_selectors_that_do_not(sheet: str) -> None:
    """Media queries are not inlined, and what stands in the template only is the same in each message."""
    source = document("{% for i in items %}<p data-a='1'>{{ i.n }}</p>{% endfor %}", f"<style>{sheet}</style>")
    env = environment()
    body = made(source, CONTEXT, env, inlined=True)

    assert plain(source, CONTEXT, env, inlined=True) == printed(body, CONTEXT, env)


def test_rules_for_what_a_message_lacks_stay_in_its_style_sheet() -> None:
    """As with css-inline: a rule goes when it was inlined somewhere in this message."""
    source = document(
        "{% if yes %}<p>x</p>{% endif %}{% for i in items %}<i class='a'>{{ i.n }}</i>{% if i.n %}<u>x</u>{% endif %}{% endfor %}"
    )
    env = environment()
    body = made(source, CONTEXT, env, inlined=True)
    seen = set()
    for yes in (True, False):
        for items in ([], [{"n": ""}], [{"n": "x"}, {"n": ""}]):
            context = {**CONTEXT, "yes": yes, "items": items}
            expected = plain(source, context, env, inlined=True)
            seen.add(expected.partition("</style>")[0])
            assert expected == printed(body, context, env)

    assert 6 == len(seen)


@pytest.mark.parametrize("value", [Markup("<b>x</b>"), "a\rb", "a\0b", "\ue000", "\ud800", Markup("&copy;")])
def test_values_that_need_the_parser(value: str) -> None:
    """Markup, and what the parser of HTML or the encoding changes, is left to the plain way."""
    env = environment()
    body = made(document("<p>{{ name }}</p>"), CONTEXT, env, inlined=True)

    assert None is printed(body, {**CONTEXT, "name": value}, env)
    assert "Ada" in (printed(body, CONTEXT, env) or "")


def test_values_that_were_escaped_before() -> None:
    """Escaping twice is no fault, and needs no parser."""
    env = environment()
    source = document('<p>{{ name | e }}</p><a href="{{ url | e }}">x</a>')
    body = made(source, CONTEXT, env, inlined=True)
    context = {**CONTEXT, "name": "<a> & 'b'"}

    assert plain(source, context, env, inlined=True) == printed(body, context, env)


def test_the_preheader_goes_behind_the_body_tag() -> None:
    """Where no template shows it."""
    env = environment()
    body = made(document("<p>{{ name }}</p>"), CONTEXT, env, inlined=True)
    names = {**CONTEXT, "preheader of the message": Preheader("soon & here")}

    assert b'mso-hide:all">soon &amp; here</div>' in body.printed(names).partition(b"<body>")[2]


@pytest.mark.parametrize("source", ["<p>{{ name }}</p>", STYLE + "<p>{{ name }}</p>", document("{{ name }}", "")])
def test_documents_only(source: str) -> None:
    """Without a style sheet there is nothing to inline, and a fragment is made a document first."""
    with pytest.raises(UnfitError, match="there is no CSS"):
        made(source, CONTEXT, environment(), inlined=True)
