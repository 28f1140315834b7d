"""What is said of what was found at an SMTP server: a diagnosis for each step."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from notify.diagnosis import Diagnosis
from notify_smtp.certificates import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import DeliveryError
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.lookup import Found
    from notify_smtp.opening import Features
    from notify_smtp.presets import Preset
    from notify_smtp.probing import Port, Trust

_SOON_OVER = 14


def unknown_host(endpoint: Endpoint, service: Preset, error: OSError) -> Diagnosis:
    """The name that the DNS does not have, or the DNS that does not answer."""
    words = (error.strerror or str(error)).lower()
    found = f"the name {endpoint.host} cannot be looked up ({words})"
    data = {"host": endpoint.host}
    if error.errno == socket.EAI_AGAIN or isinstance(error, TimeoutError) or service.host == endpoint.host:
        advice = "The DNS of this machine does not work: is it online? Check /etc/resolv.conf."
        return Diagnosis("host", "failed", found, advice, {**data, "error": "TemporaryError"})
    advice = "Check the setting host. If it is right, the DNS of this machine does not know it."
    return Diagnosis("host", "failed", found, advice, {**data, "error": "ConfigError"})


def host(endpoint: Endpoint, found: Found) -> Diagnosis:
    """The addresses that were found."""
    by_family: dict[str, list[str]] = {"ipv4": [], "ipv6": []}
    for family, _, _, _, address in dict.fromkeys(found):
        by_family["ipv6" if family == socket.AF_INET6 else "ipv4"].append(str(address[0]))
    shown = ", ".join([*by_family["ipv4"], *by_family["ipv6"]][:3])
    count = sum(map(len, by_family.values()))
    more = f" and {count - 3} more" if count > 3 else ""  # noqa: PLR2004 - as many as are shown
    words = "it is an address" if shown == endpoint.host else f"its addresses are {shown}{more}"
    return Diagnosis("host", "ok", f"{endpoint.host}: {words}", data={"host": endpoint.host, **by_family})


def other_ports(ports: list[Port]) -> Diagnosis:
    """The ports that are not configured."""
    told = [f"{port.number} answers after {port.milliseconds:.0f} ms" for port in ports if port.open]
    if silent := [str(port.number) for port in ports if not port.open]:
        told.append(f"{', '.join(silent)} cannot be reached")
    return Diagnosis("other-ports", "ok", "; ".join(told), data={"ports": [port_document(port) for port in ports]})


def port_document(port: Port) -> dict[str, Any]:
    """A port and the attempts to reach it, as plain data."""
    return {
        "port": port.number,
        "tls": port.tls,
        "open": port.open,
        "milliseconds": port.milliseconds,
        "attempts": [
            {"family": each.family, "address": each.address, "milliseconds": each.milliseconds, "reason": each.reason}
            for each in port.attempts
        ],
    }


def families(port: Port) -> Iterator[Diagnosis]:
    """A warning where one family of addresses works and the other does not."""
    if not port.open:
        return
    for attempt in port.attempts:
        if attempt.milliseconds is None:
            other = "IPv4" if attempt.family == "IPv6" else "IPv6"
            yield Diagnosis(
                attempt.family.lower(),
                "warning",
                f"{attempt.family} does not work ({attempt.address}: {attempt.reason}), {other} does",
                f"Connections may wait for {attempt.family} first. Mend it on this machine, prefer {other} (in "
                "/etc/gai.conf), or set host to a name that has no such addresses.",
                {"family": attempt.family, "address": attempt.address, "reason": attempt.reason},
            )


def misunderstanding(endpoint: Endpoint, spoken: str, words: str) -> str:
    """What is spoken at a port where no session came about, and what to do; empty if that does not explain it."""
    if spoken == "http":
        return f"A web server answers at port {endpoint.port} ({words}): check host and port."
    if spoken == "tls" and endpoint.tls != "implicit":
        return f"Port {endpoint.port} wants TLS from the start: write `tls: implicit`, or another port."
    if spoken == "smtp" and endpoint.tls == "implicit":
        return f"Port {endpoint.port} begins without TLS: write `tls: starttls`, or another port."
    if spoken == "nothing" and words:
        return f"What answers at port {endpoint.port} is no SMTP server ({words}): check host and port."
    return ""


def tls(endpoint: Endpoint, trust: Trust) -> Diagnosis:
    """How the session is secured, and how long the certificate holds."""
    if trust.secured is None or endpoint.tls == "none":
        return Diagnosis("tls", "warning", "no TLS: mail goes out in clear", "Only for a server on this machine.")
    certificate = document(trust.secured.getpeercert() or {})
    version = trust.secured.version() or "TLS"
    data = {"version": version, "cipher": (trust.secured.cipher() or ("",))[0], **certificate}
    days = certificate["days_left"]
    whose = f"the certificate of {certificate['subject']}, by {certificate['issuer']}"
    found = f"{version}; {whose}, holds {days} days more"
    if days < _SOON_OVER:
        return Diagnosis("tls", "warning", found, "The server needs a new certificate soon.", data)
    return Diagnosis("tls", "ok", found, data=data)


def ehlo(features: Features) -> Diagnosis:
    """The extensions that the server offers."""
    size = next((int(word) for word in features.get("SIZE", ()) if word.isdecimal()), 0)
    told = [f"SIZE {size / 2**20:.0f} MiB" if name == "SIZE" and size >= 2**20 else name for name in sorted(features)]
    data = {"features": {name: list(words) for name, words in features.items()}, "size": size or None}
    return Diagnosis("ehlo", "ok", f"the server offers {', '.join(told) or 'no extension'}", data=data)


def failed(check: str, error: DeliveryError, advice: str | None = None) -> Diagnosis:
    """A step that failed; the advice is the error's own if none is given."""
    found = f"{error.reason}: {error.reply}" if error.reply else error.reason
    data = {
        "error": type(error).__name__,
        "phase": error.phase,
        "code": error.code,
        "enhanced_code": error.enhanced_code,
        "reply": error.reply,
        "retry_after": error.retry_after,
    }
    return Diagnosis(check, "failed", found, error.advice if advice is None else advice, data)
