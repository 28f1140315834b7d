"""Header fields: written and folded so that a reader gets back what went in.

Every function returns whole fields, each line ended by CRLF. Values hold no line breaks and no lone surrogates; who
calls has seen to that.
"""

from __future__ import annotations

import re

from notify.errors import AddressError
from notify.mime.words import MAX_LINE, MAX_WORD, cut, encoded_words

AIM, LIMIT = 78, 998
"""Octets of a line that are aimed for, and that it must never exceed (RFC 5322, section 2.1.1)."""

_PLAIN = re.compile(r"[\t -~]*\Z")
_WORD = re.compile(r"[ \t]*[^ \t]+")
_ROOM = 24

_SHORT = re.compile(r"[^\"\\%=<>\x00-\x1f\x7f-\U0010ffff]{1,60}\Z")
_ATTRIBUTE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
_PERCENT = [chr(octet) if octet in _ATTRIBUTE else f"%{octet:02X}" for octet in range(256)]


def unstructured(name: str, value: str) -> str:
    """A field of free text, such as Subject (RFC 5322, section 3.6.5).

    Text in ASCII stays as it is and is folded before blanks. All other text, text that looks like an encoded word, and
    text that could only make too long a line, goes as encoded words.
    """
    value = value.strip(" \t")
    if _PLAIN.match(value) and "=?" not in value and (folded := _folded(name, value)):
        return folded
    room = MAX_LINE - len(name) - 2
    lead = f"{name}: " if room >= _ROOM else f"{name}:\r\n "
    return lead + "\r\n ".join(encoded_words(value, room if room >= _ROOM else MAX_WORD)) + "\r\n"


def structured(name: str, value: str) -> str:
    """A field whose value programs read, such as List-Unsubscribe: folded before blanks only, never encoded.

    Raises:
        AddressError: the value is not printable ASCII, or a line of it would be longer than 998 octets.
    """
    value = value.strip(" \t")
    if not _PLAIN.match(value):
        raise AddressError(f"header {name}: programs read it, so its value is printable ASCII; got {value!r:.80}")
    folded = _folded(name, value)
    if not folded:
        raise AddressError(f"header {name}: a line would be longer than {LIMIT} octets, with no blank to fold it at")
    return folded


def parameters(name: str, value: str, **values: str) -> str:
    """A field with parameters: `Content-Disposition: attachment; filename=...`, each on a line of its own.

    A short value in ASCII goes as a quoted string, any other in percent-encoded UTF-8, in pieces (RFC 2231).
    """
    lines = [f"{name}: {value}"]
    for attribute, text in values.items():
        lines += _parameter(attribute, text)
    return ";\r\n ".join(lines) + "\r\n"


def _folded(name: str, value: str) -> str | None:
    """The field folded before blanks, or None where that leaves a line over the limit."""
    if len(name) + 2 + len(value) <= AIM:
        return f"{name}: {value}\r\n"
    lines: list[str] = []
    line = f"{name}: "
    for number, word in enumerate(_WORD.findall(value)):
        if number and len(line) + len(word) > AIM:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    return "\r\n".join([*lines, ""]) if max(map(len, lines)) <= LIMIT else None


def _parameter(attribute: str, text: str) -> list[str]:
    if _SHORT.match(text):
        return [f'{attribute}="{text}"']
    whole = f"{attribute}*=utf-8''{_percent(text)}"
    if len(whole) < MAX_LINE:
        return [whole]
    rest = MAX_LINE - len(f" {attribute}*999*=;")
    pieces = cut(text, lambda character: len(_percent(character)), rest - len("utf-8''"), rest)
    return [
        f"{attribute}*{number}*={'' if number else 'utf-8' + 2 * chr(39)}{_percent(piece)}"
        for number, piece in enumerate(pieces)
    ]


def _percent(text: str) -> str:
    return "".join(map(_PERCENT.__getitem__, text.encode()))
