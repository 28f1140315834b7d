"""Which mails there are to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify import ConfigError, Notifier, UnknownNotificationError
from notify.preview.selection import Case, cases, locales_of

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "notify.yaml": "sender: a@example.com\ndefault_locale: en-GB\n",
    "notifications/welcome.yaml": "subject: Hi\nsamples: {default: {}, long: {}}\n",
    "templates/welcome.html": "<p>Hi</p>",
    "templates/welcome.pt_BR.html": "<p>Oi</p>",
    "notifications/billing/paid.yaml": (
        "subject: {en-GB: Paid, de: Bezahlt}\npreheader: {fr: Merci, de: Danke}\ntext: x\n"
        "samples: {default: {}, danish: {locale: da}}\n"
    ),
    "notifications/billing/refund.yaml": "subject: Refund\ntext: x\nsamples: {late: {}}\n",
    "notifications/bare.yaml": "subject: Bare\ntext: x\n",
}


@pytest.fixture
def notifier(tmp_path: Path) -> Notifier:
    """A project with four notifications."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Notifier.load(tmp_path)


def shown(found: list[Case]) -> list[str]:
    """Each case as a line."""
    return [f"{case.definition.id} {case.sample.name} {case.locale}" for case in found]


def test_all(notifier: Notifier) -> None:
    """By default each sample of each notification is there in each locale, the default one first."""
    assert [
        *(
            f"billing.paid {sample} {locale}"
            for sample in ("default", "danish")
            for locale in ("en-GB", "da", "de", "fr")
        ),
        "billing.refund late en-GB",
        *(f"welcome {sample} {locale}" for sample in ("default", "long") for locale in ("en-GB", "pt-BR")),
    ] == shown(cases(notifier))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["welcome"], ["welcome"]),
        (["billing.*"], ["billing.paid", "billing.refund"]),
        (["welcome", "b*d", "billing.paid"], ["billing.paid", "billing.refund", "welcome"]),
        (["*.[p-q]aid"], ["billing.paid"]),
        (["bare"], []),
        (["*"], ["billing.paid", "billing.refund", "welcome"]),
    ],
)
def test_by_name(notifier: Notifier, names: list[str], expected: list[str]) -> None:
    """A name is an id or a pattern; what several of them mean is there once, in the order of the alphabet."""
    assert expected == list(dict.fromkeys(case.definition.id for case in cases(notifier, names=names)))


def test_by_sample_and_locale(notifier: Notifier) -> None:
    """Where samples and locales are named, only those are there, in the notifications that have them."""
    assert ["billing.refund late en-GB", "welcome long en-GB", "welcome long pt-BR"] == shown(
        cases(notifier, samples=["long", "late"])
    )
    assert ["billing.paid default de", "welcome default pt-BR"] == shown(
        cases(notifier, samples=["default"], locales=["pt_BR", "de"])
    )


@pytest.mark.parametrize("name", ["welcme", "billing.paids*", "billing", ""])
def test_an_unknown_name(notifier: Notifier, name: str) -> None:
    """The error says which there are, nearest first."""
    with pytest.raises(UnknownNotificationError, match="there is no notification") as caught:
        cases(notifier, names=["welcome", name])

    assert {"welcome", "billing.paid", "billing.refund", "bare"} == {*caught.value.known}
    assert name != "welcme" or caught.value.known[0] == "welcome"


@pytest.mark.parametrize(
    ("selected", "words"),
    [
        ({"samples": ["defalt"]}, r"there is no sample 'defalt' \(did you mean 'default'\?\)"),
        ({"samples": ["x"]}, r"there is no sample 'x' \(there are: danish, default, late, long\)"),
        ({"samples": ["late"], "names": ["welcome"]}, r"there is no sample 'late' \(there are: default, long\)"),
        ({"samples": ["late"], "names": ["bare"]}, r"there is no sample 'late' \(there is none at all\)"),
        ({"locales": ["xx"]}, r"there is no locale 'xx' \(there are: da, de, en-GB, fr, pt-BR\)"),
        ({"locales": ["pt"], "names": ["bare"]}, r"there is no locale 'pt' \(there are: en-GB\)"),
        ({"locales": ["no locale!"]}, r"there is no locale 'no locale!' \(there are: "),
    ],
)
def test_what_there_is_not(notifier: Notifier, selected: dict[str, list[str]], words: str) -> None:
    """A sample or a locale that no selected notification has is an error that says which there are."""
    with pytest.raises(ConfigError, match=words):
        cases(notifier, **selected)


def test_templates_are_looked_for_anew(notifier: Notifier, tmp_path: Path) -> None:
    """A template for another locale that was written since is seen; one of the default locale adds none."""
    (tmp_path / "templates" / "welcome.nl.html").write_text("<p>Hoi</p>")
    (tmp_path / "templates" / "welcome.en_GB.html").write_text("<p>Hello</p>")
    sources = notifier.configuration.renderer({}).sources()

    assert ["en-GB", "nl", "pt-BR"] == locales_of(notifier.catalog["welcome"], sources, "en_GB")
    assert 6 == len(cases(notifier, names=["welcome"]))
