"""From octets to text, as a lenient mail program reads them: what is declared wrong is guessed, and nothing fails."""

from __future__ import annotations

import codecs
import re
from binascii import a2b_base64, a2b_qp

_WORD = re.compile(r"=\?([^\s?*]{1,60})(?:\*[^\s?]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_BASE64 = bytes(octet for octet in range(256) if not (chr(octet).isalnum() and octet < 128) and octet not in b"+/=")  # noqa: PLR2004

_LONGEST_LIST = 100_000

_MEANT = {
    "ascii": "",
    "us-ascii": "",
    "cp-850": "cp850",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
}
"""What is meant by a charset's name, where programs write more than the name allows (https://encoding.spec.whatwg.org)."""

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


def text_of(octets: bytes, charset: str) -> str:
    """The octets as text: in the charset that is declared, else in UTF-8; else with marks where it does not hold."""
    codec = _codec(charset)
    for name, errors in ((codec, "strict"), ("utf-8", "strict"), (codec, "replace")):
        if name:
            try:
                text = octets.decode(name, errors)
            except (LookupError, ValueError):  # some codecs are not of text, which only shows when they are used
                continue
            return _SURROGATE.sub("\ufffd", text.removeprefix("\ufeff"))
    return octets.decode("cp1252", "replace")


def body_octets(octets: bytes, encoding: str) -> bytes:
    """A body without its transfer encoding (RFC 2045, section 6); an unknown one is left as it is."""
    if encoding == "base64":
        return _of_base64(octets)
    return a2b_qp(octets) if encoding == "quoted-printable" else octets


def unfolded(field: bytes) -> str:
    """The value of a whole field, on one line, its encoded words as they are."""
    _, _, value = text_of(field, "").partition(":")
    return _FOLD.sub("", value).strip()


def words_of(value: str) -> str:
    """Text with its encoded words read (RFC 2047), on one line.

    Those that follow each other are read together, since some programs cut in the middle of a character.
    """
    runs: list[tuple[str | None, bytes | str]] = []
    end = 0
    for word in _WORD.finditer(value):
        gap, charset, octets = value[end : word.start()], word[1].lower(), _word_octets(word)
        before, held = runs[-1] if runs else (None, b"")
        if runs and not gap.strip() and before == charset and isinstance(held, bytes):
            runs[-1] = (charset, held + octets)
        else:
            runs += [(None, gap), (charset, octets)] if gap.strip() or not runs else [(charset, octets)]
        end = word.end()
    runs.append((None, value[end:]))
    text = "".join(run if isinstance(run, str) else text_of(run, charset or "") for charset, run in runs)
    return one_line(text)


def people_of(value: str) -> tuple[tuple[str, str], ...]:
    """The mailboxes of an address field as (name, address); what stands in encoded words divides nothing."""
    from email.utils import getaddresses

    try:
        found = getaddresses([value[:_LONGEST_LIST]])
    except (LookupError, RecursionError, ValueError):
        return ()
    return tuple((words_of(name), one_line(email)) for name, email in found if email)


def one_line(text: str) -> str:
    """Text without line breaks and other control characters."""
    return _CONTROL.sub(" ", text).strip()


def _codec(charset: str) -> str:
    charset = charset.strip().lower()
    charset = _MEANT.get(charset, charset)
    if not charset:
        return ""
    try:
        codec = codecs.lookup(charset)
    except (LookupError, ValueError):
        return ""
    return "" if codec.name in _NO_CHARSETS else charset


def _of_base64(octets: bytes) -> bytes:
    """Each run of letters by itself, for some programs put several encoded pieces behind each other."""
    runs = re.split(b"=+", octets.translate(None, _NOT_BASE64))
    return b"".join(a2b_base64(run[: len(run) - (len(run) % 4 == 1)] + b"=" * (-len(run) % 4)) for run in runs)


def _word_octets(word: re.Match[str]) -> bytes:
    content = word[3].encode("utf-8", "replace")
    return _of_base64(content) if word[2] in "bB" else a2b_qp(content, header=True)
