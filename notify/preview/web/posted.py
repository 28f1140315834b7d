"""What a request carries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_LONGEST = 1_000_000
_LONGEST_NUMBER = 18


async def posted(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body; empty where there is no body.

    Raises:
        ConfigError: it is something else, or too large.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            raise ConfigError(f"the request is larger than {_LONGEST:,} octets")
    if not body:
        return {}
    try:
        found = json.loads(body)
        # Lone surrogates and NaN, which JSON's grammar or Python let pass, could not be written again.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise ConfigError("the request is not JSON") from None
    if not isinstance(found, dict):
        raise ConfigError("the request is not a JSON object")
    return found


def text_of(given: Mapping[str, Any], name: str) -> str:
    """A text of the request, empty where it is not given.

    Raises:
        ConfigError: it is no text.
    """
    value = given.get(name, "")
    if not isinstance(value, str):
        raise ConfigError(f"{name}: text is expected")
    return value.strip() if name != "yaml" else value


def number_of(text: str) -> int | None:
    """The number that a text is; None if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
