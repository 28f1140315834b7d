"""A message that was sent in a test, and what a test says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, Self

from notify.markup.links import links

if TYPE_CHECKING:
    from notify.message import Attachment, Message

_SHOWN = 2000
"""Characters of a part that a failed assertion shows."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it left, after the environment's policy and the plugins.

    Each assertion raises AssertionError, naming what there is, and gives the same object, so that they can be chained.

    Attributes:
        message: the message.
        transport: the name of the transport that would have carried it.
    """

    message: Message
    transport: str

    @property
    def subject(self) -> str:
        """The subject."""
        return self.message.subject

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses of the envelope: to, cc and bcc."""
        return self.message.envelope.recipients

    @property
    def text(self) -> str:
        """The text part.

        Raises:
            AssertionError: there is none.
        """
        return self._part("text", self.message.text)

    @property
    def html(self) -> str:
        """The HTML part.

        Raises:
            AssertionError: there is none.
        """
        return self._part("HTML", self.message.html)

    @property
    def links(self) -> tuple[str, ...]:
        """The links of the HTML part, or of the text where there is no HTML; each once, in their order."""
        return tuple(dict.fromkeys(link.url for link in links(self.message.html, self.message.text)))

    def assert_subject(self, subject: str) -> Self:
        """The subject is exactly this."""
        if self.subject != subject:
            self._fail(f"expected the subject {subject!r}", f"it is {self.subject!r}")
        return self

    def assert_text(self, *words: str) -> Self:
        """The text part has all these words; white space of any kind and length is one blank."""
        return self._contains("text", self.text, self.text, words)

    def assert_html(self, *words: str) -> Self:
        """The HTML part has all these words, in its source or in what can be seen of it."""
        from notify.preview.opened import visible_text

        return self._contains("HTML", self.html, f"{self.html}\n{visible_text(self.html)}", words)

    def assert_link(self, url: str) -> Self:
        """The message has a link to exactly this URL."""
        if url not in self.links:
            self._fail(f"expected a link to {url}", f"it has {_listed(self.links, 'no link')}")
        return self

    def assert_attachment(self, filename: str, *, content: bytes | None = None, type: str | None = None) -> Attachment:  # noqa: A002 - as Attachment calls it
        """The message has an attachment of this name, and of this content and type where they are given."""
        files = self.message.attachments
        found = next((each for each in files if each.filename == filename), None)
        if found is None:
            names = [each.filename or f"cid:{each.cid}" for each in files]
            self._fail(f"expected an attachment {filename}", f"it has {_listed(names, 'no attachment')}")
        if type is not None and found.media_type != type:
            self._fail(f"expected {filename} to be {type}", f"it is {found.media_type}")
        if content is not None and found.read() != content:
            self._fail(
                f"expected other octets in {filename}", f"it has {len(found.read())}, {len(content)} are expected"
            )
        return found

    def __str__(self) -> str:
        what = f" ({self.message.notification})" if self.message.notification else ""
        return f"{self.subject!r} to {', '.join(self.recipients)}{what}"

    def _part(self, name: str, part: str | None) -> str:
        if part is None:
            self._fail(f"expected a part in {name}", "it has none")
        return part

    def _contains(self, name: str, shown: str, part: str, words: tuple[str, ...]) -> Self:
        flat = " ".join(part.split())
        for each in words:
            if " ".join(each.split()) not in flat:
                rest = "\n..." if len(shown) > _SHOWN else ""
                self._fail(f"expected {each!r} in the {name} part", f"it is:\n{shown[:_SHOWN]}{rest}")
        return self

    def _fail(self, expected: str, found: str) -> NoReturn:
        raise AssertionError(f"{self}: {expected}; {found}")


def _listed(names: tuple[str, ...] | list[str], nothing: str) -> str:
    return "\n  ".join(["these:", *names]) if names else nothing
