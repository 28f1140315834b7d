"""What a call of `render`, `send` or `enqueue` says, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Required, Self, TypedDict, Unpack

from notify.addresses import Address, addresses
from notify.errors import ParamProblem, ParamsError
from notify.locales import normal_locale
from notify.message import Attachment

if TYPE_CHECKING:
    from notify.addresses import AddressLike


class CommonKeywords(TypedDict, total=False):
    """The keywords that `send_many` takes once for all rows; `Notifier.render` describes them."""

    cc: AddressLike | Iterable[AddressLike] | None
    bcc: AddressLike | Iterable[AddressLike] | None
    sender: AddressLike | None
    reply_to: AddressLike | Iterable[AddressLike] | None
    locale: str | None
    headers: Mapping[str, str] | None
    attachments: Attachment | Iterable[Attachment]
    tags: str | Iterable[str]
    metadata: Mapping[str, str] | None


class Keywords(CommonKeywords, total=False):
    """The keywords that `render`, `send` and `enqueue` share."""

    to: Required[AddressLike | Iterable[AddressLike]]
    params: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The keywords of a call in one form; None stands for what the definition or the configuration says."""

    to: tuple[Address, ...] = ()
    params: Mapping[str, Any]
    cc: tuple[Address, ...] | None
    bcc: tuple[Address, ...] | None
    sender: Address | None
    reply_to: tuple[Address, ...] | None
    locale: str | None
    headers: Mapping[str, str]
    attachments: tuple[Attachment, ...]
    tags: tuple[str, ...]
    metadata: Mapping[str, str]

    @classmethod
    def read(
        cls,
        name: str,
        *,
        to: AddressLike | Iterable[AddressLike],
        params: Mapping[str, Any] | None = None,
        **keywords: Unpack[CommonKeywords],
    ) -> Self:
        """What a call for the notification `name` says.

        Raises:
            AddressError: an address cannot be used.
            ParamsError: a keyword is not of the right kind, or there is no recipient.
            TypeError: there is no such keyword.
        """
        return cls.common(name, **keywords).addressed(name, to, params)

    @classmethod
    def common(cls, name: str, **keywords: Unpack[CommonKeywords]) -> Self:
        """What holds for all rows of `send_many`.

        Raises:
            AddressError, ParamsError, TypeError: as `read`.
        """
        known = CommonKeywords.__annotations__
        if unknown := sorted(keywords.keys() - known.keys()):
            raise TypeError(f"there is no keyword {unknown[0]!r}; there are: to, params, {', '.join(known)}")
        get: Any = keywords.get
        sender = get("sender")
        return cls(
            params={},
            cc=_people(get("cc")),
            bcc=_people(get("bcc")),
            sender=None if sender is None else Address.of(sender),
            reply_to=_people(get("reply_to")),
            locale=_locale(name, get("locale")),
            headers=_mapping(name, "headers", get("headers")),
            attachments=_several(name, "attachments", get("attachments"), Attachment),
            tags=_several(name, "tags", get("tags"), str),
            metadata=_mapping(name, "metadata", get("metadata")),
        )

    def addressed(self, name: str, to: AddressLike | Iterable[AddressLike], params: Mapping[str, Any] | None) -> Self:
        """The same for these people, with these params.

        Raises:
            AddressError, ParamsError: as `read`.
        """
        people = addresses(to)
        if not people:
            raise ParamsError(name, [ParamProblem("to", "at least one recipient", "none")])
        if params is not None and not isinstance(params, Mapping):
            raise _wrong(name, "params", "a mapping of names to values", params)
        return replace(self, to=people, params=params or {})


def _people(value: Any) -> tuple[Address, ...] | None:
    return None if value is None else addresses(value)


def _locale(name: str, value: Any) -> str | None:
    if value is None:
        return None
    locale = normal_locale(value) if isinstance(value, str) else None
    if locale is None:
        raise _wrong(name, "locale", "a locale such as fr or pt-BR", value)
    return locale


def _mapping(name: str, what: str, value: Any) -> Mapping[str, str]:
    if value is None:
        return {}
    try:
        pairs = dict(value)
    except (TypeError, ValueError):
        raise _wrong(name, what, "a mapping of text to text", value) from None
    if not all(isinstance(text, str) for pair in pairs.items() for text in pair):
        raise _wrong(name, what, "a mapping of text to text", value)
    return pairs


def _several(name: str, what: str, value: Any, kind: type[Any]) -> tuple[Any, ...]:
    if value is None:
        return ()
    items = (value,) if isinstance(value, kind) else tuple(value) if isinstance(value, Iterable) else (value,)
    if not all(isinstance(item, kind) for item in items):
        raise _wrong(name, what, f"one {'text' if kind is str else 'Attachment'} or several", value)
    return items


def _wrong(name: str, what: str, expected: str, value: object) -> ParamsError:
    # The type is enough: a value may be a secret, or very long.
    return ParamsError(name, [ParamProblem(what, expected, f"{type(value).__name__}")])
