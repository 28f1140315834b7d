"""What the command line and the ini file ask of the pytest plugin."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

EXAMPLES = 50
MAX_BYTES = 10_000_000


def add_options(parser: pytest.Parser) -> None:
    """Declare the options and ini keys."""
    group = parser.getgroup("notify", "notifications")
    group.addoption("--notify-samples", action="store_true", help="Test every sample of every notification.")
    group.addoption("--notify-golden", action="store_true", help="Compare every mail with its golden file.")
    group.addoption("--notify-update", action="store_true", help="Write the golden files, and remove those of no mail.")
    group.addoption(
        "--notify-properties", action="store_true", help="Render notifications with params made of their types."
    )
    group.addoption(
        "--notify-coverage",
        metavar="MIN",
        nargs="?",
        type=float,
        const=0.0,
        default=None,
        help="Report which arms of templates no sample reaches, and fail if fewer than MIN percent are reached.",
    )
    parser.addini("notify_config", "notify.yaml, or its folder; by default as `notify` finds it.", default="")
    parser.addini("notify_samples", "As --notify-samples, where no file is named.", type="bool", default=False)
    parser.addini("notify_golden", "As --notify-golden, where no file is named.", type="bool", default=False)
    parser.addini("notify_properties", "As --notify-properties, where no file is named.", type="bool", default=False)
    parser.addini("notify_examples", "How often --notify-properties renders a notification.", default=str(EXAMPLES))
    parser.addini("notify_max_bytes", "The largest mail in octets that passes.", default=str(MAX_BYTES))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        samples, golden, properties: which items are collected.
        update: whether golden files are written.
        examples: how often a notification is rendered with made-up params.
        max_bytes: the largest mail that passes then.
    """

    samples: bool
    golden: bool
    properties: bool
    update: bool
    examples: int
    max_bytes: int

    @classmethod
    def of(cls, config: pytest.Config) -> Wanted:
        """What a run asks for. The ini file counts where the command line names no files.

        Raises:
            UsageError: a number is none.
        """
        everything = config.args_source is not config.ArgsSource.ARGS or bool(_named(config))

        def asked(name: str) -> bool:
            return bool(config.getoption(f"--notify-{name}")) or (everything and bool(config.getini(f"notify_{name}")))

        update = bool(config.getoption("--notify-update"))
        return cls(
            samples=asked("samples"),
            golden=asked("golden") or update,
            properties=asked("properties"),
            update=update,
            examples=_number(config, "notify_examples"),
            max_bytes=_number(config, "notify_max_bytes"),
        )

    @property
    def anything(self) -> bool:
        """Whether there are items to collect."""
        return self.samples or self.golden or self.properties


def configurations(config: pytest.Config) -> list[Path]:
    """The files that are tested: those that the command line names, else the project's.

    Raises:
        ConfigError: there is none.
    """
    return _named(config) or [configuration_path(config)]


def configuration_path(config: pytest.Config) -> Path:
    """The project's notify.yaml.

    Raises:
        ConfigError: there is none.
    """
    from notify.configuration.find import find_configuration

    given = str(config.getini("notify_config"))
    return find_configuration(config.rootpath / given if given else None).resolve()


def _named(config: pytest.Config) -> list[Path]:
    """The configurations among the arguments; with pytest-xdist those that were added for the workers, too."""
    arguments = (config.invocation_params.dir / argument.partition("::")[0] for argument in config.args)
    names = {
        "notify.yaml",
        Path(str(config.getini("notify_config"))).name,
        Path(os.environ.get("NOTIFY_CONFIG", "")).name,
    }
    return [path.resolve() for path in dict.fromkeys(arguments) if path.name in names and path.is_file()]


def _number(config: pytest.Config, name: str) -> int:
    import pytest

    text = str(config.getini(name))
    if not text.isdecimal() or int(text) < 1:
        raise pytest.UsageError(f"{name}: expected a whole number of at least 1, got {text!r}")
    return int(text)
