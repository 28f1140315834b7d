"""A private Postfix on loopback ports, with TLS, that delivers everything for example.org into one Maildir.

With users it stands in for a service such as SendGrid: nobody sends without a login, or logs in without TLS. The
passwords are in a database of Cyrus SASL, which Debian's libsasl2-modules reads and sasl2-bin writes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from notify.testing import Certificates

_PLACES = "/usr/sbin:/sbin:" + os.environ.get("PATH", "")
COMMAND = shutil.which("postfix", path=_PLACES)
_MECHANISMS = any(Path("/usr/lib").glob("*/sasl2/libplain.so*"))
SASL_COMMAND = shutil.which("saslpasswd2", path=_PLACES) if _MECHANISMS else None

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_chain_files = {folder}/server.pem
smtpd_tls_security_level = encrypt
smtpd_recipient_restrictions = check_recipient_access inline:{{gone@example.org=REJECT}}, permit
message_size_limit = 1000000
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""

SASL = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = mail.example
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
in_flow_delay = 0
"""

SASL_LIBRARY = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/etc/sasl/users
mech_list: PLAIN LOGIN
"""

MASTER = """
{starttls} inet n - n - - smtpd
{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
tlsmgr unix - - n 1000? 1 tlsmgr
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """The server; a context manager. `ports` says where it listens, by kind of TLS.

    Args:
        certificates: its own.
        users: passwords by user name; without any, nobody has to log in.
    """

    def __init__(self, certificates: Certificates, users: Mapping[str, str] | None = None) -> None:
        # daemons that are not root walk this path, which pytest's own folders would not let them
        self._folder = Path(tempfile.mkdtemp(prefix="notify-postfix-"))
        self._folder.chmod(0o755)
        self.ports = {"starttls": _free_port(), "implicit": _free_port()}
        owner = pwd.getpwnam("postfix")
        for name in ("etc", "data", "mail", "spool"):
            (self._folder / name).mkdir()
        for name in ("data", "mail"):
            os.chown(self._folder / name, owner.pw_uid, owner.pw_gid)
        values = {"folder": self._folder, "uid": owner.pw_uid, "gid": owner.pw_gid, **self.ports}
        main = MAIN.format(**values) + (SASL.format(**values) if users else "")
        (self._folder / "etc" / "main.cf").write_text(main, encoding="utf-8")
        (self._folder / "etc" / "master.cf").write_text(MASTER.format(**values), encoding="utf-8")
        certificates.write_chain(self._folder / "server.pem")
        if users:
            self._write_users(users, owner.pw_uid)

    def __enter__(self) -> Self:
        try:
            self._run("start")
        except BaseException:
            shutil.rmtree(self._folder)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run("stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def delivered(self, count: int, seconds: float = 20.0) -> list[bytes]:
        """The messages of the Maildir, once there are so many; oldest first."""
        inbox, end = self._folder / "mail" / "inbox" / "new", time.monotonic() + seconds
        while time.monotonic() < end:
            found = sorted(inbox.glob("*"), key=lambda path: path.stat().st_mtime_ns)
            if len(found) >= count:
                return [path.read_bytes() for path in found]
            time.sleep(0.05)
        raise AssertionError(f"postfix did not deliver: {self.log()}")

    def log(self) -> str:
        """What Postfix says about itself."""
        log = self._folder / "log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def _write_users(self, users: Mapping[str, str], owner: int) -> None:
        """Tell Cyrus SASL who may log in."""
        assert SASL_COMMAND is not None
        folder = self._folder / "etc" / "sasl"
        folder.mkdir()
        (folder / "smtpd.conf").write_text(SASL_LIBRARY.format(folder=self._folder), encoding="utf-8")
        for user, password in users.items():
            command = [SASL_COMMAND, "-p", "-c", "-f", str(folder / "users"), "-u", "mail.example", user]
            subprocess.run(command, input=password, text=True, check=True, capture_output=True, timeout=PATIENCE)
        os.chown(folder / "users", owner, -1)

    def _run(self, command: str) -> None:
        assert COMMAND is not None
        done = subprocess.run([COMMAND, "-c", str(self._folder / "etc"), command],
                              capture_output=True, text=True, check=False, timeout=PATIENCE)  # fmt: skip
        if done.returncode:
            raise AssertionError(f"postfix {command}: {done.stdout}{done.stderr}{self.log()}")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
