"""A rule for each feature of HTML and CSS that some mail clients do not support."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from notify.checks.clients.features import BREAKING, asked, marked, marks_of
from notify.checks.clients.marks import marks_sent, marks_written
from notify.checks.clients.support import clients
from notify.checks.mail import Mail
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.checks.clients.support import Feature
    from notify.checks.finding import Severity
    from notify.checks.reading.page import Page
    from notify.errors import Location

FAMILY = "css-unsupported"
_COLOURS = frozenset({"lab()", "light-dark()", "rgba()"})
_MANY = 25
"""From which share of the clients on, in percent, a feature's lack is more than a remark."""


def unsupported(feature: Feature, mail: Mail) -> Iterator[Problem]:
    """What is found where the mail as it is sent uses the feature: an error at each place, else only at the first."""
    mark = _used(mail.page).get(feature.slug)
    if mark is None:
        return
    data = clients()
    lacking, share = data.without(feature.slug, mail.settings.clients)
    if not lacking:
        return
    severity: Severity = (
        "error" if feature.slug in BREAKING else "warning" if share * 100 >= _limit(mail, feature) else "info"
    )
    message = f"{feature.title} is not supported by {data.listed(lacking)}"
    places = _places(mail, mark)
    for place in places if severity == "error" else places[:1]:
        yield Problem(place, message, _hint(feature, lacking), severity)


@lru_cache(maxsize=4)
def _used(page: Page) -> Mapping[str, str]:
    """The features that a page uses, by slug, each with the first of its marks."""
    known, found = marked(), dict[str, str]()
    for mark in marks_sent(page):
        for slug in known.get(mark, ()):
            found.setdefault(slug, mark)
    return found


def _places(mail: Mail, mark: str) -> list[Location]:
    """Where the templates have what the mark is found by; the inlining may have moved it, and changed how it reads."""
    written = marks_written(mail.document).get(mark, ())
    return list(dict.fromkeys(map(mail.at, written))) or [mail.at_html]


def _limit(mail: Mail, feature: Feature) -> float:
    return limit(mail, f"{FAMILY}:{feature.slug}", limit(mail, FAMILY, _MANY))


def _hint(feature: Feature, lacking: list[int]) -> str:
    notes = [note for note, numbers in feature.notes.items() if not set(lacking).isdisjoint(numbers)]
    tested = f"tested {feature.tested}" if feature.tested else f"data of {clients().date}"
    return " ".join([*(note if note.endswith(".") else f"{note}." for note in notes), f"See {feature.url}, {tested}"])


def _rule(feature: Feature) -> Rule[Mail]:
    title = f"`{feature.title}`" if "<" in feature.title else feature.title
    return Rule(
        id=f"{FAMILY}:{feature.slug}",
        severity="error" if feature.slug in BREAKING else "warning",
        about=Mail,
        title=f"{title} is not supported by a client that has to show the mail",
        why="Clients leave out what they do not know: it is an error where the mail falls apart without it, a warning "
        f"where a quarter of the clients lack it, and information else. Data of {clients().date}.",
        example=_example(marks_of(feature)[0]),
        cure="Do without it, give what comes before it in clients that do not know it, or choose the clients that "
        f"count with `check: {{clients: [...]}}` in notify.yaml. {feature.url} says who supports it.",
        check=partial(unsupported, feature),
    )


def _example(mark: str) -> str:
    """HTML or CSS that has a mark."""
    kind, name = mark[0], mark[1:].strip("]")
    shown = {
        "<": mark,
        "[": f"<div {name}>",
        ":": f"p{mark} {{ ... }}",
        "~": f'<p style="width: 10{name}">',
        "=": f'<p style="width: {name}">',
    }
    of = "background-image" if "gradient" in mark else "color" if mark in _COLOURS else "width"
    value = f"{of}: {mark.replace('()', '(...)')}" if mark.endswith("()") else mark.replace(":", ": ")
    return shown.get(kind, f'<p style="{value if value[-1] != " " else value + "..."}">')


RULES: tuple[AnyRule, ...] = tuple(map(_rule, asked().values()))
