"""Signed reply addresses: `reply+KEY@shop.example`, by which a mail finds its dialogue.

Lower case alone, since some servers change the case of what stands before the @.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KEY_BYTES: Final = 10
KEY_CHARS: Final = 16  # of base32


def new_reply_key() -> str:
    """A key nobody can guess: 80 random bits."""
    return _letters(secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True)
class ReplyAddresses:
    """Makes and reads the addresses of one mailbox, such as `reply@shop.example`."""

    mailbox: str
    secret: bytes

    def address(self, key: str) -> str:
        """Where an answer to the mail of this key goes."""
        local, _, domain = self.mailbox.partition("@")
        return f"{local}+{self.token(key)}@{domain}"

    def token(self, key: str) -> str:
        """The key with its signature."""
        return key + self._signature(key)

    def key_in(self, token: str) -> str | None:
        """The key of a token that is ours.

        >>> ours = ReplyAddresses("reply@shop.example", b"secret")
        >>> ours.key_in(ours.token("abcdefghijklmnop").upper())
        'abcdefghijklmnop'
        """
        token = token.lower()
        key, signature = token[:KEY_CHARS], token[KEY_CHARS:]
        ours = hmac.compare_digest(signature.encode(), self._signature(key).encode())
        return key if ours else None

    def key_of(self, address: str) -> str | None:
        """The key of one of our addresses; None: it is another, or was changed."""
        local, _, domain = self.mailbox.lower().partition("@")
        told, _, host = address.lower().rpartition("@")
        name, _, token = told.partition("+")
        return self.key_in(token) if (name, host) == (local, domain) else None

    def key_among(self, addresses: Iterable[str]) -> str | None:
        """The key of the first of these that is one of ours."""
        return next((key for each in addresses if (key := self.key_of(each))), None)

    def _signature(self, key: str) -> str:
        return _letters(hmac.digest(self.secret, key.encode(), hashlib.sha256)[:KEY_BYTES])


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().lower()
