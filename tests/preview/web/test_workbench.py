"""The workbench: one notification with one sample, in every view and as every file."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html import unescape
from typing import TYPE_CHECKING

import pytest
from preview.serving import previewed, query
from preview.shop import FILES, shop

from notify.preview.chromium import find_chromium
from notify.preview.web.pages import PART

if TYPE_CHECKING:
    from pathlib import Path

    from preview.serving import Preview, Site

WELCOME = "/n/welcome/default"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/n/welcome", "/n/welcome/default"),
        ("/n/welcome?locale=de&w=375", "/n/welcome/default?locale=de&w=375"),
        ("/api/n/welcome", "/api/n/welcome/default"),
    ],
)
def test_a_notification_leads_to_its_first_sample(site: Site, path: str, to: str) -> None:
    """Without a sample the URL is that of the first, with everything that was asked for."""
    answer = site.get(path)

    assert (307, to) == (answer.status, answer.headers["Location"])


def test_without_any_sample(preview: Preview) -> None:
    """A notification without samples is shown without params."""
    preview.write("notifications/bare.yaml", "subject: Bare\ntext: |\n  x\n")

    assert "/n/bare/-" == preview.site.get("/n/bare").headers["Location"]
    assert "no sample" in preview.site.get("/n/bare/-").text
    assert 'filename="bare.eml"' in preview.site.get("/n/bare/-/render.eml").headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("html", "/n/welcome/default/render.html?"),
        ("text", "https://example.com/confirm"),
        ("source", "Confirm"),
        ("template", "layouts/shop.html"),
        ("headers", "shop@example.com"),
        ("mime", "multipart/alternative"),
        ("inbox", "Welcome to Shop, Ada"),
    ],
)
def test_views(site: Site, view: str, words: str) -> None:
    """Each view shows the mail its way."""
    assert words in unescape(re.sub(r"<(?!iframe|a )[^>]*>", "", site.get(WELCOME + query(view=view, w="500")).text))


@pytest.mark.parametrize("panel", ["data", "checks", "compat", "links", "size", "diff", "send"])
def test_panels(site: Site, panel: str) -> None:
    """Each panel of the drawer can be opened by a link."""
    assert f'data-panel="{panel}"' in site.get(WELCOME + query(panel=panel)).text


def test_only_the_main_part(site: Site) -> None:
    """Who asks for the main part gets no more than that."""
    part = site.ask("GET", WELCOME, headers={PART: "main"})

    assert "<main" in part.text
    assert "<html" not in part.text
    assert "<script" not in part.text


def test_a_document_has_everything(site: Site) -> None:
    """JSON has the mail, its parts, its links, its params and what was found."""
    document = site.get(f"{WELCOME}/render.json?theme=acme").json

    assert ("welcome", "default", ["default", "other"]) == tuple(
        document[name] for name in ("notification", "sample", "samples")
    )
    assert ("acme", ["acme"], "en") == tuple(document[name] for name in ("theme", "themes", "locale"))
    assert {"name": "Ada", "link": "https://example.com/confirm"} == document["params"]
    assert (None, []) == (document["error"], document["findings"])
    assert "layouts/shop.html" in document["templates"]
    mail = document["mail"]
    assert ("Welcome to Acme, Ada", "One click.") == (mail["subject"], mail["preheader"][:10])
    assert ["https://example.com/confirm"] == list(dict.fromkeys(each["url"] for each in mail["links"]))
    assert "multipart/alternative" == mail["parts"]["type"]
    assert mail == site.api(f"{WELCOME}?theme=acme")["mail"]


def test_files(site: Site) -> None:
    """The mail, its HTML and its text can be had as they would be sent."""
    eml, html, text = (site.get(f"{WELCOME}/{name}") for name in ("render.eml", "mail.html", "render.txt"))
    mail = message_from_bytes(eml.body, policy=policy.default)
    part = mail.get_body(("html",))

    assert "Welcome to Shop, Ada" == mail["Subject"]
    assert part is not None
    assert part.get_content().splitlines() == html.text.splitlines()
    assert "text/plain; charset=utf-8" == text.headers["Content-Type"]
    assert "Confirm <https://example.com/confirm>" in text.text
    assert 'attachment; filename="welcome.default.eml"' in eml.headers["Content-Disposition"]
    assert 'attachment; filename="welcome.default.html"' in html.headers["Content-Disposition"]
    for answer in (eml, html):
        assert "default-src 'none'; sandbox" == answer.headers["Content-Security-Policy"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_the_locale_is_in_the_file_s_name(site: Site) -> None:
    """A file is called after what it shows."""
    answer = site.get("/n/billing.receipt/german/render.eml?locale=de")

    assert 'filename="billing.receipt.german.de.eml"' in answer.headers["Content-Disposition"]


def test_a_part_is_a_download(site: Site) -> None:
    """An attached file is never shown by the browser itself."""
    parts = site.api("/n/billing.receipt/default")["mail"]["parts"]
    (index,) = [each["index"] for each in parts["parts"] if each["filename"] == "terms.txt"]
    answer = site.get(f"/n/billing.receipt/default/part/{index}")

    assert b"The terms" in answer.body
    assert "application/octet-stream" == answer.headers["Content-Type"]
    assert 'attachment; filename="terms.txt"' in answer.headers["Content-Disposition"]


def test_a_mail_without_html(site: Site) -> None:
    """It has no frame, and says so."""
    assert 404 == site.get("/n/plain/default/render.html").status
    assert "no HTML part" in site.get("/n/plain/default").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/n/welcom/default", 404, "there is no notification 'welcom'; there are: welcome"),
        ("/n/welcome/defalt", 422, "has no sample 'defalt'"),
        ("/n/welcome/defalt/render.eml", 422, "has no sample 'defalt'"),
        ("/n/welcom/default/render.html", 404, "there is no notification 'welcom'"),
        ("/n/welcome/-/render.eml", 422, "expected"),
        ("/n/welcome/default/part/77", 404, "no such part"),
    ],
)
def test_what_there_is_not(site: Site, path: str, status: int, words: str) -> None:
    """It is a page that says what there is, and the same as JSON."""
    page, document = site.get(path), site.get(f"/api{path}")

    assert (status, status) == (page.status, document.status)
    assert words in unescape(page.text)
    if "part" not in path:
        assert words in document.json["error"]


def test_a_failing_template(preview: Preview) -> None:
    """The page says file, line, lines around it and the way there; the frame goes on with the last good mail."""
    site = preview.site
    good = site.get(f"{WELCOME}/render.html").text
    preview.write("templates/welcome.html", FILES["templates/welcome.html"].replace("{{ name }}", "{{ nmae }}"))
    page, frame, document = site.get(WELCOME), site.get(f"{WELCOME}/render.html"), site.api(WELCOME)

    assert "The template failed" in page.text
    assert "Below it is the last rendering that was right." in page.text
    assert "vscode://file" in page.text
    assert good == frame.text
    assert "templates/welcome.html:2" in document["error"]["problems"][0]["place"]
    assert "did you mean" in str(document["error"])
    assert document["mail"] is None
    assert 422 == site.get(f"{WELCOME}/render.eml").status
    assert ["tpl-render"] == [each["rule"] for each in document["findings"]]


def test_one_that_was_never_right(preview: Preview) -> None:
    """A definition without any good state is a page with its faults in every view."""
    preview.write("notifications/bad.yaml", "subject: [\n")

    assert "The definition is wrong" in preview.site.get("/n/bad/-").text
    assert "The definition is wrong" in preview.site.get("/n/bad/-?view=template").text
    assert "The definition is wrong" == preview.site.api("/n/bad/-")["error"]["title"]
    assert 404 == preview.site.get("/n/bad/-/render.html").status


def test_samples_that_do_not_fit(preview: Preview) -> None:
    """It is said on the page, whichever sample is shown."""
    preview.write(
        "notifications/plain.yaml", "subject: x\ntext: |\n  x\nparams: {n: int}\nsamples: {a: {n: x}, b: {n: 1}}"
    )

    assert "Samples do not fit the params" in preview.site.get("/n/plain/b").text
    assert "The params are not what" in preview.site.get("/n/plain/a").text


def test_a_draft_is_shown(site: Site) -> None:
    """A token of edited params shows the mail with these, marked as such."""
    token = site.post(f"{WELCOME}/data", {"yaml": "{name: Eve, link: 'https://e.example'}"}).json["token"]
    page = site.get(WELCOME + query(data=token))

    assert "Welcome to Shop, Eve" in page.text
    assert "edited data" in page.text
    assert "Welcome to Shop, Eve" in site.get(f"{WELCOME}/render.eml" + query(data=token)).text


def keys(html: str) -> dict[str, str]:
    """Where the keys of a page lead."""
    return {key: href for href, key in re.findall(r'href="([^"]+)"[^>]* data-key="([^"]+)"', unescape(html))}


def test_keys_lead_around(site: Site) -> None:
    """The next of each thing that can be chosen is a link with its key."""
    found = keys(site.get(WELCOME).text)

    assert ("/n/welcome/other", "/n/welcome/other") == (found["["], found["]"])
    assert "/n/welcome/default?theme=acme" == found["t"]
    assert "/n/welcome/default?scheme=dark" == found["d"]
    assert "l" not in found


def test_locales_lead_around(site: Site) -> None:
    """From no locale the next is the first, the previous the last; from a theme the next is none."""
    found = keys(site.get("/n/billing.receipt/default").text)
    then = keys(site.get("/n/billing.receipt/default?locale=de&theme=acme").text)

    assert found["l"].endswith("?locale=en")
    assert found["L"].endswith("?locale=de")
    assert then["l"].endswith("?locale=en&theme=acme")
    assert then["t"].endswith("?locale=de")


def test_links_to_files_are_for_this_machine(tmp_path: Path) -> None:
    """Who does not sit at the machine gets no links that open files on it."""
    with previewed(shop(tmp_path), local=False) as preview:
        preview.write("templates/welcome.html", "{{ wrong }}")

        page = preview.site.get(WELCOME)

    assert "The template failed" in page.text
    assert "vscode://" not in page.text


@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")
def test_a_picture(preview: Preview) -> None:
    """A mail, rendered or kept, is a PNG where there is a Chromium."""
    site = preview.site
    site.post(f"{WELCOME}/send", {})
    kept = site.api("/mailbox")["mails"][0]["id"]
    rendered, captured = site.get(f"{WELCOME}/render.png?w=375&scheme=dark"), site.get(f"/mailbox/{kept}/render.png")

    for answer in (rendered, captured):
        assert (200, "image/png") == (answer.status, answer.headers["Content-Type"])
        assert answer.body.startswith(b"\x89PNG")


def test_no_picture_without_chromium(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, the answer says what to install; a mail that fails has no picture either."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("NOTIFY_CHROMIUM", "/no/such/chromium")
    answer = preview.site.get(f"/api{WELCOME}/render.png")

    assert 422 == answer.status
    assert "hromium" in answer.json["error"]
    assert 422 == preview.site.get("/n/welcome/-/render.png").status


def test_a_notification_without_a_sample_waits_for_data(preview: Preview) -> None:
    """What nobody has said yet is no error; nothing is found twice."""
    preview.write("notifications/bare.yaml", 'subject: "Hello {{ name }}"\ntext: Hello\nparams: {name: str}\n')
    preview.write("notifications/faulty.yaml", "subjct: x\n")
    page = preview.site.get("/n/bare/-").text
    findings = preview.site.api("/n/bare/-")["findings"]
    faults = preview.site.api("/n/faulty/-")["findings"]

    assert "Fill in the data" in page
    assert 'role="alert"' not in page
    assert ["def-missing-sample"] == [each["rule"] for each in findings]
    assert 2 == len(faults) == len({each["message"] for each in faults})


def test_a_mail_of_text_alone_shows_its_text(preview: Preview) -> None:
    """As mail programs do where there is no HTML part."""
    page = preview.site.get("/n/plain/default").text

    assert "no HTML part" in page
    assert "Only text" in page
