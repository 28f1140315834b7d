"""Tokens: what is signed comes back, and nothing else is believed."""

from __future__ import annotations

import base64
import hmac
import pickle
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.consent import ALL, Scope, TokenError, Tokens, person
from notify.consent.tokens import PURPOSES, Purpose
from notify.errors import AddressError, ConfigError

KEY, OTHER = "k" * 31 + "1", "k" * 31 + "2"
NOW = 1_800_000_000.0
TOKENS = Tokens.of([KEY])
WORDS = "the link is incomplete or has expired"

purposes = st.sampled_from(PURPOSES)
names = st.text(string.ascii_lowercase + "._é", min_size=1, max_size=60)
scopes = st.just(ALL) | names.map(Scope.category) | names.map(Scope.notification)
recipients = st.emails().map(str.lower) | st.just("δοκιμή@παράδειγμα.gr")


def reason(token: str, purpose: Purpose = "unsubscribe", tokens: Tokens = TOKENS, now: float = NOW) -> str:
    """Why a token is not believed."""
    with pytest.raises(TokenError) as caught:
        tokens.read(token, purpose, now=now)

    assert str(caught.value) == WORDS
    return caught.value.reason


@given(purposes, recipients, scopes)
def test_what_is_signed_comes_back(purpose: Purpose, recipient: str, scope: Scope) -> None:
    """All that a token says, in letters that a URL leaves alone."""
    token = TOKENS.issue(purpose, recipient, scope, now=NOW)
    claim = TOKENS.read(token, purpose, now=NOW)

    assert (purpose, recipient, scope) == (claim.purpose, claim.recipient, claim.scope)
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


@given(st.data(), recipients, scopes)
@settings(max_examples=200)
def test_a_changed_token_is_not_believed(data: Any, recipient: str, scope: Scope) -> None:
    """Another letter anywhere, one more, or one less."""
    token = TOKENS.issue("unsubscribe", recipient, scope, now=NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(sorted({*string.ascii_letters, *string.digits, *"-_=+/ %\n"} - {token[place]})))
    changed = data.draw(
        st.sampled_from(
            [
                token[:place] + letter + token[place + 1 :],
                token[:place] + token[place + 1 :],
                token[:place] + letter + token[place:],
            ]
        )
    )

    assert changed == token or reason(changed)


@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda each: base64.urlsafe_b64encode(each).decode()))
def test_anything_else_is_not_believed(text: str) -> None:
    """Only TokenError comes of it."""
    assert reason(text)


def test_it_is_short() -> None:
    """A usual one has fewer than 80 letters."""
    assert len(TOKENS.issue("unsubscribe", "ada@example.com", Scope.category("newsletter"))) < 80


def test_it_is_the_same_all_day() -> None:
    """A mail that is rendered twice has the same link; the token works to the end of its last day."""
    day = 86400
    tokens = Tokens.of([KEY], 2 * day)
    first, last = 20_000 * day, 20_001 * day - 1
    token = tokens.issue("unsubscribe", "a@b.example", ALL, now=first)

    assert tokens.issue("unsubscribe", "a@b.example", ALL, now=last) == token
    assert tokens.read(token, "unsubscribe", now=20_003 * day - 1).expires == 20_003 * day
    assert reason(token, tokens=tokens, now=20_003 * day) == "it has expired"


def test_a_token_of_another_page_is_not_believed() -> None:
    """One click must not open the preferences, nor the other way round."""
    token = TOKENS.issue("unsubscribe", "a@b.example", ALL, now=NOW)

    assert reason(token, "preferences") == "it is for unsubscribe, not for preferences"


def test_keys_rotate() -> None:
    """The first key signs, each is believed, and a removed one is not."""
    before, during = Tokens.of([OTHER]), Tokens.of([KEY, OTHER])
    old = before.issue("unsubscribe", "a@b.example", ALL, now=NOW)
    new = during.issue("unsubscribe", "a@b.example", ALL, now=NOW)

    assert during.read(old, "unsubscribe", now=NOW) == TOKENS.read(new, "unsubscribe", now=NOW)
    assert reason(old) == "no key of ours signed it"
    assert reason(new, tokens=before) == "no key of ours signed it"


def test_the_id_of_a_key_is_no_proof() -> None:
    """Whoever copies it from a token has signed nothing; what the key says of versions is then looked at."""
    octets = base64.urlsafe_b64decode(TOKENS.issue("unsubscribe", "ada@b.example", ALL, now=NOW) + "==")
    forged = octets.replace(b"ada@", b"bob@")
    key = TOKENS._keys[0]
    later = b"\x02" + octets[1:-16]
    signed = later + hmac.digest(key.secret, later, "sha256")[:16]

    assert reason(base64.urlsafe_b64encode(forged).rstrip(b"=").decode()) == "its signature is wrong"
    assert reason(base64.urlsafe_b64encode(signed).rstrip(b"=").decode()).startswith("it is of version 2")


def test_comparison_takes_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each signature is compared by `hmac.compare_digest`, also where no key has the id."""
    compared: list[bytes] = []
    real = hmac.compare_digest

    def compare(mine: bytes, theirs: bytes) -> bool:
        compared.append(mine)
        return real(mine, theirs)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    token = TOKENS.issue("unsubscribe", "a@b.example", ALL, now=NOW)
    TOKENS.read(token, "unsubscribe", now=NOW)
    reason(token, tokens=Tokens.of([OTHER]))

    assert [16, 16] == list(map(len, compared))


@pytest.mark.parametrize("keys", [[], ["short"], [KEY, "k" * 31]])
def test_keys_that_are_none(keys: list[str]) -> None:
    """A key that can be guessed, or none, is an error that shows none of it."""
    with pytest.raises(ConfigError, match="unsubscribe: ") as caught:
        Tokens.of(keys)

    assert not any(key in str(caught.value) for key in keys)


def test_keys_are_not_shown() -> None:
    """In no repr."""
    assert "kkk" not in repr(TOKENS)
    assert TOKENS._keys[0].secret.hex() not in repr(TOKENS._keys)


def test_the_error_can_be_pickled() -> None:
    """As all errors of notify."""
    error = pickle.loads(pickle.dumps(TokenError("a reason")))  # noqa: S301 - of our own

    assert (str(error), error.reason) == (WORDS, "a reason")


def test_a_name_that_is_too_long() -> None:
    """Its length has one octet."""
    with pytest.raises(ValueError, match="at most 255 octets"):
        TOKENS.issue("unsubscribe", "a@b.example", Scope.category("é" * 128))


@given(scopes)
def test_scopes_are_written_as_text(scope: Scope) -> None:
    """And read again."""
    assert Scope.parse(str(scope)) == scope


@pytest.mark.parametrize("text", ["", "all:x", "category", "category:", "list:x", "notification"])
def test_texts_that_are_no_scope(text: str) -> None:
    """They are refused."""
    with pytest.raises(ValueError, match="scope"):
        Scope.parse(text)


def test_a_person_is_an_address_in_lower_case() -> None:
    """Whoever types it."""
    assert person("Ada <Ada.L@EXAMPLE.com>") == "ada.l@example.com"
    with pytest.raises(AddressError):
        person("ada")
