"""The transports: what is configured, and whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preview.serving import previewed
from preview.shop import FILES, SECRET, shop

from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from preview.serving import Site


def test_secrets_are_masked(site: Site) -> None:
    """Each transport is shown with its settings, its secrets as stars."""
    document, page = site.get("/api/transports"), site.get("/transports")
    found = {each["name"]: each for each in document.json["configured"]}

    assert {"file", "memory", "smtp"} == set(found)
    assert ("***", "shop") == (found["smtp"]["settings"]["password"], found["smtp"]["settings"]["username"])
    assert "***" in page.text
    assert SECRET not in page.text + document.text
    assert "null" in document.json["types"]


def test_a_wrong_transport_is_shown(tmp_path: Path) -> None:
    """Settings that are wrong are said beside the others, without the secret that is among them."""
    text = FILES["notify.yaml"].replace("port: 9", f"prot: 9, api_key: {SECRET}")
    with previewed(shop(tmp_path, **{"notify.yaml": text})) as preview:
        document = preview.site.get("/api/transports")
        page = preview.site.get("/transports")

    (smtp,) = [each for each in document.json["configured"] if each["name"] == "smtp"]
    assert "prot" in smtp["error"]
    assert "prot" in page.text
    assert SECRET not in document.text + page.text


def test_verify(tmp_path: Path) -> None:
    """It connects without sending, and says whether that works; a transport that there is not is said so."""
    with ScriptedServer() as server:
        text = (
            FILES["notify.yaml"].partition("  smtp: ")[0]
            + f"  smtp: {{host: 127.0.0.1, port: {server.port}, tls: none}}\n"
        )
        with previewed(shop(tmp_path, **{"notify.yaml": text})) as preview:
            good = preview.site.post("/transports/smtp/verify")
            none = preview.site.post("/transports/pigeon/verify")

    with previewed(shop(tmp_path)) as preview:
        bad = preview.site.post("/transports/smtp/verify")

    assert {"name": "smtp", "works": True, "error": None} == good.json
    assert [] == server.messages
    assert not none.json["works"]
    assert "pigeon" in none.json["error"]
    assert not bad.json["works"]
    assert bad.json["error"]
    assert SECRET not in bad.text
