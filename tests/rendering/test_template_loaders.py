"""Where templates come from, and that they come from nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pytest
from rendering.making import case, html, named, render, text, write

from notify.errors import RenderError
from notify.rendering import Renderer

if TYPE_CHECKING:
    from pathlib import Path


def test_the_order_of_precedence(tmp_path: Path) -> None:
    """Folders come before plugins, and both before what ships."""
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        (folder / "notify").mkdir(parents=True)
    write(first, one__txt="first")
    write(second, one__txt="second", two__txt="second")
    write(second / "notify", components__html="{% macro button() %}ours{% endmacro %}")
    plugin = jinja2.DictLoader({"one.txt": "plugin", "two.txt": "plugin", "three.txt": "plugin"})
    renderer = Renderer(folders=[first, second], loaders=[plugin])

    assert "first second plugin\n" == text(
        "{% include 'one.txt' %} {% include 'two.txt' %} {% include 'three.txt' %}", renderer=renderer
    )
    assert "ours" in html("{% import 'notify/components.html' as ui %}{{ ui.button() }}", renderer=renderer)


def test_a_mark_of_the_byte_order_is_no_text(tmp_path: Path) -> None:
    """Some editors write one at the beginning of a file."""
    (tmp_path / "case.txt").write_bytes(b"\xef\xbb\xbfHi")

    assert render(case(text=named("case.txt")), renderer=Renderer(folders=[tmp_path])).text == "Hi\n"


def test_what_ships_begins_with_notify() -> None:
    """The built-in templates are found, and nothing else that ships beside them."""
    assert "Hi" in html("{% extends 'notify/base.html' %}{% block content %}Hi{% endblock %}")
    with pytest.raises(RenderError, match="no template 'scaffold"):
        html("{% include 'scaffold/project/notify.yaml' %}")


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt", "..\\outside.txt", "C:/x.txt", "a\\0.txt", ".."]
)
@pytest.mark.parametrize("tag", ["include", "extends", "import", "dynamic", "list"])
def test_no_name_leads_out(tmp_path: Path, name: str, tag: str) -> None:
    """No include, extends or import reaches outside of the templates, however the name is given."""
    (tmp_path / "outside.txt").write_text("CANARY", encoding="utf-8")
    (tmp_path / "templates" / "a").mkdir(parents=True)
    quoted = "'" + name.replace("\\", "\\\\").replace("\\\\0", "\\0") + "'"
    source = {
        "include": f"{{% include {quoted} %}}",
        "extends": f"{{% extends {quoted} %}}",
        "import": f"{{% import {quoted} as x %}}",
        "dynamic": "{% include name %}",
        "list": f"{{% include [{quoted}, 'x.txt'] ignore missing %}}",
    }[tag]
    with pytest.raises(RenderError, match=r"case\.yaml:3:\d+: template .* does not lie below") as caught:
        text(source, renderer=Renderer(folders=[tmp_path / "templates"]), name=name.replace("\\0", "\0"))

    assert "CANARY" not in str(caught.value)


def test_a_link_may_not_lead_out(tmp_path: Path) -> None:
    """A link to a file or a folder outside is an error that names both; one inside is fine."""
    outside, inside = tmp_path / "outside", tmp_path / "templates"
    outside.mkdir()
    inside.mkdir()
    write(outside, secret__txt="CANARY")
    write(inside, good__txt="fine")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "alias.txt").symlink_to(inside / "good.txt")
    renderer = Renderer(folders=[inside])
    for name in ("file.txt", "folder/secret.txt"):
        with pytest.raises(RenderError) as caught:
            text(f"{{% include '{name}' %}}", renderer=renderer)

        assert name in str(caught.value)
        assert str((outside / "secret.txt").resolve()) in str(caught.value)
        assert "CANARY" not in str(caught.value)
    assert "fine\n" == text("{% include 'alias.txt' %}", renderer=renderer)


def test_a_linked_folder_of_templates_is_fine(tmp_path: Path) -> None:
    """The root itself may be a link."""
    (tmp_path / "real").mkdir()
    write(tmp_path / "real", a__txt="fine")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert "fine\n" == text("{% include 'a.txt' %}", renderer=Renderer(folders=[tmp_path / "link"]))


def test_templates_are_utf_8(tmp_path: Path) -> None:
    """Another encoding is an error that names the file and the octet."""
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(RenderError, match=r"case\.yaml:3.*'a\.txt' is not UTF-8: octet 4"):
        text("{% include 'a.txt' %}", renderer=Renderer(folders=[tmp_path]))


def test_a_missing_include_names_who_includes(tmp_path: Path) -> None:
    """The error is at the line that includes, with the likely template, also if a loader cannot list its own."""
    write(tmp_path, frame__txt="\n\n{% include 'fotter.txt' %}", footer__txt="x", footer__html="x")
    unlisted = jinja2.FunctionLoader(lambda _name: None)
    with pytest.raises(RenderError) as caught:
        text(
            "{% include 'frame.txt' %}", renderer=Renderer(folders=[tmp_path], loaders=[unlisted], shown_from=tmp_path)
        )

    assert "frame.txt:3:13: there is no template 'fotter.txt' (did you mean 'footer.txt'?)" in str(caught.value)


def test_several_missing_templates_are_all_named() -> None:
    """An include with alternatives names them all."""
    with pytest.raises(RenderError, match=r"there is no template 'a\.txt' or 'b\.txt'"):
        text("{% include ['a.txt', 'b.txt'] %}")


def test_a_missing_parent_of_a_body_is_not_a_missing_body() -> None:
    """A loader that fails for another name than the one asked for is heard."""

    def load(name: str) -> str:
        raise jinja2.TemplateNotFound(f"behind {name}")

    with pytest.raises(RenderError, match="no template 'behind"):
        text("{% include 'x.txt' %}", renderer=Renderer(loaders=[jinja2.FunctionLoader(load)]))
