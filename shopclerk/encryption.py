"""Encrypted backups in age's format: to a public key, opened with its secret key.

The machine that makes backups knows the public key alone: who takes a backup, or the machine,
can not open it. `age -d -i key.txt` opens it without shopclerk.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

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


def encrypt(plain: IO[bytes], target: IO[bytes], recipient: str) -> None:
    """Write `plain` to `target`, for `recipient` alone."""
    pyrage.encrypt_io(plain, target, [recipient_of(recipient)])


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """The backup at `path` in plain: itself, or decrypted to a file without a name for as long.

    Raises:
        BadBackup: it is not there; or it is encrypted, and to another identity or none was named.
    """
    try:
        source = path.open("rb")
    except OSError as error:
        raise BadBackup(path, f"it can not be read ({error.strerror})") from error
    with source:
        if not _is_encrypted(source):
            yield source
            return
        if identity is None:
            raise BadBackup(path, "it is encrypted; name the identity's file (--identity FILE)", "")
        keys = _identities(path, identity)
        with tempfile.TemporaryFile(dir=_room_next_to(path)) as plain:
            try:
                pyrage.decrypt_io(source, plain, keys)
            except (pyrage.DecryptError, OSError) as error:
                reason = f"the identity in {identity} does not open it, or it is damaged ({error})"
                raise BadBackup(path, reason) from error
            yield plain


def _room_next_to(path: Path) -> Path | None:
    """The backup's own folder, where there is room for its like; read-only, the system's."""
    return path.parent if os.access(path.parent, os.W_OK) else None


def _identities(path: Path, identity: Path) -> list[Any]:
    """The secret keys of a file as `age-keygen` writes it."""
    try:
        lines = identity.read_text(encoding="utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BadBackup(path, f"{identity} is no identity of age ({error})", "") from error


def _is_encrypted(source: IO[bytes]) -> bool:
    first = source.read(len(FIRST_LINE))
    source.seek(0)
    return first == FIRST_LINE
