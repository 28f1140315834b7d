"""The calls of Amazon SNS with events of Amazon SES."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notify import ConfigError
from notify.feedback import Parsed, Webhook, WebhookError
from notify_ses import certificates, sns
from notify_ses.events import PROVIDER, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_log = logging.getLogger("notify.webhook")

TOLERANCE = 4200.0
"""Seconds that a call may be old: SNS repeats it under its first timestamp, for an hour at most."""
_AHEAD = 60.0  # clocks differ


class SesWebhook(Webhook):
    """Reads the calls of SNS topics that SES publishes to, and confirms their subscriptions.

    Args:
        topics: the ARN of the topic, or several; calls of others are refused.
        tolerance: seconds that a call may be old.
        fetch: gives what is at an https URL of SNS: its certificate, and the page that confirms a subscription.
        clock: the time, aware.

    Raises:
        ConfigError: cryptography is not installed, or an ARN is none of a topic.
    """

    provider = PROVIDER
    content_types = frozenset({"text/plain", "application/json"})

    def __init__(
        self,
        topics: str | Sequence[str],
        *,
        tolerance: float = TOLERANCE,
        fetch: Callable[[str], bytes] = certificates.fetch,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._topics = frozenset([topics] if isinstance(topics, str) else topics)
        wrong = sorted(topic for topic in self._topics if sns.region_of(topic) is None)
        if wrong or not self._topics:
            raise ConfigError(
                f"ses: the webhook's topics are {', '.join(wrong) or 'none'}: expected ARNs such as "
                "arn:aws:sns:eu-west-1:123456789012:mail-events"
            )
        self._tolerance = tolerance
        self._fetch = fetch
        self._clock = clock
        self._certificates = certificates.Certificates(fetch)

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:  # noqa: ARG002 - the signature is in the body
        """See `Webhook`. The topic comes first, so that nothing is fetched for others."""
        envelope = sns.Envelope.of(body)
        if envelope.topic not in self._topics:
            raise WebhookError(403, "the topic is not one of those that this webhook takes")
        now = self._clock()
        said = envelope.fields
        self._certificates.verify(
            envelope.certificate_url(), said["SignatureVersion"], said["Signature"], envelope.signed, now
        )
        age = (now - envelope.at).total_seconds()
        if not -_AHEAD <= age <= self._tolerance:
            raise WebhookError(
                403, f"the call is {age:.0f} s old, and may be {self._tolerance:.0f}; is this machine's clock right?"
            )

    def parse(self, body: bytes) -> Parsed:
        """See `Webhook`."""
        envelope = sns.Envelope.of(body)
        if envelope.type == sns.NOTIFICATION:
            return parse(envelope.fields["Message"], envelope.fields["MessageId"])
        if envelope.type == sns.UNSUBSCRIPTION:
            _log.warning("ses: the webhook is no longer subscribed to %s; subscribe it again", envelope.topic)
            return Parsed(ignored=1)
        url, topic = envelope.confirmation_url(), envelope.topic
        return Parsed(ignored=1, then=lambda: self._confirm(url, topic))

    def _confirm(self, url: str, topic: str) -> None:
        self._fetch(url)
        _log.info("ses: the webhook is subscribed to %s", topic)
