"""What a preview shows, and how: all of it is in the URL, so that a link shows another person the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar
from urllib.parse import quote, urlencode

from notify.locales import normal_locale

if TYPE_CHECKING:
    from collections.abc import Mapping

_Word = TypeVar("_Word", bound=str)
NO_SAMPLE = "-"
"""Stands for a sample where a notification has none; it cannot be the name of one."""
VIEWS = ("html", "text", "source", "template", "headers", "mime", "inbox")
Scheme = Literal["light", "dark", "invert"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark", "invert")
PANELS = ("data", "checks", "compat", "links", "size", "diff", "send")
NARROWEST, WIDEST = 240, 1600
"""Pixels of a frame."""
_PIXELS = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a mail is looked at.

    Attributes:
        view: one of VIEWS.
        width: pixels of the frame; None for as wide as there is room.
        scheme: one of SCHEMES.
        images: whether images are shown at all.
        remote: whether images may be loaded over the network.
    """

    view: str = "html"
    width: int | None = None
    scheme: Scheme = "light"
    images: bool = True
    remote: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """What a query says; what it cannot mean is as if it were not there."""
        width = query.get("w", "")
        return cls(
            view=_one_of(query.get("view"), VIEWS),
            width=min(max(int(width), NARROWEST), WIDEST) if _PIXELS.fullmatch(width) else None,
            scheme=_one_of(query.get("scheme"), SCHEMES),
            images=query.get("images") != "off",
            remote=query.get("remote") == "on",
        )

    def pairs(self) -> dict[str, str]:
        """The query, without what is as it is by default."""
        said = {
            "view": self.view if self.view != VIEWS[0] else "",
            "w": str(self.width or ""),
            "scheme": self.scheme if self.scheme != SCHEMES[0] else "",
            "images": "" if self.images else "off",
            "remote": "on" if self.remote else "",
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Which mail the workbench shows, and how.

    Attributes:
        notification: the id.
        sample: the name, or NO_SAMPLE.
        locale: None for the sample's, else the default one.
        theme: None for none.
        data: the token of edited params; empty for the sample's own.
        panel: what the drawer shows, one of PANELS.
        look: how it is looked at.
    """

    notification: str
    sample: str
    locale: str | None = None
    theme: str | None = None
    data: str = ""
    panel: str = "data"
    look: Look = Look()

    @classmethod
    def read(cls, notification: str, sample: str, query: Mapping[str, str]) -> Self:
        """What a path and a query say."""
        return cls(
            notification=notification,
            sample=sample,
            locale=normal_locale(query.get("locale", "")),
            theme=query.get("theme") or None,
            data=query.get("data", ""),
            panel=_one_of(query.get("panel"), PANELS),
            look=Look.read(query),
        )

    def but(self, **changes: Any) -> Self:
        """The same with changes to this or to its look."""
        looks = {name: changes.pop(name) for name in tuple(changes) if name in Look.__slots__}
        return replace(self, look=replace(self.look, **looks), **changes)

    @property
    def path(self) -> str:
        """Below the preview's root."""
        return f"/n/{quote(self.notification)}/{quote(self.sample)}"

    def pairs(self, *, look: bool = True) -> dict[str, str]:
        """The query, without what is as it is by default; without `look`, only what makes another mail."""
        said = {"locale": self.locale, "theme": self.theme, "data": self.data}
        found = {name: value for name, value in said.items() if value}
        if not look:
            return found
        panel = {"panel": self.panel} if self.panel != PANELS[0] else {}
        return {**found, **panel, **self.look.pairs()}


def with_query(path: str, pairs: Mapping[str, str]) -> str:
    """A path with its query, if there is one."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _one_of(value: str | None, known: tuple[_Word, ...]) -> _Word:
    return next((word for word in known if word == value), known[0])
