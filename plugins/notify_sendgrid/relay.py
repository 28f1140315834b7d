"""The transport `sendgrid`: SendGrid's SMTP relay.

The user name is always the word `apikey`; what is yours is the API key. SendGrid reads tags, metadata and options from
the header X-SMTPAPI: https://www.twilio.com/docs/sendgrid/for-developers/sending-email/building-an-x-smtpapi-header
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from notify import Capabilities, ConfigError, RefusedError, Secret, setting
from notify.diagnosis import Diagnosis
from notify_sendgrid import smtpapi
from notify_sendgrid.account import BASE_URLS, SENDGRID, Account, read_key
from notify_sendgrid.client import Client
from notify_sendgrid.inquiry import inquire
from notify_sendgrid.webhook_settings import unasked
from notify_smtp import Credentials, Relay, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Message
    from notify.dsn import Dsn
    from notify.feedback import Event
    from notify_smtp import Endpoint


def _user(value: str) -> str | None:
    return None if value == SENDGRID.username else (
        "the user name of SendGrid is the word 'apikey' for everybody; what is yours is the api_key"
    )  # fmt: skip


class SendGridTransport(Account, Relay):
    """Hands messages to SendGrid."""

    capabilities: Capabilities = replace(SENDGRID.capabilities, tags=True, metadata=True)

    password: Secret | None = setting("Another word for api_key.", default=None)
    username: str = setting("Always the word apikey.", default="apikey", check=_user)

    def endpoint(self) -> Endpoint:
        """SendGrid's server, or the one that stands in for it.

        Raises:
            ConfigError: there is no key, or it cannot be one.
        """
        if self.api_key and self.password:
            raise ConfigError(f"{self.name}: give one of api_key and password, not both")
        key = read_key(self.name, self.api_key or self.password)
        return resolve(self, Credentials(self.username, key), SENDGRID, self.region)

    def prepare(self, message: Message) -> Message:
        """The message with what it tells SendGrid in X-SMTPAPI.

        Raises:
            TransportConfigError: the sender is not among `verified_senders`.
            RefusedError: SendGrid would not take what it is told.
        """
        instructions = self.instructions(message)
        # A list `to` in a header of one's own reaches all that it names, whomever the message is only for.
        whole = message.replace(only=()) if message.only else message
        try:
            text = smtpapi.header(instructions, len(whole.envelope.recipients))
        except ValueError as error:
            raise RefusedError(str(error), transport=self.name, phase="check") from None
        others = tuple((name, value) for name, value in message.headers if name.lower() != "x-smtpapi")
        return message.replace(headers=(*others, ("X-SMTPAPI", text)))

    def diagnose(self) -> Iterable[Diagnosis]:
        """As of any server; then what the API says of the key and the senders, where SendGrid itself is meant."""
        yield from super().diagnose()
        if self.host is None:
            yield from self._ask_api(BASE_URLS[self.region])

    def _ask_api(self, where: str) -> Iterable[Diagnosis]:
        if find_spec("urllib3") is None:  # pragma: no cover  # the tests have it
            found, advice = (
                "SendGrid's API is not asked: urllib3 is not installed",
                "pip install 'notify-framework[http]'",
            )
            yield Diagnosis("api", "skipped", found, advice)
            yield from unasked(self.expected)
            return
        key = read_key(self.name, self.api_key or self.password)
        client = Client(self.name, where, key, timeout=self.timeout, ca_file=self.ca_file)
        for answer in inquire(client.ask, client.interpreter, self.verified_senders, where, self.expected):
            # no mail goes this way
            yield replace(answer, status="warning") if (answer.check, answer.status) == ("api", "failed") else answer
        client.close()

    def suppressions(self, *, temporary: bool = False) -> Iterable[Event]:
        """Everybody on SendGrid's lists, as the API has them: bounces, complaints, invalid addresses, unsubscribed.

        Raises:
            DeliveryError: SendGrid does not answer, or not to this key.
        """
        from notify_sendgrid.suppressions import suppressions

        key = read_key(self.name, self.api_key or self.password)
        client = Client(self.name, BASE_URLS[self.region], key, timeout=self.timeout, ca_file=self.ca_file)
        try:
            yield from suppressions(client, temporary=temporary)
        finally:
            client.close()

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """As of any server; a key that stands where the host belongs is not taken for one.

        Raises:
            ConfigError: the DSN cannot be meant so.
        """
        if not dsn.user and dsn.host.startswith("sg."):
            raise ConfigError("sendgrid: the key stands before the host: sendgrid://KEY@default")
        return super().settings_of_dsn(dsn)

    @classmethod
    def settings_of_user(cls, user: str, password: str) -> dict[str, object]:
        """The key of `sendgrid://KEY@default` or `sendgrid://apikey:KEY@default`."""
        if password and user != SENDGRID.username:
            raise ConfigError("sendgrid: a DSN looks like sendgrid://KEY@default, or sendgrid://apikey:KEY@default")
        return {"api_key": password or user}
