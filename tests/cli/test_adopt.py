"""`notify adopt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

TEMPLATE = """<title>Order {{ number }}</title>
{% include "parts/footer.html" %}
{% for item in items %}<p>{{ item.name }}: ${{ item.price }}</p>{% endfor %}
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A template that lies elsewhere, with one that it includes."""
    folder = tmp_path / "old"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "footer.html").write_text("<p>{{ company }}</p>")
    (folder / "order-paid.html").write_text(TEMPLATE)
    return folder / "order-paid.html"


def files(project: Path) -> set[str]:
    """The definitions and templates of a project."""
    found = [*(project / "notifications").rglob("*"), *(project / "templates").rglob("*")]
    return {path.relative_to(project).as_posix() for path in found if path.is_file()}


def test_it_writes_a_notification_that_renders(run: Run, project: Path, old: Path) -> None:
    """The definition and the templates are written, and the notification renders and is in order."""
    result = run("adopt", str(old))

    assert 0 == result.exit_code
    assert (
        "wrote  notifications/order_paid.yaml\nwrote  templates/order_paid.html\nwrote  templates/parts/footer.html\n"
        == result.stdout
    )
    assert "notify check order_paid" in result.stderr
    assert "Subject:  Order A-1001\n" in run("render", "order_paid").stdout
    checked = run("check", "order_paid")
    assert "tpl-" not in checked.output
    assert "def-" not in checked.output
    definition = (project / "notifications" / "order_paid.yaml").read_text()
    assert definition.startswith("# yaml-language-server: $schema=../schemas/definition.schema.json\n")


def test_a_template_of_the_project_stays(run: Run, project: Path) -> None:
    """A template below the templates folder is not written."""
    (project / "templates" / "news.html").write_text("<title>News</title>{{ word }}")
    result = run("adopt", "templates/news.html")

    assert "wrote  notifications/news.yaml\n" == result.stdout


def test_the_id_and_the_subject_are_given(run: Run, project: Path, old: Path) -> None:
    """They stand in for the file's name and the title."""
    assert 0 == run("adopt", str(old), "--id", "billing.paid", "--subject", "Hi {{ customer.name }}").exit_code
    assert {"notifications/billing/paid.yaml", "templates/billing/paid.html"} <= files(project)
    assert "Subject:  Hi Ada Lovelace\n" in run("render", "billing.paid").stdout


def test_a_dry_run_writes_nothing(run: Run, project: Path, old: Path) -> None:
    """The definition is printed, and what would be written is said."""
    before = files(project)
    result = run("adopt", str(old), "--dry-run")

    assert "items: list[Item]" in result.stdout
    assert "would write  notifications/order_paid.yaml" in result.stderr
    assert before == files(project)


@pytest.mark.parametrize("existing", ["notifications/order_paid.yaml", "templates/order_paid.html"])
def test_nothing_is_overwritten(run: Run, project: Path, old: Path, existing: str) -> None:
    """A file that says something else is left alone, and nothing else is written, unless it is forced."""
    (project / existing).write_text("mine")
    before = files(project)
    result = run("adopt", str(old))

    assert 2 == result.exit_code
    assert f"1 file would be overwritten: {existing}; nothing was written (--force)" in result.stderr
    assert "mine" == (project / existing).read_text()
    assert before == files(project)
    assert 0 == run("adopt", str(old), "--force").exit_code
    assert "mine" != (project / existing).read_text()


def test_the_same_again(run: Run, project: Path, old: Path) -> None:
    """What is there already and says the same is no hindrance."""
    assert 0 == run("adopt", str(old)).exit_code
    result = run("adopt", str(old))

    assert 0 == result.exit_code
    assert "" == result.stdout
    assert project.is_dir()


def test_another_file_for_the_same_id(run: Run, project: Path, old: Path) -> None:
    """Two files for one id would be an error, so that not even --force writes one."""
    (project / "notifications" / "order_paid.yml").write_text("subject: x\n")
    result = run("adopt", str(old), "--force")

    assert 2 == result.exit_code
    assert "notifications/order_paid.yml defines this notification already" in result.stderr


def test_what_cannot_be_written_leaves_nothing(run: Run, project: Path, old: Path) -> None:
    """Where a template has no place, the files before it are as they were."""
    (project / "notifications" / "order_paid.yaml").write_text("mine")
    (project / "templates" / "parts").write_text("in the way")
    result = run("adopt", str(old), "--force")

    assert 1 == result.exit_code
    assert "cannot write" in result.stderr
    assert "mine" == (project / "notifications" / "order_paid.yaml").read_text()
    assert not (project / "templates" / "order_paid.html").exists()


def test_what_cannot_be_adopted(run: Run, project: Path) -> None:
    """Every construct is told with its place, and the exit code is 2."""
    (project / "templates" / "old.html").write_text("{% load i18n %}\n{{ when|date:'Y' }}")
    result = run("adopt", "templates/old.html")

    assert 2 == result.exit_code
    assert "templates/old.html:1:1: {% load %} is Django's, not Jinja2's" in result.stderr
    assert "templates/old.html:2:8: |date: with a colon is Django's" in result.stderr


def test_a_project_without_folders(run: Run, project: Path, old: Path) -> None:
    """Where notify.yaml names no folder, there is no place to write to."""
    (project / "notify.yaml").write_text("notifications: []\n")
    result = run("adopt", str(old))

    assert 2 == result.exit_code
    assert "names no folder under `notifications`" in result.stderr
