"""A mail as people and mail programs see it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from notify.frozen import FrozenMapping
from notify.preview.opened.decoding import people_of, text_of, unfolded
from notify.preview.opened.parts import Tree, body_parts
from notify.preview.opened.snippet import html_snippet, snippet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.preview.opened.parts import Header, Part


class Opened:
    """A mail taken apart; `open_mail` makes one. What costs something is done when it is first asked for.

    Attributes:
        data: the octets.
        headers: the fields, in their order.
        root: the whole mail as a part, with the tree of its parts.
    """

    def __init__(self, data: bytes, tree: Tree) -> None:
        self.data = data
        self.headers: tuple[Header, ...] = tree.headers
        self.root: Part = tree.root
        self._contents = tree.contents

    def header(self, name: str) -> str:
        """The value of the first header of that name, decoded; empty if there is none."""
        header = self._first(name)
        return header.value if header else ""

    def people(self, name: str) -> tuple[tuple[str, str], ...]:
        """The mailboxes of the first header of that name, as (name, address)."""
        header = self._first(name)
        return people_of(unfolded(header.raw.encode())) if header else ()

    @property
    def subject(self) -> str:
        """The Subject."""
        return self.header("Subject")

    @property
    def sender(self) -> str:
        """From."""
        return self.header("From")

    @property
    def to(self) -> str:
        """To."""
        return self.header("To")

    @property
    def cc(self) -> str:
        """Cc."""
        return self.header("Cc")

    @property
    def reply_to(self) -> str:
        """Reply-To."""
        return self.header("Reply-To")

    @property
    def message_id(self) -> str:
        """The Message-ID, with angle brackets."""
        return self.header("Message-ID")

    @property
    def date(self) -> str:
        """The Date as written."""
        return self.header("Date")

    @cached_property
    def text(self) -> str | None:
        r"""The text that a mail program shows, with `\n` at each line break; None if there is none."""
        return self._body(self._bodies[0])

    @cached_property
    def html(self) -> str | None:
        r"""The HTML that a mail program shows, with `\n` at each line break; None if there is none."""
        return self._body(self._bodies[1])

    @cached_property
    def preheader(self) -> str:
        """What an inbox shows after the subject: the first 200 characters of the HTML, else of the text."""
        return snippet(self.text or "") if self.html is None else html_snippet(self.html)

    @cached_property
    def attachments(self) -> tuple[Part, ...]:
        """Each part with content that is neither the text nor the HTML; inline images too."""
        bodies = {part.index for part in self._bodies if part is not None}
        return tuple(part for part in self.root.leaves() if part.index not in bodies)

    @cached_property
    def inline(self) -> Mapping[str, tuple[str, bytes]]:
        """What the HTML can show as `cid:...`: the content type and the octets by Content-ID."""
        return FrozenMapping({
            part.cid: (part.content_type, self._contents[part.index]) for part in self.root.leaves() if part.cid
        })  # fmt: skip

    def content(self, index: str) -> bytes | None:
        """The decoded octets of the part at `index`; None if there is no such part, or it is a multipart."""
        return self._contents.get(index)

    def size(self) -> int:
        """Octets of the whole mail."""
        return len(self.data)

    def _first(self, name: str) -> Header | None:
        return next((header for header in self.headers if header.name.lower() == name.lower()), None)

    @cached_property
    def _bodies(self) -> tuple[Part | None, Part | None]:
        return body_parts(self.root)

    def _body(self, part: Part | None) -> str | None:
        if part is None:
            return None
        return text_of(self._contents[part.index], part.charset).replace("\r\n", "\n").replace("\r", "\n")


def open_mail(data: bytes) -> Opened:
    """Take a mail apart. Whatever the octets are, this does not fail."""
    return Opened(data, Tree.of(data))
