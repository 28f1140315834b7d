"""Declared settings: types, defaults, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from notify.errors import ConfigError, PluginError
from notify.secret import Secret
from notify.settings import declared, read_settings, setting


class Base:
    """Declares a setting that a subclass inherits."""

    host: str = setting("Where to.", default="localhost")


class Example(Base):
    """Declares one of each type."""

    port: int = setting("The port.", default=25, check=lambda port: None if port > 0 else "must be above 0")
    wait: float | None = setting("Seconds.", default=None)
    loud: bool = setting("Say more.", default=False)
    folder: Path = setting("A folder.", default=Path("mail"))
    key: Secret | None = setting("The key.", default=None)
    tls: Literal["starttls", "none"] = setting("Encryption.", default="starttls")
    senders: tuple[str, ...] = setting("Who.", default=())
    user: str | Secret | None = setting("Who logs in; with some services it is the key.", default=None)


class Needy:
    """Has a required setting."""

    loft: Path = setting("Where the pigeons live.")


def read(values: dict[str, object], owner: type = Example) -> dict[str, Any]:
    """Read as the transport 'demo' of the folder /srv."""
    return read_settings(owner, values, Path("/srv"), "demo")


def test_defaults_hold_where_nothing_is_given() -> None:
    """A relative default path is taken from the base too."""
    assert read({})["host"] == "localhost"
    assert read({})["folder"] == Path("/srv/mail")
    assert read({})["wait"] is None


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("port", 587, 587),
        ("port", "587", 587),
        ("wait", "2.5", 2.5),
        ("wait", 3, 3.0),
        ("wait", None, None),
        ("loud", "true", True),
        ("loud", False, False),
        ("folder", "x/y", Path("/srv/x/y")),
        ("folder", "/tmp/z", Path("/tmp/z")),
        ("key", "SG.x", Secret("SG.x")),
        ("key", Secret("SG.y"), Secret("SG.y")),
        ("tls", "none", "none"),
        ("senders", ["a", "b"], ("a", "b")),
        ("senders", "a, b", ("a", "b")),
        ("senders", [], ()),
        ("user", "ada", "ada"),
        ("user", Secret("key"), Secret("key")),
    ],
)
def test_values_from_yaml_and_from_a_dsn(name: str, given: object, expected: object) -> None:
    """YAML gives values, a DSN gives text; both are taken."""
    assert read({name: given})[name] == expected


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("port", "x", "expected a whole number, got 'x'"),
        ("port", True, "expected a whole number, got True"),
        ("port", 0, "must be above 0"),
        ("wait", "soon", "expected a number, got 'soon'"),
        ("wait", "inf", "expected a number, got 'inf'"),
        ("wait", [], "expected a number, got []"),
        ("loud", "yes", "expected true or false, got 'yes'"),
        ("folder", "", "expected a path, got ''"),
        ("key", 5, "expected a secret, got ***"),
        ("tls", "ssl", "expected starttls | none, got 'ssl'"),
        ("senders", [1], "expected a list of words, got [1]"),
        ("host", 5, "expected text, got 5"),
        ("user", 5, "expected text or a secret, got ***"),
        ("prot", 5, "unknown setting 'prot' (did you mean 'port'?)"),
    ],
)
def test_a_wrong_value_is_named(name: str, given: object, said: str) -> None:
    """The message names the transport, the setting, what was expected and what came."""
    with pytest.raises(ConfigError) as caught:
        read({name: given})

    assert said in str(caught.value)
    assert str(caught.value).startswith("demo: ")


def test_all_problems_come_at_once() -> None:
    """Nobody has to run twice to see the second."""
    with pytest.raises(ConfigError) as caught:
        read({"prot": 1, "loud": 7})

    assert len(str(caught.value).splitlines()) == 2


def test_a_required_setting_is_asked_for_by_its_documentation() -> None:
    """The message says what the setting is for."""
    with pytest.raises(ConfigError, match="setting 'loft' is missing: Where the pigeons live"):
        read({}, Needy)


class Listed:
    """Declares what no setting can be."""

    birds: list[str] = setting("Which.", default=())


class Hidden:
    """Is annotated with a name that is not there at run time."""

    loft: Nowhere = setting("Where.")  # type: ignore[name-defined]  # noqa: F821


class Bare:
    """Has a setting without annotation."""

    loft = setting("Where.")


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        (Listed, r"'birds' of test_settings\.Listed is declared as list\[str\]: expected str, int"),
        (Hidden, r"test_settings\.Hidden cannot be read: name 'Nowhere' is not defined.*not under TYPE_CHECKING"),
        (Bare, r"'loft' of test_settings\.Bare is declared as None"),
    ],
)
def test_a_wrong_declaration_names_the_class(owner: type, said: str) -> None:
    """It is the plugin's author who has to know."""
    with pytest.raises(PluginError, match=said):
        declared(owner)


def test_declared_describes_each() -> None:
    """Listings show name, type in words, documentation and whether it is required."""
    settings = declared(Example)

    assert list(settings)[:2] == ["host", "port"]
    assert settings["wait"].expected == "a number"
    assert not settings["port"].required
    assert declared(Needy)["loft"].required
    assert repr(declared(Needy)["loft"].default) == "required"
