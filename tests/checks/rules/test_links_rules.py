"""Rules about links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import DEFINITION, mail_of, told

from notify.checks.rules import links, links_hosts
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (links, links_hosts) for each in module.RULES}
PAGE = "<p>Hello</p>\n<p>{}</p>\n<h2 id='below'>Below</h2>"


def link(url: str, words: str = "See it") -> str:
    """A link."""
    return f'<a class="x"\n  href="{url}">{words}</a>'


FINE = [
    link("https://acme.example/a"),
    link("mailto:a@acme.example"),
    link("tel:+4912345"),
    link("#below"),
    link("#top"),
    link("https://acme.example/a", "www.acme.example"),
    link("https://click.acme.example/a", "https://acme.example"),
    link("https://acme.example/terms.pdf", "terms.pdf"),
    link("https://acme.co.uk/x", "www.acme.co.uk"),
    link("https://latest.acme.example/testing"),
    link("https://acme.example/{{ 'x' * 200 }}"),
    link("https://acme.example/orders?page=2"),
    link("https://dev.to/acme"),
    link("https://test-kitchen.acme.example"),
]


@pytest.mark.parametrize("html", FINE)
@pytest.mark.parametrize("rule", RULES)
def test_links_as_they_should_be(tmp_path: Path, rule: str, html: str) -> None:
    """Nothing is found."""
    assert told(RULES[rule], mail_of(tmp_path, PAGE.format(html))) == []


@pytest.mark.parametrize(
    ("rule", "html", "found"),
    [
        ("link-empty", link(""), "error the link 'See it' leads nowhere: its href is ''"),
        ("link-empty", link("#"), "error the link 'See it' leads nowhere: its href is '#'"),
        (
            "link-empty",
            link("javascript:void(0)", ""),
            "error the link without words leads nowhere: its href is 'javascript:void(0)'",
        ),
        ("link-relative", link("/orders/1"), "error the link 'See it' is relative: '/orders/1'"),
        ("link-relative", link("www.acme.example"), "error the link 'See it' is relative: 'www.acme.example'"),
        ("link-relative", link("//acme.example/a"), "error the link 'See it' is relative: '//acme.example/a'"),
        ("link-relative", link("https:///a"), "error the link 'See it' is relative: 'https:///a'"),
        ("link-http", link("http://acme.example/a"), "warning the link to http://acme.example/a is not encrypted"),
        (
            "link-text-mismatch",
            link("https://evil.example/a", "www.acme.example"),
            "error the link shows www.acme.example and leads to evil.example",
        ),
        (
            "link-text-mismatch",
            link("https://evil.co.uk/a", "https://acme.co.uk/a"),
            "error the link shows https://acme.co.uk/a and leads to evil.co.uk",
        ),
        (
            "link-text-mismatch",
            link("http://acme.example/a", "https://acme.example/a"),
            "error the link shows https://acme.example/a and leads to http://acme.example/a",
        ),
        (
            "link-anchor-broken",
            link("#nowhere"),
            "warning the link 'See it' leads to #nowhere, and nothing has that id",
        ),
        (
            "link-placeholder",
            link("https://www.example.com/a"),
            "error the link to https://www.example.com/a leads to www.example.com, which is a placeholder",
        ),
        (
            "link-placeholder",
            link("http://localhost:8000/a"),
            "error the link to http://localhost:8000/a leads to localhost, which only its own network knows",
        ),
        (
            "link-placeholder",
            link("https://192.168.0.7/a"),
            "error the link to https://192.168.0.7/a leads to a private address",
        ),
        (
            "link-placeholder",
            link("https://staging.acme.example/a"),
            (
                "error the link to https://staging.acme.example/a leads "
                "to staging.acme.example, which is a server for tests"
            ),
        ),
        (
            "link-shortener",
            link("https://bit.ly/3x"),
            "warning the link to https://bit.ly/3x goes through the shortener bit.ly",
        ),
        ("link-ip", link("https://8.8.8.8/a"), "warning the link to https://8.8.8.8/a leads to a number"),
        (
            "link-ip",
            link("https://[2001:4860:4860::8888]/a"),
            "warning the link to https://[2001:4860:4860::8888]/a leads to a number",
        ),
        (
            "link-long",
            link("https://acme.example/{{ 'x' * 2000 }}"),
            f"warning the link https://acme.example/{'x' * 19}... has 2,021 characters, more than 2,000",
        ),
        (
            "link-secret",
            link("https://acme.example/?token=abc"),
            "info the link to acme.example carries a secret: token",
        ),
    ],
)
def test_links_as_they_should_not_be(tmp_path: Path, rule: str, html: str, found: str) -> None:
    """Each is told at the line where the URL stands."""
    assert told(RULES[rule], mail_of(tmp_path, PAGE.format(html))) == [f"templates/x.html:3 {found}"]


@pytest.mark.parametrize("rule", ["link-placeholder", "link-http", "link-ip", "link-shortener"])
def test_hosts_that_are_excused(tmp_path: Path, rule: str) -> None:
    """By notify.yaml."""
    settings = CheckSettings(allow_hosts=("10.0.0.1", "localhost", "bit.ly"))
    html = link("http://10.0.0.1/a") + link("http://localhost/a") + link("http://bit.ly/a")
    assert told(RULES[rule], mail_of(tmp_path, PAGE.format(html), settings=settings)) == []


def test_the_values_of_a_sample_are_no_placeholders(tmp_path: Path) -> None:
    """Only what templates and notify.yaml write."""
    definition = "subject: Hi\nparams: {url: Url}\nsamples: {default: {url: 'https://shop.example.com/a?b=1&c=2'}}\n"
    html = PAGE.format(link("{{ url }}") + link("https://shop.example.com/help"))
    assert told(RULES["link-placeholder"], mail_of(tmp_path, html, definition=definition)) == []


def test_links_of_a_text(tmp_path: Path) -> None:
    """Of one that somebody has written, at its own line."""
    files = {"templates/x.txt": "Hello\n\nhttp://acme.example/a.\n"}
    assert told(RULES["link-http"], mail_of(tmp_path, PAGE.format("x"), files=files)) == [
        "templates/x.txt:3 warning the link to http://acme.example/a is not encrypted"
    ]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://acme.example/?token=abc", []),
        (
            "https://acme.example/?utm_source=mail",
            ["templates/x.html:3 info the link to acme.example in a security mail is tracked by utm_source"],
        ),
    ],
)
def test_links_of_security_mails(tmp_path: Path, url: str, found: list[str]) -> None:
    """They may carry a token, and no tracking."""
    definition = DEFINITION + "category: security\n"
    assert told(RULES["link-secret"], mail_of(tmp_path, PAGE.format(link(url)), definition=definition)) == found


@pytest.mark.parametrize("url", ["https://[::1/a", "https://[not]/a"])
def test_a_url_that_cannot_be_taken_apart(tmp_path: Path, url: str) -> None:
    """It stops no rule."""
    mail = mail_of(tmp_path, PAGE.format(link(url)))
    assert len([each for rule in RULES.values() for each in told(rule, mail)]) <= 1
