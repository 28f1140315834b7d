"""Writing a new sample into a definition's file: what it says, and that nothing else changes."""

from __future__ import annotations

import os
import stat
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.definition.samples import read_samples
from notify.errors import DefinitionError, Location
from notify.params import SAMPLE_NAMES
from notify.preview.data.saving import add_sample
from notify.yamlnodes import Reader, plain
from notify.yamlnodes.writing import write

if TYPE_CHECKING:
    from pathlib import Path

    from notify.definition.model import Sample

TREE = """\
# Greets.
subject: "Hi"   # quoted

params:
  name: str
samples:
  # the usual one
  default:
    to: Ada <ada@example.com>
    locale: fr
    name: Ada
    customer: {name: Ada, "plan": 'free'}
    items:
    - a
    - b
"""
TEXT = st.text(max_size=20) | st.sampled_from(["a\\nb", "a\nb\n", "\n", "yes", "a: b", "# c", " a", "日本", "'\"\\"])
KEYS = TEXT | st.sampled_from(["name", "plan"])
PARAMS = st.dictionaries(
    st.sampled_from(["name", "customer", "items", "odd"]) | TEXT.filter(lambda key: key not in SAMPLE_NAMES),
    st.recursive(
        TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)  # fmt: skip


def samples_of(path: Path) -> dict[str, Sample]:
    """The samples of a file without faults."""
    reader = Reader()
    root = reader.load(path, str(path))
    assert root is not None
    samples = read_samples(reader, root.get("samples"))
    assert () == reader.faults
    return samples


def saved(
    tmp_path: Path,
    text: str,
    name: str = "new",
    values: dict[str, Any] | None = None,
    base: str | None = None,
    **more: Any,
) -> str:
    """The file after a sample was added to `text`; all that was there must be there still, in order."""
    path = tmp_path / "welcome.yaml"
    path.write_bytes(text.encode())
    values = {"name": "Zoë"} if values is None else values
    based_on = (base, samples_of(path)[base].params) if base else None
    location = add_sample(path, name, values, based_on=based_on, **more)
    after = path.read_bytes().decode()
    sample = samples_of(path)[name]
    assert values == sample.params
    assert sample.location == location
    head = next((at for at, (old, new) in enumerate(zip(text, after, strict=False)) if old != new), len(text))
    assert text == after[:head] + after[len(after) - len(text) + head :]
    return after


def test_as_the_last_one_with_what_differs(tmp_path: Path) -> None:
    """Where another sample was the beginning, only what differs is said."""
    values = {"name": "Zoë", "customer": {"name": "Zoë", "plan": "free"}, "items": ["a", "b"], "more": 5}

    assert TREE + "  new:\n    extends: default\n    name: Zoë\n    customer:\n      name: Zoë\n    more: 5\n" == saved(
        tmp_path, TREE, values=values, base="default"
    )
    assert Location(str(tmp_path / "welcome.yaml"), 16, 3) == samples_of(tmp_path / "welcome.yaml")["new"].location


def test_as_a_whole(tmp_path: Path) -> None:
    """Without another sample, or where something of it would have to go, all is said; recipient and locale are kept."""
    head = "  new:\n    to: Ada <ada@example.com>\n    locale: fr\n"

    assert TREE + "  new:\n    name: Zoë\n" == saved(tmp_path, TREE)
    assert TREE + head + "    name: Zoë\n" == saved(tmp_path, TREE, base="default")
    assert TREE + head + '    name: Zoë\n    customer:\n      name: Zoë\n    items: ["1"]\n' == saved(
        tmp_path, TREE, values={"name": "Zoë", "customer": {"name": "Zoë"}, "items": ["1"]}, base="default"
    )
    assert TREE + "  new: {}\n" == saved(tmp_path, TREE, values={})


def test_another_sample_that_changed(tmp_path: Path) -> None:
    """What is gone, or says something else by now, is not built upon."""
    (path := tmp_path / "f.yaml").write_text(TREE)
    values = {"name": "Ada", "customer": {"name": "Ada", "plan": "free"}, "items": ["a", "b"]}

    add_sample(path, "one", values, based_on=("gone", values))
    add_sample(path, "two", values, based_on=("default", {**values, "name": "Bo"}))
    add_sample(path, "three", values, based_on=("default", values))

    whole = "    name: Ada\n    customer:\n      name: Ada\n      plan: free\n    items: [a, b]\n"
    assert TREE + f"  one:\n{whole}  two:\n{whole}  three:\n    extends: default\n" == path.read_text()


def test_recipient_and_locale(tmp_path: Path) -> None:
    """They stand beside the params, and go over those of the sample that is extended."""
    values = {"name": "Ada", "customer": {"name": "Ada", "plan": "free"}, "items": []}

    after = saved(tmp_path, TREE, values=values, base="default", to="Bo <bo@example.com>", locale="de")

    assert TREE + "  new:\n    extends: default\n    to: Bo <bo@example.com>\n    locale: de\n    items: []\n" == after


def test_a_difference_in_kind(tmp_path: Path) -> None:
    """1, 1.0 and true are not the same."""
    text = "samples:\n  d:\n    a: 1\n    b: 1\n    c: {x: true}\n    e: 1\n"

    assert text + "  new:\n    extends: d\n    a: 1.0\n    b: true\n    c:\n      x: 1\n" == saved(
        tmp_path, text, values={"a": 1.0, "b": True, "c": {"x": 1}, "e": 1}, base="d"
    )


NEW = "new:\n{}name: Zoë\n"
PLACES = {
    "other keys and comments follow": (
        "samples:\n  d:\n    a: 1  # one\n\n# The body\nhtml: x\n",
        "samples:\n  d:\n    a: 1  # one\n  new:\n    name: Zoë\n\n# The body\nhtml: x\n",
    ),
    "comments of the samples": (
        "samples:\n  d:\n    a: 1\n    # last\n\n  # old:\n  #   a: 2\n\n# html\nhtml: x\n",
        "samples:\n  d:\n    a: 1\n    # last\n\n  # old:\n  #   a: 2\n  new:\n    name: Zoë\n\n# html\nhtml: x\n",
    ),
    "four blanks": (
        "samples:\n    d:\n        a: 1\n",
        "samples:\n    d:\n        a: 1\n    new:\n        name: Zoë\n",
    ),
    "one and three": ("samples:\n d:\n    a: 1\n", "samples:\n d:\n    a: 1\n new:\n    name: Zoë\n"),
    "an indented file": (
        "  samples:\n     d:\n       a: 1\n",
        "  samples:\n     d:\n       a: 1\n     new:\n       name: Zoë\n",
    ),
    "anchors": ("samples: &s\n  d: &d\n    a: &a 1\n", "samples: &s\n  d: &d\n    a: &a 1\n  new:\n    name: Zoë\n"),
    "an alias at the end": (
        "x: &x [1]\nsamples:\n  d:\n    a: *x # c\ny: 1\n",
        "x: &x [1]\nsamples:\n  d:\n    a: *x # c\n  new:\n    name: Zoë\ny: 1\n",
    ),
    "a literal block with blank lines": (
        "samples:\n  d:\n    a: |\n      x\n\n\nhtml: x\n",
        "samples:\n  d:\n    a: |\n      x\n  new:\n    name: Zoë\n\n\nhtml: x\n",
    ),
    "a literal block that keeps them": (
        "samples:\n  d:\n    a: !!str |+\n      x\n\n\nhtml: x\n",
        "samples:\n  d:\n    a: !!str |+\n      x\n\n\n  new:\n    name: Zoë\nhtml: x\n",
    ),
    "a folded block at the end": (
        "samples:\n  d:\n    a: >-\n      x\n      # y\n\n",
        "samples:\n  d:\n    a: >-\n      x\n      # y\n  new:\n    name: Zoë\n\n",
    ),
    "a literal block cut off by the end": (
        "samples:\n  a:\n    x: 1\n  # of d\n  d:\n    a: |\n      x",
        "samples:\n  a:\n    x: 1\n  new:\n    name: Zoë\n  # of d\n  d:\n    a: |\n      x",
    ),
    "no newline at the end": ("samples:\n  d:\n    a: 1", "samples:\n  d:\n    a: 1\n  new:\n    name: Zoë"),
    "a comment without newline at the end": (
        "samples:\n  d:\n    a: 1\n  # c",
        "samples:\n  d:\n    a: 1\n  # c\n  new:\n    name: Zoë",
    ),
    "a list at the end": (
        "samples:\n  d:\n    a:\n    - b: 1\n      c:\nx: 1\n",
        "samples:\n  d:\n    a:\n    - b: 1\n      c:\n  new:\n    name: Zoë\nx: 1\n",
    ),
    "blank lines between samples": (
        "samples:\n  a:\n    x: 1\n\n  # b\n  b:\n    x: 2\n\nhtml: x\n",
        "samples:\n  a:\n    x: 1\n\n  # b\n  b:\n    x: 2\n\n  new:\n    name: Zoë\n\nhtml: x\n",
    ),
    "the end of a document": (
        "---\nsamples:\n  d:\n    a: 1\n...\n",
        "---\nsamples:\n  d:\n    a: 1\n  new:\n    name: Zoë\n...\n",
    ),
    "line ends of Windows": (
        "samples:\r\n  d:\r\n    a: |\r\n      x\r\n\r\nh: 1",
        "samples:\r\n  d:\r\n    a: |\r\n      x\r\n  new:\r\n    name: Zoë\r\n\r\nh: 1",
    ),
    "blank lines of Windows": (
        "samples:\r\n  a:\r\n    x: 1\r\n\r\n  # b\r\n  b:\r\n    x: 1\r\n",
        "samples:\r\n  a:\r\n    x: 1\r\n\r\n  # b\r\n  b:\r\n    x: 1\r\n\r\n  new:\r\n    name: Zoë\r\n",
    ),
    "a byte order mark": ("\ufeffsamples:\n  d: {a: 1}\n", "\ufeffsamples:\n  d: {a: 1}\n  new: {name: Zoë}\n"),
    "samples in one line": ("samples:\n  d: {a: 1}\nx: y\n", "samples:\n  d: {a: 1}\n  new: {name: Zoë}\nx: y\n"),
    "no samples": ("subject: x\n\n# end\n", "subject: x\n\n# end\nsamples:\n  new:\n    name: Zoë\n"),
    "no samples, far indented": (
        "params:\n    a: b\nsubject: x",
        "params:\n    a: b\nsubject: x\nsamples:\n    new:\n        name: Zoë",
    ),
    "no samples, paragraphs": ("a: 1\n\nb: |\n  x\n", "a: 1\n\nb: |\n  x\n\nsamples:\n  new:\n    name: Zoë\n"),
    "nothing in samples": ("samples:  # none\nx: y\n", "samples:  # none\n  new:\n    name: Zoë\nx: y\n"),
    "nothing at the end": ("x: y\nsamples:", "x: y\nsamples:\n  new:\n    name: Zoë"),
    "an empty mapping": ("samples: {}\nx: y\n", "samples: {new: {name: Zoë}}\nx: y\n"),
    "an empty mapping with a comment": ("samples: { # none\n}\n", "samples: { # none\nnew: {name: Zoë}}\n"),
    "flow": ("samples: {d: {a: 1}}\n", "samples: {d: {a: 1}, new: {name: Zoë}}\n"),
    "flow with a comma": ("samples: {d: {a: 1}, }", "samples: {d: {a: 1}, new: {name: Zoë}, }"),
    "flow in lines": (
        "samples: {\n  d: {a: 1},\n  e: {b: 2}\n}\n",
        "samples: {\n  d: {a: 1},\n  e: {b: 2},\n  new: {name: Zoë}\n}\n",
    ),
    "flow in lines with comma and comment": (
        "samples: {\n  d: {a: 1}, # one, two\n  # more\n}\n",
        "samples: {\n  d: {a: 1}, # one, two\n  new: {name: Zoë},\n  # more\n}\n",
    ),
    "flow in lines with a comment": (
        "samples: {\n  d: {a: 1} # one, two\n}\n",
        "samples: {\n  d: {a: 1} # one, two\n  , new: {name: Zoë}\n}\n",
    ),
    "flow below its key": (
        "samples:\r\n  {\r\n    d: {a: 1}\r\n  }\r\n",
        "samples:\r\n  {\r\n    d: {a: 1},\r\n    new: {name: Zoë}\r\n  }\r\n",
    ),
    "a file in flow": ('{"subject": "x"}', '{"subject": "x", samples: {new: {name: Zoë}}}'),
    "a file in flow with samples": (
        '{"samples": {"d": {}}, "x": 1}',
        '{"samples": {"d": {}, new: {name: Zoë}}, "x": 1}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_place_and_style(tmp_path: Path, case: str) -> None:
    """The new sample stands after the others, written as they are; not a byte of them changes."""
    before, after = PLACES[case]

    assert after == saved(tmp_path, before)


def test_a_long_sample_is_not_in_one_line(tmp_path: Path) -> None:
    """Where others are in one line, a new one is too if there is room."""
    after = saved(tmp_path, "samples:\n  d: {a: 1}\n", values={"name": "x" * 60, "more": "y" * 60})

    assert f"samples:\n  d: {{a: 1}}\n  new:\n    name: {'x' * 60}\n    more: {'y' * 60}\n" == after


def test_text_of_several_lines(tmp_path: Path) -> None:
    """It is a literal block, but not where the file ends without a newline."""
    values = {"a": "x\ny\n"}

    assert "samples:\n  d:\n    a: 1\n  new:\n    a: |\n      x\n      y\n" == saved(
        tmp_path, "samples:\n  d:\n    a: 1\n", values=values
    )
    assert 'samples:\n  d:\n    a: 1\n  new:\n    a: "x\\ny\\n"' == saved(
        tmp_path, "samples:\n  d:\n    a: 1", values=values
    )
    assert 'samples:\n  new:\n    a: "x\\ny\\n"' == saved(tmp_path, "samples:", values=values)


@pytest.mark.parametrize("name", ["2024", "yes", "null", "1e3", "a-b_C"])
def test_names_that_look_like_something_else(tmp_path: Path, name: str) -> None:
    """Any allowed name is a name."""
    saved(tmp_path, TREE, name)


@given(values=PARAMS, case=st.sampled_from(sorted(PLACES)), based=st.booleans())
def test_any_values_anywhere(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any], case: str, *, based: bool
) -> None:
    """Whatever the values are and wherever they go, they are read back, and all else is as it was."""
    saved(
        tmp_path_factory.mktemp("any"),
        PLACES[case][0],
        values=values,
        base="d" if based and "  d:" in PLACES[case][0] else None,
    )


@given(one=PARAMS, other=PARAMS)
def test_any_values_on_top_of_others(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """What a sample adds to another gives exactly what was wanted."""
    saved(tmp_path_factory.mktemp("any"), write({"samples": {"d": one}}), values={**one, **other}, base="d")


FILES = st.builds(
    lambda before, sample, between, after, newline, end: "\n".join(
        [*before, f"samples:\n  d: {sample}\n{between}  e: {sample}\n{between}", *after, end]
    ).replace("\n", newline),
    before=st.lists(st.sampled_from(["", "# c", "x: 1", "y:\n  - 1\n  # z", "z: |\n  a\n\n"]), unique=True),
    sample=st.sampled_from([
        "{a: 1}", "\n    a: 1 # c", "\n    # c\n    a:\n    - b\n", "\n    a: |+\n      x\n\n", "\n    a: >\n     x\n",
    ]),
    between=st.sampled_from(["", "\n", "  # c\n", "# c\n", "\n  # c\n\n    # d\n", "       # e\n"]),
    after=st.lists(st.sampled_from(["", "# d", "p: 1", "q: {}", "    # deep"]), unique=True),
    newline=st.sampled_from(["\n", "\r\n"]),
    end=st.sampled_from(["", "# end"]),
)  # fmt: skip


@given(text=FILES, values=PARAMS)
def test_any_file(tmp_path_factory: pytest.TempPathFactory, text: str, values: dict[str, Any]) -> None:
    """Comments, blank lines and keys in any order around the samples stay as they are."""
    before = Reader().parse(text, "f.yaml")
    after = Reader().parse(saved(tmp_path_factory.mktemp("any"), text, values=values), "f.yaml")

    assert before is not None
    assert after is not None
    assert plain(before.without("samples")) == plain(after.without("samples"))


def test_blank_lines_that_belong_to_a_text(tmp_path: Path) -> None:
    """Where a block scalar keeps its blank lines, none is added."""
    text = "samples:\n  a:\n    x: 1\n\n  b:\n    x: |+\n      y\n\n"

    assert text + "  new:\n    name: Zoë\n" == saved(tmp_path, text)


def test_an_old_mac(tmp_path: Path) -> None:
    """Lines may end with a carriage return alone."""
    text = "samples:\r  a:\r    x: 1\r\r  b:\r    x: 2"

    assert text + "\r\r  new:\r    name: Zoë" == saved(tmp_path, text)


def failure(path: Path, name: str = "new", values: dict[str, Any] | None = None, **more: Any) -> str:
    """What goes wrong; the file stays as it is, and nothing else is in its folder."""
    before = path.read_bytes() if path.exists() else b""
    with pytest.raises(DefinitionError) as caught:
        add_sample(path, name, values or {}, **more)
    assert before == (path.read_bytes() if path.exists() else b"")
    assert len(list(path.parent.iterdir())) <= 1
    return str(caught.value).replace(str(path), "f.yaml")


@pytest.mark.parametrize("name", ["", "-a", "_a", "a b", "a.b", "../a", "ä", "a\n", "x" * 300 + "!"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    """A name is letters, digits, _ and -."""
    (path := tmp_path / "f.yaml").write_text(TREE)

    assert "f.yaml:1:1: a sample cannot be called " in failure(path, name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("samples: {new: {}}\n", "f.yaml:1:11: there is a sample 'new' already (choose another name)"),
        ("samples: [\n", "f.yaml:2:1: this is not YAML"),
        ("- a\n", "f.yaml:1:1: the file: expected a mapping, got a list"),
        ("", "f.yaml:1:1: the file is empty"),
        ("x" * 1_000_001, "the file is larger than"),
        ("samples: []\n", "f.yaml:1:10: samples: expected a mapping, got a list"),
        ("samples: null\n", "f.yaml:1:10: samples: expected a mapping, got nothing"),
        ("samples: {a: {extends: b}}\n", "there is no sample 'b'"),
        ("x: &s {a: {}}\nsamples: *s\n", "f.yaml:1:4: the sample 'new' cannot be added here (write it by hand)"),
        ("? samples\n: d: {a: 1}\n  e: {a: 1}\n# " + "x" * 999_960, "the file is larger than"),
        ("? samples\n: d: |\n    x", "f.yaml:2:6: the sample 'd': expected a mapping"),
        ("? samples\n: d:\n    x: |\n      y", "f.yaml:2:3: the sample 'new' cannot be added here"),
    ],
)
def test_files_that_cannot_take_one(tmp_path: Path, text: str, words: str) -> None:
    """The error says where and why."""
    (path := tmp_path / "f.yaml").write_text(text)

    assert words in failure(path)


def test_values_that_cannot_be_written(tmp_path: Path) -> None:
    """Neither what YAML cannot hold, nor params with the names of something else, nor a wrong recipient."""
    (path := tmp_path / "f.yaml").write_text(TREE)

    assert "the sample 'new' cannot be written: text holds a lone surrogate" in failure(path, values={"a": "\ud800"})
    assert "the sample 'new' cannot be written: a value of type date" in failure(path, values={"a": date(2026, 1, 2)})
    assert "a param cannot be called 'expect': in samples it says something else" in failure(
        path, values={"expect": {}}
    )
    assert "the sample 'new' cannot be added here: " in failure(path, to="nobody")
    assert "the sample 'new' cannot be added here: locale: 'x y' is not a locale" in failure(path, locale="x y")
    assert "levels of nesting" in failure(path, values={"a": nested(99)})


def nested(levels: int) -> list[Any]:
    """Lists in lists."""
    return [nested(levels - 1)] if levels > 1 else []


def test_files_that_cannot_be_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder, and one that is protected."""
    (folder := tmp_path / "folder").mkdir()
    (missing := tmp_path / "none" / "f.yaml").parent.mkdir()
    (path := tmp_path / "one" / "f.yaml").parent.mkdir()
    path.write_text(TREE)

    assert "f.yaml:1:1: the sample cannot be written: No such file or directory" == failure(missing)
    with pytest.raises(DefinitionError, match="Is a directory"):
        add_sample(folder, "new", {})
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anything
    assert "f.yaml:1:1: the file cannot be written: Permission denied (change its permissions)" == failure(path)


def test_links_and_permissions(tmp_path: Path) -> None:
    """A link stays a link to the file that is changed, and the file keeps who may read it."""
    (real := tmp_path / "real.yaml").write_text(TREE)
    real.chmod(0o666)
    (link := tmp_path / "link.yaml").symlink_to("real.yaml")

    location = add_sample(link, "new", {"name": "Zoë"})

    assert link.is_symlink()
    assert TREE + "  new:\n    name: Zoë\n" == real.read_text()
    assert 0o666 == stat.S_IMODE(real.stat().st_mode)
    assert Location(str(link), 16, 3) == location
