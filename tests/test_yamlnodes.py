"""YAML as positioned values: what is read, and how every fault of a file is told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notify.errors import Location
from notify.yamlnodes import MappingNode, Node, Reader, ScalarNode, SequenceNode, composing, merge, nearest_location
from notify.yamlnodes import plain as to_plain

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers of PyYAML must tell the same places; the one written in C is missing from some builds."""
    monkeypatch.setattr(composing, "_LOADER", getattr(yaml, request.param))
    return str(request.param)


def read(text: str) -> tuple[Any, list[str]]:
    """The plain values of a text, and its faults."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")
    return (None if root is None else to_plain(root)), [str(fault) for fault in reader.faults]


def root_of(text: str) -> MappingNode:
    """The root of a text without faults."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")
    assert not reader.faults
    assert root is not None
    return root


def scalar(text: str, key: str = "a") -> ScalarNode:
    """The scalar under a key."""
    node = root_of(text).get(key)
    assert isinstance(node, ScalarNode)
    return node


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("true", True), ("True", True), ("FALSE", False),
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("n", "n"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01"),
        ("0", 0), ("-7", -7), ("+7", 7), ("007", 7), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"), ("0b1", "0b1"),
        ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("1.", 1.0),
        ("text", "text"), ("'5'", "5"), ('"true"', "true"), ("!!str 5", "5"),
        ("! 5", "5"), ("!!int 5", 5), ("!!float 1.5", 1.5), ("1.2.3", "1.2.3"), ("tomorrow", "tomorrow"),
        ("[]", []), ("{}", {}), ("!!seq [1]", [1]), ("!!map {b: 1}", {"b": 1}), ("nan", "nan"), (".", "."),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(source: str, value: object) -> None:
    """YAML 1.2, section 10.3: only these spellings are numbers, booleans and null."""
    found, faults = read(f"a: {source}\n")

    assert not faults
    assert found == {"a": value}
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: .nan", "1:4: .nan is not a finite number (put it in quotes if it is text)"),
        ("a: -.inf", "1:4: -.inf is not a finite number"),
        ("a: 1e999", "1:4: 1e999 is not a finite number"),
        ("a: " + "9" * 5000, "1:4: the number is too long"),
        ("a: 1\nb: 2\na: 3\n", "3:1: 'a' is given twice; first in line 1"),
        ("5: x", "1:1: the key 5 is not text (put it in quotes)"),
        ("~: x", "1:1: the key ~ is not text"),
        ("? [a]\n: b\n", "1:3: a list or a mapping cannot be a key"),
        ("a: !!python/object/apply:os.system [ls]", "1:4: the tag !!python/object/apply:os.system is not allowed"),
        ("a: !mine x", "1:4: the tag !mine is not allowed"),
        ("a: !!set {b}", "1:4: the tag !!set is not allowed"),
        ("a: !!int x", "1:4: the value is not what its tag !!int says"),
        ("a: !!map [x]", "1:4: the value is not what its tag !!map says"),
        ("a: *b", "1:4: there is no &b (put text that begins with * in quotes)"),
        ("a: &x [*x]", "1:8: *x stands inside what it refers to, which has no end"),
        ("[" * 101, "1:101: more than 100 levels of nesting"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here"),
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("- a\n", "1:1: the file: expected a mapping, got a list"),
        ("KEY=secret\n", "1:1: the file: expected a mapping, got text"),
        ("a: b\x07", '1:5: the character \\u0007 cannot stand in a YAML file (write "\\u0007" in double quotes)'),
        ("a: b\nb: c\u2028", "2:5: the character \\u2028 cannot stand"),
    ],
)
def test_what_is_refused_is_told_with_its_place(text: str, fault: str) -> None:
    """Each of these is one fault, where it stands."""
    _, faults = read(text)

    assert len(faults) == 1
    assert faults[0].startswith(f"f.yaml:{fault}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("subject: {{ user }} wrote\ntext: y\n", "1:10"),
        ("subject: {{ user }}\n", "1:10"),
        ("a: 1\nsubject: {% if x %}y{% endif %}\n", "2:10"),
        ("subject: {# note #} x\ntext: y\n", "1:10"),
        ("subject: {{ user\ntext: y\n", "1:10"),
        ("tags:\n  - {{ x }} y\n", "2:5"),
        ("tags: [ {{ x }} ]\n", "1:9"),
        ("a: {b: {{ x }} y}\n", "1:8"),
        ("samples:\n  default: {a: {% x %}}\n", "2:16"),
    ],
)
def test_a_template_without_quotes(text: str, place: str) -> None:
    """YAML reads `{{` as mappings or fails somewhere after it; the message points to it and says to quote."""
    _, faults = read(text)

    assert len(faults) == 1
    assert faults[0].startswith(f"f.yaml:{place}: a value that begins with {{")
    assert "put the whole value in quotes" in faults[0]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("subject: 'Hello\ntext: |\n  x\n", "1:10", "a quote is opened here and never closed"),
        ("a:\n\tb: x\n", "2:1", "a tab stands where YAML wants blanks"),
        ("a: {b: list[str], c: str}\n", "1:12", "a type with [ needs quotes here"),
        ("a: {b: 'x' | 'y'}\n", "1:12", "a type with | needs quotes here"),
        ("a: 'x' | 'y'\n", "1:10", "needs quotes around it (write \"'a' | 'b'\")"),
        ("a: @x\n", "1:4", "text that begins with @ needs quotes"),
        ("a: b: c\n", "1:5", "a second ': ' stands in this value"),
        ("a: 'b' c\n", "1:8", "this is not YAML: "),
        ("a: |x\n  b\n", "1:5", "this is not YAML: "),
        ("a: {# never closed, far above\nb: 1\nc: 'x' {\n", "1:4", "put the whole value in quotes"),
    ],
)
def test_syntax_errors_in_plain_words(text: str, place: str, words: str) -> None:
    """The parser's complaint becomes one that says what to do, at the place to look at."""
    found, faults = read(text)

    assert found is None
    assert len(faults) == 1
    assert faults[0].startswith(f"f.yaml:{place}: ")
    assert words in faults[0]


def test_all_faults_at_once() -> None:
    """Reading goes on after a fault that leaves the rest readable, and they come in the order of the file."""
    reader = Reader()
    root = reader.parse("a: .nan\nb: !x 1\nb: 2\nc: [1]\n", "f.yaml")
    assert root is not None

    reader.text(root.get("c"), "c")
    reader.fault(root.keys["a"], "odd", "mend it")
    reader.fault(root.keys["a"], "odd", "mend it")

    assert [(fault.location.line, fault.message) for fault in reader.faults] == [
        (1, "odd"),
        (1, ".nan is not a finite number"),
        (2, "the tag !x is not allowed"),
        (3, "'b' is given twice; first in line 2"),
        (4, "c: expected text, got a list"),
    ]


def test_a_billion_laughs() -> None:
    """Aliases are taken, but not without a limit on what they stand for."""
    levels = ["l1: &l1 [y, y, y, y, y, y, y, y]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 8)}]" for n in range(2, 12)]
    started = time.process_time()

    _, faults = read("\n".join(levels))

    assert time.process_time() - started < 1
    assert len(faults) == 1
    assert "references with * make this file too large" in faults[0]


def test_aliases_do_not_nest_deeper_than_the_limit() -> None:
    """A chain of references is as deep as what it stands for."""
    chain = ["l0: &l0 [y]"] + [f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 120)]

    _, faults = read("\n".join(chain))

    assert "100 levels" in faults[0]


def test_an_alias_is_the_same_value() -> None:
    """Of scalars, lists and mappings."""
    found, faults = read("a: &x {b: &y 1}\nc: *x\nd: *y\ne: [*x]\n")

    assert not faults
    assert found == {"a": {"b": 1}, "c": {"b": 1}, "d": 1, "e": [{"b": 1}]}


@pytest.mark.parametrize(
    ("text", "content", "by_line", "indent"),
    [
        ("a: plain\n", (1, 4), True, 0),
        ("a: 'quoted'\n", (1, 5), True, 0),
        ('é: 1\na: "é {{ x }}"  # c\n', (2, 5), True, 0),
        ("a: &x !!str 'y'\n", (1, 14), True, 0),
        ("a: |\n  one\n  two\n", (2, 3), True, 2),
        ("a: |-\n\n    one\n      two\n", (2, 5), True, 4),
        ("a: |2\n    one\n", (2, 3), True, 2),
        ("a: |\n\nb: 1\n", (2, 1), True, 0),
        ("a: !!str &x\n  |\n  one\n", (3, 3), True, 2),
        ("a: >\n  one\n  two\n", (1, 4), False, 0),
        ("a: 'one\n  two'\n", (1, 4), False, 0),
        ("a: one\n  two\n", (1, 4), False, 0),
        ('a: "one\\ntwo"\n', (1, 4), False, 0),
        ("a: |\r\n  one\r\n  two\r\n", (2, 3), True, 2),
    ],
)
def test_where_the_text_of_a_scalar_stands(text: str, content: tuple[int, int], *, by_line: bool, indent: int) -> None:
    """So that a line of a template written in place is a line of the file."""
    node = scalar(text)

    assert (node.content.line, node.content.column) == content
    assert (node.by_line, node.indent) == (by_line, indent)
    if by_line and node.source.strip():
        first = next(index for index, character in enumerate(node.source) if not character.isspace())
        place = node.at(first)
        assert text.splitlines()[place.line - 1][place.column - 1] == node.source[first]


def test_the_place_of_a_character() -> None:
    """In a block by line and column; where lines are folded, the beginning."""
    text = "a: |\n    one\n    two\nb: |\n  x\n"
    block, other = scalar(text), scalar(text, "b")
    folded = scalar("a: >\n    one\n    two\n")

    assert block.at(5) == Location("f.yaml", 3, 6)
    assert other.at(0) == Location("f.yaml", 5, 3)
    assert folded.at(5) == Location("f.yaml", 1, 4)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc:#{}[]'\"|>-é \n", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=8,
    ),
    flow=st.booleans(),
)
def test_what_was_written_is_read(value: object, *, flow: bool) -> None:
    """Whatever PyYAML writes comes back the same, and the place of each text shows that text."""
    found, faults = read(yaml.safe_dump({"a": value}, default_flow_style=flow, allow_unicode=True))

    assert not faults
    assert found == {"a": value}


@given(st.text("ab:-|>'\"{}[]#&*!%@,?\n\t {{%", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything gives values, or faults with places inside the file."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")

    assert root is not None or reader.faults
    assert all(1 <= fault.location.line <= text.count("\n") + 2 for fault in reader.faults)


def test_files(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are taken; the path is shown as asked."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    reader = Reader()

    root = reader.load(path, "shown.yaml")

    assert root is not None
    assert to_plain(root) == {"a": 1, "b": 2}
    assert root.keys["b"] == Location("shown.yaml", 2, 1)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: the file is not UTF-8 (save it as UTF-8)"),
        (b"a: '" + b"x" * 1_000_000 + b"'", "f.yaml:1:1: the file is larger than 1,000,000 bytes"),
        (None, "f.yaml:1:1: the file cannot be read: No such file or directory"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes | None, fault: str) -> None:
    """Missing, too large, in another encoding: a fault each."""
    path = tmp_path / "f.yaml"
    if content is not None:
        path.write_bytes(content)
    reader = Reader()

    assert reader.load(path, "f.yaml") is None
    assert [str(each) for each in reader.faults] == [fault]


@pytest.mark.parametrize(
    "text", ["[" * 500_000, "a: " + "{b: " * 250_000, "- " * 400_000, "? " * 400_000, "a:\n" * 30_000]
)
def test_hostile_files_end_soon(text: str) -> None:
    """A megabyte of openings or of repeated keys is refused in about a second at most."""
    started = time.process_time()

    _, faults = read(text)

    assert faults
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n-" + " " * 900_000 + "@x",
        "a: b\n" + "- " * 450_000 + "@x",
        "a: b\n" + "x " * 100_000 + "@x",
        "a: " + "'" * 900_001,
        "a: [b" + ": " * 400_000 + "@x",
        "a: {\n" + ("-" + " " * 190 + "x: y\n") * 4_000 + "@x",
    ],
)
def test_explaining_a_long_line_takes_no_longer(text: str) -> None:
    """What is looked for in a faulty line is found, or not, in one go."""
    started = time.process_time()

    _, faults = read(text)

    assert faults
    assert time.process_time() - started < 5


READER = """
text: hello
number: 5
half: 1.5
flag: true
yes: yes
list: [a, 5, b]
map: {k: v}
none:
"""


def test_the_helpers_read_what_they_expect() -> None:
    """Each gives a plain value, without a fault."""
    reader, root = Reader(), root_of(READER)

    assert reader.text(root.get("text"), "t") == "hello"
    assert reader.texts(root.get("text"), "t") == ("hello",)
    assert reader.integer(root.get("number"), "n", at_least=5) == 5
    assert reader.number(root.get("half"), "n") == 1.5
    assert reader.number(root.get("number"), "n") == 5
    assert reader.boolean(root.get("flag"), "f") is True
    assert len(reader.sequence(root.get("list"), "l")) == 3
    assert reader.mapping(root.get("map"), "m") == root.get("map")
    assert reader.choice(root.get("text"), "t", ("hello", "bye")) == "hello"
    assert not reader.faults


def test_the_helpers_pass_over_what_is_not_given() -> None:
    """A key that is missing is no fault, and gives None or nothing."""
    reader = Reader()

    assert reader.text(None, "t") is None
    assert reader.texts(None, "t") == ()
    assert reader.integer(None, "n") is None
    assert reader.number(None, "n") is None
    assert reader.boolean(None, "f") is None
    assert reader.sequence(None, "l") == ()
    assert reader.mapping(None, "m") is None
    assert reader.choice(None, "t", ("a",)) is None
    assert not reader.faults


@pytest.mark.parametrize(
    ("helper", "key", "fault"),
    [
        ("text", "number", '3:9: w: expected text, got the number 5 (put it in quotes: "5")'),
        ("text", "flag", '5:7: w: expected text, got true (put it in quotes: "true")'),
        ("text", "none", '9:6: w: expected text, got nothing (write "" for empty text)'),
        ("text", "map", "8:6: w: expected text, got a mapping"),
        ("texts", "list", '7:11: w: expected text, got the number 5 (put it in quotes: "5")'),
        ("integer", "half", "4:7: w: expected a whole number, got the number 1.5"),
        ("integer", "flag", "5:7: w: expected a whole number, got true"),
        ("number", "text", "2:7: w: expected a number, got 'hello'"),
        ("number", "flag", "5:7: w: expected a number, got true"),
        ("boolean", "yes", "6:6: w: expected true or false, got 'yes' (write true or false, without quotes)"),
        ("boolean", "number", "3:9: w: expected true or false, got the number 5"),
        ("boolean", "list", "7:7: w: expected true or false, got a list"),
        ("sequence", "text", "2:7: w: expected a list, got 'hello'"),
        ("sequence", "none", "9:6: w: expected a list, got nothing (write [] for none)"),
        ("mapping", "list", "7:7: w: expected a mapping, got a list"),
        ("mapping", "none", "9:6: w: expected a mapping, got nothing (write {} for none)"),
    ],
)
def test_the_helpers_tell_what_they_expected(helper: str, key: str, fault: str) -> None:
    """A value of another kind is a fault at its place."""
    reader, root = Reader(), root_of(READER)

    getattr(reader, helper)(root.get(key), "w")

    assert [str(each) for each in reader.faults] == [f"f.yaml:{fault}"]


def test_limits_choices_and_unknown_keys() -> None:
    """The messages name what there is, and what was probably meant."""
    reader, root = Reader(), root_of("number: 5\nmode: implict\nmod: x\n")

    assert reader.integer(root.get("number"), "number", at_least=6) is None
    assert reader.choice(root.get("mode"), "mode", ("implicit", "none")) is None
    reader.known_keys(root, {"number", "mode"})

    assert [str(each) for each in reader.faults] == [
        "f.yaml:1:9: number: expected a whole number of at least 6, got the number 5",
        "f.yaml:2:7: mode: 'implict' is not one of implicit, none (did you mean 'implicit'?)",
        "f.yaml:3:1: unknown key 'mod' (did you mean 'mode'?)",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: {type: str, description: A city, if known.}", "text with a comma needs quotes inside {...}"),
        ("a: {type: str, description: A city, known.}", "text with a comma needs quotes inside {...}"),
        ("a: {type: str, description: A city, and so on: x}", "did you mean"),
        ("a: {type: str, typ}", "did you mean 'type'?"),
    ],
)
def test_text_that_ends_at_its_comma(text: str, hint: str) -> None:
    """In {...} the rest of a text becomes a key; the hint says what to do about it."""
    reader, root = Reader(), root_of(text)
    node = reader.mapping(root.get("a"), "a")
    assert node is not None

    reader.known_keys(node, {"type", "description", "and so"})

    assert [hint in fault.hint for fault in reader.faults] == [True]


def test_merging() -> None:
    """Mappings merge, all else is replaced; places stay those of the file."""
    root = root_of("a: {x: 1, y: {z: 1}, l: [1]}\nb: {y: {w: 2}, l: [2], n: 3}\n")
    base, over = root.entries["a"], root.entries["b"]

    merged = merge(base, over)

    assert to_plain(merged) == {"x": 1, "y": {"z": 1, "w": 2}, "l": [2], "n": 3}
    assert nearest_location(merged, ["y", "z"]) == Location("f.yaml", 1, 18)
    assert isinstance(merged, MappingNode)
    assert merged.keys["n"] == Location("f.yaml", 2, 24)
    assert merged.without("x", "y").keys.keys() == {"l", "n"}
    assert merge(base, over.entries["l"] if isinstance(over, MappingNode) else over) != base


@pytest.mark.parametrize(
    ("steps", "place"),
    [([], (1, 1)), (["a"], (1, 4)), (["a", 1], (1, 8)), (["a", 5], (1, 4)), (["a", 1, "b"], (1, 12)), (["z"], (1, 1))],
)
def test_the_nearest_place(steps: list[str | int], place: tuple[int, int]) -> None:
    """The value that the steps lead to, or the last that exists on the way."""
    root: Node = root_of("a: [1, {b: 2}]\n")

    location = nearest_location(root, steps)

    assert (location.line, location.column) == place


def test_the_nodes() -> None:
    """Lists and mappings know their beginning and their keys."""
    root = root_of("a:\n  - b\nc: {d: e}\n")

    assert root.get("nothing") is None
    assert root.keys == {"a": Location("f.yaml", 1, 1), "c": Location("f.yaml", 3, 1)}
    assert isinstance(root.entries["a"], SequenceNode)
    assert root.entries["a"].location == Location("f.yaml", 2, 3)
