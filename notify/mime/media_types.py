"""The media type of a file by its name; the same on every machine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mimetypes import MimeTypes

_MORE = {
    ".7z": "application/x-7z-compressed",
    ".avif": "image/avif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".heic": "image/heic",
    ".ics": "text/calendar",
    ".jxl": "image/jxl",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".ogg": "audio/ogg",
    ".pkpass": "application/vnd.apple.pkpass",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rtf": "application/rtf",
    ".vcf": "text/vcard",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_COMPRESSED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


def guess_type(filename: str) -> str:
    """The media type that the suffix stands for, `application/octet-stream` where it says nothing."""
    media_type, compression = _table().guess_type(filename)
    if compression:
        return _COMPRESSED.get(compression, "application/octet-stream")
    return media_type or "application/octet-stream"


@functools.cache
def _table() -> MimeTypes:
    from mimetypes import MimeTypes

    table = MimeTypes()  # knows its built-in types only; the module's functions would read the machine's files
    for suffix, media_type in _MORE.items():
        table.add_type(media_type, suffix)
    return table
