"""What a row of the outbox keeps of a call."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.addresses import Address
from notify.call import Call, Common
from notify.errors import ConfigError, MessageError, ParamProblem, ParamsError
from notify.outbox.blobs import keep_in, read_from
from notify.outbox.enclosures import pack_attachments, unpack_attachments
from notify.outbox.hiding import hide, shown
from notify.outbox.jsonable import Unkept, Writer, dumps
from notify.outbox.plainness import plain_params
from notify.outbox.tags import loads
from notify.params.words import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from notify.definition import Definition
    from notify.outbox.sealing import Seal
    from notify.params import Contract
    from notify.params.problems import Problem

_PEOPLE = ("cc", "bcc", "reply_to")
_VALUES = ("locale", "theme", "headers", "tags", "metadata", "options")
_NOTHING = Common.read("")
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
"""The types of values that a `Writer` gives back."""


class Packed(NamedTuple):
    """A call as a row keeps it.

    Attributes:
        params: JSON of the params as the caller gave them, with tags of `notify.outbox.tags`; None if there are none.
            Where `sealed`, sensitive values are `***`.
        call: JSON of all else that the call gives, its `to` first.
        sealed: a token that holds the whole params, where some are sensitive and there is a seal.
        blobs: contents by their SHA-256 in hexadecimal, to be stored beside the row; those of sealed params are sealed.
    """

    params: str | None
    call: str
    sealed: str | None = None
    blobs: Mapping[str, bytes] = MappingProxyType({})

    def __repr__(self) -> str:
        return "Packed()"


def pack_call(call: Call, definition: Definition, *, seal: Seal | None, attachments: Path) -> Packed:
    """What to keep of a call whose params are valid.

    Args:
        call: the call.
        definition: of the notification that it is for.
        seal: seals the params where some are sensitive.
        attachments: the folder that the call's attachments lie below.

    Raises:
        ParamsError: a value cannot be kept.
        ConfigError: an attachment cannot be read.
    """
    contract = definition.contract
    blobs: dict[str, bytes] = {}
    packed = _packed_common(call, definition.id, blobs, attachments)
    if not call.params:
        return Packed(None, packed, None, blobs)
    sealing = seal if contract is not None and contract.sensitive else None
    params = _packed_params(call.params, definition, blobs, sealing)
    if sealing is None or contract is None:
        return Packed(params, packed, None, blobs)
    return Packed(hide(params, contract.sensitive), packed, sealing.seal(params.encode()).decode(), blobs)


def unpack_call(
    params: str | None,
    call: str,
    sealed: str | None,
    *,
    seal: Seal | None,
    blob: Callable[[str], bytes],
    attachments: Path,
) -> Call:
    """The call that was packed, with the contents of its attachments.

    Args:
        params: as `Packed` has it.
        call: as `Packed` has it.
        sealed: as `Packed` has it.
        seal: one that opens what is sealed.
        blob: the content by its digest; LookupError if there is none.
        attachments: the folder that the call's attachments lie below.

    Raises:
        MessageError: an attachment is gone or has changed, or what is kept cannot be read.
        ConfigError: the params are sealed, and no key opens them.
    """
    if sealed is not None:
        if seal is None:
            raise ConfigError(
                "outbox: the params are sealed, and there is no key: set `outbox_key:` in notify.yaml, or "
                "NOTIFY_OUTBOX_KEY, to the one that they were sealed with"
            )
        params = seal.open(sealed.encode()).decode()
    values = loads(params, read_from(blob, seal if sealed is not None else None)) if params is not None else {}
    given = loads(call, read_from(blob))
    if not isinstance(values, dict) or not isinstance(given, dict) or "to" not in given:
        raise MessageError("what the outbox keeps of a call cannot be read: expected mappings, and `to` in one")
    return Call(_people(given["to"]), values, _common(given, read_from(blob), attachments))


def _packed_params(
    params: Mapping[str, Any], definition: Definition, blobs: dict[str, bytes], seal: Seal | None
) -> str:
    contract = definition.contract
    names = plain_params(contract) if contract is not None else ()
    is_sure = True
    try:
        # The names of a contract are no tags, and most values are JSON's own; this runs for every job.
        if names and type(params) is dict and _AS_THEY_ARE.issuperset(map(type, params.values())):
            text = dumps(params)
        else:
            written, is_sure = _written_params(params, names, keep_in(blobs, seal), declared=contract is not None)
            text = dumps(written)
    except Unkept as fault:
        hidden = contract.sensitive if contract is not None else ()
        raise _wrong(definition.id, shown(fault.steps, hidden), fault) from None
    if contract is not None and not is_sure:
        _check(contract, definition.id, params, loads(text, read_from(blobs.__getitem__, seal)))
    return text


def _written_params(
    params: Mapping[str, Any], names: Collection[str], keep: Callable[[bytes], str], *, declared: bool
) -> tuple[dict[str, Any], bool]:
    """What `dumps` takes for params, and whether it surely comes back; `names` are of those that may be plain text."""
    tagging = Writer(keep, declared=declared)
    plain = Writer(keep, declared=True, texts=True)
    written = {name: _written(plain if name in names else tagging, name, value) for name, value in params.items()}
    return written if names else tagging.finished(written), tagging.is_sure and plain.is_sure


def _written(writer: Writer, name: str, value: Any) -> Any:
    try:
        return writer.write(value)
    except Unkept as fault:
        raise fault.below(name) from None


def _check(contract: Contract, notification: str, params: Mapping[str, Any], unpacked: Mapping[str, Any]) -> None:
    """Refuse params that hold instances of models and would not be the same when they come back."""
    before = contract.validate(params, notification=notification)
    problems: list[Problem] = []
    after = contract.attempt(unpacked, problems)
    names = [problem.shown.name for problem in problems]
    if not problems and (changed := _changed(before, after)):
        # What is made anew whenever it is validated, such as a default by chance, says nothing.
        again = contract.validate(params, notification=notification)
        names = [name for name in changed if before[name] == again.get(name)]
    if names:
        expected, hint = "a value that its own fields make again", "give a mapping of what its type takes"
        raise ParamsError(notification, [ParamProblem(name, expected, "another", hint) for name in names])


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name, value in before.items() if after.get(name) != value]


def _packed_common(call: Call, notification: str, blobs: dict[str, bytes], root: Path) -> str:
    """JSON of all but the params; what is not given is left out."""
    common = call.common
    given: dict[str, Any] = {"to": _packed_people(call.to)}
    try:
        if common is _NOTHING:
            return dumps(given)
        for name in _PEOPLE:
            if (people := getattr(common, name)) is not None:
                given[name] = _packed_people(people)
        if common.sender is not None:
            given["sender"] = _packed_people((common.sender,))
        for name in _VALUES:
            if value := getattr(common, name):
                given[name] = _written(Writer(keep_in(blobs)), name, list(value) if name == "tags" else value)
        if common.attachments:
            given["attachments"] = pack_attachments(common.attachments, keep_in(blobs), root)
        return dumps(given)
    except Unkept as fault:
        raise _wrong(notification, fault.steps, fault) from None


def _packed_people(people: Iterable[Address]) -> list[str | list[str]]:
    return [[person.email, person.name] if person.name else person.email for person in people]


def _people(packed: Iterable[str | list[str]]) -> tuple[Address, ...]:
    return tuple(Address(each) if isinstance(each, str) else Address(*each) for each in packed)


def _common(given: Mapping[str, Any], blob: Callable[[str], bytes], root: Path) -> Common:
    if len(given) == 1:
        return _NOTHING
    values = {name: given[name] for name in _VALUES if name in given}
    values.update({name: _people(given[name]) for name in _PEOPLE if name in given})
    if "sender" in given:
        [values["sender"]] = _people(given["sender"])
    if "tags" in given:
        values["tags"] = tuple(given["tags"])
    if "attachments" in given:
        values["attachments"] = unpack_attachments(given["attachments"], blob, root)
    return Common(**values)


def _wrong(notification: str, steps: Sequence[str | int], fault: Unkept) -> ParamsError:
    return ParamsError(notification, [ParamProblem(dotted(steps), fault.expected, fault.got, fault.hint)])
