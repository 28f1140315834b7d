"""Tags and metadata of a message as headers that a service reads."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

from notify import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Message
    from notify_smtp.presets import Preset

_log = logging.getLogger("notify.smtp")

_WORD = re.compile(r"[A-Za-z0-9_-]{1,256}")


def labelled(message: Message, preset: Preset, who: str) -> Message:
    """The message with the headers that this service reads tags and metadata from; unchanged where there are none.

    Args:
        message: the message.
        preset: the service.
        who: the name of the transport, for errors.

    Raises:
        RefusedError: metadata has characters that the service does not take.
    """
    headers: list[tuple[str, str]] = []
    if preset.tag_header and message.tags:
        headers.append((preset.tag_header, message.tags[0]))
        if len(message.tags) > 1:
            _log.warning("%s takes one tag; left out: %s", preset.title, ", ".join(message.tags[1:]))
    if preset.metadata_header and message.metadata:
        headers += _metadata(preset.metadata_header, message.metadata, preset, who)
    return message.replace(headers=(*message.headers, *headers)) if headers else message


def _metadata(header: str, metadata: Mapping[str, str], preset: Preset, who: str) -> list[tuple[str, str]]:
    if header.endswith("-"):
        return [(f"{header}{key}", value) for key, value in metadata.items()]
    if not preset.metadata_pairs:
        return [(header, json.dumps(dict(metadata)))]
    for key, value in metadata.items():
        if not (_WORD.fullmatch(key) and _WORD.fullmatch(value)):
            raise RefusedError(
                f"metadata {key!r:.80}: {preset.title} takes letters, digits, _ and - only, in keys and values",
                transport=who,
                phase="check",
            )
    return [(header, ", ".join(f"{key}={value}" for key, value in metadata.items()))]
