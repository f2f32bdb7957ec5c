"""Signed-in customers: reads the token by which a page of the shop says who is signed in there.

A token is `<e-mail or customer id>|<Unix time it ends>|<HMAC-SHA256 of both, in hex>`, which every
template language can make. Whoever holds one is that customer until it ends, so it ends soon.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

LONGEST: Final = timedelta(days=1)  # a token that would hold longer is refused
_TOKEN: Final = re.compile(r"([^|\s]{1,254})\|(\d{9,11})\|([0-9a-fA-F]{64})")


class SignedIn(NamedTuple):
    """Who is signed in at the shop, and until when its page vouches for that."""

    customer: str  # an e-mail address, or the shop's own id
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it counts now.

        >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
        >>> signed = SignedIn("ann@example.com", noon)
        >>> signed.holds(noon - timedelta(hours=1)), signed.holds(noon)
        (True, False)
        """
        return now < self.until <= now + LONGEST


def sign(customer: str, until: datetime, secret: str) -> str:
    """The token of a signed-in customer, as a shop makes it."""
    said = f"{customer}|{int(until.timestamp())}"
    return f"{said}|{_signature(said, secret)}"


def read_signed_in(token: str, secret: str) -> SignedIn | None:
    """What a token says, also one that has ended; None: the shop did not make it so.

    >>> ends = datetime(2026, 1, 1, tzinfo=UTC)
    >>> read_signed_in(sign("c-7", ends, "secret"), "secret").customer
    'c-7'
    >>> read_signed_in(sign("c-7", ends, "another"), "secret")
    """
    parts = _TOKEN.fullmatch(token.strip())
    if parts is None:
        return None
    customer, ends, signature = parts.groups()
    if not hmac.compare_digest(signature.lower(), _signature(f"{customer}|{ends}", secret)):
        return None
    return SignedIn(customer, datetime.fromtimestamp(int(ends), UTC))


def _signature(said: str, secret: str) -> str:
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
