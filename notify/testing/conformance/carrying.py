"""What must arrive as it was sent."""

# ruff: noqa: S101, SIM300 - these are tests, although they ship
from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from notify.message import Attachment
from notify.testing.conformance.base import Conformance, a_message, opened

if TYPE_CHECKING:
    from email.message import EmailMessage

    from notify.transport import Transport

_LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322, section 2.1.1)."""
_LARGE = 3_000_000


class Carrying(Conformance):
    """One message at a time, of every kind."""

    def test_the_receipt_names_everyone(self, carrier: Transport) -> None:
        """The receipt has the message's id, the transport's name and each address of the envelope once."""
        message = a_message("ada@example.org", "Bob <bob@example.org>", cc="cy@example.org", bcc="di@example.org")
        receipt = carrier.send(message)

        assert message.message_id == receipt.message_id
        assert receipt.transport
        assert ("ada@example.org", "bob@example.org", "cy@example.org", "di@example.org") == receipt.accepted
        assert {} == dict(receipt.rejected)

    def test_blind_copies_stay_blind(self, carrier: Transport) -> None:
        """Who gets a blind copy is in the envelope, and nowhere in the message."""
        carrier.send(a_message(bcc=["Di Secret <di.secret@example.org>", "ed.secret@example.org"]))

        (taken,) = self.arrived(carrier)
        assert {"ada@example.org", "di.secret@example.org", "ed.secret@example.org"} == set(taken.recipients)
        assert "bcc" not in {name.lower() for name in opened(taken)}
        assert b"secret" not in taken.data.lower()

    def test_a_message_of_blind_copies_alone(self, carrier: Transport) -> None:
        """A message without any visible recipient is sent all the same."""
        receipt = carrier.send(a_message(to=(), bcc="di@example.org"))

        assert ("di@example.org",) == receipt.accepted

    def test_only_some_of_the_recipients(self, carrier: Transport) -> None:
        """A message for some of those that it names reaches these alone."""
        message = a_message("ada@example.org", "bob@example.org", cc="cy@example.org", only=["bob@example.org"])
        receipt = carrier.send(message)

        assert ("bob@example.org",) == receipt.accepted
        (taken,) = self.arrived(carrier)
        assert ("bob@example.org",) == taken.recipients

    def test_domains_in_any_script(self, carrier: Transport) -> None:
        """A domain in Unicode goes out in its ASCII form (RFC 5890), in the envelope and in the message."""
        receipt = carrier.send(a_message("Ada <ada@bücher.example>"))

        assert ("ada@xn--bcher-kva.example",) == receipt.accepted
        (taken,) = self.arrived(carrier)
        assert ("ada@xn--bcher-kva.example",) == taken.recipients
        assert b"ada@xn--bcher-kva.example" in taken.data

    def test_headers_are_folded_and_read_back(self, carrier: Transport) -> None:
        """Long subjects and names in any script arrive whole, in lines that are short enough."""
        subject = "Grüße aus Tromsø 👩‍👩‍👧 " * 30 + "end"
        carrier.send(a_message('"Ünal, Ö. ' + "long " * 30 + 'name" <ada@example.org>', subject=subject))

        (taken,) = self.arrived(carrier)
        assert subject == opened(taken)["Subject"]
        assert "Ünal, Ö. " in opened(taken)["To"].addresses[0].display_name
        assert _longest(taken.data) <= _LONGEST_LINE

    def test_many_recipients_are_folded(self, carrier: Transport) -> None:
        """A hundred recipients arrive, each of them, in lines that are short enough."""
        people = [f"Person {number} <p{number}@example.org>" for number in range(100)]
        receipt = carrier.send(a_message(*people))

        assert len(receipt.accepted) == len(people)
        (taken,) = self.arrived(carrier)
        assert len(people) == len(opened(taken)["To"].addresses)
        assert _longest(taken.data) <= _LONGEST_LINE

    def test_text_arrives_as_it_is(self, carrier: Transport) -> None:
        """Dots at the beginning of lines, long lines, bare CR and LF and all scripts arrive, and end no message."""
        lines = [".", "..", ".hidden", "x" * 2000, "Grüße 👋 שלום", "From here", "", "  blanks  ", "end."]
        carrier.send(a_message(text="\n".join(lines) + "\n", html="<p>" + "y" * 2000 + "</p>\r.\r\n.\n"))

        (taken,) = self.arrived(carrier)
        assert lines == _content(opened(taken), "plain").splitlines()
        assert "y" * 2000 in _content(opened(taken), "html")
        assert _longest(taken.data) <= _LONGEST_LINE

    def test_inline_images(self, carrier: Transport) -> None:
        """A picture that the HTML shows arrives beside it, under its Content-ID, octet by octet."""
        picture = Attachment("logo.png", content=bytes(range(256)), cid="logo@acme.example")
        carrier.send(a_message(html='<p><img src="cid:logo@acme.example" alt="Acme"></p>', attachments=picture))

        (taken,) = self.arrived(carrier)
        (part,) = (part for part in opened(taken).walk() if part.get_content_type() == "image/png")
        assert part["Content-ID"] == "<logo@acme.example>"
        assert picture.content == part.get_payload(decode=True)

    def test_large_attachments(self, carrier: Transport) -> None:
        """Three megabytes arrive octet by octet, under a name in any script."""
        most = carrier.capabilities.max_bytes
        if most is not None and most < 2 * _LARGE:
            pytest.skip(f"it takes {most:,} octets at most")
        content = b"".join(hashlib.sha256(number.to_bytes(4)).digest() for number in range(_LARGE // 32))
        carrier.send(a_message(attachments=Attachment("Übersicht.bin", content=content)))

        (taken,) = self.arrived(carrier)
        (part,) = (part for part in opened(taken).walk() if part.get_filename())
        assert part.get_filename() == "Übersicht.bin"
        assert content == part.get_payload(decode=True)

    def test_what_it_cannot_use_does_no_harm(self, carrier: Transport) -> None:
        """Tags, metadata and what another provider is told are no reason to fail."""
        receipt = carrier.send(
            a_message(tags=["orders"], metadata={"order": "A-1"}, options={"another_provider": {"speed": 9}})
        )

        assert receipt.accepted


def _longest(data: bytes) -> int:
    return max(len(line) for line in data.replace(b"\r\n", b"\n").split(b"\n"))


def _content(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content
