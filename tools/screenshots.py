"""Takes the pictures of the manual: the preview of the example shop, in a headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.preview.chromium import require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
NOTIFY = str(Path(sys.executable).with_name("notify"))
WIDE, PHONE = (1440, 900), (390, 844)
MISTAKE = ("customer.name", "customer.nmae")


def main() -> None:
    """Write all pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        shop = Path(temporary) / "shop"
        shutil.copytree(ROOT / "examples" / "shop", shop, ignore=shutil.ignore_patterns(".notify"))
        subprocess.run([NOTIFY, "demo", "--no-smtp"], cwd=shop, check=True, capture_output=True)  # noqa: S603
        command = [NOTIFY, "preview", "--port", "0"]
        server = subprocess.Popen(command, cwd=shop, stderr=subprocess.PIPE, text=True)  # noqa: S603
        browser = playwright.chromium.launch(executable_path=str(require_chromium()), args=["--no-sandbox"])
        try:
            found = re.search(r"http://\S+", server.stderr.readline() if server.stderr else "")
            if found is None:
                raise SystemExit("the preview does not start")
            _take_all(browser, found[0].rstrip("/"), shop)
        finally:
            browser.close()
            server.terminate()
            server.wait(10)


def _take_all(browser: Browser, url: str, shop: Path) -> None:
    _take(browser, "index", f"{url}/")
    _take(browser, "workbench", f"{url}/n/order_confirmation/default")
    _take(browser, "dark", f"{url}/n/order_confirmation/default?scheme=dark&panel=links", scheme="dark")
    _take(browser, "phone", f"{url}/n/order_confirmation/default", size=PHONE)
    _take(browser, "mailbox", f"{url}/mailbox")
    _take(browser, "matrix", f"{url}/n/welcome/default/matrix")
    template = shop / "templates" / "order_confirmation.html"
    source = template.read_text(encoding="utf-8")
    # It was looked at before, so that the last good rendering is there to be kept.
    template.write_text(source.replace(*MISTAKE), encoding="utf-8")
    _take(browser, "error", f"{url}/n/order_confirmation/default")


def _take(
    browser: Browser, name: str, url: str, *, size: tuple[int, int] = WIDE, scheme: Any = "light", scale: float = 1.0
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-listening]", state="attached")
    if page.query_selector("[data-frame]"):
        page.wait_for_selector("iframe[data-fitted]")
    page.wait_for_timeout(1500)
    path = IMAGES / f"preview_{name}.png"
    page.screenshot(path=path)
    context.close()
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
