"""The transport that would carry a message, and what selects and sets it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.configuration import Specification
from notify.configuration.model import IMPLIED
from notify.configuration.variables import Unresolved
from notify.documents import changed_settings, configured
from notify.dsn import is_dsn
from notify.errors import NotifyError, PluginError, RefusedError
from notify.explaining.facts import BUILT_IN, Fact, Origin, Problem, Section, option, plugin
from notify.explaining.shown import plain, scrubbed
from notify.limits import Limited
from notify.plugins import FRAMEWORK
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.documents import Configured
    from notify.explaining.case import Case

_LONGEST_NAME = 40


def transport(case: Case) -> Section:
    """Which transport it is, why, and whether it would object."""
    try:
        name, origin = _selected(case)
    except NotifyError as error:
        return Section("transport", "Transport", (Fact("name", None, problems=(case.problem(error),)),))
    found = configured(case.notifier, name)
    problems = () if found.error is None else (case.problem(found.error),)
    facts = (Fact("name", _safe(name), origin, problems), *_about(case, found), *_objection(case, found.transport))
    return Section("transport", "Transport", facts)


def carrier(case: Case) -> str | None:
    """The name of the transport that is selected, as it may be shown; None where there is none."""
    try:
        return _safe(_selected(case)[0])
    except NotifyError:
        return None


def _selected(case: Case) -> tuple[str, Origin]:
    """The name, and what selects it.

    Raises:
        PluginError: a plugin chose one that there is not.
    """
    if case.asked.via is not None:
        return case.asked.via, option("--via")
    names = case.notifier.transports.names
    message = case.leaving[0] or case.composed.message
    if message is None:
        return names[0], _default(case)
    by, name = case.notifier.plugins.selected_transport(message, case.notifier.environment, names)
    return name, _default(case) if by == FRAMEWORK else plugin(by)


def _default(case: Case) -> Origin:
    """What makes a transport the environment's default; see `Notifier` and `Environment.transports`."""
    if case.asked.transport:
        return _with_dsn(option("--transport"), case.asked.transport)
    if by_variable := case.from_variable("NOTIFY_TRANSPORT"):
        return _with_dsn(by_variable, os.environ["NOTIFY_TRANSPORT"])
    if found := case.from_environment("transport"):
        return found
    environments = case.configuration.environments
    if environments is IMPLIED and "transport" in environments[case.environment.name].values:
        return Origin("default", f"the built-in environment {case.environment.name}")
    return Origin("default", f"the built-in default, since the environment {case.environment.name} names none")


def _with_dsn(origin: Origin, text: str) -> Origin:
    return Origin(origin.by, f"{origin.words} {scrubbed(text)}") if is_dsn(text) else origin


def _about(case: Case, found: Configured) -> Iterator[Fact]:
    """Its type, its settings, and whether it delivers."""
    if found.transport is None:
        return
    specification = case.notifier.transports.specification(found.name)
    yield _type(case, found.transport)
    if (at := specification.places.get("")) is not None:
        yield Fact("configured", _safe(found.name), Origin("file", "", at))
    yield from _settings(case, specification, found.transport)
    if found.status:
        yield Fact("now", found.status)


def _type(case: Case, found: Transport) -> Fact:
    cls = type(found.inner if isinstance(found, Limited) else found)
    plugins = case.notifier.plugins
    name = next((name for name, each in plugins.transports().items() if each is cls), cls.__name__)
    by = plugins.offering(cls)
    return Fact("type", name, plugin(by) if by else None)


def _settings(case: Case, specification: Specification, found: Transport) -> Iterator[Fact]:
    """The settings that differ from their defaults, and whether messages reach real people by it."""
    declared = found.inner.declared_settings() if isinstance(found, Limited) else found.declared_settings()
    for name, value in changed_settings(found).items():
        default = declared[name].default if name in declared else None
        same = isinstance(default, Path) and value == case.configuration.base / default
        origin = BUILT_IN if same else _set_by(specification, name)
        members = _members(case, value)
        shown = [_safe(each.name) for each in value] if members else plain(value, case.configuration.base)
        yield Fact(name, shown, origin, inner=members)
    yield Fact("delivers", found.capabilities.delivers)


def _members(case: Case, value: Any) -> tuple[Fact, ...]:
    """Of a setting that holds transports, what there is to say about each."""
    if not isinstance(value, tuple) or not all(isinstance(each, Transport) for each in value):
        return ()
    return tuple(Fact(_safe(each.name), None, inner=tuple(_member(case, each))) for each in value)


def _member(case: Case, member: Transport) -> Iterator[Fact]:
    """A transport that a group is made of: one of the configuration's, or one that a DSN describes."""
    if _is_named(case, member):
        yield from _about(case, configured(case.notifier, member.name))
    else:
        yield _type(case, member)
        yield from _settings(case, Specification(""), member)


def _is_named(case: Case, member: Transport) -> bool:
    """Whether the configuration has it under its name, which a DSN's may share with another."""
    transports = case.notifier.transports
    try:
        return member.name in transports.names and transports[member.name] is member
    except NotifyError:
        return False


def _set_by(specification: Specification, name: str) -> Origin:
    """Where a setting is written; a variable in it is named, as what it holds may be a secret."""
    value, at = specification.value, specification.places.get(name) or specification.places.get("")
    if not isinstance(value, dict):
        return Origin("derived", "its DSN", at)
    if name not in value:
        return Origin("derived", "its type, and the other settings")
    written = value[name]
    return Origin("file", written.text if isinstance(written, Unresolved) else "", at)


def _objection(case: Case, found: Transport | None) -> Iterator[Fact]:
    """Why it would refuse the message, as far as it knows without connecting."""
    message = case.leaving[0]
    if found is None or message is None or case.composed.error is not None:
        return
    try:
        objection = found.objection(message)
    except NotifyError as error:
        yield Fact("objection", None, problems=(case.problem(error),))
        return
    except Exception as error:  # noqa: BLE001 - a fault of a plugin is told, and hides nothing else
        text = f"the transport {found.name!r} failed in objection: {type(error).__name__}: {error}"
        yield Fact("objection", None, problems=(Problem(PluginError, case.shown(text)),))
        return
    problems = (Problem(RefusedError, case.shown(objection)),) if objection else ()
    yield Fact("objection", "none" if objection is None else "it would refuse the message", problems=problems)


def _safe(name: str) -> str:
    """What was given as the name of a transport may be a DSN, or a key, by mistake."""
    if is_dsn(name):
        return scrubbed(name)
    return name if len(name) <= _LONGEST_NAME else f"{len(name)} letters"
