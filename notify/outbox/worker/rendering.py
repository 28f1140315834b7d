"""From a leased job to the message that it stands for."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from notify.contracts import compatible, contract_hash
from notify.errors import MessageError, ParamsError
from notify.message.identity import Identity
from notify.outbox.digests import merged
from notify.outbox.frozen_message import unpack_message
from notify.outbox.packing import unpack_call
from notify.outbox.tables import blobs, contracts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Select

    from notify.call import Call
    from notify.catalog import Catalog
    from notify.composer import Composer
    from notify.contracts import Form
    from notify.definition import Definition
    from notify.message import Message
    from notify.outbox.leasing import Leased
    from notify.outbox.sealing import Seal
    from notify.outbox.worker.assembling import Load

_BLOBS_KEPT = 4
_HIDDEN = "***"


class Rendering:
    """Makes messages of jobs, with the templates and contracts of now.

    Args:
        catalog: the definitions.
        composer: renders.
        seal: opens sealed params.
        attachments: the folder that attachments of calls lie below.
        read: reads one value from the outbox's database, waiting for it if need be; None if there is none.
    """

    def __init__(
        self,
        catalog: Catalog,
        composer: Composer,
        seal: Seal | None,
        attachments: Path,
        read: Callable[[Select[Any], str], Any],
    ) -> None:
        self._catalog = catalog
        self._composer = composer
        self._seal = seal
        self._attachments = attachments
        self._read = read
        self._hashes: dict[str, str] = {}
        self._forms: dict[str, Form | None] = {}
        self._blobs: OrderedDict[str, bytes] = OrderedDict()

    def message(self, load: Load) -> Message:
        """The message, with the Message-ID, Date and boundary that it has each time.

        Raises:
            NotifyError: there is none: ConfigError if a person must mend the configuration, else the job is at fault.
        """
        job = load.job
        message = self._frozen(job.frozen) if job.frozen is not None else self._rendered(load)
        if message.delivery != job.delivery:
            message = message.replace(delivery=job.delivery)
        return message if job.pending is None else _rest(message, json.loads(job.pending))

    def _frozen(self, frozen: str) -> Message:
        return unpack_message(frozen, self._blob)

    def _rendered(self, load: Load) -> Message:
        job = load.job
        definition = self._catalog[job.notification or ""]
        call = self._call(job, definition)
        if load.others:
            calls = {job.id: call, **{other.id: self._call(other, definition) for other in load.others}}
            call = call._replace(params=merged(definition, (calls[number].params for number in sorted(calls))))
        return self._composer.compose(definition, call, Identity.of(job.message_id, job.dated_at))

    def _call(self, job: Leased, definition: Definition) -> Call:
        call = unpack_call(
            job.params,
            job.call or "{}",
            job.sealed,
            seal=self._seal,
            blob=self._blob,
            attachments=self._attachments,
        )
        return call if job.contract == self._hash(definition) else self._fitted(call, definition, job)

    def _fitted(self, call: Call, definition: Definition, job: Leased) -> Call:
        """The call with its params as the contract of now takes them."""
        fit = compatible(self._form(job.contract), definition.contract, call.params)
        if not fit:
            # The contract of now does not say what was sensitive when the params were sealed.
            hidden = job.sealed is not None
            raise ParamsError(definition.id, [replace(each, got=_HIDDEN) if hidden else each for each in fit.problems])
        return call._replace(params=fit.params)

    def _hash(self, definition: Definition) -> str:
        found = self._hashes.get(definition.id)
        if found is None:
            found = self._hashes[definition.id] = contract_hash(definition)
        return found

    def _form(self, contract: str | None) -> Form | None:
        if contract is None:
            return None
        if contract not in self._forms:
            text = self._read(_FORM, contract)
            self._forms[contract] = None if text is None else json.loads(text)
        return self._forms[contract]

    def _blob(self, digest: str) -> bytes:
        """A content; those that came last are kept, since what is sent to many has the same attachments."""
        found = self._blobs.get(digest)
        if found is None:
            found = self._read(_BLOB, digest)
            if found is None:
                raise LookupError(digest)
            self._blobs[digest] = found
            if len(self._blobs) > _BLOBS_KEPT:
                self._blobs.popitem(last=False)
        return found


def _rest(message: Message, pending: list[str]) -> Message:
    """The message for those recipients who are left, as far as it still names them."""
    left = [person for person in message.envelope.recipients if person in pending]
    if not left:
        raise MessageError(f"it was to go on to {', '.join(pending)}, and no longer names them")
    return message.replace(only=left)


_BLOB = select(blobs.c.content).where(blobs.c.digest == bindparam("wanted"))
_FORM = select(contracts.c.form).where(contracts.c.hash == bindparam("wanted"))
