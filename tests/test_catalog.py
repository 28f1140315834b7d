"""All definitions of an application."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from notify.catalog import Catalog
from notify.definition import Definition
from notify.errors import ConfigError, DefinitionError, Location, UnknownNotificationError
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, **files: str) -> Path:
    """Write definitions by path, `__` for a slash, `_yml` at the end for the other suffix."""
    for name, text in files.items():
        suffix = ".yml" if name.endswith("_yml") else ".yaml"
        path = folder / (name.removesuffix("_yml").replace("__", "/") + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def faults_of(*folders: Path, shown_from: Path | None = None) -> list[str]:
    """The faults of folders that cannot be loaded."""
    with pytest.raises(DefinitionError) as caught:
        Catalog.load(folders, shown_from=shown_from)
    return [str(fault) for fault in caught.value.faults]


def test_ids_follow_from_paths(tmp_path: Path) -> None:
    """Folders become dots; iterating gives the ids sorted; other files are passed over."""
    write(tmp_path, welcome="subject: Hello\n", billing__paid="subject: Paid\n", a1_b_yml="subject: x\n")
    (tmp_path / "welcome.html").write_text("{{ x }}")
    (tmp_path / ".hidden.yaml").write_text("not: [valid")
    (tmp_path / "billing" / "README.md").write_text("x")

    catalog = Catalog.load([tmp_path])

    assert list(catalog) == ["a1_b", "billing.paid", "welcome"]
    assert len(catalog) == 3
    assert "billing.paid" in catalog
    assert "billing" not in catalog
    assert catalog["billing.paid"].subject[""].source == "Paid"
    assert repr(catalog) == "<Catalog of 3>"


def test_several_folders(tmp_path: Path) -> None:
    """Each adds its definitions."""
    one, two = write(tmp_path / "one", a="subject: x\n"), write(tmp_path / "two", b="subject: y\n")

    assert list(Catalog.load([one, two])) == ["a", "b"]


def test_an_unknown_id(tmp_path: Path) -> None:
    """Says which there are, nearest first."""
    catalog = Catalog.load([write(tmp_path, order_shipped="subject: x\n", welcome="subject: y\n")])

    with pytest.raises(UnknownNotificationError) as caught:
        catalog["order_shiped"]

    assert caught.value.known == ("order_shipped", "welcome")


def test_all_faults_of_all_files(tmp_path: Path) -> None:
    """By file and place, with paths as they are shown."""
    write(tmp_path / "n", b="subject: 5\nhtlm: x\n", a="text: x\n", c="subject: fine\n")

    assert faults_of(tmp_path / "n", shown_from=tmp_path) == [
        "n/a.yaml:1:1: there is no subject (every notification has one)",
        'n/b.yaml:1:10: subject: expected text, got the number 5 (put it in quotes: "5")',
        "n/b.yaml:2:1: unknown key 'htlm' (did you mean 'html'?)",
    ]
    assert faults_of(tmp_path / "n")[0].startswith(f"{tmp_path.as_posix()}/n/a.yaml:1:1")


@pytest.mark.parametrize(
    ("name", "part", "hint"),
    [
        ("Order-Shipped", "Order-Shipped", "rename it, such as order_shipped"),
        ("my-mails__welcome", "my-mails", "rename it, such as my_mails"),
        ("a.b-c", "b-c", "rename it, such as b_c"),
        ("1st", "1st", "rename it"),
    ],
)
def test_names_that_are_no_ids(tmp_path: Path, name: str, part: str, hint: str) -> None:
    """Are faults that say what to rename."""
    write(tmp_path, **{name: "subject: x\n"})

    [fault] = faults_of(tmp_path, shown_from=tmp_path)

    assert f"{part!r} cannot be part of an id, which is made of a-z, 0-9 and _, a letter first ({hint})" in fault


def test_both_suffixes(tmp_path: Path) -> None:
    """`.yaml` and `.yml` of one name are a fault that names both."""
    write(tmp_path, a="subject: x\n", a_yml="subject: y\n")

    assert faults_of(tmp_path, shown_from=tmp_path) == [
        "a.yml:1:1: the notification 'a' is defined twice: in a.yaml too (remove one)"
    ]


def test_one_id_twice(tmp_path: Path) -> None:
    """In two folders, as a dot and as a folder, or in a list of definitions: a fault that names both."""
    one, two = write(tmp_path / "one", a="subject: x\n"), write(tmp_path / "two", a="subject: y\n")
    three = write(tmp_path / "three", **{"b.c": "subject: x\n", "b__c": "subject: x\n"})
    definition = Definition(id="a", location=Location("a.yaml", 1), subject={})

    assert faults_of(one, two, shown_from=tmp_path) == [
        "two/a.yaml:1:1: the notification 'a' is defined twice: in one/a.yaml too (remove one)"
    ]
    assert len(faults_of(three)) == 1
    with pytest.raises(DefinitionError, match="'a' is defined twice"):
        Catalog([definition, definition])


def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, or no folder at all: a ConfigError that names it."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(ConfigError, match="the folder of notifications nowhere cannot be read: No such file"):
        Catalog.load([tmp_path / "nowhere"], shown_from=tmp_path)
    with pytest.raises(ConfigError, match="the folder of notifications file cannot be read: Not a directory"):
        Catalog.load([tmp_path / "file"], shown_from=tmp_path)


@pytest.mark.parametrize("is_folder", [True, False])
def test_links_that_lead_out(tmp_path: Path, *, is_folder: bool) -> None:
    """Are not followed, and told with both ends."""
    folder = write(tmp_path / "n", a="subject: x\n")
    target = write(tmp_path / "out", b="subject: x\n")
    link = folder / ("sub" if is_folder else "b.yaml")
    link.symlink_to(target if is_folder else target / "b.yaml")

    [fault] = faults_of(folder, shown_from=tmp_path)

    shown = "n/sub:1:1: this is a link to out," if is_folder else "n/b.yaml:1:1: this is a link to out/b.yaml,"
    assert fault.startswith(f"{shown} outside of n")


def test_links_that_stay_inside(tmp_path: Path) -> None:
    """Are followed, but never round in a circle; a dead one is a fault."""
    write(tmp_path, a="subject: x\n", sub__b="subject: y\n")
    (tmp_path / "c.yaml").symlink_to(tmp_path / "a.yaml")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "sub" / "here").symlink_to(tmp_path / "sub")

    assert list(Catalog.load([tmp_path])) == ["a", "c", "sub.b"]

    (tmp_path / "dead.yaml").symlink_to(tmp_path / "nothing.yaml")

    assert faults_of(tmp_path, shown_from=tmp_path) == [
        "dead.yaml:1:1: the file cannot be read: No such file or directory"
    ]


def test_pipes_are_passed_over(tmp_path: Path) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(tmp_path / "pipe.yaml")

    assert len(Catalog.load([tmp_path])) == 0


def test_what_the_application_adds(tmp_path: Path) -> None:
    """Types and categories are shared, globals are reserved; faults of the types are told too."""
    reader = Reader()
    root = reader.parse("types: {Money: Decimal}\nbad: {Money: strr}\n", "notify.yaml")
    assert root is not None
    good = write(tmp_path / "good", a="subject: x\ncategory: digest\nparams: {price: Money}\n")
    bad = write(tmp_path / "bad", a="subject: x\nparams: {shop: str}\n")

    catalog = Catalog.load([good], types=root.get("types"), categories=["digest"], reserved=["shop"])  # type: ignore[arg-type]
    with pytest.raises(DefinitionError) as caught:
        Catalog.load([bad], types=root.get("bad"), reserved=["shop"], shown_from=tmp_path)  # type: ignore[arg-type]

    assert catalog["a"].category == "digest"
    assert [str(fault) for fault in caught.value.faults] == [
        "bad/a.yaml:2:10: a param cannot be called 'shop': templates have that name already (rename it)",
        "notify.yaml:2:14: 'Money': unknown type 'strr' (did you mean 'str'?)",
    ]


def test_samples_of_all_definitions(tmp_path: Path) -> None:
    """Are checked when they are loaded, where the files are right otherwise; all faults at once."""
    write(
        tmp_path,
        a="subject: x\nparams: {n: int}\nsamples: {default: {n: 1}}\n",
        b="subject: x\nparams: {n: int}\nsamples: {default: {n: x}}\n",
        c="subject: x\nparams: {n: {type: int, default: y}}\n",
    )
    with pytest.raises(DefinitionError) as caught:
        Catalog.load([tmp_path], shown_from=tmp_path)

    assert [str(fault) for fault in caught.value.faults] == [
        "b.yaml:3:24: sample 'default': n: expected a whole number, got 'x'",
        "c.yaml:2:34: default of n: expected a whole number, got 'y'",
    ]


def test_loading_is_light(tmp_path: Path) -> None:
    """Neither pydantic nor jinja2 is imported to read definitions without sensitive params; only pydantic's core is."""
    write(tmp_path, a="subject: 'Hi {{ n }}'\nparams: {n: int}\nreply_to: a@b.example\nsamples: {default: {n: 1}}\n")
    code = (
        "import sys, pathlib; from notify.catalog import Catalog\n"
        f"Catalog.load([pathlib.Path({str(tmp_path)!r})])\n"
        "print(*({'pydantic', 'jinja2', 'email_validator', 'ssl'} & set(sys.modules)))"
    )

    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert result.stdout.split() == []
