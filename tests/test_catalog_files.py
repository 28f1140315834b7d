"""The files of definitions: reading them again costs only what has changed."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from notify.catalog import Catalog, CatalogFiles
from notify.errors import ConfigError, DefinitionError

if TYPE_CHECKING:
    from pathlib import Path

    from notify.catalog import Reading

GOOD = "subject: Hello\ntext: |\n  x\n"


@pytest.fixture
def files(tmp_path: Path) -> CatalogFiles:
    """The files of a folder with two definitions."""
    (tmp_path / "billing").mkdir()
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "billing/b.yml").write_text(GOOD)
    return CatalogFiles([tmp_path], shown_from=tmp_path)


def faults(reading: Reading) -> list[str]:
    """The faults, as text."""
    return [str(fault) for fault in reading.faults]


def test_what_has_not_changed_is_not_read_again(files: CatalogFiles) -> None:
    """Reading again gives the very definitions of before."""
    first, second = files.read(), files.read()

    assert ["a", "billing.b"] == list(first.files) == list(second.files)
    for name, file in first.files.items():
        assert file is second.files[name]
    assert () == first.faults


def test_a_changed_file_is_read_again(files: CatalogFiles, tmp_path: Path) -> None:
    """It alone is; also where size or time are as before."""
    first = files.read()
    stat = (tmp_path / "a.yaml").stat()
    (tmp_path / "new").write_text(GOOD.replace("Hello", "Howdy"))
    os.utime(tmp_path / "new", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (tmp_path / "new").replace(tmp_path / "a.yaml")
    second = files.read()
    (tmp_path / "a.yaml").write_text(GOOD.replace("Hello", "Other"))
    os.utime(tmp_path / "a.yaml", (1, 1))
    third = files.read()

    subjects = [each.files["a"].definition.subject[""].source for each in (first, second, third)]  # type: ignore[union-attr]
    assert ["Hello", "Howdy", "Other"] == subjects
    assert first.files["billing.b"] is third.files["billing.b"]


def test_new_and_removed_and_renamed_files(files: CatalogFiles, tmp_path: Path) -> None:
    """The files are those that there are, under the ids that their paths give."""
    files.read()
    (tmp_path / "new.yaml").write_text(GOOD)
    (tmp_path / "a.yaml").rename(tmp_path / "z.yaml")
    renamed = files.read()
    shutil.rmtree(tmp_path / "billing")
    (tmp_path / "z.yaml").rename(tmp_path / "z.yml")
    removed = files.read()

    assert ["billing.b", "new", "z"] == list(renamed.files)
    assert ["new", "z"] == list(removed.files)
    assert tmp_path / "z.yml" == removed.files["z"].path
    assert removed.files["z"].definition is not None
    assert "z.yml" == removed.files["z"].definition.location.path


def test_faulty_and_mended(files: CatalogFiles, tmp_path: Path) -> None:
    """A faulty file has no definition and keeps its faults until it is mended; the others have theirs."""
    (tmp_path / "a.yaml").write_text("subjects: [\n")
    faulty, again = files.read(), files.read()
    (tmp_path / "a.yaml").write_text(GOOD)
    mended = files.read()

    assert faulty.files["a"].definition is None
    assert faults(faulty) == faults(again) == [str(fault) for fault in faulty.files["a"].faults]
    assert 1 == len(faults(faulty))
    assert faulty.files["billing.b"].definition is not None
    assert [] == faults(mended)
    assert mended.files["a"].definition is not None


def test_samples_that_do_not_fit(files: CatalogFiles, tmp_path: Path) -> None:
    """They are told apart from faults, and after them; the definition can be used."""
    (tmp_path / "a.yaml").write_text(GOOD + "params: {n: int}\nsamples: {default: {n: x}}\n")
    only = files.read()
    (tmp_path / "billing/b.yml").write_text("subject: [\n")
    both = files.read()

    assert only.files["a"].definition is not None
    assert () == only.files["a"].faults
    assert 1 == len(faults(only))
    assert "sample 'default': n: expected" in faults(only)[0]
    assert ["billing/b.yml"] == [fault.location.path for fault in both.faults]


def test_names_links_and_doubles(files: CatalogFiles, tmp_path: Path) -> None:
    """What is wrong with names, links and ids is of no file's own, and is gone when it is mended."""
    (tmp_path / "Bad Name.yaml").write_text(GOOD)
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    reading = files.read()
    for name in ("Bad Name.yaml", "a.yml", "link.yaml"):
        (tmp_path / name).unlink()

    assert 3 == len(reading.other_faults)
    assert ["a", "billing.b"] == list(reading.files)
    assert (tmp_path / "a.yaml") == reading.files["a"].path
    assert () == files.read().faults


def test_when_the_first_of_two_goes(tmp_path: Path) -> None:
    """Where two folders define one id, the second takes its place when the first is removed."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, subject in ((one, "One"), (two, "Two")):
        folder.mkdir()
        (folder / "a.yaml").write_text(GOOD.replace("Hello", subject))
    files = CatalogFiles([one, two])
    first = files.read()
    (one / "a.yaml").unlink()
    second = files.read()

    assert ["defined twice" in fault for fault in faults(first)] == [True]
    assert two / "a.yaml" == second.files["a"].path
    assert "Two" == second.files["a"].definition.subject[""].source  # type: ignore[union-attr]
    assert [] == faults(second)


@pytest.mark.parametrize(
    "texts",
    [
        {"a": GOOD, "b": GOOD},
        {"a": "subject: [\n", "b": "nope: 1\n", "Bad Name": GOOD},
        {"b": "subject: x\nhtml: 1\ntext: 2\n", "a": "params: {a: Nope}\nsubject: x\n"},
        {"a": GOOD + "params: {n: int}\nsamples: {x: {n: a}, y: {extends: x}}\n"},
        {"a": ""},
        {"a": "\xff"},
        {"a": GOOD + "params: {brand: str}\n"},
    ],
)
def test_the_same_faults_as_the_catalog(tmp_path: Path, texts: dict[str, str]) -> None:
    """`Catalog.load` raises exactly the faults of a reading, in the same order, or has its definitions."""
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_bytes(text.encode("latin-1"))
    reading = CatalogFiles([tmp_path], shown_from=tmp_path, reserved=["brand"]).read()

    if reading.faults:
        with pytest.raises(DefinitionError) as caught:
            Catalog.load([tmp_path], shown_from=tmp_path, reserved=["brand"])
        assert reading.faults == caught.value.faults
    else:
        catalog = Catalog.load([tmp_path], shown_from=tmp_path, reserved=["brand"])
        assert list(texts) == list(catalog) == list(reading.files)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is an error, and when the folder comes it is read."""
    files = CatalogFiles([tmp_path / "later"], shown_from=tmp_path)
    with pytest.raises(ConfigError, match="the folder of notifications later cannot be read"):
        files.read()
    (tmp_path / "later").mkdir()
    (tmp_path / "later/a.yaml").write_text(GOOD)

    assert ["a"] == list(files.read().files)


def test_a_link_without_an_end(files: CatalogFiles, tmp_path: Path) -> None:
    """A link inside of the folder to nothing is a faulty file, as long as it is so."""
    (tmp_path / "c.yaml").symlink_to(tmp_path / "target.txt")
    broken = files.read()
    (tmp_path / "target.txt").write_text(GOOD)
    whole = files.read()

    assert broken.files["c"].definition is None
    assert broken.files["c"].faults
    assert whole.files["c"].definition is not None
