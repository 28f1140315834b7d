"""One connection of the scripted server: the side of RFC 5321 that a client talks to."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from typing import TYPE_CHECKING

from notify.testing.wire import OverError, Wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from notify.testing.script import Action
    from notify.testing.smtpserver import ScriptedServer

_PATH = re.compile(r"(FROM|TO):<((?:\"(?:\\.|[^\"\\])*\"|[^>])*)>(.*)", re.IGNORECASE | re.DOTALL)
_READY, _LOGGED_IN, _OK, _GO_ON = 220, 235, 250, 354


class Dialogue:
    """Talks to one client until either side has enough."""

    def __init__(self, server: ScriptedServer, sock: socket.socket, number: int) -> None:
        self._server = server
        self._wire = Wire(sock, server.stopping, server.violations)
        self._taken = False
        self.number = number
        self.secured = False
        self.user: str | None = None
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.options = ""
        self.wire = b""

    def run(self) -> None:
        """Talk until the end; errors of the connection are an end like any other."""
        with contextlib.suppress(OverError, OSError):
            if self._server.script.tls == "implicit":
                self._upgrade()
            self._act("connect", "", lambda: self._wire.say(f"220 {self._server.script.banner}"))
            while True:
                self._command()
        self.abort()

    def abort(self) -> None:
        """End the connection, from whichever thread."""
        self._wire.close()

    # the commands

    def _command(self) -> None:
        verb, _, argument = self._wire.line().partition(" ")
        self._server.ahead += bool(self._wire.buffer)
        verb = verb.upper()
        secret = verb == "AUTH" and " " in argument
        self._server.saw(self.number, f"{verb} {argument.split()[0]} ***" if secret else f"{verb} {argument}".strip())
        handler = {
            "EHLO": self._ehlo, "HELO": self._helo, "STARTTLS": self._starttls, "AUTH": self._auth, "MAIL": self._mail,
            "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset, "NOOP": self._noop, "QUIT": self._quit,
        }.get(verb)  # fmt: skip
        if handler:
            handler(argument)
        else:
            self._wire.say("500 5.5.2 unknown command")

    def _ehlo(self, argument: str) -> None:
        def greet() -> int:
            lines = ["scripted.example", *self._server.script.features(secured=self.secured)]
            return self._wire.say(*[f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines])

        self._act("ehlo", argument, greet)

    def _helo(self, argument: str) -> None:
        self._act("helo", argument, lambda: self._wire.say("250 scripted.example"))

    def _starttls(self, argument: str) -> None:
        possible = self._server.script.tls == "starttls" and not self.secured
        answer = "220 2.0.0 ready" if possible else "502 5.5.1 not available"
        if self._act("starttls", argument, lambda: self._wire.say(answer)) == _READY:
            self._upgrade()

    def _mail(self, argument: str) -> None:
        script, (address, options) = self._server.script, self._path(argument)
        size = re.search(r"SIZE=(\d+)", options, re.IGNORECASE)
        if script.require_tls and not self.secured:
            answer = "530 5.7.0 STARTTLS first"
        elif script.require_auth and not self.user:
            answer = "530 5.7.1 authentication required"
        elif script.size and size and int(size[1]) > script.size:
            answer = "552 5.3.4 message size exceeds the limit"
        else:
            answer = "250 2.1.0 Ok"
        if self._act("mail", address, lambda: self._wire.say(answer)) == _OK:
            self.sender, self.options, self.recipients = address, options, []

    def _rcpt(self, argument: str) -> None:
        address = self._path(argument)[0]
        answer = "503 5.5.1 MAIL first" if self.sender is None else "250 2.1.5 Ok"
        if self._act("rcpt", address, lambda: self._wire.say(answer)) == _OK:
            self.recipients.append(address)

    def _data(self, _argument: str) -> None:
        answer = "354 end with a dot" if self.recipients else "554 5.5.1 no valid recipients"
        if self._act("data", "", lambda: self._wire.say(answer)) == _GO_ON:
            self._text()

    def _rset(self, _argument: str) -> None:
        self._act("rset", "", lambda: self._wire.say("250 2.0.0 Ok"))
        self._forget()

    def _noop(self, _argument: str) -> None:
        self._act("noop", "", lambda: self._wire.say("250 2.0.0 Ok"))

    def _quit(self, _argument: str) -> None:
        self._act("quit", "", lambda: self._wire.say("221 2.0.0 Bye"))
        raise OverError

    def _forget(self) -> None:
        """End the transaction."""
        self.sender, self.recipients = None, []

    def _path(self, argument: str) -> tuple[str, str]:
        found = _PATH.fullmatch(argument)
        if found is None:
            self._server.violations.append(argument)
            return argument, ""
        return found[2], found[3].strip()

    # logging in

    def _auth(self, argument: str) -> None:
        if not self.secured:
            self._server.auth_in_clear += 1
        mechanism, _, initial = argument.partition(" ")
        code = self._act("auth", mechanism, lambda: self._authenticate(mechanism.upper(), initial))
        if code == _LOGGED_IN and self.user is None:
            self.user = "(scripted)"

    def _authenticate(self, mechanism: str, initial: str) -> int:
        exchange = {"PLAIN": self._plain, "LOGIN": self._login, "XOAUTH2": self._xoauth2}.get(mechanism)
        if exchange is None or mechanism not in self._server.script.auth:
            return self._wire.say("504 5.5.4 mechanism not supported")
        try:
            user, secret = exchange(initial)
        except (ValueError, binascii.Error):
            return self._wire.say("501 5.5.2 cannot decode")
        if self._server.script.users.get(user) == secret:
            self.user = user
            return self._wire.say("235 2.7.0 welcome")
        if mechanism == "XOAUTH2":
            self._ask(b'{"status":"401","schemes":"Bearer"}')
        return self._wire.say("535 5.7.8 authentication failed: bad user name or password")

    def _plain(self, initial: str) -> tuple[str, str]:
        _, user, secret = (base64.b64decode(initial).decode() if initial else self._ask(b"")).split("\0")
        return user, secret

    def _login(self, initial: str) -> tuple[str, str]:
        user = base64.b64decode(initial).decode() if initial else self._ask(b"Username:")
        return user, self._ask(b"Password:")

    def _xoauth2(self, initial: str) -> tuple[str, str]:
        user, bearer, *_ = base64.b64decode(initial).decode().split("\1")
        return user.removeprefix("user="), bearer.removeprefix("auth=Bearer ")

    def _ask(self, challenge: bytes) -> str:
        self._wire.say(f"334 {base64.b64encode(challenge).decode()}")
        return base64.b64decode(self._wire.line()).decode()

    # the text

    def _text(self) -> None:
        """Read up to the final dot: only CR LF . CR LF is one, all else is content."""
        script, received, scanned, waiting = self._server.script, bytearray(b"\r\n"), 0, True
        limit = next((rule.after_bytes for rule in script.rules if rule.at == "body"), None)
        while (end := received.find(b"\r\n.\r\n", max(0, scanned - 4))) < 0:
            if limit is not None and waiting and len(received) - 2 >= limit:
                waiting = False
                self._act("body", "", lambda: 0)
            scanned = len(received)
            if not self._wire.buffer:
                self._wire.fill()
            received += self._wire.buffer
            self._server.data_bytes += len(self._wire.buffer)
            self._wire.buffer.clear()
        behind = received[end + 5 :]
        self._wire.buffer += behind
        self._server.data_bytes -= len(behind)
        self._server.ahead += bool(behind)
        self.wire = bytes(received[2 : end + 2])
        self._taken = False
        too_big = script.size and len(self.wire) > script.size
        answer = "552 5.3.4 message too big" if too_big else f"250 2.0.0 Ok: queued as S{self.number:06d}"
        self._act("eod", ",".join(self.recipients), lambda: self._verdict(answer))
        self._forget()

    def _take(self, *, answered: bool) -> None:
        if not self._taken:
            self._taken = True
            self._server.take(self, answered=answered)

    def _verdict(self, *lines: str) -> int:
        """An answer to the final dot: a yes takes the message, before the client can know."""
        if lines[-1].startswith("2"):
            self._take(answered=True)
        return self._wire.say(*lines)

    # what the script wants

    def _act(self, phase: str, argument: str, default: Callable[[], int]) -> int:
        """Follow the script, or do what a good server does; the code of the last reply, or 0."""
        rule = self._server.pick(phase, argument, self.number)
        if rule is None:
            return default()
        code = 0
        for action in rule.do:
            code = self._follow(action, phase, default) or code
        return code

    def _follow(self, action: Action, phase: str, default: Callable[[], int]) -> int:
        if "default" in action:
            return default()
        if "reply" in action:
            lines: Sequence[str] = [action["reply"]] if isinstance(action["reply"], str) else action["reply"]
            return self._verdict(*lines) if phase == "eod" else self._wire.say(*lines)
        if "inject" in action:
            self._wire.send(f"220 2.0.0 ready\r\n{action['inject']}")
            return _READY
        if "accept" in action:
            self._take(answered=False)
        elif "raw" in action:
            self._wire.send(action["raw"])
        elif "drip" in action:
            self._wire.drip(action["drip"], action.get("interval", 0.1))
        elif "sleep" in action or "noread" in action:
            self._wire.wait(action.get("sleep", action.get("noread")))
        else:
            self._end(action)
        return 0

    def _end(self, action: Action) -> None:
        if "flood" in action:
            self._wire.flood(action["flood"], action.get("seconds", 10.0))
        elif "hang" in action:
            self._wire.hang(action["hang"])
        elif "reset" in action:
            self._wire.reset()
        raise OverError

    def _upgrade(self) -> None:
        def handshake() -> int:
            self._wire.secure(self._server.context())
            self.secured = True
            return 0

        self._act("tls", "", handshake)
