"""`notify check`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

TEMPLATE = "templates/welcome.html"


@pytest.fixture
def faulty(project: Path) -> Path:
    """A new project with a link in its mail that is not encrypted."""
    path = project / TEMPLATE
    text = path.read_text(encoding="utf-8")
    link = '<p><a href="http://shop.acme.example/">The shop</a></p>\n{% endblock %}'
    path.write_text(text.replace("{% endblock %}", link), encoding="utf-8")
    return project


@pytest.mark.usefixtures("project")
def test_a_new_project_is_clean(run: Run) -> None:
    """Nothing on stdout, the count on stderr."""
    result = run("check", "--fail-on", "info")

    assert (0, "", "nothing found in 1 notification\n") == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.usefixtures("faulty")
def test_what_is_found(run: Run) -> None:
    """With place, severity, rule and what to do; it fails as it is told to."""
    result = run("check")
    line = next(line for line in result.stdout.splitlines() if "[link-http]" in line)

    assert line.startswith(f"{TEMPLATE}:")
    assert "warning: the link to http://shop.acme.example/ is not encrypted" in line
    assert "  write https:" in result.stdout.splitlines()
    assert "warning" in result.stderr
    assert [0, 1, 1] == [
        run("check", "--fail-on", severity, "--no-cache").exit_code for severity in ("error", "warning", "info")
    ]


@pytest.mark.usefixtures("faulty")
def test_for_programs(run: Run) -> None:
    """As JSON in two ways, as SARIF, and as annotations; stdout holds nothing else."""
    documents = [json.loads(run("check", *form).stdout) for form in (("--json",), ("--format", "json"))]
    log = json.loads(run("check", "--format", "sarif").stdout)
    annotations = run("check", "--format", "github").stdout

    assert documents[0] == documents[1]
    assert "link-http" in [each["rule"] for each in documents[0]["findings"]]
    assert "link-http" in [each["ruleId"] for each in log["runs"][0]["results"]]
    assert f"::warning file={TEMPLATE},line=" in annotations


def test_some_of_them(run: Run, faulty: Path) -> None:
    """By id, and by what has changed since a revision of git."""

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *arguments]
        subprocess.run(command, cwd=faulty, check=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    unchanged = run("check", "--changed-since", "HEAD")
    (faulty / TEMPLATE).write_text((faulty / TEMPLATE).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = run("check", "--changed-since", "HEAD")

    assert "[link-http]" in run("check", "welcome").stdout
    assert (2, True) == ((wrong := run("check", "wellcome")).exit_code, "welcome" in wrong.stderr)
    assert "" == unchanged.stdout
    assert "[link-http]" in changed.stdout
    assert 2 == run("check", "--changed-since", "nonsense").exit_code


@pytest.mark.usefixtures("project")
def test_a_rule_is_explained(run: Run) -> None:
    """Why it is, an example and the cure; all are listed; an unknown one is named with the nearest."""
    one, every = run("check", "--explain", "link-http"), run("check", "--explain", "all")
    family, unknown = (
        run("check", "--explain", "css-unsupported:css-display-flex"),
        run("check", "--explain", "link-htp"),
    )

    assert "link-http (warning): A link is not encrypted" in one.stdout
    assert "Write https:." in one.stdout
    assert "tpl-undefined-attribute (error): " in every.stdout
    assert 0 == family.exit_code
    assert (2, True) == (unknown.exit_code, "did you mean 'link-http'" in unknown.stderr)


def test_a_wrong_configuration(run: Run, project: Path) -> None:
    """Is no finding: nothing can be looked at."""
    (project / "notify.yaml").write_text("sendr: x\n", encoding="utf-8")

    assert 2 == run("check").exit_code
