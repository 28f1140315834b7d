"""Tags and metadata of a message as headers that a service reads."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify import Message
    from notify_smtp.presets import Preset

_log = logging.getLogger("notify.smtp")


def labelled(message: Message, preset: Preset) -> Message:
    """The message with the headers that this service reads tags and metadata from; unchanged where there are none."""
    headers: list[tuple[str, str]] = []
    if preset.tag_header and message.tags:
        headers.append((preset.tag_header, message.tags[0]))
        if len(message.tags) > 1:
            _log.warning("%s takes one tag; left out: %s", preset.title, ", ".join(message.tags[1:]))
    if preset.metadata_header and message.metadata:
        if preset.metadata_header.endswith("-"):
            headers += [(f"{preset.metadata_header}{key}", value) for key, value in message.metadata.items()]
        else:
            headers.append((preset.metadata_header, json.dumps(dict(message.metadata))))
    return message.replace(headers=(*message.headers, *headers)) if headers else message
