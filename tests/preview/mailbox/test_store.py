"""`notify.preview.mailbox.store`: the mailbox."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from preview.mailbox.mails import message, send

from notify import Address, ConfigError
from notify.preview.mailbox import Mail, Mailbox, Query
from notify.preview.mailbox.files import KeptFile
from notify.preview.mailbox.store import _delete
from notify.preview.mailbox.wait import Watch


def subjects(mailbox: Mailbox, query: str = "") -> list[str]:
    """The subjects that a query finds."""
    return [mail.subject for mail in mailbox.list(query)[0]]


def test_lists_what_transports_kept_newest_first(tmp_path: Path) -> None:
    """`.eml` files and both folders of a maildir are one mailbox, in the order of time."""
    for number in range(3):
        send(tmp_path / "a", message(f"eml {number}"))
        send(tmp_path / "b", message(f"maildir {number}"), maildir=True)
    first = min((tmp_path / "b" / "new").iterdir())
    first.rename(tmp_path / "b" / "cur" / f"{first.name}:2,S")
    mailbox = Mailbox([tmp_path / "a", tmp_path / "b", tmp_path / "none", tmp_path / "a"])

    assert ["maildir 2", "eml 2", "maildir 1", "eml 1", "maildir 0", "eml 0"] == subjects(mailbox)
    assert (["maildir 1"], 6) == ([mail.subject for mail in mailbox.list(limit=1, offset=2)[0]], mailbox.list()[1])
    assert ((), 6) == mailbox.list(offset=10)


def test_finds_by_query(tmp_path: Path) -> None:
    """A query looks into the summaries, and into the text only of mails that need it; HTML is read as text."""
    send(
        tmp_path,
        message("one", tags=("a",), notification="shop.order", bcc=(Address("hidden@example.com"),)),
        message("two", text=None, html="<p>only <b>h</b>ere</p><style>never</style>"),
        message("three", text="plain text"),
    )
    mailbox = Mailbox([tmp_path])

    assert ["one"] == subjects(mailbox, "type:shop.*") == subjects(mailbox, "tag:a") == subjects(mailbox, "to:hidden")
    assert ["two"] == subjects(mailbox, '"only here"')
    assert ["three"] == subjects(mailbox, "plain") == subjects(mailbox, "plain")
    assert [] == subjects(mailbox, "never")
    assert (1, 2) == (len(mailbox.list("-subject:one", limit=1)[0]), mailbox.list("-subject:one")[1])
    with pytest.raises(ConfigError, match="expected a date"):
        mailbox.list("after:x")


def test_a_mail_by_its_id(tmp_path: Path) -> None:
    """The id leads to the summary and to the mail, also after a maildir has moved it."""
    send(tmp_path, message("one"), maildir=True)
    mailbox = Mailbox([tmp_path])
    (mail,), _ = mailbox.list()
    (path,) = (tmp_path / "new").iterdir()
    path.rename(tmp_path / "cur" / f"{path.name}:2,RS")
    opened = mailbox.open(mail.id)

    assert mail == mailbox.get(mail.id)
    assert opened is not None
    assert "Dear Ada,\nit is on its way.\n" == opened.text
    assert mail.id.isalnum()


@pytest.mark.parametrize("identifier", ["", "..", "../secret.eml", "secret.eml", "/etc/passwd", "0" * 20, "\0"])
def test_no_id_leads_elsewhere(tmp_path: Path, identifier: str) -> None:
    """An id is never a path."""
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    send(tmp_path / "mail", message())
    mailbox = Mailbox([tmp_path / "mail"])

    assert None is mailbox.get(identifier)
    assert None is mailbox.open(identifier)
    assert not mailbox.delete(identifier)
    assert (tmp_path / "secret.eml").exists()


def test_follows_no_link(tmp_path: Path) -> None:
    """Links in a folder, to files and to folders, are not there; nor are folders, pipes and hidden files."""
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    send(tmp_path / "other", message("other"), maildir=True)
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")
    (folder / "new").symlink_to(tmp_path / "other" / "new")
    (folder / "folder.eml").mkdir()
    os.mkfifo(folder / "pipe.eml")
    (folder / ".hidden.eml").write_text("Subject: hidden\n\n")
    (folder / "notes.txt").write_text("Subject: notes\n\n")

    assert [] == subjects(Mailbox([folder]))


def test_what_cannot_be_read_does_no_harm(tmp_path: Path) -> None:
    """A file that vanishes between looking and reading, or that nobody may read, is not there."""
    send(tmp_path, message("one"), message("two"))
    mailbox = Mailbox([tmp_path])
    files = mailbox.files()
    Path(files[1].path).unlink()

    assert ["two"] == [mail.subject for _, mail in mailbox.matching(Query(), files)]
    assert ["two"] == [mail.subject for mail in mailbox._mails(files)]
    assert "" == mailbox._text(files[1])
    assert [True, False] == [_delete(file) for file in files]


def test_a_mail_that_is_written_over_is_read_again(tmp_path: Path) -> None:
    """The summary is as old as the file."""
    path = tmp_path / "mine.eml"
    path.write_text("Subject: before\n\n")
    mailbox = Mailbox([tmp_path])
    before = subjects(mailbox)
    path.write_text("Subject: after!\n\n")
    os.utime(path, ns=(0, 0))

    assert (["before"], ["after!"]) == (before, subjects(mailbox))


def test_deletes(tmp_path: Path) -> None:
    """One by its id, all that a query finds, or all."""
    send(tmp_path, *(message(f"{number}") for number in range(5)))
    mailbox = Mailbox([tmp_path])
    (latest, *_), _ = mailbox.list()

    assert mailbox.delete(latest.id)
    assert not mailbox.delete(latest.id)
    assert 1 == mailbox.delete_all("subject:2")
    assert ["3", "1", "0"] == subjects(mailbox)
    assert 3 == mailbox.delete_all()
    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file that even root cannot delete")
def test_a_file_that_cannot_be_deleted_is_an_error() -> None:
    """The error names the file."""
    file = KeptFile("/proc/self/status", "a" * 20, datetime.now(UTC), 1, 1, ours=True)

    with pytest.raises(ConfigError, match=r"cannot delete /proc/self/status: \w+"):
        _delete(file)


def test_expires_by_count_and_age(tmp_path: Path) -> None:
    """The newest mails stay, up to a number and an age; it says how many went."""
    send(tmp_path, *(message(f"{number}") for number in range(5)))
    old = datetime.now(UTC) - timedelta(days=31)
    (tmp_path / f"{old:%Y%m%d-%H%M%S-%f}-00000000-old.eml").write_text("Subject: old\n\n")

    assert 1 == Mailbox([tmp_path]).expire()
    assert 3 == Mailbox([tmp_path], keep=2).expire()
    assert ["4", "3"] == subjects(Mailbox([tmp_path]))
    assert 2 == Mailbox([tmp_path], keep_days=0).expire()


def test_never_expires_what_is_not_ours(tmp_path: Path) -> None:
    """Files with other names, mails of other programs' maildirs, and folders besides the first, stay for ever."""
    ours = tmp_path / "ours"
    send(ours, message("eml"), message("maildir"), maildir=True)
    send(ours, message("eml"))
    send(tmp_path / "audit", message("audit"))
    for name in (
        "mine.eml", "20200101-000000-000000-mine.eml", "20201301-000000-000000-00000000.eml",
        "new/1500000000.M1P2.host", "cur/1500000000.V1I2M003.host:2,S", "cur/odd", "new/99999999999.x",
    ):  # fmt: skip
        path = ours / name
        path.write_text(f"Subject: {name}\n\n")
        os.utime(path, (1, 1))
    mailbox = Mailbox([ours, tmp_path / "audit"], keep=0)

    assert 3 == mailbox.expire()
    assert 8 == len(subjects(mailbox))
    assert 2017 == next(mail.received.year for mail in mailbox.list()[0] if mail.subject.startswith("cur/15"))
    assert 1970 == next(mail.received.year for mail in mailbox.list()[0] if mail.subject == "mine.eml")


def test_adds_a_mail(tmp_path: Path) -> None:
    """A mail is kept with its envelope, readable by its owner only, and is listed as it was returned."""
    mailbox = Mailbox([tmp_path / "a" / "mail", tmp_path / "b"])

    mail = mailbox.add(
        b"Subject: x\r\n\r\nHi", envelope_sender="a@x.example", recipients=["b@x.example", "c@x.example"]
    )

    (path,) = (tmp_path / "a" / "mail").iterdir()
    assert ((mail,), 1) == mailbox.list()
    assert ("a@x.example", ("b@x.example", "c@x.example")) == (mail.return_path, mail.recipients)
    assert 0o600 == path.stat().st_mode & 0o777
    assert path.read_bytes().endswith(b"\r\nSubject: x\r\n\r\nHi")
    assert 1 == Mailbox([tmp_path / "a" / "mail"], keep=0).expire()


def test_the_change_of_a_mailbox(tmp_path: Path) -> None:
    """It differs when a mail came or went, and is there without a folder too."""
    mailbox = Mailbox([tmp_path / "mail"])
    before = mailbox.latest_change()
    send(tmp_path / "mail", message())
    after = mailbox.latest_change()

    assert before == (0, 0, 0)
    assert after == mailbox.latest_change() != before


@pytest.mark.no_cover  # others cover it
def test_thousands_of_mails(tmp_path: Path) -> None:
    """A page of thousands opens only the mails of that page; a second search opens none."""
    data = message("many").as_bytes()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(3000):
        (tmp_path / f"{start + timedelta(seconds=number):%Y%m%d-%H%M%S-%f}-{number:08x}.eml").write_bytes(data)
    mailbox = Mailbox([tmp_path])

    page, total = mailbox.list(limit=20, offset=100)
    opened = len(mailbox._summaries._held)
    _, found = mailbox.list("subject:many")
    kept = dict(mailbox._summaries._held)
    _, again = mailbox.list("from:shop -from:other", limit=5)

    assert (20, 3000, 20) == (len(page), total, opened)
    assert (3000, 3000) == (found, again)
    assert all(mailbox._summaries._held[key] is value for key, value in kept.items())


def test_threads_and_deletions_at_once(tmp_path: Path) -> None:
    """While some send, others list, search and delete; nobody fails."""
    mailbox = Mailbox([tmp_path])
    stop = threading.Event()

    def work(number: int) -> int:
        done = 0
        while not stop.is_set():
            if number % 4 == 0:
                mailbox.add(b"Subject: x\n\nword", envelope_sender="a@x.example", recipients=["b@x.example"])
            elif number % 4 == 1:
                mailbox.list("word")
            elif number % 4 == 2:
                mailbox.delete_all("before:2100-01-01")
            else:
                mailbox.expire()
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(work, number) for number in range(8)]
        stop.wait(0.7)
        stop.set()
        assert all(run.result() > 0 for run in running)


def wait(mailbox: Mailbox, query: str = "", **options: float | datetime | None) -> Mail | None:
    """Wait in an event loop."""
    return asyncio.run(mailbox.wait(query, **options))  # type: ignore[arg-type]


def test_waits_for_one_that_is_there(tmp_path: Path) -> None:
    """A mail that came before counts, unless only later ones are wanted."""
    send(tmp_path, message("one"), message("two"), message("other"))
    mailbox = Mailbox([tmp_path])
    now = datetime.now(UTC)

    found = wait(mailbox, "-subject:other", timeout=0)

    assert found is not None
    assert "two" == found.subject
    assert None is wait(mailbox, since=now, timeout=0)
    assert None is wait(mailbox, "subject:none", timeout=0.3)


def test_waits_for_one_that_comes(tmp_path: Path) -> None:
    """It comes while somebody waits, also into a folder that is only made then, and after others that do not match."""
    mailbox = Mailbox([tmp_path / "a", tmp_path / "b"])
    send(tmp_path / "a", message("other"))
    since = datetime.now(UTC)
    timers = [
        threading.Timer(0.15, send, [tmp_path / "a", message("another")]),
        threading.Timer(0.3, send, [tmp_path / "b", message("wanted")], {"maildir": True}),
    ]
    for timer in timers:
        timer.start()

    found = wait(mailbox, "subject:wanted", since=since, timeout=20)

    assert found is not None
    assert "wanted" == found.subject
    for timer in timers:
        timer.join()


def test_waiting_does_not_list_a_still_folder_again(tmp_path: Path) -> None:
    """Where a folder has not changed for a while, its files are not looked at again."""
    send(tmp_path, message("one"))
    os.utime(tmp_path, (1, 1))
    watch = Watch(Mailbox([tmp_path]), Query.parse("subject:two"), None)
    first = watch._look()
    send(tmp_path, message("two"))
    os.utime(tmp_path, (1, 1))
    still = watch._look()
    os.utime(tmp_path, (2, 2))
    changed = watch._look()

    assert (None, None) == (first, still)
    assert changed is not None


def test_waiting_for_a_wrong_query_is_an_error_at_once(tmp_path: Path) -> None:
    """A wrong date is told before anybody waits."""
    with pytest.raises(ConfigError, match="expected a date"):
        wait(Mailbox([tmp_path]), "after:x", timeout=60)
