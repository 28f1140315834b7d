"""What a scripted SMTP server is to do: its features, and rules for what it does wrong.

```python
Script.read({"size": 20000, "rules": [{"at": "rcpt", "match": "k1@", "do": [{"reply": "450 4.2.0 later"}]}]})
```
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from notify.errors import ConfigError
from notify.suggest import did_you_mean

PHASES = (
    "connect", "ehlo", "helo", "starttls", "tls", "auth", "mail", "rcpt", "data", "body", "eod", "rset", "noop", "quit",
)  # fmt: skip
ACTIONS = (
    "reply", "raw", "drip", "flood", "sleep", "hang", "noread", "close", "reset", "accept", "inject", "default",
)  # fmt: skip
Action = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """At one phase, do something else than a good server would. The first rule that fits is used.

    Attributes:
        at: the phase: connect ehlo helo starttls tls auth mail rcpt data body eod rset noop quit, or any; `eod` is the
            answer to the final dot.
        do: what to do, in this order. An action is a mapping with one of these keys:
            `reply`: a line, or a list of lines, with the usual effect of such a reply;
            `raw`: text as it is;
            `drip`: text, one octet each `interval` seconds (0.1);
            `flood`: text over and over for `seconds` (10);
            `sleep`: seconds of silence; `hang`: the same, and then close; `noread`: read nothing for seconds;
            `close`, `reset`: end the connection;
            `accept`: at eod, take the message and say nothing;
            `inject`: at starttls, say 220 and this text in the same breath;
            `default`: what a good server does.
        match: a regular expression that the command's argument must have, in any case of letters; for mail and rcpt
            the address.
        session: only in this connection, counted from 1.
        nth: only when the phase is reached for this time, counted from 1 over all connections.
        times: how often the rule may be used.
        chance: how often it is used where it fits, from 0 to 1; where it is not, the next rule that fits may be.
        after_bytes: for body: when this many octets of the text came.
    """

    at: str
    do: tuple[Action, ...]
    match: str = ""
    session: int | None = None
    nth: int | None = None
    times: int | None = None
    chance: float = 1.0
    after_bytes: int = 0

    def __post_init__(self) -> None:
        if self.at not in (*PHASES, "any"):
            raise ConfigError(f"a rule's 'at' is a phase, not {self.at!r} ({did_you_mean(self.at, PHASES)})")
        if not 0 <= self.chance <= 1:
            raise ConfigError(f"a rule's 'chance' is a number from 0 to 1, not {self.chance!r}")
        for action in self.do:
            if not set(ACTIONS) & set(action):
                raise ConfigError(f"unknown action {dict(action)} (there are: {', '.join(ACTIONS)})")

    def fits(self, phase: str, argument: str, session: int, nth: int) -> bool:
        """Whether the rule is about this moment, leaving aside how often it was used."""
        return (
            self.at in {phase, "any"}
            and self.session in {None, session}
            and self.nth in {None, nth}
            and bool(re.search(self.match, argument, re.IGNORECASE))
        )


@dataclass(frozen=True, slots=True)
class Script:
    """A server. With nothing said it is a good one, with STARTTLS, AUTH for `apikey`, and no demands.

    Attributes:
        listen: false: the port refuses connections; `blackhole`: it does not answer.
        tls: how TLS begins: starttls, implicit, none.
        cert: which certificate: good, expired, wronghost, selfsigned.
        banner: what follows the 220 of the greeting.
        require_tls, require_auth: MAIL is refused without.
        auth: the mechanisms: PLAIN, LOGIN, XOAUTH2.
        auth_before_tls: offer AUTH also before TLS.
        users: passwords (or tokens) by user name.
        size: the largest message; 0 offers no SIZE.
        eightbit, smtputf8, pipelining, enhanced, dsn: what EHLO offers.
        ehlo_lines: what EHLO offers, word for word, instead.
        rules: what it does wrong.
        seed: what the chances of the rules come from.
    """

    listen: bool | Literal["blackhole"] = True
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    cert: Literal["good", "expired", "wronghost", "selfsigned"] = "good"
    banner: str = "scripted.example ESMTP"
    require_tls: bool = False
    require_auth: bool = False
    auth: tuple[str, ...] = ("PLAIN", "LOGIN")
    auth_before_tls: bool = False
    users: Mapping[str, str] = field(default_factory=lambda: {"apikey": "SG.test-key"})
    size: int = 0
    eightbit: bool = True
    smtputf8: bool = True
    pipelining: bool = True
    enhanced: bool = True
    dsn: bool = False
    ehlo_lines: tuple[str, ...] | None = None
    rules: tuple[Rule, ...] = ()
    seed: int = 0

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Script:
        """A script from plain data, as JSON or YAML gives it.

        Raises:
            ConfigError: a key, a phase or an action is unknown.
        """
        _check_keys("script", values, cls)
        rules = []
        for rule in values.get("rules", ()):
            _check_keys("rule", rule, Rule)
            rules.append(Rule(**{**rule, "do": tuple(rule["do"])}))
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        plain["rules"] = tuple(rules)
        return cls(**plain)

    def features(self, *, secured: bool) -> list[str]:
        """What EHLO offers."""
        if self.ehlo_lines is not None:
            return list(self.ehlo_lines)
        offers = {
            "STARTTLS": self.tls == "starttls" and not secured,
            f"SIZE {self.size}": self.size > 0,
            "8BITMIME": self.eightbit,
            "SMTPUTF8": self.smtputf8,
            "PIPELINING": self.pipelining,
            "ENHANCEDSTATUSCODES": self.enhanced,
            "DSN": self.dsn,
            "AUTH " + " ".join(self.auth): self.auth and (secured or self.auth_before_tls or self.tls == "none"),
        }
        return [feature for feature, offered in offers.items() if offered]


def _check_keys(what: str, values: Mapping[str, Any], owner: type) -> None:
    known = [entry.name for entry in dataclasses.fields(owner)]
    for name in values:
        if name not in known:
            raise ConfigError(f"a {what} has no {name!r} ({did_you_mean(name, known)})")
