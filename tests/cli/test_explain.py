"""`notify explain`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import mails, terminal

from notify.cli.group import notify

if TYPE_CHECKING:
    from cli.running import Run

SHOP = Path(__file__).parents[2] / "examples" / "shop"
KEY = "SG.secret-key.of-nobody"
STAGING = """\
sender: "Acme <hello@acme.example>"
environments:
  development: {transport: memory}
  staging:
    transport: relay
    redirect_to: qa@acme.example
    allow: ["*@acme.example"]
    subject_prefix: "[staging] "
  closed: {transport: memory, allow: ["*@acme.example"]}
transports:
  relay: {type: smtp, host: relay.example, username: me, password: "${RELAY_PASSWORD}"}
globals: {brand: {name: Acme}}
"""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example is the working directory."""
    monkeypatch.chdir(SHOP)


def explained(run: Run, *arguments: str, code: int = 0, stdin: str | None = None) -> dict[str, dict[str, Any]]:
    """Facts by section and name, as JSON has them."""
    result = run("explain", *arguments, "--json", stdin=stdin)
    assert code == result.exit_code, result.output
    sections = json.loads(result.stdout)["sections"]
    return {key: {fact["name"]: fact for fact in facts} for key, facts in sections.items()}


def place(fact: dict[str, Any]) -> str:
    """What decided a fact, as `path:line:column`."""
    origin = fact["origin"]
    return f"{origin['path']}:{origin['line']}:{origin['column']}"


def inner(fact: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a fact."""
    found: dict[str, Any] = next(each for each in fact["facts"] if each["name"] == name)
    return found


@pytest.mark.usefixtures("shop")
def test_every_section_of_the_example(run: Run) -> None:
    """Each section says what decides its facts, in lines that stay as they are where nobody looks."""
    result = run("explain", "password_reset", "--sample", "french", "--set", "minutes=5")
    lines = result.stdout.splitlines()

    assert [
        "Configuration",
        "Definition",
        "Params",
        "Context",
        "Locale",
        "Templates",
        "Message",
        "Suppression",
        "Envelope",
        "Transport",
    ] == [line for line in lines if line and not line.startswith(" ")]
    for line in (
        "  environment  development  (default_environment, notify.yaml:21:22)",
        "  category     security  (the definition, notifications/password_reset.yaml:2:11)",
        "  unsubscribe  never  (the built-in category security)",
        "  delivery     at_most_once  (the built-in default)",
        "  name       François  (the sample 'french', notifications/password_reset.yaml:17:36)",
        "  minutes    5  (the call, --set)",
        "      type  int  (declared, notifications/password_reset.yaml:7:19)",
        "  asked    fr  (the sample 'french', notifications/password_reset.yaml:17:54)",
        "  default  en  (the built-in default)",
        "  tried    fr, en",
        "  html       templates/password_reset.fr.html  (the id password_reset)",
        "      extends  notify/base.html, which ships with notify  (templates/password_reset.fr.html:1:13)",
        "  sender  Acme Shop <hello@acme.example>  (all environments, notify.yaml:1:9)",
        "  tags    account, security  (the definition, notifications/password_reset.yaml:14:7)",
        "  recipients         francois@example.com  (to, cc and bcc of the message)",
        "  message_id_domain  acme.example  (the domain of the sender)",
        "  name        file  (the environment development, notify.yaml:24:16)",
        "  type        file  (the plugin 'file')",
        "  objection   none",
    ):
        assert line in lines
    assert "\nfile would carry it to francois@example.com. Nothing was sent.\n" == result.stderr


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("sample", ["default", "french", "short_lived"])
def test_sensitive_values_are_never_shown(run: Run, sample: str) -> None:
    """A sensitive param is `***`, right or wrong, in both forms."""
    wrong = ["--set", 'code="4711-code"', "--set", "reset_url=not-a-link"]
    results = [
        run("explain", "password_reset", "--sample", sample, *arguments, *form)
        for arguments in ([], wrong)
        for form in ([], ["--json"])
    ]

    assert [0, 0, 2, 2] == [result.exit_code for result in results]
    for result in results:
        assert not any(word in result.output for word in ("482913", "000417", "Yx3kQ9", "4711-code", "not-a-link"))
        assert "***" in result.output


def test_nothing_is_sent(run: Run, project: Path) -> None:
    """No mail is written, and a server that is not there is no problem."""
    there = run("explain", "welcome")
    away = run("explain", "welcome", "--transport", "smtp://127.0.0.1:1?tls=none")

    assert [0, 0] == [there.exit_code, away.exit_code]
    assert [] == mails(project)


def test_how_the_configuration_was_found(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By search, by --config or by NOTIFY_CONFIG; the environment by --env, NOTIFY_ENV, the file or the default."""
    (project / "deeper").mkdir()
    monkeypatch.chdir(project / "deeper")
    found = [explained(run, "welcome"), explained(run, "welcome", "--config", str(project), "--env", "test")]
    monkeypatch.setenv("NOTIFY_CONFIG", str(project / "notify.yaml"))
    monkeypatch.setenv("NOTIFY_ENV", "test")
    found.append(explained(run, "welcome"))

    sections = [each["configuration"] for each in found]

    assert ["derived", "call", "variable"] == [each["file"]["origin"]["by"] for each in sections]
    assert ["the call, --config", "the variable NOTIFY_CONFIG"] == [
        each["file"]["origin"]["words"] for each in sections[1:]
    ]
    assert ["development", "test", "test"] == [each["environment"]["value"] for each in sections]
    assert ["file", "call", "variable"] == [each["environment"]["origin"]["by"] for each in sections]


def test_a_variable_of_the_dotenv_file(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `.env` sets is told to come from there."""
    monkeypatch.setenv("NOTIFY_ENV", "")
    monkeypatch.delenv("NOTIFY_ENV")
    (project / ".env").write_text("NOTIFY_ENV=test\n")

    environment = explained(run, "welcome")["configuration"]["environment"]

    assert "the variable NOTIFY_ENV of .env" == environment["origin"]["words"]


def test_without_environments(run: Run, project: Path) -> None:
    """What notify.yaml does not say is the built-in default."""
    (project / "notify.yaml").write_text("sender: a@acme.example\nglobals: {brand: {name: Acme}}\n")

    development, production = (
        explained(run, "welcome"),
        explained(run, "welcome", "--env", "production", "--sample", "default", code=2),
    )

    assert (
        "the built-in default, since nothing selects one"
        == (development["configuration"]["environment"]["origin"]["words"])
    )
    assert "the built-in environment development" == development["transport"]["name"]["origin"]["words"]
    assert (
        "the built-in default, since the environment production names none"
        == (production["transport"]["name"]["origin"]["words"])
    )


def test_a_category_of_the_application(run: Run, project: Path) -> None:
    """The unsubscribe rule is where notify.yaml declares it."""
    with (project / "notify.yaml").open("a") as file:
        file.write("categories:\n  news: {unsubscribe: required}\n  quiet: {}\n")
    for name in ("news", "quiet"):
        (project / "notifications" / f"{name}.yaml").write_text(
            f"category: {name}\nsubject: x\ndelivery: at_least_once\ntext: |\n  x\n"
        )
    last = len((project / "notify.yaml").read_text().splitlines())

    news, quiet = explained(run, "news")["definition"], explained(run, "quiet")["definition"]

    assert ("required", f"notify.yaml:{last - 1}:23") == (news["unsubscribe"]["value"], place(news["unsubscribe"]))
    assert ("allowed", f"notify.yaml:{last}:10") == (quiet["unsubscribe"]["value"], place(quiet["unsubscribe"]))
    assert ("at_least_once", "notifications/news.yaml:3:11") == (news["delivery"]["value"], place(news["delivery"]))


@pytest.mark.usefixtures("shop")
def test_wrong_params_stop_nothing_else(run: Run) -> None:
    """Each problem stands with its param, and all other sections are told; the exit code is 2."""
    sections = explained(
        run, "order_shipped", "--set", "items.0.quantity=x", "--set", "colour=red", "--set", "carrier=", code=2
    )

    params = sections["params"]
    assert ["items[0].quantity: expected a whole number, got 'x'"] == [
        each["message"] for each in params["items"]["problems"]
    ]
    assert ("***", "ParamsError") == (params["colour"]["value"], params["colour"]["problems"][0]["error"])
    assert [] == params["carrier"]["problems"]
    assert "the params are wrong" == sections["templates"]["rendered"]["origin"]["words"]
    assert "{{ order_number }}" == sections["message"]["header X-Entity-Ref-ID"]["value"]
    assert ["recipient@example.com"] == sections["envelope"]["recipients"]["value"]
    assert "file" == sections["transport"]["name"]["value"]
    assert "size" not in sections["envelope"]


@pytest.mark.usefixtures("shop")
def test_where_params_come_from(run: Run) -> None:
    """The sample, a file over it and single values over both are told part by part."""
    sections = explained(
        run, "invoice", "--sample", "company", "--params", "-", "--set", "customer.email=x@example.com",
        "--set", "number=A-1", code=2, stdin='{"amount": "1.00", "customer": {"name": "X"}}',
    )  # fmt: skip

    params = sections["params"]
    customer = params["customer"]
    assert "<stdin>:1:12" == place(params["amount"])
    assert "notifications/invoice.yaml:31:14" == place(params["pay_url"])
    assert "call" == params["number"]["origin"]["by"]
    assert ("X", "<stdin>:1:41") == (inner(customer, "customer.name")["value"], place(inner(customer, "customer.name")))
    assert ("x@example.com", "call") == (
        inner(customer, "customer.email")["value"],
        inner(customer, "customer.email")["origin"]["by"],
    )


def test_defaults_and_missing_params(run: Run, project: Path) -> None:
    """A default stands where it is written; what is missing is a problem; an optional one is left out."""
    (project / "notifications" / "code.yaml").write_text(
        "params:\n  code: {type: str, sensitive: true, default: hidden-one}\n  name: str\n"
        '  note: "str | None"\nsubject: x\ntext: |\n  x\n'
    )

    params = explained(run, "code", code=2)["params"]

    assert ("***", "notifications/code.yaml:2:47") == (params["code"]["value"], place(params["code"]))
    assert "name: expected text, got nothing" == params["name"]["problems"][0]["message"]
    assert (None, "left out, as its type allows") == (params["note"]["value"], params["note"]["origin"]["words"])
    assert "str, sensitive" == inner(params["code"], "type")["value"]


def test_without_a_contract(run: Run, project: Path) -> None:
    """Params of a definition that declares none are unchecked; a reserved name is a problem all the same."""
    (project / "notifications" / "any.yaml").write_text("subject: x\ntext: |\n  {{ a }}\n")

    right = explained(run, "any", "--set", "a=1")["params"]
    wrong = explained(run, "any", "--set", "a=1", "--set", "sender=x", code=2)["params"]

    assert (1, "unchecked") == (right["a"]["value"], inner(right["a"], "type")["value"])
    assert ["sender: expected another name, got a reserved one"] == [
        each["message"] for each in wrong["params"]["problems"]
    ]


def test_an_unknown_notification(run: Run, project: Path) -> None:
    """One message, and nothing on stdout."""
    assert project.is_dir()

    result = run("explain", "welcom")

    assert (2, "") == (result.exit_code, result.stdout)
    assert "there is no notification 'welcom'" in result.stderr


def test_an_unknown_transport(run: Run, project: Path) -> None:
    """The rest is told; the exit code is 2."""
    assert project.is_dir()

    sections = explained(run, "welcome", "--via", "nope", code=2)

    assert "there is no transport 'nope'" in sections["transport"]["name"]["problems"][0]["message"]
    assert "call" == sections["transport"]["name"]["origin"]["by"]
    assert sections["envelope"]["size"]["value"] > 1000


def test_a_dsn_is_scrubbed(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a DSN only the scheme is shown, and its settings without secrets, wherever it stands."""
    assert project.is_dir()
    dsn = f"failover(smtp+starttls://u:{KEY}@localhost:587 sendgrid://{KEY}@default)"
    by_option = run("explain", "welcome", "--transport", dsn)
    as_name = run("explain", "welcome", "--via", f"smtp://u:{KEY}@localhost")
    monkeypatch.setenv("NOTIFY_TRANSPORT", f"sendgrid://{KEY}@default")
    by_variable = run("explain", "welcome")

    assert [0, 2, 0] == [each.exit_code for each in (by_option, as_name, by_variable)]
    assert "(the call, --transport failover(smtp+starttls:*** sendgrid:***))" in by_option.stdout
    assert "host      localhost  (its DSN)" in by_option.stdout
    assert "(the variable NOTIFY_TRANSPORT sendgrid:***)" in by_variable.stdout
    assert "api_key    ***" in by_variable.stdout
    assert not any("secret-key" in each.output for each in (by_option, as_name, by_variable))


def test_a_redirected_message(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The envelope is the one that leaves, with the places of the rules that changed it."""
    (project / "notify.yaml").write_text(STAGING)
    monkeypatch.setenv("RELAY_PASSWORD", KEY)

    sections = explained(
        run, "welcome", "--env", "staging", "--to", "ada@x.example", "--cc", "bob@acme.example", "--bcc", "c@x.example"
    )

    envelope, transport = sections["envelope"], sections["transport"]
    assert (["qa@acme.example", "bob@acme.example"], "notify.yaml:6:18") == (
        envelope["recipients"]["value"],
        place(envelope["recipients"]),
    )
    assert ("ada@x.example", "notify.yaml:6:18") == (
        envelope["header X-Original-To"]["value"],
        place(envelope["header X-Original-To"]),
    )
    assert ("[staging] ", "notify.yaml:8:21") == (
        envelope["subject_prefix"]["value"],
        place(envelope["subject_prefix"]),
    )
    assert envelope["subject"]["value"].startswith("[staging] Welcome to ")
    assert "notify.yaml:8:21" == place(envelope["subject"])
    assert "notify.yaml:7:12" == place(envelope["allow"])
    assert "notify.yaml:5:16" == place(transport["name"])
    assert ("relay.example", "notify.yaml:11:23") == (transport["host"]["value"], place(transport["host"]))
    assert ("***", "${RELAY_PASSWORD}") == (
        transport["password"]["value"],
        transport["password"]["origin"]["words"],
    )
    assert transport["delivers"]["value"]
    assert ["ada@x.example"] == sections["message"]["to"]["value"]
    assert "the call, --bcc" == sections["message"]["bcc"]["origin"]["words"]


def test_a_refused_recipient(run: Run, project: Path) -> None:
    """Who is not allowed is a problem of the recipients; the exit code is 1, as that of a send."""
    (project / "notify.yaml").write_text(STAGING)

    result = run("explain", "welcome", "--env", "closed", "--to", "ada@x.example")
    recipients = explained(run, "welcome", "--env", "closed", "--to", "ada@x.example", code=1)["envelope"]["recipients"]

    assert "RefusedError" == recipients["problems"][0]["error"]
    assert "ada@x.example is not among those that this environment allows" in recipients["problems"][0]["message"]
    assert "\nError: it cannot be sent: 1 problem, marked ! above\n" == result.stderr


def test_a_missing_variable(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transport whose key is not set is a problem with its place, and hides nothing else."""
    (project / "notify.yaml").write_text(STAGING)
    monkeypatch.delenv("RELAY_PASSWORD", raising=False)

    sections = explained(run, "welcome", "--env", "staging", code=2)

    assert "notify.yaml:11:" in sections["transport"]["name"]["problems"][0]["message"]
    assert sections["envelope"]["size"]["value"] > 1000


def test_rules_that_cannot_be_read(run: Run, project: Path) -> None:
    """A variable that is not set in a rule is told once: with the recipients, or alone where nobody is the sender."""
    rules = "environments: {development: {transport: memory, redirect_to: '${NO_SUCH_QA}'}}\n"
    (project / "notify.yaml").write_text(f"{rules}sender: a@acme.example\nglobals: {{brand: {{name: Acme}}}}\n")
    with_sender = explained(run, "welcome", code=2)["envelope"]
    (project / "notify.yaml").write_text(rules)
    without = explained(run, "welcome", code=2)["envelope"]

    assert "rules" not in with_sender
    for fact in (with_sender["recipients"], without["rules"]):
        assert "NO_SUCH_QA is not set" in fact["problems"][0]["message"]
    assert ["rules"] == list(without)


def test_a_mail_that_cannot_be_built(run: Run, project: Path) -> None:
    """Where the octets of the mail cannot be made, the size has the problem."""
    (project / "attachments").mkdir()
    (project / "attachments" / "a.ics").write_bytes(b"\xff\xfe")
    (project / "notifications" / "meet.yaml").write_text(
        "subject: x\nparams: {}\ntext: |\n  x\nattachments: [{path: a.ics, type: text/calendar, method: REQUEST}]\n"
    )

    size = explained(run, "meet", code=2)["envelope"]["size"]

    assert (None, "MessageError") == (size["value"], size["problems"][0]["error"])


def test_attachments_have_their_own_places(run: Run, project: Path) -> None:
    """One whose param is None attaches nothing, and those behind it keep their own places."""
    (project / "attachments").mkdir()
    (project / "attachments" / "a.txt").write_text("a")
    (project / "notifications" / "file.yaml").write_text(
        'params: {data: "bytes | None"}\nsubject: x\ntext: |\n  x\n'
        "attachments:\n- {param: data, filename: d.bin}\n- {path: a.txt, filename: b.txt}\n"
    )

    attachment = explained(run, "file")["message"]["attachment"]

    assert ("b.txt, 1 octet", "notifications/file.yaml:7:3") == (attachment["value"], place(attachment))


def test_single_values_of_a_mapping(run: Run, project: Path) -> None:
    """Of `--set` of parts, sensitive ones stay hidden, and the last one of the whole makes those before it nothing."""
    (project / "notifications" / "order.yaml").write_text(
        "params: {customer: Customer}\ntypes: {Customer: {name: str, token: {type: str, sensitive: true}}}\n"
        "subject: x\ntext: |\n  x\nsamples: {default: {customer: {name: Ada, token: hidden-1}}}\n"
    )
    parts = ["--set", "customer.token=hidden-2", "--set", "customer.name=Bob"]
    whole = ["--set", "customer={name: Eve, token: hidden-3}"]
    right = run("explain", "order", *parts, "--json")
    wrong = run("explain", "order", *parts, "--set", "customer.nam=hidden-4", "--json")
    replaced = explained(run, "order", *parts, *whole, "--set", "customer.name=Ian")["params"]["customer"]

    assert (0, 2) == (right.exit_code, wrong.exit_code)
    for result, values in ((right, ["***", "Bob"]), (wrong, ["***", "***", "***"])):
        customer = json.loads(result.stdout)["sections"]["params"][0]
        assert values == [fact["value"] for fact in customer["facts"] if fact["name"].startswith("customer.")]
        assert "hidden" not in result.output
    assert {"name": "Ian", "token": "***"} == replaced["value"]
    assert ["customer.name", "type"] == [fact["name"] for fact in replaced["facts"]]
    assert "call" == replaced["origin"]["by"]


@pytest.mark.usefixtures("shop")
def test_an_objection(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the transport would refuse is told without connecting; the exit code is 1."""
    monkeypatch.setenv("NOTIFY_TRANSPORT", f"sendgrid://{KEY}@default?verified_senders=other.example")

    objection = explained(run, "welcome", code=1)["transport"]["objection"]

    assert ["RefusedError"] == [each["error"] for each in objection["problems"]]
    assert "verified_senders" in objection["problems"][0]["message"]


def test_nobody_is_the_sender(run: Run, project: Path) -> None:
    """It is told once, with the sender; the recipients and the transport are told all the same."""
    (project / "notify.yaml").write_text(
        "environments: {development: {transport: memory}}\ndefault_environment: development\n"
    )

    sections = explained(run, "welcome", "--to", "ada@example.com", code=2)

    assert "nobody is the sender" in sections["message"]["sender"]["problems"][0]["message"]
    assert ["ada@example.com"] == sections["message"]["to"]["value"]
    assert [] == sections["templates"]["rendered"]["problems"]
    assert "memory" == sections["transport"]["name"]["value"]


@pytest.mark.usefixtures("shop")
def test_themes_and_globals(run: Run) -> None:
    """A theme has its place, and a global that it lays over another has both."""
    right = explained(run, "order_shipped", "--theme", "partner")
    wrong = explained(run, "order_shipped", "--theme", "partne", code=2)

    brand = right["context"]["brand"]
    assert ("Harbour Tea Rooms", "notify.yaml:13:12") == (brand["value"]["name"], place(brand))
    assert ("Acme Shop", "notify.yaml:5:5") == (inner(brand, "over")["value"]["name"], place(inner(brand, "over")))
    assert "notify.yaml:13:5" == place(inner(right["locale"]["theme"], "configured"))
    assert "did you mean 'partner'?" in wrong["locale"]["theme"]["problems"][0]["message"]
    assert [] == wrong["templates"]["rendered"]["problems"]


def test_globals_of_an_environment_and_of_variables(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A global is shown as notify.yaml has it, since what a variable holds may be a secret."""
    (project / "notify.yaml").write_text(
        "sender: a@acme.example\n"
        "globals: {brand: {name: Acme, url: '${SHOP_URL}'}, unused: 1, list: [a]}\n"
        "environments:\n  development: {transport: memory, globals: {list: ['${SHOP_URL}', b]}}\n"
    )
    (project / "templates" / "welcome.html").write_text("{{ brand.name }}{{ list[0] }}")
    monkeypatch.setenv("SHOP_URL", "https://secret-key.example")

    result = run("explain", "welcome")
    context = explained(run, "welcome")["context"]

    assert ({"name": "Acme", "url": "${SHOP_URL}"}, ["${SHOP_URL}", "b"]) == (
        context["brand"]["value"],
        context["list"]["value"],
    )
    assert ("notify.yaml:2:18", "notify.yaml:4:52") == (place(context["brand"]), place(context["list"]))
    assert "unused" not in context
    assert "secret-key" not in result.output


def test_a_template_that_fails(run: Run, project: Path) -> None:
    """Why it cannot be rendered is told with its place, among the templates."""
    (project / "templates" / "welcome.html").write_text("<p>{{ nme }}</p>")

    sections = explained(run, "welcome", code=2)

    assert ["RenderError"] == [each["error"] for each in sections["templates"]["rendered"]["problems"]]
    assert (
        "templates/welcome.html:1:7: 'nme' is not defined"
        in sections["templates"]["rendered"]["problems"][0]["message"]
    )
    assert "development" == sections["configuration"]["environment"]["value"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--locale", "fr!"], "a locale such as fr or pt-BR"),
        (["--to", "nobody"], "nobody"),
        (["--sample", "defalt"], "did you mean 'default'?"),
        (["--env", "prod"], "there is no environment 'prod'"),
    ],
)
def test_a_wrong_call(run: Run, arguments: list[str], words: str) -> None:
    """Where nothing can be explained, there is one message and exit code 2."""
    result = run("explain", "welcome", *arguments)

    assert (2, "") == (result.exit_code, result.stdout)
    assert words in result.stderr


def test_a_terminal_has_colour_and_lines_that_fit(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal of 60 columns names are coloured, and nothing with a blank is wider; elsewhere nothing is so."""
    assert project.is_dir()
    with terminal(monkeypatch) as person:
        notify.main(["explain", "welcome", "--via", "nope"], standalone_mode=False)
        coloured = person.seen()
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal(monkeypatch) as person:
        notify.main(["explain", "welcome"], standalone_mode=False)
        plain = person.seen()

    assert "\x1b" not in plain
    assert "\x1b" not in run("explain", "welcome").stdout
    assert "\x1b[36m" in coloured
    assert "\x1b[31m" in coloured
    lines = re.sub(r"\x1b\[\d+m", "", coloured).splitlines()
    assert [] == [line for line in lines if len(line) > 60 and str(project) not in line]


def test_values_cannot_steer_the_terminal(run: Run, project: Path) -> None:
    """Control characters of a value are shown as what they are, and a long value is cut."""
    assert project.is_dir()

    result = run("explain", "welcome", "--set", "name=\x1b[31mred" + "x" * 400)

    assert "\x1b" not in result.stdout
    assert "\\x1b[31mredxxx" in result.stdout
    assert "xxx...  (the call, --set)" in result.stdout
