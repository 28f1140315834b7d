"""What notify.yaml says of a category: whether its mails may be left, and what people read about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.yamlnodes import MappingNode, Reader

UNSUBSCRIBE = ("required", "allowed", "never")
CONSENT = ("opt-out", "opt-in")
SUPPRESSION = ("heed", "pass")
KEYS = ("unsubscribe", "consent", "suppression", "title", "description")


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    Attributes:
        name: as definitions have it.
        unsubscribe: required, allowed or never; mails of a category that says never have to arrive.
        opt_in: whether only those get its mails who said that they want them.
        passes: whether its mails are sent to people on the suppression list too; by default those that have to arrive.
        title: what people read on the preference page.
        description: likewise, a sentence about it.
    """

    name: str
    unsubscribe: str = "allowed"
    opt_in: bool = False
    passes: bool | None = None
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.name.replace("_", " ").capitalize())

    @property
    def passes_suppression(self) -> bool:
        """Whether its mails are sent to people on the suppression list too."""
        return self.must_deliver if self.passes is None else self.passes

    @property
    def must_deliver(self) -> bool:
        """Whether its mails have to arrive, whatever people chose."""
        return self.unsubscribe == "never"


def read_category(reader: Reader, name: str, section: MappingNode) -> Category:
    """A category of notify.yaml; every fault goes to `reader`."""
    reader.known_keys(section, KEYS)
    unsubscribe = reader.choice(section.get("unsubscribe"), "unsubscribe", UNSUBSCRIBE) or "allowed"
    consent = reader.choice(section.get("consent"), "consent", CONSENT)
    suppression = reader.choice(section.get("suppression"), "suppression", SUPPRESSION)
    if consent is not None and unsubscribe == "never":
        message = f"the category {name!r} says `unsubscribe: never`, so that nobody chooses"
        reader.fault(section.keys["consent"], message, "remove `consent`")
    return Category(
        name,
        unsubscribe,
        consent == "opt-in",
        None if suppression is None else suppression == "pass",
        reader.text(section.get("title"), "title") or "",
        reader.text(section.get("description"), "description") or "",
    )
