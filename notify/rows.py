"""The rows of `send_many` and `deliver_many` as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.addresses import addresses
from notify.delivery.failed import failed
from notify.errors import MessageError, NotifyError, ParamProblem, ParamsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.call import Common
    from notify.composer import Composer
    from notify.definition import Definition
    from notify.message import Message
    from notify.receipt import Receipt


def composed(
    rows: Iterable[Any], definition: Definition, common: Common, composer: Composer
) -> Iterator[Message | Receipt]:
    """The message of each row of (to, params), or a receipt that says why there is none."""
    for number, row in enumerate(rows, 1):
        try:
            to, params = row
        except (TypeError, ValueError):
            problem = ParamProblem(f"row {number}", "a pair of recipients and params", type(row).__name__)
            yield failed([problem.name], ParamsError(definition.id, [problem]), phase="render")
            continue
        try:
            message: Message | Receipt = composer.compose(definition, common.addressed(definition.id, to, params))
        except NotifyError as error:
            message = failed_row(to, definition, common, error)
        yield message


def given(messages: Iterable[Any]) -> Iterator[Message | Receipt]:
    """The messages, or a receipt for what is none."""
    from notify.message import Message

    for number, message in enumerate(messages, 1):
        if isinstance(message, Message):
            yield message
        else:
            error = MessageError(f"expected a Message, got {type(message).__name__}")
            yield failed([f"row {number}"], error, phase="check")


def failed_row(to: object, definition: Definition, common: Common, error: NotifyError) -> Receipt:
    """A receipt that has accepted nobody of a row."""
    try:
        people = addresses(to)  # type: ignore[arg-type]
    except NotifyError:
        return failed([str(to)], error, phase="render")
    copies = (
        mine if given is None else given for mine, given in ((definition.cc, common.cc), (definition.bcc, common.bcc))
    )
    everybody = [*people, *(person for some in copies for person in some)]
    return failed([person.email for person in everybody] or [str(to)], error, phase="render")
