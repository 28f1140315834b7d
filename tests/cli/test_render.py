"""`notify render`."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


@pytest.mark.usefixtures("project")
def test_the_default_sample(run: Run) -> None:
    """Without any params, the sample `default` is rendered, readable: headers, text, and the parts."""
    result = run("render", "welcome")

    assert 0 == result.exit_code
    assert "To:       recipient@example.com\n" in result.stdout
    assert "Subject:  Welcome to Example Shop, Ada\n" in result.stdout
    assert "Confirm my address <https://example.com/confirm/4711>" in result.stdout
    assert "[text/html, " in result.stdout
    assert "" == result.stderr


@pytest.mark.usefixtures("project")
def test_another_sample_and_single_params(run: Run) -> None:
    """`--sample` takes another one; `--set` goes over it."""
    result = run("render", "welcome", "--sample", "long_name", "--set", "link=https://example.com/other")

    assert "Adalbertina" in result.stdout
    assert "https://example.com/other" in result.stdout


@pytest.mark.parametrize(
    "text", ['{"name": "Zoë", "link": "https://example.com/z"}', "name: Zoë\nlink: https://example.com/z\n"]
)
def test_params_of_a_file_or_stdin(run: Run, project: Path, text: str) -> None:
    """Params come from JSON or YAML, in a file or on stdin; the default sample is not mixed in."""
    (project / "params").write_text(text, encoding="utf-8")
    of_file = run("render", "welcome", "--params", "params")
    of_stdin = run("render", "welcome", "--params", "-", stdin=text.encode())

    assert "Welcome to Example Shop, Zoë\n" in of_file.stdout
    assert of_file.stdout == of_stdin.stdout


@pytest.mark.usefixtures("project")
def test_all_of_them_together(run: Run) -> None:
    """A sample, a file over it, and single params over both."""
    result = run(
        "render", "welcome", "--sample", "default", "--params", "-", "--set", "name=Third", "--format", "text",
        stdin="link: https://example.com/second\n",
    )  # fmt: skip

    assert "Welcome, Third" in result.stdout
    assert "https://example.com/second" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["--sample", "defalt"], None, "welcome has no sample 'defalt' (did you mean 'default'?)"),
        (["--params", "missing.yaml"], None, "missing.yaml:1:1: the file cannot be read"),
        (["--params", "-"], b"", "<stdin>:1:1: the file is empty"),
        (["--params", "-"], b"- a\n", "expected a mapping"),
        (["--params", "-"], b"a: 1\na: 2\n", "'a' is given twice"),
        (["--params", "-"], b"a: \xff\n", "not UTF-8"),
        (["--params", "-"], b"{}", "name: expected"),
        (["--params", "-"], b"a: " + b"x" * 1_000_000, "<stdin>:1:1: the file is larger than 1,000,000 bytes"),
        (["--set", "name"], None, "NAME=VALUE"),
        (["--set", "nam=x"], None, "nam"),
        (["--to", "a@example.com, b@example.com"], None, "address"),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_data(run: Run, arguments: list[str], stdin: bytes | None, words: str) -> None:
    """Whatever is wrong with the data is one message and exit code 2; nothing is printed to stdout."""
    result = run("render", "welcome", *arguments, stdin=stdin)

    assert (2, "") == (result.exit_code, result.stdout)
    assert words in result.stderr


def test_a_notification_without_samples(run: Run, project: Path) -> None:
    """Where there is no sample, one that is asked for is an error, and otherwise no params are given."""
    (project / "notifications" / "plain.yaml").write_text("subject: Plain\nparams: {}\ntext: |\n  Hello\n")

    assert "Subject:  Plain" in run("render", "plain").stdout
    assert "plain has no sample 'default' (it has none)" in run("render", "plain", "--sample", "default").stderr


@pytest.mark.usefixtures("project")
def test_production_takes_no_sample_by_itself(run: Run) -> None:
    """In production, example data is used only where it is asked for."""
    without = run("render", "welcome", "--env", "production")
    with_sample = run("render", "welcome", "--env", "production", "--sample", "default")

    assert 2 == without.exit_code
    assert "name: expected" in without.stderr
    assert 0 == with_sample.exit_code


def test_sample_brings_recipient_and_locale(run: Run, project: Path) -> None:
    """The sample's own `to` and `locale` hold unless others are given."""
    (project / "notifications" / "hi.yaml").write_text(
        "subject: {en: Hello, fr: Bonjour}\ntext: |\n  {{ recipient.name }}\n"
        'samples: {default: {to: "Ada <ada@example.com>", locale: fr}}\n'
    )

    own, other = run("render", "hi"), run("render", "hi", "--to", "Bob <bob@example.com>", "--locale", "en")

    assert "To:       Ada <ada@example.com>\nSubject:  Bonjour\n\nAda\n" in own.stdout
    assert "To:       Bob <bob@example.com>\nSubject:  Hello\n\nBob\n" in other.stdout


@pytest.mark.usefixtures("project")
def test_formats(run: Run) -> None:
    """Each part, the whole mail, and JSON can be had alone."""
    html = run("render", "welcome", "--format", "html").stdout
    text = run("render", "welcome", "--format", "text").stdout
    document = json.loads(run("render", "welcome", "--format", "json").stdout)
    mail = message_from_bytes(run("render", "welcome", "--format", "eml").stdout_bytes, policy=policy.default)

    assert html.startswith("<!DOCTYPE html>")
    assert "Welcome, Ada\n" in text
    assert (html, text) == (document["html"], document["text"])
    assert "Welcome to Example Shop, Ada" == document["subject"] == mail["Subject"]
    assert {"email": "hello@example.com", "name": "Example Shop"} == document["from"]
    assert {"sender": "hello@example.com", "recipients": ["recipient@example.com"]} == document["envelope"]


def test_attachments_in_json(run: Run, project: Path) -> None:
    """JSON names attachments with their size, not their content."""
    (project / "attachments").mkdir()
    (project / "attachments" / "terms.txt").write_text("terms")
    (project / "notifications" / "terms.yaml").write_text(
        "subject: Terms\ntext: |\n  x\nattachments:\n- {path: terms.txt}\n"
    )

    document = json.loads(run("render", "terms", "--format", "json").stdout)

    assert [("terms.txt", 5)] == [(each["filename"], each["size"]) for each in document["attachments"]]


def test_a_part_that_there_is_not(run: Run, project: Path) -> None:
    """A notification without HTML has none to print."""
    (project / "notifications" / "plain.yaml").write_text("subject: Plain\ntext: |\n  Hello\n")

    result = run("render", "plain", "--format", "html")

    assert 2 == result.exit_code
    assert "plain has no html part" in result.stderr


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.html", "<!DOCTYPE"),
        ("a.txt", "Example Shop <"),
        ("a.json", "{\n"),
        ("a.eml", "From: "),
        ("a.out", "Envelope:"),
    ],
)
def test_a_file_by_its_suffix(run: Run, project: Path, name: str, begins: str) -> None:
    """The suffix of the file tells the format; nothing goes to stdout."""
    result = run("render", "welcome", "-o", name)

    assert "" == result.stdout
    assert f"Wrote {name}\n" == result.stderr
    assert begins in (project / name).read_text(encoding="utf-8")[:400]


def test_a_format_goes_before_the_suffix(run: Run, project: Path) -> None:
    """A format that is named holds, whatever the file is called."""
    run("render", "welcome", "-o", "a.html", "--format", "json")

    assert "welcome" == json.loads((project / "a.html").read_text())["notification"]


def test_a_file_that_cannot_be_written(run: Run, project: Path) -> None:
    """A missing folder is one message, and leaves nothing."""
    result = run("render", "welcome", "-o", "missing/a.html")

    assert 1 == result.exit_code
    assert "cannot write missing/a.html: No such file or directory" in result.stderr
    assert not (project / "missing").exists()


def test_a_failed_render_leaves_the_file_alone(run: Run, project: Path) -> None:
    """When the template fails, what the file held before is still there."""
    (project / "a.html").write_text("before")
    (project / "templates" / "welcome.html").write_text("<p>{{ nme }}</p>")

    result = run("render", "welcome", "-o", "a.html")

    assert 2 == result.exit_code
    assert "templates/welcome.html:1" in result.stderr
    assert "before" == (project / "a.html").read_text()
