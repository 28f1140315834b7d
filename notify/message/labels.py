"""The plain words of a message, each in one form: tags, metadata and names, as transports pass them on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from notify.errors import AddressError, MessageError
from notify.frozen import FrozenMapping

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


NO_METADATA: FrozenMapping[str, str] = FrozenMapping()
NO_OPTIONS: FrozenMapping[str, FrozenMapping[str, Any]] = FrozenMapping()
DELIVERIES = ("at_most_once", "at_least_once")


def check_word(what: str, text: object) -> None:
    """Refuse what is no line of text.

    Raises:
        MessageError: it is no text.
        AddressError: it holds a line break, another control character or half of a surrogate pair.
    """
    if not isinstance(text, str):
        raise MessageError(f"{what}: expected text, got {text!r:.80}")
    if text.isprintable():
        return
    if bad := _CONTROL.search(text):
        raise AddressError(f"{what}: {bad[0]!r} must not be in {text!r:.80}")


def as_tags(tags: Any) -> tuple[str, ...]:
    """One tag or several as a tuple; None is none.

    Raises:
        MessageError: one is no text, or is empty.
        AddressError: one holds a control character.
    """
    if tags is None:
        return ()
    if isinstance(tags, str):
        tags = (tags,)
    if not isinstance(tags, Iterable):
        raise MessageError(f"tags: expected text, or several in a list, got {tags!r:.80}")
    words = tuple(tags)
    for tag in words:
        check_word("tags", tag)
        if not tag.strip():
            raise MessageError("tags: an empty one says nothing; leave it out")
    return words


def as_metadata(metadata: Any) -> FrozenMapping[str, str]:
    """A read-only copy; None is none.

    Raises:
        MessageError: it is no mapping of text to text, or a key is empty.
        AddressError: a key or a value holds a control character.
    """
    if metadata is None:
        return NO_METADATA
    if not isinstance(metadata, Mapping):
        raise MessageError(f"metadata: expected a mapping of text to text, got {metadata!r:.80}")
    frozen: FrozenMapping[str, str] = FrozenMapping(metadata)
    for key, value in frozen.items():
        check_word("metadata", key)
        if not key.strip():
            raise MessageError("metadata: a key is empty; give it a name")
        check_word(f"metadata {key!r:.80}", value)
    return frozen


def as_options(options: Any) -> FrozenMapping[str, FrozenMapping[str, Any]]:
    """A read-only copy; None is none.

    Raises:
        MessageError: it is no mapping of text to mappings whose keys are text.
    """
    if options is None:
        return NO_OPTIONS
    frozen: dict[str, FrozenMapping[str, Any]] = {}
    for provider, values in options.items() if isinstance(options, Mapping) else (("", options),):
        if not _is_named({provider: values}) or not _is_named(values):
            raise MessageError(
                f"options: expected values by name for each provider, as in {{'sendgrid': {{'ip_pool': 'shop'}}}}, got "
                f"{options!r:.80}"
            )
        frozen[provider] = FrozenMapping(values)
    return FrozenMapping(frozen)


def check_delivery(delivery: object) -> None:
    """Refuse what is not one of `DELIVERIES`.

    Raises:
        MessageError: it is not.
    """
    if delivery not in DELIVERIES:
        raise MessageError(f"delivery: expected {' or '.join(DELIVERIES)}, got {delivery!r:.80}")


def _is_named(values: object) -> bool:
    return isinstance(values, Mapping) and all(isinstance(name, str) for name in values)
