"""From a definition and a call to a message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, NotifyError, ParamProblem, ParamsError, RenderError
from notify.message import Attachment, Message
from notify.message.files import read_below
from notify.params import RESERVED_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.addresses import Address
    from notify.call import Call
    from notify.configuration import Configuration, Environment
    from notify.definition import Definition
    from notify.plugins import Plugins
    from notify.rendering import Rendered, RenderedAttachment


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

    def compose(self, definition: Definition, call: Call) -> Message:
        """The message; see `Notifier.render` for the errors."""
        values = self._validate(definition, call.params)
        sender = call.sender or definition.sender or self._sender or self._environment.sender
        if sender is None:
            raise ConfigError(
                f"nobody is the sender of {definition.id}: put `sender:` into notify.yaml or the definition"
            )
        locale = call.locale or self._default_locale
        context = {
            **self._extra(definition, values, call.to[0], locale),
            **values,
            "recipient": call.to[0],
            "recipients": call.to,
            "sender": sender,
            "notification": {"id": definition.id, "category": definition.category},
            "locale": locale,
        }
        rendered = self._renderer.render(definition, context, locale=locale)
        message = Message(
            sender=sender,
            to=call.to,
            cc=definition.cc if call.cc is None else call.cc,
            bcc=definition.bcc if call.bcc is None else call.bcc,
            reply_to=definition.reply_to if call.reply_to is None else call.reply_to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            headers=_merge(rendered.headers, call.headers),
            attachments=self._attached(definition, rendered, values) + tuple(map(self._read, call.attachments)),
            # A tag that renders to nothing is none.
            tags=tuple(dict.fromkeys(filter(None, (*rendered.tags, *call.tags)))),
            metadata=call.metadata,
            notification=definition.id,
            category=definition.category,
            locale=locale,
        )
        return self._plugins.message(message, definition)

    def _validate(self, definition: Definition, params: Mapping[str, Any]) -> dict[str, Any]:
        if definition.contract is not None:
            return definition.contract.validate(params, notification=definition.id)
        taken = RESERVED_NAMES | self._globals.keys()
        problems = [
            ParamProblem(str(name), "another name", "a reserved one" if name in RESERVED_NAMES else "that of a global")
            for name in params
            if name in taken
        ]
        if problems:
            raise ParamsError(definition.id, problems)
        return dict(params)

    def _extra(
        self, definition: Definition, values: Mapping[str, Any], recipient: Address, locale: str
    ) -> dict[str, Any]:
        extra = self._plugins.context(definition, MappingProxyType(values), recipient, locale)
        return {name: value for name, value in extra.items() if name not in self._globals}

    def _attached(
        self, definition: Definition, rendered: Rendered, values: Mapping[str, Any]
    ) -> tuple[Attachment, ...]:
        # Only where no params are declared can one be missing here.
        named = [each.param for each in rendered.attachments if each.param is not None]
        if missing := [name for name in named if name not in values]:
            raise ParamsError(definition.id, [ParamProblem(name, "bytes to attach", "nothing") for name in missing])
        # A param that may be None and is, attaches nothing.
        given = (each for each in rendered.attachments if each.param is None or values[each.param] is not None)
        return tuple(self._attachment(each, values) for each in given)

    def _read(self, attachment: Attachment) -> Attachment:
        """The same with its content: a path of a call is below the attachments folder, as one of a definition is."""
        if attachment.path is None:
            return attachment
        path = attachment.path
        if path.is_absolute() and path.is_relative_to(self._attachments):
            path = path.relative_to(self._attachments)
        return replace(attachment, path=None, content=read_below(self._attachments, path.as_posix()))

    def _attachment(self, each: RenderedAttachment, values: Mapping[str, Any]) -> Attachment:
        try:
            if each.param is not None:
                content, name = values[each.param], each.param
            else:
                path = each.path or ""
                content, name = read_below(self._attachments, path), Path(path).name
            return Attachment(
                filename=each.filename or name, content=content, type=each.type, cid=each.cid, method=each.method
            )
        except NotifyError as error:
            raise RenderError(str(error), each.location) from error


def _merge(defaults: tuple[tuple[str, str], ...], given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name in given}
    return (*((name, value) for name, value in defaults if name.lower() not in names), *given.items())
