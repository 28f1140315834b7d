"""Parts: types, charsets and files as they stand between boundaries."""

from __future__ import annotations

import pytest

from notify.mime import file_part, multipart, text_part

MAIL = b"Subject: inner\n\nHello\n"


def test_text_part() -> None:
    """A part of text says its charset and its encoding."""
    assert text_part("text/html", "<p>ö</p>\n".encode(), eight_bit=True) == (
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>\xc3\xb6</p>\r\n"
    )


def test_file_part() -> None:
    """A file goes in base64, an inline one with its Content-ID."""
    assert file_part("image/png", b"\x89PNG", "logo.png", cid="logo", eight_bit=True) == (
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo>\r\n"
        b'Content-Disposition: inline;\r\n filename="logo.png"\r\n\r\niVBORw==\r\n'
    )


@pytest.mark.parametrize(
    ("media_type", "content", "shown"),
    [
        ("text/csv", "ö".encode(), b"text/csv; charset=utf-8\r\n"),
        ("text/csv", b"\xf6", b"text/csv\r\n"),
        ("text/csv; Charset=latin-1", b"\xf6", b"text/csv; Charset=latin-1\r\n"),
        ("application/json", b"{}", b"application/json\r\n"),
    ],
)
def test_charset(media_type: str, content: bytes, shown: bytes) -> None:
    """Text in UTF-8 says so, unless its type says something already."""
    assert file_part(media_type, content, "a", eight_bit=False).startswith(b"Content-Type: " + shown)


@pytest.mark.parametrize(
    ("content", "eight_bit", "head"),
    [
        (MAIL, False, b"message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n"),
        (MAIL + "ö".encode(), True, b"message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n"),
        (MAIL + "ö".encode(), False, b"application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"),
        (MAIL + b"y" * 999, True, b"application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"),
    ],
)
def test_message(content: bytes, head: bytes, *, eight_bit: bool) -> None:
    """A message is never in base64; one that cannot go as it is becomes a file of octets."""
    part = file_part("message/rfc822", content, "a.eml", eight_bit=eight_bit)

    assert part.startswith(b"Content-Type: " + head)
    assert part.count(b"\r\n") == part.count(b"\n")
    assert part.endswith(b"\r\n")


def test_eight_bit_multipart() -> None:
    """Around a part that is 8-bit, all is 8-bit."""
    assert multipart("mixed", [b"A: 1\r\n\r\na\r\n", "B: 2\r\n\r\n\xf6\r\n".encode()], "=_x").startswith(
        b'Content-Type: multipart/mixed;\r\n boundary="=_x"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--=_x\r\n'
    )


def test_multipart() -> None:
    """Parts stand between boundaries; a related one says what its root is."""
    assert multipart("related", [b"A: 1\r\n\r\na\r\n", b"B: 2\r\n\r\nb\r\n"], "=_x", root="text/html") == (
        b'Content-Type: multipart/related;\r\n type="text/html";\r\n boundary="=_x"\r\n'
        b"\r\n--=_x\r\nA: 1\r\n\r\na\r\n\r\n--=_x\r\nB: 2\r\n\r\nb\r\n\r\n--=_x--\r\n"
    )
