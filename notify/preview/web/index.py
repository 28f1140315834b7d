"""The first page: every notification, how it stands, and what is found wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from notify.preview.web.workbench import first_sample

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from notify.preview.desk import Desk
    from notify.preview.project import Entry
    from notify.preview.standing import Standing


class Index:
    """The pages `/` and `/checks`, and what programs want to know first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/", self.page), Route("/checks", self.checks)]

    def page(self, request: Request) -> Response:
        """The list of notifications."""
        model = self._common()
        standings = model["standings"]
        document = {
            "environment": model["environment"],
            "token": self._desk.token,
            "trouble": str(model["trouble"]) if model["trouble"] else None,
            "notifications": [_document(each, standings.get(each.id)) for each in model["entries"].values()],
        }
        return self._desk.pages.page(request, "index.html", model, document)

    def checks(self, request: Request) -> Response:
        """Every finding of every notification; `?severity=` leaves out milder ones."""
        model = self._common()
        wanted = request.query_params.get("severity", "")
        rows = [
            (model["entries"][name], finding)
            for name, standing in sorted(model["standings"].items())
            if name in model["entries"]
            for finding in standing.findings
            if wanted in {"", finding.severity}
        ]
        pending = len(model["entries"]) - len(model["standings"])
        document = {
            "pending": pending,
            "findings": [{"notification": entry.id, **finding.as_document()} for entry, finding in rows],
        }
        model |= {"rows": rows, "pending": pending, "severity": wanted, "place_of": self._desk.place}
        return self._desk.pages.page(request, "checks.html", model, document)

    def _common(self) -> dict[str, Any]:
        desk = self._desk
        desk.inspector.busy()
        desk.watcher.look()
        desk.inspector.start()
        return {**desk.common(), "first": first_sample}


def _document(entry: Entry, standing: Standing | None) -> dict[str, Any]:
    definition = entry.definition
    return {
        "id": entry.id,
        "description": definition.description if definition else "",
        "category": definition.category if definition else None,
        "samples": list(definition.samples) if definition else [],
        "locales": list(standing.locales) if standing else None,
        "status": standing.word if standing else "unknown",
        "findings": [finding.as_document() for finding in standing.findings] if standing else [],
        "faults": [str(fault) for fault in entry.faults],
    }
