"""Keyed hashes of e-mail addresses, under keys that rotate.

What an older key hashed cannot be hashed again without the address. So it is when somebody names
the address again: a buyer, the shop, the owner. What nobody named again is lost with the old key.
"""

import hashlib
import hmac
from collections.abc import Sequence

from sqlmodel import Session, col, select, update

from feedback.db import Identity, Order, insert_once
from feedback.entities import normalised

KIND = "email"  # of an identity


class EmailHashes:
    """HMAC-SHA256 of an address; the first key hashes, the others are older ones."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys` are newest first."""
        self._newest, *self._older = keys

    @property
    def have_rotated(self) -> bool:
        """Whether there are hashes under another key than the newest."""
        return bool(self._older)

    def of(self, email: str) -> str:
        """The hash of the address as it is compared, in hexadecimal."""
        return _hash(self._newest, email)

    def renew(self, session: Session, email: str) -> None:
        """Have what an older key hashed of this address stand under the newest."""
        older = [_hash(key, email) for key in self._older]
        if not older:
            return
        newest = self.of(email)
        session.execute(
            update(Order).where(col(Order.email_hash).in_(older)).values(email_hash=newest)
        )
        known = select(Identity).where(Identity.kind == KIND, col(Identity.value).in_(older))
        for row in session.exec(known).all():
            renewed = Identity(**{**row.model_dump(), "value": newest})
            session.delete(row)
            insert_once(session, renewed)


def _hash(key: bytes, email: str) -> str:
    return hmac.new(key, compared(email).encode("utf-8", "ignore"), hashlib.sha256).hexdigest()


def compared(email: str) -> str:
    """An address as two of them are compared: small letters, a domain as the mail system has it.

    >>> compared(" J\u00fcrgen@B\u00dcCHER.example"), compared("a@xn--bcher-kva.example")
    ('jürgen@xn--bcher-kva.example', 'a@xn--bcher-kva.example')
    """
    written = normalised(email).lower()
    name, at, domain = written.rpartition("@")
    if domain.isascii():
        return written
    try:
        return name + at + domain.encode("idna").decode()
    except UnicodeError:  # no domain: compared as it is written
        return written
