"""From settings and a preset to an endpoint: what the settings leave open the preset says."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING

from notify import ConfigError, Secret
from notify.suggest import did_you_mean
from notify.variables import variable
from notify_smtp.endpoint import Endpoint

if TYPE_CHECKING:
    from notify_smtp.endpoint import Credentials
    from notify_smtp.presets import Preset
    from notify_smtp.relay import Relay

_log = logging.getLogger("notify.smtp")

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def resolve(relay: Relay, credentials: Credentials | None, preset: Preset, region: str | None = None) -> Endpoint:
    """The endpoint that the relay's settings, these credentials and the preset describe.

    Raises:
        ConfigError: there is no host, no such region or no such port, or a password would go out without TLS.
    """
    tls = relay.tls or preset.tls
    if credentials and tls == "none":
        raise ConfigError(f"{relay.name}: tls: none would send the password in clear; use starttls or implicit")
    host = relay.host
    if region is not None or not host:
        own = host_of(preset, region, relay.name)
        host = host or own
    if not host:
        raise ConfigError(f"{relay.name}: setting 'host' is missing: the server's name, unless there is a preset")
    port = relay.port or preset.port(tls)
    if port is None:
        raise ConfigError(f"{relay.name}: {preset.title} has no port for tls: {tls}; there is {preset.ways()}")
    return Endpoint(
        name=relay.name,
        host=host,
        port=port,
        tls=tls,
        credentials=credentials,
        ca_file=relay.ca_file,
        timeout=relay.timeout,
        deadline=relay.deadline,
        pool=_connections(relay, preset),
        messages_per_connection=relay.messages_per_connection or preset.messages_per_connection,
        retries=relay.retries,
        transcript=relay.transcript,
        local_hostname=relay.local_hostname,
        large_bytes=preset.large_bytes,
        rules=preset.rules,
        provider_id=preset.provider_id,
        connect_advice=_advice(preset, port, tls),
    )


def host_of(preset: Preset, region: str | None, who: str) -> str:
    """The service's own host in that region.

    Raises:
        ConfigError: the service has no such region.
    """
    if "{region}" in preset.host:
        if region is None or not _REGION.fullmatch(region):
            raise ConfigError(
                f"{who}: setting 'region' is a region of {preset.title} such as eu-west-1, not {region!r}"
            )
        return preset.host.replace("{region}", region)
    if region is None:
        return preset.host
    if region not in preset.regions:
        hint = did_you_mean(region, preset.regions) or "there are no regions"
        raise ConfigError(f"{who}: {preset.title} has no region {region!r} ({hint})")
    return preset.regions[region]


def secret_from_environment(preset: Preset) -> Secret | None:
    """The secret in the environment variable that the preset names, or in the file that `VARIABLE_FILE` names.

    Raises:
        ConfigError: the file cannot be read.
    """
    if not preset.variable:
        return None
    try:
        text = variable(preset.variable, os.environ)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"the file that {preset.variable}_FILE names cannot be read: {reason}") from error
    return Secret(text) if text else None


def _connections(relay: Relay, preset: Preset) -> int:
    most = preset.max_connections
    if most is None or relay.pool <= most:
        return relay.pool
    _log.warning("%s: pool is %d, and %s allows %d connections", relay.name, relay.pool, preset.title, most)
    return most


def _advice(preset: Preset, port: int, tls: str) -> str:
    ways = [way for way in preset.ways() if not way.startswith(f"{port} ")]
    if tls == "none" or not ways:
        return "Check host and port."
    return f"Check host and port. Many networks block some ports: try {', or '.join(ways)}."
