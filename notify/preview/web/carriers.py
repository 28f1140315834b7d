"""The transports: what is configured, and whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from notify.documents import configured, transport_document, type_document

if TYPE_CHECKING:
    from starlette.requests import Request

    from notify.preview.desk import Desk


class Carriers:
    """The page `/transports`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where it is."""
        return [
            Route("/transports", self.page),
            Route("/transports/{name}/verify", self.verify, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """What can be sent through, secrets masked."""
        notifier = self._desk.project.notifier
        found = [configured(notifier, name) for name in notifier.transports]
        types = notifier.plugins.transports()
        document: dict[str, Any] = {
            "environment": notifier.environment,
            "configured": [_plain(transport_document(each)) for each in found],
            "types": {name: _plain(type_document(types[name])) for name in sorted(types)},
        }
        model = {**self._desk.common(), "configured": found, "types": document["types"]}
        return self._desk.pages.page(request, "transports.html", model, document)

    def verify(self, request: Request) -> Response:
        """Connect and log in, without sending."""
        each = configured(self._desk.project.notifier, request.path_params["name"], verify=True)
        return JSONResponse({"name": each.name, "works": each.error is None, "error": str(each.error or "") or None})


def _plain(value: Any) -> Any:
    """The same of JSON's own types; secrets and paths as they print."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
