"""`notify.readable`: a message as text for people."""

from __future__ import annotations

import pytest

from notify import Address, Attachment, Message
from notify.readable import human_size, readable


def message(**changes: object) -> Message:
    """A message with a text and an HTML part."""
    values: dict[str, object] = {
        "sender": Address("shop@example.com", "Shop"),
        "to": (Address("ada@example.com", "Ada"),),
        "subject": "Your order",
        "text": "Dear Ada,\n\nit is on its way.\n",
        "html": "<p>Dear Ada</p>",
    }
    return Message(**{**values, **changes})  # type: ignore[arg-type]


def test_shows_envelope_headers_text_and_parts() -> None:
    """The plain form names the envelope and the headers, then the text, then each part with its size."""
    shown = readable(message())

    assert (
        "Envelope: shop@example.com to ada@example.com\n"
        "From:     Shop <shop@example.com>\n"
        "To:       Ada <ada@example.com>\n"
        "Subject:  Your order\n"
        "\n"
        "Dear Ada,\n"
        "\n"
        "it is on its way.\n"
        "\n"
        "[text/plain, 32 B]\n"
        "[text/html, 17 B]\n"
    ) == shown


def test_shows_all_people_headers_and_tags() -> None:
    """Copies, blind copies, the address for answers, extra headers and tags are shown too."""
    shown = readable(
        message(
            cc=(Address("cc@example.com"),),
            bcc=(Address("bcc@example.com"),),
            reply_to=(Address("help@example.com"),),
            headers=(("X-Order", "A-1"),),
            tags=("orders", "eu"),
        )
    )

    assert "Envelope: shop@example.com to ada@example.com, cc@example.com, bcc@example.com\n" in shown
    assert "Cc:       cc@example.com\n" in shown
    assert "Bcc:      bcc@example.com\n" in shown
    assert "Reply-To: help@example.com\n" in shown
    assert "X-Order:  A-1\n" in shown
    assert "Tags:     orders, eu\n" in shown


def test_names_attachments_and_inline_files() -> None:
    """Each attachment is a line with its type, name and size; an inline one says how the HTML calls it."""
    shown = readable(
        message(
            html='<img src="cid:logo">',
            attachments=(
                Attachment("invoice.pdf", b"%PDF" + bytes(1996), type="application/pdf"),
                Attachment("logo.png", b"\x89PNG", type="image/png", cid="logo"),
            ),
        )
    )

    assert "[application/pdf invoice.pdf, 2.0 kB]" in shown
    assert "[image/png logo.png, 4 B, shown as cid:logo]" in shown


def test_a_forwarded_mail_is_one_part() -> None:
    """An attached message counts as one part, with its whole size."""
    forwarded = b"Subject: old\r\n\r\nhello\r\n"

    shown = readable(message(attachments=(Attachment("old.eml", forwarded, type="message/rfc822"),)))

    assert "old.eml, " in shown
    assert "hello" not in shown


def test_html_alone_is_shown_as_source() -> None:
    """Where there is no text part, the HTML source is what there is to read."""
    assert "\n<p>Dear Ada</p>\n" in readable(message(text=None))


def test_a_message_without_bodies_is_headers_and_parts() -> None:
    """A message with nothing to say is still shown."""
    shown = readable(message(text=None, html=None))

    assert "Subject:  Your order\n\n[text/plain, 2 B]\n" in shown


@pytest.mark.parametrize(
    ("character", "visible"),
    [("\x1b", r"\x1b"), ("\x9b", r"\x9b"), ("\r", r"\r"), ("\u202e", r"\u202e"), ("\u2066", r"\u2066")],
)
def test_control_characters_cannot_steer_the_terminal(character: str, visible: str) -> None:
    """Escape sequences and changes of direction in a body are made visible."""
    shown = readable(message(html=f"<p>a{character}b</p>", text=None))

    assert f"a{visible}b" in shown
    assert character not in shown


def test_tabs_and_other_scripts_stay() -> None:
    """A tab, an accent and an emoji are shown as they are."""
    assert "\tZoë 👋 שלום" in readable(message(text="\tZoë 👋 שלום\n"))


def test_colour_marks_names_and_parts() -> None:
    """With colour, the header names are bold and the parts dim."""
    shown = readable(message(), colour=True)

    assert "\x1b[1mSubject:  \x1b[0mYour order" in shown
    assert "\x1b[2m[text/html" in shown


def test_it_can_show_what_needs_smtputf8() -> None:
    """A message for a server with SMTPUTF8 is shown like any other."""
    assert "jörg@example.com" in readable(message(to=(Address("jörg@example.com"),)))


@pytest.mark.parametrize(
    ("octets", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345, "12.3 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
     (4_000_000, "4.0 MB"), (2_500_000_000_000, "2500.0 GB")],
)  # fmt: skip
def test_human_size(octets: int, shown: str) -> None:
    """Sizes are in the units that people use, rounded to one place."""
    assert shown == human_size(octets)
