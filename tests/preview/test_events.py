"""Events: from any thread to every page."""

from __future__ import annotations

import asyncio
import threading
from contextlib import ExitStack

from patience import PATIENCE

from notify.preview.events import Event, Hub


def test_an_event_on_the_wire() -> None:
    """It is a server-sent event of one line of JSON, whatever its data holds."""
    assert b"event: mail\ndata: {}\n\n" == Event("mail").encoded()
    assert b'event: x\ndata: {"a": "1\\n\\n2\\u00e9"}\n\n' == Event("x", {"a": "1\n\n2é"}).encoded()


def test_everybody_hears_in_order() -> None:
    """Each subscriber gets each event once, in order, from whatever thread; and nothing after the block."""
    hub = Hub()
    counts: list[int] = []

    def publish() -> None:
        for number in range(10):
            hub.publish("n", number=number)

    async def listen() -> tuple[list[Event], list[Event]]:
        with (
            hub.subscription(lambda: counts.append(len(hub))) as one,
            hub.subscription(lambda: counts.append(len(hub))) as other,
        ):
            thread = threading.Thread(target=publish)
            thread.start()
            heard = [await asyncio.wait_for(one.get(), PATIENCE) for _ in range(10)]
            also = [await asyncio.wait_for(other.get(), PATIENCE) for _ in range(10)]
            thread.join()
        hub.publish("late")
        await asyncio.sleep(0)
        assert one.empty()
        return heard, also

    heard, also = asyncio.run(listen())

    assert [Event("n", {"number": n}) for n in range(10)] == heard == also
    assert [1, 2, 1, 0] == counts


def test_who_falls_behind_starts_over() -> None:
    """A page that takes no events loses them, and is told."""
    hub = Hub()

    async def listen() -> list[str]:
        with hub.subscription() as queue:
            for number in range(250):
                hub.publish("n", number=number)
            await asyncio.sleep(0.05)
            return [queue.get_nowait().kind for _ in range(queue.qsize())]

    kinds = asyncio.run(listen())

    assert "reset" == kinds[0]
    assert ["n"] * 49 == kinds[1:]


def test_a_loop_that_is_closed() -> None:
    """Subscribers whose event loop is gone do no harm."""
    hub = Hub()
    loop = asyncio.new_event_loop()

    stays = ExitStack()

    async def stay() -> None:
        stays.enter_context(hub.subscription())

    loop.run_until_complete(stay())
    loop.close()
    hub.publish("x")

    assert 1 == len(hub)
    stays.close()


def test_a_signal_may_publish() -> None:
    """Whoever interrupts a publisher, as a signal's handler does, may publish too."""
    hub = Hub()

    with hub._lock:
        hub.publish("bye")

    assert 0 == len(hub)
