"""Bodies as they travel: line breaks, lengths of lines and transfer encodings (RFC 2045, section 6)."""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from struct import Struct

from notify.wire import WireText

LIMIT = 998
"""Octets of a line without its CRLF (RFC 5322, section 2.1.1)."""

_BASE64_LINE = 76
_LINES = Struct(f"{_BASE64_LINE}s" * 256)
"""Many lines at once: a third of the time that slices take."""
_AS_IT_IS = bytes(octet for octet in range(128) if octet != ord("="))


def text_body(text: bytes, *, eight_bit: bool) -> tuple[str, bytes]:
    """Text, given in UTF-8, with CRLF at every kind of line break and at its end, and the transfer encoding's name.

    It goes as it is if it is ASCII, or if `eight_bit` is true, and no line is too long and there is no NUL; else as
    quoted-printable or base64, whichever is shorter.
    """
    body = text
    if type(text) is not WireText:
        if b"\r" in text:
            body = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        body = body.replace(b"\n", b"\r\n")
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    if (eight_bit or body.isascii()) and fits(body):
        return "7bit" if body.isascii() else "8bit", body
    escapes = len(body.translate(None, _AS_IT_IS))
    letters = (len(body) + 2) // 3 * 4
    base64_length = letters + 2 * -(-letters // _BASE64_LINE)
    if len(body) + 2 * escapes <= base64_length:
        quoted = b2a_qp(body)
        if len(quoted) <= base64_length:
            return "quoted-printable", quoted
    return "base64", base64_body(body)


def base64_body(content: bytes) -> bytes:
    """`content` in base64, in lines of 76 octets, each ended by CRLF."""
    encoded = b2a_base64(content, newline=False)
    lines: list[bytes] = []
    end = len(encoded) - len(encoded) % _LINES.size
    for start in range(0, end, _LINES.size):
        lines += _LINES.unpack_from(encoded, start)
    lines += [encoded[start : start + _BASE64_LINE] for start in range(end, len(encoded), _BASE64_LINE)]
    lines.append(b"")
    return b"\r\n".join(lines)


def fits(body: bytes) -> bool:
    """Whether a body with CRLF line breaks, the last one included, can travel as it is: no NUL, no line too long."""
    if b"\0" in body:
        return False
    start, longest = 0, LIMIT + len(b"\r\n")
    while len(body) - start > longest:
        line_end = body.rfind(b"\n", start, start + longest)
        if line_end < 0:
            return False
        start = line_end + 1
    return True
