"""For whom a message is, where it is not for all whom it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from notify.errors import MessageError

if TYPE_CHECKING:
    from notify.addresses import Address


def as_only(only: Any, people: Iterable[Address]) -> tuple[str, ...]:
    """One bare address or several as a tuple, each once and in the order of `people`; None is none.

    Raises:
        MessageError: one of them is not an address of `people`, as `envelope.recipients` has it.
    """
    if only is None:
        return ()
    if isinstance(only, str):
        only = (only,)
    if not isinstance(only, Iterable):
        raise MessageError(f"only: expected a bare address, or several in a list, got {only!r:.80}")
    wanted = tuple(only)
    recipients = dict.fromkeys([address.email for address in people])
    for email in wanted:
        if not isinstance(email, str) or email not in recipients:
            raise MessageError(
                f"only: {email!r:.80} is no recipient of the message; give addresses of its envelope, without names"
            )
    return tuple(email for email in recipients if email in wanted)
