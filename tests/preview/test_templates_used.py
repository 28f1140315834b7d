"""The files that a mail was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preview.serving import desk_of
from preview.shop import FILES, shop

from notify.preview.renderings import Rendition
from notify.preview.state import State
from notify.preview.templates_used import TemplateUsed, templates_used

if TYPE_CHECKING:
    from pathlib import Path


def used(folder: Path, name: str) -> list[TemplateUsed]:
    """The files of a mail."""
    desk = desk_of(folder)
    rendition = desk.renderings.of(State(notification=name, sample="default"))
    found = templates_used(desk.project, desk.project[name], rendition)
    desk.close()
    return found


def test_the_definition_first(tmp_path: Path) -> None:
    """Then come the templates in the order of asking, each with the language that its colours follow."""
    found = used(shop(tmp_path), "welcome")

    assert [
        ("notifications/welcome.yaml", "jinja-yaml"),
        ("welcome.html", "jinja-html"),
        ("layouts/shop.html", "jinja-html"),
        ("parts/footer.html", "jinja-html"),
    ] == [(each.name, each.language) for each in found]
    assert FILES["templates/parts/footer.html"] == found[-1].source
    assert tmp_path / "templates/parts/footer.html" == found[-1].path


def test_templates_that_ship(tmp_path: Path) -> None:
    """A layout of notify itself can be read too; text has a language of its own."""
    files = {"templates/welcome.html": '{% extends "notify/base.html" %}', "templates/welcome.txt": "{{ name }}"}
    found = {each.name: each.language for each in used(shop(tmp_path, **files), "welcome")}

    assert "jinja-html" == found["notify/base.html"]
    assert "jinja-text" == found["welcome.txt"]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A file that is gone or no text is left out, and so is a definition without a file; long ones are cut."""
    desk = desk_of(shop(tmp_path, **{"templates/long.html": "x" * 300_000}))
    (tmp_path / "templates/binary.html").write_bytes(b"\xff\xfe")
    rendition = Rendition(definition=None, templates=("gone.html", "binary.html", "long.html"), files={})
    entry = desk.project["plain"]
    (tmp_path / "notifications/plain.yaml").unlink()
    found = templates_used(desk.project, entry, rendition)
    desk.close()

    assert [("long.html", 200_000)] == [(each.name, len(each.source)) for each in found]


def test_a_definition_of_elsewhere(tmp_path: Path) -> None:
    """One that does not lie below notify.yaml is called by its file's name."""
    text = FILES["notify.yaml"] + f"notifications: {tmp_path}/shared\n"
    folder = shop(tmp_path / "shop", **{"notify.yaml": text})
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/far.yaml").write_text("subject: x\ntext: |\n  x\nsamples: {default: {}}\n")

    assert ["far.yaml"] == [each.name for each in used(folder, "far")]
