"""A whole check: of definitions, of every notification, of the project."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from notify import Catalog, Notifier, UnknownNotificationError
from notify.checks.checking import Report, check
from notify.configuration import Configuration

if TYPE_CHECKING:
    from pathlib import Path

    from notify.checks.finding import Finding

FILES = {
    "notify.yaml": "sender: Acme <hello@acme.example>\n",
    "notifications/good.yaml": (
        "params: {name: str}\nsubject: 'Hello, {{ name }}: your order is on its way'\npreheader: It should reach you "
        "by the end of this week.\nsamples: {default: {name: Ada}, other: {name: Bo}}\n"
    ),
    "notifications/script.yaml": (
        "params: {name: str}\nsubject: 'Hello, {{ name }}: your order has arrived'\npreheader: It is waiting for you "
        "at the door, in the garage.\nsamples: {default: {name: Ada}, other: {name: Bo}}\n"
    ),
    "templates/good.html": (
        "{% extends 'notify/base.html' %}\n{% block content %}\n<h1>Hello</h1>\n<p>Good to see you, {{ name }}.</p>\n"
        "{% endblock %}\n"
    ),
    "templates/script.html": (
        "{% extends 'notify/base.html' %}\n{% block content %}\n<h1>Hello</h1>\n<p>Good to see you, {{ name }}.</p>\n"
        "<script>alert(1)</script>\n{% endblock %}\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a notification that is right, and one with a script in it."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def checked(project: Path, *names: str, cached: bool = False, **settings: Any) -> Report:
    """What `notify check` finds."""
    configuration = Configuration.load(project / "notify.yaml")
    with Notifier(configuration=configuration, catalog=Catalog(()), environment="test") as notifier:
        return check(notifier, names=names, cached=cached, **settings)


LOOKED_AT = ("check-unused-ignore", "def-invalid", "def-sample-invalid", "html-forbidden", "msg-invalid", "tpl-render")


def told(report: Report) -> list[Finding]:
    """The findings of some rules; what all others find in a project is for their own tests."""
    return [each for each in report.findings if each.rule in LOOKED_AT]


def shown(report: Report) -> list[str]:
    """The same without their words."""
    return [f"{each.location} {each.rule}" for each in told(report)]


SCRIPT = "templates/script.html:5:1 html-forbidden"


def edit(project: Path, name: str, old: str, new: str) -> None:
    """Change a file."""
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_found_is_told_once(project: Path) -> None:
    """With the place in the template, and the first sample that shows it."""
    report = checked(project)
    (finding,) = told(report)

    assert [SCRIPT] == shown(report)
    assert ("script", "default", "en", "error") == (
        finding.notification, finding.sample, finding.locale, finding.severity,
    )  # fmt: skip
    assert 2 == report.notifications
    assert finding in report.at_least("error")
    assert list(report.findings) == report.at_least("info")


def test_some_notifications(project: Path) -> None:
    """By their names; an unknown one is an error that names the nearest."""
    assert [] == shown(checked(project, "good"))
    assert [SCRIPT] == shown(checked(project, "script"))
    with pytest.raises(UnknownNotificationError, match="there is no notification 'scrpt'; there are: script"):
        checked(project, "scrpt")


def test_faults_of_definitions_are_findings(project: Path) -> None:
    """Those of others do not hide them, and a sample that is wrong is one as well."""
    edit(project, "notifications/good.yaml", "subject:", "subjet:")
    edit(project, "notifications/script.yaml", "name: Bo", "name: 5")
    found = shown(checked(project))

    assert "notifications/good.yaml:2:1 def-invalid" in found
    assert "notifications/script.yaml:4:47 def-sample-invalid" in found
    assert SCRIPT in found
    assert "notifications/good.yaml:2:1 def-invalid" not in shown(checked(project, "script"))


def test_a_template_that_fails_is_a_finding(project: Path) -> None:
    """With its place."""
    edit(project, "templates/good.html", "{{ name }}", "{{ name }}{{ 1 // 0 }}")
    assert "templates/good.html:4:1 tpl-render" in [each.replace(":35 ", ":1 ") for each in shown(checked(project))]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("{{ ui.details([[1, 2, 3]]) }}", ["templates/good.html:5:1 tpl-render"]),
        ("{{ ui.button('Look') }}", []),
        ("{% if name %}", []),
    ],
)
def test_what_a_component_does_is_found_where_it_is_called(project: Path, new: str, expected: list[str]) -> None:
    """And what the analysis of the line, or of the syntax, has found is not told again."""
    text = f"{{% import 'notify/components.html' as ui %}}\n{new}"
    edit(project, "templates/good.html", "{{ name }}", text)

    assert expected == [each for each in shown(checked(project)) if "tpl-render" in each]


def test_a_message_that_cannot_be_built_is_a_finding(project: Path) -> None:
    """At the sample that shows it."""
    edit(project, "notify.yaml", "sender: Acme <hello@acme.example>", "default_locale: en")
    assert "notifications/good.yaml:4:11 msg-invalid" in shown(checked(project))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("notify.yaml", "sender:", "check: {ignore: [html-forbidden]}\nsender:"),
        ("notify.yaml", "sender:", "check: {ignore: {html-*: it is a joke}}\nsender:"),
        ("notifications/script.yaml", "subject:", "check: {ignore: {html-forbidden: it is a joke}}\nsubject:"),
        ("templates/script.html", "<script>", "{# notify-check: disable=html-forbidden a joke #}\n<script>"),
        ("templates/script.html", "</script>", "</script>{# notify-check: disable=html-* #}"),
    ],
)
def test_what_is_ignored(project: Path, name: str, old: str, new: str) -> None:
    """By rule or family, in the project, the notification or the line."""
    edit(project, name, old, new)
    assert [] == shown(checked(project))


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("notify.yaml", "sender:", "check: {ignore: [html-width]}\nsender:", "notify.yaml:1:18"),
        (
            "notifications/good.yaml",
            "subject:",
            "check: {ignore: [html-forbidden]}\nsubject:",
            "notifications/good.yaml:2:18",
        ),
        (
            "templates/script.html",
            "<h1>",
            "<h1>{# notify-check: disable=html-forbidden #}",
            "templates/script.html:3:5",
        ),
        ("templates/good.html", "<h1>", "<h1>{# notify-check: disable=html-width #}", "templates/good.html:3:5"),
    ],
)
def test_what_is_ignored_in_vain(project: Path, name: str, old: str, new: str, place: str) -> None:
    """Is found, and may itself not be ignored."""
    edit(project, name, old, new)
    assert sorted([SCRIPT, f"{place} check-unused-ignore"]) == sorted(shown(checked(project)))


def test_several_processes_find_the_same(project: Path) -> None:
    """In any number of notifications."""
    for number in range(40):
        for kind in ("good", "script"):
            text = (project / "notifications" / f"{kind}.yaml").read_text(encoding="utf-8")
            path = project / "notifications" / f"{kind}_{number}.yaml"
            path.write_text(f"{text}html: {kind}.html\n", encoding="utf-8")
    alone, together = checked(project), checked(project, jobs=2)

    assert alone.findings == together.findings
    assert [SCRIPT] == shown(alone)
    assert 82 == together.notifications


def test_what_was_found_before(project: Path) -> None:
    """Is taken until a file changes that it depends on, and found in the changed file then."""
    assert [SCRIPT] == shown(checked(project, cached=True))
    assert [SCRIPT] == shown(checked(project, cached=True))
    edit(project, "templates/script.html", "<script>alert(1)</script>\n", "")
    assert [] == shown(checked(project, cached=True))
    edit(project, "templates/good.html", "<h1>Hello</h1>", "<script></script>")
    assert ["templates/good.html:3:1 html-forbidden"] == shown(checked(project, "good", cached=True))
    edit(project, "notify.yaml", "sender:", "check: {ignore: [html-forbidden]}\nsender:")
    assert [] == shown(checked(project, cached=True))


def test_only_what_depends_on_a_file(project: Path) -> None:
    """Templates count as the definitions do."""
    assert 1 == checked(project, only={"templates/script.html"}).notifications
    assert [] == shown(checked(project, only={"notifications/good.yaml"}))
    assert 0 == checked(project, only={"README.md"}).notifications


def test_changed_since(project: Path) -> None:
    """Files that differ from a revision of git, were added, or were removed."""
    from notify.revisions import Repository

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *arguments]
        subprocess.run(command, cwd=project, check=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    edit(project, "templates/good.html", "Hello", "Hi")
    (project / "templates" / "new.html").write_text("x", encoding="utf-8")
    (project / "notifications" / "script.yaml").unlink()
    repository = Repository(Configuration.load(project / "notify.yaml"))

    assert {"templates/good.html", "templates/new.html", "notifications/script.yaml"} == repository.changed(
        repository.commit("HEAD")
    )
