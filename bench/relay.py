"""A long way: a relay on loopback that holds every octet for half a round trip, in each direction.

`python -m bench.relay PORT HOST:PORT SECONDS` listens on a port of loopback and holds for SECONDS there and back.

On a real path a connection costs a round trip before the client may send, and the greeting another; here the kernel
accepts at once, so the relay waits one and a half before it connects onwards, and the greeting arrives two round trips
after the client began. Slow start is not modelled: a mail of some KB fits into the first window.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys


async def serve(host: str, port: int, round_trip: float, *, listen: int = 0) -> asyncio.Server:
    """A relay to a server.

    Args:
        host: where the server is.
        port: its port.
        round_trip: seconds.
        listen: the relay's own port, on loopback; by default a free one.
    """

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.5 * round_trip)
        try:
            onward_reader, onward_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            _carry(reader, onward_writer, round_trip / 2),
            _carry(onward_reader, writer, round_trip / 2),
        )
        for each in (onward_writer, writer):
            each.close()

    return await asyncio.start_server(relay, "127.0.0.1", listen, backlog=100)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Everything one way, each piece `delay` seconds after it came; at the end, the end."""
    now = asyncio.get_running_loop().time
    held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def let_go() -> None:
        with contextlib.suppress(OSError):
            while True:
                due, octets = await held.get()
                await asyncio.sleep(max(0.0, due - now()))
                if not octets:
                    writer.write_eof()
                    return
                writer.write(octets)
                await writer.drain()

    sender = asyncio.create_task(let_go())
    octets = b"-"
    while octets:
        try:
            octets = await reader.read(65536)
        except OSError:
            octets = b""
        held.put_nowait((now() + delay, octets))
    await sender


async def _main(listen: int, target: str, round_trip: float) -> None:
    host, _, port = target.rpartition(":")
    async with await serve(host, int(port), round_trip, listen=listen) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
