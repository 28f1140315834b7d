"""From a definition and a call to a message."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from notify.attaching import Attaching
from notify.errors import ConfigError, ParamProblem, ParamsError
from notify.message import Message
from notify.message.labels import NO_METADATA, NO_OPTIONS
from notify.params import RESERVED_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import jinja2

    from notify.addresses import Address
    from notify.call import Call, Common
    from notify.configuration import Configuration, Environment
    from notify.consent.links import Linked, Links
    from notify.definition import Definition
    from notify.message.identity import Identity
    from notify.plugins import Plugins
    from notify.rendering import Rendered, Renderer, Sources

    _Made = tuple[Rendered, dict[str, Any], Address, str, Linked | tuple[str, str, tuple[()]]]

_MADE_UP = ("", None, "")
"""Instead of an identity."""
_UNLINKED = ("", "", ())
"""Instead of the links by which a recipient leaves."""


class Composer:
    """Checks the params, renders the templates and puts the message together.

    Args:
        configuration: where templates and attachments are.
        environment: whose globals the templates see.
        plugins: what they bring.
        sender: who messages come from, where neither the definition nor the call says so.
        configure: changes the environment of the templates, after the plugins; then the CSS is not inlined, so that the
            HTML is what the templates print.
        direct: whether bodies are rendered directly, which pays from a few messages of each notification on.
        samples: whether all messages are samples, so that no link of theirs has to lead anywhere.
    """

    def __init__(
        self,
        configuration: Configuration,
        environment: Environment,
        plugins: Plugins,
        sender: Address | None,
        configure: Callable[[jinja2.Environment], None] | None = None,
        *,
        direct: bool = True,
        samples: bool = False,
    ) -> None:
        from notify.rendering import Recorder

        self._plugins = plugins
        self._sender = sender
        self._environment = environment
        self._default_locale = configuration.default_locale
        self._globals = environment.globals
        self._configuration = configuration
        self._configure = configure
        self._direct = direct
        self._links = _links(environment, samples=samples)
        self.recorder = Recorder()
        self._attaching = Attaching(configuration.attachments, self.recorder)
        self._renderers: dict[str | None, Renderer] = {None: self._renderer(None)}

    def rendered(self, definition: Definition, call: Call) -> Rendered:
        """The parts of the message, before they are put together; see `Notifier.render` for the errors."""
        return self._rendered(definition, call)[0]

    def compose(self, definition: Definition, call: Call, identity: Identity | None = None) -> Message:
        """The message; see `Notifier.render` for the errors.

        Args:
            definition: of the notification.
            call: for whom, and with which params.
            identity: the Message-ID, the Date and the boundary; made up if left out.
        """
        return self._plugins.message(self.built(definition, call, identity), definition)

    def built(self, definition: Definition, call: Call, identity: Identity | None = None) -> Message:
        """The message before plugins change it; see `Notifier.render` for the errors."""
        date = None if identity is None else identity.date
        return self._message(definition, call, self._rendered(definition, call, date), identity or _MADE_UP)

    def blank(self, definition: Definition, call: Call) -> Message:
        """The message without what comes of templates, for who asks where it would go though it cannot be rendered.

        Raises:
            ConfigError: nobody is the sender.
        """
        from notify.rendering import Rendered

        sender, locale = self.sender_of(definition, call.common), call.common.locale or self._default_locale
        return self._message(definition, call, (Rendered("", "", None, "", (), (), ()), {}, sender, locale, _UNLINKED))

    def validate(self, definition: Definition, params: Mapping[str, Any]) -> dict[str, Any]:
        """The params as templates get them.

        Raises:
            ParamsError: they are not what the definition declares.
        """
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

    def sender_of(self, definition: Definition, common: Common) -> Address:
        """Who the message comes from: what the call says, else the definition, else the configuration.

        Raises:
            ConfigError: nobody.
        """
        sender = common.sender or definition.sender or self._sender or self._environment.sender
        if sender is None:
            raise ConfigError(
                f"nobody is the sender of {definition.id}: put `sender:` into notify.yaml or the definition"
            )
        return sender

    def _message(
        self,
        definition: Definition,
        call: Call,
        made: _Made,
        identity: Identity | tuple[str, None, str] = _MADE_UP,
    ) -> Message:
        rendered, values, sender, locale, linked = made
        message_id, date, boundary = identity
        common = call.common
        return Message(
            sender=sender,
            to=call.to,
            cc=definition.cc if common.cc is None else common.cc,
            bcc=definition.bcc if common.bcc is None else common.bcc,
            reply_to=definition.reply_to if common.reply_to is None else common.reply_to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            headers=_headers(rendered.headers, common.headers, linked[2]),
            attachments=(
                self._attaching.attached(definition.id, rendered.attachments, values, common.attachments)
                if rendered.attachments or common.attachments
                else ()
            ),
            tags=_distinct(rendered.tags, common.tags),
            metadata=common.metadata or NO_METADATA,
            options=(
                _options(definition.options, common.options) if definition.options or common.options else NO_OPTIONS
            ),
            delivery=definition.delivery,
            notification=definition.id,
            category=definition.category,
            locale=locale,
            message_id=message_id,
            date=date,
            boundary=boundary,
        )

    def _rendered(self, definition: Definition, call: Call, date: datetime | None = None) -> _Made:
        """The parts, the checked params, who the message comes from, the locale, and the links to leave by."""
        values = self.validate(definition, call.params)
        common = call.common
        sender = self.sender_of(definition, common)
        locale = common.locale or self._default_locale
        linked = _UNLINKED if self._links is None else self._linked(self._links, definition, call, date)
        extra = self._plugins.context(definition, values, call.to[0], locale)
        context = {
            **(self._allowed(extra) if extra else {}),
            **values,
            "recipient": call.to[0],
            "recipients": call.to,
            "sender": sender,
            "notification": _about(definition.id, definition.category),
            "locale": locale,
            "unsubscribe_url": linked[0],
            "preferences_url": linked[1],
        }
        return self._themed(common.theme).render(definition, context, locale=locale), values, sender, locale, linked

    def _linked(
        self, links: Links, definition: Definition, call: Call, date: datetime | None
    ) -> Linked | tuple[str, str, tuple[()]]:
        from notify.consent.links import scope_of

        scope = scope_of(
            self._configuration.categories.get(definition.category, ""), definition.category, definition.id
        )
        if scope is None:
            return _UNLINKED
        common = call.common
        copies = definition.cc if common.cc is None else common.cc, definition.bcc if common.bcc is None else common.bcc
        people = call.to if copies == ((), ()) else (*call.to, *copies[0], *copies[1])
        return links.of(tuple([each.email for each in people]), scope, date)

    def sources(self) -> Sources:
        """Where the bodies of definitions come from, as the templates are now."""
        return self._themed(None).sources()

    def _themed(self, theme: str | None) -> Renderer:
        renderer = self._renderers.get(theme)
        if renderer is None:
            renderer = self._renderers[theme] = self._renderer(theme)
        return renderer

    def _renderer(self, theme: str | None) -> Renderer:
        # What templates import sees the globals of its environment only, so that each theme has one.
        return self._configuration.renderer(
            self._environment.themed(theme),
            templates=self._plugins.templates(),
            configure=self._configured,
            recorder=self.recorder,
            auto_reload=self._environment.auto_reload,
            inlined=self._configure is None,
            direct=self._direct,
        )

    def _configured(self, environment: jinja2.Environment) -> None:
        self._plugins.jinja_environment(environment)
        if self._configure is not None:
            self._configure(environment)

    def _allowed(self, extra: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in extra.items() if name not in self._globals}


@lru_cache(maxsize=1024)
def _about(name: str, category: str) -> Mapping[str, str]:
    return {"id": name, "category": category}


def _distinct(rendered: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Each tag once; one that renders to nothing is none."""
    return tuple(dict.fromkeys(filter(None, (*rendered, *given)))) if rendered or given else ()


def _links(environment: Environment, *, samples: bool) -> Links | None:
    """What makes the links by which people leave; None where nothing says that they can."""
    if not environment.unsubscribes:
        return None
    from notify.consent.links import Links

    return Links(environment, samples=samples)


def _headers(
    rendered: tuple[tuple[str, str], ...], given: Mapping[str, str], linked: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """The definition's headers, the call's in their place, and those by which people leave."""
    headers = _merge(rendered, given) if given else rendered
    if not linked:
        return headers
    from notify.consent.links import with_headers

    return with_headers(headers, linked)


def _merge(defaults: tuple[tuple[str, str], ...], given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name in given}
    return (*((name, value) for name, value in defaults if name.lower() not in names), *given.items())


def _options(own: Mapping[str, Mapping[str, Any]], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the definition tells providers, with what the call does in its place."""
    return {name: {**own.get(name, {}), **given.get(name, {})} for name in (*own, *(given.keys() - own.keys()))}
