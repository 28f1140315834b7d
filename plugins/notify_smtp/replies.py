"""What a server's words mean: from phase, code and text to an error of notify.

The table is RFC 5321, section 4.3.2, read with one question: was the message taken, and who can mend it?
A provider that uses a code in a way of its own has rules, which are asked first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_CONTROLS = re.compile("[\r\n\0]")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![.\d])")
_TOO_MANY = r"(.*too many recipients|[45]\.5\.3(?![.\d]))"
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_HANDSHAKE = frozenset({"connect", "greeting", "ehlo", "starttls", "tls", "auth"})

_SUBJECTS: Mapping[str, str] = {
    "greeting": "the connection",
    "ehlo": "EHLO",
    "starttls": "STARTTLS",
    "auth": "the login",
    "mail": "the sender {sender}",
    "rcpt": "the recipient {recipient}",
    "data": "the message before its text",
    "body": "the message in the middle of its text",
    "final": "the message after its text",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server: its code, and the text of each line without it, which may repeat a secret."""

    code: int
    lines: tuple[str, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """All lines as one."""
        if len(self.lines) == 1:
            return self.lines[0].strip()
        return " ".join(line.strip() for line in self.lines).strip()

    @property
    def enhanced_code(self) -> str | None:
        """The status code of RFC 3463, where the text begins with one."""
        found = _ENHANCED.match(self.text)
        return found[0] if found else None

    @property
    def positive(self) -> bool:
        """Whether it is a 2yz reply."""
        return self.code // 100 == 2  # noqa: PLR2004

    @property
    def full(self) -> bool:
        """Whether it says that a transaction has no room for one more recipient."""
        return bool(re.match(f"[45]52 {_TOO_MANY}", str(self), re.IGNORECASE))

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a reply means to one provider. What is left empty matches anything.

    Attributes:
        kind: the class of the error.
        pattern: a regular expression, searched in the whole reply, code first, in any case of letters.
        phases: where it holds.
        advice: what to do; `{author}` is the address in From.
        retry_after: seconds until another try makes sense.
    """

    kind: type[DeliveryError]
    pattern: str
    phases: tuple[str, ...] = ()
    advice: str = ""
    retry_after: float | None = None

    def matches(self, phase: str, reply: str) -> bool:
        """Whether this rule is about that reply."""
        return (not self.phases or phase in self.phases) and bool(re.search(self.pattern, reply, re.IGNORECASE))


_COMMON = (
    # RFC 5321, section 4.5.3.1.10: servers say 552 where they mean 452
    Rule(TemporaryError, f"^552 {_TOO_MANY}", ("rcpt",)),
    Rule(TransportConfigError, r"^53[458]", ("auth",), "Check the user name and the password of this transport."),
    Rule(TransportConfigError, r"^530", advice="The server wants a login or TLS: set username and password, and tls."),
)


def kind_of(phase: str, code: int) -> type[DeliveryError]:
    """The class of a reply that is not the one hoped for, by phase and code alone."""
    severity = code // 100
    if severity == 4:  # noqa: PLR2004
        return TemporaryError
    if severity == 5:  # noqa: PLR2004
        return TransportConfigError if phase in _HANDSHAKE or code in _LOGIN_CODES else RefusedError
    return UnknownOutcomeError if phase == "final" else TemporaryError


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Makes errors for one transport: knows its name, its provider's rules, and what must not be repeated.

    Attributes:
        transport: the name to put into errors.
        rules: the provider's rules.
        scrub: removes secrets from a text of the server.
        connect_advice: what to do when no connection comes about.
    """

    transport: str
    rules: tuple[Rule, ...] = ()
    scrub: Callable[[str], str] = field(default=str)
    connect_advice: str = ""

    def refusal(
        self,
        phase: str,
        reply: Reply,
        *,
        sender: str = "",
        recipient: str | None = None,
        author: str = "",
        rejected: Mapping[str, DeliveryError] | None = None,
    ) -> DeliveryError:
        """The error for a reply other than the one hoped for."""
        words = self.scrub(str(reply))
        rule = next((rule for rule in (*self.rules, *_COMMON) if rule.matches(phase, str(reply))), None)
        kind = rule.kind if rule else kind_of(phase, reply.code)
        return kind(
            self._reason(phase, reply).format(sender=f"<{sender}>", recipient=recipient),
            transport=self.transport,
            phase=phase,
            code=reply.code,
            enhanced_code=reply.enhanced_code,
            reply=words,
            recipient=recipient,
            advice=rule.advice.replace("{author}", author) if rule else "",
            retry_after=rule.retry_after if rule else None,
            rejected=rejected,
        )

    def lost(
        self, phase: str, reason: str, *, dot_sent: bool, rejected: Mapping[str, DeliveryError] | None = None
    ) -> DeliveryError:
        """The error for a connection that ended, fell silent, or spoke something other than SMTP."""
        if dot_sent:
            return UnknownOutcomeError(
                f"{reason} after the final dot: the message may have been taken",
                transport=self.transport,
                phase=phase,
                rejected=rejected,
                advice="Sending it again may make a second copy, with the same Message-ID.",
            )
        advice = self.connect_advice if phase in {"connect", "greeting", "tls"} else ""
        where = "" if phase == "connect" else f" at {phase}"
        return TemporaryError(f"{reason}{where}", transport=self.transport, phase=phase, advice=advice)

    def misconfigured(self, phase: str, reason: str, advice: str = "") -> TransportConfigError:
        """The error for something that a person must mend, found without a word of the server."""
        return TransportConfigError(reason, transport=self.transport, phase=phase, advice=advice)

    def check(self, phase: str, text: str) -> None:
        """Refuse what would end a command in the middle.

        Raises:
            RefusedError: `text`, which is to stand in a command, has a line break or a NUL in it.
        """
        if _CONTROLS.search(text):
            raise self.refused(phase, "a command would have a line break or a NUL in it")

    def refused(self, phase: str, reason: str, advice: str = "") -> RefusedError:
        """The error for a message that this server cannot take, found before it was offered."""
        return RefusedError(reason, transport=self.transport, phase=phase, advice=advice)

    def nobody(self, rejected: Mapping[str, DeliveryError]) -> DeliveryError:
        """The error when every recipient was refused: temporary as soon as one of them may be tried again."""
        errors = list(rejected.values())
        first = next((error for error in errors if isinstance(error, TemporaryError)), errors[0])
        return _common_kind(errors)(
            first.reason if len(errors) == 1 else f"every recipient was refused ({', '.join(rejected)})",
            transport=self.transport,
            phase="rcpt",
            code=first.code,
            enhanced_code=first.enhanced_code,
            reply=first.reply,
            recipient=first.recipient if len(errors) == 1 else None,
            advice=first.advice,
            retry_after=first.retry_after,
            rejected=rejected,
        )

    @staticmethod
    def _reason(phase: str, reply: Reply) -> str:
        if reply.code // 100 not in {4, 5}:
            return f"the server's answer at {phase} makes no sense"
        return f"the server {'put off' if reply.code // 100 == 4 else 'refused'} {_SUBJECTS[phase]}"  # noqa: PLR2004


def _common_kind(errors: Iterable[DeliveryError]) -> type[DeliveryError]:
    kinds = {type(error) for error in errors}
    if len(kinds) == 1:
        return kinds.pop()
    return next(kind for kind in (TemporaryError, ThrottledError, TransportConfigError) if kind in kinds)
