"""Where values begin and end in a text."""

from __future__ import annotations

import pytest
import yaml

from notify.preview.data import spans as module
from notify.preview.data.spans import Span, spans


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers of PyYAML must tell the same places."""
    monkeypatch.setattr(module, "_LOADER", getattr(yaml, request.param))
    return str(request.param)


def value(text: str, key: str = "a") -> tuple[Span, str]:
    """The value of a key, and its characters."""
    found = spans(text).get(key)
    assert found is not None
    return found, text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a: x  # c\n", "x"), ("a: 'x # y' # c\n", "'x # y'"), ("a: x\n  y # c\n\n", "x\n  y"), ("a:\nb: 1", ""),
        ("a: *b", "*b"),
        ("a: [1, # c\n 2 ] # d", "[1, # c\n 2 ]"), ("a: {x: 1} ", "{x: 1}"), ("a:\n  x: 1\n  # c\n\n# d\n", "x: 1"),
        ("a:\n- 1\n- b: 2 # c\n", "- 1\n- b: 2"),
        ("a: |\n  x\n\n  y\n\n\n# c\n", "|\n  x\n\n  y"),
        ("a: |+\n  x\n\n\n# c\n", "|+\n  x\n\n\n"),
        ("a: &b !!str |2+\n  x\n\n", "&b !!str |2+\n  x\n\n"), ("a: >-\n  x +\n\n", ">-\n  x +"),
        ("a: &b\n  x: 1\n", "&b\n  x: 1"),
        ("a: |\r\n  é😀\r\n\r\nb: 1", "|\r\n  é😀"), ("😀: {é: x} ", None), ("a:\n  x:\n\nb: 1", "x:"),
    ],
)  # fmt: skip
def test_ends(text: str, written: str | None) -> None:
    """A value ends where what is written ends: before comments and blank lines, but for those that are kept."""
    if written is None:
        assert "{é: x}" == value(text, "😀")[1]
    else:
        assert written == value(text)[1]


def test_what_a_span_knows() -> None:
    """Mappings, lists, flow style, columns from 0 (of the first key, not of an anchor), and the entries."""
    block, _ = value("a: &b\n    x: [1]\n    y: z\n")
    items = block.get("x")
    assert items is not None

    assert (True, False, 4) == (block.is_mapping, block.is_flow, block.column)
    assert (False, True, 7) == (items.is_mapping, items.is_flow, items.column)
    assert [("x", None), ("y", "z")] == [(key.value, each.value) for key, each in block.entries()]
    assert block.get("z") is None
    assert [] == items.entries()
    assert Span(0, 0, 0, value="") == spans("# nothing")
