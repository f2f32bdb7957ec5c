"""Checks the signature of a webhook, over the raw bytes, before anything in them is read."""

import base64
import hashlib
import hmac


class NotSigned(Exception):
    """The sender did not sign this body with our secret; the message says what to mend."""


def sign(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over `body`.

    >>> sign("secret", b"{}")
    'dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM='
    """
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def check_signature(secret: str, body: bytes, signature: str, *, setting: str, header: str) -> None:
    """Refuse a body that its sender did not sign with `secret`.

    Raises:
        NotSigned: no signature came, or it is another one.
    """
    if not signature:
        raise NotSigned(f"{header} is missing; sign the raw body (HMAC-SHA256, base64).")
    # Compared as bytes: `compare_digest` refuses text that is not ASCII.
    if not hmac.compare_digest(sign(secret, body).encode(), signature.strip().encode()):
        raise NotSigned(
            f"{header} is another body's; sign the raw bytes with the secret in {setting}."
        )
