"""A strict reader of the address fields that `mailbox_list` writes, so that nothing is sent that reads otherwise.

It shares nothing with the writer, so that a fault of one is found by the other (python/cpython#80222 and #121284 are
such faults, of a writer that nobody read back).
"""

from __future__ import annotations

import re

_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/?^_`{|}~-]|=(?!\?))++"
_ENCODED = r"=\?utf-8\?[bq]\?[!->@-~]++\?="
_NAME = rf'(?:{_ENCODED}(?: {_ENCODED})*+|{_ATOM}(?: {_ATOM})*+|"(?:[ !#-\[\]-~]|\\["\\])*+")'
_EMAIL = r'(?![^@]*=\?)[^\s<>()\[\]:;@\\,"]++@(?:[a-z0-9.-]++|\[[A-Za-z0-9:.]++\])'
_MAILBOX = re.compile(rf" (?:{_NAME} <({_EMAIL})>|({_EMAIL}))(?:,(?= )|\Z)")


def emails_of(field: str) -> list[str] | None:
    """The addresses of a whole field, in order; None if any of it is not written as `mailbox_list` writes."""
    _, _, value = field.removesuffix("\r\n").partition(":")
    value = value.replace("\r\n ", " ")
    found, position = [], 0
    while position < len(value):
        mailbox = _MAILBOX.match(value, position)
        if mailbox is None:
            return None
        found.append(mailbox[1] or mailbox[2])
        position = mailbox.end()
    return found
