"""The rule about secrets in files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.dsn import is_dsn
from notify.secret import Secret
from notify.yamlnodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.yamlnodes import Node

    Names = frozenset[str] | None

_KNOWN = {
    "an API key of SendGrid": re.compile(r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    "an access key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a key of Mailgun": re.compile(r"\bkey-[0-9a-f]{32}\b"),
    "a key of Mailchimp": re.compile(r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    "a key of Brevo": re.compile(r"\bx(?:keysib|smtpsib)-[0-9a-f]{40,}"),
    "a key of Resend": re.compile(r"\bre_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}"),
    "a key of Stripe": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a key of Google": re.compile(r"\bAIza[\w-]{35}"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
}
_NAME = re.compile(
    r"(?:.*_)?(?:password|passwd|secret|token|api_?key|private_key|access_key|secret_access_key)", re.IGNORECASE
)
_VARIABLE = re.compile(r"\$\{[A-Za-z_]\w*(?::-(?P<default>[^}]*))?\}")
_IN_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@\s:]*):(?P<password>[^/@\s]+)@(?P<host>[^/?#\s]*)", re.IGNORECASE)
_KEY_AS_USER = re.compile(r"[a-z][a-z0-9+.-]*://(?P<key>[^/@\s:]{20,})@default\b", re.IGNORECASE)
_SETTINGS = frozenset({"environments", "outbox", "state", "transports"})
_KEYS = {
    ("outbox_key",): "NOTIFY_OUTBOX_KEY",
    ("unsubscribe", "keys"): "NOTIFY_UNSUBSCRIBE_KEYS",
    ("feedback", "key"): "NOTIFY_FEEDBACK_KEY",
}
"""The keys of notify itself: where they stand, and the variable that goes before it."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


@rule(
    Whole,
    "sec-secret-in-yaml",
    severity="error",
    why="What is in a file is in the repository, its history and every copy; a key that was there has to be replaced.",
    example='transports:\n  sendgrid: {api_key: "SG.xxxxxxxx.yyyyyyyy"}',
    cure='Replace the key at the provider, and write a variable: api_key: "${SENDGRID_API_KEY}".',
)
def secret_in_yaml(whole: Whole) -> Iterator[Problem]:
    """A key or a password is written into notify.yaml or a definition."""
    if whole.root is not None:
        secrets = _declared(whole)
        for key, node in whole.root.entries.items():
            yield from _found(node, secrets if key in _SETTINGS else None)
        yield from _own_keys(whole.root)
        environments = whole.root.get("environments")
        for node in environments.entries.values() if isinstance(environments, MappingNode) else ():
            if isinstance(node, MappingNode) and not _stays_here(whole, node):
                yield from _own_keys(node)
    for definition in whole.definitions:
        path = whole.configuration.base / definition.location.path
        text = path.read_text(encoding="utf-8", errors="replace")
        if any(pattern.search(text) for pattern in _KNOWN.values()) and (root := whole.file(definition)) is not None:
            yield from _found(root, None)


def _own_keys(section: MappingNode) -> Iterator[Problem]:
    """The keys of notify itself that are written into the file, or into an environment of it."""
    for path, variable in _KEYS.items():
        node: Node | None = section
        for name in path:
            node = node.get(name) if isinstance(node, MappingNode) else None
        for each in node.items if isinstance(node, SequenceNode) else [node]:
            if not isinstance(each, ScalarNode) or not isinstance(each.value, str):
                continue
            # what looks like a key was found already
            if _written(each.value).strip() and not _secret(each.value, "", None):
                hint = f"make a new one, and set {variable}, or write ${{{variable}}}"
                yield Problem(each.location, f"the value of {': '.join(path)} is written here", hint)


def _stays_here(whole: Whole, environment: MappingNode) -> bool:
    """Whether an environment's mail reaches nobody, so that its keys guard nothing: nobody has its links."""
    chosen = environment.get("transport")
    if not isinstance(chosen, ScalarNode) or whole.root is None:
        return False
    kind = str(chosen.value)
    for section in (environment, whole.root):
        transports = section.get("transports")
        named = transports.get(str(chosen.value)) if isinstance(transports, MappingNode) else None
        if isinstance(named, MappingNode) and isinstance(said := named.get("type"), ScalarNode):
            kind = str(said.value)
            break
    found = whole.notifier.plugins.transports().get(kind)
    return found is not None and not found.capabilities.delivers


def _declared(whole: Whole) -> frozenset[str]:
    """The names of settings that transports declare as secret."""
    classes = whole.notifier.plugins.transports().values()
    return frozenset(
        name for cls in classes for name, each in cls.declared_settings().items() if _is_secret(each.annotation)
    )


def _is_secret(annotation: Any) -> bool:
    return annotation is Secret or (Secret in get_args(annotation) and str not in get_args(annotation))


def _found(node: Node, secrets: Names, name: str = "", *, local: bool = False) -> Iterator[Problem]:
    """The secrets in a node, however deep.

    Args:
        node: the node.
        secrets: the names of secret settings; None where only what looks like a key is one.
        name: the key of the node.
        local: whether it is for a server on this machine, whose password guards nothing.
    """
    if isinstance(node, MappingNode):
        host = node.get("host")
        local = isinstance(host, ScalarNode) and host.source in _HERE
        for key, value in node.entries.items():
            yield from _found(value, None if key == "globals" else secrets, key, local=local)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _found(item, secrets, name, local=local)
    elif isinstance(node.value, str) and not local and (what := _secret(node.value, name, secrets)):
        hint = "replace it at the provider, and write a variable such as ${API_KEY}"
        yield Problem(node.location, f"{what} is written here", hint)


def _secret(text: str, name: str, secrets: Names) -> str:
    """What secret a text is, or holds; empty if none. What a variable stands for is none, its default may be."""
    written = _written(text)
    for what, pattern in _KNOWN.items():
        if pattern.search(written):
            return what
    if secrets is None or not written.strip():
        return ""
    if is_dsn(written) or "://" in written:
        found = _IN_URL.search(written)
        is_here = found is not None and re.sub(r":\d+\Z", "", found["host"]) in _HERE
        if found is not None and not is_here:
            return "a password"
        return "a key" if _KEY_AS_USER.search(written) else ""
    return f"the value of {name}" if name in secrets or _NAME.fullmatch(name) else ""


def _written(text: str) -> str:
    """What of a text is written here: a variable is not, its default is."""
    return _VARIABLE.sub(lambda found: found["default"] or "", text)


RULES: tuple[AnyRule, ...] = (secret_in_yaml,)
