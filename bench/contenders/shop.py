"""The example shop's order confirmation: the built-in layout and components, decimals, dates, a derived preheader."""

from __future__ import annotations

import random
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.contenders.jinja import INLINER
from notify import Notifier
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.limits import Limits
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
NAME = "order_confirmation"
TO = ("Ada", "ada@example.com")
MESSAGES = 200
_NAMES = ("Ada", "Zoë Lefèvre", "Jürgen & Söhne", "O'Brien <sales>", "田中太郎")


def limit() -> Callable[[Sequence[object]], Iterator[object]]:
    """A bare Jinja2 render of the same templates with validated params, and one css-inline call."""
    from css_inline import CSSInliner

    notifier = _notifier()
    contexts = cycle(_contexts(notifier))
    html, text, subject = _templates(notifier)
    inliner = CSSInliner(**INLINER)

    def make(_: object) -> object:
        context = next(contexts)
        return inliner.inline(html.render(context)), text.render(context), subject.render(context)

    return lambda todo: map(make, todo)


def octets() -> Callable[[Sequence[object]], Iterator[bytes]]:
    """notify, to octets."""
    notifier = _notifier()
    calls = cycle(_params(notifier))

    def make(_: object) -> bytes:
        return notifier.render(NAME, to=TO, params=next(calls)).as_bytes(eight_bit=True)

    return lambda todo: map(make, todo)


def _notifier() -> Notifier:
    return Notifier.load(SHOP, environment="test", transport="null:")


def _params(notifier: Notifier) -> list[dict[str, Any]]:
    """What calls say: another customer, another order, other items and prices each time."""
    chance = random.Random(1)  # noqa: S311 - the same words each time
    sample = notifier.catalog[NAME].samples["default"].params
    return [
        {
            **sample,
            "customer": {"name": chance.choice(_NAMES), "email": f"customer{number}@example.com"},
            "order_number": f"A-{number}",
            "order_url": f"https://acme.example/orders/A-{number}?a=1&b={number}",
            "items": [
                {"name": f"Item {chance.randrange(10**6)}", "quantity": chance.randrange(1, 20), "price": f"{n}.95"}
                for n in range(len(sample["items"]))
            ],
        }
        for number in range(MESSAGES)
    ]


def _contexts(notifier: Notifier) -> list[dict[str, Any]]:
    contract = notifier.catalog[NAME].contract
    assert contract is not None
    to = {"name": TO[0], "email": TO[1]}
    given = {
        "recipient": to, "recipients": (to,), "sender": to, "locale": "en", "subject": "Your order", "preheader": "x",
        "notification": {"id": NAME, "category": "transactional"},
    }  # fmt: skip
    return [{**contract.validate(params, notification=NAME), **given} for params in _params(notifier)]


def _templates(notifier: Notifier) -> list[Any]:
    import jinja2

    options: dict[str, Any] = {
        "loader": jinja2.FileSystemLoader([SHOP / "templates", templates_folder()]),
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
    }
    escaping = jinja2.Environment(autoescape=True, **options)
    plain = jinja2.Environment(autoescape=False, **options)  # noqa: S701 - the text part
    for environment in (escaping, plain):
        environment.globals.update(notifier.globals)
        for name, function in TemplateEnvironment(limits=Limits()).filters.items():
            environment.filters.setdefault(name, function)
    subject = next(iter(notifier.catalog[NAME].subject.values()))
    return [
        escaping.get_template(f"{NAME}.html"), plain.get_template(f"{NAME}.txt"), plain.from_string(subject.source)
    ]  # fmt: skip
