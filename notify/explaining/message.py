"""What a message says beside its parts: people, headers, tags, metadata, options, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.explaining.facts import BUILT_IN, Fact, Problem, Section
from notify.explaining.shown import octets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify import Address
    from notify.explaining.case import Case


def message(case: Case) -> Section:
    """Who it is from, whom it names, and what goes with it, before the environment redirects it."""
    return Section(
        "message", "Message", (_sender(case), *_people(case), *_headers(case), *_labels(case), *_files(case))
    )


def _sender(case: Case) -> Fact:
    composed = case.composed
    if composed.message is None:
        return Fact("sender", None, problems=(Problem.of(composed.nobody),) if composed.nobody else ())
    own = case.from_definition("sender") if case.definition.sender is not None else None
    origin = case.changed("sender") or own or case.from_environment("sender") or BUILT_IN
    return Fact("sender", str(composed.message.sender), origin)


def _people(case: Case) -> Iterator[Fact]:
    found = case.composed.message
    if found is None:
        yield Fact("to", _addresses(case.call.to), case.recipients("to"))
        return
    for name in ("to", "cc", "bcc"):
        if people := getattr(found, name):
            yield Fact(name, _addresses(people), case.recipients(name))
    if found.reply_to:
        origin = case.changed("reply_to") or case.from_definition("reply_to")
        yield Fact("reply_to", _addresses(found.reply_to), origin)


def _headers(case: Case) -> Iterator[Fact]:
    """Each header; where the message cannot be rendered, as the definition has it."""
    built, found = case.composed.built, case.composed.message
    if built is None or found is None:
        for name, template in case.definition.headers.items():
            yield Fact(
                f"header {name}", template.source.strip(), case.from_definition("headers", name), inner=_unrendered()
            )
        return
    for pair in found.headers:
        own = case.from_definition("headers", pair[0]) if pair in built.headers else None
        linked = case.from_environment("unsubscribe") if pair in built.headers else None
        yield Fact(f"header {pair[0]}", case.shown(pair[1]), own or linked or case.changed("headers"))


def _labels(case: Case) -> Iterator[Fact]:
    """Tags, metadata and options."""
    built, found = case.composed.built, case.composed.message
    if built is None or found is None:
        if case.definition.tags:
            tags = [tag.source.strip() for tag in case.definition.tags]
            yield Fact("tags", tags, case.from_definition("tags"), inner=_unrendered())
    elif found.tags:
        yield Fact("tags", case.shown(found.tags), case.changed("tags") or case.from_definition("tags"))
    for key, value in (found.metadata if found else {}).items():
        yield Fact(f"metadata {key}", case.shown(value), case.changed("metadata"))
    options: Mapping[str, Mapping[str, Any]] = found.options if found else case.definition.options
    for provider, values in options.items():
        own = case.definition.options.get(provider, {})
        for key, value in values.items():
            same = key in own and case.shown(own[key]) == case.shown(value)
            origin = case.from_definition("options", provider, key) if same else None
            yield Fact(f"option {provider}.{key}", case.shown(value), origin or case.changed("options"))


def _files(case: Case) -> Iterator[Fact]:
    built, found = case.composed.built, case.composed.message
    places = dict(zip(built.attachments, _attached(case), strict=False)) if built is not None else {}
    for attachment in found.attachments if found is not None else ():
        origin = case.from_definition("attachments", places[attachment]) if attachment in places else None
        size = octets(attachment.content) if attachment.content is not None else "of a file"
        kind = f", {attachment.type}" if attachment.type else ""
        value = case.shown(f"{attachment.filename}, {size}{kind}")
        yield Fact("attachment", value, origin or case.changed("attachments"))


def _attached(case: Case) -> Iterator[int]:
    """Which attachments of the definition there are; one whose param is None attaches nothing."""
    for number, declared in enumerate(case.definition.attachments):
        if declared.param is None or (case.values or {}).get(declared.param) is not None:
            yield number


def _addresses(people: Iterable[Address]) -> list[str]:
    return [str(each) for each in people]


def _unrendered() -> tuple[Fact, ...]:
    return (Fact("rendered", value=False),)
