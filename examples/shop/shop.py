"""Sends two of the shop's notifications: into files, unless NOTIFY_ENV or NOTIFY_TRANSPORT say otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from notify import Notifier


def main() -> None:
    """Welcome a customer in French and tell another one that a parcel left."""
    with Notifier.load(Path(__file__).with_name("notify.yaml")) as notifier:
        welcome = notifier.send(
            "welcome",
            to="Zoé Lefèvre <zoe@example.com>",
            params={"name": "Zoé", "confirm_url": "https://acme.example/confirm/7f3a9c"},
            locale="fr",
        )
        shipped = notifier.send(
            "order_shipped",
            to="Ada Lovelace <ada@example.com>",
            params={
                "customer": {"name": "Ada", "email": "ada@example.com"},
                "order_number": "A-1001",
                "carrier": "Northern Parcel",
                "arrives": date(2026, 3, 5),
                "tracking_url": "https://parcel.example/track/NP483920175GB",
                "items": [{"name": "Teapot, blue stoneware", "quantity": 1, "price": Decimal("38.00")}],
            },
        )
    for receipt in (welcome, shipped):
        print(f"{receipt.transport} took {receipt.message_id} for {', '.join(receipt.accepted)}")


if __name__ == "__main__":
    main()
