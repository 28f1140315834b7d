"""What is odd about a user name and a password that a server refused; never a letter of the password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify_smtp.endpoint import Credentials
    from notify_smtp.presets import Preset

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY = re.compile(r"SG\.[^.]+\.[^.]+")


def suspicion(credentials: Credentials, service: Preset) -> str:
    """What is probably wrong with them, in sentences; empty if nothing can be seen."""
    secret, user = credentials.secret.reveal(), credentials.username
    told = []
    if secret != secret.strip():
        told.append("The password begins or ends with a blank or a line break: was it copied whole, and nothing else?")
    elif re.search(r"\s", secret):
        told.append("The password has blanks within: was it copied whole, and nothing else?")
    if secret[:1] in {"'", '"'} and secret[:1] == secret[-1:]:
        told.append("The password stands in quotes, which are taken for a part of it.")
    if user != user.strip():
        told.append("The user name begins or ends with a blank.")
    if service.title == "SendGrid":
        told += _of_sendgrid(secret.strip(), user.strip())
    return " ".join(told)


def _of_sendgrid(key: str, user: str) -> list[str]:
    """The shape of a key is described in Twilio's "API keys" page: `SG.`, the id, a dot and the rest."""
    told = []
    if user != "apikey":
        told.append("The user name of SendGrid is the word apikey for everybody, not the login of the account.")
    if _KEY_ID.fullmatch(key):
        told.append("It has 22 letters, as a key's id has: the key itself begins with SG. and was shown only once.")
    elif not key.startswith("SG."):
        told.append("It does not begin with SG., as each API key of SendGrid does.")
    elif not _KEY.fullmatch(key):
        told.append("It is not whole: a key has three parts with dots between them.")
    return told
