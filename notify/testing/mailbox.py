"""What was sent in a test, to look at and to assert."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.testing.sent import Sent


class NoMessageError(AssertionError, IndexError):
    """There is no message of that number."""


class Mailbox(Sequence["Sent"]):
    """Messages in the order in which they were sent. Safe to share between threads.

    `to`, `with_subject`, `of` and `via` give a smaller mailbox, and raise AssertionError, naming what there is, where
    it would be empty; `only` gives the one message.
    """

    def __init__(self, messages: Sequence[Sent] = (), what: str = "message") -> None:
        self._messages = list(messages)
        self._what = what

    @overload
    def __getitem__(self, index: int) -> Sent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sent]: ...

    def __getitem__(self, index: int | slice) -> Sent | Sequence[Sent]:
        try:
            return self._messages[index]
        except IndexError:
            raise NoMessageError(f"expected a {self._what} number {index}; there {self._listed()}") from None

    def __len__(self) -> int:
        return len(self._messages)

    def __repr__(self) -> str:
        return f"<Mailbox {self._listed()}>"

    def add(self, sent: Sent) -> None:
        """Keep one more."""
        self._messages.append(sent)

    def clear(self) -> None:
        """Forget all messages."""
        self._messages.clear()

    def only(self) -> Sent:
        """The one message; there must be exactly one."""
        messages = tuple(self._messages)
        if len(messages) != 1:
            self._fail(f"expected exactly one {self._what}")
        return messages[0]

    def to(self, address: str) -> Mailbox:
        """Those that go to this address, by To, Cc or Bcc."""
        wanted = address.casefold()
        return self._chosen(f"to {address}", lambda sent: wanted in map(str.casefold, sent.recipients))

    def with_subject(self, subject: str | re.Pattern[str]) -> Mailbox:
        """Those with exactly this subject, or with one in which the pattern is found."""
        if isinstance(subject, re.Pattern):
            return self._chosen(
                f"with a subject like {subject.pattern!r}", lambda sent: bool(subject.search(sent.subject))
            )
        return self._chosen(f"with the subject {subject!r}", lambda sent: sent.subject == subject)

    def of(self, notification: str) -> Mailbox:
        """Those that were rendered from this notification."""
        return self._chosen(f"of {notification}", lambda sent: sent.message.notification == notification)

    def via(self, transport: str) -> Mailbox:
        """Those that this transport would have carried."""
        return self._chosen(f"via {transport}", lambda sent: sent.transport == transport)

    def assert_empty(self) -> None:
        """Nothing was sent."""
        if self._messages:
            self._fail(f"expected no {self._what}")

    def _chosen(self, words: str, fits: Callable[[Sent], bool]) -> Mailbox:
        what = f"{self._what} {words}"
        chosen = [sent for sent in tuple(self._messages) if fits(sent)]
        if not chosen:
            self._fail(f"expected a {what}")
        return Mailbox(chosen, what)

    def _fail(self, expected: str) -> NoReturn:
        raise AssertionError(f"{expected}; there {self._listed()}")

    def _listed(self) -> str:
        messages = tuple(self._messages)
        if not messages:
            return "is none"
        counted = "is 1" if len(messages) == 1 else f"are {len(messages)}"
        return "\n  ".join([f"{counted}:", *map(str, messages)])
