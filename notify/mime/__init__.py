"""Values to octets of mail: headers and bodies as RFC 5322, 2045-2047 and 2231 want them, and nothing else.

Nothing here knows what a message is, and nothing is left to the folding of the standard library, which can change a
list of addresses (python/cpython#80222, #100884, #121284).
"""

from notify.mime.encodings import base64_body, fits, text_body
from notify.mime.headers import parameters, structured, unstructured
from notify.mime.mailboxes import mailbox_list
from notify.mime.media_types import guess_type
from notify.mime.parts import file_part, multipart, text_part

__all__ = [
    "base64_body",
    "file_part",
    "fits",
    "guess_type",
    "mailbox_list",
    "multipart",
    "parameters",
    "structured",
    "text_body",
    "text_part",
    "unstructured",
]
