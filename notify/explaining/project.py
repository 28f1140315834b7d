"""The configuration and the definition that a message is made by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.explaining.facts import BUILT_IN, Fact, Origin, Section, option

if TYPE_CHECKING:
    from notify.explaining.case import Case


def configuration(case: Case) -> Section:
    """Which notify.yaml, which environment, and why these."""
    where = str(case.configuration.path or case.configuration.base)
    environment = Fact("environment", case.environment.name, _selected(case))
    return Section("configuration", "Configuration", (Fact("file", where, _found(case)), environment))


def definition(case: Case) -> Section:
    """Which file defines the notification, and what it says of it as a whole."""
    found = case.definition
    by_id = Origin("derived", f"the id {found.id}")
    category = Fact("category", found.category, case.from_definition("category") or BUILT_IN)
    facts = [Fact("file", found.location.path, by_id), category, _unsubscribe(case)]
    message = case.composed.message
    origin = case.changed("delivery") or case.from_definition("delivery") or BUILT_IN
    facts.append(Fact("delivery", found.delivery if message is None else message.delivery, origin))
    return Section("definition", "Definition", tuple(facts))


def _found(case: Case) -> Origin:
    found = case.asked.found
    if found is not None and found.by == "call":
        return option("--config")
    if found is not None and found.by == "variable":
        return case.from_variable("NOTIFY_CONFIG") or Origin("variable", "the variable NOTIFY_CONFIG")
    return Origin("derived", "the nearest from the working directory upwards")


def _selected(case: Case) -> Origin:
    """What selects the environment; see `Notifier` and `Configuration.environment` for the order."""
    if case.asked.environment:
        return option("--env")
    if by_variable := case.from_variable("NOTIFY_ENV"):
        return by_variable
    if case.configuration.default_environment:
        return Origin("file", "default_environment", case.in_configuration.at("default_environment"))
    return Origin("default", "the built-in default, since nothing selects one")


def _unsubscribe(case: Case) -> Fact:
    """Whether mails of the category carry a way to unsubscribe."""
    category = case.definition.category
    at = case.in_configuration.at("categories", category, "unsubscribe") or case.in_configuration.at(
        "categories", category
    )
    origin = Origin("file", "the category", at) if at else Origin("default", f"the built-in category {category}")
    return Fact("unsubscribe", case.configuration.categories[category], origin)
