"""Places orders. Each is a row of the shop's, and its mail is a row of the outbox, in one transaction.

With SHOP_BROKER set, Celery's workers are rung for; without, `notify worker` sees for itself that there is something.
"""

from __future__ import annotations

import os
from decimal import Decimal

import sqlalchemy as sa
from project import engine, metadata, notifier, orders

if "SHOP_BROKER" in os.environ:
    import tasks  # noqa: F401 - its doorbell rings whenever something is enqueued


class SoldOutError(Exception):
    """There is no such article any more."""


def place_order(name: str, email: str, article: str, total: Decimal) -> int:
    """The number of the order. Whatever fails, there is neither an order nor a mail."""
    with engine.begin() as connection:
        row = {"name": name, "email": email, "article": article, "total": total}
        number = connection.execute(sa.insert(orders).returning(orders.c.id), row).scalar_one()
        notifier.enqueue(
            "order_placed",
            to=(name, email),
            params={"name": name, "order_number": number, "article": article, "total": total},
            key=f"order:{number}",
            connection=connection,
        )
        if article == "Teapot, blue stoneware":
            raise SoldOutError(article)
    return number


def main() -> None:
    """Two orders, of which one comes to nothing, and a code to sign in with."""
    metadata.create_all(engine)
    number = place_order("Ada", "ada@example.com", "Tea cup", Decimal("9.50"))
    print(f"Ada has order {number}")
    try:
        place_order("Zoé", "zoe@example.com", "Teapot, blue stoneware", Decimal("38.00"))
    except SoldOutError as error:
        print(f"Zoé has none: {error} is sold out, and no mail says otherwise")
    job = notifier.enqueue("sign_in_code", to="Ada <ada@example.com>", params={"code": "482913"})
    print(f"Job {job.id} of the outbox is Ada's code")
    notifier.close()


if __name__ == "__main__":
    main()
