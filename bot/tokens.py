"""Signed tokens: who a shopper is, what was clicked.

Each purpose has a salt of its own, so that a click's token never passes for a session's. Several
secrets rotate: the last one signs, all of them verify.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from bot.signed_in import SignedIn

MAX_TOKEN_CHARS = 2_000  # ours have at most a few hundred
KEPT_TOKENS = 4_096  # that were checked
CLICK_LIFE = timedelta(days=90)
SHOPPER_LIFE = timedelta(days=30)  # a basket may wait that long before it is bought
FILE_LIFE = timedelta(days=1)  # a page that stays open longer asks for the history anew
PURPOSES = ("session", "click", "shopper", "file")
CLICK_PARAMETER = "shopclerk_click"  # carries a click's token to the shop's own pages


class BadToken(Exception):
    """A token is not ours, was changed, or has expired."""


class SessionToken(NamedTuple):
    """A shopper in a dialogue, on one site."""

    shopper_id: str
    dialogue_id: str
    origin: str
    signed_in: SignedIn | None = None  # as whom, when the session began


class ClickToken(NamedTuple):
    """What a click on an impression leads to."""

    impression_id: str
    target: str  # the product, or the key of what was quoted
    url: str


class Tokens:
    """Makes tokens, and reads those it made."""

    def __init__(
        self,
        secret: str | Sequence[str],
        *,
        clock: Callable[[], datetime],
        session_life: timedelta = timedelta(hours=24),
    ) -> None:
        self._secrets = [secret] if isinstance(secret, str) else list(secret)
        self._clock = clock
        self._session_life = session_life
        self._serializers = {
            purpose: URLSafeSerializer(
                self._secrets,
                salt=f"shopclerk.{purpose}",
                signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
            )
            for purpose in PURPOSES
        }
        # A chat sends the same one with each message, and checking it takes 0.1 ms.
        self._content = lru_cache(KEPT_TOKENS)(self._loads)

    def session(
        self, shopper_id: str, dialogue_id: str, origin: str, signed_in: SignedIn | None = None
    ) -> str:
        """A shopper's token for the chat, bound to the dialogue, the site and who is signed in."""
        who = [signed_in.customer, str(int(signed_in.until.timestamp()))] if signed_in else []
        return self._sign("session", [shopper_id, dialogue_id, origin, *who], self._session_life)

    def read_session(self, token: str) -> SessionToken:
        """Raises BadToken."""
        shopper_id, dialogue_id, origin, *who = self._read("session", token, 3, 5)
        if not who:
            return SessionToken(shopper_id, dialogue_id, origin)
        signed_in = SignedIn(who[0], datetime.fromtimestamp(int(who[1]), UTC))
        return SessionToken(shopper_id, dialogue_id, origin, signed_in)

    def click(self, impression_id: str, target: str, url: str) -> str:
        """A token for `/c/…`."""
        return self._sign("click", [impression_id, target, url], CLICK_LIFE)

    def read_click(self, token: str) -> ClickToken:
        """Raises BadToken."""
        return ClickToken(*self._read("click", token, 3))

    def shopper(self, shopper_id: str) -> str:
        """A token for the cart: the first bridge from a chat to an order."""
        return self._sign("shopper", [shopper_id], SHOPPER_LIFE)

    def read_shopper(self, token: str) -> str:
        """The shopper's id. Raises BadToken."""
        return self._read("shopper", token, 1)[0]

    def file(self, file_id: str, *, thumbnail: bool = False) -> str:
        """A token for `/files/…`: who holds it may see the file."""
        return self._sign("file", [file_id, "thumbnail" if thumbnail else "whole"], FILE_LIFE)

    def read_file(self, token: str) -> tuple[str, bool]:
        """The file's id, and whether its thumbnail is meant. Raises BadToken."""
        file_id, size = self._read("file", token, 2)
        return file_id, size == "thumbnail"

    def origin(self, address: str) -> str:
        """A hash of an address that nobody can undo, and that is another one each day."""
        said = f"{self._clock().date().isoformat()}/{address}".encode()
        return hmac.digest(self._secrets[-1].encode(), said, hashlib.sha256).hex()[:16]

    def key(self, purpose: str) -> bytes:
        """A key of its own for hashes that nobody can undo."""
        return hmac.digest(self._secrets[-1].encode(), purpose.encode(), hashlib.sha256)

    def _sign(self, purpose: str, values: list[str], life: timedelta) -> str:
        expires = int((self._clock() + life).timestamp())
        return str(self._serializers[purpose].dumps([expires, *values]))

    def _read(self, purpose: str, token: str, *counts: int) -> tuple[str, ...]:
        if len(token) > MAX_TOKEN_CHARS:
            raise BadToken("the token is not one of ours")
        expires, values = self._content(purpose, token)
        if self._clock() >= expires:
            raise BadToken("the token has expired")
        if len(values) not in counts:
            raise BadToken("the token is of another version")
        return values

    def _loads(self, purpose: str, token: str) -> tuple[datetime, tuple[str, ...]]:
        """What a token of ours says, and until when; raises BadToken of others."""
        if not re.fullmatch(r"[\w.-]+", token, re.ASCII):
            raise BadToken("the token is not one of ours")
        try:
            content: list[Any] = self._serializers[purpose].loads(token)
        except BadData:
            raise BadToken("the token is not one of ours, or was changed") from None
        return datetime.fromtimestamp(content[0], UTC), tuple(str(value) for value in content[1:])
