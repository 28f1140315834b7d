"""Mails for tests of rules: a template, put into a project and rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import Notifier
from notify.checks.mail import Mail
from notify.checks.sampling import Sampler
from notify.configuration import Configuration
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify.checks.rule import AnyRule

CONFIGURATION = "sender: Acme <hello@acme.example>\nenvironments: {development: {transport: memory}}\n"
DEFINITION = "description: Says hello.\nsubject: Hello there\nparams: {}\nsamples: {default: {}}\n"


def mails_of(
    folder: Path,
    html: str | None,
    *,
    definition: str = DEFINITION,
    settings: CheckSettings | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> list[Mail]:
    """The mails of the notification `x` whose template is `html`, in a project with these other files."""
    own: dict[str, str | bytes] = {"notify.yaml": CONFIGURATION, "notifications/x.yaml": definition}
    if html is not None:
        own["templates/x.html"] = html
    for name, content in {**own, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    notifier = Notifier(configuration=Configuration.load(folder))
    found = list(Sampler(notifier, settings or CheckSettings()).mails(notifier.catalog["x"]))
    mails = [each for each in found if isinstance(each, Mail)]
    assert len(found) == len(mails), found
    return mails


def mail_of(
    folder: Path,
    html: str | None,
    *,
    definition: str = DEFINITION,
    settings: CheckSettings | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> Mail:
    """The first of them."""
    return mails_of(folder, html, definition=definition, settings=settings, files=files)[0]


def told(rule: AnyRule, mail: Mail) -> list[str]:
    """What a rule finds in a mail, each as `path:line severity message`."""
    return [
        f"{each.location.path}:{each.location.line} {each.severity or rule.severity} {each.message}"
        for each in rule.check(mail)
    ]
