"""Media types: by the suffix, the same on every machine."""

from __future__ import annotations

import pytest

from notify.mime import guess_type


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("invoice.pdf", "application/pdf"),
        ("LOGO.PNG", "image/png"),
        ("a.webp", "image/webp"),
        ("invite.ics", "text/calendar"),
        ("note.txt", "text/plain"),
        ("mail.eml", "message/rfc822"),
        ("data.csv.gz", "application/gzip"),
        ("data.br", "application/octet-stream"),
        ("unknown", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_guess(filename: str, media_type: str) -> None:
    """The suffix says what a file is; without a known one it is octets."""
    assert media_type == guess_type(filename)
