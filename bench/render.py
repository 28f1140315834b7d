"""Context to bytes: the whole job of notify, against a bare Jinja2 render of the same templates and one css-inline call."""

from __future__ import annotations

import statistics
from pathlib import Path

import css_inline
import jinja2
from timing import interleave, ratio

from notify import Notifier
from notify.addresses import Address
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.limits import Limits
from notify.resources import templates_folder

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
NAME = "order_confirmation"


def main() -> None:
    """Print microseconds a message and the ratios."""
    notifier = Notifier.load(SHOP, environment="test", transport="null:")
    definition = notifier.catalog[NAME]
    sample = next(each for each in definition.samples.values() if len(each.params.get("items", ())) == 8)
    html, text, subject, inline = _bare(notifier)
    assert definition.contract is not None
    values = definition.contract.validate(sample.params, notification=NAME)
    recipient = Address.parse("Ada <ada@example.com>")
    context = {
        **values, "recipient": recipient, "recipients": (recipient,), "locale": "en", "subject": "x", "preheader": "y",
        "sender": recipient, "notification": {"id": NAME, "category": "transactional"},
    }  # fmt: skip

    def bare() -> object:
        return html.render(context), text.render(context), subject.render(context)

    def bare_inlined() -> object:
        return inline(html.render(context)), text.render(context), subject.render(context)

    def whole() -> object:
        return notifier.render(NAME, to=recipient, params=sample.params).as_bytes(eight_bit=True)

    def rendered() -> object:
        return notifier.render(NAME, to=recipient, params=sample.params)

    contenders = {"bare Jinja2": bare, "bare Jinja2 + css-inline": bare_inlined, "notify, message": rendered,
                  "notify, bytes": whole}  # fmt: skip
    times = interleave(contenders, rounds=41, repeat=40)
    for name, each in times.items():
        relative = ratio(times, name, "bare Jinja2 + css-inline")
        print(f"{name:28} {statistics.median(each) * 1e6:8.0f} us  {relative:5.2f} of bare Jinja2 + css-inline")


def _bare(notifier: Notifier) -> tuple[jinja2.Template, jinja2.Template, jinja2.Template, object]:
    loader = jinja2.FileSystemLoader([SHOP / "templates", templates_folder()])
    options = {"loader": loader, "undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    escaping = jinja2.Environment(autoescape=True, **options)
    plain = jinja2.Environment(autoescape=False, **options)
    ours = TemplateEnvironment(limits=Limits()).filters
    for environment in (escaping, plain):
        environment.globals.update(notifier._environment.globals)
        for name, function in ours.items():
            environment.filters.setdefault(name, function)
    inliner = css_inline.CSSInliner(
        inline_style_tags=True, keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False
    )
    subject = notifier.catalog[NAME].subject
    source = subject.get("", subject.get("en")).source
    return escaping.get_template(f"{NAME}.html"), plain.get_template(f"{NAME}.txt"), plain.from_string(source), inliner.inline


if __name__ == "__main__":
    main()
