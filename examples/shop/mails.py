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


class Customer(TypedDict):
    name: str
    email: str


class Item(TypedDict):
    name: str
    quantity: int
    price: Decimal | int | str


class WeeklyDigestArticle(TypedDict):
    title: str
    url: str
    summary: str


class Invoice:
    """The notification `invoice`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        customer: Customer,
        number: str,
        issued: date,
        due: date,
        amount: Decimal | int | str,
        pay_url: str,
    ) -> Prepared:
        """Carries an invoice as a PDF; the shop's logo is part of the mail."""
        return Prepared(self._notifier, "invoice", {
            "customer": customer,
            "number": number,
            "issued": issued,
            "due": due,
            "amount": amount,
            "pay_url": pay_url,
        })


class NewSignIn:
    """The notification `new_sign_in`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        name: str,
        device: str,
        place: str | None = None,
        ip: str,
        at: datetime,
        secure_url: str,
    ) -> Prepared:
        """Tells a customer that the account was used on a new device.

        Args:
            place: City and country, if known
        """
        return Prepared(self._notifier, "new_sign_in", {
            "name": name,
            "device": device,
            "place": place,
            "ip": ip,
            "at": at,
            "secure_url": secure_url,
        })


class OrderConfirmation:
    """The notification `order_confirmation`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        customer: Customer,
        order_number: str,
        placed: date,
        items: Sequence[Item],
        shipping: Decimal | int | str,
        total: Decimal | int | str,
        delivery_address: list[str] | tuple[str, ...],
        order_url: str,
    ) -> Prepared:
        """Confirms an order, with its items and totals.

        Args:
            delivery_address: One line each
        """
        return Prepared(self._notifier, "order_confirmation", {
            "customer": customer,
            "order_number": order_number,
            "placed": placed,
            "items": items,
            "shipping": shipping,
            "total": total,
            "delivery_address": delivery_address,
            "order_url": order_url,
        })


class OrderShipped:
    """The notification `order_shipped`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        customer: Customer,
        order_number: str,
        carrier: str,
        arrives: date,
        tracking_url: str,
        items: Sequence[Item],
        note: str | None = None,
    ) -> Prepared:
        """Sent when a parcel leaves the warehouse. Its template is written in place.

        Args:
            note: A line from the shop
        """
        return Prepared(self._notifier, "order_shipped", {
            "customer": customer,
            "order_number": order_number,
            "carrier": carrier,
            "arrives": arrives,
            "tracking_url": tracking_url,
            "items": items,
            "note": note,
        })


class PasswordReset:
    """The notification `password_reset`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        name: str,
        code: str,
        reset_url: str,
        minutes: int = UNSET,
    ) -> Prepared:
        """Sends the code and the link that set a new password.

        Args:
            code: The one-time code
            reset_url: Holds the token
            minutes: For how long both are valid; default 30
        """
        return Prepared(self._notifier, "password_reset", {
            "name": name,
            "code": code,
            "reset_url": reset_url,
            "minutes": minutes,
        })


class WeeklyDigest:
    """The notification `weekly_digest`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        name: str,
        week: int,
        articles: Sequence[WeeklyDigestArticle],
    ) -> Prepared:
        """What is new, for subscribers. Its body is Markdown, which makes both the HTML and the text."""
        return Prepared(self._notifier, "weekly_digest", {
            "name": name,
            "week": week,
            "articles": articles,
        })


class Welcome:
    """The notification `welcome`."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self,
        *,
        name: str,
        confirm_url: str,
    ) -> Prepared:
        """Greets a new customer, in English, French or Arabic."""
        return Prepared(self._notifier, "welcome", {
            "name": name,
            "confirm_url": confirm_url,
        })


class Notifications:
    """Every notification of the project."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self.invoice = Invoice(notifier)
        self.new_sign_in = NewSignIn(notifier)
        self.order_confirmation = OrderConfirmation(notifier)
        self.order_shipped = OrderShipped(notifier)
        self.password_reset = PasswordReset(notifier)
        self.weekly_digest = WeeklyDigest(notifier)
        self.welcome = Welcome(notifier)
