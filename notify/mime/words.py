"""Encoded words (RFC 2047): text of any script in a header of ASCII."""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_WORD = 75
MAX_LINE = 76
"""The longest line that holds an encoded word (RFC 2047, section 2)."""

_AROUND = len("=?utf-8?q??=")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
_BARE = _LETTERS + b" "
_Q = [chr(octet) if octet in _LETTERS else "_" if octet == ord(" ") else f"={octet:02X}" for octet in range(256)]


def encoded_words(text: str, room: int = MAX_WORD) -> list[str]:
    """`text` as encoded words in UTF-8, by Q or B, whichever is shorter.

    Each has at most 75 octets, the first at most `room` (24 or more), and none ends inside a character. Blanks are
    encoded too, since readers drop those between encoded words. The Q form is fit for display names (section 5.3).
    """
    data = text.encode()
    q_length = len(data) + 2 * len(data.translate(None, _BARE))
    b_length = (len(data) + 2) // 3 * 4
    if q_length <= b_length:
        if q_length + _AROUND <= room:
            return [_q_word(text)]
        return [_q_word(piece) for piece in cut(text, _q_cost, room - _AROUND, MAX_WORD - _AROUND)]
    if b_length + _AROUND <= room:
        return [_b_word(text)]
    first, rest = ((limit - _AROUND) // 4 * 3 for limit in (room, MAX_WORD))
    return [_b_word(piece) for piece in cut(text, _octets, first, rest)]


def cut(text: str, cost: Callable[[str], int], first: int, rest: int) -> list[str]:
    """Cut, after blanks where it can be: the first piece costs at most `first`, each other one at most `rest`.

    Python's own parser shows a blank wherever a name is cut (python/cpython#128110); beside a blank that does no harm.
    """
    pieces, start, position, left = [], 0, 0, first
    while position < len(text):
        price = cost(text[position])
        if price <= left:
            left -= price
            position += 1
        else:
            position = text.rfind(" ", start, position) + 1 or position
            pieces.append(text[start:position])
            start, left = position, rest
    pieces.append(text[start:])
    return pieces


def _q_word(text: str) -> str:
    return f"=?utf-8?q?{''.join(map(_Q.__getitem__, text.encode()))}?="


def _b_word(text: str) -> str:
    return f"=?utf-8?b?{b2a_base64(text.encode(), newline=False).decode('ascii')}?="


def _q_cost(character: str) -> int:
    return sum(len(_Q[octet]) for octet in character.encode())


def _octets(character: str) -> int:
    return len(character.encode())
