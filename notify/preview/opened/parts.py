"""The tree of a mail's parts (RFC 2045, 2046), and which of them people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.preview.opened.decoding import body_octets, one_line, text_of, unfolded, words_of
from notify.preview.opened.splitting import split_head, split_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DEEPEST, _MOST = 30, 1000
_LONGEST_VALUE = 10_000


@dataclass(frozen=True, slots=True)
class Header:
    """A header field.

    Attributes:
        name: as written.
        value: as people read it: decoded, on one line.
        raw: the whole field as it was sent, with its folds, without its last line break.
    """

    name: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail.

    Attributes:
        index: where it stands: `0` is the whole mail, `1` the first part of that, `1.2` the second part of the first.
        content_type: in small letters, without parameters.
        charset: as declared, in small letters.
        encoding: the transfer encoding; `7bit` if left out.
        disposition: `inline`, `attachment`, or nothing.
        filename: without folders.
        cid: the Content-ID without angle brackets.
        octets: the size of the decoded content; 0 of a multipart.
        wire: the size of what was sent, with the part's headers.
        parts: those of a multipart; of a message inside the message, that one.
    """

    index: str
    content_type: str
    charset: str = ""
    encoding: str = "7bit"
    disposition: str = ""
    filename: str = ""
    cid: str = ""
    octets: int = 0
    wire: int = 0
    parts: tuple[Part, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """The parts that have content, in their order; a message inside the message is one."""
        if not self.content_type.startswith("multipart/"):
            yield self
            return
        for part in self.parts:
            yield from part.leaves()


@dataclass(slots=True)
class Tree:
    """A mail, divided: its headers, its parts and the decoded content of each part that has any."""

    headers: tuple[Header, ...] = ()
    root: Part = Part("0", "text/plain")
    contents: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> Tree:
        """Divide a mail; whatever is wrong with it, there is a tree."""
        tree = cls()
        fields, _ = split_head(data)
        tree.headers = tuple(Header(name, words_of(unfolded(raw)), text_of(raw, "")) for name, raw in fields)
        tree.root = _Division(tree.contents).part(data, "0", "text/plain")
        return tree


class _Division:
    """Divides one mail; gives up on what nests too deep or has too many parts, and takes it as content."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self._contents = contents
        self._left = _MOST

    def part(self, data: bytes, index: str, default_type: str, depth: int = 0) -> Part:
        fields, body = split_head(data)
        facts = _Facts.of(fields, default_type)
        parts: tuple[Part, ...] = ()
        content_type, content = facts.content_type, None
        if content_type.startswith("multipart/"):
            sections = self._sections(body, facts.boundary, depth)
            inner_type = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
            parts = self._inner(sections, index, inner_type, depth)
            if not parts:  # mail programs show it as the text that it then is
                content_type, content = "text/plain", body
        else:
            content = body_octets(body, facts.encoding)
            if content_type == "message/rfc822" and depth < _DEEPEST:
                parts = self._inner([content], index, "text/plain", depth)
        if content is not None:
            self._contents[index] = content
        return Part(
            index=index,
            content_type=content_type,
            charset=facts.charset,
            encoding=facts.encoding,
            disposition=facts.disposition,
            filename=facts.filename,
            cid=facts.cid,
            octets=len(content or b""),
            wire=len(data),
            parts=parts,
        )

    def _sections(self, body: bytes, boundary: str, depth: int) -> list[bytes]:
        if not boundary or depth >= _DEEPEST or self._left <= 0:
            return []
        sections = split_parts(body, boundary, self._left)
        self._left -= len(sections)
        return sections

    def _inner(self, sections: Sequence[bytes], index: str, default_type: str, depth: int) -> tuple[Part, ...]:
        prefix = "" if index == "0" else f"{index}."
        return tuple(
            self.part(section, f"{prefix}{number}", default_type, depth + 1)
            for number, section in enumerate(sections, 1)
        )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the headers of a part say about its content."""

    content_type: str
    charset: str = ""
    encoding: str = "7bit"
    disposition: str = ""
    filename: str = ""
    cid: str = ""
    boundary: str = ""

    @classmethod
    def of(cls, fields: Sequence[tuple[str, bytes]], default_type: str) -> _Facts:
        from email.message import Message

        message = Message()
        message.set_default_type(default_type)
        for name, raw in fields:
            if name.lower().startswith("content-"):
                message[name] = unfolded(raw)[:_LONGEST_VALUE]
        encoding = str(message.get("Content-Transfer-Encoding", "")).partition(";")[0].strip().lower()
        disposition = (message.get_content_disposition() or "").strip()
        try:
            filename, charset = message.get_filename(""), message.get_content_charset("")
            boundary = message.get_boundary("")
        except (LookupError, TypeError, ValueError):  # parameters that even the standard library trips over
            filename = charset = boundary = ""
        return cls(
            content_type=one_line(message.get_content_type()),
            charset=one_line(charset),
            encoding=one_line(encoding) or "7bit",
            disposition=disposition if disposition in {"", "inline"} else "attachment",
            filename=words_of(filename.encode("utf-8", "replace").decode()).replace("\\", "/").rpartition("/")[2],
            cid=words_of(str(message.get("Content-ID", ""))).strip("<> "),
            boundary=boundary,
        )


def body_parts(root: Part) -> tuple[Part | None, Part | None]:
    """The text and the HTML that a mail program shows as the message itself.

    Of alternatives the last that can be shown (RFC 2046, section 5.1.4); of parts in a row the first, and, since many
    programs forget to say that they are alternatives, an HTML part after the text.
    """
    kind = root.content_type
    if not kind.startswith("multipart/"):
        shown = root.disposition != "attachment"
        return (root if shown and kind == "text/plain" else None), (root if shown and kind == "text/html" else None)
    text = html = None
    for part in root.parts:
        inner_text, inner_html = body_parts(part)
        if kind == "multipart/alternative":
            text, html = inner_text or text, inner_html or html
        elif text is html is None:
            text, html = inner_text, inner_html
        elif html is None and part.content_type == "text/html" and not part.filename:
            html = inner_html
    return text, html
