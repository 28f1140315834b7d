"""What makes one message the same each time it is made."""

from __future__ import annotations

from datetime import UTC, datetime

from notify.message.identity import Identity


def test_the_boundary_comes_of_the_message_id() -> None:
    """Of its own letters where we made it, else of its hash; the same each time."""
    ours = "<8a613c5e6411a048935916338d65b4b2@acme.example>"
    theirs = "<order.1@acme.example>"

    assert (ours, datetime(2025, 11, 27, 13, 52, 3, tzinfo=UTC), "=_+8a613c5e6411a048") == Identity.of(
        ours, 1764251523.9
    )
    assert Identity.of(theirs, 0.0) == Identity.of(theirs, 0.5)
    assert Identity.of(theirs, 0.0).boundary.removeprefix("=_+").isalnum()
    assert Identity.of(theirs, 0.0).boundary != Identity.of("<order.2@acme.example>", 0.0).boundary
