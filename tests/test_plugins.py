"""The plugin manager: what is found, what is refused, and how hooks are called."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pytest

from notify import hookspecs
from notify.addresses import Address
from notify.errors import NotifyError, PluginError, TemporaryError
from notify.feedback import Event, Kind
from notify.hookspecs import hookimpl
from notify.message import Message
from notify.plugins import Plugins
from notify.receipt import Receipt
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import click

BUILT_IN = {"console", "failover", "file", "memory", "null", "sendgrid", "smtp"}
MESSAGE = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hi", text="Hello\n")


class Taker(Transport):
    """Takes everything."""

    def send(self, message: Message) -> Receipt:
        """Take it."""
        return self.receipt(message)


def plugins(*others: object) -> Plugins:
    """The built-in plugins and some more."""
    return Plugins(others=others)


def test_the_built_in_plugins_are_found_through_entry_points() -> None:
    """They come the same way as those of a third party."""
    assert BUILT_IN <= set(Plugins().names)


def test_notify_disable_plugins_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable names plugins, set apart by commas."""
    monkeypatch.setenv("NOTIFY_DISABLE_PLUGINS", "null, console")

    assert {"null", "console"}.isdisjoint(Plugins().names)


def test_a_folder_of_the_project_needs_no_packaging(tmp_path: Path) -> None:
    """Modules and packages in the folder are plugins; names with an underscore are not."""
    (tmp_path / "pigeon.py").write_text(
        "import notify\n\n@notify.hookimpl\ndef notify_templates():\n    return ['loft']\n"
    )
    (tmp_path / "owl").mkdir()
    (tmp_path / "owl" / "__init__.py").write_text("")
    (tmp_path / "_private.py").write_text("raise SystemError\n")
    found = Plugins([tmp_path])

    assert found.names[-2:] == ["owl", "pigeon"]
    assert found.templates() == ["loft"]
    assert "pigeon" not in Plugins([tmp_path], disabled=["pigeon"]).names


def test_a_missing_plugin_folder_is_named(tmp_path: Path) -> None:
    """A typo in `plugins:` is said."""
    with pytest.raises(PluginError, match="nowhere does not exist"):
        Plugins([tmp_path / "nowhere"])


def test_a_broken_plugin_is_named_and_can_be_left_out(tmp_path: Path) -> None:
    """One sentence, not a traceback, and how to go on without it."""
    (tmp_path / "broken.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(
        PluginError, match=r"broken\.py cannot be loaded: ModuleNotFoundError.*NOTIFY_DISABLE_PLUGINS=broken"
    ):
        Plugins([tmp_path])

    Plugins([tmp_path], disabled=["broken"])


def test_a_broken_installed_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the plugin and what failed."""
    entry = EntryPoint("bad", "nothing_of_that_name", "notify")
    monkeypatch.setattr("notify.plugins.loading.entry_points", lambda group: [entry])  # noqa: ARG005

    with pytest.raises(
        PluginError, match=r"'bad' of an unknown distribution cannot be loaded.*NOTIFY_DISABLE_PLUGINS=bad"
    ):
        Plugins()


def test_two_installed_plugins_of_one_name_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """pluggy would skip the second without a word."""
    entries = [EntryPoint("null", value, "notify") for value in ("notify_null", "notify_memory")]
    monkeypatch.setattr("notify.plugins.loading.entry_points", lambda group: entries)  # noqa: ARG005

    with pytest.raises(PluginError, match=r"two plugins are called 'null': notify_null .* and notify_memory"):
        Plugins()


def test_a_file_may_not_take_the_name_of_an_installed_plugin(tmp_path: Path) -> None:
    """Neither wins in silence."""
    (tmp_path / "null.py").write_text("")

    with pytest.raises(PluginError, match="two plugins are called 'null'"):
        Plugins([tmp_path])


def test_a_typo_in_a_hook_fails_at_load() -> None:
    """The message says which hook was probably meant."""

    class Typo:
        @hookimpl
        def notify_delivred(self) -> None: ...

    with pytest.raises(PluginError, match=r"notify_delivred.*did you mean 'notify_delivered'"):
        plugins(Typo())


def test_an_unknown_argument_fails_at_load() -> None:
    """A hook that asks for what its specification lacks is refused."""

    class Curious:
        @hookimpl
        def notify_delivered(self, receipt: Receipt, mood: str) -> None: ...

    with pytest.raises(PluginError, match="Curious"):
        plugins(Curious())


def test_two_transports_of_one_name_are_both_named() -> None:
    """The error names both plugins and both classes."""

    class Second:
        @hookimpl
        def notify_transports(self) -> Mapping[str, type[Transport]]:
            return {"null": Taker}

    with pytest.raises(
        PluginError, match=r"'null' is offered by two plugins: null \(notify_null.* and Second \(test_plugins"
    ):
        plugins(Second()).transports()


def test_notify_transports_offers_classes() -> None:
    """The built-in ones are there."""
    assert {"console", "file", "maildir", "memory", "null", "sendgrid", "smtp"} <= set(plugins().transports())


def test_notify_templates_are_collected() -> None:
    """Folders and loaders of all plugins, first registered first."""

    class One:
        @hookimpl
        def notify_templates(self) -> list[str]:
            return ["one"]

    class Two:
        @hookimpl
        def notify_templates(self) -> list[str]:
            return ["two"]

    assert plugins(One(), Two()).templates() == ["one", "two"]


def test_notify_jinja_environment_adds_filters() -> None:
    """What a plugin adds is there."""

    class Loud:
        @hookimpl
        def notify_jinja_environment(self, environment: jinja2.Environment) -> None:
            environment.filters["loud"] = str.upper

    environment = jinja2.Environment(autoescape=True)
    plugins(Loud()).jinja_environment(environment)

    assert environment.from_string("{{ 'a' | loud }}").render() == "A"


def test_notify_context_gives_names_and_the_last_registered_wins() -> None:
    """None adds nothing."""

    class First:
        @hookimpl
        def notify_context(self, locale: str) -> dict[str, Any]:
            return {"a": locale, "b": 1}

    class Second:
        @hookimpl
        def notify_context(self) -> dict[str, Any]:
            return {"b": 2}

    class Third:
        @hookimpl
        def notify_context(self) -> None:
            return None

    definition: Any = None

    assert plugins(First(), Second(), Third()).context(definition, {}, Address("b@example.com"), "fr") == {
        "a": "fr",
        "b": 2,
    }


def test_notify_message_is_handed_from_one_to_the_next() -> None:
    """Each gets what the one before returned; None leaves it."""

    class Exclaim:
        @hookimpl
        def notify_message(self, message: Message) -> Message:
            return message.replace(subject=message.subject + "!")

    class Ask:
        @hookimpl
        def notify_message(self, message: Message) -> Message:
            return message.replace(subject=message.subject + "?")

    class Leave:
        @hookimpl
        def notify_message(self) -> None:
            return None

    assert plugins(Exclaim(), Leave(), Ask()).message(MESSAGE, None).subject == "Hi!?"


def test_notify_message_cannot_be_wrapped() -> None:
    """A wrapper would be passed over in silence, so it is refused."""

    class Wrapper:
        @hookimpl(wrapper=True)
        def notify_message(self) -> Generator[None, object, object]:
            return (yield)

    with pytest.raises(PluginError, match="wraps notify_message"):
        plugins(Wrapper())


def test_notify_select_transport_chooses_and_the_framework_comes_last() -> None:
    """Without a choice of a plugin it is the first, the default."""

    class Choose:
        @hookimpl
        def notify_select_transport(self, message: Message, names: list[str]) -> str | None:
            return names[1] if message.category == "marketing" else None

    found = plugins(Choose())

    assert found.select_transport(MESSAGE, "test", ["a", "b"]) == "a"
    assert found.select_transport(MESSAGE.replace(category="marketing"), "test", ["a", "b"]) == "b"


def test_a_choice_that_there_is_not_is_an_error() -> None:
    """The environment and what it has are named."""

    class Choose:
        @hookimpl
        def notify_select_transport(self) -> str:
            return "sengrid"

    with pytest.raises(
        PluginError, match=r"chose the transport 'sengrid', which the environment 'test' does not have.*'sendgrid'"
    ):
        plugins(Choose()).select_transport(MESSAGE, "test", ["sendgrid"])


def test_notify_deliver_can_be_wrapped_and_replaced() -> None:
    """A wrapper is middleware; a plain implementation stands in for the delivery."""
    seen: list[str] = []

    class Middleware:
        @hookimpl(wrapper=True)
        def notify_deliver(self, message: Message) -> Generator[None, Receipt, Receipt]:
            seen.append(message.subject)
            return (yield)

    class Replacement:
        @hookimpl
        def notify_deliver(self, message: Message) -> Receipt:
            return Receipt(message.message_id, "replaced", ())

    transport = Taker(name="taker")

    assert plugins(Middleware()).deliver(MESSAGE, transport).transport == "taker"
    assert plugins(Middleware(), Replacement()).deliver(MESSAGE, transport).transport == "replaced"
    assert seen == ["Hi", "Hi"]


def test_notify_delivered_observes_and_cannot_fail_a_send(caplog: pytest.LogCaptureFixture) -> None:
    """What an observer raises is logged; the next observer is still told."""
    seen: list[str] = []

    class Broken:
        @hookimpl
        def notify_delivered(self) -> None:
            raise ZeroDivisionError

    class Counting:
        @hookimpl
        def notify_delivered(self, receipt: Receipt) -> None:
            seen.append(receipt.transport)

    with caplog.at_level(logging.ERROR, "notify.plugins"):
        plugins(Broken(), Counting()).delivered(MESSAGE, Receipt("<1@x>", "null", ()))

    assert seen == ["null"]
    assert "'Broken' failed in notify_delivered" in caplog.text


def test_notify_failed_observes() -> None:
    """The observer gets the message and the error."""
    seen: list[tuple[str, NotifyError]] = []

    class Observer:
        @hookimpl
        def notify_failed(self, message: Message, error: NotifyError) -> None:
            seen.append((message.subject, error))

    error = TemporaryError("later")
    plugins(Observer()).failed(MESSAGE, error)

    assert seen == [("Hi", error)]


def test_notify_event_observes() -> None:
    """Each observer is told; what one raises is logged."""
    seen: list[Event] = []

    class Broken:
        @hookimpl
        def notify_event(self) -> None:
            raise ZeroDivisionError

    class Watching:
        @hookimpl
        def notify_event(self, event: Event) -> None:
            seen.append(event)

    event = Event(kind=Kind.DELIVERED, event_id="1", at=datetime.now(UTC), provider="pigeon")
    plugins(Broken(), Watching()).event(event)

    assert [event] == seen


def test_notify_checks_are_collected() -> None:
    """Rules of all plugins in one list."""

    class Ruler:
        @hookimpl
        def notify_checks(self) -> list[str]:
            return ["rule"]

    assert plugins(Ruler()).checks() == ["rule"]


def test_notify_commands_adds_to_the_group() -> None:
    """A plugin may bring commands."""
    import click as click_

    class Commander:
        @hookimpl
        def notify_commands(self, group: click.Group) -> None:
            group.add_command(click_.Command("fly"))

    group = click_.Group()
    plugins(Commander()).commands(group)

    assert list(group.commands) == ["fly"]


def _failing(hook: str, result: object) -> object:
    """A plugin whose implementation of the hook raises KeyError, or gives this."""

    def implementation(_self: object) -> object:
        if result is KeyError:
            raise KeyError("x")
        return result

    implementation.__name__ = hook
    return type("Failing", (), {hook: hookimpl(implementation)})()


@pytest.mark.parametrize(
    ("hook", "result"),
    [
        ("notify_transports", KeyError),
        ("notify_transports", ["null"]),
        ("notify_transports", {"x": 5}),
        ("notify_templates", 5),
        ("notify_templates", "folder"),
        ("notify_checks", 5),
        ("notify_context", KeyError),
        ("notify_context", ["x"]),
        ("notify_message", KeyError),
        ("notify_message", "text"),
        ("notify_select_transport", KeyError),
        ("notify_select_transport", 5),
        ("notify_jinja_environment", KeyError),
        ("notify_commands", KeyError),
    ],
)
def test_what_goes_wrong_in_a_hook_names_the_plugin(hook: str, result: object) -> None:
    """One error of the tree, whatever the implementation raises or returns."""
    found = plugins(_failing(hook, result))
    anything: Any = None
    calls: dict[str, Any] = {
        "notify_transports": found.transports,
        "notify_templates": found.templates,
        "notify_checks": found.checks,
        "notify_context": lambda: found.context(anything, {}, Address("b@example.com"), "en"),
        "notify_message": lambda: found.message(MESSAGE, None),
        "notify_select_transport": lambda: found.select_transport(MESSAGE, "test", ["null"]),
        "notify_jinja_environment": lambda: found.jinja_environment(anything),
        "notify_commands": lambda: found.commands(anything),
    }

    with pytest.raises(PluginError, match="the plugin 'Failing'"):
        calls[hook]()


def test_an_error_of_the_tree_passes_as_it_is() -> None:
    """A plugin may refuse a message with the class that fits."""

    class Refuse:
        @hookimpl
        def notify_message(self) -> Message:
            raise TemporaryError("not now")

    with pytest.raises(TemporaryError, match="not now"):
        plugins(Refuse()).message(MESSAGE, None)


def test_two_dsn_schemes_of_one_name_are_an_error() -> None:
    """Neither may take the other's place."""

    class Other(Taker):
        schemes = ("smtps",)

    class Second:
        @hookimpl
        def notify_transports(self) -> Mapping[str, type[Transport]]:
            return {"mine": Other}

    with pytest.raises(PluginError, match=r"'smtps' is offered by two plugins: smtp .* and Second"):
        plugins(Second()).transports()


def test_an_environment_without_transports_is_an_error() -> None:
    """Nothing can be chosen from nothing."""
    with pytest.raises(PluginError, match="the environment 'test' has no transport"):
        plugins().select_transport(MESSAGE, "test", [])


def test_leaving_out_what_there_is_not_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """A typo in NOTIFY_DISABLE_PLUGINS is a warning: the variable may be meant for another program too."""
    with caplog.at_level(logging.WARNING, "notify.plugins"):
        Plugins(disabled=["sendgird"])

    assert "there is no plugin 'sendgird' to leave out (did you mean 'sendgrid'?)" in caplog.text


def test_notify_preferences_of_the_last_plugin_wins() -> None:
    """The plugin registered last is asked first; one that has no store leaves it to others."""

    class First:
        @hookimpl
        def notify_preferences(self) -> str:
            return "the store"

    class Second:
        @hookimpl
        def notify_preferences(self) -> None:
            return None

    assert plugins().preferences() is None
    assert plugins(First(), Second()).preferences() == ("First", "the store")


@pytest.mark.parametrize("hook", [name for name in vars(hookspecs) if name.startswith("notify_")])
def test_every_hook_has_a_docstring_and_a_test(hook: str) -> None:
    """A hook that nobody tests or explains is not a hook."""
    assert getattr(hookspecs, hook).__doc__
    assert f"test_{hook}_" in Path(__file__).read_text()
