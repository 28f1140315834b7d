"""A small project for the tests of the pytest plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "notify.yaml": """\
sender: "Acme <hello@acme.example>"
environments:
  development: {transport: file}
  production: {transport: sendgrid, redirect_to: qa@acme.example}
transports:
  sendgrid: {api_key: "${SENDGRID_API_KEY}"}
""",
    "notifications/shipped.yaml": """\
params: {name: str, link: Url, note: {type: "str | None", default: null}}
subject: "On its way, {{ name }}"
html: shipped.html
text: |
  Hello {{ name }}
  {{ "Note: " ~ note if note else "No note." }}
  {{ link }}
samples:
  default: {name: Ada, link: "https://acme.example/track/1"}
  noted:
    extends: default
    note: Ring twice
    expect:
      subject: On its way, Ada
      contains: [Ring twice, Track it]
      not_contains: No note
      links: https://acme.example/track/1
""",
    "templates/shipped.html": """\
<p>Hello {{ name }}</p>
{% if note %}
<p>{{ note }}</p>
{% else %}
<p>None of us left a note.</p>
{% endif %}
<p><a href="{{ link }}">Track it</a></p>
""",
}


def write_project(folder: Path, **changes: str) -> None:
    """Write the project, with other texts in the files whose paths are given (with `__` for `/` and `.`)."""
    other = {path.replace("/", "__").replace(".", "__"): path for path in FILES}
    files = {**FILES, **{other[name]: text for name, text in changes.items()}}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
