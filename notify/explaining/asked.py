"""What a call asks for, and by which of its options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.configuration import Found
    from notify.yamlnodes import MappingNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The call to explain; None, or nothing, where an option is not given.

    Attributes:
        found: the configuration file, and what led to it.
        environment: the name of the environment.
        transport: a transport's name, or a DSN.
        to: the recipients.
        cc: those of a copy.
        bcc: those of a blind copy.
        sample: the sample that the params begin with, also where it is taken unasked.
        params: all params, whatever they come from.
        node: where the params of the sample and of a file are written.
        assigned: the way to each value of `--set`, in the order of the call.
        locale: the locale.
        theme: the theme.
        via: the name of a transport, instead of the one that is selected.
        dotenv: the variables that `.env` has set.
    """

    found: Found | None = None
    environment: str | None = None
    transport: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    sample: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    node: MappingNode | None = field(default=None, repr=False)
    assigned: tuple[tuple[str, ...], ...] = ()
    locale: str | None = None
    theme: str | None = None
    via: str | None = None
    dotenv: frozenset[str] = frozenset()
