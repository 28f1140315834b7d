"""The mailbox of a developer: what was sent while developing, kept in folders, to look at, to search and to send on."""

from notify.preview.mailbox.folders import folders_of, mailbox_of
from notify.preview.mailbox.mail import Mail
from notify.preview.mailbox.replay import message_of
from notify.preview.mailbox.search import Query
from notify.preview.mailbox.sink import Sink
from notify.preview.mailbox.store import Mailbox

__all__ = ["Mail", "Mailbox", "Query", "Sink", "folders_of", "mailbox_of", "message_of"]
