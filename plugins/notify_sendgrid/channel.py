"""Requests to one server over a few kept connections; each ends in an answer, or in how far it came."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import EmptyPoolError, HTTPError, ProtocolError, ReadTimeoutError

from notify import ConfigError
from notify_sendgrid.exchange import Answer, LostError
from notify_sendgrid.timed import NotConnectedError, TimedConnection, TimedSecureConnection, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from notify_smtp.deadline import Deadline

_CONNECT_TIMEOUT = 10.0
_BLOCK = 65536
_LARGEST_ANSWER = 1 << 18


class Channel:
    """A server that is spoken to. Safe to share between threads.

    Args:
        base_url: where it is.
        headers: for each request.
        timeout: seconds for an answer.
        pool: how many connections there may be.
        ca_file: trusted certificates in PEM, instead of the system's.

    Raises:
        ConfigError: `ca_file` holds no certificates.
    """

    def __init__(
        self, base_url: str, *, headers: Mapping[str, str], timeout: float, pool: int, ca_file: Path | None
    ) -> None:
        url = urlsplit(base_url)
        self._path = url.path.rstrip("/")
        self._headers = dict(headers)
        self._timeout = timeout
        host = url.hostname or ""
        if url.scheme == "https":
            self._pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
                host, url.port, maxsize=pool, block=True, ssl_context=_trust(ca_file)
            )
            self._pool.ConnectionCls = TimedSecureConnection
        else:
            self._pool = urllib3.HTTPConnectionPool(host, url.port, maxsize=pool, block=True)
            self._pool.ConnectionCls = TimedConnection

    def get(self, path: str, deadline: Deadline, largest: int = _LARGEST_ANSWER) -> Answer:
        """Ask for something; of an answer that is not smaller than `largest` only the beginning comes.

        Raises:
            LostError: there is no answer.
        """
        return self._ask("GET", path, None, {}, deadline, largest=largest)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        """Have something done.

        Raises:
            LostError: there is no answer.
        """
        return self._ask("POST", path, body, {**headers, "Content-Length": str(len(body))}, deadline)

    def close(self) -> None:
        """Close the connections that are idle."""
        self._pool.close()

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        largest: int = _LARGEST_ANSWER,
    ) -> Answer:
        written = _Written(body or b"", deadline)
        left = max(deadline.remaining, 0.001)
        try:
            response = self._pool.urlopen(
                method,
                self._path + path,
                body=None if body is None else written.blocks(),
                headers={**self._headers, **headers},
                retries=False,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(
                    connect=min(self._timeout, _CONNECT_TIMEOUT, left), read=min(self._timeout, left)
                ),
                pool_timeout=left,  # type: ignore[arg-type]
            )
        except NotConnectedError as error:
            raise LostError(error.phase, error.reason, trusted=error.trusted) from None
        except EmptyPoolError:
            raise LostError("connect", "all connections were busy until the deadline") from None
        except (HTTPError, http.client.HTTPException, OSError) as error:
            phase = "answer" if written.whole else "request"
            raise LostError(phase, _said(error), whole=written.whole) from None
        return Answer(response.status, response.reason or "", _small(response.headers), _read(response, largest))


class _Written:
    """A body that is written, block by block; `whole` once the last of them was taken."""

    def __init__(self, body: bytes, deadline: Deadline) -> None:
        self._body = body
        self._deadline = deadline
        self.whole = False

    def blocks(self) -> Iterator[bytes]:
        view = memoryview(self._body)
        for start in range(0, len(view), _BLOCK):
            if self._deadline.remaining <= 0:
                raise TimeoutError("timed out")
            # Asked for the next one, the one before is written; a request that is not written is not acted on.
            yield bytes(view[start : start + _BLOCK])
        self.whole = True


def _read(response: urllib3.BaseHTTPResponse, largest: int) -> bytes:
    """The body; with the head there, an end in the middle of it changes nothing."""
    whole = False
    try:
        body = response.read(largest)
        whole = len(body) < largest
    except (HTTPError, http.client.HTTPException, OSError):
        body = b""
    finally:
        if not whole:
            response.close()
        response.release_conn()
    return body


def _small(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _said(error: Exception) -> str:
    if isinstance(error, ProtocolError) and len(error.args) > 1 and isinstance(error.args[1], Exception):
        error = error.args[1]
    if isinstance(error, (ReadTimeoutError, TimeoutError)):
        return "no answer in time"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection was closed"
    if isinstance(error, http.client.HTTPException):
        return "the answer is not HTTP"
    return words(error)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"ca_file {ca_file} holds no certificates in PEM ({error})") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
