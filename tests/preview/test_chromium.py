"""Pictures by the system's Chromium; the browser is real."""

from __future__ import annotations

import base64
import os
import signal
import struct
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE

from notify import ConfigError, NotifyError
from notify.errors import BrowserError
from notify.preview.chromium import NAMES, Chromium, find_chromium, require_chromium
from notify.preview.chromium.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")

PAGE = "<!doctype html><body style='margin:0'>"
RED = PAGE + "<div style='height:100px;background:red'></div>"
GREEN = PAGE + "<div style='height:100px;background:green'></div>"
GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser for all tests that do it no harm."""
    with Chromium() as browser:
        yield browser


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for temporary files, which must be empty at the end."""
    tmp_path_factory.getbasetemp()  # where pytest has its own, if no test asked for one before
    with tempfile.TemporaryDirectory(prefix="t-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)

        assert [] == list(Path(folder).iterdir())


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """A server, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def size(png: bytes) -> tuple[int, int]:
    """Width and height (PNG specification, section 11.2.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def processes(browser: Chromium) -> int:
    """The group of a running browser's processes."""
    assert browser._browser is not None
    return browser._browser._process.pid


def living(group: int, kind: str = "") -> list[int]:
    """The processes of a group that are not dead; one may be, and wait for a parent that asks for it."""
    listed = subprocess.run(["/bin/ps", "-eo", "pid=,pgid=,stat=,args="], check=True, capture_output=True, text=True)
    rows = [row.split(maxsplit=3) for row in listed.stdout.splitlines()]
    return [int(row[0]) for row in rows if row[1] == str(group) and row[2][0] != "Z" and kind in row[3]]


def lasting(group: int) -> list[int]:
    """Those that are there still when there was time to die: on a busy machine a killed process does that later."""
    end = time.monotonic() + PATIENCE
    while (found := living(group)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def script(path: Path, text: str) -> Path:
    """A program for the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@needs_chromium
def test_the_whole_document(chromium: Chromium) -> None:
    """Without a height the picture is as high as the document, be it lower or higher than a screen."""
    low = chromium.screenshot(RED, width=300)
    high = chromium.screenshot(PAGE + "<div style='height:2345px'></div>", width=300)
    window = chromium.screenshot(PAGE + "<div style='height:100vh'></div><div style='height:50px'></div>", width=300)
    boxless = chromium.screenshot("<!doctype html><html style='display:none'>", width=300)

    assert (300, 100) == size(low)
    assert (300, 2345) == size(high)
    assert (300, 850) == size(window)
    assert (300, 800) == size(boxless)


@needs_chromium
def test_what_is_wider_is_cut(chromium: Chromium) -> None:
    """The picture has the width that was asked for, without scroll bars."""
    wide = chromium.screenshot(PAGE + "<div style='height:100px;width:900px;background:red'></div>", width=300)

    assert wide == chromium.screenshot(RED, width=300)


@needs_chromium
def test_sizes(chromium: Chromium) -> None:
    """A height is what it is, a scale multiplies both, and an endless document is cut off."""
    endless = PAGE + "<div style='height:90000px'></div>"

    assert (375, 600) == size(chromium.screenshot(RED, width=375, height=600))
    assert (375, 600) == size(chromium.screenshot(endless, width=375, height=600))
    assert (600, 200) == size(chromium.screenshot(RED, width=300, scale=2))
    assert (300, 16_000) == size(chromium.screenshot(endless, width=300))
    assert (450, 15_999) == size(chromium.screenshot(endless, width=300, scale=1.5))


@pytest.mark.parametrize(
    "wrong",
    [{"width": 0}, {"width": 4001}, {"height": 0}, {"height": 16_001}, {"scale": 0}, {"scale": 14}, {"scale": -1}],
)
def test_sizes_that_cannot_be_had(wrong: dict[str, Any]) -> None:
    """A size is at least one pixel, and not so large that the browser fails; nothing is started."""
    with pytest.raises(ConfigError, match="a screenshot has at most 4,000 x 16,000 pixels"):
        Chromium(Path("/nowhere")).screenshot(RED, **{"width": 300, **wrong})


@needs_chromium
def test_the_scheme_that_the_reader_prefers(chromium: Chromium) -> None:
    """`dark` is seen by media queries, and else the scheme is light."""
    both = GREEN + "<style>@media (prefers-color-scheme: dark) {div {background: red !important}}</style>"

    assert chromium.screenshot(both, width=300, dark=True) == chromium.screenshot(RED, width=300)
    assert chromium.screenshot(both, width=300) == chromium.screenshot(GREEN, width=300)


@needs_chromium
def test_the_screen_is_the_window(chromium: Chromium) -> None:
    """Media queries for the width of a device or its orientation see a telephone where the window is as narrow."""
    query = "(max-device-width: 375px) and (orientation: portrait)"
    both = GREEN + f"<style>@media {query} {{div {{background: red !important}}}}</style>"

    assert chromium.screenshot(both, width=375) == chromium.screenshot(RED, width=375)
    assert chromium.screenshot(both, width=376) == chromium.screenshot(GREEN, width=376)


@needs_chromium
def test_images_in_the_document(chromium: Chromium) -> None:
    """A `data:` URL is shown, also one of many megabytes."""
    image = PAGE + f"<img src='{GIF}' width=300 height=100 style='display:block'>"
    large = PAGE + f"<img src='data:image/bmp;base64,{'A' * 20_000_000}' hidden>" + RED.removeprefix(PAGE)

    assert chromium.screenshot(image, width=300) == chromium.screenshot(RED, width=300)
    assert chromium.screenshot(large, width=300) == chromium.screenshot(RED, width=300)


@needs_chromium
def test_scripts_do_not_run(chromium: Chromium) -> None:
    """Neither a script that changes the page nor one that never ends."""
    attacks = GREEN + "<script>document.body.remove()</script><img hidden src=x onerror='for(;;);'>"

    assert chromium.screenshot(attacks, width=300) == chromium.screenshot(GREEN, width=300)


@needs_chromium
def test_nothing_is_loaded_from_a_network(chromium: Chromium, requests: tuple[str, list[str]]) -> None:
    """No server is asked for anything, by whatever way, and the document stays where it is."""
    url, asked = requests
    document = (
        GREEN
        + """
        <link rel=stylesheet href='URL/style'> <link rel=prefetch href='URL/next'> <link rel=preconnect href='URL'>
        <style>@import 'URL/import'; @font-face {font-family: x; src: url(URL/font)} p {font-family: x}</style>
        <p style='position: absolute; color: green; background: url(URL/background)'>x</p>
        <div hidden> <img src='URL/image'> <iframe src='URL/frame'></iframe> <object data='URL/object'></object>
        <video src='URL/video' preload=auto></video> <iframe srcdoc="<img src='URL/inner'>"></iframe> </div>
        <meta http-equiv=refresh content='0;url=URL/next'>
    """.replace("URL", url)
    )
    plain = GREEN + "<p style='position: absolute; color: green'>x</p>"
    again = GREEN + "<meta http-equiv=refresh content='0'>"

    assert chromium.screenshot(document, width=300) == chromium.screenshot(plain, width=300)
    assert chromium.screenshot(again, width=300) == chromium.screenshot(GREEN, width=300)
    assert [] == asked


@needs_chromium
def test_files_are_not_read(chromium: Chromium, tmp_path: Path) -> None:
    """An image that is a file of this machine is as good as one that is not there."""
    (tmp_path / "a.gif").write_bytes(base64.b64decode(GIF.partition(",")[2]))
    shown, missing = (
        chromium.screenshot(PAGE + f"<img width=99 height=99 src='{path.as_uri()}'>", width=300)
        for path in (tmp_path / "a.gif", tmp_path / "missing.gif")
    )

    assert missing == shown


@needs_chromium
def test_any_text(chromium: Chromium) -> None:
    """Letters of any script, half of a surrogate pair, nothing, and what is no document make a picture each."""
    for html in ("Привет 你好 👋", "\ud800", "", "\x00<<>&\x00", "{}"):
        assert (300, 800) == size(chromium.screenshot(html, width=300))


@needs_chromium
def test_the_same_picture_each_time(temporary: Path) -> None:
    """Another browser, other pictures between them, and several threads make no difference."""
    page = "<!doctype html><p style='font: 20px serif'>Good morning, Zoë</p>"
    with Chromium() as one, Chromium() as other:
        first = one.screenshot(page, width=300)
        one.screenshot(RED, width=300)
        with ThreadPoolExecutor(4) as pool:
            pictures = {*pool.map(lambda _: other.screenshot(page, width=300), range(8))}
        assert 2 == len(list(temporary.iterdir()))

    assert {first} == pictures


@needs_chromium
def test_pages_are_closed(chromium: Chromium) -> None:
    """After a picture there is no page of it, so that the browser's memory stays as it is."""
    for _ in range(3):
        chromium.screenshot(RED, width=300)
    with chromium._conversation() as browser:
        for _ in range(50):
            number = browser.post("Target.getTargets")
            while (answer := browser.receive()).get("id") != number:
                pass
            pages = [each["url"] for each in answer["result"]["targetInfos"] if each["type"] == "page"]
            if len(pages) == 1:
                break
            time.sleep(0.1)  # they close behind the answer

    assert ["about:blank"] == pages


@needs_chromium
def test_nothing_is_left(temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is closed, there is no process and no file, neither in the folder for temporary ones nor at home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with Chromium() as browser:
        assert [] == list(temporary.iterdir())
        browser.screenshot(RED, width=300)
        group = processes(browser)
        assert [] != living(group)
        assert 1 == len(list(temporary.iterdir()))

    assert [] == lasting(group)
    assert [] == list(tmp_path.iterdir())


@needs_chromium
def test_a_long_path_of_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a socket's path would be too long for the system, the browser's folder is below /tmp."""
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with Chromium() as browser:
        assert (300, 100) == size(browser.screenshot(RED, width=300))
        assert [] == list(folder.iterdir())


@needs_chromium
def test_one_that_dies_is_started_again(temporary: Path) -> None:
    """The picture that it died at is an error, which says so, and the next one is taken by a new process."""
    with Chromium() as browser:
        browser.screenshot(RED, width=300)
        os.killpg(processes(browser), signal.SIGKILL)
        with pytest.raises(BrowserError, match=r"/chromium ended by itself"):
            browser.screenshot(RED, width=300)
        assert [] == list(temporary.iterdir())

        assert (300, 100) == size(browser.screenshot(RED, width=300))


@needs_chromium
def test_one_that_dies_while_it_is_told_much(temporary: Path) -> None:
    """Also while a large document is on its way to it."""
    with Chromium() as browser:
        browser.screenshot(RED, width=300)
        group = processes(browser)
        os.killpg(group, signal.SIGSTOP)
        threading.Timer(0.5, os.killpg, (group, signal.SIGKILL)).start()
        with pytest.raises(BrowserError, match="ended by itself"), browser._conversation() as conversation:
            conversation.post("Browser.getVersion", filler="x" * 10_000_000)

    assert [] == list(temporary.iterdir())


@needs_chromium
def test_one_that_hangs_is_killed(temporary: Path) -> None:
    """What does not answer in time is killed with its children."""
    with Chromium() as browser:
        browser.screenshot(RED, width=300)
        group = processes(browser)
        os.killpg(group, signal.SIGSTOP)
        browser._timeout = 0.5
        with pytest.raises(BrowserError, match=r"did not answer within 0\.5 seconds, and was killed$"):
            browser.screenshot(RED, width=300)

        assert [] == lasting(group)
        assert [] == list(temporary.iterdir())


@needs_chromium
def test_an_interrupted_one_is_killed(temporary: Path) -> None:
    """Ctrl-C leaves nothing behind either."""
    browser = Chromium()
    browser.screenshot(RED, width=300)
    group = processes(browser)
    os.killpg(group, signal.SIGSTOP)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        browser.screenshot(RED, width=300)

    assert [] == lasting(group)
    assert [] == list(temporary.iterdir())


@needs_chromium
def test_a_page_that_crashes() -> None:
    """Where the page dies but not the browser, that is told at once."""
    with Chromium() as chromium, chromium._conversation() as browser:
        tab = Tab(browser, RED).__enter__()  # which would else be closed
        tab.load()
        for renderer in living(browser._process.pid, "--type=renderer"):
            os.kill(renderer, signal.SIGKILL)
        with pytest.raises(BrowserError, match=r"^the document crashed the browser$"):
            tab.height()


@needs_chromium
def test_what_the_browser_refuses(chromium: Chromium) -> None:
    """A command that it does not take is an error with the browser's words."""
    words = r"^the browser could not show the document: Page\.nonsense: 'Page\.nonsense' wasn't found$"
    with pytest.raises(BrowserError, match=words), chromium._conversation() as browser, Tab(browser, RED) as tab:
        tab._call("Page.nonsense")

    assert issubclass(BrowserError, NotifyError)


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What NOTIFY_CHROMIUM names, by path or by name, goes before what is on PATH, in the order of the usual names."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = []
    for name in (*reversed(NAMES), "other"):
        script(tmp_path / name, "")
        found.append(find_chromium())
    (tmp_path / "no-program").touch()

    assert [tmp_path / name for name in (*reversed(NAMES), "chromium")] == found
    for name, path in (("other", tmp_path / "other"), (str(tmp_path / "other"), tmp_path / "other"), ("", found[-1])):
        monkeypatch.setenv("NOTIFY_CHROMIUM", name)
        assert path == require_chromium()
    for name in ("missing", str(tmp_path / "no-program")):
        monkeypatch.setenv("NOTIFY_CHROMIUM", name)
        assert find_chromium() is None
        with pytest.raises(ConfigError, match=f"NOTIFY_CHROMIUM names '{name}', which is no program that can be run"):
            require_chromium()


def test_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what was looked for, and how to name another."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with Chromium() as browser, pytest.raises(ConfigError) as caught:
        browser.screenshot(RED, width=300)

    assert (
        "screenshots need Chromium or Chrome, and none was found: looked for chromium, chromium-browser, "
        "google-chrome, google-chrome-stable, chrome on PATH; install one, or name another in NOTIFY_CHROMIUM"
    ) == str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exit 0", "/browser ended by itself$"),
        ("echo first >&2; echo 'unknown option' >&2; exit 2", "/browser ended by itself; it said: unknown option$"),
        ("echo '[1:1:ERROR] a'; echo '[1:1:FATAL:x] No usable sandbox!'; echo '#0 0x0'; exit 1", "No usable sandbox!$"),
        ("exec sleep 60", r"/browser did not answer within 1 seconds, and was killed$"),
    ],
)
@pytest.mark.usefixtures("temporary")
def test_what_is_no_browser(tmp_path: Path, text: str, words: str) -> None:
    """A program that does not speak as Chromium does is a fault of the configuration, told with what it says."""
    program = script(tmp_path / "browser", text)
    with pytest.raises(ConfigError, match=words), Chromium(program, timeout=1) as browser:
        browser.screenshot(RED, width=300)
