"""Names of files that every file system takes, and that lead nowhere else."""

from __future__ import annotations

import unicodedata
from mimetypes import MimeTypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.preview.opened import Part

_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset({
    "con", "prn", "aux", "nul", "conin$", "conout$",
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
})  # fmt: skip
_LONGEST = 120
"""Octets of a name in UTF-8; file systems take 255, and whole paths on Windows 260 characters."""
_LONGEST_SUFFIX = 20


def safe_name(name: str) -> str:
    """The name without what any file system refuses; empty if nothing is left.

    Windows refuses some characters, a dot or a blank at the end, and the names of devices with whatever suffix
    (learn.microsoft.com/windows/win32/fileio/naming-a-file). Characters that are not seen are refused too.
    """
    name = "".join("_" if _is_bad(letter) else letter for letter in unicodedata.normalize("NFC", name)).strip(". ")
    stem, suffix = _divided(name)
    name = _shortened(stem, _LONGEST - len(suffix.encode())) + suffix
    return f"_{name}" if name.partition(".")[0].rstrip().lower() in _DEVICES else name


def unique_name(name: str, taken: set[str]) -> str:
    """The name, or one with a number, that no other has even where capitals do not count; it is taken from now on."""
    stem, suffix = _divided(name)
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem}~{number}{suffix}"
    taken.add(found.casefold())
    return found


def name_of_part(part: Part) -> str:
    """What the file of a part is called: as the mail says, as far as that may be."""
    suffix = MimeTypes().guess_extension(part.content_type) or ".bin"
    return safe_name(part.filename) or f"part-{part.index}{suffix}"


def _is_bad(letter: str) -> bool:
    return letter in _FORBIDDEN or unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def _divided(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix.encode()) <= _LONGEST_SUFFIX else (name, "")


def _shortened(stem: str, most: int) -> str:
    return stem.encode()[:most].decode(errors="ignore").rstrip(". ") if len(stem.encode()) > most else stem
