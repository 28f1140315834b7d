"""The beginning of a session: connect, greeting, EHLO, STARTTLS, EHLO again, AUTH."""

from __future__ import annotations

import re
import socket
import ssl
from typing import TYPE_CHECKING

from notify_smtp import auth
from notify_smtp.connection import Connection
from notify_smtp.conversation import Conversation
from notify_smtp.faults import GarbledError, LostError
from notify_smtp.transcript import Transcript

if TYPE_CHECKING:
    from notify_smtp.deadline import Deadline
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.replies import Interpreter

Features = dict[str, tuple[str, ...]]

_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNKNOWN_COMMAND = (500, 502)


def connect(endpoint: Endpoint, interpreter: Interpreter, deadline: Deadline) -> Conversation:
    """Connect to the endpoint's host.

    Raises:
        DeliveryError: nobody answers.
    """
    try:
        connection = Connection.open(endpoint.host, endpoint.port, endpoint.timeout, deadline)
    except LostError as lost:
        raise interpreter.lost("connect", str(lost), dot_sent=False) from None
    return Conversation(connection, interpreter, Transcript(interpreter.scrub) if endpoint.transcript else None)


def begin(talk: Conversation, endpoint: Endpoint, context: ssl.SSLContext) -> Features:
    """Greet, start TLS and log in; what the server offers after that: keyword to arguments.

    Raises:
        DeliveryError: one of them failed.
        LostError, GarbledError: the connection did.
    """
    if endpoint.tls == "implicit":
        _start_tls(talk, endpoint, context)
    talk.phase = "greeting"
    talk.expect(talk.answer())
    features = _hello(talk, endpoint)
    if endpoint.tls == "starttls":
        talk.phase = "starttls"
        if "STARTTLS" not in features:
            raise talk.interpreter.misconfigured(
                talk.phase,
                "the server does not offer STARTTLS, and nothing is sent in clear",
                "Check host and port; a port for TLS from the start (465) needs tls: implicit.",
            )
        talk.expect(talk.ask("STARTTLS"))
        _start_tls(talk, endpoint, context)
        features = _hello(talk, endpoint)
    if endpoint.credentials:
        _log_in(talk, endpoint, features)
    return features


def _hello(talk: Conversation, endpoint: Endpoint) -> Features:
    talk.phase = "ehlo"
    reply = talk.ask(f"EHLO {_own_name(talk, endpoint)}")
    bare = endpoint.tls == "none" and not endpoint.credentials
    if reply.code in _UNKNOWN_COMMAND and bare:
        reply = talk.ask(f"HELO {_own_name(talk, endpoint)}")
    talk.expect(reply)
    features: Features = {}
    for line in reply.lines[1:]:
        keyword, *arguments = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        features[keyword] = (*features.get(keyword, ()), *arguments)
    return features


def _own_name(talk: Conversation, endpoint: Endpoint) -> str:
    """This machine's full name, or its address where it has none; the DNS is not asked."""
    name = endpoint.local_hostname or socket.gethostname()
    return name if endpoint.local_hostname or _NAME.fullmatch(name) else talk.connection.local_address


def _start_tls(talk: Conversation, endpoint: Endpoint, context: ssl.SSLContext) -> None:
    talk.phase = "tls"
    misconfigured = talk.interpreter.misconfigured
    try:
        talk.connection.secure(context, endpoint.host)
    except GarbledError as garbled:
        raise misconfigured("starttls", str(garbled)) from None
    except ssl.SSLCertVerificationError as error:
        raise misconfigured(
            talk.phase,
            f"the certificate of {endpoint.host} cannot be trusted: {error.verify_message}",
            "Nothing was sent. A private certificate authority is named by ca_file.",
        ) from None
    except ssl.SSLError as error:
        raise misconfigured(
            talk.phase,
            f"no TLS with {endpoint.host}: {error.reason or error}",
            "Check that tls (starttls or implicit) is the right one for this port.",
        ) from None


def _log_in(talk: Conversation, endpoint: Endpoint, features: Features) -> None:
    talk.phase = "auth"
    credentials = endpoint.credentials
    if credentials is None or not talk.connection.secured:
        raise talk.interpreter.misconfigured(talk.phase, "a password is not sent without TLS")
    offered = features.get("AUTH", ())
    mechanism = auth.choose(credentials, offered)
    if mechanism is None:
        raise talk.interpreter.misconfigured(
            talk.phase,
            f"the server offers no way to log in that is known: {', '.join(offered) or 'none at all'}",
            "A server that wants no login needs no username.",
        )
    talk.expect(auth.log_in(talk.ask, credentials, mechanism))
