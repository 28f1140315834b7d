"""Rendering notifications of a project in a test."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from notify.definition import RECIPIENT
from notify.errors import ConfigError
from notify.notifier import Notifier
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from notify.call import Keywords
    from notify.message import Message


class Renderer:
    """Renders; the project is read when that is first asked for.

    Args:
        path: the project's notify.yaml.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def notifier(self) -> Notifier:
        """The project's notifier."""
        return Notifier.load(self._path).for_samples()

    def __call__(self, name: str, sample: str | None = None, **call: Unpack[Keywords]) -> Message:
        """The message of a notification; what the keywords say replaces what the sample says.

        Args:
            name: the notification's id.
            sample: the name of a sample; its params, recipient and locale are taken.
            call: the keywords of `Notifier.render`; `to` may be left out.

        Raises:
            ConfigError: there is no such sample.
            NotifyError: as `Notifier.render`.
        """
        keywords: dict[str, Any] = {"to": RECIPIENT}
        if sample is not None:
            samples = self.notifier.catalog[name].samples
            if sample not in samples:
                raise ConfigError(f"{name} has no sample {sample!r} ({did_you_mean(sample, samples) or 'it has none'})")
            found = samples[sample]
            keywords = {"to": found.to or RECIPIENT, "params": found.params, "locale": found.locale}
        return self.notifier.render(name, **{**keywords, **call})
