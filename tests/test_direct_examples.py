"""The direct and the plain way give the same message for every sample of every example, and for made-up params."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify import Address, Notifier
from notify.rendering import Renderer

if TYPE_CHECKING:
    from notify.definition import Definition
    from notify.rendering import Rendered

# What it runs through is covered elsewhere, and coverage would take as long again.
pytestmark = pytest.mark.no_cover

HOME = Path(__file__).resolve().parent.parent
PROJECTS = [HOME / "examples" / "shop", HOME / "bench" / "project"]
ADA = Address("ada@example.com", "Ada")
TEXT = st.text(max_size=30) | st.sampled_from(
    [
        "",
        " ",
        "<b>&amp;</b>",
        "'\"",
        "\xa0",
        "a\r\nb",
        "\0",
        "\ue000",
        "{{ x }}",
        "田中太郎",
        "\U0001f600",
        "</title>",
        "-->",
        "&copy",
    ]
)


def _ways(project: Path) -> tuple[Notifier, Renderer, Renderer]:
    notifier = Notifier.load(project, transport="null:")
    configuration = notifier.configuration
    names = notifier.globals
    direct = configuration.renderer(names)
    plain = Renderer(
        folders=configuration.templates, globals=names, default_locale=configuration.default_locale, direct=False
    )
    return notifier, direct, plain


WAYS = {project.name: _ways(project) for project in PROJECTS}
CASES = [(name, each) for name, (notifier, _, _) in WAYS.items() for each in notifier.catalog]


def _rendered(renderer: Renderer, definition: Definition, params: dict[str, Any], locale: str) -> tuple[str, ...] | str:
    context = {
        **params, "recipient": ADA, "recipients": (ADA,), "sender": ADA, "locale": locale,
        "unsubscribe_url": "https://acme.example/u", "preferences_url": "https://acme.example/p",
        "notification": {"id": definition.id, "category": definition.category},
    }  # fmt: skip
    try:
        found: Rendered = renderer.render(definition, context, locale=locale)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the same
        return f"{type(error).__name__}: {error}"
    return found.subject, found.preheader, str(found.html), str(found.text)


def _mutated(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same kinds: other words, more or fewer items."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return st.integers(-5, 10**6)
    if isinstance(value, str):
        return st.just(value) | TEXT
    if isinstance(value, dict):
        return st.fixed_dictionaries({key: _mutated(each) for key, each in value.items()})
    if isinstance(value, list) and value:
        return st.lists(_mutated(value[0]), max_size=4)
    return st.just(value)


@pytest.mark.parametrize(("project", "name"), CASES)
def test_every_sample(project: str, name: str) -> None:
    """In every locale, again and again."""
    notifier, direct, plain = WAYS[project]
    definition = notifier.catalog[name]
    for _ in range(3):
        for sample in definition.samples.values():
            params = (
                definition.contract.validate(sample.params, notification=name)
                if definition.contract
                else dict(sample.params)
            )
            for locale in ("en", "fr", "ar"):
                assert _rendered(plain, definition, params, locale) == _rendered(direct, definition, params, locale)


@pytest.mark.parametrize(("project", "name"), CASES)
@given(data=st.data())
def test_made_up_params(project: str, name: str, data: st.DataObject) -> None:
    """What the contract lets through is rendered alike by both."""
    notifier, direct, plain = WAYS[project]
    definition = notifier.catalog[name]
    sample = data.draw(st.sampled_from(sorted(definition.samples)))
    params = data.draw(_mutated(dict(definition.samples[sample].params)))
    problems: list[Any] = []
    values = definition.contract.attempt(params, problems) if definition.contract else params
    if not problems:
        assert _rendered(plain, definition, values, "en") == _rendered(direct, definition, values, "en")
