"""The transport `smtp`: any server, or a well-known one by its preset."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - the settings are read from their annotations
from typing import TYPE_CHECKING, ClassVar, Literal

from notify import Capabilities, ConfigError, Secret, setting
from notify.suggest import did_you_mean
from notify_smtp import checks
from notify_smtp.endpoint import Credentials
from notify_smtp.labels import labelled
from notify_smtp.presets import ANY, PRESETS
from notify_smtp.relay import Relay
from notify_smtp.resolve import resolve, secret_from_environment
from notify_smtp.ses import smtp_password
from notify_smtp.signing import signer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Message
    from notify.diagnosis import Diagnosis
    from notify_smtp.endpoint import Endpoint, Mechanism
    from notify_smtp.presets import Preset


def _preset(value: str) -> str | None:
    return None if value in PRESETS else f"there is no preset {value!r} ({did_you_mean(value, PRESETS)})"


class SmtpTransport(Relay):
    """Hands messages to any SMTP server."""

    capabilities: Capabilities = Capabilities(delivers=True)
    schemes: ClassVar[tuple[str, ...]] = ("smtps",)

    preset: str | None = setting("A well-known service: ses, mailgun, gmail ...", default=None, check=_preset)
    region: str | None = setting("The service's region, such as eu-west-1 for ses, eu for mailgun.", default=None)
    username: str | Secret | None = setting("Who logs in.", default=None)
    password: Secret | None = setting("The password, or the service's key.", default=None)
    access_token: Secret | None = setting("A token of OAuth 2, for XOAUTH2, instead of a password.", default=None)
    secret_access_key: Secret | None = setting("For ses: the key that the password is derived from.", default=None)
    auth: Literal["plain", "login", "xoauth2"] | None = setting(
        "How to log in; by default what the server offers.", default=None
    )
    dkim_domain: str | None = setting("The domain that mail is signed for (DKIM).", default=None, check=checks.domain)
    dkim_selector: tuple[str, ...] = setting(
        "The name of the key in the DNS: SELECTOR._domainkey.DOMAIN; one for each key.", default=(),
        check=checks.selectors,
    )  # fmt: skip
    dkim_key: Secret | None = setting("The private key in PEM, RSA or Ed25519; or several.", default=None)
    dkim_key_file: Path | None = setting("A file that holds it.", default=None, check=checks.file)

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self._signer = signer(self.name, self.dkim_domain, self.dkim_selector, self.dkim_key, self.dkim_key_file)
        self.capabilities = self.service.capabilities
        if self.service.username_is_secret and isinstance(self.username, str):
            self.username = Secret(self.username)

    def endpoint(self) -> Endpoint:
        """The endpoint that the settings describe.

        Raises:
            ConfigError: settings contradict one another, or one is missing.
        """
        return resolve(self, self._credentials(), self.service, self.region)

    def prepare(self, message: Message) -> Message:
        """The message with its tags and metadata in the headers that the service reads them from.

        Raises:
            RefusedError: the service would not take the metadata.
        """
        return labelled(message, self.service, self.name)

    def objection(self, message: Message) -> str | None:
        """Why the message cannot be signed, if it is to be."""
        return self._signer.objection(message) if self._signer else None

    def diagnose(self) -> Iterable[Diagnosis]:
        """Which keys sign, and what there is to find out about the server."""
        if self._signer:
            yield self._signer.diagnosis()
        yield from super().diagnose()

    @property
    def service(self) -> Preset:
        """The preset that is set, or the one that knows nothing."""
        return PRESETS[self.preset] if self.preset else ANY

    def _credentials(self) -> Credentials | None:
        secret = self._secret()
        username = self._username(secret)
        if secret is None and not username and self.service is ANY:
            return None
        if secret is None:
            variable = self.service.variable
            where = f", and so is the environment variable {variable}" if variable else ""
            raise ConfigError(f"{self.name}: setting 'password' is missing{where}. {self.service.advice}".rstrip())
        if not username:
            raise ConfigError(f"{self.name}: setting 'username' is missing. {self.service.advice}".rstrip())
        if "\0" in username + secret.reveal():
            raise ConfigError(f"{self.name}: a NUL is in the user name or the password")
        if username.startswith("ASIA") and self.preset == "ses":
            raise ConfigError(f"{self.name}: temporary credentials of AWS (ASIA...) do not work for SMTP")
        return Credentials(username, secret, self._mechanism())

    def _secret(self) -> Secret | None:
        given = [name for name in ("password", "access_token", "secret_access_key") if getattr(self, name)]
        if len(given) > 1:
            raise ConfigError(f"{self.name}: give one of {' and '.join(given)}, not {len(given)}")
        if self.secret_access_key is None:
            return self.password or self.access_token or secret_from_environment(self.service)
        if self.preset != "ses" or not self.region:
            raise ConfigError(f"{self.name}: secret_access_key is for preset: ses with a region")
        return Secret(smtp_password(self.secret_access_key.reveal(), self.region))

    def _username(self, secret: Secret | None) -> str | None:
        literal = self.service.username
        given = self.username.reveal() if isinstance(self.username, Secret) else self.username
        if literal and given not in {None, literal}:
            raise ConfigError(
                f"{self.name}: the user name of {self.service.title} is the word {literal!r} for everybody; "
                "what is yours is the password"
            )
        if given is None and self.service.username_is_secret and secret:
            return secret.reveal()
        return literal or given

    def _mechanism(self) -> Mechanism | None:
        if self.access_token is None:
            return self.auth
        if self.auth not in {None, "xoauth2"}:
            raise ConfigError(f"{self.name}: access_token is for auth: xoauth2, not {self.auth}")
        return "xoauth2"
