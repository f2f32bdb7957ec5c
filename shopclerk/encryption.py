"""Encrypted backups, in the format of age: to a public key, opened with its secret key.

The machine that makes backups knows the public key alone: who takes a backup, or the machine,
can not open it. `age -d -i key.txt` opens it without shopclerk.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyrage

from shopclerk.archive import BadBackup

SUFFIX: Final = ".age"
FIRST_LINE: Final = b"age-encryption.org/v1\n"


def recipient_of(text: str) -> Any:
    """The recipient that a public key names.

    Raises:
        ValueError: it is none of age's.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise ValueError("not a public key of age; make one: age-keygen -o key.txt") from None


def encrypt(plain: Path, target: Path, recipient: str) -> None:
    """Write `plain` to `target`, for `recipient` alone."""
    with plain.open("rb") as source, target.open("wb") as sink:
        pyrage.encrypt_io(source, sink, [recipient_of(recipient)])


@contextmanager
def opened(path: Path, identity: Path | None, beside: Path) -> Iterator[Path]:
    """The backup at `path` in plain: itself, or decrypted to a file in `beside` for as long.

    Raises:
        BadBackup: it is encrypted, and to another identity or none was named; or it is damaged.
    """
    if not _is_encrypted(path):
        yield path
        return
    if identity is None:
        raise BadBackup(path, "it is encrypted; name the identity's file (--identity FILE)", "")
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=".restoring-", dir=beside) as plain:
        try:
            with path.open("rb") as source:
                pyrage.decrypt_io(source, plain, _identities(path, identity))
        except (pyrage.DecryptError, OSError) as error:
            reason = f"the identity in {identity} does not open it, or it is damaged ({error})"
            raise BadBackup(path, reason) from error
        plain.flush()
        yield Path(plain.name)


def _identities(path: Path, identity: Path) -> list[Any]:
    """The secret keys of a file as `age-keygen` writes it."""
    try:
        lines = identity.read_text(encoding="utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BadBackup(path, f"{identity} is no identity of age ({error})", "") from error


def _is_encrypted(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(FIRST_LINE)) == FIRST_LINE
    except OSError:
        return False  # what is not there is named by whoever reads it
