"""From a definition and a call to a message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Required, TypedDict

from notify.errors import ConfigError, ParamProblem, ParamsError
from notify.locales import normal_locale
from notify.message import Attachment, Message
from notify.message.files import read_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.addresses import Address, AddressLike
    from notify.configuration import Configuration, Environment
    from notify.definition import Definition
    from notify.plugins import Plugins
    from notify.rendering import Rendered, RenderedAttachment

RESERVED = frozenset({
    "recipient", "recipients", "sender", "notification", "locale", "subject", "preheader",
})  # fmt: skip
"""The names that templates see besides the params and the globals."""


class Call(TypedDict, total=False):
    """The keywords that `render`, `send` and `enqueue` share; `Notifier.render` describes them."""

    to: Required[AddressLike | Iterable[AddressLike]]
    cc: AddressLike | Iterable[AddressLike] | None
    bcc: AddressLike | Iterable[AddressLike] | None
    sender: AddressLike | None
    reply_to: AddressLike | Iterable[AddressLike] | None
    params: Mapping[str, Any] | None
    locale: str | None
    headers: Mapping[str, str] | None
    attachments: Iterable[Attachment]
    tags: Iterable[str]
    metadata: Mapping[str, str] | None


class Common(TypedDict, total=False):
    """The keywords of `Call` that `send_many` takes once for all rows."""

    cc: AddressLike | Iterable[AddressLike] | None
    bcc: AddressLike | Iterable[AddressLike] | None
    sender: AddressLike | None
    reply_to: AddressLike | Iterable[AddressLike] | None
    locale: str | None
    headers: Mapping[str, str] | None
    attachments: Iterable[Attachment]
    tags: Iterable[str]
    metadata: Mapping[str, str] | None


class Composer:
    """Checks the params, renders the templates and puts the message together."""

    def __init__(
        self, configuration: Configuration, environment: Environment, plugins: Plugins, sender: Address | None
    ) -> None:
        self._plugins = plugins
        self._sender = sender
        self._environment = environment
        self._attachments = configuration.attachments
        self._default_locale = configuration.default_locale
        self._globals = environment.globals
        self._renderer = configuration.renderer(
            self._globals, templates=plugins.templates(), configure=plugins.jinja_environment
        )

    def compose(
        self,
        definition: Definition,
        *,
        to: tuple[Address, ...],
        cc: tuple[Address, ...] | None,
        bcc: tuple[Address, ...] | None,
        sender: Address | None,
        reply_to: tuple[Address, ...] | None,
        params: Mapping[str, Any],
        locale: str | None,
        headers: Mapping[str, str],
        attachments: tuple[Attachment, ...],
        tags: tuple[str, ...],
        metadata: Mapping[str, str],
    ) -> Message:
        """The message; see `Notifier.render` for the arguments and the errors."""
        if not to:
            raise ParamsError(definition.id, [ParamProblem("to", "at least one recipient", "none")])
        values = self._validate(definition, params)
        sender = sender or definition.sender or self._sender or self._environment.sender
        if sender is None:
            raise ConfigError(
                f"nobody is the sender of {definition.id}: put `sender:` into notify.yaml or the definition"
            )
        locale = self._locale(definition, locale)
        context = {
            **self._extra(definition, values, to[0], locale),
            **values,
            "recipient": to[0],
            "recipients": to,
            "sender": sender,
            "notification": {"id": definition.id, "category": definition.category},
            "locale": locale,
        }
        rendered = self._renderer.render(definition, context, locale=locale)
        message = Message(
            sender=sender,
            to=to,
            cc=definition.cc if cc is None else cc,
            bcc=definition.bcc if bcc is None else bcc,
            reply_to=definition.reply_to if reply_to is None else reply_to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            headers=_merge(rendered.headers, headers),
            attachments=self._attached(rendered, values) + tuple(map(self._read, attachments)),
            tags=tuple(dict.fromkeys((*rendered.tags, *tags))),
            metadata=dict(metadata),
            notification=definition.id,
            category=definition.category,
            locale=locale,
        )
        return self._plugins.message(message, definition)

    def _locale(self, definition: Definition, locale: str | None) -> str:
        if locale is None:
            return self._default_locale
        normal = normal_locale(locale)
        if normal is None:
            problem = ParamProblem("locale", "a locale such as fr or pt-BR", f"{locale!r:.60}")
            raise ParamsError(definition.id, [problem])
        return normal

    def _validate(self, definition: Definition, params: Mapping[str, Any]) -> dict[str, Any]:
        if definition.contract is not None:
            return definition.contract.validate(params, notification=definition.id)
        taken = RESERVED | self._globals.keys()
        problems = [
            ParamProblem(str(name), "another name", "a reserved one" if name in RESERVED else "that of a global")
            for name in params
            if name in taken
        ]
        if problems:
            raise ParamsError(definition.id, problems)
        return dict(params)

    def _extra(
        self, definition: Definition, values: Mapping[str, Any], recipient: Address, locale: str
    ) -> dict[str, Any]:
        extra = self._plugins.context(definition, values, recipient, locale)
        return {name: value for name, value in extra.items() if name not in self._globals}

    def _attached(self, rendered: Rendered, values: Mapping[str, Any]) -> tuple[Attachment, ...]:
        return tuple(self._attachment(each, values) for each in rendered.attachments)

    def _read(self, attachment: Attachment) -> Attachment:
        """The same with its content: a path of a call is below the attachments folder, as one of a definition is."""
        if attachment.path is None:
            return attachment
        path = attachment.path
        if path.is_absolute() and path.is_relative_to(self._attachments):
            path = path.relative_to(self._attachments)
        return replace(attachment, path=None, content=read_below(self._attachments, path.as_posix()))

    def _attachment(self, each: RenderedAttachment, values: Mapping[str, Any]) -> Attachment:
        if each.param is not None:
            content, name = values[each.param], each.param
        else:
            path = each.path or ""
            content, name = read_below(self._attachments, path), Path(path).name
        return Attachment(
            filename=each.filename or name, content=content, type=each.type, cid=each.cid, method=each.method
        )


def _merge(defaults: tuple[tuple[str, str], ...], given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name in given}
    return (*((name, value) for name, value in defaults if name.lower() not in names), *given.items())
