"""What a call of `render`, `send` or `enqueue` says, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Required, TypedDict, Unpack

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
    theme: str | None
    headers: Mapping[str, str] | None
    attachments: Attachment | Iterable[Attachment]
    tags: str | Iterable[str]
    metadata: Mapping[str, str] | None
    options: Mapping[str, Mapping[str, Any]] | None


class Keywords(CommonKeywords, total=False):
    """The keywords that `render`, `send` and `enqueue` share."""

    to: Required[AddressLike | Iterable[AddressLike]]
    params: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What a call says of all its messages, in one form; None stands for what the definition or configuration says."""

    cc: tuple[Address, ...] | None = None
    bcc: tuple[Address, ...] | None = None
    sender: Address | None = None
    reply_to: tuple[Address, ...] | None = None
    locale: str | None = None
    theme: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, **keywords: Unpack[CommonKeywords]) -> Common:
        """What the keywords of a call for the notification `name` say.

        Raises:
            AddressError: an address cannot be used.
            ParamsError: a keyword is not of the right kind.
            TypeError: there is no such keyword.
        """
        if not keywords:
            return _NOTHING
        known = CommonKeywords.__annotations__
        if unknown := sorted(keywords.keys() - known.keys()):
            raise TypeError(f"there is no keyword {unknown[0]!r}; there are: to, params, {', '.join(known)}")
        get: Any = keywords.get
        sender = get("sender")
        return cls(
            cc=_people(get("cc")),
            bcc=_people(get("bcc")),
            sender=None if sender is None else Address.of(sender),
            reply_to=_people(get("reply_to")),
            locale=_locale(name, get("locale")),
            theme=_theme(name, get("theme")),
            headers=_mapping(name, "headers", get("headers")),
            attachments=_several(name, "attachments", get("attachments"), Attachment),
            tags=_several(name, "tags", get("tags"), str),
            metadata=_mapping(name, "metadata", get("metadata")),
            options=_options(name, get("options")),
        )

    def addressed(self, name: str, to: AddressLike | Iterable[AddressLike], params: Mapping[str, Any] | None) -> Call:
        """The call for these people, with these params.

        Raises:
            AddressError: an address cannot be used.
            ParamsError: there is no recipient, or the params are no mapping.
        """
        people = addresses(to)
        if not people:
            raise ParamsError(name, [ParamProblem("to", "at least one recipient", "none")])
        if params is not None and type(params) is not dict and not isinstance(params, Mapping):
            raise _wrong(name, "params", "a mapping of names to values", params)
        return Call(people, params or {}, self)


_NOTHING = Common()


class Call(NamedTuple):
    """The keywords of a call in one form."""

    to: tuple[Address, ...]
    params: Mapping[str, Any]
    common: Common

    @classmethod
    def read(
        cls,
        name: str,
        *,
        to: AddressLike | Iterable[AddressLike],
        params: Mapping[str, Any] | None = None,
        **keywords: Unpack[CommonKeywords],
    ) -> Call:
        """What a call for the notification `name` says.

        Raises:
            AddressError, ParamsError, TypeError: as `Common.read` and `Common.addressed`.
        """
        common = Common.read(name, **keywords) if keywords else _NOTHING
        return common.addressed(name, to, params)


def _people(value: Any) -> tuple[Address, ...] | None:
    return None if value is None else addresses(value)


def _locale(name: str, value: Any) -> str | None:
    if value is None:
        return None
    locale = normal_locale(value) if isinstance(value, str) else None
    if locale is None:
        raise _wrong(name, "locale", "a locale such as fr or pt-BR", value)
    return locale


def _theme(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _wrong(name, "theme", "the name of a theme", value)


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


def _options(name: str, value: Any) -> Mapping[str, Mapping[str, Any]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(each, Mapping) for each in value.values()):
        raise _wrong(name, "options", "a mapping of providers to their values by name", value)
    return value


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
