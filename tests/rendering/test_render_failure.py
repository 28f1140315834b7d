"""What an error of a template says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from rendering.making import block, case, named, render, text, word, write

from notify.definition.model import InPlace
from notify.errors import Frame, Location, RenderError
from notify.params import Contract
from notify.params.types import Name, Param
from notify.rendering import Renderer

if TYPE_CHECKING:
    from pathlib import Path


def failure(source: str, /, **context: Any) -> RenderError:
    """The error that a text template gives."""
    with pytest.raises(RenderError) as caught:
        text(source, **context)
    return caught.value


def test_the_whole_message(tmp_path: Path) -> None:
    """Place, cause, suggestion, excerpt, chain and names, in this order and nothing more."""
    write(tmp_path, frame__txt="top\n{% block b %}{% endblock %}\n", part__txt="a\nb\n  {{ user.nmae }}\nd\n")
    loop = "{% for i in [1] %}{% include 'part.txt' %}{% endfor %}"
    source = f"{{% extends 'frame.txt' %}}\n{{% block b %}}\n{loop}\n{{% endblock %}}"
    with pytest.raises(RenderError) as caught:
        text(source, renderer=Renderer(folders=[tmp_path], shown_from=tmp_path), user={"name": "Ada"})

    assert (
        "part.txt:3:11: user has no 'nmae' (did you mean 'name'?)\n"
        "    2 | b\n"
        "  > 3 |   {{ user.nmae }}\n"
        "    4 | d\n"
        "  by way of notifications/case.yaml:3 > frame.txt:2 > notifications/case.yaml:5 > part.txt:3\n"
        "  in scope: i, preheader, subject, user"
    ) == str(caught.value)
    assert Frame("part.txt", Location("part.txt", 3)) == caught.value.chain[-1]


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("\n{{ usr }}", 4, 6, "'usr' is not defined (did you mean 'user'?)"),
        ("{{ zzz }}", 3, 6, "'zzz' is not defined (there are: items, n, preheader, subject, user)"),
        ("{{ user.totl }}", 3, 11, "user has no 'totl' (did you mean 'total'?)"),
        ("{{ user['totl'] }}", 3, 12, "a dict has no 'totl' (did you mean 'total'?)"),
        ("{{ items[0].nme }}", 3, 15, "has no 'nme' (did you mean 'name'?)"),
        ("{{ n.reel }}", 3, 8, "n has no 'reel' (did you mean 'real'?)"),
        ("{{ items[7] }}", 3, 3, "list object has no element 7"),
        ("{{ usr.name.first }}", 3, 6, "'usr' is not defined"),
        ("{{ 'a'|louder }}", 3, 10, "there is no filter 'louder' (did you mean 'lower'?)"),
        ("{{ 1 is od }}", 3, 11, "there is no test 'od' (did you mean 'odd'?)"),
        ("{{ 'a'|louder if n else 1 }}", 3, 10, "there is no filter 'louder'"),
        ("{{ 5 / 0 }}", 3, 3, "ZeroDivisionError: division by zero"),
        ("{{ 'a' + 1 }}", 3, 3, "TypeError: can only concatenate str"),
        ("{{ broken() }}", 3, 3, "ValueError: out of tea"),
        ("x\n  {% if n %}\ny", 5, 3, "innermost block that needs to be closed is 'if'"),
        ("{{ 'a }}", 3, 3, "unexpected char"),
        (
            "{% macro f(a) %}{{ a.nme }}{% endmacro %}{{ f({'name': 1}) }}",
            3,
            24,
            "a has no 'nme' (did you mean 'name'?)",
        ),
        ("{% for i in items if i.nme %}{% endfor %}", 3, 26, "i has no 'nme' (did you mean 'name'?)"),
        ("{% nope %}", 3, 3, "Encountered unknown tag 'nope'"),
        ("{{ self.x() }}", 3, 11, "has no 'x'"),
        ("{% block b %}{{ super() }}{% endblock %}", 3, 3, "there is no parent block"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", 3, 3, "call one another without end"),
        ("{{ " + "(" * 500 + "1" + ")" * 500 + " }}", 3, 3, "too many levels of nesting"),
    ],
)
def test_each_kind_of_error(source: str, line: int, column: int, words: str) -> None:
    """The error is at the YAML file's own line and column, and says what was probably meant."""

    def broken() -> None:
        raise ValueError("out of tea")

    error = (
        failure(source, user={"total": 5}, items=[{"name": "x"}], n=1, broken=broken)
        if "zzz" not in source
        else (failure(source, user={}, items=[], n=1))
    )

    assert words in str(error)
    if "(((" not in source:
        assert Location("notifications/case.yaml", line, column) == error.location


def test_deep_nesting_in_python_is_an_error_of_the_template() -> None:
    """What Python cannot compile is reported like any other fault."""
    source = "".join(f"{{% for a{n} in x %}}" for n in range(30)) + "{% endfor %}" * 30

    assert "SyntaxError: too many statically nested blocks" in str(failure(source, x=[1]))


def test_a_template_that_includes_itself(tmp_path: Path) -> None:
    """Endless inclusion is stopped, and the chain is short enough to read."""
    write(tmp_path, a__txt="{% include 'a.txt' %}")
    with pytest.raises(RenderError, match="without end") as caught:
        text("{% include 'a.txt' %}", renderer=Renderer(folders=[tmp_path], shown_from=tmp_path))

    assert len(caught.value.chain) <= 10


def test_an_error_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    """A syntax error in an included template is at its own place, with the way there."""
    write(tmp_path, bad__txt="one\n{% if %}\n")
    with pytest.raises(RenderError) as caught:
        text("\n{% include 'bad.txt' %}", renderer=Renderer(folders=[tmp_path], shown_from=tmp_path))

    assert str(caught.value).startswith("bad.txt:2:1: Expected an expression")
    assert "by way of notifications/case.yaml:4 > bad.txt:2" in str(caught.value)


def test_an_error_in_the_main_file(tmp_path: Path) -> None:
    """A syntax error in a body of its own is at that file; outside of `shown_from` the path is whole."""
    write(tmp_path, bad__txt="one\n{{ x | nope }}\n")
    with pytest.raises(RenderError) as caught:
        render(case(text=named("bad.txt")), renderer=Renderer(folders=[tmp_path], shown_from=tmp_path / "else"))

    assert f"{tmp_path / 'bad.txt'}:2:8: there is no filter 'nope'" in str(caught.value)


def test_a_template_without_a_file() -> None:
    """A template that a plugin's loader made up has a name, and no excerpt."""
    renderer = Renderer(loaders=[jinja2.DictLoader({"x.txt": "\n{{ nope }}", "y.txt": "{% if %}", "z\0": ""})])
    for name in ("x.txt", "y.txt"):
        with pytest.raises(RenderError) as caught:
            text(f"{{% include '{name}' %}}", renderer=renderer)

        assert "" == caught.value.excerpt


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{% macro f(a) %}{{ a.nme }}{% endmacro %}{{ f({}) }}", "a, f, preheader, subject"),
        ("{% set b = 1 %}\n{% macro f(a) %}\n{{ a.nme }}{% endmacro %}\n{{ f({}) }}", "a, b, f, preheader, subject"),
        ("{% for i in [{}] if i.nme %}{% endfor %}", "i, preheader, subject"),
        ("{% for i in [1] %}{{ nope }}{% endfor %}", "i, preheader, subject"),
        ("{{ nope }}", "preheader, subject"),
    ],
)
def test_the_names_in_scope(source: str, names: str) -> None:
    """Params, globals, variables of the template and the locals of macro and loop are listed."""
    assert names.split(", ") == list(failure(source).variables)


@pytest.mark.parametrize("source", ["a\n{{ nope }}", "{{ 1\n| nope }}"])
def test_a_folded_value_reports_where_it_begins(source: str) -> None:
    """Where lines of the template are not lines of the file, the error is where the value begins."""
    place = InPlace(source, Location("n.yaml", 5, 9), by_line=False)
    with pytest.raises(RenderError) as caught:
        render(case(text=place))

    assert Location("n.yaml", 5, 9) == caught.value.location
    assert f"  > 5 | {' '.join(source.split())}" == caught.value.excerpt


def test_objects_are_described_by_their_public_attributes() -> None:
    """For an object, the suggestion comes from its attributes, without those that begin with an underscore."""

    class Person:
        name = "Ada"
        _nome = 1

    assert "p has no 'nome' (did you mean 'name'?)" in str(failure("{{ p.nome }}", p=Person()))


def test_sensitive_values_are_in_no_error() -> None:
    """A sensitive value that an exception repeats is blacked out, and the exception itself is left out."""
    params = {
        name: Param(name, "str", Name("str"), Location("n.yaml", 1), sensitive=True)
        for name in ("token", "pins", "deep")
    }
    definition = case(
        contract=Contract(params),
        text=block(
            "{% if n == 1 %}{{ {}[token] }}{% elif n == 2 %}{{ {}[pins[0]] }}{% else %}{{ boom(deep.x) }}{% endif %}"
        ),
    )

    def boom(value: str) -> None:
        raise ValueError(f"bad {value}")

    for n in (1, 2, 3):
        with pytest.raises(RenderError) as caught:
            render(definition, n=n, token="s3cret", pins=["s3cret"], deep={"x": "s3cret", "y": None}, boom=boom)

        assert "***" in str(caught.value)
        assert "s3cret" not in str(caught.value)
        assert (None, None) == (caught.value.__cause__, caught.value.__context__)


def test_the_cause_is_kept() -> None:
    """What was raised is the error's cause, for `--debug`."""
    assert isinstance(failure("{{ 5 / 0 }}").__cause__, ZeroDivisionError)


def test_an_error_that_a_function_raises_is_of_the_template() -> None:
    """An error of notify's own, raised by a global, is told like any other."""

    def fail() -> None:
        raise jinja2.TemplateError

    assert "3:3: TemplateError" in str(failure("{{ fail() }}", fail=fail))


def test_errors_in_lines() -> None:
    """A fault of a subject, header or tag is at its own place."""
    for fields in ({"subject": "{{ nope }}"}, {"headers": {"X": word("{{ nope }}")}}, {"tags": (word("{{ nope }}"),)}):
        with pytest.raises(RenderError, match=r"case\.yaml:1:13: 'nope' is not defined"):
            render(case(text=block("x"), **fields))


@pytest.mark.parametrize("source", ["{{ " + "(" * 400 + "1" + ")" * 400 + " }}", "{{ " + "1 + " * 5000 + "1 }}"])
def test_a_template_that_nests_too_deep_is_named(tmp_path: Path, source: str) -> None:
    """The file itself, not the definition that names it, nor an endless include."""
    write(tmp_path, case__html=source)

    with pytest.raises(RenderError, match=r"case\.html:1:\d+: the template has too many levels of nesting"):
        render(case(html=named("case.html")), renderer=Renderer(folders=[tmp_path], shown_from=tmp_path))


def test_an_undefined_argument_is_the_fault_of_the_caller(tmp_path: Path) -> None:
    """What a macro is given and cannot print is told where it was written, with what was meant there."""
    (tmp_path / "ui.html").write_text(
        "{% macro button(text, url) %}\n<a href='{{ url }}'>{{ text }}</a>\n{% endmacro %}"
    )
    (tmp_path / "case.html").write_text('{% import "ui.html" as ui %}\n{{ ui.button("Go", lnk) }}\n')
    with pytest.raises(RenderError) as caught:
        render(case(), renderer=Renderer(folders=[tmp_path], shown_from=tmp_path), link="https://acme.example")

    assert ("case.html:2:20", "did you mean 'link'?") == (str(caught.value.location), caught.value.hint)
    assert "link" in caught.value.variables
    assert ["case.html", "ui.html"] == [frame.template for frame in caught.value.chain]
