"""What transports say to their servers, as they log it: without secrets, and without the mails themselves."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


def _show(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it so
    if wanted:
        ctx.with_resource(_shown())


transcript_option = click.option(
    "--transcript",
    is_flag=True,
    expose_value=False,
    callback=_show,
    help="Show what is said to the server and by it, without secrets.",
)


@contextlib.contextmanager
def _shown() -> Iterator[None]:
    """Show it on stderr inside the block."""
    logger, handler = logging.getLogger("notify"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
