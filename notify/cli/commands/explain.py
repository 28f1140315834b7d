"""`notify explain`: what decides each part of a message, and where that is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from notify.cli.data import DataOptions, data_options, gather
from notify.cli.failure import DONE, FAILED, WRONG
from notify.cli.names import name_argument
from notify.cli.output import as_json
from notify.cli.people import people_options

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.explaining import Problem


@click.command(
    "explain", short_help="Say what decides a notification's params, locale, templates, envelope and transport."
)
@name_argument
@people_options
@data_options
@click.option("--via", metavar="NAME", help="One of the environment's transports, instead of its default.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    name: str,
    *,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    via: str | None,
    json_wanted: bool,
    **options: Any,
) -> None:
    """Say what decides a notification's params, locale, templates, envelope and transport, with file and line.

    Takes what `notify send` takes, sends nothing, and connects to nothing. Where something is wrong, the rest is told
    all the same. Outside production the sample `default` is taken where neither --sample nor --params is given, and
    the recipient is the sample's, or recipient@example.com, where --to is not given.
    """
    from notify.cli.explained import document, show
    from notify.configuration import locate_configuration
    from notify.explaining import Asked, explain

    project: Project = ctx.obj
    found, before = locate_configuration(project.config), frozenset(os.environ)
    with project.notifier() as notifier:
        definition = notifier.catalog[name]
        data = gather(definition, DataOptions(**options), production=notifier.environment == "production")
        asked = Asked(
            found=found,
            environment=project.environment,
            transport=project.transport,
            to=to,
            cc=cc,
            bcc=bcc,
            sample=data.sample,
            params=data.params,
            node=data.node,
            assigned=data.assigned,
            locale=options["locale"],
            theme=data.theme,
            via=via,
            dotenv=frozenset(os.environ) - before,
        )
        explanation = explain(notifier, definition, asked)
    if json_wanted:
        as_json(document(explanation))
    else:
        show(explanation)
    ctx.exit(_code(explanation.problems))


def _code(problems: tuple[Problem, ...]) -> int:
    """As `notify send` would exit: a refusal is none of the configuration's or the params' faults."""
    from notify.errors import DeliveryError

    if not problems:
        return DONE
    return FAILED if all(issubclass(problem.error, DeliveryError) for problem in problems) else WRONG
