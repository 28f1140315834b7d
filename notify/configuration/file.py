"""Reading notify.yaml: every fault with its place, all of them at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from notify.configuration.categories import Category, read_category
from notify.configuration.checking import read_check
from notify.configuration.feedback import check_feedback
from notify.configuration.model import (
    DEFAULT_LOCALE,
    IMPLIED,
    Configuration,
    EnvironmentSection,
)
from notify.configuration.retention import check_retention
from notify.configuration.transports import Specification
from notify.configuration.unsubscribing import check_unsubscribe
from notify.configuration.variables import Unresolved, has_variable
from notify.definition import CATEGORIES
from notify.errors import ConfigError
from notify.locales import normal_locale
from notify.suggest import did_you_mean
from notify.yamlnodes import MappingNode, Reader, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from notify.yamlnodes import Node

KEYS = (
    "sender", "notifications", "templates", "attachments", "plugins", "globals", "default_locale",
    "default_environment", "categories", "types", "jinja", "themes", "environments", "transports", "state",
    "outbox", "outbox_key", "outbox_retention", "unsubscribe", "feedback", "check",
)  # fmt: skip
_THEME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
ENVIRONMENT_KEYS = (
    "transport", "transports", "redirect_to", "allow", "subject_prefix", "sender", "globals", "auto_reload", "state",
    "outbox", "outbox_key", "outbox_retention", "unsubscribe", "feedback",
)  # fmt: skip


def read_configuration(path: Path) -> Configuration:
    """What the file says.

    Raises:
        ConfigError: it cannot be read, or it is wrong; all faults at once.
    """
    reader = Reader()
    root = reader.load(path, path.name)
    configuration = None if root is None else _File(reader, path, root).read()
    if configuration is None or reader.faults:
        raise ConfigError(faults=reader.faults)
    return configuration


class _File:
    def __init__(self, reader: Reader, path: Path, root: MappingNode) -> None:
        self._reader = reader
        self._path = path
        self._base = path.parent
        self._root = root

    def read(self) -> Configuration:
        reader, root = self._reader, self._root
        reader.known_keys(root, KEYS)
        environments, kinds, shared = self._environments(), self._categories(), self._shared()
        self._check_consent(kinds, [shared, *environments.values()])
        return Configuration(
            path=self._path,
            base=self._base,
            notifications=self._folders("notifications", "notifications"),
            templates=self._folders("templates", "templates"),
            attachments=self._base / (reader.text(root.get("attachments"), "attachments") or "attachments"),
            plugins=self._folders("plugins"),
            default_locale=self._default_locale(),
            default_environment=self._default_environment(environments),
            categories={name: kind.unsubscribe for name, kind in kinds.items()},
            kinds=kinds,
            themes=self._themes(),
            types=reader.mapping(root.get("types"), "types"),
            check=read_check(reader, root.get("check")),
            sandbox=self._sandbox(),
            shared=shared,
            environments=environments,
        )

    def _folders(self, key: str, *default: str) -> tuple[Path, ...]:
        names = self._reader.texts(self._root.get(key), key) if key in self._root.entries else default
        return tuple(self._base / name for name in names)

    def _default_locale(self) -> str:
        node = self._root.get("default_locale")
        text = self._reader.text(node, "default_locale")
        locale = DEFAULT_LOCALE if text is None else normal_locale(text)
        if node is not None and locale is None:
            self._reader.fault(node, f"default_locale: {text!r} is not a locale", "such as en or pt-BR")
        return locale or DEFAULT_LOCALE

    def _default_environment(self, environments: Mapping[str, EnvironmentSection]) -> str | None:
        node = self._root.get("default_environment")
        name = self._reader.text(node, "default_environment")
        if node is not None and name is not None and name not in environments:
            self._reader.fault(node, f"there is no environment {name!r}", did_you_mean(name, environments))
        return name

    def _categories(self) -> dict[str, Category]:
        categories = {name: Category(name, unsubscribe) for name, unsubscribe in CATEGORIES.items()}
        node = self._reader.mapping(self._root.get("categories"), "categories")
        for name, entry in (node.entries if node else {}).items():
            section = self._reader.mapping(entry, f"the category {name!r}")
            if section is not None:
                categories[name] = read_category(self._reader, name, section)
        return categories

    def _check_consent(self, kinds: Mapping[str, Category], sections: Iterable[EnvironmentSection]) -> None:
        """Note what only those are to get who asked for it, where nobody can."""
        if any(section.values.get(key) for section in sections for key in ("unsubscribe", "feedback")):
            return
        node = self._root.get("categories")
        for name, entry in (node.entries if isinstance(node, MappingNode) else {}).items():
            if isinstance(entry, MappingNode) and kinds[name].opt_in:
                fault = f"the category {name!r} says `consent: opt-in`, and nothing says who asked for its mails"
                self._reader.fault(entry.entries["consent"], fault, "set `unsubscribe` or `feedback`")

    def _category_names(self) -> list[str]:
        node = self._root.get("categories")
        return [*CATEGORIES, *(node.entries if isinstance(node, MappingNode) else ())]

    def _sandbox(self) -> bool:
        node = self._reader.mapping(self._root.get("jinja"), "jinja")
        if node is None:
            return True
        self._reader.known_keys(node, ("sandbox",))
        return self._reader.boolean(node.get("sandbox"), "sandbox") is not False

    def _themes(self) -> dict[str, Any]:
        node = self._reader.mapping(self._root.get("themes"), "themes")
        if node is None:
            return {}
        for name, entry in node.entries.items():
            if not _THEME.fullmatch(name):
                hint = "use letters, digits, _ and -"
                self._reader.fault(node.keys[name], f"a theme cannot be called {name!r}", hint)
            self._reader.mapping(entry, f"the theme {name!r}")
        return {name: _value(entry) for name, entry in node.entries.items()}

    def _shared(self) -> EnvironmentSection:
        keys = ("sender", "globals", "state", "outbox", "outbox_key", "outbox_retention", "unsubscribe", "feedback")
        values, places = self._values(self._root, keys)
        return EnvironmentSection(values, places, self._transports(self._root))

    def _environments(self) -> Mapping[str, EnvironmentSection]:
        node = self._reader.mapping(self._root.get("environments"), "environments")
        if node is None:
            return IMPLIED
        sections: dict[str, EnvironmentSection] = {}
        for name, entry in node.entries.items():
            section = self._reader.mapping(entry, f"the environment {name!r}")
            if section is None:
                continue
            self._reader.known_keys(section, ENVIRONMENT_KEYS)
            values, places = self._values(section, ENVIRONMENT_KEYS)
            values.pop("transports", None)
            self._transport(section.get("transport"))
            sections[name] = EnvironmentSection(values, places, self._transports(section))
        return sections

    def _values(self, section: MappingNode, keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of some keys, each checked for its kind."""
        reader = self._reader
        for key in ("sender", "redirect_to", "subject_prefix", "state", "outbox"):
            if key in keys:
                reader.text(section.get(key), key)
        for glob in reader.texts(section.get("allow"), "allow") if "allow" in keys else ():
            if not glob.isascii():
                hint = "addresses have their domain in ASCII: xn--..."
                reader.fault(section.entries["allow"], f"allow: {glob!r} matches no address", hint)
        reader.texts(section.get("outbox_key"), "outbox_key")
        check_retention(reader, section.get("outbox_retention"))
        check_unsubscribe(reader, section.get("unsubscribe"))
        check_feedback(reader, section.get("feedback"), self._category_names())
        reader.mapping(section.get("globals"), "globals")
        if "auto_reload" in keys:
            reader.boolean(section.get("auto_reload"), "auto_reload")
        values = {key: _value(node) for key, node in section.entries.items() if key in keys}
        if "transport" in values and values["transport"] is None:
            values["transport"] = "null"
        if isinstance(values.get("allow"), (str, Unresolved)):
            values["allow"] = [values["allow"]]
        return values, {key: node.location for key, node in section.entries.items()}

    def _transports(self, section: MappingNode) -> dict[str, Specification]:
        node = self._reader.mapping(section.get("transports"), "transports")
        return {name: self._specification(name, entry) for name, entry in (node.entries if node else {}).items()}

    def _specification(self, name: str, node: Node) -> Specification:
        if isinstance(node, MappingNode):
            return Specification(_value(node), {"": node.location, **node.keys})
        self._reader.text(node, f"the transport {name!r}")
        return Specification(_value(node), {"": node.location})

    def _transport(self, node: Node | None) -> None:
        """The transport of an environment: a name, a DSN, or a group such as `{failover: [a, b]}`.

        The transport that forgets everything is called null, and who writes so without quotes means it.
        """
        if isinstance(node, ScalarNode) and node.value is None:
            return
        if isinstance(node, MappingNode):
            if "type" not in node.entries and not _is_group(node):
                self._reader.fault(node, "transport: expected a name, a DSN, {failover: [...]} or {type: ..., ...}")
        else:
            self._reader.text(node, "transport")


def _is_group(node: MappingNode) -> bool:
    return len(node.entries) == 1 and all(isinstance(each, SequenceNode) for each in node.entries.values())


def _value(node: Node) -> Any:
    """As `plain`, but text that holds a variable stays unresolved."""
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key: _value(value) for key, value in node.entries.items()}
    if isinstance(node.value, str) and has_variable(node.value):
        return Unresolved(node.value, node.location)
    return node.value
