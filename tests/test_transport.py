"""The base class: what a transport of a few lines gets for free."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.feeds import stream

from notify import (
    Address,
    ConfigError,
    Message,
    PluginError,
    Receipt,
    RefusedError,
    Secret,
    Transport,
    TransportConfigError,
    setting,
)
from notify.dsn import Dsn

MESSAGE = Message(
    sender=Address("a@example.com"),
    to=(Address("b@example.com"), Address("c@example.com")),
    subject="Hi",
    text="Hello\n",
)


class Pigeon(Transport):
    """Puts each message into a loft."""

    loft: Path = setting("Where the pigeons live.")
    whistle: Secret | None = setting("Calls them.", default=None)
    name_of_bird: str | None = setting("Which one.", default=None)

    def send(self, message: Message) -> Receipt:
        """Write it."""
        (self.loft / "letter.eml").write_bytes(message.as_bytes())
        return self.receipt(message, response="coo")


def test_settings_are_attributes(tmp_path: Path) -> None:
    """Declared, checked, and relative to the base."""
    assert Pigeon(base=tmp_path, loft="loft").loft == tmp_path / "loft"
    assert Pigeon(loft=tmp_path).name == "pigeon"
    with pytest.raises(ConfigError, match="home: setting 'loft' is missing: Where the pigeons live"):
        Pigeon(name="home")


def test_the_repr_is_safe_to_log(tmp_path: Path) -> None:
    """Secrets are stars, what is not set is left out."""
    pigeon = Pigeon(name="home", loft=tmp_path, whistle="tweet")

    assert repr(pigeon) == f"<Pigeon 'home' loft={tmp_path!r}, whistle=***>"


def test_a_receipt_is_for_all_but_the_rejected(tmp_path: Path) -> None:
    """The envelope's recipients are accounted for."""
    error = RefusedError("no such user")
    receipt = Pigeon(loft=tmp_path).receipt(MESSAGE, rejected={"c@example.com": error}, provider_id="7")

    assert receipt.accepted == ("b@example.com",)
    assert receipt.rejected == {"c@example.com": error}
    assert receipt.message_id == MESSAGE.message_id
    assert receipt.provider_id == "7"


def test_it_is_a_context_manager(tmp_path: Path) -> None:
    """`verify` and `close` have defaults."""
    with Pigeon(loft=tmp_path) as pigeon:
        pigeon.verify()
        receipt = pigeon.send(MESSAGE)

    assert receipt.accepted == ("b@example.com", "c@example.com")
    assert receipt.rejected == {}


def test_a_dsn_gives_settings_in_its_query() -> None:
    """Other parts are refused, unless the transport has a use for them."""
    assert Pigeon.settings_of_dsn(Dsn.parse("pigeon:?loft=/l")) == {"loft": "/l"}
    with pytest.raises(ConfigError, match="takes its settings from the query only"):
        Pigeon.settings_of_dsn(Dsn.parse("pigeon://host"))


def test_a_stream_is_sent_one_by_one() -> None:
    """What `send` raises is the outcome of that message; what is no error of delivery becomes one, and its cause."""

    class Picky(Transport):
        def send(self, message: Message) -> Receipt:
            if message.subject == "refused":
                raise RefusedError("no", transport=self.name)
            if message.subject == "gone":
                raise ConfigError("the attachment is gone")
            return self.receipt(message)

    outcomes = stream(Picky(name="picky"), [MESSAGE.replace(subject=each) for each in ("Hi", "refused", "gone", "Hi")])

    assert [Receipt, RefusedError, TransportConfigError, Receipt] == [type(each) for each in outcomes]
    assert "picky: the attachment is gone" == str(outcomes[2])
    assert isinstance(outcomes[2], TransportConfigError)
    assert isinstance(outcomes[2].__cause__, ConfigError)


@pytest.mark.parametrize("name", ["stream", "senders", "name", "base"])
def test_a_setting_may_not_stand_in_for_a_member(name: str) -> None:
    """A setting called `stream` would hide the method."""
    kind = type("Wrong", (Pigeon,), {"__annotations__": {name: "str"}, name: setting("Hides it.", default="x")})

    with pytest.raises(PluginError, match=f"the setting '{name}' of .*Wrong has the name of something that every"):
        kind(loft="x")
