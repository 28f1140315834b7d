"""`notify doctor`: whether mail can be sent, and what is wrong where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.failure import DONE, FAILED, TRY_AGAIN, WRONG
from notify.cli.output import as_json
from notify.cli.report import Report

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.doctor import Finding

CODES = {"can": DONE, "later": TRY_AGAIN, "configuration": WRONG, "cannot": FAILED}
"""The exit code for each outcome."""


@click.command("doctor", short_help="Find out whether mail can be sent, and what is wrong.")
@click.argument("name", required=False)
@click.option("--dns", "dns_wanted", is_flag=True, help="Look up MX, SPF, DKIM and DMARC of the senders' domains.")
@click.option(
    "--resolver", metavar="HOST[:PORT]", help="The DNS server that --dns asks, instead of the system's; implies --dns."
)
@click.option("--web", "web_wanted", is_flag=True, help="Call webhook_url and the pages to unsubscribe, as others do.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    name: str | None,
    dns_wanted: bool,
    resolver: str | None,
    web_wanted: bool,
    json_wanted: bool,
) -> None:
    """Find out whether mail can be sent through the environment's transport, or through NAME, and what is wrong.

    Reads configuration, plugins and definitions, then asks the transport: an SMTP server is looked up, connected to on
    each of its ports, and logged in to. With `unsubscribe` or `feedback` in notify.yaml, looks whether they can work.
    Nothing is sent, and no secret is shown.
    """
    from notify import doctor

    called: Project = ctx.obj
    project = doctor.Project(called.configuration, environment=called.environment, override=called.transport, name=name)
    asked = doctor.Resolver(resolver) if dns_wanted or resolver else None
    examination = doctor.Examination(project, asked, web=web_wanted)
    if json_wanted:
        found = [_document(finding) for finding in examination.run()]
        verdict = examination.verdict
        as_json({
            "schema": 1,
            "environment": project.environment,
            "outcome": verdict.outcome,
            "verdict": verdict.sentence,
            "diagnoses": found,
        })  # fmt: skip
    else:
        report = Report()
        for finding in examination.run():
            report.show(finding)
        report.end(examination.verdict)
    ctx.exit(CODES[examination.verdict.outcome])


def _document(finding: Finding) -> dict[str, Any]:
    diagnosis = finding.diagnosis
    return {
        "transport": finding.transport,
        "check": diagnosis.check,
        "status": diagnosis.status,
        "found": diagnosis.found,
        "advice": diagnosis.advice,
        "data": dict(diagnosis.data),
    }
