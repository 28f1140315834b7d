"""The transport `sendgrid_api`: SendGrid's HTTP API, for networks that block mail ports.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send
"""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path  # noqa: TC003 - the settings are read from their annotations
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from notify import (
    Capabilities,
    ConfigError,
    DeliveryError,
    NotifyError,
    Receipt,
    RefusedError,
    setting,
)
from notify.errors import undelivered
from notify.retries import Retries
from notify_sendgrid import payload
from notify_sendgrid.account import BASE_URLS, SENDGRID, Account, read_key
from notify_sendgrid.client import Client
from notify_sendgrid.inquiry import check_key, inquire
from notify_sendgrid.payload import Letter
from notify_smtp import checks
from notify_smtp.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify import Message
    from notify.diagnosis import Diagnosis
    from notify.dsn import Dsn
    from notify.feedback import Event
    from notify.transport import Feed
    from notify_sendgrid.exchange import Answer

    Outcome = Receipt | DeliveryError

_SEND = "/v3/mail/send"
_PERSON = re.compile(r"personalizations\.(\d+)\.")


def _url(value: str) -> str | None:
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError:
        return "expected a URL such as https://api.sendgrid.com"
    if url.scheme not in {"https", "http"} or not url.hostname or port == 0 or "@" in url.netloc or url.query:
        return "expected a URL such as https://api.sendgrid.com, without user, key and query"
    if url.scheme == "http" and not _is_here(url.hostname):
        return f"http:// to {url.hostname} would send the key in clear; use https://"
    return None


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SendGridApiTransport(Account):
    """Hands messages to SendGrid over HTTP."""

    capabilities: Capabilities = Capabilities(
        tags=True, metadata=True, max_bytes=payload.LARGEST, max_recipients=payload.MOST_PEOPLE
    )

    base_url: str | None = setting(
        "Where the API is; by default where the region's is. Without /v3.", default=None, check=_url
    )
    timeout: float = setting("Seconds for one answer.", default=30.0, check=checks.positive)
    deadline: float = setting("Seconds for one message with all its tries.", default=300.0, check=checks.positive)
    retries: int = setting("Further tries, at once, when a message is put off.", default=0, check=checks.not_negative)
    pool: int = setting("The most connections at once.", default=2, check=checks.positive)
    sandbox: bool = setting("Have each message checked, and not sent.", default=False)
    gzip: bool = setting("Compress requests, for accounts that have this enabled.", default=False)
    ca_file: Path | None = setting(
        "Certificates to trust instead of the system's, in PEM.", default=None, check=checks.file
    )

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self.where = (self.base_url or BASE_URLS[self.region]).rstrip("/")
        key = read_key(self.name, self.api_key)
        self.senders = self.pool
        self._client = Client(self.name, self.where, key, timeout=self.timeout, pool=self.pool, ca_file=self.ca_file)

    def send(self, message: Message) -> Receipt:
        """Hand one message to the API.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        (outcome,) = self._carry([self._letter(message)])
        if isinstance(outcome, DeliveryError):
            raise outcome
        return outcome

    def stream(self, feed: Feed, settle: Callable[[Outcome], None]) -> None:
        """Hand all messages of a feed to the API, in one request those that follow one another and are alike.

        Messages are alike if they differ only in whom they go to, metadata, and when they leave.

        Args:
            feed: the messages.
            settle: called once for each message that was taken from the feed, in the same order.
        """
        held: Letter | DeliveryError | None = None
        while (first := held or self._taken(feed.next)) is not None:
            held = None
            if isinstance(first, DeliveryError):
                settle(first)
                continue
            letters, people = [first], first.people
            while people < payload.MOST_PEOPLE and (held := self._taken(feed.ready)) is not None:
                if (
                    isinstance(held, DeliveryError)
                    or not held.joins(first)
                    or people + held.people > payload.MOST_PEOPLE
                ):
                    break
                letters.append(held)
                people += held.people
                held = None
            for outcome in self._carry(letters):
                settle(outcome)

    def verify(self) -> None:
        """See that the key is good and may send; nothing is sent.

        Raises:
            DeliveryError: it may not, or that cannot be found out.
        """
        check_key(self._client.ask, self._client.interpreter)

    def diagnose(self) -> Iterable[Diagnosis]:
        """Whether the API is there, the clock right, the key good, and who is verified."""
        return inquire(self._client.ask, self._client.interpreter, self.verified_senders, self.where, self.expected)

    def suppressions(self, *, temporary: bool = False) -> Iterable[Event]:
        """Everybody on SendGrid's lists: bounces, complaints, invalid addresses, and who unsubscribed.

        Raises:
            DeliveryError: SendGrid does not answer, or not to this key.
        """
        from notify_sendgrid.suppressions import suppressions

        return suppressions(self._client, temporary=temporary)

    @property
    def server(self) -> tuple[str, int]:
        """Host and port of the API, for who observes."""
        url = urlsplit(self.where)
        return url.hostname or "", url.port or (443 if url.scheme == "https" else 80)

    def close(self) -> None:
        """Close the connections. Sending again connects again."""
        self._client.close()

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """The key of `sendgrid_api://KEY@default`, and the query; another host stands in for SendGrid's.

        Raises:
            ConfigError: the DSN cannot be meant so.
        """
        if dsn.option or (dsn.password and dsn.user != SENDGRID.username) or dsn.host.startswith("sg."):
            raise ConfigError(f"{dsn.scheme}: a DSN looks like sendgrid_api://KEY@default")
        given: dict[str, object] = {"api_key": dsn.password or dsn.user}
        if dsn.host not in {"", "default"}:
            host = f"[{dsn.host}]" if ":" in dsn.host else dsn.host
            given["base_url"] = f"https://{host}{f':{dsn.port}' if dsn.port else ''}{dsn.path}"
        elif dsn.port or dsn.path.strip("/"):
            raise ConfigError(f"{dsn.scheme}: a port or a path needs a host: sendgrid_api://KEY@host:port")
        settings = {name: value for name, value in given.items() if value}
        if twice := sorted(settings.keys() & dsn.query.keys()):
            raise ConfigError(f"{dsn.scheme}: the DSN says twice what {twice[0]} is")
        return {**settings, **dsn.query}

    def _taken(self, take: Callable[[], Message | None]) -> Letter | DeliveryError | None:
        """The next message as a letter, or why it cannot be one."""
        message = take()
        if message is None:
            return None
        try:
            return self._letter(message)
        except NotifyError as error:
            return undelivered(error, transport=self.name, phase="check")

    def _letter(self, message: Message) -> Letter:
        """The message as it goes to the API, if that is not known to refuse it."""
        instructions = self.instructions(message)
        try:
            return Letter.of(message, instructions)
        except ValueError as error:
            raise self._refused(str(error)) from None

    def _carry(self, letters: list[Letter]) -> list[Outcome]:
        """What became of each letter of one request."""
        try:
            answer = self._offer(letters)
        except RefusedError as error:
            # What is wrong with one of them is not to be the others' fate.
            return [error] if len(letters) == 1 else self._apart(letters, error)
        except NotifyError as error:
            return [undelivered(error, transport=self.name, phase="check")] * len(letters)
        said = f"{answer.status} {answer.reason}".strip()
        provider_id = answer.headers.get("x-message-id")
        return [self.receipt(letter.message, response=said, provider_id=provider_id) for letter in letters]

    def _apart(self, letters: list[Letter], error: RefusedError) -> list[Outcome]:
        """Those that the refusal names each alone, the others together; if it names none, one half and the other."""
        named = {int(number) for number in _PERSON.findall(error.reply)} & set(range(len(letters)))
        groups = [[number] for number in named] + [[number for number in range(len(letters)) if number not in named]]
        if not named:
            middle = len(letters) // 2
            groups = [list(range(middle)), list(range(middle, len(letters)))]
        outcomes: dict[int, Outcome] = {}
        for group in filter(None, groups):
            outcomes |= zip(group, self._carry([letters[number] for number in group]), strict=True)
        return [outcomes[number] for number in range(len(letters))]

    def _offer(self, letters: list[Letter]) -> Answer:
        """The answer to a request that was taken, within the deadline and with the retries.

        Raises:
            DeliveryError: it was not, or nobody knows.
        """
        first, sandbox = letters[0], letters[0].instructions.sandbox
        sandbox = self.sandbox if sandbox is None else sandbox
        body, headers = self._body(payload.request(letters, sandbox=sandbox))
        deadline, budget, tries = Deadline(self.deadline), Retries(self.retries), 0
        while True:
            try:
                answer = self._client.post(_SEND, body, headers, deadline)
                if answer.status == HTTPStatus.ACCEPTED or (sandbox and answer.status == HTTPStatus.OK):
                    return answer
                raise self._client.interpreter.refusal(
                    answer, author=first.message.sender.email, size=len(body), limit=payload.LARGEST
                )
            except DeliveryError as error:
                pause = budget.pause(error, first.message, tries=tries, remaining=deadline.remaining)
                if pause is None:
                    raise
            time.sleep(pause)
            tries += 1

    def _body(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """The request as it is written, and the headers that say how.

        Raises:
            RefusedError: it is larger than SendGrid takes.
        """
        if len(body) > payload.LARGEST:
            raise self._refused(
                f"the message's size is {len(body)} octets as JSON ({len(body) / 2**20:.1f} MiB), and SendGrid takes "
                f"{payload.LARGEST} ({payload.LARGEST / 2**20:.0f} MiB)"
            )
        headers = {"Content-Type": "application/json"}
        if self.gzip:
            import gzip

            return gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        return body, headers

    def _refused(self, reason: str) -> RefusedError:
        return RefusedError(reason, transport=self.name, phase="check")
