"""Which bodies of a plan can be rendered the direct way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from notify.rendering.compiling import InPlaceTemplate, one_line
from notify.rendering.direct import Prepared, UnfitError, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template

    from notify.rendering.direct import Body
    from notify.rendering.environment import TemplateEnvironment
    from notify.rendering.plan import Line, Plan

_log = logging.getLogger("notify.rendering")
_FIXED = ("locale", "notification")
"""What the context says alike of all messages of a plan."""


_ALWAYS = ("recipient", "recipients", "sender", "notification", "locale", "subject")
"""What it holds always."""


class Preparer:
    """Makes direct bodies for plans.

    Args:
        html: the environment of HTML bodies.
        text: the environment of all others.
        constants: the names that are the same in every message.
        inline: css-inline, for a whole document.
    """

    def __init__(
        self,
        html: TemplateEnvironment,
        text: TemplateEnvironment,
        constants: Mapping[str, Any],
        inline: Callable[[str], str],
    ) -> None:
        self._html = html
        self._text = text
        self._constants = constants
        self._inline = inline

    def prepared(self, plan: Plan, names: Mapping[str, Any], *, inlined: bool) -> Prepared:
        """Direct bodies for a plan, as far as they can be made.

        Args:
            plan: the plan.
            names: the context of one of its messages.
            inlined: whether CSS is to be inlined into the template, where that can be done.
        """
        fixed = {name: names[name] for name in _FIXED if name in names}
        contract = plan.definition.contract
        declared = () if contract is None else contract.params
        present = names.keys() & {*self._constants, *declared, *_ALWAYS}

        def body(template: Line | None, environment: TemplateEnvironment, **options: Any) -> Body | None:
            if template is None or isinstance(template, str):
                return None
            try:
                source = _source(template, environment)
                return prepare(
                    environment,
                    source,
                    template.name,
                    constants=self._constants,
                    fixed=fixed,
                    names=names,
                    present=present,
                    **options,
                )
            except (UnfitError, TemplateError) as error:
                _log.debug("%s: %s is not rendered directly: %s", plan.definition.id, template.name, error)
                return None

        html = None
        # Text that is derived from HTML is derived from what has its style sheets still.
        if inlined and plan.text is not None:
            html = body(plan.html, self._html, inline=self._inline)
        return Prepared(
            subject=body(plan.subject, self._text, change=one_line),
            preheader=body(plan.preheader, self._text, change=one_line),
            html=html or body(plan.html, self._html),
            text=body(plan.text, self._text),
        )


def _source(template: Template, environment: TemplateEnvironment) -> str:
    if isinstance(template, InPlaceTemplate):
        return template.in_place.source
    loader = environment.loader
    if loader is None or template.name is None:
        raise UnfitError("its source is not known")
    return loader.get_source(environment, template.name)[0]
