"""What a message tells SendGrid, read once for both ways: tags, metadata, options, and its own header X-SMTPAPI."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from notify import RefusedError
from notify.suggest import did_you_mean
from notify_sendgrid import values
from notify_sendgrid.filters import read_filters, read_tracking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify import Message

PROVIDER = "sendgrid"
NOTIFY_ID = "notify_id"
_MOST_CATEGORIES = 10
_LONGEST_CATEGORY = 255
_LARGEST_ARGUMENTS = 10_000

_READERS: Mapping[str, Callable[[object], Any]] = {
    "asm_group": values.group,
    "asm_groups_to_display": values.groups,
    "batch_id": values.batch_id,
    "filters": read_filters,
    "ip_pool": values.ip_pool,
    "sandbox": values.flag,
    "send_at": values.send_at,
    "tracking": read_tracking,
}
OPTIONS = tuple(_READERS)
"""The keys of `options["sendgrid"]`."""

_WRITTEN = {
    "asm_group_id": "asm_group",
    "asm_groups_to_display": "asm_groups_to_display",
    "batch_id": "batch_id",
    "ip_pool": "ip_pool",
    "send_at": "send_at",
}
"""The names that X-SMTPAPI has for some of them."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """What SendGrid is told of one message; everything within SendGrid's limits.

    Attributes:
        categories: what it is filed under.
        arguments: what comes back with its events, our own Message-ID among it, as `notify_id`.
        asm_group: the unsubscribe group.
        asm_groups_to_display: the groups that the page of preferences shows.
        send_at: when it leaves, in seconds since 1970.
        batch_id: what it can be cancelled by.
        ip_pool: the IP pool it leaves from.
        filters: filters by name, with their settings.
        sandbox: whether it is only checked; None if the message does not say.
        rest: what else a header X-SMTPAPI says, which is for SMTP only.
    """

    categories: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    asm_group: int | None = None
    asm_groups_to_display: tuple[int, ...] = ()
    send_at: int | None = None
    batch_id: str | None = None
    ip_pool: str | None = None
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sandbox: bool | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, message: Message, defaults: Mapping[str, Any], who: str) -> Self:
        """The instructions of a message. What its header says wins over its options, and those over the defaults.

        Args:
            message: the message.
            defaults: options for all messages.
            who: the transport's name, for errors.

        Raises:
            RefusedError: SendGrid would not take one, or would drop the message for it.
        """
        try:
            header = _header(message)
            found = _options(message, defaults, header)
            if "asm_groups_to_display" in found and "asm_group" not in found:
                raise ValueError("asm_groups_to_display needs an asm_group")  # noqa: TRY301
            filters = found.pop("tracking", {}) | found.pop("filters", {})
            return cls(
                categories=_categories(header.pop("category", []), message.tags),
                arguments=_arguments(header.pop("unique_args", {}), message),
                filters=filters,
                rest=header,
                **found,
            )
        except ValueError as error:
            raise RefusedError(str(error), transport=who, phase="check") from None

    @property
    def shared(self) -> Instructions:
        """All that messages to different people can have in common."""
        return replace(self, arguments={}, send_at=None)


def _header(message: Message) -> dict[str, Any]:
    written = next((value for name, value in message.headers if name.lower() == "x-smtpapi"), "{}")
    try:
        said = json.loads(written)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ValueError("the header X-SMTPAPI is not a JSON object")  # noqa: TRY004 - it is about the message
    return said


def _options(message: Message, defaults: Mapping[str, Any], header: dict[str, Any]) -> dict[str, Any]:
    """All that is said by options, defaults and, taken out of it, the header; in one form."""
    options = message.options.get(PROVIDER, {})
    for name in options:
        if name not in _READERS:
            raise ValueError(f"options: sendgrid: unknown key {name!r} ({did_you_mean(name, OPTIONS)})")
    said = [(name, value, f"options: sendgrid: {name}") for name, value in {**defaults, **options}.items()]
    said += [(_WRITTEN[name], header.pop(name), f"the header X-SMTPAPI: {name}") for name in _WRITTEN if name in header]
    found: dict[str, Any] = {}
    for name, value, where in said:
        if value is None:
            continue
        try:
            found[name] = _READERS[name](value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    return found


def _categories(own: object, tags: tuple[str, ...]) -> tuple[str, ...]:
    """The message's own categories and the tags, each once."""
    listed = [own] if isinstance(own, str) else own
    if not isinstance(listed, list) or not all(isinstance(category, str) for category in listed):
        raise ValueError("category in the header X-SMTPAPI is neither text nor a list of texts")
    categories = tuple(dict.fromkeys([*listed, *tags]))
    if len(categories) > _MOST_CATEGORIES:
        raise ValueError(f"the message has {len(categories)} tags, and SendGrid takes {_MOST_CATEGORIES}")
    for category in categories:
        if not category.isascii() or len(category) > _LONGEST_CATEGORY:
            raise ValueError(f"tag {category!r:.80}: SendGrid takes ASCII of at most {_LONGEST_CATEGORY} letters")
    return categories


def _arguments(own: object, message: Message) -> dict[str, str]:
    """The metadata and the message's own unique_args, which win; and the Message-ID, if there is room for it."""
    if not isinstance(own, dict):
        raise ValueError("unique_args in the header X-SMTPAPI is not a JSON object")  # noqa: TRY004
    if other := next((name for name, value in own.items() if not isinstance(value, str)), None):
        raise ValueError(f"unique_args in the header X-SMTPAPI: {other!r} is not text")
    arguments = {**message.metadata, **own}
    if (size := _size(arguments)) > _LARGEST_ARGUMENTS:
        raise ValueError(f"metadata has {size} octets as JSON, and SendGrid takes {_LARGEST_ARGUMENTS}")
    named = {NOTIFY_ID: message.message_id, **arguments}
    return named if _size(named) <= _LARGEST_ARGUMENTS else arguments


def _size(arguments: Mapping[str, str]) -> int:
    return len(json.dumps(arguments))
