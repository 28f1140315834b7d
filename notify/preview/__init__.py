"""The preview: every notification, every sample, every language, as it will arrive.

`notify preview` serves it; any ASGI application can mount it:

```python
import notify.preview

application.mount("/_notify", notify.preview.app(notifier))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from notify import Notifier
    from notify.preview.web.guarding import Guard

DEVELOPMENT = frozenset({"development", "dev", "local", "test"})
"""The environments in which a preview needs no guard."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def app(
    notifier: Notifier,
    *,
    guard: Guard | None = None,
    live: bool = True,
    keep: int = 1000,
    keep_days: float = 30,
) -> ASGIApp:
    r"""The preview of a notifier as an ASGI application, to be mounted in another.

    Without a guard it answers in an environment for development only, to this machine only, and follows changes of
    definitions; in all others every request gets 404. With a guard it answers wherever the guard lets it, and writes
    no file of the project; captured mail can be deleted all the same.

    Args:
        notifier: what is previewed.
        guard: takes the `starlette.requests.Request` and says whether it may pass; may be a coroutine function.
        live: whether pages hear of changes as they happen, over server-sent events; switch it off behind WSGI.
        keep: how many captured mails the mailbox keeps.
        keep_days: for how many days it keeps them.

    Raises:
        ConfigError: the extra `preview` is not installed.
    """
    require()
    from notify.preview.application import application
    from notify.preview.desk import Desk
    from notify.preview.project import Project
    from notify.preview.web.guarding import switched_off

    if guard is None and notifier.environment not in DEVELOPMENT:
        return switched_off(notifier.environment)
    local = guard is None
    project = Project(notifier, follow=local and follows_files(notifier))
    desk = Desk(project, local=local, keep=keep, keep_days=keep_days, live=live)
    return application(desk, hosts=LOOPBACK if local else None, guard=guard)


def require() -> None:
    """Find out whether the extra `preview` is installed.

    Raises:
        ConfigError: it is not.
    """
    from importlib.util import find_spec

    from notify.errors import ConfigError

    missing = [name for name in ("starlette", "uvicorn", "watchfiles", "pygments") if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"the preview is not installed ({missing[0]} is missing): pip install 'notify-framework[preview]'"
        )


def follows_files(notifier: Notifier) -> bool:
    """Whether the notifier's definitions are those of its configuration's folders, whose files can be followed."""
    from notify.errors import ConfigError

    try:
        reading = notifier.configuration.catalog_files().read()
    except ConfigError:
        return False
    return set(notifier.catalog) == set(reading.files)
