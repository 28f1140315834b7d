"""Rules about a message as it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import DEFINITION, mail_of, told

from notify.checks.rules import messages, messages_parts
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (messages, messages_parts) for each in module.RULES}
AMOUNT = (
    "description: x\nsubject: Hello\nparams: {total: str, url: Url}\n"
    "samples: {default: {total: '42.00', url: 'https://acme.example/o/1'}}\n"
)
BODY = '<p>The total is {{ total }}.</p>\n<p><a href="{{ url }}">See the order</a></p>'


def test_an_empty_text_is_missing(tmp_path: Path) -> None:
    """It was written as nothing; one that is derived is there."""
    mail = mail_of(tmp_path / "a", "<p>Hello</p>", definition=DEFINITION + 'text: "  "\n')
    assert told(RULES["msg-missing-text"], mail) == ["notifications/x.yaml:5 error the text part is empty"]
    assert told(RULES["msg-missing-text"], mail_of(tmp_path / "b", "<p>Hello</p>")) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("word " * 20, ["templates/x.txt:2 info a line of the text has 99 characters, more than 78"]),
        ("é" * 500, ["templates/x.txt:2 error a line of the text has 1,000 octets, more than 998"]),
        ("word " * 15, []),
        (f"See <https://acme.example/{'a' * 80}> soon", []),
        (f"A table{' ' * 60}with columns far apart 12", []),
    ],
)
def test_long_lines_of_a_text(tmp_path: Path, line: str, found: list[str]) -> None:
    """Those that could be wrapped, and those that no mail may have."""
    mail = mail_of(tmp_path, "<p>Hello</p>", files={"templates/x.txt": f"Hello\n{line.strip()}\n"})
    assert told(RULES["msg-text-long-line"], mail) == found


@pytest.mark.parametrize(("lines", "found"), [(1400, []), (1500, ["warning"]), (1700, ["error"])])
def test_html_that_is_cut(tmp_path: Path, lines: int, found: list[str]) -> None:
    """What is sent counts: 62 octets a line, and the frame around them."""
    mail = mail_of(tmp_path, ("x" * 60 + "\n") * lines)
    expected = [
        f"templates/x.html:1 {each} the HTML has {lines * 62 + 200:,} octets in 7bit; Gmail cuts at about 102,400"
        for each in found
    ]
    assert told(RULES["msg-size-clip"], mail) == expected


@pytest.mark.parametrize(("count", "found"), [(100, []), (400, ["warning"]), (900, ["error"])])
def test_style_elements_that_are_dropped(tmp_path: Path, count: int, found: list[str]) -> None:
    """What is left after inlining counts."""
    rules = "\n".join(f"  .r{number} {{ color: red !important }}" for number in range(count))
    html = f"<html><head>\n<style>@media (max-width: 9px) {{\n{rules}\n}}</style></head><body>Hello</body></html>"
    told_now = told(RULES["msg-style-limit"], mail_of(tmp_path, html))
    assert [each.split()[:2] for each in told_now] == [["templates/x.html:2", each] for each in found]


def test_a_mail_that_is_too_large(tmp_path: Path) -> None:
    """The whole of it, as it travels; notify.yaml can say when."""
    definition = DEFINITION + "attachments: [{path: a.bin}]\n"
    mail = mail_of(
        tmp_path,
        "<p>Hi</p>",
        definition=definition,
        files={"attachments/a.bin": bytes(900_000)},
        settings=CheckSettings(limits={"msg-total-size": 1_000_000}),
    )
    assert told(RULES["msg-total-size"], mail) == ["notifications/x.yaml:5 error the mail has 1.2 MB, more than 1 MB"]
    assert told(RULES["msg-total-size"], mail_of(tmp_path, "<p>Hi</p>", definition=definition)) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Café, naïve, “so” — Ελλάδα €5</p>", []),
        (
            '<head>\n<meta charset="iso-8859-1"></head>',
            ["templates/x.html:2 error the HTML says that its charset is iso-8859-1, and mails are sent in UTF-8"],
        ),
        ('<head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>', []),
        ("<p>Hi</p>\n<p>Your cafÃ©</p>", ["templates/x.html:2 error 'Ã©' is 'é' read in a wrong encoding"]),
        ("<p>itâ€™s</p>", ["templates/x.html:1 error 'â€™' is '\u2019' read in a wrong encoding"]),
        ("<p>caf\ufffd</p>", ["templates/x.html:1 error a letter was lost in a wrong encoding: \ufffd"]),
    ],
)
def test_letters_in_a_wrong_encoding(tmp_path: Path, html: str, found: list[str]) -> None:
    """Letters that were read wrongly, and a charset that is another."""
    assert told(RULES["msg-charset"], mail_of(tmp_path, html)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The total is {{ total }}.\n{{ url }}\n", []),
        (
            "The total is 41.00.\n{{ url }}\n",
            [
                "templates/x.html:1 warning the HTML has 42.00, and the text has not",
                "templates/x.txt:1 warning the text has 41.00, and the HTML has not",
            ],
        ),
        (
            "The total is {{ total }}.\n",
            ["templates/x.html:2 warning the HTML links to https://acme.example/o/1, and the text does not"],
        ),
        (
            "The total is {{ total }}.\n{{ url }}\nhttps://acme.example/other\n",
            ["templates/x.txt:3 warning the text has the link https://acme.example/other, and the HTML has not"],
        ),
        (
            "{{ total }} {{ url }}\n" + "alpha beta gamma delta epsilon zeta theta iota kappa lambda\n",
            ["templates/x.txt:1 warning the text and the HTML have 0 % of their words in common"],
        ),
    ],
)
def test_parts_that_differ(tmp_path: Path, text: str, found: list[str]) -> None:
    """Numbers, links and words that one part has and the other has not."""
    mail = mail_of(tmp_path, BODY, definition=AMOUNT + "text: x.txt\n", files={"templates/x.txt": text})
    assert told(RULES["msg-text-html-drift"], mail) == found


def test_what_a_layout_has_for_all_mails_may_differ(tmp_path: Path) -> None:
    """A text may do without its links and its year."""
    layout = '<p><a href="https://acme.example/help">Help</a> 2026</p>{% block content %}{% endblock %}'
    html = '{% extends "layout.html" %}{% block content %}' + BODY + "{% endblock %}"
    files = {"templates/x.txt": "The total is {{ total }}.\n{{ url }}\n", "templates/layout.html": layout}
    assert told(RULES["msg-text-html-drift"], mail_of(tmp_path, html, definition=AMOUNT, files=files)) == []


def test_a_derived_text_does_not_differ(tmp_path: Path) -> None:
    """It is not looked at."""
    mail = mail_of(tmp_path, BODY, definition=AMOUNT)
    assert mail.text_is_derived
    assert told(RULES["msg-text-html-drift"], mail) == []


def test_a_text_that_counts_its_letters(tmp_path: Path) -> None:
    """The line that has most of the words is the place, since a text with marks would be another."""
    heading = "{% set word %}Total{% endset %}\n{{ word }}\n{{ '=' * (word | length) }}\n"
    text = heading + "\nYou owe us 41.00 in all. {{ url }}\n"
    html = BODY.replace("{{ total }}", "{{ total }} and 41.00")
    mail = mail_of(tmp_path, html, definition=AMOUNT, files={"templates/x.txt": text.replace("41.00", "40.00")})
    assert "templates/x.txt:5 warning the text has 40.00, and the HTML has not" in told(
        RULES["msg-text-html-drift"], mail
    )


def test_a_line_of_markdown(tmp_path: Path) -> None:
    """Is found by its words, likewise."""
    definition = "subject: Hi\nparams: {}\nmarkdown: x.md\nsamples: {default: {}}\n"
    files = {"templates/x.md": "# Hello\n\nA paragraph.\n\nYour cafÃ© is open.\n"}
    mail = mail_of(tmp_path, None, definition=definition, files=files)
    assert told(RULES["msg-charset"], mail) == ["templates/x.md:5 error 'Ã©' is 'é' read in a wrong encoding"]


def test_a_text_in_a_wrong_encoding(tmp_path: Path) -> None:
    """Of its own; letters that only look so are left alone."""
    mail = mail_of(tmp_path, "<p>Ã\u0083 Hi</p>", files={"templates/x.txt": "Ã\u0083 Hi\n\nYour cafÃ©\n"})
    assert told(RULES["msg-charset"], mail) == ["templates/x.txt:3 error 'Ã©' is 'é' read in a wrong encoding"]


def test_a_mail_of_text_alone_is_not_cut(tmp_path: Path) -> None:
    """Gmail cuts HTML."""
    definition = DEFINITION + "text: \"{{ 'word ' * 30000 }}\"\n"
    assert told(RULES["msg-size-clip"], mail_of(tmp_path, None, definition=definition)) == []
