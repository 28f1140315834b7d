"""The preview as a static site: a project with many copies of the shop's definitions, written from nothing."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from notify import Catalog, Notifier
from notify.configuration import Configuration
from notify.preview.export import export
from notify.preview.project import Project

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
PAGES = 500


def main(pages: int = PAGES) -> None:
    """Print pages, seconds, those of the processor, which other programs do not lengthen, and pages a second."""
    with tempfile.TemporaryDirectory() as name:
        shop = Path(name) / "shop"
        shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns(".notify"))
        begin = time.perf_counter()
        each = len(export(_project(shop), Path(name) / "site").mails)
        print(f"{each:5} pages  {time.perf_counter() - begin:6.2f} s, the shop alone")
        _multiply(shop / "notifications", -(-pages // each))
        begin, begin_cpu = time.perf_counter(), time.process_time()
        written = len(export(_project(shop), Path(name) / "site").mails)
        seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    print(f"{written:5} pages  {seconds:6.2f} s, {cpu:.2f} s CPU, {written / seconds:.0f} pages a second")


def _project(folder: Path) -> Project:
    configuration = Configuration.load(folder / "notify.yaml")
    return Project(Notifier(configuration=configuration, catalog=Catalog(()), environment="test", transport="null:"))


def _multiply(folder: Path, times: int) -> None:
    """So many copies of each definition, whose templates are its own under another name."""
    templates = folder.parent / "templates"
    for source in sorted(folder.glob("*.yaml")):
        for number in range(1, times):
            name = f"{source.stem}_{number}"
            source.with_stem(name).write_text(source.read_text())
            for template in sorted(templates.glob(f"{source.stem}.*")):
                template.with_name(template.name.replace(source.stem, name, 1)).write_bytes(template.read_bytes())


if __name__ == "__main__":
    main()
