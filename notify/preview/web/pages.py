"""Pages: what a handler found out, as HTML for people or JSON for programs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.responses import HTMLResponse, JSONResponse

from notify import __version__
from notify.markup.linkify import linked
from notify.preview.frame import header_policy
from notify.preview.highlight import highlighted
from notify.preview.state import with_query
from notify.readable import human_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from notify.preview.state import State

FOLDER = Path(__file__).resolve().parent.parent
STATIC = FOLDER / "static"
PART = "X-Notify-Part"
"""The header of a request for the main part of a page only."""
_FRAME_ANCESTORS = "; frame-ancestors 'self'"


class Pages:
    """Renders the templates of the preview itself."""

    def __init__(self, *, token: str) -> None:
        self._environment = templates()
        self._environment.globals["token"] = token

    def page(
        self,
        request: Request,
        name: str,
        model: Mapping[str, Any],
        document: Any = None,
        *,
        status: int = 200,
    ) -> Response:
        """The page as HTML or, where the request wants it, `document` as JSON."""
        if wants_json(request):
            return JSONResponse(document, status_code=status)
        html = self._environment.get_template(name).render(
            **model,
            root=request.scope.get("root_path", ""),
            part=request.headers.get(PART) == "main",
            chrome=request.cookies.get("notify_chrome", ""),
        )
        return HTMLResponse(html, status_code=status, headers={"Vary": f"{PART}, Accept, Cookie"})


def templates() -> jinja2.Environment:
    """The environment of the preview's own templates."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(size=human_size, highlighted=highlighted, linked=linked)
    environment.tests["in_css"] = lambda rule: rule.startswith(("css-", "html-"))
    environment.globals.update(href=href, version=__version__, assets=_stamp())
    return environment


def href(state: State) -> str:
    """Where a state is, below the preview's root."""
    return with_query(state.path, state.pairs())


def wants_json(request: Request) -> bool:
    """Whether the request is of a program: below /api, or by what it accepts."""
    if request.scope.get("notify.api"):
        return True
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def frame_headers(*, remote: bool, measured: bool) -> dict[str, str]:
    """The headers of a mail's own document.

    Args:
        remote: whether it may load images over the network.
        measured: whether the page that embeds it may look at its height, which needs the same origin; no script runs
            in either case.
    """
    policy = header_policy(remote=remote)
    if measured:
        policy = policy.replace("sandbox allow-popups allow-popups-to-escape-sandbox", "sandbox allow-same-origin")
    return {"Content-Security-Policy": policy + _FRAME_ANCESTORS}


def _stamp() -> str:
    """A word that changes with the style sheet and the script, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
