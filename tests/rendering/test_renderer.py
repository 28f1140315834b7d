"""The parts of a mail from a definition and a context."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rendering.making import AT, Shown, block, case, named, render, text, word, write

from notify.definition.model import AttachmentTemplate, InPlace
from notify.errors import DefinitionError, Location, RenderError
from notify.rendering import RenderedAttachment, Renderer

HEADERS = json.loads((Path(__file__).parent.parent / "data" / "headers.json").read_text(encoding="utf-8"))
SUBJECTS = [case for case in HEADERS if case["header"] == "Subject"]


def test_all_parts() -> None:
    """Subject, preheader, HTML, text, headers, tags and attachments are rendered with one context."""
    attached = AttachmentTemplate(
        AT,
        path=word("{{ n }}.pdf"),
        filename=word("no {{ n }}.pdf"),
        type=word("application/pdf"),
        cid=word("c{{ n }}"),
    )
    given = AttachmentTemplate(AT, param="invite", method=word(" REQUEST "))
    rendered = render(
        case(
            subject=" Order {{ n }} ",
            preheader="{{ n }}\n  items",
            html=block("<!DOCTYPE html><body>{{ subject }}/{{ preheader }}</body>\n"),
            text=block("{{ subject }}/{{ preheader }}\n\n"),
            headers={"X-Order": word("{{ n }}"), "X-Same": word("same")},
            tags=(word("orders"), word("n{{ n }}")),
            attachments=(attached, given),
        ),
        n=7,
    )

    assert (
        Shown(
            subject="Order 7",
            preheader="7 items",
            html="<!DOCTYPE html><body>Order 7/7 items</body>\n",
            text="Order 7/7 items\n",
            headers=(("X-Order", "7"), ("X-Same", "same")),
            tags=("orders", "n7"),
            attachments=(
                RenderedAttachment("7.pdf", None, "no 7.pdf", "application/pdf", "c7", None, AT),
                RenderedAttachment(None, "invite", None, None, None, "REQUEST", AT),
            ),
        )
        == rendered
    )


@pytest.mark.parametrize("each", SUBJECTS, ids=[each["id"] for each in SUBJECTS])
def test_subjects_of_the_corpus(each: dict[str, Any]) -> None:
    """A value that is the whole subject comes out as it is, without its outer blanks; a break inside is refused."""
    definition = case(subject="{{ v }}", text=block("x"))
    value = each["value"]
    stripped = value.strip(" \t\r\n")
    if any(mark in stripped for mark in "\r\n\0"):
        with pytest.raises(RenderError, match="the subject holds a line break or NUL that came from a value"):
            render(definition, v=value)
    else:
        assert stripped == render(definition, v=value).subject


def test_a_literal_break_becomes_a_blank() -> None:
    """A subject written over several lines of the file is one line."""
    definition = case(subject={"": block("Order\n  {{ n }}\r\nshipped\n")}, text=block("x"))

    assert "Order 7 shipped" == render(definition, n=7).subject


@pytest.mark.parametrize("bad", ["a\nb", "a\rb", "a\0b", "a\r\nBcc: x@example.com"])
@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"subject": "{{ v }}"}, "the subject"),
        ({"headers": {"X-Ref": word("{{ v }}", 5)}}, "the header X-Ref"),
        ({"tags": (word("{{ v }}"),)}, "a tag"),
        ({"attachments": (AttachmentTemplate(AT, path=word("{{ v }}")),)}, "the path of an attachment"),
    ],
)
def test_a_break_from_a_value_is_refused(bad: str, fields: dict[str, Any], what: str) -> None:
    """CR, LF and NUL never reach a header; the error names the part, the place and the value's name."""
    with pytest.raises(RenderError) as caught:
        render(case(text=block("x"), **fields), v=bad, fine="x")

    assert f"{what} holds a line break or NUL that came from a value (look at v)" in str(caught.value)
    assert "notifications/case.yaml" == caught.value.location.path
    assert bad not in str(caught.value)


def test_a_break_from_an_expression_is_refused() -> None:
    """A break that no value holds by itself is refused as well."""
    with pytest.raises(RenderError, match="a header is one line"):
        render(case(subject="a{{ '\\n' }}b", text=block("x")))


def test_text_is_derived_when_there_is_none() -> None:
    """The text part comes from the HTML as rendered; `text_auto` says so although there is a template."""
    body = block("<p>Hi {{ v }}</p><p><a href='https://x.example'>go</a></p>")
    derived = "Hi <b>\n\ngo <https://x.example>\n"

    assert derived == render(case(html=body), v="<b>").text
    assert derived == render(case(html=body, text_auto=True), v="<b>").text


def test_text_alone_has_no_html() -> None:
    """A notification with only a text has no HTML part."""
    assert render(case(text=block("x"))).html is None


@pytest.mark.parametrize("source", ["a", "a\n", "a\n\n\r\n"])
def test_text_ends_in_one_line_break(source: str) -> None:
    """However the template ends, the text ends in one line break."""
    assert "a\n" == text(source)


def test_text_keeps_its_blanks() -> None:
    """Blanks at the ends of lines, and what stands in values, survive."""
    assert "  a \r\nb\n" == text("  {{ v }}", v="a \r\nb")


def test_text_is_not_escaped() -> None:
    """Neither subject nor text is escaped as HTML; the HTML is, in text and attributes."""
    value = '<script>x()</script> & "co" \'o'
    rendered = render(
        case(subject="{{ v }}", html=block('<p title="{{ v }}">{{ v }}</p>'), text=block("{{ v }}")), v=value
    )
    escaped = "&lt;script&gt;x()&lt;/script&gt; &amp; &#34;co&#34; &#39;o"

    assert (value, f"{value}\n") == (rendered.subject, rendered.text)
    assert f'<p title="{escaped}">{escaped}</p>' in (rendered.html or "")


def test_five_megabytes_are_fine() -> None:
    """A long text is no attack."""
    value = "fedcba9876543210" * 4 * 80_000

    assert f"{value}\n" == text("{{ v }}", v=value)


def test_the_same_input_gives_the_same_output() -> None:
    """Two renderers agree to the letter."""
    definition = case(preheader="p", html=block("{{ d }}<style>p{color:red}</style><p>"), tags=(word("a"),))
    context: dict[str, Any] = {"d": {"b": 1, "a": [2]}}

    assert render(definition, **context) == render(definition, **context)


def test_templates_are_compiled_once(tmp_path: Path) -> None:
    """In-place templates are compiled once, for all locales; a file only when it has changed."""
    write(tmp_path, case__html="<p>{{ n }}")
    renderer = Renderer(folders=[tmp_path])
    definition = case(text=block("{{ n }}"))
    render(definition, renderer=renderer, n=1)
    first = renderer._plan(definition, "en")
    for locale in ("en", "fr"):
        render(definition, renderer=renderer, locale=locale, n=2)
    second = renderer._plan(definition, "fr")

    assert first is renderer._plan(definition, "en")
    assert (first.text, first.html) == (second.text, second.html)


def test_many_locales_do_not_fill_the_memory() -> None:
    """Whatever locales are asked for, only so many plans are kept."""
    renderer = Renderer()
    definition = case(text=block("x"))
    for number in range(1100):
        render(definition, renderer=renderer, locale=f"l{number}")

    assert len(renderer._plans) <= 1024


def test_changed_files_are_noticed(tmp_path: Path) -> None:
    """A changed template, a changed layout and an added variant count at the next rendering."""
    write(
        tmp_path,
        case__html="{% extends 'l.html' %}{% block b %}one{% endblock %}",
        l__html="<p>{% block b %}{% endblock %}",
    )
    renderer = Renderer(folders=[tmp_path])

    def now() -> str:
        return (render(case_, renderer=renderer).html or "").strip().split("<body>")[1].split("</body>")[0].strip()

    case_ = case()
    seen = [now()]
    for change in (
        {"case__html": "{% extends 'l.html' %}{% block b %}two{% endblock %}"},
        {"l__html": "<b>{% block b %}{% endblock %}"},
        {"case__en__html": "variant"},
    ):
        write(tmp_path, **change)
        seen.append(now())

    assert ["<p>one", "<p>two", "<b>two", "variant"] == seen


def test_files_may_be_left_alone(tmp_path: Path) -> None:
    """With `auto_reload=False`, what was compiled stays."""
    write(tmp_path, case__txt="one")
    renderer = Renderer(folders=[tmp_path], auto_reload=False)
    definition = case()
    render(definition, renderer=renderer)
    write(tmp_path, case__txt="three")

    assert "one\n" == render(definition, renderer=renderer).text


def test_a_file_that_vanishes_is_an_error(tmp_path: Path) -> None:
    """A template that was deleted is not rendered from memory."""
    write(tmp_path, case__txt="one")
    renderer = Renderer(folders=[tmp_path])
    definition = case()
    render(definition, renderer=renderer)
    (tmp_path / "case.txt").unlink()
    with pytest.raises(DefinitionError, match="no body"):
        render(definition, renderer=renderer)


def test_another_definition_at_the_same_place_is_another() -> None:
    """What is kept for a definition is not used for one that took its place in memory."""
    renderer = Renderer()
    texts = [render(case(text=block(f"{n}")), renderer=renderer).text for n in range(50)]

    assert [f"{n}\n" for n in range(50)] == texts


def test_no_body_at_all() -> None:
    """A definition without any body says what was looked for, at its own place."""
    with pytest.raises(DefinitionError) as caught:
        render(case(id="billing.paid"))

    assert "notifications/case.yaml:1:1: billing.paid has no body" in str(caught.value)
    assert "no template billing/paid.html or billing/paid.txt" in str(caught.value)


def test_a_missing_template_is_the_definitions_fault(tmp_path: Path) -> None:
    """A name of a template that is not there is reported where the definition says it, with the likely one."""
    write(tmp_path, welcome__html="x")
    for name, expected in (("welcme.html", "did you mean 'welcome.html'?"), ("../x.html", "does not lie below")):
        with pytest.raises(DefinitionError, match=r"case\.yaml:2:7") as caught:
            render(case(html=named(name)), renderer=Renderer(folders=[tmp_path]))

        assert expected in str(caught.value)


def test_memory_errors_are_not_swallowed() -> None:
    """Being out of memory is no fault of the template."""

    def full() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        text("{{ full() }}", full=full)


def test_a_column_of_a_line_in_place() -> None:
    """A template on one line reports the column in the file."""
    place = InPlace("a {{ nme }}", Location("n.yaml", 4, 20))
    with pytest.raises(RenderError, match=r"n\.yaml:4:25: 'nme' is not defined"):
        render(case(subject={"": place}, text=block("x")))
