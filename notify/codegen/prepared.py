"""What generated modules are made of: a notification with its params, ready to be rendered or sent."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta
    from typing import Unpack

    from notify import Message, Notifier, Receipt
    from notify.addresses import AddressLike
    from notify.call import CommonKeywords
    from notify.outbox.job import Job
    from notify.outbox.terms import Priority


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Any = _Unset()
"""Stands for a param that is not given, so that the definition's default holds."""


class Prepared:
    """A notification with its params.

    Attributes:
        notification: the id.
        params: those that were given, such as for a row of `Notifier.send_many`.
    """

    def __init__(self, notifier: Notifier, notification: str, params: Mapping[str, Any]) -> None:
        self._notifier = notifier
        self.notification = notification
        self.params = {name: value for name, value in params.items() if value is not UNSET}

    def render(self, *, to: AddressLike | Iterable[AddressLike], **call: Unpack[CommonKeywords]) -> Message:
        """The message that `send` would send: see `Notifier.render`."""
        return self._notifier.render(self.notification, to=to, params=self.params, **call)

    def send(
        self, *, to: AddressLike | Iterable[AddressLike], via: str | None = None, **call: Unpack[CommonKeywords]
    ) -> Receipt:
        """Render and deliver it: see `Notifier.send`."""
        return self._notifier.send(self.notification, via=via, to=to, params=self.params, **call)

    async def asend(
        self, *, to: AddressLike | Iterable[AddressLike], via: str | None = None, **call: Unpack[CommonKeywords]
    ) -> Receipt:
        """`send`, off the event loop: see `Notifier.asend`."""
        return await self._notifier.asend(self.notification, via=via, to=to, params=self.params, **call)

    def enqueue(
        self,
        *,
        to: AddressLike | Iterable[AddressLike],
        key: str | None = None,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: Priority | None = None,
        connection: object = None,
        via: str | None = None,
        **call: Unpack[CommonKeywords],
    ) -> Job:
        """Put it into the outbox: see `Notifier.enqueue`."""
        return self._notifier.enqueue(
            self.notification,
            to=to,
            params=self.params,
            key=key,
            at=at,
            delay=delay,
            priority=priority,
            connection=connection,
            via=via,
            **call,
        )


def params_of(model: Any) -> dict[str, Any]:
    """The fields of a pydantic model or dataclass, under the names by which it takes them."""
    if dataclasses.is_dataclass(model):
        return {field.name: getattr(model, field.name) for field in dataclasses.fields(model) if field.init}
    found = {}
    for name, field in type(model).model_fields.items():
        alias = field.validation_alias if isinstance(field.validation_alias, str) else field.alias
        found[alias or name] = getattr(model, name)
    return found
