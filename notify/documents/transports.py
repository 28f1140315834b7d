"""The transports of an environment, and the types that there are, as documents; secrets print as `***`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.errors import NotifyError
from notify.limits import Limited, LimitSettings
from notify.settings import declared
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Notifier
    from notify.settings import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A transport of the environment: built, or with the error that says why it cannot be used.

    `type` is the name of its type, empty where it is not known; `settings` those that differ from their defaults, with
    the names of transports that it is made of; `status` what there is to say about it at the moment.
    """

    name: str
    default: bool
    type: str
    transport: Transport | None
    settings: Mapping[str, Any]
    status: str
    error: NotifyError | None


def configured(notifier: Notifier, name: str, *, verify: bool = False) -> Configured:
    """One transport of the environment; with `verify`, after it connected and logged in without sending."""
    transport = error = None
    status = ""
    try:
        transport = notifier.transports[name]
        status = transport.status()
        if verify:
            transport.verify()
    except NotifyError as caught:
        error = caught
    types = notifier.plugins.transports()
    return Configured(
        name=name,
        default=name == notifier.transports.names[0],
        type=next((each for each, cls in types.items() if cls is type(_within(transport))), ""),
        transport=transport,
        settings={name: _shown(value) for name, value in changed_settings(transport).items()},
        status=status,
        error=error,
    )


def transport_document(each: Configured) -> dict[str, Any]:
    """A configured transport."""
    return {
        "name": each.name,
        "default": each.default,
        "type": each.type or None,
        "settings": dict(each.settings),
        "status": each.status,
        "error": str(each.error) if each.error else None,
    }


def type_document(cls: type[Transport]) -> dict[str, Any]:
    """A type of transport, with its settings."""
    return {
        "description": summary(cls),
        "settings": {
            setting.name: {
                "type": setting.expected,
                "required": setting.required,
                "default": None if setting.required else setting.default,
                "description": setting.doc,
            }
            for setting in cls.declared_settings().values()
        },
    }


def summary(cls: type[Transport]) -> str:
    """What the type does, in a line."""
    return (cls.__doc__ or "").strip().partition("\n")[0]


def limit_settings() -> list[Setting]:
    """The settings that every type has besides its own."""
    return list(declared(LimitSettings).values())


def _within(transport: Transport | None) -> Transport | None:
    return transport.inner if isinstance(transport, Limited) else transport


def changed_settings(transport: Transport | None) -> dict[str, Any]:
    """The settings that differ from their defaults."""
    if transport is None:
        return {}
    if isinstance(transport, Limited):
        return changed_settings(transport.inner) | _changed(transport.settings, declared(LimitSettings))
    settings = transport.declared_settings()
    return _changed({name: getattr(transport, name) for name in settings}, settings)


def _shown(value: Any) -> Any:
    if isinstance(value, Transport):
        return value.name
    return [_shown(each) for each in value] if isinstance(value, tuple) else value


def _changed(values: Mapping[str, Any], settings: Mapping[str, Setting]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != settings[name].default}
