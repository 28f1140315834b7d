"""What must hold of every mail."""

from __future__ import annotations

from typing import Any

import pytest

from notify import Message
from notify.testing.soundness import unsound


def faults(*own: str, params: dict[str, Any] | None = None, **parts: Any) -> list[str]:
    """What is wrong with a mail, of which the template has some words itself."""
    usual: dict[str, Any] = {"sender": "a@example.com", "to": "b@example.com", "subject": "Hi", "text": "Hello\n"}
    said = "\n".join(own)
    return list(unsound(Message(**{**usual, **parts}), params or {}, lambda words: words in said))


def test_a_sound_mail() -> None:
    """Nothing is wrong with it, whatever its headers hold."""
    assert [] == faults(
        cc="Ünal <c@example.com>", reply_to="d@example.com", bcc="e@example.com", headers={"X-Ref": "1"},
        subject="Grüße " * 40, html="<p>x</p>",
    )  # fmt: skip


@pytest.mark.parametrize("text", [None, "", " \n\n"])
def test_no_text(text: str | None) -> None:
    """A text part that is empty, or not there, is wrong although there is HTML."""
    assert ["the text part is empty"] == [fault[:22] for fault in faults(text=text, html="<p>x</p>")]


@pytest.mark.parametrize(
    ("part", "text", "word"),
    [
        ("subject", "Hello None", "None"),
        ("text", "Hello {{ name }}", "{{"),
        ("text", "x {% if %}", "{%"),
        ("html", "<p title='Undefined'>x</p>", "Undefined"),
    ],
)
def test_what_a_template_leaves_behind(part: str, text: str, word: str) -> None:
    """In whichever part, it is named with what stands around it."""
    parts: dict[str, Any] = {part: text}
    (fault,) = faults(**parts)

    assert fault.startswith(f"there is {word!r} in the {'HTML' if part == 'html' else part}: ")
    assert word in fault.partition(": ")[2]


def test_what_is_no_residue() -> None:
    """Words of the params, words of the template in their place, and parts of longer words."""
    assert [] == faults(text="Dear None,", params={"name": "None"})
    assert [] == faults(text="{{ 7 * 7 }}", params={"items": [{"name": "{{ 7 * 7 }}"}]})
    assert [] == faults("None of us knows", text="x None of\n  us knows")
    assert [] == faults("there is None", text="there is None")
    assert [] == faults(text="Nonesuch, none, undefined")


def test_what_is_the_template_s_elsewhere() -> None:
    """The same word in another place is no excuse, nor are marks of templates anywhere."""
    assert ["there is 'None' in the text: 'Dear None. None of us knows'"] == faults(
        "None of us knows", text="Dear None. None of us knows"
    )
    assert 1 == len(faults("{{ x }}", text="{{ x }}"))


class Forged(Message):
    """A message whose octets have a header that it does not have."""

    def as_bytes(self, *, eight_bit: bool = False, smtputf8: bool = False) -> bytes:
        """The octets, with one header more where the subject brings it in."""
        forged = b"Bcc: eve@example.com\r\n" if "eve" in self.subject else b""
        return forged + super().as_bytes(eight_bit=eight_bit, smtputf8=smtputf8)


def test_a_forged_header() -> None:
    """A header field of the octets that the message does not have is found."""
    message = Forged(sender="a@example.com", to="b@example.com", subject="eve", text="x")

    assert ["the mail has the header field 'bcc' 1 times more than the message: a value forged it"] == list(
        unsound(message, {}, lambda _: False)
    )
