"""The façade: what an application calls, over a whole project on disk."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from notify import (
    Address,
    Attachment,
    Catalog,
    ConfigError,
    DefinitionError,
    Message,
    MessageError,
    Notifier,
    NotifyError,
    ParamsError,
    Receipt,
    RefusedError,
    RenderError,
    TemporaryError,
    Transport,
    TransportConfigError,
    UnknownNotificationError,
    UnknownOutcomeError,
    hookimpl,
)
from notify.plugins import Plugins
from notify_memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {
    "notify.yaml": """\
sender: "Acme <hello@acme.example>"
globals: {shop: Acme}
default_environment: test
environments:
  test: {transport: memory, transports: {other: "memory:"}}
  staging: {transport: memory, redirect_to: qa@acme.example, subject_prefix: "[staging] "}
""",
    "notifications/order.yaml": """\
category: transactional
params:
  number: str
  total: {type: Decimal, default: "1.50"}
  bill: {type: "bytes | None"}
subject: {en: "Order {{ number }}", fr: "Commande {{ number }}"}
preheader: "From {{ shop }}"
reply_to: support@acme.example
cc: copy@acme.example
headers: {X-Order: "{{ number }}", X-Fixed: "yes"}
tags: [orders, "n-{{ number }}"]
options: {sendgrid: {asm_group: 5, ip_pool: shop}}
delivery: at_least_once
html: |
  <h1>{{ subject }}</h1><p>{{ recipient.name }} & {{ shop }} {{ total }}</p>
text: |
  {{ recipient.name }} {{ recipient.email }} {{ recipients | length }} {{ sender.email }}
  {{ notification.id }} {{ notification.category }} {{ locale }} {{ preheader }}
""",
    "notifications/free.yaml": "subject: Hi\ntext: '{{ word }}'\n",
    "notifications/files.yaml": """\
params: {bill: bytes, name: str}
subject: Files
text: See the files.
html: <img src="cid:logo" alt="Acme">
attachments:
  - {param: bill, filename: "{{ name }}.pdf"}
  - {path: "{{ name }}.txt"}
  - {path: logo.png, cid: logo}
""",
    "notifications/inner/deep.yaml": "params: {}\nsubject: Deep\ntext: Deep\n",
    "attachments/terms.txt": "Terms\n",
    "attachments/logo.png": "not really a picture",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project on disk, and no variable of ours set."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("NOTIFY_ENV", "NOTIFY_TRANSPORT", "NOTIFY_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier of the project."""
    with Notifier.load(project) as notifier:
        yield notifier


def kept(notifier: Notifier, name: str = "memory") -> list[Message]:
    """What the memory transport has."""
    transport = notifier.transports[name]
    assert isinstance(transport, Memory)
    return list(transport.messages)


def test_send_renders_and_delivers(notifier: Notifier) -> None:
    """The receipt names the message, the transport and who it was accepted for."""
    receipt = notifier.send("order", to="Ada <ada@example.com>", params={"number": "A-1"})
    (message,) = kept(notifier)

    assert receipt.message_id == message.message_id
    assert receipt.transport == "memory"
    assert receipt.accepted == ("ada@example.com", "copy@acme.example")
    assert receipt.rejected == {}
    assert message.subject == "Order A-1"
    assert message.sender == Address("hello@acme.example", "Acme")
    assert message.reply_to == (Address("support@acme.example"),)
    assert message.headers == (("X-Order", "A-1"), ("X-Fixed", "yes"))
    assert message.tags == ("orders", "n-A-1")
    assert (message.notification, message.category, message.locale) == ("order", "transactional", "en")


def test_templates_see_the_context(notifier: Notifier) -> None:
    """Params, globals, people, notification, locale, subject and preheader."""
    message = notifier.render("order", to=["Ada <ada@example.com>", "b@example.com"], params={"number": "A-1"})

    assert message.text == ("Ada ada@example.com 2 hello@acme.example\norder transactional en From Acme\n")
    assert message.html is not None
    assert "<h1>Order A-1</h1><p>Ada &amp; Acme 1.50</p>" in message.html.replace("& ", "&amp; ")


def test_the_locale_of_the_call_wins(notifier: Notifier) -> None:
    """A regional one falls back to its language."""
    assert notifier.render("order", to="a@example.com", params={"number": "1"}, locale="fr-CA").subject == "Commande 1"


def test_what_the_call_says_wins(notifier: Notifier) -> None:
    """Addresses replace, headers replace by name, tags and attachments add."""
    message = notifier.render(
        "order",
        to=("Ada", "ada@example.com"),
        cc=[],
        bcc="b@example.com",
        sender="Other <other@acme.example>",
        reply_to=["r@acme.example"],
        params={"number": "A-1"},
        headers={"x-order": "mine"},
        tags=["orders", "extra"],
        metadata={"tenant": "7"},
        options={"sendgrid": {"ip_pool": "other"}, "mine": {"a": 1}},
        attachments=[Attachment(filename="a.txt", content=b"x")],
    )

    assert message.to == (Address("ada@example.com", "Ada"),)
    assert (message.cc, message.bcc) == ((), (Address("b@example.com"),))
    assert message.sender.email == "other@acme.example"
    assert message.reply_to == (Address("r@acme.example"),)
    assert message.headers == (("X-Fixed", "yes"), ("x-order", "mine"))
    assert message.tags == ("orders", "n-A-1", "extra")
    assert message.metadata == {"tenant": "7"}
    assert message.options == {"sendgrid": {"asm_group": 5, "ip_pool": "other"}, "mine": {"a": 1}}
    assert message.delivery == "at_least_once"
    assert [attachment.filename for attachment in message.attachments] == ["a.txt"]


def test_attachments_of_the_definition(notifier: Notifier) -> None:
    """From a param, from a file below the attachments folder, and inline."""
    message = notifier.render("files", to="a@example.com", params={"bill": b"%PDF", "name": "terms"})

    assert [(each.filename, each.content, each.cid) for each in message.attachments] == [
        ("terms.pdf", b"%PDF", None),
        ("terms.txt", b"Terms\n", None),
        ("logo.png", b"not really a picture", "logo"),
    ]


def test_a_param_that_may_be_none_attaches_nothing(project: Path) -> None:
    """But one that is missing where no params are declared is an error: the mail would go out without its file."""
    attached = "subject: x\ntext: x\nattachments: [{param: pdf, filename: a.pdf}]\n"
    (project / "notifications" / "optional.yaml").write_text(f"params: {{pdf: 'bytes | None'}}\n{attached}")
    (project / "notifications" / "unchecked.yaml").write_text(attached)
    notifier = Notifier.load(project)

    assert notifier.render("optional", to="a@example.com").attachments == ()
    assert len(notifier.render("unchecked", to="a@example.com", params={"pdf": b"x"}).attachments) == 1
    with pytest.raises(ParamsError, match="pdf: expected bytes to attach, got nothing"):
        notifier.render("unchecked", to="a@example.com")


def test_attachments_of_a_call_lie_below_the_folder_too(notifier: Notifier, project: Path) -> None:
    """Relative, or absolute within it; whoever wants another file reads it and gives its content."""
    folder = project / "attachments"
    for path in (Path("terms.txt"), folder / "terms.txt"):
        message = notifier.render(
            "free", to="a@example.com", params={"word": "x"}, attachments=[Attachment(path=path, filename="t.txt")]
        )

        assert [(each.filename, each.content) for each in message.attachments] == [("t.txt", b"Terms\n")]

    for path in (project / "notify.yaml", Path("../notify.yaml")):
        with pytest.raises(ConfigError, match=r"notify\.yaml"):
            notifier.render("free", to="a@example.com", params={"word": "x"}, attachments=[Attachment(path=path)])


@pytest.mark.parametrize("name", ["../notify", "/etc/passwd\x00", "nothing"])
def test_an_attachment_outside_the_folder_is_refused(notifier: Notifier, name: str) -> None:
    """Nothing is read, nothing is sent."""
    with pytest.raises(RenderError, match=r"notifications/files\.yaml:\d+:\d+: .*attachment"):
        notifier.send("files", to="a@example.com", params={"bill": b"", "name": name})

    assert kept(notifier) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"params": {"number": 5}}, ParamsError),
        ({"params": {}}, ParamsError),
        ({"params": {"number": "1", "nmber": "2"}}, ParamsError),
        ({"params": {"number": "1"}, "to": []}, ParamsError),
        ({"params": {"number": "1"}, "to": "nobody"}, NotifyError),
        ({"params": {"number": "1"}, "locale": "x\ny"}, ParamsError),
        ({"params": {"number": "1"}, "via": "smtp://u:pw@h"}, ConfigError),
        ({"params": {"number": "1\nBcc: m@mallory.example"}}, NotifyError),
        ({"params": {"number": "1"}, "headers": {"X": "a\r\nb"}}, NotifyError),
        ({"params": {"number": "1"}, "via": "othr"}, ConfigError),
        ({"params": ["number"]}, ParamsError),
        ({"params": {"number": "1"}, "headers": 5}, ParamsError),
        ({"params": {"number": "1"}, "headers": {"X": 5}}, ParamsError),
        ({"params": {"number": "1"}, "metadata": {"k": 5}}, ParamsError),
        ({"params": {"number": "1"}, "options": ["k"]}, ParamsError),
        ({"params": {"number": "1"}, "options": {"sendgrid": {5: 1}}}, MessageError),
        ({"params": {"number": "1"}, "tags": [5]}, ParamsError),
        ({"params": {"number": "1"}, "attachments": "a.pdf"}, ParamsError),
        ({"params": {"number": "1"}, "attachments": 5}, ParamsError),
    ],
)
def test_what_is_wrong_is_one_clear_error_and_nothing_is_sent(
    notifier: Notifier, arguments: dict[str, Any], error: type[Exception]
) -> None:
    """Whatever the part that is wrong."""
    with pytest.raises(error):
        notifier.send("order", **{"to": "a@example.com", **arguments})

    assert kept(notifier) == []


def test_an_unknown_notification_lists_the_nearest_first(notifier: Notifier) -> None:
    """By id, with dots for folders."""
    with pytest.raises(UnknownNotificationError, match="there is no notification 'ordr'; there are: order"):
        notifier.send("ordr", to="a@example.com")

    assert notifier.render("inner.deep", to="a@example.com").subject == "Deep"


def test_without_a_contract_any_params_are_taken(notifier: Notifier) -> None:
    """But not those with a name that templates already have."""
    assert notifier.render("free", to="a@example.com", params={"word": "yes"}).text == "yes\n"
    with pytest.raises(RenderError):
        notifier.render("free", to="a@example.com")
    with pytest.raises(ParamsError, match="recipient: expected another name, got a reserved one"):
        notifier.render("free", to="a@example.com", params={"recipient": 1, "word": "x"})
    with pytest.raises(ParamsError, match="shop: expected another name, got that of a global"):
        notifier.render("free", to="a@example.com", params={"shop": 1, "word": "x"})


def test_via_names_another_transport(notifier: Notifier) -> None:
    """One of the environment's."""
    notifier.send("free", to="a@example.com", params={"word": "x"}, via="other")

    assert len(kept(notifier, "other")) == 1
    assert kept(notifier) == []


def test_deliver_takes_a_message_rendered_before(notifier: Notifier) -> None:
    """Or one built by hand; the same object arrives."""
    message = notifier.render("free", to="a@example.com", params={"word": "x"})
    by_hand = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hand", text="Hi\n")
    notifier.deliver(message)
    notifier.deliver(by_hand)

    assert kept(notifier) == [message, by_hand]


def test_the_policy_holds_for_every_message(project: Path) -> None:
    """Rendered or built by hand, whatever chose the transport."""
    notifier = Notifier.load(project, environment="staging")
    by_hand = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hand", text="Hi\n")
    notifier.send("free", to="a@example.com", params={"word": "x"}, via="memory")
    notifier.deliver(by_hand)

    assert [message.envelope.recipients for message in kept(notifier)] == [("qa@acme.example",)] * 2
    assert [message.subject for message in kept(notifier)] == ["[staging] Hi", "[staging] Hand"]
    assert notifier.environment == "staging"


def test_send_many_streams_and_a_failure_stops_nothing(notifier: Notifier) -> None:
    """Each row has a receipt, in order; a wrong one says why and has accepted nobody."""
    rows: list[tuple[Any, dict[str, Any]]] = [
        ("a@example.com", {"number": "1"}),
        ("b@example.com", {"number": 2}),
        ("nobody", {"number": "3"}),
        (["d@example.com", "e@example.com"], {"number": "4"}),
    ]
    receipts = list(notifier.send_many("order", rows, cc=[]))

    assert [receipt.accepted for receipt in receipts] == [
        ("a@example.com",), (), (), ("d@example.com", "e@example.com"),
    ]  # fmt: skip
    assert isinstance(receipts[1].rejected["b@example.com"], RefusedError)
    assert "expected" in str(receipts[1].rejected["b@example.com"])
    assert list(receipts[2].rejected) == ["nobody"]


def test_a_call_takes_one_or_several(notifier: Notifier) -> None:
    """A tag, an attachment, and headers as pairs."""
    message = notifier.render(
        "free",
        to="a@example.com",
        params={"word": "x"},
        tags="orders",
        attachments=Attachment(filename="a.txt", content=b"x"),
        headers=[("X-A", "b")],  # type: ignore[arg-type]  # as `Message` takes them
    )

    assert message.tags == ("orders",)
    assert len(message.attachments) == 1
    assert message.headers == (("X-A", "b"),)


def test_an_unknown_keyword_is_a_type_error(notifier: Notifier) -> None:
    """As for any function, and the message lists those there are."""
    with pytest.raises(TypeError, match="there is no keyword 'subject'; there are: to, params, cc"):
        notifier.send("free", to="a@example.com", subject="x")  # type: ignore[call-arg]


def test_send_many_gives_each_row_the_same(notifier: Notifier) -> None:
    """Also what came as an iterator."""
    receipts = notifier.send_many(
        "order",
        [("a@example.com", {"number": "1"}), ("b@example.com", {"number": "2"})],
        cc=iter(["c@example.com"]),
        tags=iter(["extra"]),
        attachments=iter([Attachment(filename="a.txt", content=b"x")]),
    )

    assert [receipt.accepted for receipt in receipts] == [
        ("a@example.com", "c@example.com"), ("b@example.com", "c@example.com"),
    ]  # fmt: skip
    assert [(message.tags[-1], len(message.attachments)) for message in kept(notifier)] == [("extra", 1)] * 2


def test_send_many_tells_each_recipients_fate(project: Path) -> None:
    """Everybody is in the receipt: with an error of their own, or with that of the whole."""

    class Partial(Transport):
        def send(self, message: Message) -> Receipt:
            own = RefusedError("no such user", transport=self.name)
            raise TemporaryError("all", transport=self.name, rejected={message.envelope.recipients[0]: own})

    notifier = Notifier(catalog=Catalog.load([project / "notifications"]), transport=Partial(), sender="a@b.example")
    (receipt,) = notifier.send_many("free", [("a@example.com", {"word": "x"})], bcc="b@example.com")

    assert {person: type(error) for person, error in receipt.rejected.items()} == {
        "a@example.com": RefusedError,
        "b@example.com": TemporaryError,
    }


def test_send_many_tells_configuration_from_refusal(project: Path) -> None:
    """A missing key is mended by a person; the message is not refused for good."""
    catalog = Catalog.load([project / "notifications"])
    notifier = Notifier(catalog=catalog, transport="failover", sender="a@b.example")
    (receipt,) = notifier.send_many("free", [("a@example.com", {"word": "x"})])

    assert isinstance(receipt.rejected["a@example.com"], TransportConfigError)


def test_send_many_is_lazy_but_for_the_name(notifier: Notifier) -> None:
    """Rows are taken as receipts are; a wrong name is said at once."""
    taken: list[int] = []

    def rows() -> Iterator[tuple[str, dict[str, Any]]]:
        for number in range(1000):
            taken.append(number)
            yield f"a{number}@example.com", {"number": str(number)}

    receipts = notifier.send_many("order", rows())

    assert taken == []
    assert next(receipts).accepted[0] == "a0@example.com"
    assert taken == [0]
    with pytest.raises(UnknownNotificationError):
        notifier.send_many("ordr", [])


def test_send_many_keeps_delivery_errors(project: Path) -> None:
    """The transport's own error stands in the receipt."""

    class Busy(Transport):
        def send(self, message: Message) -> Receipt:
            raise TemporaryError(f"busy with {message.subject}", transport=self.name)

    catalog = Catalog.load([project / "notifications"])
    notifier = Notifier(catalog=catalog, transport=Busy(name="busy"), sender="a@b.example")
    (receipt,) = notifier.send_many("free", [("a@example.com", {"word": "x"})])

    assert receipt.transport == "busy"
    assert isinstance(receipt.rejected["a@example.com"], TemporaryError)


def test_asend_leaves_the_event_loop_free(notifier: Notifier) -> None:
    """The work is done in another thread."""
    threads: list[str] = []

    class Watch:
        @hookimpl
        def notify_message(self) -> None:
            threads.append(threading.current_thread().name)

    notifier.plugins._register(Watch(), "watch")
    receipt = asyncio.run(notifier.asend("free", to="a@example.com", params={"word": "x"}))

    assert receipt.accepted == ("a@example.com",)
    assert threads != [threading.main_thread().name]


def test_threads_share_a_notifier(notifier: Notifier) -> None:
    """A hundred sends from eight threads: a hundred messages, each with its own id."""
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(
                lambda number: notifier.send("order", to=f"a{number}@example.com", params={"number": str(number)}),
                range(100),
            )
        )

    assert len({receipt.message_id for receipt in receipts}) == 100
    assert {message.subject for message in kept(notifier)} == {f"Order {number}" for number in range(100)}


def test_observers_are_told(project: Path) -> None:
    """Of receipts and of failures; a hand-built message goes through notify_message too."""
    seen: list[str] = []

    class Observer:
        @hookimpl
        def notify_delivered(self, receipt: Receipt) -> None:
            seen.append(f"delivered {receipt.transport}")

        @hookimpl
        def notify_failed(self, message: Message, error: NotifyError) -> None:
            seen.append(f"failed {message.subject} {type(error).__name__}")

        @hookimpl
        def notify_message(self, message: Message) -> Message:
            return message.replace(subject=message.subject + "!")

    notifier = Notifier(
        catalog=Catalog.load([project / "notifications"]),
        transport="memory",
        sender="a@b.example",
        plugins=Plugins(others=[Observer()]),
    )
    notifier.send("free", to="a@example.com", params={"word": "x"})
    by_hand = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hand", text="Hi\n")
    with pytest.raises(ConfigError):
        notifier.deliver(by_hand, via="nowhere")

    assert seen == ["delivered memory", "failed Hand! ConfigError"]
    assert [message.subject for message in kept(notifier)] == ["Hi!"]


def test_a_transport_that_breaks_is_named(project: Path) -> None:
    """A plugin's own exception becomes an unknown outcome, not a bare traceback."""

    class Broken(Transport):
        def send(self, message: Message) -> Receipt:
            raise ZeroDivisionError(message.subject)

    notifier = Notifier(catalog=Catalog.load([project / "notifications"]), transport=Broken(), sender="a@b.example")

    with pytest.raises(UnknownOutcomeError, match=r"broken: a plugin failed during delivery: ZeroDivisionError: Hi"):
        notifier.send("free", to="a@example.com", params={"word": "x"})


def test_a_plugin_that_gives_no_receipt_is_named(project: Path) -> None:
    """Nobody knows then whether the message was taken."""

    class Replacement:
        @hookimpl
        def notify_deliver(self) -> str:
            return "yes"

    notifier = Notifier(
        catalog=Catalog.load([project / "notifications"]),
        transport="null",
        sender="a@b.example",
        plugins=Plugins(others=[Replacement()]),
    )

    with pytest.raises(UnknownOutcomeError, match="a plugin gave str for a receipt"):
        notifier.send("free", to="a@example.com", params={"word": "x"})


def test_extra_context_from_plugins_yields(project: Path) -> None:
    """Params and globals win over what a plugin gives."""

    class Extra:
        @hookimpl
        def notify_context(self) -> dict[str, Any]:
            return {"word": "plugin", "shop": "plugin", "extra": "plugin"}

    (project / "notifications" / "free.yaml").write_text("subject: Hi\ntext: '{{ word }} {{ shop }} {{ extra }}'\n")
    notifier = Notifier.load(project)
    notifier.plugins._register(Extra(), "extra")

    with pytest.raises(RenderError):
        Notifier.load(project).render("free", to="a@example.com", params={"word": "x"})
    assert notifier.render("free", to="a@example.com", params={"word": "param"}).text == "param Acme plugin\n"


def test_variables_select_environment_and_transport(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NOTIFY_ENV` and `NOTIFY_TRANSPORT`; arguments win."""
    monkeypatch.setenv("NOTIFY_ENV", "staging")
    monkeypatch.setenv("NOTIFY_TRANSPORT", "null:")

    assert Notifier.load(project).environment == "staging"
    assert Notifier.load(project).transports.names[0] == "null"
    assert Notifier.load(project, environment="test", transport="memory:").environment == "test"
    assert Notifier.load(project, transport="other").transports.names[0] == "other"


def test_without_a_sender_nothing_is_rendered(project: Path) -> None:
    """The error says where to put one."""
    notifier = Notifier(catalog=Catalog.load([project / "notifications"]), transport="memory")

    with pytest.raises(ConfigError, match="nobody is the sender of free: put `sender:` into"):
        notifier.render("free", to="a@example.com", params={"word": "x"})


def test_a_wrong_definition_is_found_when_loading(project: Path) -> None:
    """All faults of all files."""
    (project / "notifications" / "a.yaml").write_text("text: x\n")
    (project / "notifications" / "b.yaml").write_text("subject: x\nhtlm: x\n")

    with pytest.raises(DefinitionError) as caught:
        Notifier.load(project)
    assert {fault.location.path for fault in caught.value.faults} == {"notifications/a.yaml", "notifications/b.yaml"}


def test_closing_closes_the_transports(project: Path) -> None:
    """And sending again opens them again."""
    with Notifier.load(project) as notifier:
        notifier.send("free", to="a@example.com", params={"word": "x"})
        first = notifier.transports["memory"]

    assert notifier.transports["memory"] is not first


def test_a_transport_of_ones_own_outlives_closing(project: Path) -> None:
    """It is the caller's: closed with the others, and used again by the next send."""
    closed: list[str] = []

    class Mine(Memory):
        def close(self) -> None:
            closed.append(self.name)

    mine = Mine(name="mine")
    notifier = Notifier(catalog=Catalog.load([project / "notifications"]), transport=mine, sender="a@b.example")
    with notifier:
        notifier.send("free", to="a@example.com", params={"word": "x"})
    notifier.send("free", to="a@example.com", params={"word": "x"})

    assert closed == ["mine"]
    assert notifier.transports["mine"] is mine
    assert len(mine.messages) == 2
