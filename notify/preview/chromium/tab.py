"""A page of the browser that shows one document, and can load nothing else."""

from __future__ import annotations

import base64
import contextlib
import math
from typing import TYPE_CHECKING, Any, Self

from notify.errors import BrowserError

if TYPE_CHECKING:
    from notify.preview.chromium.browser import Browser

_URL = "https://mail.invalid/"  # a name that never exists (RFC 2606, section 2)


class Tab:
    """A page for one document, which is all that it can load."""

    def __init__(self, browser: Browser, html: str) -> None:
        self._browser = browser
        self._document: bytes | None = html.encode("utf-8", "replace")
        self._loaded: set[str] = set()
        self._session: str | None = None
        self._target = ""

    def __enter__(self) -> Self:
        self._target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self._call("Inspector.enable")  # tells of a crash
        self._call("Emulation.setScriptExecutionDisabled", value=True)
        self._call("Fetch.enable")  # every request waits for `_answer`
        self._call("Page.enable")
        self._call("Page.setLifecycleEventsEnabled", enabled=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._session = None
            self._call("Target.closeTarget", targetId=self._target)

    def resize(self, width: int, height: int, scale: float, *, dark: bool) -> None:
        """Make the window so large, and the reader prefer a scheme."""
        size = {"width": width, "height": height, "screenWidth": width, "screenHeight": height}
        self._call("Emulation.setDeviceMetricsOverride", **size, deviceScaleFactor=scale, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def load(self) -> None:
        """Load the document with all that it holds."""
        loader = self._call("Page.navigate", url=_URL)["loaderId"]
        while loader not in self._loaded:
            self._notice(self._browser.receive())

    def height(self) -> int:
        """Of the whole document: what is scrolled over, or, where all fits into the window, what is filled."""
        metrics = self._call("Page.getLayoutMetrics")
        height: float = metrics["cssContentSize"]["height"]
        if height <= metrics["cssLayoutViewport"]["clientHeight"]:
            children = self._call("DOM.getDocument", depth=1)["root"]["children"]
            root = next(node["nodeId"] for node in children if node["nodeName"] == "HTML")
            with contextlib.suppress(BrowserError):  # it has no box
                height = self._call("DOM.getBoxModel", nodeId=root)["model"]["border"][5]
        return max(1, math.ceil(height))

    def picture(self, width: int, height: int) -> bytes:
        """A PNG of the document's upper left corner."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        data: str = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        return base64.b64decode(data)

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = self._browser.post(method, self._session, **params)
        while (message := self._browser.receive()).get("id") != number:
            self._notice(message)
        if "error" in message:
            raise BrowserError(f"the browser could not show the document: {method}: {message['error']['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def _notice(self, message: dict[str, Any]) -> None:
        """Act on an event of this page; those of others are late."""
        method, params = message.get("method"), message.get("params", {})
        if self._session is None or message.get("sessionId") != self._session:
            return
        if method == "Fetch.requestPaused":
            self._answer(params["requestId"], params["request"]["url"])
        elif method == "Page.lifecycleEvent" and params["name"] == "load":
            self._loaded.add(params["loaderId"])
        elif method == "Inspector.targetCrashed":
            raise BrowserError("the document crashed the browser")

    def _answer(self, request: str, url: str) -> None:
        """Serve the document, once; everything else cannot be had, whether a part of it or where it leads to."""
        if url != _URL or self._document is None:
            self._browser.post("Fetch.failRequest", self._session, requestId=request, errorReason="Aborted")
            return
        headers = [{"name": "Content-Type", "value": "text/html; charset=utf-8"}]
        body, self._document = base64.b64encode(self._document).decode(), None
        answer = {"requestId": request, "responseCode": 200, "responseHeaders": headers, "body": body}
        self._browser.post("Fetch.fulfillRequest", self._session, **answer)
