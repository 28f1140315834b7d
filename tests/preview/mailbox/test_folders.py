"""`notify.preview.mailbox.mailbox_of`: the mailbox of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import Notifier
from notify.preview.mailbox import mailbox_of

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = """\
sender: a@example.com
environments:
  development: {transport: both}
transports:
  both: "roundrobin(keep mails)"
  keep: {type: file, folder: kept}
  mails: {type: maildir, folder: md}
  broken: "smtp://${NO_SUCH_VARIABLE}@localhost"
  relay: "smtp+starttls://localhost:25"
"""


def test_the_folders_of_a_project(tmp_path: Path) -> None:
    """Its own folder first, then those of transports that keep mails, also inside of others; broken ones have none."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notify.yaml").write_text(CONFIGURATION)

    with Notifier.load(tmp_path) as notifier:
        mailbox = mailbox_of(notifier, keep=5)

    assert {tmp_path / "kept", tmp_path / "md"} == set(mailbox.folders[1:])
    assert tmp_path / ".notify" / "mail" == mailbox.folders[0]


def test_a_project_of_one_folder(tmp_path: Path) -> None:
    """Where the transport is as it is by default, there is one folder."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notify.yaml").write_text("sender: a@example.com\n")

    with Notifier.load(tmp_path) as notifier:
        assert (tmp_path / ".notify" / "mail",) == mailbox_of(notifier).folders
