"""The first page, and all findings on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from preview.serving import eventually

if TYPE_CHECKING:
    from preview.serving import Preview


def looked_at(preview: Preview) -> Any:
    """The documents of `/`, after every notification was looked at."""
    site = preview.site

    def whole() -> Any:
        found = site.api("/")["notifications"]
        return found if all(each["status"] != "unknown" for each in found) else None

    return eventually(whole, pause=0.3)


def test_every_notification_is_listed(preview: Preview) -> None:
    """With its samples, its locales, how it stands and what is wrong with it."""
    preview.write("notifications/bad.yaml", "subject: [\n")
    found = {each["id"]: each for each in looked_at(preview)}
    page = preview.site.get("/").text

    assert ["bad", "billing.receipt", "hostile", "plain", "welcome"] == list(found)
    assert (["default", "german"], ["de", "en"]) == (
        found["billing.receipt"]["samples"],
        found["billing.receipt"]["locales"],
    )
    assert ("error", 1) == (found["bad"]["status"], len(found["bad"]["faults"]))
    assert ("good", [], "Sent after the sign-up.") == tuple(
        found["welcome"][name] for name in ("status", "findings", "description")
    )
    for name in found:
        assert f'href="/n/{name}' in page


def test_findings(preview: Preview) -> None:
    """All of them are on one page; a severity leaves out the others."""
    preview.write("notifications/bad.yaml", "subject: [\n")
    preview.write("notifications/bare.yaml", "subject: x\ntext: |\n  x\n")
    looked_at(preview)
    site = preview.site
    document = site.api("/checks")
    errors, warnings = site.api("/checks?severity=error"), site.api("/checks?severity=warning")

    assert 0 == document["pending"]
    assert [("bad", "def-invalid"), ("bare", "def-missing-sample")] == [
        (each["notification"], each["rule"]) for each in document["findings"]
    ]
    assert (["bad"], ["bare"]) == tuple(
        [each["notification"] for each in some["findings"]] for some in (errors, warnings)
    )
    assert "def-missing-sample" in site.get("/checks").text
    assert "def-missing-sample" not in site.get("/checks?severity=error").text


def test_an_empty_project(preview: Preview) -> None:
    """Without notifications the page says how to write one."""
    for path in (preview.folder / "notifications").rglob("*.yaml"):
        path.unlink()

    assert "notify new NAME" in preview.site.get("/").text
    assert [] == preview.site.api("/")["notifications"]
