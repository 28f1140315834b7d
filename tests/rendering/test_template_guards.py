"""Operators, methods, filters and printing within limits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from rendering.making import case, html, render, text, word

from notify.errors import RenderError
from notify.rendering import Limits, Renderer

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Renderer(limits=Limits(output_bytes=1000, seconds=0.2, items=50, width=40, bits=200))

HARMLESS = [
    ("{{ 2 + 3 * 4 ** 2 % 7 }}", "8"),
    ("{{ 2 ** -1 }}", "0.5"),
    ("{{ 2.5 ** 2 * 2.0 }}", "12.5"),
    ("{{ 'ab' * 2 }}{{ 2 * 'ab' }}", "abababab"),
    ("{{ 'a' + 'b' }}", "ab"),
    ("{{ [1] + [2] }}{{ (1,) + (2,) }}", "[1, 2](1, 2)"),
    ("{{ [1] * 2 }}", "[1, 1]"),
    ("{{ 7 % 4 }}", "3"),
    ("{{ 'a%sb' % 'x' }}{{ '%(k)s' % {'k': 1} }}{{ '%d-%d' % (1, 2) }}", "axb11-2"),
    ("{{ '%*d' % (4, 1) }}", "   1"),
    ("{{ 'a' ~ 1 ~ [2] }}", "a1[2]"),
    ("{{ range(3) | list }}{{ range(5, 1, -2) | list }}{{ range(0) | list }}", "[0, 1, 2][5, 3][]"),
    ("{{ 'x'.center(5) }}|{{ 'x'.ljust(3) }}|{{ 'x'.rjust(3) }}|{{ '7'.zfill(3) }}", "  x  |x  |  x|007"),
    ("{{ 'a\tb'.expandtabs(4) }}{{ 'ab'.expandtabs() }}", "a   bab"),
    ("{{ ', '.join(['a', 'b']) }}{{ 'aXb'.replace('X', '-') }}", "a, ba-b"),
    ("{{ (5).to_bytes(2, 'big') | length }}", "2"),
    ("{{ 'abc'.translate({97: 'x', 98: none}) }}", "xc"),
    ("{{ '{:>4}|{}'.format(1, 'x') }}{{ '{a}'.format_map({'a': 2}) }}", "   1|x2"),
    ("{{ ['a', 'b'] | join('-') }}{{ [{'x': 1}, {'x': 2}] | join(',', attribute='x') }}", "a-b1,2"),
    ("{{ 'ab' | center(4) }}{{ 'a\nb' | indent(2) }}{{ 'a\nb' | indent('> ') }}", " ab a\n  ba\n> b"),
    ("{{ 'aa' | replace('a', 'b') }}{{ 1.256 | round(1) }}", "bb1.3"),
    ("{{ 'aa bb' | wordwrap(2) }}{{ 'aa bb' | wordwrap(2, wrapstring='/') }}", "aa\nbbaa/bb"),
    ("{{ '%s!' | format('x') }}{{ '%(k)s' | format(k=1) }}", "x!1"),
    ("{{ [1, 2] | sum }}{{ [{'x': 1}] | sum(attribute='x') }}", "31"),
    ("{{ [1, 2, 3] | batch(2, 0) | list }}{{ [1, 2] | slice(2) | list }}", "[[1, 2], [3, 0]][[1], [2]]"),
    ("{{ {'a': [1, 'b']} }}", "{'a': [1, 'b']}"),
    ("{{ [1, 'x'] | string | upper }}{{ {'k': 1} | tojson(indent=1) }}", "[1, 'X']{\n \"k\": 1\n}"),
]

HOSTILE = [
    "{{ 2 ** (2 ** 30) }}",
    "{{ 10 ** 10 ** 8 }}",
    "{{ (2 ** 150) * (2 ** 150) }}",
    "{{ 'x' * 10 ** 9 }}",
    "{{ 10 ** 9 * 'x' }}",
    "{{ [0] * 10 ** 9 }}",
    "{{ range(40) | list + range(40) | list }}",
    "{{ ('x' * 900) + ('x' * 900) }}",
    "{{ ('x' * 900) ~ ('x' * 900) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ ('a' * 900).translate({97: 'b' * 900}) | length }}",
    "{{ '%99999999999999999999d' % 1 }}",
    "{{ '%*d' % (10 ** 9, 1) }}",
    "{{ '%(k)s%(k)s' % {'k': 'x' * 900} }}",
    "{{ '%s%s' % (x, x) }}",
    "{{ range(10 ** 9) | list }}",
    "{{ range(10 ** 40) | list }}",
    "{{ range(0, -1000, -1) | list }}",
    "{{ 'x'.ljust(10 ** 9) }}",
    "{{ 'x'['ljust'](10 ** 9) }}",
    "{{ ('x' | attr('ljust'))(10 ** 9) }}",
    "{{ 'x'.rjust(width=10 ** 9) }}",
    "{{ ('\t' * 900).expandtabs(40) }}",
    "{{ (1).to_bytes(10 ** 9, 'big') }}",
    "{{ ('x' * 900).join(['a', 'b', 'c']) }}",
    "{{ ('a' * 900).replace('a', 'bb') }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{w}}'.format(1, w=10 ** 9) }}",
    "{{ ('{0}' * 9).format('x' * 900) }}",
    "{{ ('{0}' | safe).format('x' * 9999) }}",
    "{{ '{x}'.format_map({'x': ['x' * 900, 'x' * 900]}) }}",
    "{{ [x, x] | join }}",
    "{{ [[x], [x]] | join }}",
    "{{ 'x' | center(10 ** 9) }}",
    "{{ ('a\n' * 400) | indent(40) }}",
    "{{ ('a\n' * 400) | indent(x) }}",
    "{{ ('a' * 900) | replace('a', 'bb') }}",
    "{{ ('a ' * 400) | wordwrap(1, wrapstring=x) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ [1] | batch(10 ** 9, 'x') | list }}",
    "{{ [1] | slice(10 ** 9) | list }}",
    "{{ {'k': 1} | tojson(indent=10 ** 9) }}",
    "{{ 1.5 | round(10 ** 9, 'ceil') }}",
    "{{ [[1], [2]] | sum(start=[]) }}",
    "{% set y = [x, x] %}{% set z = [y, y] %}{{ z }}",
    "{% set y = [x, x] %}{{ y | string | length }}",
    "{% set y = [x, x] %}{{ 'a' ~ y }}",
    "{% set y = {'k': x, 'l': x} %}{{ y | upper }}",
    "{% set y = [x, x] %}{{ y | replace('a', 'b') }}",
    "{% set y = [x, x] %}{{ '%s' % (y,) }}",
]


@pytest.mark.parametrize(("source", "expected"), HARMLESS)
def test_ordinary_use_is_not_in_the_way(source: str, expected: str) -> None:
    """Operators, methods and filters do what Jinja2 says as long as nothing gets large."""
    assert f"{expected}\n" == text(source, renderer=SMALL)


@pytest.mark.parametrize("source", HOSTILE)
def test_a_limit_stops_what_would_get_huge(source: str) -> None:
    """What would take all memory or time is refused at once, at compile time or later, with the place."""
    began = time.monotonic()
    with pytest.raises(RenderError, match=r"case\.yaml:[34]:.*(limit of|`sum` is for numbers)"):
        text(source, renderer=SMALL, x="x" * 700)

    assert time.monotonic() - began < 1


@pytest.mark.parametrize("source", [each for each in HOSTILE if "**" in each])
def test_the_limits_hold_without_the_sandbox(source: str) -> None:
    """Turning the sandbox off gives attributes back, not endless powers."""
    renderer = Renderer(sandbox=False, limits=Limits(output_bytes=1000, items=50, width=40, bits=200))
    with pytest.raises(RenderError, match="limit"):
        text(source, renderer=renderer)


def test_octets_are_held_too() -> None:
    """Methods and operators of bytes are checked like those of text."""
    for source in ("{{ b.ljust(100) }}", "{{ b % 1 }}", "{{ b * 1000 }}"):
        with pytest.raises(RenderError, match="limit"):
            text(source, renderer=SMALL, b=b"%100d")

    assert "b'x1'\n" == text("{{ b % 1 }}", renderer=SMALL, b=b"x%d")


def test_a_formatted_markup_escapes_its_arguments() -> None:
    """`format` of a safe text escapes what is put in, as Markup does."""
    assert "<b>&lt;i&gt;</b>" in html("{{ ('<b>{}</b>' | safe).format('<i>') }}")


def test_format_cannot_leave_the_sandbox() -> None:
    """`{0.__class__}` of str.format is as unsafe as in a template."""
    with pytest.raises(RenderError, match="unsafe"):
        text("{{ '{0.__class__}'.format(1) }}")


LONG = [
    "{% for a in range(50) %}" * 4 + "{% endfor %}" * 4,
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% for a in endless %}{% endfor %}",
    "{% for a in endless %}{{ 'x' if false }}{% endfor %}",
]


@pytest.mark.parametrize("source", LONG)
def test_the_clock_stops_what_prints_nothing(source: str) -> None:
    """Loops and calls without output end when the time is up, and the error names the place."""
    began = time.monotonic()
    with pytest.raises(RenderError, match=r"case\.yaml:3:.*limit of 0\.2 seconds"):
        text(source, renderer=SMALL, endless=iter(int, 1))

    assert time.monotonic() - began < 2


def test_the_clock_stops_what_prints_much() -> None:
    """A long output whose time is up ends at the line that was printing."""
    renderer = Renderer(limits=Limits(seconds=-1))
    with pytest.raises(RenderError, match=r"case\.yaml:5:.*limit of -1 seconds"):
        text("one\n{% for a in few %}\n" + "{{ a }}" * 40 + "\n{% endfor %}", renderer=renderer, few=range(60))


def test_all_parts_share_the_time() -> None:
    """The subject's time counts too, and the next rendering has its own."""
    slow = "{% for a in endless %}{% endfor %}"
    with pytest.raises(RenderError, match=r"case\.yaml:1:"):
        render(case(subject=slow, text=word("x")), renderer=SMALL, endless=iter(int, 1))

    assert "x\n" == text("x", renderer=SMALL)


@pytest.mark.parametrize(
    ("source", "line"),
    [("one\n{% for a in range(50) %}{% for b in range(50) %}{{ x }}{% endfor %}{% endfor %}", 4), ("a\n{{ x }}\n", 3)],
)
def test_output_is_limited(source: str, line: int) -> None:
    """A part over the limit is refused; a long one is stopped on its way, at its line."""
    with pytest.raises(RenderError, match=rf"case\.yaml:{line}:.*limit of 1000 octets"):
        text(source, renderer=SMALL, x="ö" * 600)


def test_a_file_over_the_limit_is_named(tmp_path: Path) -> None:
    """Where no line is to blame, the file is."""
    (tmp_path / "case.txt").write_text("{{ x }}", encoding="utf-8")
    renderer = Renderer(folders=[tmp_path], shown_from=tmp_path, limits=Limits(output_bytes=10))
    with pytest.raises(RenderError, match=r"^case\.txt:1:1: the output is over the limit of 10 octets"):
        render(case(), renderer=renderer, x="x" * 11)


def test_the_output_limit_counts_octets() -> None:
    """Only text that is too long in UTF-8 is too long."""
    assert "x" * 1000 + "\n" == text("{{ x }}", renderer=SMALL, x="x" * 1000)


def test_a_list_may_be_long_if_it_is_given() -> None:
    """Limits are for what templates make, not for what they are given: long loops run."""
    renderer = Renderer(limits=Limits(items=50))

    assert f"{'x' * 3000}3000\n" == text(
        "{% for a in given %}x{% if loop.last %}{{ loop.length }}{% endif %}{% endfor %}",
        renderer=renderer,
        given=list(range(3000)),
    )
