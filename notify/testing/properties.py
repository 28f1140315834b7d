"""Any params that a notification takes must give a mail that can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, example, given, settings

from notify.definition import RECIPIENT
from notify.errors import AddressError, ParamsError, RenderError
from notify.testing.hostile import hostile
from notify.testing.soundness import unsound
from notify.testing.strategies import params

if TYPE_CHECKING:
    from notify.definition import Definition
    from notify.message import Message
    from notify.notifier import Notifier
    from notify.testing.instrumented import Instrumented

_BREAKS = str.maketrans(dict.fromkeys("\r\n\0", " "))


def check(
    notifier: Notifier,
    definition: Definition,
    instrumented: Instrumented,
    *,
    examples: int,
    max_bytes: int,
) -> None:
    """Render a notification with texts that mails broke at, then with params that hypothesis makes of their types.

    ParamsError and AddressError are right answers; so is RenderError, where it is for a line break that would else get
    into a header.

    Raises:
        AssertionError: a mail is not as it must be; the smallest params that show it are in its notes.
        NotifyError: the notification cannot be rendered with them.
    """

    @settings(
        max_examples=examples,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(params(definition))
    def holds(values: dict[str, Any]) -> None:
        message = _rendered(notifier, definition, values)
        if message is None:
            return
        faults = list(unsound(message, values, instrumented.says))
        size = len(message.as_bytes(smtputf8=message.needs_smtputf8))
        if size > max_bytes:
            faults.append(f"the mail has {size:,} octets, more than {max_bytes:,}")
        assert not faults, "\n".join(faults)  # noqa: S101 - what hypothesis looks for

    for values in hostile(definition):
        holds = example(values)(holds)
    holds()


def _rendered(notifier: Notifier, definition: Definition, values: dict[str, Any]) -> Message | None:
    """The message; None where the values are refused on purpose."""
    try:
        return notifier.render(definition.id, to=RECIPIENT, params=values)
    except (ParamsError, AddressError):
        return None
    except RenderError:
        flat = _flat(values)
        if flat == values:
            raise
    _rendered(notifier, definition, flat)  # it was the line breaks that were refused, or this raises
    return None


def _flat(value: Any) -> Any:
    """The value with all line breaks and NULs in it as blanks."""
    if isinstance(value, str):
        return value.translate(_BREAKS)
    if isinstance(value, dict):
        return {name: _flat(each) for name, each in value.items()}
    return [_flat(each) for each in value] if isinstance(value, list) else value
