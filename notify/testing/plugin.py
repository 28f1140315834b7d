"""The pytest plugin: fixtures, and notifications as test items.

pytest imports this module in every run, so that everything else is imported when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from notify.testing.wanted import Wanted, add_options, configuration_path, configurations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Unpack

    from notify.call import Keywords
    from notify.message import Message
    from notify.testing.items import NotifyFile
    from notify.testing.mailbox import Mailbox

pytest.register_assert_rewrite("notify.testing.conformance")
_WANTED = pytest.StashKey[Wanted]()
_PATHS = pytest.StashKey["list[Path]"]()


class Render(Protocol):
    """What the fixture `notify_render` gives."""

    def __call__(self, name: str, sample: str | None = None, **call: Unpack[Keywords]) -> Message:
        """The message of a notification: of a sample, or of the keywords of `Notifier.render`, or of both."""
        ...


@pytest.fixture
def notify_mailbox() -> Iterator[Mailbox]:
    """What any Notifier sends while the test runs, instead of sending it."""
    from notify.testing.diverting import capturing

    with capturing() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def notify_render(pytestconfig: pytest.Config) -> Render:
    """Renders a notification of the project, which is read once: `notify_render("order_shipped", "default")`."""
    from notify.testing.render import Renderer

    return Renderer(configuration_path(pytestconfig))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and ini keys."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Note what is wanted; where no notify.yaml is named, the project's is one more argument."""
    wanted = Wanted.of(config)
    covered = config.getoption("--notify-coverage") is not None
    if not (wanted.anything or covered):
        return
    from notify.errors import ConfigError

    try:
        paths = configurations(config)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[_WANTED], config.stash[_PATHS] = wanted, paths
    if wanted.anything:
        given = {(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args}
        config.args += [str(path) for path in paths if path not in given]
    if covered and not hasattr(config, "workerinput"):
        from notify.testing.reporting import Reporter

        config.pluginmanager.register(Reporter(paths, config.getoption("--notify-coverage")), "notify-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> NotifyFile | None:
    """Collect notify.yaml, where its items are wanted."""
    wanted = parent.config.stash.get(_WANTED, None)
    if wanted is None or not wanted.anything or file_path.resolve() not in parent.config.stash[_PATHS]:
        return None
    from notify.testing.items import NotifyFile

    return NotifyFile.of(parent, file_path, wanted)
