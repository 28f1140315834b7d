"""What pages about one mail share."""

from __future__ import annotations

import pytest

from notify.preview.opened import open_mail
from notify.preview.state import Look
from notify.preview.web import mails

MIXED = b"""\
Subject: x
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Hello
--b
Content-Type: image/png; name="a.png"

PNG
--b
Content-Type: application/pdf

PDF
--b--
""".replace(b"\n", b"\r\n")


def test_no_mail_has_no_document() -> None:
    """Where there is no mail, nothing is shown of it."""
    model = mails.model(None, Look())

    assert mails.document(None) is None
    assert (0, 0, (), (), None) == (
        model["html_octets"], model["filled"], model["links"](), model["images"](), model["segments"]()
    )  # fmt: skip


def test_parts_are_a_tree() -> None:
    """The document has each part with its number, its type and its size; those that hold content can be had."""
    mail = open_mail(MIXED)
    document = mails.document(mail)

    assert document is not None
    assert ["text/plain", "image/png", "application/pdf"] == [each["type"] for each in document["parts"]["parts"]]
    assert document["parts"]["parts"] == [{**each, "parts": []} for each in document["parts"]["parts"]]
    assert [each.index for each in mails.leaves(mail.root)] == [each["index"] for each in document["parts"]["parts"]]


def test_a_part_without_a_name() -> None:
    """A part is called by its number where it has no name; one that there is not is 404."""
    mail = open_mail(MIXED)
    png, pdf = mails.leaves(mail.root)[1:]

    assert "image/png" == mails.part(mail, png.index).media_type
    assert f'filename="part-{pdf.index}"' in mails.part(mail, pdf.index).headers["Content-Disposition"]
    assert 404 == mails.part(mail, "x").status_code
    assert 404 == mails.part(mail, mail.root.index).status_code


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("a.txt", "a.txt", "a.txt"),
        ('a"b\\c', "a_b_c", "a%22b%5Cc"),
        ("a\r\nSet-Cookie: x", "a__Set-Cookie: x", "a%0D%0ASet-Cookie%3A%20x"),
        ("Zoë 日.pdf", "Zo_ _.pdf", "Zo%C3%AB%20%E6%97%A5.pdf"),
        ("../../x", "../../x", "..%2F..%2Fx"),
    ],
)
def test_names_of_downloads(name: str, plain: str, encoded: str) -> None:
    """A name cannot end its header or its quotes; browsers take the encoded one (RFC 6266, section 4.3)."""
    response = mails.eml(open_mail(MIXED), name)

    assert (
        f"attachment; filename=\"{plain}.eml\"; filename*=UTF-8''{encoded}.eml"
        == response.headers["Content-Disposition"]
    )
