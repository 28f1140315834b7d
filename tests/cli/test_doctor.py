"""`notify doctor`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from cli.running import terminal
from click.testing import CliRunner

from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

KEY = "SG.test-key"
CONFIGURATION = """\
sender: "Acme Shop <hello@acme.example>"
default_environment: development
environments:
  development: {transport: memory}
  staging: {transport: relay, redirect_to: qa@acme.example, allow: ["*@acme.example"]}
  production:
    transport: sendgrid
transports:
  relay: {type: smtp, host: 127.0.0.1, port: PORT, ca_file: ca.pem, username: apikey, password: "${KEY}", timeout: 2}
  sendgrid: {host: 127.0.0.1, port: PORT, ca_file: ca.pem, api_key: "${SENDGRID_API_KEY}", timeout: 2}
  other: {type: sendgrid, host: 127.0.0.1, port: PORT, ca_file: ca.pem, api_key: SG.other.key, timeout: 2}
  both: {type: failover, transports: [other, relay]}
"""


PIGEON = """\
from notify import TemporaryError, Transport, hookimpl
from notify.diagnosis import Diagnosis


class Pigeon(Transport):
    def send(self, message):
        raise NotImplementedError

    def diagnose(self):
        DIAGNOSE


@hookimpl
def notify_transports():
    return {"pigeon": Pigeon}
"""


class Shop(Protocol):
    """A project with a server: `shop(rules=[...])` scripts the server, `more` goes to the end of notify.yaml."""

    def __call__(self, more: str = "", **script: Any) -> ScriptedServer:
        """Start it."""
        ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY", KEY)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "hello.yaml").write_text("params: {}\nsubject: Hello\ntext: Hello.\n")
    return tmp_path


@pytest.fixture
def shop(folder: Path) -> Iterator[Shop]:
    """Projects with a server each, which is stopped after the test."""
    started: list[ScriptedServer] = []

    def start(more: str = "", **script: Any) -> ScriptedServer:
        server = ScriptedServer(script, Certificates(folder)).__enter__()
        started.append(server)
        (folder / "notify.yaml").write_text(CONFIGURATION.replace("PORT", str(server.port)) + more)
        return server

    yield start
    for server in started:
        server.__exit__()


def last_line(result: Result) -> str:
    """The verdict."""
    return str(result.stdout.splitlines()[-1])


def failures(result: Result) -> list[tuple[str, str]]:
    """What `--json` calls failed, as (check, found)."""
    document = json.loads(result.stdout)
    return [(each["check"], each["found"]) for each in document["diagnoses"] if each["status"] == "failed"]


def test_a_development_transport(run: Run, shop: Shop) -> None:
    """Configuration first, each with where it comes from, then the transport, then one plain sentence."""
    shop()
    result = run("doctor")
    lines = result.stdout.splitlines()

    assert "Configuration" == lines[0]
    assert "  ✓ ok       environment   development, by default_environment in notify.yaml" in lines
    assert "  ✓ ok       sender        Acme Shop <hello@acme.example>, of the domain acme.example" in lines
    assert "  ✓ ok       transport     memory, by the environment development (notify.yaml:4:28)" in lines
    assert "Transport memory" in lines
    assert "Mail can be sent through memory, which delivers it to nobody." == last_line(result)
    assert 0 == result.exit_code


def test_a_server_that_works(run: Run, shop: Shop) -> None:
    """An SMTP server is asked as far as the login, and nothing is sent."""
    server = shop()
    result = run("doctor", "--env", "staging")

    assert "all mail goes to qa@acme.example (redirect_to), unless it is for *@acme.example" in result.stdout
    assert "the server takes the login (AUTH PLAIN)" in result.stdout
    assert "Mail can be sent through relay." == last_line(result)
    assert 0 == result.exit_code
    assert [] == server.messages
    assert not [command for _, command in server.commands if command.startswith("MAIL")]


def test_as_json(run: Run, shop: Shop) -> None:
    """`--json` has each check as an object."""
    shop()
    result = run("doctor", "relay", "--json")
    document = json.loads(result.stdout)

    assert ["schema", "environment", "outcome", "verdict", "diagnoses"] == list(document)
    assert (1, "development", "can") == (document["schema"], document["environment"], document["outcome"])
    assert "Mail can be sent through relay." == document["verdict"]
    keys = {"transport", "check", "status", "found", "advice", "data"}
    assert not [each for each in document["diagnoses"] if each.keys() != keys]
    assert ["host", "port", "other-ports", "tls", "ehlo", "login"] == [
        each["check"] for each in document["diagnoses"] if each["transport"] == "relay"
    ]


def test_why_the_environment_and_the_transport_are_chosen(
    run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable, an option or an argument goes over the file, and is named; a DSN is not shown."""
    shop()
    monkeypatch.setenv("NOTIFY_ENV", "staging")
    monkeypatch.setenv("NOTIFY_TRANSPORT", "null")
    by_variables = run("doctor").stdout
    by_options = run("doctor", "--env", "development", "--transport", "memory:?limit=12345").stdout
    by_name = run("doctor", "memory").stdout

    assert "staging, by NOTIFY_ENV" in by_variables
    assert "null, by NOTIFY_TRANSPORT" in by_variables
    assert "development, by --env" in by_options
    assert "memory, by the DSN in --transport" in by_options
    assert "12345" not in by_options
    assert "memory, which was asked for" in by_name


def test_an_environment_that_names_no_transport(run: Run, folder: Path) -> None:
    """The framework's own default is named as such; the missing key is the cause."""
    (folder / "notify.yaml").write_text("sender: hello@acme.example\nenvironments: {production: {}}\n")
    result = run("doctor", "--env", "production")

    assert "sendgrid: there is no API key" in last_line(result)
    assert 2 == result.exit_code


def test_a_missing_variable(run: Run, shop: Shop) -> None:
    """A variable that is not set is named, with the file and the line."""
    shop()
    result = run("doctor", "--env", "production")

    assert "notify.yaml:10:" in last_line(result)
    assert "the environment variable SENDGRID_API_KEY is not set. Set it, or SENDGRID_API_KEY_FILE" in last_line(result)
    assert 2 == result.exit_code


def test_several_faults_at_once(run: Run, shop: Shop, folder: Path) -> None:
    """All faults of the configuration and the definitions are told together."""
    shop("globals: {shop: '${SHOP}'}\n")
    (folder / "notifications" / "hello.yaml").write_text("nonsense: 1\nsubject: Hello\n")
    result = run("doctor", "--env", "production", "--json")

    assert ["globals", "definitions", "transport"] == [check for check, _ in failures(result)]
    assert "(and 2 more)" in json.loads(result.stdout)["verdict"]
    assert 2 == result.exit_code


def test_faults_of_the_file(run: Run, folder: Path) -> None:
    """Each fault of notify.yaml is a diagnosis with its place."""
    (folder / "notify.yaml").write_text("sendr: x\nenvironments: {production: {transprt: sendgrid}}\n")
    result = run("doctor", "--json")
    places = [(each["data"]["line"], each["data"]["column"]) for each in json.loads(result.stdout)["diagnoses"]]

    assert [(1, 1), (2, 29)] == places
    assert 2 == result.exit_code


def test_no_configuration(run: Run, folder: Path) -> None:
    """Where there is no notify.yaml at all, that is the answer."""
    del folder
    result = run("doctor")

    assert last_line(result).startswith("Mail cannot be sent: there is no notify.yaml in ")
    assert 2 == result.exit_code


@pytest.mark.parametrize("arguments", [("sendgird",), ("--transport", "sendgird")])
def test_an_unknown_transport(run: Run, shop: Shop, arguments: tuple[str, ...]) -> None:
    """A name that there is not is told with what was probably meant."""
    shop()
    result = run("doctor", *arguments)

    assert "there is no transport 'sendgird' (did you mean 'sendgrid'?)" in last_line(result)
    assert 2 == result.exit_code


def test_an_unknown_environment(run: Run, shop: Shop) -> None:
    """Likewise an environment."""
    shop()

    assert "there is no environment 'prod'" in last_line(run("doctor", "--env", "prod"))


def test_a_plugin_that_does_not_load(run: Run, shop: Shop, folder: Path) -> None:
    """The plugin is named, with its error and how to go on without it."""
    shop("plugins: plugins\n")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "pigeon.py").write_text("import no_such_library\n")
    result = run("doctor", "--json")

    ((check, found),) = failures(result)
    assert "plugins" == check
    assert "pigeon.py cannot be loaded: ModuleNotFoundError: No module named 'no_such_library'" in found
    assert "NOTIFY_DISABLE_PLUGINS=pigeon" in found
    assert 2 == result.exit_code


@pytest.mark.parametrize(
    ("diagnose", "words", "code"),
    [
        ("yield from 1 / 0", "unexpected ZeroDivisionError: division by zero", 1),
        ("raise TemporaryError('fog', advice='Wait.')", "Mail cannot be sent now: fog. Wait.", 75),
        ("yield Diagnosis('wind', 'failed', 'a storm')", "Mail cannot be sent: a storm.", 1),
        ("yield Diagnosis('wind', 'failed', 'a storm?', '', {'error': 'ThrottledError'})", "now: a storm?", 75),
        ("yield Diagnosis('who', 'ok', 'known', '', {'verified': ['*.example']})", "can be sent through pigeon.", 0),
        (
            "yield Diagnosis('who', 'ok', 'known', '', {'verified': ['it@acme.example']})",
            "the sender hello@acme.example is not verified: the provider has it@acme.example.",
            1,
        ),
    ],
)
def test_what_a_transport_answers(run: Run, shop: Shop, folder: Path, *, diagnose: str, words: str, code: int) -> None:
    """The verdict is made of any transport's answers; what it raises although it may not is no traceback."""
    shop("plugins: plugins\n")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "pigeon.py").write_text(PIGEON.replace("DIAGNOSE", diagnose))
    result = run("doctor", "pigeon")

    assert words in last_line(result)
    assert code == result.exit_code


def test_a_wrong_key(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login: the advice is the provider's, and the key is not shown."""
    shop()
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.revoked.key")
    result = run("doctor", "--env", "production")

    assert "the server refused the login: 535 5.7.8" in last_line(result)
    assert "Has the key been revoked?" in last_line(result)
    assert "SG.revoked.key" not in result.output
    assert 1 == result.exit_code


def test_a_key_with_blanks(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that cannot be one is found before anything is connected."""
    server = shop()
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.copied key")
    result = run("doctor", "--env", "production")

    assert "the API key has blanks, line breaks or other characters" in last_line(result)
    assert "copied key" not in result.output
    assert 0 == server.connections
    assert 2 == result.exit_code


def test_the_own_login_as_user_name(run: Run, shop: Shop) -> None:
    """The account's login in place of the word apikey is found before anything is connected."""
    server = shop()
    result = run("doctor", "--transport", f"sendgrid://SG.a.key@127.0.0.1:{server.port}?username=ada@acme.example")

    assert "the user name of SendGrid is the word 'apikey' for everybody" in last_line(result)
    assert 0 == server.connections
    assert 2 == result.exit_code


def test_a_quota_that_is_used_up(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where waiting helps, the verdict and the exit code say so."""
    shop(rules=[{"at": "auth", "do": [{"reply": "451 Authentication failed: Maximum credits exceeded"}]}])
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.some.key")
    result = run("doctor", "--env", "production")

    assert last_line(result).startswith("Mail cannot be sent now: the server put off the login: 451 ")
    assert "quota is used up" in last_line(result)
    assert 75 == result.exit_code


def test_an_unverified_sender(run: Run, shop: Shop) -> None:
    """A sender that verified_senders leaves out is named before the server is asked, a definition's too."""
    shop("  strict: {type: sendgrid, host: 127.0.0.1, port: 9, api_key: SG.a.key, verified_senders: [other.example]}\n")
    result = run("doctor", "strict", "--json")

    check, found = failures(result)[0]
    assert "sender" == check
    assert "the sender hello@acme.example is not verified: the setting verified_senders has other.example" == found
    assert 1 == result.exit_code


@pytest.mark.parametrize("entry", ["acme.example", "HELLO@acme.example", "'*.example'"])
def test_a_verified_sender(run: Run, shop: Shop, entry: str) -> None:
    """An address, a domain or a pattern stands for the sender."""
    shop()
    dsn = f"sendgrid://SG.a.key@127.0.0.1:9?verified_senders={entry.strip(chr(39))}"

    assert "sender" not in [check for check, _ in failures(run("doctor", "--transport", dsn, "--json"))]


@pytest.mark.parametrize(
    ("allow", "words", "code"),
    [
        ("['*@acme.example']", "ok       recipients    only *@acme.example may get mail (allow)", 0),
        ("[]", "failed   recipients    nobody may get mail: allow is empty", 2),
        ("'${NOBODY}'", "failed   recipients    notify.yaml:2:47: the environment variable NOBODY is not set", 2),
    ],
)
def test_who_may_get_mail(run: Run, folder: Path, allow: str, words: str, code: int) -> None:
    """What keeps mail from people is told with the configuration."""
    (folder / "notify.yaml").write_text(
        f"sender: hello@acme.example\nenvironments: {{test: {{transport: null, allow: {allow}}}}}\n"
    )
    result = run("doctor", "--env", "test")

    assert words in result.stdout
    assert code == result.exit_code


def test_a_sender_that_is_none(run: Run, folder: Path) -> None:
    """A sender that is no address, or a variable that is not set, is a fault of its own."""
    (folder / "notify.yaml").write_text("sender: '${WHO}'\nenvironments: {test: {transport: null}}\n")
    result = run("doctor", "--env", "test", "--json")

    assert [("sender", "notify.yaml:1:9: the environment variable WHO is not set")] == failures(result)


def test_senders_of_definitions(run: Run, shop: Shop, folder: Path) -> None:
    """Senders that only definitions name count as well; nobody at all is a warning."""
    server = shop()
    text = (folder / "notify.yaml").read_text().split("\n", 1)[1]
    (folder / "notify.yaml").write_text(text)
    nobody = run("doctor")
    (folder / "notifications" / "hello.yaml").write_text("sender: it@billing.example\nsubject: Hello\ntext: Hello.\n")
    own = run("doctor", "--json")

    assert "! warning  sender        nobody is the sender where a call names none" in nobody.stdout
    assert last_line(nobody).endswith("Look at 1 warning above.")
    (sender,) = [each for each in json.loads(own.stdout)["diagnoses"] if each["check"] == "sender"]
    assert {"senders": ["it@billing.example"], "domains": ["billing.example"]} == sender["data"]
    assert 0 == server.connections


def test_a_group(run: Run, shop: Shop) -> None:
    """Each member of a group is asked in its own section; one that works is enough."""
    shop()
    result = run("doctor", "both")

    assert "Transport other, of both" in result.stdout
    assert "Transport relay, of both" in result.stdout
    assert "✗ failed   login" in result.stdout
    assert "Mail can be sent through both. Look at 1 failure above." == last_line(result)
    assert 0 == result.exit_code


def test_a_group_none_of_whose_members_works(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the causes are those of the members, and the mildest tells whether waiting helps."""
    shop()
    monkeypatch.setenv("KEY", "SG.wrong")
    result = run("doctor", "both")

    assert "(and 1 more)" in last_line(result)
    assert 1 == result.exit_code


def test_a_transport_with_limits(run: Run, shop: Shop) -> None:
    """A limit stands in the way of no question."""
    server = shop()
    dsn = f"smtp://apikey:{KEY}@127.0.0.1:{server.port}?ca_file=ca.pem&limits=10/day"

    assert "Mail can be sent through smtp." == last_line(run("doctor", "--transport", dsn))


def test_no_secret_anywhere(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a key of the file or a variable, nor a password in a DSN, even when the server repeats it."""
    server = shop(rules=[{"at": "auth", "do": [{"reply": "535 5.7.8 you said SG.seen.secret"}]}])
    monkeypatch.setenv("KEY", "SG.seen.secret")
    dsn = f"smtp://apikey:SG.seen.secret@127.0.0.1:{server.port}?ca_file=ca.pem"
    written = "".join(
        run("doctor", *arguments, *form).output
        for arguments in (["relay"], ["--transport", dsn])
        for form in ([], ["--json"])
    )

    assert "535 5.7.8 you said ***" in written
    assert not [secret for secret in ("SG.seen.secret", "U0cuc2Vlbi5zZWNyZXQ") if secret in written]


def test_where_marks_cannot_be_shown(shop: Shop) -> None:
    """An output that knows ASCII only gets marks of ASCII."""
    from notify.cli.group import notify

    shop()
    result = CliRunner(charset="ascii").invoke(notify, ["doctor"], prog_name="notify")

    assert "  + ok       environment   development" in result.stdout


def test_on_a_terminal(run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """There it is in colour, and every line fits."""
    from notify.cli.group import notify

    del run
    shop()
    with terminal(monkeypatch) as screen:
        with pytest.raises(SystemExit):
            notify(["doctor", "other"], prog_name="notify")
        seen = screen.seen()

    plain = "".join(part.partition("m")[2] if index else part for index, part in enumerate(seen.split("\x1b[")))
    assert "\x1b[31m✗ failed" in seen
    assert not [line for line in plain.splitlines() if len(line) > 60 and "/" not in line]
