"""From a call to what is put into the outbox: everything is checked that can be before anything is rendered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.call import Call, Common
from notify.contracts import contract_form, form_hash
from notify.message.identity import chance
from notify.outbox.digests import bucket_of
from notify.outbox.frozen_message import pack_message
from notify.outbox.packing import pack_call
from notify.outbox.statements import OWN, SHARED, TIMES, value
from notify.outbox.terms import NO_TERMS, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from notify.composer import Composer
    from notify.configuration import Environment, Transports
    from notify.definition import Definition
    from notify.message import Message
    from notify.outbox.sealing import Seal

_COMMON = tuple(map(value, SHARED))
_ITS_OWN = tuple(map(value, OWN))
_ALL = (*_COMMON, *_ITS_OWN, *map(value, TIMES), "v_at", "v_delay", "v_dated")
_ID_DIGITS = 32
NOTHING = Common.read("")
"""What a call says that says nothing besides its recipients and params: this very value."""
NO_BLOBS: Mapping[str, bytes] = {}


class ContractRow(NamedTuple):
    """A contract as the outbox keeps it: its hash, and its canonical form as JSON."""

    hash: str
    form: str


class Start(NamedTuple):
    """What all jobs of a call have in common.

    Attributes:
        name: the notification's id.
        values: of those parameters of the statements that are the same for all.
        contract: what the params are valid under.
        domain: the sender's, where Message-IDs are.
        common: the end of the JSON of each call, from behind its recipients.
        blobs: contents of the attachments that all have.
        is_counted: whether there is a digest or a throttle.
    """

    name: str
    values: dict[str, Any]
    contract: ContractRow
    domain: str
    common: str
    blobs: Mapping[str, bytes]
    is_counted: bool


class Draft(NamedTuple):
    """A job that is not in the outbox yet.

    Attributes:
        name: the notification's id, or what an error calls a message.
        values: of all parameters of the statements that insert a job.
        blobs: contents to be stored beside it, by their digest.
        contract: what its params are valid under; None of a message.
    """

    name: str
    values: dict[str, Any]
    blobs: Mapping[str, bytes]
    contract: ContractRow | None


class Drafts:
    """Makes drafts.

    Args:
        composer: checks params, and knows who the sender is.
        environment: knows the themes.
        transports: what `via` may name.
        attachments: the folder that attachments of calls are below.
        seal: gives what seals sensitive params, if anything does.
    """

    def __init__(
        self,
        composer: Composer,
        environment: Environment,
        transports: Transports,
        attachments: Path,
        seal: Callable[[], Seal | None],
    ) -> None:
        self._composer = composer
        self._environment = environment
        self._transports = transports
        self._attachments = attachments
        self._seal = seal
        self._contracts: dict[str, tuple[Definition, ContractRow]] = {}
        self._plain: dict[str, tuple[Definition, Start]] = {}

    def start(self, definition: Definition, common: Common, terms: Terms) -> Start:
        """What all jobs of a call have in common.

        Raises:
            ConfigError: nobody is the sender, there is no such theme or transport, or an attachment cannot be read.
            MessageError: a header, a tag or the like cannot be used; AddressError for the first.
            ParamsError: a value of `options` cannot be kept.
        """
        if common is not NOTHING or terms is not NO_TERMS:
            return self._start(definition, common, terms)
        known = self._plain.get(definition.id)
        if known is None or known[0] is not definition:
            known = self._plain[definition.id] = definition, self._start(definition, common, terms)
        return known[1]

    def _start(self, definition: Definition, common: Common, terms: Terms) -> Start:
        contract = self._contract(definition)
        sender = self._composer.sender_of(definition, common)
        if common.theme is not None:
            self._environment.themed(common.theme)
        shared = (
            definition.id,
            contract.hash,
            common.locale,
            definition.category,
            definition.delivery,
            self._via(terms),
            terms.rank_for(definition.category),
        )
        # With a place for each, so that those of a job are a copy, and not made one by one.
        values: dict[str, Any] = dict.fromkeys(_ALL) | dict(zip(_COMMON, shared, strict=True))
        # The calls of a digest wait for others.
        delay = terms.delay if definition.digest is None else max(terms.delay, definition.digest.window)
        values |= {"v_at": terms.at, "v_delay": delay, "v_dated": None}
        rest, blobs = "}", NO_BLOBS
        if common is not NOTHING and common != NOTHING:
            call = Call((sender,), {}, common)
            self._composer.blank(definition, call)
            rest, blobs = self._packed(definition, call)
        is_counted = definition.digest is not None or definition.throttle is not None
        return Start(definition.id, values, contract, sender.domain, rest, blobs, is_counted)

    def draft(self, start: Start, definition: Definition, call: Call, key: str | None) -> Draft:
        """One job of a call.

        Raises:
            ParamsError: the params are not what the definition declares, or a value cannot be kept.
            ConfigError: an attachment cannot be read.
        """
        self._composer.validate(definition, call.params)
        bare = call if call.common is NOTHING else Call(call.to, call.params, NOTHING)
        packed = pack_call(bare, definition, seal=self._seal(), attachments=self._attachments)
        blobs = {**start.blobs, **packed.blobs} if start.blobs or packed.blobs else NO_BLOBS
        values = start.values.copy()
        values["v_message_id"] = f"<{chance()[:_ID_DIGITS]}@{start.domain}>"
        values["v_recipient"] = call.to[0].email
        values["v_params"] = packed.params
        values["v_call"] = packed.call[:-1] + start.common
        values["v_sealed"] = packed.sealed
        values["v_key"] = key
        if blobs:
            values["v_blobs"] = json.dumps(sorted(blobs))
        if start.is_counted:
            values["v_bucket"] = bucket_of(definition, (person.email for person in call.to), call.params)
        return Draft(start.name, values, blobs, start.contract)

    def message(self, message: Message, terms: Terms, key: str | None) -> Draft:
        """The job of a message that was rendered before, or built by hand.

        Raises:
            ConfigError: a file that it names cannot be read, or there is no such transport.
            MessageError: a value of its `options` cannot be kept.
        """
        frozen, blobs = pack_message(message)
        shared = (
            message.notification,
            None,
            message.locale,
            message.category,
            message.delivery,
            self._via(terms),
            terms.rank_for(message.category),
        )
        own = (
            message.message_id,
            message.envelope.recipients[0],
            None,
            None,
            None,
            frozen,
            json.dumps(sorted(blobs)) if blobs else None,
            key,
            None,
        )
        values: dict[str, Any] = dict(zip((*_COMMON, *_ITS_OWN), (*shared, *own), strict=True))
        values |= {"v_at": terms.at, "v_delay": terms.delay, "v_dated": message.date.timestamp()}
        return Draft(message.notification or "the message", values, blobs, None)

    def _packed(self, definition: Definition, call: Call) -> tuple[str, Mapping[str, bytes]]:
        """The end of the JSON of a call, from behind its recipients, and the contents that it refers to."""
        packed = pack_call(call, definition, seal=None, attachments=self._attachments)
        given = json.loads(packed.call)
        del given["to"]
        rest = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
        return f",{rest[1:]}" if given else "}", packed.blobs

    def _via(self, terms: Terms) -> str | None:
        if terms.via is not None:
            self._transports.specification(terms.via)
        return terms.via

    def _contract(self, definition: Definition) -> ContractRow:
        known = self._contracts.get(definition.id)
        if known is not None and known[0] is definition:
            return known[1]
        form = contract_form(definition.contract)
        row = ContractRow(form_hash(form), json.dumps(form, ensure_ascii=False, separators=(",", ":"), default=str))
        self._contracts[definition.id] = definition, row
        return row
