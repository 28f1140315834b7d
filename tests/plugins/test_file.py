"""The `file` transport."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import notify_file
from notify import Address, Attachment, ConfigError, DeliveryError, Message, TemporaryError, TransportConfigError
from notify.dsn import Dsn
from notify.preview.mailbox import Mailbox
from notify_file import File, Maildir


def message(subject: str = "Your order A-1001!", **changes: object) -> Message:
    """A small message."""
    values: dict[str, object] = {"sender": Address("a@example.com"), "to": (Address("b@example.com"),), "text": "Hi\n"}
    return Message(**{**values, "subject": subject, **changes})  # type: ignore[arg-type]


def kept(folder: Path) -> list[Path]:
    """All that a folder holds, sorted by name."""
    return sorted(folder.rglob("*")) if folder.exists() else []


def test_offers_file_and_maildir() -> None:
    """The plugin offers two transports by name."""
    assert {"file": File, "maildir": Maildir} == notify_file.notify_transports()


def test_writes_the_bytes_that_would_be_sent(tmp_path: Path) -> None:
    """One message is one .eml file of its envelope and exactly its bytes, and the receipt says where it is."""
    sent = message(bcc=(Address("c@example.com"),), notification="order_shipped", locale="fr", tags=("a", "b; c"))

    receipt = File(folder=tmp_path / "a" / "b").send(sent)

    (path,) = (tmp_path / "a" / "b").iterdir()
    assert (
        b"Return-Path: <a@example.com>\r\n"
        b"Delivered-To: b@example.com\r\n"
        b"Delivered-To: c@example.com\r\n"
        b"X-Notify: notification=order_shipped; locale=fr; tags=a,b%3B%20c\r\n" + sent.as_bytes()
    ) == path.read_bytes()
    assert f"written to {path}" == receipt.response
    assert ("b@example.com", "c@example.com") == receipt.accepted


@pytest.mark.parametrize("kind", [File, Maildir])
def test_a_message_for_some_is_kept_for_those(tmp_path: Path, kind: type[File]) -> None:
    """They alone are in the envelope, and the mailbox reads that back; the headers name all."""
    sent = message(cc="c@example.com", bcc="d@example.com", only=("c@example.com", "d@example.com"))

    receipt = kind(folder=tmp_path).send(sent)

    (mail,), _ = Mailbox([tmp_path]).list()
    assert ("c@example.com", "d@example.com") == receipt.accepted == mail.recipients
    assert ("b@example.com", "c@example.com") == (mail.to, mail.cc)


def test_the_name_says_when_and_what(tmp_path: Path) -> None:
    """A file is named by the time, chance, and the subject in plain letters."""
    File(folder=tmp_path).send(message("Ваш Zürcher Käse: 100 % — gut / schön"))

    (path,) = tmp_path.iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}-zurcher-kase-100-gut-schon\.eml", path.name)


@pytest.mark.parametrize(
    ("subject", "end"),
    [
        ("", ""),
        ("日本語", ""),
        ("../../etc/passwd", "-etc-passwd"),
        ("x" * 300, "-" + "x" * 40),
        ("a" * 39 + " b", "-" + "a" * 39),
    ],
)
def test_no_subject_makes_an_odd_name(tmp_path: Path, subject: str, end: str) -> None:
    """Empty, foreign, long and hostile subjects give short plain names in the folder itself."""
    File(folder=tmp_path).send(message(subject))

    (path,) = tmp_path.iterdir()
    assert re.fullmatch(rf"[\d-]{{22}}-[0-9a-f]{{8}}{re.escape(end)}\.eml", path.name)


def test_names_sort_as_the_messages_came(tmp_path: Path) -> None:
    """Sorted by name, the files are in the order of sending, however fast it goes."""
    transport = File(folder=tmp_path)

    for number in range(300):
        transport.send(message(f"{number}"))

    assert [str(number) for number in range(300)] == [path.stem.split("-")[-1] for path in kept(tmp_path)]


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    """Mails hold links that log people in: nobody else can read them."""
    File(folder=tmp_path).send(message())

    (path,) = tmp_path.iterdir()
    assert 0o600 == path.stat().st_mode & 0o777


def test_the_default_folder_lies_below_the_configuration(tmp_path: Path) -> None:
    """Without a setting, mails are below .notify/mail beside notify.yaml; a relative folder is taken from there too."""
    File(base=tmp_path).send(message())
    File(base=tmp_path, folder="kept").send(message())

    assert 1 == len(kept(tmp_path / ".notify" / "mail"))
    assert 1 == len(kept(tmp_path / "kept"))


def test_keeps_what_needs_smtputf8(tmp_path: Path) -> None:
    """An address that only some servers can carry can be kept in a file."""
    File(folder=tmp_path).send(message(to=(Address("jörg@example.com"),)))

    (path,) = tmp_path.iterdir()
    assert "jörg@example.com" in path.read_text(encoding="utf-8")


def test_a_message_that_cannot_be_built_leaves_nothing(tmp_path: Path) -> None:
    """Nothing is written before the message is whole."""
    with pytest.raises(ConfigError, match="missing"):
        File(folder=tmp_path / "mail").send(message(attachments=(Attachment("a.txt", path=tmp_path / "missing.txt"),)))

    assert [] == kept(tmp_path)


@pytest.mark.parametrize(
    ("dsn", "folder"),
    [
        ("file:///var/mail", "/var/mail"),
        ("file:mail/here", "BASE/mail/here"),
        ("file:", "BASE/.notify/mail"),
        ("file:///with%20blank", "/with blank"),
        ("file:?folder=x", "BASE/x"),
    ],
)
def test_a_dsn_names_the_folder(tmp_path: Path, dsn: str, folder: str) -> None:
    """The path of a DSN is the folder, absolute or from the configuration's folder."""
    transport = File(base=tmp_path, **File.settings_of_dsn(Dsn.parse(dsn)))  # type: ignore[arg-type]

    assert Path(folder.replace("BASE", str(tmp_path))) == transport.folder


def test_a_dsn_holds_settings() -> None:
    """The query of a DSN sets the format."""
    assert {"folder": "/mail", "format": "maildir"} == File.settings_of_dsn(Dsn.parse("file:///mail?format=maildir"))


@pytest.mark.parametrize("dsn", ["file://mail/here", "file://u:p@/x", "file+eml:///x", "file:///x?folder=y"])
def test_a_dsn_with_other_parts_is_an_error(dsn: str) -> None:
    """A host, a user, an option or a second folder is not passed over."""
    with pytest.raises(ConfigError, match="folder"):
        File.settings_of_dsn(Dsn.parse(dsn))


def test_a_folder_that_cannot_be_is_a_configuration_error(tmp_path: Path) -> None:
    """Where a file is in the way, a person must act; verify says the same."""
    (tmp_path / "file").write_text("in the way")
    transport = File(name="keep", folder=tmp_path / "file" / "mail")

    with pytest.raises(TransportConfigError, match=r"keep: cannot write .*file") as caught:
        transport.send(message())
    with pytest.raises(TransportConfigError, match=r"keep: cannot write .*file"):
        transport.verify()

    assert "folder" in caught.value.advice
    assert "write" == caught.value.phase


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root cannot write to")
def test_a_folder_without_permission_is_a_configuration_error() -> None:
    """Where the system forbids writing, a person must act."""
    with pytest.raises(TransportConfigError, match="cannot write /proc/self"):
        File(folder=Path("/proc/self/mail")).send(message())


def test_a_message_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    """When writing stops halfway, the error is one of the tree, and nothing of the message is left."""
    program = f"""
import resource, signal
from pathlib import Path
from notify import Address, DeliveryError, Message
from notify_file import File

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
message = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hi", text="x\\n" * 5000)
try:
    File(folder=Path({str(tmp_path)!r})).send(message)
except DeliveryError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "file: cannot write" in run.stdout
    assert [] == kept(tmp_path)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, TemporaryError),
        (errno.EDQUOT, TemporaryError),
        (errno.EIO, TemporaryError),
        (errno.EACCES, TransportConfigError),
        (errno.EROFS, TransportConfigError),
    ],
)
def test_a_full_disk_is_temporary_and_a_forbidden_one_is_not(
    tmp_path: Path, code: int, kind: type[DeliveryError]
) -> None:
    """What passes by itself is a temporary error; for all else a person must act."""
    error = File(folder=tmp_path)._failure(OSError(code, os.strerror(code)))

    assert kind is type(error)
    assert f"cannot write {tmp_path}: {os.strerror(code)}" == error.reason


def test_verify_makes_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    """Verifying writes a file that is gone at once."""
    File(folder=tmp_path / "mail").verify()

    assert [tmp_path / "mail"] == kept(tmp_path)


def test_threads_and_processes_never_collide(tmp_path: Path) -> None:
    """Many writers in many processes leave as many whole files as they sent messages."""
    program = f"""
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from notify import Address, Message
from notify_file import File

transport = File(folder=Path({str(tmp_path)!r}))
message = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hi", text="x\\n" * 999)
with ThreadPoolExecutor(4) as pool:
    list(pool.map(transport.send, [message] * 100))
"""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(subprocess.run, [sys.executable, "-c", program], check=True) for _ in range(2)]
    assert [0, 0] == [run.result().returncode for run in runs]

    files = kept(tmp_path)

    assert 200 == len(files)
    assert 1 == len({path.stat().st_size for path in files})
    assert {".eml"} == {path.suffix for path in files}


@pytest.mark.parametrize("transport", [File, Maildir])
def test_what_was_written_was_taken(transport: type[File], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the folder cannot be flushed, the message is there once, and no failure asks for it again."""
    flush = os.fsync

    def fails_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fails_for_folders)

    receipt = transport(folder=tmp_path).send(message())

    assert ("b@example.com",) == receipt.accepted
    assert [Path(receipt.response.removeprefix("written to "))] == [path for path in kept(tmp_path) if path.is_file()]
