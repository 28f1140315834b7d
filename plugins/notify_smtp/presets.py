"""The well-known services as data. A fact about a provider belongs here, not into code.

Sources: the providers' own documentation of their SMTP service, 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from notify import Capabilities
from notify_smtp import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify_smtp.endpoint import Tls
    from notify_smtp.replies import Rule

_MIB = 1024 * 1024
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Preset:
    """One service.

    Attributes:
        title: the name that people know it by.
        host: the server; `{region}` stands for the region.
        regions: regions with a host of their own.
        starttls: ports where TLS begins with STARTTLS, the best first.
        implicit: ports with TLS from the start.
        tls: how TLS begins unless the settings say otherwise.
        username: the user name where it is the same for everybody.
        username_is_secret: the user name is the same token as the password.
        variable: the environment variable that holds the secret if the settings do not.
        max_bytes: the largest message, in octets.
        large_bytes: the size from which on the service advises against it.
        max_recipients: the most recipients of one message.
        messages_per_connection: after how many messages a new connection is wanted.
        max_connections: the most connections at once.
        provider_id: where the answer to a message has the service's own id.
        rules: what its replies mean.
        tag_header: the header that the first tag goes into.
        metadata_header: the header that metadata goes into: a name, for JSON, or a prefix that ends in `-`.
        metadata_pairs: metadata goes as `key=value, key=value` instead, in letters, digits, `_` and `-` of ASCII.
        advice: where to find user name and password.
    """

    title: str
    host: str
    starttls: tuple[int, ...] = (587,)
    implicit: tuple[int, ...] = ()
    regions: Mapping[str, str] = field(default_factory=lambda: _NONE)
    tls: Tls = "starttls"
    username: str | None = None
    username_is_secret: bool = False
    variable: str | None = None
    max_bytes: int | None = None
    large_bytes: int | None = None
    max_recipients: int | None = None
    messages_per_connection: int = 100
    max_connections: int | None = None
    provider_id: str = r"queued as (\S+)"
    rules: tuple[Rule, ...] = ()
    tag_header: str | None = None
    metadata_header: str | None = None
    metadata_pairs: bool = False
    advice: str = ""

    @property
    def capabilities(self) -> Capabilities:
        """What a transport to this service can do with a message."""
        return Capabilities(
            delivers=True,
            tags=self.tag_header is not None,
            metadata=self.metadata_header is not None,
            max_bytes=self.max_bytes,
            max_recipients=self.max_recipients,
        )

    def port(self, tls: Tls) -> int | None:
        """The best port for that kind of TLS, or None if the service has none."""
        ports = self.implicit if tls == "implicit" else self.starttls
        return ports[0] if ports else None

    def ways(self) -> list[str]:
        """All ports, each with the setting that goes with it."""
        return [f"{port} (tls: implicit)" for port in self.implicit] + [
            f"{port} (tls: starttls)" for port in self.starttls
        ]


ANY = Preset("any server", "", (587, 2525, 25), (465,))
"""What is taken for granted where there is no preset."""

PRESETS: Mapping[str, Preset] = MappingProxyType({
    "sendgrid": Preset(
        "SendGrid", "smtp.sendgrid.net", (587, 2525, 25), (465,),
        regions=MappingProxyType({"global": "smtp.sendgrid.net", "eu": "smtp.eu.sendgrid.net"}),
        username="apikey", variable="SENDGRID_API_KEY", max_bytes=30 * _MIB, large_bytes=20_000_000,
        max_connections=10, rules=rules.SENDGRID,
        advice="Make a key with the permission Mail Send at https://app.sendgrid.com/settings/api_keys.",
    ),
    "ses": Preset(
        "Amazon SES", "email-smtp.{region}.amazonaws.com", (587, 2587, 25), (465, 2465), variable="SES_SMTP_PASSWORD",
        max_bytes=40 * _MIB, max_recipients=50, provider_id=r"Ok (\S+)", rules=rules.SES,
        metadata_header="X-SES-MESSAGE-TAGS", metadata_pairs=True,
        advice="The user name is an access key id; the password is an SMTP password of that region, or is derived from "
        "secret_access_key.",
    ),
    "mailgun": Preset(
        "Mailgun", "smtp.mailgun.org", (587, 2525, 25), (465,),
        regions=MappingProxyType({"us": "smtp.mailgun.org", "eu": "smtp.eu.mailgun.org"}),
        variable="MAILGUN_SMTP_PASSWORD", max_bytes=50 * _MIB, max_recipients=1000,
        tag_header="X-Mailgun-Tag", metadata_header="X-Mailgun-Variables",
        advice="Each sending domain has SMTP users of its own, under Domain settings.",
    ),
    "gmail": Preset(
        "Gmail", "smtp.gmail.com", (587,), (465,), variable="GMAIL_APP_PASSWORD", max_bytes=25 * _MIB,
        max_recipients=100, provider_id=r"OK\s+(.+) - gsmtp", rules=rules.GMAIL,
        advice="The user name is the full address; the password is an app password of 16 letters, or use access_token.",
    ),
    "microsoft365": Preset(
        "Microsoft 365", "smtp.office365.com", (587, 25), max_connections=3, rules=rules.MICROSOFT365,
        provider_id=r"OK <([^>]+)>", advice="Use access_token: logging in with a password is being switched off.",
    ),
    "outlook": Preset(
        "Outlook.com", "smtp-mail.outlook.com", max_connections=3, rules=rules.MICROSOFT365,
        provider_id=r"OK <([^>]+)>", advice="Use access_token: Outlook.com takes no passwords any more.",
    ),
    "postmark": Preset(
        "Postmark", "smtp.postmarkapp.com", (587, 2525, 25),
        regions=MappingProxyType({"broadcast": "smtp-broadcasts.postmarkapp.com"}),
        username_is_secret=True, variable="POSTMARK_SERVER_TOKEN", max_bytes=10 * _MIB, max_recipients=50,
        tag_header="X-PM-Tag", metadata_header="X-PM-Metadata-",
        advice="User name and password are the same: the server's API token.",
    ),
    "resend": Preset(
        "Resend", "smtp.resend.com", (587, 2587, 25), (465, 2465), username="resend", variable="RESEND_API_KEY",
        advice="Make a key at https://resend.com/api-keys.",
    ),
    "brevo": Preset(
        "Brevo", "smtp-relay.brevo.com", (587, 2525), (465,), variable="BREVO_SMTP_KEY",
        tag_header="X-Mailin-Tag", metadata_header="X-Mailin-custom",
        advice="The password is an SMTP key, which is not an API key.",
    ),
    "mailersend": Preset("MailerSend", "smtp.mailersend.net", variable="MAILERSEND_SMTP_PASSWORD"),
    "mailjet": Preset("Mailjet", "in-v3.mailjet.com", variable="MAILJET_SECRET_KEY",
                      advice="The user name is the API key, the password the secret key."),
    "mailtrap": Preset("Mailtrap", "live.smtp.mailtrap.io", username="api", variable="MAILTRAP_API_TOKEN"),
    "sparkpost": Preset("SparkPost", "smtp.sparkpostmail.com", (587, 2525), username="SMTP_Injection",
                        variable="SPARKPOST_API_KEY"),
    "mandrill": Preset("Mandrill", "smtp.mandrillapp.com", variable="MANDRILL_API_KEY"),
    "elasticemail": Preset("Elastic Email", "smtp.elasticemail.com", (), (465,), tls="implicit",
                           variable="ELASTICEMAIL_SMTP_PASSWORD"),
    "smtp2go": Preset("SMTP2GO", "mail.smtp2go.com", (2525,), variable="SMTP2GO_PASSWORD"),
    "socketlabs": Preset("SocketLabs", "smtp.socketlabs.com", (587, 2525, 25), (465,), max_bytes=40_000_000,
                         large_bytes=30_000_000, max_recipients=500, messages_per_connection=50, max_connections=10,
                         variable="SOCKETLABS_SMTP_PASSWORD"),
    "fastmail": Preset("Fastmail", "smtp.fastmail.com", (), (465,), tls="implicit", variable="FASTMAIL_APP_PASSWORD"),
    "icloud": Preset("iCloud", "smtp.mail.me.com", variable="ICLOUD_APP_PASSWORD"),
    "yahoo": Preset("Yahoo", "smtp.mail.yahoo.com", (), (465,), tls="implicit", variable="YAHOO_APP_PASSWORD"),
    "zoho": Preset("Zoho", "smtp.zoho.com", (), (465,), tls="implicit", variable="ZOHO_APP_PASSWORD"),
    "loops": Preset("Loops", "smtp.loops.so", username="loops", variable="LOOPS_API_KEY"),
})  # fmt: skip
