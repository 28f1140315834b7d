"""`notify check`: what is wrong with the notifications, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.failure import DONE, FAILED, Wrong
from notify.cli.output import heading, say

if TYPE_CHECKING:
    from notify.checks.checking import Report
    from notify.checks.rule import AnyRule
    from notify.cli.project import Project
    from notify.notifier import Notifier

_SEVERITIES = ("error", "warning", "info")
_FORMATS = ("text", "json", "sarif", "github")
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


@click.command("check", short_help="Find what is wrong with the notifications.")
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to print.")
@click.option("--json", "json_wanted", is_flag=True, help="The same as --format json.")
@click.option("--fail-on", type=click.Choice(_SEVERITIES), default="error", show_default=True, help="What to fail on.")
@click.option(
    "--changed-since", metavar="REV", help="Only notifications of which a file differs from this git revision."
)
@click.option("--explain", metavar="RULE", help="Print why a rule is, an example and the cure; `all` lists them.")
@click.option("--jobs", type=click.IntRange(1), help="How many processes may work; by default one for each processor.")
@click.option("--no-cache", is_flag=True, help="Look at everything again.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    *,
    form: str,
    json_wanted: bool,
    fail_on: str,
    changed_since: str | None,
    explain: str | None,
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Check every notification with every sample in every locale, and the project as a whole.

    The exit code is 1 if something is found that is as grave as --fail-on says, or graver.
    """
    from notify.checks.checking import check
    from notify.checks.jobs import processors
    from notify.checks.report import FORMATS, summary

    project: Project = ctx.obj
    with project.notifier(definitions=False) as notifier:
        if explain is not None:
            _explain(notifier, explain)
            return
        only = None if changed_since is None else _changed(notifier, changed_since)
        report = check(notifier, names=names, only=only, jobs=jobs or processors(), cached=not no_cache)
    form = "json" if json_wanted else form
    if form == "text":
        _print(report)
        say(summary(report.findings, report.notifications))
    elif printed := FORMATS[form](report.findings, report.rules):
        click.echo(printed)
    ctx.exit(FAILED if report.at_least(fail_on) else DONE)


def _print(report: Report) -> None:
    for each in report.findings:
        severity = click.style(each.severity, fg=_COLOURS[each.severity])
        click.echo(f"{each.location}: {severity}: {each.message} {click.style(f'[{each.rule}]', dim=True)}")
        if each.hint:
            click.echo(f"  {each.hint}")


def _explain(notifier: Notifier, name: str) -> None:
    from notify.checks.catalogue import all_rules
    from notify.suggest import did_you_mean

    rules = {each.id: each for each in all_rules(notifier.plugins)}
    if name == "all":
        for each in rules.values():
            click.echo(f"{each.id} ({each.severity}): {each.title}")
        return
    rule: AnyRule | None = rules.get(name) or rules.get(name.partition(":")[0])
    if rule is None:
        raise Wrong(f"there is no rule {name!r} ({did_you_mean(name, rules)})")
    heading(f"{rule.id} ({rule.severity}): {rule.title}")
    click.echo(f"\n{rule.why}\n\nFound in:\n")
    click.echo("\n".join(f"    {line}" for line in rule.example.strip("\n").splitlines()))
    click.echo(f"\n{rule.cure}")


def _changed(notifier: Notifier, revision: str) -> set[str]:
    from notify.revisions import Repository

    repository = Repository(notifier.configuration)
    return repository.changed(repository.commit(revision))
