"""notify: define a notification once, see it, prove it, send it anywhere.

```python
from notify import Notifier

notifier = Notifier.load()
receipt = notifier.send("order_shipped", to="Ada <ada@example.com>", params={"order_number": "A-1001"})
```

Names are imported when they are first used, so that `import notify` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.addresses import Address, AddressLike
    from notify.catalog import Catalog
    from notify.definition import Definition
    from notify.delivery import Progress, Receipts
    from notify.errors import (
        AddressError,
        ConfigError,
        DefinitionError,
        DeliveryError,
        Interrupted,
        MessageError,
        NotifyError,
        ParamsError,
        PluginError,
        RefusedError,
        RenderError,
        SuppressedError,
        TemporaryError,
        ThrottledError,
        TransportConfigError,
        UnknownNotificationError,
        UnknownOutcomeError,
    )
    from notify.hookspecs import hookimpl
    from notify.message import Attachment, Envelope, Message
    from notify.notifier import Notifier
    from notify.receipt import Receipt
    from notify.secret import Secret
    from notify.settings import setting
    from notify.transport import Capabilities, Transport

__version__ = "0.1.0"

_HOME = {
    "Address": "addresses",
    "AddressError": "errors",
    "AddressLike": "addresses",
    "Attachment": "message",
    "Capabilities": "transport",
    "Catalog": "catalog",
    "ConfigError": "errors",
    "Definition": "definition",
    "DefinitionError": "errors",
    "DeliveryError": "errors",
    "Envelope": "message",
    "Interrupted": "errors",
    "Message": "message",
    "MessageError": "errors",
    "Notifier": "notifier",
    "NotifyError": "errors",
    "ParamsError": "errors",
    "PluginError": "errors",
    "Progress": "delivery",
    "Receipt": "receipt",
    "Receipts": "delivery",
    "RefusedError": "errors",
    "RenderError": "errors",
    "Secret": "secret",
    "SuppressedError": "errors",
    "TemporaryError": "errors",
    "ThrottledError": "errors",
    "Transport": "transport",
    "TransportConfigError": "errors",
    "UnknownNotificationError": "errors",
    "UnknownOutcomeError": "errors",
    "hookimpl": "hookspecs",
    "setting": "settings",
}

__all__ = [
    "Address",
    "AddressError",
    "AddressLike",
    "Attachment",
    "Capabilities",
    "Catalog",
    "ConfigError",
    "Definition",
    "DefinitionError",
    "DeliveryError",
    "Envelope",
    "Interrupted",
    "Message",
    "MessageError",
    "Notifier",
    "NotifyError",
    "ParamsError",
    "PluginError",
    "Progress",
    "Receipt",
    "Receipts",
    "RefusedError",
    "RenderError",
    "Secret",
    "SuppressedError",
    "TemporaryError",
    "ThrottledError",
    "Transport",
    "TransportConfigError",
    "UnknownNotificationError",
    "UnknownOutcomeError",
    "__version__",
    "hookimpl",
    "setting",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'notify' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"notify.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
