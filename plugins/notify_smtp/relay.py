"""The base of transports that hand their messages to an SMTP server: the settings that are alike everywhere.

A provider's transport says who logs in where:

```python
class Pigeon(Relay):
    '''Sends through Pigeon.'''

    capabilities = PIGEON.capabilities

    token: Secret = setting("The token.")

    def endpoint(self) -> Endpoint:
        return resolve(self, Credentials("pigeon", self.token), PIGEON)
```
"""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from notify import ConfigError, DeliveryError, Receipt, RefusedError, Transport, setting
from notify_smtp import checks
from notify_smtp.endpoint import Tls
from notify_smtp.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify import Message
    from notify.diagnosis import Diagnosis
    from notify.dsn import Dsn
    from notify.transport import Feed
    from notify_smtp.client import Client
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.signing import Signer
    from notify_smtp.submission import Delivered

_log = logging.getLogger("notify.smtp")


class Relay(Transport):
    """Sends through an SMTP server. A subclass defines `endpoint`, and perhaps `prepare`."""

    host: str | None = setting("The server's name or address.", default=None, check=checks.host)
    port: int | None = setting(
        "Its port; by default the usual one for the kind of TLS.", default=None, check=checks.port
    )
    tls: Literal["starttls", "implicit", "none"] | None = setting(
        "How TLS begins; by default starttls, or what the service wants.", default=None
    )
    ca_file: Path | None = setting(
        "Certificates to trust instead of the system's, in PEM.", default=None, check=checks.file
    )
    timeout: float = setting(
        "Seconds for one answer; the answer to the whole message may take twice as long.",
        default=30.0, check=checks.positive,
    )  # fmt: skip
    deadline: float = setting("Seconds for one message with all its tries.", default=300.0, check=checks.positive)
    pool: int = setting("The most connections at once.", default=2, check=checks.positive)
    messages_per_connection: int | None = setting(
        "Messages before a new connection is made; by default 100, or what the service wants.",
        default=None, check=checks.positive,
    )  # fmt: skip
    retries: int = setting("Further tries when a message is put off.", default=0, check=checks.not_negative)
    transcript: bool = setting("Errors carry what was said to the server, without secrets.", default=False)
    local_hostname: str | None = setting("This machine's name for EHLO.", default=None, check=checks.own_name)

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self._endpoint = self.endpoint()
        self.senders = self._endpoint.pool
        self._client: Client | None = None
        self._signer: Signer | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def endpoint(self) -> Endpoint:
        """Where this transport sends, from its settings; called once, when it is constructed.

        Raises:
            ConfigError: settings contradict one another, or one is missing.
        """

    def prepare(self, message: Message) -> Message:
        """The message as it goes to the server; called for each one, before anything is connected.

        Raises:
            DeliveryError: the service would not take this message.
        """
        return message

    def send(self, message: Message) -> Receipt:
        """Hand one message to the server.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        submission = self._submission(message)
        return self._receipt(submission, self._connected().submit(submission))

    def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
        """Hand all messages of a feed to the server: where it offers PIPELINING, each for one round trip.

        A connection is kept for as long as the next message is there when it can leave; while the feed is waited for,
        it is for others to use.

        Args:
            feed: the messages.
            settle: called once for each message that was taken from the feed, in the same order.
        """
        from notify_smtp.ledger import Ledger

        ledger = Ledger(
            feed, settle, submission=self._submission, receipt=self._receipt, seconds=self.deadline, name=self.name
        )
        try:
            while (parcel := ledger.next()) is not None:
                try:
                    client = self._connected()
                except DeliveryError as error:
                    parcel.settle(error)
                else:
                    client.carry(parcel, ledger.ready)
        except BaseException:
            ledger.give_up()
            raise

    def verify(self) -> None:
        """Connect, start TLS and log in; nothing is sent.

        Raises:
            DeliveryError: one of them failed.
        """
        self._connected().verify()

    def diagnose(self) -> Iterable[Diagnosis]:
        """What there is to find out about the server, from its name to the login; it ends before MAIL."""
        from notify_smtp.diagnosing import diagnose

        return diagnose(self._endpoint)

    @property
    def server(self) -> tuple[str, int]:
        """Host and port, for who observes."""
        return self._endpoint.host, self._endpoint.port

    def close(self) -> None:
        """Say goodbye to the server. Sending again connects again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """Host, port and the kind of TLS from a DSN such as `scheme+starttls://host:587?timeout=10`, and its query.

        The host `default` is the service's own. User and password are for `settings_of_user` to read.

        Raises:
            ConfigError: a part of the DSN means nothing, or a setting is given twice.
        """
        if dsn.scheme == "smtps" and dsn.option not in {"", "implicit"}:
            raise ConfigError(f"smtps+{dsn.option}: smtps is TLS from the start; write smtp+{dsn.option} for another")
        tls = "implicit" if dsn.scheme == "smtps" else dsn.option
        if tls and tls not in get_args(Tls):
            raise ConfigError(f"{dsn.scheme}+{tls}: the word after + is one of {', '.join(get_args(Tls))}")
        if dsn.path.strip("/"):
            raise ConfigError(f"{dsn.scheme}: a path means nothing here: {dsn.scheme}://host:port?setting=value")
        host = "" if dsn.host == "default" else dsn.host
        given = {"host": host, "port": dsn.port, "tls": tls, **cls.settings_of_user(dsn.user, dsn.password)}
        settings = {name: value for name, value in given.items() if value}
        if twice := sorted(settings.keys() & dsn.query.keys()):
            raise ConfigError(f"{dsn.scheme}: the DSN says twice what {twice[0]} is")
        return {**settings, **dsn.query}

    @classmethod
    def settings_of_user(cls, user: str, password: str) -> dict[str, object]:
        """The settings that the user and the password of a DSN stand for; both may be empty.

        Raises:
            ConfigError: they mean nothing.
        """
        return {"username": user, "password": password}

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None:
                from notify_smtp.client import Client

                self._client = Client(self._endpoint)
            return self._client

    def _submission(self, message: Message) -> Submission:
        """The message as it goes to the server, if the service is not known to refuse it."""
        submission = Submission.of(self.prepare(message), self._signer)
        self._check(submission)
        return submission

    def _receipt(self, submission: Submission, delivered: Delivered) -> Receipt:
        rejected = delivered.rejected
        accepted = submission.recipients
        if rejected:
            accepted = tuple(address for address in accepted if address not in rejected)
        return Receipt(submission.message_id, self.name, accepted, rejected, delivered.response, delivered.provider_id)

    def _check(self, submission: Submission) -> None:
        """Refuse what the service is known not to take, before anything is connected."""
        size = len(submission.octets(eight_bit=True))
        bytes_limit, people_limit = self.capabilities.max_bytes, self.capabilities.max_recipients
        people = len(submission.recipients)
        if people_limit is not None and people > people_limit:
            raise self._refused(f"the message has {people} recipients, and the service takes {people_limit} at once")
        if bytes_limit is not None and size > bytes_limit:
            raise self._refused(
                f"the message's size is {size} octets ({size / 2**20:.1f} MiB), and the service takes {bytes_limit} "
                f"({bytes_limit / 2**20:.0f} MiB)"
            )
        if self._endpoint.large_bytes is not None and size > self._endpoint.large_bytes:
            _log.warning(
                "%s: the message's size is %d octets; the service advises at most %d",
                self.name, size, self._endpoint.large_bytes,
            )  # fmt: skip

    def _refused(self, reason: str) -> RefusedError:
        return RefusedError(reason, transport=self.name, phase="check")
