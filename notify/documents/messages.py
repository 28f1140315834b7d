"""A message and a receipt as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Address, Attachment, Message, Receipt


def message_document(message: Message) -> dict[str, Any]:
    """What there is to know of a message; attachments with their size in octets, without their content."""
    return {
        "notification": message.notification,
        "category": message.category,
        "locale": message.locale,
        "message_id": message.message_id,
        "date": message.date.isoformat(),
        "envelope": {"sender": message.envelope.sender, "recipients": list(message.envelope.recipients)},
        "from": _address(message.sender),
        "to": _addresses(message.to),
        "cc": _addresses(message.cc),
        "bcc": _addresses(message.bcc),
        "reply_to": _addresses(message.reply_to),
        "subject": message.subject,
        "headers": [{"name": name, "value": value} for name, value in message.headers],
        "tags": list(message.tags),
        "metadata": dict(message.metadata),
        "text": message.text,
        "html": message.html,
        "attachments": [_attachment(attachment) for attachment in message.attachments],
    }


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """What a transport said; each refused address with the class of its error and its words."""
    return {
        "message_id": receipt.message_id,
        "transport": receipt.transport,
        "accepted": list(receipt.accepted),
        "rejected": {
            address: {"error": type(error).__name__, "message": str(error)}
            for address, error in receipt.rejected.items()
        },
        "response": receipt.response,
        "provider_id": receipt.provider_id,
    }


def _address(address: Address) -> dict[str, str]:
    return {"email": address.email, "name": address.name}


def _addresses(addresses: Iterable[Address]) -> list[dict[str, str]]:
    return [_address(address) for address in addresses]


def _attachment(attachment: Attachment) -> dict[str, Any]:
    size = len(attachment.content) if attachment.content is not None else None
    return {"filename": attachment.filename, "type": attachment.type, "cid": attachment.cid, "size": size}
