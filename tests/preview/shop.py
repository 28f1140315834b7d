"""A project for the tests of the preview: small, with everything that a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2-never-shown"
FILES = {
    "notify.yaml": """\
sender: "Shop <shop@example.com>"
globals: {brand: {name: Shop, colour: "#123456"}}
themes: {acme: {brand: {name: Acme}}}
environments:
  development: {transport: file}
  test: {transport: memory}
  production: {transport: smtp}
transports:
  memory: {}
  smtp: {host: 127.0.0.1, port: 9, username: shop, password: hunter2-never-shown}
""",
    "notifications/welcome.yaml": """\
description: Sent after the sign-up.
params: {name: str, link: Url, amount: {type: Decimal, default: "1.50"}}
subject: "Welcome to {{ brand.name }}, {{ name }}"
preheader: One click.
samples:
  default: {name: Ada, link: "https://example.com/confirm"}
  other: {extends: default, name: Bob}
""",
    "templates/welcome.html": """\
{% extends "layouts/shop.html" %}
{% block content %}<h1>Welcome, {{ name }}</h1><p><a href="{{ link }}">Confirm</a></p>{% endblock %}
""",
    "templates/layouts/shop.html": """\
<!DOCTYPE html><html><body style="color:{{ brand.colour }}">{% block content %}{% endblock %}{{ brand.name }}
{% include "parts/footer.html" %}{% include "parts/ad.html" ignore missing %}</body></html>
""",
    "templates/parts/footer.html": "<p>The footer</p>\n",
    "notifications/billing/receipt.yaml": """\
params: {number: int, kind: {type: str, default: plain}}
subject: {en: "Receipt {{ number }}", de: "Quittung {{ number }}"}
attachments: [{path: terms.txt}]
samples:
  default: {number: 7}
  german: {number: 8, locale: de, to: "Gerda <gerda@example.com>"}
""",
    "templates/billing/receipt.html": '<p>Receipt {{ number }}</p>{% include "kinds/" ~ kind ~ ".html" %}\n',
    "templates/kinds/plain.html": "<p>plain</p>\n",
    "templates/kinds/rich.html": "<p>rich</p>\n",
    "attachments/terms.txt": "The terms\n",
    "notifications/plain.yaml": "subject: Plain\ntext: |\n  Only text\nparams: {}\nsamples: {default: {}}\n",
    "notifications/hostile.yaml": """\
params: {name: str}
subject: "Hello {{ name }}"
samples:
  default: {name: "<script>alert(1)</script>\\"'><img src=x onerror=alert(2)>"}
html: |
  <p>{{ name }}</p><script>alert(3)</script><a href="javascript:alert(4)">x</a>
""",
}


def shop(folder: Path, *without: str, **changes: str) -> Path:
    """Write the project into a folder; `changes` are texts in the place of those of FILES."""
    for name, text in {**FILES, **changes}.items():
        if name not in without:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder
