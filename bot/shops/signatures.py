"""Checks who sent a webhook, over the raw bytes, before anything in them is read."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

from bot.http import Problem

STRIPE_HEADER: Final = "Stripe-Signature"
TOLERANCE_SECONDS: Final = 300  # Stripe's own libraries'


def sign(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over `body`.

    >>> sign("secret", b"{}")
    'dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM='
    """
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def check_signature(
    secret: str | None, body: bytes, signature: str | None, *, setting: str, header: str
) -> None:
    """Refuse a body that its sender did not sign with `secret`.

    Raises:
        Problem: no secret is set, no signature came, or it is another one.
    """
    if secret is None:
        raise Problem("not-configured", f"Set {setting} to the secret that signs this webhook.")
    if not signature:
        raise Problem(
            "bad-signature", f"{header} is missing; sign the raw body (HMAC-SHA256, base64)."
        )
    # Compared as bytes: `compare_digest` refuses text that is not ASCII.
    if not hmac.compare_digest(sign(secret, body).encode(), signature.strip().encode()):
        raise Problem(
            "bad-signature",
            f"{header} is another body's; sign the raw bytes with the secret in {setting}.",
        )


def check_stripe_signature(
    secret: str | None, body: bytes, header: str | None, now: datetime
) -> None:
    """Refuse what Stripe did not sign, or signed longer ago than its tolerance.

    Raises:
        Problem: no secret is set, or the signature is missing, another body's, or too old.
    """
    if secret is None:
        raise Problem(
            "not-configured", "Set SHOPCLERK_STRIPE_SECRET to the endpoint's signing secret."
        )
    parts = [part.partition("=") for part in (header or "").split(",")]
    signed_at = next((value.strip() for name, _, value in parts if name.strip() == "t"), "")
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if not (signed_at.isdecimal() and signed_at.isascii() and len(signed_at) <= 12 and given):
        raise Problem("bad-signature", f"{STRIPE_HEADER} is missing or not of the form t=…,v1=….")
    expected = hmac.new(
        secret.encode(), f"{signed_at}.".encode() + body, hashlib.sha256
    ).hexdigest()
    # Several while a secret is being replaced; compared as bytes, since they may not be ASCII.
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise Problem(
            "bad-signature", f"{STRIPE_HEADER} is another body's; check SHOPCLERK_STRIPE_SECRET."
        )
    if abs(now.timestamp() - int(signed_at)) > TOLERANCE_SECONDS:
        raise Problem(
            "bad-signature",
            f"{STRIPE_HEADER} is more than {TOLERANCE_SECONDS} seconds off;"
            " check this machine's clock.",
        )
