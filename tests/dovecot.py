"""Debian's Dovecot with one mailbox: IMAP on this machine, as an owner's mail server keeps it."""

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/bin:/usr/local/sbin")
INSTALL = "apt-get install -y dovecot-imapd"
USER, PASSWORD = "reply@shop.example", "correct horse/battery?"
CERTIFICATE = "certificate.pem"  # its own: nobody knows it unless told
CERTIFIED = (
    *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
    *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-addext", "subjectAltName=IP:127.0.0.1"),
)
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {internal}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
"""


class MailServer(NamedTuple):
    """A running server and where it keeps its one mailbox."""

    port: int
    tls_port: int
    folder: Path

    def url(self, *, password: str = "correct%20horse%2Fbattery%3F", folder: str = "") -> str:
        """The address of the mailbox."""
        return f"imap://reply%40shop.example:{password}@127.0.0.1:{self.port}/{folder}"

    def tls_url(self) -> str:
        """The same, encrypted from the first byte."""
        return self.url().replace("imap:", "imaps:").replace(f":{self.port}/", f":{self.tls_port}/")

    def deliver(self, message: EmailMessage | bytes) -> None:
        """Put a mail into the mailbox."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        with self._signed_in() as box:
            assert box.append("INBOX", "", "", raw)[0] == "OK"

    def read(self) -> list[bool]:
        """Whether each mail there is marked as read."""
        with self._signed_in() as box:
            box.select("INBOX", readonly=True)
            _, found = box.search(None, "ALL")
            flags = [str(box.fetch(one, "(FLAGS)")[1]) for one in found[0].decode().split()]
            return ["\\Seen" in one for one in flags]

    def empty(self, *, anew: bool = False) -> None:
        """Take all mails out; `anew` numbers what comes from the beginning, as a move does."""
        with self._signed_in() as box:
            _, held = box.select("INBOX")
            if held != [b"0"]:
                box.store("1:*", "+FLAGS", "\\Deleted")
                box.expunge()
        if anew:
            for each in (self.folder / "mail").glob("dovecot*"):
                each.unlink()

    def _signed_in(self) -> imaplib.IMAP4:
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        box.login(USER, PASSWORD)
        return box


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Dovecot on free ports; where it is not installed the test is skipped, and says how."""
    program = DOVECOT or _missing()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        server = MailServer(free_port(), free_port(), folder)
        _write(server)
        process = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")])
        try:
            _wait_until_it_listens(process, server)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _write(server: MailServer) -> None:
    """Its configuration; as root the mails are another's, since Dovecot serves none of root's."""
    folder = server.folder
    folder.chmod(0o755)
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    entry = pwd.getpwnam(user)
    for name in ("mail", "home"):
        (folder / name).mkdir()
        if os.geteuid() == 0:
            os.chown(folder / name, entry.pw_uid, entry.pw_gid)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    (folder / "users").chmod(0o644)
    subprocess.run(
        [*CERTIFIED, "-keyout", "key.pem", "-out", CERTIFICATE],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    written = CONFIGURATION.format(
        folder=folder, user=user, group=_group(entry.pw_gid), internal=user,
        imap=server.port, imaps=server.tls_port,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(written)


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", server: MailServer) -> None:
    ends = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < ends:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError((server.folder / "log").read_text())


def _missing() -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"Dovecot is missing: {INSTALL}")
    pytest.skip(f"Dovecot is missing: {INSTALL}")
