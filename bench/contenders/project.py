"""notify itself, through its public interface: definitions in YAML, params validated, CSS inlined."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from bench.workload import PROJECT, contexts
from notify import Attachment, Notifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bench.workload import Context
    from notify import Receipt


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """Octets for a server that takes 8 bits, as nearly all do."""
    notifier = _notifier("null:")

    def make(context: Context) -> bytes:
        return notifier.render(case, to=context.to, params=context.params).as_bytes(eight_bit=True)

    return lambda contexts: map(make, contexts)


def attach() -> Callable[[Sequence[bytes]], Iterator[bytes]]:
    """`order_shipped` with the content as an attachment."""
    notifier = _notifier("null:")
    people = cycle(contexts("order_shipped"))

    def make(content: bytes) -> bytes:
        context, attachment = next(people), Attachment("invoice.pdf", content=content)
        message = notifier.render("order_shipped", to=context.to, params=context.params, attachments=attachment)
        return message.as_bytes(eight_bit=True)

    return lambda contents: map(make, contents)


def deliver(host: str, port: int, connections: int) -> Callable[[Sequence[object]], None]:
    """Messages rendered before; their octets are made when the server's extensions are known, as in real use."""
    notifier = _notifier(_dsn(host, port, connections))
    messages = [
        notifier.render("order_shipped", to=context.to, params=context.params) for context in contexts("order_shipped")
    ]

    def send(todo: Sequence[object]) -> None:
        _accepted(notifier.deliver_many(islice(cycle(messages), len(todo))))
        notifier.close()

    return send


def endtoend(host: str, port: int) -> Callable[[Sequence[Context]], None]:
    """Rendered and sent over one connection."""
    notifier = _notifier(_dsn(host, port, 1))

    def send(todo: Sequence[Context]) -> None:
        _accepted(notifier.send_many("order_shipped", ((context.to, context.params) for context in todo)))
        notifier.close()

    return send


def _notifier(transport: str) -> Notifier:
    return Notifier.load(PROJECT, environment="bench", transport=transport)


def _dsn(host: str, port: int, connections: int) -> str:
    # No other client here gives up a connection that works, so neither does this one.
    return f"smtp+none://{host}:{port}?pool={connections}&messages_per_connection=1000000"


def _accepted(receipts: Iterable[Receipt]) -> None:
    for receipt in receipts:
        if not receipt.accepted:
            raise RuntimeError(f"not accepted: {dict(receipt.rejected)}")
