"""All rules: those that ship, and those of plugins."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from notify.checks import rules
from notify.checks.rule import AnyRule, Rule
from notify.errors import PluginError

if TYPE_CHECKING:
    from notify.plugins import Plugins


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[AnyRule, ...]:
    """The rules of all modules of `notify.checks.rules`, each of which has them as `RULES`, by id."""
    modules = (import_module(f"{rules.__name__}.{each.name}") for each in iter_modules(rules.__path__))
    return tuple(sorted((rule for module in modules for rule in module.RULES), key=lambda rule: rule.id))


def all_rules(plugins: Plugins) -> tuple[AnyRule, ...]:
    """The rules that ship, and those of plugins, by id.

    Raises:
        PluginError: a plugin gives something else, or a rule whose id is taken.
    """
    found: dict[str, AnyRule] = {rule.id: rule for rule in shipped_rules()}
    for rule in plugins.checks():
        if not isinstance(rule, Rule):
            raise PluginError(f"notify_checks: expected rules, made by notify.checks.rule, got {type(rule).__name__}")
        if rule.id in found:
            raise PluginError(f"notify_checks: the rule {rule.id!r} is there already")
        found[rule.id] = rule
    return tuple(found[name] for name in sorted(found))
