"""The message that a call makes, and which plugins changed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.errors import ConfigError, NotifyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.call import Call
    from notify.composer import Composer
    from notify.definition import Definition
    from notify.message import Message
    from notify.plugins import Plugins

FIELDS = (
    "sender", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "headers", "attachments", "tags", "metadata",
    "options", "delivery", "return_path", "message_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as the definition, the call and the plugins make it.

    Attributes:
        message: the message; without content where it cannot be rendered, None where nobody is its sender.
        error: why it cannot be rendered.
        nobody: why nobody is its sender.
        built: the message before plugins changed it; None where it cannot be rendered.
        changed_by: the plugin that changed an attribute of the message last.
    """

    message: Message | None
    error: NotifyError | None = None
    nobody: ConfigError | None = None
    built: Message | None = None
    changed_by: Mapping[str, str] = field(default_factory=dict)


def compose(composer: Composer, plugins: Plugins, definition: Definition, call: Call) -> Composed:
    """The message of a call, as far as there is one."""
    try:
        built = message = composer.built(definition, call)
    except NotifyError as error:
        return _blank(composer, definition, call, error)
    changed: dict[str, str] = {}
    failed: NotifyError | None = None
    try:
        for name, after in plugins.messages(built, definition):
            changed |= {key: name for key in FIELDS if getattr(after, key) != getattr(message, key)}
            message = after
    except NotifyError as error:
        failed = error
    return Composed(message, failed, None, built, changed)


def _blank(composer: Composer, definition: Definition, call: Call, error: NotifyError) -> Composed:
    try:
        return Composed(composer.blank(definition, call), error)
    except ConfigError as nobody:
        return Composed(None, error, nobody)
