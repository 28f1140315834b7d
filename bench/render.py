"""Context to bytes: all that notify does, beside a bare Jinja2 render of the same templates and one css-inline call.

Every message has words of its own: another customer, another order, other items and prices.
"""

from __future__ import annotations

import itertools
import random
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

import css_inline
import jinja2
from timing import interleave, ratio

from notify import Address, Notifier
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.limits import Limits
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Callable

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
NAME = "order_confirmation"
MESSAGES = 200
NAMES = ("Ada", "Zoë Lefèvre", "Jürgen & Söhne", "O'Brien <sales>", "田中太郎")


def main() -> None:
    """Print microseconds a message and the ratios."""
    notifier = Notifier.load(SHOP, environment="test", transport="null:")
    params = list(_params(notifier))
    contract = notifier.catalog[NAME].contract
    assert contract is not None
    to = Address("ada@example.com", "Ada")
    given = {
        "recipient": to, "recipients": (to,), "sender": to, "locale": "en", "subject": "Your order", "preheader": "x",
        "notification": {"id": NAME, "category": "transactional"},
    }  # fmt: skip
    contexts = itertools.cycle([{**contract.validate(each, notification=NAME), **given} for each in params])
    calls = itertools.cycle(params)
    parts, inline = _bare(notifier)

    def bare() -> object:
        context = next(contexts)
        return [part.render(context) for part in parts]

    def bare_inlined() -> object:
        context = next(contexts)
        html, *others = [part.render(context) for part in parts]
        return inline(html), others

    def message() -> object:
        return notifier.render(NAME, to=to, params=next(calls))

    def octets() -> object:
        return notifier.render(NAME, to=to, params=next(calls)).as_bytes(eight_bit=True)

    contenders = {"bare Jinja2": bare, "bare Jinja2 + css-inline": bare_inlined, "notify, to a message": message,
                  "notify, to bytes": octets}  # fmt: skip
    times = interleave(contenders, rounds=41, repeat=50)
    for name, each in times.items():
        relative = ratio(times, name, "bare Jinja2 + css-inline")
        print(f"{name:26}{statistics.median(each) * 1e6:7.0f} us  {relative:5.2f} of bare Jinja2 + css-inline")


def _params(notifier: Notifier) -> list[dict[str, Any]]:
    chance = random.Random(1)  # noqa: S311 - the same words each time
    sample = next(each for each in notifier.catalog[NAME].samples.values() if len(each.params.get("items", ())) == 8)
    return [
        {
            **sample.params,
            "customer": {"name": chance.choice(NAMES), "email": f"customer{number}@example.com"},
            "order_number": f"A-{number}",
            "order_url": f"https://acme.example/orders/A-{number}?a=1&b={number}",
            "items": [
                {"name": f"Item {chance.randrange(10**6)}", "quantity": chance.randrange(1, 20), "price": f"{n}.95"}
                for n in range(len(sample.params["items"]))
            ],
        }
        for number in range(MESSAGES)
    ]


def _bare(notifier: Notifier) -> tuple[list[jinja2.Template], Callable[[str], str]]:
    loader = jinja2.FileSystemLoader([SHOP / "templates", templates_folder()])
    options: dict[str, Any] = {
        "loader": loader, "undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True,
    }  # fmt: skip
    escaping = jinja2.Environment(autoescape=True, **options)
    plain = jinja2.Environment(autoescape=False, **options)  # noqa: S701 - the text part
    for environment in (escaping, plain):
        environment.globals.update(notifier._environment.globals)
        for name, function in TemplateEnvironment(limits=Limits()).filters.items():
            environment.filters.setdefault(name, function)
    inliner = css_inline.CSSInliner(
        keep_style_tags=True, keep_at_rules=True, keep_link_tags=True, remove_inlined_selectors=True,
        resolve_css_variables=True, load_remote_stylesheets=False,
    )  # fmt: skip
    subject = next(iter(notifier.catalog[NAME].subject.values()))
    parts = [
        escaping.get_template(f"{NAME}.html"), plain.get_template(f"{NAME}.txt"), plain.from_string(subject.source),
    ]  # fmt: skip
    return parts, inliner.inline


if __name__ == "__main__":
    main()
