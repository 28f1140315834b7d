"""`${VAR}` in its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration.variables import Unresolved, has_variable, resolve
from notify.errors import ConfigError, Location
from notify.variables import variable

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Location("notify.yaml", 4, 20)


def expand(text: str, **environ: str) -> object:
    """One text, resolved."""
    return resolve(Unresolved(text, PLACE), environ)


@pytest.mark.parametrize(
    ("text", "environ", "expected"),
    [
        ("${KEY}", {"KEY": "x"}, "x"),
        ("a-${KEY}-b", {"KEY": "x"}, "a-x-b"),
        ("${A}${B}", {"A": "1", "B": "2"}, "12"),
        ("${KEY}", {"KEY": ""}, ""),
        ("${KEY:-fallback}", {}, "fallback"),
        ("${KEY:-fallback}", {"KEY": ""}, "fallback"),
        ("${KEY:-}", {}, ""),
        ("${KEY:-fallback}", {"KEY": "x"}, "x"),
        ("$${KEY}", {}, "${KEY}"),
        ("${KEY}", {"KEY": "${OTHER}"}, "${OTHER}"),
        ("5 $ and $x", {}, "5 $ and $x"),
    ],
)
def test_each_form(text: str, environ: dict[str, str], expected: str) -> None:
    """As in a shell; what a variable holds is not resolved again."""
    assert expand(text, **environ) == expected


def test_a_file_can_hold_the_value(tmp_path: Path) -> None:
    """`KEY_FILE` is how containers hand over secrets; the line break at its end is no part of it."""
    (tmp_path / "key").write_text("SG.x\n")

    assert expand("${KEY}", KEY_FILE=str(tmp_path / "key")) == "SG.x"
    assert expand("${KEY}", KEY="own", KEY_FILE=str(tmp_path / "key")) == "own"
    assert variable("KEY", {}) is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """The error names the variable and the place, and does not fall back in silence."""
    with pytest.raises(ConfigError, match=r"notify\.yaml:4:20: the file that KEY_FILE names cannot be read: No such"):
        expand("${KEY:-x}", KEY_FILE=str(tmp_path / "nothing"))

    with pytest.raises(ConfigError, match="cannot be read: it is no regular file"):
        expand("${KEY}", KEY_FILE=str(tmp_path))

    (tmp_path / "key").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        expand("${KEY}", KEY_FILE=str(tmp_path / "key"))


def test_a_missing_variable_is_named_with_its_place() -> None:
    """Name, file, line and what to do."""
    with pytest.raises(ConfigError) as caught:
        expand("${SENDGRID_API_KEY}")

    assert str(caught.value) == (
        "notify.yaml:4:20: the environment variable SENDGRID_API_KEY is not set "
        "(set it, or SENDGRID_API_KEY_FILE, or write ${SENDGRID_API_KEY:-default})"
    )


def test_a_typo_in_a_variable_is_found() -> None:
    """A near name that is set is suggested; its value is not shown."""
    with pytest.raises(ConfigError) as caught:
        expand("${SENDGRID_API_KEYS}", SENDGRID_API_KEY="SG.secret")

    assert "did you mean 'SENDGRID_API_KEY'?" in str(caught.value)
    assert "SG.secret" not in str(caught.value)


def test_all_missing_variables_come_at_once() -> None:
    """Those in lists and mappings too."""
    with pytest.raises(ConfigError) as caught:
        resolve({"a": Unresolved("${AA}", PLACE), "b": ["x", Unresolved("${BB}", Location("notify.yaml", 9))]}, {})

    assert len(caught.value.faults) == 2


def test_an_unfinished_variable_is_an_error() -> None:
    """`${` without a name is a slip, not text."""
    with pytest.raises(ConfigError, match=r"\$\{ begins a variable"):
        expand("${not a name}")


def test_variables_do_not_nest() -> None:
    """`${A:-${B}}` would silently be a text with a bracket too many."""
    with pytest.raises(ConfigError, match="the default of A cannot be a variable itself"):
        expand("${A:-${B}}", A="x", B="y")


def test_has_variable() -> None:
    """Text without one is left alone from the start."""
    assert has_variable("a ${B}")
    assert has_variable("$$")
    assert not has_variable("5 $ a b")
