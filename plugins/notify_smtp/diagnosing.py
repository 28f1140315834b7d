"""What there is to find out about an SMTP server without sending: from its name to the login, step by step.

The session is made by what makes it when mail is sent, and ends before MAIL.
"""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from notify.diagnosis import Diagnosis
from notify.errors import DeliveryError, TransportConfigError
from notify_smtp import auth, diagnoses, opening
from notify_smtp.certificates import document, why_distrusted
from notify_smtp.deadline import Deadline
from notify_smtp.lookup import addresses
from notify_smtp.presets import ANY, PRESETS
from notify_smtp.probing import Trust, knock, speech
from notify_smtp.replies import Interpreter
from notify_smtp.scrub import scrubber
from notify_smtp.suspicions import suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from notify_smtp.conversation import Conversation
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.lookup import Found
    from notify_smtp.presets import Preset
    from notify_smtp.probing import Port, Way

_ANSWER = 8.0
_SESSION = 25.0
_LOOKUP = 5.0
_CONNECT = 5.0
_LISTEN = 2.0
_BETWEEN_SERVERS = 25


def diagnose(endpoint: Endpoint, ways: Sequence[Way] | None = None) -> Iterator[Diagnosis]:
    """Look the host up, try its ports, begin a session, log in and say goodbye.

    Args:
        endpoint: the server as the transport uses it.
        ways: its ports, and how TLS begins at each; by default those of the service.
    """
    yield from _Examination(endpoint, ways).run()


class _Examination:
    def __init__(self, endpoint: Endpoint, ways: Sequence[Way] | None) -> None:
        hidden = endpoint.credentials.hidden if endpoint.credentials else ()
        self._name = endpoint.name
        self._endpoint = replace(endpoint, timeout=min(endpoint.timeout, _ANSWER), deadline=_SESSION)
        self._service = _service(endpoint)
        self._interpreter = Interpreter(endpoint.name, endpoint.rules, scrub=scrubber(hidden))
        others = _ways(self._service, endpoint) if ways is None else ways
        configured = (endpoint.port, endpoint.tls)
        self._ways = [configured, *(way for way in others if way[0] != endpoint.port)]

    def run(self) -> Iterator[Diagnosis]:
        endpoint = self._endpoint
        try:
            found = addresses(endpoint.host, endpoint.port, _LOOKUP)
        except OSError as error:
            yield diagnoses.unknown_host(endpoint, self._service, error)
            return
        yield diagnoses.host(endpoint, found)
        configured, *others = ports = knock(found, self._ways, min(endpoint.timeout, _CONNECT))
        answering = [port for port in ports if port.open]
        yield self._port(configured, answering)
        if others:
            yield diagnoses.other_ports(others)
        yield from diagnoses.families(configured)
        if answering:
            yield from self._session(replace(endpoint, port=answering[0].number, tls=answering[0].tls), found)

    def _port(self, port: Port, answering: list[Port]) -> Diagnosis:
        data = {**diagnoses.port_document(port), "host": self._endpoint.host}
        if port.open:
            return Diagnosis("port", "ok", f"port {port.number} answers after {port.milliseconds:.0f} ms", data=data)
        advice = self._way_out(port, answering)
        data["error"] = TransportConfigError.__name__
        return Diagnosis("port", "failed", f"port {port.number} cannot be reached ({port.reason})", advice, data)

    def _way_out(self, port: Port, answering: list[Port]) -> str:
        """What to do when the configured port does not answer."""
        if answering:
            number, tls = answering[0].number, answering[0].tls
            settings = f"port: {number}" + (f", tls: {tls}" if tls != self._endpoint.tls else "")
            return (
                f"Port {number} answers: write `{settings}` for the transport {self._name} in notify.yaml. Many "
                f"networks block port {port.number}."
            )
        if all(each.family == "IPv6" for each in port.attempts):
            return f"{self._endpoint.host} has IPv6 addresses only, and this machine gets no connection over IPv6."
        if len(self._ways) == 1:
            return "Is the server running? Check host and port."
        numbers = ", ".join(str(number) for number, _ in self._ways)
        api = "the transport sendgrid_api" if self._service.title == "SendGrid" else "a provider's HTTP API"
        return (
            f"None of the ports {numbers} can be reached: this network or its hosting provider blocks mail, or the "
            f"host is wrong. Ask the provider to open one, or send through {api}, which needs port 443 only."
        )

    def _session(self, endpoint: Endpoint, found: Found) -> Iterator[Diagnosis]:
        try:
            trust = Trust.of(endpoint.ca_file)
        except OSError as error:
            reason = f"ca_file {endpoint.ca_file} holds no certificates in PEM ({error})"
            yield diagnoses.failed("tls", TransportConfigError(reason, phase="tls"))
            return
        bare = replace(endpoint, credentials=None)
        try:
            talk = opening.connect(endpoint, self._interpreter, Deadline(endpoint.deadline))
        except DeliveryError as error:
            yield diagnoses.failed("port", error)
            return
        try:
            try:
                with talk.border():
                    features = opening.begin(talk, bare, trust)
            except DeliveryError as error:
                talk.connection.close()  # some servers take one at a time
                yield self._no_session(bare, error, talk.phase, found)
                return
            yield diagnoses.tls(endpoint, trust)
            yield diagnoses.ehlo(features)
            yield self._login(talk, endpoint, features)
            _goodbye(talk)
        finally:
            talk.connection.close()

    def _no_session(self, endpoint: Endpoint, error: DeliveryError, phase: str, found: Found) -> Diagnosis:
        """Why no session came about, and whether that port is meant for something else."""
        cause = error.__context__
        if isinstance(cause, ssl.SSLCertVerificationError):
            return self._distrust(endpoint, error, cause)
        if error.code is None and phase in {"greeting", "tls"}:
            address = found[0][4]
            spoken, words = speech((address[0], endpoint.port), min(endpoint.timeout, _LISTEN))
            advice = diagnoses.misunderstanding(endpoint, spoken, words)
            if advice:
                mistaken = TransportConfigError(error.reason, phase=phase, advice=advice)
                return diagnoses.failed("tls" if phase == "tls" else "greeting", mistaken)
        return diagnoses.failed(phase, error)

    def _distrust(self, endpoint: Endpoint, error: DeliveryError, cause: ssl.SSLCertVerificationError) -> Diagnosis:
        certificate = self._certificate(endpoint)
        diagnosis = diagnoses.failed(
            "certificate", error, why_distrusted(cause.verify_code, certificate) or error.advice
        )
        data = {**diagnosis.data, **(certificate or {}), "verify_code": cause.verify_code}
        return replace(diagnosis, data=data)

    def _certificate(self, endpoint: Endpoint) -> dict[str, Any] | None:
        """The certificate that cannot be trusted, taken by somebody who then trusts nobody else, and so can read it."""
        octets, _ = self._presented(endpoint, Trust.anybody())
        _, certificate = self._presented(endpoint, Trust.only(octets)) if octets else (b"", {})
        return document(certificate) if certificate else None

    def _presented(self, endpoint: Endpoint, trust: Trust) -> tuple[bytes, Mapping[str, Any]]:
        """The server's certificate in DER and, as far as it is trusted, read; empty if no session comes about."""
        try:
            talk = opening.connect(endpoint, self._interpreter, Deadline(_ANSWER))
        except DeliveryError:
            return b"", {}
        try:
            with talk.border():
                opening.begin(talk, endpoint, trust)
        except DeliveryError:
            return b"", {}
        else:
            secured = trust.secured
            presented = (secured.getpeercert(binary_form=True), secured.getpeercert()) if secured else (None, None)
            _goodbye(talk)
            return presented[0] or b"", presented[1] or {}
        finally:
            talk.connection.close()

    def _login(self, talk: Conversation, endpoint: Endpoint, features: opening.Features) -> Diagnosis:
        offered = features.get("AUTH", ())
        credentials = endpoint.credentials
        if credentials is None:
            advice = "If the server refuses mail without a login, set username and password." if offered else ""
            return Diagnosis("login", "skipped", "no login is configured", advice, {"offered": list(offered)})
        mechanism = auth.choose(credentials, offered)
        if mechanism is None:
            offers = ", ".join(offered) or "none at all"
            reason = f"the server offers no way to log in that is known: {offers}"
            advice = "A server that wants no login needs no username."
            return diagnoses.failed("login", TransportConfigError(reason, phase="auth", advice=advice))
        talk.phase = "auth"
        try:
            with talk.border():
                talk.expect(auth.log_in(talk.ask, credentials, mechanism))
        except DeliveryError as error:
            wrong = isinstance(error, TransportConfigError)
            odd = suspicion(credentials, self._service) if wrong else ""
            return diagnoses.failed("login", error, f"{odd} {error.advice}".strip())
        data = {"mechanism": mechanism.upper(), "offered": list(offered)}
        return Diagnosis("login", "ok", f"the server takes the login (AUTH {mechanism.upper()})", data=data)


def _service(endpoint: Endpoint) -> Preset:
    """The service that the endpoint belongs to, by its host or, where another host stands in, by its rules."""
    for preset in PRESETS.values():
        head, _, tail = preset.host.partition("{region}")
        if endpoint.host in preset.regions.values() or (
            endpoint.host.startswith(head) and endpoint.host.endswith(tail)
            if "{region}" in preset.host
            else endpoint.host == preset.host
        ):
            return preset
    return next((preset for preset in PRESETS.values() if preset.rules and preset.rules == endpoint.rules), ANY)


def _ways(service: Preset, endpoint: Endpoint) -> list[Way]:
    """The service's ports: first those where TLS begins as it is configured. Without TLS no other port will do."""
    if endpoint.tls == "none":
        return []
    ways: list[Way] = [(number, "starttls") for number in service.starttls]
    ways += [(number, "implicit") for number in service.implicit]
    return sorted((way for way in ways if way[0] != _BETWEEN_SERVERS), key=lambda way: way[1] != endpoint.tls)


def _goodbye(talk: Conversation) -> None:
    """Say QUIT, whatever comes of it."""
    talk.phase = "quit"
    talk.connection.deadline = Deadline(2.0)
    try:
        with talk.border():
            talk.ask("QUIT")
    except DeliveryError:
        pass
