"""Whether it is known what becomes of mails, and who may be written to: links to unsubscribe, the log, the list."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from notify.consent.links import scope_of
from notify.consent.store import preferences_of
from notify.consent.tokens import Tokens
from notify.diagnosis import Diagnosis
from notify.doctor.carriers import parts
from notify.doctor.findings import failures
from notify.errors import ConfigError, OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.configuration import Configuration, Environment
    from notify.database import Database
    from notify.doctor.project import Project

_DAY = 86400
_BY_HAND = "By hand: webhooks.md, How to check that it works."


def examine_feedback(project: Project) -> Iterator[Diagnosis]:
    """Look at all of it, as far as the configuration could be read; what it does not have is not spoken of."""
    configuration, environment = project.configuration, project.settings
    if configuration is None or environment is None:
        return
    try:
        needed = environment.feedback is not None
        links = environment.unsubscribe is not None
        _ = environment.unsubscribe_keys, environment.people, environment.outbox
    except ConfigError:
        return  # which was told with the other values
    yield from _links(project, configuration, environment)
    yield from _feedback(project, environment)
    if links and project.plugins is not None:
        try:
            needed = preferences_of(project.plugins) is None or needed
        except ConfigError as error:
            yield from failures("preferences", error)
    if needed:
        yield from _database(configuration, environment)


def _links(project: Project, configuration: Configuration, environment: Environment) -> Iterator[Diagnosis]:
    """The links to unsubscribe: where they lead, and what signs them."""
    categories = {name: configuration.category(project.catalog[name].category) for name in project.catalog}
    linked = [name for name, each in categories.items() if scope_of(each.unsubscribe, each.name, name) is not None]
    settings = environment.unsubscribe
    if settings is None:
        if required := sorted({each.name for each in categories.values() if each.unsubscribe == "required"}):
            found = f"mails of {', '.join(required)} are to have a link to unsubscribe, and nothing says where it leads"
            advice = "Put `unsubscribe: {url: https://...}` into notify.yaml, and serve its pages: unsubscribe.md."
            yield Diagnosis("unsubscribe", "warning", found, advice, {"categories": required})
        return
    days = settings.lifetime / _DAY
    also = f"; mails to {settings.mailto} unsubscribe too" if settings.mailto else ""
    data = {"url": settings.url, "lifetime": settings.lifetime, "notifications": len(linked)}
    found = f"links lead to {settings.url}, and work for {days:g} days{also}"
    yield Diagnosis("unsubscribe", "ok", found, data=data)
    keys = environment.unsubscribe_keys
    try:
        Tokens.of(keys, settings.lifetime)
    except ConfigError as error:
        for each in failures("keys", error):
            # Without a mail that has links nothing needs a key yet.
            yield each if linked else replace(each, status="warning", data={})
    else:
        believed = f", {len(keys) - 1} more {'is' if len(keys) == 2 else 'are'} believed" if len(keys) > 1 else ""  # noqa: PLR2004
        yield Diagnosis("keys", "ok", f"there is a key that signs the links{believed}", data={"keys": len(keys)})


def _feedback(project: Project, environment: Environment) -> Iterator[Diagnosis]:
    """What is kept, and whether anybody tells it."""
    feedback, transport = environment.feedback, project.transport
    carriers = parts(transport) if transport is not None else ()
    told = [each for each in carriers if getattr(each, "webhook_key", ()) or getattr(each, "webhook_url", None)]
    if feedback is None:
        if told:
            found = f"{told[0].name} has a webhook, and nothing keeps what it tells: there is no `feedback`"
            advice = "Put `feedback: {}` into notify.yaml, unless a sink of your own keeps it."
            yield Diagnosis("feedback", "warning", found, advice)
        return
    which = "all mails are logged" if feedback.log else "mails of the outbox are logged, others are not"
    long = "for ever" if feedback.keep is None else f"for {feedback.keep / _DAY:g} days"
    found = f"{which}, {long}; people are named by {'a hash' if environment.people.is_hashed else 'their addresses'}"
    yield Diagnosis("feedback", "ok", found, data={"log": feedback.log, "keep": feedback.keep})
    if transport is None:
        found = "whether a service tells what becomes of mails cannot be looked at without the transport"
        yield Diagnosis("webhook", "skipped", found, _BY_HAND)
    elif transport.capabilities.delivers and not told:
        found = f"no setting says that {transport.name} tells what becomes of a mail after it was taken"
        could = any(hasattr(each, "webhook_key") for each in carriers)
        way = "Its webhook does: write webhook_url and webhook_key." if could else "A webhook does, where there is one."
        yield Diagnosis("webhook", "skipped", found, f"{way} {_BY_HAND}")


def _database(configuration: Configuration, environment: Environment) -> Iterator[Diagnosis]:
    """Whether the log and the list can be used, and how much is in them."""
    try:
        from notify.database import Database
    except ImportError:  # pragma: no cover  # the tests have it
        found = "the log and the suppression list are in the outbox's database, and that is not installed"
        advice = "pip install 'notify-framework[outbox]'"
        yield Diagnosis("database", "failed", found, advice, {"error": "ConfigError"})
        return
    try:
        with closing(Database(environment.outbox, configuration.base)) as database:
            yield from _counted(database, environment)
    except (ConfigError, OutboxError) as error:
        yield from failures("database", error)


def _counted(database: Database, environment: Environment) -> Iterator[Diagnosis]:
    from notify.database.migrations import check, version
    from notify.suppression import SuppressionList

    is_new = database.path is not None and (not database.path.exists() or version(database) == 0)
    if is_new:
        found = f"{database.shown} is made when it is first used"
        yield Diagnosis("database", "ok", found, data={"url": database.shown, "suppressed": 0})
        return
    check(database)
    suppressed = SuppressionList(database, environment.people).count()
    entries = "1 entry" if suppressed == 1 else f"{suppressed:,} entries"
    found = f"{database.shown} has its tables; the suppression list has {entries}"
    yield Diagnosis("database", "ok", found, data={"url": database.shown, "suppressed": suppressed})
