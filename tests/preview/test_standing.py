"""How a notification stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from preview.serving import desk_of
from preview.shop import shop

from notify.errors import Location
from notify.preview.standing import CLIPPED, Finding, Standing, standing

if TYPE_CHECKING:
    from pathlib import Path


def stood(folder: Path, text: str, **files: str) -> tuple[Standing, int]:
    """How a definition stands, and in how many steps that was found out."""
    desk = desk_of(shop(folder, **{"notifications/case.yaml": text, **files}))
    steps = list(standing(desk.project["case"], desk.renderings, desk.project.sources()))
    desk.close()
    return steps[-1], len(steps)


def rules(standing: Standing) -> list[Any]:
    """The findings, in short."""
    return [(each.rule, each.severity, each.sample) for each in standing.findings]


@pytest.mark.parametrize(
    ("text", "expected", "word", "steps"),
    [
        ("subject: x\ntext: |\n  x\nsamples: {default: {}}\n", [], "good", 2),
        ("subject: x\ntext: |\n  x\nsamples: {a: {}, b: {}}\n", [], "good", 3),
        ("subject: x\ntext: |\n  x\n", [("def-missing-sample", "warning", None)], "warning", 1),
        ("subject: x\ntext: |\n  x\nparams: {a: int}\n", [("def-missing-sample", "warning", None)], "warning", 1),
        (
            "subject: x\ntext: |\n  {{ y.z }}\nparams: {}\n",
            [("tpl-render", "error", None), ("def-missing-sample", "warning", None)], "error", 2,
        ),
        ("subject: [\n", [("def-invalid", "error", None)], "error", 1),
        (
            "subject: x\ntext: |\n  {{ a }}\nparams: {a: int}\nsamples: {one: {a: 1}, two: {a: x}}\n",
            [("def-sample-invalid", "error", None), ("def-sample-invalid", "error", "two")], "error", 3,
        ),
        (
            "subject: x\ntext: |\n  {{ b }}\nparams: {a: int}\nsamples: {one: {a: 1}, two: {a: 2}}\n",
            [("tpl-render", "error", "one")], "error", 3,
        ),
        (
            "subject: x\ntext: |\n  x\nparams: {}\nattachments: [{path: none.pdf}]\nsamples: {default: {}}\n",
            [("tpl-render", "error", "default")], "error", 2,
        ),
        (
            "subject: {en: x, de: y}\npreheader: {en: z}\ntext: |\n  x\nsamples: {default: {}}\n",
            [("def-missing-locale", "warning", None)], "warning", 2,
        ),
        ("subject: {en: x, de: y}\npreheader: z\ntext: |\n  x\nsamples: {default: {}}\n", [], "good", 2),
    ],
)  # fmt: skip
def test_findings(
    tmp_path: Path, text: str, expected: list[tuple[str, str, str | None]], word: str, steps: int
) -> None:
    """What is wrong is found once, the worst first; one word says it all."""
    found, taken = stood(tmp_path, text)

    assert expected == rules(found)
    assert (word, steps) == (found.word, taken)


@pytest.mark.parametrize(("size", "expected"), [(80_000, []), (92_000, ["warning"]), (CLIPPED, ["error"])])
def test_large_html(tmp_path: Path, size: int, expected: list[str]) -> None:
    """HTML that Gmail clips, or nearly does, is found."""
    text = f"subject: x\nhtml: |\n  <p>{'x ' * (size // 2)}</p>\nsamples: {{default: {{}}}}\n"
    found, _ = stood(tmp_path, text)

    assert expected == [each.severity for each in found.findings]
    assert "good" == found.word if not expected else expected[0] == found.word


def test_locales_are_told(tmp_path: Path) -> None:
    """The locales are those of templates and texts."""
    found, _ = stood(
        tmp_path,
        "subject: {en: x, fr: y}\nsamples: {default: {}}\n",
        **{"templates/case.html": "x", "templates/case.de.html": "x"},
    )

    assert {"en", "fr", "de"} == set(found.locales)
    assert ["def-missing-locale"] == [each.rule for each in found.findings]
    assert "the subject is not given in de" in found.findings[0].message


def test_as_a_document() -> None:
    """A finding has its place in parts, where it has one."""
    placed = Finding("r", "info", "m", Location("a.html", 3, 4), "default", "en").as_document()

    assert ("a.html", 3, 4, "default", "en") == tuple(
        placed[name] for name in ("path", "line", "column", "sample", "locale")
    )
    assert (None, None) == tuple(Finding("r", "info", "m").as_document()[name] for name in ("path", "sample"))
    assert "good" == Standing((Finding("r", "info", "m"),)).word
