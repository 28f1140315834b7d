"""Calling a project's own web addresses as outsiders do: where a service tells of mails, where people unsubscribe."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from notify.diagnosis import Diagnosis
from notify.doctor.carriers import parts
from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.doctor.project import Project

_TIMEOUT = 10.0
_MOST = 4096
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058, section 3.2
_NO_TOKEN = "doctor"  # noqa: S105 - it is none, and the pages say so


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    def __str__(self) -> str:
        where = (
            f", to {_shown(self.headers['location']):.200}" if self.is_redirect and "location" in self.headers else ""
        )
        return f"{self.status} {http.client.responses.get(self.status, '')}".strip() + where

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400  # noqa: PLR2004


def examine_web(project: Project) -> Iterator[Diagnosis]:
    """Call each address that the configuration names; nothing is changed by that."""
    carriers = parts(project.transport) if project.transport is not None else ()
    webhooks = dict.fromkeys(url for each in carriers if (url := getattr(each, "webhook_url", None)))
    for url in webhooks:
        yield from _address(url)
        yield _webhook(url)
    try:
        settings = project.settings.unsubscribe if project.settings is not None else None
    except ConfigError:
        return  # which was told with the other values
    if settings is not None:
        yield from _address(settings.url)
        yield from _pages(settings.url)
    elif not webhooks:
        found = "the configuration has neither webhook_url nor `unsubscribe: url`"
        yield Diagnosis("web", "skipped", found)


def _address(url: str) -> Iterator[Diagnosis]:
    """Whether the host's addresses can be reached from elsewhere; who has none is told by the call."""
    parts = urlsplit(url)
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, parts.port or 443)}
    except (OSError, UnicodeError):
        return
    if not any(ip_address(each.partition("%")[0]).is_global for each in found):
        yield Diagnosis(
            "address",
            "warning",
            f"{parts.hostname} is {', '.join(sorted(found))} here, which nobody outside can reach",
            "Is it another one for the outside? Ask a DNS server there.",
            {"url": _shown(url), "addresses": sorted(found)},
        )


def _webhook(url: str) -> Diagnosis:
    """A call without signature has to be refused, by notify and by nobody before it."""
    answer = _called("POST", url, b"[]", {"content-type": "application/json"})
    url = _shown(url)
    if isinstance(answer, str):
        return _unreached("webhook", url, answer)
    data = {"url": url, "status": answer.status}
    if answer.status == HTTPStatus.FORBIDDEN and "not signed" in answer.text:
        return Diagnosis("webhook", "ok", f"{url} answers, and refuses what is not signed", data=data)
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        found = f"{url} takes a call that nobody signed: {answer}"
        advice = "Whoever knows the address can make up events: is it notify's WebhookApp that answers?"
        return Diagnosis("webhook", "warning", found, advice, data)
    return _unexpected("webhook", "a call without signature", url, answer, "the refusal of notify's WebhookApp (403)")


def _pages(url: str) -> Iterator[Diagnosis]:
    """A link with a token that is none has to be answered by the page that says so, looked at or posted."""
    for check, method in (("page", "GET"), ("one-click", "POST")):
        body, headers = (_ONE_CLICK, _FORM) if method == "POST" else (b"", {})
        where = f"{url}/u/{_NO_TOKEN}"
        answer = _called(method, where, body, headers)
        if isinstance(answer, str):
            yield _unreached(check, where, answer)
        elif answer.status == HTTPStatus.BAD_REQUEST and "noindex" in answer.headers.get("x-robots-tag", ""):
            yield Diagnosis(check, "ok", f"{where} answers a {method} as it should", data={"url": where, "status": 400})
        else:
            expected = "the page of notify's consent_app that says that the link is incomplete (400)"
            yield _unexpected(check, f"a {method}", where, answer, expected)


def _unexpected(check: str, call: str, url: str, answer: _Answer, expected: str) -> Diagnosis:
    advice = f"Expected was {expected}. Is it served below this address, and does nothing before it answer?"
    if answer.is_redirect:
        advice = "Neither a service nor a mail program follows redirects of such calls: name the address behind it."
    elif answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        advice += " A login, a firewall or a check of CSRF tokens must let it through."
    data = {"url": url, "status": answer.status}
    return Diagnosis(check, "warning", f"{url} answers {call} with {answer}", advice, data)


def _unreached(check: str, url: str, reason: str) -> Diagnosis:
    advice = "It has to be reachable from everywhere: look at DNS, certificate and firewall, and at the server itself."
    return Diagnosis(check, "warning", f"{url} cannot be reached: {reason}", advice, {"url": url})


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    try:
        return urlsplit(url)._replace(query="", fragment="").geturl()
    except ValueError:
        return "an address that is none"


def _called(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> _Answer | str:
    """The answer to one call, redirects not followed; or why there is none."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, timeout=_TIMEOUT, context=context)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body or None, {"user-agent": "notify doctor", **headers})
        answer = connection.getresponse()
        text = answer.read(_MOST).decode("utf-8", "replace")
    except ssl.SSLCertVerificationError as error:
        return f"its certificate is not trusted ({error.verify_message})"
    except TimeoutError:
        return f"no answer within {_TIMEOUT:g} s"
    except OSError as error:
        return error.strerror or str(error) or type(error).__name__
    except (http.client.HTTPException, UnicodeError) as error:
        return f"what answers speaks no HTTP ({type(error).__name__})"
    finally:
        connection.close()
    return _Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
