"""The project under test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from notify import Notifier

ONCE, TWICE = POLICIES = ("at_most_once", "at_least_once")
"""The notifications have the names of their policies."""
_SETTINGS = """
sender: Shop <shop@acme.example>
outbox: {url}
plugins: {plugins}
default_environment: production
environments: {{production: {{transport: smtp}}}}
transports:
  smtp: {{host: 127.0.0.1, port: {port}, tls: none, pool: 2, timeout: 20, local_hostname: "${{CRASH_NAME:-w0}}"}}
"""
_NOTIFICATION = """
subject: "Number {{{{ name }}}}"
text: |
  This is number {{{{ name }}}}.
  {{% for _ in range(lines) %}}
  {{{{ '%060d' | format(loop.index) }}}}
  {{% endfor %}}
delivery: {delivery}
params: {{name: str, lines: int}}
samples: {{default: {{name: "1", lines: 0}}}}
"""


def make_shop(folder: Path, url: str, port: int) -> Path:
    """Write the project, whose outbox and server are these; its folder."""
    shop = folder / "shop"
    (shop / "notifications").mkdir(parents=True)
    (folder / "struck").mkdir()
    plugins = Path(__file__).parent / "plugins"
    (shop / "notify.yaml").write_text(_SETTINGS.format(url=url, port=port, plugins=plugins), encoding="utf-8")
    for delivery in POLICIES:
        text = _NOTIFICATION.format(delivery=delivery)
        (shop / "notifications" / f"{delivery}.yaml").write_text(text, encoding="utf-8")
    return shop


@cache
def notifier_of(folder: str) -> Notifier:
    """The project's notifier, loaded and warm. It has no connection yet, and may be found in a fork."""
    notifier = Notifier.load(Path(folder) / "shop")
    for delivery in POLICIES:
        notifier.render(delivery, to="0.none@crash.example", params={"name": "0", "lines": 0})
    return notifier
