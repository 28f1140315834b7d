"""The pages as HTML, made of the templates below `notify/pages`, which an application can replace."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from notify.consent.texts import Texts
from notify.rendering import FolderLoader
from notify.rendering.loaders import Chain
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.consent.scopes import Scope

_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}")
_COLORS = {"color": "#1d4ed8", "on_color": "#ffffff", "dark_color": "#93b4ff"}
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is ready.

    Attributes:
        body: the document.
        locale: the language that it is in.
        policy: its Content-Security-Policy: nothing is loaded, and forms lead back here.
    """

    body: bytes
    locale: str
    policy: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the preference page.

    Attributes:
        scope: what it is about.
        title: in large.
        description: in small.
        wanted: whether the mails are wanted now.
        fixed: whether there is no choice.
    """

    scope: Scope
    title: str
    description: str = ""
    wanted: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows beside its words.

    Attributes:
        recipient: whose mails it is about.
        name: what is unsubscribed from; empty for all.
        preferences: where the preference page is, relative to this one.
        rows: those of the preference page.
        saved: whether they were just saved.
        notice: of a page that only says something: its words' key.
    """

    recipient: str = ""
    name: str = ""
    preferences: str = ""
    rows: tuple[Row, ...] = ()
    saved: bool = False
    notice: str = field(default="")


class Pages:
    """Renders the pages. Safe to share between threads.

    Args:
        loaders: where templates come from, before those that ship.
        brand: `name url color on_color dark_color address support`, as for notify/base.html.
        texts: the words.
    """

    def __init__(
        self,
        loaders: Iterable[jinja2.BaseLoader] = (),
        brand: Mapping[str, Any] | None = None,
        texts: Texts | None = None,
    ) -> None:
        self._brand = {**dict.fromkeys(("name", "url", "address", "support"), ""), **(brand or {})}
        self._texts = texts or Texts()
        shipped = jinja2.PrefixLoader({"notify": FolderLoader(templates_folder() / "notify")})
        self._environment = jinja2.Environment(
            loader=Chain([*loaders, shipped]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._style, self._policy = self._styled()

    def page(self, name: str, shown: Shown, accepted: str = "") -> Page:
        """A page in the language that suits.

        Args:
            name: of its template below `notify/pages`, without the suffix.
            shown: what it shows.
            accepted: what Accept-Language says.
        """
        locale, words = self._texts.best(accepted)

        def say(key: str) -> str:
            text = words[key if shown.name else f"{key}_all"] if f"{key}_all" in words else words[key]
            return text.format(address=shown.recipient, name=shown.name)

        body = self._environment.get_template(f"notify/pages/{name}.html").render(
            text=words,
            say=say,
            locale=locale,
            rtl=locale.partition("-")[0].lower() in _RIGHT_TO_LEFT,
            style=self._style,
            brand=self._brand,
            preferences=shown.preferences,
            rows=shown.rows,
            saved=shown.saved,
            notice=shown.notice,
        )
        return Page(body.encode(), locale, self._policy)

    def _styled(self) -> tuple[Markup, str]:
        """The style sheet, and the policy that lets it in by its digest."""
        given = {name: str(self._brand.get(name) or default) for name, default in _COLORS.items()}
        colors = {name: color if _COLOR.fullmatch(color) else _COLORS[name] for name, color in given.items()}
        style = self._environment.get_template("notify/pages/page.css").render(colors).replace("</", "<\\/")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'"
        )
        return Markup(style), policy  # noqa: S704  # it is ours, and cannot end its element
