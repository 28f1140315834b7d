"""Links that open a file in an editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.errors import Location
from notify.preview.editor import editor_link

PLACE = Location("templates/a b#c.html", 3, 7)


@pytest.mark.parametrize(
    ("editor", "link"),
    [
        (None, "vscode://file/srv/shop/templates/a%20b%23c.html:3:7"),
        ("", "vscode://file/srv/shop/templates/a%20b%23c.html:3:7"),
        ("nano", "vscode://file/srv/shop/templates/a%20b%23c.html:3:7"),
        ("zed", "zed://file/srv/shop/templates/a%20b%23c.html:3:7"),
        ("pycharm", "pycharm://open?file=/srv/shop/templates/a%20b%23c.html&line=3&column=7"),
        ("my://{path}?{line}", "my:///srv/shop/templates/a%20b%23c.html?3"),
    ],
)
def test_links(monkeypatch: pytest.MonkeyPatch, editor: str | None, link: str) -> None:
    """The editor of the variable opens the line; a pattern of one's own may leave things out."""
    if editor is not None:
        monkeypatch.setenv("NOTIFY_EDITOR", editor)

    assert link == editor_link(Path("/srv/shop"), PLACE)


def test_a_path_that_is_absolute() -> None:
    """A place that lies elsewhere is opened there."""
    assert "vscode://file/usr/x.html:1:1" == editor_link(Path("/srv"), Location("/usr/x.html", 1))
    assert "vscode://file/C%3A/x.html:1:1" == editor_link(Path("C:"), Location("x.html", 1))


@pytest.mark.parametrize("rest", ["{nope}", "{0}", "}", "{", "{line", "{path!x}"])
def test_a_pattern_with_other_braces(monkeypatch: pytest.MonkeyPatch, rest: str) -> None:
    """What is none of the three names stays as it is."""
    monkeypatch.setenv("NOTIFY_EDITOR", "my:{path}" + rest)

    assert "my:/srv/x" + rest == editor_link(Path("/srv"), Location("x", 1))
