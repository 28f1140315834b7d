"""Instructions as the header X-SMTPAPI.

SendGrid reads JSON there, in ASCII, from one header. It is written so that it can be folded at blanks and nowhere
else: a blank within a JSON string that is folded at comes back as that blank.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notify_sendgrid.filters import for_smtp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify_sendgrid.instructions import Instructions

_LONGEST_WORD = 900
_MOST_RECIPIENTS = 10_000


def header(instructions: Instructions, recipients: int) -> str:
    """The value of X-SMTPAPI.

    Args:
        instructions: what it is to say.
        recipients: how many the envelope has.

    Raises:
        ValueError: SendGrid would not understand it.
    """
    if instructions.sandbox:
        raise ValueError("options: sendgrid: sandbox: SMTP has none; use the transport sendgrid_api")
    _check_rest(instructions.rest, recipients, scheduled=instructions.send_at is not None)
    filters = {**for_smtp(instructions.filters), **instructions.rest.get("filters", {})}
    said: dict[str, Any] = {
        **instructions.rest,
        "category": list(instructions.categories),
        "unique_args": instructions.arguments,
        "asm_group_id": instructions.asm_group,
        "asm_groups_to_display": list(instructions.asm_groups_to_display),
        "send_at": instructions.send_at,
        "batch_id": instructions.batch_id,
        "ip_pool": instructions.ip_pool,
        "filters": filters,
    }
    said = {name: value for name, value in said.items() if name in instructions.rest or value not in (None, [], {})}
    # json.dumps leaves DEL as it is, which no header may hold
    text = json.dumps(said).replace("\x7f", r"\u007f")
    if (longest := max(map(len, text.split(" ")))) > _LONGEST_WORD:
        raise ValueError(
            f"X-SMTPAPI has a word of {longest} letters in a tag, metadata or an option, and can only be folded at "
            f"blanks: more than {_LONGEST_WORD} letters would not arrive"
        )
    return text


def _check_rest(rest: Mapping[str, Any], recipients: int, *, scheduled: bool) -> None:
    """What SendGrid says of keys that only a header of one's own can have."""
    if not isinstance(rest.get("filters", {}), dict):
        raise ValueError("filters in the header X-SMTPAPI is not a JSON object")  # noqa: TRY004 - about the message
    if scheduled and "send_each_at" in rest:
        raise ValueError("the message has send_at, and send_each_at in the header X-SMTPAPI: give one")
    if "to" not in rest:
        return
    to = rest["to"]
    if not isinstance(to, list) or not 0 < len(to) <= _MOST_RECIPIENTS:
        raise ValueError(f"to in the header X-SMTPAPI is not a list of 1 to {_MOST_RECIPIENTS} addresses")
    if recipients > 1:
        raise ValueError(
            f"the header X-SMTPAPI has a list to, and the message {recipients} recipients: each would get every copy; "
            "give one recipient"
        )
