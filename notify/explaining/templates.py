"""The locale of a message, and the templates that are taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import ConfigError, DefinitionError, NotifyError, ParamsError
from notify.explaining.facts import BUILT_IN, Fact, Origin, Problem, Section, option
from notify.rendering.locales import fallback

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify.definition.model import InPlace
    from notify.explaining.case import Case
    from notify.explaining.chains import Link
    from notify.explaining.used import Body


def locale(case: Case) -> Section:
    """What was asked for, what was made of it, and what is looked for because of it."""
    default = case.configuration.default_locale
    at = case.in_configuration.at("default_locale")
    from_default = Origin("file", "default_locale", at) if at else BUILT_IN
    asked, origin = _asked(case)
    facts = [] if asked is None else [Fact("asked", asked, origin)]
    facts += [
        Fact("locale", case.locale, Origin("derived", "what was asked") if asked else Origin("derived", "the default")),
        Fact("default", default, from_default),
        Fact("tried", [each for each in fallback(case.locale, default) if "_" not in each]),
    ]
    if case.call.common.theme is not None:
        facts.append(_theme(case, case.call.common.theme))
    return Section("locale", "Locale", tuple(facts))


def templates(case: Case) -> Section:
    """The template of each part, and what it is made of."""
    used = case.templates
    bodies = {body.part: _body(case, body) for body in used.bodies}
    if used.layout is not None:
        name, file, at = used.layout
        origin = Origin("file", "the definition", at) if at else BUILT_IN
        bodies["layout"] = Fact("layout", file or name, origin, _missing(case, name, file))
    if "text" not in bodies and bodies:
        bodies["text"] = Fact("text", f"derived from the {'Markdown' if 'markdown' in bodies else 'HTML'}")
    lines = (*_line(case, "subject", case.definition.subject), *_line(case, "preheader", case.definition.preheader))
    return Section("templates", "Templates", (*lines, *bodies.values(), *_rendered(case)))


def theme_error(case: Case) -> NotifyError | None:
    """Why there is no such theme."""
    try:
        case.environment.themed(case.call.common.theme)
    except ConfigError as error:
        return error
    return None


def _theme(case: Case, name: str) -> Fact:
    error, at = theme_error(case), case.in_configuration.at("themes", name)
    problems = () if error is None else (Problem.of(error),)
    inner = () if at is None else (Fact("configured", name, Origin("file", "", at)),)
    return Fact("theme", name, option("--theme"), problems, inner)


def _asked(case: Case) -> tuple[str | None, Origin | None]:
    if case.asked.locale is not None:
        return case.asked.locale, option("--locale")
    sample = case.sample
    return (sample.locale, case.from_sample("locale")) if sample and sample.locale else (None, None)


def _line(case: Case, part: str, variants: Mapping[str, InPlace]) -> Iterator[Fact]:
    found = case.templates.line(variants)
    if found is not None:
        origin = Origin("file", "the definition", found.template.location)
        inner = (Fact("variant", found.locale),) if found.locale else ()
        yield Fact(part, found.template.source.strip(), origin, inner=inner)


def _body(case: Case, body: Body) -> Fact:
    source = body.source
    if source.name is None:
        return Fact(body.part, body.file, Origin("file", "written in place"), inner=tuple(_links(body.links)))
    by_id = Origin("derived", f"the id {case.definition.id}")
    origin = Origin("file", "the definition", source.location) if source.location else by_id
    inner = [Fact("variant", source.locale)] if source.locale else []
    inner += [Fact("tried", list(body.tried))] if body.tried else []
    problems = _missing(case, source.name, body.file)
    return Fact(body.part, body.file or source.name, origin, problems, (*inner, *_links(body.links)))


def _links(links: Iterable[Link]) -> Iterator[Fact]:
    for link in links:
        value = link.name and (link.file or f"{link.name}, which is not there")
        origin = Origin("file", "", link.location)
        yield Fact(link.how, value or "what the template decides", origin, inner=tuple(_links(link.links)))


def _missing(case: Case, name: str, file: str | None) -> tuple[Problem, ...]:
    """A template that is not there, where no rendering has told."""
    told = isinstance(case.composed.error, DefinitionError)
    return () if file is not None or told else (Problem(DefinitionError, f"there is no template {name!r}"),)


def _rendered(case: Case) -> Iterator[Fact]:
    """Why it cannot be rendered, unless another section says so."""
    error = case.composed.error
    if error is None:
        return
    if isinstance(error, ParamsError):
        yield Fact("rendered", value=False, origin=Origin("derived", "the params are wrong"))
    elif str(error) not in {str(case.composed.nobody), str(theme_error(case))}:
        yield Fact("rendered", value=False, problems=(case.problem(error),))
    else:
        yield Fact("rendered", value=False, origin=Origin("derived", "another problem that is told"))
