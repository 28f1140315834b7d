"""Rules about headers: what an inbox shows, and what programs read."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from checks.mails import DEFINITION, mail_of, mails_of, told
from checks.wholes import told_of, whole_of

from notify.checks.rules import (
    headers,
    headers_message,
    headers_people,
    headers_placeholder,
    headers_unsubscribe,
)

if TYPE_CHECKING:
    from pathlib import Path

RULES = {
    each.id: each
    for module in (headers, headers_message, headers_people, headers_placeholder, headers_unsubscribe)
    for each in module.RULES
}
PAGE = "<html><body>{}<p>Hello there, this is the body.</p></body></html>"
HIDDEN = '<div style="display:none">{}</div>'
SUBJECT = "description: x\nsubject: {}\nparams: {{}}\nsamples: {{default: {{}}}}\n"
NAMED = (
    "description: x\nsubject: '{}'\nparams: {{name: str}}\nsamples:\n  default: {{name: Ada}}\n  long: {{name: {}}}\n"
)
MARKETING = "description: x\nsubject: Hello\ncategory: marketing\nparams: {}\nsamples: {default: {}}\n"
LIST = (
    "headers:\n  List-Unsubscribe: '<https://acme.example/u/1>'\n  List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
)


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Your order is on its way", []),
        ("x" * 60, []),
        ("x" * 61, ["notifications/x.yaml:2 warning the subject has 61 characters, and about 60 can be seen"]),
        ("x" * 256, ["notifications/x.yaml:2 error the subject has 256 characters, more than 255"]),
        ("\"{{ '' }}\"", ["notifications/x.yaml:2 error the subject is empty"]),
    ],
)
def test_the_length_of_a_subject(tmp_path: Path, subject: str, found: list[str]) -> None:
    """What can be seen of it."""
    mail = mail_of(tmp_path, PAGE, definition=SUBJECT.format(subject))
    assert told(RULES["hdr-subject-length"], mail) == found


def test_a_rare_value_may_make_a_subject_long(tmp_path: Path) -> None:
    """The first sample is the usual one."""
    usual, rare = mails_of(tmp_path, PAGE, definition=NAMED.format("Hello {{ name }}", "x" * 70))
    assert told(RULES["hdr-subject-length"], usual) == told(RULES["hdr-subject-length"], rare) == []


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Your ISBN order", []),
        ("OK", []),
        ("YOUR ORDER HAS SHIPPED", ["notifications/x.yaml:2 warning the subject is written in capitals"]),
    ],
)
def test_capitals(tmp_path: Path, subject: str, found: list[str]) -> None:
    """Of a whole subject, not of a word."""
    assert told(RULES["hdr-subject-caps"], mail_of(tmp_path, PAGE, definition=SUBJECT.format(subject))) == found


def test_a_value_in_capitals_is_none_of_the_subjects(tmp_path: Path) -> None:
    """Order numbers are."""
    mail = mails_of(tmp_path, PAGE, definition=NAMED.format("Order {{ name }}", "ABCDEFGHIJKLMNO"))[1]
    assert told(RULES["hdr-subject-caps"], mail) == []


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Is it you? It is!", []),
        ("It is here!!", ["notifications/x.yaml:2 warning the subject has '!!'"]),
        (
            '"Re: your order"',
            ["notifications/x.yaml:2 warning the subject begins with 'Re:', and the mail answers nothing"],
        ),
        ("Return your order", []),
    ],
)
def test_punctuation(tmp_path: Path, subject: str, found: list[str]) -> None:
    """Signs in a row, and answers to nothing."""
    assert told(RULES["hdr-subject-punctuation"], mail_of(tmp_path, PAGE, definition=SUBJECT.format(subject))) == found


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Your free gift", []),
        (
            '"Act now: your free gift"',
            ["notifications/x.yaml:2 info the subject and the first words have 'act now', 'free gift'"],
        ),
    ],
)
def test_phrases_of_spam(tmp_path: Path, subject: str, found: list[str]) -> None:
    """Several at once."""
    assert told(RULES["hdr-spam-words"], mail_of(tmp_path, PAGE, definition=SUBJECT.format(subject))) == found


@pytest.mark.parametrize(
    ("hidden", "found"),
    [
        ("", ["notifications/x.yaml:2 warning there is no preheader: the inbox shows the first words of the body"]),
        (HIDDEN.format("Hello there"), ["notifications/x.yaml:2 warning the preheader repeats the subject"]),
        (HIDDEN.format("One click, and your account is ready."), []),
        (
            HIDDEN.format("One click"),
            [
                (
                    "notifications/x.yaml:2 info the preheader has 9 characters, "
                    "and the inbox goes on with the first words of the body"
                )
            ],
        ),
        (HIDDEN.format("One click" + "&#847;&zwnj;&nbsp;" * 40), []),
        (
            HIDDEN.format("long " * 30),
            ["notifications/x.yaml:2 info the preheader has 149 characters, and inboxes show about 100"],
        ),
    ],
)
def test_preheaders(tmp_path: Path, hidden: str, found: list[str]) -> None:
    """What is hidden before the first words that can be seen."""
    assert told(RULES["hdr-preheader"], mail_of(tmp_path, PAGE.format(hidden))) == found


def test_the_preheader_of_a_definition(tmp_path: Path) -> None:
    """It is put into the HTML, and told at its place."""
    mail = mail_of(tmp_path, PAGE.format(""), definition=DEFINITION + "preheader: Hello there\n")
    assert told(RULES["hdr-preheader"], mail) == ["notifications/x.yaml:5 warning the preheader repeats the subject"]


OPTIONAL = (
    "description: x\nsubject: Hello\n"
    "params: {place: 'str | None', todo: {type: str, default: TODO}}\nsamples: {default: {}}\n"
)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Hello Ada, {all} is 100% well, [ok] 50%discount</p>", []),
        ("<p>Hi</p>\n<p>Dear {{ '{{' }} name }},</p>", ["templates/x.html:2 error the HTML has '{{ name }}'"]),
        (
            "<p>Dear %(name)s and %s</p>",
            ["templates/x.html:1 error the HTML has '%(name)s'", "templates/x.html:1 error the HTML has '%s'"],
        ),
        ("<p>[[name]]</p>", ["templates/x.html:1 error the HTML has '[[name]]'"]),
        ("<p>TODO: todo</p>", ["templates/x.html:1 error the HTML has 'TODO'"]),
        ("<p>Lorem ipsum dolor</p>", ["templates/x.html:1 error the HTML has 'Lorem ipsum'"]),
        ("<p>You are undefined</p>", ["templates/x.html:1 error the HTML has 'undefined'"]),
        ("<p>&lt;Order object at 0x7f3a&gt;</p>", ["templates/x.html:1 error the HTML has '<Order object at 0x7f3a>'"]),
        ("<p>None of it</p><p>Place: None</p>", []),
        (
            '<a\n href="https://acme.example/%7B%7Bid%7D%7D">x</a>',
            ["templates/x.html:2 error the URL in href of <a> has '%7B%7Bid%7D%7D'"],
        ),
        ('<img alt="TODO" src="https://acme.example/a.png">', ["templates/x.html:1 error the alt of <img> has 'TODO'"]),
    ],
)
def test_placeholders(tmp_path: Path, html: str, found: list[str]) -> None:
    """What was to be replaced, and was not."""
    assert told(RULES["hdr-placeholder"], mail_of(tmp_path, html)) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Hi</p><p>Place: {{ place }}</p>", ["templates/x.html:1 error the HTML has 'None'"]),
        (
            '<a href="https://acme.example/{{ place }}/x">x</a>',
            ["templates/x.html:1 error the URL in href of <a> has '/None'"],
        ),
        ("<p>None of it is lost</p>", []),
    ],
)
def test_none_where_a_value_may_be(tmp_path: Path, html: str, found: list[str]) -> None:
    """Elsewhere the word is a word."""
    assert told(RULES["hdr-placeholder"], mail_of(tmp_path, html, definition=OPTIONAL)) == found


def test_placeholders_in_a_subject_a_header_and_a_text(tmp_path: Path) -> None:
    """And what a sample says itself is none."""
    definition = NAMED.format("Hello %s", "TODO") + "headers: {X-Ref: '%(ref)s'}\n"
    mail = mails_of(
        tmp_path, "<p>{{ name }}</p>", definition=definition, files={"templates/x.txt": "Hi\nxx {{ name }} [[a]]\n"}
    )[1]
    assert told(RULES["hdr-placeholder"], mail) == [
        "notifications/x.yaml:2 error the subject has '%s'",
        "notifications/x.yaml:7 error the header X-Ref has '%(ref)s'",
        "templates/x.txt:2 error the text has '[[a]]'",
    ]


LINK = '<p>Hi <a href="https://acme.example/u/1">here</a></p>'


@pytest.mark.parametrize(
    ("definition", "html", "found"),
    [
        (MARKETING + LIST, LINK, []),
        (MARKETING + LIST, '<a href="https://acme.example/s">Se désabonner</a>', []),
        (
            MARKETING + LIST,
            '<a href="https://acme.example">Acme</a>',
            ["templates/x.html:1 error a marketing mail has no link to unsubscribe in its body"],
        ),
        (
            MARKETING,
            LINK + '<a href="https://acme.example/unsubscribe">x</a>',
            [
                "notifications/x.yaml:3 error a marketing mail has no header List-Unsubscribe",
                "notifications/x.yaml:3 error a marketing mail has no header List-Unsubscribe-Post",
            ],
        ),
        (
            MARKETING + LIST.replace("One-Click", "Yes"),
            LINK,
            [
                (
                    "notifications/x.yaml:8 error List-Unsubscribe-Post is "
                    "'List-Unsubscribe=Yes', expected List-Unsubscribe=One-Click"
                )
            ],
        ),
        (DEFINITION, "<p>Hi</p>", []),
    ],
)
def test_marketing_can_be_unsubscribed_from(tmp_path: Path, definition: str, html: str, found: list[str]) -> None:
    """By both headers, and by a link that people see."""
    assert told(RULES["hdr-missing-unsubscribe"], mail_of(tmp_path, html, definition=definition)) == found


def test_a_category_of_the_applications_own(tmp_path: Path) -> None:
    """notify.yaml says that it can be left."""
    files = {
        "notify.yaml": (
            "sender: a@acme.example\nenvironments: {development: {transport: memory}}\n"
            "categories: {digest: {unsubscribe: required}}\n"
        )
    }
    mail = mail_of(tmp_path, LINK, definition=DEFINITION + "category: digest\n", files=files)
    assert len(told(RULES["hdr-missing-unsubscribe"], mail)) == 3


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<https://acme.example/u?a=1,2>, <mailto:u@acme.example>", None),
        ("https://acme.example/u", "'https://acme.example/u' is not in angle brackets"),
        ("<http://acme.example/u>", "'http://acme.example/u' is not encrypted"),
        ("</u>", "'/u' is neither https: nor mailto:"),
        ("<>", "'' is empty or has blanks"),
    ],
)
def test_the_syntax_of_list_unsubscribe(tmp_path: Path, value: str, found: str | None) -> None:
    """Each URL in brackets, encrypted and whole."""
    mail = mail_of(tmp_path, LINK, definition=DEFINITION + f"headers: {{List-Unsubscribe: '{value}'}}\n")
    expected = [] if found is None else [f"notifications/x.yaml:5 error List-Unsubscribe: {found}"]
    assert told(RULES["hdr-unsubscribe-syntax"], mail) == expected


def test_one_click_needs_https(tmp_path: Path) -> None:
    """And one URL of each kind."""
    definition = MARKETING + LIST.replace(
        "<https://acme.example/u/1>", "<mailto:a@acme.example>, <mailto:b@acme.example>"
    )
    assert told(RULES["hdr-unsubscribe-syntax"], mail_of(tmp_path, LINK, definition=definition)) == [
        "notifications/x.yaml:7 error List-Unsubscribe has several URLs with mailto:",
        "notifications/x.yaml:7 error List-Unsubscribe has no https: URL, and List-Unsubscribe-Post needs one",
    ]


@pytest.mark.parametrize(
    ("category", "found"),
    [
        ("security", ["notifications/x.yaml:7 info a security mail has the header List-Unsubscribe"]),
        ("transactional", []),
    ],
)
def test_what_has_to_arrive_cannot_be_left(tmp_path: Path, category: str, found: list[str]) -> None:
    """Sign-in codes, for one."""
    mail = mail_of(tmp_path, LINK, definition=DEFINITION + f"category: {category}\n" + LIST)
    assert told(RULES["hdr-unsubscribe-transactional"], mail) == found


def test_automatic_mail_says_so(tmp_path: Path) -> None:
    """As notify writes it, unless a definition says otherwise."""
    assert told(RULES["hdr-auto-submitted"], mail_of(tmp_path / "a", LINK)) == []
    mail = mail_of(tmp_path / "b", LINK, definition=DEFINITION + "headers:\n  Auto-Submitted: 'no'\n")
    assert told(RULES["hdr-auto-submitted"], mail) == [
        "notifications/x.yaml:6 info the mail does not say that a program sends it"
    ]


def test_headers_that_every_mail_has(tmp_path: Path) -> None:
    """They are there; what a plugin changes may not be right."""
    mail = mail_of(tmp_path, LINK)
    assert told(RULES["hdr-required"], mail) == []
    other = dataclasses.replace(mail, message=mail.message.replace(message_id="<1@other.example>"))
    assert told(RULES["hdr-required"], other) == [
        "notifications/x.yaml:1 error the Message-ID is of the domain other.example, and the sender of acme.example"
    ]


def test_addresses_that_nobody_can_have(tmp_path: Path) -> None:
    """Told where they stand."""
    definition = (
        "subject: Hi\nparams: {}\ncc: a@localhost\nreply_to: b@acme.example\n"
        "samples:\n  default:\n    to: 'c@[192.0.2.1]'\n"
    )
    assert told(RULES["hdr-address"], mail_of(tmp_path, LINK, definition=definition)) == [
        "notifications/x.yaml:3 error cc: a@localhost: the domain is not a full name",
        "notifications/x.yaml:7 error to: c@[192.0.2.1]: the domain is a number",
    ]


def test_free_mailboxes(tmp_path: Path) -> None:
    """As a sender, and for answers."""
    files = {
        "notify.yaml": "sender: Acme <acme@gmail.com>\nenvironments: {development: {transport: memory}}\n",
        "notifications/x.yaml": "subject: Hi\nsender: a@acme.example\nreply_to: a@gmx.de\n",
    }
    assert told_of(RULES["hdr-from-alignment"], whole_of(tmp_path, files)) == [
        "notify.yaml:1 warning sender acme@gmail.com: nobody but its provider may send from gmail.com",
        "notifications/x.yaml:3 warning reply_to a@gmx.de: anybody can have gmx.de",
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Acme Shop (EU)", None),
        ("O'Neill", None),
        ("hello@acme.example", "holds an @, as an address does"),
        ("'Acme", "has a quote that is not closed"),
        ("Acme (EU", "has a bracket that is not closed"),
    ],
)
def test_names_that_look_like_a_forgery(tmp_path: Path, name: str, found: str | None) -> None:
    """An address in a name, and quotes."""
    files = {
        "notifications/x.yaml": f"subject: Hi\nsender: '\"{name.replace(chr(39), chr(39) * 2)}\" <a@acme.example>'\n"
    }
    expected = [] if found is None else [f"notifications/x.yaml:2 warning sender: the name {name!r} {found}"]
    assert told_of(RULES["hdr-display-name"], whole_of(tmp_path, files)) == expected


def test_what_is_not_as_notify_writes_it(tmp_path: Path) -> None:
    """A header that is missing, and one that is twice there."""
    mail = mail_of(tmp_path, LINK)
    mail.__dict__["octets"] = b"From: a\r\nDate: x\r\nDate: y\r\nMessage-ID: x\r\nSubject: x\r\n\r\nTo: body\r\n"
    assert told(RULES["hdr-required"], mail) == [
        "notifications/x.yaml:1 error the mail has no header Mime-Version",
        "notifications/x.yaml:1 error the mail has no header To",
        "notifications/x.yaml:1 error the mail has the header Date 2 times",
    ]


def test_a_mail_of_text_alone(tmp_path: Path) -> None:
    """It needs no preheader, and its link may stand in its text."""
    definition = MARKETING + LIST + "text: |\n  To unsubscribe: https://acme.example/x\n"
    mail = mail_of(tmp_path, None, definition=definition)
    assert told(RULES["hdr-preheader"], mail) == told(RULES["hdr-missing-unsubscribe"], mail) == []
    other = mail_of(tmp_path, None, definition=definition.replace("To unsubscribe", "See"))
    assert len(told(RULES["hdr-missing-unsubscribe"], other)) == 1


def test_a_list_in_which_none_is_left(tmp_path: Path) -> None:
    """However deep."""
    definition = "subject: Hi\nparams: {a: 'list[str | None]'}\nsamples: {default: {a: [x, null]}}\n"
    html = "<p>Hi</p>\n{% for each in a %}<p>{{ each }}</p>{% endfor %}"
    assert told(RULES["hdr-placeholder"], mail_of(tmp_path, html, definition=definition)) == [
        "templates/x.html:2 error the HTML has 'None'"
    ]


def test_a_sender_that_cannot_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of it."""
    monkeypatch.setenv("SENDER", "nobody")
    settings = "sender: '${SENDER}'\nenvironments: {development: {transport: memory}}\n"
    assert told_of(RULES["hdr-display-name"], whole_of(tmp_path, {"notify.yaml": settings})) == []
