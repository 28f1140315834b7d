"""The preview: from a saved file to the repainted frame, a long index, and memory over many reloads.

The server runs in a process of its own, as `notify preview` does; the browser is the system's Chromium.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.preview.chromium import require_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
NOTIFY = str(Path(sys.executable).with_name("notify"))
NAME = "order_confirmation"
ROUNDS = 21
RELOADS = 1_000
SIZES = (200, 1_000)
_NOTE_THE_TIME = """
window.drawn = 0;
document.addEventListener("notify:drawn", () => { drawn = performance.timeOrigin + performance.now() }, {once: true})
"""


def main(reloads: int = RELOADS, sizes: tuple[int, int] = SIZES) -> None:
    """Print the figures.

    Args:
        reloads: how often a template and a definition are written for the server's memory.
        sizes: how many notifications the project has that is worked on, and the one whose index is asked for.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = shop(Path(folder), sizes[0])
        with served(project) as (url, process):
            _repaint(project, url, sizes[0])
            _memory(project, url, process.pid, reloads)
    with tempfile.TemporaryDirectory() as folder, served(shop(Path(folder), sizes[1])) as (url, _):
        _index(url, sizes[1])


def shop(folder: Path, notifications: int) -> Path:
    """A project with the shop's notifications, copied until there are so many."""
    project = folder / "shop"
    shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns(".notify"))
    originals = sorted((project / "notifications").glob("*.yaml"))
    for number in range(notifications - len(originals)):
        original = originals[number % len(originals)]
        name = f"group{number // 50}/copy{number:04}"
        target = project / "notifications" / f"{name}.yaml"
        target.parent.mkdir(exist_ok=True)
        target.write_text(original.read_text())
        for template in (project / "templates").glob(f"{original.stem}.*"):
            copy = project / "templates" / f"{name}{''.join(template.suffixes)}"
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(template.read_text())
    return project


@contextmanager
def served(project: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`notify preview` of a project, on a free port."""
    command = [NOTIFY, "--config", str(project), "preview", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found is not None
        yield found[0].rstrip("/"), process
    finally:
        process.terminate()
        process.wait(10)


def _repaint(project: Path, url: str, size: int) -> None:
    """From the moment a template is written to the frame that shows it."""
    from playwright.sync_api import sync_playwright

    template = project / "templates" / f"{NAME}.html"
    source = template.read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(require_chromium()), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/n/{NAME}/default")
        page.wait_for_selector("html[data-listening]")
        page.wait_for_selector("iframe[data-fitted]")
        _settled(url)
        times = []
        for number in range(ROUNDS):
            page.evaluate(_NOTE_THE_TIME)
            saved = time.time()
            template.write_text(source.replace("We have your order", f"{number}: We have your order"))
            while not (drawn := page.evaluate("window.drawn")):
                time.sleep(0.005)
            assert f"{number}: We have" in page.frame_locator("iframe").locator("body").inner_text()
            times.append(drawn / 1000 - saved)
            time.sleep(0.4)
        browser.close()
    template.write_text(source)
    print(
        f"save to repainted frame, {size} notifications: median {statistics.median(times) * 1000:.0f} ms, "
        f"worst of {ROUNDS}: {max(times) * 1000:.0f} ms"
    )


def _settled(url: str) -> None:
    """Wait until every notification was looked at once."""
    while '"status":"unknown"' in urllib.request.urlopen(f"{url}/api/").read().decode():  # noqa: S310
        time.sleep(0.5)


def _index(url: str, size: int) -> None:
    """The first page of so many notifications, as a browser asks for it; at first, and when all are known."""
    first = _seconds(f"{url}/")
    again = [_seconds(f"{url}/") for _ in range(ROUNDS)]
    _settled(url)
    known = [_seconds(f"{url}/") for _ in range(ROUNDS)]
    print(
        f"index of {size:,} notifications: first {first * 1000:.0f} ms, then median "
        f"{statistics.median(again) * 1000:.0f} ms while all are looked at, "
        f"{statistics.median(known) * 1000:.0f} ms after"
    )


def _seconds(url: str) -> float:
    begin = time.perf_counter()
    urllib.request.urlopen(url).read()  # noqa: S310
    return time.perf_counter() - begin


def _memory(project: Path, url: str, pid: int, reloads: int) -> None:
    """The resident memory of the server over reloads of a template and a definition."""
    template = project / "templates" / f"{NAME}.html"
    definition = project / "notifications" / f"{NAME}.yaml"
    source, words = template.read_text(), definition.read_text()
    sizes: list[float] = []
    for number in range(reloads):
        template.write_text(source.replace("We have your order", f"{number}: We have your order"))
        definition.write_text(words.replace("Confirms an order", f"{number}: confirms an order"))
        html = urllib.request.urlopen(f"{url}/n/{NAME}/default/render.html").read().decode()  # noqa: S310
        assert f"{number}: We have" in html
        if number % 50 == 49:
            sizes.append(_resident(pid))
    print(f"memory over {reloads} reloads: {sizes[0]:.1f} MB after 50, {sizes[-1]:.1f} MB after {reloads}")


def _resident(pid: int) -> float:
    status: Any = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    main()
