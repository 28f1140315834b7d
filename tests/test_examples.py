"""The examples run, and every sample of the shop becomes a mail that an independent parser reads back."""

from __future__ import annotations

import email
import re
import shutil
import subprocess
import sys
from email import policy
from pathlib import Path

import pytest

from notify import Notifier
from notify.consent import Tokens

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
CATALOG = Notifier.load(SHOP).catalog
SAMPLES = [(name, sample) for name in CATALOG for sample in CATALOG[name].samples]


def test_the_shop_has_what_people_know() -> None:
    """Seven notifications, each with two samples or more."""
    names = [name for name, _ in SAMPLES]

    assert len(set(names)) >= 7
    assert all(names.count(name) >= 2 for name in names)


@pytest.mark.parametrize(("name", "sample_name"), SAMPLES)
def test_every_sample_is_a_mail(name: str, sample_name: str) -> None:
    """Subject, text and HTML come back; nothing is left unrendered; files and inline images are there."""
    notifier = Notifier.load(SHOP, environment="test")
    sample = notifier.catalog[name].samples[sample_name]
    message = notifier.render(name, to=sample.to or "recipient@example.com", params=sample.params, locale=sample.locale)
    read = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    text, html = read.get_body(["plain"]), read.get_body(["html"])

    assert text is not None
    assert html is not None
    assert read["Subject"] == message.subject
    assert text.get_content().splitlines() == (message.text or "").splitlines()
    assert html.get_content().splitlines() == (message.html or "").splitlines()
    assert not any(left in part for part in (message.text or "", message.html or "") for left in ("{{", "{%", "None"))
    assert ("cid:" in (message.html or "")) == any(part["Content-ID"] for part in read.walk())


def test_an_invoice_carries_a_pdf_and_a_logo() -> None:
    """A file to keep, and a picture that the HTML shows."""
    notifier = Notifier.load(SHOP, environment="test")
    params = notifier.catalog["invoice"].samples["default"].params
    read = email.message_from_bytes(
        notifier.render("invoice", to="ada@example.com", params=params).as_bytes(), policy=policy.default
    )
    (pdf,) = read.iter_attachments()

    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content().startswith(b"%PDF-")
    assert [part.get_content_type() for part in read.walk() if part["Content-ID"]] == ["image/png"]


def test_the_shop_program_runs(tmp_path: Path) -> None:
    """As a person would run it, in a copy: its mails are files beside it."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns(".notify"))
    subprocess.run([sys.executable, "shop.py"], check=True, cwd=folder, capture_output=True)

    assert len(list((folder / ".notify" / "mail").glob("*.eml"))) >= 2
    with Notifier.load(folder) as notifier:
        assert ["sent", "sent"] == [str(entry.status) for entry in notifier.log.find()]


def test_the_digest_can_be_left(tmp_path: Path) -> None:
    """By the link in it, for which a fresh copy needs no key; orders are told all the same."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns(".notify"))
    with Notifier.load(folder, environment="test") as notifier:
        samples = {name: notifier.catalog[name].samples["default"].params for name in notifier.catalog}
        digest = notifier.render("weekly_digest", to="ada@example.com", params=samples["weekly_digest"])
        links = re.findall(r"<(https://acme\.example/mail/[up]/[\w-]+)>", digest.text or "")
        keys = notifier.configuration.environment("test").unsubscribe_keys
        claim = Tokens.of(keys).read(links[0].rpartition("/")[2], "unsubscribe")
        notifier.preferences.unsubscribe(claim.recipient, claim.scope)
        left = notifier.send("weekly_digest", to="ada@example.com", params=samples["weekly_digest"])
        order = notifier.send("order_shipped", to="ada@example.com", params=samples["order_shipped"])

    assert 2 == len(links)
    assert f"<{links[0]}>, <mailto:unsubscribe@acme.example?subject=" in dict(digest.headers)["List-Unsubscribe"]
    assert ((), ("ada@example.com",)) == (left.accepted, order.accepted)
    assert "category:marketing" in str(left.rejected["ada@example.com"])
