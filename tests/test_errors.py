"""The tree of errors: what each says, and that it can be caught in the standard way too."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from notify import errors
from notify.errors import (
    ConfigError,
    DefinitionError,
    DeliveryError,
    Fault,
    Frame,
    Location,
    MessageError,
    NotifyError,
    ParamProblem,
    ParamsError,
    RefusedError,
    RenderError,
    UnknownNotificationError,
)

ERRORS = [
    value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)
]  # fmt: skip
PLACE = Location("a.yaml", 3, 7)
FAULTS = [Fault(PLACE, "one", "try two"), Fault(PLACE, "two")]
DELIVERY: dict[str, Any] = {
    "transport": "sendgrid", "phase": "rcpt", "code": 451, "enhanced_code": "4.7.1", "reply": "451 later",
    "recipient": "a@example.com", "advice": "Wait.", "retry_after": 60.0,
}  # fmt: skip
DELIVERY_ERRORS: list[type[DeliveryError]] = [
    DeliveryError, errors.TemporaryError, errors.ThrottledError, RefusedError, errors.SuppressedError,
    errors.TransportConfigError, errors.UnknownOutcomeError,
]  # fmt: skip
SAMPLES: list[NotifyError] = [
    NotifyError("n"),
    ConfigError("both", faults=FAULTS),
    ConfigError(faults=FAULTS),
    errors.PluginError("alone"),
    DefinitionError(FAULTS),
    UnknownNotificationError("x", ["y", "z"]),
    ParamsError("order", [ParamProblem("total", "a Decimal", "'x'", "quote it")]),
    RenderError("m", PLACE, hint="h", chain=[Frame("a", PLACE), Frame("b", PLACE)], excerpt="> 1", variables=["u"]),
    MessageError("m"),
    errors.AddressError("a"),
    errors.BrowserError("b"),
    errors.OutboxError("o"),
    *(
        kind("later", **DELIVERY, rejected={"a@example.com": RefusedError("no", code=550), "b@example.com": kind("b")})
        for kind in DELIVERY_ERRORS
    ),
]


def state(error: BaseException) -> Any:
    """All that an error says and holds, the errors it holds included."""
    held = {
        name: {key: state(each) for key, each in value.items()} if name == "rejected" else value
        for name, value in vars(error).items()
    }
    return type(error), str(error), error.args, held


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_a_notify_error(error: type[Exception]) -> None:
    """One base catches everything."""
    assert issubclass(error, NotifyError)


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_drawn_in_the_tree(error: type[Exception]) -> None:
    """The docstring of the module shows each class below its base."""
    assert error.__name__ in (errors.__doc__ or "")


def test_there_is_a_sample_of_every_error() -> None:
    """What is shown below holds for the whole tree."""
    assert set(ERRORS) == {type(error) for error in SAMPLES}


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_can_be_handed_to_another_process(error: NotifyError) -> None:
    """Pickled, in whatever protocol, or copied, an error keeps its class, its text and its attributes."""
    error.add_note("seen on the way")

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert state(error) == state(pickle.loads(pickle.dumps(error, protocol)))  # noqa: S301 - made just now
    assert state(error) == state(copy.copy(error))
    assert state(error) == state(copy.deepcopy(error))


@pytest.mark.parametrize(
    ("error", "base"),
    [
        (ConfigError, ValueError),
        (DefinitionError, ValueError),
        (UnknownNotificationError, LookupError),
        (ParamsError, ValueError),
        (MessageError, ValueError),
        (errors.AddressError, ValueError),
    ],
)
def test_standard_bases(error: type[Exception], base: type[Exception]) -> None:
    """Who does not import notify can catch the standard error."""
    assert issubclass(error, base)


def test_whatever_is_wrong_with_a_message_is_one_class() -> None:
    """Who catches MessageError has the faults of addresses and headers too."""
    assert issubclass(errors.AddressError, MessageError)


def test_a_fault_reads_path_line_column() -> None:
    """A fault is written as compilers write theirs, with the hint in brackets."""
    fault = Fault(Location("a.yaml", 3, 7), "unknown key 'htlm'", "did you mean 'html'?")

    assert str(fault) == "a.yaml:3:7: unknown key 'htlm' (did you mean 'html'?)"


def test_a_definition_error_lists_all_faults() -> None:
    """Every fault has a line of its own."""
    error = DefinitionError([Fault(Location("a.yaml", 1), "one"), Fault(Location("b.yaml", 2), "two")])

    assert str(error).splitlines() == ["a.yaml:1:1: one", "b.yaml:2:1: two"]


def test_a_config_error_has_a_message_or_faults() -> None:
    """Both forms, and both together, read well."""
    fault = Fault(Location("notify.yaml", 1), "one")

    assert str(ConfigError("alone")) == "alone"
    assert str(ConfigError(faults=[fault])) == "notify.yaml:1:1: one"
    assert str(ConfigError("both", faults=[fault])) == "both\nnotify.yaml:1:1: one"


def test_an_unknown_notification_lists_at_most_ten() -> None:
    """The list is cut, so that a large catalog does not fill the screen."""
    error = UnknownNotificationError("x", [f"n{number}" for number in range(12)])

    assert "n9, ..." in str(error)
    assert "n10" not in str(error)
    assert "none is defined" in str(UnknownNotificationError("x", []))


def test_a_params_error_lists_each_problem() -> None:
    """Each param has a line: expected, got, hint."""
    error = ParamsError(
        "order", [ParamProblem("total", "a Decimal", "'x'"), ParamProblem("id", "text", "7", "quote it")]
    )

    assert str(error).splitlines() == [
        "wrong params for order:",
        "  total: expected a Decimal, got 'x'",
        "  id: expected text, got 7 (quote it)",
    ]


def test_a_render_error_shows_chain_excerpt_and_scope() -> None:
    """What a template author needs is in the text; a chain of one is no chain."""
    place = Location("a.html", 2, 4)
    chain = [Frame("b.html", Location("b.html", 1)), Frame("a.html", place)]
    error = RenderError("'usr' is undefined", place, chain=chain, excerpt="> 2 | {{ usr }}", variables=["user"])

    assert str(error).splitlines() == [
        "a.html:2:4: 'usr' is undefined",
        "> 2 | {{ usr }}",
        "  by way of b.html:1 > a.html:2",
        "  in scope: user",
    ]
    assert str(RenderError("x", place, chain=chain[:1])) == "a.html:2:4: x"


def test_a_delivery_error_says_who_what_and_what_to_do() -> None:
    """The transport comes first, the server's words behind the reason, the advice on a line of its own."""
    error = DeliveryError("refused", transport="sendgrid", reply="550 no", advice="Verify it.")

    assert str(error) == "sendgrid: refused: 550 no\n  Verify it."
    assert str(DeliveryError("refused")) == "refused"
