"""From a definition and a context to the parts of a mail."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from jinja2 import PrefixLoader
from markupsafe import Markup

from notify.errors import DefinitionError, RenderError
from notify.rendering.direct import Prepared
from notify.rendering.document import as_document
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.failure import Failures
from notify.rendering.inlining import Inliner, inlined_whole
from notify.rendering.limits import Limits
from notify.rendering.loaders import Chain, FolderLoader
from notify.rendering.markdown import Values, markdown_to_html
from notify.rendering.plan import Planner
from notify.rendering.preheader import PREHEADER, Preheader, with_preheader
from notify.rendering.preparing import Preparer
from notify.rendering.rendered import Rendered, RenderedAttachment
from notify.rendering.running import Runner
from notify.rendering.sources import Sources
from notify.rendering.values import for_html, for_text, holds_markup, secrets
from notify.resources import templates_folder
from notify.wire import WireText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import jinja2
    from jinja2 import Template

    from notify.definition.model import Definition, InPlace
    from notify.errors import Location
    from notify.params.problems import Problem
    from notify.rendering.direct import Body
    from notify.rendering.plan import Attached, Line, Plan
    from notify.rendering.recording import Recorder

_log = logging.getLogger("notify.rendering")

_MOST_PLANS = 1024
_BLANKS = " \t\r\n\f\v"
_BREAKS = re.compile(r"[\r\n\0]")
_NOTHING = Prepared()
"""The plain way."""
_PREPARED_AT = 2
"""At which message of a plan its direct bodies are made: a single message is rendered sooner without."""


class Renderer:
    """Renders notifications. Safe to share between threads; what it compiles, it keeps.

    Args:
        folders: the application's template folders, first come first served.
        loaders: what plugins bring, after the folders; the templates that ship with notify come last.
        globals: names that all templates see; a param of the same name wins.
        default_locale: the locale to fall back to.
        sandbox: whether templates are kept from attributes with underscores and from changing what they are given.
            The limits hold anyway.
        shown_from: errors show paths below this folder relative to it.
        configure: called once with the environment, before anything is compiled, to add filters, tests and globals.
        limits: how far one rendering may go.
        auto_reload: whether changed files are noticed.
        extensions: Jinja2 extensions, by import name.
        recorder: collects which templates are asked for.
        direct: whether bodies are rendered directly where that gives the same (see `notify.rendering.direct`).
        inlined: whether CSS is inlined; without, the HTML is the document as the templates print it.
    """

    def __init__(
        self,
        *,
        folders: Sequence[Path] = (),
        loaders: Sequence[jinja2.BaseLoader] = (),
        globals: Mapping[str, Any] | None = None,  # noqa: A002  # Jinja2's word
        default_locale: str = "en",
        sandbox: bool = True,
        shown_from: Path | None = None,
        configure: Callable[[jinja2.Environment], None] | None = None,
        limits: Limits = Limits(),  # noqa: B008  # it is frozen
        auto_reload: bool = True,
        extensions: Sequence[str] = (),
        recorder: Recorder | None = None,
        direct: bool = True,
        inlined: bool = True,
    ) -> None:
        loader = Chain([*map(FolderLoader, folders), *loaders, _shipped()])
        environment = TemplateEnvironment(
            limits=limits,
            sandbox=sandbox,
            recorder=recorder,
            loader=loader,
            auto_reload=auto_reload,
            extensions=extensions,
        )
        environment.globals.update(globals or {})
        if configure is not None:
            configure(environment)
        self._environment = environment
        self._loader = loader
        self._auto_reload = auto_reload
        self._globals = dict(environment.globals)
        self._watch = environment.watch
        self._recorder = environment.recorder
        self._runner = Runner(limits, environment.watch)
        self._values = Values()
        self._inlined = Inliner().inlined if inlined else str
        self._failures = Failures(environment, shown_from)
        self._plans: dict[tuple[str, str], Plan] = {}
        html, text = environment.overlay(autoescape=True), environment.overlay(autoescape=False)
        self._preparer = Preparer(html, text, self._globals, inlined_whole) if direct and inlined else None
        self._planner = Planner(
            html=html,
            text=text,
            markdown=environment.overlay(autoescape=True, finalize=self._values.finalize),
            folders=folders,
            default=default_locale,
            recorder=environment.recorder,
        )

    def render(self, definition: Definition, context: Mapping[str, Any], *, locale: str) -> Rendered:
        """The parts of one mail.

        Args:
            definition: which notification.
            context: what the templates see beside the globals: params, `recipient` and so on.
            locale: such as `fr` or `pt-BR`; the nearest variants of the templates are taken.

        Raises:
            DefinitionError: the definition names a template that is not there, or has no body at all.
            RenderError: a template is wrong, a value does not fit where it is put, or a limit is reached.
        """
        self._watch.start()
        try:
            plan = self._plan(definition, locale)
            names = {**self._globals, **context}
            prepared = _NOTHING
            # What hides a global is no message of the usual kind.
            if self._preparer is not None and len(names) == len(self._globals) + len(context):
                prepared = plan.prepared
                prepared.uses += 1
                if prepared.uses >= _PREPARED_AT and not prepared.tried:
                    prepared.tried = True
                    self._prepare(self._preparer, plan, names, locale)
                if not prepared.fits(names):
                    prepared = _NOTHING
            return self._render(plan, prepared, names, locale)
        except (DefinitionError, RenderError):
            raise
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # templates call anything, and that raises anything
            cause = error
        hidden = secrets(context, definition.contract.sensitive) if definition.contract else []
        failure = self._failures.explain(
            cause, fallback=definition.location, context={**self._globals, **context}, secrets=hidden
        )
        # The cause's own words are shown beside ours wherever a traceback is.
        raise failure from (None if any(secret in str(cause) for secret in hidden) else cause)

    def sources(self) -> Sources:
        """Where the bodies of definitions come from, as the templates are now; nothing is compiled."""
        return Sources(self._environment, self._loader)

    def _plan(self, definition: Definition, locale: str) -> Plan:
        key = (definition.id, locale)
        plan = self._plans.get(key)
        if plan is None or plan.definition is not definition or (self._auto_reload and not plan.is_fresh()):
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
                self._planner.forget()
            plan = self._plans[key] = self._planner.plan(definition, locale)
        else:
            self._recorder.templates(plan.names)
            self._recorder.templates(plan.prepared.templates)
        return plan

    def _prepare(self, preparer: Preparer, plan: Plan, names: dict[str, Any], locale: str) -> None:
        """Make direct bodies, and keep those that give what the plain way gives, for this message and all samples."""
        try:
            self._prove(preparer, plan, names, locale)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # no message is to fail because a faster way was looked for
            _log.debug("%s is rendered the plain way", plan.definition.id, exc_info=True)
        finally:
            self._watch.start()

    def _prove(self, preparer: Preparer, plan: Plan, names: dict[str, Any], locale: str) -> None:
        contract = plan.definition.contract
        contexts = [names]
        for sample in plan.definition.samples.values():
            problems: list[Problem] = []
            params = dict(sample.params) if contract is None else contract.attempt(sample.params, problems)
            if not problems:
                contexts.append({**names, **params})
        kept = plan.prepared
        for inlined in (True, False):
            tried = preparer.prepared(plan, {**names, "subject": ""}, inlined=inlined)
            wrong = {field for context in contexts for field in self._differences(plan, tried, context, locale)}
            kept.subject, kept.preheader, kept.text = (
                None if field in wrong else getattr(tried, field) for field in ("subject", "preheader", "text")
            )
            kept.html = None if "html" in wrong else tried.html
            if "html" not in wrong:
                break
        kept.keep()

    def _differences(self, plan: Plan, tried: Prepared, names: dict[str, Any], locale: str) -> list[str]:
        self._watch.start()
        try:
            plain = self._render(plan, _NOTHING, dict(names), locale)
        except Exception:  # noqa: BLE001  # a sample that fails proves nothing
            return []
        self._watch.start()
        direct = self._render(plan, tried, dict(names), locale)
        fields = ("subject", "preheader", "html", "text")
        return [name for name in fields if str(getattr(plain, name)) != str(getattr(direct, name))]

    def _render(self, plan: Plan, prepared: Prepared, context: dict[str, Any], locale: str) -> Rendered:
        definition = plan.definition
        texts = htmls = context
        if plan.marked and holds_markup(context):
            texts, htmls = for_text(context), for_html(context)
            prepared = _NOTHING
        subject = self._line(plan.subject, texts, "the subject", definition.location, prepared.subject)
        contexts = (context,) if texts is context else (context, texts, htmls)
        for each in contexts:
            each["subject"] = subject
        preheader = Preheader(self._preheader(plan.preheader, texts, prepared.preheader))
        for each in contexts:
            each[PREHEADER] = preheader
        html: str | None = None
        shown: str | WireText | None = None
        if prepared.html is not None and prepared.html.is_inlined:
            octets = prepared.html.printed(htmls)
            shown = None if octets is None else WireText(octets)
        if shown is None:
            html = self._html(plan, prepared, context, htmls)
            if html is not None:
                document = as_document(html, locale=locale, title=subject)
                shown = with_preheader(self._inlined(document), preheader)
        return Rendered(
            subject=subject,
            preheader=preheader.text,
            html=shown,
            text=self._text(plan, prepared, texts, html or ""),
            headers=self._headers(plan, texts) if plan.headers else (),
            tags=tuple([self._line(line, texts, "a tag", definition.location) for line in plan.tags]),
            attachments=tuple([self._attachment(each, texts) for each in plan.attachments]),
        )

    def _printed(self, template: Template, names: dict[str, Any], body: Body | None) -> str:
        text = None if body is None or body.is_inlined else body.printed(names)
        return self._runner.run(template, names) if text is None else text

    def _html(self, plan: Plan, prepared: Prepared, context: dict[str, Any], htmls: dict[str, Any]) -> str | None:
        """The HTML as rendered, or None for a notification that is text only."""
        if plan.markdown is not None and plan.layout is not None:
            self._values.start()
            source = self._runner.run(plan.markdown, context)
            content = markdown_to_html(source, self._values.kept)
            return self._runner.run(plan.layout, {**htmls, "content": Markup(content)})  # noqa: S704  # values were escaped
        return None if plan.html is None else self._printed(plan.html, htmls, prepared.html)

    def _text(self, plan: Plan, prepared: Prepared, context: dict[str, Any], html: str) -> str | WireText:
        if plan.text is not None:
            text = self._printed(plan.text, context, prepared.text)
        else:
            from notify.rendering.plaintext import html_to_text

            text = html_to_text(html)
        return text.rstrip("\r\n") + "\n"

    def _line(self, line: Line, names: dict[str, Any], what: str, location: Location, body: Body | None = None) -> str:
        text = (line if isinstance(line, str) else self._printed(line, names, body)).strip(_BLANKS)
        if "\n" in text or "\r" in text or "\0" in text:
            raise _broken(line, names, what, location)
        return text

    def _headers(self, plan: Plan, names: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        location = plan.definition.location
        return tuple((name, self._line(line, names, f"the header {name}", location)) for name, line in plan.headers)

    def _preheader(self, line: Line, names: dict[str, Any], body: Body | None) -> str:
        text = (line if isinstance(line, str) else self._printed(line, names, body)).strip(_BLANKS)
        return " ".join(text.split()) if "\n" in text or "\r" in text else text

    def _attachment(self, attached: Attached, names: dict[str, Any]) -> RenderedAttachment:
        declared = attached.declared

        def line(template: Line | None, what: str) -> str | None:
            return None if template is None else self._line(template, names, what, declared.location)

        return RenderedAttachment(
            path=line(attached.path, "the path of an attachment"),
            param=declared.param,
            filename=line(attached.filename, "the filename of an attachment"),
            type=line(attached.type, "the type of an attachment"),
            cid=line(attached.cid, "the cid of an attachment"),
            method=line(attached.method, "the method of an attachment"),
            location=declared.location,
        )


def _shipped() -> jinja2.BaseLoader:
    return PrefixLoader({"notify": FolderLoader(templates_folder() / "notify")})


def _broken(line: Line, names: Mapping[str, Any], what: str, location: Location) -> RenderError:
    place: InPlace | None = getattr(line, "in_place", None)
    suspects = [
        name for name, value in names.items() if isinstance(value, str) and _BREAKS.search(value.strip(_BLANKS))
    ]
    return RenderError(
        f"{what} holds a line break or NUL that came from a value",
        place.location if place else location,
        hint=f"look at {' and '.join(suspects)}" if suspects else "a header is one line; nothing was sent",
    )
