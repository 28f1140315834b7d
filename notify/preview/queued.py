"""The mail of a job, as it would be sent now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from notify.documents.jobs import is_as_it_was
from notify.errors import MessageError
from notify.outbox.frozen_message import unpack_message
from notify.outbox.packing import unpack_call
from notify.outbox.tables import blobs
from notify.preview.opened import open_mail

if TYPE_CHECKING:
    from notify import Definition, Message, Notifier
    from notify.database import Database
    from notify.outbox.job import Job
    from notify.preview.opened import Opened

_SECRET = "its params are sensitive, so that its mail is not shown"  # noqa: S105 - a sentence
_CHANGED = "its definition is gone, faulty or another by now, so that nobody knows what is sensitive in it"


def queued_mail(notifier: Notifier, database: Database, job: Job, definition: Definition | None) -> Opened:
    """The mail of a job, if nothing in it can be sensitive.

    Args:
        notifier: renders it.
        database: has the contents that it refers to.
        job: with all that its row has.
        definition: of its notification; None if there is none, or it is faulty.

    Raises:
        NotifyError: it cannot be rendered, or must not be shown.
    """
    if job.sealed is not None or (definition is not None and _is_sensitive(definition)):
        raise MessageError(_SECRET)
    if not (is_as_it_was(job, definition) if job.frozen is None else definition or job.notification is None):
        raise MessageError(_CHANGED)

    def blob(digest: str) -> bytes:
        with database.reading() as connection:
            found = connection.execute(select(blobs.c.content).where(blobs.c.digest == digest)).scalar()
        if found is None:
            raise LookupError(digest)
        return bytes(found)

    message = unpack_message(job.frozen, blob) if job.frozen is not None else _rendered(notifier, job, blob)
    return open_mail(message.as_bytes(smtputf8=message.needs_smtputf8))


def _is_sensitive(definition: Definition) -> bool:
    return definition.contract is not None and bool(definition.contract.sensitive)


def _rendered(notifier: Notifier, job: Job, blob: Any) -> Message:
    root = notifier.configuration.attachments
    call = unpack_call(job.params, job.call or "{}", None, seal=None, blob=blob, attachments=root)
    given = {name: value for name in _KEYWORDS if (value := getattr(call.common, name)) is not None}
    message = notifier.render(job.notification or "", to=call.to, params=call.params, **given)
    return message.replace(message_id=job.message_id, date=job.dated_at)


_KEYWORDS = (
    "cc", "bcc", "sender", "reply_to", "locale", "theme", "headers", "attachments", "tags", "metadata", "options",
)  # fmt: skip
