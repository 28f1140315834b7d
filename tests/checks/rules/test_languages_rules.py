"""Rules about languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mails_of, told
from checks.wholes import told_of, whole_of

from notify.checks.rules import languages, languages_translated

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (languages, languages_translated) for each in module.RULES}
VALUE = (
    "subject: {{en: Hi, {locale}: Hi}}\nparams: {{v: str}}\nsamples: {{default: {{v: '{value}', locale: {locale}}}}}\n"
)
RTL = '<html lang="ar" dir="rtl"><body>\n<p>{}</p></body></html>'
LTR = '<html lang="en"><body>\n<p>{}</p></body></html>'


@pytest.mark.parametrize(
    ("locale", "html", "value", "found"),
    [
        ("ar", RTL.format("x"), "x", []),
        (
            "ar",
            LTR.format("x"),
            "x",
            [
                "templates/x.html:1 warning the mail in ar does not say that it goes from right to left",
                "templates/x.html:1 warning the mail in ar says that it is in en",
            ],
        ),
        ("ar", RTL.format("اسم {{ v }} هنا"), "Ada", []),
        ("ar", RTL.format("اسم {{ v }} هنا"), "A-1001", []),
        (
            "ar",
            RTL.format("اسم {{ v }} هنا"),
            "Acme Inc.",
            [
                (
                    "templates/x.html:2 warning the value 'Acme Inc.' runs "
                    "the other way than the text around it, and its ends move"
                )
            ],
        ),
        ("ar", RTL.format("اسم <bdi>{{ v }}</bdi> هنا"), "Acme Inc.", []),
        (
            "ar",
            RTL.format('اسم <br><span dir="ltr"><b>{{ v }}</b><br> x {{ v }}</span>'),
            "(Ada",
            [
                (
                    "templates/x.html:2 warning the value '(Ada' runs the "
                    "other way than the text around it, and its ends move"
                )
            ],
        ),
        ("ar", RTL.format("اسم \u2068{{ v }}\u2069 هنا"), "Acme Inc.", []),
        (
            "fr",
            LTR.format("Nom {{ v }}"),
            "שלום!",
            [
                (
                    "templates/x.html:2 warning the value 'שלום!' runs the "
                    "other way than the text around it, and its ends move"
                )
            ],
        ),
        ("fr", LTR.format("Nom {{ v }}"), "Αθηνά (1)", []),
    ],
)
def test_directions(tmp_path: Path, locale: str, html: str, value: str, found: list[str]) -> None:
    """Of the frame, and of values whose ends would jump."""
    mail = mails_of(tmp_path, html, definition=VALUE.format(locale=locale, value=value))[0]
    assert told(RULES["i18n-mixed-direction"], mail) == found


@pytest.mark.parametrize(
    ("locale", "html", "value", "found"),
    [
        (
            "fr",
            LTR.format("Le {{ v }}"),
            "2026-03-02",
            ["templates/x.html:2 info the date 2026-03-02 is not written as in fr"],
        ),
        (
            "fr",
            LTR.format("Total {{ v }}"),
            "1234.5",
            ["templates/x.html:2 info the number 1234.5 is not written as in fr"],
        ),
        (
            "de",
            LTR.format("Summe EUR12,50 und 1.234,50 €"),
            "x",
            ["templates/x.html:2 info the amount EUR12,50 is not written as in de"],
        ),
        ("ja", LTR.format("1234.5"), "x", []),
        ("fr", LTR.format("Facture {{ v }}, version 1.2.3"), "N-2026-03-02 1.50", []),
        ("en-GB", LTR.format("On 2026-03-02 for 1234.5"), "x", []),
    ],
)
def test_how_values_are_written(tmp_path: Path, locale: str, html: str, value: str, found: list[str]) -> None:
    """In another language than the project's own."""
    mail = mails_of(tmp_path, html, definition=VALUE.format(locale=locale, value=value))[0]
    assert told(RULES["i18n-format"], mail) == found


ENGLISH = (
    "<p>Hello {{ name }}, this is your order.</p>\n"
    "<p>It is on its way to you.</p>\n{{ ui.button('See your order now', url) }}\n"
)


@pytest.mark.parametrize(
    ("french", "found"),
    [
        (
            (
                "<p>Bonjour {{ name }}, voici votre commande.</p>\n"
                "<p>Elle est en route.</p>\n{{ ui.button('Voir la commande', url) }}\n"
            ),
            [],
        ),
        (
            (
                "<p>Bonjour {{ name }}, voici votre commande.</p>\n\n"
                "<p>It is on its way to you.</p>\n{{ ui.button('See your order now', url) }}\n"
            ),
            ["templates/x.fr.html:3 warning 2 of 3 texts in fr are the same as in en"],
        ),
    ],
)
def test_templates_that_were_copied(tmp_path: Path, french: str, found: list[str]) -> None:
    """Told at the first text that nobody has translated."""
    files = {"notifications/x.yaml": "subject: Hi\n", "templates/x.html": ENGLISH, "templates/x.fr.html": french}
    assert told_of(RULES["i18n-untranslated"], whole_of(tmp_path, files)) == found


def test_subjects_that_were_copied(tmp_path: Path) -> None:
    """In another language; a variant of the same may be the same."""
    definition = (
        "subject:\n  en: Reset your password\n  en-GB: Reset your password\n"
        "  fr: Reset your password\npreheader: {en: 'Acme {{ x }}', fr: 'Acme {{ x }}'}\n"
    )
    assert told_of(RULES["i18n-untranslated"], whole_of(tmp_path, {"notifications/x.yaml": definition})) == [
        "notifications/x.yaml:4 warning the subject in fr is the same as in en"
    ]


def test_a_mail_of_text_alone_has_no_direction(tmp_path: Path) -> None:
    """Its client finds one."""
    definition = "subject: {en: Hi, ar: Hi}\nparams: {}\ntext: مرحبًا\nsamples: {default: {locale: ar}}\n"
    assert told(RULES["i18n-mixed-direction"], mails_of(tmp_path, None, definition=definition)[0]) == []


def test_a_value_without_a_tag_around_it(tmp_path: Path) -> None:
    """It is not set apart."""
    mail = mails_of(tmp_path, "{{ v }} x", definition=VALUE.format(locale="fr", value="שלום!"))[0]
    assert len(told(RULES["i18n-mixed-direction"], mail)) == 1
