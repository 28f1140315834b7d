"""Editing the params of a mail, keeping them as a sample, and sending a test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from preview.serving import previewed, query
from preview.shop import FILES, shop

from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from preview.serving import Preview, Site

WELCOME = "/n/welcome/default"
OWN = {"name": "Ada", "link": "https://example.com/confirm"}


@pytest.mark.parametrize(
    "given",
    [
        {"yaml": "name: Eve\nlink: https://e.example/\n"},
        {"yaml": '{"name": "Eve", "link": "https://e.example/"}'},
        {"values": {"name": "Eve", "link": "https://e.example/", "amount": ""}},
    ],
)
def test_edited_params_have_a_token(site: Site, given: dict[str, Any]) -> None:
    """Right params, as YAML, JSON or a form, are shown by their token."""
    answer = site.post(f"{WELCOME}/data", given)

    assert 200 == answer.status
    assert ([], []) == (answer.json["problems"], answer.json["faults"])
    assert 'name: Eve\nlink: "https://e.example/"\n' == answer.json["yaml"]
    assert {"name": "Eve", "link": "https://e.example/"} == site.api(WELCOME + query(data=answer.json["token"]))[
        "params"
    ]


def test_the_sample_s_own_need_no_token(site: Site) -> None:
    """What is as the sample has it is shown by the plain URL."""
    assert "" == site.post(f"{WELCOME}/data", {"values": OWN}).json["token"]


def test_long_params_have_a_token_too(site: Site) -> None:
    """What is too long for a URL stays in memory."""
    words = " ".join(f"{number * 7919 % 10007}" for number in range(3000))
    token = site.post(f"{WELCOME}/data", {"values": {**OWN, "name": words}}).json["token"]

    assert token.startswith("h")
    assert words == site.api(WELCOME + query(data=token))["params"]["name"]


def test_wrong_params_are_told_by_path(site: Site) -> None:
    """Each wrong value is named with its path and what was expected; there is no token."""
    answer = site.post(f"{WELCOME}/data", {"values": {"name": "Eve", "link": "no url", "amount": "x"}})

    assert 422 == answer.status
    assert answer.json["token"] is None
    assert [["link"], ["amount"]] == [each["path"] for each in answer.json["problems"]]
    assert "expected" in answer.json["problems"][0]["message"]


@pytest.mark.parametrize("text", ["name: [", "- a", "a: 1\na: 2", "name: &x Eve\nlink: *y", "\0"])
def test_wrong_yaml_is_told_by_line(site: Site, text: str) -> None:
    """YAML that cannot be read is told with line and column."""
    answer = site.post(f"{WELCOME}/data", {"yaml": text})

    assert 422 == answer.status
    assert (None, None) == (answer.json["token"], answer.json["yaml"])
    assert answer.json["faults"][0]["line"] >= 1


def test_yaml_inside_a_form(preview: Preview) -> None:
    """A field that holds YAML has its own fault."""
    preview.write(
        "notifications/any.yaml",
        "subject: x\ntext: |\n  x\nparams: {what: 'dict[str, int]'}\nsamples: {default: {what: {a: 1}}}\n",
    )

    answer = preview.site.post("/n/any/default/data", {"values": {"what": {"$yaml": "[1"}}})

    assert 422 == answer.status
    assert [["what"]] == [each["path"] for each in answer.json["faults"]]


def test_params_that_are_not_declared(preview: Preview) -> None:
    """Without declared params there is no form, only YAML."""
    preview.write("notifications/free.yaml", "subject: '{{ a }}'\ntext: |\n  x\nsamples: {default: {a: 1}}\n")
    site = preview.site

    assert "no form" in site.post("/n/free/default/data", {"values": {}}).json["error"]
    assert site.post("/n/free/default/data", {"yaml": "a: 2"}).json["token"]
    assert "a: 1" in site.get("/n/free/default").text


def test_a_token_that_is_gone(site: Site) -> None:
    """The page says that the edited params are gone, and how the sample looks is a click away."""
    answer = site.get(f"{WELCOME}?data=h{'0' * 32}")

    assert 422 == answer.status
    assert "are gone" in answer.text


def test_params_of_a_program(site: Site) -> None:
    """Whoever posts params gets the mail, or why there is none."""
    right = site.post(f"{WELCOME}/render", {"params": {**OWN, "name": "Eve"}})
    wrong = site.post(f"{WELCOME}/render", {"params": {"name": "Eve"}})
    none = site.post(f"{WELCOME}/render", {"params": [1]})

    assert (200, None, "Welcome to Shop, Eve") == (right.status, right.json["error"], right.json["subject"])
    assert "Welcome, Eve" in right.json["html"]
    assert "Welcome, Eve" in right.json["text"]
    assert (422, None) == (wrong.status, wrong.json["subject"])
    assert "link" in str(wrong.json["error"]["problems"])
    assert (422, "a mapping is expected") == (none.status, none.json["error"][:21])


def test_save_as_a_sample(preview: Preview) -> None:
    """Edited params become a sample of the file, whose other lines stay as they are."""
    site = preview.site
    token = site.post(f"{WELCOME}/data", {"values": {**OWN, "name": "Eve"}}).json["token"]
    answer = site.post(f"{WELCOME}/save{query(data=token, theme='acme')}", {"name": "eve"})
    text = (preview.folder / "notifications/welcome.yaml").read_text()

    assert (200, "/n/welcome/eve?theme=acme") == (answer.status, answer.json["url"])
    assert text.startswith(FILES["notifications/welcome.yaml"].rstrip("\n"))
    assert "Welcome to Shop, Eve" == site.api("/n/welcome/eve")["mail"]["subject"]


@pytest.mark.parametrize("name", ["default", "", "a b", "../x", "-", "é", "a: b", 7])
def test_a_name_that_cannot_be(preview: Preview, name: object) -> None:
    """A sample that is there already, or a name that is none, is an error, and the file is untouched."""
    answer = preview.site.post(f"{WELCOME}/save", {"name": name})

    assert 422 == answer.status
    assert answer.json["error"]
    assert FILES["notifications/welcome.yaml"] == (preview.folder / "notifications/welcome.yaml").read_text()


def test_a_faulty_file_takes_no_sample(preview: Preview) -> None:
    """While the file has faults nothing is written into it."""
    preview.site.get("/n/plain/default")
    preview.write("notifications/plain.yaml", "subject: [\n")

    answer = preview.site.post("/n/plain/default/save", {"name": "eve"})

    assert "mend it first" in answer.json["error"]
    assert "subject: [\n" == (preview.folder / "notifications/plain.yaml").read_text()


def test_nothing_is_written_for_others(tmp_path: Path) -> None:
    """Who does not sit at the machine saves neither samples nor golden files."""
    with previewed(shop(tmp_path), local=False) as preview:
        saved = preview.site.post(f"{WELCOME}/save", {"name": "eve"})
        golden = preview.site.post(f"{WELCOME}/golden")

    assert (422, 422) == (saved.status, golden.status)
    assert not (tmp_path / "golden").exists()
    assert FILES["notifications/welcome.yaml"] == (tmp_path / "notifications/welcome.yaml").read_text()


@pytest.mark.parametrize(
    ("environment", "transport"), [("development", ""), ("development", "file"), ("test", "memory")]
)
def test_send_to_nobody_real(tmp_path: Path, environment: str, transport: str) -> None:
    """A transport that does not deliver takes a test mail to any address; the receipt says so."""
    with previewed(shop(tmp_path), environment=environment) as preview:
        site = preview.site
        answer = site.post(f"{WELCOME}/send?theme=acme", {"to": "ada@example.com", "transport": transport})
        default = site.post("/n/billing.receipt/german/send", {})

    assert 200 == answer.status
    assert ["ada@example.com"] == answer.json["accepted"]
    assert ["recipient@example.com"] == default.json["accepted"]


def test_what_was_sent_is_in_the_mailbox(preview: Preview) -> None:
    """A mail through the file transport is there at once, as the state says it."""
    token = preview.site.post(f"{WELCOME}/data", {"values": {**OWN, "name": "Eve"}}).json["token"]
    preview.site.post(f"{WELCOME}/send{query(data=token, theme='acme')}", {"to": "Eve <eve@example.com>"})

    (mail,) = preview.site.api("/mailbox")["mails"]
    assert ("Welcome to Acme, Eve", ["eve@example.com"]) == (mail["subject"], mail["recipients"])
    assert "welcome" == mail["notification"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"to": "no address"}, "address"),
        ({"to": "a@example.com\r\nBcc: b@example.com"}, "address"),
        ({"to": "a@example.com", "transport": "pigeon"}, "pigeon"),
        ({"to": "a@example.com", "transport": 1}, "text is expected"),
        ({"to": ["a@example.com"]}, "text is expected"),
    ],
)
def test_what_cannot_be_sent(preview: Preview, body: dict[str, Any], words: str) -> None:
    """It is one clear error, and nothing is sent."""
    answer = preview.site.post(f"{WELCOME}/send", body)

    assert 422 == answer.status
    assert words in answer.json["error"]
    assert 0 == preview.site.api("/mailbox")["total"]


def smtp_shop(folder: Path, port: int) -> Path:
    """The shop with an SMTP server that really delivers."""
    settings = f"smtp: {{host: 127.0.0.1, port: {port}, tls: none}}\n"
    text = FILES["notify.yaml"].partition("  smtp: ")[0] + "  " + settings
    return shop(folder, **{"notify.yaml": text})


def test_who_may_get_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a transport that delivers, a test goes to addresses that the variable allows only."""
    with ScriptedServer() as server, previewed(smtp_shop(tmp_path, server.port)) as preview:
        site, body = preview.site, {"to": "Ada@Acme.example", "transport": "smtp"}
        nobody = site.post(f"{WELCOME}/send", body)
        monkeypatch.setenv("NOTIFY_PREVIEW_ALLOWED_TO", "qa@example.com, *@other.example")
        others = site.post(f"{WELCOME}/send", body)
        before = len(server.messages)
        monkeypatch.setenv("NOTIFY_PREVIEW_ALLOWED_TO", "qa@example.com,*@acme.example")
        allowed = site.post(f"{WELCOME}/send", body)
        looks_so = site.post(f"{WELCOME}/send", {**body, "to": "x@acme.example.evil.example"})
        mail = site.post(f"{WELCOME}/send", {"to": "ada@acme.example", "transport": "file"}).json
        kept = site.api("/mailbox")["mails"][0]["id"]
        replayed = site.post(f"/mailbox/{kept}/replay", {"transport": "smtp"})
        refused = site.post(f"/mailbox/{kept}/replay", {"to": "eve@evil.example", "transport": "smtp"})

    assert (422, 422, 0) == (nobody.status, others.status, before)
    assert "NOTIFY_PREVIEW_ALLOWED_TO" in nobody.json["error"]
    assert (200, 422) == (allowed.status, looks_so.status)
    assert ["Ada@Acme.example".lower()] == [each.lower() for each in allowed.json["accepted"]]
    assert ["ada@acme.example"] == mail["accepted"] == replayed.json["accepted"]
    assert 422 == refused.status
    assert 2 == len(server.messages)


def test_copies_have_to_be_allowed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The definition's own cc and bcc are recipients like any other."""
    monkeypatch.setenv("NOTIFY_PREVIEW_ALLOWED_TO", "*@acme.example")
    with ScriptedServer() as server, previewed(smtp_shop(tmp_path, server.port)) as preview:
        preview.write("notifications/copied.yaml", "subject: x\ntext: |\n  x\nbcc: [boss@real.example]\n")

        answer = preview.site.post("/n/copied/-/send", {"to": "ada@acme.example", "transport": "smtp"})

    assert 422 == answer.status
    assert "boss@real.example may not get test mails" in answer.json["error"]
    assert [] == server.messages


def test_a_server_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server says to a test mail is the answer."""
    monkeypatch.setenv("NOTIFY_PREVIEW_ALLOWED_TO", "*")
    script = {"rules": [{"at": "rcpt", "do": [{"reply": "550 5.1.1 No such user here"}]}]}
    with ScriptedServer(script) as server, previewed(smtp_shop(tmp_path, server.port)) as preview:
        answer = preview.site.post(f"{WELCOME}/send", {"to": "ada@acme.example", "transport": "smtp"})

    assert 422 == answer.status
    assert "No such user here" in answer.json["error"]


def test_two_samples_at_once(preview: Preview) -> None:
    """Neither is lost."""
    names = [f"at_once_{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: preview.site.post("/n/welcome/default/save", {"name": name}), names))

    assert {200} == {answer.status for answer in answers}
    assert set(names) < set(preview.site.api("/n/welcome/default")["samples"])
