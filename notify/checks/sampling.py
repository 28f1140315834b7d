"""Every sample of a notification in every locale, rendered for the rules."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from notify.call import Call
from notify.checks.finding import Finding
from notify.checks.mail import Mail
from notify.checks.placing import Marking, Placed
from notify.checks.whole import Whole
from notify.definition import RECIPIENT
from notify.definition.walk import shown_path
from notify.errors import DefinitionError, NotifyError, ParamsError, RenderError
from notify.rendering.inlining import Inliner

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jinja2

    from notify.composer import Composer
    from notify.configuration.checking import CheckSettings
    from notify.definition import Definition, Sample
    from notify.errors import Location
    from notify.notifier import Notifier


class Sampler:
    """Renders samples as they would be sent, and once more with the places where everything comes from.

    Args:
        notifier: renders.
        settings: what the rules are told.
    """

    def __init__(self, notifier: Notifier, settings: CheckSettings) -> None:
        self._notifier = notifier
        self._settings = settings
        self._environment: jinja2.Environment | None = None
        self._paths: dict[str, str | None] = {}
        self._inliner = Inliner()
        self._sources = notifier.sources()
        self._whole = Whole.of(notifier)

    def locales(self, definition: Definition) -> list[str]:
        """The locales that a notification has words for, the default one first."""
        default = self._notifier.configuration.default_locale
        return [default, *(each for each in self._sources.locales(definition) if each != default)]

    def mails(self, definition: Definition) -> Iterator[Mail | Finding]:
        """Its mails; a finding for each that cannot be rendered."""
        for sample in definition.samples.values():
            for locale in [sample.locale] if sample.locale else self.locales(definition):
                try:
                    yield self._mail(definition, sample, locale)
                except NotifyError as error:
                    yield from _findings(error, definition, sample.name, locale)

    def _mail(self, definition: Definition, sample: Sample, locale: str) -> Mail:
        call = Call.read(definition.id, to=sample.to or RECIPIENT, params=sample.params, locale=locale)
        message = self._notifier.render(definition.id, to=call.to, params=sample.params, locale=locale)
        marked = self._marked.rendered(definition, call)
        source, plain = self._placed(marked.html), self._placed(marked.text)
        # The marks can change more: a template may count letters, or set columns.
        if source is not None and self._inliner.inlined(source.text) != message.html:
            source = Placed(str(self._bare.rendered(definition, call).html), (), ())
        if plain is not None and plain.text != message.text:
            plain = Placed(message.text or "", (), ())
        return Mail(
            definition=definition,
            sample=sample.name,
            locale=locale,
            params=sample.params,
            message=message,
            source=source,
            plain=plain,
            settings=self._settings,
            path_of=self._path,
            whole=self._whole,
        )

    def _placed(self, marked: object) -> Placed | None:
        return None if marked is None else Placed.of(str(marked), self._marking.spots)

    @cached_property
    def _marked(self) -> Composer:
        return self._notifier.composer(self._mark)

    @cached_property
    def _bare(self) -> Composer:
        return self._notifier.composer(lambda _: None)

    @property
    def _marking(self) -> Marking:
        assert self._environment is not None  # noqa: S101 - something was rendered
        marking = self._environment.extensions[Marking.identifier]
        assert isinstance(marking, Marking)  # noqa: S101 - for the type checker
        return marking

    def _mark(self, environment: jinja2.Environment) -> None:
        environment.add_extension(Marking)
        self._environment = environment

    def _path(self, name: str) -> str | None:
        if name not in self._paths:
            self._paths[name] = self._found(name)
        return self._paths[name]

    def _found(self, name: str) -> str | None:
        environment, base = self._environment, self._notifier.configuration.base
        if environment is None or environment.loader is None:
            return None
        try:
            path = environment.loader.get_source(environment, name)[1]
        except TemplateError:
            return None
        return shown_path(Path(path), base) if path and Path(path).is_relative_to(base) else None


def _called(error: RenderError) -> Location:
    """Where the template failed; for a component that ships, where it is called, since the call is wrong."""
    if not error.chain or not error.chain[-1].template.startswith("notify/"):
        return error.location
    own = (frame.location for frame in reversed(error.chain) if not frame.template.startswith("notify/"))
    return next(own, error.location)


def _findings(error: NotifyError, definition: Definition, sample: str, locale: str) -> Iterator[Finding]:
    """What a rendering that failed says."""
    about = {"notification": definition.id, "sample": sample, "locale": locale}
    place = definition.samples[sample].location
    if isinstance(error, RenderError):
        attached = error.location in {each.location for each in definition.attachments}
        name = "def-missing-attachment" if attached else "tpl-render"
        yield Finding(_called(error), name, "error", error.message, error.hint, **about)
    elif isinstance(error, DefinitionError):
        for fault in error.faults:
            yield Finding(fault.location, "def-invalid", "error", fault.message, fault.hint, **about)
    elif isinstance(error, ParamsError):
        # Where params are declared, reading has found this already, at the value itself.
        for problem in error.problems if definition.contract is None else ():
            yield Finding(place, "def-sample-invalid", "error", str(problem), **about)
    else:
        yield Finding(place, "msg-invalid", "error", str(error).partition("\n")[0], **about)
