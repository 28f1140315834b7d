"""What is found in the project as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from notify.checks.examining import applied
from notify.checks.whole import Whole
from notify.definition.walk import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.checks.cache import Cache
    from notify.checks.finding import Finding
    from notify.checks.rule import AnyRule
    from notify.configuration import Configuration
    from notify.definition import Definition
    from notify.notifier import Notifier

ENTRY = "the project"
"""With what the name of its entry in the cache begins; no notification can be called so."""
_UNKEPT = "cfg-"
"""What these rules find depends on the variables of the process, too."""


def overall(
    notifier: Notifier, definitions: Sequence[Definition], rules: Sequence[AnyRule], cache: Cache | None
) -> list[Finding]:
    """What the rules about the whole find; of a notification, if it stands in its file."""
    owners = {each.location.path: each.id for each in definitions}
    whole = Whole.of(notifier, definitions)

    def found(some: Sequence[AnyRule]) -> list[Finding]:
        return [replace(each, notification=owners.get(each.location.path)) for each in applied(some, whole)]

    always = found([each for each in rules if each.id.startswith(_UNKEPT)])
    rest = [each for each in rules if not each.id.startswith(_UNKEPT)]
    if cache is None:
        return [*always, *found(rest)]
    files = sorted(set(_files(notifier.configuration)))
    # Another name where a file was added or removed.
    listing = "\n".join(files).encode("utf-8", "surrogateescape")
    name = f"{ENTRY} {hashlib.blake2b(listing, digest_size=16).hexdigest()}"
    known = cache.known(name)
    if known is None:
        findings = found(rest)
        cache.put(name, files, findings)
        return [*always, *findings]
    return [*always, *known[1]]


def _files(configuration: Configuration) -> Iterator[str]:
    folders = (*configuration.notifications, *configuration.templates, configuration.attachments)
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file():
                yield shown_path(path, configuration.base)
