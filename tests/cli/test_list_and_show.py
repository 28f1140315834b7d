"""`notify list` and `notify show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def define(project: Path, name: str, text: str) -> None:
    """Write a definition."""
    path = project / "notifications" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_list_is_a_plain_table_where_nobody_looks(run: Run) -> None:
    """Where stdout is no terminal, columns are aligned and nothing is cut."""
    result = run("list")

    assert (
        "ID       CATEGORY       SAMPLES            LOCALES  DESCRIPTION\n"
        "welcome  transactional  default long_name           Sent when somebody has signed up.\n"
    ) == result.stdout
    assert "" == result.stderr


def test_list_as_json(run: Run, project: Path) -> None:
    """`--json` has the same for programs; locales come from maps, samples and template files alike."""
    define(
        project,
        "billing/paid",
        'subject: {en: Paid, de: Bezahlt}\nhtml: paid.html\nsamples: {a: {to: "a@example.com", locale: nl}}\n',
    )
    for name in ("paid.html", "paid.pt_BR.html", "paid.fr.html", "paid.es.html.j2", "paid.other", "unpaid.es.html"):
        (project / "templates" / name).write_text("<p>paid</p>")
    (project / "templates" / "billing").mkdir()
    (project / "templates" / "billing" / "paid.it.txt").write_text("paid")

    documents = json.loads(run("list", "--json").stdout)

    assert ["billing.paid", "welcome"] == [document["id"] for document in documents]
    assert {
        "id": "billing.paid",
        "category": "transactional",
        "description": "",
        "samples": ["a"],
        "locales": ["de", "en", "fr", "it", "nl", "pt-BR"],
        "path": "notifications/billing/paid.yaml",
    } == documents[0]


def test_list_of_nothing(run: Run, project: Path) -> None:
    """A project without notifications says how to begin; as JSON it is an empty list."""
    (project / "notifications" / "welcome.yaml").unlink()

    assert "`notify new NAME`" in run("list").stderr
    assert [] == json.loads(run("list", "--json").stdout)


def test_every_fault_of_every_definition(run: Run, project: Path) -> None:
    """Faulty definitions are all told, with their places, and nothing else is printed."""
    define(project, "a", "subjct: x\n")
    define(project, "b", "subject: x\nsubject: y\n")

    result = run("list")

    assert (2, "") == (result.exit_code, result.stdout)
    assert "notifications/a.yaml:1:1" in result.stderr
    assert "notifications/b.yaml:2:1" in result.stderr


@pytest.mark.usefixtures("project")
def test_show_names_params_and_places(run: Run) -> None:
    """What a notification takes is a table; each part says where it is."""
    result = run("show", "welcome")

    assert (
        "welcome (transactional)\n"
        "Sent when somebody has signed up.\n"
        "\n"
        "defined in: notifications/welcome.yaml:1:1\n"
        "subject:    Welcome to {{ brand.name }}, {{ name }}\n"
        "preheader:  One click, and your account is ready.\n"
        "html:       templates/welcome.html\n"
        "text:       derived from the HTML\n"
        "samples:    default, long_name\n"
        "\n"
        "PARAM  TYPE  DEFAULT   DESCRIPTION\n"
        "name   str   required\n"
        "link   Url   required  Where the address is confirmed.\n"
    ) == result.stdout


def test_show_of_other_forms(run: Run, project: Path) -> None:
    """In-place bodies, defaults, sensitive params, locales and derived text are shown as what they are."""
    define(
        project,
        "code",
        "params:\n"
        "  code: {type: str, sensitive: true, description: Six digits.}\n"
        "  minutes: {type: int, default: 10}\n"
        '  note: "str | None"\n'
        "subject: {en: Code, de: Kennzahl}\n"
        "markdown: |\n"
        "  {{ code }}\n",
    )

    shown = run("show", "code").stdout

    assert "subject en: Code\nsubject de: Kennzahl\n" in shown
    assert "markdown:   in place, notifications/code.yaml:" in shown
    assert "text:       derived from the Markdown\n" in shown
    assert "Six digits. (sensitive)" in shown
    assert "\nminutes  int" in shown
    assert "html:" not in shown
    assert "samples:" not in shown


def test_show_names_the_fields_of_types(run: Run, project: Path) -> None:
    """Each type that a param leads to has its own table, once; others are left out."""
    define(
        project,
        "order",
        "params:\n"
        "  items: list[Item]\n"
        "  gift: {type: Item, default: {title: none}}\n"
        "types:\n"
        '  Item: {title: Title, parent: "Item | None"}\n'
        "  Title: {type: str, max_length: 9, description: Short.}\n"
        "  Unused: {x: int}\n"
        "subject: x\n"
        "text: |\n"
        "  x\n",
    )

    shown = run("show", "order").stdout

    assert shown.endswith(
        "\nItem\n"
        "FIELD   TYPE         DEFAULT   DESCRIPTION\n"
        "title   Title        required\n"
        "parent  Item | None  none\n"
        "\nTitle\n"
        "FIELD  TYPE  DEFAULT   DESCRIPTION\n"
        "Title  str   required  Short.\n"
    )
    assert "Unused" not in shown


def test_show_of_locales(run: Run, project: Path) -> None:
    """Each locale's template file is a line, the one for all others first."""
    (project / "templates" / "welcome.de.html").write_text("<p>Hallo</p>")

    shown = run("show", "welcome").stdout

    assert "html:       templates/welcome.html\nhtml de:    templates/welcome.de.html\n" in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject: x\nhtml: <p>x</p>\n", "Takes any params, unchecked"),
        ("subject: x\nparams: {}\nhtml: <p>x</p>\n", "Takes no params."),
        ("subject: x\nhtml: notify/base.html\ntext: auto\n", "html:       notify/base.html, which a plugin or notify"),
        ("subject: x\nhtml: lay.html\n", "html:       lay.html, which is not there"),
        ("subject: x\nhtml: ../lay.html\n", "html:       ../lay.html, which is not there"),
        ("subject: x\nhtml: <p>x</p>\ntext: auto\n", "text:       derived from the HTML"),
        ("subject: x\nhtml: <p>x</p>\ntext: |\n  x\n", "text:       in place, "),
    ],
)
def test_show_of_odd_ones(run: Run, project: Path, text: str, words: str) -> None:
    """A definition without a contract, without params, or with templates from elsewhere or from nowhere says so."""
    define(project, "odd", text)
    (project / "templates" / "lay.html.j2").write_text("<p>x</p>")  # a name is the whole name

    assert words in run("show", "odd").stdout


@pytest.mark.usefixtures("project")
def test_show_as_json(run: Run) -> None:
    """`--json` has the params, a JSON Schema of them, and the samples."""
    document = json.loads(run("show", "welcome", "--json").stdout)

    assert ["name", "link"] == [param["name"] for param in document["params"]]
    assert "object" == document["schema"]["type"]
    assert {"default", "long_name"} == set(document["samples"])
    assert "templates/welcome.html" == document["parts"]["html"]


def test_show_without_contract_as_json(run: Run, project: Path) -> None:
    """Where nothing is declared, there is no schema."""
    define(project, "odd", "subject: x\nhtml: <p>x</p>\n")

    document = json.loads(run("show", "odd", "--json").stdout)

    assert (None, None) == (document["params"], document["schema"])


def test_a_sensitive_default_is_not_shown(run: Run, project: Path) -> None:
    """Neither in the table nor in JSON, where other defaults are."""
    define(
        project,
        "odd",
        "subject: x\ntext: |\n  x\nparams:\n"
        "  pin: {type: str, default: hush-hush, sensitive: true}\n"
        '  key: {type: "str | None", default: null, sensitive: true}\n'
        "  plain: {type: str, default: seen}\n",
    )

    shown = [run("show", "odd").stdout, run("show", "odd", "--json").stdout]

    assert "hush-hush" not in "".join(shown)
    assert "pin    str         ***      (sensitive)\nkey    str | None  none     (sensitive)" in shown[0]
    assert ["***", None, "seen"] == [param["default"] for param in json.loads(shown[1])["params"]]


@pytest.mark.usefixtures("project")
def test_an_unknown_notification(run: Run) -> None:
    """A wrong name is answered with those there are."""
    result = run("show", "welcom")

    assert 2 == result.exit_code
    assert "Error: there is no notification 'welcom'; there are: welcome" in result.stderr
