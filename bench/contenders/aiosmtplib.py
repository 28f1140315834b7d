"""aiosmtplib, with lasting connections side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiosmtplib

from bench.workload import SENDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def deliver(host: str, port: int, connections: int) -> Callable[[Sequence[tuple[str, bytes]]], None]:
    """Messages dealt out to so many connections."""

    async def lane(messages: Sequence[tuple[str, bytes]]) -> None:
        client = aiosmtplib.SMTP(
            hostname=host, port=port, use_tls=False, start_tls=False, local_hostname="bench.example"
        )
        async with client:
            for address, octets in messages:
                await client.sendmail(SENDER[1], [address], octets)

    async def send(messages: Sequence[tuple[str, bytes]]) -> None:
        await asyncio.gather(*(lane(messages[number::connections]) for number in range(connections)))

    return lambda messages: asyncio.run(send(messages))
