"""Where the libraries of the observing plugins are not installed, or not used, there is nothing of them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys, warnings
warnings.simplefilter("error")
for name in {absent}:
    sys.modules[name] = None
from notify.plugins import Plugins
plugins = Plugins()
hooks = {{
    plugin: [caller.name for caller in plugins._manager.get_hookcallers(plugins._manager.get_plugin(plugin)) or ()]
    for plugin in ("prometheus", "opentelemetry")
}}
libraries = [name for name in ("prometheus_client", "opentelemetry.trace") if sys.modules.get(name)]
print(json.dumps([hooks, libraries]))
"""
BOTH = {
    "prometheus": ["notify_delivered", "notify_event", "notify_failed"],
    "opentelemetry": ["notify_delivered", "notify_failed"],
}


@pytest.mark.parametrize(
    ("absent", "without"),
    [
        ([], []),
        (["prometheus_client"], ["prometheus"]),
        (["opentelemetry"], ["opentelemetry"]),
        (["opentelemetry.trace"], ["opentelemetry"]),
        (["prometheus_client", "opentelemetry"], ["prometheus", "opentelemetry"]),
    ],
    ids=["both are there", "no prometheus", "no opentelemetry", "only its namespace", "neither"],
)
def test_a_plugin_without_its_library_implements_nothing(absent: list[str], without: list[str]) -> None:
    """It is loaded all the same, and neither library is imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(absent=absent)], check=True, capture_output=True, text=True
    )
    hooks, libraries = json.loads(done.stdout)

    assert {name: [] if name in without else found for name, found in BOTH.items()} == {
        name: sorted(found) for name, found in hooks.items()
    }
    assert [] == libraries
    assert "" == done.stderr
