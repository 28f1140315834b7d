"""How two revisions of a project differ, for those who call it and for what is queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.contracts.change import BOTH, SAFE, Change
from notify.contracts.params import params_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.contracts.change import View
    from notify.contracts.snapshot import Described, Snapshot, Text
    from notify.definition import Definition
    from notify.definition.model import InPlace
    from notify.errors import Location

_LIST = "list-"
_PEOPLE = ("sender", "reply_to", "cc", "bcc")


def compare(old: Snapshot, new: Snapshot) -> list[Change]:
    """Every change, by notification; what breaks something first."""
    found = list(_changes(old, new))
    return sorted(found, key=lambda change: (change.notification, not change.breaks))


def _changes(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    if old.sender != new.sender:
        message = f"the sender of all notifications is {new.sender} now, and was {old.sender}"
        yield Change("sender-changed", "", message, new.file)
    for name, described in new.notifications.items():
        before = old.notifications.get(name)
        if before is None:
            yield Change("notification-added", name, "the notification is new", described.definition.location)
        else:
            yield from _same(before, described)
    for name, before in old.notifications.items():
        if name not in new.notifications:
            yield Change("notification-removed", name, "the notification is gone", before.definition.location, BOTH)


def _same(old: Described, new: Described) -> Iterator[Change]:
    before, after = old.definition, new.definition
    yield from params_changes(before, after)
    yield from _rules(before, after)
    yield from _headers(before, after)
    yield from _locales(old, new)
    yield from _parts(old, new)
    yield from _texts(old, new)
    yield from _samples(before, after)


def _rules(old: Definition, new: Definition) -> Iterator[Change]:
    """What is not text: who is concerned, and how it is sent."""
    kinds: list[tuple[str, object, object, tuple[View, ...]]] = [
        ("category", old.category, new.category, BOTH),
        ("delivery", old.delivery, new.delivery, BOTH),
        ("digest", old.digest, new.digest, SAFE),
        ("throttle", old.throttle, new.throttle, SAFE),
        *((name, _people(old, name), _people(new, name), SAFE) for name in _PEOPLE),
    ]
    for name, before, after, breaks in kinds:
        if before != after:
            message = f"{name} is {after or 'not given'} now, and was {before or 'not given'}"
            yield Change(f"{name.replace('_', '-')}-changed", new.id, message, new.location, breaks)
    for name in sorted(old.options.keys() | new.options.keys()):
        if old.options.get(name) != new.options.get(name):
            yield Change("options-changed", new.id, f"the options for {name} changed", new.location)
    if _tags(old) != _tags(new):
        yield Change("tags-changed", new.id, "the tags changed", new.location)
    if _attachments(old) != _attachments(new):
        place = new.attachments[0].location if new.attachments else new.location
        yield Change("attachments-changed", new.id, "the attachments changed", place)


def _people(definition: Definition, name: str) -> str:
    found = getattr(definition, name) or ()
    return ", ".join(map(str, found if isinstance(found, tuple) else (found,)))


def _tags(definition: Definition) -> list[str]:
    return [tag.source for tag in definition.tags]


def _attachments(definition: Definition) -> list[object]:
    """The attachments without the places where they are declared."""
    return [
        [each.param, *(template and template.source for template in (each.path, each.filename, each.type, each.cid))]
        for each in definition.attachments
    ]


def _headers(old: Definition, new: Definition) -> Iterator[Change]:
    before = {name.lower(): (name, template) for name, template in old.headers.items()}
    after = {name.lower(): (name, template) for name, template in new.headers.items()}
    for key in sorted(before.keys() | after.keys()):
        kind = f"{'list-' if key.startswith(_LIST) else ''}header"
        if key not in after:
            breaks = BOTH if key.startswith(_LIST) else SAFE
            yield Change(f"{kind}-removed", new.id, f"the header {before[key][0]} is gone", new.location, breaks)
        elif key not in before:
            yield Change(f"{kind}-added", new.id, f"the header {after[key][0]} is new", after[key][1].location)
        elif before[key][1].source != after[key][1].source:
            yield Change(f"{kind}-changed", new.id, f"the header {after[key][0]} changed", after[key][1].location)


def _locales(old: Described, new: Described) -> Iterator[Change]:
    before, after = _locales_of(old), _locales_of(new)
    for locale in sorted(after.keys() - before.keys()):
        yield Change("locale-added", new.definition.id, f"the locale {locale} is new", after[locale])
    for locale in sorted(before.keys() - after.keys()):
        message = f"the locale {locale} is gone; mails that ask for it are in another"
        yield Change("locale-removed", new.definition.id, message, new.definition.location, BOTH)


def _locales_of(described: Described) -> dict[str, Location]:
    definition = described.definition
    found = {locale: text.location for (_, locale), text in described.bodies.items()}
    for templates in (definition.preheader, definition.subject):
        found |= {locale: template.location for locale, template in templates.items()}
    return {locale: location for locale, location in found.items() if locale}


def _parts(old: Described, new: Described) -> Iterator[Change]:
    before, after = _parts_of(old), _parts_of(new)
    name, place = new.definition.id, new.definition.location
    for part in ("html", "text"):
        if part in after and part not in before:
            yield Change("part-added", name, f"the {part} part has a template now", after[part])
        elif part in before and part not in after:
            is_derived = part == "text" and "html" in after
            word = "is derived from the HTML now" if is_derived else "is gone"
            yield Change("part-removed", name, f"the {part} part {word}", place, SAFE if is_derived else BOTH)


def _parts_of(described: Described) -> dict[str, Location]:
    """The parts that have a template; Markdown gives the HTML."""
    return {"html" if part == "markdown" else part: text.location for (part, _), text in described.bodies.items()}


def _texts(old: Described, new: Described) -> Iterator[Change]:
    """Templates that both have, and that differ."""
    for what in ("subject", "preheader"):
        before: Mapping[str, InPlace] = getattr(old.definition, what)
        after: Mapping[str, InPlace] = getattr(new.definition, what)
        if not before or not after:
            if before or after:
                place = next(iter(after.values())).location if after else new.definition.location
                word = "is new" if after else "is gone"
                yield Change(f"{what}-changed", new.definition.id, f"the {what} {word}", place)
            continue
        for locale in [each for each in after if each in before]:
            if before[locale].source != after[locale].source:
                yield _text(new, f"{what}-changed", what, locale, after[locale].location)
    for (part, locale), text in new.bodies.items():
        known: Text | None = old.bodies.get((part, locale))
        if known is not None and known.source != text.source:
            yield _text(new, f"{part}-changed", f"template of the {part} part", locale, text.location)


def _text(new: Described, kind: str, what: str, locale: str, location: Location) -> Change:
    return Change(kind, new.definition.id, f"the {what}{f' in {locale}' if locale else ''} changed", location)


def _samples(old: Definition, new: Definition) -> Iterator[Change]:
    for name, sample in new.samples.items():
        if name not in old.samples:
            yield Change("sample-added", new.id, f"the sample {name} is new", sample.location)
        else:
            before = old.samples[name]
            values = [(each.params, each.to, each.locale, each.expect) for each in (before, sample)]
            if values[0] != values[1]:
                yield Change("sample-changed", new.id, f"the sample {name} changed", sample.location)
    for name in old.samples:
        if name not in new.samples:
            yield Change("sample-removed", new.id, f"the sample {name} is gone", new.location)
