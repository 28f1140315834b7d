"""Which features of HTML, CSS and images which clients support, as caniemail.com has tested it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_RETIRED = "outlook.windows-mail"
"""No longer made; a family's name does not stand for it."""
_UNTESTED = frozenset("-u")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature.

    Attributes:
        slug: its name in the address of its page on caniemail.com.
        title: what it is called there.
        support: a letter for each client: y, a (partly), n, u (unknown) or - (not tested), in its latest version.
        tested: the month of the last test, such as `2023-12`; perhaps empty.
        notes: the numbers of the clients that a note is about, by the note.
    """

    slug: str
    title: str
    support: str
    tested: str
    notes: Mapping[str, Sequence[int]]

    @property
    def url(self) -> str:
        """Its page."""
        return f"https://www.caniemail.com/features/{self.slug}/"


@dataclass(frozen=True)
class Clients:
    """The data.

    Attributes:
        date: of the data.
        names: the clients, each a family and a platform with a dot between.
        features: by slug.
        shown: what the parts of the names are called.
    """

    date: str
    names: tuple[str, ...]
    features: Mapping[str, Feature]
    shown: Mapping[str, str] = field(repr=False)

    @cached_property
    def families(self) -> frozenset[str]:
        """The families of clients."""
        return frozenset(name.partition(".")[0] for name in self.names)

    def selected(self, wanted: Iterable[str]) -> list[int]:
        """The numbers of clients by name, or by family; what no client is called selects none."""
        names = set(wanted)
        return [
            number
            for number, name in enumerate(self.names)
            if name in names or (name.partition(".")[0] in names and name != _RETIRED)
        ]

    def unknown(self, wanted: Iterable[str]) -> list[str]:
        """The names that no client and no family has."""
        return [name for name in wanted if name not in self.names and name not in self.families]

    def without(self, slug: str, wanted: Iterable[str]) -> tuple[list[int], float]:
        """The clients that do not support a feature at all, and their share of those that were tested."""
        feature = self.features[slug]
        tested = [number for number in self.selected(wanted) if feature.support[number] not in _UNTESTED]
        lacking = [number for number in tested if feature.support[number] == "n"]
        return lacking, len(lacking) / len(tested) if tested else 0.0

    def listed(self, numbers: Iterable[int]) -> str:
        """Clients as people call them: `Gmail (Android, iOS), Outlook (Windows)`."""
        found: dict[str, list[str]] = {}
        for number in numbers:
            family, _, platform = self.names[number].partition(".")
            found.setdefault(self.shown[family], []).append(self.shown[platform])
        return ", ".join(f"{family} ({', '.join(platforms)})" for family, platforms in found.items())


@cache
def clients() -> Clients:
    """The data that is installed with notify."""
    file = resources.files("notify.checks.clients").joinpath("caniemail.json")
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    features = {slug: Feature(slug, *row) for slug, row in data["features"].items()}
    return Clients(data["date"], tuple(data["clients"]), features, {**data["platforms"], **data["families"]})
