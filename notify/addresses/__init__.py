"""Mail addresses: one mailbox each, strictly read, with the domain in its ASCII form."""

from notify.addresses.address import Address, AddressLike, addresses
from notify.addresses.covering import covers

__all__ = ["Address", "AddressLike", "addresses", "covers"]
