"""What an environment does to a message before it leaves: who may get it, and how its subject is marked."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from notify.errors import RefusedError

if TYPE_CHECKING:
    from notify.addresses import Address
    from notify.message import Message


@dataclass(frozen=True, slots=True)
class Policy:
    """An environment's rules for every message, whatever transport carries it.

    Attributes:
        redirect_to: gets the message in place of every recipient that is not allowed.
        allow: case-insensitive globs on whole addresses; None allows everybody where nothing is redirected, an empty
            tuple nobody.
        subject_prefix: put before each subject that does not begin with it.
    """

    redirect_to: Address | None = None
    allow: tuple[str, ...] | None = None
    subject_prefix: str = ""

    def apply(self, message: Message) -> Message:
        """The message as it leaves.

        Raises:
            RefusedError: a recipient is not allowed, and there is nobody to redirect to.
        """
        if self.subject_prefix and not message.subject.startswith(self.subject_prefix):
            message = message.replace(subject=self.subject_prefix + message.subject)
        if self.redirect_to is not None:
            return self._redirect(message, self.redirect_to)
        if self.allow is not None:
            self._refuse(message, self.allow)
        return message

    def allows(self, address: Address) -> bool:
        """Whether a glob of `allow` matches the whole address."""
        return any(fnmatchcase(address.email.lower(), glob.lower()) for glob in self.allow or ())

    def _redirect(self, message: Message, target: Address) -> Message:
        """The message for `target` in place of those who are not allowed; what is left so stays when it comes again.

        Its headers are the same whomever it is `only` for, since it is the same mail.
        """

        def stays(address: Address) -> bool:
            return address.email == target.email or self.allows(address)

        def keep(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
            return tuple(filter(stays, addresses))

        to, cc, bcc = keep(message.to), keep(message.cc), keep(message.bcc)
        replaced = [address for address in message.to + message.cc if not stays(address)]
        hidden = [address for address in message.bcc if not stays(address)]
        if not replaced and not hidden:
            return message
        # Whoever is allowed still must not learn who had a blind copy.
        others = any(address.email != target.email for address in to + cc + bcc)
        named = replaced if others else replaced + hidden
        originals = ", ".join(dict.fromkeys(address.email for address in named))
        headers = tuple(pair for pair in message.headers if pair[0].lower() != "x-original-to")
        gone = {address.email for address in (*replaced, *hidden)}
        return message.replace(
            to=to if target.email in {address.email for address in to} else (*to, target),
            cc=cc,
            bcc=bcc,
            only=tuple(target.email if email in gone else email for email in message.only),
            headers=(*headers, ("X-Original-To", originals)) if originals else headers,
        )

    def _refuse(self, message: Message, allow: tuple[str, ...]) -> None:
        for address in message.to + message.cc + message.bcc:
            if not self.allows(address) and (not message.only or address.email in message.only):
                raise RefusedError(
                    f"{address.email} is not among those that this environment allows ({', '.join(allow) or 'nobody'})",
                    phase="policy",
                    recipient=address.email,
                    advice="Add it to `allow`, or set `redirect_to`, in notify.yaml.",
                )
