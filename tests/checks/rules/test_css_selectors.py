"""The rule about selectors that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import CONFIGURATION, DEFINITION

from notify import Notifier
from notify.checks.rules.css_selectors import unused_selector
from notify.checks.whole import Whole
from notify.configuration import Configuration

if TYPE_CHECKING:
    from pathlib import Path


def found_in(folder: Path, **files: str) -> list[str]:
    """What is found in a project with these templates."""
    templates = {f"templates/{name}.html": text for name, text in files.items()}
    for name, text in {"notify.yaml": CONFIGURATION, "notifications/x.yaml": DEFINITION, **templates}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    whole = Whole.of(Notifier(configuration=Configuration.load(folder)))
    return [f"{each.location}: {each.message}" for each in unused_selector.check(whole)]


@pytest.mark.parametrize(
    ("css", "names"),
    [
        ("p { color: red }\n  .old { color: red }", ".old"),
        ("\n  #old, .x .older { color: {{ color }} }", "#old, .older"),
        ("{% if x %}\n  td.old[class] { color: red }{% endif %}", ".old"),
        ("@media print {\n  .old { color: red } }", ".old"),
    ],
)
def test_finds_a_name_that_no_template_has(tmp_path: Path, css: str, names: str) -> None:
    """With its line and column."""
    found = found_in(tmp_path, x=f"<style>{css}</style><p class='x'>Hi</p>")

    assert [f"templates/x.html:2:3: no template uses {names}"] == found


@pytest.mark.parametrize(
    "css",
    [
        "p, a:hover, [data-x=y] { color: red }",
        ".a, .b, .y-{{ z }}, .card { color: red }",
        ".ExternalClass, u + .body .x, #outlook a { color: red }",
        ".old, p { color: red }",
        "p { background: url(x.old) }",
    ],
)
def test_leaves_what_may_be_used(tmp_path: Path, css: str) -> None:
    """By another template, the layout that ships, a mail client; or beside a selector that is used."""
    other = "{% set name = 'a' if x else 'b' %}"

    assert [] == found_in(tmp_path, x=f"<style>{css}</style><p class='x'>Hi</p>", other=other)


@pytest.mark.parametrize("end", ["{% endblock %}", "{%- endblock styles -%}"])
def test_the_block_of_the_layout_is_a_style_sheet(tmp_path: Path, end: str) -> None:
    """Whatever its names, which are no use of themselves."""
    css = "{% block styles %}\n  .old { color: red } .x { color: red }" + end
    found = found_in(tmp_path, x=f"{{% extends 'notify/base.html' %}}{css}<p class='x'>Hi</p>")

    assert ["templates/x.html:2:3: no template uses .old"] == found
