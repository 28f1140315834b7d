"""A file that travels with a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from notify.errors import AddressError, MessageError
from notify.message.files import read_file
from notify.mime import guess_type

_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_TYPE = re.compile(rf'{_NAME}/{_NAME}(?:[ \t]*;[ \t]*{_NAME}=(?:{_NAME}|"[^"\\\x00-\x1f\x7f-\U0010ffff]*"))*')
_METHOD = re.compile(r"[A-Za-z-]{1,30}")
_CID = re.compile(r"[!-;=?-~]{1,250}")
_BAD_IN_NAME = re.compile("[\x00-\x1f\x7f-\x9f/\\\\\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MAX_NAME, _MAX_TYPE = 255, 250


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message, or is shown in its HTML.

    Attributes:
        filename: what the reader's computer calls it; the path's own name if left out.
        content: the octets; or else
        path: a file: below the attachments folder where it is given to `Notifier.render` or `send`; in a message built
            by hand one that the application chose itself, read anew whenever the message is written.
        type: the media type, perhaps with parameters; found by the filename if left out.
        cid: an inline file's Content-ID, without angle brackets: the HTML shows it as `cid:...` (RFC 2392).
        method: of an invitation (`text/calendar`): `REQUEST`, `CANCEL`, ... (RFC 5546); it then also goes as an
            alternative to the text, where calendars look for it.

    Raises:
        AddressError: a value cannot stand in a header.
        MessageError: both of `content` and `path` are given, or neither, a value is of the wrong kind, or the type
            cannot be attached.
    """

    filename: str = ""
    content: bytes | None = None
    path: Path | None = None
    type: str | None = None
    cid: str | None = None
    method: str | None = None

    def __post_init__(self) -> None:
        if self.path is not None:
            object.__setattr__(self, "path", _path(self.path))
            object.__setattr__(self, "filename", self.filename or self.path.name)
        who = f"attachment {self.filename!r:.80}"
        if (self.content is None) == (self.path is None):
            raise MessageError(f"{who}: give exactly one of content and path")
        if self.content is not None and not isinstance(self.content, bytes):
            raise MessageError(f"{who}: expected bytes as content, got {type(self.content).__name__}")
        self._check_kinds(who)
        self._check_name(who)
        if self.type is not None and (len(self.type) > _MAX_TYPE or not _TYPE.fullmatch(self.type)):
            raise AddressError(f"{who}: expected a type such as 'application/pdf', got {self.type!r:.80}")
        if self.media_type.lower().startswith("multipart/"):
            raise MessageError(f"{who}: a file of type {self.media_type!r} cannot be attached")
        if self.cid is not None and not _CID.fullmatch(self.cid):
            raise AddressError(
                f"{who}: a cid is printable ASCII without blanks and angle brackets; got {self.cid!r:.80}"
            )
        if self.method is not None:
            self._check_method(self.method, who)

    def _check_kinds(self, who: str) -> None:
        for name in ("filename", "type", "cid", "method"):
            value = getattr(self, name)
            if not isinstance(value, str) and (value is not None or name == "filename"):
                raise MessageError(f"{who}: expected text as {name}, got {value!r:.80}")

    def _check_method(self, method: str, who: str) -> None:
        if not _METHOD.fullmatch(method):
            raise AddressError(f"{who}: expected a method such as 'REQUEST', got {method!r:.80}")
        if not self.media_type.lower().startswith("text/calendar"):
            raise MessageError(f"{who}: only text/calendar has a method, and this is {self.media_type}")

    def _check_name(self, who: str) -> None:
        if bad := _BAD_IN_NAME.search(self.filename):
            raise AddressError(f"{who}: {bad[0]!r} must not be in a filename; it is a name without folders")
        if len(self.filename) > _MAX_NAME:
            raise AddressError(f"{who}: the filename is longer than {_MAX_NAME} letters")
        if self.filename.strip(". ") == "" and not (self.filename == "" and self.cid):
            raise AddressError(f"{who}: give it a filename")

    @property
    def media_type(self) -> str:
        """The type that is sent: `type`, or what the filename's suffix stands for."""
        return self.type or guess_type(self.filename)

    def read(self) -> bytes:
        """The octets.

        Raises:
            ConfigError: the file at `path` cannot be read, is no regular file, or has more than 25 MiB.
        """
        return (self.content or b"") if self.path is None else read_file(self.path)


def _path(path: object) -> Path:
    if isinstance(path, (str, PurePath)):
        return Path(path)
    raise MessageError(f"attachment: expected a path, got {path!r:.80}")
