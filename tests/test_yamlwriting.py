"""Writing plain values as YAML, and that they come back."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notify.yamlnodes import Reader, composing
from notify.yamlnodes import plain as to_plain
from notify.yamlnodes.writing import write, write_flow

ODD = [
    "", " ", "  lead", "trail ", "\ttab", "a\tb", "yes", "No", "ON", "y", "null", "~", "true", ".inf", "nan", "1e3",
    "12:30", "0x10", "0o17", "1_000", "2026-03-02", "2026-03-02 10:00:00", "-", "- a", "?", ": ", "a: b", "a:b", "a #b",
    "#a", "a:", "A?", "a ?b", "a, b", "[a]", "{a}", "{{ name }}", "a {{ b }}", "*a", "&a", "!a", "|", ">", "%a",
    "@a", "`a", "'", '"', "a'b", 'a"b', "C:\\a", "it's \"so\"", "---", "--- a", "...", "<<", "=",
    "\x00\x07\x1b\x7f\x85\xa0\u2028\u2029\ufeff\ufffe",
    "日本語", "مرحبا", "👩‍👩‍👧 a", "\U0010ffff", "a\r\nb", "x" * 5000, "é", "\u00a0a", "a\u3000",
]  # fmt: skip
SEVERAL_LINES = [
    "a\nb", "a\nb\n", "a\n\nb\n", "a\nb\n\n", "\n", "\n\n", "\na\n", "\n a\n", " a\nb", "a\n  b\n", "a\n\tb\n", "a \nb",
    "a\nb ", "a\n \nb", "a\x07\nb", "# a\n# b\n", "---\na\n", "a: b\n- c\n", "a\n# b", "\ta\nb", "{{ a }}\n{% b %}\n",
]  # fmt: skip
TEXT = st.text(max_size=30) | st.sampled_from(ODD + SEVERAL_LINES) | st.text("ab \n\t:#-'\"\\{}[],", max_size=20)
SCALARS = (
    TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


def read(text: str) -> Any:
    """What our reader makes of it."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")
    assert () == reader.faults
    assert root is not None
    return to_plain(root)


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@given(values=st.dictionaries(TEXT, PLAIN, max_size=5), step=st.integers(1, 8), literals=st.booleans())
def test_everything_comes_back(loader: str, values: dict[str, Any], step: int, *, literals: bool) -> None:
    """Any plain values are read back as the same, types and order included, by either parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "_LOADER", getattr(yaml, loader))
        back = read(write(values, step=step, literals=literals))
        flow = read(write_flow(values))

    assert repr(values) == repr(back)
    assert repr(values) == repr(flow)


@pytest.mark.parametrize("text", ODD + SEVERAL_LINES)
def test_readers_of_yaml_1_1_agree(text: str) -> None:
    """Text is text for PyYAML too, as a value, as a key, and as an item."""
    values = {"a": text, text: [text, {text: text}]}

    assert values == yaml.safe_load(write(values))
    assert values == yaml.safe_load(write_flow(values))


@pytest.mark.parametrize("number", [0, -1, 10**30, 1.0, -0.5, 1e16, 1e-7, 1.5e300, -0.0])
def test_readers_of_yaml_1_1_agree_on_numbers(number: float) -> None:
    """Numbers keep their kind and value."""
    assert repr(number) == repr(yaml.safe_load(write({"a": number}))["a"])


def test_looks_as_a_person_writes_it() -> None:
    """Short lists and flat items are on one line, all else in blocks."""
    values = {
        "name": "Ada Lovelace", "at": "2026-03-02", "place": None, "new": True, "rate": 1.5, "none": {}, "nothing": [],
        "tags": ["a", "b, c"], "customer": {"name": "Ada", "lines": [["a"], ["b", ["c"]]]}, "html": '<a href="x">',
        "items": [{"name": "Tea: blue", "price": "1.50"}, {"note": "two\nlines", "to": {"deep": [1]}}, "a\nb\n"],
        "text": "Hello\n\n  you\n", "open": "a\nb", "long": ["x" * 60, "y" * 60],
    }  # fmt: skip

    assert (
        """\
name: Ada Lovelace
at: "2026-03-02"
place: null
new: true
rate: 1.5
none: {}
nothing: []
tags: [a, "b, c"]
customer:
  name: Ada
  lines:
    - [a]
    - - b
      - [c]
html: '<a href="x">'
items:
  - {name: "Tea: blue", price: "1.50"}
  - note: |-
      two
      lines
    to:
      deep: [1]
  - |
    a
    b
text: |
  Hello

    you
open: |-
  a
  b
long:
  - """
        + "x" * 60
        + "\n  - "
        + "y" * 60
        + "\n"
    ) == write(values)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"), (5, "5"), ("5", '"5"'), ([], "[]"), ({}, "{}"), ("a, b", "a, b"), ("a\nb", '"a\\nb"'),
    ],
)  # fmt: skip
def test_a_value_alone(value: Any, text: str) -> None:
    """What is no mapping can be written too."""
    assert f"{text}\n" == write(value)


def test_indentation() -> None:
    """Lines stand where they are wanted."""
    assert "    a:\n       b:\n          - |\n             x\n             y\n" == write(
        {"a": {"b": ["x\ny\n"]}}, indent=4, step=3
    )


def test_long_keys() -> None:
    """A key too long to stand before a colon has a question mark."""
    values = {"k" * 1500: {"b" * 1500: 1}, "list": [{"l" * 1500: ["a\nb"]}]}

    assert values == read(write(values))
    assert values == read(write_flow(values))


def circular() -> list[Any]:
    """A list that holds itself."""
    values: list[Any] = []
    values.append(values)
    return values


def deep(levels: int) -> Any:
    """Lists in lists."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_deep_values() -> None:
    """As many levels as the reader takes."""
    assert {"a": deep(99)} == read(write({"a": deep(99)}))


UNWRITABLE = {
    "text": ("\ud800", "lone surrogate"),
    "key": ({"\udc00": 1}, "lone surrogate"),
    "nan": (float("nan"), "not finite"),
    "infinity": (float("inf"), "not finite"),
    "many digits": (10**4000, "too long"),
    "minus and many digits": (-(10**3999), "too long"),
    "number as key": ({1: 2}, "key is not text"),
    "bytes": (b"x", "type bytes"),
    "circle": (circular(), "more than 100 levels"),
    "deep": (deep(101), "more than 100 levels"),
    "tuple": ({"a": (1,)}, "type tuple"),
}


@pytest.mark.parametrize("case", UNWRITABLE)
def test_what_cannot_be_written(case: str) -> None:
    """It is refused, in either style, with what it is."""
    value, words = UNWRITABLE[case]

    with pytest.raises(ValueError, match=words):
        write(value)
    with pytest.raises(ValueError, match=words):
        write_flow(value)
