"""What all contenders do: two kinds of mail, and people with words of their own.

`order_shipped` is about 6.5 KB of HTML with 46 CSS rules and eight items, `password_reset` about 2.5 KB; both have
characters beyond ASCII, as real mail has. The templates are those of `bench/project`; each contender renders them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent / "project"
TEMPLATES = PROJECT / "templates"
CASES = ("order_shipped", "password_reset")
PARTS = ("html", "txt", "subject")
SENDER = ("Harbour Goods", "orders@example.com")
FROM = f"{SENDER[0]} <{SENDER[1]}>"
CONTEXTS = 500
_FIRST = (
    "Alice",
    "Bob",
    "Zoë",
    "Liam",
    "Noor",
    "Søren",
    "Maria",
    "Tom",
    "Jürgen",
    "Priya",
    "Chen",
    "O'Brien",
    "Sam & Jo",
)
_LAST = ("Smith", "Murphy", "García", "Novak", "Patel", "Kelly", "Weiss", "Brown", "Rossi")
_GOODS = (
    "Enamel mug, 350 ml", "Linen apron <navy>", "Oak chopping board", "Cast-iron pan 24 cm", "Beeswax candle",
    "Café curtain, écru", "Glass storage jar 1 l", "Tea towel, set of 3", "Salt & pepper mill", "Stoneware bowl",
)  # fmt: skip
_PASSWORD_RESET = ("name", "shop_name", "shop_url", "reset_url", "ip", "year")


@dataclass(frozen=True, slots=True)
class Context:
    """One message to make: who gets it, and the params of the template."""

    name: str
    email: str
    params: dict[str, Any]

    @property
    def to(self) -> tuple[str, str]:
        """The recipient as a (name, address) pair."""
        return self.name, self.email


def contexts(case: str, count: int = CONTEXTS) -> list[Context]:
    """The same contexts in each process and on each day."""
    chance = random.Random(20240611)  # noqa: S311 - nothing secret
    found = []
    for number in range(count):
        values = _values(chance, number)
        names = _PASSWORD_RESET if case == "password_reset" else values.keys() - {"reset_url", "ip"}
        params = {name: value for name, value in values.items() if name in names}
        found.append(Context(values["name"], f"user{number:05}@example.net", params))
    return found


def _values(chance: random.Random, number: int) -> dict[str, Any]:
    items, total = [], 0
    for _ in range(8):
        quantity, price = chance.randint(1, 4), chance.randint(350, 8900)
        total += quantity * price
        items.append(
            {
                "name": chance.choice(_GOODS),
                "sku": f"HG-{chance.randint(1, 99999):05}",
                "qty": quantity,
                "total": _money(quantity * price),
            }
        )
    shipping = 495 if total < 10000 else 0
    order, token = f"HG{chance.randint(1, 99999999):08}", f"{chance.getrandbits(128):032x}"
    return {
        "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        "order_id": order,
        "order_date": f"{chance.randint(1, 28)} March 2025",
        "eta": f"Friday, {chance.randint(1, 30)} April",
        "carrier": chance.choice(("An Post", "DHL", "UPS")),
        "tracking_no": f"{chance.randint(0, 10**12 - 1):012}",
        "tracking_url": f"https://shop.example.com/track/{order}?t={token}&utm_source=mail",
        "items": items,
        "subtotal": _money(total),
        "shipping": _money(shipping),
        "vat": _money(total * 23 // 123),
        "grand_total": _money(total + shipping),
        "street": f"{chance.randint(1, 200)} Quay Street",
        "postcode": f"D{chance.randint(1, 24):02} X{number:03}",
        "city": "Dublin",
        "country": "Ireland",
        "gift": number % 5 == 0,
        "support": "help@example.com",
        "shop_name": "Harbour Goods",
        "shop_url": "https://shop.example.com",
        "token": token[:16],
        "year": 2025,
        "reset_url": f"https://shop.example.com/reset/{token}",
        "ip": f"203.0.113.{chance.randint(1, 254)}",
    }


def _money(cents: int) -> str:
    return f"€ {cents // 100}.{cents % 100:02}"
