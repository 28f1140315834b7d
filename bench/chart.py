"""The picture of README.md: what the suites measured, as bars, in light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bench import results
from bench.tables import figure
from bench.timing import ContenderError, quartiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "performance.svg"


@dataclass(frozen=True, slots=True)
class Panel:
    """One group of bars.

    Attributes:
        suite: whose figures they are.
        table: which of its tables.
        title: what was measured, in one line.
        limit: the row that the others are compared with; drawn apart, and first.
        names: the rows that are shown, with what they are called here; those that were not measured are left out.
    """

    suite: str
    table: str
    title: str
    limit: str
    names: dict[str, str]


_SOURCE = "smtp-source, 1 session"
PANELS = (
    Panel(
        "render", "order_shipped", "Render an order confirmation to a finished mail", "bare Jinja2",
        {
            "bare Jinja2": "Jinja2 alone, no mail", "notify": "notify, inlined", "Django": "Django",
            "Nodemailer + Handlebars": "Nodemailer", "emails": "emails", "redmail": "redmail",
            "fastapi-mail": "fastapi-mail", "email-templates + Handlebars + juice": "email-templates, inlined",
            "Nodemailer + Handlebars + juice": "Nodemailer, inlined",
        },
    ),
    Panel(
        "endtoend", "endtoend", "Render and send it on this machine", _SOURCE,
        {
            _SOURCE: "smtp-source, only sending", "notify, 1 connection": "notify, 1 connection", "Django": "Django",
            "Nodemailer + Handlebars, pool of 5": "Nodemailer, 5 connections", "fastapi-mail": "fastapi-mail",
            "redmail": "redmail",
        },
    ),
    Panel(
        "smtp", "smtp", "Send finished mails on this machine", _SOURCE,
        {
            _SOURCE: "smtp-source, 1 connection", "notify, 1 connection": "notify, 1 connection",
            "notify, 10 connections": "notify, 10 connections", "smtplib": "smtplib, 1 connection",
            "aiosmtplib, 10 connections": "aiosmtplib, 10 connections",
            "Nodemailer, pool of 10": "Nodemailer, 10 connections",
        },
    ),
    Panel(
        "latency", "latency", "Send them to a server that is 40 ms away", _SOURCE,
        {
            _SOURCE: "smtp-source, 1 connection", "notify, 1 connection": "notify, 1 connection",
            "notify, 10 connections": "notify, 10 connections", "smtplib": "smtplib, 1 connection",
            "aiosmtplib, 10 connections": "aiosmtplib, 10 connections",
            "Nodemailer, pool of 10": "Nodemailer, 10 connections",
        },
    ),
)  # fmt: skip

_STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #1f2937; }
.ground { fill: #ffffff; stroke: #d1d9e0; }
.title { font-weight: 600; font-size: 14px; }
.small { font-size: 11.5px; fill: #57606a; }
.value { font-size: 12px; font-variant-numeric: tabular-nums; fill: #57606a; }
.ours { font-weight: 600; fill: #0f766e; }
rect.bar { fill: #94a3b8; }
rect.ours { fill: #0f766e; }
rect.limit { fill: none; stroke: #64748b; stroke-dasharray: 3 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ground { fill: #0d1117; stroke: #30363d; }
  .small, .value { fill: #9da7b1; }
  .ours { fill: #5eead4; }
  rect.bar { fill: #57606a; }
  rect.ours { fill: #2dd4bf; }
  rect.limit { fill: none; stroke: #9da7b1; }
}
"""
_SUBTITLE = (
    "Dashed, to compare: Jinja2 alone, which makes no mail, and Postfix's smtp-source, which renders nothing. "
    "Inlined: the CSS is in the elements."
)
_WIDTH, _MARGIN, _GAP = 880, 20, 24
_COLUMN = (_WIDTH - 2 * _MARGIN - _GAP) // 2
_LABEL, _VALUE = 196, 44
_BAR = _COLUMN - _LABEL - _VALUE - 8
_LINE, _HEAD = 22, 26


def draw(folder: Path = results.FOLDER, picture: Path = PICTURE) -> Path:
    """Write the picture of what is in the folder of results; its path.

    Raises:
        ContenderError: none of the suites was measured.
    """
    found = [(panel, bars) for panel in PANELS if (bars := _bars(panel, folder))]
    if not found:
        raise ContenderError("there are no results to draw; run the suites first")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(svg(found, _footer(folder)), encoding="utf-8")
    return picture


def svg(panels: Sequence[tuple[Panel, Sequence[tuple[str, float]]]], footer: str) -> str:
    """The picture: two panels side by side, and so on below.

    Args:
        panels: each with its bars: the name of a row, and messages a second.
        footer: what it was measured on.
    """
    drawn, top = [], _MARGIN + 52
    for left, right in zip(panels[::2], [*panels[1::2], None], strict=False):
        pair = [each for each in (left, right) if each is not None]
        for number, (panel, bars) in enumerate(pair):
            drawn += _panel(panel, bars, _MARGIN + number * (_COLUMN + _GAP), top)
        top += _HEAD + _LINE * max(len(bars) for _, bars in pair) + _GAP
    height = top + 16
    words = "; ".join(
        f"{panel.title}: {', '.join(f'{panel.names[name]} {figure(rate)}' for name, rate in bars)}"
        for panel, bars in panels
    )
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
        f'<title id="t">Messages a second</title><desc id="d">{escape(words)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        _text(_MARGIN, _MARGIN + 12, "Messages a second; longer is better", "title"),
        _text(
            _MARGIN,
            _MARGIN + 29,
            _SUBTITLE,
            "small",
        ),
        *drawn,
        _text(_MARGIN, height - 14, footer, "small"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _panel(panel: Panel, bars: Sequence[tuple[str, float]], left: int, top: int) -> list[str]:
    longest = max(rate for _, rate in bars)
    drawn = [_text(left, top + 12, panel.title, "title")]
    for number, (name, rate) in enumerate(bars):
        line = top + _HEAD + number * _LINE
        kind = "ours" if name.startswith("notify") else "limit" if name == panel.limit else ""
        width = max(1.0, rate / longest * _BAR)
        drawn += [
            _text(left, line + 12, panel.names[name], kind if kind == "ours" else ""),
            _bar(left + _LABEL, line + 1.5, width, kind),
            _text(left + _LABEL + width + 6, line + 12, figure(rate), "value"),
        ]
    return drawn


def _bar(x: float, y: float, width: float, kind: str) -> str:
    return f'<rect class="{kind or "bar"}" x="{x:g}" y="{y:g}" width="{width:.1f}" height="13" rx="2"/>'


def _text(x: float, y: float, words: str, kind: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{named}>{escape(words)}</text>'


def _bars(panel: Panel, folder: Path) -> list[tuple[str, float]]:
    """The median of each row that is shown, most first below the limit."""
    loaded = results.load(panel.suite, folder)
    if loaded is None:
        return []
    rates = {
        row.name: quartiles(row.figures["rate"])[1]
        for table in loaded[1]
        for row in table.rows
        if table.key == panel.table and row.name in panel.names
    }
    return sorted(rates.items(), key=lambda bar: (bar[0] != panel.limit, -bar[1]))


def _footer(folder: Path) -> str:
    loaded = [found[0] for panel in PANELS if (found := results.load(panel.suite, folder))]
    machine: dict[str, Any] = loaded[0]["machine"]
    node = f", Node.js {machine['node']}" if machine["node"] else ""
    date = max(document["date"] for document in loaded)[:10]
    return (
        f"{date}; {machine['cpu']}, {machine['cores']} cores; Python {machine['python']}{node}. make bench repeats it."
    )
