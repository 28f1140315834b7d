"""Every error that notify raises, in one tree.

```
NotifyError
├─ ConfigError(ValueError) ─ PluginError
├─ DefinitionError(ValueError)              every fault with path:line:column
├─ UnknownNotificationError(LookupError)    says which there are, nearest first
├─ ParamsError(ValueError)                  each param: expected, got
├─ RenderError                              template file:line, include chain, excerpt
├─ MessageError(ValueError)                 a message cannot be built of this: what was expected, what came
│  └─ AddressError                          an address or a header; includes header injection attempts
├─ BrowserError                             the browser that takes pictures died, or did not answer in time
├─ OutboxError                              the outbox's database cannot be used now; nothing was written
└─ DeliveryError                            transport, phase, code, enhanced code, the server's words, what to do
   ├─ TemporaryError                        may be tried again (retry_after)
   ├─ ThrottledError(TemporaryError)        rate or quota; says until when
   ├─ RefusedError                          this message or recipient never will be
   │  └─ SuppressedError                    the recipient is not written to: bounced, complained, unsubscribed
   ├─ TransportConfigError                  key, TLS, sender identity: a person must act; the message is kept
   └─ UnknownOutcomeError                   connection lost after the final dot: it may have been taken
```

`Interrupted`, a KeyboardInterrupt, stands apart: it says how far `send_many` came.

The standard bases let a caller who does not import notify catch the same error. Each one can be pickled and copied with
all its attributes, so that a task queue or another process can hand it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from notify.receipt import Receipt


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file that a person wrote: path as shown, line and column from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file; `hint` says what was probably meant or what to do."""

    location: Location
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, slots=True)
class ParamProblem:
    """One param that is wrong: dotted `name`, what was expected, what came (`***` if sensitive)."""

    name: str
    expected: str
    got: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.name}: expected {self.expected}, got {self.got}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, slots=True)
class Frame:
    """One template on the way to a render error, outermost first."""

    template: str
    location: Location


class NotifyError(Exception):
    """The base of every error of notify."""

    def __reduce__(self) -> tuple[Any, ...]:
        """As its text and attributes, since an exception is else made again by calling its class with the text."""
        return _made_again, (type(self), self.args, vars(self))


def _made_again(kind: type[NotifyError], args: tuple[Any, ...], attributes: dict[str, Any]) -> NotifyError:
    error = kind.__new__(kind, *args)
    vars(error).update(attributes)
    return error


class ConfigError(NotifyError, ValueError):
    """notify.yaml, an environment variable, a DSN or a transport's setting is wrong.

    `faults` names each place; it is empty where there is no file to point to.
    """

    def __init__(self, message: str = "", *, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([*([message] if message else []), *map(str, self.faults)]))


class PluginError(ConfigError):
    """A plugin cannot be loaded, or two plugins claim the same thing."""


class DefinitionError(NotifyError, ValueError):
    """One or more definitions are wrong; `faults` has all of them, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnknownNotificationError(NotifyError, LookupError):
    """There is no notification of that id; `known` lists those there are, nearest first."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        listed = ", ".join(self.known[:10]) + (", ..." if len(self.known) > 10 else "")  # noqa: PLR2004
        super().__init__(
            f"there is no notification {name!r}; there are: {listed}"
            if listed
            else f"there is no notification {name!r}, and none is defined at all"
        )


class ParamsError(NotifyError, ValueError):
    """The params of a call, or of a sample, are not what the notification declares."""

    def __init__(self, notification: str, problems: Iterable[ParamProblem]) -> None:
        self.notification = notification
        self.problems = tuple(problems)
        super().__init__(f"wrong params for {notification}:" + "".join(f"\n  {problem}" for problem in self.problems))


class RenderError(NotifyError):
    """A template failed.

    `location` is the innermost place that a person wrote, `chain` the templates that led there (outermost first),
    `excerpt` the lines around it, `variables` the names in scope.
    """

    def __init__(
        self,
        message: str,
        location: Location,
        *,
        hint: str = "",
        chain: Iterable[Frame] = (),
        excerpt: str = "",
        variables: Iterable[str] = (),
    ) -> None:
        self.message = message
        self.location = location
        self.hint = hint
        self.chain = tuple(chain)
        self.excerpt = excerpt
        self.variables = tuple(variables)
        lines = [str(Fault(location, message, hint))]
        if excerpt:
            lines.append(excerpt)
        if len(self.chain) > 1:
            lines.append("  by way of " + " > ".join(f"{frame.template}:{frame.location.line}" for frame in self.chain))
        if self.variables:
            lines.append("  in scope: " + ", ".join(self.variables))
        super().__init__("\n".join(lines))


class MessageError(NotifyError, ValueError):
    """A message cannot be built: a body, an attachment, a tag or another part of it is not what it must be."""


class AddressError(MessageError):
    """An address, or the name or value of a header, cannot be used; also every attempt at header injection."""


class BrowserError(NotifyError):
    """The browser that takes pictures died, did not answer in time, or could not show a document."""


class OutboxError(NotifyError):
    """The outbox's database cannot be reached, is full or is locked; what was being written is not there."""


class DeliveryError(NotifyError):
    """A transport did not take a message.

    Attributes:
        reason: what happened, in a sentence.
        transport: the name of the transport.
        phase: where it happened: connect, greeting, ehlo, starttls, tls, auth, mail, rcpt, data, body, final,
            or a word of the transport's own.
        code: the reply code (RFC 5321, section 4.2), if there was a reply.
        enhanced_code: the enhanced status code (RFC 3463), such as `5.7.1`, if there was one.
        reply: the server's words, scrubbed of secrets.
        recipient: the address that it concerns, if it concerns one.
        advice: what to do, in a sentence; empty if there is nothing to say.
        retry_after: seconds to wait before another try, if known.
        rejected: each refused recipient with its own error, where recipients were refused one by one.
        transcript: what was said to the server and by it, line by line and without secrets, if that was asked for.
    """

    def __init__(
        self,
        reason: str,
        *,
        transport: str = "",
        phase: str = "",
        code: int | None = None,
        enhanced_code: str | None = None,
        reply: str = "",
        recipient: str | None = None,
        advice: str = "",
        retry_after: float | None = None,
        rejected: Mapping[str, DeliveryError] | None = None,
        transcript: Iterable[str] = (),
    ) -> None:
        self.reason = reason
        self.transport = transport
        self.phase = phase
        self.code = code
        self.enhanced_code = enhanced_code
        self.reply = reply
        self.recipient = recipient
        self.advice = advice
        self.retry_after = retry_after
        self.rejected: Mapping[str, DeliveryError] = dict(rejected or {})
        self.transcript = tuple(transcript)
        text = f"{transport}: {reason}" if transport else reason
        if reply:
            text += f": {reply}"
        super().__init__(f"{text}\n  {advice}" if advice else text)


class TemporaryError(DeliveryError):
    """Surely not taken; another try may succeed."""


class ThrottledError(TemporaryError):
    """Surely not taken: a rate or a quota is used up; `retry_after` says for how long, if known."""


class RefusedError(DeliveryError):
    """Surely not taken, and this message, or this recipient, never will be."""


class SuppressedError(RefusedError):
    """Not sent, for the recipient is on the suppression list, or does not want such mails. It is given in receipts.

    Attributes:
        why: what speaks against it, such as `hard bounce on 2026-11-20 (sendgrid)`; empty for several recipients.
    """

    def __init__(self, reason: str, *, why: str = "", **about: Any) -> None:
        self.why = why
        super().__init__(reason, **about)


class TransportConfigError(DeliveryError):
    """Surely not taken: a person must mend the key, the TLS settings or the sender identity."""


class UnknownOutcomeError(DeliveryError):
    """The connection was lost after the final dot: the message may have been taken or not."""


def undelivered(error: NotifyError, *, transport: str = "", phase: str = "") -> DeliveryError:
    """The error as one of delivery: itself, or one that it is the cause of, for a message that was surely not taken."""
    if isinstance(error, DeliveryError):
        return error
    kind = TransportConfigError if isinstance(error, ConfigError) else RefusedError
    failure = kind(str(error), transport=transport, phase=phase)
    failure.__cause__ = error
    return failure


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while many messages were sent. None was begun after it; those on their way were waited for.

    Attributes:
        receipts: those that were not given out before, in order. A message that was not begun although one behind it
            was has a TemporaryError; one whose end was not waited for, because Ctrl-C came again, an
            UnknownOutcomeError.
        rows: how many rows, from the first, have a receipt, here or given out before; no other was sent.
    """

    def __init__(self, receipts: Iterable[Receipt], rows: int) -> None:
        self.receipts = tuple(receipts)
        self.rows = rows
        super().__init__(
            f"interrupted: {rows} rows have a receipt, {len(self.receipts)} of them here; no other was sent"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """As its attributes."""
        return type(self), (self.receipts, self.rows)
