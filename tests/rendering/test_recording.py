"""Which files a rendering asks for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from notify import Notifier
from notify.configuration import Configuration
from notify.errors import NotifyError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "notify.yaml": "sender: a@example.com\n",
    "notifications/hello.yaml": (
        "subject: x\nhtml: hello.html\nattachments: [{path: '{{ which }}.txt'}]\nparams: {which: str}\n"
    ),
    "templates/hello.html": (
        "{% extends 'layout.html' %}{% import 'macros.html' as m %}{% block body %}"
        "{% include ['none.html', 'kinds/' ~ which ~ '.html'] %}{% include 'missing.html' ignore missing %}"
        "{{ m.a() }}{% endblock %}"
    ),
    "templates/layout.html": "{% block body %}{% endblock %}",
    "templates/macros.html": "{% macro a() %}a{% endmacro %}",
    "templates/kinds/one.html": "one",
    "templates/kinds/two.html": "{{ wrong }}",
    "attachments/one.txt": "one",
}


@pytest.fixture
def notifier(tmp_path: Path) -> Notifier:
    """The notifier of a project with templates of every kind of use."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Notifier(configuration=Configuration.load(tmp_path))


def render(notifier: Notifier, which: str = "one") -> None:
    """Render the notification."""
    notifier.render("hello", to="b@example.com", params={"which": which})


def test_everything_that_is_asked_for(notifier: Notifier) -> None:
    """Layouts, macros, computed and missing includes and attachments, found or not, each once and in that order."""
    with notifier.recording() as recorded:
        render(notifier)
        render(notifier)

    names = list(recorded.templates)
    assert ["hello.en.html", "hello.html", "layout.html"] == [name for name in names if name in {
        "hello.en.html", "hello.html", "layout.html"
    }]  # fmt: skip
    assert {"macros.html", "none.html", "kinds/one.html", "missing.html"} < set(names)
    assert "kinds/two.html" not in names
    assert ["one.txt"] == list(recorded.attachments)


def test_compiled_templates_are_told_too(notifier: Notifier) -> None:
    """What was compiled before, by another rendering, is asked for all the same."""
    with notifier.recording() as first:
        render(notifier)
    with notifier.recording() as second:
        render(notifier)

    assert first == second
    assert first is not second


def test_a_failure_tells_what_led_to_it(notifier: Notifier) -> None:
    """A rendering that fails has asked for the template at fault, and for the attachment that is missing."""
    with notifier.recording() as recorded, pytest.raises(NotifyError):
        render(notifier, "two")
    with notifier.recording() as vain, pytest.raises(NotifyError):
        render(notifier, "none")

    assert "kinds/two.html" in recorded.templates
    assert "kinds/none.html" in vain.templates


def test_only_in_the_block_and_thread(notifier: Notifier) -> None:
    """Renderings before, after, or in another thread are not told of; an inner block takes its own."""
    with notifier.recording() as outer:
        thread = threading.Thread(target=render, args=(notifier,))
        thread.start()
        thread.join()
        with notifier.recording() as inner:
            render(notifier)
    render(notifier)

    assert {} == outer.templates
    assert "hello.html" in inner.templates


def test_in_any_theme(tmp_path: Path, notifier: Notifier) -> None:
    """A themed rendering is told of like any other, and so is one over another catalog."""
    (tmp_path / "notify.yaml").write_text("sender: a@example.com\nthemes: {acme: {brand: x}}\n")
    themed = Notifier(configuration=Configuration.load(tmp_path))
    other = themed.with_catalog(notifier.catalog)
    with other.recording() as recorded:
        other.render("hello", to="b@example.com", params={"which": "one"}, theme="acme")

    assert "kinds/one.html" in recorded.templates
    assert "one.txt" in recorded.attachments
