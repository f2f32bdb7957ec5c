"""Checks Stripe's signature, which is over the moment of sending and the body."""

import hashlib
import hmac
from typing import Final

from bot.shops.shop_system import WebhookRequest
from bot.shops.signatures import NotSigned
from bot.shops.stripe.settings import SECRET

HEADER: Final = "Stripe-Signature"
TOLERANCE_SECONDS: Final = 300  # Stripe's own libraries'


def check(secret: str, delivery: WebhookRequest) -> None:
    """Refuse what Stripe did not sign, or signed longer ago than its tolerance.

    Raises:
        NotSigned: the signature is missing, another body's, or too old.
    """
    parts = [part.partition("=") for part in delivery.header(HEADER).split(",")]
    signed_at = next((value.strip() for name, _, value in parts if name.strip() == "t"), "")
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if not (signed_at.isdecimal() and signed_at.isascii() and len(signed_at) <= 12 and given):
        raise NotSigned(f"{HEADER} is missing or not of the form t=…,v1=….")
    expected = hmac.new(
        secret.encode(), f"{signed_at}.".encode() + delivery.body, hashlib.sha256
    ).hexdigest()
    # Several while a secret is being replaced; compared as bytes, since they may not be ASCII.
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise NotSigned(f"{HEADER} is another body's; check {SECRET.variable}.")
    if abs(delivery.at.timestamp() - int(signed_at)) > TOLERANCE_SECONDS:
        raise NotSigned(
            f"{HEADER} is more than {TOLERANCE_SECONDS} seconds off; check this machine's clock."
        )
