"""What a request carries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from notify.preview.web.guarding import TOKEN_HEADER

if TYPE_CHECKING:
    from preview.serving import Site

DATA = "/n/welcome/default/data"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"x"', "not a JSON object"),
        (b'{"yaml": 1}', "yaml: text is expected"),
        (b'{"values": [1]}', "a mapping is expected"),
        (b"{}", "a mapping is expected"),
        (b"", "a mapping is expected"),
        (b'{"yaml": "\\ud800"}', "not JSON"),
        (b'{"values": {"amount": NaN}}', "not JSON"),
        (b'{"values": {"amount": 1e999}}', "not JSON"),
        (b'{"values": ' + b'{"a": ' * 100_000, "not JSON"),
        (b'{"values": {"name": ' + b"[" * 900 + b"]" * 900 + b"}}", "50 levels"),
        (b'{"yaml": "' + b"x" * 1_000_000 + b'"}', "larger than 1,000,000 octets"),
    ],
)
def test_what_cannot_be_read(site: Site, body: bytes, words: str) -> None:
    """Malformed and oversized requests are refused in one sentence."""
    answer = site.ask("POST", DATA, body, {TOKEN_HEADER: site.token})

    assert 422 == answer.status
    assert words in answer.json["error"]
    assert len(answer.json["error"]) < 200


def test_too_large_without_a_length(site: Site) -> None:
    """A body that comes in chunks is counted as it comes."""
    chunk = b'%x\r\n{"yaml": "%s"}\r\n0\r\n\r\n' % (1_100_012, b"x" * 1_100_000)
    headers = {TOKEN_HEADER: site.token, "Transfer-Encoding": "chunked", "Content-Length": None}

    assert 422 == site.ask("POST", DATA, chunk, headers).status


def test_a_body_of_any_type(site: Site) -> None:
    """What the type is called does not matter, only the token does."""
    body = json.dumps({"yaml": "{name: Zoë, link: 'https://a.example'}"}).encode()

    answer = site.ask("POST", DATA, body, {TOKEN_HEADER: site.token, "Content-Type": "text/plain"})

    assert 200 == answer.status
