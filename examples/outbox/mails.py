# fmt: off
# ruff: noqa
"""The notifications of this project, as typed callables.

Written by `notify codegen`; what is changed here is lost when it is written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypeAlias, TypedDict

from notify.codegen.prepared import UNSET, Prepared, params_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal

    from notify import Notifier


class OrderPlaced:
    """The notification `order_placed`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        name: str,
        order_number: int,
        article: str,
        total: Decimal | int | str,
    ) -> Prepared:
        """Sent when an order was placed; in the same transaction as the order itself."""
        return Prepared(self._notifier, "order_placed", {
            "name": name,
            "order_number": order_number,
            "article": article,
            "total": total,
        })


class SignInCode:
    """The notification `sign_in_code`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        code: str,
        minutes: int = UNSET,
    ) -> Prepared:
        """A code to sign in with. It is stored encrypted where NOTIFY_OUTBOX_KEY is set, and shown nowhere.

        Args:
            minutes: default 10
        """
        return Prepared(self._notifier, "sign_in_code", {
            "code": code,
            "minutes": minutes,
        })


class Notifications:
    """Every notification of the project."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self.order_placed = OrderPlaced(notifier)
        self.sign_in_code = SignInCode(notifier)
